"""What is said before a debugger has the word."""

import traceback
from typing import Any, Callable

from .crash import Crash

#: frames of a traceback, notes on the dump
_LINES = 20


def announce(crash: Crash, write: Callable[[str], Any]) -> None:
    """The exception and its causes, and what is wrong with the dump."""
    error = crash.exception
    for line in traceback.format_exception(type(error), error, error.__traceback__, limit=-_LINES):
        write(line)
    for problem in crash.problems[:_LINES]:
        write("note: %s\n" % problem)
