"""Crashsite: heap dumps of Python programs that failed, for a debugger on another machine.

    import crashsite
    crashsite.dump_on_unhandled_exceptions()

The directory needs nothing but the standard library and can be copied into a program as it is.
"""

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
    "create_dump",
    "dump_on_unhandled_exceptions",
    "save_dump",
]
