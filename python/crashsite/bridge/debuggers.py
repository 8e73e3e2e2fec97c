"""Which debugger, and where."""

import sys
from typing import NamedTuple, Optional

from .crash import Crash
from .opening import CannotOpen

NAMES = ("auto", "pdb", "ipdb", "pudb", "debugpy", "pydevd")


class Address(NamedTuple):
    """Where a debugger's other half is (pydevd), or may come to (debugpy)."""

    host: str
    port: int


def debug(crash: Crash, debugger: str = "auto", address: Optional[Address] = None) -> None:
    """Look at a crash, until the person leaves the debugger."""
    if debugger not in NAMES:
        raise CannotOpen("no debugger %r is known" % debugger, "Want one of %s." % ", ".join(NAMES))
    if debugger == "auto":
        debugger = "pydevd" if address is not None or _runs_in_pydevd() else "pdb"
    if debugger in ("pdb", "ipdb", "pudb"):
        if address is not None:
            raise CannotOpen("%s is on this terminal" % debugger, "--host and --port are for debugpy and pydevd.")
        from . import pdb_family

        {"pdb": pdb_family.in_pdb, "ipdb": pdb_family.in_ipdb, "pudb": pdb_family.in_pudb}[debugger](crash)
    else:
        from . import pydevd_family

        (pydevd_family.in_debugpy if debugger == "debugpy" else pydevd_family.in_pydevd)(crash, address)


def _runs_in_pydevd() -> bool:
    """Whether the debugger of VS Code, PyDev or PyCharm runs this process."""
    pydevd = sys.modules.get("pydevd")
    return pydevd is not None and getattr(pydevd, "get_global_debugger", lambda: None)() is not None
