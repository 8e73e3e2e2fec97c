"""debugpy and pydevd on a crash: the debuggers of VS Code, PyDev and PyCharm, which are forks of one another.

The thread that crashed is this one, stopped on the exception; each other thread is a *custom frame*, as pydevd has them
for coroutines. What there is to be called differs between the forks and their versions, and is chosen by its being there.
"""

import contextlib
import re
import sys
import threading
from typing import Any, Iterator, List, Optional, Tuple

from .announce import announce
from .crash import Crash
from .debuggers import Address
from .opening import CannotOpen

_HOST, _PORT = "127.0.0.1", 5678
#: the oldest debugpy that stops, shows everything and goes on again; from Python 3.13 on, and before
_OLDEST_3_13, _OLDEST = (1, 8, 8), (1, 6, 0)
_TRY = "python -m crashsite debug --debugger pdb shows the same in a terminal; docs/debuggers.md has what works."


def in_debugpy(crash: Crash, address: Optional[Address]) -> None:
    """Listen for a client, unless one is there already, and stop on the exception."""
    try:
        import debugpy  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise CannotOpen("debugpy is not installed", "pip install debugpy, or --debugger pdb.") from None
    oldest = _OLDEST_3_13 if sys.version_info >= (3, 13) else _OLDEST
    if tuple(int(number) for number in re.findall(r"\d+", debugpy.__version__)[:3]) < oldest:
        what = "debugpy %s is too old for Python %d.%d" % (debugpy.__version__, *sys.version_info[:2])
        raise CannotOpen(what, "pip install 'debugpy>=%d.%d.%d', or --debugger pdb." % oldest)
    _prepare(crash)
    if _global() is None:
        place = address or Address(_HOST, _PORT)
        try:
            found = debugpy.listen(tuple(place)) or place
        except Exception as error:  # debugpy's own kinds
            raise CannotOpen("debugpy cannot listen at %s:%d: %s" % (*place, error), "Give another --port.") from None
        sys.stderr.write("crashsite: debugpy listens at %s:%s; attach a debugger there\n" % tuple(found))
        sys.stderr.flush()
        debugpy.wait_for_client()
    _stop(crash)


def in_pydevd(crash: Crash, address: Optional[Address]) -> None:
    """Connect to a debug server that waits, unless this runs in a debugger already, and stop on the exception."""
    _prepare(crash)
    if _global() is None:
        if address is None:
            raise CannotOpen("no debugger runs this program", "Start it in one, or give --host and --port of a server.")
        try:
            import pydevd  # type: ignore[import-not-found, unused-ignore]
        except ImportError:
            remedy = "pip install pydevd-pycharm (PyCharm; of its version), or pydevd (PyDev)."
            raise CannotOpen("pydevd is not installed", remedy) from None
        try:
            pydevd.settrace(address.host, port=address.port, suspend=False)
        except (Exception, SystemExit) as error:  # it ends the program where nobody listens
            what = "no debug server at %s:%d: %s" % (address.host, address.port, error)
            raise CannotOpen(what, "Start it there first: it waits for this program.") from None
    _stop(crash)


def untraced() -> Any:
    """While this lasts, the debugger that runs this program does not see what it does."""
    return _untraced(_global())


@contextlib.contextmanager
def _untraced(debugger: Any) -> Iterator[None]:
    if debugger is None:
        yield
        return
    # It does not take note of a thread that it has not begun to trace.
    debugger.enable_tracing()
    debugger.disable_tracing()
    try:
        yield
    finally:
        debugger.enable_tracing()


def _global() -> Any:
    """pydevd's debugger of this process; None: there is none."""
    get: Any = getattr(sys.modules.get("pydevd"), "get_global_debugger", None)
    return get and get()


def _prepare(crash: Crash) -> None:
    """Make all frames before anything is traced: a breakpoint is not to stop in what they are made by."""
    if crash.exception.__traceback__ is None:
        raise CannotOpen("the dump has no frames", "`crashsite info` tells what it has.")
    with untraced():
        for thread in crash.threads:
            len(thread.frames)


def _stop(crash: Crash) -> None:
    debugger = _global()
    stop = _way_to_stop(debugger)
    _print(debugger, crash)
    this = threading.current_thread()
    name = this.name
    added: List[str] = []
    try:
        if crash.thread is not None:
            this.name = crash.thread.name
        for frame, title in _others(debugger, crash):
            added.append(_custom_frames().add_custom_frame(frame, title, threading.get_ident()))
        stop(debugger, crash.exception)
    finally:
        for one in added:
            # A thread that goes on takes its own away; they may be gone.
            with contextlib.suppress(KeyError):
                _custom_frames().remove_custom_frame(one)
        this.name = name


def _others(debugger: Any, crash: Crash) -> List[Tuple[Any, str]]:
    """What is shown as threads beside the one that crashed: the innermost frame of each, and its title."""
    found = [(thread.frames[0], thread.name) for thread in crash.threads[1:] if thread.frames]
    # Those that have this show the frames of the causes below the others; older ones do so without their variables.
    if not hasattr(debugger, "trigger_exception_handler"):
        error, seen = crash.exception, {id(crash.exception)}
        while True:
            before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
            if before is None or id(before) in seen:
                break
            seen.add(id(before))
            innermost = before.__traceback__
            while innermost is not None and innermost.tb_next is not None:
                innermost = innermost.tb_next
            if innermost is not None:
                word = "cause" if before is error.__cause__ else "context"
                found.append((innermost.tb_frame, "%s: %s" % (word, type(before).__name__)))
            error = before
    return found


def _custom_frames() -> Any:
    from _pydevd_bundle import pydevd_custom_frames  # type: ignore[import-not-found, unused-ignore]

    return pydevd_custom_frames


def _way_to_stop(debugger: Any) -> Any:
    """How this debugger is stopped on an exception that it has not seen being raised."""
    if hasattr(debugger, "trigger_exception_handler"):
        return lambda debugger, error: debugger.trigger_exception_handler(_triple(error), as_uncaught=False)
    for name in ("do_stop_on_unhandled_exception", "stop_on_unhandled_exception"):
        if hasattr(debugger, name):
            return lambda debugger, error: _stop_older(debugger, error, name)
    version = getattr(sys.modules.get("debugpy"), "__version__", "") or getattr(
        sys.modules["pydevd"], "__version__", "?"
    )
    raise CannotOpen("this pydevd, %s, cannot stop on an exception of the past" % version, _TRY)


def _stop_older(debugger: Any, error: BaseException, name: str) -> None:
    from _pydevd_bundle.pydevd_additional_thread_info import (  # type: ignore[import-not-found, unused-ignore]
        set_additional_thread_info,
    )

    frames = []
    traceback = error.__traceback__
    while traceback is not None:
        frames.append(traceback.tb_frame)
        traceback = traceback.tb_next
    thread = threading.current_thread()
    info = set_additional_thread_info(thread)
    # What is evaluated while it is stopped is not to stop again, nor are the frames of the bridge to be taken for it.
    info.is_tracing += 1
    try:
        with _untraced(debugger):
            getattr(debugger, name)(thread, frames[-1], {id(frame): frame for frame in frames}, _triple(error))
    finally:
        info.is_tracing -= 1


def _triple(error: BaseException) -> Tuple[Any, BaseException, Any]:
    return type(error), error, error.__traceback__


def _print(debugger: Any, crash: Crash) -> None:
    """To the console of the debugger, wherever that is."""
    lines: List[str] = []
    announce(crash, lines.append)
    debugger.writer.add_command(debugger.cmd_factory.make_io_message("".join(lines), 2))
