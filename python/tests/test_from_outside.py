"""Ways in without a change of the program, each beside the program as it is without."""

import json
import os
import re
import subprocess
import unittest
from typing import Any, List

from programs import Case

BINARY = os.environ.get("CRASHSITE_BINARY")


class Outside(Case):
    def failed(self, folder: str = "") -> List[str]:
        """The function in which each dump's exception was raised: by the binary, where there is one."""
        return [self.frames(path)[0] for path in self.dumps(folder)]

    def frames(self, path: str) -> List[str]:
        """The functions of the first thread, innermost first."""
        if BINARY:
            done = subprocess.run([BINARY, "bt", path, "--json"], stdout=subprocess.PIPE, check=True, timeout=60)
            answer: Any = json.loads(done.stdout.decode())
        else:
            answer = self.load(path).bt()
        return [frame["function"] for frame in answer["threads"][0]["frames"]]


class Tests(Outside):
    TESTS = """\
import unittest
class Shop(unittest.TestCase):
    def setUp(self): self.basket = {"sku": "a1"}
    def test_good(self): print("fine")
    def test_error(self): self.basket["price"]
    def test_failure(self): raise self.failureException("too dear")
    def test_parts(self):
        for part in range(3):
            with self.subTest(part=part): self.part(part)
    def part(self, number):
        if number: raise (self.failureException if number == 1 else ValueError)(number)
    def test_skipped(self): self.skipTest("not here")
    @unittest.expectedFailure
    def test_expected(self): raise ValueError
    @unittest.expectedFailure
    def test_unexpected(self): pass
class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise LookupError("no database")
    def test_never(self): pass
"""
    #: the line below a traceback; what no two runs share
    LINE = re.compile(r"(?m)^crashsite: heap dump in (\S+) .*\n")
    OTHER = re.compile(r"in [0-9.]+s|0x[0-9a-f]+")

    def setUp(self) -> None:
        super().setUp()
        self.write("test_shop.py", self.TESTS)

    def test_unittest(self) -> None:
        for arguments in (
            ["-v"],
            ["-b", "--locals", "test_shop"],
            ["-f", "-k", "test_[ef]*"],
            ["discover", "-p", "*.txt"],
        ):
            bare = self.run_python("-m", "unittest", *arguments)
            done = self.run_python("-m", "crashsite", "unittest", "--dir=dumps", *arguments, status=bare.returncode)
            self.assertEqual(done.stdout, bare.stdout)
            self.assertEqual(self.OTHER.sub("_", self.LINE.sub("", done.stderr)), self.OTHER.sub("_", bare.stderr))
            if "-v" in arguments:
                self.assertEqual(bare.returncode, 1)
                self.assertEqual(sorted(self.LINE.findall(done.stderr)), self.dumps("dumps"))
                self.assertEqual(
                    sorted(self.failed("dumps")), ["part", "part", "setUpClass", "test_error", "test_failure"]
                )
                for path, traceback in zip(self.LINE.findall(done.stderr), done.stderr.split("Traceback")[1:]):
                    self.assertIn("in %s\n" % self.frames(path)[0], traceback.split("crashsite:")[0])

    def test_unittest_switched_off(self) -> None:
        self.run_python("-m", "crashsite", "unittest", env={"CRASHSITE_DIR": "disable"}, status=1)
        self.assertEqual(os.listdir(self.dir), ["test_shop.py"])

    def test_unittest_without_room(self) -> None:
        self.write("dumps", "a file")
        done = self.run_python("-m", "crashsite", "unittest", "--dir", "dumps", "-k", "test_error", status=1)
        self.assertIn("\ncrashsite: no heap dump: FileExistsError: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
