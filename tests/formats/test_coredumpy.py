"""Dumps of coredumpy, made here by the tool itself: its own source is in them, so they are not kept."""

import gzip
import json
import os
import subprocess
import sys
import unittest
from typing import Any, Dict, List

from other_dumps import LONG, PROGRAM, OtherDumps, call, line_of, packages

#: the oldest and the newest of each way in which it wrote
VERSIONS = ("0.1.0", "0.2.0", "0.4.3", "0.5.0") if LONG else ("0.1.0", "0.5.0")
if sys.version_info >= (3, 13):
    # 0.1 knows nothing of what `f_locals` is from then on.
    VERSIONS = VERSIONS[1:]


def make(version: str, how: str, path: str) -> None:
    folder = packages(sys.executable, "coredumpy==" + version)
    environment = dict(os.environ, PYTHONPATH=folder, PYTHONHASHSEED="0")
    done = subprocess.run([sys.executable, PROGRAM, how, path], env=environment, capture_output=True, timeout=60)
    if not os.path.exists(path):
        raise AssertionError(done.stderr.decode()[-1000:])


#: type and repr of locals; of the types whose values 0.1 did not keep, the type alone
LOCALS = {
    "first": ("int", "1"),
    "rest": ("tuple", "(2, 3)"),
    "more": ("dict", "{'z': 5}"),
    "nan": ("float", "nan"),
    "infinite": ("float", "inf"),
    "least": ("float", "-inf"),
    "big": ("int", str(2**100)),
    "negative": ("int", str(-(2**70))),
    "small": ("int", "-5"),
    "lone": ("str", "'\\udc80x\\ud83d'"),
    "text": ("str", "'😀é\\n\\x1b[31m'"),
    "empty": ("str", "''"),
    "raw": ("bytes", "b'\\x00\\xff'"),
    "array": ("bytearray", None),
    "number": ("complex", "(3.5+4j)"),
    "plain": ("set", "{1, 2}"),
    "frozen": ("frozenset", "frozenset({'a'})"),
    "pair": ("tuple", "(1,)"),
    "table": ("dict", "{'k': [1, None, True], (1, 2): 3}"),
    "colour": ("Colour", None),
    "row": ("Row", None),
    "point": ("Point", "Point(x=1, y='y')"),
    "queue": ("deque", None),
    "price": ("Decimal", None),
    "day": ("date", "datetime.date(2020, 2, 29)"),
    "span": ("timedelta", "datetime.timedelta(days=2, seconds=3)"),
    "clock": ("time", "datetime.time(1, 2)"),
    "function": ("function", None),
    "method": ("method", None),
    "module": ("module", "<module 'sys'>"),
    "builtin": ("builtin_function_or_method", "<built-in function len>"),
    "kind": ("type", "<class 'int'>"),
    "own_kind": ("type", None),
    "generator": ("generator", None),
    "dots": ("ellipsis", "Ellipsis"),
    "loop": ("list", "[[...]]"),
    "error": ("ValueError", "ValueError('in here', 7)"),
}
NOT_IN_0_1 = ("raw", "frozen", "point", "builtin", "kind")


class Coredumpy(OtherDumps):
    def test_frames_and_locals_of_each_version(self) -> None:
        for version in VERSIONS:
            with self.subTest(version=version):
                path = self.path(version + ".dump")
                make(version, "exception", path)
                answer = self.stack(path)
                self.assertEqual([name for name, _ in self.frames(answer)], ["inner", "outer", "main", "<module>"])
                lines = [line for _, line in self.frames(answer)]
                self.assertEqual(lines[:2], [line_of("raise Refused("), line_of("inner(1, 2, 3")])
                self.assertTrue(answer["threads"][0]["crashed"])
                for name, (kind, shown) in LOCALS.items():
                    local = self.local(answer, name)
                    if not (version == "0.1.0" and name in NOT_IN_0_1 + ("own_kind",)):
                        self.assertEqual(local["type"].rsplit(".", 1)[-1], kind, name)
                        self.assertIn(shown, (None, local["repr"]), name)
                self.opens_everywhere(path)

    def test_the_hook_tells_of_the_exception(self) -> None:
        path = self.path("hook.json")
        make("0.5.0", "hook", path)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(1), "{")
        answer = self.stack(path)
        exception = answer["exception"]
        self.assertEqual((exception["type"], exception["message"]), ("Refused", "('bad value', 3)"))
        threads = [(thread["name"], thread["crashed"]) for thread in answer["threads"]]
        self.assertEqual(threads, [("MainThread", True), ("worker", False)])
        self.assertIn("waits", [frame["function"] for frame in answer["threads"][1]["frames"]])
        source = call("source", path, PROGRAM)
        self.assertIn(b"raise Refused(", source.out)

    def test_cut_anywhere_it_is_what_came_before(self) -> None:
        path = self.path("whole.dump")
        make("0.5.0", "exception", path)
        with gzip.open(path) as file:
            data = file.read()
        inner = 0
        for tenth in range(1, 10):
            cut = self.write("cut.json", data[: len(data) * tenth // 10])
            done = call("bt", cut, "--json", "--locals")
            self.harmless(done, "cut at %d" % tenth, [0, 3])
            if done.status == 0:
                self.assertIn(b"incomplete", call("info", cut).out)
                inner += b'"inner"' in done.out
        self.assertGreater(inner, 0)
        with open(path, "rb") as file:
            packed = file.read()
        done = call("info", self.write("cut.gz", packed[: len(packed) // 2]))
        self.assertEqual(done.status, 0, done)
        self.assertIn(b"cut short", done.out)

    def test_what_lies(self) -> None:
        """Objects that are not as their types have it, and references that lead nowhere or around."""
        frame = {"type": "frame", "attrs": {"f_back": "1", "f_code": "2", "f_locals": "3", "f_lineno": "4"}}
        objects: Dict[str, Any] = {
            "1": frame,
            "2": {
                "type": "code",
                "attrs": {"co_name": "5", "co_filename": "5", "co_varnames": "99", "co_argcount": "5"},
            },
            "3": {"type": "dict", "value": {"5": "6", "7": "8", "9": "10", "1": "1", "404": "5"}},
            "4": {"type": "int", "value": -3},
            "5": {"type": "str", "value": "\x1b[31mevil\u202e"},
            "6": {"type": "int", "value": "text"},
            "7": {"type": "str", "value": "huge"},
            "8": {"type": "int", "value": 10**4000},
            "9": {"type": "str", "value": "odd"},
            "10": {"type": "bytes", "value": "abc"},
            "x": {"type": "int", "value": 1},
            "11": ["int", 1],
            "12": {"value": 1},
        }
        file = {"objects": objects, "threads": {"7": {"frame": "1", "name": "a"}, "8": 5}, "current_thread": "7"}
        path = self.write("lies.json", json.dumps(file).encode())
        done = call("bt", path, "--locals")
        self.harmless(done, "lies", [0])
        self.assertNotIn(b"\x1b", done.out)
        self.assertIn(b"<int: its value is not in the file>", done.out)
        answers: List[bytes] = [call(command, path).out for command in ("info", "threads")]
        self.assertIn(b"not written as coredumpy writes them", answers[0])

    def test_what_is_no_dump_is_refused(self) -> None:
        for text in (b'{"objects": {}}', b'{"a": "\\ud800"}', b'{"a": 01}', b'{"a": 1,}', b"[" * 100):
            self.refused(call("bt", self.write("x.json", text)), "JSON")
        deep = b"[" * 5_000
        self.refused(call("bt", "--max-depth", "1000", self.write("x.json", deep)), "--max-depth")
        bomb = b'{"objects": {' + b" " * (8 << 20)
        self.refused(call("bt", "--max-inflated", "1M", self.write("x.gz", gzip.compress(bomb))), "--max-inflated")


if __name__ == "__main__":
    unittest.main()
