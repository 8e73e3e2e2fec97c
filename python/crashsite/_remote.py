"""``python -m crashsite snapshot PID``: a dump of where another process is, which goes on. Python 3.14 and later run a script there
that was handed to them (PEP 768); it has that process answer by a file.

The script cannot be taken back. Where nobody waits for its answer any more, it stays in its place, and does nothing but to remove
itself when the process comes to it: were it not there, the process would say so on its stderr.
"""

import os
import platform
import shutil
import stat
import sys
import tempfile
from time import monotonic, sleep
from typing import List, Optional

from ._snapshots import DONE

#: how long an answer is waited for
SECONDS = 60.0

_MAX_ANSWER = 1 << 16
#: It loads this very package, wherever that lies, under a name that nothing else there has. All in one frame, which the dump has.
#: It imports no more than it must: the process may be one that can load nothing any more.
_SCRIPT = """\
import importlib, importlib.util, os, sys, time
package, folder, place, until = %r
try:
    name = "_crashsite_snapshot"
    if time.monotonic() > until:
        shared = os.path.dirname(place)
        for entry in os.listdir(shared):
            os.unlink(os.path.join(shared, entry))
        os.rmdir(shared)
    else:
        if name not in sys.modules:
            root = os.path.join(package, "__init__.py")
            spec = importlib.util.spec_from_file_location(name, root, submodule_search_locations=[package])
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        importlib.import_module(name + "._snapshots").answer(folder, place)
except BaseException as error:
    try:
        with open(place + ".part", "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write("%%s: %%s" %% (type(error).__name__, error))
        os.replace(place + ".part", place)
    except OSError:
        pass
"""


def snapshot(pid: int, folder: Optional[str], seconds: float = SECONDS) -> int:
    """Have a process write a dump, and say which; where the folder is None, its own settings say where."""
    send = getattr(sys, "remote_exec", None)
    if send is None:
        running = "%s %s" % (platform.python_implementation(), platform.python_version())
        instead = "In the program: crashsite.dump_on_signal(signal.SIGUSR1). Then: kill -USR1 %d" % pid
        return _fail("snapshot needs CPython 3.14 or later, here and there; this is " + running, instead)
    shared, keeps_it = tempfile.mkdtemp(prefix="crashsite-"), False
    try:
        place, script = os.path.join(shared, "answer"), os.path.join(shared, "script.py")
        deadline = monotonic() + seconds
        with open(script, "w", encoding="utf-8") as stream:
            package = os.path.dirname(os.path.abspath(__file__))
            stream.write(_SCRIPT % ((package, None if folder is None else os.path.abspath(folder), place, deadline),))
        try:
            _give(pid, [shared, script])
            send(pid, script)
        except PermissionError as error:
            return _fail("process %d cannot be reached: %s" % (pid, error), "Run this as root, or allow ptrace.")
        except (OSError, RuntimeError, ValueError, OverflowError) as error:
            return _fail(
                "process %d cannot be reached: %s" % (pid, error),
                "Is it there, and does it run the same version of Python as this?",
            )
        keeps_it = True
        while not os.path.lexists(place):
            if _is_gone(pid):
                keeps_it = False
                return _fail("process %d has ended without an answer" % pid, "Nothing can be asked of it any more.")
            if monotonic() > deadline:
                remedy = "Its main thread waits in C code, for a lock or for data: wait longer with --seconds."
                return _fail("process %d has not answered in %g s" % (pid, seconds), remedy)
            sleep(0.02)
        keeps_it = False
        lines = _read(place)
    finally:
        if not keeps_it:
            shutil.rmtree(shared, ignore_errors=True)
    if lines[0] != DONE:
        return _fail("no snapshot of process %d" % pid, "\n".join(lines))
    print("\n".join(lines[1:]))
    return 0


def _give(pid: int, paths: List[str]) -> None:
    """Let the process read the script and write the answer, where it is another user's, which takes root."""
    try:
        owner = os.stat("/proc/%d" % pid)
    except OSError:
        return
    if owner.st_uid != os.geteuid():
        for path in paths:
            os.chown(path, owner.st_uid, owner.st_gid)


def _is_gone(pid: int) -> bool:
    """Whether the process has ended, where that can be told without doing something to it."""
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False


def _read(place: str) -> List[str]:
    """Lines fit for a terminal: the folder may be another user's, who can put there what he likes."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(place, flags)
        with open(descriptor, "rb") as stream:
            regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
            text = stream.read(_MAX_ANSWER).decode("utf-8", "replace") if regular else ""
    except OSError as error:
        text = str(error)
    return [line if line.isprintable() else ascii(line) for line in text.split("\n")]


def _fail(what: str, remedy: str) -> int:
    sys.stderr.write("crashsite: %s\n%s\n" % (what, remedy))
    return 1
