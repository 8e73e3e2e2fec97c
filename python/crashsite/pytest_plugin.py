"""A plugin for pytest: ``pytest --crashsite[=FOLDER]`` writes a dump for every test that fails, and names it in the report."""

from typing import Any, Optional

from ._testing import FOLDER, FailedTests

_failed: Optional[FailedTests] = None


def pytest_addoption(parser: Any) -> None:
    """The option."""
    parser.getgroup("crashsite").addoption(
        "--crashsite",
        nargs="?",
        const=FOLDER,
        metavar="FOLDER",
        help="write a heap dump for every failing test into FOLDER (default: %s)" % FOLDER,
    )


def pytest_configure(config: Any) -> None:
    """Read it."""
    global _failed
    given = config.getoption("--crashsite")
    _failed = None if given is None else FailedTests(given)


def pytest_exception_interact(call: Any, report: Any) -> None:
    """A test, a fixture or the import of tests has failed; not: was skipped, or was expected to fail."""
    line = None if _failed is None else _failed.line(call.excinfo.value)
    if line is not None:
        report.sections.append(("heap dump", line))
