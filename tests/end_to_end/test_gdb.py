"""gdb, unmodified, on dumps: what it shows is what `crashsite bt --json` says. No scripts, no settings but for the limits of printing."""

import ast
import glob
import json
import os
import re
import select
import shutil
import subprocess
import sys
import time
import unittest
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from common import BINARY, ROOT, Case, call
from serving import environment, output

FIXTURES = sorted(glob.glob(os.path.join(ROOT, "tests", "fixtures", "captured", "*", "*.dump")))
GDB = shutil.which("gdb") or shutil.which("gdb-multiarch")
#: printed whole: gdb cuts what is longer than 200 characters, and counts repetitions
WHOLE = ["set print elements unlimited", "set print repeats unlimited", "set max-value-size unlimited", "set width 0"]
#: what a person is told who wants the program to run
REFUSED = "This is a post-mortem"
SECONDS = 120.0

FRAME = re.compile(r"^#(\d+)\s+0x[0-9a-f]+ in (.*?) \((.*)\)(?: at (.*):(\d+))?$")
#: one character of a text between quotes that is not itself
ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)
NAMED = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "e": 27}


class Shown(NamedTuple):
    """A frame as gdb shows it."""

    function: str
    file: Optional[str]
    line: Optional[int]
    variables: Dict[str, str]


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
        return output(line, self.dir, timeout)

    def answers(self, dump: str, *commands: str) -> List[str]:
        """The answer to each command."""
        marked: List[str] = []
        for command in commands:
            marked += ["echo \\n<<<>>>\\n", command]
        parts = self.gdb(dump, *marked, "echo \\n<<<>>>\\n").split("\n<<<>>>\n")
        self.assertEqual(len(parts), len(commands) + 2, parts[-1])
        return parts[1:-1]

    def dump(self, program: str, name: str = "made") -> str:
        """The dump of a program that fails."""
        script = self.write("program.py", program.encode("utf-8"))
        out = self.path(name)
        os.mkdir(out)
        run = [sys.executable, "-m", "crashsite", "run", script]
        path = {"CRASHSITE_DIR": out, "PYTHONPATH": os.path.join(ROOT, "python"), "PATH": os.environ["PATH"]}
        subprocess.run(run, env=path, stderr=subprocess.PIPE, timeout=SECONDS)
        (found,) = [name for name in os.listdir(out) if name.endswith(".dump")]
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
            return bool(found == wanted.encode("latin-1"))
        return bool(found == wanted.encode("utf-8", "surrogatepass"))
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
        if not wanted:
            # A file without stacks: what it holds is a frame.
            wanted = [{"name": "", "frames": [self.json("locals", dump)["frame"]]}]
            self.assertEqual(wanted[0]["frames"][0]["function"], "<pickle>")
        stacks = self.stacks(dump, len(wanted), [len(thread["frames"]) for thread in wanted])
        compared = 0
        for thread, stack in zip(wanted, stacks):
            for frame, shown in zip(thread["frames"], stack):
                where = "%s %s" % (thread["name"], frame["function"])
                self.assertEqual(shown.function, frame["qualname"] or frame["function"], where)
                self.assertEqual(shown.file or "", frame["file"].lstrip("/"), where)
                self.assertEqual(shown.line, frame["line"], where)
                for local in frame["locals"]:
                    self.assertIn(local["name"], shown.variables, where)
                    value = shown.variables[local["name"]]
                    equal = same(value, local)
                    if equal is not None:
                        compared += 1
                        self.assertTrue(equal, "%s %s: gdb shows %s" % (where, local, value))
        return compared


#: one of everything, and the same function with other types in each call
VALUES = """
import collections, threading

class Database:
    def __init__(self):
        self.host, self.port, self.spare = "localhost", 5432, None

class Config:
    def __init__(self):
        self.port, self.db, self.name, self.ratio, self.on = 8080, Database(), "gr\\u00f6\\u00dfe", 0.75, True

class Line:
    def __init__(self, sku, count):
        self.sku, self.count = sku, count

class Order:
    def __init__(self, number, lines):
        self.number, self.lines, self.next = number, lines, None

Point = collections.namedtuple("Point", "x y")

def walk(value, depth):
    if depth == 0:
        raise LookupError("bottom")
    walk([7, "seven", 7.5, None, [7], {"seven": 7}][depth - 1], depth - 1)

def shop(cfg, orders):
    mixed = [1, "two", 3.5, None, [4]]
    numbers, floats, flags = [1, -2, 3], [0.5, 1.5], [True, False]
    table = {"host": "here", "port": 80, "x-y": None, 5: "five"}
    point, empty, nothing, kinds = Point(1, "one"), [], {}, {2}
    big, negative, wide = 2 ** 100, -5, -(3 ** 200)
    text, data = "h\\u00e9llo \\u914d\\u7f6e \\"q\\" \\n\\U0001f600", b"\\x00ab\\xff"
    lengthy, rows = "abc" * 400, [{"a": 1, "b": "x"}, {"a": 2, "b": "longer"}]
    try:
        {}["key"]
    except KeyError:
        walk("top", 6)

def main():
    first, second = Order(1, [Line("TEA", 1), Line("CUPS", 2)]), Order(22, [])
    first.next = second
    shop(Config(), [first, second])

stop = threading.Event()
threading.Thread(target=stop.wait, name="waits for ever", daemon=True).start()
main()
"""


class Values(GdbCase):
    """What a person types."""

    def setUp(self) -> None:
        super().setUp()
        self.made = self.dump(VALUES)

    def test_drilling(self) -> None:
        """Attributes, elements, pairs, through as many objects as one likes."""
        wanted = {
            "p cfg.port": "8080",
            "p cfg.db.port": "5432",
            "p cfg->db->host": '"localhost"',
            "p cfg.db.spare": "None",
            "p cfg.name": '"größe"',
            "p cfg.ratio": "0.75",
            "p cfg.on": "True",
            "p orders[0].lines[1].sku": '"CUPS"',
            "p orders[0].lines[1].count + 1": "3",
            "p orders[0].next.number": "22",
            "p *orders[0].lines[0]": '{sku = "TEA", count = 1}',
            "p mixed": "{1, 'two', 3.5, None, [4]}",
            "p mixed[1]": "'two'",
            "p numbers": "{1, -2, 3}",
            "p floats[1] * 2": "3",
            "p flags": "{True, False}",
            "p table": """{host = "here", port = 80, 'x-y' = None, 5 = "five"}""",
            "p table.port": "80",
            "p point": '{x = 1, y = "one"}',
            "p empty": "[]",
            "p nothing": "{}",
            "p kinds": "{2}",
            "p big": str(2**100),
            "p negative": "-5",
            "p wide": str(-(3**200)),
            "p text": '"héllo 配置 \\"q\\" \\n😀"',
            "p data": '"\\000ab\\377"',
            "p lengthy": '"%s"' % ("abc" * 400),
            "p rows[1].b": '"longer"',
            "p *rows[0]": '{a = 1, b = "x"}',
        }
        answers = self.answers(self.made, "frame function shop", *wanted)[1:]
        for (command, value), answer in zip(wanted.items(), answers):
            self.assertEqual(answer.strip().partition(" = ")[2], value, command)

    def test_labels(self) -> None:
        """A pointer shows the class and the id that the program knew."""
        (_, answer) = self.answers(self.made, "frame function shop", "p cfg.db")
        address = self.json("print", self.made, "cfg.db", "--frame", "7")["address"]
        self.assertIn("<Database at %s>" % address, answer)
        (_, answer) = self.answers(self.made, "frame function shop", "p orders[1].next")
        self.assertIn("<None>", answer)

    def test_one_function_with_other_types(self) -> None:
        """In each call of one function its argument has another type."""
        answers = self.answers(
            self.made, *(command for depth in range(7) for command in ("frame %d" % depth, "p value"))
        )
        values = [answer.strip().partition(" = ")[2] for answer in answers[1::2]]
        self.assertEqual(values, ["7", '"seven"', "7.5", "None", "{7}", "{seven = 7}", '"top"'])

    def test_threads(self) -> None:
        """Threads by name, the crashed one first, and the exception that came before as one more."""
        (answer,) = self.answers(self.made, "info threads")
        names = re.findall(r"\(([^()]*)\)\s+0x", answer)
        self.assertEqual(names, ["MainThread: LookupError", "waits for ever", "context: KeyError"])
        commands = ["thread 3", "bt", "monitor locals", 'eval "monitor bt --pc %lu", $pc']
        _, answer, values, stack = self.answers(self.made, *commands)
        self.assertIn("in shop (", answer)
        self.assertIn("#0 shop ", values)
        self.assertIn("KeyError (exception, thread 3)", stack)

    def test_source(self) -> None:
        """`list` finds the source, which is nowhere but in the dump."""
        os.rename(self.path("program.py"), self.path("gone.py"))
        (answer,) = self.answers(self.made, "list")
        self.assertIn('raise LookupError("bottom")', answer)
        ((where),) = self.answers(self.made, "info source")
        found = re.search(r"Located in (.*)", where)
        assert found
        self.assertTrue(found.group(1).startswith(self.dir))
        self.assertFalse(os.stat(found.group(1)).st_mode & 0o222, "it can be written to")

    def test_own_source(self) -> None:
        """A file of this machine that has the content which crashed is shown itself, where it may be read; one that has
        changed is not."""

        def located(dump: str, *flags: str) -> str:
            line = [BINARY, "gdb", dump, *flags, "--", "-nx", "-batch", "-ex", "list", "-ex", "info source"]
            found = re.search(r"Located in (.*)", output(line, self.dir))
            assert found
            return found.group(1)

        made = self.dump(VALUES, "own")
        program, moved = self.path("program.py"), self.path("moved/program.py")
        self.assertEqual(located(made, "--read", self.dir), os.path.realpath(program))
        self.assertIn("/cache/", located(made))
        os.mkdir(self.path("moved"))
        os.rename(program, moved)
        mapping = "--path-mapping=%s=%s" % (self.dir, self.path("moved"))
        self.assertIn("/cache/", located(made))
        self.assertEqual(located(made, mapping), os.path.realpath(moved))
        with open(moved, "a", encoding="utf-8") as stream:
            stream.write("# changed\n")
        self.assertIn("/cache/", located(made, mapping))
        self.assertTrue(os.stat(moved).st_mode & 0o200, "the user's own file was changed")

    def test_registers_and_memory(self) -> None:
        """Registers, the frame, bytes of a text and of bytes in each frame that has them."""
        answers = self.answers(
            self.made,
            "frame function shop",
            "p $pc",
            "info frame",
            "info registers",
            "x/s text",
            "x/4xb data",
            "p/x data",
        )
        _, pc, frame, registers, text, data, whole = answers
        address = re.search(r"0x[0-9a-f]+", pc)
        assert address
        self.assertIn(address.group(0), frame)
        self.assertRegex(registers, r"(?m)^rip +%s" % address.group(0))
        self.assertRegex(registers, r"(?m)^rbp +0x7f")
        self.assertIn("called by frame at", frame)
        self.assertIn('"héllo 配置 \\"q\\" \\n😀"', text)
        self.assertEqual(data.split(":")[1].split(), ["0x00", "0x61", "0x62", "0xff"])
        self.assertIn("{0x0, 0x61, 0x62, 0xff, 0x0}", whole)

    def test_monitor(self) -> None:
        """The command line's own answers, in the frame that is selected in gdb."""
        answers = self.answers(
            self.made,
            "frame function shop",
            'eval "monitor print --pc %lu sum(line.count for line in orders[0].lines)", $pc',
            'eval "monitor locals --pc %lu", $pc',
            "monitor print --frame 7 cfg.db.port",
            "monitor bt",
            "monitor exception",
            "monitor threads",
            "monitor info",
            "monitor help",
            "monitor print 1 +",
            "monitor dance",
            "thread 3",
            "monitor locals",
        )
        _, total, variables, port, bt, exception, threads, info, usage, wrong, unknown, _, of_exception = answers
        self.assertEqual(total.strip(), "3")
        self.assertEqual(variables.strip(), call("locals", self.made, "--frame", "7").out.decode("utf-8").strip())
        self.assertEqual(port.strip(), "5432")
        self.assertEqual(bt.strip(), call("bt", self.made).out.decode("utf-8").strip())
        self.assertTrue(exception.startswith("LookupError: bottom\nwhile handling KeyError"), exception)
        self.assertIn("waits for ever", threads)
        self.assertIn("crashsite-3", info)
        self.assertIn("monitor print EXPR", usage)
        self.assertIn("SyntaxError", wrong)
        self.assertIn("no monitor command dance", unknown)
        self.assertEqual(of_exception.strip(), call("locals", self.made, "--thread", "3").out.decode("utf-8").strip())

    def test_monitor_asks_the_dump_that_gdb_looks_at(self) -> None:
        """Also when its file has gone since."""
        asked = "monitor print --frame 7 cfg.db.port"
        before, _, after = self.answers(self.made, asked, "shell rm %s" % self.made, asked)
        self.assertEqual(before.strip(), "5432")
        self.assertEqual(after, before)

    def test_same_bytes(self) -> None:
        """The executable is the same each time; what debuggers are not needed for can read it."""
        one, two = self.path("one"), self.path("two")
        for path in (one, two):
            self.assertEqual(call("elf", self.made, "-o", path).status, 0)
        with open(one, "rb") as first, open(two, "rb") as second:
            data = first.read()
            self.assertEqual(data, second.read())
        self.assertEqual(data[:4], b"\x7fELF")
        self.assertEqual(call("elf", self.made, "-o", one).status, 1, "it was overwritten")


class Documentation(GdbCase):
    """docs/gdb.md."""

    PAGE = os.path.join(ROOT, "docs", "gdb.md")
    PLACE = re.compile(r"(<!-- transcript: begin.*?```text\n)(.*?)(```\n<!-- transcript: end)", re.DOTALL)

    def test_transcript(self) -> None:
        """What the page shows is what gdb shows; addresses of the program differ."""
        with open(os.path.join(ROOT, "tests", "end_to_end", "gdb_example.py"), encoding="utf-8") as stream:
            made = self.dump(stream.read(), "made")
        with open(self.PAGE, encoding="utf-8") as stream:
            page = stream.read()
        found = self.PLACE.search(page)
        assert found
        commands = re.findall(r"(?m)^\(gdb\) (.*)", found.group(2))
        self.assertGreater(len(commands), 10)
        shown = ""
        for command, answer in zip(commands, self.answers(made, *commands)):
            answer = answer.replace(self.dir.lstrip("/"), "srv/app").replace("program.py", "shop.py")
            answer = re.sub(r"at \S*/lib/python3", "at usr/lib/python3", answer)
            shown += "(gdb) %s\n%s" % (command, answer.lstrip("\n") if answer.strip() else "")
        if os.environ.get("CRASHSITE_UPDATE"):
            with open(self.PAGE, "w", encoding="utf-8") as stream:
                stream.write(self.PLACE.sub(lambda match: match.group(1) + shown + match.group(3), page))
            return
        self.assertEqual(self.same_for_all(found.group(2)), self.same_for_all(shown))

    @staticmethod
    def same_for_all(text: str) -> str:
        """Without what differs between two runs, and between Pythons."""
        text = re.sub(r"0x[0-9a-f]+", "0x", text)
        return re.sub(r"(?m)^(  2 .*stock-1\)).*", r"\1", text)


class Session(GdbCase):
    """gdb as a person has it: with a prompt."""

    def setUp(self) -> None:
        super().setUp()
        line = [str(GDB), "-nx", "-q", "-ex", "set confirm off", "-ex", "set pagination off"]
        self.process = subprocess.Popen(
            line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(self.dir),
            cwd=self.dir,
        )
        self.addCleanup(self.end)
        self.answer("")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            assert stream
            stream.close()

    def answer(self, command: str, seconds: float = 20.0) -> str:
        """What gdb says until it prompts again."""
        assert self.process.stdin and self.process.stdout
        if command:
            self.process.stdin.write(command.encode("utf-8") + b"\n")
            self.process.stdin.flush()
        found = b""
        end = time.monotonic() + seconds
        while not found.endswith(b"(gdb) "):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, end - time.monotonic()))
            self.assertTrue(ready, "%r: no prompt within %.0f s, but %r" % (command, seconds, found))
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            self.assertTrue(more, "%r: gdb has ended: %r" % (command, found))
            found += more
        return found.decode("utf-8", "replace")[: -len("(gdb) ")]

    def test_refused(self) -> None:
        """All that would run or change the program: a message and a prompt within two seconds, and the session goes on."""
        made = self.dump(VALUES)
        self.answer(served(made))
        here = self.answer("bt 1")
        runs = ["continue", "step", "next", "stepi", "nexti", "finish", "until", "advance main", "signal 0"]
        runs += ["break shop\ncontinue", "watch depth\ncontinue", "delete\ncontinue 3"]
        says = {
            "jump 3": "",
            "call walk(1, 2)": "Cannot access memory",
            "set var depth = 1": "Cannot access memory",
            "print depth = 1": "Cannot access memory",
            "print $rip = 1": "Could not write registers",
            "run": "does not support",
            "reverse-step": "does not support",
            "reverse-continue": "does not support",
            "record": "doesn't support",
            "generate-core-file": "Can't create",
        }
        for command, words in [*((command, REFUSED) for command in runs), *says.items()]:
            parts = command.split("\n")
            for part in parts[:-1]:
                self.answer(part, 2.0)
            answer = self.answer(parts[-1], 2.0)
            self.assertIn(words, answer, command)
            self.assertTrue(answer.strip(), command)
            self.assertEqual(self.answer("bt 1", 2.0), here, "after %s" % command)
        self.assertEqual(os.listdir(self.dir).count("core"), 0)

    def test_leaving_and_coming_back(self) -> None:
        """kill, detach, disconnect, and again."""
        made = self.dump(VALUES)
        for leave in ("detach", "disconnect", "kill"):
            self.assertIn("in walk (", self.answer(served(made)), leave)
            self.answer(leave)
            self.assertIn("No", self.answer("bt"), leave)


class Launch(GdbCase):
    """One command."""

    def test_one_command(self) -> None:
        """crashsite gdb DUMP -- arguments of gdb."""
        made = self.dump(VALUES)
        line = [BINARY, "gdb", made, "--", "-nx", "-batch", "-ex", "bt 1", "-ex", "list"]
        done = subprocess.run(
            line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(self.dir), timeout=SECONDS
        )
        self.assertIn(b"in walk (value=7, depth=0) at ", done.stdout)
        self.assertIn(b'raise LookupError("bottom")', done.stdout)

    def test_awkward_name(self) -> None:
        """A dump with a name that a shell would take apart."""
        made = self.dump(VALUES)
        awkward = self.path('it\'s $HOME; "x" & .dump')
        os.rename(made, awkward)
        line = [BINARY, "gdb", awkward, "--", "-nx", "-batch", "-ex", "bt 1"]
        done = subprocess.run(
            line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(self.dir), timeout=SECONDS
        )
        self.assertIn(b"in walk (value=7, depth=0) at ", done.stdout)

    def test_no_gdb(self) -> None:
        """What to do where gdb is missing."""
        made = self.dump(VALUES)
        empty = dict(environment(self.dir), PATH=self.dir)
        done = subprocess.run([BINARY, "gdb", made], stderr=subprocess.PIPE, env=empty, timeout=SECONDS)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"apt install gdb", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 2)

    def test_no_place_for_sources(self) -> None:
        """Without a cache everything but the sources is there, and it says so."""
        made = self.dump(VALUES)
        home = self.write("file", b"")
        line = [BINARY, "gdb", made, "--", "-nx", "-batch", "-ex", "bt 1"]
        env = dict(environment(self.dir), XDG_CACHE_HOME=home)
        done = subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env, timeout=SECONDS)
        self.assertIn(b"gdb will not find the sources", done.stdout)
        self.assertIn(b"in walk (value=7, depth=0) at ", done.stdout)


class Size(GdbCase):
    """Large dumps."""

    #: a debug build is slower, and so is a machine that does other things beside
    PATIENCE = 4.0

    def timed(self, dump: str, *commands: str) -> Tuple[float, str]:
        start = time.monotonic()
        answer = self.gdb(dump, *commands)
        return time.monotonic() - start, answer

    def test_recursion(self) -> None:
        """Ten thousand frames deep, all of them shown."""
        made = self.dump(
            "import sys\nsys.setrecursionlimit(20000)\n"
            "def walk(n, text):\n    here = [n]\n    return walk(n - 1, text) if n else 1 // n\nwalk(9990, 'x')\n"
        )
        depth = len(self.json("bt", made)["threads"][0]["frames"])
        self.assertGreater(depth, 9000)
        seconds, answer = self.timed(made, "bt")
        self.assertEqual(len(re.findall(r"(?m)^#\d+ .* in walk \(n=", answer)), 9991)
        self.assertLess(seconds, 2.0 * self.PATIENCE)

    def test_many_objects(self) -> None:
        """A dump of a million objects is looked at in a second more than a small one."""
        program = """
import crashsite, os
class Item:
    __slots__ = ("a", "b")
    def __init__(self, i):
        self.a, self.b = 1000 + i, str(i)
def run():
    items = [Item(i) for i in range(%d)]
    first = items[0]
    return first.c
try:
    run()
except AttributeError:
    limits = {"max_seconds": 60.0, "max_objects": 2_000_000, "max_bytes": 1 << 30}
    crashsite.save_dump(os.path.join(os.environ["CRASHSITE_DIR"], "x.dump"), limits=limits)
"""
        small, large = self.dump(program % 10, "small"), self.dump(program % 330_000, "large")
        self.assertGreater(self.json("info", large)["holds"]["objects"], 990_000)
        commands = ["bt", "info locals", "p items[0].b"]
        before, _ = self.timed(small, *commands)
        after, answer = self.timed(large, *commands)
        self.assertIn('"0"', answer)
        self.assertLess(after - before, 1.0 * self.PATIENCE)


if __name__ == "__main__":
    unittest.main()
