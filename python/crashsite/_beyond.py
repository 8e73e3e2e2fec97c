"""What runs beside threads, or would go on: tasks, greenlets, generators. Each is a stack of its own."""

from typing import Any, Dict, List, Mapping, Union

from . import _access, _stacks, _suspended, _tasks, _waits
from ._builtins import keep_builtins
from ._stacks import Frame, Stacks, Thread

keep_builtins(globals())


def add(stacks: Stacks, limits: Mapping[str, Union[int, float]]) -> None:
    """Put them behind the threads; the locals of their frames are copied at once."""
    max_frames, room = int(limits["max_frames"]), int(limits["max_tasks"])
    threads = list(stacks.threads)
    tasks, coroutines = _tasks.find(threads)
    for task in tasks[:room]:
        _take_frames(stacks, task, coroutines[id(task)], max_frames)
        stacks.threads.append(task)
    waits = _waits.Waits(threads)
    for item in stacks.threads:
        waits.tell(item)
    if len(tasks) > room:
        stacks.problems.append("%d of %d tasks left out (max_tasks)" % (len(tasks) - room, len(tasks)))


def _take_frames(stacks: Stacks, item: Thread, suspended: Any, max_frames: int) -> None:
    """The frames of a task: of one that runs, those that its thread has for it; of one that failed, the traceback's."""
    if item.error is not None:
        entries = _stacks.walk_traceback(_access.exc_traceback(item.error))[::-1]
    elif item.state == "running" and item.on is not None:
        outermost = _suspended.frame_of(suspended)
        last = next((place for place, frame in enumerate(item.on.frames) if frame.frame is outermost), -1)
        item.frames = item.on.frames[: last + 1]
        return
    else:
        entries, _ = _suspended.chain(suspended)
    item.cut, entries = _stacks.shorten([entry for entry in entries if not _stacks.is_own(entry[0])], max_frames)
    if item.cut:
        stacks.problems.append("%s %s: %d frames in the middle left out (max_frames)" % (item.kind, item.name, item.cut))
    item.frames = [Frame(*entry) for entry in entries]
