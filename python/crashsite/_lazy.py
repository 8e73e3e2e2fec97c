"""Regular expressions that are compiled when they are needed first: importing this package has to cost nothing."""

import re
from typing import Callable, List, Pattern

from ._builtins import __builtins__  # noqa: F401


def lazy(pattern: str, flags: int = 0) -> Callable[[], "Pattern[str]"]:
    """A function that gives the compiled pattern."""
    compiled: List[Pattern[str]] = []

    def get() -> "Pattern[str]":
        if not compiled:
            compiled.append(re.compile(pattern, flags))
        return compiled[0]

    return get
