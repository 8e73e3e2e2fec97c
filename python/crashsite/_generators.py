"""Generators, coroutines and async generators that are held by what the frames know: each is a stack that would go on."""

from typing import Any, Dict, List, Tuple

from . import _access, _classes, _repr, _safe, _stacks, _suspended
from ._builtins import keep_builtins
from ._stacks import Thread

keep_builtins(globals())

#: objects looked at, elements of one container, and steps from a local
LOOKED_AT, ELEMENTS, DEEPEST = 20_000, 100, 2
_CONTAINERS = (_classes.LIST, _classes.TUPLE, _classes.SET, _classes.FROZENSET, _classes.DEQUE)


def find(stacks: List[Thread], most: int) -> Tuple[List[Thread], bool]:
    """(those that no stack has already, near ones first; whether all were looked at)"""
    known: Dict[int, None] = {id(frame.frame): None for item in stacks for frame in item.frames}
    found: List[Thread] = []
    seen: Dict[int, None] = {id(item.suspended): None for item in stacks}
    #: (value, how it is called, who holds it, steps)
    queue: List[Tuple[Any, str, Thread, int]] = [
        (value, "%s in %s" % (_repr.attribute_name(name), _safe.exact_str(frame.code.co_name)), item, 0)
        for item in stacks for frame in item.frames for name, value in frame.locals
    ][:LOOKED_AT]  # fmt: skip
    for value, name, holder, steps in queue:
        if id(value) in seen:
            continue
        seen[id(value)] = None
        if _suspended.is_suspendable(value):
            frame = _suspended.frame_of(value)
            if frame is None or id(frame) in known or _suspended.is_running(value):
                continue
            if len(found) >= most:
                return found, False
            item = _describe(value, name, holder)
            found.append(item)
            known.update((id(entry[0]), None) for entry in item.entries)
            for entry in item.entries:
                parts = _stacks.frame_locals(entry[0])
                where = _safe.exact_str(entry[0].f_code.co_name)
                queue += [(part, "%s in %s" % (_repr.attribute_name(key), where), item, 0) for key, part in parts]
        elif steps < DEEPEST and len(queue) < LOOKED_AT:
            try:
                queue += [(part, more % name, holder, steps + 1) for part, more in _parts(value)]
            except MemoryError:
                raise
            except Exception:  # a broken object has no parts
                continue
    return found, len(queue) < LOOKED_AT


def _describe(value: Any, name: str, holder: Thread) -> Thread:
    item = Thread(id(value), "generator")
    item.object = item.suspended = value
    item.entries, _ = _suspended.chain(value)
    item.name = _safe.exact_str(value.__qualname__)
    item.parent, item.on, item.held = holder, holder.on or (holder if holder.kind == "thread" else None), name
    outermost = item.entries[-1] if item.entries else None
    item.state = "suspended" if outermost is not None and _suspended.has_begun(value, outermost) else "pending"
    return item


def _parts(value: Any) -> List[Tuple[Any, str]]:
    """What a container or an instance holds, and how that is called."""
    info = _classes.info_of(type(value))
    if info.kind == _classes.DICT:
        pairs = _access.pairs(value, info, 0, ELEMENTS)
        return [(part, _repr_of_key(key) + " of %s") for key, part in pairs]
    if info.kind in _CONTAINERS:
        return [(part, "[%d] of %%s" % at) for at, part in enumerate(_access.elements(value, info.kind, 0, ELEMENTS))]
    if info.kind == _classes.INSTANCE and _safe.is_python_class(info.cls):
        named = _access.own_attributes(value, info)[:ELEMENTS]
        return [(part, "." + _repr.attribute_name(key).replace("%", "%%") + " of %s") for key, part in named]
    return []


def _repr_of_key(key: Any) -> str:
    return "[%s]" % (repr(key)[:40] if type(key) in (str, int) else "…").replace("%", "%%")
