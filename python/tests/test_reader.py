"""The reference reader, on files made by hand."""

import hashlib
import io
import json
import os
import pickle
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import build_dump
from crashsite import reader


def messages(dump):
    return [problem.message for problem in dump.problems]


class Whole(unittest.TestCase):
    def setUp(self):
        self.dump = reader.Dump(build_dump.message(build_dump.parts()))

    def test_no_problems(self):
        self.assertEqual(self.dump.problems, [])
        self.assertEqual([(section.first, section.count) for section in self.dump.sections], [(0, 10), (10, 1)])
        self.assertEqual(self.dump.end["objects_seen"], 3001)

    def test_objects(self):
        values = [self.dump.object(number).value for number in range(10)]
        self.assertEqual(values[:2] + values[4:7], [-5, "ä\ud800", 2.5, 1 - 2j, b"a\0b"])
        self.assertEqual(int.from_bytes(values[9], "little", signed=True), 2**64)
        self.assertEqual(list(self.dump.object(2).elements), [0, 0, 1])
        self.assertEqual(list(self.dump.object(2).flags), [(1, 100000)])
        self.assertEqual(list(self.dump.object(3).pairs), [(1, 0), (0, 3000)])
        point = self.dump.object(8)
        self.assertEqual((point.kind, point.type.qualname), ("instance", "outer.Point"))
        self.assertEqual(list(point.attributes), [("x", 0), ("y", 4)])
        function = self.dump.object(7)
        self.assertEqual((function.note, function.location), ("app\0outer", ("/srv/app.py", 3)))
        self.assertEqual(self.dump.object(0).address, 0x7F0000001000)
        self.assertEqual(self.dump.object(2).address, 0x7F0000001000 + 32 - 64)
        self.assertEqual(self.dump.object(10).rest, (2, 3))
        for missing in (11, 3000, -1):
            self.assertRaises(KeyError, self.dump.object, missing)

    def test_digest(self):
        # Two of the records by hand, so that the digest does not only agree with itself.
        self.assertEqual(
            self.dump.object(0).record(),
            struct.pack("<IBQQ", 0, 2, 28, 0x7F0000001000)
            + struct.pack("<I", 12) + b"builtins.int"
            + struct.pack("<IIII", 0, 0, 0, 8) + struct.pack("<q", -5) + struct.pack("<I", 0),
        )  # fmt: skip
        self.assertEqual(
            self.dump.object(8).record(),
            struct.pack("<IBQQ", 8, 0x8E, 48, self.dump.object(8).address)
            + struct.pack("<I", 15) + b"app.outer.Point"
            + struct.pack("<I", 2) + struct.pack("<I", 1) + b"x" + struct.pack("<I", 0)
            + struct.pack("<I", 1) + b"y" + struct.pack("<I", 4)
            + struct.pack("<IIII", 0, 0, 0, 0),
        )  # fmt: skip
        whole = b"".join(self.dump.object(number).record() for number in range(11))
        self.assertEqual(self.dump.digest(), hashlib.sha256(whole).hexdigest())

    def test_bt(self):
        answer = self.dump.bt()
        self.assertEqual(answer["dump"]["format"], "crashsite-3")
        self.assertTrue(answer["dump"]["complete"])
        self.assertEqual([thread["name"] for thread in answer["threads"]], ["MainThread", "worker"])
        inner, outer = answer["threads"][0]["frames"]
        self.assertEqual((inner["index"], inner["function"], inner["line"]), (0, "inner", 7))
        self.assertEqual((inner["column"], inner["end_column"]), (12, 18))
        # Characters, not bytes: the three umlauts before it are one each.
        self.assertEqual(build_dump.SOURCE.split("\n")[3][outer["column"] - 1 :], "return inner(n)"[7:])
        text, big = outer["locals"]
        self.assertEqual((text["name"], text["type"], text["address"]), ("text", "str", "0x1001"))
        self.assertNotIn("full_length", text)
        self.assertEqual((big["status"], big["full_length"], big["children_count"]), ("cut", 100000, 100000))
        self.assertEqual(answer["threads"][1]["frames"][0]["function"], "work\ufffd")
        self.assertIsNone(answer["threads"][1]["frames"][0]["column"])

    def test_exceptions(self):
        crash = self.dump.bt()["exception"]
        self.assertNotIn("frames", crash)
        self.assertEqual(crash["cause"]["context"], {"seen": True})
        self.assertEqual(crash["context"], {"seen": True})
        self.assertEqual([frame["line"] for frame in crash["cause"]["frames"]], [99])

    def test_less(self):
        answer = self.dump.bt(locals=False, all=False)
        self.assertEqual(len(answer["threads"]), 1)
        self.assertNotIn("locals", answer["threads"][0]["frames"][0])


class Damaged(unittest.TestCase):
    def test_cut_everywhere(self):
        data = build_dump.message(build_dump.parts())
        opened = 0
        for length in range(0, len(data), 7):
            try:
                dump = reader.Dump(data[:length])
            except reader.FormatError:
                self.assertEqual(opened, 0)
                continue
            opened += 1
            self.assertTrue(dump.problems or length > len(data) - 4, length)
            self.assertEqual(len(dump.bt()["threads"]), 2)
            dump.digest()
        self.assertGreater(opened, 100)

    def test_lying_length(self):
        parts = build_dump.parts()
        for lie in (0, 10, 10**15, -3):
            parts[1] = build_dump.part("heap", build_dump.section(), length=lie)
            dump = reader.Dump(build_dump.message(parts))
            self.assertEqual(dump.object(8).kind, "instance")
            self.assertIn("Content-Length", messages(dump)[0])

    def test_wrong_digest(self):
        data = build_dump.message(build_dump.parts())
        dump = reader.Dump(data.replace(b"sha256=", b"sha256=0", 1))
        self.assertIn("digest", messages(dump)[0])
        self.assertEqual(dump.object(0).value, -5)

    def test_bomb(self):
        stream = zlib.compressobj(9, zlib.DEFLATED, 31)
        body = stream.compress(b"\0" * (1 << 20)) * 1
        body += b"".join(stream.compress(b"\0" * (1 << 20)) for _ in range(40)) + stream.flush()
        before, reader.MAX_RAW = reader.MAX_RAW, 1 << 24
        try:
            parts = build_dump.parts()
            parts[1] = build_dump.encoded_part("heap", body, 100)
            dump = reader.Dump(build_dump.message(parts))
        finally:
            reader.MAX_RAW = before
        self.assertIn("more than", messages(dump)[0])
        self.assertEqual(len(dump.sections), 1)

    def test_short_column(self):
        section = build_dump.section()
        section["element_count"] = build_dump.column("Q", [2**63])
        parts = build_dump.parts()
        parts[1] = build_dump.part("heap", section)
        dump = reader.Dump(build_dump.message(parts))
        self.assertRaises(reader.FormatError, dump.digest)

    def test_other_version(self):
        self.assertRaises(reader.FormatError, reader.Dump, build_dump.message(build_dump.parts(), version="2"))
        self.assertRaises(reader.FormatError, reader.Dump, b"")


class Hostile(unittest.TestCase):
    def refused(self, raw):
        parts = build_dump.parts()
        parts[2] = build_dump.part("heap", None, raw=raw)
        with_check = reader.Dump(build_dump.message(parts))
        without = reader.Dump(build_dump.message(parts), check_opcodes=False)
        for dump in (with_check, without):
            self.assertEqual(len(dump.sections), 1, raw)
        return messages(with_check)[0]

    def test_global(self):
        marker = os.path.join(tempfile.gettempdir(), "crashsite-reader-was-here-%d" % os.getpid())

        class Evil:
            def __reduce__(self):
                return os.system, ("touch " + marker,)

        for protocol in range(5):
            self.assertIn("is not allowed", self.refused(pickle.dumps({"first": Evil()}, protocol)))
        self.assertFalse(os.path.exists(marker))

    def test_memo_bomb(self):
        raw = b"\x80\x04}r\xff\xff\xff\x7f."
        parts = build_dump.parts()
        parts[2] = build_dump.part("heap", None, raw=raw)
        self.assertIn("memo", messages(reader.Dump(build_dump.message(parts)))[0])

    def test_persistent_id(self):
        class Pickler(pickle.Pickler):
            def persistent_id(self, obj):
                return "it"

        stream = io.BytesIO()
        Pickler(stream, 4).dump({})
        self.refused(stream.getvalue())


class CommandLine(unittest.TestCase):
    def test_as_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.dump")
            with open(path, "wb") as stream:
                stream.write(build_dump.message(build_dump.parts()))
            command = [sys.executable, "-I", reader.__file__]
            answer = subprocess.check_output(command + ["bt", path, "--locals", "--all"])
            self.assertEqual(json.loads(answer.decode("ascii")), reader.load(path).bt())
            checked = subprocess.check_output(command + ["check", path]).decode("ascii")
            self.assertIn("sha256=" + reader.load(path).digest(), checked)
            with open(path, "wb") as stream:
                stream.write(b"nothing")
            self.assertEqual(subprocess.call(command + ["check", path], stderr=subprocess.DEVNULL), 3)


if __name__ == "__main__":
    unittest.main()
