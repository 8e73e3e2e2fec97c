"""Heap files of PyHeap, made by a writer of the tests' own: the tool is not on PyPI."""

import os
import struct
import subprocess
import sys
import unittest

from other_dumps import HERE, PROGRAM, OtherDumps, call, line_of

LOCALS = {
    "first": ("int", "1"),
    "rest": ("tuple", "(2, 3)"),
    "nan": ("float", "nan"),
    "big": ("int", str(2**100)),
    "negative": ("int", str(-(2**70))),
    "text": ("str", "'😀é\\n\\x1b[31m'"),
    "raw": ("bytes", "b'\\x00\\xff'"),
    "array": ("bytearray", "bytearray(b'abc')"),
    "plain": ("set", "{1, 2}"),
    "table": ("dict", "{'k': [1, None, True], (1, 2): 3}"),
    "row": ("Row", None),
    "point": ("Point", None),
    "slots": ("Slots", None),
    "price": ("Decimal", "<Decimal: 1.5>"),
    "function": ("function", None),
    "module": ("module", "<module 'sys' (built-in)>"),
    "builtin": ("builtin_function_or_method", "<built-in function len>"),
    "kind": ("type", "<class 'int'>"),
    "own_kind": ("type", "<class '__main__.Slots'>"),
    "dots": ("ellipsis", "Ellipsis"),
    "loop": ("list", "[[...]]"),
    "error": ("ValueError", "ValueError('in here', 7)"),
}


class PyHeap(OtherDumps):
    def heap(self) -> str:
        path = self.path("a.pyheap")
        environment = dict(os.environ, PYTHONPATH=HERE)
        done = subprocess.run(
            [sys.executable, PROGRAM, "heap", path], env=environment, capture_output=True, timeout=120
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def test_frames_locals_and_objects(self) -> None:
        path = self.heap()
        answer = self.stack(path)
        self.assertEqual(self.frames(answer)[1][1], line_of("inner(1, 2, 3"))
        self.assertEqual([name for name, _ in self.frames(answer)], ["inner", "outer", "main", "<module>"])
        self.assertEqual([thread["name"] for thread in answer["threads"]], ["MainThread", "worker"])
        for name, (kind, shown) in LOCALS.items():
            local = self.local(answer, name)
            self.assertEqual(local["type"].rsplit(".", 1)[-1], kind, name)
            self.assertIn(shown, (None, local["repr"]), name)
        self.opens_everywhere(path)
        done = call("info", path, "--check")
        self.assertIn(b"whole              yes", done.out)

    def test_cut_anywhere_it_is_what_came_before(self) -> None:
        with open(self.heap(), "rb") as file:
            data = file.read()
        for tenth in range(1, 10):
            cut = self.write("cut.pyheap", data[: len(data) * tenth // 10])
            done = call("bt", cut, "--locals")
            self.harmless(done, "cut at %d" % tenth, [0])
            self.assertIn(b"inner", done.out)
            self.assertIn(b"incomplete", call("info", cut).out)
        for length in (8, 12, 20, 60, 200):
            self.harmless(call("bt", self.write("cut.pyheap", data[:length])), "cut at byte %d" % length)

    def test_other_layouts_are_told(self) -> None:
        start = struct.pack("!QI", 123000321, 1) + struct.pack("!H", 4) + b"2022" + struct.pack("!Q", 1)
        self.refused(
            call("bt", self.write("old", start + struct.pack("!IH", 1, 10) + b"MainThread" + b"\1\0" * 9)), "layout"
        )


if __name__ == "__main__":
    unittest.main()
