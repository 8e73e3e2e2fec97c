"""What the executors of `concurrent.futures` have to do: the function of each future that is not done, as far as it can be seen.

A work item that runs stands in a frame of its thread; those that wait, in the queue of the workers, of which the collector's traversal
tells; those of processes, in the table of the thread that hands them out.
"""

import functools
import sys
import types
from collections import deque
from typing import Any, Dict, List, Tuple

from . import _access, _classes, _safe
from ._builtins import keep_builtins
from ._stacks import Frame, Thread

keep_builtins(globals())

#: work items looked at
LOOKED_AT = 100_000
_THREAD, _PROCESS = "concurrent.futures.thread", "concurrent.futures.process"


def running(threads: List[Thread], module_name: str, qualname: str) -> List[Tuple[Thread, Frame]]:
    """The frames of a function of a module, or of a method."""
    module = sys.modules.get(module_name)
    entry: Any = None
    if type(module) is types.ModuleType:
        class_name, _, name = qualname.rpartition(".")
        entry = _access.dict_value(_access.module_dict(module), class_name or name)
        if class_name:
            entry = _safe.lookup(entry, name)[1] if _safe.is_class(entry) else None
    if type(entry) is not types.FunctionType:
        return []
    code = entry.__code__
    return [(thread, frame) for thread in threads for frame in thread.frames if frame.code is code]


def running_on(threads: List[Thread], module_name: str, qualname: str, name: str = "self") -> List[Tuple[Thread, Any]]:
    """The same, and what a local of theirs holds, where it is there."""
    found = [(thread, _safe.find_key(frame.locals, name)) for thread, frame in running(threads, module_name, qualname)]
    return [(thread, value) for thread, value in found if value is not None]


def functions(threads: List[Thread]) -> Dict[int, str]:
    """`id` of a future → the function that gives its result: ``fetch()``."""
    items: List[Any] = [item for _, item in running_on(threads, _THREAD, "_WorkItem.run")]
    for _, queue in running_on(threads, _THREAD, "_worker", "work_queue"):
        held = _safe.referents(queue)[:LOOKED_AT]
        for one in held:
            # A list of the items up to Python 3.12, a deque of them where the queue is written in Python, else the items.
            if type(one) is list or type(one) is deque:
                items += _access.elements(one, _classes.info_of(type(one)).kind, 0, LOOKED_AT)
            else:
                items.append(one)
    tables = [
        _fact(manager, "pending_work_items")
        for _, manager in running_on(threads, _PROCESS, "_ExecutorManagerThread.run")
    ]
    tables += [table for _, table in running_on(threads, _PROCESS, "_queue_management_worker", "pending_work_items")]
    for table in tables:
        items += list(dict.values(table))[:LOOKED_AT] if type(table) is dict else []
    found: Dict[int, str] = {}
    for item in items[:LOOKED_AT]:
        future, function = _fact(item, "future"), _fact(item, "fn")
        task = _fact(item, "task")  # of Python 3.14: function, arguments, named ones
        if function is None and type(task) is tuple and task:
            function = task[0]
        if future is not None and function is not None:
            found[id(future)] = _name(function) + "()"
    return found


def _fact(value: Any, name: str) -> Any:
    """An attribute of an object whose class is written in Python; of others nothing."""
    cls = type(value)
    return (
        _safe.find_key(_access.own_attributes(value, _classes.info_of(cls)), name)
        if _safe.is_python_class(cls)
        else None
    )


def _name(function: Any) -> str:
    for _ in range(5):
        cls = type(function)
        if cls is functools.partial:
            inner = function.func
            if type(inner) is types.FunctionType and inner.__module__ == _PROCESS and function.args:
                inner = function.args[0]  # of `map`, in chunks
            function = inner
        elif cls is types.MethodType:
            function = function.__func__
        elif cls is types.FunctionType:
            return _safe.exact_str(function.__qualname__)
        elif cls is types.BuiltinFunctionType:
            return _safe.exact_str(function.__name__)
        else:
            return _safe.type_name(function if _safe.is_class(function) else cls)
    return "…"
