"""Imported by a Python that starts with this folder on its path: Crashsite's hooks, and behind them one that writes down what
is true of the crash, in truth.json: every frame by `traceback.walk_tb`, of every exception, with its locals; and what the dump took."""

import builtins
import json
import os
import sys
import threading
import time
import traceback
from types import FrameType, TracebackType
from typing import Any, Dict, List, Optional, Set, Type

import crashsite

#: whose `repr` runs no code of anybody's
PLAIN = (type(None), bool, int, float, complex, str, bytes)


def value(what: Any) -> List[Optional[str]]:
    plain = type(what) in PLAIN and not (type(what) is int and what.bit_length() > 500)
    # What is written, is written as UTF-8, in which a text need not be.
    return [type(what).__name__, repr(what).encode("utf-8", "backslashreplace").decode("utf-8") if plain else None]


def elsewhere() -> Set[FrameType]:
    """The frames that other threads are at work in: what is in them may be another thing a moment later."""
    found: Set[FrameType] = set()
    for ident, top in sys._current_frames().items():
        frame: Optional[FrameType] = top if ident != threading.get_ident() else None
        while frame is not None:
            found.add(frame)
            frame = frame.f_back
    return found


def stack(walked: Optional[TracebackType]) -> List[Dict[str, Any]]:
    """The frames of a traceback, the innermost first."""
    changing = elsewhere()
    frames = []
    for frame, line in traceback.walk_tb(walked):
        code = frame.f_code
        names = {str(name): value(what) for name, what in list(frame.f_locals.items())}
        place = {"file": code.co_filename, "line": line, "function": code.co_name}
        frames.append({**place, "locals": names, "changing": frame in changing})
    return frames[::-1]


def error(raised: Optional[BaseException], seen: List[BaseException]) -> Any:
    if raised is None:
        return None
    if any(raised is one for one in seen):
        return {"seen": True}
    seen.append(raised)
    return {
        "type": type(raised).__name__,
        "module": type(raised).__module__,
        "frames": stack(raised.__traceback__),
        "cause": error(raised.__cause__, seen),
        "context": error(raised.__context__, seen),
        "group": [
            error(one, seen) for one in getattr(raised, "exceptions", None) or [] if isinstance(one, BaseException)
        ]
        if isinstance(raised, getattr(builtins, "BaseExceptionGroup", ()))
        else [],
    }


def truth(kind: Type[BaseException], raised: BaseException, walked: Optional[TracebackType]) -> None:
    raised.__traceback__ = walked
    facts = {
        "seconds": time.process_time() - began[0],
        "exception": error(raised, []),
        "threads": sorted(thread.name for thread in threading.enumerate()),
    }
    with open(os.environ["CRASHSITE_TRUTH"], "w", encoding="utf-8") as stream:
        json.dump(facts, stream)
    sys.__excepthook__(kind, raised, walked)


def timed(*crash: Any) -> None:
    """Processor time, which tells the same on a machine that others use, too."""
    began.append(time.process_time())
    dumping(*crash)


began: List[float] = []
sys.excepthook = truth
crashsite.dump_on_unhandled_exceptions()
dumping, sys.excepthook = sys.excepthook, timed
