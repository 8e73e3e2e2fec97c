"""Values of the standard library: lines as the library printed them in the crashing process, and parts, in every front end."""

import os
import re
import sys
import unittest
from typing import Any, Dict, Iterator, List, Tuple

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(TESTS, folder) for folder in ("debuggers", "editors", "end_to_end")]

from client import Case as EditorCase
from dap_client import Adapter
from dumps import HERE, Case, captured
from test_gdb import GdbCase

#: of a local of a function, what `print` shows beneath it, in part
PARTS: Dict[Tuple[str, str], Dict[str, str]] = {
    ("numbers", "ident"): {"int": "24197857161011715162171839636988778104"},
    ("numbers", "part"): {"_numerator": "-22", "_denominator": "7"},
    ("held", "settings"): {"data": "{'a': 1}"},
    ("held", "options"): {"verbose": "1", "file": "'x'"},
    ("held", "keys"): {"mapping": "{'a': 1, 'b': 2}"},
    ("held", "code"): {"format": "'<IH'", "size": "6"},
    ("waiting", "jobs"): {"maxsize": "5", "queue": "deque([1, 'two'])"},
    ("streams", "closed"): {"fd": "-1", "family": "2", "_closed": "True"},
    ("streams", "written"): {"closed": "False", "offset": "0", "mode": "'w'"},
    ("streams", "reading"): {"closed": "False"},
    ("streams", "memory"): {"position": "2", "value": "b'hello'"},
    ("streams", "text"): {"position": "4", "value": "'one\\ntwo'"},
    ("streams", "gone"): {"closed": "True"},
    ("foreign", "line"): {"start": "{'x': 1, 'y': 2.5, 'name': b'ab'}", "ends": "[1, 2, 3]", "next": "4096"},
    ("foreign", "wild"): {"address": "16"},
    ("databases", "connection"): {"in_transaction": "False", "row_factory": "<class 'sqlite3.Row'>"},
    ("databases", "row"): {"a": "1", "b": "'x'"},
    ("databases", "root"): {"tag": "'a'", "text": "'t'", "attrib": "{'x': '1'}"},
    ("weak", "variable"): {"name": "'variable'", "default": "1", "value": "5"},
    ("weak", "context"): {"variable": "5"},
    ("iterators", "listed"): {"iterable": "[10, 20, 30]", "position": "1"},
    ("iterators", "ranged"): {"left": "range(10, 50, 5)"},
    ("iterators", "numbered"): {"index": "2"},
    ("iterators", "mapped"): {"function": "<class 'str'>"},
    ("iterators", "called"): {"sentinel": "1"},
    ("iterators", "going"): {"locals": "{'most': 3, 'number': 0}"},
}
#: what Python does not tell, by how it begins and how it ends
TOLD = {
    ("streams", "memory"): ("<_io.BytesIO object at 0x", " at 2: b'hello'>"),
    ("streams", "text"): ("<_io.StringIO object at 0x", " at 4: 'one\\ntwo'>"),
    ("streams", "gone"): ("<_io.BytesIO object at 0x", ", closed>"),
    ("clocks", "local"): ("datetime.datetime(2026, 8, 1, 10, 30, 5, fold=1, ", "tzinfo=<__main__.Summer object at 0x"),
    ("held", "call"): ("functools.partialmethod(", "<class 'int'>, base=2)"),
    ("waiting", "jobs"): ("<__main__.Jobs object at 0x", " maxsize=5 queue=deque([1, 'two'])>"),
    ("waiting", "first"): ("<queue.PriorityQueue object at 0x", " maxsize=0 queue=[(1, 'x')]>"),
    ("foreign", "point"): ("<Point x=1 ", "y=2.5 name=b'ab'>"),
    ("foreign", "array"): ("<c_int_Array_5 ", "[1, 2, 3, 0, 0]>"),
    ("foreign", "buffer"): ("<c_char_Array_6 ", "b'abc'>"),
    ("foreign", "null"): ("<__main__.LP_c_int object at 0x", ", null>"),
    ("foreign", "wild"): ("<__main__.LP_Point object at 0x", " to 0x10>"),
    ("foreign", "behind"): ("<Point _b_base_=<__main__.LP_Point object at 0x", " _b_needsfree_=0 _objects=None>"),
    ("databases", "row"): ("<sqlite3.Row ", "a=1 b='x'>"),
    ("databases", "message"): ("<email.message.EmailMessage object at 0x", " headers=[('Subject', 'hi')]>"),
    ("weak", "values"): ("<WeakValueDictionary at 0x", ">}>"),
    ("weak", "keys"): ("<WeakKeyDictionary at 0x", ">: 1}>"),
    ("weak", "some"): ("<WeakSet at 0x", ">}>"),
    ("iterators", "listed"): ("<list_iterator object at 0x", " at 1 of [10, 20, 30]>"),
    ("iterators", "tupled"): ("<tuple_iterator object at 0x", " at 0 of (1, 2)>"),
    ("iterators", "letters"): ("<str_iterator object at 0x", " at 1 of 'h\u00e9llo'>"),
    ("iterators", "pairs"): ("<dict_itemiterator object at 0x", " at 1 of {'a': 1, 'b': 2}>"),
    ("iterators", "among"): ("<set_iterator object at 0x", " at 1 of {1, 2}>"),
    ("iterators", "ranged"): ("<range_iterator object at 0x", " with range(10, 50, 5) left>"),
    ("iterators", "back"): ("<list_reverseiterator object at 0x", " at 1 of [1, 2, 3]>"),
    ("iterators", "over"): ("<list_iterator object at 0x", ", exhausted>"),
    ("iterators", "numbered"): ("<enumerate object at 0x", " at 1 of ['a', 'b']>>"),
    ("iterators", "cycle"): ("<itertools.cycle object at 0x", " at 1 of [1, 2]>>"),
    ("iterators", "part"): ("<itertools.islice object at 0x", " at 2 of [1, 2, 3]>>"),
    ("hostile", "event"): ("<Event _cond=<Condition(<unlocked ", " _flag=<Hostile>>"),
    ("hostile", "ident"): ("<UUID int=<Hostile> ", ">"),
    ("hostile", "keys"): ("dict_values([", "<Hostile>])"),
    ("hostile", "chain"): ("ChainMap({", "'a': <Hostile>})"),
    ("hostile", "variable"): ("<ContextVar name='variable' default=<Hostile> at 0x", ">"),
}


def cut(text: str) -> str:
    """A line as it is shown."""
    return text if len(text) <= 200 else text[:200] + "…"


class Library(Case):
    program = "library"

    def frames(self, dump: str) -> Iterator[Tuple[int, str, Dict[str, Any]]]:
        """Number, function and locals of the program's frames."""
        for number, frame in enumerate(self.ask("bt", dump, "--locals")["threads"][0]["frames"]):
            if frame["function"] != "<module>":
                yield number, frame["function"], {local["name"]: local for local in frame["locals"]}

    def test_lines(self) -> None:
        for dump, truth in self.dumps():
            compared = 0
            for _, function, named in self.frames(dump):
                for name, local in named.items():
                    place = "%s.%s" % (function, name)
                    if (function, name) in TOLD:
                        start, end = TOLD[function, name]
                        shown = re.sub(r"0x[0-9a-f]+>\)$", "0x", local["repr"])
                        self.assertEqual((shown[: len(start)], shown[-len(end) :]), (start, end), place)
                    elif place in truth:
                        self.assertEqual(local["repr"], cut(truth[place]), place)
                        compared += 1
            self.assertGreater(compared, 55)

    def test_heap(self) -> None:
        """The previews are made before the heap is written: what is made of this is the same."""
        for dump, _ in self.dumps():
            compared = 0
            for number, function, named in self.frames(dump):
                for name, local in named.items():
                    printed = self.ask("print", dump, name, "--frame", str(number))
                    self.assertEqual(printed["repr"], local["repr"], (function, name))
                    self.assertEqual(printed["children_count"], local["children_count"], (function, name))
                    compared += 1
                    children = {child["name"]: child["repr"] for child in printed["children"] if child.get("name")}
                    for part, expected in PARTS.get((function, name), {}).items():
                        self.assertEqual(children.get(part), expected, (function, name, part))
            self.assertGreater(compared, 120)

    def test_inert(self) -> None:
        """Not a method of the program's was called, and no iterator was moved."""
        dump, truth = self.dumps()[-1]
        self.assertFalse(os.path.exists(dump + ".ran"))
        left = {name[5:]: text for name, text in truth.items() if name.startswith("left.")}
        self.assertEqual(
            left,
            {
                "listed": "[20, 30]",
                "tupled": "[1, 2]",
                "letters": "['é', 'l', 'l', 'o']",
                "pairs": "[('b', 2)]",
                "ranged": "[10, 15, 20, 25, 30, 35, 40, 45]",
                "back": "[2, 1]",
                "numbered": "[(2, 'b')]",
                "side": "[(2, 'b')]",
                "mapped": "['2', '3']",
                "chosen": "[]",
                "part": "[3]",
                "going": "[1, 2]",
            },
        )

    def test_expressions(self) -> None:
        for dump, _ in self.dumps():
            number = {function: str(number) for number, function, _ in self.frames(dump)}
            for function, expression, expected in [
                ("numbers", "part + 1", "Fraction(-15, 7)"),
                ("held", "sorted(keys), len(items), 2 in values", "(['a', 'b'], 1, False)"),
                ("held", "options.verbose", "1"),
                ("waiting", "jobs.queue[1]", "'two'"),
            ]:
                answer = self.ask("print", dump, expression, "--frame", number[function])
                self.assertEqual(answer.get("repr"), expected, answer)
            for function, expression, kind in [
                ("iterators", "next(listed)", "NotSupported"),
                ("iterators", "list(going)", "NotSupported"),
                ("numbers", "str(ident)", "NeedsCode"),
            ]:
                answer = self.ask("print", dump, expression, "--frame", number[function])
                self.assertEqual(answer["error"]["type"], kind, answer)

    def test_debug_adapter(self) -> None:
        for dump, truth in self.dumps():
            adapter = Adapter()
            self.addCleanup(adapter.end)
            adapter.launch(dump=dump)
            for frame in adapter.frames(adapter.ask("threads")["threads"][0]["id"]):
                if frame["name"].split("(")[0] in ("numbers", "iterators"):
                    named = adapter.named(adapter.scopes(frame["id"])["Locals"])
                    if "ident" in named:
                        self.assertEqual(named["ident"]["value"], truth["numbers.ident"])
                    else:
                        inside = adapter.named(named["listed"]["variablesReference"])
                        self.assertEqual(inside["iterable"]["value"], "[10, 20, 30]")
                        self.assertEqual(inside["position"]["value"], "1")


class Gdb(GdbCase):
    def test_text(self) -> None:
        for dump in captured("library"):
            answers = self.answers(
                dump, "frame function numbers", "print ident", "print pure", "monitor print four._ip"
            )
            self.assertIn("UUID('12345678-1234-5678-1234-567812345678')", answers[1])
            self.assertIn("PurePosixPath('/etc/x')", answers[2])


class Hover(EditorCase):
    def test_text(self) -> None:
        for dump in captured("library"):
            client = self.client()
            client.begin(dumps=[dump], discover="none")
            with open(os.path.join(HERE, "library.py"), encoding="utf-8") as stream:
                lines: List[str] = stream.read().splitlines()
            uri = "file:///srv/values/library.py"
            client.open(uri, "\n".join(lines) + "\n")
            line = next(index for index, text in enumerate(lines) if "keys = " in text and "bad" in text)
            text = self.text(client.hover(uri, line, lines[line].index("keys")))
            self.assertIn("keys: dict_values = dict_values([<Hostile>])", text)
            self.ended(client)


if __name__ == "__main__":
    unittest.main()
