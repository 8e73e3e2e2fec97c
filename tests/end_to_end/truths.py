"""What the crashing process wrote down, beside what is read from a dump of it."""

import json
import re
from typing import Any, Dict, Iterator, List, Set, Tuple

from common import Case, call

#: classes outside the builtins that print as that Python prints them
EXACT = {
    "collections.Counter",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.deque",
    "datetime.date",
    "datetime.datetime",
    "datetime.time",
    "datetime.timedelta",
    "decimal.Decimal",
    "posix.stat_result",
    "time.struct_time",
}
#: values whose repr holds something that the file has not: code of the program's, addresses, names of files
OPAQUE = re.compile(r"<(?!type '|class ')|Money\(|\bShopError|AttributeError\(|instance at|'__builtins__'")


def stacks(truth: Any, answer: Any) -> Iterator[Tuple[List[Any], List[Any]]]:
    """What must be there beside what is: the crash, then every other thread."""
    if truth.get("traceback_frames"):
        yield truth["traceback_frames"][::-1], answer["threads"][0]["frames"]
    threads = {thread["id"]: thread for thread in answer["threads"]}
    for thread in truth["threads"]:
        if not thread["current"]:
            yield thread["frames"], threads[thread["id"]]["frames"]


class Compared(Case):
    """A test that compares dumps with truths."""

    #: dump and local of which the file has another type
    lost_types: Set[Tuple[str, str]] = set()
    #: those that print in another way, for the file does not tell what decides it
    lost_reprs: Set[Tuple[str, str]] = set()

    def bt(self, path: str) -> Any:
        done = call("bt", path, "--json", "--locals", "--all")
        self.assertEqual(done.status, 0, done.err)
        return json.loads(done.out)

    def check_value(self, name: str, local: str, fact: Dict[str, Any], value: Dict[str, Any]) -> int:
        kind = fact["type"].replace("instance:", "").rsplit(".", 1)[-1]
        if (name, local) not in self.lost_types:
            self.assertEqual(value["type"], kind, (name, local))
        if (name, local) in self.lost_reprs:
            return 0
        builtin = "." not in fact["type"] and not fact["type"].startswith("instance:")
        if not (builtin or fact["type"] in EXACT) or OPAQUE.search(fact["repr"]) or OPAQUE.search(value["repr"]):
            return 0
        cut = len(fact["repr"]) == 200 and value["repr"].endswith("…")
        ours, truth = (value["repr"][:150], fact["repr"][:150]) if cut else (value["repr"], fact["repr"])
        self.assertEqual(ours, truth, (name, local))
        return 1

    def check_exception(self, fact: Any, error: Any) -> None:
        if fact is None:
            self.assertIsNone(error)
            return
        self.assertEqual(error["type"], fact["type"].rsplit(".", 1)[-1])
        if not fact["str"].startswith("<"):
            self.assertEqual(error["message"], fact["str"])
