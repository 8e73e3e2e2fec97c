"""What a debug adapter's client sees is what `bt --json --locals --all` says, of every fixture."""

import glob
import json
import os
import subprocess
import unittest
from typing import Any, Dict, List, Tuple

from dap_client import BINARY, ROOT, Adapter, Case, crashed

CAPTURED = sorted(glob.glob(os.path.join(ROOT, "tests", "fixtures", "captured", "*", "*.dump")))


def escaped(text: str) -> str:
    """As a client may show it: the fixtures have no other characters to escape but controls."""
    short = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
    return "".join(short.get(c, "\\x%02x" % ord(c)) if ord(c) < 32 or 127 <= ord(c) < 160 else c for c in text)


class Agreement(Case):
    def check(self, dump: str) -> int:
        answer = subprocess.run([BINARY, "bt", dump, "--json", "--locals", "--all"], stdout=subprocess.PIPE, check=True)
        wanted = json.loads(answer.stdout)
        adapter = self.adapter()
        adapter.launch(dump=dump)
        threads = adapter.ask("threads")["threads"]
        if wanted["exception"] is None and not wanted["threads"]:
            # A file without stacks: the one frame is that in which `locals` looks.
            answer = subprocess.run([BINARY, "locals", dump, "--json"], stdout=subprocess.PIPE, check=True)
            outside = json.loads(answer.stdout)["frame"]
            (thread,), (frame,) = threads, adapter.frames(1)
            self.assertEqual((thread["name"], frame["name"]), ("<pickle>", outside["function"]), dump)
            self.locals(adapter, frame["id"], outside["locals"], dump)
            return len(threads)
        self.assertGreaterEqual(len(threads), len(wanted["threads"]), dump)
        for thread, told in zip(threads, wanted["threads"]):
            self.assertIn(escaped(told["name"] or ""), thread["name"], dump)
            self.assertEqual(wanted["exception"] is not None and told["crashed"], ": " in thread["name"], dump)
            self.frames(adapter, thread["id"], told["frames"], dump)
        rest = threads[len(wanted["threads"]) :]
        self.exceptions(adapter, wanted["exception"], rest, dump)
        return len(threads)

    def frames(self, adapter: Adapter, thread: int, wanted: List[Dict[str, Any]], dump: str) -> None:
        frames = adapter.frames(thread)
        seen = [(frame["name"], frame["line"], frame["source"]["name"]) for frame in frames]
        told = [(frame["qualname"] or frame["function"], frame["line"] or 0, name(frame["file"])) for frame in wanted]
        self.assertEqual(seen, [(escaped(function), line, escaped(file)) for function, line, file in told], dump)
        for frame, answer in zip(frames, wanted):
            self.assertEqual(frame.get("presentationHint") == "subtle", answer["library"], dump)
            if answer.get("locals") is not None:
                self.locals(adapter, frame["id"], answer["locals"], dump)

    def locals(self, adapter: Adapter, frame: int, wanted: List[Dict[str, Any]], dump: str) -> None:
        scopes = adapter.scopes(frame)
        cells = adapter.variables(scopes["Cells"]) if "Cells" in scopes else []
        for variables, of_scope in ((adapter.variables(scopes["Locals"]), "arg local"), (cells, "cell free")):
            # Why there are no locals is told in their place.
            variables = [v for v in variables if v["presentationHint"].get("kind") != "virtual"]
            told = [local for local in wanted if local["scope"] in of_scope.split()]
            self.assertEqual([v["name"] for v in variables], [escaped(local["name"]) for local in told], dump)
            for variable, local in zip(variables, told):
                shown = variable["value"].split("  [")[0] if local["status"] != "ok" else variable["value"]
                self.assertEqual(shown, escaped(local["repr"]), dump)
                self.assertEqual(variable.get("type", ""), escaped(local["type"]), dump)
                # The preview's count of what is below may be more than the dump has.
                here = variable.get("namedVariables", 0) + variable.get("indexedVariables", 0)
                self.assertLessEqual(here, local["children_count"], dump)
                self.assertEqual(here > 0, variable["variablesReference"] > 0, dump)

    def exceptions(self, adapter: Adapter, crash: Any, rest: List[Dict[str, Any]], dump: str) -> None:
        """Each exception that has frames of its own is a thread."""
        found: List[Tuple[str, Any]] = []

        def walk(exception: Any) -> None:
            if exception and "seen" not in exception:
                for inner in [*exception["group"], exception["cause"], exception["context"]]:
                    walk(inner)
                if exception.get("frames"):
                    found.append((exception["qualname"].rsplit(".")[-1] or exception["type"], exception["frames"]))

        walk(crash)
        names = [thread["name"].split(": ")[1] for thread in rest]
        self.assertEqual(sorted(names), sorted(name for name, _ in found), dump)
        for thread, name in zip(rest, names):
            # Of several with one name, the one that stands at the same lines.
            lines = [frame["line"] for frame in adapter.frames(thread["id"])]
            alike = [frames for other, frames in found if other == name]
            at = [frames for frames in alike if [frame["line"] or 0 for frame in frames] == lines]
            self.frames(adapter, thread["id"], (at or alike)[0], dump)

    def test_fixtures(self) -> None:
        self.assertGreater(len(CAPTURED), 10)
        for dump in CAPTURED:
            with self.subTest(os.path.basename(dump)):
                self.check(dump)

    def test_version_3(self) -> None:
        # The threads, and the exception that was being handled.
        self.assertEqual(self.check(crashed(self.dir)), 4)


def name(file: str) -> str:
    return file.replace("\\", "/").rsplit("/", 1)[-1]


if __name__ == "__main__":
    unittest.main()
