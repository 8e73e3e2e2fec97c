"""A way in without an exception: a signal."""

import signal
from typing import Any, Optional

from ._builtins import keep_builtins
from ._hooks import guard_of
from ._settings import Settings

keep_builtins(globals())


def dump_on_signal(number: int, *, settings: Optional[Settings] = None, **options: Any) -> None:
    """Write a dump of all threads when the signal comes, and go on: ``dump_on_signal(signal.SIGUSR1)`` in the main thread, then
    ``kill -USR1 PID``. A handler that stood there before is called after. Python runs handlers between two of its own
    instructions: a main thread that hangs in C code writes none.

    The other arguments are those of `dump_on_unhandled_exceptions`.
    """
    guard = guard_of(settings, options)
    former = signal.getsignal(number)

    def handler(number: int, frame: Any) -> None:
        guard.snapshot()
        if callable(former):
            former(number, frame)

    signal.signal(number, handler)
