"""Dumps of pyheapdump (version 2, CPython 2.7) against the truth that the crashing process wrote, and what is left of
them when they are cut, changed, or packed in other ways."""

import ast
import base64
import bz2
import email
import json
import os
import unittest
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Iterator, Tuple

from common import LONG, ROOT, call
from test_damaged import mutate
from truths import Compared, stacks

FIXTURES = os.path.join(ROOT, "tests", "fixtures", "captured", "pyheapdump-2.7")
NAMES = sorted(name[: -len(".dump")] for name in os.listdir(FIXTURES) if name.endswith(".dump"))
MUTATIONS = 10_000 if LONG else 800


def truth_of(name: str) -> Any:
    with open(os.path.join(FIXTURES, name + ".truth.json"), encoding="utf-8") as stream:
        return json.load(stream)


def path_of(name: str) -> str:
    return os.path.join(FIXTURES, name + ".dump")


def pickle_of(name: str) -> bytes:
    """The pickle of a fixture, taken out by means of the standard library."""
    with open(path_of(name), "rb") as stream:
        data = stream.read()
    if not data.startswith(b"BZh"):
        message = email.message_from_bytes(data[data.index(b"\n") + 1 :] if data.startswith(b"From ") else data)
        data = next(
            part.get_payload(decode=True)
            for part in message.walk()
            if part.get_content_type() == "application/x.python-heapdump"
        )
    return bz2.decompress(data) if data.startswith(b"BZh") else data


class PyHeapDump2(Compared):
    #: pyheapdump had written the referent in place of its proxy
    lost_types = {("zoo", "wproxy")}

    def test_truth(self) -> None:
        self.assertEqual(len(NAMES), 14)
        counts = {"frames": 0, "locals": 0, "reprs": 0}
        for name in NAMES:
            truth, answer = truth_of(name), self.bt(path_of(name))
            self.assertEqual(answer["dump"]["format"], "pyheapdump-2")
            self.assertEqual(answer["dump"]["problems"], [])
            self.check_exception(truth.get("exception"), answer["exception"])
            for want, got in stacks(truth, answer):
                self.assertGreaterEqual(len(got), len(want))
                for expected, frame in zip(want, got):
                    counts["frames"] += 1
                    place = (frame["file"], frame["line"], frame["function"])
                    self.assertEqual(place, (expected["file"], expected["line"], expected["function"]))
                    # Locals of a module are its namespace, which the format has by name only.
                    found = {value["name"]: value for value in frame["locals"]}
                    if expected["function"] != "<module>":
                        self.assertEqual(set(found), set(expected["locals"]), name)
                    for local, fact in expected["locals"].items():
                        if local in found:
                            counts["locals"] += 1
                            counts["reprs"] += self.check_value(name, local, fact, found[local])
        self.assertGreater(counts["frames"], 250)
        self.assertGreater(counts["locals"], 1500)
        self.assertGreater(counts["reprs"], 1200)

    def test_threads(self) -> None:
        answer = self.bt(path_of("zoo"))
        self.assertEqual(answer["threads"][0]["name"], "MainThread")
        self.assertTrue(answer["threads"][0]["crashed"] and answer["threads"][0]["main"])
        # Version 2 keeps no names: they are those of the Thread objects that the dump happens to hold.
        answer = self.bt(path_of("threads-only"))
        names = [thread["name"] for thread in answer["threads"]]
        self.assertEqual(names[0], "MainThread")
        self.assertEqual(sorted(names[1:]), ["worker-0", "worker-1", "worker-2"])
        # The frames of pyheapdump itself are left out.
        self.assertEqual(answer["threads"][0]["frames"][0]["function"], "save")

    def test_what_the_tool_replaced_says_so(self) -> None:
        frames = self.bt(path_of("classes-local"))["threads"][0]["frames"]
        module = next(value for value in frames[1]["locals"] if value["name"] == "mod")
        self.assertEqual(module["type"], "module")
        self.assertIn("replaced by pyheapdump", module["repr"])

    def test_sources(self) -> None:
        done = call("source", path_of("simple"), "shop/store.py")
        self.assertEqual(done.status, 0, done.err)
        self.assertIn(b"shortage = wanted - available", done.out)
        done = call("source", path_of("nofiles"))
        self.assertIn(b"no source", done.out)

    def test_questions(self) -> None:
        for question, frame, answer in (
            ("context['order_id']", "0", "4"),
            ("details['sku'][4]", "0", "u'2'"),
            ("order.lines[1].price", "1", "Decimal('0.10')"),
            ("order.customer.name[:2]", "1", "u'\\u0411\\u043e'"),
        ):
            done = call("print", path_of("simple"), question, "--frame", frame)
            self.assertEqual((done.out.decode("utf-8").splitlines() or [done.err])[0], answer, question)

    def test_packed_in_other_ways(self) -> None:
        raw = pickle_of("simple")
        want = self.bt(path_of("simple"))["threads"]
        head = b'Content-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: application/x.python-heapdump\n'
        encoded = head + b"Content-Transfer-Encoding: base64\n\n"
        lines = base64.encodebytes(bz2.compress(raw)) + b"\n--b--\n"
        many_blocks = bz2.compress(raw, 1)
        for name, data in (
            ("bare pickle", raw),
            ("bare bz2", many_blocks),
            ("LF", encoded + lines),
            ("CRLF", (encoded + lines).replace(b"\n", b"\r\n")),
            ("from", b"From nobody Sun Nov 22 21:34:10 2026\n" + encoded + lines),
            ("uncompressed", encoded + base64.encodebytes(raw) + b"\n--b--\n"),
            ("not closed", encoded + base64.encodebytes(bz2.compress(raw))),
        ):
            self.assertEqual(self.bt(self.write(name, data))["threads"], want, name)

    def test_converted_nothing_differs(self) -> None:
        for name in NAMES:
            new = self.path(name + ".dump")
            done = call("convert", path_of(name), new)
            self.assertEqual(done.status, 0, done.err)
            want, got = self.bt(path_of(name)), self.bt(new)
            self.assertEqual(got["dump"]["format"], "crashsite-3")
            for answer in (want, got):
                del answer["dump"]["format"]
            self.assertEqual(got, want, name)
            digests = [
                json.loads(call("info", path, "--check", "--json").out)["check"] for path in (path_of(name), new)
            ]
            self.assertEqual(digests[0], digests[1], name)
            done = call("diff", path_of(name), new)
            self.assertEqual((done.status, done.out.splitlines()[0][:15]), (0, b"nothing differs"), done.out)

    def test_headers(self) -> None:
        headers = json.loads(call("headers", path_of("headers"), "--json").out)["headers"]
        found = {header["name"].lower(): header["value"] for header in headers}
        for key, fact in truth_of("headers")["headers"].items():
            want = ast.literal_eval(fact["repr"]) if len(fact["repr"]) < 200 else None
            if want and isinstance(want, str) and key not in ("latin1", "multiline"):
                names = {"description": "subject", "id": "message-id"}
                self.assertEqual(found[names.get(key, "x-python-heapdump-" + key.lower())], want, key)
        self.assertEqual(found["x-python-heapdump-longutf8"], "äöü " * 120)
        about = json.loads(call("info", path_of("headers"), "--json").out)
        self.assertEqual(about["message"], found["subject"])

    def test_bombs(self) -> None:
        for data in (bz2.compress(b"\0" * (300 << 20)), b"BZh9", b"BZh91AY&SY"):
            done = call("bt", self.write("bomb.dump", data))
            self.refused(done)
            self.assertLess(done.memory, 1 << 30)
        message = b'Content-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/plain\n\nx\n--b--\n'
        self.refused(call("bt", self.write("other.dump", message)), "no heap dump in it")

    def test_cut_and_changed(self) -> None:
        """Never a panic, a hang, or a heap of memory."""
        raws = [pickle_of("simple"), pickle_of("classes-local")]
        with open(path_of("simple"), "rb") as stream:
            message = stream.read()

        def cases() -> Iterator[Tuple[str, bytes]]:
            for at in range(0, len(message), 97):
                yield "message cut at %d" % at, message[:at]
            for at in range(0, len(raws[0]), 197):
                yield "pickle cut at %d" % at, raws[0][:at]
            for seed in range(MUTATIONS):
                yield "pickle %d" % seed, mutate(raws[seed % 2], seed)
            for seed in range(MUTATIONS // 4):
                yield "message %d" % seed, mutate(message, seed)

        def one(item: Tuple[int, Tuple[str, bytes]]) -> None:
            number, (name, data) = item
            path = self.write("damaged-%d.dump" % number, data)
            command = (("bt", path, "--json", "--locals", "--all"), (path,), ("info", path, "--check"))[number % 3]
            try:
                self.harmless(call(*command), name)
            finally:
                os.unlink(path)

        with ThreadPoolExecutor(2) as pool:
            for _ in pool.map(one, enumerate(cases())):
                pass


if __name__ == "__main__":
    unittest.main()
