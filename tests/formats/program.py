"""A program that fails with something of every shape in its locals; its first argument says who takes the dump, and how."""

import collections
import datetime
import decimal
import enum
import sys
import threading
from typing import Any


class Colour(enum.Enum):
    RED = 1


class Refused(Exception):
    """Not named as errors are."""


class Row(list):  # type: ignore[type-arg]
    """A subclass of a builtin."""


class Slots:
    __slots__ = ("number", "me")

    def __init__(self) -> None:
        self.number = 1
        self.me = [self]


Point = collections.namedtuple("Point", "x y")
go, ready = threading.Event(), threading.Event()


def waits(number: int) -> None:
    ready.set()
    go.wait(number)


def inner(first: int, *rest: int, key: Any = None, **more: int) -> None:
    nan, infinite, least = float("nan"), float("inf"), float("-inf")
    big, negative, small = 2**100, -(2**70), -5
    lone, text, empty = "\udc80x\ud83d", "😀é\n\x1b[31m", ""
    raw, array, number = b"\x00\xff", bytearray(b"abc"), 3.5 + 4j
    plain, frozen, pair, table = {1, 2}, frozenset("a"), (1,), {"k": [1, None, True], (1, 2): 3}
    colour, row, point, slots, queue = Colour.RED, Row([1, 2]), Point(1, "y"), Slots(), collections.deque([1])
    price, day = decimal.Decimal("1.5"), datetime.date(2020, 2, 29)
    moment = datetime.datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)
    span, clock = datetime.timedelta(days=2, seconds=3), datetime.time(1, 2)
    function, method, module, builtin, kind, own_kind = inner, slots.__init__, sys, len, int, Slots
    error = ValueError("in here", 7)
    generator, dots = (one for one in rest), ...
    loop: Any = []
    loop.append(loop)
    if key == "heap":
        import heap_file

        with open(sys.argv[2], "wb") as file:
            file.write(heap_file.HeapFile().write(100_000))
    raise Refused("bad value", locals() and 3)


def outer(key: str) -> None:
    inner(1, 2, 3, key=key, z=5)


def main() -> None:
    threading.Thread(target=waits, args=(30,), name="worker", daemon=True).start()
    ready.wait()
    how, path = sys.argv[1:]
    if how == "heap":
        try:
            outer("heap")
        except Refused:
            return
    import coredumpy  # type: ignore[import-not-found]

    if how == "hook":
        coredumpy.patch_except(path=path)
        outer("k")
    try:
        outer("k")
    except Refused:
        kept = sys.exc_info()
        innermost = kept[2]
        while innermost is not None and innermost.tb_next is not None:
            innermost = innermost.tb_next
        assert innermost is not None
        coredumpy.dump(innermost.tb_frame, path=path)


if __name__ == "__main__":
    main()
