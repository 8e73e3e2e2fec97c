"""Dumps against the truth that the crashing process wrote at the same moment: frames, lines, names, types, and every
`repr` of a builtin value; by the reference reader and, where CRASHSITE_BINARY names it, by the binary."""

import json
import os
import re
import subprocess
import sys
import unittest
from typing import Any, Dict, List

from programs import Case

FIXTURES = os.path.join(
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "tests", "fixtures"
)
BINARY = os.environ.get("CRASHSITE_BINARY")
SCENARIOS = ["simple", "plain", "zoo", "chained", "deep", "gen", "async", "medium"]
if sys.version_info >= (3, 11):
    SCENARIOS.append("group")

#: classes outside builtins whose repr is C code, or is generated, and so has to be exact
EXACT = {
    "datetime.datetime", "datetime.date", "datetime.timedelta", "datetime.timezone", "decimal.Decimal", "array.array",
    "collections.OrderedDict", "collections.defaultdict", "collections.deque", "collections.Counter", "re.Pattern", "re.Match",
    "_io.BytesIO", "_io.StringIO", "_io.BufferedReader", "_io.TextIOWrapper", "_io.FileIO", "_thread.lock", "_thread.RLock",
    "types.SimpleNamespace", "shop3.models.Money", "shop3.models.Point", "shop3.models.Status", "shop3.models.Address",
    "shop3.models.Line", "shop3.models.Ledger", "shop3.models.History", "shop3.models.Slotted", "shop3.models.Unpicklable",
    "uuid.UUID", "pathlib.PosixPath", "fractions.Fraction", "threading.Event", "threading.Condition", "threading.Thread",
    "shop3.pipeline.Store", "shop3.models.StockError", "shop3.models.PaymentError", "os.stat_result",
}  # fmt: skip
#: what a repr of a builtin may hold of classes with a __repr__ of their own
OWN = ("<Order ", "<Customer ", "<Task ", "<_GatheringFuture", "<_Unix", "<contextvars", "<repr ", "<TestCase")  # fmt: skip
#: what says nothing of itself in Python is told with more after these words
WORDLESS = re.compile(
    r"(<_io\.(?:BytesIO|StringIO) object at 0x|<\w+_iterator object at 0x|<(?:enumerate|zip|map|filter) object at 0x)>"
)

if sys.version_info < (3, 11):
    OWN += ("<threading",)  # it said nothing of itself then

if sys.implementation.name != "cpython":
    # Much of the library that is C in CPython is Python elsewhere, with a __repr__ that is not run.
    EXACT = {name for name in EXACT if name.startswith("shop3.")}
    OWN += (
        "Decimal(",
        "OrderedDict(",
        "deque(",
        "Counter(",
        "defaultdict(",
        "<_",
        "<bound method",
        "<function",
        "<weak",
        "<code",
        "<cell",
        "<built-in",
        "<module",
        "<generator",
        "slice(",
        "range(",
    )

PROGRAM = """
import sys, threading, time
sys.path[:0] = [{fixtures!r}, {package!r}]
import crashsite, truth
from shop3 import pipeline
kind, out = sys.argv[1:]
store, ready = pipeline.Store(), threading.Event()
worker = threading.Thread(target=pipeline.worker, args=(store, "w1", ready), name="wörker-1", daemon=True)
worker.start()
ready.wait()

def waiting():
    frame = sys._current_frames()[worker.ident]
    return frame.f_code.co_name == "wait"

def both(error):
    facts = truth.collect(error, scenario=kind)
    crashsite.save_dump(out + ".dump")
    truth.write(out + ".truth.json", facts)

limit = time.monotonic() + 10
while not waiting() and time.monotonic() < limit:
    time.sleep(0.01)
try:
    pipeline.run(kind)
except BaseException:
    both(sys.exc_info())
"""


def without_addresses(text: str) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x", text)


def agree(ours: str, truth: str) -> bool:
    """Equal, or both cut: the truth at 200 characters, ours with a visible mark after them."""
    if without_addresses(ours) == without_addresses(truth):
        return True
    wordless = WORDLESS.fullmatch(without_addresses(truth))
    if wordless:
        return (
            re.match(re.escape(wordless[1]) + r"( at| with| of|, exhausted|, closed)", without_addresses(ours))
            is not None
        )
    return len(truth) == 200 and ours.endswith("…") and without_addresses(ours)[:150] == without_addresses(truth)[:150]


class Truth(Case):
    def check_frames(self, want: List[Any], got: List[Any], where: str) -> None:
        self.assertGreaterEqual(len(got), len(want), where)
        for expected, frame in zip(want, got):
            place = (frame["file"], frame["line"], frame["function"])
            self.assertEqual(place, (expected["file"], expected["line"], expected["function"]), where)
            if expected["qualname"] is not None:
                self.assertEqual(frame["qualname"], expected["qualname"])
            found = {value["name"]: value for value in frame["locals"]}
            self.assertEqual(set(found), set(expected["locals"]), where)
            for name, fact in expected["locals"].items():
                self.check_value(fact, found[name], "%s %s %s" % (where, frame["function"], name))

    def check_value(self, fact: Dict[str, Any], value: Dict[str, Any], where: str) -> None:
        self.assertEqual(value["type"], fact["type"].rsplit(".", 1)[-1], where)
        self.values += 1
        if ("." in fact["type"] and fact["type"] not in EXACT) or any(text in fact["repr"] for text in OWN):
            return
        self.assertTrue(agree(value["repr"], fact["repr"]), "%s: %s\n%s" % (where, fact["repr"], value["repr"]))
        self.builtins += 1

    def check_error(self, fact: Any, error: Any, where: str) -> None:
        if fact is None or error is None:
            self.assertEqual(fact, error, where)
            return
        if error.get("seen"):
            return
        self.assertEqual(error["module"] + "." + error["type"], fact["type"], where)
        if not fact["str"].startswith("<"):
            self.assertEqual(error["message"], fact["str"], where)
        self.assertEqual(error["notes"], fact.get("notes", []), where)
        self.assertEqual(error["suppress_context"], fact["suppress_context"], where)
        for name in ("cause", "context"):
            if not (fact[name] or {}).get("cycle"):
                self.check_error(fact[name], error[name], where + "." + name)
        members = fact.get("exceptions", [])
        self.assertEqual(len(members), len(error["group"]), where)
        for one, other in zip(members, error["group"]):
            self.check_error(one, other, where + ".group")

    def check(self, truth: Any, answer: Any, where: str) -> None:
        self.assertTrue(answer["dump"]["complete"])
        self.check_frames(truth["traceback_frames"][::-1], answer["threads"][0]["frames"], where)
        threads = {thread["id"]: thread for thread in answer["threads"]}
        for thread in truth["threads"]:
            if not thread["current"]:
                self.assertEqual(threads[thread["id"]]["name"], thread["name"])
                self.check_frames(thread["frames"], threads[thread["id"]]["frames"], where)
        self.check_error(truth["exception"], answer["exception"], where)

    def test_scenarios(self) -> None:
        package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        script = self.write("run.py", PROGRAM.format(fixtures=os.path.join(FIXTURES, "program"), package=package))
        self.values = self.builtins = 0
        for kind in SCENARIOS:
            self.run_python(script, kind, self.path(kind), status=0)
            with open(self.path(kind + ".truth.json"), encoding="utf-8") as stream:
                truth = json.load(stream)
            self.check(truth, self.load(self.path(kind + ".dump")).bt(), kind)
            if BINARY:
                path = self.path(kind + ".dump")
                done = subprocess.check_output([BINARY, "bt", path, "--json", "--locals", "--all"], timeout=60)
                self.check(truth, json.loads(done.decode("utf-8")), kind)
        self.assertGreater(self.values, 500)
        self.assertGreater(self.builtins, 300)


if __name__ == "__main__":
    unittest.main()
