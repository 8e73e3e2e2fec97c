"""docs/guide.md shows what there is of an array: the transcript is what the binary answers."""

import os
import re
import shlex
import subprocess
import unittest

from dumps import BINARY, CAPTURED, ROOT

GUIDE = os.path.join(ROOT, "docs", "guide.md")
TRANSCRIPT = re.compile(
    r"(<!-- transcript: begin[^\n]*values/test_guide.py[^\n]*-->\n)(.*?)(<!-- transcript: end -->)", re.DOTALL
)
COMMANDS = ["print arrays.dump grid", "print arrays.dump 'many[:3]'", "print arrays.dump large[-1,-1]"]


class Guide(unittest.TestCase):
    maxDiff = None

    def test_transcript(self) -> None:
        shown = ""
        for command in COMMANDS:
            verb, dump, expression = shlex.split(command)
            path = os.path.join(CAPTURED, dump.replace(".dump", "-numpy2.4.dump"))
            answer = subprocess.check_output([BINARY, verb, path, expression], timeout=60).decode("utf-8")
            shown += "$ crashsite %s\n%s" % (command, answer)
        shown = "```text\n%s```\n" % shown
        with open(GUIDE, encoding="utf-8") as stream:
            page = stream.read()
        found = TRANSCRIPT.search(page)
        assert found
        if os.environ.get("CRASHSITE_UPDATE"):
            with open(GUIDE, "w", encoding="utf-8") as stream:
                stream.write(TRANSCRIPT.sub(lambda match: match[1] + shown + match[3], page))
            return
        self.assertEqual(found[2], shown)


if __name__ == "__main__":
    unittest.main()
