"""What a program has its own classes described by: functions of its own, which run while a dump is written.

They run in a thread that is there for nothing else, so that one that waits for a lock, or never ends, does not keep the capture;
after the first that takes too long nothing is described in that dump any more. Code of Python that goes on then is ended by a trace
function; C code that waits is left to wait. What a function gives is data like any other: the redactor sees it, and limits hold.
"""

import sys
from _thread import allocate_lock, start_new_thread
from time import perf_counter
from typing import Any, Callable, Dict, List, Optional, Tuple, Union

from . import _forms, _safe
from ._builtins import keep_builtins
from ._forms import Form, Named, Part, Unknown, name_of, with_names

keep_builtins(globals())

Description = Union[str, Dict[str, Any]]
Describe = Callable[[Any], Description]

#: seconds that one description may take, and all of a dump together
SECONDS, SECONDS_IN_ALL = 0.1, 0.5
#: objects of one dump that are described, parts of one, and characters of a text and of a name
MOST, MOST_PARTS, MOST_TEXT, MOST_NAME = 10_000, 100, 1000, 100
#: what goes wrong that is written down
_MOST_PROBLEMS = 10

#: by the id of a class: the class, and the form of its objects
_registered: Dict[int, Tuple[type, Form]] = {}


def describe(cls: type, function: Optional[Describe]) -> None:
    """Have objects of a class, and of those derived from it, shown in dumps as `function` describes them.

    function  is called with the object, in another thread, while a dump is written. It gives the line that is shown of the object (a
              str), or parts that are shown beside its attributes (a dict, with str as keys). What it raises, and what takes too
              long, is passed over. None: the class is described no more.
    """
    from . import _classes

    if not _safe.is_class(cls):
        raise TypeError("a class is described, not %r" % type(cls).__name__)
    if function is not None and not callable(function):
        raise TypeError("a class is described by a function, not by %r" % type(function).__name__)
    if cls is object or not _classes.is_describable(cls):
        raise ValueError("what objects of %s hold is shown as it is" % _safe.full_name(cls))
    if function is None:
        _registered.pop(id(cls), None)
    else:
        _registered[id(cls)] = (cls, _form_by(function))


def form_of(cls: type) -> Optional[Form]:
    """How objects of a class are told: as the program describes them, or as their library does."""
    if _registered:
        for base in _safe.mro_of(cls):
            known = _registered.get(id(base))
            if known is not None:
                return known[1]
    return _forms.form_of(cls)


def forget() -> None:
    """The end of a dump: what was described is dropped, and the thread ends."""
    _dump.end()


def problems() -> List[str]:
    """What went wrong in this dump."""
    return list(_dump.problems)


def _form_by(function: Describe) -> Form:
    def parts(value: Any) -> Named:
        found = _dump.describe(function, value)
        return [] if type(found) is str else list(found.items())

    def line(value: Any, named: Dict[str, Any]) -> List[Part]:
        found = _dump.describe(function, value)
        if type(found) is str:
            return [found]
        return ["<%s " % name_of(value), *with_names(list(found.items()), " "), ">"]

    return Form(line, parts, is_described=True)


class _Dump:
    """The descriptions of one dump."""

    worker: "Optional[_Worker]" = None

    def __init__(self) -> None:
        self.end()

    def end(self) -> None:
        """Nothing is described yet."""
        worker = self.worker
        if worker is not None:
            worker.end()
        self.worker = None
        #: with the object, so that its id stays its own
        self.known: Dict[int, Tuple[Any, Optional[Description]]] = {}
        self.problems: List[str] = []
        self.left = SECONDS_IN_ALL

    def describe(self, function: Describe, value: Any) -> Any:
        """The description of an object; `Unknown` where there is none."""
        known = self.known.get(id(value))
        if known is None:
            found = self._ask(function, value) if self.left > 0 and len(self.known) < MOST else None
            known = self.known[id(value)] = (value, found)
        if known[1] is None:
            raise Unknown("not described")
        return known[1]

    def _ask(self, function: Describe, value: Any) -> Optional[Description]:
        name = _safe.full_name(type(value))
        started = perf_counter()
        try:
            if self.worker is None:
                self.worker = _Worker()
        except RuntimeError:  # no thread can be started (any more)
            self.left = 0.0
            return None
        seconds = min(SECONDS, self.left)
        answered = self.worker.ask((function, value), seconds)
        if not answered or self.worker.is_late:
            self.worker, self.left = self.worker if answered else None, 0.0
            self._problem(
                "%s took longer than %.1f s to describe: nothing is described from there on" % (name, seconds)
            )
            return None
        self.left -= perf_counter() - started
        if self.left <= 0:
            self._problem("no more is described: that took %.1f s" % SECONDS_IN_ALL)
        error = self.worker.error
        found = _checked(self.worker.found)
        if found is None:
            self._problem("%s is not described: %s" % (name, error or "neither a str nor a dict with str as keys"))
        return found

    def _problem(self, text: str) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(text)


def _checked(found: Any) -> Optional[Description]:
    if type(found) is str:
        return found[:MOST_TEXT]
    if type(found) is not dict:
        return None
    pairs = list(dict.items(found))[:MOST_PARTS]
    if not all(type(key) is str for key, _ in pairs):
        return None
    return {key[:MOST_NAME]: part for key, part in pairs}


class _TooLong(BaseException):
    """Ends a function that nobody waits for any more."""


class _Worker:
    """A thread that calls one function after the other."""

    def __init__(self) -> None:
        self.asked, self.told = allocate_lock(), allocate_lock()
        self.asked.acquire()
        self.told.acquire()
        self.task: Optional[Tuple[Describe, Any]] = None
        self.found: Any = None
        self.error = ""
        self.until, self.is_late = 0.0, False
        start_new_thread(self._run, ())

    def ask(self, task: Optional[Tuple[Describe, Any]], seconds: float = 0.0) -> bool:
        """Have a function called; whether it has ended in time."""
        self.task, self.until = task, perf_counter() + seconds
        self.asked.release()
        if self.told.acquire(True, seconds):
            return True
        self.task = None  # the end, once the function has come to its own
        if self.asked.locked():
            self.asked.release()
        return False

    def end(self) -> None:
        """Have the thread end."""
        self.ask(None, SECONDS)

    def _run(self) -> None:
        while self.asked.acquire():
            task = self.task
            if task is None:
                self._answer()
                return
            function, value = task
            self.found, self.error = None, ""
            try:
                sys.settrace(self._trace)
                try:
                    self.found = function(value)
                finally:
                    sys.settrace(None)
            except _TooLong:
                self.is_late = True
            except BaseException as error:
                self.error = "it raised " + _safe.full_name(type(error))
            del task, function, value
            self._answer()

    def _answer(self) -> None:
        if self.told.locked():  # or else nobody waits any more
            self.told.release()

    def _trace(self, frame: Any, event: str, argument: Any) -> Any:
        frame.f_trace_opcodes = True  # a loop of one line is no new line
        if event == "opcode" and perf_counter() > self.until:  # of what a line raises, 3.8 forgets
            raise _TooLong
        return self._trace


_dump = _Dump()
