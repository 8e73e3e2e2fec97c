"""Arrays of numpy: dtypes, shapes and corners are those that numpy told in the crashing process, in every front end."""

import os
import re
import sys
import unittest
from typing import Any, Dict

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, folder) for folder in ("debuggers", "editors", "end_to_end")]

from client import Case as EditorCase
from dap_client import Adapter
from dumps import HERE, Case, captured, same
from test_gdb import GdbCase

LINE = re.compile(r"<(\w+) (.+?) (\([\d, ]*\))((?: min | max |, \d+ Na|: ).*)>$")


class Arrays(Case):
    program = "arrays"

    def line(self, name: str, shown: str, true: Dict[str, Any]) -> None:
        """One line of an array says what it is, and what was counted."""
        found = LINE.match(shown)
        assert found, (name, shown)
        shape = tuple(true["shape"])
        self.assertEqual(found.groups()[:3], (true["type"], true["dtype"], str(shape)), name)
        counted = re.match(r"(?: min (\S+) max ([^\s,:]+))?(?:, (\d+) Na[NT])?(?: of the first (\d+))?: ", found[4])
        assert counted, (name, shown)
        least, greatest, nothing, first = counted.groups()
        if least is not None and first is None and "min" in true:
            self.assertTrue(same(least, true["min"]) and same(greatest, true["max"]), (shown, true))
        if "nan" in true and least is not None and first is None:
            self.assertEqual(int(nothing or 0), true["nan"], name)

    def test_values(self) -> None:
        for dump, truth in self.dumps():
            local = {local["name"]: local for local in self.ask("locals", dump)["frame"]["locals"]}
            corners = 0
            for name, true in truth.items():
                printed = self.ask("print", dump, name)
                # The preview is the capture's, the other line is made of what the heap holds.
                self.assertEqual(printed["repr"], local[name]["repr"], name)
                self.assertEqual(printed["children_count"], local[name]["children_count"], name)
                if "repr" in true:
                    self.assertIn(printed["repr"], (true["repr"], re.sub(r", dtype=.*\)$", ")", true["repr"])))
                    self.assertTrue(same(self.shown(dump, "str(%s)" % name).strip("'"), true["str"]), name)
                    continue
                self.line(name, printed["repr"], true)
                self.assertEqual(self.shown(dump, name + ".shape"), str(tuple(true["shape"])))
                for place, value in true.get("corners", ()):
                    corners += 1
                    if name == "password":
                        self.assertIn("<redacted", self.shown(dump, "%s%s" % (name, place)))
                        continue
                    item = self.shown(dump, "%s[%s]" % (name, ", ".join(map(str, place)) or "()"))
                    item = re.sub(r"^np\.\w+\('?(.*?)'?(?:,'\w+')?\)$", r"\1", item)
                    value = re.sub(r"^np\.\w+\((.*)\)$", r"\1", value)
                    self.assertTrue(
                        same(item, value.split(" ")[0] if name == "spans" else value), (name, place, item, value)
                    )
            self.assertGreater(corners, 100)
            self.assertNotIn("horse", str(self.ask("bt", dump, "--locals")) + self.shown(dump, "password.tolist()"))

    def test_expressions(self) -> None:
        for dump, _ in self.dumps():
            for expression, expected in [
                ("grid[0]", "<ndarray float64 (4,): [0.0, 1.0, 2.0, 3.0]>"),
                ("grid[:, -1]", "<ndarray float64 (3,): [3.0, 7.0, 11.0]>"),
                ("grid[::-2, 1:3]", "<ndarray float64 (2, 2): [[9.0, 10.0], [1.0, 2.0]]>"),
                ("grid[..., 0].tolist()", "[0.0, 4.0, 8.0]"),
                ("[sum(row) for row in cube[1]]", "[54, 70, 86]"),
                ("(len(grid), grid.ndim, grid.size, grid.nbytes, grid.itemsize)", "(3, 2, 12, 96, 8)"),
                ("large[-1, -1] - large[0, 0]", "999999"),
                ("a + b", "-1.5"),
                ("a > 1 and not c", "False"),
                ("objects[3]['three']", "3"),
                ("words[1].upper()", "'CDE'"),
                ("records.dtype.names", "('x', 'y')"),
                ("alone.item()", "5"),
                ("own[2]", "2"),
            ]:
                self.assertEqual(self.shown(dump, expression), expected)
            refused = [
                "grid + 1",
                "grid == grid",
                "grid.T",
                "grid.mean()",
                "large[500, 500]",
                "matrix[0]",
                "masked[0]",
                "grid[7]",
            ]
            kinds = ["NotSupported"] * 4 + ["NotCaptured", "NeedsCode", "NeedsCode", "IndexError"]
            self.assertEqual(self.errors(dump, *refused), kinds)

    def test_debug_adapter(self) -> None:
        for dump, _ in self.dumps():
            adapter = Adapter()
            self.addCleanup(adapter.end)
            adapter.launch(dump=dump)
            frame = adapter.frames(adapter.ask("threads")["threads"][0]["id"])[0]["id"]
            grid = adapter.named(adapter.scopes(frame)["Locals"])["grid"]
            self.assertRegex(grid["value"], r"^<ndarray float64 \(3, 4\) min 0\.0 max 11\.0, 1 NaN: \[\[0\.0, ")
            inside = adapter.named(grid["variablesReference"])
            self.assertEqual(inside["shape"]["value"], "(3, 4)")
            self.assertEqual(inside["[2]"]["value"], "<ndarray float64 (4,): [8.0, 9.0, 10.0, 11.0]>")
            self.assertEqual(inside["[2]"]["evaluateName"], "grid[2]")
            row = adapter.named(inside["[2]"]["variablesReference"])
            self.assertEqual([row["[%d]" % place]["value"] for place in range(4)], ["8.0", "9.0", "10.0", "11.0"])


class Pickled(Case):
    """Arrays that `pickle` has written, which other tools' dumps have in them."""

    def test_values(self) -> None:
        folder = os.path.join(TESTS, "fixtures", "captured", "numpy")
        names = [name for name in sorted(os.listdir(folder)) if name.endswith(".pickle")]
        self.assertEqual(len(names), 2)
        for path in (os.path.join(folder, name) for name in names):
            for expression, expected in [
                ("grid", "<ndarray float64 (3, 4): [[0.0, 1.0, 2.0, 3.0], …, [8.0, 9.0, 10.0, 11.0]]>"),
                ("grid[1, 2], grid.shape", "(6.0, (3, 4))"),
                ("turned.tolist()", "[[0, 1, 2], [3, 4, 5]]"),
                ("objects", "<ndarray object (3,): [1, 'two', None]>"),
                ("words[1].upper(), letters[0]", "('CDE', b'ab')"),
                ("days", "<ndarray datetime64[D] (2,): [2026-01-01, NaT]>"),
                ("big", "<ndarray >i2 (2,): [1, -2]>"),
                ("flags", "<ndarray bool (2,): [True, False]>"),
                ("one + 1", "2.5"),
                ("day", "np.datetime64('2026-01-01T10:00')"),
                ("kind", "dtype('float32')"),
            ]:
                self.assertEqual(self.shown(path, expression), expected, path)


class Gdb(GdbCase):
    def test_text(self) -> None:
        for dump in captured("arrays"):
            answers = self.answers(dump, "print grid", "info locals", "monitor print grid[2, 3]")
            self.assertIn("<ndarray float64 (3, 4) min 0.0 max 11.0, 1 NaN: [[0.0, 1.0", answers[0])
            self.assertRegex(answers[1], r"days = .*<ndarray datetime64\[D\] \(3,\): \[2026-01-01, NaT, 1969-12-31\]>")
            self.assertEqual(answers[2].strip(), "11.0")


class Hover(EditorCase):
    def test_text(self) -> None:
        for dump in captured("arrays"):
            client = self.client()
            client.begin(dumps=[dump], discover="none")
            path = os.path.join(HERE, "arrays.py")
            with open(path, encoding="utf-8") as stream:
                source = stream.read()
            uri = "file:///srv/values/arrays.py"
            client.open(uri, source)
            line = next(index for index, text in enumerate(source.splitlines()) if "grid[1, 1]" in text)
            text = self.text(client.hover(uri, line, source.splitlines()[line].index("grid")))
            self.assertIn("grid: numpy.ndarray = <ndarray float64 (3, 4) min 0.0 max 11.0, 1 NaN: [[0.0, ", text)
            self.assertIn("[2] = <ndarray float64 (4,): [8.0, 9.0, 10.0, 11.0]>", text)
            self.ended(client)


if __name__ == "__main__":
    unittest.main()
