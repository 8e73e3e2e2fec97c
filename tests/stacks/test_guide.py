"""docs/guide.md shows what a program was at that has tasks, threads and generators; and every front end has them as threads."""

import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "debuggers"))

from bridged import BINARY, PYTHONS, environment

GUIDE = os.path.join(ROOT, "docs", "guide.md")
TRANSCRIPT = re.compile(
    r"(<!-- transcript: begin[^\n]*stacks/test_guide.py[^\n]*-->\n```text\n)(.*?)(```\n<!-- transcript: end -->)",
    re.DOTALL,
)
COMMANDS = ("threads shop.dump", "bt shop.dump --thread report", "print shop.dump url --thread 'fetch /b' --frame 1")
NAMES = [
    "MainThread: ZeroDivisionError",
    "archiver",
    "task charge",
    "task Task-1",
    "task fetch /a",
    "task fetch /b",
    "task report",
]


class Guide(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = os.path.realpath(folder.name)
        script = os.path.join(self.dir, "shop.py")
        with open(os.path.join(ROOT, "tests", "stacks", "example.py")) as source, open(script, "w") as copy:
            copy.write(source.read())
        run = [PYTHONS[-1], "-B", script]
        subprocess.run(run, env=environment(self.dir), cwd=self.dir, stdout=subprocess.DEVNULL, timeout=60, check=True)

    def ask(self, *arguments: str) -> str:
        return subprocess.check_output([BINARY, *arguments], cwd=self.dir, timeout=60).decode("utf-8")

    def test_transcript(self) -> None:
        shown = ""
        for command in COMMANDS:
            answer = self.ask(*shlex.split(command))
            shown += "$ crashsite %s\n%s" % (command, answer)
        shown = re.sub(r"(?m)^note: redaction: .*\n\n", "", shown)  # the machine was slow just then
        shown = re.sub(r"id:\d+", "id:…", re.sub(r"0x[0-9a-f]{8,}", "0x7f…", shown)).replace(self.dir, "/srv")
        with open(GUIDE, encoding="utf-8") as stream:
            page = stream.read()
        found = TRANSCRIPT.search(page)
        assert found
        if os.environ.get("CRASHSITE_UPDATE"):
            with open(GUIDE, "w", encoding="utf-8") as stream:
                stream.write(TRANSCRIPT.sub(lambda match: match.group(1) + shown + match.group(3), page))
            return
        self.assertEqual(shown, found.group(2))

    def test_gdb_has_them_as_threads(self) -> None:
        path = os.path.join(self.dir, "shop.dump")
        command = ["gdb", "-nx", "-q", "-batch", "-ex", "set debuginfod enabled off", "-ex"]
        command += ["target remote | '%s' gdb --stdio '%s'" % (BINARY, path), "-ex", "info threads"]
        said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120).stdout.decode()
        for name in NAMES:
            self.assertIn("(%s) " % name, said)


if __name__ == "__main__":
    unittest.main()
