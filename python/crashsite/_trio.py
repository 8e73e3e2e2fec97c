"""The tasks of trio: its tree of tasks and nurseries, found by the run loops on the stacks of threads."""

import sys
import types
from typing import Any, Dict, List

from . import _access, _classes, _safe, _suspended
from ._builtins import keep_builtins
from ._stacks import Thread

keep_builtins(globals())


def find(threads: List[Thread], runs: Dict[int, Thread]) -> List[Thread]:
    """The tasks of every run; `runs` has the thread of each frame that runs, by `id`."""
    module = sys.modules.get("trio._core._run")
    if type(module) is not types.ModuleType:
        return []
    namespace = _access.module_dict(module)
    of: Dict[int, Thread] = {}
    for thread in threads:
        for frame in thread.frames:
            if frame.globals is namespace and frame.code.co_name == "unrolled_run":
                tasks = _fact(_safe.find_key(frame.locals, "runner"), "tasks")
                for task in list(tasks) if type(tasks) is set else []:
                    of[id(task)] = _describe(task, thread, runs)
    for item in of.values():
        item.parent = of.get(id(_fact(_fact(item.object, "_parent_nursery"), "_parent_task")))
        nurseries = _fact(item.object, "_child_nurseries")
        for nursery in list(nurseries) if type(nurseries) is list else []:
            if _fact(nursery, "_parent_waiting_in_aexit") is not True:
                continue
            children = _fact(nursery, "_children")
            for child in list(children) if type(children) is set else []:
                if id(child) in of:
                    item.awaits.append(of[id(child)])
    return list(of.values())


def _describe(task: Any, thread: Thread, runs: Dict[int, Thread]) -> Thread:
    item = Thread(id(task), "task")
    item.object, item.suspended, item.on, item.runner = task, _fact(task, "coro"), thread, "trio"
    name = _fact(task, "name")
    item.name = None if name is None else _safe.exact_str(name)
    item.state = "running" if id(_suspended.frame_of(item.suspended)) in runs else "pending"
    return item


def _fact(value: Any, name: str) -> Any:
    """An attribute of an object of trio's; None where it has none."""
    return None if value is None else _safe.find_key(_access.own_attributes(value, _classes.info_of(type(value))), name)
