"""Writing a dump: stacks, then the summary, then the heap, then the end."""

import io
import itertools
import os
import platform
import sys
import threading
import time
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple, Union

from . import _classes, _file, _heap, _repr, _rows, _safe, _stacks
from ._sources import Sources
from ._version import __version__

#: the budgets, docs/dump-format.md section 9
LIMITS: Dict[str, Union[int, float]] = {
    "max_objects": 1_000_000,
    "max_bytes": 64 << 20,
    "max_seconds": 2.0,
    "max_text": 65_536,
    "max_frames": 10_000,
    "max_source": 8 << 20,
}

#: default name of a dump's file
FILE_NAME = "python_heap_{pid}_{sequence_number}.dump"

_sequence = itertools.count()
_ExcInfo = Any


class Result:
    """What became of a dump: `path`, `size` in bytes, `objects` written, `stopped` (the budget that ended it, or None),
    `cut` (containers of which elements are missing), `seconds`."""

    def __init__(self) -> None:
        self.path: Optional[str] = None
        self.size = 0
        self.objects = 0
        self.stopped: Optional[str] = None
        self.cut = 0
        self.seconds = 0.0
        self.problems: List[str] = []

    def line(self) -> str:
        """One line for people: file, size, what was cut, how to open it."""
        left = ""
        if self.stopped:
            left = ", cut by " + self.stopped
        if self.cut:
            left += ", %d containers not whole" % self.cut
        size = "%.1f MB" % (self.size / 1e6) if self.size >= 1_000_000 else "%d kB" % max(self.size // 1000, 1)
        path = self.path or ""
        shown = path if " " not in path else '"%s"' % path
        return "crashsite: heap dump in %s (%s, %d objects%s); open it with: crashsite %s" % (
            path, size, self.objects, left, shown,
        )  # fmt: skip


class _Request:
    """The options of one dump, checked before anything is looked at."""

    def __init__(
        self,
        exc_info: _ExcInfo,
        threads: Any,
        headers: Union[None, Mapping[str, str], Iterable[Tuple[str, str]]],
        files: Any,
        message: Optional[str],
        limits: Optional[Mapping[str, Union[int, float]]],
        thread_id: Optional[int],
    ) -> None:
        self.error, self.traceback = exception_of(exc_info)
        self.threads = threads
        self.message = None if message is None else _safe.exact_str(message, "?")
        self.thread_id = thread_id
        pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
        self.headers = [(_file.header_name(str(name)), str(value)) for name, value in pairs]
        self.limits = dict(LIMITS)
        for name, value in (limits or {}).items():
            if name not in LIMITS:
                raise ValueError("no such limit: %r; there are %s" % (name, ", ".join(sorted(LIMITS))))
            self.limits[name] = value
        self.sources = Sources(files, int(self.limits["max_source"]))


def exception_of(exc_info: _ExcInfo) -> Tuple[Optional[BaseException], Any]:
    """(exception, traceback) from True (the one being handled), an exception, or what `sys.exc_info` gives."""
    if exc_info is None or exc_info is True:
        exc_info = sys.exc_info()
    if exc_info is False:
        return None, None
    if type(exc_info) is tuple and len(exc_info) == 3:
        kind, value, traceback = exc_info
        if kind is None:
            return None, None
        if not _stacks.isinstance_exception(value):  # old callers pass (type, None, traceback)
            value = kind() if value is None else kind(value)
        return value, traceback
    if _stacks.isinstance_exception(exc_info):
        return exc_info, _rows.exc_traceback(exc_info)
    raise TypeError("exc_info: want True, False, None, an exception, or (type, value, traceback)")


def create_dump(
    *,
    exc_info: _ExcInfo = None,
    threads: Any = True,
    headers: Union[None, Mapping[str, str], Iterable[Tuple[str, str]]] = None,
    files: Any = None,
    message: Optional[str] = None,
    limits: Optional[Mapping[str, Union[int, float]]] = None,
) -> bytes:
    """The dump as bytes. The arguments are those of `save_dump`."""
    request = _Request(exc_info, threads, headers, files, message, limits, None)
    buffer = io.BytesIO()

    def write(block: bytes) -> None:
        buffer.write(block)

    _produce(request, write, "", next(_sequence), sys._getframe(), Result())
    return buffer.getvalue()


def save_dump(
    filename: Union[None, str, "os.PathLike[str]"] = None,
    *,
    exc_info: _ExcInfo = None,
    threads: Any = True,
    headers: Union[None, Mapping[str, str], Iterable[Tuple[str, str]]] = None,
    files: Any = None,
    message: Optional[str] = None,
    limits: Optional[Mapping[str, Union[int, float]]] = None,
    durable: bool = False,
    thread_id: Optional[int] = None,
) -> Result:
    """Write a dump to a new file and return a `Result`.

    filename  ``{pid}`` and ``{sequence_number}`` are filled in; default `FILE_NAME` in the current directory. A file that
              exists is never overwritten (FileExistsError); where ``{sequence_number}`` stands in the name, the next
              number is taken.
    exc_info  None or True: the exception being handled, if there is one; False: none; or an exception, or a triple as
              `sys.exc_info` gives it.
    threads   True: all; a thread (or its id), or several: these; False: none but the one that failed.
    headers   further headers of the message.
    files     which sources go in: 'app' (the application's files whole, of library files what is around the frames),
              'all' or True, False, a container of names, or a callable; None: CRASHSITE_WITH_FILES, else 'app'.
    limits    other budgets than `LIMITS`, by name.
    durable   wait for the disk after the summary and at the end (fsync), against loss of power.
    thread_id the thread that failed, where that is not the calling one.
    """
    request = _Request(exc_info, threads, headers, files, message, limits, thread_id)
    template = os.fspath(filename) if filename is not None else FILE_NAME
    path, descriptor, number = _open(template)
    result = Result()
    result.path = path
    try:
        sync = (lambda: os.fsync(descriptor)) if durable else None
        _produce(request, _file.write_all(descriptor), path, number, sys._getframe(), result, sync)
    except BaseException:
        if result.size == 0:
            os.unlink(path)
        raise
    finally:
        os.close(descriptor)
    return result


def _open(template: str) -> Tuple[str, int, int]:
    """Make the file: (path, descriptor, sequence number)."""
    while True:
        number = next(_sequence)
        path = template.replace("{pid}", str(os.getpid())).replace("{sequence_number}", str(number))
        try:
            return path, _file.open_new(path), number
        except FileExistsError:
            if "{sequence_number}" not in template or number > 100_000:
                raise


def _produce(
    request: _Request,
    write: Callable[[bytes], None],
    name: str,
    number: int,
    frame: Any,
    result: Result,
    sync: Optional[Callable[[], None]] = None,
) -> None:
    """Take the stacks, and write summary, sections and end."""
    started = time.perf_counter()
    now = time.time()
    limits = request.limits
    with _heap._Undisturbed():
        stacks = _stacks.take(
            request.error, request.traceback, request.threads, int(limits["max_frames"]), frame, request.thread_id
        )
        frames = stacks.frames()
        roots, globals_of = _roots(stacks, frames)
        reader = _rows.Reader(
            _repr.preview, int(limits["max_text"]), _heap.HEAD, _module_dicts(frames), _stacks.frame_locals
        )
        reader.captured_globals = globals_of
        walk = _heap.Walk(roots, reader, limits)
    request.sources.of_frames(frames)
    request.sources.of_modules()
    summary = _Summary(request, stacks, frames, walk, number, now)
    boundary = "crashsite-" + os.urandom(16).hex()
    out = _file.DumpFile(write, boundary)
    out.head(_headers(request, summary.data, boundary, now), os.path.basename(name) or "FILE")
    out.part("summary", summary.data)
    result.size = out.size
    if sync is not None:
        sync()
    stopped = None
    sections: List[Tuple[int, int]] = []
    try:
        for data in walk.sections():
            first, last = data["first"], data["first"] + data["count"]
            out.part("heap", data, [("X-Crashsite-Objects", "%d %d" % (first, last))])
            sections.append((first, last))
            if out.size > limits["max_bytes"]:
                stopped = "max_bytes"
                break
    except Exception as error:  # a full disk, no memory, …: the crash itself is written, and opens
        stopped = "error: %s" % type(error).__name__
    result.seconds = time.perf_counter() - started
    result.objects = sections[-1][1] if sections else 0
    result.stopped = stopped or walk.stopped
    result.cut = len(walk.cut)
    result.problems = stacks.problems + request.sources.problems
    counts = {_classes.KIND_NAMES.get(kind, str(kind)): count for kind, count in enumerate(walk.counts) if count}
    end = {
        "objects_seen": len(walk.objects),
        "objects_written": result.objects,
        "bytes_written": out.size,
        "seconds": result.seconds,
        "stopped": result.stopped,
        "cut": walk.cut,
        "changed": walk.changed,
        "rests": walk.rests,
        "sections": sections,
        "counts": counts,
        "problems": [],
    }
    try:
        out.part("end", end)
        out.close()
    except OSError as error:  # without its end the file is incomplete, and opens
        result.stopped = "error: %s" % type(error).__name__
    result.size = out.size
    if sync is not None:
        sync()
    _classes.forget()


def _roots(stacks: _stacks.Stacks, frames: List[_stacks.Frame]) -> Tuple[List[Any], Dict[int, Any]]:
    """The first objects in order: locals, exceptions, globals of the frames' modules."""
    roots: List[Any] = [value for frame in frames for _, value in frame.locals]
    roots += [error.value for error in stacks.errors]
    globals_of: Dict[int, Any] = {}
    for frame in frames:
        if id(frame.globals) not in globals_of:
            globals_of[id(frame.globals)] = frame.globals
            roots.append(frame.globals)
    return roots, globals_of


def _module_dicts(frames: List[_stacks.Frame]) -> Dict[int, None]:
    captured = {id(frame.globals) for frame in frames}
    found: Dict[int, None] = {}
    for module in list(sys.modules.values()):
        if _safe.is_builtin_subclass(type(module), type(sys)):
            ident = id(_rows._module_dict(module))
            if ident not in captured:
                found[ident] = None
    return found


class _Summary:
    """The first part; docs/dump-format.md section 4."""

    def __init__(
        self,
        request: _Request,
        stacks: _stacks.Stacks,
        frames: List[_stacks.Frame],
        walk: _heap.Walk,
        number: int,
        now: float,
    ) -> None:
        self.walk = walk
        self.max_text = int(request.limits["max_text"])
        self.previews: Dict[int, Tuple[Any, ...]] = {}
        index = {id(frame): position for position, frame in enumerate(frames)}
        self.names: Dict[int, Optional[str]] = {}
        crashed = next((thread.ident for thread in stacks.threads if thread.crashed), None)
        main = getattr(threading, "_main_thread", None)
        main_id = (
            _safe.find_key(_rows.instance_dict(main, _classes.info_of(type(main))) or [], "_ident") if main else None
        )
        self.data: Dict[str, Any] = {
            "dump_version": 3,
            "writer": "crashsite " + __version__,
            "pid": os.getpid(),
            "sequence_number": number,
            "time": now,
            "python": python_facts(),
            "argv": texts(getattr(sys, "argv", [])),
            "path": texts(sys.path),
            "cwd": _cwd(),
            "pathmodule": os.path.__name__,
            "message": request.message,
            "main_thread_id": main_id if type(main_id) is int else None,
            "current_thread_id": threading.get_ident(),
            "crashed_thread_id": crashed,
            "exceptions": [self._error(error, index) for error in stacks.errors],
            "threads": [self._thread(thread, index) for thread in stacks.threads],
            "frames": [self._frame(frame) for frame in frames],
            "sources": request.sources.found,
            "limits": dict(request.limits),
            "problems": stacks.problems + request.sources.problems,
        }

    def _number(self, value: Any) -> int:
        return self.walk.memo.get(id(value), _heap.MISSING)

    def _error(self, error: _stacks.Error, index: Dict[int, int]) -> Dict[str, Any]:
        info = _classes.info_of(type(error.value))
        try:
            message = _repr.exception_message(error.value)
        except MemoryError:
            raise
        except Exception:
            message = None
        return {
            "object": self._number(error.value),
            "type": info.name,
            "module": info.module,
            "qualname": info.qualname,
            "message": None if message is None else message[: self.max_text],
            "preview": _repr.preview(error.value),
            "cause": error.cause,
            "context": error.context,
            "suppress_context": error.suppress,
            "group": error.group,
            "notes": error.notes,
            "frames": [index[id(frame)] for frame in error.frames],
        }

    def _thread(self, thread: _stacks.Thread, index: Dict[int, int]) -> Dict[str, Any]:
        return {
            "id": thread.ident,
            "name": thread.name,
            "native_id": thread.native_id,
            "kind": "thread",
            "daemon": thread.daemon,
            "crashed": thread.crashed,
            "current": thread.current,
            "main": thread.main,
            "frames": [index[id(frame)] for frame in thread.frames],
        }

    def _frame(self, frame: _stacks.Frame) -> Dict[str, Any]:
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
        try:
            children = _rows.length(value, info)
            if info.kind in (_classes.INSTANCE, _classes.EXCEPTION) or not info.exact:
                children += len(_rows.own_attributes(value, info))
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
        number, preview = self._number(value), _repr.preview(value)
        return (
            number, info.name, info.module, info.kind, size, id(value) & 0xFFFFFFFFFFFFFFFF, preview, status, full, children,
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


def python_facts() -> Dict[str, Any]:
    """What is known of the interpreter."""
    enabled = getattr(sys, "_is_gil_enabled", None)
    return {
        "version": platform.python_version(),
        "version_info": tuple(sys.version_info),
        "implementation": platform.python_implementation(),
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


def _headers(request: _Request, summary: Dict[str, Any], boundary: str, now: float) -> _file.Headers:
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
        *request.headers,
    ]
