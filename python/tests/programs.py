"""Small programs that fail, and what a test needs to run them."""

import os
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, List, Optional

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from crashsite import reader

PYPY = sys.implementation.name == "pypy"


class Case(unittest.TestCase):
    """A test with a directory of its own."""

    def setUp(self) -> None:
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        self.dir = os.path.realpath(self._directory.name)

    def path(self, name: str) -> str:
        return os.path.join(self.dir, name)

    def write(self, name: str, text: str) -> str:
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(text)
        return path

    def run_python(
        self, *arguments: str, env: Optional[Dict[str, str]] = None, status: Optional[int] = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run this Python on a program that can import the package; `status` is what it has to exit with."""
        full = {key: value for key, value in os.environ.items() if not key.startswith("CRASHSITE")}
        full.update(PYTHONPATH=ROOT, PYTHONIOENCODING="utf-8")
        full.update(env or {})
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.dir,
            env=full,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=120,
        )
        if status is not None:
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def dumps(self, folder: str = "") -> List[str]:
        place = self.path(folder)
        return sorted(os.path.join(place, name) for name in os.listdir(place) if name.endswith(".dump"))

    def load(self, path: str) -> Any:
        """The dump, by the reference reader, with every opcode of every pickle checked against the allow-list."""
        dump = reader.load(path, check_opcodes=True)
        self.assertEqual([str(problem) for problem in dump.problems], [])
        return dump

    def only_dump(self) -> Any:
        found = self.dumps()
        self.assertEqual(len(found), 1, found)
        return self.load(found[0])


def local(frame: Dict[str, Any], name: str) -> Dict[str, Any]:
    """The value of a local in a frame of `bt`."""
    for value in frame["locals"]:
        if value["name"] == name:
            return dict(value)
    raise AssertionError("no local %r in %r" % (name, [value["name"] for value in frame["locals"]]))
