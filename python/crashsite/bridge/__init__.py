"""The crash in Python's own debuggers: a dump becomes real frames, tracebacks and exceptions.

Nothing of the dump is executed, and no module of its program is imported. The capture does not need this package: it is
imported when a dump is opened.
"""

from .crash import Crash, Thread, load
from .exceptions import Snapshot
from .limits import Limits
from .opening import CannotOpen

__all__ = ["CannotOpen", "Crash", "Limits", "Snapshot", "Thread", "load"]
