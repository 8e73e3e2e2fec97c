"""Which debugger, and where."""

import sys
from typing import Any, NamedTuple, Optional

from .crash import Crash, load
from .opening import CannotOpen

NAMES = ("auto", "pdb", "ipdb", "pudb", "debugpy", "pydevd")


class Address(NamedTuple):
    """Where a debugger's other half is (pydevd), or may come to (debugpy)."""

    host: str
    port: int


def post_mortem(
    path: Any,
    debugger: str,
    address: Optional[Address],
    reader: Optional[str],
    identity: Optional[str],
    **limits: int,
) -> None:
    """Look at a dump, until the person leaves the debugger."""
    if debugger not in NAMES:
        raise CannotOpen("no debugger %r is known" % debugger, "Want one of %s." % ", ".join(NAMES))
    running = _runs_in_pydevd()
    if debugger == "auto":
        debugger = "pydevd" if address is not None or running else "pdb"
    if address is not None and debugger in ("pdb", "ipdb", "pudb"):
        raise CannotOpen("%s is on this terminal" % debugger, "--host and --port are for debugpy and pydevd.")
    if running:
        from .pydevd_family import untraced

        with untraced():
            crash = load(path, reader, identity, **limits)
    else:
        crash = load(path, reader, identity, **limits)
    _look(crash, debugger, address)


def _look(crash: Crash, debugger: str, address: Optional[Address]) -> None:
    if debugger in ("debugpy", "pydevd"):
        from .pydevd_family import in_debugpy, in_pydevd

        (in_debugpy if debugger == "debugpy" else in_pydevd)(crash, address)
    else:
        from .pdb_family import in_ipdb, in_pdb, in_pudb

        {"pdb": in_pdb, "ipdb": in_ipdb, "pudb": in_pudb}[debugger](crash)


def _runs_in_pydevd() -> bool:
    """Whether the debugger of VS Code, PyDev or PyCharm runs this process."""
    get: Any = getattr(sys.modules.get("pydevd"), "get_global_debugger", None)
    return get is not None and get() is not None
