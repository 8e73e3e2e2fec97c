"""Frames of pandas: shapes, dtypes and corners are those that pandas told in the crashing process, in every front end."""

import os
import re
import subprocess
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, folder) for folder in ("debuggers", "editors", "end_to_end")]

from client import Case as EditorCase
from dap_client import Adapter
from dumps import BINARY, HERE, SECONDS, Case, captured, same
from test_gdb import GdbCase

ORDERS = (
    "<DataFrame 500 rows × 8 columns: id int64, name str, amount float64, when datetime64[us], "
    "zoned datetime64[us, UTC], kind category, paid Int64, ok bool>"
)


def bare(shown: str) -> str:
    """An item without what says of which class it is."""
    return re.sub(r"^np\.\w+\('?(.*?)'?\)$", r"\1", shown).strip("'")


def alike(shown: str, true: str) -> bool:
    """Whether two texts are of one value, of dates with the least that a unit tells."""
    shown = re.sub(r"T(\d\d:\d\d:\d\d)(\.0+)?$", r" \1", bare(shown))
    return same(shown, true) or shown == re.sub(r"\+00:00$", "", true)


class Frames(Case):
    program = "frames"

    def test_values(self) -> None:
        for dump, truth in self.dumps():
            local = {local["name"]: local for local in self.ask("locals", dump)["frame"]["locals"]}
            compared = 0
            for name, true in truth.items():
                printed = self.ask("print", dump, name)
                self.assertEqual(printed["repr"], local[name]["repr"], name)
                self.assertEqual(printed["children_count"], local[name]["children_count"], name)
                self.assertEqual(self.shown(dump, name + ".shape"), str(tuple(true["shape"])))
                if "dtypes" in true:
                    listed = ", ".join("%s %s" % (column, dtype) for column, dtype in true["dtypes"])
                    expected = "<DataFrame %d rows × %d columns: %s>" % (*true["shape"], listed)
                    self.assertEqual(printed["repr"], expected)
                else:
                    self.assertIn(" %s (%d,)" % (true["dtype"], true["shape"][0]), printed["repr"], name)
                for column, row, item in true.get("corners", ()):
                    compared += 1
                    shown = self.shown(dump, '%s["%s"][%d]' % (name, column, row))
                    self.assertTrue(alike(shown, item), (name, column, row, shown, item))
                for row, item in true.get("items", ()):
                    compared += 1
                    if item == "<NA>":
                        self.assertEqual(self.errors(dump, "%s[%d]" % (name, row)), ["NotSupported"])
                        continue
                    shown = self.shown(dump, "%s[%d]" % (name, row))
                    self.assertTrue(alike(shown, item), (name, row, shown, item))
            self.assertGreater(compared, 40)

    def test_secrets(self) -> None:
        for dump, _ in self.dumps():
            shown = self.ask("print", dump, "secrets")
            self.assertIn("<redacted", str(shown["table"]))
            everything = subprocess.check_output([BINARY, "bt", dump, "--locals", "--all", "--json"], timeout=SECONDS)
            for text in (str(shown), everything.decode("utf-8"), self.shown(dump, 'list(secrets["api_key"])')):
                self.assertNotIn("rosebud", text)
                self.assertNotIn("xanadu", text)
            self.assertIn("ada", str(shown["table"]))

    def test_expressions(self) -> None:
        for dump, _ in self.dumps():
            for expression, expected in [
                ("len(orders), len(amount), orders.size", "(500, 500, 4000)"),
                ("list(names)[:2]", "['id', 'name']"),
                ("orders.name[-1].upper()", "'N499'"),
                ("sum(orders['id'])", "124750"),
                ("[x for x in orders['amount'] if x > 0.997]", "[0.9979959919839678, 1.0]"),
                ("list(kinds)[:3]", "['tea', 'coffee', 'tea']"),
                ("long['a'][0], long['a'][99999]", "(0, 99999)"),
                ("labelled.index", "<Index str (2,): ['first', 'second']>"),
                ("steps", "<RangeIndex int64 (4,): range(0, 10, 3)>"),
                ("own['id'][1]", "1"),
            ]:
                self.assertEqual(self.shown(dump, expression), expected)
            refused = [
                "orders.mean()",
                "orders == orders",
                "long['a'][50000]",
                "orders['none']",
                "orders[['id']]",
                "amount[-1]",
            ]
            kinds = ["NeedsCode", "NotSupported", "NotCaptured", "KeyError", "NotSupported", "KeyError"]
            self.assertEqual(self.errors(dump, *refused), kinds)

    def test_table(self) -> None:
        for dump, _ in self.dumps():
            shown = subprocess.check_output([BINARY, "print", dump, "orders"], timeout=SECONDS).decode("utf-8")
            lines = shown.splitlines()
            self.assertEqual(lines[0], ORDERS)
            self.assertEqual(lines[1].split(), ["id", "name", "amount", "when", "zoned", "kind", "paid", "ok"])
            self.assertEqual(lines[3].split()[:4], ["1", "1", "n1", "0.002004008016032064"])
            self.assertEqual(lines[3].split()[-3:], ["coffee", "NA", "False"])
            self.assertEqual(set(lines[7].split()), {"…"})
            self.assertEqual(lines[-1].split()[:4], ["499", "499", "n499", "1.0"])
            self.assertEqual(len(lines), 2 + 5 + 1 + 5)
            self.assertEqual(len({len(line) for line in lines[1:]}), 1)

    def test_debug_adapter(self) -> None:
        for dump, _ in self.dumps():
            adapter = Adapter()
            self.addCleanup(adapter.end)
            adapter.launch(dump=dump)
            frame = adapter.frames(adapter.ask("threads")["threads"][0]["id"])[0]["id"]
            orders = adapter.named(adapter.scopes(frame)["Locals"])["orders"]
            self.assertEqual(orders["value"], ORDERS)
            inside = adapter.named(orders["variablesReference"])
            data = adapter.named(inside["data"]["variablesReference"])
            self.assertRegex(data["[0]"]["value"], r"^<ndarray int64 \(500,\) min 0 max 499: \[0, 1, 2, …")


class Gdb(GdbCase):
    def test_text(self) -> None:
        for dump in captured("frames"):
            answers = self.answers(dump, "print orders", "monitor print orders['name'][3]")
            self.assertIn(ORDERS, answers[0])
            self.assertEqual(answers[1].strip(), "'n3'")


class Hover(EditorCase):
    def test_text(self) -> None:
        for dump in captured("frames"):
            client = self.client()
            client.begin(dumps=[dump], discover="none")
            with open(os.path.join(HERE, "frames.py"), encoding="utf-8") as stream:
                source = stream.read()
            uri = "file:///srv/values/frames.py"
            client.open(uri, source)
            line = next(index for index, text in enumerate(source.splitlines()) if 'orders["amount"]' in text)
            text = self.text(client.hover(uri, line, source.splitlines()[line].index("orders")))
            self.assertIn("orders: pandas.DataFrame = " + ORDERS[:60], text)
            self.ended(client)


if __name__ == "__main__":
    unittest.main()
