"""A small dump cut at every byte, and mutated: an answer or a refusal, never a panic, a hang or a heap of memory."""

import os
import random
import unittest
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, Iterable, Tuple

import crashsite
from common import LONG, Case, call

MUTATIONS = 20_000 if LONG else 2_000


class Order:
    def __init__(self, number: int) -> None:
        self.number = number
        self.lines = {"sku-%d" % number: [number, number * 1.5, None, b"raw", 1 << 80]}
        self.again = self


def small_dump() -> bytes:
    """A dump of some kilobytes with every part and most columns."""
    order = Order(7)
    text = "Grüße"
    try:
        raise KeyError(order.number, text)
    except KeyError:
        return crashsite.create_dump(files=False, limits={"max_objects": 60, "max_frames": 3, "max_seconds": 60})


COMMANDS = (
    ("bt", "{}", "--json", "--locals", "--all"),
    ("info", "{}", "--check"),
    ("print", "{}", "order.lines"),
    ("{}",),
    ("bt", "{}", "--locals"),
    ("source", "{}"),
    ("info", "{}", "--json"),
    ("print", "{}", "text", "--json"),
    ("threads", "{}"),
    ("locals", "{}"),
    ("headers", "{}"),
    ("find", "{}", "type(o) is int and o < 8"),
    ("diff", "{}", "{}"),
    ("source", "{}", "--extract", "{}.sources"),
    ("redact", "{}", "{}.redacted"),
    ("redact", "{}", "{}.shapes", "--shape-only"),
)


class Damaged(Case):
    def run_all(self, files: Iterable[Tuple[str, Callable[[], bytes]]]) -> None:
        def one(item: Tuple[int, Tuple[str, Callable[[], bytes]]]) -> None:
            number, (name, make) = item
            path = self.write("damaged-%d.dump" % number, make())
            command = COMMANDS[number % len(COMMANDS)]
            try:
                self.harmless(call(*(part.format(path) for part in command)), "%s, %s" % (name, command))
            finally:
                os.unlink(path)

        with ThreadPoolExecutor(2) as pool:
            for _ in pool.map(one, enumerate(files)):
                pass

    def test_cut_at_every_byte(self) -> None:
        data = small_dump()
        self.assertLess(len(data), 16_000)
        self.run_all(("cut at %d" % at, lambda at=at: data[:at]) for at in range(len(data)))  # type: ignore[misc]

    def test_a_version_that_is_not_known(self) -> None:
        """It is read as the newest that is, and a note beside the answer says so."""
        name = b"X-python-heapdump-version: "
        done = call("bt", self.write("newer.dump", small_dump().replace(name + b"3", name + b"9", 1)))
        self.assertEqual(done.status, 0, done.err)
        self.assertIn(b"KeyError", done.out)
        self.assertIn(b'format version "9" is not known', done.out + done.err)

    def test_mutations(self) -> None:
        data = small_dump()
        self.run_all(("mutation %d" % seed, lambda seed=seed: mutate(data, seed)) for seed in range(MUTATIONS))  # type: ignore[misc]

    def test_mutations_inside_the_compression(self) -> None:
        """What is packed again after the change: the pickles and columns themselves lie."""
        import io

        from crashsite import _file

        blocks = []
        original = _file.gzip
        try:
            _file.gzip = lambda raw: blocks.append(raw) or original(raw)  # type: ignore[func-returns-value]
            small_dump()
        finally:
            _file.gzip = original

        def rebuild(seed: int) -> bytes:
            chosen = random.Random(seed)
            target = chosen.randrange(len(blocks))
            buffer = io.BytesIO()
            out = _file.DumpFile(buffer.write, "crashsite-b")
            out.head(
                [("Content-Type", 'multipart/related; boundary="crashsite-b"'), ("X-python-heapdump-version", "3")], "x"
            )
            for number, raw in enumerate(blocks):
                kind = "summary" if number == 0 else "end" if number == len(blocks) - 1 else "heap"
                body = mutate(raw, seed) if number == target else raw
                extra = [("X-Crashsite-Objects", "0 60")] if kind == "heap" else []
                packed = original(body)
                lines = [
                    "--crashsite-b",
                    "Content-Type: application/x.python-heapdump; part=" + kind,
                    "Content-Encoding: gzip",
                ]
                lines += ["Content-Length: %d" % len(packed)] + ["%s: %s" % item for item in extra]
                head = out._pending
                out._pending = b""
                buffer.write(head + "\r\n".join(lines).encode() + b"\r\n\r\n" + packed + b"\r\n")
            buffer.write(b"--crashsite-b--\r\n")
            return buffer.getvalue()

        self.run_all(("inner %d" % seed, lambda seed=seed: rebuild(seed)) for seed in range(MUTATIONS))  # type: ignore[misc]


def mutate(data: bytes, seed: int) -> bytes:
    """One to four changes: a bit, a byte, a run removed, doubled, moved, or overwritten with an edge value."""
    chosen = random.Random(seed)
    out = bytearray(data)
    for _ in range(chosen.randint(1, 4)):
        at = chosen.randrange(len(out))
        length = chosen.choice((1, 2, 4, 8, 40))
        kind = chosen.randrange(6)
        if kind == 0:
            out[at] ^= 1 << chosen.randrange(8)
        elif kind == 1:
            out[at] = chosen.randrange(256)
        elif kind == 2 and len(out) > 100:
            del out[at : at + length]
        elif kind == 3:
            out[at:at] = out[at : at + length]
        elif kind == 4:
            out[at : at + length] = chosen.choice((b"\0", b"\xff", b"\x7f", b"\x80")) * length
        else:
            other = chosen.randrange(len(out))
            out[at : at + length] = out[other : other + length]
    return bytes(out)


if __name__ == "__main__":
    unittest.main()
