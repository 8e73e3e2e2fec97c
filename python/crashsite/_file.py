"""The container: a MIME message of gzip-compressed parts, appended as they are made. docs/dump-format.md section 1."""

import binascii
import os
import struct
import time
import zlib
from typing import Any, Callable, Iterable, List, Tuple

from . import _digest
from ._builtins import keep_builtins

keep_builtins(globals())

try:
    from _pickle import dumps  # `pickle` would import much that is not needed
except ImportError:  # PyPy
    from pickle import dumps

#: zlib levels of a part that is small, up to so many bytes, and of others: level 1 costs a tenth of the walk; level 4 takes half
#: as long again for a twelfth less, which is worth it where there is little to write
SMALL_LEVEL, SMALL, LEVEL = 4, 1 << 19, 1
#: bytes that zlib's functions and those of digests take without releasing the interpreter (5 kB, and less than 2048 bytes)
_QUIET_CRC, _QUIET_HASH = 5 * 1024, 2047
#: bytes of an encoded word in a header: with its frame it is no longer than 75 characters (RFC 2047)
_WORD = 45

Headers = List[Tuple[str, str]]

_PREAMBLE = """This file is a dump of the internal state of a Python program that failed.
It is written in MIME format, but it is not an e-mail message. To look into it:

    crashsite %s

Nothing in this file is ever executed by that. It may hold private data of the program.
"""


class DumpFile:
    """Writes parts through `write`, which takes all the bytes it is given."""

    def __init__(self, write: Callable[[bytes], None], boundary: str) -> None:
        self._write = write
        self._boundary = boundary
        self._pending = b""
        #: bytes written so far
        self.size = 0

    def head(self, headers: Iterable[Tuple[str, str]], name: str) -> None:
        """The message's headers and preamble. They go out with the first part, in one piece."""
        lines = ["%s: %s" % (key, header_value(key, value)) for key, value in headers]
        preamble = (_PREAMBLE % clean(name)).split("\n")
        self._pending = ("\r\n".join(lines + [""] + preamble)).encode("ascii", "replace") + b"\r\n"

    def part(self, kind: str, data: Any, extra: Iterable[Tuple[str, str]] = ()) -> None:
        """One part: `data` pickled, compressed, with its length and digest in front."""
        raw = dumps(data, 4)
        body = gzip(raw)
        lines = [
            "--" + self._boundary,
            "Content-Type: application/x.python-heapdump; part=" + kind,
            "Content-Transfer-Encoding: binary",
            "Content-Encoding: gzip",
            "Content-Length: %d" % len(body),
            "X-Crashsite-Raw-Length: %d" % len(raw),
            "X-Crashsite-Digest: sha256=" + sha256(body),
        ]
        lines += ["%s: %s" % item for item in extra]
        block = self._pending + "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body + b"\r\n"
        self._pending = b""
        self._put(block)

    def close(self) -> None:
        """The final boundary."""
        self._put(("--" + self._boundary + "--\r\n").encode("ascii"))

    def _put(self, block: bytes) -> None:
        self._write(block)
        self.size += len(block)


def gzip(raw: bytes) -> bytes:
    """`raw` as one gzip member (RFC 1952). Made of a stream without a check sum, which is computed in pieces: every call of zlib
    on more than some kilobytes gives the interpreter away, and a busy thread may keep it. The columns of a section differ:
    codes that are made anew after half as many symbols as usual take a hundredth less."""
    level = SMALL_LEVEL if len(raw) <= SMALL else LEVEL
    stream = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL - 1)
    body = stream.compress(raw) + stream.flush()
    check, view = 0, memoryview(raw)
    for start in range(0, len(raw), _QUIET_CRC):
        check = zlib.crc32(view[start : start + _QUIET_CRC], check)
    return b"\x1f\x8b\x08\0\0\0\0\0\x04\xff" + body + struct.pack("<II", check, len(raw) & 0xFFFFFFFF)


def sha256(data: bytes) -> str:
    """The digest, without giving the interpreter away."""
    found: Any = _digest.sha256()
    view = memoryview(data)
    for start in range(0, len(data), _QUIET_HASH):
        found.update(view[start : start + _QUIET_HASH])
    return str(found.hexdigest())


def clean(text: str) -> str:
    """Text for a header or the preamble: printable characters of one line."""
    return "".join(char if char.isprintable() else " " for char in text)


def header_value(name: str, value: str) -> str:
    """A header's value, RFC 2047 where it is not ASCII, folded where it is long; line ends cannot break out."""
    text = clean(value)[:8000]
    if text.isascii() and len(text) + len(name) < 900:
        return text
    words, word = [], b""
    for char in text:
        encoded = char.encode("utf-8")
        if len(word) + len(encoded) > _WORD:
            words.append(word)
            word = b""
        word += encoded
    words.append(word)
    return "\r\n ".join("=?utf-8?b?%s?=" % binascii.b2a_base64(word, newline=False).decode() for word in words)


def header_name(name: str) -> str:
    """A header's name, or ValueError."""
    if not name or not name.isascii() or any(char in ' :"(),;<=>@[\\]{}' or not char.isprintable() for char in name):
        raise ValueError("%r cannot be the name of a header" % (name,))
    return name


def open_new(path: str) -> int:
    """A descriptor of a file that did not exist, readable by its owner only; no link is followed."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o600)


def write_all(descriptor: int) -> Callable[[bytes], None]:
    """A function that writes all of a block, unbuffered."""

    def write(block: bytes) -> None:
        view = memoryview(block)
        while view:
            view = view[os.write(descriptor, view) :]

    return write


def date(seconds: float) -> str:
    """RFC 5322, UTC."""
    now = time.gmtime(seconds)
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    clock = time.strftime("%H:%M:%S", now)
    return "%s, %02d %s %04d %s +0000" % (days[now.tm_wday], now.tm_mday, months[now.tm_mon - 1], now.tm_year, clock)
