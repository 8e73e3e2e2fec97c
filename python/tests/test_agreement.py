"""The reference reader and the binary give the same answers, on files made by hand and on what the demo leaves.

The binary is that of the environment variable CRASHSITE_BINARY, which `cargo xtask test` sets.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(0, os.path.dirname(HERE))

import build_dump
from crashsite import reader

BINARY = os.environ.get("CRASHSITE_BINARY")
DEMO = os.path.join(os.path.dirname(os.path.dirname(HERE)), "demo")


@unittest.skipUnless(BINARY, "CRASHSITE_BINARY names no binary")
class Agreement(unittest.TestCase):
    maxDiff = None

    def ask(self, *arguments):
        return subprocess.check_output([BINARY, *arguments]).decode("utf-8")

    def same(self, path):
        dump = reader.load(path)
        for options in ([], ["--locals"], ["--all"], ["--locals", "--all"]):
            answer = json.loads(self.ask("bt", path, "--json", *options))
            self.assertEqual(answer, dump.bt("--locals" in options, "--all" in options), options)
        self.assertIn(dump.digest(), self.ask("info", path, "--check"))
        return dump

    def converted(self, path, dump):
        """`convert` gives a file that answers the same, in both readers."""
        new = path + ".new"
        self.ask("convert", path, new)
        other = self.same(new)
        self.assertEqual(other.bt(), dump.bt())
        self.assertEqual(other.digest(), dump.digest())
        self.assertEqual(other.problems, dump.problems)

    def test_made_by_hand(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.dump")
            with open(path, "wb") as stream:
                stream.write(build_dump.message(build_dump.parts()))
            dump = self.same(path)
            self.assertEqual(dump.problems, [])
            self.converted(path, dump)

    def test_demo(self):
        with tempfile.TemporaryDirectory() as folder:
            environment = dict(os.environ, CRASHSITE_DIR=folder)
            environment["PYTHONPATH"] = os.pathsep.join([os.path.dirname(HERE), DEMO])
            command = [sys.executable, "-B", "-m", "crashsite", "run", "-m", "orders"]
            with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
                said = process.communicate(timeout=60)[1].decode("utf-8", "replace")
            self.assertEqual(process.returncode, 1, said)
            dumps = [name for name in os.listdir(folder) if name.endswith(".dump")]
            self.assertEqual(len(dumps), 1, said)
            dump = self.same(os.path.join(folder, dumps[0]))
            self.assertEqual(dump.problems, [])
            self.assertIsNotNone(dump.end)
            self.converted(os.path.join(folder, dumps[0]), dump)
            frames = dump.bt()["threads"][0]["frames"]
            order = next(local for frame in frames for local in frame["locals"] if local["name"] == "order")
            self.assertEqual(order["type"], "Order")


if __name__ == "__main__":
    unittest.main()
