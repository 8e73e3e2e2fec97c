"""Expressions asked of a dump, against what the crashing process answered itself.

By itself it prints the score: python test_expressions.py [--report FILE] [--shown N] [PROGRAM…]
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, NamedTuple, Optional

HERE = os.path.dirname(os.path.abspath(__file__))
BINARY = os.environ.get("CRASHSITE_BINARY", "")
#: whether the answers are judged: CRASHSITE_EXPRESSIONS=1 or 0; else where the file ENABLED stands
ENABLED = os.environ.get("CRASHSITE_EXPRESSIONS", "1" if os.path.exists(os.path.join(HERE, "ENABLED")) else "0") == "1"
PROGRAMS = ("shop", "web", "types")
#: of these the shares hold; `types` is of constants and values by intention
SHARED = ("shop", "web")

#: the targets: right of what is answered; NeedsCode of all
RIGHT, NEEDS_CODE = 0.97, 0.10
#: the data itself: of constants only, at most; touching instances, at least
CONSTANTS, INSTANCES = 0.25, 0.40
#: characters of a repr in an answer; more are cut with a visible mark
CUT = 200


def masked(text: str) -> str:
    """Without addresses."""
    return re.sub(r" at 0x[0-9a-f]+", " at 0x", text)


class Run(NamedTuple):
    """A program's crash: its dump, the Python it ran on, and the truth of each expression."""

    dump: str
    python: List[int]
    rows: List[Dict[str, Any]]


def crash(program: str, directory: str) -> Run:
    """Let a program crash and write its truth."""
    out = os.path.join(directory, program)
    command = [sys.executable, "-B", os.path.join(HERE, "truth.py"), program, out]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=300)
    with open(out + ".json", encoding="ascii") as stream:
        data = json.load(stream)
    return Run(out + ".dump", data["python"], data["expressions"])


def ask(dump: str, row: Dict[str, Any]) -> Dict[str, Any]:
    """What the binary answers. No answer at all is an error of a name of our own."""
    command = [BINARY, "print", dump, "--frame", str(row["index"]), "--json", "--", row["expr"]]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"error": {"type": "(no answer)", "message": "in 20 s"}}
    except ValueError:
        return {"error": {"type": "(no answer)", "message": "status %d: %r" % (done.returncode, done.stderr[:200])}}
    if (done.returncode == 1) != ("error" in answer) or done.returncode not in (0, 1):
        return {"error": {"type": "(status)", "message": str(done.returncode)}}
    return dict(answer)


def same(ours: str, truth: str, length: int, fresh: bool) -> bool:
    """Equal texts, or ours is cut and their heads are equal. Addresses count unless the expression made the object."""
    if fresh:
        ours, truth = masked(ours), masked(truth)
    if length > CUT and ours.endswith("…"):
        head = ours[:-1]
        return len(head) >= CUT - 20 and truth.startswith(head)
    return ours == truth


def same_value(ours: Dict[str, Any], truth: Dict[str, Any], fresh: bool) -> bool:
    """Type, and repr; where the repr would need code: the identity, or the elements."""
    if (ours.get("type"), ours.get("module")) != (truth["type"], truth["module"]):
        return False
    if "repr" in truth:
        return same(ours.get("repr", ""), truth["repr"], truth["length"], fresh)
    if "items" in truth:
        children = ours.get("children", [])
        if len(children) != len(truth["items"]):
            return False
        return all(same_value(child, item, fresh) for child, item in zip(children, truth["items"]))
    return fresh or ours.get("address") == hex(truth["id"])


def verdict(row: Dict[str, Any], answer: Dict[str, Any], messages: bool) -> str:
    """`right`, `needs code` or `wrong`. Without `messages` errors are compared by type only."""
    truth, error = row.get("error"), answer.get("error")
    if error and error["type"] == "NeedsCode":
        # It has to name what would run: the function, not only that something would.
        named = any(re.search(r"(?<!\w)%s(?!\w)" % re.escape(name), error["message"]) for name in row["ran"])
        return "needs code" if row["needs_code"] and named else "wrong"
    if truth and error:
        messages = messages and truth["type"] != "SyntaxError"  # each parser has words of its own
        message = not messages or same(error["message"], truth["message"], len(truth["message"]), row["fresh"])
        return "right" if truth["type"] == error["type"] and message else "wrong"
    if truth or error:
        return "wrong"
    return "right" if same_value(answer, row, row["fresh"]) else "wrong"


class Judged(NamedTuple):
    """An expression, its truth, and what became of it."""

    row: Dict[str, Any]
    answer: Dict[str, Any]
    verdict: str


def judge(run: Run) -> List[Judged]:
    """Ask everything, a few at a time."""
    messages = run.python == [3, 13]
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        answers = list(pool.map(lambda row: ask(run.dump, row), run.rows))
    return [Judged(row, answer, verdict(row, answer, messages)) for row, answer in zip(run.rows, answers)]


class Score:
    """The numbers of one run."""

    def __init__(self, judged: List[Judged]) -> None:
        self.judged = judged
        counts = Counter(one.verdict for one in judged)
        self.all, self.right, self.needs_code = len(judged), counts["right"], counts["needs code"]
        others = self.all - self.needs_code
        self.right_share = self.right / others if others else 1.0  # nothing is asked of an older Python
        self.needs_code_share = self.needs_code / max(self.all, 1)

    def line(self) -> str:
        return "%d expressions, %d needs code (%.1f %%), of the others right: %d of %d (%.1f %%)" % (
            self.all, self.needs_code, 100 * self.needs_code_share, self.right, self.all - self.needs_code, 100 * self.right_share,
        )  # fmt: skip

    def table(self) -> str:
        """One line a group."""
        groups: Dict[str, Counter[str]] = {}
        for one in self.judged:
            groups.setdefault("%s: %s" % (one.row["frame"], one.row["group"]), Counter())[one.verdict] += 1
        lines = ["%-52s %5s %10s %5s" % ("", "right", "needs code", "wrong")]
        for name, counts in groups.items():
            lines.append("%-52s %5d %10d %5d" % (name, counts["right"], counts["needs code"], counts["wrong"]))
        return "\n".join(lines)

    def differences(self) -> List[str]:
        """What is wrong, as lines of text."""
        return [
            "%s  `%s`\n    truth: %s\n    ours:  %s"
            % (one.row["frame"], one.row["expr"], shown(one.row), shown(one.answer))
            for one in self.judged
            if one.verdict == "wrong"
        ]


def shown(value: Dict[str, Any]) -> str:
    error = value.get("error")
    text = "%s: %s" % (error["type"], error["message"]) if error else value.get("repr", "(needs code for its repr)")
    return text[: CUT + 1].encode("ascii", "backslashreplace").decode("ascii")


def as_answer(truth: Dict[str, Any]) -> Dict[str, Any]:
    """The truth in the form of an answer."""
    if truth.get("error"):
        return {"error": truth["error"]}
    text = truth.get("repr", "<%s>" % truth["type"])
    answer = {"type": truth["type"], "module": truth["module"], "address": hex(truth["id"])}
    children = [as_answer(item) for item in truth.get("items", [])]
    return {**answer, "repr": text if len(text) <= CUT else text[:CUT] + "…", "children": children}


def spoiled(answer: Dict[str, Any]) -> Dict[str, Any]:
    """The answer with one thing wrong."""
    if "error" in answer:
        other = "message" if answer["error"]["type"] != "SyntaxError" else "type"
        return {"error": {**answer["error"], other: answer["error"][other] + "!"}}
    return (
        {**answer, "type": answer["type"] + "_"}
        if answer["children"]
        else {**answer, "repr": "?", "address": "0x1", "module": "?"}
    )


class Expressions(unittest.TestCase):
    directory: "tempfile.TemporaryDirectory[str]"
    runs: Dict[str, Run]

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.directory.cleanup)
        cls.runs = {program: crash(program, cls.directory.name) for program in PROGRAMS}

    def test_the_data(self) -> None:
        """The expressions are what they have to be, whoever answers them."""
        for program, run in self.runs.items():
            with self.subTest(program):
                rows = run.rows
                self.assertEqual([row["expr"] for row in rows if not row["stable"]], [], "changes with each evaluation")
                wrong = [(row["expr"], row["ran"]) for row in rows if bool(row["ran"]) != row["needs_code"]]
                self.assertEqual(wrong, [], "the mark ! and the functions that ran disagree")
                twice = Counter((row["frame"], row["expr"]) for row in rows)
                self.assertEqual([asked for asked, count in twice.items() if count > 1], [])
                if program in SHARED:
                    self.assertLessEqual(sum(row["constant_only"] for row in rows) / len(rows), CONSTANTS)
                    self.assertGreaterEqual(sum(row["touches_instances"] for row in rows) / len(rows), INSTANCES)
                    self.assertLessEqual(sum(row["needs_code"] for row in rows) / len(rows), NEEDS_CODE)
        self.assertGreaterEqual(len(self.runs["shop"].rows), 700)
        self.assertGreaterEqual(len(self.runs["web"].rows), 140)

    def test_the_judge(self) -> None:
        """It takes the truth for right, and anything else for wrong: another value, another error, code that is not needed."""
        needless = {"error": {"type": "NeedsCode", "message": "Order.nothing (models.py:41)"}}
        for run in self.runs.values():
            for row in run.rows:
                own = as_answer(row)
                self.assertEqual(verdict(row, own, True), "right", row)
                self.assertEqual(verdict(row, spoiled(own), True), "wrong", row)
                self.assertEqual(verdict(row, needless, True), "wrong", row)
                if row["ran"]:
                    named = {"error": {"type": "NeedsCode", "message": "Order.%s (models.py:41)" % row["ran"][-1]}}
                    self.assertEqual(verdict(row, named, True), "needs code", row)

    @unittest.skipUnless(ENABLED, "the evaluator does not answer these yet; CRASHSITE_EXPRESSIONS=1 judges it")
    def test_the_answers(self) -> None:
        self.assertTrue(os.path.exists(BINARY), "CRASHSITE_BINARY names no binary; run this by: cargo xtask test")
        for program, run in self.runs.items():
            with self.subTest(program):
                score = Score(judge(run))
                report = "%s\n%s\n%s" % (score.line(), score.table(), "\n".join(score.differences()[:20]))
                self.assertGreaterEqual(score.right_share, RIGHT, report)
                self.assertLessEqual(score.needs_code_share, NEEDS_CODE, report)


def main(arguments: Optional[List[str]] = None) -> None:
    """Print the score, and write the differences where --report says."""
    parser = argparse.ArgumentParser(description="The score of `crashsite print` against the truth.")
    parser.add_argument(
        "programs", nargs="*", default=PROGRAMS, metavar="PROGRAM", help="default: %s" % " ".join(PROGRAMS)
    )
    parser.add_argument("--report", metavar="FILE", help="write every difference to a Markdown file")
    parser.add_argument(
        "--shown", type=int, default=20, metavar="N", help="differences printed of each program (default 20)"
    )
    options = parser.parse_args(arguments)
    if not os.path.exists(BINARY):
        parser.error("CRASHSITE_BINARY names no binary")
    report: List[str] = []
    with tempfile.TemporaryDirectory() as directory:
        for program in options.programs:
            run = crash(program, directory)
            score = Score(judge(run))
            title = "%s, Python %d.%d: %s" % (program, *run.python, score.line())
            differences = score.differences()
            print(title, score.table(), *differences[: options.shown], "", sep="\n")
            report += ["## " + title, "", "```text", score.table(), "```", "", *("- " + one for one in differences), ""]
    if options.report:
        with open(options.report, "w", encoding="utf-8") as stream:
            stream.write("\n".join(report))


if __name__ == "__main__":
    main()
