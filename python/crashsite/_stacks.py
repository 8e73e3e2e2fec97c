"""The stacks of a process at one moment: threads, frames and their locals, and the exception with all it leads to.

Everything is copied shallowly in one stretch without I/O, so that other threads have little time to move on.
"""

import gc
import os
import sys
import threading
import types
from typing import Any, Dict, List, Optional, Tuple

from . import _access, _classes, _interpreters, _safe
from ._builtins import keep_builtins

keep_builtins(globals())

#: a frame, its line, and the index of its instruction
Entry = Tuple[Any, Optional[int], int]
Named = List[Tuple[Any, Any]]

_PACKAGE = os.path.dirname(os.path.abspath(__file__))

_OPTIMIZED = 0x01  # CO_OPTIMIZED
_VARARGS, _VARKEYWORDS = 0x04, 0x08


#: attribute of an exception that was dumped: the identity of the process, and the file's path; empty where it was counted only
MARK = "__crashsite__"


class Frame:
    """One frame and what its names held."""

    __slots__ = ("frame", "code", "line", "lasti", "globals", "locals", "note", "scopes")

    def __init__(self, frame: Any, line: Optional[int], lasti: int) -> None:
        self.frame = frame
        self.code = frame.f_code
        self.line = line
        self.lasti = lasti
        self.globals = frame.f_globals
        #: why the locals could not be read
        self.note: Optional[str] = None
        self.locals: Named = []
        try:
            self.locals = frame_locals(frame)
        except MemoryError:
            raise
        except Exception as error:
            self.note = str(error) if type(error) is LookupError else "not read: %s" % type(error).__name__


class Thread:
    """One thread and its stack, innermost frame first; or a task, greenlet or generator and its own."""

    __slots__ = (
        "ident", "kind", "name", "native_id", "daemon", "main", "current", "crashed", "frames", "cut", "object", "state", "runner",
        "on", "parent", "awaits", "wait_for", "error", "suspended", "entries", "held",
    )  # fmt: skip

    def __init__(self, ident: int, kind: str = "thread") -> None:
        self.ident = ident
        self.kind = kind
        self.name: Optional[str] = None
        self.native_id: Optional[int] = None
        self.daemon = False
        self.main = False
        self.current = False
        self.crashed = False
        self.frames: List[Frame] = []
        #: frames left out in the middle of a very deep stack
        self.cut = 0
        #: the task, greenlet or generator itself
        self.object: Any = None
        #: 'running', 'pending', 'failed', 'cancelled' or 'suspended'; None of a thread
        self.state: Optional[str] = None
        #: what runs it: 'asyncio', 'trio', …
        self.runner: Optional[str] = None
        #: the thread it belongs to, and what started it
        self.on: Optional[Thread] = None
        self.parent: Optional[Thread] = None
        #: those that have to end before it goes on
        self.awaits: List[Thread] = []
        #: what it waits for, as a text
        self.wait_for: Optional[str] = None
        #: the exception that has ended it
        self.error: Optional[BaseException] = None
        #: the coroutine or generator of which the frames are
        self.suspended: Any = None
        #: its frames, as long as their locals are not copied
        self.entries: List[Entry] = []
        #: what holds a generator, as a text
        self.held: Optional[str] = None


class Error:
    """One exception of the chain."""

    __slots__ = ("value", "cause", "context", "suppress", "group", "frames", "notes", "dumped")

    def __init__(self, value: BaseException) -> None:
        self.value = value
        self.cause: Optional[int] = None
        self.context: Optional[int] = None
        self.suppress = bool(_access.exc_suppress(value))
        self.group: List[int] = []
        self.frames: List[Frame] = []
        self.notes: List[str] = []
        #: the identity of the process that has dumped it, and the path, where it was dumped before
        self.dumped = dumped_before(value)


class Stacks:
    """What `take` found."""

    def __init__(self) -> None:
        self.threads: List[Thread] = []
        self.errors: List[Error] = []
        self.problems: List[str] = []

    def frames(self) -> List[Frame]:
        """All frames: the crashed thread's first, each thread's innermost first, then those of other exceptions, then those
        of tasks and the like."""
        seen: Dict[int, None] = {}
        out: List[Frame] = []
        threads = [thread.frames for thread in self.threads if thread.kind == "thread"]
        others = [thread.frames for thread in self.threads if thread.kind != "thread"]
        for stack in threads + [error.frames for error in self.errors] + others:
            for frame in stack:
                if id(frame) not in seen:
                    seen[id(frame)] = None
                    out.append(frame)
        return out


def frame_locals(frame: Any) -> Named:
    """The (name, value) pairs of a frame, without running code of a class body's or `exec`'s own mapping.

    Up to Python 3.12 reading ``f_locals`` of a class body writes its cells into the mapping that the metaclass chose:
    there, the mapping is taken from the collector's traversal, where that shows it.
    """
    code = frame.f_code
    if code.co_flags & _OPTIMIZED:
        found = frame.f_locals
        return list(found.items()) if type(found) is not dict else list(dict.items(found))
    if sys.version_info < (3, 13) and code.co_cellvars:
        mapping = _namespace_by_traversal(frame)
    else:
        mapping = frame.f_locals
    if _safe.is_builtin_subclass(type(mapping), dict):
        return list(dict.items(mapping))
    raise LookupError("the namespace is a mapping of the program's own, whose code is not run")


def _namespace_by_traversal(frame: Any) -> Any:
    known = (id(frame.f_globals), id(frame.f_builtins), id(frame.f_code), id(frame.f_back))
    for found in gc.get_referents(frame):
        if id(found) not in known and _safe.is_builtin_subclass(type(found), dict):
            return found
    return None


def scope_of(code: Any) -> Dict[str, str]:
    """name → ``arg``, ``local``, ``cell`` or ``free`` for the names of a function's code."""
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & _VARARGS) + bool(code.co_flags & _VARKEYWORDS)
    scopes = dict.fromkeys(code.co_freevars, "free")
    scopes.update(dict.fromkeys(code.co_cellvars, "cell"))
    scopes.update(dict.fromkeys(code.co_varnames[:count], "arg"))
    return scopes


def is_own(frame: Any) -> bool:
    """Whether a frame is the dumper's own, which a dump leaves out."""
    return is_own_file(frame.f_code.co_filename)


def is_own_file(file: Any) -> bool:
    """Whether a file is one of this package's."""
    return type(file) is str and os.path.dirname(file) == _PACKAGE


def take(
    error: Optional[BaseException],
    traceback: Any,
    threads: Any,
    max_frames: int,
    current_frame: Any,
    crashed_id: Optional[int],
) -> Stacks:
    """Copy the stacks. `threads` is True (all), False or None (the current one), or thread ids; `traceback` overrides
    the exception's own; `current_frame` is the innermost frame of the caller."""
    stacks = Stacks()
    me = threading.get_ident()
    found = _interpreters.current_frames()
    if found is None and threads:
        stacks.problems.append(
            "threads: only the current one was looked at: for others, Python is not safe to ask here"
        )
    live = found or {}
    live[me] = current_frame
    wanted = _wanted(threads, live, me)
    crashed = None
    if error is not None:
        crashed = crashed_id if crashed_id is not None else me
    frames_of: Dict[int, List[Entry]] = {}
    for ident in wanted:
        frames_of[ident] = walk_back(live[ident])
    if error is not None and crashed is not None:
        trace = walk_traceback(traceback if traceback is not None else _access.exc_traceback(error))
        if trace:
            frames_of[crashed] = trace[::-1] + walk_back(trace[0][0].f_back)
        elif crashed not in frames_of:
            frames_of[crashed] = walk_back(live.get(crashed))
    first = crashed if crashed is not None else me
    names = _threads_by_ident()
    for ident in sorted(frames_of, key=lambda found: (found != first, found != me)):
        thread = Thread(ident)
        thread.current = ident == me
        thread.crashed = ident == crashed
        _describe(thread, names.get(ident))
        chain = [item for item in frames_of[ident] if not is_own(item[0])]
        if not chain and ident == me != first:  # a thread of the dumper's
            continue
        thread.cut, chain = shorten(chain, max_frames)
        if thread.cut:
            stacks.problems.append("thread %d: %d frames in the middle left out (max_frames)" % (ident, thread.cut))
        thread.frames = [Frame(*item) for item in chain]
        stacks.threads.append(thread)
    if error is not None:
        _take_errors(stacks, error, max_frames)
    return stacks


def _wanted(threads: Any, live: Dict[int, Any], me: int) -> List[int]:
    if threads is True:
        return list(live)
    if threads is None or threads is False:
        return []
    if type(threads) is int:
        threads = [threads]
    wanted = []
    for thread in threads:
        ident = thread if type(thread) is int else thread.ident
        if ident in live:
            wanted.append(ident)
    return wanted


def walk_back(frame: Any) -> List[Entry]:
    """A frame and its callers."""
    out = []
    while frame is not None:
        out.append((frame, frame.f_lineno, frame.f_lasti))
        frame = frame.f_back
    return out


def walk_traceback(traceback: Any) -> List[Entry]:
    """Outermost first, as a traceback is linked; a cyclic one ends where it comes back."""
    out: List[Entry] = []
    seen: Dict[int, None] = {}
    while type(traceback) is types.TracebackType and id(traceback) not in seen:
        seen[id(traceback)] = None
        out.append((traceback.tb_frame, traceback.tb_lineno, traceback.tb_lasti))
        traceback = traceback.tb_next
    return out


def shorten(chain: List[Any], limit: int) -> Tuple[int, List[Any]]:
    """(how many are left out in the middle, the rest)"""
    if len(chain) <= limit:
        return 0, chain
    half = max(limit // 2, 1)
    return len(chain) - 2 * half, chain[:half] + chain[-half:]


def _threads_by_ident() -> Dict[int, Any]:
    """`threading`'s own table, read without its lock: a thread that holds it may be the one that crashed."""
    active = getattr(threading, "_active", None)
    return dict(active) if type(active) is dict else {}


def _describe(thread: Thread, known: Any) -> None:
    main = getattr(threading, "_main_thread", None)
    attributes = _access.instance_dict(known, _classes.info_of(type(known))) if known is not None else None
    if attributes:
        name = _safe.find_key(attributes, "_name")
        thread.name = _safe.exact_str(name) if name is not None else None
        native = _safe.find_key(attributes, "_native_id")
        thread.native_id = native if type(native) is int else None
        thread.daemon = _safe.find_key(attributes, "_daemonic") is True
    thread.main = known is not None and known is main


def _take_errors(stacks: Stacks, error: BaseException, max_frames: int) -> None:
    """The exception, its causes, contexts and group members, breadth first and each once."""
    numbers: Dict[int, int] = {id(error): 0}
    found: List[BaseException] = [error]
    left_out = 0
    index = 0
    while index < len(found):
        value = found[index]
        index += 1
        item = Error(value)
        stacks.errors.append(item)
        related = [_access.exc_cause(value), _access.exc_context(value), *_access.group_members(value)]
        indexes: List[Optional[int]] = []
        for other in related:
            if not isinstance_exception(other):
                indexes.append(None)
                continue
            if id(other) not in numbers:
                if len(found) >= 1000:
                    left_out += 1
                    indexes.append(None)
                    continue
                numbers[id(other)] = len(found)
                found.append(other)
            indexes.append(numbers[id(other)])
        item.cause, item.context = indexes[0], indexes[1]
        item.group = [number for number in indexes[2:] if number is not None]
        item.notes = _notes(value)
        if index == 1:
            crashed = next((thread for thread in stacks.threads if thread.crashed), None)
            item.frames = crashed.frames if crashed is not None else []
        else:
            trace = walk_traceback(_access.exc_traceback(value))
            cut, trace = shorten([entry for entry in trace if not is_own(entry[0])], max_frames)
            if cut:
                stacks.problems.append("exception %d: %d frames left out (max_frames)" % (index - 1, cut))
            item.frames = [Frame(*entry) for entry in reversed(trace)]
    if left_out:
        stacks.problems.append("%d further exceptions of the chain left out (at most 1000)" % left_out)


def isinstance_exception(value: Any) -> bool:
    """``isinstance(value, BaseException)`` by memory layout: ``__class__`` may be a property of the program's."""
    return value is not None and _safe.is_builtin_subclass(type(value), BaseException)


def dumped_before(value: BaseException) -> Tuple[str, str]:
    """What `MARK` says of an exception; empty texts where it was not dumped."""
    found = _safe.find_key(list(dict.items(_access.exception_dict(value))), MARK)
    if type(found) is tuple and len(found) == 2 and type(found[0]) is str and type(found[1]) is str:
        return found[0], found[1]
    return "", ""


def _notes(value: BaseException) -> List[str]:
    attributes = _access.instance_dict(value, _classes.info_of(type(value))) or []
    notes = _safe.find_key(attributes, "__notes__")
    if not (type(notes) is list or type(notes) is tuple):
        return []
    return [_safe.exact_str(note, "<%s>" % _safe.type_name(type(note))) for note in list(notes)[:1000]]


#: where the standard library is; packages that are installed are told by the names of their folders
_ROOT = os.path.join(os.path.dirname(getattr(os, "__file__", None) or ""), "") or "\0"


def is_library(file: str) -> bool:
    """Whether a file belongs to the standard library or to an installed package, or is no file at all."""
    if file.startswith("<frozen ") or "site-packages" in file or "dist-packages" in file:
        return True
    return file.startswith(_ROOT)
