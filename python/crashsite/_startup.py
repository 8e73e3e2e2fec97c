"""What runs when Python starts where `python -m crashsite enable` was: the hooks, if the environment asks for them."""

import os

from ._builtins import keep_builtins
from ._dump import say
from ._hooks import dump_on_unhandled_exceptions
from ._settings import flag

keep_builtins(globals())

#: the variable that asks for them: 1, yes, on, true
VARIABLE = "CRASHSITE_ENABLE"


def start() -> None:
    """Put the hooks in, or say in one line why not: a program starts in any case."""
    try:
        disabled = os.environ.get("CRASHSITE_DIR", "").strip().lower() == "disable"
        if flag(os.environ.get(VARIABLE, "").strip() or "no") and not disabled:
            dump_on_unhandled_exceptions()
    except Exception as error:
        say("crashsite: %s: no hooks: %s" % (VARIABLE, error))
