"""A program that crashes: run with the path of its dump, and then a number of frames to go down before, or `group`.

It has an exception with a context, or in a group with notes and a cause, threads, cells, values three levels deep, bytes, cycles,
keys and names that bite, and objects whose code leaves a file behind when it is run."""

import os
import sys
import threading

import crashsite

PATH = sys.argv[1]
GROUP = sys.argv[2:] == ["group"]
DEPTH = int(sys.argv[2]) if len(sys.argv) > 2 and not GROUP else 0


class Trap:
    """Whoever runs code of it is caught."""

    def caught(self, *arguments):
        open(PATH + ".canary", "w").close()
        return "caught"

    __repr__ = __str__ = __len__ = __iter__ = __getattr__ = __call__ = __bool__ = caught
    name = property(caught)


class Key(list):
    def __hash__(self):
        return 7

    def __eq__(self, other):
        raise RuntimeError("not now")


class Line:
    def __init__(self, sku, pieces):
        self.sku, self.pieces = sku, pieces


class Order:
    def __init__(self, number, lines):
        self.number, self.lines = number, lines
        self.by_sku = {line.sku: line for line in lines}
        self.seal = bytes(range(256)) * 2


def share(order, total, *rest, verbose=False):
    "é😀"
    weights = {}
    cycle = [weights]
    cycle.append(cycle)
    odd = {Key([1]): "unhashable", (1, "x"): {3: 4}, "\x1b[31m": 1, 2**70: None}
    text = "x" * 3000000
    surrogate = "\ud800a\udfff"
    many = list(range(2500))
    trap = Trap()
    _hidden = "\x1b]0;title\x07"

    pieces = [line.pieces for line in order.lines]

    def later():
        return total, pieces

    "é😀"
    weights[order.lines[0].sku] = order.lines[0].pieces / total
    return later, odd, text, surrogate, many, trap, _hidden, rest, verbose


def process(orders):
    for order in orders:
        try:
            {}["nope"]
        except KeyError:
            share(order, sum([]))


def down(depth, orders):
    return down(depth - 1, orders) if depth else process(orders)


def crash():
    orders = [Order(1, [Line("TEA", 2), Line("CUPS", 6)])]
    try:
        down(DEPTH, orders)
    except Exception as error:
        if not GROUP:
            raise
        error.add_note("see the {manual}")
        raise ExceptionGroup("several", [error, OSError(2, "gone")]) from LookupError("stock")  # noqa: F821


def run():
    globals()["\x1b[31m"] = "a name"
    try:
        crash()
    except Exception:
        crashsite.save_dump(PATH, limits={"max_frames": 50000, "max_text": 4 << 20, "max_seconds": 60})
        os._exit(0)


event = threading.Event()
threading.Thread(target=event.wait, args=(60,), name="stock\x1b[31m-1", daemon=True).start()
sys.setrecursionlimit(max(sys.getrecursionlimit(), 2 * DEPTH + 1000))
threading.stack_size(512 << 20)
crashing = threading.Thread(target=run, name="till")
crashing.start()
crashing.join()
