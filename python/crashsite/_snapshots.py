"""Ways in without an exception: a signal, and what `python -m crashsite snapshot` asks for."""

import os
import signal
from typing import Any, List, Optional

from ._builtins import keep_builtins
from ._hooks import guard_of
from ._settings import Settings

keep_builtins(globals())

#: the first line of an answer that names a dump
DONE = "done"


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


def answer(folder: Optional[str], place: str) -> None:
    """Write a dump of all threads, and into the file `place` what became of it: there, somebody waits for that."""
    lines: List[str] = []
    guard = guard_of(None, {"dump_dir": folder})
    guard.tell = lines.append
    if guard.snapshot() is not None:
        lines.insert(0, DONE)
    if not guard.settings.enabled:
        lines.append("CRASHSITE_DIR=disable switches dumps off there.")
    with open(place + ".part", "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write("\n".join(lines))
    os.replace(place + ".part", place)
