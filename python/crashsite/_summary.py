"""The first part of a dump: everything but the heap. docs/dump-format.md section 4."""

import itertools
import os
import sys
import threading
import time
from typing import Any, Dict, List, Optional, Tuple, Union

from . import _access, _classes, _file, _heap, _numpy, _process, _repr, _safe, _stacks
from ._builtins import keep_builtins
from ._pace import Pace
from ._redact import LEAVES, SHAPE_ONLY
from ._version import __version__

keep_builtins(globals())


class Summary:
    """The first part; docs/dump-format.md section 4."""

    def __init__(
        self,
        stacks: _stacks.Stacks,
        frames: List[_stacks.Frame],
        walk: _heap.Walk,
        limits: Dict[str, Union[int, float]],
        pace: Pace,
    ) -> None:
        self.walk = walk
        self.redactor = walk.reader.redactor
        self.pace = pace
        self.max_text = int(limits["max_text"])
        self.previews: Dict[int, Tuple[Any, ...]] = {}
        self.names: Dict[int, Optional[str]] = {}
        index = {id(frame): position for position, frame in enumerate(frames)}
        self.places = {id(thread): position for position, thread in enumerate(stacks.threads)}
        self.positions: Dict[Tuple[int, int], Tuple[Optional[int], ...]] = {}
        self.data: Dict[str, Any] = {
            "dump_version": 3,
            "writer": "crashsite " + __version__,
            "pid": os.getpid(),
            "process": _process.facts(),
            "python": python_facts(),
            "argv": [self._text(text) for text in texts(getattr(sys, "argv", []))],
            "path": texts(sys.path),
            "cwd": _cwd(),
            "pathmodule": os.path.__name__,
            "main_thread_id": _main_thread_id(),
            "current_thread_id": threading.get_ident(),
            "crashed_thread_id": next((thread.ident for thread in stacks.threads if thread.crashed), None),
            "exceptions": [self._error(error, index) for error in stacks.errors],
            "threads": [self._thread(thread, index) for thread in stacks.threads],
            "frames": [self._frame(frame) for frame in frames],
            "limits": dict(limits),
        }

    def _number(self, value: Any) -> int:
        return self.walk.memo.get(id(value), _heap.MISSING)

    def _error(self, error: _stacks.Error, index: Dict[int, int]) -> Dict[str, Any]:
        info = _classes.info_of(type(error.value))
        excluded = self.redactor.excluded(error.value, info) is not None
        try:
            message = None if excluded else _repr.exception_message(error.value, self.redactor)
        except MemoryError:
            raise
        except Exception:
            message = None
        out = {
            "object": self._number(error.value),
            "type": info.name,
            "module": info.module,
            "qualname": info.qualname,
            "message": None if message is None else self._text(message)[: self.max_text],
            "preview": _repr.preview(error.value, self.redactor),
            "cause": error.cause,
            "context": error.context,
            "suppress_context": error.suppress,
            "group": error.group,
            "notes": [self._text(note)[:10_000] for note in ([] if excluded else error.notes)],
            "frames": [index[id(frame)] for frame in error.frames],
        }
        process, path = error.dumped
        if path:
            out["dumped"] = {"process": process, "file": os.path.basename(path)}
        return out

    def _text(self, text: str) -> str:
        return self.redactor.shapeless if self.redactor.mode == SHAPE_ONLY else self.redactor.text(text)

    def _thread(self, thread: _stacks.Thread, index: Dict[int, int]) -> Dict[str, Any]:
        out: Dict[str, Any] = {
            "id": thread.ident,
            "name": thread.name,
            "native_id": thread.native_id,
            "kind": thread.kind,
            "daemon": thread.daemon,
            "crashed": thread.crashed,
            "current": thread.current,
            "main": thread.main,
            "frames": [index[id(frame)] for frame in thread.frames],
        }
        further: Dict[str, Any] = {
            "object": None if thread.object is None else self._number(thread.object),
            "state": thread.state,
            "runner": thread.runner,
            "thread": None if thread.on is None else self.places.get(id(thread.on)),
            "parent": None if thread.parent is None else self.places.get(id(thread.parent)),
            "awaits": sorted(self.places[id(other)] for other in thread.awaits if id(other) in self.places),
            "raised": None if thread.error is None else _repr.preview(thread.error, self.redactor),
            "held": thread.held,
            "wait_for": None if thread.wait_for is None else self._text(thread.wait_for),
        }
        out.update((key, value) for key, value in further.items() if value is not None and value != [])
        return out

    def _frame(self, frame: _stacks.Frame) -> Dict[str, Any]:
        self.pace.breathe()
        code = frame.code
        scopes = _stacks.scope_of(code)
        file = _safe.exact_str(code.co_filename)
        qualname = getattr(code, "co_qualname", None)
        line, end_line, column, end_column = _position(frame)
        ident = id(frame.globals)
        if ident not in self.names:
            name = _safe.find_key(list(dict.items(frame.globals)), "__name__")
            self.names[ident] = _safe.exact_str(name) if name is not None else None
        out: Dict[str, Any] = {
            "function": _safe.exact_str(code.co_name),
            "qualname": _safe.exact_str(qualname) if qualname is not None else None,
            "file": file,
            "line": line,
            "end_line": end_line,
            "column": column,
            "end_column": end_column,
            "firstlineno": code.co_firstlineno,
            "module": self.names[ident],
            "library": _stacks.is_library(file),
            "globals": self._number(frame.globals),
            "locals": [
                (
                    _repr.attribute_name(name),
                    scopes.get(name, "local") if type(name) is str else "local",
                    *self._value(value),
                )
                for name, value in frame.locals
            ],
        }
        if frame.note is not None:
            out["locals_note"] = frame.note
        return out

    def _value(self, value: Any) -> Tuple[Any, ...]:
        """Fields 2 to 11 of a local; the same object is described once."""
        found = self.previews.get(id(value))
        if found is None:
            found = self.previews[id(value)] = self._describe(value)
        return found

    def _describe(self, value: Any) -> Tuple[Any, ...]:
        info = _classes.info_of(type(value))
        status, full = "ok", None
        children = 0
        excluded = self.redactor.excluded(value, info)
        try:
            children = 0 if excluded is not None else self._children(value, info)
            full = _text_length(value, info)
        except MemoryError:
            raise
        except Exception:
            status = "ok"
        if full is not None and full > self.max_text:
            status = "cut"
        else:
            full = None
        try:
            size = sys.getsizeof(value) if info.safe_sizeof else object.__sizeof__(value)
        except Exception:
            size = None
        if excluded is not None:
            return (
                self._number(value), info.name, info.module, _classes.ATOM, size, id(value) & 0xFFFFFFFFFFFFFFFF,
                excluded, "redacted", None, 0,
            )  # fmt: skip
        if info.kind in LEAVES and self.redactor.leaf(value, info) is not None:
            status, full = "redacted", None
        number, preview = self._number(value), _repr.preview(value, self.redactor)
        return (
            number, info.name, info.module, info.kind, size, id(value) & 0xFFFFFFFFFFFFFFFF, preview, status, full, children,
        )  # fmt: skip

    def _children(self, value: Any, info: _classes.ClassInfo) -> int:
        """Attributes, elements and pairs one level below, as the heap will have them."""
        length = _access.length(value, info)
        if info.exact and info.kind in _NO_ATTRIBUTES:
            return length
        row = self.walk.reader.row(value)
        if info.numpy == _numpy.ARRAY:
            return len(row.attributes or ()) + _numpy.arrays.read(value, info.numpy, info.numpy_base).rows()
        return len(row.attributes or ()) + (length if info.kind in _CONTAINERS else len(row.elements or ()))


_CONTAINERS = frozenset(
    [_classes.LIST, _classes.TUPLE, _classes.SET, _classes.FROZENSET, _classes.DICT, _classes.DEQUE]
)
_NO_ATTRIBUTES = frozenset(
    [_classes.LIST, _classes.TUPLE, _classes.SET, _classes.FROZENSET, _classes.DICT, _classes.STR, _classes.BYTES,
     _classes.INT, _classes.FLOAT, _classes.COMPLEX, _classes.ATOM]
)  # fmt: skip


def _text_length(value: Any, info: _classes.ClassInfo) -> Optional[int]:
    if info.kind == _classes.STR:
        return str.__len__(value)
    if info.layout is bytes:
        return bytes.__len__(value)
    if info.layout is bytearray:
        return bytearray.__len__(value)
    return None


def _position(frame: _stacks.Frame) -> Tuple[Optional[int], Optional[int], Optional[int], Optional[int]]:
    """(line, end line, column, end column) as `co_positions` (3.11) has them; columns are bytes from 0."""
    positions = getattr(frame.code, "co_positions", None)
    if positions is None or frame.lasti < 0:
        return frame.line, None, None, None
    found = next(itertools.islice(positions(), frame.lasti // 2, None), None)
    if found is None or found[0] != frame.line:
        return frame.line, None, None, None
    line, end_line, column, end_column = found
    return line, end_line, column, end_column


def _main_thread_id() -> Optional[int]:
    main = getattr(threading, "_main_thread", None)
    facts = _access.instance_dict(main, _classes.info_of(type(main))) if main is not None else None
    ident = _safe.find_key(facts or [], "_ident")
    return ident if type(ident) is int else None


#: as `platform.python_implementation` has them
_IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy"}


def python_facts() -> Dict[str, Any]:
    """What is known of the interpreter."""
    enabled = getattr(sys, "_is_gil_enabled", None)
    return {
        "version": sys.version.split(" ")[0].rstrip("+"),
        "version_info": tuple(sys.version_info),
        "implementation": _IMPLEMENTATIONS.get(sys.implementation.name, sys.implementation.name),
        "platform": sys.platform,
        "byteorder": sys.byteorder,
        "maxsize": sys.maxsize,
        "executable": _safe.exact_str(sys.executable or ""),
        "prefix": _safe.exact_str(sys.prefix),
        "free_threaded": bool(enabled is not None and not enabled()),
    }


def texts(values: Any) -> List[str]:
    """A list of text, whatever the program has put into `sys.argv` or `sys.path`."""
    if type(values) is not list:
        return []
    return [_safe.exact_str(value, "<%s>" % _safe.type_name(type(value))) for value in values]


def _cwd() -> Optional[str]:
    try:
        return os.getcwd()
    except OSError:
        return None


def headers(summary: Dict[str, Any], boundary: str, further: _file.Headers) -> _file.Headers:
    """The message's headers; docs/dump-format.md section 1."""
    now: float = summary["time"]
    errors = summary["exceptions"]
    title = "Python heap dump of process %d" % summary["pid"]
    if errors:
        message = errors[0]["message"]
        first = (message if message is not None else errors[0]["preview"]).split("\n")[0][:200]
        title = "%s: %s" % (errors[0]["type"], first) if first else errors[0]["type"]
    own = "X-python-heapdump-"
    version = summary["python"]["version_info"]
    return [
        ("MIME-Version", "1.0"),
        ("Content-Type", 'multipart/related; type="application/x.python-heapdump"; boundary="%s"' % boundary),
        ("Date", _file.date(now)),
        ("Subject", title),
        (own + "version", "3"),
        (own + "pid", str(summary["pid"])),
        (own + "sequence_number", str(summary["sequence_number"])),
        (
            own + "sys_version_info",
            "sys.version_info(major=%r, minor=%r, micro=%r, releaselevel=%r, serial=%r)" % version,
        ),
        (own + "sys_executable", summary["python"]["executable"]),
        (own + "sys_argv", repr(summary["argv"])),
        (own + "sys_path", repr(summary["path"])),
        (own + "sys_flags", str(sys.flags)),
        (own + "utcnow", time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + ".%06d" % (now % 1 * 1e6)),
        (
            "X-Crashsite-Redaction",
            summary["redaction"]["mode"] + "; what was found late may stand in what was written before",
        ),
        *_process.headers(summary["process"]),
        *further,
    ]
