"""`convert`: a new file that answers the same, whatever state the old one is in; and no harm to files that are there."""

import email.parser
import gzip
import json
import os
import pickle
import resource
import signal
import stat
import subprocess
import sys
from typing import Any, Dict, List, Tuple

from common import BINARY, LONG, ROOT, Case, Done, call
from crashsite import reader
from test_damaged import mutate, small_dump

MUTATIONS = 4_000 if LONG else 150
STEP = 1 if LONG else 61


def demo_dump(folder: str) -> str:
    """The path of what the demo program leaves."""
    environment = dict(os.environ, CRASHSITE_DIR=folder)
    environment["PYTHONPATH"] = os.pathsep.join([os.path.join(ROOT, "python"), os.path.join(ROOT, "demo")])
    command = [sys.executable, "-B", "-m", "crashsite", "run", "-m", "orders"]
    subprocess.run(command, env=environment, stderr=subprocess.PIPE, timeout=60)
    (name,) = [name for name in os.listdir(folder) if name.endswith(".dump")]
    return os.path.join(folder, name)


def values(answer: Any) -> List[Dict[str, Any]]:
    """All locals in an answer of `bt`."""
    frames = [frame for thread in answer["threads"] for frame in thread["frames"]]
    return [local for frame in frames for local in frame["locals"]]


class Convert(Case):
    maxDiff = None

    def convert(self, path: str) -> Tuple[str, Dict[str, Any]]:
        """The path of the converted dump, and what the command said."""
        new = path + ".new"
        done = call("convert", path, new, "--json", "--force")
        self.assertEqual((done.status, done.err), (0, b""), path)
        return new, json.loads(done.out)

    def bt(self, path: str) -> Any:
        return json.loads(call("bt", path, "--json", "--locals", "--all").out)

    def check(self, path: str) -> Any:
        return json.loads(call("info", path, "--check", "--json").out)["check"]

    def sound(self, path: str) -> reader.Dump:
        """Both readers give the same answers about the file."""
        dump = reader.load(path)
        self.assertEqual(self.bt(path), dump.bt(), path)
        self.assertEqual(self.check(path)["digest"], "sha256=" + dump.digest(), path)
        return dump

    def same(self, path: str) -> Dict[str, Any]:
        """Converts: the stacks, and every object that could be read, are the same; problems are told."""
        new, said = self.convert(path)
        dump = self.sound(new)
        old, now = self.bt(path), self.bt(new)
        before, after = self.check(path), self.check(new)
        if not before["whole"]:
            # Of a section that cannot be read, the stacks alone do not know it.
            for one, other in zip(values(old), values(now)):
                if other["status"] == "missing":
                    one["status"] = "missing"
        self.assertEqual((now["exception"], now["threads"]), (old["exception"], old["threads"]), path)
        self.assertEqual(now["dump"]["complete"], old["dump"]["complete"])
        self.assertEqual(after["objects"], before["objects"])
        if not said["lost"]:
            self.assertEqual(after["digest"], before["digest"], path)
            self.assertEqual(after["missing_references"], before["missing_references"])
        told = json.dumps(now["dump"]["problems"])
        for problem in before["problems"]:
            self.assertIn(json.dumps("at byte %d: %s" % (problem["offset"], problem["message"]))[1:-1], told)
        # In the new file nothing is damaged: what is missing in it was missing before.
        incomplete = "the file is incomplete: its closing part is missing"
        own = [] if dump.end is not None else [incomplete]
        self.assertEqual([problem["message"] for problem in after["problems"]], own, path)
        os.unlink(new)
        return said

    def test_demo(self) -> None:
        path = demo_dump(self.dir)
        said = self.same(path)
        self.assertEqual(
            (said["from"], said["to"], said["absent"], said["lost"]), ("crashsite-3", "crashsite-3", [], [])
        )
        new, _ = self.convert(path)
        self.assertEqual(self.bt(new), self.bt(path))
        again, _ = self.convert(new)
        self.assertEqual(self.bt(again), self.bt(path))
        facts = [json.loads(call("info", one, "--json").out) for one in (path, new)]
        for name in ("holds", "capture", "python", "argv", "cwd", "message", "sequence_number"):
            self.assertEqual(facts[1][name], facts[0][name], name)
        self.assertRegex(
            facts[1]["writer"], r"^crashsite \S+ \(converted from crashsite-3, written by crashsite \S+\)$"
        )
        for name in ("Subject", "Date", "X-python-heapdump-sys_argv"):
            self.assertEqual(facts[1]["headers"][name], facts[0]["headers"][name])
        for question in (("print", "{}", "order"), ("source", "{}")):
            old, now = (call(*(word.format(one) for word in question), "--json").out for one in (path, new))
            self.assertEqual(now, old)

    def test_the_same_bytes_every_time(self) -> None:
        path = self.write("a.dump", small_dump())
        files = []
        for name in ("b.dump", "c.dump"):
            self.assertEqual(call("convert", path, self.path(name)).status, 0)
            with open(self.path(name), "rb") as stream:
                files.append(stream.read())
        self.assertEqual(files[0], files[1])

    def test_cut_files(self) -> None:
        data = small_dump()
        converted = 0
        for size in range(0, len(data), STEP):
            path = self.write("cut.dump", data[:size])
            if call("bt", path).status == 3:
                self.refused(call("convert", path, self.path("new.dump")))
                self.assertFalse(os.path.exists(self.path("new.dump")))
            else:
                self.same(path)
                converted += 1
        self.assertGreater(converted, 10)

    def test_sections_that_are_missing(self) -> None:
        path = demo_dump(self.dir)
        with open(path, "rb") as stream:
            data = stream.read()
        boundary = email.parser.BytesHeaderParser().parsebytes(data[:4000]).get_boundary()
        pieces = data.split(b"\r\n--" + str(boundary).encode("ascii"))
        heap = [index for index, piece in enumerate(pieces) if b"; part=heap" in piece[:200]]
        self.assertGreater(len(heap), 1)
        for gone in (heap[:1], heap[-1:], heap, [len(pieces) - 2]):
            kept = [piece for index, piece in enumerate(pieces) if index not in gone]
            self.same(self.write("gap.dump", (b"\r\n--" + str(boundary).encode("ascii")).join(kept)))

    def test_mutations(self) -> None:
        data = small_dump()
        converted = 0
        for seed in range(MUTATIONS):
            path = self.write("m.dump", mutate(data, seed))
            done = call("convert", path, path + ".new", "--force")
            self.harmless(done, "mutation %d" % seed, [0, 3])
            self.assertEqual(os.path.exists(path + ".new"), done.status == 0)
            if done.status == 0:
                self.same(path)
                converted += 1
        self.assertGreater(converted, MUTATIONS // 10)

    def test_headers_cannot_break_out(self) -> None:
        evil = [
            "X-Evil: =?utf-8?q?a=0D=0AX-python-heapdump-version:_2=0D=0A=0D=0A--x?=",
            "X-Evil: =?utf-8?q?=0A=0A?= =?utf-8?b?DQoNCg==?=",
            "Content-Length: 3",
            "Content-Transfer-Encoding: base64",
            "X-Crashsite-Converted-From: nothing",
        ]
        data = small_dump().replace(
            b"\r\nX-python-heapdump-pid:",
            ("\r\n" + "\r\n".join(evil) + "\r\nX-python-heapdump-pid:").encode("ascii"),
            1,
        )
        new, said = self.convert(self.write("evil.dump", data))
        self.sound(new)
        self.assertEqual(said["lost"], [])
        with open(new, "rb") as stream:
            head = email.parser.BytesHeaderParser().parsebytes(stream.read(8000))
        for name, value in (("X-python-heapdump-version", "3"), ("X-Crashsite-Converted-From", "crashsite-3")):
            self.assertEqual(head.get_all(name), [value])
        self.assertEqual((head.get_all("Content-Length"), len(head.get_all("Content-Type", []))), (None, 1))
        self.assertEqual(head["X-Evil"], "a  X-python-heapdump-version: 2    --x")

    def test_a_name_that_would_stand_in_every_section(self) -> None:
        count = 120_000
        data: Dict[str, Any] = {
            "first": 0, "count": count, "types": [("m", "C" * (8 << 20), "C", -1, "object", [])], "names": [],
            "kind": ("B", bytes([14]) * count), "type": ("B", bytes(count)),
            "size": ("B", bytes(count)), "address": ("B", bytes(count)),
        }  # fmt: skip
        head = b'Content-Type: multipart/related; boundary="b"\r\nX-python-heapdump-version: 3\r\n'
        parts = [("summary", {"pid": 1}, ""), ("heap", data, "X-Crashsite-Objects: 0 %d\r\n" % count), ("end", {}, "")]
        blocks = []
        for kind, value, extra in parts:
            body = gzip.compress(pickle.dumps(value, 4), 6)
            lines = "Content-Type: application/x.python-heapdump; part=%s\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n%s"
            blocks.append(b"--b\r\n" + (lines % (kind, len(body), extra)).encode("ascii") + b"\r\n" + body)
        path = self.write("names.dump", b"\r\n".join([head, *blocks, b"--b--\r\n"]))
        done = call("convert", path, self.path("new.dump"), "--max-total", "20M")
        self.failed(done, "--max-total")
        self.assertEqual(os.listdir(self.dir), ["names.dump"])

    def failed(self, done: Done, *words: str) -> None:
        """Exit status 1, and two lines."""
        self.assertEqual((done.status, done.out, done.err.count(b"\n")), (1, b"", 2), done)
        for word in words:
            self.assertIn(word, done.err.decode("utf-8"))

    def test_files_that_are_there_are_safe(self) -> None:
        path = self.write("a.dump", small_dump())
        other = self.write("other", b"precious")
        self.failed(call("convert", path, other), "exists", "--force")
        self.failed(call("convert", path, path), "itself")
        self.failed(call("convert", path, os.path.join(self.dir, ".", "a.dump"), "--force"), "itself")
        self.failed(call("convert", path, self.path("none/new.dump")), "no such folder")
        os.symlink(self.path("elsewhere"), self.path("link"))
        self.failed(call("convert", path, self.path("link")), "exists")
        piped = call("convert", path, "-")
        with open(other, "rb") as stream:
            self.assertEqual(stream.read(), b"precious")
        self.assertEqual(sorted(os.listdir(self.dir)), ["a.dump", "link", "other"])
        done = call("convert", path, other, "--force")
        self.assertEqual(done.status, 0)
        self.assertEqual(done.out.count(b"\n"), 1)
        with open(other, "rb") as stream:
            self.assertEqual((piped.status, piped.out), (0, stream.read()))
        self.assertEqual(stat.S_IMODE(os.stat(other).st_mode), 0o600)
        self.sound(other)
        self.assertEqual(sorted(os.listdir(self.dir)), ["a.dump", "link", "other"])

    def test_nothing_is_left_of_a_failure(self) -> None:
        path = self.write("a.dump", small_dump())
        self.write("other", b"precious")

        def small_disk() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

        commands: List[List[str]] = [["new.dump"], ["other", "--force"]]
        for name, *options in commands:
            done = subprocess.run(
                [BINARY, "convert", path, self.path(name), *options], preexec_fn=small_disk, capture_output=True
            )
            self.assertEqual((done.returncode, done.stderr.count(b"\n")), (1, 2), done)
            self.assertEqual(sorted(os.listdir(self.dir)), ["a.dump", "other"])
        with open(self.path("other"), "rb") as stream:
            self.assertEqual(stream.read(), b"precious")
