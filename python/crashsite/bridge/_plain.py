"""Names and texts of a dump, fit for a terminal: a dump is not to move a cursor, nor to end a debugger by a lone surrogate."""

import re
from typing import Any

#: characters of a name
MAX_NAME = 4096

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_CONTROL_2 = re.compile("[\x80-\x9f\xad]")
_BIDI_OR_SURROGATE = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def text(value: str) -> str:
    """Text of several lines. What cannot be shown gives way to what is as long in UTF-8, so that columns stay true."""
    value = _CONTROL.sub("?", value)
    value = _CONTROL_2.sub("\xbf", value)
    return _BIDI_OR_SURROGATE.sub("\ufffd", value)


def name(value: object, otherwise: str = "?") -> str:
    """A name, in one line."""
    if not isinstance(value, str) or not value:
        return otherwise
    return text(value[:MAX_NAME]).replace("\n", "?").replace("\t", "?")


class Module(str):
    """The name of a module of the dump: the same text, but nothing that is imported by it.

    There are tools (jedi, for completions) that import the module of whatever class they see.
    """

    def rpartition(self, separator: str) -> Any:
        """What the import system calls first."""
        raise ImportError("%s is a module of a dump" % str(self))


def module(value: object) -> Module:
    """The name of a module, in one line."""
    return Module(name(value))
