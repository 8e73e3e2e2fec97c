"""What an editor is answered about a crash: hovers, hints, lenses, diagnostics, calls, definitions, links, commands."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
from typing import Any, Dict, Iterator, List, Tuple

from client import ABILITIES, BINARY, Case, Client, Refused, at, everything
from crash import ROOT, SHOP, Crashed, crash, lines_of

FIXTURES = os.path.join(ROOT, "tests", "fixtures", "captured", "pyheapdump-2.7")


def shown(place: Any) -> str:
    """A range as `line:from-to`, counted from 1."""
    start, end = place["start"], place["end"]
    return "%d:%d-%d" % (start["line"] + 1, start["character"] + 1, end["character"] + 1)


def units(text: str) -> int:
    """What an editor counts in a text."""
    return len(text.encode("utf-16-le")) // 2


class Shop(Crashed):
    """One crash."""

    def place(self, part: str, word: str) -> Tuple[int, int]:
        """Line and character, from 0, of a word in the first line that has a part."""
        line = lines_of(SHOP, part)[0]
        text = SHOP.splitlines()[line]
        character = text.index(word, text.index(part)) if word in part else text.index(word)
        return line, units(text[:character])


class Answers(Shop):
    def test_hover(self) -> None:
        client = self.begun()
        for part, word, expected in [
            ("line.price / count", "count", "count: int = 0"),
            ("line.price / count", "price", "line.price: int = 3"),
            ("self.lines[0].sku", "sku", "self.lines[0].sku: str = 'tea'"),
            ("self.lines[0].sku", "marked", "marked: str = 'tea'"),
            ("self.__secret, marked", "__secret", "self._Order__secret: str = 'ж😀'"),
            ("def total", "count", "count: int = 0"),
            ("return order.total", "order", None),
            ("return n * factorial", "n *", "n: int = 0"),
            ("name = ", "name", 'name: str = "the worker\'s"'),
            ("names = [", "names", "names: list = ['A', 'B']"),
            ("names = [", "upper", "name: UnboundLocalError: name had no value at the crash"),
        ]:
            line, character = self.place(part, word)
            with self.subTest(part=part, word=word):
                found = client.hover(self.uri, line, character)
                if word == "upper" and sys.version_info < (3, 12):
                    # The comprehension was a function, and is not on the stack.
                    self.assertIsNone(found)
                    continue
                text = self.text(found)
                if expected is None:
                    self.assertIn("order: __main__.Order = <__main__.Order object at 0x", text)
                elif "Unbound" in expected:
                    self.assertIn("name had no value at the crash", text)
                else:
                    self.assertEqual(text.splitlines()[0], expected)
        line, character = self.place("return n * factorial", "n *")
        text = self.text(client.hover(self.uri, line, character))
        self.assertEqual(
            text.splitlines()[2:],
            ["frame 1 of MainThread, factorial, %d bytes" % sys.getsizeof(0), ""]
            + ["frame %d of MainThread, factorial: %d" % (number, number - 1) for number in (2, 3, 4)],
        )
        for part, word in [("count=0", "count"), ("ready.set()", ")"), ('"tea"', "tea")]:
            line, character = self.place(part, word)
            self.assertIsNone(client.hover(self.uri, line, character), part)
        self.ended(client)

    def test_markdown(self) -> None:
        """Nothing that a dump holds gets out of a code block."""
        abilities = dict(ABILITIES, textDocument={"hover": {"contentFormat": ["markdown"]}})
        source = SHOP.replace('"tea"', '"```\\n# [x](command:y) <b>\\u202e"')
        folder = os.path.join(self.folder, "markdown")
        os.mkdir(folder)
        dump = crash(folder, source)
        client = self.client()
        client.begin(abilities, dumps=[dump], discover="none")
        uri = "file://" + os.path.join(folder, "shop.py")
        client.open(uri, source)
        line, character = self.place("self.lines[0].sku", "sku")
        value = client.hover(uri, line, character)["contents"]
        self.assertEqual(value["kind"], "markdown")
        blocks = re.split(r"^````(?:python)?$", value["value"], flags=re.M)
        self.assertEqual(len(blocks), 3, value)
        self.assertIn("'```\\n# [x](command:y) <b>\\u202e'", blocks[1])
        self.assertRegex(blocks[2].strip(), r"^` frame 0 of MainThread, (?:Order\.)?total, \d+ bytes `$")
        self.ended(client)

    def test_hints(self) -> None:
        client = self.begun()
        hints = client.question("textDocument/inlayHint", everything(self.uri))
        by_line = {hint["position"]["line"]: hint for hint in hints}
        source = SHOP.splitlines()
        for part, expected in [
            ("def total", r"self = <__main__.Order object at 0x\w+…, count = 0"),
            ("result += ", "result = 0"),
            ("marked =", "marked = 'tea'"),
            ("for line in", r"line = <__main__.Line object at 0x\w+>"),
            ("def factorial", "n = 0"),
            ("order = Order", r"order = <__main__.Order object at 0x\w+…?"),
            ("names = [", r"names = \['A', 'B'\]"),
            ("def inner", "factor = 3"),
        ]:
            line = lines_of(SHOP, part)[0]
            hint = by_line.pop(line)
            self.assertRegex(hint["label"], "^%s$" % expected)
            self.assertEqual(hint["position"]["character"], units(source[line]))
        rest = {source[line].strip() for line in by_line}
        # In 3.12 the comprehension's variable became one of the function.
        self.assertLessEqual(
            rest,
            {
                "event = threading.Event()",
                "ready = threading.Event()",
                'worker = threading.Thread(target=waiter, args=(event, ready), name="worker")',
                "apply = lambda value: factorial(value)",
                "return [apply(value) for value in (factor,)]",
            },
        )
        few = everything(self.uri)
        few["range"] = {
            "start": {"line": lines_of(SHOP, "def factorial")[0], "character": 0},
            "end": {"line": lines_of(SHOP, "def factorial")[0], "character": 5},
        }
        self.assertEqual([hint["label"] for hint in client.question("textDocument/inlayHint", few)], ["n = 0"])
        self.ended(client)

    def lenses(self, client: Client) -> Dict[int, List[str]]:
        found: Dict[int, List[str]] = {}
        for lens in client.question("textDocument/codeLens", {"textDocument": {"uri": self.uri}}):
            found.setdefault(lens["range"]["start"]["line"], []).append(lens["command"]["title"])
        return found

    def test_lenses_and_selection(self) -> None:
        client = self.begun()
        total, factorial = lines_of(SHOP, "def total")[0], lines_of(SHOP, "def factorial")[0]
        raised, waits = lines_of(SHOP, "raise ValueError")[0], lines_of(SHOP, "def waiter")[0]
        lenses = self.lenses(client)
        self.assertEqual(lenses[raised], ["ValueError: no `total` <b>"])
        self.assertEqual(lenses[total], ["▶ frame 0 of MainThread", "caller"])
        self.assertEqual(
            lenses[factorial],
            [
                "frame 1 of MainThread",
                "frame 2 of MainThread",
                "frame 3 of MainThread",
                "1 more call in MainThread: frame 4",
            ],
        )
        self.assertEqual([title.split(" of ")[1] for title in lenses[waits]], ["worker"])

        for lens in client.question("textDocument/codeLens", {"textDocument": {"uri": self.uri}}):
            if lens["command"]["title"] == "frame 2 of MainThread":
                command = lens["command"]
        client.told.clear()
        moved = client.question(
            "workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]}
        )
        self.assertEqual((moved["thread"], moved["frame"], moved["function"]), (1, 2, "factorial"))
        self.assertEqual(moved["location"]["uri"], self.uri)
        shows = client.until("window/showDocument")["params"]
        self.assertEqual((shows["uri"], shows["selection"]), (self.uri, moved["location"]["range"]))
        client.told.clear()
        self.assertEqual(
            self.lenses(client)[factorial],
            ["frame 1 of MainThread", "▶ frame 2 of MainThread", "frame 3 of MainThread"]
            + ["1 more call in MainThread: frame 4", "caller", "callee"],
        )
        hints = client.question("textDocument/inlayHint", everything(self.uri))
        self.assertIn("n = 1", [hint["label"] for hint in hints])
        line, character = self.place("return n * factorial", "n *")
        self.assertEqual(self.text(client.hover(self.uri, line, character)).splitlines()[0], "n: int = 1")

        self.assertEqual(client.command("nextFrame", show=False)["frame"], 3)
        self.assertEqual(client.command("previousFrame", show=False)["frame"], 2)
        self.assertEqual(client.command("selectThread", thread=2, show=False)["thread"], 2)
        self.assertIn("▶", self.lenses(client)[waits][0])
        for wrong in [{"thread": 1, "frame": 99}, {"thread": 9, "frame": 0}, {"thread": 0, "frame": 0}, {"frame": 1}]:
            with self.assertRaises(Refused):
                client.command("selectFrame", **wrong)
        self.assertIn("▶", self.lenses(client)[waits][0])
        self.ended(client)

    def test_debug_lens(self) -> None:
        client = self.begun(debugCommand="client.debug")
        asked = {"textDocument": {"uri": self.uri}}
        found = [lens["command"] for lens in client.question("textDocument/codeLens", asked)]
        (debug,) = [command for command in found if command["title"] == "debug"]
        (dump,) = client.command("dumps")
        self.assertEqual((debug["command"], debug["arguments"]), ("client.debug", [{"dump": dump["dump"]}]))
        self.assertEqual(found.index(debug), [command["title"] for command in found].index(dump["exception"]) + 1)
        self.ended(client)

    def test_refresh(self) -> None:
        client = self.begun()
        client.until("workspace/codeLens/refresh")
        client.command("nextFrame", show=False)
        client.until("workspace/inlayHint/refresh")
        client.until("workspace/codeLens/refresh")
        client.until("workspace/inlineValue/refresh")
        self.ended(client)

    def test_diagnostics(self) -> None:
        client = self.begun()
        exception = "ValueError: no `total` <b>\ncaused by ZeroDivisionError: division by zero"
        # The cause may follow the exception, which does not wait for it.
        messages = {exception}
        while messages == {exception}:
            told = client.until("textDocument/publishDiagnostics")["params"]
            self.assertEqual(told["uri"], self.uri)
            (found,) = told["diagnostics"]
            messages.add(found["message"])
        self.assertEqual(messages, {exception, exception + "\ncount is 0, and is divided by"})
        raised = lines_of(SHOP, "raise ValueError")[0]
        line = found["range"]["start"]["line"]
        self.assertEqual(line, raised)
        related = {one["message"]: one["location"]["range"]["start"]["line"] for one in found["relatedInformation"]}
        divided = lines_of(SHOP, "line.price / count")[0]
        passed = lines_of(SHOP, "order.total(count=0)")[0]
        self.assertEqual(
            list(related.items())[:3],
            [
                ("count = 0", divided),
                ("count was passed here as 0", passed),
                ("caused by ZeroDivisionError: division by zero", divided),
            ],
        )
        self.assertIn("frame 1: factorial", related)
        client.command("closeDump")
        self.assertEqual(client.until("textDocument/publishDiagnostics")["params"]["diagnostics"], [])
        self.assertEqual(client.question("textDocument/inlayHint", everything(self.uri)), [])
        self.ended(client)

    def test_explain(self) -> None:
        client = self.begun()
        answer = client.command("explain")
        self.assertEqual(answer, json.loads(subprocess.check_output([BINARY, "explain", self.dump, "--json"])))
        cause = "count is 0, and is divided by"
        self.assertEqual([finding["says"] for finding in answer["findings"]], [cause])
        # At the line of the exception: below the value of what is under the cursor, or alone.
        line, character = self.place('raise ValueError("no', "raise")
        told = cause + "\n\ncount = 0\ncount was passed here as 0"
        self.assertEqual(self.text(client.hover(self.uri, line, character)), told)
        line, character = self.place("line.price / count", "price")
        held = self.text(client.hover(self.uri, line, character))
        self.assertTrue(held.startswith("line.price: int = 3\n") and held.endswith("\n\n" + told), held)
        self.assertIsNone(client.hover(self.uri, line + 3, 0))
        self.ended(client)

    def test_calls(self) -> None:
        client = self.begun()
        line, character = self.place("def total", "total")
        (item,) = client.question("textDocument/prepareCallHierarchy", at(self.uri, line, character))
        names = []
        for _ in range(20):
            names.append(item["name"].split(".")[-1])
            calls = client.question("callHierarchy/incomingCalls", {"item": item})
            if not calls:
                break
            (back,) = client.question("callHierarchy/outgoingCalls", {"item": calls[0]["from"]})
            self.assertEqual(back["to"]["data"], item["data"])
            self.assertEqual(back["fromRanges"], calls[0]["fromRanges"])
            item = calls[0]["from"]
        self.assertEqual(names[:5], ["total"] + ["factorial"] * 4)
        self.assertEqual(names[-3:], ["inner", "main", "<module>"])
        self.ended(client)

    def test_definition_and_links(self) -> None:
        # The library is nothing that the server may read unasked.
        client = self.begun("--read", os.path.dirname(os.path.realpath(threading.__file__)))
        line, character = self.place("line.price / count", "line")
        found = client.question("textDocument/definition", at(self.uri, line, character))
        self.assertEqual(found["range"]["start"]["line"], lines_of(SHOP, "class Line")[0])
        line, character = self.place("worker.start()", "worker")
        library = client.question("textDocument/definition", at(self.uri, line, character))
        self.assertTrue(library["uri"].endswith("/threading.py"), library)

        log = (
            'x\n  File "%s", line 5, in f\n  File "shop.py", line 7\n  File "/no/such.py", line 1\n'
            % self.uri[len("file://") :]
        )
        client.open("file:///tmp/x.log", log, "plaintext")
        links = client.question("textDocument/documentLink", {"textDocument": {"uri": "file:///tmp/x.log"}})
        self.assertEqual([link["target"] for link in links], [self.uri + "#L5", self.uri + "#L7"])
        self.assertEqual(shown(links[1]["range"]), "3:9-25")
        self.ended(client)

    def test_inline_values(self) -> None:
        client = self.begun()
        stopped = {"start": {"line": lines_of(SHOP, "line.price / count")[0], "character": 0}}
        stopped["end"] = stopped["start"]
        context = {"frameId": 1, "stoppedLocation": stopped}
        found = client.question("textDocument/inlineValue", dict(everything(self.uri), context=context))
        names = {value["variableName"] for value in found}
        self.assertLessEqual({"self", "count", "result", "line", "marked"}, names)
        self.assertLessEqual(max(value["range"]["start"]["line"] for value in found), stopped["end"]["line"])
        self.ended(client)

    def test_commands(self) -> None:
        client = self.begun()
        (dump,) = client.command("dumps")
        self.assertEqual((dump["path"], dump["exception"]), (self.dump, "ValueError: no `total` <b>"))
        asked = [BINARY, "bt", self.dump, "--all", "--json"]
        self.assertEqual(client.command("frames"), json.loads(subprocess.check_output(asked)))
        locals_too = json.loads(subprocess.check_output([*asked, "--locals"]))
        self.assertEqual(client.command("frames", locals=True), locals_too)
        asked = [BINARY, "locals", self.dump, "--frame", "2", "--json"]
        self.assertEqual(client.command("locals", frame=2), json.loads(subprocess.check_output(asked)))
        asked = [BINARY, "print", self.dump, "self.lines", "--json"]
        printed = client.command("print", expression="self.lines")
        self.assertEqual(printed, json.loads(subprocess.check_output(asked)))
        self.assertEqual(client.command("children", object=printed["id"]), printed["children"])
        self.assertEqual(client.command("print", expression="nope")["error"]["type"], "NameError")
        for path, whether in [(self.dump, True), (self.uri[len("file://") :], False), ("/no/such.dump", False)]:
            self.assertIs(client.command("isDump", path=path), whether)
        sources = {one["name"]: one["uri"] for one in client.command("sources")}
        asked = [BINARY, "source", self.dump, "--json"]
        files = json.loads(subprocess.check_output(asked))["files"]
        self.assertEqual(set(sources), {one["file"] for one in files if not one["error"]})
        name = self.uri[len("file://") :]
        self.assertRegex(sources[name], r"^crashsite://%s/" % dump["dump"])
        self.assertEqual(client.question("workspace/textDocumentContent", {"uri": sources[name]})["text"], SHOP)
        with self.assertRaisesRegex(Refused, "regular file|No such file"):
            client.command("openDump", path="/no/such.dump")
        for name in ("openDump", "isDump"):
            with self.assertRaisesRegex(Refused, "needs a path"):
                client.command(name)
        with self.assertRaisesRegex(Refused, "no command"):
            client.command("nope")
        with self.assertRaisesRegex(Refused, "the argument of crashsite.sources"):
            client.command("sources", dump=["x"])
        opened = client.command("openDump", path=self.dump)
        self.assertEqual((opened["dump"], opened["crash"]["thread"], opened["crash"]["frame"]), (dump["dump"], 1, 0))
        self.assertEqual(len(client.command("dumps")), 1)
        self.assertIsNone(client.command("closeDump", dump=dump["dump"]))
        for name in ("sources", "frames", "locals", "closeDump", "children"):
            with self.assertRaisesRegex(Refused, "no such dump is open"):
                client.command(name)
        self.ended(client)

    def test_source_that_is_nowhere_on_disk(self) -> None:
        """The file is gone: what is shown is the text in the dump, as a document, or as a file."""
        folder = os.path.join(self.folder, "gone")
        os.mkdir(folder)
        dump = crash(folder, SHOP)
        os.remove(os.path.join(folder, "shop.py"))
        for abilities in (ABILITIES, {"textDocument": ABILITIES["textDocument"]}):
            client = self.client()
            client.begin(abilities, dumps=[dump], discover="none")
            told = client.until("textDocument/publishDiagnostics")["params"]
            if abilities is ABILITIES:
                self.assertRegex(told["uri"], r"^crashsite://[0-9a-f]{8}/.*/gone/shop\.py$")
                text = client.question("workspace/textDocumentContent", {"uri": told["uri"]})["text"]
                self.assertEqual(client.question("crashsite/source", {"uri": told["uri"]})["text"], text)
                with self.assertRaises(Refused):
                    client.question("crashsite/source", {"uri": "crashsite://00000000/x.py"})
            else:
                with open(told["uri"][len("file://") :], encoding="utf-8") as stream:
                    text = stream.read()
            self.assertEqual(text, SHOP)
            client.open(told["uri"], text)
            line, character = self.place("line.price / count", "count")
            self.assertEqual(self.text(client.hover(told["uri"], line, character)).splitlines()[0], "count: int = 0")
            self.ended(client)
            if abilities is not ABILITIES:
                self.assertFalse(os.path.exists(told["uri"][len("file://") :]), "the files stay behind")


class Texts(Shop):
    """Texts that are not the one that crashed."""

    def test_edited(self) -> None:
        """1,000 changes and hovers, none of them waited for, are answered as if one came after the other."""
        client = self.begun()
        line, character = self.place("line.price / count", "count")
        asked = []
        for step in range(500):
            new = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "\n"}
            if step % 5 == 4:
                new = {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 3, "character": 0}}, "text": ""}
            line += 1 if step % 5 != 4 else -3
            document = {"uri": self.uri, "version": step + 2}
            client.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [new]})
            asked.append((line, client.ask("textDocument/hover", at(self.uri, line, character))))
        for line, number in asked:
            found = client.answer(number)
            self.assertEqual(self.text(found).splitlines()[0], "count: int = 0")
            self.assertEqual(found["range"]["start"]["line"], line)
        self.ended(client)

    def test_changed_on_disk(self) -> None:
        """Found by the end of its path, or by a mapping; a lens tells what is gone; another file of that name is not it."""
        text = SHOP.replace("count", "number").replace("import sys\n", "import sys\n\n\n")
        mappings = [{"from": self.folder, "to": "/mapped"}]
        for path in ("/elsewhere/shop.py", "/mapped/shop.py"):
            client = self.client()
            client.begin(dumps=[self.dump], discover="none", pathMappings=mappings)
            uri = "file://" + path
            client.open(uri, text)
            lenses = client.question("textDocument/codeLens", {"textDocument": {"uri": uri}})
            self.assertRegex(
                lenses[0]["command"]["title"], r"^the file has changed since the crash: \d of its \d+ lines"
            )
            hints = {
                hint["position"]["line"] - 2 for hint in client.question("textDocument/inlayHint", everything(uri))
            }
            self.assertIn(lines_of(SHOP, "marked =")[0], hints)
            self.assertNotIn(lines_of(SHOP, "def total")[0], hints)
            line = lines_of(SHOP, "result = 0")[0] + 2
            self.assertIsNotNone(client.hover(uri, line, 9))
            self.ended(client)
        client = self.client()
        client.begin(dumps=[self.dump], discover="none")
        client.open(
            "file:///elsewhere/shop.py", "import sys\nimport threading\n\n\ndef main():\n    pass\n\n\nmain()\n"
        )
        uri = "file:///elsewhere/shop.py"
        self.assertEqual(client.question("textDocument/codeLens", {"textDocument": {"uri": uri}}), [])
        client.open("file:///elsewhere/other.py", SHOP)
        uri = "file:///elsewhere/other.py"
        self.assertNotEqual(client.question("textDocument/codeLens", {"textDocument": {"uri": uri}}), [])
        self.ended(client)

    def test_found_in_the_workspace(self) -> None:
        """By what is in them, whatever their name; a new one is watched for."""
        folder = os.path.join(self.folder, "workspace")
        os.mkdir(folder)
        with open(os.path.join(folder, "postgres.dump"), "wb") as stream:
            stream.write(b"PGDMP\1\16\0" + bytes(1000))
        shutil.copy(self.dump, os.path.join(folder, "heap"))
        shutil.copy(self.uri[len("file://") :], folder)
        client = self.client()
        client.begin(folders=[folder])
        # Who asks at once is answered as who asks later.
        uri = "file://" + os.path.join(folder, self.name)
        client.open(uri, SHOP)
        self.assertNotEqual(client.question("textDocument/inlayHint", everything(uri)), [])
        client.until("textDocument/publishDiagnostics")
        (found,) = client.command("dumps")
        self.assertEqual(found["path"], os.path.join(folder, "heap"))
        patterns = client.told and [one["method"] for one in client.told]
        new = os.path.join(folder, "new.dump")
        shutil.copy(self.dump, new)
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": "file://" + new, "type": 1}]})
        client.until("workspace/codeLens/refresh")
        while len(client.command("dumps")) < 2:
            client.take()
        os.remove(new)
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": "file://" + new, "type": 3}]})
        self.assertEqual(len(client.command("dumps")), 1, patterns)
        self.ended(client)


#: where a name is bound, to the eye
BOUND = (
    r"(?<![\w.])%s\s*(?:=(?!=)|,.*=(?!=)|in\b)|^\s*(?:for|def|class|import|from|with|except)\b.*(?<![\w.])%s\b(?!\s*\()"
)


class Fixtures(Case):
    """For every frame of every fixture with sources: each local that is bound there hovers as `bt` has it."""

    def frames(self, dump: str) -> Iterator[Tuple[int, Dict[str, Any]]]:
        asked = [BINARY, "bt", dump, "--all", "--json", "--locals"]
        for position, thread in enumerate(json.loads(subprocess.check_output(asked))["threads"]):
            for frame in thread["frames"]:
                yield position + 1, frame

    def check(self, dump: str) -> int:
        asked = [BINARY, "source", dump, "--json"]
        names = {one["file"] for one in json.loads(subprocess.check_output(asked))["files"] if not one["error"]}
        client = self.client()
        client.begin(dumps=[dump], discover="none")
        sources: Dict[str, Tuple[str, List[str]]] = {}
        count = 0
        for thread, frame in self.frames(dump):
            if frame["file"] not in names or frame["function"].startswith("<"):
                continue
            moved = client.command("selectFrame", thread=thread, frame=frame["index"], show=False)
            uri = moved["location"]["uri"]
            if uri not in sources:
                if uri.startswith("file:"):
                    with open(uri[len("file://") :], encoding="utf-8") as stream:
                        text = stream.read()
                else:
                    text = client.question("crashsite/source", {"uri": uri})["text"]
                client.open(uri, text)
                sources[uri] = uri, text.splitlines()
            lines = sources[uri][1]
            # From the line of the frame back to its `def`.
            start = frame["line"] - 1
            head = re.compile(r"\s*(?:async )?(?:def|class) %s\b" % re.escape(frame["function"]))
            while start > 0 and not head.match(lines[start]):
                start -= 1
            if not head.match(lines[start]):
                continue
            for local in frame["locals"]:
                bound = re.compile(BOUND % ((re.escape(local["name"]),) * 2))
                for number in range(start, frame["line"]):
                    found = bound.search(lines[number])
                    word = found and re.search(r"(?<![\w.])%s\b" % re.escape(local["name"]), lines[number])
                    if word:
                        hover = client.hover(uri, number, units(lines[number][: word.start()]))
                        self.assertIsNotNone(hover, (dump, frame["function"], frame["index"], lines[number], local))
                        text = self.text(hover)
                        head_line = text.split("\n\n")[0].splitlines()[0]
                        self.assertTrue(
                            head_line.startswith(local["name"] + ": ") and head_line.endswith(" = " + local["repr"]),
                            (dump, frame["function"], lines[number], head_line, local),
                        )
                        self.assertIn("frame %d of " % frame["index"], text)
                        count += 1
                        break
        self.ended(client)
        return count

    def test_captured(self) -> None:
        count = 0
        for name in sorted(os.listdir(FIXTURES)):
            if name.endswith(".dump"):
                with self.subTest(name):
                    count += self.check(os.path.join(FIXTURES, name))
        self.assertGreater(count, 200)

    def test_python3(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            dump = crash(folder, SHOP)
            os.remove(os.path.join(folder, "shop.py"))
            self.assertGreater(self.check(dump), 15)


if __name__ == "__main__":
    unittest.main()
