"""How the capture shares the interpreter with the program's other threads.

A thread that waits for the interpreter asks for it after the switch interval, and each turn away costs one interval of
every busy thread: with four of them at the usual 5 ms a single write costs 20 ms. So the interval is long while the capture
looks at objects, for slices of bounded time, and very short around whatever gives the interpreter away: compression,
writing, reading files, and the others' turn between two slices.
"""

import gc
import sys
from _thread import get_ident
from time import perf_counter, sleep
from typing import Any, List

from ._builtins import keep_builtins

keep_builtins(globals())

#: switch interval in seconds while looking at objects, and while others may run
HOLD, SHARE = 0.05, 0.0001
#: seconds of holding between two turns of the others: below `HOLD`, or they would take them
SLICE = 0.03
#: seconds that let the others in for sure
TURN = 0.0002


_under_way: List[Any] = []


class Uncollected:
    """A context without cyclic collection: garbage of the program's may have finalisers."""

    def __enter__(self) -> "Uncollected":
        self._thread = get_ident()
        self._collecting = gc.isenabled()
        gc.disable()
        _under_way.append(self)
        return self

    def __exit__(self, *_: Any) -> None:
        _under_way.remove(self)
        if self._collecting:
            gc.enable()


class Pace:
    """A context for one capture: switch interval and cyclic collection are as they were afterwards."""

    def __enter__(self) -> "Pace":
        self._thread = get_ident()
        # Again: another thread may have been at its end meanwhile.
        self._uncollected = Uncollected().__enter__()
        self._interval = sys.getswitchinterval()
        self._alone = len(sys._current_frames()) < 2
        self._since = 0.0
        _under_way.append(self)
        self.share()
        self.hold()
        return self

    def __exit__(self, *_: Any) -> None:
        _under_way.remove(self)
        sys.setswitchinterval(self._interval)
        if self._uncollected in _under_way:
            self._uncollected.__exit__()

    @staticmethod
    def abandon() -> bool:
        """End the captures of other threads, which a fork has not taken along; whether there were any."""
        others = [pace for pace in _under_way if pace._thread != get_ident()]
        for pace in reversed(others):
            if pace in _under_way:  # the end of one may be that of another
                pace.__exit__()
        return bool(others)

    def hold(self) -> None:
        """From here on objects are looked at.

        A thread that began to wait at the short interval asks after that, and would be given a whole long one. So the
        others are let in first, after which they wait anew; the interval is set at once on return, before they do.
        """
        lengthen = sys.setswitchinterval
        if not self._alone:
            sleep(TURN)
        lengthen(HOLD)
        self._since = perf_counter()

    def share(self) -> None:
        """From here on the interpreter is given away now and then."""
        sys.setswitchinterval(min(SHARE, self._interval))

    def breathe(self) -> None:
        """Called often while holding: lets the others run once where the slice is over."""
        if not self._alone and perf_counter() - self._since > SLICE:
            self.share()
            self.hold()
