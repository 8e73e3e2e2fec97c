"""Values that are known to be secret, found again in any text and in the usual encodings."""

import binascii
import re
import sys
from array import array
from typing import Dict, Iterable, List, Optional, Set, Tuple

from ._builtins import keep_builtins

keep_builtins(globals())

#: values that are looked for; those learnt later are not looked for in texts
_MOST = 5000
#: a longer value is looked for as it is
_LONGEST_ENCODED = 4096
#: the shortest text that the index of four-byte pieces can find at any alignment
_SHORTEST = 7

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


class Needles:
    """Known values. One search costs the same however many there are: a text's aligned four-byte pieces are compared with the
    pieces of which every occurrence of a value must contain one."""

    def __init__(self) -> None:
        #: what is looked for → the value it stands for
        self.values: Dict[str, str] = {}
        self._known: Set[str] = set()
        self._pieces: Dict[int, List[str]] = {}
        self._short: List[str] = []

    def add(self, value: str) -> None:
        """Look for `value`, too."""
        if value in self._known or len(self._known) >= _MOST:
            return
        self._known.add(value)
        for form in forms(value) if len(value) <= _LONGEST_ENCODED else [value]:
            if form in self.values:
                continue
            self.values[form] = value
            data = form.encode("utf-8", "surrogatepass")
            if len(data) < _SHORTEST:
                self._short.append(form)
                continue
            start = (len(data) - _SHORTEST) // 2
            for at in range(start, start + 4):
                piece = int.from_bytes(data[at : at + 4], sys.byteorder)
                self._pieces.setdefault(piece, []).append(form)

    def __contains__(self, value: str) -> bool:
        return value in self._known

    def candidates(self, text: str, data: bytes) -> Iterable[str]:
        """Those that may occur in a text, whose UTF-8 is `data`, and few others."""
        if not self.values:
            return ()
        found = [form for form in self._short if form in text]
        pieces = array("I", data[: len(data) // 4 * 4])
        if not self._pieces.keys().isdisjoint(pieces):
            hits = self._pieces.keys() & set(pieces)
            found.extend(form for piece in hits for form in self._pieces[piece])
        return dict.fromkeys(found)

    def spans(self, text: str, data: bytes) -> List[Tuple[int, int, str]]:
        """(start, end, value) of every occurrence."""
        out: List[Tuple[int, int, str]] = []
        for form in self.candidates(text, data):
            at = text.find(form)
            while at >= 0:
                end = at + len(form)
                if not _within_a_word(text, at, end, form):
                    out.append((at, end, self.values[form]))
                at = text.find(form, at + 1)
        return out


def _within_a_word(text: str, start: int, end: int, form: str) -> bool:
    """Of a word, or a number, only the whole one is meant."""
    if form.isalpha():
        return text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()
    if form.isdigit():
        return text[start - 1 : start].isdigit() or text[end : end + 1].isdigit()
    return False


def forms(value: str) -> List[str]:
    """The value, and how it looks encoded. Bytes are searched as Latin-1, so UTF-16 stands here as such."""
    data = value.encode("utf-8", "surrogatepass")
    hexadecimal = data.hex()
    out = [value, hexadecimal, hexadecimal.upper()]
    for lead in range(3):
        encoded = binascii.b2a_base64(b"\0" * lead + data, newline=False).decode("ascii")
        # what the neighbours, which are not known, have a share in is left off
        core = encoded[(lead * 8 + 5) // 6 : (lead + len(data)) * 8 // 6]
        out += [core, core.translate(_URL_SAFE)]
    for safe in ("", "/", "/:@"):
        quoted = "".join(
            char
            if char in _UNRESERVED or char in safe
            else "".join("%%%02X" % byte for byte in char.encode("utf-8", "surrogatepass"))
            for char in value
        )
        out += [quoted, quoted.replace("%20", "+"), re.sub(r"%..", _lower, quoted)]
    out += [repr(value)[1:-1], value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")]
    out.append(value.encode("unicode_escape").decode("ascii"))
    out.append(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
    if not value.isascii():
        out.append(data.decode("latin-1"))
    out += [value.encode(codec, "surrogatepass").decode("latin-1") for codec in ("utf-16-le", "utf-16-be")]
    return [form for form in dict.fromkeys(out) if len(form) >= 6]


_URL_SAFE = str.maketrans("+/", "-_")


def _lower(match: "Optional[re.Match[str]]") -> str:
    return match.group().lower() if match else ""
