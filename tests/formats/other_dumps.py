"""What the tests of other tools' dumps share."""

import json
import os
import sys
from typing import Any, Dict, List

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path += [os.path.join(ROOT, "tests", "end_to_end"), os.path.join(ROOT, "tests", "debuggers")]

from bridged import packages as packages
from common import LONG as LONG
from common import Case, call

PROGRAM = os.path.join(HERE, "program.py")


def line_of(text: str) -> int:
    """In the program."""
    with open(PROGRAM, encoding="utf-8") as file:
        return next(number for number, line in enumerate(file, 1) if text in line)


class OtherDumps(Case):
    """Asks about dumps of the program."""

    def stack(self, path: str) -> Dict[str, Any]:
        done = call("bt", path, "--json", "--all", "--locals")
        self.assertEqual(done.status, 0, done)
        answer: Dict[str, Any] = json.loads(done.out)
        return answer

    def frames(self, answer: Dict[str, Any]) -> List[Any]:
        """Function and line of the first thread's frames, those of the program."""
        frames = answer["threads"][0]["frames"]
        return [(frame["function"], frame["line"]) for frame in frames if frame["file"] == PROGRAM]

    def local(self, answer: Dict[str, Any], name: str, frame: int = 0) -> Dict[str, Any]:
        found = {one["name"]: one for one in answer["threads"][0]["frames"][frame]["locals"]}
        local: Dict[str, Any] = found[name]
        return local

    def opens_everywhere(self, path: str) -> None:
        """Other commands, and the same again as version 3."""
        converted = self.path("converted.dump")
        done = call("convert", "--force", path, converted)
        self.assertEqual(done.status, 0, done)
        self.assertEqual(call("info", converted, "--check").status, 0)
        once, again = self.stack(path), self.stack(converted)
        for first, second in zip(once["threads"], again["threads"]):
            for one, other in zip(first["frames"], second["frames"]):
                names = [[local["name"], local["type"], local["repr"]] for local in one["locals"]]
                self.assertEqual(names, [[local["name"], local["type"], local["repr"]] for local in other["locals"]])
        for arguments in (["threads", path], ["find", path, "o == 5"], ["print", path, "table['k'][0] + rest[1]"]):
            done = call(*arguments)
            self.assertEqual(done.status, 0, done)
        self.assertEqual(done.out.strip(), b"4")
