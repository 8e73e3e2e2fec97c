"""A heap of orders, and one measurement of it in this fresh process, told as a line of JSON.

heap.py capture ORDERS FILE       crashsite.save_dump
heap.py coredumpy ORDERS FILE     coredumpy.dump
heap.py dumps ORDERS FILE         pickle.dumps, protocol 5; the file is for `loads`, its writing is not measured
heap.py small ORDERS FILE         crashsite.save_dump, of the first thousand objects
heap.py loads ORDERS FILE         pickle.loads
heap.py count ORDERS FILE         how many objects a dump of crashsite holds
heap.py count-coredumpy ORDERS FILE
"""

import json
import random
import resource
import sys
import time


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
        self.history = [("placed", 1_700_000_000 + number * 37), ("paid", 1_700_000_400 + number * 41)]


class Line:
    __slots__ = ("attributes", "price", "quantity", "sku")

    def __init__(self, sku, quantity, price, attributes):
        self.sku = sku
        self.quantity = quantity
        self.price = price
        self.attributes = attributes


CITIES = ["Cambridge", "Jena", "Lyon", "Porto", "Turku"]
STATES = ["new", "paid", "packed", "sent"]


def build(orders):
    """About 26 objects an order: instances with and without a dictionary, dicts, lists, tuples, strings, numbers."""
    rng = random.Random(4711)
    customers = [Customer(number, rng) for number in range(orders // 10 + 1)]
    skus = ["SKU-%05d" % number for number in range(2000)]
    heap = []
    for number in range(orders):
        order = Order(1000 + number, rng.choice(customers), rng)
        for position in range(3):
            price = rng.randrange(100, 20000) / 100
            line = Line(
                rng.choice(skus), rng.randrange(1, 9), price, {"weight": rng.random(), "note": "row %d" % position}
            )
            order.lines.append(line)
            order.total += price * line.quantity
        heap.append(order)
    return heap


def measure(what, orders, path):
    heap = build(orders) if what in ("capture", "small", "coredumpy", "dumps") else None
    call = prepare(what, path, heap)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = {"seconds": seconds, "memory": (after - before) * 1024, "objects": result if "count" in what else None}
    if what == "dumps":
        with open(path, "wb") as stream:
            stream.write(result)
    json.dump(answer, sys.stdout)


def prepare(what, path, heap):
    """The call to be measured, with everything it needs already imported and read."""
    if what in ("capture", "small"):
        import crashsite

        most = 10_000_000 if what == "capture" else 1000
        limits = {"max_objects": most, "max_bytes": 1 << 32, "max_seconds": 3600.0}
        return lambda: crashsite.save_dump(path, exc_info=None, limits=limits) if heap else None
    if what == "coredumpy":
        import coredumpy
        from coredumpy.config import config

        # As much as it can reach, and none of the work that the other side does not do.
        config.dump_timeout = 36000
        config.hide_secret = False
        config.hide_environ = False
        return lambda: coredumpy.dump(path=path, depth=1000) if heap else None
    if what == "count":
        import crashsite.reader

        return lambda: crashsite.reader.load(path).end["objects_written"]
    if what == "count-coredumpy":
        import gzip

        with gzip.open(path, "rt") as stream:
            objects = len(json.load(stream)["objects"])
        return lambda: objects
    import pickle

    if what == "dumps":
        return lambda: pickle.dumps(heap, protocol=5)
    with open(path, "rb") as stream:
        data = stream.read()
    if what == "loads":
        return lambda: pickle.loads(data)
    raise SystemExit(__doc__)


if __name__ == "__main__":
    measure(sys.argv[1], int(sys.argv[2]), sys.argv[3])
