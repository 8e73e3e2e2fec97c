"""What the ways in for tests share: a dump for each that fails, in a folder of their own, named in the report of the tests."""

import os
from typing import Any, Optional

from ._dump import exception_of, file_name, report, save_dump
from ._settings import Settings

#: where dumps go by default, below the current folder
FOLDER = "crashsite-dumps"


class FailedTests:
    """Where the dumps of a run go. Its settings are read before a test can change them."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.abspath(folder)
        self._settings, problems = Settings.load()
        report(problems)

    def line(self, exc_info: Any) -> Optional[str]:
        """Dump what a test failed with: the line for the report, also where there is no dump; None where that is switched off."""
        if not self._settings.enabled:
            return None
        try:
            os.makedirs(self._folder, exist_ok=True)
            error, _ = exception_of(exc_info)
            path = os.path.join(self._folder, file_name(self._settings))
            return save_dump(path, exc_info=error, settings=self._settings).line()
        except Exception as error:
            return "crashsite: no heap dump: %s: %s" % (type(error).__name__, error)
