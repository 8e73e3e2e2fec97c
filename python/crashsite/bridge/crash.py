"""A dump as Python's own tools want it: an exception with its traceback, and threads with their frames."""

import builtins
import os
import sys
import types
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from .. import reader
from . import _plain, frames
from .exceptions import Exceptions, Snapshot
from .limits import Limits
from .opening import CannotOpen, open_dump
from .sources import Sources
from .values import Values

#: names of a module that Python's tools act upon
_ACTED_UPON = ("__loader__", "__spec__")
#: lines that one place in a source may span
_TALLEST = 200


class Thread:
    """A thread of the dump. Its frames are made when they are asked for."""

    def __init__(self, crash: "Crash", thread: Mapping[str, Any]) -> None:
        self._crash = crash
        self._indexes = tuple(thread.get("frames") or ())
        self.ident: Any = thread.get("id")
        self.name: str = _plain.name(thread.get("name"), "thread %s" % _plain.name(str(self.ident)))
        self.crashed: bool = bool(thread.get("crashed"))
        self.main: bool = bool(thread.get("main"))

    @property
    def frames(self) -> List[types.FrameType]:
        """The innermost first."""
        return self._crash._stack(self._indexes)[0]

    @property
    def traceback(self) -> Optional[types.TracebackType]:
        """A traceback through all of them; None where there are none."""
        return self._crash._traceback(self._indexes)

    @property
    def line(self) -> Optional[int]:
        """Where its innermost frame is."""
        lines = self._crash._stack(self._indexes)[1]
        return lines[0] if lines else None

    def __len__(self) -> int:
        return len(self._indexes)

    def __repr__(self) -> str:
        return "<thread %s of the dump, %d frames%s>" % (self.name, len(self), ", crashed" if self.crashed else "")


class Crash:
    """What `crashsite.load` gives."""

    def __init__(self, dump: reader.Dump, path: str, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        #: what is wrong with the dump, or could not be captured, or was left out here
        self.problems: List[str] = [
            _plain.name(problem["message"]) for problem in dump.bt(False, False)["dump"]["problems"]
        ]
        self.python: str = _plain.name(dump.summary.get("python", {}).get("version"))
        self._frames: Sequence[Mapping[str, Any]] = list(dump.summary.get("frames", ()))
        self._values = Values(dump, limits)
        self._sources = Sources(dump.summary)
        self._globals: Dict[Any, Dict[str, Any]] = {}
        self._stacks: Dict[Tuple[int, ...], Tuple[List[types.FrameType], List[int]]] = {}
        #: frames are whole as long as what made them
        self._kept: List[Any] = []
        self._left = limits.max_frames
        self._values.allow(limits.at_start)
        exceptions = Exceptions(dump.summary, self._values, self._traceback, self)
        self.threads: List[Thread] = [Thread(self, thread) for thread in dump.summary.get("threads", ())]
        if self.threads:
            # The exception's frames are the innermost of these: they are made once, with those that called them.
            self._stack(self.threads[0]._indexes)
        self.exception: BaseException = self._exception(exceptions)

    @property
    def thread(self) -> Optional[Thread]:
        """The one that crashed, or that was looked at."""
        return self.threads[0] if self.threads else None

    def __repr__(self) -> str:
        return "<crash of %s: %s, %d threads>" % (self.path, type(self.exception).__name__, len(self.threads))

    def _exception(self, exceptions: Exceptions) -> BaseException:
        found = exceptions.crash()
        if found is None:
            found = Snapshot("the program had not failed when this dump was taken")
            vars(found)["_crash"] = self
        if found.__traceback__ is None and self.thread is not None:
            found.__traceback__ = self.thread.traceback
        return found

    # ------------------------------------------------------------------------------------------------------------------

    def _traceback(self, indexes: Sequence[int]) -> Optional[types.TracebackType]:
        return frames.traceback(*self._stack(tuple(indexes)))

    def _stack(self, indexes: Tuple[int, ...]) -> Tuple[List[types.FrameType], List[int]]:
        """The frames of those numbers, the innermost first, and their lines."""
        if indexes not in self._stacks:
            whole = next((known for known in self._stacks if indexes and known[: len(indexes)] == indexes), None)
            if whole is not None:
                made, lines = self._stacks[whole]
                self._stacks[indexes] = made[: len(indexes)], lines[: len(indexes)]
            else:
                self._stacks[indexes] = self._build(indexes)
        return self._stacks[indexes]

    def _build(self, indexes: Tuple[int, ...]) -> Tuple[List[types.FrameType], List[int]]:
        known = [index for index in indexes if isinstance(index, int) and 0 <= index < len(self._frames)]
        if len(known) > self._left:
            self.problems.append(
                "%d frames were left out of a stack: more than %d in all; --max-frames N"
                % (len(known) - self._left, self.limits.max_frames)
            )
            known = known[: self._left]
        self._left -= len(known)
        shown = [self._shown(self._frames[index]) for index in known]
        made, kept = frames.build(shown)
        self._kept.append(kept)
        return made, [one.line for one in shown]

    def _shown(self, frame: Mapping[str, Any]) -> frames.Shown:
        function = _plain.name(frame.get("function"))
        path = self._sources.path(frame.get("file"), bool(frame.get("library")))
        first = frames.as_line(frame.get("firstlineno"), 1)
        line = frames.as_line(frame.get("line"), first)
        end_line = frames.as_line(frame.get("end_line"), line)
        column, end_column = frame.get("column"), frame.get("end_column")
        text = self._sources.line(path, line)
        end_text = text if end_line == line else self._sources.line(path, end_line)
        if text is None:
            text = self._sources.no_source(path, line)
        if (
            not _is_column(column)
            or not _is_column(end_column)
            or end_text is None
            or not line <= end_line < line + _TALLEST
        ):
            # The whole line: debuggers do not expect that there are no columns.
            end_line, column, end_column = line, 0, len(text.rstrip("\n").encode("utf-8", "replace"))
        arguments: List[Tuple[str, Any]] = []
        others: List[Tuple[str, Any]] = []
        named: Dict[str, Any] = {}
        for local in frame.get("locals") or ():
            name = local[0]
            if isinstance(name, str) and name not in named:
                value = self._values.value(local[2])
                named[name] = value
                (arguments if local[1] == "arg" else others).append((_plain.name(name), value))
        space, module = self._space(frame, named)
        return frames.Shown(
            function, _plain.name(frame.get("qualname"), function), path, first, line, end_line, column, end_column,  # type: ignore[arg-type]
            arguments, others, space, module,
        )  # fmt: skip

    def _space(self, frame: Mapping[str, Any], named: Dict[str, Any]) -> Tuple[Dict[str, Any], bool]:
        """The globals of a frame, and whether they are its locals, too."""
        number = frame.get("globals")
        top = frame.get("function") == "<module>"
        found = self._values.object(number) if isinstance(number, int) else None
        if found is None or found.kind != "dict":
            # One that is not in the dump: shared by no other frame.
            return self._as_globals({**named} if top else {}, frame), top
        if number not in self._globals:
            value = self._values.value(found.number)
            contents = value if isinstance(value, dict) else self._values.touched(found.number).contents
            self._globals[number] = self._as_globals(contents, frame)
        space = self._globals[number]
        return space, top and all(
            name in space and space[name] is named[name]
            for name in named
            if name != "__builtins__" and name not in _ACTED_UPON
        )

    @staticmethod
    def _as_globals(space: Dict[Any, Any], frame: Mapping[str, Any]) -> Dict[str, Any]:
        """A dictionary that frames can have: names that Python's tools act upon are what these tools expect."""
        space["__builtins__"] = builtins
        if not isinstance(space.get("__name__"), str):
            space["__name__"] = _plain.name(frame.get("module"))
        for name in _ACTED_UPON:
            if name in space:
                space[name] = None
        if not isinstance(space.get("__file__", ""), str):
            del space["__file__"]
        return space


def _is_column(column: object) -> bool:
    return isinstance(column, int) and column >= 0


def load(
    path: Union[str, "os.PathLike[str]"], reader: Optional[str] = None, identity: Optional[str] = None, **limits: int
) -> Crash:
    """Open a dump; `CannotOpen`. `reader` is the command `crashsite`, for dumps of other formats and sealed ones, `identity` the
    file with the key for these; `limits` are `Limits`."""
    if sys.implementation.name != "cpython":
        raise CannotOpen("frames are made for CPython, not for " + sys.implementation.name, "Run this with CPython.")
    dump = open_dump(os.fspath(path), reader, identity)
    try:
        return Crash(dump, os.fspath(path), Limits(**limits))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # A summary that was made up can be wrong in any way.
        what = "%s: its summary is damaged: %s: %s" % (os.fspath(path), type(error).__name__, error)
        raise CannotOpen(what, "What is left of it, `crashsite info` can tell.") from error
