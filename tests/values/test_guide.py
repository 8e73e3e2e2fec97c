"""docs/guide.md shows what there is of arrays and frames: the transcripts are what the binary answers."""

import os
import re
import shlex
import subprocess
import unittest
from typing import List

from dumps import BINARY, ROOT, SECONDS, captured

GUIDE = os.path.join(ROOT, "docs", "guide.md")
TRANSCRIPT = re.compile(
    r"(<!-- transcript: begin[^\n]*values/test_guide.py[^\n]*-->\n)(.*?)(<!-- transcript: end -->)", re.DOTALL
)
COMMANDS = [
    ["print arrays.dump grid", "print arrays.dump 'many[:3]'", "print arrays.dump large[-1,-1]"],
    ["print frames.dump long", "print frames.dump 'orders[\"name\"][3]'", "print frames.dump steps"],
    [
        "print library.dump ident -f 10",
        "print library.dump jobs.queue -f 7",
        "print library.dump listed -f 1",
        "print library.dump row -f 3",
        "print library.dump line -f 4",
        "print models.dump model -f 2",
        "print models.dump loaded -f 1",
    ],
]


class Guide(unittest.TestCase):
    maxDiff = None

    def test_transcripts(self) -> None:
        with open(GUIDE, encoding="utf-8") as stream:
            page = stream.read()
        shown = [self.transcript(commands) for commands in COMMANDS]
        if os.environ.get("CRASHSITE_UPDATE"):
            new = iter(shown)
            with open(GUIDE, "w", encoding="utf-8") as stream:
                stream.write(TRANSCRIPT.sub(lambda match: match[1] + next(new) + match[3], page))
            return
        self.assertEqual([found[2] for found in TRANSCRIPT.finditer(page)], shown)

    def transcript(self, commands: List[str]) -> str:
        """Commands and their answers, on the dumps in the tree."""
        shown = ""
        for command in commands:
            verb, dump, *rest = shlex.split(command)
            (path,) = captured(dump.replace(".dump", ""))
            answer = subprocess.check_output([BINARY, verb, path, *rest], timeout=SECONDS).decode("utf-8")
            shown += "$ crashsite %s\n%s" % (command, answer)
        return "```text\n%s```\n" % shown


if __name__ == "__main__":
    unittest.main()
