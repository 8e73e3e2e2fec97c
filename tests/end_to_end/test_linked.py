"""`bt --linked`: the dumps of a program's processes are found in one folder and shown together; nothing else is."""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
from typing import Any, Dict, List

from common import BINARY, ROOT

#: A pool of which a worker's child fails, and the worker for that, and the program for that.
PROGRAM = """
import concurrent.futures, multiprocessing, subprocess, sys
import crashsite

crashsite.dump_on_unhandled_exceptions(dump_dir="dumps")

def work(number):
    if number == 2:
        subprocess.run([sys.executable, "-B", "leaf.py"])
        raise LookupError("no number " + str(number))

if __name__ == "__main__":
    with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        for result in pool.map(work, range(4)):
            pass
"""
LEAF = "import crashsite; crashsite.dump_on_unhandled_exceptions(dump_dir='dumps'); leaf = 1; leaf / 0"


class Linked(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = os.path.realpath(folder.name)
        os.mkdir(self.path("dumps"))
        for name, text in (("prog.py", PROGRAM), ("leaf.py", LEAF)):
            with open(self.path(name), "w") as stream:
                stream.write(text)
        env = {key: value for key, value in os.environ.items() if not key.startswith("CRASHSITE")}
        env["PYTHONPATH"] = os.path.join(ROOT, "python")
        command = [sys.executable, "-B", "prog.py"]
        done = subprocess.run(command, cwd=self.dir, env=env, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 1, done.stderr)
        #: by type of the exception and number of processes before
        self.dumps: Dict[int, str] = {}
        for name in os.listdir(self.path("dumps")):
            if name.endswith(".dump"):
                process = self.json("info", self.path("dumps", name))["process"]
                self.dumps[len(process["ancestors"])] = name
        self.assertEqual(sorted(self.dumps), [0, 1, 2])

    def path(self, *names: str) -> str:
        return os.path.join(self.dir, *names)

    def run_it(self, *arguments: str, cwd: str = "") -> str:
        pipe = subprocess.PIPE
        done = subprocess.run([BINARY, *arguments], cwd=cwd or self.dir, stdout=pipe, stderr=pipe, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, b""), arguments)
        return done.stdout.decode("utf-8")

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run_it(*arguments, "--json"))

    def linked(self, name: str, *arguments: str) -> List[Any]:
        answer = self.json("bt", self.path("dumps", name), *(arguments or ("--linked",)))
        return [(one["relation"], one["file"], one["bt"]["exception"]["type"]) for one in answer["linked"]]

    def test_from_each_the_others_are_found(self) -> None:
        root, worker, leaf = self.dumps[0], self.dumps[1], self.dumps[2]
        of = {root: "LookupError", worker: "LookupError", leaf: "ZeroDivisionError"}
        want = {
            root: [("child", worker), ("descendant", leaf)],
            worker: [("parent", root), ("child", leaf)],
            leaf: [("parent", worker), ("ancestor", root)],
        }
        for name, others in want.items():
            self.assertEqual(self.linked(name), [(relation, file, of[file]) for relation, file in others])
        exception = self.json("bt", self.path("dumps", root))["exception"]
        self.assertEqual(exception["dumped"]["file"], worker)
        self.assertIn("LookupError", exception["cause"]["message"])

    def test_as_text(self) -> None:
        root, worker, leaf = self.dumps[0], self.dumps[1], self.dumps[2]
        for command in ([root], ["bt", root], ["info", root]):
            out = self.run_it(*command, cwd=self.path("dumps"))
            self.assertIn(
                "its exception was dumped where it was raised, too, in %s; together: crashsite bt %s --linked\n"
                % (worker, root),
                out,
            )
        self.assertRegex(self.run_it("bt", worker, cwd=self.path("dumps")), r"(?m)^a child of process \d+; together: ")
        out = self.run_it("bt", root, "--linked", "--locals", cwd=self.path("dumps"))
        self.assertEqual(out.count(", crashed"), 3)
        self.assertIn("%s (child: CPython" % worker, out)
        self.assertIn("(SpawnProcess-1)", out)
        self.assertIn("number = 2", out.partition(worker + " (")[2])
        self.assertRegex(out.partition(leaf + " (")[2], r" leaf += 1\n")
        self.assertEqual(
            self.run_it("bt", root, "--linked", "--sandbox", "off", cwd=self.path("dumps")).count(", crashed"), 3
        )

    def test_another_folder(self) -> None:
        os.rename(self.path("dumps", self.dumps[0]), self.path("alone.dump"))
        self.assertEqual(self.json("bt", "alone.dump", "--linked")["linked"], [])
        self.assertIn("note: no dump in that folder", self.run_it("bt", "alone.dump", "--linked"))
        answer = self.json("bt", "alone.dump", "--linked=dumps")
        self.assertEqual([one["file"] for one in answer["linked"]], [self.dumps[1], self.dumps[2]])

    def test_what_else_lies_there(self) -> None:
        """Files without an end, of any name; links; folders; more of them than are looked at."""
        root, worker = self.dumps[0], self.dumps[1]
        with open(self.path("dumps", self.dumps[2]), "rb") as stream:
            content = stream.read()
        os.rename(self.path("dumps", self.dumps[2]), self.path("elsewhere"))
        os.symlink(self.path("elsewhere"), self.path("dumps", "link.dump"))
        os.mkdir(self.path("dumps", "sub"))
        os.mkfifo(self.path("dumps", "pipe.dump"))
        with open(self.path("dumps", "sub", "below.dump"), "wb") as stream:
            stream.write(content)
        with open(self.path("dumps", "evil\x1b[2J\n.dump"), "wb") as stream:
            stream.write(content[:200])
        self.assertEqual(self.linked(root), [("child", worker, "LookupError")])
        out = self.run_it("bt", self.path("dumps", root), "--linked")
        self.assertIn("note: 1 of the dumps in that folder could not be opened: ", out)
        self.assertNotIn("\x1b", out)
        [refused] = self.json("bt", self.path("dumps", root), "--linked")["not_opened"]
        self.assertEqual(refused["file"], "evil\x1b[2J\n.dump")
        for number in range(20):
            with open(self.path("dumps", "file-%d" % number), "w") as other:
                other.write("nothing")
            os.utime(other.name, (time.time() + 1000, time.time() + 1000))
        # Those of about the same time come first.
        self.assertEqual(self.linked(root, "--linked", "--max-linked", "5"), [("child", worker, "LookupError")])
        out = self.run_it("bt", self.path("dumps", root), "--linked", "--max-linked", "5")
        self.assertRegex(out, r"note: \d+ files of that folder were not looked at \(limit 5: --max-linked\)")

    def test_what_is_converted_and_redacted_stays_linked(self) -> None:
        for place, command in ((1, "convert"), (2, "redact")):
            path = self.path("dumps", self.dumps[place])
            os.rename(path, self.path("before"))
            self.run_it(command, "before", path)
        self.test_from_each_the_others_are_found()

    def test_each_the_ancestor_of_the_other(self) -> None:
        """A circle that somebody made up."""
        name, folder = self.dumps[1], self.path("circle")
        os.mkdir(folder)
        program = (
            "import crashsite, sys\n"
            "from crashsite import _process\n"
            "_process._lineage.own = (7, %r)\n"
            "_process._lineage.before = [(8, %r)]\n"
            "crashsite.save_dump(%r, exc_info=False)\n"
        )
        env = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "python"))
        for own, other in (("a" * 16, "b" * 16), ("b" * 16, "a" * 16)):
            text = program % (own, other, os.path.join(folder, own[0] + ".dump"))
            subprocess.run([sys.executable, "-B", "-c", text], env=env, check=True, timeout=60)
        answer = self.json("bt", os.path.join(folder, "a.dump"), "--linked")
        self.assertEqual([(one["relation"], one["file"]) for one in answer["linked"]], [("parent", "b.dump")])
        self.assertEqual(len(self.linked(name)), 2)


if __name__ == "__main__":
    unittest.main()
