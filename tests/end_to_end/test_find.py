"""`find`: the objects that the crashing process itself would have found, each with a way to it; at once, and all of them."""

import json
import os
import pty
import re
import subprocess
import sys
import unittest
from typing import Any, Dict, List

from common import BINARY, ROOT, Case, call

PROGRAM = """
import collections, gc, json, sys, threading
import crashsite
CACHE = {}
class Order:
    def __init__(self, number, total):
        self.number, self.total = number, total
class Odd(Order):
    @property
    def worth(self):
        return self.total * 2
class Node:
    __slots__ = ("next", "load")
    def __init__(self, load, next):
        self.load, self.next = load, next
def settle(orders, by_name, odd):
    tags = {Order(50, -5.0), "x"}
    row = (1, [Order(60, -6.0)])
    queue = collections.deque([Order(70, -7.0)])
    chain = None
    for n in range(500):
        chain = Node(Order(n, -8.0) if n == 0 else n, chain)
    CACHE["last seen"] = Order(80, -8.0)
    def inner():
        return orders, odd
    wanted = [id(o) for o in gc.get_objects() if isinstance(o, Order) and o.total < 0]
    json.dump(wanted, open(sys.argv[2], "w"))
    raise KeyError(Order(90, -9.0))
def run(many):
    by_name = {"a b": Order(20, -2.0), 3: {"k": Order(30, -3.0)}, Order(40, -4.0): None}
    settle([Order(n, n % 7 - 0.0 if n != 17 else -1.0) for n in range(many)], by_name, Odd(100, 3.0))
try:
    run(int(sys.argv[3]))
except KeyError:
    crashsite.save_dump(sys.argv[1], limits={"max_objects": 3_000_000, "max_seconds": 600})
"""

NEGATIVE = "isinstance(o, Order) and o.total < 0"


class Find(Case):
    def crashed(self, orders: int) -> str:
        path = self.path("found.dump")
        environment = {"PYTHONPATH": ROOT + "/python"}
        command = [sys.executable, "-B", "-c", PROGRAM, path, self.path("truth"), str(orders)]
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=120, check=True)
        return path

    def find(self, path: str, expression: str, *flags: str) -> Any:
        done = call("find", path, "--json", *flags, "--", expression)
        self.assertEqual(done.status, 0, done)
        return json.loads(done.out)

    def asked(self, path: str, hit: Dict[str, Any]) -> Any:
        """The object that a hit's way leads to."""
        place = ["--thread", str(hit["thread"]), "--frame", str(hit["frame"])] if hit["thread"] else []
        done = call("print", path, "--json", *place, "--", hit["expression"])
        return json.loads(done.out)

    def test_what_the_process_itself_would_find(self) -> None:
        path = self.crashed(200)
        found = self.find(path, NEGATIVE)
        with open(self.path("truth")) as stream:
            wanted = set(json.load(stream))
        hits = found["hits"]
        # The one that the exception holds was made after the process had looked.
        self.assertLessEqual({hex(number) for number in wanted}, {hit["address"] for hit in hits})
        self.assertEqual(len(hits), len(wanted) + 1)
        self.assertEqual((found["count"], found["complete"]), (len(hits), True))
        paths = [hit["path"] for hit in hits]
        for way in (
            "MainThread#0.orders[17]",
            "MainThread#0.by_name['a b']",
            "MainThread#0.by_name[3]['k']",
            "MainThread#0.list(by_name)[2]",
            "MainThread#0.row[1][0]",
            "MainThread#0.queue[0]",
            "$exc.args[0]",
        ):
            self.assertIn(way, paths)
        self.assertTrue(any(re.fullmatch(r"MainThread#0\.list\(tags\)\[[01]\]", way) for way in paths), paths)
        self.assertTrue(any(re.fullmatch(r"MainThread#\d\.CACHE\['last seen'\]", way) for way in paths), paths)
        for hit in hits:
            self.assertEqual(self.asked(path, hit)["id"], hit["id"], hit)

    def test_every_way_leads_to_its_object(self) -> None:
        path = self.crashed(3)
        found = self.find(path, "True", "--max-hits", "100000")
        self.assertEqual(found["count"], len(found["hits"]))
        self.assertEqual(found["count"], found["searched"])
        self.assertEqual(len({hit["id"] for hit in found["hits"]}), found["count"])
        step = len(found["hits"]) // 150 + 1
        right = 0
        asked = found["hits"][::step]
        for hit in asked:
            answer = self.asked(path, hit)
            if "error" in answer:
                self.assertIn(answer["error"]["type"], ("NotCaptured", "NeedsCode", "NotSupported"), (hit, answer))
            elif answer["id"] is not None:
                self.assertEqual(answer["id"], hit["id"], (hit, answer))
                right += 1
        self.assertGreater(right, len(asked) * 0.8)

    def test_what_it_cannot_tell_is_said(self) -> None:
        path = self.crashed(3)
        found = self.find(path, "isinstance(o, Odd) and o.worth > 1")
        self.assertEqual(found["count"], 0)
        self.assertEqual([(one["type"], one["count"]) for one in found["undecided"]], [("NeedsCode", 1)])
        self.assertEqual(found["undecided"][0]["path"], "MainThread#0.odd")
        found = self.find(path, "o.total < 0")
        self.assertIn("AttributeError", [one["type"] for one in found["raised"]])
        # Modules of which the dump holds the name only are one reason, not many.
        self.assertEqual([one["type"] for one in found["undecided"]], ["NotCaptured"])
        told = call("find", path, "o.total < 0").out.decode()
        self.assertIn("AttributeError", told)
        for expression, word in (("type(o) is int and o == nobody", "NameError"), ("o >", "SyntaxError")):
            done = call("find", path, expression)
            self.assertEqual((done.status, done.out), (1, b""), done)
            self.assertIn(word, done.err.decode())
        # A name that another frame knows: which one.
        done = call("find", path, "o is many")
        self.assertIn(b"--frame 1", done.err)
        self.assertEqual(call("find", path, "o is many", "--frame", "1").status, 0)

    def test_limits(self) -> None:
        path = self.crashed(200)
        done = call("find", path, "--max-hits", "5", "--", NEGATIVE)
        self.assertEqual(len(re.findall(rb"(?m)^.+ = <", done.out)), 5, done.out)
        self.assertIn(b"--max-hits", done.out)
        for flag, value in (("--max-steps", "100"), ("--max-milliseconds", "0")):
            done = call("find", path, flag, value, "--", "sum(range(5000)) < 0")
            self.assertEqual(done.status, 1)
            self.assertIn(flag.encode(), done.err)
            self.assertEqual(len(done.err.splitlines()), 2, done.err)
        # The memory is that of one object: not the search ends, one question has no answer.
        found = self.find(path, "[0] * (o if type(o) is int and o > 150 else 1) == 5", "--max-memory", "1000")
        self.assertEqual({one["type"] for one in found["undecided"]}, {"Limit"})
        self.assertTrue(found["complete"])

    def test_the_first_hit_comes_before_the_end(self) -> None:
        path = self.crashed(100_000)
        with subprocess.Popen([BINARY, "find", path, NEGATIVE], stdout=subprocess.PIPE) as process:
            assert process.stdout
            first = process.stdout.readline()
            still = process.poll() is None
            rest = process.stdout.read()
        self.assertTrue(first.startswith(b"MainThread#0."), first)
        self.assertTrue(still, "it had ended before the first hit was read")
        self.assertEqual(process.returncode, 0)
        self.assertIn(b"objects of", rest.splitlines()[-2] + rest.splitlines()[-1])
        # A reader who has seen enough is no error.
        with subprocess.Popen(
            [BINARY, "find", path, "True"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout and process.stderr
            process.stdout.readline()
            process.stdout.close()
            self.assertEqual(process.stderr.read(), b"")
        self.assertEqual(process.returncode, 0)

    def test_progress_makes_room_for_hits(self) -> None:
        path = self.crashed(100_000)
        master, slave = pty.openpty()
        command = [BINARY, "find", path, "--color", "never", "type(o) is Order and o.number % 20000 == 0"]
        process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        said: List[bytes] = []
        try:
            while True:
                said.append(os.read(master, 4096))
                if not said[-1]:
                    break
        except OSError:  # Linux: nobody has the other side open any more
            pass
        finally:
            os.close(master)
        self.assertEqual(process.wait(), 0)
        text = b"".join(said)
        self.assertIn(b"objects searched: ", text)
        # What is left on the screen: a carriage return with an erased line takes back what stood there.
        lines = [line.rsplit(b"\r\x1b[K", 1)[-1].rstrip(b"\r") for line in text.split(b"\n")]
        self.assertEqual(len([line for line in lines if re.match(rb"MainThread#0\.orders\[\d+\] = <", line)]), 5, lines)
        self.assertFalse([line for line in lines if b"searched" in line], lines)


if __name__ == "__main__":
    unittest.main()
