"""The other interpreters of the process: that they are there. No interpreter can see the threads and frames of another."""

import sys
import types
from typing import Any, List, Optional, Tuple

from . import _access, _safe
from ._builtins import keep_builtins

keep_builtins(globals())

#: what makes interpreters from Python: of 3.13, and before
_MODULES = ("_interpreters", "_xxsubinterpreters")
#: interpreters that are named
MOST = 50


def note() -> Optional[str]:
    """One line that names them; None where there is but one interpreter, or nothing that knows."""
    for name in _MODULES:
        module = sys.modules.get(name)
        if type(module) is types.ModuleType:
            return _note(module)
    return None


def _note(module: types.ModuleType) -> Optional[str]:
    current = _number(_call(module, "get_current"))
    listed = _call(module, "list_all")
    found: List[Tuple[int, Any]] = []
    for one in listed[:MOST] if type(listed) is list else ():
        number = _number(one)
        if number is not None and number != current:
            found.append((number, one[0] if type(one) is tuple else one))
    if not found or current is None:
        return None
    shown = [
        "%d%s" % (number, " (running)" if _call(module, "is_running", ident) is True else "")
        for number, ident in sorted(found, key=lambda one: one[0])
    ]
    return "interpreters %s: their threads and frames cannot be seen from this one, %d" % (", ".join(shown), current)


def _call(module: types.ModuleType, name: str, *arguments: Any) -> Any:
    """What one of its functions in C gives; None where that fails, as it does for an interpreter that has just ended."""
    function = _access.dict_value(_access.module_dict(module), name)
    if type(function) is not types.BuiltinFunctionType:
        return None
    try:
        return function(*arguments)
    except Exception:
        return None


def _number(value: Any) -> Optional[int]:
    """Of 3.13 an interpreter is a pair, of its number and of who has made it; before, an object that counts as its number."""
    value = value[0] if type(value) is tuple and value else value
    if type(value) is int:
        return value
    if value is None or _safe.is_python_class(type(value)) or _safe.type_name(type(value)) != "InterpreterID":
        return None
    return int(value)
