"""The builtin functions as they were when the package was imported: a program may replace them afterwards."""

import builtins
import sys
from typing import Any, Dict

_saved = dict(vars(builtins))


def keep_builtins(namespace: Dict[str, Any]) -> None:
    """Give a module, by its globals, the builtin functions of now: functions that it defines later will know no others.
    Each module that is at work during a capture does so."""
    namespace["__builtins__"] = _saved
    if sys.implementation.name != "cpython":  # PyPy looks nowhere but among the globals and in the module `builtins`
        for name, value in _saved.items():
            namespace.setdefault(name, value)
