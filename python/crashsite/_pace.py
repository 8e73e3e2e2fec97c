"""How the capture shares the interpreter with the program's other threads.

A thread that waits for the interpreter asks for it after the switch interval, and each turn away costs one interval of
every busy thread: with four of them at the usual 5 ms a single write costs 20 ms. So the interval is long while the capture
looks at objects, for slices of bounded time, and very short around whatever gives the interpreter away: compression,
writing, reading files, and the others' turn between two slices. A slice is twice as long as the turn before it, where the
machine is so busy that a turn takes long.
"""

import gc
import sys
from _thread import get_ident
from collections import deque
from itertools import chain, repeat, starmap
from time import get_clock_info, perf_counter, process_time, sleep, thread_time
from typing import Any, Deque, Iterable, List

from ._builtins import keep_builtins
from ._interpreters import current_frames

keep_builtins(globals())

#: seconds of holding between two turns of the others: at least and at most
SLICE, LONGEST = 0.03, 0.1
#: switch interval while looking at objects: so many slices, or the others would take their turn
HOLD = 5 / 3
#: switch interval in seconds while others may run
SHARE = 0.0001
#: seconds that let the others in for sure
TURN = 0.0002
#: calls of C code that last longer than `SHARE`, and how often they are made at most
_STAY, _TRIES = 25_000, 5
#: seconds after which another thread must have run between two steps
_NOTICED = 0.00005
#: seconds of CPU time of the others in their turn that are none, and whether the clocks can tell
_IDLE = 0.00002
_TELLS = max(get_clock_info(name).resolution for name in ("process_time", "thread_time")) < _IDLE


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
        frames = current_frames()
        self._alone = frames is not None and len(frames) < 2
        self._until = self._shared = 0.0
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
        """From here on objects are looked at. The others are let in first, after which they wait anew."""
        length = SLICE
        if not self._alone:
            before = _time_of_others()
            sleep(TURN)
            length = min(max(SLICE, 2 * (perf_counter() - self._shared)), LONGEST)
            if not _TELLS or _time_of_others() - before > _IDLE:
                _settle(length * HOLD)
        sys.setswitchinterval(length * HOLD)
        self._until = perf_counter() + length

    def share(self) -> None:
        """From here on the interpreter is given away now and then."""
        self._shared = perf_counter()
        sys.setswitchinterval(min(SHARE, self._interval))

    def breathe(self) -> None:
        """Called often while holding: lets the others run once where the slice is over."""
        if not self._alone and perf_counter() > self._until:
            self.share()
            self.hold()


def _time_of_others() -> float:
    """Seconds of CPU time that this process's other threads have taken."""
    return process_time() - thread_time()


def _settle(interval: float) -> None:
    """Wait until no other thread waits with the short interval.

    One that began to do so in the moment before the interval is long asks soon after it, and would be given a whole long
    one. So it is made to ask while C code keeps the interpreter, and given its turn with the short interval set.
    """
    for _ in range(_TRIES):
        stay: Iterable[Any] = map(sys.setswitchinterval, chain(repeat(interval, _STAY), (SHARE,)))
        stayed: Deque[Any] = deque(chain(stay, starmap(perf_counter, ((),))), 1)
        for _ in range(3):  # a jump back is where the interpreter looks whether one has asked
            pass
        if perf_counter() - stayed[0] < _NOTICED:
            break
