"""The tasks of asyncio: their states, and who awaits whom; and who waits for the workers of executors.

Facts are read by the descriptors of C's tasks and futures, or from the instance dictionary of those written in Python; a
method of the program's own subclass is never called.
"""

import functools
import sys
import types
from typing import Any, Dict, Iterable, List, Optional, Tuple

from . import _access, _classes, _futures, _safe, _suspended
from ._builtins import keep_builtins
from ._stacks import Thread, isinstance_exception

keep_builtins(globals())

#: tasks looked at, of which `max_tasks` are kept; and steps from one task to those that await it
LOOKED_AT, STEPS = 1_000_000, 1000
#: modules whose callbacks tell who awaits a future
_MODULES = ("asyncio.", "anyio._backends.")
_WAKEUPS = ("task_wakeup", "TaskWakeupMethWrapper", "TaskStepMethWrapper")
_FACTS = ("_state", "_loop", "_coro", "_exception", "_fut_waiter", "_callbacks")


class _Futures:
    """What futures and tasks are in this process."""

    def __init__(self) -> None:
        self.bases: List[Tuple[type, Dict[str, Any]]] = []
        self.tasks: List[type] = []
        compiled = _module("_asyncio")
        for module, names in ((compiled, ("Task", "Future")), (_module("asyncio.tasks"), ("_PyTask",)),
                              (_module("asyncio.futures"), ("_PyFuture",))):  # fmt: skip
            for name in names:
                base: Any = module.get(name)
                if not _safe.is_class(base):
                    continue
                getters = {
                    key: entry.__get__
                    for key, entry in _safe.namespace_of(base)
                    if type(key) is str and key in _FACTS and type(entry) in (_safe.GetSet, _safe.Member)
                }
                self.bases.append((base, getters))
                if name.endswith("Task"):
                    self.tasks.append(base)
        self.concurrent: Any = _module("concurrent.futures._base").get("Future")
        task: Any = compiled.get("Task")
        self.get_name: Any = _safe.find_key(_safe.namespace_of(task), "get_name") if _safe.is_class(task) else None
        self.compiled_task = task if _safe.is_class(task) else None
        self.trusted: Dict[int, None] = {}
        for name, found in list(sys.modules.items()):
            if type(name) is str and name.startswith(_MODULES) and type(found) is types.ModuleType:
                self.trusted[id(_access.module_dict(found))] = None

    def is_future(self, value: Any) -> bool:
        return any(_safe.is_builtin_subclass(type(value), base) for base, _ in self.bases)

    def is_concurrent(self, value: Any) -> bool:
        """Whether it is one of `concurrent.futures`, which are written in Python."""
        return _safe.is_class(self.concurrent) and _safe.is_builtin_subclass(type(value), self.concurrent)

    def is_task(self, value: Any) -> bool:
        return any(_safe.is_builtin_subclass(type(value), base) for base in self.tasks)

    def fact(self, value: Any, name: str) -> Any:
        """A fact of a future; None where it has none."""
        cls = type(value)
        for base, getters in self.bases:
            if name in getters and _safe.is_builtin_subclass(cls, base):
                try:
                    return getters[name](value)
                except AttributeError:
                    return None
        return _safe.find_key(_access.instance_dict(value, _classes.info_of(cls)) or (), name)

    def name(self, task: Any) -> Optional[str]:
        if self.compiled_task is not None and _safe.is_builtin_subclass(type(task), self.compiled_task):
            return _safe.exact_str(self.get_name(task)) if type(self.get_name) is _safe.MethodDescriptor else None
        name = self.fact(task, "_name")
        return None if name is None else _safe.exact_str(name)


def _module(name: str) -> Dict[str, Any]:
    module = sys.modules.get(name)
    return _access.module_dict(module) if type(module) is types.ModuleType else {}


def find(threads: List[Thread], runs: Dict[int, Thread]) -> List[Thread]:
    """The tasks of all loops, without the finished ones that gave a result; `runs` has the thread of each frame that runs,
    by `id`."""
    if not _module("asyncio.tasks") and not _module("concurrent.futures._base"):
        return []
    futures = _Futures()
    on_loop: Dict[int, Thread] = {}
    of: Dict[int, Thread] = {}
    for task in _all():
        if not futures.is_task(task) or id(task) in of:
            continue
        item = _describe(task, futures)
        if item is None:
            continue
        of[id(task)] = item
        item.suspended = futures.fact(task, "_coro")
        thread = runs.get(id(_suspended.frame_of(item.suspended)))
        if thread is not None and item.state == "pending":
            item.state, item.on = "running", thread
            on_loop[id(futures.fact(task, "_loop"))] = thread
    for item in of.values():
        item.on = item.on or on_loop.get(id(futures.fact(item.object, "_loop")))
    every = list(of.values())
    waiting: Dict[int, List[Thread]] = {ident: [item] for ident, item in of.items()}
    for thread, future in _waited_for(threads, futures):
        waiting.setdefault(id(future), []).append(thread)
    started = [(item, item.object) for item in every]
    for thread, work in _futures.running_on(threads, "concurrent.futures.thread", "_WorkItem.run"):
        started.append((thread, futures.fact(work, "future")))
    for item, ends in started:
        for other in _awaited_by(ends, futures, waiting):
            if other is not item and item not in other.awaits:
                other.awaits.append(item)
    return every


def _waited_for(threads: List[Thread], futures: _Futures) -> Iterable[Tuple[Thread, Any]]:
    """The futures of executors for which threads wait."""
    base = "concurrent.futures._base"
    for method in ("Future.result", "Future.exception"):
        yield from _futures.running_on(threads, base, method)
    for function in ("wait", "as_completed"):
        for thread, several in _futures.running_on(threads, base, function, "fs"):
            if type(several) in (list, tuple, set, frozenset):
                yield from ((thread, one) for one in list(several)[:LOOKED_AT] if futures.is_concurrent(one))


def _all() -> Iterable[Any]:
    """All tasks that asyncio knows of, each maybe more than once."""
    module = _module("asyncio.tasks")
    for name in ("_scheduled_tasks", "_all_tasks"):
        known = module.get(name)
        if known is None:
            continue
        data = _safe.find_key(_access.instance_dict(known, _classes.info_of(type(known))) or (), "data")
        if type(data) is set:
            for reference in list(data)[:LOOKED_AT]:
                task = _access.weak_target(reference, _classes.info_of(type(reference)))
                if task is not None:
                    yield task
    eager = module.get("_eager_tasks")
    if type(eager) is set:
        yield from list(eager)[:LOOKED_AT]
    current = module.get("_current_tasks")
    if type(current) is dict:
        yield from list(dict.values(current))
    compiled = _module("_asyncio")
    cls: Any = compiled.get("Task")
    if type(compiled.get("all_tasks")) is types.BuiltinFunctionType and _safe.is_class(cls):
        # 3.14: C keeps its own in a list. What shows that list asks the tasks for their hash, and leaves out those that have failed.
        yield from _safe.instances_of(cls)[:LOOKED_AT]


def _describe(task: Any, futures: _Futures) -> Optional[Thread]:
    """A task as a stack without frames yet; None where it has ended well."""
    state = futures.fact(task, "_state")
    error = futures.fact(task, "_exception") if state == "FINISHED" else None
    if not isinstance_exception(error):
        error = None
    if state == "FINISHED" and error is None:
        return None
    item = Thread(id(task), "task")
    item.object = task
    item.name = futures.name(task)
    item.state = "failed" if error is not None else _STATES.get(state, "pending")
    item.error = error
    item.runner = "asyncio"
    return item


_STATES = {"PENDING": "pending", "CANCELLED": "cancelled"}


def _awaited_by(future: Any, futures: _Futures, waiting: Dict[int, List[Thread]]) -> List[Thread]:
    """Those (of `waiting`, by the ids of tasks, and of futures that threads wait for) that go on when a future is done: what its
    callbacks lead to, through other futures."""
    found: List[Thread] = []
    seen: Dict[int, None] = {id(future): None}
    queue: List[Any] = [future]
    for value in queue:
        if len(queue) > STEPS:
            break
        if id(value) in waiting and (value is not future or futures.is_concurrent(value)):
            found += waiting[id(value)]
        if futures.is_task(value) and value is not future:
            continue
        for callback in _callbacks(value, futures):
            for one in _led_to(callback, futures):
                if id(one) not in seen:
                    seen[id(one)] = None
                    queue.append(one)
    return found


def _callbacks(future: Any, futures: _Futures) -> List[Any]:
    """The functions of a future's callbacks."""
    if futures.is_concurrent(future):
        listed = futures.fact(future, "_done_callbacks")
        return list(listed) if type(listed) is list else []
    listed = futures.fact(future, "_callbacks")  # pairs of a function and its context
    return [one[0] for one in listed if type(one) is tuple and one] if type(listed) is list else []


def _led_to(callback: Any, futures: _Futures) -> List[Any]:
    """The task that a callback of asyncio's wakes, or the futures that it may complete."""
    cls = type(callback)
    if cls is types.BuiltinFunctionType and callback.__name__ in _WAKEUPS:
        return [callback.__self__]
    if not _safe.is_python_class(cls) and _safe.type_name(cls) in _WAKEUPS:
        return [one for one in _safe.referents(callback) if futures.is_task(one)]
    if cls is functools.partial:
        parts = _safe.read_members(callback, _classes.info_of(cls).members)
        function, arguments = _safe.find_key(parts, "func"), _safe.find_key(parts, "args")
        inner = _led_to(function, futures)
        known = type(arguments) is tuple and _is_trusted(function, futures)
        return inner + ([one for one in arguments if futures.is_future(one)] if known else [])
    if cls is types.MethodType:
        owner, function = callback.__self__, callback.__func__
        if not _is_trusted(function, futures):
            return []
        if futures.is_task(owner):  # the wakeup of a task in Python
            return [owner]
        return _waiting_on(owner, futures)
    if cls is types.FunctionType and _is_trusted(callback, futures):
        out: List[Any] = []
        for cell in callback.__closure__ or ():
            try:
                held = _access.cell_contents(cell)
            except ValueError:
                continue
            if futures.is_future(held) or futures.is_concurrent(held):
                out += [] if futures.is_task(held) else [held]
            else:
                out += _waiting_on(held, futures)
        return out
    return []


def _is_trusted(function: Any, futures: _Futures) -> bool:
    return type(function) is types.FunctionType and id(function.__globals__) in futures.trusted


def _waiting_on(owner: Any, futures: _Futures) -> List[Any]:
    """The futures of those who wait on a group, a queue or an iterator of asyncio's."""
    cls = type(owner)
    if not _safe.is_python_class(cls) or not _safe.type_module(cls).startswith(_MODULES):
        return []
    named = _access.instance_dict(owner, _classes.info_of(cls)) or []
    completed = _safe.find_key(named, "_on_completed_fut")
    out = [completed] if completed is not None and futures.is_future(completed) else []
    getters = _safe.find_key(named, "_getters")
    if getters is None:
        inner = _safe.find_key(named, "_done")
        return out + (_waiting_on(inner, futures) if inner is not None and inner is not owner else [])
    info = _classes.info_of(type(getters))
    if info.kind == _classes.DEQUE:
        out += [one for one in _access.elements(getters, info.kind, 0, STEPS) if futures.is_future(one)]
    return out
