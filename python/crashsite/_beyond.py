"""What runs beside threads, or would go on: tasks, greenlets, generators. Each is a stack of its own."""

from typing import Any, Callable, Dict, List, Mapping, Tuple, Union

from . import _access, _generators, _greenlets, _interpreters, _safe, _stacks, _suspended, _tasks, _trio, _waits
from ._builtins import keep_builtins
from ._stacks import Frame, Stacks, Thread

keep_builtins(globals())

#: generators kept
GENERATORS = 1000


def add(stacks: Stacks, limits: Mapping[str, Union[int, float]]) -> None:
    """Put them behind the threads, near ones first; the locals of their frames are copied at once."""
    max_frames, room = int(limits["max_frames"]), int(limits["max_tasks"])
    threads = list(stacks.threads)
    runs = {id(frame.frame): thread for thread in reversed(threads) for frame in reversed(thread.frames)}
    found: List[Thread] = []
    parts: List[Tuple[str, Callable[[], List[Thread]]]] = [
        ("tasks of asyncio", lambda: _tasks.find(threads, runs)),
        ("tasks of trio", lambda: _trio.find(threads, runs)),
        ("greenlets", lambda: _greenlets.find(threads)),
    ]
    for what, find in parts:
        with _Part(stacks, what):
            found += find()
    found = _near_first(found, threads)
    if len(found) > room:
        stacks.problems.append("%d of %d tasks and greenlets left out (max_tasks)" % (len(found) - room, len(found)))
    for item in found[:room]:
        _take_frames(stacks, item, max_frames)
    stacks.threads += found[:room]
    with _Part(stacks, "generators"):
        held, whole = _generators.find(stacks.threads, min(GENERATORS, room - len(found[:room])))
        for item in held:
            _take_frames(stacks, item, max_frames)
        stacks.threads += held
        if not whole:
            stacks.problems.append("generators: only the %d nearest are shown as stacks (max_tasks)" % len(held))
    with _Part(stacks, "interpreters"):
        others = _interpreters.note()
        if others is not None:
            stacks.problems.append(others)
    waits = _waits.Waits(threads)
    for item in stacks.threads:
        with _Part(stacks, "what %s %s waits for" % (item.kind, item.name)):
            waits.tell(item)


class _Part:
    """A part of it: what goes wrong there is a problem of the dump, and ends that part only."""

    def __init__(self, stacks: Stacks, what: str) -> None:
        self.problems = stacks.problems
        self.what = what

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> bool:
        if not _safe.is_builtin_subclass(type(error), Exception) or _safe.is_builtin_subclass(type(error), MemoryError):
            return False
        if len(self.problems) < 100:
            self.problems.append("%s: not seen: %s" % (self.what, _safe.type_name(type(error))))
        return True


def _take_frames(stacks: Stacks, item: Thread, max_frames: int) -> None:
    """The frames of a task: of one that runs, those that its thread has for it; of one that failed, the traceback's."""
    if item.state == "running":
        if item.on is not None:
            item.frames = item.on.frames
            if item.suspended is not None:
                outermost = _suspended.frame_of(item.suspended)
                last = next((place for place, frame in enumerate(item.frames) if frame.frame is outermost), -1)
                item.frames = item.frames[: last + 1]
        return
    if item.error is not None:
        item.entries = _stacks.walk_traceback(_access.exc_traceback(item.error))[::-1]
    elif not item.entries:
        item.entries, _ = _suspended.chain(item.suspended)
    item.cut, entries = _stacks.shorten([entry for entry in item.entries if not _stacks.is_own(entry[0])], max_frames)
    if item.cut:
        stacks.problems.append(
            "%s %s: %d frames in the middle left out (max_frames)" % (item.kind, item.name, item.cut)
        )
    item.frames = [Frame(*entry) for entry in entries]
    item.entries = []


def _near_first(found: List[Thread], threads: List[Thread]) -> List[Thread]:
    """Those that run, in the order of their threads, then those that await these, and so on; the same of those that failed;
    then the others, by name."""
    every = sorted(found, key=_in_order)
    places = {id(thread): place for place, thread in enumerate(threads)}
    running = [item for item in every if item.state == "running"]
    running.sort(key=lambda item: places.get(id(item.on), len(places)))
    awaited_by: Dict[int, List[Thread]] = {}
    for item in every:
        for other in item.awaits:
            awaited_by.setdefault(id(other), []).append(item)
    seen: Dict[int, None] = {}
    near: List[Thread] = []
    failed = [item for item in every if item.state == "failed"]
    for start in (running, failed, every):
        queue = list(start)
        for item in queue:
            if id(item) not in seen:
                seen[id(item)] = None
                near.append(item)
                if start is not every:
                    queue += awaited_by.get(id(item), [])
    return near


def _in_order(item: Thread) -> Tuple[str, int, str]:
    """Task-9 before Task-10."""
    name = item.name or ""
    text = name.rstrip("0123456789")
    digits = name[len(text) :]
    return text, int(digits) if 0 < len(digits) < 20 else -1, name
