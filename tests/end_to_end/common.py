"""What the end-to-end tests share: the binary, and running it under a bound of time and memory."""

import os
import subprocess
import sys
import tempfile
import time
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


def call(*arguments: str, timeout: float = 60.0) -> Done:
    """Run the binary. `memory` is the largest resident set, in bytes; a status below 0 is a signal."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        process = subprocess.Popen([BINARY, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - start > timeout:
                process.kill()
                _, status, usage = os.wait4(process.pid, 0)
                break
            time.sleep(0.0005)
        seconds = time.monotonic() - start
        process.returncode = os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
        out.seek(0)
        err.seek(0)
        return Done(process.returncode, out.read(), err.read(), seconds, usage.ru_maxrss * 1024)


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
