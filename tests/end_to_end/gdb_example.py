"""The program of the transcript in docs/gdb.md."""

import threading


class Database:
    def __init__(self, host, port):
        self.host, self.port, self.password = host, port, None


class Config:
    def __init__(self, db):
        self.name, self.port, self.db, self.ratio = "größe", 8080, db, 0.75


class Line:
    def __init__(self, sku, pieces, price):
        self.sku, self.pieces, self.price = sku, pieces, price


class Order:
    def __init__(self, number, lines):
        self.number, self.lines = number, lines


def share(order, total):
    weights = {}
    for line in order.lines:
        weights[line.sku] = line.pieces / total
    return weights


def process(cfg, orders):
    limits = {"soft": 10, "hard": 2**70, "x-y": None}
    seen = [1, "two", 3.5, None, [4, 5]]
    for order in orders[: limits["soft"] - len(seen)]:
        pieces = [line.pieces for line in order.lines]
        share(order, sum(pieces))


def main():
    orders = [Order(1, [Line("TEA", 2, 3.5), Line("CUPS", 6, 12.0)]), Order(2, [Line("GIFT", 0, 50.0)])]
    process(Config(Database("localhost", 5432)), orders)


stop = threading.Event()
threading.Thread(target=stop.wait, name="stock-1", daemon=True).start()
main()
