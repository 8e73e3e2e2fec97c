"""gdb-scripts/crashsite.py in gdb: its commands answer as the command line does, its printers lead into mixed containers, and in a
gdb that debugs something else it does nothing."""

import os
import re
import subprocess
import sys
import unittest
from typing import List

from common import BINARY, ROOT, call
from serving import environment, output
from test_gdb import FIXTURES, GDB, SECONDS, GdbCase, served

SCRIPTS = os.path.join(ROOT, "gdb-scripts", "crashsite.py")
DOCS = os.path.join(ROOT, "docs", "gdb-scripts.md")
TRANSCRIPT = re.compile(r"(<!-- transcript: begin.*?```text\n)(.*?)(```\n<!-- transcript: end)", re.DOTALL)
ELSEWHERE = "This is no dump of Crashsite; to look at one: crashsite gdb DUMP"
#: of each stack, the innermost frames and the outermost
SHOWN = 4

SHOP = """import threading

import crashsite


class Item:
    def __init__(self, name, price):
        self.name = name
        self.price = price


class Shop:
    def __init__(self, rate):
        self.rate = rate

    def total(self, items, customer):
        try:
            return sum(item.price * self.rate for item in items)
        except AttributeError as error:
            raise ValueError("no total") from error


def checkout(shop):
    items = [Item("tea \\x1b[31m größe", 3.5), {"sku": Item("cup", 2)}, 7]
    items.append(items)
    shop.total(items, "Ada")


def waiting(ready, never):
    ready.set()
    never.wait()


ready = threading.Event()
threading.Thread(target=waiting, args=(ready, threading.Event()), name="wörker", daemon=True).start()
ready.wait()
try:
    checkout(Shop(2))
except ValueError:
    crashsite.save_dump("shop.dump")
"""


class ScriptsCase(GdbCase):
    """A gdb that has read the scripts."""

    def shop(self) -> str:
        script = self.write("shop.py", SHOP.encode("utf-8"))
        path = {"PYTHONPATH": os.path.join(ROOT, "python"), "PATH": os.environ["PATH"]}
        if not os.path.exists(self.path("shop.dump")):
            subprocess.run([sys.executable, script], cwd=self.dir, env=path, check=True, timeout=SECONDS)
        return self.path("shop.dump")

    def scripted(self, dump: str, *commands: str) -> List[str]:
        return self.answers(dump, "source %s" % SCRIPTS, *commands)[1:]

    def said(self, *arguments: str) -> str:
        """What the command line says, be it an answer or why there is none; gdb leaves out whose words these are."""
        done = call(*arguments)
        failure = done.err.decode("utf-8")
        return done.out.decode("utf-8") + (failure[len("crashsite: ") :] if done.status else failure)


class Commands(ScriptsCase):
    """py-bt and the others."""

    def test_every_frame(self) -> None:
        """Of each thread and frame: the answer is that of the command line for it."""
        frames = 0
        for dump in [self.shop(), *FIXTURES]:
            if os.sep + "pickle" + os.sep in dump:
                continue  # which has neither threads nor frames
            with self.subTest(dump=os.path.basename(dump)):
                frames += self.compare(dump)
        self.assertGreater(frames, 50)

    def compare(self, dump: str) -> int:
        commands = ["py-exception", "py-threads"]
        wanted = [None, self.said("threads", dump)]
        threads = self.json("bt", "--all", "--locals", dump)["threads"]
        for number, thread in enumerate(threads, 1):
            place = ["--thread", str(number)]
            commands += ["thread %d" % number, "py-bt", "py-bt-full"]
            wanted += [None, self.said("bt", *place, dump), self.said("bt", "--locals", *place, dump)]
            for frame in {*range(len(thread["frames"]))[:SHOWN], len(thread["frames"]) - 1} - {-1}:
                names = [local["name"] for local in thread["frames"][frame]["locals"] if local["name"].isidentifier()]
                asked = [*names[:2], "no such name", "1 +", "[1, '%d', *'ä\\x1b'][1:]"]
                commands += ["frame %d" % frame, "py-locals", *("py-print " + name for name in asked)]
                place = ["--thread", str(number), "--frame", str(frame)]
                wanted += [None, self.said("locals", *place, dump)]
                wanted += [self.said("print", *place, dump, name) for name in asked]
        answers = self.scripted(dump, *commands)
        self.assertIn(answers[0].strip(), self.said("bt", dump))
        self.assertEqual(bool(answers[0].strip()), self.json("bt", dump)["exception"] is not None)
        for command, answer, want in zip(commands, answers, wanted):
            if want is not None:
                self.assertEqual(answer, want, command)
        return sum(command.startswith("frame") for command in commands)

    def test_up_and_down(self) -> None:
        """The selected frame moves, and its ends are told."""
        asked = ["py-up", "py-locals", "py-up", "py-down", "py-locals", "py-down", "py-down", "py-up", "py-up", "py-up"]
        answers = self.scripted(self.shop(), *asked)
        heads = [answer.split(" at ")[0].split(" (")[0].split(" in ")[-1].strip() for answer in answers]
        self.assertEqual(heads[0], "checkout")
        self.assertTrue(answers[1].startswith("#1 checkout "), answers[1])
        self.assertEqual([heads[2], heads[3]], ["<module>", "checkout"])
        self.assertTrue(answers[4].startswith("#1 checkout "), answers[4])
        self.assertRegex(heads[5], r"^(Shop\.)?total$")
        self.assertEqual(answers[6], "Unable to find a newer python frame\n")
        self.assertEqual(heads[7:9], ["checkout", "<module>"])
        self.assertEqual(answers[9], "Unable to find an older python frame\n")

    def test_list(self) -> None:
        """The lines around the frame, from a line on, between lines; each with its number and its text."""
        program = SHOP.splitlines()
        spans = {"": (15, 25), "3": (3, 13), "39, 99": (39, 40), "1,2": (1, 2)}
        answers = self.scripted(self.shop(), *("py-list %s" % span for span in spans), "py-list 41", "py-list x")
        for answer, (first, last) in zip(answers, spans.values()):
            numbered = re.findall(r"^ +(\d+) (.) (.*)$", answer, re.MULTILINE)
            self.assertEqual(
                numbered,
                [(str(number), ">" if number == 20 else " ", program[number - 1]) for number in range(first, last + 1)],
            )
        self.assertIn("does not have these lines", answers[-2])
        self.assertIn("x names no lines", answers[-1])

    def test_misused(self) -> None:
        """What takes no argument says so, and help is there."""
        commands = ["py-bt", "py-bt-full", "py-locals", "py-exception", "py-threads"]
        for command, answer in zip(commands, self.scripted(self.shop(), *(command + " 3" for command in commands))):
            self.assertEqual(answer, "%s takes no argument\n" % command)
        helped = self.scripted(self.shop(), "py-print", "help py-list", "help user-defined", "help data")
        self.assertIn("<EXPR>", helped[0])
        self.assertIn("py-list START, END", helped[1])
        self.assertIn("py-print -- Print a Python variable or expression", helped[3])

    def test_elsewhere(self) -> None:
        """Without a target, and with another one: each command is one line, and nothing else changes."""
        commands = ["py-bt", "py-bt-full", "py-up", "py-down", "py-locals", "py-print 1", "py-list", "py-exception"]
        commands += ["py-threads", 'p $_crashsite("1")']
        for other in [[], ["-ex", "starti", sys.executable]]:
            line = [str(GDB), "-nx", "-q", "-batch", "-x", SCRIPTS, *other[:2]]
            for command in commands:
                line += ["-ex", "echo <<<>>>\\n", "-ex", command]
            line += ["-ex", "echo <<<>>>\\n", "-ex", 'p "as before"', *other[2:]]
            answers = output(line, self.dir, SECONDS).split("<<<>>>\n")[1:]
            self.assertEqual(answers[: len(commands)], [ELSEWHERE + "\n"] * len(commands))
            self.assertTrue(answers[-1].startswith('$1 = "as before"\n'), answers[-1])


class Printers(ScriptsCase):
    """What `print`, `bt` and front ends show."""

    def test_mixed(self) -> None:
        """A line leads to its object, one step deep; the container that it is in prints as without scripts."""
        asked = ["p items", "p items[0]", "p items[1]", "p items[2]", "p items[3]"]
        asked += ["p $_object(items[1]).sku->name", "p $_object(items[2])", "p $_object($_object(items[3])[0]).price"]
        answers = self.scripted(self.shop(), *asked)
        shown = [re.sub(r"^\$\d+ = ", "", re.sub(r"0x[0-9a-f]+", "0x", answer)).rstrip("\n") for answer in answers]
        item = "<__main__.Item object at 0x>"
        line = "[%s, {'sku': %s}, 7, [...]]" % (item, item)
        self.assertEqual(shown[0], "{%s, {'sku': %s}, 7, %s}" % (item, item, line))
        self.assertEqual(shown[1], item + ' = {name = "tea \\033[31m größe", price = 3.5}')
        self.assertEqual(shown[2], "{'sku': %s} = {sku = 0x <Item at 0x>}" % item)
        self.assertEqual(shown[3], "7")
        self.assertEqual(shown[4], "%s = {%s, {'sku': %s}, 7, %s}" % (line, item, item, line))
        self.assertEqual(shown[5], '"cup"')
        self.assertEqual(shown[6], "There is no more behind it than gdb shows.")
        self.assertEqual(shown[7], "3.5")

    def test_frames_as_before(self) -> None:
        """Of every dump and frame, `info args` and `info locals` show what gdb by itself shows."""
        for dump in [self.shop(), *FIXTURES]:
            threads = self.json("bt", "--all", dump)["threads"]
            commands = []
            for number, thread in enumerate(threads, 1):
                commands.append("thread %d" % number)
                for frame in range(len(thread["frames"]))[:SHOWN]:
                    commands += ["frame %d" % frame, "info args", "info locals"]
            plain, scripted = self.answers(dump, *commands), self.scripted(dump, *commands)
            for command, before, after in zip(commands, plain, scripted):
                if command.startswith("info"):
                    self.assertEqual(after, before, dump)

    def test_arguments(self) -> None:
        """Where gdb shows `...`: the text, or what the object is."""
        (answer,) = self.scripted(self.shop(), "bt")
        self.assertIn('total (self=<Shop>, items=<4 elements>, customer="Ada") at ', answer.splitlines()[0])

    def test_evaluate(self) -> None:
        """Numbers are numbers of gdb, all else is text, a failure is an error."""
        asked = ["len(items) * 2", "items[0].price", "2 ** 70", "-3", "customer", "1 / 0", "customer + "]
        answers = self.scripted(self.shop(), *('p $_crashsite("%s")' % expression for expression in asked))
        shown = [re.sub(r"^\$\d+ = ", "", answer).rstrip("\n") for answer in answers]
        self.assertEqual(shown[:5], ["8", "3.5", '"1180591620717411303424"', "-3", "\"'Ada'\""])
        self.assertIn("ZeroDivisionError", shown[5])
        self.assertIn("SyntaxError", shown[6])

    def test_front_end(self) -> None:
        """By MI, with pretty printing: texts are values, and what a line stands for unfolds, however deep."""
        asked = ["-enable-pretty-printing", "-var-create v * items"]
        asked += ["-var-list-children --all-values %s 0 100" % name for name in ["v", "v.[1]", "v.[3]", "v.[3].[0]"]]
        line = [str(GDB), "-nx", "-q", "-i", "mi3", "-x", SCRIPTS, "-ex", served(self.shop())]
        done = subprocess.run(
            line,
            input="\n".join([*asked, "-gdb-exit", ""]).encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(self.dir),
            timeout=SECONDS,
        )
        answers = [line for line in done.stdout.decode("utf-8").splitlines() if line.startswith("^")]
        self.assertEqual([answer[:5] for answer in answers], ["^done"] * len(asked) + ["^exit"], answers)
        found = [re.findall(r'exp="(.*?)",numchild="\d+",value="((?:[^"\\]|\\.)*)"', answer) for answer in answers]
        self.assertEqual(found[2], [("[0]", "{...}"), ("[1]", "{...}"), ("[2]", "7"), ("[3]", "{...}")])
        self.assertRegex(str(found[3]), r"^\[\('sku', '0x\w+ <Item at 0x\w+>'\)\]$")
        self.assertEqual(found[4], found[2])
        (name, price) = found[5]
        self.assertTrue(name[0] == "name" and name[1].startswith('\\"tea \\\\033[31m gr'), name)
        self.assertEqual(price, ("price", "3.5"))


class Started(ScriptsCase):
    """`crashsite gdb` brings the scripts."""

    def start(self, *arguments: str) -> str:
        line = [BINARY, "gdb", *arguments, "--", "-nx", "-batch", "-ex", "py-threads"]
        return output(line, self.dir, SECONDS)

    def test_scripts(self) -> None:
        """They are there from the start, unless they are not wanted, and are never others than those of the binary."""
        dump = self.shop()
        threads = self.said("threads", dump)
        self.assertIn(threads, self.start(dump))
        written = os.path.join(self.dir, "cache", "crashsite", "gdb-scripts", "crashsite.py")
        with open(written, "w") as stream:
            stream.write("print('not ours')\n")
        answer = self.start(dump)
        self.assertIn(threads, answer)
        self.assertNotIn("not ours", answer)
        with open(written) as found, open(SCRIPTS) as ours:
            self.assertEqual(found.read(), ours.read())
        # Nothing is left of how it was written.
        self.assertEqual(os.listdir(os.path.dirname(written)), ["crashsite.py"])
        self.assertIn('Undefined command: "py-threads"', self.start("--no-scripts", dump))

    @unittest.skipIf(sys.version_info < (3, 11), "older Pythons do not know qualified names of frames")
    def test_documented(self) -> None:
        """The transcript in the documentation is what gdb shows, but for addresses and directories."""
        with open(DOCS, encoding="utf-8") as stream:
            page = stream.read()
        found = TRANSCRIPT.search(page)
        assert found
        commands = re.findall(r"(?m)^\(gdb\) (.*)$", found.group(2))
        self.assertGreater(len(commands), 8)
        answers = self.scripted(self.shop(), *commands)
        shown = "".join("(gdb) %s\n%s" % pair for pair in zip(commands, answers))
        shown = shown.replace(self.dir, "/srv").replace(self.dir.lstrip("/"), "srv")
        shown = re.sub(r"0x7[0-9a-f]{8,}…?", "0x7f…", shown)
        shown = re.sub(r"id:\d+", "id:…", shown)
        if os.environ.get("CRASHSITE_UPDATE"):
            with open(DOCS, "w", encoding="utf-8") as stream:
                stream.write(TRANSCRIPT.sub(lambda match: match.group(1) + shown + match.group(3), page))
            return
        self.assertEqual(shown, found.group(2))


if __name__ == "__main__":
    unittest.main()
