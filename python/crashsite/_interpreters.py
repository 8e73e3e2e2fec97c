"""The other interpreters of the process: that they are there. No interpreter can see the threads and frames of another.

From Python 3.12 on one may have a lock and a memory of its own. `sys._current_frames` looks at the threads of all interpreters all the
same, and makes frames for them in the wrong memory: the process is aborted when they are freed. So it is not called where others are.
"""

import _thread
import sys
import types
from typing import Any, Dict, List, Optional, Tuple

from . import _access, _safe
from ._builtins import keep_builtins

keep_builtins(globals())

#: what makes interpreters from Python: of 3.13, and before
_MODULES = ("_interpreters", "_xxsubinterpreters")
#: interpreters that are named
MOST = 50

#: an interpreter: its number, and by what the module knows it
_One = Tuple[int, Any]


def current_frames() -> Optional[Dict[int, Any]]:
    """The frame of each thread, by its identifier; None where Python cannot be asked for them."""
    if sys.version_info >= (3, 12) and (_is_isolated() or others()[1]):
        return None
    return sys._current_frames()


def _is_isolated() -> bool:
    """Whether this is not the main interpreter, but one that shares nothing."""
    allowed = getattr(_thread, "daemon_threads_allowed", None)
    return allowed is not None and not allowed()


def others() -> Tuple[Optional[types.ModuleType], List[_One]]:
    """The module that knows, if it is loaded, and the other interpreters that it knows of."""
    module = next((sys.modules[name] for name in _MODULES if name in sys.modules), None)
    if type(module) is not types.ModuleType:
        return None, []
    current, listed = _number(_call(module, "get_current")), _call(module, "list_all")
    found: List[_One] = []
    for one in listed if type(listed) is list else ():
        number = _number(one)
        if number is not None and number != current:
            found.append((number, one[0] if type(one) is tuple else one))
    return module, sorted(found, key=lambda one: one[0])


def note() -> Optional[str]:
    """One line that names the others; None where none are known."""
    module, found = others()
    if module is None or not found:
        return None
    shown = [
        "%d%s" % (number, " (running)" * (_call(module, "is_running", one) is True)) for number, one in found[:MOST]
    ]
    more = ", …" if len(found) > MOST else ""
    return "other interpreters: %s%s: their threads and frames cannot be seen from this one" % (", ".join(shown), more)


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
