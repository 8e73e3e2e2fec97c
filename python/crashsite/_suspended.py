"""The frames of what is suspended: coroutines, generators and async generators, with all that they await.

Everything here is read by the descriptors of the interpreter's own types, and by the collector's traversal where they have
none: nothing of the program's is asked.
"""

import sys
import types
from typing import Any, Dict, List, Tuple

from . import _safe
from ._builtins import keep_builtins
from ._stacks import Entry

keep_builtins(globals())

#: type → its frame, and what it waits for
_PARTS: Dict[int, Tuple[str, str]] = {
    id(types.CoroutineType): ("cr_frame", "cr_await"),
    id(types.GeneratorType): ("gi_frame", "gi_yieldfrom"),
    id(types.AsyncGeneratorType): ("ag_frame", "ag_await"),
}
#: types without descriptors, which lead to one of the above
_WRAPPERS = ("async_generator_asend", "async_generator_athrow", "coroutine_wrapper", "anext_awaitable")


def is_suspendable(value: Any) -> bool:
    """Whether it is a coroutine, a generator or an async generator."""
    return id(type(value)) in _PARTS


def frame_of(value: Any) -> Any:
    """The frame of a coroutine or generator, or None where it has ended or is none."""
    names = _PARTS.get(id(type(value)))
    return None if names is None else getattr(value, names[0])


def is_running(value: Any) -> bool:
    """Whether a coroutine or generator runs at this moment."""
    cls = type(value)
    if cls is types.CoroutineType:
        return bool(value.cr_running)
    return bool(value.gi_running) if cls is types.GeneratorType else False


def has_begun(value: Any, entry: Entry) -> bool:
    """Whether any of it has run. `entry` is that of its own frame."""
    if entry[2] < 0:
        return False
    # From 3.11 on the function has run up to the making of the generator.
    code = entry[0].f_code
    if sys.version_info < (3, 11):
        return True
    state = {types.CoroutineType: "cr_suspended", types.GeneratorType: "gi_suspended"}.get(type(value), "ag_suspended")
    suspended = getattr(value, state, None)
    return bool(suspended) if suspended is not None else entry[1] != code.co_firstlineno


def chain(value: Any) -> Tuple[List[Entry], Any]:
    """(frames, innermost first; what the innermost waits for where that is none of these, or None)."""
    entries: List[Entry] = []
    seen: Dict[int, None] = {}
    while value is not None and id(value) not in seen:
        seen[id(value)] = None
        names = _PARTS.get(id(type(value)))
        if names is not None:
            frame = getattr(value, names[0])
            if frame is not None:
                entries.append((frame, frame.f_lineno, frame.f_lasti))
            value = getattr(value, names[1])
            continue
        inner = _wrapped(value)
        if inner is None:
            break
        value = inner
    entries.reverse()
    return entries, value


def _wrapped(value: Any) -> Any:
    cls = type(value)
    if _safe.type_name(cls) not in _WRAPPERS or _safe.is_python_class(cls):
        return None
    for found in _safe.referents(value):
        if id(type(found)) in _PARTS or (found is not cls and _safe.type_name(type(found)) in _WRAPPERS):
            return found
    return None
