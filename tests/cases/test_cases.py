"""Real bugs of released packages, each crashed from its old version: `explain` names the object that the fix of the package is
about, and docs/cases/ shows what the commands print.

The packages are fetched from PyPI, in the versions that the scripts pin. CRASHSITE_UPDATE=1 writes the transcripts anew."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, List, NamedTuple, Tuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BINARY = os.environ.get("CRASHSITE_BINARY", "")
TARGET = os.environ.get("CRASHSITE_TARGET", os.path.join(ROOT, "target"))


class Truth(NamedTuple):
    """What the fix is about, by hand: the function that it changes or that was given the wrong thing, and the expression."""

    function: str
    expression: str
    #: what the maintainers changed
    fix: str


TRUTH: Dict[str, Truth] = {
    "babel_hour": Truth(
        "__getitem__", "self._data", "a pattern that lacks the plural form falls back to 'other' (2.10)"
    ),
    "dateutil_month": Truth("parse", "e.args[0]", "str(e) in place of e.args[0], which may be a number (2.8.2)"),
    "humanize_zero": Truth("precisedelta", "texts", "the smallest unit is told where texts would be empty (3.2)"),
    "markdown2_table": Truth(
        "sub", "cols", "all space behind the rule is cut off before it is split into cols (2.5.4)"
    ),
    "markdown2_toc": Truth("_toc_add_entry", "self", "_toc_depth is set for every form of the extras (2.3.7)"),
    "marko_link": Truth("_expect_inline_link", "text", "no link begins where text ends (1.0.2)"),
    "mistletoe_emphasis": Truth("process_emphasis", "closer.type", "a delimiter is not left with an empty type (1.0)"),
    "mistletoe_link": Truth("match_link_dest", "string", "an offset at the end of string is no link (0.8.2)"),
    "mistune_cells": Truth("output_table", "aligns", "cells beyond aligns have no alignment (0.5.1)"),
    "networkx_empty": Truth("condensation", "scc", "a graph without components, scc, is answered at once (#2047)"),
    "prettytable_sorted": Truth("_validate_field_name", "self._field_names", "sortby is set after the fields (#354)"),
    "sqlparse_assignment": Truth("_group", "next_", "a keyword is no side of an assignment (0.2.4)"),
    "sqlparse_empty": Truth("_process_statement", "tlist.tokens", "tokens may be empty (0.3)"),
    "tabulate_empty": Truth(
        "tabulate", "list_of_lists", "columns are counted only where list_of_lists has rows (#221)"
    ),
    "xmltodict_number": Truth("escape", "data", "the values of attributes are made texts (0.10)"),
}
#: Of the fifteen, those where the object of a finding itself is the right one.
WANTED = 12


def header(name: str) -> Dict[str, str]:
    with open(os.path.join(HERE, name + ".py"), encoding="utf-8") as stream:
        return dict(re.findall(r"^(python|requires|reported): (.+)$", stream.read(), re.MULTILINE))


def python_of(version: str) -> str:
    """The Python that a script asks for, of those that the tests were told of."""
    for path in os.environ.get("CRASHSITE_PYTHONS", "").split(os.pathsep) + [sys.executable]:
        if path:
            told = subprocess.run(
                [path, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], stdout=subprocess.PIPE
            )
            if told.stdout.decode().strip() == version:
                return path
    raise unittest.SkipTest("no Python %s here" % version)


def packages(name: str, python: str) -> str:
    """The folder with the packages of a script."""
    folder = os.path.join(TARGET, "cases", name, "site-packages")
    if not os.path.isdir(folder):
        command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--target"]
        subprocess.run([*command, folder + ".new", *header(name)["requires"].split()], check=True, timeout=300)
        os.rename(folder + ".new", folder)
    return folder


def comparable(text: str) -> str:
    """What differs from run to run and from place to place, put into one form."""
    text = text.replace(ROOT + "/", "")
    text = re.sub(r"[^ ']*/cases/\w+/site-packages/", "site-packages/", text)
    text = re.sub(r"[^ ']*/lib/python(\d\.\d+)/", r"lib/python\1/", text)
    text = re.sub(r"<redacted [0-9a-f]+>", "<redacted …>", text)
    return re.sub(r"0x[0-9a-f]{4,}", "0x…", text)


class Cases(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.assertTrue(
            os.path.exists(BINARY), "CRASHSITE_BINARY names no binary; run this by: cargo xtask test --long"
        )
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.dir = directory.name

    def crashed(self, name: str) -> str:
        """The dump of a script, which has to crash in the version that it pins."""
        python = python_of(header(name)["python"])
        folder = os.path.join(self.dir, name)
        os.mkdir(folder)
        environment = {
            "PYTHONPATH": os.path.join(ROOT, "python") + os.pathsep + packages(name, python),
            "CRASHSITE_DIR": folder,
            "PATH": os.environ.get("PATH", ""),
        }
        command = [python, "-B", "-m", "crashsite", "run", os.path.join("tests", "cases", name + ".py")]
        subprocess.run(
            command, cwd=ROOT, env=environment, timeout=120, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        dumps = glob.glob(os.path.join(folder, "*.dump"))
        self.assertEqual(len(dumps), 1, name)
        os.rename(dumps[0], os.path.join(self.dir, name + ".dump"))
        return os.path.join(self.dir, name + ".dump")

    def asked(self, *words: str) -> str:
        done = subprocess.run(
            [BINARY, *words], cwd=self.dir, timeout=60, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        return done.stdout.decode("utf-8")

    def test_each(self) -> None:
        named: List[str] = []
        told: List[str] = []
        for name, truth in TRUTH.items():
            with self.subTest(name):
                findings = json.loads(self.asked("explain", self.crashed(name), "--json"))["findings"]
                self.assertTrue(findings)
                objects, others = self.objects(findings)
                wanted = (truth.function, truth.expression)
                named += [name] if wanted in objects else []
                told += [name] if wanted in objects + others else []
                self.transcript(name)
        if len(named) < WANTED:
            self.fail("named %d: %s; told of %d" % (len(named), named, len(told)))

    def objects(self, findings: List[Dict[str, Any]]) -> Tuple[List[Tuple[str, str]], List[Tuple[str, str]]]:
        """The objects that findings are about, and those that they tell of."""

        def pair(part: Dict[str, Any]) -> List[Tuple[str, str]]:
            if not part["at"] or not part["object"]:
                return []
            return [(part["at"]["function"].rsplit(".", 1)[-1], part["object"]["expression"])]

        about = [found for finding in findings for found in pair(finding)]
        return about, [found for finding in findings for part in finding["evidence"] for found in pair(part)]

    def transcript(self, name: str) -> None:
        """The commands of the page, asked again."""
        path = os.path.join(ROOT, "docs", "cases", name + ".md")
        with open(path, encoding="utf-8") as stream:
            page = stream.read()

        def again(block: "re.Match[str]") -> str:
            commands = re.findall(r"^\$ crashsite (.+)$", block.group(1), re.MULTILINE)
            parts = []
            for command in commands:
                words = [
                    double or single or plain
                    for double, single, plain in re.findall(r'"([^"]*)"|\'([^\']*)\'|(\S+)', command)
                ]
                parts.append("$ crashsite %s\n%s" % (command, comparable(self.asked(*words)).rstrip()))
            lines = "\n\n".join(parts).splitlines()
            return "```text\n%s\n```" % "\n".join(line.rstrip() for line in lines)

        now = re.sub(r"```text\n(.*?)\n```", again, page, flags=re.DOTALL)
        if os.environ.get("CRASHSITE_UPDATE"):
            with open(path, "w", encoding="utf-8") as stream:
                stream.write(now)
        else:
            self.assertEqual(page, now)


if __name__ == "__main__":
    unittest.main()
