"""pdb, ipdb and pudb on dumps, as people type in them."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from typing import List

from bridged import BINARY, IPDB, PUDB, PYTHONS, ROOT, SECONDS, Case, canary, environment, packages, version


class PdbCase(Case):
    def session(self, python: str, dump: str, commands: List[str], *options: str) -> List[str]:
        """What pdb says before the first command, and the answer to each."""
        done = subprocess.run(
            [python, "-B", "-m", "crashsite", "debug", dump, *options],
            input="".join(command + "\n" for command in [*commands, "q"]).encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.dir,
            env=environment(self.dir),
            timeout=SECONDS,
        )
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode("utf-8").split("(Pdb) ")


class Scripted(PdbCase):
    """The same session on each Python."""

    def test_commands(self) -> None:
        for python in PYTHONS:
            with self.subTest(python=python):
                self.commands(python)

    def commands(self, python: str) -> None:
        commands = [
            "w",
            "u",
            "u",
            "d",
            "d",
            "d",
            "l",
            "ll",
            "p order.number",
            "pp table",
            "p [line.sku for line in order.lines]",
        ]
        commands += [
            "args",
            "whatis order",
            "p orders[1] is order",
            "n",
            "c",
            "threads",
            "thread 2",
            "where",
            "p timeout",
            "thread 7",
            "thread 1",
        ]
        said = self.session(python, self.dump, commands)
        answers = dict(zip(commands, said[1:]))
        shop = "/crashsite" + self.dir + "/shop.py"
        self.assertIn('shop.py", line 26, in share\n    weights[line.sku] = line.pieces / total', said[0])
        self.assertIn("OrderFailed: (2, {'x-y': None, (1, 2): 'größe'})\n> %s(37)process()\n" % shop, said[0])
        places = re.findall(r"(\S+/shop\.py)\((\d+)\)(\S+)\(\)", answers["w"])
        self.assertEqual(places, [(shop, "49", "<module>"), (shop, "41", "main"), (shop, "37", "process")])
        self.assertEqual(answers["p order.number"], "2\n")
        self.assertEqual(answers["pp table"], "{'x-y': None, (1, 2): 'größe'}\n")
        self.assertEqual(answers["p [line.sku for line in order.lines]"], "['GIFT']\n")
        self.assertRegex(answers["args"], r"^orders = \[(<__main__\.Order object at 0x\w+>(, )?){2}\]\nlimit = 10\n$")
        self.assertEqual(answers["whatis order"], "<class '__main__.Order'>\n")
        self.assertEqual(answers["p orders[1] is order"], "True\n")
        self.assertRegex(answers["l"], r" 37  ->\t            raise OrderFailed\(order\.number, table\) from error\n")
        self.assertIn("def process(orders, *, limit=10):\n", answers["ll"])
        self.assertNotIn("def main():", answers["ll"])
        for dead in ("n", "c"):
            self.assertIn("post-mortem: the program is dead", answers[dead])
        self.assertRegex(
            answers["threads"], r"-> 1 MainThread \(crashed\): process\(\) at .*\n   2 stock-1: wait\(\) at "
        )
        self.assertIn("wait()\n", answers["thread 2"])
        self.assertEqual(answers["p timeout"], "None\n")
        self.assertEqual(answers["thread 7"], "*** no thread 7; `threads` lists them\n")
        self.assertIn("(37)process()", answers["thread 1"])

    def test_interact(self) -> None:
        """A prompt of Python's own in a frame, until the end of the input."""
        for python in PYTHONS:
            with self.subTest(python=python):
                done = subprocess.run(
                    [python, "-B", "-m", "crashsite", "debug", self.dump],
                    input=b"interact\nprint(sum(line.price for line in order.lines), len(orders))\n",
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    env=environment(self.dir),
                    cwd=self.dir,
                    timeout=SECONDS,
                )
                self.assertIn(b"50.0 2\n", done.stdout)

    def test_exceptions(self) -> None:
        """The command of 3.13: from an exception to its cause."""
        newer = [python for python in PYTHONS if version(python) >= (3, 13)]
        if not newer:
            self.skipTest("there is no Python 3.13")
        said = self.session(newer[-1], self.dump, ["exceptions", "exceptions 0", "p line.sku, total", "exceptions 1"])
        self.assertEqual(
            said[1],
            "    0 ZeroDivisionError('division by zero')\n>   1 OrderFailed(2, {'x-y': None, (1, 2): 'größe'})\n",
        )
        self.assertIn("(26)share()\n", said[2])
        self.assertEqual(said[3], "('GIFT', 0)\n")
        self.assertIn("(37)process()\n", said[4])

    def test_python_2(self) -> None:
        """A dump of pyheapdump's, from Python 2.7, by way of the backend."""
        self.assertTrue(os.path.exists(BINARY), "CRASHSITE_BINARY names no binary; run this by: cargo xtask test")
        dump = os.path.join(ROOT, "tests", "fixtures", "captured", "pyheapdump-2.7", "medium.dump")
        commands = ["p len(heap), len(index)", "u", "p s", "threads"]
        said = self.session(PYTHONS[-1], dump, commands, "--reader", BINARY)
        self.assertIn(
            "ZeroDivisionError: integer division or modulo by zero\n> /crashsite/gen.py(66)big_run()", said[0]
        )
        self.assertRegex(said[1], r"^\((\d+), \1\)\n$")
        self.assertIn("(273)main()", said[2])
        self.assertEqual(said[3], "b'medium'\n")

    def test_canary(self) -> None:
        """In a folder whose modules run when they are imported, and whose names are those of the dump."""
        dump, trace = canary(self.dir)
        commands = [
            "w",
            "ll",
            "l",
            "args",
            "u",
            "ll",
            "p locals()",
            "pp value3",
            "threads",
            "thread 2",
            "w",
            "ll",
            "args",
        ]
        for python in PYTHONS:
            with self.subTest(python=python):
                said = self.session(python, dump, commands)
                self.assertEqual(len(said), len(commands) + 2)
                self.assertNotIn("\x1b", "".join(said))
                self.assertFalse(os.path.exists(trace), "code of the dump was run")


class Documentation(PdbCase):
    """docs/debuggers.md."""

    PAGE = os.path.join(ROOT, "docs", "debuggers.md")
    PLACE = re.compile(r"(<!-- transcript: begin.*?```text\n)(.*?)(```\n<!-- transcript: end)", re.DOTALL)

    def test_transcript(self) -> None:
        """What the page shows is what pdb shows."""
        if version(PYTHONS[-1]) < (3, 13):
            self.skipTest("the page shows pdb of 3.13")
        with open(self.PAGE, encoding="utf-8") as stream:
            page = stream.read()
        found = self.PLACE.search(page)
        assert found
        commands = re.findall(r"(?m)^\(Pdb\) (.*)", found.group(2))[:-1]
        self.assertGreater(len(commands), 8)
        said = self.session(PYTHONS[-1], self.dump, commands)
        shown = said[0] + "".join("(Pdb) %s\n%s" % pair for pair in zip(commands, said[1:])) + "(Pdb) q\n"
        shown = shown.replace(self.dir, "/srv/app")
        shown = re.sub(r"/crashsite/\S*/lib/python3|(?<= )/\S*/lib/python3", "/usr/lib/python3", shown)
        if os.environ.get("CRASHSITE_UPDATE"):
            with open(self.PAGE, "w", encoding="utf-8") as stream:
                stream.write(self.PLACE.sub(lambda match: match.group(1) + shown + match.group(3), page))
            return
        self.assertEqual(self.same_for_all(found.group(2)), self.same_for_all(shown))

    @staticmethod
    def same_for_all(text: str) -> str:
        """Without what differs between two runs, and between Pythons."""
        text = re.sub(r"0x[0-9a-f]+", "0x", text)
        return re.sub(r"(wait\(\) at ).*|(?m:^> .*wait\(\)$)", r"\1", text)


class Terminal(PdbCase):
    """Debuggers that want a terminal."""

    def start(self, debugger: str, package: str) -> None:
        command = [PYTHONS[-1], "-B", "-m", "crashsite", "debug", self.dump, "--debugger", debugger]
        place = packages(PYTHONS[-1], package)
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(self.dir)
            os.execvpe(command[0], command, dict(environment(self.dir, place), LINES="40", COLUMNS="120"))
        self.addCleanup(self.end)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.said = ""

    def end(self) -> None:
        os.close(self.terminal)
        try:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        except (ProcessLookupError, ChildProcessError):
            pass

    def wait_for(self, pattern: str) -> None:
        """Until the terminal shows this; what it asks the terminal for is answered."""
        limit = time.monotonic() + SECONDS
        while not re.search(pattern, re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]", "", self.said)):
            self.assertLess(time.monotonic(), limit, "not shown: %s\n%r" % (pattern, self.said[-3000:]))
            if select.select([self.terminal], [], [], 0.2)[0]:
                try:
                    data = os.read(self.terminal, 65536)
                except OSError:
                    data = b""
                if not data:
                    raise AssertionError("it ended: %r" % self.said[-3000:])
                if b"\x1b[6n" in data:
                    os.write(self.terminal, b"\x1b[1;1R")
                self.said += data.decode("utf-8", "replace")

    def type(self, text: str) -> None:
        self.said = ""
        os.write(self.terminal, text.encode())

    def test_ipdb(self) -> None:
        self.start("ipdb", IPDB)
        self.wait_for("ipdb>")
        self.type("p order.number + 40\r")
        self.wait_for(r"42\s")
        self.type("threads\r")
        self.wait_for("2 stock-1: wait")
        self.type("thread 2\r")
        self.wait_for(r"wait\(")
        self.type("n\r")
        self.wait_for("the program is dead")

    def test_pudb(self) -> None:
        os.mkdir(os.path.join(self.dir, "pudb"))
        with open(os.path.join(self.dir, "pudb", "pudb.cfg"), "w", encoding="utf-8") as stream:
            stream.write("[pudb]\nseen_welcome = e999\n")
        self.start("pudb", PUDB)
        for shown in ("Variables:", r"orders: list", "Stack:", r"process shop\.py:37", "raise OrderFailed"):
            self.wait_for(shown)
