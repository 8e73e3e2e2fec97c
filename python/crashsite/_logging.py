"""A way in for programs that log what they catch."""

import logging
from typing import Any, Optional

from ._builtins import keep_builtins
from ._hooks import guard_of
from ._settings import Settings

keep_builtins(globals())


class DumpHandler(logging.Handler):
    """A handler of `logging` that dumps the exceptions of records: ``logger.exception(…)``, ``exc_info=…``. It writes no log.

    ``logging.getLogger().addHandler(crashsite.DumpHandler())``. The arguments are those of `dump_on_unhandled_exceptions`.
    """

    def __init__(self, level: int = logging.ERROR, *, settings: Optional[Settings] = None, **options: Any) -> None:
        super().__init__(level)
        self._guard = guard_of(settings, options)

    def emit(self, record: logging.LogRecord) -> None:
        """Dump the exception, if there is one."""
        info = record.exc_info
        if type(info) is tuple and isinstance(info[1], Exception):
            self._guard.dump(info)
