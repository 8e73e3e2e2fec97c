"""Files made to hurt: each is refused within a second, by the name of a limit and its flag; what is merely large opens."""

import gzip
import io
import pickle
import struct
import unittest
import zlib
from typing import Any, List, Optional, Tuple

import crashsite
from common import Case, Done, call

HEAD = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\nX-python-heapdump-version: 3\r\n\r\nbody\r\n'


def part(kind: str, body: bytes, length: Optional[int] = None, more: Tuple[str, ...] = ()) -> bytes:
    lines = ["--b", "Content-Type: application/x.python-heapdump; part=" + kind, "Content-Encoding: gzip"]
    lines += ["Content-Length: %d" % (len(body) if length is None else length), *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n"


def message(*parts: bytes) -> bytes:
    return HEAD + b"".join(parts) + b"--b--\r\n"


def zeros(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    out = [packer.compress(b"\0" * (1 << 20)) for _ in range(size >> 20)]
    return b"".join(out) + packer.flush()


def quickest(*arguments: str) -> Done:
    """A machine that is busy with other things is given another chance, not another bound."""
    done = call(*arguments)
    return done if done.seconds < 1.0 else min(done, call(*arguments), key=lambda run: run.seconds)


class Bombs(Case):
    def hurts(self, data: bytes, *words: str) -> None:
        path = self.write("bomb.dump", data)
        for command in (("bt", path), ("info", path), (path,)):
            done = quickest(*command)
            self.refused(done, *words)
            self.assertLess(done.seconds, 1.0, words)
            self.assertLess(done.memory, 1 << 30)

    def test_gzip_bomb(self) -> None:
        self.hurts(message(part("summary", zeros(2 << 30))), "max-inflated")

    def test_gzip_bomb_in_the_heap_leaves_the_summary(self) -> None:
        summary = gzip.compress(pickle.dumps({"dump_version": 3, "frames": [], "threads": [], "exceptions": []}, 4))
        data = message(part("summary", summary), part("heap", zeros(2 << 30), more=("X-Crashsite-Objects: 0 10",)))
        done = call("info", self.write("b.dump", data), "--check")
        self.harmless(done, "heap bomb", [0, 1])
        self.assertIn(b"max-inflated", done.out + done.err)

    def test_lying_length(self) -> None:
        body = gzip.compress(pickle.dumps({}, 4))
        for length in (1 << 62, 1 << 40, 10**30, 0, 5, len(body) + 1):
            done = quickest("bt", self.write("l.dump", message(part("summary", body, length))))
            self.harmless(done, "length %d" % length)
            self.assertLess(done.seconds, 1.0)

    def test_memo_bomb(self) -> None:
        """Each tuple holds the one before twice: nothing is ever expanded, so it is read; a view stays bounded."""
        raw = b"\x80\x04N" + b"\x94h\x00\x86"[:1]
        lines = [b"\x80\x04K\x01q\x00"]
        for number in range(1, 200):
            lines.append(b"h" + bytes([number - 1]) + b"\x86q" + bytes([number]))
        raw = b"".join(lines) + b"."
        done = quickest("bt", self.write("m.dump", message(part("summary", gzip.compress(raw)))))
        self.harmless(done, "memo bomb")
        self.assertLess(done.seconds, 1.0)

    def test_opcode_and_memo_floods(self) -> None:
        flood = b"\x80\x04" + b"N0" * (4 << 20) + b"N."
        done = quickest(
            "bt", "--max-opcodes", "1M", self.write("flood.dump", message(part("summary", gzip.compress(flood, 1))))
        )
        self.refused(done, "--max-opcodes")
        self.assertLess(done.seconds, 1.0)
        memo = b"\x80\x04N" + b"\x94" * (32 << 20) + b"."
        done = quickest(
            "bt", "--max-memo", "1M", self.write("memo.dump", message(part("summary", gzip.compress(memo, 1))))
        )
        self.refused(done, "--max-memo")
        self.assertLess(done.seconds, 1.0)

    def test_lengths_within_the_pickle(self) -> None:
        for opcode in (b"\x8d", b"\x8e", b"\x96"):
            for length in (1 << 63, (1 << 64) - 1, 1 << 40):
                raw = b"\x80\x05" + opcode + struct.pack("<Q", length) + b"x."
                self.refused(call("bt", self.write("p.dump", message(part("summary", gzip.compress(raw))))))
        for raw in (
            b"\x80\x04\x8b\xff\xff\xff\x7f1.",
            b"\x80\x04\x8b\xff\xff\xff\xff1.",
            b"\x80\x04h\x05.",
            b"\x80\x04(((" * 1000,
        ):
            self.refused(call("bt", self.write("p.dump", message(part("summary", gzip.compress(raw))))))

    def test_code_is_never_run_and_not_read(self) -> None:
        """A summary that is a program: GLOBAL and REDUCE are no data, and the file says so."""
        marker = self.path("marker")

        class Evil:
            def __reduce__(self) -> Any:
                import os

                return os.system, ("touch " + marker,)

        body = gzip.compress(pickle.dumps({"dump_version": 3, "frames": Evil()}, 4))
        done = call("bt", self.write("e.dump", message(part("summary", body))))
        self.harmless(done, "evil")
        import os

        self.assertFalse(os.path.exists(marker))

    def test_not_a_dump(self) -> None:
        for name, data in (
            ("empty", b""),
            ("text", b"hello\n"),
            ("gzip", gzip.compress(b"x")),
            ("zeros", b"\0" * 5000),
        ):
            self.refused(call("bt", self.write(name, data)))
        self.refused(call("bt", self.path("absent")))
        self.refused(call("bt", self.dir))

    def test_linked_list_of_a_million(self) -> None:
        node: Optional[List[Any]] = None
        for number in range(1_000_000):
            node = [number, node]
        limits = {"max_objects": 5_000_000, "max_seconds": 600, "max_bytes": 1 << 30}
        data = crashsite.create_dump(exc_info=False, files=False, limits=limits)
        path = self.write("list.dump", data)
        done = call("info", path, "--check")
        self.assertEqual(done.status, 0, done)
        done = call("print", path, "node[1][1][1][0]")
        self.assertEqual((done.status, done.out.strip()), (0, b"999996"))
        self.assertEqual(call("print", path, "node").status, 0)
        while node is not None:
            node = node[1]

    def test_plain_list_nested_a_million_deep_in_one_pickle(self) -> None:
        raw = b"\x80\x04}\x8c\x01x" + b"]" * 1_000_000 + b"a" * 999_999 + b"s."
        done = call("bt", self.write("n.dump", message(part("summary", gzip.compress(raw)))))
        self.harmless(done, "nested")


_ = io

if __name__ == "__main__":
    unittest.main()
