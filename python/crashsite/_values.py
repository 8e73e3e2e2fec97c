"""Which values are worth hiding under a secret name, and which are so much their own that they are hidden in any text."""

from . import _rules
from ._builtins import keep_builtins
from ._lazy import lazy
from ._names import STRONG

keep_builtins(globals())

_NEVER = frozenset(_rules.NEVER.split())
_COMMON = frozenset(_rules.COMMON.split())
_PLACEHOLDER = lazy(_rules.PLACEHOLDER)
_WORDS = lazy(_rules.ONLY_WORDS)
_PATH = lazy(_rules.ONLY_PATH)
_DIGITS = lazy(_rules.ONLY_DIGITS)


def is_hidden(text: str, trust: int) -> bool:
    """Whether a text under a secret name is hidden where it stands."""
    plain = text.strip()
    if len(plain) < 3 or plain.lower() in _NEVER or _PLACEHOLDER().fullmatch(plain):
        return False
    if trust == STRONG:
        return True
    return not (plain.isalpha() and (len(plain) <= 5 or plain.lower() in _COMMON))


def is_distinctive(text: str, trust: int) -> bool:
    """Whether a text found under a secret name is a secret wherever it occurs."""
    size = len(text)
    if size < 6 or text.lower() in _COMMON or text.lower() in _NEVER or len(set(text)) < 3:
        return False
    if _DIGITS().fullmatch(text):
        return sum(char.isdigit() for char in text) >= 8
    if _WORDS().fullmatch(text):
        return size >= (8 if trust == STRONG else 20)
    return not _PATH().fullmatch(text)
