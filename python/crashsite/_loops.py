"""A way in for asyncio: what a loop is told of, because nobody awaits it."""

import asyncio
from typing import Any, Dict, Optional

from ._builtins import keep_builtins
from ._hooks import guard_of
from ._settings import Settings

keep_builtins(globals())


def dump_on_loop_errors(
    loop: Optional[asyncio.AbstractEventLoop] = None, *, settings: Optional[Settings] = None, **options: Any
) -> None:
    """Write a dump when a loop's exception handler is called: a callback that failed, a task whose exception was never
    retrieved. The former handler, or the loop's own, is called after.

    loop  default: the running one. The other arguments are those of `dump_on_unhandled_exceptions`.
    """
    watched = asyncio.get_running_loop() if loop is None else loop
    guard = guard_of(settings, options)
    former = watched.get_exception_handler()

    def handler(loop: asyncio.AbstractEventLoop, context: Dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            guard.dump((type(error), error, error.__traceback__))
        if former is not None:
            former(loop, context)
        else:
            loop.default_exception_handler(context)

    watched.set_exception_handler(handler)
