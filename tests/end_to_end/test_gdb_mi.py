"""What editors speak with gdb: its machine interface, version 3. The answers are read as its grammar has them."""

import json
import os
import re
import subprocess
import threading
import unittest
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from common import BINARY, Case, call
from serving import CUSTOMERS, SECONDS, crashed, environment
from test_gdb import GDB, REFUSED

PROGRAM = (
    CUSTOMERS
    + """\
thread = threading.Thread(target=wait, args=(event, 60), name="mailer")
thread.start()
def charge(order, amount, retries=3):
    big = 2 ** 100
    share = amount / len(order.customer.address.lines[3:])
def handle(order):
    prices = [1999, 5, -7]
    charge(order, prices[0])
try:
    handle(Order(17, Customer("Zoë \\"Z\\" 配置", Address("Köln", ["a", "b", "c"]))))
except ZeroDivisionError:
    crashsite.save_dump(PATH)
event.set()
"""
)

#: what C's escapes stand for
ESCAPES = {"n": 10, "t": 9, "r": 13, "a": 7, "b": 8, "f": 12, "v": 11, "e": 27}


class Reader:
    """A line of output, read from its begin on."""

    def __init__(self, line: str) -> None:
        self.line, self.at = line, 0

    def take(self, pattern: str) -> Optional[str]:
        match = re.compile(pattern).match(self.line, self.at)
        if not match:
            return None
        self.at = match.end()
        return match.group()

    def must(self, pattern: str) -> str:
        found = self.take(pattern)
        if found is None:
            raise AssertionError("no %s at %d of %r" % (pattern, self.at, self.line))
        return found

    def value(self) -> Any:
        """A text, or what is in `{}` or `[]`."""
        if self.take(r"\{"):
            return dict(self.until(r"\}"))
        if self.take(r"\["):
            return [value for _, value in self.until(r"\]")]
        return self.text()

    def until(self, end: str) -> List[Tuple[str, Any]]:
        """Values with a comma between them; in a list, names may be left out."""
        found: List[Tuple[str, Any]] = []
        while self.take(end) is None:
            if found:
                self.must(",")
            name = self.take(r"[\w-]+(?==)") or ""
            if name:
                self.must("=")
            found.append((name, self.value()))
        return found

    def text(self) -> str:
        inside = self.must(r'"(?:[^"\\]|\\.)*"')[1:-1].encode("utf-8")

        def plain(match: "re.Match[bytes]") -> bytes:
            code = match.group(1).decode("utf-8")
            return bytes([int(code, 8)]) if code.isdigit() else bytes([ESCAPES.get(code, ord(code))])

        return re.sub(rb"\\([0-7]{3}|.)", plain, inside).decode("utf-8")


class Result(NamedTuple):
    """The answer to a command."""

    kind: str
    values: Dict[str, Any]
    console: str


class Machine:
    """gdb, as an editor starts it."""

    def __init__(self, home: str) -> None:
        command = [str(GDB), "-nx", "-q", "--interpreter=mi3"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(home)
        )
        self.token = 0
        # A gdb that hangs ends, and with it whoever reads its output.
        self.watch = threading.Timer(2 * SECONDS, self.process.kill)
        self.watch.start()

    def ask(self, command: str) -> Result:
        """Has a command done; what came before its answer is kept with it."""
        assert self.process.stdin and self.process.stdout
        self.token += 1
        self.process.stdin.write(("%d%s\n" % (self.token, command)).encode("utf-8"))
        self.process.stdin.flush()
        console = ""
        for raw in self.process.stdout:
            line = raw.decode("utf-8").rstrip("\n")
            reader = Reader(line)
            if reader.take("[~@&]"):
                console += reader.text()
            elif reader.take(r"%d\^" % self.token):
                kind = reader.must("[a-z]+")
                reader.take(",")
                return Result(kind, dict(reader.until("$")), console)
        raise AssertionError("gdb is gone: %s" % console)

    def stopped(self) -> Tuple[Dict[str, Any], str]:
        """Waits until gdb says that the program has stopped; what was said before that."""
        assert self.process.stdout
        console = ""
        for raw in self.process.stdout:
            reader = Reader(raw.decode("utf-8").rstrip("\n"))
            if reader.take("[~@&]"):
                console += reader.text()
            elif reader.take(r"\*stopped,"):
                return dict(reader.until("$")), console
        raise AssertionError("gdb is gone: %s" % console)

    def end(self) -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(b"-gdb-exit\n")
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.stdout.close()
        status = self.process.wait(SECONDS)
        self.watch.cancel()
        return status


class MachineInterface(Case):
    """An editor's session."""

    def setUp(self) -> None:
        super().setUp()
        self.assertTrue(GDB, "there is no gdb: apt install gdb")
        self.dump = crashed(self.dir, PROGRAM)
        self.machine = Machine(self.dir)
        self.addCleanup(self.machine.end)
        self.done("-gdb-set mi-async off")
        self.connect()

    def connect(self) -> None:
        connected = self.machine.ask("-target-select remote | %s gdb --stdio %s" % (BINARY, self.dump))
        self.assertEqual(connected.kind, "connected", connected)

    def done(self, command: str) -> Dict[str, Any]:
        result = self.machine.ask(command)
        self.assertEqual(result.kind, "done", (command, result))
        return result.values

    def test_threads(self) -> None:
        answer = self.done("-thread-info")
        self.assertEqual(answer["current-thread-id"], "1")
        shown = [(thread["id"], thread["details"], thread["state"]) for thread in answer["threads"]]
        self.assertEqual(shown, [("1", "MainThread: ZeroDivisionError", "stopped"), ("2", "mailer", "stopped")])
        self.assertEqual(answer["threads"][0]["frame"]["func"], "charge")

    def test_frames(self) -> None:
        """Those of each thread are those that `crashsite bt` has, and their files are there to be opened."""
        for number, thread in enumerate(self.answer("bt", "--all")["threads"], 1):
            self.done("-thread-select %d" % number)
            wanted = [
                (frame["qualname"] or frame["function"], frame["file"].lstrip("/"), str(frame["line"]))
                for frame in thread["frames"]
            ]
            frames = self.done("-stack-list-frames")["stack"]
            self.assertEqual([(frame["func"], frame["file"], frame["line"]) for frame in frames], wanted)
            for frame in frames:
                self.assertTrue(os.path.isfile(frame["fullname"]), frame)
            depth = self.done("-stack-info-depth")["depth"]
            self.assertEqual(depth, str(len(wanted)))

    def test_arguments_and_variables(self) -> None:
        stack = self.done("-stack-list-arguments --all-values")["stack-args"]
        names = [[one["name"] for one in frame["args"]] for frame in stack]
        self.assertEqual(names, [["order", "amount", "retries"], ["order"], []])
        self.assertEqual([one["value"] for one in stack[0]["args"][1:]], ["1999", "3"])
        found = {one["name"]: one for one in self.done("-stack-list-variables --all-values")["variables"]}
        self.assertEqual(sorted(found), ["amount", "big", "order", "retries"])
        self.assertEqual(found["big"], {"name": "big", "value": str(2**100)})
        self.assertEqual(found["amount"], {"name": "amount", "arg": "1", "value": "1999"})
        self.assertRegex(found["order"]["value"], r"^\{number = 17, customer = 0x\w+ <Customer at 0x\w+>, paid = False")
        found = self.done("-stack-list-variables --thread 1 --frame 1 --all-values")["variables"]
        self.assertIn({"name": "prices", "value": "{1999, 5, -7}"}, found)

    def test_an_object_opened_level_by_level(self) -> None:
        """What an editor's tree of variables asks for."""
        made = self.done("-var-create root * order")
        self.assertEqual((made["type"], made["numchild"]), ("struct Order", "4"))
        self.assertEqual(
            self.children("root"),
            {"number": "17", "customer": "<Customer>", "paid": "False", "note": "None"},
        )
        # Text is an array of characters, of which the tree shows the length; the text is that of its expression.
        self.assertEqual(self.children("root.customer"), {"name": "[16]", "address": "<Address>", "rating": "4.5"})
        path = self.done("-var-info-path-expression root.customer.name")["path_expr"]
        self.assertEqual(self.done('-data-evaluate-expression "%s"' % path)["value"], '"Zoë \\"Z\\" 配置"')
        self.assertEqual(self.children("root.customer.address"), {"city": "[6]", "lines": "<list>"})
        self.assertEqual(
            self.done("-var-info-path-expression root.customer.address.city")["path_expr"],
            "(((order).customer)->address)->city",
        )
        self.done("-var-create prices @ order.number")
        self.assertEqual(self.done("-var-update --all-values *")["changelist"], [])
        self.done("-var-delete root")

    def children(self, name: str) -> Dict[str, str]:
        """The children of a variable; of a pointer, its label without addresses."""
        listed = self.done("-var-list-children --all-values %s" % name)["children"]
        found = {}
        for child in listed:
            self.assertEqual(child["name"], "%s.%s" % (name, child["exp"]))
            pointer = re.match(r"0x\w+ (<\w+) [^>]*at 0x\w+>$", child["value"])
            found[child["exp"]] = pointer.group(1) + ">" if pointer else child["value"]
        return found

    def test_expressions(self) -> None:
        for expression, value in (
            ("order.customer.address.city", '"Köln"'),
            ("order.customer.rating * 2", "9"),
            ("amount + retries", "2002"),
            ("big", str(2**100)),
        ):
            self.assertEqual(self.done('-data-evaluate-expression "%s"' % expression)["value"], value)
        self.assertEqual(self.machine.ask("-data-evaluate-expression nobody").kind, "error")

    def test_what_would_run_it_is_refused(self) -> None:
        """Each ends with a message and a stop where it was, and the session goes on."""
        before = self.done("-stack-list-frames")
        for command in ("continue", "next", "step", "finish", "next-instruction", "step-instruction", "until"):
            self.assertEqual(self.machine.ask("-exec-" + command).kind, "running", command)
            stop, console = self.machine.stopped()
            self.assertIn(REFUSED, console, command)
            self.assertEqual((stop["reason"], stop["signal-name"]), ("signal-received", "SIGABRT"), command)
            self.assertEqual((stop["thread-id"], stop["frame"]["line"]), ("1", before["stack"][0]["line"]), command)
            self.assertEqual(self.done("-stack-list-frames"), before)
        self.assertEqual(self.machine.ask("-break-insert handle").kind, "done")
        refused = ("amount = 5", "handle(order)", "order.paid = 1")
        commands = ['-data-evaluate-expression "%s"' % expression for expression in refused]
        for command in [*commands, "-gdb-set var amount = 5", "-exec-next --reverse", "-exec-run"]:
            self.assertEqual(self.machine.ask(command).kind, "error", command)
        self.assertEqual(self.done("-data-evaluate-expression amount")["value"], "1999")
        self.done("-target-detach")
        self.connect()
        self.assertEqual(self.done("-stack-list-frames"), before)

    def answer(self, *arguments: str) -> Any:
        done = call(*arguments, "--json", self.dump)
        self.assertEqual(done.status, 0, done.err)
        return json.loads(done.out)


if __name__ == "__main__":
    unittest.main()
