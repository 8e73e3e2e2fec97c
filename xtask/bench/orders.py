"""The heap that is measured: orders, on Python 2.7 as on 3."""

import random

__metaclass__ = type  # noqa: UP001  (what makes classes of Python 2.7 those of 3)

CITIES = ["Cambridge", "Jena", "Lyon", "Porto", "Turku"]
STATES = ["new", "paid", "packed", "sent"]


class Customer:
    def __init__(self, number, rng):
        self.number = number
        self.name = "customer %d" % number
        self.email = "c%d@example.org" % number
        self.address = {"street": "%d Mill Lane" % rng.randrange(1000), "city": rng.choice(CITIES), "zip": None}


class Order:
    def __init__(self, number, customer, rng):
        self.number = number
        self.customer = customer
        self.reference = "%08x-%04d" % (rng.randrange(1 << 32), number % 10000)
        self.total = 0.0
        self.state = rng.choice(STATES)
        self.lines = []
        self.history = [("placed", 1700000000 + number * 37), ("paid", 1700000400 + number * 41)]


class Line:
    __slots__ = ("attributes", "price", "quantity", "sku")

    def __init__(self, sku, quantity, price, attributes):
        self.sku = sku
        self.quantity = quantity
        self.price = price
        self.attributes = attributes


def build(orders):
    """About 26 objects an order: instances with and without a dictionary, dicts, lists, tuples, strings, numbers."""
    rng = random.Random(4711)
    customers = [Customer(number, rng) for number in range(orders // 10 + 1)]
    skus = ["SKU-%05d" % number for number in range(2000)]
    heap = []
    for number in range(orders):
        order = Order(1000 + number, rng.choice(customers), rng)
        for position in range(3):
            price = rng.randrange(100, 20000) / 100.0
            line = Line(
                rng.choice(skus), rng.randrange(1, 9), price, {"weight": rng.random(), "note": "row %d" % position}
            )
            order.lines.append(line)
            order.total += price * line.quantity
        heap.append(order)
    return heap


def crash(heap):
    """The heap is a local of this frame, and of no other: IndexError."""
    position = len(heap)
    return heap[position]
