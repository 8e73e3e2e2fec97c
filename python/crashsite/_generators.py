"""Generators, coroutines and async generators that are held by what the frames know: each is a stack that would go on."""

from typing import Any, Dict, List, Optional, Tuple

from . import _access, _classes, _repr, _safe, _stacks, _suspended
from ._builtins import keep_builtins
from ._stacks import Thread

keep_builtins(globals())

#: objects looked at, elements of one container, and steps from a local
LOOKED_AT, ELEMENTS, DEEPEST = 20_000, 100, 2
_CONTAINERS = (_classes.LIST, _classes.TUPLE, _classes.SET, _classes.FROZENSET, _classes.DEQUE)

#: (value, its name, key or index, how that is written, the part or the code that has it, which stack holds it, steps);
#: written as None: a local
_Part = Tuple[Any, Any, Optional[str], Any, Thread, int]


def find(stacks: List[Thread], most: int) -> Tuple[List[Thread], bool]:
    """(those that no stack has already, near ones first; whether all were looked at)"""
    known: Dict[int, None] = {id(frame.frame): None for item in stacks for frame in item.frames}
    found: List[Thread] = []
    seen: Dict[int, None] = {id(item.suspended): None for item in stacks}
    queue: List[_Part] = []
    for item in stacks:
        for stack_frame in item.frames:
            queue += [(value, name, None, stack_frame.code, item, 0) for name, value in stack_frame.locals]
    del queue[LOOKED_AT:]
    for entry in queue:
        value, _, _, _, holder, steps = entry
        if id(value) in seen:
            continue
        seen[id(value)] = None
        if _suspended.is_suspendable(value):
            frame = _suspended.frame_of(value)
            if frame is None or id(frame) in known or _suspended.is_running(value):
                continue
            if len(found) >= most:
                return found, False
            item = _describe(value, _name(entry), holder)
            found.append(item)
            known.update((id(entry[0]), None) for entry in item.entries)
            for frame, _, _ in item.entries:
                queue += [(part, key, None, frame.f_code, item, 0) for key, part in _stacks.frame_locals(frame)]
        elif steps < DEEPEST and len(queue) < LOOKED_AT:
            try:
                queue += [(part, key, written, entry, holder, steps + 1) for part, key, written in _parts(value)]
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


def _parts(value: Any) -> List[Tuple[Any, Any, str]]:
    """What a container or an instance holds, under which key, index or name, and how that is written."""
    info = _classes.info_of(type(value))
    if info.kind == _classes.DICT:
        return [(part, key, "[%s]") for key, part in _access.pairs(value, info, 0, ELEMENTS)]
    if info.kind in _CONTAINERS:
        return [(part, at, "[%s]") for at, part in enumerate(_access.elements(value, info.kind, 0, ELEMENTS))]
    if info.kind == _classes.INSTANCE and _safe.is_python_class(info.cls):
        return [(part, key, ".%s") for key, part in _access.own_attributes(value, info)[:ELEMENTS]]
    return []


def _name(part: _Part) -> str:
    """``[3] of .pool of run``: the way to a part. Few are asked for it."""
    _, key, written, origin, _, _ = part
    if written is None:
        return "%s in %s" % (_repr.attribute_name(key), _safe.exact_str(origin.co_name))
    if written == ".%s":
        key = _repr.attribute_name(key)
    else:
        plain = type(key) is str or (type(key) is int and key.bit_length() < 128)
        key = repr(key)[:40] if plain else "…"
    return written % key + " of " + _name(origin)
