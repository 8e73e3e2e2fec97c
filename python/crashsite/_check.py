"""``python -m crashsite check-setup``: is all in place on this machine? A crash is provoked, dumped and opened."""

import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
import textwrap
import threading
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from . import reader
from ._binary import find_binary
from ._dump import SEALED
from ._settings import LIMITS
from ._version import __version__

_PACKAGE = os.path.dirname(os.path.abspath(__file__))

#: The program that fails, in a process of its own. It takes this very package, wherever that lies and whatever its name.
_PROGRAM = """\
import importlib.util, os, sys, threading

def failing(order):
    amounts = [12, 30]
    return amounts[order["line"]]

place = os.path.join(sys.argv[1], "__init__.py")
spec = importlib.util.spec_from_file_location("crashsite", place, submodule_search_locations=[sys.argv[1]])
crashsite = sys.modules["crashsite"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(crashsite)
crashsite.dump_on_unhandled_exceptions()
if sys.argv[2] == "thread":
    worker = threading.Thread(target=failing, args=({"line": 7},), name="check-setup")
    worker.start()
    worker.join()
else:
    failing({"line": 7})
"""
_FAILING_LINE = '    return amounts[order["line"]]'
_LOCALS = ["order={'line': 7}", "amounts=[12, 30]"]

_SEEN = "the traceback, a local's value and the source are there"
_TELL_US = "Compare the versions of the package and of the command, then tell the authors."
_SECONDS = 60
_WIDTH = 100


class _Failure(Exception):
    """What is wrong, and what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what, self.remedy = what, remedy


class _Note(NamedTuple):
    """All is well, but there is something to know."""

    what: str
    remedy: str


class _Report:
    """The checks so far; each is told when it is done."""

    def __init__(self) -> None:
        self.done = self.failed = 0

    def check(self, subject: str, check: Callable[[], Any]) -> Any:
        """What the check returns is told as a text; None where it failed."""
        self.done += 1
        try:
            found = check()
        except _Failure as failure:
            self.failed += 1
            self._tell("FAILS", subject, failure.what, failure.remedy)
            return None
        if isinstance(found, _Note):
            self._tell("note", subject, found.what, found.remedy)
        else:
            self._tell("ok", subject, str(found), "")
        return found

    def _tell(self, word: str, subject: str, what: str, remedy: str) -> None:
        _say("%-6s%s: %s" % (word, subject, what))
        if remedy:
            _say("      -> " + remedy)


def _say(text: str) -> None:
    """Long lines are wrapped, between words only: a path can be copied. A character the terminal lacks is no failure."""
    encoding = sys.stdout.encoding or "ascii"
    text = text.encode(encoding, "backslashreplace").decode(encoding)
    options: Dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}
    print("\n".join(textwrap.wrap(text, _WIDTH, subsequent_indent=" " * 9, **options)))


def check_setup(place: Optional[str] = None, binary: Optional[str] = None) -> int:
    """Run all checks and tell what they find; `place` is where dumps go, `binary` the command that opens them."""
    report = _Report()
    _say("crashsite %s, %s" % (__version__, _PACKAGE))
    report.check("Python", _python)
    report.check("switch", _switch)
    report.check("hooks", _hooks)
    if place is None:
        place = os.environ.get("CRASHSITE_DIR") or os.curdir
        if place.strip().lower() == "disable":
            place = os.curdir
    place = os.path.abspath(place)
    usable = report.check("folder", lambda: _folder(place))
    if usable is None:
        _say("      What follows is tried in %s." % tempfile.gettempdir())
    folder = None
    try:
        folder = tempfile.mkdtemp(prefix="crashsite-check-", dir=place if usable else None)
        if usable:
            report.check("disk", lambda: _disk(place))
        command = report.check("command", lambda: _find(binary))
        for where in ("main", "thread"):
            _crash(report, where, os.path.join(folder, where), command if isinstance(command, _Binary) else None)
    except OSError as error:
        report.failed += 1
        _say("FAILS there is no place for a trial: %s" % error)
        _say("      -> Set TMPDIR to a folder that can be written to.")
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
    if report.failed:
        _say("%d of %d checks failed; what to do stands below each." % (report.failed, report.done))
        return 1
    _say("All is well: a program that fails here leaves a dump that can be opened.")
    return 0


def _python() -> str:
    name = "%s %s" % (platform.python_implementation(), platform.python_version())
    if sys.version_info < (3, 8):  # noqa: UP036  (an older one can import this package, and no more)
        raise _Failure(name + " is too old", "Run the program with Python 3.8 or later.")
    if sys.implementation.name not in ("cpython", "pypy"):
        raise _Failure(name + " keeps its frames in a way of its own", "Run the program with CPython or PyPy.")
    return name


def _switch() -> str:
    value = os.environ.get("CRASHSITE_DIR", "")
    if value.strip().lower() == "disable":
        raise _Failure("CRASHSITE_DIR=%s switches dumps off" % value, "Unset it, or let it name a folder.")
    return "dumps are not switched off"


def _hooks() -> Any:
    """Whatever took the hooks before any program began: a sitecustomize, a .pth file, the system's crash reporter."""
    taken = []
    if sys.excepthook is not sys.__excepthook__:
        taken.append("sys.excepthook is " + _named(sys.excepthook))
    of_threads = getattr(threading, "excepthook", None)
    # threading.__excepthook__ came with Python 3.10.
    standard = getattr(threading, "__excepthook__", None)
    if of_threads is not standard and getattr(of_threads, "__module__", None) not in ("_thread", "threading"):
        taken.append("threading.excepthook is " + _named(of_threads))
    ours = __package__ + "._hooks"
    if getattr(sys.excepthook, "__module__", None) == getattr(of_threads, "__module__", None) == ours:
        return "they are in place since Python started, by CRASHSITE_ENABLE"
    if taken:
        return _Note(
            " and ".join(taken) + ", set when Python started",
            "It runs after the dump is written. What replaces the hooks later has to call the former ones.",
        )
    return "sys.excepthook and threading.excepthook are Python's own"


def _named(hook: Any) -> str:
    name = getattr(hook, "__qualname__", type(hook).__qualname__)
    return "%s.%s" % (getattr(hook, "__module__", None) or "?", name)


def _folder(place: str) -> str:
    shown = shlex.quote(place)
    elsewhere = ", or name another folder with CRASHSITE_DIR or --dir."
    if not os.path.exists(place):
        raise _Failure("%s does not exist" % shown, "mkdir -p %s%s" % (shown, elsewhere))
    if not os.path.isdir(place):
        raise _Failure("%s is not a folder" % shown, "Move it away%s" % elsewhere)
    try:
        with tempfile.TemporaryFile(dir=place) as stream:
            stream.write(b"x" * 65536)
    except OSError as error:
        remedy = "Let user %s write there%s" % (_user(), elsewhere)
        raise _Failure("no file can be written in %s: %s" % (shown, error.strerror or error), remedy) from None
    return "%s can be written to" % shown


def _user() -> str:
    try:
        import getpass

        return getpass.getuser()
    except Exception:  # no such user, no such module
        return "of this program"


def _disk(place: str) -> str:
    free, wanted = shutil.disk_usage(place).free, int(LIMITS["max_bytes"])
    if free < wanted:
        what = "%d MB free, one dump may take %d MB" % (free // 1_000_000, wanted // 1_000_000)
        raise _Failure(what, "Make room, or name a folder on another disk with CRASHSITE_DIR or --dir.")
    return "%.1f GB free, one dump takes about %d MB at most" % (free / 1e9, wanted // 1_000_000)


# ----------------------------------------------------------------------------------------------------------------------
# The binary


class _Binary(NamedTuple):
    """The command `crashsite`, which answered."""

    path: str
    version: str

    def __str__(self) -> str:
        return "%s, %s" % (self.version, shlex.quote(self.path))


def _find(given: Optional[str]) -> Any:
    remedy = "pip install 'crashsite[reader]', or name it with --reader PATH."
    path = find_binary(given)
    if path is None:
        what = "no `crashsite` on the PATH or beside this Python"
        return _Note(what, "Needed where dumps are looked at, not where programs fail: " + remedy)
    try:
        done = _run([path, "--version"])
    except OSError as error:
        raise _Failure("%s cannot be run: %s" % (shlex.quote(path), error), remedy) from None
    version = done.stdout.strip()
    if done.returncode != 0 or not version.startswith("crashsite "):
        raise _Failure("%s is some other program" % shlex.quote(path), remedy)
    return _Binary(path, version.splitlines()[0])


def _run(command: List[str], **more: Any) -> "subprocess.CompletedProcess[str]":
    """Run to the end; `OSError` where that cannot be."""
    pipe = subprocess.PIPE
    more.update(stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace")
    try:
        return subprocess.run(command, timeout=_SECONDS, **more)
    except subprocess.TimeoutExpired:
        raise OSError("not done after %d s" % _SECONDS) from None


# ----------------------------------------------------------------------------------------------------------------------
# The crash


def _crash(report: _Report, where: str, folder: str, binary: Optional[_Binary]) -> None:
    """A program fails, and what it leaves is opened by every means at hand."""
    os.mkdir(folder)
    of = "in a thread" if where == "thread" else "in the main thread"
    dump = report.check("failure " + of, lambda: _provoke(where, folder))
    if dump is not None and not dump.path.endswith(SEALED):
        report.check("  opened by plain Python", lambda: _plain(dump.path, where))
        if binary is not None:
            report.check("  opened by the command", lambda: _command(binary.path, dump.path, where))


class _Dump(NamedTuple):
    """A dump that was written."""

    path: str

    def __str__(self) -> str:
        sealed = ", sealed: only a recipient can open it" if self.path.endswith(SEALED) else ""
        return "a dump of %d kB was written%s" % (max(os.path.getsize(self.path) // 1000, 1), sealed)


def _provoke(where: str, folder: str) -> _Dump:
    script = os.path.join(folder, "check_setup.py")
    with open(script, "w", encoding="utf-8") as stream:
        stream.write(_PROGRAM)
    if not sys.executable:
        raise _Failure("this Python does not know its own path", "Start it by its full path.")
    command = [sys.executable, "-B", script, _PACKAGE, where]
    try:
        done = _run(command, cwd=folder, env=dict(os.environ, CRASHSITE_DIR=folder))
    except OSError as error:
        remedy = "Allow this user to start %s." % shlex.quote(sys.executable)
        raise _Failure("no second Python can be started: %s" % error, remedy) from None
    dumps = [name for name in os.listdir(folder) if name.endswith((".dump", ".dump" + SEALED))]
    said = done.stderr.strip().splitlines()
    if len(dumps) != 1:
        ours = [line for line in said if line.startswith("crashsite:")] or said[-1:] or ["nothing on stderr"]
        raise _Failure("no dump was written: " + ours[0], "Send this line and the Python version to the authors.")
    if not any(line.startswith("IndexError:") for line in said):
        raise _Failure(
            "a dump was written, but Python's own traceback is gone",
            "Something at Python's start replaces the hooks; see `hooks` above.",
        )
    return _Dump(os.path.join(folder, dumps[0]))


def _plain(path: str, where: str) -> str:
    try:
        dump = reader.load(path)
        frame = _judge(dump.bt(), where)
        _same("source line", dump.source_line(frame["file"], frame["line"]), _FAILING_LINE)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise _Failure("%s: %s" % (type(error).__name__, error), _TELL_US) from None
    return _SEEN


def _command(binary: str, path: str, where: str) -> str:
    try:
        frame = _judge(json.loads(_answer(binary, "bt", path, "--json", "--locals", "--all")), where)
        source = json.loads(_answer(binary, "source", path, frame["file"], "--json"))
        lines = [line for piece in source["pieces"] for line in _numbered(piece)]
        _same("source line", dict(lines).get(frame["line"]), _FAILING_LINE)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise _Failure("%s: %s" % (type(error).__name__, error), _TELL_US) from None
    return _SEEN


def _answer(binary: str, *arguments: str) -> str:
    done = _run([binary, *arguments])
    if done.returncode != 0:
        raise ValueError(done.stderr.strip() or "status %d" % done.returncode)
    return done.stdout


def _numbered(piece: Dict[str, Any]) -> List[Tuple[int, str]]:
    return list(enumerate(piece["text"].split("\n"), piece["first"]))


def _judge(answer: Dict[str, Any], where: str) -> Dict[str, Any]:
    """The frame that failed, when the answer is the true one; both readers give it in the same form."""
    _same("problems", answer["dump"]["problems"], [])
    _same("exception", answer["exception"]["type"], "IndexError")
    thread = answer["threads"][0]
    _same("crashed thread", (thread["crashed"], thread["main"]), (True, where == "main"))
    frame: Dict[str, Any] = thread["frames"][0]
    _same("function", frame["function"], "failing")
    _same("locals", [local["name"] + "=" + local["repr"] for local in frame["locals"]], _LOCALS)
    return frame


def _same(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise ValueError("%s: %r instead of %r" % (what, found, expected))
