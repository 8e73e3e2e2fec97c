"""gdb, unmodified, on dumps: what it shows is what `crashsite bt --json` says. No scripts, no settings but for the limits of printing."""

import ast
import glob
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import time
import unittest
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from common import BINARY, ROOT, Case, call

import crashsite

FIXTURES = sorted(glob.glob(os.path.join(ROOT, "tests", "fixtures", "captured", "*", "*.dump")))
GDB = shutil.which("gdb") or shutil.which("gdb-multiarch")
#: printed whole: gdb cuts what is longer than 200 characters, and counts repetitions
WHOLE = ["set print elements unlimited", "set print repeats unlimited", "set max-value-size unlimited", "set width 0"]
#: what a person is told who wants the program to run
REFUSED = "This is a post-mortem"
SECONDS = 120.0

FRAME = re.compile(r"^#(\d+)\s+0x[0-9a-f]+ in (.*?) \((.*)\)(?: at (.*):(\d+))?$")
#: a value shown as one line may be anything; these are not compared as values
ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)
NAMED = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "e": 27}


class Shown(NamedTuple):
    """A frame as gdb shows it."""

    function: str
    file: Optional[str]
    line: Optional[int]
    variables: Dict[str, str]


def environment(home: str) -> Dict[str, str]:
    return dict(os.environ, LC_ALL="C.UTF-8", HOME=home, XDG_CACHE_HOME=os.path.join(home, "cache"), TERM="dumb")


def served(dump: str) -> str:
    return "target remote | %s gdb --stdio %s" % (BINARY, dump)


def literal(shown: str) -> Optional[bytes]:
    """The bytes of a text that gdb shows between quotes."""
    if not (shown.startswith('"') and shown.endswith('"') and len(shown) > 1):
        return None
    found = bytearray()
    rest = shown[1:-1]
    while rest:
        match = ESCAPE.match(rest)
        if match:
            code = match.group(1)
            found += bytes([int(code, 8) if len(code) == 3 else NAMED.get(code, ord(code[0]))])
            rest = rest[match.end() :]
        else:
            found += rest[0].encode("utf-8", "surrogateescape")
            rest = rest[1:]
    return bytes(found)


class GdbCase(Case):
    """A test with a home directory for gdb and for the sources that it is shown."""

    def setUp(self) -> None:
        super().setUp()
        self.assertTrue(GDB, "there is no gdb: apt install gdb")

    def gdb(self, dump: str, *commands: str, timeout: float = SECONDS) -> str:
        """What gdb answers to commands, that is, to one after the other as if they had been typed."""
        line = [str(GDB), "-nx", "-q", "-batch"]
        for command in [*WHOLE, served(dump), *commands]:
            line += ["-ex", command]
        done = subprocess.run(
            line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(self.dir), timeout=timeout
        )
        return done.stdout.decode("utf-8", "surrogateescape")

    def answers(self, dump: str, *commands: str) -> List[str]:
        """The answer to each command."""
        marked: List[str] = []
        for command in commands:
            marked += ["echo \\n<<<>>>\\n", command]
        parts = self.gdb(dump, *marked, "echo \\n<<<>>>\\n").split("\n<<<>>>\n")
        self.assertEqual(len(parts), len(commands) + 2, parts[-1])
        return parts[1:-1]

    def dump(self, program: str, python: str = sys.executable) -> str:
        """The dump of a program that fails."""
        script = self.write("program.py", program.encode("utf-8"))
        out = self.path("made")
        run = [python, "-m", "crashsite", "run", script]
        path = {"CRASHSITE_DIR": out, "PYTHONPATH": os.path.join(ROOT, "python"), "PATH": os.environ["PATH"]}
        subprocess.run(run, env=path, stderr=subprocess.PIPE, timeout=SECONDS)
        (found,) = os.listdir(out)
        return os.path.join(out, found)

    def json(self, *arguments: str) -> Any:
        done = call(*arguments, "--json")
        self.assertEqual(done.status, 0, done.err)
        return json.loads(done.out)

    def stacks(self, dump: str, threads: int, frames: List[int]) -> List[List[Shown]]:
        """The stacks as gdb shows them, `frames` of each thread."""
        commands: List[str] = []
        for thread in range(1, threads + 1):
            commands += ["thread %d" % thread, "bt"]
            for number in range(frames[thread - 1]):
                commands += ["frame %d" % number, "info args", "info locals"]
        answers = iter(self.answers(dump, *commands))
        stacks = []
        for thread in range(threads):
            next(answers)
            matches = [FRAME.match(line) for line in next(answers).splitlines()]
            shown = [match for match in matches if match]
            stack = []
            for number in range(frames[thread]):
                next(answers)
                variables = {}
                for line in (next(answers) + "\n" + next(answers)).splitlines():
                    name, equals, value = line.partition(" = ")
                    if equals:
                        variables[name] = value
                match = shown[number] if number < len(shown) else None
                self.assertIsNotNone(match, "thread %d has no frame %d" % (thread + 1, number))
                assert match
                stack.append(
                    Shown(match.group(2), match.group(4), int(match.group(5)) if match.group(5) else None, variables)
                )
            self.assertEqual(len(shown), len(stack), "frames of thread %d" % (thread + 1))
            stacks.append(stack)
        return stacks


def same(shown: str, value: Dict[str, Any]) -> Optional[bool]:
    """Whether gdb shows a scalar's value; None for what is no scalar."""
    kind, text, module = value["type"], value["repr"], value["module"]
    if module not in ("builtins", "__builtin__") or value["status"] != "ok":
        return None
    if kind in ("int", "long"):
        if text.endswith("…"):
            return shown.startswith(text[:-1]) or None
        return bool(re.match(r"-?\d+$", shown)) and int(shown) == int(text.rstrip("L"))
    if kind == "float":
        return float(shown) == float(text) if text != "nan" else shown.lstrip("-").startswith("nan")
    if kind in ("bool", "NoneType"):
        return bool(shown == text)
    if kind in ("str", "bytes", "unicode"):
        found = literal(shown)
        if found is None or text.endswith("…"):
            return found is not None
        wanted = ast.literal_eval(text.lstrip("u") if kind == "unicode" else text)
        if isinstance(wanted, bytes):
            return found == wanted
        if module == "__builtin__" and kind == "str":
            return found == wanted.encode("latin-1")
        return found == wanted.encode("utf-8", "surrogatepass")
    return None


class Fixtures(GdbCase):
    """Every captured dump."""

    def test_stacks_and_values(self) -> None:
        """Each frame of each thread: function, file, line, every local, and the values of scalars."""
        self.assertTrue(FIXTURES)
        compared = 0
        for dump in FIXTURES:
            with self.subTest(dump=os.path.basename(dump)):
                compared += self.compare(dump)
        self.assertGreater(compared, 200)

    def compare(self, dump: str) -> int:
        wanted = self.json("bt", "--all", "--locals", dump)["threads"]
        stacks = self.stacks(dump, len(wanted), [len(thread["frames"]) for thread in wanted])
        compared = 0
        for thread, stack in zip(wanted, stacks):
            for frame, shown in zip(thread["frames"], stack):
                where = "%s %s" % (thread["name"], frame["function"])
                self.assertEqual(shown.function, frame["qualname"] or frame["function"], where)
                self.assertEqual(shown.file, frame["file"].lstrip("/"), where)
                self.assertEqual(shown.line, frame["line"], where)
                for local in frame["locals"]:
                    self.assertIn(local["name"], shown.variables, where)
                    value = shown.variables[local["name"]]
                    equal = same(value, local)
                    if equal is not None:
                        compared += 1
                        self.assertTrue(equal, "%s %s: gdb shows %s" % (where, local, value))
        return compared


if __name__ == "__main__":
    unittest.main()
