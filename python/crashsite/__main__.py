"""``python -m crashsite run script.py args…`` and ``python -m crashsite run -m module args…``."""

import io
import os
import sys
import types
from typing import List, Optional

from . import dump_on_unhandled_exceptions
from ._version import __version__

_USAGE = """usage: python -m crashsite run [options] (script.py | -m module) [arguments …]

Runs a program as python itself would; if it fails, a heap dump is written.

options:
  --dir DIR        where the dump goes (default: CRASHSITE_DIR, else the current directory)
  --message TEXT   a text to go with it
  --files WHICH    sources in the dump: app (default), all, none
  -h, --help       this text
  --version        the version
"""


def main(arguments: Optional[List[str]] = None) -> int:
    """The command line; the exit status is the program's."""
    rest = list(sys.argv[1:] if arguments is None else arguments)
    if rest and rest[0] in ("-h", "--help"):
        print(_USAGE, end="")
        return 0
    if rest and rest[0] == "--version":
        print("crashsite " + __version__)
        return 0
    if not rest or rest.pop(0) != "run":
        return _usage("want a command: run")
    place = message = None
    files: object = None
    while rest and rest[0].startswith("--"):
        option, _, value = rest.pop(0).partition("=")
        if option == "--help":
            print(_USAGE, end="")
            return 0
        if option not in ("--dir", "--message", "--files"):
            return _usage("no such option: " + option)
        if not value:
            if not rest:
                return _usage(option + " wants a value")
            value = rest.pop(0)
        if option == "--dir":
            place = value
        elif option == "--message":
            message = value
        else:
            files = False if value == "none" else value
    module = None
    if rest and rest[0] == "-m":
        del rest[0]
        if not rest:
            return _usage("-m wants a module")
        module = rest[0]
    if not rest:
        return _usage("want a script, or -m and a module")
    if not (files is None or files is False or files in ("app", "all")):
        return _usage("--files: want app, all or none")
    dump_on_unhandled_exceptions(dump_dir=place, message=message, files=files)
    if module is not None:
        _run_module(rest)
    else:
        _run_script(rest)
    return 0


def _usage(what: str) -> int:
    sys.stderr.write("crashsite: %s\nTry: python -m crashsite --help\n" % what)
    return 2


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
