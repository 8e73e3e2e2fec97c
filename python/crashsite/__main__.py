"""``python -m crashsite run script.py args…``, ``… run -m module args…``, ``… unittest args…``, ``… enable``,
``… disable``, ``… snapshot PID``, ``… debug DUMP``, and ``… check-setup``."""

import io
import os
import sys
import types
from typing import Dict, List, Optional, Sequence

from . import dump_on_unhandled_exceptions
from ._version import __version__

_USAGE = """usage: python -m crashsite run [options] (script.py | -m module) [arguments …]
       python -m crashsite unittest [--dir DIR] [arguments …]
       python -m crashsite enable [--user]
       python -m crashsite disable
       python -m crashsite snapshot [--dir DIR] [--seconds N] PID
       python -m crashsite debug [options] DUMP
       python -m crashsite check-setup [--dir DIR] [--reader PATH]

run: runs a program as python itself would; if it fails, a heap dump is written.
  --dir DIR        where the dump goes (default: CRASHSITE_DIR, else the current directory)
  --message TEXT   a text to go with it
  --files WHICH    sources in the dump: app (default), all, none
  --redact HOW     secrets: on (default: they are left out), shape-only (all values are), off

unittest: runs tests as `python -m unittest` would; each that fails leaves a heap dump, named with its traceback.
  --dir DIR        where the dumps go (default: crashsite-dumps)

enable: lets every program of this environment leave a heap dump when it fails, where CRASHSITE_ENABLE=1. disable: no longer.
  --user           in the user's site-packages, for where those of this Python cannot be written

snapshot: has a running process write a heap dump of where it is, and go on. It and this are CPython 3.14 or later.
  --dir DIR        where the dump goes (default: what CRASHSITE_DIR is there, else that process's current directory)
  --seconds N      how long it may take to answer (default: 60)

debug: opens a dump in one of Python's debuggers. Nothing of it is run.
  --debugger NAME  pdb, ipdb, pudb, debugpy, pydevd; auto (default): the debugger that runs this, else pdb
  --host HOST      pydevd: where the debug server of PyCharm or PyDev waits; debugpy: the address to listen at
  --port PORT      its port (default: 5678)
  --reader PATH    the command `crashsite`, for dumps of other formats (default: the one on the PATH)
  --identity FILE  the secret key for a dump that is sealed (default: CRASHSITE_IDENTITY)
  --max-elements N elements of one container (default: 100000)
  --max-frames N   frames in all (default: 25000)
  --at-start N     objects made with the frames (default: 50000)
  --at-once N      objects made with one that is looked at (default: 20000)

check-setup: lets a small program fail here, and says whether its dump is there and can be opened.
  --dir DIR        where dumps are to go (default: as above)
  --reader PATH    the command `crashsite` that opens them (default: the one on the PATH)

  -h, --help       this text
  --version        the version
"""


class _Usage(Exception):
    """What is wrong with the arguments."""


def main(arguments: Optional[List[str]] = None) -> int:
    """The command line; the exit status is the program's, or that of the check."""
    rest = list(sys.argv[1:] if arguments is None else arguments)
    command = rest.pop(0) if rest else ""
    try:
        if command in ("-h", "--help"):
            return _help()
        if command == "--version":
            print("crashsite " + __version__)
            return 0
        if command == "check-setup":
            return _check_setup(rest)
        if command == "debug":
            return _debug(rest)
        if command in ("enable", "disable"):
            return _enable(command, rest)
        if command == "snapshot":
            return _snapshot(rest)
        if command == "unittest":
            return _unittest(rest)
        if command != "run":
            raise _Usage("want a command: run, unittest, enable, disable, snapshot, debug or check-setup")
        module = _set_up(rest)
    except _Usage as wrong:
        sys.stderr.write("crashsite: %s\nTry: python -m crashsite --help\n" % wrong)
        return 2
    if module:
        _run_module(rest)
    else:
        _run_script(rest)
    return 0


def _help() -> int:
    print(_USAGE, end="")
    return 0


def _options(rest: List[str], known: Sequence[str], others: bool = False) -> Dict[str, str]:
    """The options in front, which are taken away, with their values; `others` may follow, which are for someone else."""
    found: Dict[str, str] = {}
    while rest and rest[0].startswith("--"):
        option, _, value = rest[0].partition("=")
        if others and option not in known:
            break
        del rest[0]
        if option == "--help":
            raise SystemExit(_help())
        if option not in known:
            raise _Usage("no such option: " + option)
        if not value:
            if not rest:
                raise _Usage(option + " wants a value")
            value = rest.pop(0)
        found[option] = value
    return found


def _debug(rest: List[str]) -> int:
    from .bridge import command

    options = _options(rest, command.FLAGS)
    names, rest = rest[:1], rest[1:]
    options.update(_options(rest, command.FLAGS))
    return command.run(options, names + rest)


def _unittest(rest: List[str]) -> int:
    from ._testing import FOLDER
    from ._unittest import run

    options = _options(rest, ("--dir",), others=True)
    return run(options.get("--dir", FOLDER), rest)


def _enable(command: str, rest: List[str]) -> int:
    from ._enable import disable, enable

    user = command == "enable" and rest[:1] == ["--user"]
    if rest[user:]:
        raise _Usage("%s takes no %r" % (command, rest[user]))
    return enable(user) if command == "enable" else disable()


def _snapshot(rest: List[str]) -> int:
    from ._remote import SECONDS, snapshot

    options = _options(rest, ("--dir", "--seconds"))
    if len(rest) != 1 or not rest[0].isdecimal():
        raise _Usage("snapshot wants the number of one process")
    try:
        seconds = float(options.get("--seconds", SECONDS))
    except ValueError:
        raise _Usage("--seconds wants a number") from None
    return snapshot(int(rest[0]), options.get("--dir"), seconds)


def _check_setup(rest: List[str]) -> int:
    from ._check import check_setup

    options = _options(rest, ("--dir", "--reader"))
    if rest:
        raise _Usage("check-setup takes no %r" % rest[0])
    return check_setup(options.get("--dir"), options.get("--reader"))


def _set_up(rest: List[str]) -> bool:
    """Put the hooks in as the options say. What is left is the program and its arguments; true: it is a module."""
    options = _options(rest, ("--dir", "--message", "--files", "--redact"))
    module = rest[:1] == ["-m"]
    if module:
        del rest[0]
    if not rest:
        raise _Usage("-m wants a module" if module else "want a script, or -m and a module")
    files: object = options.get("--files")
    if files not in (None, "app", "all", "none"):
        raise _Usage("--files: want app, all or none")
    try:
        dump_on_unhandled_exceptions(
            dump_dir=options.get("--dir"),
            message=options.get("--message"),
            files=False if files == "none" else files,
            redact=options.get("--redact"),
        )
    except ValueError as error:
        raise _Usage(str(error)) from None
    return module


def _run_script(arguments: List[str]) -> None:
    """As ``python script.py``: a new ``__main__``, the script's directory first on the path."""
    script = arguments[0]
    if os.path.isdir(script):
        import runpy

        sys.argv = arguments
        runpy.run_path(script, run_name="__main__")
        return
    try:
        with io.open_code(script) as stream:
            source = stream.read()
    except OSError as error:
        sys.stderr.write("crashsite: can't open %r: %s\nGive the path of a Python script.\n" % (script, error.strerror))
        raise SystemExit(2) from None
    sys.argv = arguments
    sys.path[0] = os.path.dirname(os.path.realpath(script))
    namespace = _new_main(script, None)
    _start(compile(source, script, "exec", dont_inherit=True), namespace)


def _run_module(arguments: List[str]) -> None:
    """As ``python -m module``."""
    import runpy

    sys.path[0] = os.getcwd()
    sys.argv = arguments
    try:
        name, spec, code = runpy._get_module_details(arguments[0])  # type: ignore[attr-defined]
    except runpy._Error as error:  # type: ignore[attr-defined]
        sys.stderr.write("crashsite: %s\nGive the name of a module that python can import.\n" % error)
        raise SystemExit(2) from None
    sys.argv[0] = spec.origin
    _start(code, _new_main(spec.origin, spec))
    del name


def _new_main(file: str, spec: object) -> types.ModuleType:
    module = types.ModuleType("__main__")
    module.__dict__.update(__file__=file, __spec__=spec, __builtins__=__builtins__)
    if spec is not None:
        module.__dict__.update(__package__=spec.parent, __loader__=spec.loader)  # type: ignore[attr-defined]
    sys.modules["__main__"] = module
    return module


def _start(code: types.CodeType, module: types.ModuleType) -> None:
    exec(code, module.__dict__)


if __name__ == "__main__":
    sys.exit(main())
