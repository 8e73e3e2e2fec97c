"""A way in for unittest: ``python -m crashsite unittest …`` is ``python -m unittest …``, with a dump for each test that fails."""

import os
import sys
import unittest
from typing import Any, List, NoReturn, Type

from ._testing import FailedTests


class _Result(unittest.TextTestResult):
    """As the usual one; where it prints a traceback, the dump stands below. What is skipped or expected to fail has none."""

    failed: FailedTests

    def addError(self, test: Any, err: Any) -> None:
        """Also of a fixture, and of the import of tests."""
        super().addError(test, err)
        self._dump(self.errors, err)

    def addFailure(self, test: Any, err: Any) -> None:
        """An assertion."""
        super().addFailure(test, err)
        self._dump(self.failures, err)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        """A block of `subTest`, failed or not."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._dump(self.failures if issubclass(err[0], test.failureException) else self.errors, err)

    def _dump(self, told: List[Any], err: Any) -> None:
        line = self.failed.line(err)
        if line is not None:
            test, text = told[-1]
            told[-1] = (test, text + line + "\n")


def run(folder: str, arguments: List[str]) -> NoReturn:
    """Run the tests, and exit with the status of `python -m unittest`."""

    class Result(_Result):
        failed = FailedTests(folder)

    class Runner(unittest.TextTestRunner):
        resultclass: Type[_Result] = Result

    sys.argv = ["%s -m crashsite unittest" % os.path.basename(sys.executable or "python"), *arguments]
    unittest.main(module=None, testRunner=Runner)
    raise AssertionError("unittest.main exits")
