"""Signals during a capture: what the program's handlers do, and what they raise, has to wait until the dump is written."""

import _signal  # type: ignore[import-not-found]
import threading
from typing import Any, List, Optional, Tuple

from ._builtins import keep_builtins

keep_builtins(globals())


class Deferred:
    """A context in which signals that Python handles are noted. Their handlers run at its end, each once, in the order in
    which they came; what the last of them raised is raised there. Handlers run in the main thread only: in another one
    there is nothing to defer."""

    def __enter__(self) -> "Deferred":
        self._came: List[int] = []
        self._handlers: List[Tuple[int, Any]] = []
        if threading.get_ident() == threading.main_thread().ident:
            for number in _signal.valid_signals():
                handler = _signal.getsignal(number)
                if callable(handler):
                    _signal.signal(number, self._note)
                    self._handlers.append((number, handler))
        return self

    def _note(self, number: int, _: Any) -> None:
        if number not in self._came:
            self._came.append(number)

    def __exit__(self, *_: Any) -> None:
        for number, handler in self._handlers:
            _signal.signal(number, handler)
        raised: Optional[BaseException] = None
        for number in self._came:
            try:
                _signal.raise_signal(number)
            except BaseException as error:
                raised = error
        if raised is not None:
            raise raised
