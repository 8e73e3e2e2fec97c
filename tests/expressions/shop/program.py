"""The shop's day: it ends in an order that cannot be charged."""
# What is unused here is what is asked for.
# ruff: noqa: E731, F401, F405, F841, I001

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
from values import *  # noqa: F403

# The library's other values.
token, place, pure = uuid.UUID(int=0x1234567890ABCDEF), Path("/srv/shop/data.csv"), PurePosixPath("a/b.txt")

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
