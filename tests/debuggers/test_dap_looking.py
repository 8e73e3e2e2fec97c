"""Looking around in a crash by way of the debug adapter: what is told leads to what it says, and runs nothing."""

import json
import os
import pickle
import shutil
import subprocess
import sys
import time
import unittest
from typing import Any, Dict, List

from dap_client import BINARY, HERE, Adapter, Case, Refused, crashed

SOURCE = os.path.join(HERE, "shop.py")


class Looking(Case):
    def looking(self, dump: str, *flags: str, **arguments: Any) -> Adapter:
        adapter = self.adapter(*flags)
        adapter.launch(dump=dump, **arguments)
        return adapter

    def all_below(self, adapter: Adapter, reference: int, depth: int) -> List[Dict[str, Any]]:
        """Variables, and what is in them."""
        found: List[Dict[str, Any]] = []
        for variable in adapter.variables(reference):
            found.append(variable)
            if depth and variable["variablesReference"]:
                found += self.all_below(adapter, variable["variablesReference"], depth - 1)
        return found

    def test_expressions_give_what_they_stand_at(self) -> None:
        dump = crashed(self.dir)
        adapter = self.looking(dump)
        told = 0
        for thread in adapter.ask("threads")["threads"]:
            for frame in adapter.frames(thread["id"]):
                for scope, reference in adapter.scopes(frame["id"]).items():
                    for variable in self.all_below(adapter, reference, 0 if scope == "Globals" else 3):
                        expression = variable.get("evaluateName")
                        if expression is None:
                            continue
                        told += 1
                        answer = adapter.ask("evaluate", expression=expression, frameId=frame["id"], context="watch")
                        if scope != "Exception":
                            self.assertEqual(answer["result"], variable["value"], expression)
                        self.assertEqual(answer["type"], variable["type"], expression)
                        if variable["type"] == "type":
                            # A class that is known by its name is itself, wherever an expression finds it.
                            continue
                        here = {name: answer.get(name) for name in ("indexedVariables", "namedVariables")}
                        self.assertEqual(here, {name: variable.get(name) for name in here}, expression)
        self.assertGreater(told, 500)
        self.assertFalse(os.path.exists(dump + ".canary"), "code of the program was run")

    def test_file_without_stacks(self) -> None:
        """What it holds is a frame, with a scope to look into and to evaluate in."""
        path = os.path.join(self.dir, "cart.pickle")
        raised = os.path.join(self.dir, "raised.pickle")
        with open(path, "wb") as file:
            pickle.dump({"cart": [1, {"price": 7}]}, file)
        # What tblib makes of an exception that was never raised.
        with open(raised, "wb") as file:
            file.write(b"ctblib.pickling_support\nunpickle_exception\n(cbuiltins\nKeyError\n(S'key'\ntNNtR.")
        for dump, kind in ((path, "dict"), (raised, "KeyError")):
            adapter = self.looking(dump)
            (thread,) = adapter.ask("threads")["threads"]
            (frame,) = adapter.frames(thread["id"])
            self.assertEqual((thread["name"], frame["name"]), ("<pickle>", "<pickle>"))
            self.assertNotIn("source", frame)
            scopes = adapter.scopes(frame["id"])
            root = adapter.named(scopes["Locals"])["root"]
            self.assertEqual(root["type"], kind)
            self.assertEqual(adapter.ask("evaluate", expression="root", frameId=frame["id"])["result"], root["value"])
            self.assertTrue(adapter.variables(root["variablesReference"]))
            if dump == raised:
                self.assertIn("KeyError", adapter.variables(scopes["Exception"])[0]["value"])
                continue
            self.assertEqual(adapter.named(scopes["Globals"])["cart"]["value"], "[1, {'price': 7}]")
            # As in any frame, without saying where.
            self.assertEqual(adapter.ask("evaluate", expression="cart[1]['price'] + 1")["result"], "8")

    def test_odd_values(self) -> None:
        dump = crashed(self.dir)
        adapter = self.looking(dump)
        frame = adapter.frames(1)[0]["id"]
        variables = adapter.named(adapter.scopes(frame)["Locals"])
        self.assertEqual(variables["surrogate"]["value"], r"'\ud800a\udfff'")
        self.assertEqual(variables["_hidden"]["value"], r"'\x1b]0;title\x07'")
        self.assertIn("Trap", variables["trap"]["type"])
        odd = adapter.named(variables["odd"]["variablesReference"])
        self.assertEqual(set(odd), {"[1]", "(1, 'x')", r"'\x1b[31m'", str(2**70)})
        cycle = variables["cycle"]
        for _ in range(50):
            self.assertEqual(cycle["indexedVariables"], 2)
            cycle = adapter.named(cycle["variablesReference"])["[1]"]
        with self.assertRaisesRegex(Refused, "^NeedsCode: Trap.__len__ .*\nCode of the program is not run"):
            adapter.ask("evaluate", expression="len(trap)", frameId=frame)
        copied = adapter.ask("evaluate", expression="text", frameId=frame, context="clipboard")["result"]
        self.assertGreater(len(copied), 1 << 20)
        self.assertTrue(copied.endswith("…"))
        globals_ = adapter.named(adapter.scopes(frame)["Globals"])
        self.assertIn(r"\x1b[31m", globals_)
        self.assertFalse(os.path.exists(dump + ".canary"), "code of the program was run")

    def test_pages(self) -> None:
        adapter = self.looking(crashed(self.dir))
        frame = adapter.frames(1)[0]["id"]
        many = adapter.named(adapter.scopes(frame)["Locals"])["many"]
        self.assertEqual(many["indexedVariables"], 2500)
        page = adapter.variables(many["variablesReference"], filter="indexed", start=2490, count=100)
        self.assertEqual([v["value"] for v in page], [str(n) for n in range(2490, 2500)])
        self.assertEqual(adapter.variables(many["variablesReference"], filter="named"), [])
        # A client that knows no pages finds the rest in what stands for it.
        values, reference = [], many["variablesReference"]
        while reference:
            page = adapter.variables(reference)
            reference = 0
            if page[-1]["name"] == "…":
                reference = page.pop()["variablesReference"]
            values += [v["value"] for v in page]
        self.assertEqual(values, [str(n) for n in range(2500)])

    @unittest.skipIf(sys.version_info < (3, 11), "this Python has no groups")
    def test_group_and_chain(self) -> None:
        adapter = self.looking(crashed(self.dir, "group"))
        self.assertEqual(adapter.ask("threads")["threads"][0]["name"], "till: ExceptionGroup")
        names = [thread["name"] for thread in adapter.ask("threads")["threads"]]
        self.assertEqual(names[3:], ["member: ZeroDivisionError", "context: KeyError"])
        info = adapter.ask("exceptionInfo", threadId=1)
        self.assertEqual(adapter.printed, {"stderr": info["details"]["stackTrace"]})
        self.assertEqual(info["exceptionId"], "ExceptionGroup")
        inner = {details["typeName"]: details for details in info["details"]["innerException"]}
        self.assertEqual(set(inner), {"LookupError", "ZeroDivisionError", "FileNotFoundError"})
        self.assertEqual(inner["ZeroDivisionError"]["message"], "division by zero\nsee the {manual}")
        self.assertEqual(inner["ZeroDivisionError"]["innerException"][0]["typeName"], "KeyError")
        self.assertIn(
            "\nThe above exception was the direct cause of the following exception:\n", info["details"]["stackTrace"]
        )
        self.assertIn("  | ZeroDivisionError: division by zero", info["details"]["stackTrace"])
        for details in [info["details"], *inner.values(), *inner["ZeroDivisionError"]["innerException"]]:
            answer = adapter.ask("evaluate", expression=details["evaluateName"])
            self.assertEqual(answer["type"], details["typeName"])
        # The frames of one that was handled before have their variables, and are evaluated in.
        frame = adapter.frames(4)[0]["id"]
        self.assertEqual(adapter.ask("evaluate", expression="order.lines[1].sku", frameId=frame)["result"], "'CUPS'")
        info = adapter.ask("exceptionInfo", threadId=5)
        self.assertEqual(info["details"]["message"], "'nope'")

    def test_why(self) -> None:
        """What `explain` leads with stands beside the exception: of the crash, and of one that was handled before."""
        dump = crashed(self.dir)
        adapter = self.looking(dump)
        answer = adapter.ask("crashsite/explain")
        self.assertEqual(answer, json.loads(subprocess.check_output([BINARY, "explain", dump, "--json"])))
        causes = {finding["exception"]["relation"]: finding["says"] for finding in answer["findings"]}
        self.assertEqual(set(causes), {"crash", "context"})
        for thread in adapter.ask("threads")["threads"]:
            relation = thread["name"].split(":")[0]
            if relation in ("till", "context"):
                info = adapter.ask("exceptionInfo", threadId=thread["id"])
                said = causes["crash" if relation == "till" else relation]
                self.assertEqual(info["description"], "%s\n\n%s" % (info["details"]["message"], said))

    def test_places(self) -> None:
        """A client that has the dump open in a language server too learns which frame is which."""
        adapter = self.looking(crashed(self.dir))
        for thread in adapter.ask("threads")["threads"]:
            of_exception = thread["name"].split(":")[0] in ("cause", "context", "member")
            for number, frame in enumerate(adapter.frames(thread["id"])):
                found = adapter.ask("crashsite/place", frameId=frame["id"])
                self.assertEqual(found, {} if of_exception else {"thread": thread["id"], "frame": number})
        with self.assertRaisesRegex(Refused, "no frame"):
            adapter.ask("crashsite/place", frameId=10**6)

    def test_sources(self) -> None:
        dump = crashed(self.dir)
        with open(SOURCE, encoding="utf-8") as stream:
            text = stream.read()

        def source(**arguments: Any) -> Dict[str, Any]:
            adapter = self.looking(dump, **arguments)
            found: Dict[str, Any] = adapter.frames(1)[0]["source"]
            if found.get("sourceReference"):
                reference = found["sourceReference"]
                self.assertEqual(adapter.ask("source", sourceReference=reference)["content"], text)
                self.assertIn(reference, [s.get("sourceReference") for s in adapter.ask("loadedSources")["sources"]])
            return found

        # The file of the program is where it was, and as it was.
        self.assertEqual(source()["path"], SOURCE)
        self.assertNotIn("sourceReference", source())
        # Of a program elsewhere, the file that a mapping names; if it is another by now, or none, the text in the dump.
        here = os.path.join(self.dir, "here")
        elsewhere = os.path.join(self.dir, "elsewhere")
        os.mkdir(here)
        os.mkdir(elsewhere)
        os.remove(dump)
        program = shutil.copy(SOURCE, os.path.join(elsewhere, "shop.py"))
        dump = crashed(self.dir, program=program)
        shutil.move(program, os.path.join(here, "shop.py"))
        mappings = [{"from": elsewhere, "to": here}]
        self.assertEqual(source(pathMappings=mappings)["path"], os.path.join(here, "shop.py"))
        self.assertGreater(source()["sourceReference"], 0)
        with open(os.path.join(here, "shop.py"), "a", encoding="utf-8") as stream:
            stream.write("# changed\n")
        self.assertGreater(source(pathMappings=mappings)["sourceReference"], 0)
        # The client's own document of it, if it has one.
        own = source(pathMappings=mappings, documents={program: "crashsite://x/shop.py"})
        self.assertEqual((own["path"], own.get("sourceReference")), ("crashsite://x/shop.py", None))
        # What is no regular file is not even opened: that would last for ever.
        os.mkfifo(program)
        self.assertGreater(source()["sourceReference"], 0)

    def test_just_my_code(self) -> None:
        dump = crashed(self.dir)
        for just, hint in ((None, "subtle"), (True, "subtle"), (False, None)):
            arguments = {} if just is None else {"justMyCode": just}
            frames = self.looking(dump, **arguments).frames(1)
            names = [frame["name"].split(".")[-1] for frame in frames[-4:]]
            self.assertEqual(names, ["run", "run", "_bootstrap_inner", "_bootstrap"])
            self.assertEqual([frame.get("presentationHint") for frame in frames[-4:]], [None, hint, hint, hint])

    def test_columns(self) -> None:
        adapter = self.looking(crashed(self.dir))
        frame = adapter.frames(1)[0]
        if "endColumn" not in frame:
            self.skipTest("this Python has no columns")
        with open(SOURCE, encoding="utf-8") as stream:
            line = stream.read().split("\n")[frame["line"] - 1]
        units = line.encode("utf-16-le")[2 * frame["column"] - 2 : 2 * frame["endColumn"] - 2]
        self.assertEqual(units.decode("utf-16-le"), "order.lines[0].pieces / total")

    def test_twenty_thousand_frames(self) -> None:
        dump = crashed(self.dir, "20000")
        start = time.monotonic()
        adapter = self.looking(dump)
        first = adapter.ask("stackTrace", threadId=1, startFrame=0, levels=20)
        seconds = time.monotonic() - start
        self.assertLess(seconds, 3)
        self.assertEqual(len(first["stackFrames"]), 20)
        self.assertGreater(first["totalFrames"], 20000)
        frames = adapter.frames(1)
        self.assertEqual(len(frames), first["totalFrames"])
        self.assertEqual(len({frame["id"] for frame in frames}), len(frames))
        deep = frames[15000]["id"]
        self.assertEqual(adapter.frames(1, startFrame=15000, levels=1)[0]["id"], deep)
        depth = adapter.named(adapter.scopes(deep)["Locals"])["depth"]["value"]
        self.assertEqual(adapter.ask("evaluate", expression="depth", frameId=deep)["result"], depth)


if __name__ == "__main__":
    unittest.main()
