"""Crashsite: heap dumps of Python programs that failed, for a debugger on another machine.

    import crashsite
    crashsite.dump_on_unhandled_exceptions()

The directory needs nothing but the standard library and can be copied into a program as it is.
"""

from typing import TYPE_CHECKING, Any, Optional

from ._dump import FILE_NAME, Result, create_dump, save_dump
from ._hooks import Guard, dump_on_unhandled_exceptions
from ._settings import LIMITS, Settings
from ._version import __version__

__all__ = [
    "FILE_NAME",
    "LIMITS",
    "Guard",
    "Result",
    "Settings",
    "__version__",
    "attach_pydevd",
    "create_dump",
    "dump_on_unhandled_exceptions",
    "load",
    "post_mortem",
    "save_dump",
]

if TYPE_CHECKING:
    from .bridge import Crash

# What opens dumps is imported when one is opened: the capture is to weigh nothing.


def load(path: Any, reader: Optional[str] = None, identity: Optional[str] = None, **limits: int) -> "Crash":
    """Open a dump: its ``exception``, with a traceback of real frames, and its ``threads``.

    reader    the command `crashsite`, which dumps of other formats and sealed ones need; default: the one on the PATH
    identity  the file with the key for a dump that is sealed; default: CRASHSITE_IDENTITY
    limits    ``max_elements``, ``max_frames``, … as in `crashsite.bridge.Limits`
    """
    from .bridge import load

    return load(path, reader, identity, **limits)


def post_mortem(
    path: Any, debugger: str = "auto", reader: Optional[str] = None, identity: Optional[str] = None, **limits: int
) -> None:
    """Look at a dump in a debugger: pdb, ipdb, pudb, debugpy or pydevd; auto: the one that runs already, else pdb."""
    from .bridge.debuggers import post_mortem

    post_mortem(path, debugger, None, reader, identity, **limits)


def attach_pydevd(path: Any, reader: Optional[str] = None, identity: Optional[str] = None, **limits: int) -> None:
    """Show a dump in the debugger that runs this program: that of VS Code, PyDev, PyCharm."""
    post_mortem(path, "pydevd", reader, identity, **limits)
