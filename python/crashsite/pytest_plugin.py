"""A plugin for pytest: ``pytest --crashsite[=FOLDER]`` writes a dump for every test that fails, and names it in the report."""

import os
from typing import Any, Optional

from ._dump import FILE_NAME, exception_of, report, save_dump
from ._settings import Settings

#: where dumps go by default, below the current folder
FOLDER = "crashsite-dumps"

_folder: Optional[str] = None
_settings: Optional[Settings] = None


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
    """Read it, and the settings, before a test can change them."""
    global _folder, _settings
    given = config.getoption("--crashsite")
    if given is None:
        return
    _folder = os.path.abspath(given)
    _settings, problems = Settings.load()
    report(problems)


def pytest_exception_interact(call: Any, report: Any) -> None:
    """A test, a fixture or the import of tests has failed; not: was skipped, or was expected to fail."""
    if _folder is None or _settings is None or not _settings.enabled:
        return
    try:
        os.makedirs(_folder, exist_ok=True)
        error, _ = exception_of(call.excinfo.value)
        line = save_dump(os.path.join(_folder, FILE_NAME), exc_info=error, settings=_settings).line()
    except Exception as error:
        line = "crashsite: no heap dump: %s: %s" % (type(error).__name__, error)
    report.sections.append(("heap dump", line))
