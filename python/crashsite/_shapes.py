"""What looks like a secret wherever it stands: keys of known make, tokens, cards, passwords in addresses, ``name=value`` in text.

Everything here takes a text and gives spans. A text may be many joined by NUL, which no pattern crosses: the cost is that of a
few searches for fixed words, and a pattern is tried (and compiled) only where its words are.
"""

import re
from typing import Any, Callable, Dict, Iterable, List, Match, NamedTuple, Pattern, Tuple

from . import _rules
from ._builtins import keep_builtins
from ._lazy import lazy
from ._names import NO, STRONG, WEAK, Names, lowered
from ._values import is_hidden

keep_builtins(globals())


class Span(NamedTuple):
    """A secret in a text, and the rule that found it."""

    start: int
    end: int
    rule: str


class Shape(NamedTuple):
    """One rule: `words` of which one is in every such text, `pattern` whose last group that took part is the secret."""

    rule: str
    words: Tuple[str, ...]
    pattern: str


SHAPES = tuple([Shape(*one) for one in _rules.SHAPES])


def _bytes_as(kept: str) -> bytes:
    """A table for `bytes.translate`: 1 for the bytes that are kept, 0 for others."""
    return bytes(chr(code) in kept for code in range(256))


_ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#: runs of which every key of known make has one, those of random tokens, and those of card numbers
_RUNS, _RUN = _bytes_as(_ALNUM + "_-"), b"\1" * 16
_TOKENS, _TOKEN_RUN = _bytes_as(_ALNUM + "_-+/~"), b"\1" * 20
_NUMBERS, _LONG_NUMBER = _bytes_as("0123456789 -"), b"\1" * 12
#: shapes that may have no long run
_SHORT = ("private key", "password in an address", "token in an address", "authorization")
_SHORT_WORDS = [(word, shape) for shape in SHAPES for word in shape.words if shape.rule in _SHORT]
_LONG_WORDS = [(word, shape) for shape in SHAPES for word in shape.words if shape.rule not in _SHORT]
#: how near to a long run the words are; what has lower case only is a name, or is written as one
_NEAR = 80
_CAMEL = lazy(r"(?:[_-]*(?:[A-Z]?[a-z]{2,15}(?![a-z])|[A-Z]{2,15}(?=[A-Z][a-z]|[^A-Za-z]|\Z)))+[_-]*")
_LOWER = "abcdefghijklmnopqrstuvwxyz_-/+~="

_CARD = lazy(r"(?<![0-9A-Za-z])(?<!\d[.,])" + _rules.CARD + r"(?![0-9A-Za-z])(?![.,]\d)")
_CARD_KIND = lazy(_rules.CARD_KIND)
_CARD_BEGINS = lazy(_rules.CARD)


def _runs(kinds: bytes, run: bytes) -> List[Tuple[int, int]]:
    """(start, end) of the runs that are as long as `run` at least, in bytes that are 1 within one and 0 beyond."""
    found: List[Tuple[int, int]] = []
    start = kinds.find(run)
    while start >= 0:
        end = kinds.find(0, start)
        found.append((start, len(kinds) if end < 0 else end))
        start = kinds.find(run, found[-1][1])
    return found


def _matches(begins: "Pattern[str]", whole: "Pattern[str]", text: str) -> Iterable["Match[str]"]:
    """Those of a pattern, which is tried only where another finds that it may begin: that one is faster to find nothing."""
    at = begins.search(text)
    while at is not None:
        match = whole.match(text, at.start())
        if match is not None:
            yield match
        at = begins.search(text, match.end() if match is not None else at.start() + 1)


def _is_card(found: str) -> bool:
    digits = found.replace(" ", "").replace("-", "")
    if _CARD_KIND().fullmatch(digits) is None or len(set(digits)) < 2:
        return False
    doubled = [int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


# ---------------------------------------------------------------------------------------------------------------------
# Tokens that are too random to be anything else

#: the shortest token whose randomness is believed
_SHORTEST_TOKEN = 20
_TOKEN = lazy(r"[A-Za-z0-9+/_~-]{20,}={0,2}(?:\.[A-Za-z0-9_-]{4,}){0,3}")
_PLAIN_FORM = lazy(_rules.PLAIN_FORM)
_PAIRS = frozenset(_rules.PAIRS.split())
_FIELD = lazy(r"[A-Za-z]{1,30}(?:[_-][A-Za-z]{1,30}){0,6}")
_LETTERS = lazy(r"[A-Za-z]+")


def is_random(token: str) -> bool:
    """Whether a token is made of letters and digits that no person chose."""
    token = token[:256].strip("=-_~+/.")
    size = len(token)
    if size < _SHORTEST_TOKEN or _PLAIN_FORM().fullmatch(token):
        return False
    classes = token.encode("ascii", "replace").translate(_CLASSES, _OTHERS)
    lower, upper, digits = classes.count(b"a"), classes.count(b"A"), classes.count(b"0")
    letters = lower + upper
    changes = sum([classes.count(pair) for pair in _CHANGES])
    rate = changes / len(classes) if classes else 0.0
    kinds = (lower > 0) + (upper > 0) + (digits > 0)
    if letters < 6 or rate < (0.25 if kinds == 3 else 0.12 if digits else 0.33) or len(set(token)) < 10:
        return False
    pairs, share = _likeness(token)
    if 6 * (size - len(classes)) > size:  # many short parts
        return kinds == 3 and rate >= 0.5 and share < 0.5
    if kinds == 3:
        return rate >= 0.45 or share < 0.66
    if digits:
        return digits >= 2 and share < 0.66 and pairs >= 3
    return share < 0.72 and pairs >= 4


def _likeness(text: str) -> Tuple[int, float]:
    """(pairs of letters, the part of them that is usual in words)."""
    pairs = common = 0
    for run in _LETTERS().findall(text):
        # a camel's hump is where a word ends
        for first, second in zip(run, run[1:]):
            if not (first.islower() and second.isupper()):
                pairs += 1
                common += (first + second).lower() in _PAIRS
    return pairs, common / pairs if pairs else 0.0


def is_wordlike(text: str) -> bool:
    """Whether a text is a word, or several in one, as the names of fields are."""
    return _FIELD().fullmatch(text) is not None and _likeness(text)[1] >= 0.75


#: each letter and digit as its class, all else that is away, and the changes from one class to another
_CLASSES = bytes.maketrans(_ALNUM.encode(), b"A" * 26 + b"a" * 26 + b"0" * 10)
_OTHERS = bytes(set(range(256)) - set(_ALNUM.encode()))
_CHANGES = (b"aA", b"Aa", b"a0", b"0a", b"A0", b"0A")


# ---------------------------------------------------------------------------------------------------------------------
# A name and its value within a text

_HEADERS = frozenset(_rules.HEADERS)
_QUOTED = lazy(r"\(?\s{0,20}[rbufRBUF]{0,2}(\"\"\"|'''|\\{0,3}[\"'`])")
#: characters of a value that are looked at; one that goes on is hidden to the end of its word
_LONG = 2000
_UNQUOTED = lazy(r"(?:(?![,;]\s*[\w.\"'-]{1,40}\s*[=:])[^\s\0&;\"'<>`\\]){1,%d}" % _LONG)
_LISTED = lazy(r"[\[({](?:\s*[rbu]?(?:\"[^\"\0]{0,500}\"|'[^'\0]{0,500}')\s*(?:,|:|(?=[\])}])))+[\])}]")
_REST_OF_WORD = lazy(r"[^\s\0]+")
_REST_OF_LINE = lazy(r"[^\r\n\0]+")
_CODE = lazy(r"[A-Za-z_][\w.]*[(\[.{]|[({\[<%$*]|\.\.\.|f[\"']")
_SEPARATOR = lazy(r"[=:\"'`<%]")
_NAME_TAIL = lazy(r"[\w.-]+\Z")
_SPACED = lazy(r"(?:^|[^\w.-])([A-Za-z]{2,20})[ _-]\Z")
_QUOTE = lazy(r"(?<!\\)[\"']")
_NUMBER = lazy(r"\d{4,}")
_MORE_WORDS = lazy(r"[ \t]+[A-Za-z]{2,}")
_ADJACENT = lazy(r"[\"']?\s{0,3}\)?")


class Rules:
    """All rules of one dump, with the user's patterns."""

    def __init__(
        self, names: Names, patterns: Iterable[Tuple[str, "Pattern[str]"]] = (), allowed: Iterable[str] = ()
    ) -> None:
        self.names = names
        self._user = list(patterns)
        self._allowed = frozenset(allowed)
        stems = names.stems
        # A name, then what separates it from its value: a sign, space before a quote or after an option, a tag's end.
        annotation = r"\s{0,4}:\s{0,4}[\w.\[\], |]{1,60}=\s{0,8}(?=\(?\s*[rbufRBUF]{0,2}[\"'])"
        self._pair = re.compile(
            r"(?:"
            + stems
            + r")[\w.-]{0,40}(\\{0,3}[\"'`]?\]?)("
            + annotation
            + r"|\s{0,8}(?:=>|:=|={1,3}|:)\s{0,8}|(?:%3[dDaA])"
            r"|\s{1,8}(?=b?\\{0,2}[\"'])|[ ]{1,3}(?=[^\s\0])|,\s{0,8}(?=[rbuf]{0,2}\\{0,2}[\"'])|>)"
        )

    def spans(self, text: str, data: bytes, code: bool = False) -> List[Span]:
        """The secrets in a text, in order, none over another; `data` is its UTF-8. In `code` only what is quoted is a value."""
        return _merge(self.forms(text, data) + self.pairs(text, code))

    def forms(self, text: str, data: bytes) -> List[Span]:
        """What looks like a secret by itself."""
        found: List[Span] = []
        for name, pattern in self._user:
            for match in pattern.finditer(text):
                self._add(found, text, match, name)
        # What a search for fixed bytes rules out, or finds, is not left to the patterns.
        if len(data) != len(text):
            data = text.encode("ascii", "replace")  # so that a place in it is one in the text
        near = []
        for start, end in _runs(data.translate(_RUNS), _RUN):
            run = text[start:end]
            if run.strip(_LOWER) and not _CAMEL().fullmatch(run):
                near.append(text[max(start - _NEAR, 0) : end + _NEAR])
        if near:
            self._try(_LONG_WORDS, "\0".join(near), text, found)
        self._try(_SHORT_WORDS, text, text, found)
        if _LONG_NUMBER in data.translate(_NUMBERS):
            for match in _matches(_CARD_BEGINS(), _CARD(), text):
                if _is_card(match.group()):
                    self._add(found, text, match, "card number")
        kinds = data.translate(_TOKENS)
        start = kinds.find(_TOKEN_RUN)
        while start >= 0:
            long = _TOKEN().match(text, start)
            if long is None:
                break
            token = long.group()
            if token.strip(_LOWER) and is_random(token):
                if not (text.startswith((":", "-"), start - 1) and _is_digest(text, start)):
                    self._add(found, text, long, "random token")
            start = kinds.find(_TOKEN_RUN, long.end())
        return found

    def _try(self, words: List[Tuple[str, Shape]], near: str, text: str, found: List[Span]) -> None:
        """The shapes of which a word is in `near`."""
        tried = ""
        for word, shape in words:
            if word in near and shape.pattern != tried:
                tried = shape.pattern
                for match in _PATTERNS[shape.pattern]().finditer(text):
                    if _CHECKS.get(shape.rule, _yes)(match):
                        self._add(found, text, match, shape.rule)

    def _add(self, found: List[Span], text: str, match: "Match[str]", rule: str) -> None:
        group = match.lastindex or 0
        start, end = match.span(group)
        if end > start and text[start:end] not in self._allowed:
            found.append(Span(start, end, rule))

    @staticmethod
    def may_have_pairs(texts: Iterable[str]) -> List[bool]:
        """Of each text, whether anything in it separates a name from a value."""
        search = _SEPARATOR().search
        return [search(text) is not None or " -" in text or text[:1] == "-" for text in texts]

    def pairs(self, text: str, code: bool = False) -> List[Span]:
        """Values beside a name that promises a secret."""
        found: List[Span] = []
        if not self.may_have_pairs([text])[0]:
            return found
        lower = lowered(text)
        for match in self._pair.finditer(lower):
            start = match.start()
            if found and start < found[-1].end:
                continue  # within a value
            left = _NAME_TAIL().search(text, max(start - 60, 0), start)
            begin = left.start() if left else start
            name = text[begin : match.start(1)]
            option = name.startswith("-")
            trust = self.names.trust(name)
            if trust == NO:
                spaced = _SPACED().search(text, max(begin - 24, 0), begin)
                if spaced is None or len(name) > 8:
                    continue
                name = spaced.group(1) + " " + name
                trust = self.names.trust(name)
                if trust == NO:
                    continue
            self._value(text, name, trust, option, match, begin, code, found)
        return found

    def _value(
        self,
        text: str,
        name: str,
        trust: int,
        option: bool,
        match: "Match[str]",
        begin: int,
        code: bool,
        found: List[Span],
    ) -> None:
        closing, separator = match.group(1), match.group(2)
        at = match.end()
        sign = separator.strip()
        if sign == ">" and text[max(begin - 1, 0) : begin] != "<":
            return
        quoted = _QUOTED().match(text, at)
        if sign == "" and not ((option and not code) or (quoted and trust == STRONG)):
            return
        if sign == ",":
            # ("name", "value") alone: a pair, or the arguments of a call
            if not closing.strip("]") or quoted is None:
                return
        if quoted:
            end = _closing(text, quoted)
            start = quoted.end()
            if sign == "," and not text[end : end + 8].lstrip("\\\"' \n").startswith(")"):
                return
            if sign == "," and not is_hidden(text[start:end], WEAK):
                return
            self._keep(text, start, end, trust, found)
            return
        if sign == ",":
            return
        listed = _LISTED().match(text, at)
        if listed and trust == STRONG:
            for inner in re.finditer(r"\"([^\"\0]*)\"|'([^'\0]*)'", listed.group()):
                group = inner.lastindex or 0
                self._keep(text, at + inner.start(group), at + inner.end(group), trust, found)
            return
        if code and not _in_literal(text, begin):
            number = _NUMBER().match(text, at) if trust == STRONG else None
            if number:
                found.append(Span(number.start(), number.end(), "value of a name"))
            return
        if name.strip("\"'").lower() in _HEADERS and sign == ":":
            rest = _REST_OF_LINE().match(text, at)
            if rest:
                self._keep(text, at, rest.end(), trust, found)
            return
        value = _UNQUOTED().match(text, at)
        if value is None or _CODE().match(text, at):
            return
        long = len(value.group()) == _LONG
        end = at + len(value.group().rstrip(",.)]}:"))
        plain = text[at:end]
        if (
            sign == ":"
            and separator != ":"
            and plain.isalpha()
            and (trust == WEAK or _MORE_WORDS().match(text, value.end()))
        ):
            return  # a sentence
        if sign == ">" and not text.startswith("</", value.end()):
            end = max(text.find("<", at), end) if "<" in text[at : at + 500] else end
        self._keep(text, at, end, trust, found)
        if long and found and found[-1].start == at:
            rest = _REST_OF_WORD().match(text, end)
            found[-1] = found[-1]._replace(end=rest.end() if rest else end)

    def _keep(self, text: str, start: int, end: int, trust: int, found: List[Span]) -> None:
        value = text[start:end]
        if is_hidden(value, trust) and value not in self._allowed and not self.names.is_name(value):
            found.append(Span(start, end, "value of a name"))


def _in_literal(text: str, at: int) -> bool:
    """Whether a place in a program is within a text that began on its line."""
    quote = ""
    start = text.rfind("\n", 0, at) + 1
    for match in _QUOTE().finditer(text, max(start, at - 1000), at):
        if not quote:
            quote = match.group()
        elif match.group() == quote:
            quote = ""
    return quote != ""


def _closing(text: str, quoted: "Match[str]") -> int:
    """Where a quoted value ends: at its quote, else at the end of the line."""
    quote, at = quoted.group(1), quoted.end()
    while True:
        end = text.find(quote, at)
        stop = text.find("\0", quoted.end())
        if end < 0 or 0 <= stop < end or end - quoted.end() > 10_000:
            line = _REST_OF_LINE().match(text, quoted.end())
            return line.end() if line else quoted.end()
        back = end
        while quote[0] != "\\" and back > quoted.end() and text[back - 1] == "\\":
            back -= 1
        if (end - back) % 2 == 0:
            return end
        at = end + 1


def _is_digest(text: str, start: int) -> bool:
    return re.search(r"(?:sha\d+|md5|blake\w*)[-:]\Z", text[max(start - 12, 0) : start]) is not None


def _yes(match: "Match[str]") -> bool:
    return True


def _is_authorization(match: "Match[str]") -> bool:
    value = match.group(1)
    if value.startswith("realm="):
        return False
    return not value.isalpha() or (value.lower() != value and value.capitalize() != value)


_PLACEHOLDER = lazy(_rules.ADDRESS_PLACEHOLDER)


def _is_password(match: "Match[str]") -> bool:
    of_file = match.string.endswith("file", 0, match.start())
    return not of_file and not _PLACEHOLDER().fullmatch(match.group(1))


_DIGIT = lazy(r"[0-9]")


def _has_digit(match: "Match[str]") -> bool:
    return _DIGIT().search(match.group(match.lastindex or 0)) is not None


_CHECKS: Dict[str, Callable[["Match[str]"], bool]] = {
    "authorization": _is_authorization,
    "password in an address": _is_password,
    "token in an address": _has_digit,
    "OpenAI or Anthropic key": _has_digit,
}
_PATTERNS = {shape.pattern: lazy(shape.pattern, re.ASCII) for shape in SHAPES}


def _merge(found: List[Span]) -> List[Span]:
    """In order; of two that meet, one over both."""
    out: List[Span] = []
    for span in sorted(found):
        if out and span.start < out[-1].end:
            if span.end > out[-1].end:
                out[-1] = Span(out[-1].start, span.end, out[-1].rule)
            continue
        out.append(span)
    return out


def rule_names(user: Iterable[Tuple[str, Any]] = ()) -> List[str]:
    """All rules there are, in a fixed order; the user's last."""
    own = ["name", "value of a name", "known value", "random token", "card number"]
    return list(dict.fromkeys(own + [shape.rule for shape in SHAPES] + [name for name, _ in user]))
