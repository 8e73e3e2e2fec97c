"""Writing a dump: stacks, then the summary, then the heap, then the end."""

import io
import itertools
import os
import sys
import threading
from time import perf_counter, time
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Set, Tuple, Union

from . import _access, _beyond, _classes, _describe, _file, _heap, _numpy, _rows, _safe, _stacks
from ._builtins import keep_builtins
from ._exclude import Exclusion
from ._library import BRIEF, Library
from ._pace import Pace, Uncollected
from ._redact import SHAPE_ONLY
from ._settings import Settings
from ._sources import Sources
from ._summary import Summary, headers

keep_builtins(globals())

#: default name of a dump's file
FILE_NAME = "python_heap_{pid}_{sequence_number}.dump"
#: what the name of one has at its end that is sealed
SEALED = ".age"

_sequence = itertools.count()
#: one capture at a time; after `_PATIENCE` seconds a second one goes on regardless: its owner may be gone (fork)
_turn, _PATIENCE = threading.RLock(), 10.0

_ExcInfo = Any


class Result:
    """What became of a dump: `path`, `sealed` for its recipients, `size` in bytes, `objects` written, `stopped` (the budget that ended it, or None),
    `cut` (containers of which elements are missing), `seconds`."""

    def __init__(self) -> None:
        self.path: Optional[str] = None
        self.sealed = False
        self.size = 0
        self.objects = 0
        self.stopped: Optional[str] = None
        self.cut = 0
        self.seconds = 0.0

    def line(self) -> str:
        """One line for people: file, size, what was cut, how to open it."""
        left = ""
        if self.stopped:
            left = ", cut by " + self.stopped
        if self.cut:
            left += ", %d containers not whole" % self.cut
        size = "%.1f MB" % (self.size / 1e6) if self.size >= 1_000_000 else "%d kB" % max(self.size // 1000, 1)
        path = self.path or ""
        shown = "--identity KEYFILE " * self.sealed + quoted(path)
        return "crashsite: heap dump in %s (%s, %d objects%s); open it with: crashsite %s" % (
            path, size, self.objects, left, shown,
        )  # fmt: skip


def quoted(path: str) -> str:
    """A word for a shell."""
    if path and all((char.isalnum() and char.isascii()) or char in "/._-+=:,@%" for char in path):
        return path
    return "'" + path.replace("'", "'\"'\"'") + "'"


class _Request:
    """What one dump is of, and its settings, checked before anything is looked at."""

    def __init__(
        self, exc_info: _ExcInfo, thread_id: Optional[int], settings: Optional[Settings], options: Dict[str, Any]
    ) -> None:
        self.error, self.traceback = exception_of(exc_info)
        self.thread_id = thread_id
        if settings is None:
            self.settings, problems = Settings.load(**options)
            report(problems)
        else:
            self.settings = settings.replaced(**options)
        if self.settings.refusal:
            raise ValueError(self.settings.refusal)
        self.sealer = self.settings.sealer() if self.settings.recipients else None


def file_name(settings: Settings) -> str:
    """The default name for a dump."""
    return FILE_NAME + SEALED if settings.recipients else FILE_NAME


_reported: Set[str] = set()


def report(problems: Iterable[str]) -> None:
    """Say what is wrong with the settings, each once in a process."""
    for problem in problems:
        if problem not in _reported:
            _reported.add(problem)
            say("crashsite: setting ignored: %s" % problem)


def say(line: str, stream: Any = None) -> None:
    """One line on stderr, or another stream, if there is one."""
    try:
        stream = sys.__stderr__ if stream is None else stream
        if stream is not None:
            stream.write(line + "\n")
            stream.flush()
    except Exception:
        pass


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
        return exc_info, _access.exc_traceback(exc_info)
    raise TypeError("exc_info: want True, False, None, an exception, or (type, value, traceback)")


def create_dump(
    *,
    exc_info: _ExcInfo = None,
    thread_id: Optional[int] = None,
    settings: Optional[Settings] = None,
    **options: Any,
) -> bytes:
    """The dump as bytes, sealed where there are recipients. The arguments are those of `save_dump`."""
    request = _Request(exc_info, thread_id, settings, options)
    if request.sealer is not None:
        import tempfile

        with tempfile.TemporaryFile() as stream:
            _write(request, stream.fileno(), "", next(_sequence), sys._getframe(), Result())
            stream.seek(0)
            return stream.read()
    buffer = io.BytesIO()

    def write(block: bytes) -> None:
        buffer.write(block)

    _produce(request, write, "", next(_sequence), sys._getframe(), Result())
    return buffer.getvalue()


def save_dump(
    filename: Union[None, str, "os.PathLike[str]"] = None,
    *,
    exc_info: _ExcInfo = None,
    thread_id: Optional[int] = None,
    settings: Optional[Settings] = None,
    **options: Any,
) -> Result:
    """Write a dump to a new file and return a `Result`.

    filename  ``{pid}`` and ``{sequence_number}`` are filled in; default `FILE_NAME` in the current directory, with
              ``.age`` at its end where there are recipients. A file that
              exists is never overwritten (FileExistsError); where ``{sequence_number}`` stands in the name, the next
              number is taken.
    exc_info  None or True: the exception being handled, if there is one; False: none; or an exception, or a triple as
              `sys.exc_info` gives it.
    thread_id the thread that failed, where that is not the calling one.
    settings  a `Settings`; None: what the environment and pyproject.toml say.
    options   options of `Settings`, which count before `settings`: ``save_dump(limits={"max_seconds": 10})``.
    """
    with Uncollected():
        request = _Request(exc_info, thread_id, settings, options)
        template = os.fspath(filename) if filename is not None else file_name(request.settings)
        path, descriptor, number = _open(template)
        result = Result()
        result.path = path
        try:
            _write(request, descriptor, path, number, sys._getframe(), result)
        except BaseException:
            if result.size == 0:
                os.unlink(path)
            raise
        finally:
            os.close(descriptor)
        return result


def _write(request: _Request, descriptor: int, name: str, number: int, frame: Any, result: Result) -> None:
    """Produce the dump into a file, sealed where there are recipients. Of one that could not be sealed to its end stays what
    can be read: whole chunks."""
    sync: Callable[[], None] = (lambda: os.fsync(descriptor)) if request.settings.durable else (lambda: None)
    if request.sealer is None:
        return _produce(request, _file.write_all(descriptor), name, number, frame, result, sync)
    sealing = request.sealer.start(descriptor)
    failed: Optional[OSError] = None
    try:
        _produce(request, sealing.write, name, number, frame, result)
    except OSError as error:
        failed = error
    finally:
        why = sealing.close()
    result.sealed = True
    result.size = os.fstat(descriptor).st_size
    if why is not None:
        failed, result.stopped = OSError(why), "error: " + why
    if failed is not None and (why is None or result.size < request.sealer.least):
        result.size = 0
        raise failed
    sync()


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
    sync: Callable[[], None] = lambda: None,
) -> None:
    """Take the stacks, and write summary, sections and end."""
    turn = _turn
    owned = turn.acquire(timeout=_PATIENCE)
    try:
        _capture(request, write, name, number, frame, result, sync)
    finally:
        _classes.forget()
        if owned:
            turn.release()


def _after_fork() -> None:
    """In the child, whatever another thread was at is at its end."""
    global _turn
    _turn = threading.RLock()
    if Pace.abandon():
        _classes.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _capture(
    request: _Request,
    write: Callable[[bytes], None],
    name: str,
    number: int,
    frame: Any,
    result: Result,
    sync: Callable[[], None],
) -> None:
    started, now = perf_counter(), time()
    settings = request.settings
    limits = settings.limits
    redactor = settings.redactor()
    if redactor.mode != SHAPE_ONLY:
        _numpy.arrays.begin(int(limits["max_array"]), int(limits["max_arrays"]))
    boundary = "crashsite-" + os.urandom(16).hex()
    out = _file.DumpFile(write, boundary)
    with Pace() as pace:
        stacks = _stacks.take(
            request.error, request.traceback, settings.threads, int(limits["max_frames"]), frame, request.thread_id
        )
        if settings.threads is True:
            _beyond.add(stacks, limits)
        frames = stacks.frames()
        modules = list({id(found.globals): found.globals for found in frames}.values())
        library = Library(settings.library == BRIEF, frames)
        if redactor.on:
            errors = [error.value for error in stacks.errors]
            if not redactor.look_around(frames, errors, library.told(modules)):
                stacks.problems.append("redaction: not all that is near the frames was seen before the first byte")
        if redactor.exclusion is not None:
            redactor.exclusion.empty(frames)
        roots, globals_of = _roots(stacks, frames, redactor.exclusion)
        reader = _rows.Reader(int(limits["max_text"]), _heap.HEAD, _module_dicts(frames), globals_of, redactor, library)
        walk = _heap.Walk(roots, reader, limits, pace)
        pace.share()
        sources = Sources(settings.files, int(limits["max_source"]), redactor)
        sources.of_frames(frames)
        sources.of_modules()
        pace.hold()
        summary = Summary(stacks, frames, walk, limits, pace)
        summary.data.update(
            sequence_number=number,
            time=now,
            message=settings.message,
            problems=stacks.problems + sources.problems,
        )
        summary.data = redactor.scrub(summary.data)
        summary.data["sources"] = {redactor.text(file): source for file, source in sources.found.items()}
        summary.data["redaction"] = redactor.facts()
        pace.share()
        further = [(name, redactor.header(name, value)) for name, value in settings.headers]
        out.head(headers(summary.data, boundary, further), redactor.text(os.path.basename(name)) or "FILE")
        out.part("summary", summary.data)
        result.size = out.size
        sync()
        result.stopped, sections = _write_sections(out, walk, limits)
        result.seconds = perf_counter() - started
        result.objects = sections[-1][1] if sections else 0
        result.cut = len(walk.cut)
        end = walk.end()
        end.update(
            objects_written=result.objects,
            bytes_written=out.size,
            seconds=result.seconds,
            stopped=result.stopped,
            sections=sections,
            redacted=redactor.counts,
            problems=[redactor.text(problem) for problem in _describe.problems()],
        )
        try:
            out.part("end", end)
            out.close()
            sync()
        except OSError as error:  # without its end the file is incomplete, and opens
            result.stopped = "error: %s" % type(error).__name__
    result.size = out.size


def _write_sections(
    out: _file.DumpFile, walk: _heap.Walk, limits: Mapping[str, Union[int, float]]
) -> Tuple[Optional[str], List[Tuple[int, int]]]:
    """Write the heap: (what ended it early, the sections written). Whatever goes wrong, the crash itself stands."""
    sections: List[Tuple[int, int]] = []
    try:
        for data in walk.sections():
            first, last = data["first"], data["first"] + data["count"]
            out.part("heap", data, [("X-Crashsite-Objects", "%d %d" % (first, last))])
            sections.append((first, last))
            if out.size > limits["max_bytes"]:
                return "max_bytes", sections
    except Exception as error:  # a full disk, no memory, …
        return "error: %s" % type(error).__name__, sections
    return walk.stopped, sections


def _roots(
    stacks: _stacks.Stacks, frames: List[_stacks.Frame], exclusion: Optional[Exclusion]
) -> Tuple[List[Any], Dict[int, Any]]:
    """The first objects in order: locals, exceptions, globals of the frames' modules, tasks and the like."""
    roots: List[Any] = [value for frame in frames for _, value in frame.locals]
    roots += [error.value for error in stacks.errors]
    globals_of: Dict[int, Any] = {}
    for frame in frames:
        if id(frame.globals) not in globals_of and not (exclusion is not None and exclusion.has_frame(frame.frame)):
            globals_of[id(frame.globals)] = frame.globals
            roots.append(frame.globals)
    roots += [thread.object for thread in stacks.threads if thread.object is not None]
    return roots, globals_of


def _module_dicts(frames: List[_stacks.Frame]) -> Dict[int, None]:
    captured = {id(frame.globals) for frame in frames}
    found: Dict[int, None] = {}
    for module in list(sys.modules.values()):
        if _safe.is_builtin_subclass(type(module), type(sys)):
            ident = id(_access.module_dict(module))
            if ident not in captured:
                found[ident] = None
    return found
