"""The program of the transcript in docs/debuggers.md."""

import sys
import threading

import crashsite


class Line:
    def __init__(self, sku, pieces, price):
        self.sku, self.pieces, self.price = sku, pieces, price


class Order:
    def __init__(self, number, lines):
        self.number, self.lines = number, lines


class OrderFailed(Exception):
    pass


def share(order, total):
    weights = {}
    for line in order.lines:
        weights[line.sku] = line.pieces / total
    return weights


def process(orders, *, limit=10):
    table = {"x-y": None, (1, 2): "größe"}
    for order in orders[:limit]:
        pieces = [line.pieces for line in order.lines]
        try:
            share(order, sum(pieces))
        except ZeroDivisionError as error:
            raise OrderFailed(order.number, table) from error


def main():
    process([Order(1, [Line("TEA", 2, 3.5), Line("CUPS", 6, 12.0)]), Order(2, [Line("GIFT", 0, 50.0)])])


crashsite.dump_on_unhandled_exceptions()
stop = threading.Event()
threading.Thread(target=stop.wait, name="stock-1", daemon=True).start()
while not any(frame.f_code.co_name == "wait" for frame in sys._current_frames().values()):
    pass
main()
