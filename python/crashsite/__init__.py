"""Crashsite: heap dumps of Python programs that failed, for a debugger on another machine.

    import crashsite
    crashsite.dump_on_unhandled_exceptions()

The directory needs nothing but the standard library and can be copied into a program as it is.
"""

import gc

from ._version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Optional

    from ._describe import describe
    from ._dump import FILE_NAME, Result, create_dump, save_dump
    from ._hooks import Guard, dump_on_unhandled_exceptions
    from ._logging import DumpHandler
    from ._loops import dump_on_loop_errors
    from ._settings import LIMITS, Settings
    from ._snapshots import dump_on_signal
    from ._web import AsgiMiddleware, WsgiMiddleware
    from .bridge import Crash

__all__ = [
    "FILE_NAME",
    "LIMITS",
    "AsgiMiddleware",
    "DumpHandler",
    "Guard",
    "Result",
    "Settings",
    "WsgiMiddleware",
    "__version__",
    "attach_pydevd",
    "create_dump",
    "describe",
    "dump_on_loop_errors",
    "dump_on_signal",
    "dump_on_unhandled_exceptions",
    "load",
    "post_mortem",
    "save_dump",
]

# A program may import this and never fail: what captures is imported when a name of it is asked for first, which is when the
# hooks are installed, or at ``from crashsite import save_dump``. Who only calls ``crashsite.save_dump`` loads it then.
# What opens dumps is imported when one is opened.
_HOMES = {
    "AsgiMiddleware": "_web",
    "DumpHandler": "_logging",
    "FILE_NAME": "_dump",
    "Guard": "_hooks",
    "LIMITS": "_settings",
    "Result": "_dump",
    "Settings": "_settings",
    "WsgiMiddleware": "_web",
    "create_dump": "_dump",
    "describe": "_describe",
    "dump_on_loop_errors": "_loops",
    "dump_on_signal": "_snapshots",
    "dump_on_unhandled_exceptions": "_hooks",
    "load_ipython_extension": "_ipython",
    "save_dump": "_dump",
    "unload_ipython_extension": "_ipython",
}


def __getattr__(name: str) -> "Any":
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError("module %r has no attribute %r" % (__name__, name))
    collecting = gc.isenabled()
    gc.disable()
    try:
        value = getattr(__import__(__name__ + "." + home, fromlist=[name]), name)
    except ImportError as error:  # no descriptors left, or no such files any more: as any other reason for no dump
        raise OSError("crashsite cannot be loaded: %s" % error) from error
    finally:
        # Garbage of the program's may have finalisers: what was made here is not to be what lets them run now. To put all
        # aside and back is what sets the collector's counters to zero. A program that has put its objects aside itself has
        # more there than an interpreter at its start.
        if hasattr(gc, "freeze") and gc.get_freeze_count() < 1000:
            gc.freeze()
            gc.unfreeze()
        if collecting:
            gc.enable()
    globals()[name] = value
    return value


def __dir__() -> "list[str]":
    return sorted({*globals(), *__all__})


def load(path: "Any", reader: "Optional[str]" = None, identity: "Optional[str]" = None, **limits: int) -> "Crash":
    """Open a dump: its ``exception``, with a traceback of real frames, and its ``threads``.

    reader    the command `crashsite`, which dumps of other formats and sealed ones need; default: the one on the PATH
    identity  the file with the key for a dump that is sealed; default: CRASHSITE_IDENTITY
    limits    ``max_elements``, ``max_frames``, … as in `crashsite.bridge.Limits`
    """
    from .bridge import load

    return load(path, reader, identity, **limits)


def post_mortem(
    path: "Any", debugger: str = "auto", reader: "Optional[str]" = None, identity: "Optional[str]" = None, **limits: int
) -> None:
    """Look at a dump in a debugger: pdb, ipdb, pudb, debugpy or pydevd; auto: the one that runs already, else pdb."""
    from .bridge.debuggers import post_mortem

    post_mortem(path, debugger, None, reader, identity, **limits)


def attach_pydevd(path: "Any", reader: "Optional[str]" = None, identity: "Optional[str]" = None, **limits: int) -> None:
    """Show a dump in the debugger that runs this program: that of VS Code, PyDev, PyCharm."""
    post_mortem(path, "pydevd", reader, identity, **limits)
