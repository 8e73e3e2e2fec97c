"""The sources that go into a dump: the application's files whole, of library files the lines around the frames."""

import codecs
import os
import re
import stat
import sys
import types
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import _access, _digest, _safe, _stacks
from ._builtins import keep_builtins
from ._redact import SHAPE_ONLY, Redactor

keep_builtins(globals())

#: lines before and after a frame's line that a window holds, and lines kept of a function's head
BEFORE, AFTER, HEAD = 12, 4, 3
#: bytes of one file; a larger one is cut to windows, then left out
MAX_FILE = 4 << 20

_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
#: what a file is wanted for: whole, around its frames' lines, or not at all
WHOLE, WINDOWS, NOTHING = 2, 1, 0


def rule(files: Any) -> Callable[[str, bool], int]:
    """Turn the option `files` into a function (file name, is library) → WHOLE, WINDOWS or NOTHING.

    True is ``'all'``; False is none; a container holds the names wanted; a callable is asked with each name. What a callable
    or container raises means no.
    """
    if files is True or files == "all" or files in ("1", "yes", "on", "true"):
        return lambda name, library: WHOLE
    if files is False:
        return lambda name, library: NOTHING
    if type(files) is str:
        if files != "app":
            raise ValueError("files=%r: want 'app', 'all', True, False, a container or a callable" % (files,))
        return lambda name, library: WINDOWS if library else WHOLE
    ask = files if callable(files) else files.__contains__

    def guarded(name: str, library: bool) -> int:
        try:
            return WHOLE if ask(name) else NOTHING
        except Exception:
            return NOTHING

    return guarded


class Sources:
    """Collects sources, frames' files first, up to a budget of bytes."""

    def __init__(self, files: Any, budget: int, redactor: Redactor) -> None:
        self.wanted = rule(False if redactor.mode == SHAPE_ONLY else files)
        self.redactor = redactor
        self.budget = budget
        self.found: Dict[str, Dict[str, Any]] = {}
        self.problems: List[str] = []
        self._left_out = 0

    def of_frames(self, frames: List[_stacks.Frame]) -> None:
        """Read the files that the frames are in."""
        lines: Dict[str, List[Tuple[int, int]]] = {}
        for frame in frames:
            file = _safe.exact_str(frame.code.co_filename)
            lines.setdefault(file, []).append((frame.code.co_firstlineno, frame.line or frame.code.co_firstlineno))
        for file, places in lines.items():
            want = self.wanted(file, _stacks.is_library(file))
            if want != NOTHING:
                self._add(file, None if want == WHOLE else places, places)

    def of_modules(self) -> None:
        """Read whole files of the modules that are loaded, where the rule says so."""
        for module in list(sys.modules.values()):
            file = module_file(module)
            if file is None or file in self.found or not file.endswith((".py", ".pyw")):
                continue
            if self.wanted(file, _stacks.is_library(file)) == WHOLE and not _stacks.is_own_file(file):
                if self.budget > 0:
                    self._add(file, None, [])
                else:
                    self._left_out += 1
        if self._left_out:
            self.problems.append("%d source files left out (max_source)" % self._left_out)

    def _add(self, file: str, places: Optional[List[Tuple[int, int]]], fallback: List[Tuple[int, int]]) -> None:
        try:
            data = _read(file)
        except (OSError, ValueError, MemoryError) as error:
            self.found[file] = {"error": str(error) or type(error).__name__}
            return
        if data is None:
            return
        raw, text, encoding = data
        if places is None and len(raw) > min(MAX_FILE, self.budget):
            places = fallback
        pieces = [(1, text)] if places is None else windows(text, places)
        size = sum(len(piece) for _, piece in pieces)
        if size > self.budget or not pieces:
            self._left_out += 1
            return
        self.budget -= size
        pieces = [(first, self.redactor.source(piece)) for first, piece in pieces]
        self.found[file] = {
            "sha256": _digest.sha256_of_file(raw) if raw else None,
            "lines": _count(text),
            "encoding": encoding,
            "pieces": pieces,
        }


def module_file(module: Any) -> Optional[str]:
    """``module.__file__`` of a true module, without asking a module's own ``__getattr__``."""
    if not _safe.is_builtin_subclass(type(module), types.ModuleType):
        return None
    file = _access.dict_value(_access.module_dict(module), "__file__")
    return file if type(file) is str else None


def windows(text: str, places: List[Tuple[int, int]]) -> List[Tuple[int, str]]:
    """Pieces (first line, text) around (first line of the function, line of the frame), merged where they meet."""
    wanted: Dict[int, None] = {}
    for head, line in places:
        for number in range(max(head, 1), head + HEAD):
            wanted[number] = None
        for number in range(max(line - BEFORE, 1, min(head, line)), line + AFTER + 1):
            wanted[number] = None
    lines = _split(text, max(wanted, default=0))
    pieces: List[Tuple[int, str]] = []
    run: List[int] = []
    for number in sorted(number for number in wanted if number <= len(lines)):
        if run and number != run[-1] + 1:
            pieces.append(_piece(lines, run))
            run = []
        run.append(number)
    if run:
        pieces.append(_piece(lines, run))
    return pieces


def _piece(lines: List[str], run: List[int]) -> Tuple[int, str]:
    return run[0], "\n".join(lines[run[0] - 1 : run[-1]]) + "\n"


def _read(file: str) -> Optional[Tuple[bytes, str, str]]:
    """(bytes, text with plain newlines, encoding) of a source file; None where there is no such file at all.

    Files only: a FIFO would wait for ever. What is no file (``<stdin>``, a notebook's cell, a file in an archive) may
    stand in `linecache`'s table, which is read without its loaders.
    """
    cached = _cached(file)
    if file.startswith("<") or "\0" in file:
        return cached
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return cached
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("not a regular file")
    if status.st_size > 8 * MAX_FILE:
        raise ValueError("larger than %d bytes" % (8 * MAX_FILE))
    with open(file, "rb") as stream:
        raw = stream.read(min(status.st_size + 1, 8 * MAX_FILE))
    encoding = _encoding(raw)
    text = raw.decode(encoding, "replace")
    if text.startswith("\ufeff"):
        text = text[1:]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return raw, text, encoding


def _cached(file: str) -> Optional[Tuple[bytes, str, str]]:
    linecache = sys.modules.get("linecache")
    cache = getattr(linecache, "cache", None)
    entry = cache.get(file) if type(cache) is dict else None
    if type(entry) is tuple and len(entry) == 4 and type(entry[2]) is list:
        lines = [_safe.exact_str(line, "\n") for line in entry[2]]
        return b"", "".join(lines), "utf-8"
    return None


def _encoding(raw: bytes) -> str:
    """PEP 263, without importing `tokenize`."""
    for line in raw.split(b"\n", 2)[:2]:
        match = _CODING.match(line)
        if match:
            try:
                return codecs.lookup(match.group(1).decode("ascii")).name
            except (LookupError, UnicodeDecodeError):
                return "utf-8"
    return "utf-8"


def _split(text: str, most: int) -> List[str]:
    """The first lines, without their ends, as the tokenizer counts them; `str.splitlines` would end one at a form feed or a
    separator, too."""
    lines = text.split("\n", most)
    if len(lines) > most or not lines[-1]:
        lines.pop()  # what comes after them, or nothing
    return lines


def _count(text: str) -> int:
    return text.count("\n") + (text[-1:] not in ("", "\n"))
