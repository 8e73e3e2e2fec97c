"""Killed at random moments while a dump of a million objects is written: from the moment the summary stands in the file
it opens, with the full backtrace and type and preview of every local; before that there is no file, or one line says so."""

import json
import os
import random
import re
import signal
import time
import unittest
from typing import Any, List

import crashsite
from common import LONG, Case, call

KILLS = 50 if LONG else 12
HEAP = 1_000_000 if LONG else 300_000
LIMITS = {"max_objects": 10_000_000, "max_seconds": 600, "max_bytes": 1 << 30}


def heap(objects: int) -> List[Any]:
    return [
        {"id": number + 1000, "name": "order-%d" % number, "tags": [number * 0.5, "t"]}
        for number in range(objects // 6)
    ]


def fail(orders: List[Any], path: str) -> None:
    first, count = orders[0], len(orders)
    try:
        raise LookupError("order %d" % count)
    except LookupError:
        crashsite.save_dump(path, limits=LIMITS)
    del first


def summary_is_whole(data: bytes) -> bool:
    """Whether the first part stands in the file to its last byte, told without any reader."""
    found = re.search(rb"part=summary\r\n(?:.*\r\n)*?Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n", data)
    return found is not None and len(data) >= found.end() + int(found.group(1))


class Killed(Case):
    def test_killed_at_random_moments(self) -> None:
        orders = heap(HEAP)
        start = time.monotonic()
        fail(orders, self.path("whole.dump"))
        whole = time.monotonic() - start
        chosen = random.Random(4711)
        seen = {"no file": 0, "before": 0, "after": 0, "complete": 0}
        for number in range(KILLS):
            path = self.path("killed-%d.dump" % number)
            # a third of the kills early, when the summary is being written
            moment = chosen.random() * (0.06 if number % 3 == 0 else whole * 1.1)
            pid = os.fork()
            if pid == 0:
                fail(orders, path)
                os._exit(0)
            time.sleep(moment)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            seen[self.check(path)] += 1
            if os.path.exists(path):
                os.unlink(path)
        self.assertGreater(seen["after"], 0, seen)

    def check(self, path: str) -> str:
        done = call("bt", path, "--json", "--locals", "--all")
        if not os.path.exists(path):
            self.refused(done)
            return "no file"
        with open(path, "rb") as stream:
            data = stream.read()
        if not summary_is_whole(data):
            self.refused(done)
            return "before"
        self.assertEqual(done.status, 0, done.err)
        answer = json.loads(done.out)
        frames = answer["threads"][0]["frames"]
        self.assertEqual([frame["function"] for frame in frames][:2], ["fail", "test_killed_at_random_moments"])
        self.assertEqual(answer["exception"]["message"], "order %d" % (HEAP // 6))
        names = {value["name"]: value for value in frames[0]["locals"]}
        self.assertEqual(set(names), {"orders", "path", "first", "count"})
        self.assertEqual(names["first"]["type"], "dict")
        self.assertEqual(names["first"]["repr"], "{'id': 1000, 'name': 'order-0', 'tags': [0.0, 't']}")
        for frame in frames:
            for value in frame["locals"]:
                self.assertTrue(value["type"] and value["repr"], value)
        text = call(path)
        self.assertEqual(text.status, 0)
        return "complete" if answer["dump"]["complete"] else "after"


if __name__ == "__main__":
    unittest.main()
