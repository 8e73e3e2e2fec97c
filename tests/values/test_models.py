"""Records of attrs, pydantic and SQLAlchemy, and columns of Arrow: what their libraries told in the crashing process."""

import os
import subprocess
import sys
import unittest
from typing import Any, Dict

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, folder) for folder in ("debuggers", "editors", "end_to_end")]

from dap_client import Adapter
from dumps import BINARY, SECONDS, Case, captured
from test_frames import alike
from test_gdb import GdbCase

#: what stands in the rows and fields whose names promise a secret
SECRETS = ("hunter2", "rosebud", "xanadu", "plugh")


class Models(Case):
    program = "models"

    def locals(self, dump: str, frame: int) -> Dict[str, Any]:
        found = self.ask("locals", dump, "--frame", str(frame))["frame"]["locals"]
        return {local["name"]: local for local in found}

    def test_lines(self) -> None:
        for dump, truth in self.dumps():
            for number, function in enumerate(("frames", "database", "records")):
                for name, local in self.locals(dump, number).items():
                    printed = self.ask("print", dump, name, "--frame", str(number))
                    self.assertEqual(printed["repr"], local["repr"], name)
                    self.assertEqual(printed["children_count"], local["children_count"], name)
                    true = truth.get("%s.%s" % (function, name))
                    if isinstance(true, str):
                        self.assertEqual(local["repr"], true, name)

    def test_states(self) -> None:
        for dump, truth in self.dumps():
            named = self.locals(dump, 1)
            states = [
                "persistent; not loaded: addresses, note",
                "persistent; expired: name; not loaded: addresses, note",
                "transient; changed: ident; not loaded: addresses, name, note, password",
                "persistent; changed: name; not loaded: addresses, note, password",
            ]
            shown = [
                self.ask("print", dump, "states[%d]" % index, "--frame", "1")["repr"] for index in range(len(states))
            ]
            for found, state, true in zip(shown, states, truth["database.states"]):
                self.assertEqual(found, "<InstanceState %s>" % state)
                self.assertTrue(state.startswith(true))
            self.assertRegex(named["gone"]["repr"], r"^\(1, 'ada', '<redacted \w+>'\)$")
            loaded = self.ask("print", dump, "loaded", "--frame", "1")["children"]
            self.assertEqual(loaded[0]["repr"], shown[0])

    def test_columns(self) -> None:
        for dump, truth in self.dumps():
            compared = 0
            for place, true in truth.items():
                if not place.startswith("frames.") or isinstance(true, str):
                    continue
                name = place.split(".")[1]
                dtype, length, items = true
                self.assertIn("%s (%d,): [" % (dtype, length), self.shown(dump, name))
                for row, item in zip(range(length - 2, length), items):
                    if item == "<NA>":
                        self.assertEqual(self.errors(dump, "%s.array[%d]" % (name, row)), ["NotSupported"])
                        continue
                    self.assertTrue(alike(self.shown(dump, "%s.array[%d]" % (name, row)), item.strip("'")), (name, row))
                    compared += 1
            self.assertGreater(compared, 8)
            for expression, expected in [
                ("list(table)", "['text', 'name', 'number']"),
                ("list(table['name'])", "['x', 'y', 'z', 'w']"),
                ("table.text[3]", "'dé'"),
                ("pairs", "<MultiIndex object (20,): [('a', 0), ('a', 1), ('a', 2), …, ('b', 7), ('b', 8), ('b', 9)]>"),
                ("list(pairs)[11]", "('b', 1)"),
                ("over.index[2]", "('a', 2)"),
            ]:
                self.assertEqual(self.shown(dump, expression), expected)
            self.assertEqual(self.errors(dump, "long[50000]"), ["NotCaptured"])
            table = subprocess.check_output([BINARY, "print", dump, "over"], timeout=SECONDS).decode("utf-8")
            self.assertEqual(table.splitlines()[2].split(), ["('a',", "0)", "0"])

    def test_secrets(self) -> None:
        for dump, _ in self.dumps():
            everything = subprocess.check_output([BINARY, "bt", dump, "--locals", "--all", "--json"], timeout=SECONDS)
            table = self.shown(dump, "list(secrets['api_key'])") + str(self.ask("print", dump, "secrets"))
            self.assertIn("<redacted", table)
            shown = table + str(self.ask("print", dump, "url", "--frame", "1")) + everything.decode("utf-8")
            for secret in SECRETS:
                self.assertNotIn(secret, shown)

    def test_debug_adapter(self) -> None:
        for dump, _ in self.dumps():
            adapter = Adapter()
            self.addCleanup(adapter.end)
            adapter.launch(dump=dump)
            frame = adapter.frames(adapter.ask("threads")["threads"][0]["id"])[2]["id"]
            named = adapter.named(adapter.scopes(frame)["Locals"])
            self.assertEqual(named["model"]["value"], "Model(number=1, text='x', extra=[7])")
            inside = adapter.named(named["model"]["variablesReference"])
            self.assertEqual(inside["hidden"]["value"], "7")
            self.assertEqual(inside["__pydantic_private__"]["value"], "{'_private': 5}")


class Gdb(GdbCase):
    def test_text(self) -> None:
        for dump in captured("models"):
            answers = self.answers(
                dump, "print texts", "frame function records", "monitor print model", "print model.number"
            )
            self.assertIn("<Series texts string (4,): ['a', NA, ", answers[0])
            self.assertIn("$2 = 1", answers[3])


if __name__ == "__main__":
    unittest.main()
