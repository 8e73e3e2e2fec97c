"""The sources of a dump in `linecache`, where every debugger of Python's looks, under names that mean nothing else.

A file's name is kept where the file is here, with the same content. Otherwise a folder that does not exist is put in
front: what lies at that place on this machine is another program's source, and it is not to be shown. So it is done with
libraries: debuggers leave out what lies where theirs are, and a thread that waits would have no frames at all.
"""

import hashlib
import linecache
import os
import stat
from typing import Any, Dict, List, Mapping, Optional

from . import _plain

#: in front of the names
ROOT = "/crashsite"
#: bytes of a file that is compared
_LARGEST = 32 << 20
#: lines that are put before those that the dump has, so that they have their numbers
_FARTHEST = 1_000_000

_NO_SOURCE = "# the dump does not have the source of this file\n"


class Sources:
    """The source files of one dump."""

    def __init__(self, summary: Mapping[str, Any]) -> None:
        self._sources = summary.get("sources", {})
        self._windows = summary.get("pathmodule") == "ntpath"
        self._root = _unused_root()
        self._names: Dict[str, str] = {}
        self._lines: Dict[str, List[str]] = {}

    def path(self, file: object, library: bool) -> str:
        """The name of a file for the debuggers, who find its lines by it from now on."""
        file = file if isinstance(file, str) else "?"
        if file not in self._names:
            source = self._sources.get(file, {})
            if not library and _same_here(file, source.get("sha256")):
                self._names[file] = file
            else:
                self._names[file] = self._apart(file)
            self._register(self._names[file], source)
        return self._names[file]

    def line(self, path: str, number: int) -> Optional[str]:
        """A line, by the name from `path`; None where the dump does not have it."""
        lines = self._lines.get(path, [])
        return lines[number - 1] if 0 < number <= len(lines) else None

    def no_source(self, path: str, number: int) -> str:
        """The line that stands for one that the dump does not have: a debugger would show the code of the bridge."""
        lines = self._lines.get(path)
        if lines is not None and number <= _FARTHEST:
            lines += ["\n"] * (number - len(lines))
            if lines[number - 1] == "\n":
                lines[number - 1] = _NO_SOURCE
        return _NO_SOURCE

    def _apart(self, file: str) -> str:
        if self._windows:
            file = file.replace("\\", "/")
        # No name leads out of the folder.
        parts = [part for part in _plain.name(file).split("/") if part not in ("", ".")]
        return "/".join([self._root] + ["__" if part == ".." else part for part in parts])

    def _register(self, path: str, source: Mapping[str, Any]) -> None:
        lines: List[str] = []
        for first, text in source.get("pieces") or ():
            if len(lines) < first <= _FARTHEST:
                lines += ["\n"] * (first - 1 - len(lines))
                # Only these three end a line of Python source.
                lines += [
                    line + "\n" for line in _plain.text(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
                ]
        self._lines[path] = lines
        # Without a time of modification it stays, whatever becomes of the file.
        linecache.cache[path] = (sum(map(len, lines)), None, lines, path)


def _unused_root() -> str:
    """Another one for each dump: two of them may have different files of the same name."""
    taken = {name.split("/")[1] for name in linecache.cache if name.startswith(ROOT)}
    number = 1
    while True:
        root = ROOT if number == 1 else "%s-%d" % (ROOT, number)
        if root[1:] not in taken and not os.path.lexists(root):
            return root
        number += 1


def _same_here(file: str, digest: object) -> bool:
    """Whether the file is on this machine with the content that crashed."""
    # A name of another machine's (//host/share) would send this user's password there on Windows.
    if not isinstance(digest, str) or not os.path.isabs(file) or file.startswith(("//", "\\\\")) or "\0" in file:
        return False
    if _plain.name(file) != file:
        return False
    try:
        found = os.stat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
            return False
        with open(file, "rb") as stream:
            return hashlib.sha256(stream.read(_LARGEST)).hexdigest() == digest
    except (OSError, ValueError):
        return False
