"""The hostile corpus: of each file a usable answer or a message of one line and what to do, in bounded time and memory.

expectations.json has what `bt` says of each: 0 for an answer, or else the message. `--record` writes it anew. A file that is
a pickle and no more is also right when it is answered: whether it counts as a dump is not what is tried with it.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path += [os.path.join(ROOT, "tests", folder) for folder in ("end_to_end", "debuggers", "editors")]

import generate
from client import Client
from client import Refused as NotOpened
from common import BINARY, Case, Done, call
from dap_client import Adapter, Refused

EXPECTATIONS = os.path.join(HERE, "expectations.json")
#: what any answer may take, of the binary as it is released: of a processor, because the machine may be busy
SECONDS = 1.0
BYTES = 256 << 20

#: what has no place in anything that is printed: controls, and what turns the direction of text
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

COMMANDS: List[List[str]] = [
    ["bt", "--json", "--all", "--locals"],
    ["bt", "--all", "--locals"],
    [],
    ["info", "--check"],
    ["threads"],
    ["headers"],
    ["locals"],
    ["explain"],
    ["print", "x"],
    ["find", "isinstance(o, str)"],
    ["source", "--extract"],
    ["convert"],
    ["redact"],
    ["elf"],
]


def commands(name: str) -> List[List[str]]:
    """Of files with a hundred thousand threads or frames nobody wants all: writing these out takes its time."""
    return [["bt"], ["info"], ["print", "x"]] if "100000" in name else COMMANDS


def said(done: Done) -> Any:
    """0, or the message without the file's name."""
    if done.status == 0:
        return 0
    return "".join(done.err.decode().splitlines()[:1]).partition(".dump: ")[2]


def work(pid: int) -> float:
    """Seconds of a processor that a process has taken so far."""
    with open("/proc/%d/stat" % pid) as stream:
        fields = stream.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Bytes that it has at most had, since it was last asked."""
    with open("/proc/%d/status" % pid) as stream:
        peak = next(line for line in stream if line.startswith("VmHWM"))
    with open("/proc/%d/clear_refs" % pid, "w") as stream:
        stream.write("5")
    return int(peak.split()[1]) << 10


def packet(text: str) -> bytes:
    """As gdb's remote protocol has it."""
    return b"$%s#%02x" % (text.encode(), sum(text.encode()) % 256)


class Corpus(Case):
    expected: Dict[str, Any]
    files: Dict[str, str]

    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.files = {}
        for name, data in generate.files().items():
            kept = os.path.join(generate.FOLDER, name + ".dump")
            cls.files[name] = kept if len(data) <= generate.SMALL else os.path.join(folder.name, name + ".dump")
            if cls.files[name] != kept:
                with open(cls.files[name], "wb") as file:
                    file.write(data)
        with open(EXPECTATIONS, encoding="utf-8") as table:
            cls.expected = json.load(table)

    def bounded(self, done: Done, what: str) -> None:
        self.assertIn(done.status, (0, 1, 3), (what, done))
        self.assertNotIn(b"panicked", done.err, what)
        self.assertLess(done.work, SECONDS, what)
        self.assertLess(done.memory, BYTES, what)
        # JSON is for programs: its texts are what the file has, without the controls.
        shown = (
            re.sub("[\u202a-\u202e\u2066-\u2069]", "", done.out.decode("utf-8"))
            if "--json" in what
            else done.out.decode("utf-8")
        )
        for text in (shown, done.err.decode("utf-8")):
            self.assertIsNone(UNPRINTABLE.search(text), what)
        if done.status == 3:
            self.assertEqual(len(done.err.splitlines()), 2, (what, done.err))

    def each(self, check: Any) -> None:
        """Two at once; all that is wrong, not the first alone."""
        wrong: List[str] = []

        def run(name: str) -> None:
            try:
                check(name, self.files[name])
            except (AssertionError, UnicodeDecodeError, ValueError) as error:
                wrong.append("%s: %s" % (name, str(error)[:500]))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(run, self.files))
        self.assertEqual(len(wrong), 0, "\n".join([""] + wrong[:40]))

    def test_all_are_there(self) -> None:
        self.assertEqual(set(self.files), set(self.expected))
        self.assertEqual([path for path in self.files.values() if not os.path.exists(path)], [])

    def test_each_command(self) -> None:
        def check(name: str, path: str) -> None:
            expected = self.expected[name]
            with tempfile.TemporaryDirectory() as folder:
                inside = os.path.join(folder, "in")
                for words in commands(name):
                    what = " ".join(words)
                    command, more = "".join(words[:1]), words[1:]
                    if command == "source":
                        more.append(inside)
                    if command in ("convert", "redact", "elf"):
                        more.append(os.path.join(folder, "to"))
                        with contextlib.suppress(FileNotFoundError):
                            os.remove(more[-1])
                    extra = ["-o"] if command == "elf" else []
                    done = call(*words[:1], path, *extra, *more)
                    self.bounded(done, what)
                    if command == "bt":
                        self.assertEqual(said(done), expected, what)
                    if done.status == 0 and "--json" in more:
                        json.loads(done.out)
                # Nothing was written but where it was told to.
                self.assertLessEqual(set(os.listdir(folder)), {"in", "to"})
                for place, folders, files in os.walk(inside):
                    for one in folders + files:
                        whole = os.path.join(place, one)
                        self.assertFalse(os.path.islink(whole), whole)
                        self.assertIsNone(UNPRINTABLE.search(one), whole)

        self.each(check)
        self.assertFalse(os.path.exists("canary"))

    def test_dap(self) -> None:
        def check(name: str, path: str) -> None:
            adapter = Adapter()
            try:
                try:
                    adapter.launch(dump=path)
                    for thread in adapter.ask("threads")["threads"][:3]:
                        for frame in adapter.frames(thread["id"], startFrame=0, levels=5)[:5]:
                            for reference in adapter.scopes(frame["id"]).values():
                                adapter.variables(reference, start=0, count=50)
                except Refused as refused:
                    self.assertNotEqual(self.expected[name], 0, str(refused))
                self.assertLess(work(adapter.process.pid), SECONDS)
                self.assertLess(memory(adapter.process.pid), BYTES)
            finally:
                self.assertEqual(adapter.end(), 0)

        self.each(check)

    def test_lsp(self) -> None:
        """One server, which is asked for all of them and answers to the last."""
        folders = {os.path.dirname(path) for path in self.files.values()}
        client = Client(*(word for folder in folders for word in ("--read", folder)))
        try:
            client.begin()
            opened, done = 0, work(client.process.pid)
            for name, path in self.files.items():
                try:
                    # By its id: the first that is open may be another, which is on its way out.
                    dump = client.command("openDump", path=path)["dump"]
                    client.command("frames", dump=dump)
                    client.command("closeDump", dump=dump)
                    opened += 1
                except NotOpened:
                    self.assertNotEqual(self.expected[name], 0, name)
                before, done = done, work(client.process.pid)
                self.assertLess(done - before, SECONDS, name)
            self.assertGreater(opened, 100)
        finally:
            client.close()

    def test_serve(self) -> None:
        """Its ports, and what gdb asks first."""

        def check(name: str, path: str) -> None:
            command = [BINARY, "serve", path]
            with subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            ) as server:
                try:
                    assert server.stdout is not None
                    said: List[str] = []
                    for line in server.stdout:
                        said.append(line.decode())
                        port = re.search(r"gdb.* 127\.0\.0\.1:(\d+)", said[-1])
                        if port is not None:
                            break
                    else:
                        self.assertNotEqual(self.expected[name], 0, said)
                        self.assertEqual((server.wait(60), len(said)), (3, 2), said)
                        return
                    with socket.create_connection(("127.0.0.1", int(port.group(1))), 60) as gdb:
                        for question in ("qSupported:xmlRegisters=i386", "?", "g", "qXfer:exec-file:read::0,fff"):
                            gdb.sendall(packet(question))
                            answer = b""
                            while not re.search(b"#..", answer):
                                more = gdb.recv(65536)
                                self.assertTrue(more, question)
                                answer += more
                            gdb.sendall(b"+")
                    self.assertLess(work(server.pid), SECONDS)
                    self.assertLess(memory(server.pid), BYTES)
                finally:
                    server.kill()

        self.each(check)

    def test_gdb(self) -> None:
        """The real one, on some."""
        if shutil.which("gdb") is None:
            self.fail("gdb is needed for this test")
        for name in (
            "inject-gdb-packet",
            "inject-dwarf",
            "inject-terminal",
            "v3-frame-function-wrong",
            "coredumpy-whole",
            "pyheap-whole",
        ):
            words = ["-nx", "-batch", "-ex", "bt", "-ex", "info locals"]
            command = [BINARY, "gdb", self.files[name], "--", *words]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
            self.assertIn(b"#0", done.stdout, (name, done))
            self.assertIsNone(UNPRINTABLE.search(done.stdout.decode("utf-8", "replace")), name)


def record() -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = {}
        for name, data in generate.files().items():
            path = os.path.join(folder, name + ".dump")
            with open(path, "wb") as file:
                file.write(data)
            done = call("bt", path, *commands(name)[0][1:])
            if done.status not in (0, 3) or done.work > SECONDS or done.memory > BYTES:
                sys.stdout.write("%s: status %d, %.1f s, %d MiB\n" % (name, done.status, done.work, done.memory >> 20))
            table[name] = said(done)
    with open(EXPECTATIONS, "w", encoding="utf-8") as file:
        json.dump(table, file, indent=0, ensure_ascii=True)
        file.write("\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--record"]:
        record()
    else:
        unittest.main()
