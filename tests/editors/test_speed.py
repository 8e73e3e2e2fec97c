"""How long answers about a million objects take, and a file of 5,000 lines. The bounds are those of an optimised binary; of
another they are ten times as wide."""

import os
import time
import unittest
from typing import List

from client import BINARY, Client, everything
from crash import Crashed

WIDER = 1 if "release" in BINARY.split(os.sep) else 10
#: calls on the stack
DEPTH = 100
#: objects of each of the orders are some 26
ORDERS = 40_000


def program() -> str:
    """Functions that call each other, each with a part of the heap, in 5,000 lines; others that are not called."""
    lines = [
        "import sys",
        "sys.setrecursionlimit(10000)",
        "import crashsite",
        "sys.path.insert(0, %r)"
        % os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "xtask", "bench"),
        "from orders import build",
        "heap = build(%d)" % ORDERS,
        "",
    ]
    for number in range(1, 1000):
        called = "call_%d(heap)" % (number + 1) if number < DEPTH else "heap[%d]" % (2 * ORDERS)
        lines += [
            "def call_%d(heap):" % number,
            "    order = heap[%d]" % (number * 397),
            "    name, number = order.customer.name, %d" % number,
            "    return %s" % called,
            "",
        ]
    limits = "{'max_objects': 10**8, 'max_bytes': 1 << 32, 'max_seconds': 3600.0}"
    lines += [
        "try:",
        "    call_1(heap)",
        "except IndexError:",
        "    crashsite.save_dump(sys.argv[1], limits=%s)" % limits,
    ]
    return "\n".join(lines) + "\n"


class Speed(Crashed):
    source = program()
    name = "big.py"

    def hovers(self, client: Client, numbers: List[int]) -> List[float]:
        """Milliseconds of a hover on the order of each of these calls."""
        times = []
        for number in numbers:
            line = 7 + 5 * (number - 1) + 1
            start = time.perf_counter()
            found = client.hover(self.uri, line, 5)
            times.append(1000 * (time.perf_counter() - start))
            self.assertIn("number = %d" % (1000 + number * 397), self.text(found))
        return times

    def memory(self, client: Client) -> int:
        with open("/proc/%d/status" % client.process.pid) as stream:
            return next(int(line.split()[1]) for line in stream if line.startswith("VmRSS")) >> 10

    def test_speed(self) -> None:
        start = time.perf_counter()
        client = self.begun()
        self.assertIn("IndexError", client.command("dumps")[0]["exception"])
        ready = time.perf_counter() - start
        before = self.memory(client)
        first = self.hovers(client, [50])[0]
        one = self.memory(client)
        hints = []
        for _ in range(20):
            start = time.perf_counter()
            found = client.question("textDocument/inlayHint", everything(self.uri))
            hints.append(1000 * (time.perf_counter() - start))
            self.assertGreater(len(found), 3 * DEPTH)
        cold = self.hovers(client, list(range(1, DEPTH)))
        warm = sorted(time for _ in range(5) for time in self.hovers(client, list(range(1, DEPTH))))
        p99 = warm[len(warm) * 99 // 100]
        edits = []
        for version in range(2, 22):
            start = time.perf_counter()
            place = {"line": 0, "character": 0}
            change = [{"range": {"start": place, "end": place}, "text": "\n"}]
            document = {"uri": self.uri, "version": version}
            client.tell("textDocument/didChange", {"textDocument": document, "contentChanges": change})
            client.question("textDocument/inlayHint", everything(self.uri))
            edits.append(1000 * (time.perf_counter() - start))
        size = os.path.getsize(self.dump) >> 20
        print(
            "\n%d MB on disk: ready %.2f s, first hover %.1f ms, cold %.1f ms at most, warm p99 %.1f ms; hints %.1f ms, after an "
            "edit %.1f ms; memory %d MB, %d after one hover, %d after all"
            % (size, ready, first, max(cold), p99, max(hints), max(edits), before, one, self.memory(client))
        )
        self.assertLess(ready, 0.5 * WIDER)
        self.assertLess(max(cold), 30 * WIDER)
        self.assertLess(p99, 5 * WIDER)
        self.assertLess(max(hints), 50 * WIDER)
        self.assertLess(max(edits), 100 * WIDER)
        self.ended(client)


if __name__ == "__main__":
    unittest.main()
