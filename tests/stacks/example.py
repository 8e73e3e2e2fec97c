"""The program of the transcript in docs/guide.md."""

import asyncio
import threading

import crashsite


def rows(numbers):
    for number in numbers:
        yield number * 10


async def fetch(url, ready):
    await ready.wait()
    return url


async def report(pages):
    return await asyncio.gather(*pages)


async def charge(orders):
    totals = rows(orders)
    try:
        for total in totals:
            print(100 / (total - 20))
    except ZeroDivisionError:
        crashsite.save_dump("shop.dump")


def archive(lock):
    with lock:
        pass


async def main():
    ready, lock = asyncio.Event(), threading.RLock()
    lock.acquire()
    archiver = threading.Thread(target=archive, args=(lock,), name="archiver", daemon=True)
    archiver.start()
    pages = [asyncio.create_task(fetch(url, ready), name="fetch " + url) for url in ("/a", "/b")]
    reporter = asyncio.create_task(report(pages), name="report")
    await asyncio.sleep(0.1)
    await asyncio.create_task(charge([1, 2, 3]), name="charge")
    reporter.cancel()
    lock.release()


asyncio.run(main())
