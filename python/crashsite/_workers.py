"""A way in for the processes of multiprocessing and concurrent.futures, which call no hook.

An exception that ends one is printed by `BaseProcess._bootstrap`; one that ends the work of a pool is sent to the parent as a
text with its traceback. Both are dumped just before that, in the process that still has the frames: what makes the text does it
first. No frame is added to a traceback.
"""

import os
import sys
import types
from functools import wraps
from typing import Any, Callable, List, Optional

from . import _access
from ._builtins import keep_builtins

keep_builtins(globals())

_Function = Callable[..., Any]

#: where it is decided what becomes of a process
_PROCESS, _BOOTSTRAP = "multiprocessing.process", "_bootstrap"
#: the classes that make the text, and of which module
_SENT = (("multiprocessing.pool", "ExceptionWithTraceback"), ("concurrent.futures.process", "_ExceptionWithTraceback"))


class Watch:
    """What is done about an exception of these, from `start` to `stop`."""

    def __init__(self, dump: Callable[[Any], Any], workers: bool) -> None:
        #: takes what `sys.exc_info` gives
        self.dump = dump
        #: whether what a pool's worker sends is dumped
        self.workers = workers

    def start(self) -> None:
        """In this process, where it is one of them, and in those that are forked."""
        _watches.append(self)
        _prepare()

    def stop(self) -> None:
        """As if it had not been started."""
        if self in _watches:
            _watches.remove(self)


#: those that stand; the latest counts
_watches: List[Watch] = []
#: what was prepared already in this process
_done: List[Any] = []


def _prepare(is_child: bool = False) -> None:
    """Put the functions below in where the modules are loaded; called again when there may be more of them."""
    process = _module(_PROCESS)
    if process is None:
        return
    if _is_new(process):
        process.BaseProcess._bootstrap = _starting(process.BaseProcess._bootstrap)
    if is_child or getattr(process, "_parent_process", None) is not None:
        import traceback

        if _is_new(traceback):
            traceback.print_exc = _printing(traceback.print_exc)
    for module_name, class_name in _SENT:
        cls = getattr(_module(module_name), class_name, None)
        if cls is not None and _is_new(cls):
            cls.__init__ = _sending(cls.__init__)


def _module(name: str) -> Any:
    module = sys.modules.get(name)
    return module if type(module) is types.ModuleType else None


def _is_new(what: Any) -> bool:
    if what is None or any(what is one for one in _done):
        return False
    _done.append(what)
    return True


def _starting(former: _Function) -> _Function:
    @wraps(former)
    def bootstrap(*arguments: Any, **named: Any) -> Any:
        if _watches:  # a process that is not forked has loaded what it works with only now
            _prepare(is_child=True)
        return former(*arguments, **named)

    return bootstrap


def _printing(former: _Function) -> _Function:
    @wraps(former)
    def print_exc(*arguments: Any, **named: Any) -> Any:
        caller, error = sys._getframe(1), sys.exc_info()[1]
        if caller.f_code.co_name == _BOOTSTRAP and caller.f_globals.get("__name__") == _PROCESS and error is not None:
            _tell(error, _access.exc_traceback(error), sent=False)
        return former(*arguments, **named)

    return print_exc


def _sending(former: _Function) -> _Function:
    @wraps(former)
    def made(self: Any, error: Any, traceback: Any) -> None:
        _tell(error, traceback, sent=True)
        former(self, error, traceback)

    return made


def _tell(error: BaseException, traceback: Optional[types.TracebackType], sent: bool) -> None:
    if _watches and not isinstance(error, (KeyboardInterrupt, SystemExit)) and (_watches[-1].workers or not sent):
        _watches[-1].dump((type(error), error, traceback))


def _after_fork() -> None:
    if _watches:
        _prepare()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
