"""``python -m crashsite debug``."""

import sys
from typing import Dict, Optional, Sequence

from .debuggers import Address, post_mortem
from .limits import Limits
from .opening import CannotOpen

#: the flags; each has a value
FLAGS = (
    "--debugger",
    "--host",
    "--port",
    "--reader",
    "--identity",
    *("--" + name.replace("_", "-") for name in Limits._fields),
)
_PORT = 5678


def run(options: Dict[str, str], arguments: Sequence[str]) -> int:
    """Look at a dump; the exit status."""
    try:
        if len(arguments) != 1:
            raise CannotOpen("debug wants one dump, not %d" % len(arguments), "Try: python -m crashsite --help")
        limits = {name: _number("--" + name.replace("_", "-"), options) for name in Limits._fields}
        given = {name: number for name, number in limits.items() if number is not None}
        address = None
        if "--host" in options or "--port" in options:
            port = _number("--port", options)
            address = Address(options.get("--host", "127.0.0.1"), _PORT if port is None else port)
        debugger, reader, identity = (
            options.get("--debugger", "auto"),
            options.get("--reader"),
            options.get("--identity"),
        )
        post_mortem(arguments[0], debugger, address, reader, identity, **given)
    except CannotOpen as wrong:
        sys.stderr.write("crashsite: %s\n" % wrong)
        return 2
    return 0


def _number(flag: str, options: Dict[str, str]) -> Optional[int]:
    value = options.get(flag)
    if value is None:
        return None
    if not value.isdigit() or len(value) > 10:
        raise CannotOpen("%s %s: want a number" % (flag, value), "Try: python -m crashsite --help")
    return int(value)
