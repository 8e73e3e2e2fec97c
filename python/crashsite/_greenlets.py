"""Greenlets, and so what gevent runs. Only the collector knows all of them: it is asked where the module is loaded."""

import gc
import sys
import types
from typing import Any, Dict, List, Optional

from . import _access, _classes, _safe, _stacks
from ._builtins import keep_builtins
from ._stacks import Entry, Thread

keep_builtins(globals())


def find(threads: List[Thread]) -> List[Thread]:
    """The greenlets that have not ended, with the entries of their frames as `entries`."""
    module = sys.modules.get("greenlet")
    namespace = _access.module_dict(module) if type(module) is types.ModuleType else {}
    base: Any = namespace.get("greenlet")
    current_of: Any = namespace.get("getcurrent")
    if not _safe.is_class(base) or type(current_of) is not types.BuiltinFunctionType:
        return []
    getters = {key: entry.__get__ for key, entry in _safe.namespace_of(base) if type(entry) is _safe.GetSet}
    active = dict(_safe.namespace_of(base)).get("__bool__")
    if not {"gr_frame", "parent", "dead"}.issubset(getters) or type(active) is not _safe.WrapperDescriptor:
        return []
    is_active: Any = active
    known: Dict[int, bool] = {}
    of: Dict[int, Thread] = {}
    for value in gc.get_objects():
        cls = type(value)
        if id(cls) not in known:
            known[id(cls)] = _safe.is_builtin_subclass(cls, base)
        if not known[id(cls)] or getters["dead"](value):
            continue
        of[id(value)] = item = Thread(id(value), "greenlet")
        item.object, item.runner = value, "gevent" if _is_of_gevent(cls) else "greenlet"
        frame = getters["gr_frame"](value)
        if frame is not None:
            item.state, item.entries = "suspended", _stacks.walk_back(frame)
        else:
            item.state = "running" if is_active(value) else "pending"
        item.name = _name(value, item.entries)
    here: Optional[Any] = current_of()
    thread = next((thread for thread in threads if thread.current), None)
    mine = of.get(id(here))
    if mine is not None and thread is not None:
        mine.state, mine.on = "running", thread
        mine.name = _name(here, [(frame.frame, frame.line, frame.lasti) for frame in thread.frames])
        top = here
        for _ in range(10_000):
            above = getters["parent"](top)
            if above is None:
                break
            top = above
        main = of.get(id(top))
        if main is not None and main is not mine:
            main.on = thread
    for item in of.values():
        above = getters["parent"](item.object)
        item.parent = of.get(id(above))
        if above is None:
            item.name = "main greenlet"
    for item in of.values():
        ancestor, steps = item.parent, 0
        while item.on is None and ancestor is not None and steps < 10_000:
            item.on, ancestor, steps = ancestor.on, ancestor.parent, steps + 1
    return list(of.values())


def _is_of_gevent(cls: type) -> bool:
    return any(_safe.type_module(base).split(".")[0] == "gevent" for base in _safe.mro_of(cls))


def _name(value: Any, entries: List[Entry]) -> str:
    """The name it was given; else its class, and the function that it runs."""
    named = _access.instance_dict(value, _classes.info_of(type(value))) or []
    for key in ("name", "_name"):
        found = _safe.find_key(named, key)
        if type(found) is str:
            return found
    name = _safe.type_name(type(value))
    for frame, _, _ in reversed(entries):
        code = frame.f_code
        if not _stacks.is_library(_safe.exact_str(code.co_filename)):
            return "%s %s" % (name, _safe.exact_str(getattr(code, "co_qualname", None) or code.co_name))
    return name
