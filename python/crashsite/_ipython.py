"""A way in for IPython and Jupyter: after ``%load_ext crashsite`` every cell that fails leaves a dump, until ``%unload_ext crashsite``."""

import sys
from typing import Any, Callable, Dict

from ._builtins import keep_builtins
from ._dump import say
from ._hooks import guard_of

keep_builtins(globals())

_EVENT = "post_run_cell"
#: what is told of each shell's cells, by the shell's id
_watching: Dict[int, Callable[[Any], None]] = {}


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext` calls. IPython has shown the traceback when the dump is written; the dump is named below it."""
    unload_ipython_extension(shell)
    guard = guard_of(None, {"dumps_per_site": 0})  # who runs a cell again wants to see it fail
    guard.tell = _below_the_cell

    def after(result: Any) -> None:
        error = result.error_in_exec
        if isinstance(error, Exception):
            guard.dump((type(error), error, error.__traceback__))

    shell.events.register(_EVENT, after)
    _watching[id(shell)] = after


def unload_ipython_extension(shell: Any) -> None:
    """What `%unload_ext` calls."""
    after = _watching.pop(id(shell), None)
    if after is not None:
        shell.events.unregister(_EVENT, after)


def _below_the_cell(line: str) -> None:
    """On the stream that the notebook shows; the process's own goes to the server's log."""
    say(line, sys.stderr)
