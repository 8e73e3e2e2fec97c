"""What a dump tells of the library, and what that saves: names and places of its functions and classes, all of the program's own."""

import os
import unittest
from typing import Any, Dict

from programs import Case

#: installed package, as a dump sees it
LIBRARY = """
limit = 7
unused = ["not named by a frame"]

class Base:
    kind = "base"
    def price(self, factor=3):
        return factor

class Far(Base):
    def label(self, text="far"):
        return text

class Near(Base):
    def __init__(self):
        self.far = Far()
        self.data = {"kept": [1, 2, 3]}

def call(function, times=limit):
    held = limit
    return function()
"""

PROGRAM = """
import sys, weakref
sys.path[:0] = [{packages!r}, {root!r}]
import shoplib, crashsite
from shoplib import call

class Order:
    def total(self, tax=19):
        return tax

def fail():
    near, order = shoplib.Near(), Order()
    noted, named, seen = weakref.WeakKeyDictionary(), weakref.WeakValueDictionary(), weakref.WeakSet()
    noted[order], named["one"] = "first", order
    seen.add(order)
    return 1 / 0

try:
    call(fail)
except ZeroDivisionError:
    crashsite.save_dump(sys.argv[1], library=sys.argv[2])
"""


class Library(Case):
    def captured(self, extent: str) -> Any:
        packages = self.path("site-packages")
        self.write("site-packages/shoplib.py", LIBRARY)
        root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        script = self.write("program.py", PROGRAM.format(packages=packages, root=root))
        path = self.path(extent + ".dump")
        self.run_python(script, path, extent, status=0)
        return self.load(path)

    def by_name(self, dump: Any) -> Dict[str, Any]:
        """Classes and functions by what the note says."""
        objects = [dump.object(number) for number in range(dump.end["objects_written"])]
        found = [thing for thing in objects if thing.kind in ("class", "function")]
        return {str(thing.note).replace("\0", "."): thing for thing in found}

    def test_brief(self) -> None:
        dump = self.captured("brief")
        known = self.by_name(dump)
        far, near, base = known["shoplib.Far"], known["shoplib.Near"], known["shoplib.Base"]
        self.assertEqual((list(far.attributes), [flag for flag, _ in far.flags]), ([], [5]))
        self.assertEqual([dump.object(number).note for number in far.elements][:2], ["shoplib\0Far", "shoplib\0Base"])
        # What the program's own frame holds an object of, and what that derives from, is told.
        self.assertIn("__init__", dict(near.attributes))
        self.assertIn("kind", dict(base.attributes))
        price, call = known["shoplib.Base.price"], known["shoplib.call"]
        for function in (price, call):
            self.assertEqual((list(function.attributes), function.flags[0][0]), ([], 5))
            self.assertEqual(os.path.basename(function.location[0]), "shoplib.py")
            self.assertGreater(function.location[1], 1)
        # The program's own is told in full, and the data that library objects hold.
        self.assertIn("__defaults__", dict(known["__main__.Order.total"].attributes))
        frames = dump.summary["frames"]
        held = next(local for frame in frames for local in frame["locals"] if local[0] == "near")
        attributes = dict(dump.object(held[2]).attributes)
        self.assertEqual(dump.object(attributes["data"]).kind, "dict")
        frame = next(frame for frame in frames if frame["function"] == "call")
        module = dump.object(frame["globals"])
        names = [dump.object(key).value for key, _ in module.pairs]
        self.assertEqual(sorted(names), ["__file__", "__name__", "limit"])
        self.assertEqual(module.flags[0][0], 1)
        self.assertGreater(module.flags[0][1], 6)
        self.assertGreater(dump.end["brief"]["function"], 1)
        self.assertGreater(dump.end["brief"]["class"], 0)

    def weak(self, dump: Any) -> Dict[str, Any]:
        frame = next(frame for frame in dump.summary["frames"] if frame["function"] == "fail")
        return {local[0]: dump.object(local[2]) for local in frame["locals"] if local[0] in ("noted", "named", "seen")}

    def test_weak_containers(self) -> None:
        """What they hold, without what keeps it up to date."""
        brief = self.captured("brief")
        found = self.weak(brief)
        self.assertEqual(len(found), 3)
        for thing in found.values():
            self.assertEqual((list(dict(thing.attributes)), [flag for flag, _ in thing.flags]), (["data"], [5]))
        key, value = brief.object(dict(found["noted"].attributes)["data"]).pairs[0]
        self.assertEqual((brief.object(key).kind, brief.object(value).value), ("weakref", "first"))
        self.assertEqual(len(brief.object(dict(found["seen"].attributes)["data"]).elements), 1)
        for thing in self.weak(self.captured("full")).values():
            self.assertIn("_remove", dict(thing.attributes))

    def test_full(self) -> None:
        dump = self.captured("full")
        known = self.by_name(dump)
        self.assertIn("label", dict(known["shoplib.Far"].attributes))
        self.assertIn("__defaults__", dict(known["shoplib.call"].attributes))
        self.assertEqual(dump.end["brief"], {})

    def test_wrong(self) -> None:
        import crashsite

        with self.assertRaisesRegex(ValueError, "library='some': want 'brief' or 'full'"):
            crashsite.Settings(library="some")


if __name__ == "__main__":
    unittest.main()
