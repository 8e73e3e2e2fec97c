"""The shop's day: it ends in an order that cannot be charged."""
# What is unused here is what is asked for.
# ruff: noqa: E731, F401, F841, I001

import math
import re
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Callable, Dict, List

import catalog
from catalog import (
    Address, Bag, Basket, Blob, Count, Crate, Customer, Described, History, Lazy, Ledger, Line, Marks, Money, Order, OutOfStock, Pair,
    Point, Priority, Product, Rank, Ratio, Rights, Rush, Sku, SlotMore, SlotPair, Status, Stop, Tame, Thing, Truthless, Vector,
)  # fmt: skip

# Numbers.
zero, one, seven, negative = 0, 1, 7, -7
big, huge, negative_big = 2**64, 3**200, -(2**70)
half, third, tenth = 0.5, 1 / 3, 0.1
infinity, nan, minus_zero = float("inf"), float("nan"), -0.0
tiny, largest = 5e-324, 1.7976931348623157e308
wave = 3 + 4j
yes, no, nothing = True, False, None
price, cheap = Decimal("19.90"), Decimal("0.1")
share, ratio = Fraction(3, 4), Fraction(1, 3)

# Text and bytes.
word, sentence, empty = "hello", "The quick brown fox", ""
german, greek, emoji, lone = "Straße", "αβγ", "🐍 snake", "a\ud800b"
lines = "one\ntwo\r\nthree\n"
quoted, tabbed = 'it\'s "so"', "a\tb\\c\x00\x7f"
csv = "a,b,,c"
raw_bytes, changeable = b"\x00\xffabc'", bytearray(b"bytes")
window = memoryview(b"memory")

# Containers.
numbers = [5, 3, 8, 1, 9, 2]
mixed = [1, "two", 3.0, None, True, (4, 5), [6], {"k": 7}]
nested = {"a": {"b": [10, 20, {"c": "deep"}]}, "list": [[1, 2], [3, 4], []]}
matrix = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
ages = {"ann": 31, "bob": 27, "cid": 45}
by_pair = {(0, 0): "origin", (1, 2): "point", frozenset({1, 2}): "set", 1: "one", None: "none", 2.5: "real"}
triple, single, void = (1, "b", 3.5), (42,), ()
primes, evens, frozen = {2, 3, 5, 7}, {2, 4, 6}, frozenset({1, 2, 3})
steps, backwards, some = range(0, 50, 5), range(10, 0, -3), slice(1, 5, 2)
ordered = OrderedDict([("z", 1), ("y", 2), ("x", 3)])
groups: "defaultdict[str, List[int]]" = defaultdict(list, {"even": [2, 4], "odd": [1, 3]})
counts = Counter("mississippi")
other_counts = Counter({"s": 1, "q": 5, "m": -2})
queue, bounded = deque([1, 2, 3, 4]), deque([7, 8, 9], maxlen=3)
loop: List[Any] = [1, 2]
loop.append(loop)

# Times.
utc, east = timezone.utc, timezone(timedelta(hours=5, minutes=30), "IST")
born, noon = date(1999, 12, 31), time(12, 30, 15)
naive, aware = datetime(2024, 2, 29, 13, 5, 7, 1234), datetime(2024, 3, 1, 12, 0, tzinfo=timezone.utc)
eastern = datetime(2024, 3, 1, 17, 30, tzinfo=east)
week, moment, back = timedelta(days=7), timedelta(seconds=90, microseconds=5), timedelta(days=-1, hours=3)

# The library's other values.
token, place, pure = uuid.UUID(int=0x1234567890ABCDEF), Path("/srv/shop/data.csv"), PurePosixPath("a/b.txt")
match = re.search(r"(?P<first>\w+) (\w+)", sentence)
pattern = re.compile("[a-z]+", re.I)

# Objects.
lamp = Product("LMP-1", "Lamp", 49.5, 1200)
bulb = Product("BLB-2", "Bulb", 4.25, 80, kind="spare")
card = Product("GFT-9", "Card", 25.0)
home = Address("1 Main St", "Berlin", tags=["home", "first"])
other_home = Address("1 Main St", "Berlin", visits=9, tags=["home", "first"])
office = Address("2 Side St", "Paris", "FR", note="ring twice")
crate = Crate("3 Dock", "Bremen")
euro, dollars, coins = Money(Decimal("10.00")), Money(Decimal("10.00"), "USD"), Money(Decimal("0.50"))
gold, silver = Rank(10, "gold"), Rank(5, "silver")
ada, bob = Customer(1, "Ada", home), Customer(2, "Bob", None)
ada.friend, bob.friend = bob, ada
customers = {1: ada, 2: bob}
spot, corner = Point(3, 4), Point(3)
stop = Stop("Station", spot)
pair, more = SlotPair(1, [2]), SlotMore("l", "r", {"m": 1})
ledger, history, sku = Ledger(a=1, b=2), History([3, 1, 2]), Sku("LMP-1")
ledger.closed = True  # type: ignore[attr-defined]
amount, rate, couple, bag, blob = Count(12), Ratio(0.25), Pair((1, 2)), Bag({1, 2}), Blob(b"xy")
tame, basket, vector, same_vector = Tame(a=1), Basket(1, 2, 3), Vector(1, 2), Vector(1, 2)
truthless, lazy, described, thing = Truthless(), Lazy(), Described(), Thing()
red_tape = Thing()
red_tape.kind = "paper"
access, marks = Rights.READ | Rights.WRITE, Marks.GIFT | Marks.COLD
ranking = {Priority.HIGH: "now", Priority.LOW: "later"}
failure = ValueError("bad value", 42)
missing = OutOfStock("XYZ", 3)
bundle = [lamp, bulb, card]
if hasattr(catalog, "Channel"):
    channel = catalog.Channel.WEB


def double(number: int, *, by: int = 2) -> int:
    """Twice."""
    return number * by


def adder(step: int) -> Callable[[int], int]:
    def add(number: int) -> int:
        return number + step

    return add


add_five, twice = adder(5), partial(double, by=2)
square = lambda number: number * number


class Desk:
    """Where orders are settled."""

    open_since = 8

    def __init__(self, stock: Dict[str, int]) -> None:
        self.stock = stock
        self.settled: List[int] = []
        self.bound = self.settle

    def settle(self, orders: List[Order], limit: float) -> None:
        by_number = {order.number: order for order in orders}
        late, discount, label = [order for order in orders if order.total > limit], Decimal("0.05"), "desk"
        totals = [order.total for order in orders[:5]]
        first, last = orders[0], orders[-1]

        def pay(order: Order, line: Line) -> Money:
            wanted, seen = line.quantity, (limit, label)
            amount = price * wanted * (1 - discount)
            return order.charge(amount, self.stock) if seen else first  # type: ignore[return-value]

        pay(by_number[1007], last.lines[0])


def main() -> None:
    statuses = list(Status)
    orders: List[Order] = []
    for index in range(1000):
        who = ada if index % 2 else bob
        content = [Line(bundle[index % 3], 1 + index % 4), Line(bulb, 2)][: 1 + index % 2]
        kind = Rush if index % 10 == 0 else Order
        orders.append(kind(1000 + index, who, content, statuses[index % 4], round((index * 37 % 1000) / 8 - 5, 2)))
        if index < 20:
            who.orders.append(orders[-1])
    desk = Desk({"LMP-1": 4})
    desk.settle(orders, 100.0)


main()
