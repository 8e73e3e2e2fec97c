"""Regular expressions that are compiled when they are needed first: importing this package has to cost nothing. Who waits
for a crash has them ready: then, there may be no memory, and no `re` that works."""

import re
from typing import Callable, List, Pattern

from ._builtins import keep_builtins

keep_builtins(globals())

_all: List[Callable[[], "Pattern[str]"]] = []


def ready() -> None:
    """Compile them all."""
    for get in _all:
        get()


def lazy(pattern: str, flags: int = 0) -> Callable[[], "Pattern[str]"]:
    """A function that gives the compiled pattern."""
    compiled: List[Pattern[str]] = []

    def get() -> "Pattern[str]":
        if not compiled:
            compiled.append(re.compile(pattern, flags))
        return compiled[0]

    _all.append(get)
    return get
