"""Which names promise a secret: ``api_key``, ``dbPassword``, ``X-Auth-Token``; not ``token_count``, ``monkey``, ``author``.

A name is taken apart into words. What it names is its last word, once words that only qualify it (``_old``, ``_value``,
``2``) are gone: a `password_reset_url_name` is a name.
"""

import re
from typing import Dict, FrozenSet, Iterable, List, Tuple

from . import _rules
from ._builtins import keep_builtins
from ._lazy import lazy

keep_builtins(globals())

#: how far a name is trusted: a value under a `WEAK` one must not look like a word
NO, WEAK, STRONG = 0, 1, 2

# What is beyond U+00DE counts as lower case; said the other way round, it is compiled in a hundredth of the time.
_WORD = lazy(r"[A-Z]+(?![a-z]|[^\x00-\xde])|[A-Z]?(?:[a-z]|[^\x00-\xde])+|[0-9]+")
_PHRASE = lazy(r"[A-Za-z]+(?:[ _-][A-Za-z]+){0,4}")
_LONGEST = 100


def _set(words: str) -> FrozenSet[str]:
    return frozenset(words.split())


_STRONG = _set(_rules.STRONG)
_WEAK = _set(_rules.WEAK)
_ENDINGS = _rules.ENDINGS
_COMPOUNDS = {last: _set(before) for last, before in _rules.COMPOUNDS.items()}
_QUALIFIERS = _set(_rules.QUALIFIERS)
_COUNTED = _set(_rules.COUNTED)
_ASKED = _set(_rules.ASKED)
_BESIDE = _set(_rules.BESIDE)


def words_of(name: str) -> List[str]:
    """The words of a name in any style, in lower case."""
    name = name[:_LONGEST]
    if not name.isascii():
        name = "".join([char if char <= "\uffff" else " " for char in name])
    return [word.lower() for word in _WORD().findall(name)]


class Names:
    """The names that count, with the user's own and without those that are allowed."""

    def __init__(self, extra: Iterable[str] = (), allowed: Iterable[str] = ()) -> None:
        self._extra: List[Tuple[str, ...]] = [found for found in (tuple(words_of(name)) for name in extra) if found]
        self._allowed = {tuple(words_of(name)) for name in allowed}
        self._known: Dict[str, int] = {}
        #: a pattern of `_rules.STEMS` and of the user's names, for text in lower case
        self.stems = _alternatives(_rules.STEMS + tuple(max(words, key=len) for words in self._extra))
        self._stem = re.compile(self.stems)

    def has_stem(self, text: str) -> bool:
        """Whether some name in a text has to be taken apart."""
        return self._stem.search(lowered(text)) is not None

    def stems_in(self, text: str) -> List[int]:
        """Where, in a text of many names, those stand that have to be taken apart."""
        return [match.start() for match in self._stem.finditer(lowered(text))]

    def trust(self, name: str) -> int:
        """`NO`, `WEAK` or `STRONG`."""
        found = self._known.get(name)
        if found is None:
            if len(self._known) > 50_000:
                self._known.clear()
            found = self._known[name] = self._judge(name)
        return found

    def is_name(self, text: str) -> bool:
        """Whether a text is itself such a name, as labels and fields of forms are, and no secret."""
        return _PHRASE().fullmatch(text) is not None and _trust(words_of(text), ()) != NO

    def _judge(self, name: str) -> int:
        if name == "PWD" or name == "OLDPWD":  # the shell's working directory
            return NO
        if not self.has_stem(name):
            return NO
        words = words_of(name)
        whole = tuple(words)
        if not words or whole in self._allowed:
            return NO
        for extra in self._extra:
            if any(whole[start : start + len(extra)] == extra for start in range(len(whole))):
                return STRONG
        return _trust(words)


def _alternatives(stems: Iterable[str]) -> str:
    """A pattern of any of them, by first letters: the search tries one letter after the other."""
    by_first: Dict[str, List[str]] = {}
    for stem in dict.fromkeys(stems):
        by_first.setdefault(stem[0], []).append(re.escape(stem[1:]))
    return "|".join(
        "%s(?:%s)" % (re.escape(first), "|".join(sorted(rest, key=len, reverse=True)))
        for first, rest in by_first.items()
    )


def lowered(text: str) -> str:
    """In lower case, character by character: only one changes its length."""
    return text.replace("\u0130", "I").lower()


def _trust(words: List[str], endings: Tuple[str, ...] = _ENDINGS) -> int:
    if words[0] in _ASKED and len(words) > 1:
        return NO
    end = len(words)
    while end:
        last = words[end - 1]
        before = words[end - 2] if end > 1 else ""
        together = before + last
        if last in _STRONG or together in _STRONG or before in _COMPOUNDS.get(last, ()):
            return STRONG
        if last in _WEAK or together in _WEAK or (endings and last.endswith("token")):
            counted = last in ("token", "tokens", "pass", "pin") and before in _COUNTED
            return NO if counted else WEAK
        if last.endswith(endings):
            return STRONG
        if last not in _QUALIFIERS:
            return NO
        end -= 1
    return NO


def is_beside(name: str) -> bool:
    """Whether, within `credentials`, this names something that is no secret."""
    words = words_of(name)
    return bool(words) and words[-1] in _BESIDE
