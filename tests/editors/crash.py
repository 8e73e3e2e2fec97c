"""Programs that crash, for the tests of editors: run with a path, each writes its dump there."""

import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any, ClassVar, List

from client import Case, Client

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

#: recursion, two threads, an inner function, comprehensions, a lambda, names that shadow
SHOP = """\
import sys
import threading

import crashsite


class Line:
    def __init__(self, sku, price):
        self.sku = sku
        self.price = price


class Order:
    def __init__(self, lines):
        self.lines = lines
        self.__secret = "ж😀"

    def total(self, count):
        result = 0
        "😀"; marked = self.lines[0].sku
        for line in self.lines:
            try:
                result += line.price / count
            except ZeroDivisionError as error:
                raise ValueError("no `total` <b>") from error
        return result, self.__secret, marked


def factorial(n):
    if n == 0:
        order = Order([Line("tea", 3), Line("cup", 5)])
        return order.total(count=0)
    return n * factorial(n - 1)


def waiter(event, ready):
    name = "the worker's"
    ready.set()
    event.wait()
    return name


def main():
    event = threading.Event()
    ready = threading.Event()
    names = [name.upper() for name in ("a", "b")]
    worker = threading.Thread(target=waiter, args=(event, ready), name="worker")
    worker.start()
    ready.wait()

    apply = lambda value: factorial(value)

    def inner(factor):
        return [apply(value) for value in (factor,)]

    try:
        inner(3)
    except ValueError:
        crashsite.save_dump(sys.argv[1])
    event.set()
    return names


main()
"""


def crash(folder: str, source: str, name: str = "shop.py") -> str:
    """Write a program, and run it: the path of its dump."""
    path, dump = os.path.join(folder, name), os.path.join(folder, name + ".dump")
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(source)
    environment = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "python"), PYTHONIOENCODING="utf-8")
    subprocess.run([sys.executable, "-B", path, dump], check=True, env=environment, timeout=120)
    return dump


def lines_of(source: str, part: str) -> List[int]:
    """Lines, from 0, in which something stands."""
    return [number for number, line in enumerate(source.splitlines()) if part in line]


class Crashed(Case):
    """A test with one crash, in a folder of its own."""

    folder: ClassVar[str]
    #: the dump, and the URI of the program
    dump: ClassVar[str]
    uri: ClassVar[str]
    source: ClassVar[str] = SHOP
    name: ClassVar[str] = "shop.py"

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = os.path.realpath(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.dump = crash(cls.folder, cls.source, cls.name)
        cls.uri = "file://" + os.path.join(cls.folder, cls.name)

    def begun(self, *arguments: str, **options: Any) -> Client:
        """A client that knows the dump, and has the program open."""
        client = self.client(*arguments)
        client.begin(dumps=[self.dump], folders=[self.folder], discover="none", **options)
        client.open(self.uri, self.source)
        return client
