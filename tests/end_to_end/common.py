"""What the end-to-end tests share: the binary, and running it under a bound of time and memory."""

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from typing import List, NamedTuple, Optional

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "python"))

BINARY = os.environ.get("CRASHSITE_BINARY", "")
#: the long run: more mutations, more kills
LONG = bool(os.environ.get("CRASHSITE_LONG"))

#: bounds of one call on a small damaged file
SECONDS, BYTES = 2.0, 512 << 20


class Done(NamedTuple):
    """One call of the binary."""

    status: int
    out: bytes
    err: bytes
    seconds: float
    memory: int
    #: seconds of a processor, which a machine that is busy with something else does not make more
    work: float


#: Runs commands, a line of JSON each, and says how each went. It is a process of its own, because what a process has
#: used at most counts, on Linux, the memory of the one that it was forked from: this one stays small, a test may not.
_RUNNER = """
import json, os, subprocess, sys, time
for line in sys.stdin:
    command, out, err, timeout = json.loads(line)
    with open(out, "wb") as stdout, open(err, "wb") as stderr:
        start = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        pid = 0
        while not pid:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if not pid and time.monotonic() - start > timeout:
                process.kill()
                pid, status, usage = os.wait4(process.pid, 0)
            elif not pid:
                time.sleep(0.0005)
        seconds = time.monotonic() - start
    process.returncode = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
    work = usage.ru_utime + usage.ru_stime
    print(json.dumps([process.returncode, seconds, usage.ru_maxrss * 1024, work]), flush=True)
"""


class _Runner:
    """A process that runs the commands of one thread."""

    def __init__(self) -> None:
        command = [sys.executable, "-S", "-E", "-c", _RUNNER]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        atexit.register(self.end)

    def end(self) -> None:
        self.process.communicate()

    def run(self, command: List[str], timeout: float) -> Done:
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
            assert self.process.stdin and self.process.stdout
            self.process.stdin.write(json.dumps([command, out.name, err.name, timeout]).encode() + b"\n")
            self.process.stdin.flush()
            status, seconds, memory, work = json.loads(self.process.stdout.readline())
            return Done(status, out.read(), err.read(), seconds, memory, work)


_local = threading.local()


def call(*arguments: str, timeout: float = 60.0) -> Done:
    """Run the binary. `memory` is the largest resident set, in bytes; a status below 0 is a signal."""
    if not hasattr(_local, "runner"):
        _local.runner = _Runner()
    runner: _Runner = _local.runner
    return runner.run([BINARY, *arguments], timeout)


class Case(unittest.TestCase):
    """A test with the binary and a directory of its own."""

    def setUp(self) -> None:
        self.assertTrue(
            BINARY and os.path.exists(BINARY), "CRASHSITE_BINARY names no binary; run this by: cargo xtask test"
        )
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.dir = directory.name

    def path(self, name: str) -> str:
        return os.path.join(self.dir, name)

    def write(self, name: str, data: bytes) -> str:
        path = self.path(name)
        with open(path, "wb") as stream:
            stream.write(data)
        return path

    def refused(self, done: Done, *words: str) -> None:
        """Exit status 3, and two lines: what and where, and what to do."""
        self.assertEqual(done.status, 3, done)
        lines = done.err.decode("utf-8").splitlines()
        self.assertEqual(len(lines), 2, done.err)
        for word in words:
            self.assertIn(word, done.err.decode("utf-8"))

    def harmless(self, done: Done, what: str, statuses: Optional[List[int]] = None) -> None:
        """An answer or a refusal, in bounded time and memory; never a panic."""
        self.assertIn(done.status, statuses or [0, 1, 3], "%s: %r" % (what, done))
        self.assertNotIn(b"panicked", done.err, what)
        self.assertLess(done.seconds, SECONDS, what)
        self.assertLess(done.memory, BYTES, what)
