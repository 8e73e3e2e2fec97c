"""lldb, unmodified, on dumps: given the executable that `crashsite elf` writes, it shows what `crashsite bt --json` says."""

import json
import os
import re
import shutil
import subprocess
import unittest
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from common import ROOT, Case, call
from serving import CUSTOMERS, SECONDS, Server, crashed, environment, output

LLDB = shutil.which("lldb")
#: lldb 14 can lock itself up: its main thread and the one that prints where a program has stopped wait for each other, about
#: once in thirty runs, with nothing asked of the server. Such a one is ended, and another started.
ATTEMPTS, PATIENCE = 4, 15.0
FIXTURES = os.path.join(ROOT, "tests", "fixtures", "captured", "pyheapdump-2.7")

PROGRAM = (
    CUSTOMERS
    + """\
thread = threading.Thread(target=wait, args=(event, 60))
thread.start()
def charge(order, amount, retries=3):
    big, ratio, text, größe = 2 ** 100, 0.75, "zwei", -7
    mixed, prices, opts = [1, "zwei", None, [4]], [1999, 5, -7], {"host": "local", "port": 8080}
    return amount / len(order.customer.address.lines[3:])
def handle(order):
    charge(order, 1999)
try:
    handle(Order(17, Customer("Zoë 配置", Address("Köln", ["a", "b", "c"]))))
except ZeroDivisionError:
    crashsite.save_dump(PATH)
event.set()
"""
)

FRAME = re.compile(r"^ *\*? *frame #(\d+): 0x[0-9a-f]+ [^`]*`(.*?)(?:\((.*)\))? at (.*):(\d+)$")
VARIABLE = re.compile(r"^\((.+?)\) (\w+) = (.*)$")


class Shown(NamedTuple):
    """A frame as lldb shows it."""

    function: str
    file: str
    line: int


class Lldb(Case):
    """A session of lldb for each dump."""

    def setUp(self) -> None:
        super().setUp()
        self.assertTrue(LLDB, "there is no lldb: apt-get install lldb")

    def answers(self, dump: str, *commands: str, after: Sequence[str] = ()) -> List[str]:
        """What lldb answers to each command; what it says when it connects comes before.

        In its batch mode, lldb does nothing more once a program has stopped, except for `after`.
        """
        self.executable = self.path("executable")
        if os.path.exists(self.executable):
            os.remove(self.executable)
        made = subprocess.run(
            [os.environ["CRASHSITE_BINARY"], "elf", dump, "-o", self.executable],
            env=environment(self.dir),
            stdout=subprocess.PIPE,
            timeout=SECONDS,
        )
        self.assertEqual(made.returncode, 0)
        for attempt in range(ATTEMPTS):
            try:
                text = self.run_lldb(dump, commands, after)
                break
            except subprocess.TimeoutExpired:
                if attempt == ATTEMPTS - 1:
                    raise
        parts = re.split(r"(?m)^\(lldb\) .*\n", text)
        self.assertEqual(len(parts), len(commands) + len(after) + 3, text)
        return parts[2:]

    def run_lldb(self, dump: str, commands: Sequence[str], after: Sequence[str]) -> str:
        server = Server(dump, self.dir)
        try:
            line = [str(LLDB), "--no-lldbinit", "--batch", "-o", "target create " + self.executable]
            for option, given in (("-o", ("gdb-remote %d" % server.port, *commands)), ("-k", after)):
                for command in given:
                    line += [option, command]
            return output(line, self.dir, PATIENCE)
        finally:
            server.end()

    def json(self, *arguments: str) -> Any:
        done = call(*arguments, "--json")
        self.assertEqual(done.status, 0, done.err)
        return json.loads(done.out)

    def stacks(self, text: str) -> List[List[Shown]]:
        """What `bt all` shows."""
        stacks: List[List[Shown]] = []
        for line in text.splitlines():
            if re.match(r"^[* ] thread #%d\b" % (len(stacks) + 1), line):
                stacks.append([])
            match = FRAME.match(line)
            if match:
                self.assertEqual(int(match.group(1)), len(stacks[-1]), line)
                stacks[-1].append(Shown(match.group(2), match.group(4), int(match.group(5))))
        return stacks

    def variables(self, text: str) -> Dict[str, Tuple[str, str]]:
        """What `frame variable` shows: type and value; of a struct, its first line."""
        found: Dict[str, Tuple[str, str]] = {}
        for line in text.splitlines():
            match = VARIABLE.match(line)
            if match:
                found[match.group(2)] = match.group(1), match.group(3)
        return found

    def compare(self, dump: str) -> int:
        """Every frame of every thread, and in the first five frames of the first, every local."""
        threads = self.json("bt", "--all", "--locals", dump)["threads"]
        frames = threads[0]["frames"][:5]
        commands = ["bt all", "thread select 1"]
        for number in range(len(frames)):
            commands += ["frame select %d" % number, "frame variable"]
        answers = self.answers(dump, *commands)
        stacks = self.stacks(answers[1])
        wanted = [
            [
                Shown(frame["qualname"] or frame["function"], os.path.basename(frame["file"]), frame["line"])
                for frame in thread["frames"]
            ]
            for thread in threads
        ]
        self.assertEqual(stacks[: len(wanted)], wanted)
        compared = 0
        for frame, answer in zip(frames, answers[4::2]):
            shown = self.variables(answer)
            for local in frame["locals"]:
                self.assertIn(local["name"], shown, answer)
                equal = same(shown[local["name"]][1], local)
                if equal is not None:
                    compared += 1
                    self.assertTrue(equal, (local, shown[local["name"]]))
        return compared

    def test_fixtures(self) -> None:
        compared = 0
        for name in ("simple", "threads-only", "deep"):
            with self.subTest(name):
                compared += self.compare(os.path.join(FIXTURES, name + ".dump"))
        self.assertGreater(compared, 20)

    def test_values(self) -> None:
        """What a program of this Python held: through as many objects as one likes."""
        dump = crashed(self.dir, PROGRAM)
        self.assertGreater(self.compare(dump), 5)
        expressions = {
            "order.number": "17",
            "order.paid": "False",
            "order.customer->name": '"Zoë 配置"',
            "order.customer->address->city": '"Köln"',
            "order.customer->rating": "4.5",
            "big": str(2**100),
            "größe + 1": "-6",
            "opts.port": "8080",
            "prices[2]": "-7",
            "mixed[1]": "'zwei'",
        }
        commands = ["p " + expression for expression in expressions]
        commands += ["thread list", "source list -n charge", "continue"]
        answers = self.answers(dump, *commands, after=["bt", "register read rip"])
        for (expression, value), answer in zip(expressions.items(), answers[1:]):
            self.assertRegex(answer, r"^\(.+\) \$\d+ = %s\n$" % re.escape(value), expression)
        threads, source, refused, stack, register = answers[len(expressions) + 1 :]
        self.assertRegex(threads, r"(?m)^\* thread #1: .*`charge\(order=.*amount=1999, retries=3\) at program.py:\d+")
        self.assertRegex(threads, r"(?m)^  thread #2: .*`\w")
        self.assertIn("This is a post-mortem", refused)
        self.assertIn("SIGABRT", refused)
        self.assertEqual([frame.function for frame in self.stacks(stack)[0]], ["charge", "handle", "<module>"])
        self.assertRegex(source, r"18\s+\tdef charge")
        self.assertRegex(register, r"rip = 0x\w+ +\w+`charge \+ 8 at program.py")


def same(shown: str, value: Dict[str, Any]) -> Optional[bool]:
    """Whether lldb shows a scalar's value; None for what is no scalar, or too long for either."""
    kind, text = value["type"], value["repr"]
    if value["module"] not in ("builtins", "__builtin__") or value["status"] != "ok" or text.endswith("…"):
        return None
    if kind == "int" and abs(int(text)) < 2**127:
        return bool(shown == text)
    if kind == "float":
        return bool(float(shown) == float(text))
    if kind in ("bool", "NoneType"):
        return bool(shown == text)
    if kind == "str" and re.match(r"'[ -&(-\[\]-~]*'$", text):
        return bool(shown == '"%s"' % text[1:-1])
    return None


if __name__ == "__main__":
    unittest.main()
