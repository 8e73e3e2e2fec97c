"""Runs a program until it crashes; the crashing process then evaluates every expression in its frames, writes what came
out as the truth, and saves its dump.

    python truth.py PROGRAM OUT    PROGRAM: a folder here; OUT.json and OUT.dump are written

The folder holds `program.py`, which dies, and the expressions, one a line, in text files:

    == FRAME: GROUP [VERSION]    a heading: the function whose frame is asked; the Python from which on the group is asked
    EXPRESSION
    ! EXPRESSION                 needs code of the program or the library: NeedsCode is a right answer to it
    # a remark

Nothing here knows how the dump is read.
"""

import ast
import builtins
import inspect
import json
import os
import re
import sys
import types
import warnings
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Set, Tuple

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(HERE)), "python"))
import crashsite

EXPRESSION = "<expression>"
#: library code that an evaluator is to know by heart: what dataclass, namedtuple and enum generate, Counter and Fraction
KNOWN = (
    "dataclasses.py", "collections/__init__.py", "enum.py", "reprlib.py", "types.py", "typing.py", "heapq.py", "codecs.py", "abc.py",
    "fractions.py", "numbers.py",
)  # fmt: skip
OURS = (lambda: None).__code__.co_filename
#: characters of a repr that are kept
KEPT = 2000


class Asked(NamedTuple):
    """One line of the data."""

    expr: str
    frame: str
    group: str
    needs_code: bool


def read(folder: str) -> List[Asked]:
    """The expressions of a program, for this Python."""
    found: List[Asked] = []
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".txt"):
            continue
        frame, group, wanted = "", "", True
        with open(os.path.join(folder, name), encoding="utf-8") as stream:
            for line in stream.read().split("\n"):
                if line.startswith("== "):
                    frame, rest = line[3:].split(": ")
                    group, _, version = rest.partition(" [")
                    wanted = not version or sys.version_info >= tuple(int(part) for part in version[:-1].split("."))
                elif line and not line.startswith("# ") and wanted:
                    found.append(
                        Asked(line[2:] if line.startswith("! ") else line, frame, group, line.startswith("! "))
                    )
    return found


class Watch:
    """Collects the Python functions that run, but for the expression's own and those in `KNOWN`."""

    def __init__(self) -> None:
        self.names: List[str] = []

    def __call__(self, frame: types.FrameType, event: str, arg: Any) -> None:
        path = frame.f_code.co_filename
        known = path in (EXPRESSION, "<string>", OURS) or path.startswith("<frozen") or path.endswith(KNOWN)
        if event == "call" and not (known or "encodings" in path) and frame.f_code.co_name not in self.names:
            self.names.append(frame.f_code.co_name)

    def __enter__(self) -> "Watch":
        sys.setprofile(self)
        return self

    def __exit__(self, *error: object) -> None:
        sys.setprofile(None)


def raw(value: Any) -> Any:
    """The data of an instance of a subclass of a builtin type."""
    for kind, copy in (("dict", dict.items), ("list", list.__iter__), ("tuple", tuple.__iter__), ("set", set.__iter__),
                       ("str", str.__str__), ("int", int.__int__), ("float", float.__float__), ("bytes", bytes.__iter__)):  # fmt: skip
        if isinstance(value, getattr(builtins, kind)):
            return getattr(builtins, kind)(copy(value))  # type: ignore[operator]
    raise TypeError("not of a subclass of a builtin type")


class Place:
    """A frame of the crash, and its names as an expression sees them."""

    def __init__(self, index: int, frame: types.FrameType, crash: BaseException) -> None:
        self.index = index
        self.locals = dict(frame.f_locals)
        self.globals = dict(frame.f_globals, raw=raw, crash__=crash)

    def value(self, expr: str) -> Any:
        code = compile(expr.replace("$exc", "crash__"), EXPRESSION, "eval")
        if any(isinstance(constant, types.CodeType) for constant in code.co_consts):
            return eval(code, {**self.globals, **self.locals})
        return eval(code, self.globals, dict(self.locals))


def fact(value: Any, depth: int = 3) -> Dict[str, Any]:
    """What can be compared of a value. Without `repr` where code would run for it: then its identity, or its elements."""
    kind = type(value)
    out: Dict[str, Any] = {"type": kind.__name__, "module": kind.__module__, "id": id(value)}
    with Watch() as watch:
        text = repr(value)
    if not watch.names:
        out["repr"], out["length"] = text[:KEPT], len(text)
    elif kind in (list, tuple) and depth:
        out["items"] = [fact(item, depth - 1) for item in value[:100]]
    return out


def attempt(place: Place, expr: str) -> Tuple[Dict[str, Any], Any]:
    """What came out, with the functions of Python that ran for it; and the value, to keep it alive."""
    value, error = None, None
    with Watch() as watch:
        try:
            value = place.value(expr)
        except Exception as caught:
            error = {"type": type(caught).__name__, "message": str(caught)}
    out: Dict[str, Any] = {"error": error} if error else fact(value)
    out["ran"] = watch.names
    return out, value


def answer(place: Place, expr: str) -> Dict[str, Any]:
    """The truth. An expression is evaluated twice, with the first value alive: one that changes something, or that is a
    matter of chance, is a mistake in the data (not `stable`); an object of another address the second time was made by
    the expression (`fresh`)."""
    (first, _kept), (second, _) = attempt(place, expr), attempt(place, expr)
    first["ran"] = second["ran"]  # what the library imports or caches at first use is not what the expression needs
    first["stable"] = plain(first) == plain(second)
    first["fresh"] = first.get("repr") != second.get("repr") or (
        "repr" not in first and first.get("id") != second.get("id")
    )
    if first.get("error"):
        first["fresh"] = first["error"] != second["error"]
    return first


def plain(facts: Any) -> Any:
    """Facts without identities."""
    if isinstance(facts, dict):
        return {key: plain(value) for key, value in facts.items() if key != "id"}
    if isinstance(facts, list):
        return [plain(value) for value in facts]
    return re.sub(r" at 0x[0-9a-f]+", "", facts) if isinstance(facts, str) else facts


class Classes:
    """Tells what an expression is about: nothing of the dump, or instances of the program's classes."""

    def __init__(self, modules: Set[str]) -> None:
        self.modules = modules

    def of_program(self, value: Any) -> bool:
        return type(value).__module__ in self.modules and not isinstance(value, (type, types.FunctionType))

    def look(self, place: Place, expr: str) -> Tuple[bool, bool]:
        """(whether it is of constants only, whether it touches instances)."""
        try:
            nodes = list(ast.walk(ast.parse(expr.replace("$exc", "crash__"), mode="eval")))
        except SyntaxError:
            return True, False
        bound = {node.arg for node in nodes if isinstance(node, ast.arg)}
        bound |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        names = {node.id for node in nodes if isinstance(node, ast.Name)} - bound
        known = {**place.globals, **place.locals}
        values = [known[name] for name in names if name in known and name != "raw"]
        constant = not values and not any(name in ("locals", "vars", "dir") for name in names)
        inside = (ast.Attribute, ast.Subscript, ast.comprehension, ast.Starred, ast.Lambda, ast.In)
        goes_in = any(isinstance(node, inside) for node in nodes)
        touches = any(self.of_program(value) or (goes_in and self.holds(value)) for value in values)
        for node in nodes:  # members of an enum
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in bound:
                owner = known.get(node.value.id)
                if isinstance(owner, type) and self.of_program(inspect.getattr_static(owner, node.attr, None)):
                    touches = True
        return constant, touches

    def holds(self, value: Any) -> bool:
        """Whether a plain container holds such instances."""
        if type(value) is dict:
            value = [*value, *value.values()]
        return type(value) in (list, tuple, set, frozenset) and any(map(self.of_program, value))


def places(crash: BaseException) -> Dict[str, Place]:
    """The frames of the crash by function, innermost first."""
    frames: List[types.FrameType] = []
    traceback: Optional[types.TracebackType] = crash.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename != OURS:
            frames.insert(0, traceback.tb_frame)
        traceback = traceback.tb_next
    return {frame.f_code.co_name: Place(index, frame, crash) for index, frame in enumerate(frames)}


def judge(crash: BaseException, asked: List[Asked], modules: Set[str]) -> List[Dict[str, Any]]:
    """Every expression with its truth."""
    found, classes = places(crash), Classes(modules)
    rows: List[Dict[str, Any]] = []
    for one in asked:
        place = found[one.frame]
        constant, touches = classes.look(place, one.expr)
        row = {"expr": one.expr, "frame": one.frame, "index": place.index, "group": one.group}
        row.update(needs_code=one.needs_code, constant_only=constant, touches_instances=touches)
        rows.append({**row, **answer(place, one.expr)})
    return rows


def program(folder: str) -> types.ModuleType:
    """The module `program`, not yet run. It stays in sys.modules when it dies."""
    sys.path.insert(0, folder)
    module = sys.modules["program"] = types.ModuleType("program")
    module.__file__ = os.path.join(folder, "program.py")
    return module


def main(name: str, out: str) -> None:
    folder = os.path.join(HERE, name)
    module = program(folder)
    path = str(module.__file__)
    with open(path, encoding="utf-8") as stream:
        code = compile(stream.read(), path, "exec")
    run: Callable[..., None] = exec
    warnings.simplefilter("ignore")  # of the compiler, about expressions that cannot but fail
    try:
        run(code, module.__dict__)
    except Exception as crash:
        modules = {name[:-3] for name in os.listdir(folder) if name.endswith(".py")}
        rows = judge(crash, read(folder), modules)
        # A budget that cuts nothing: the judge is not of the capture.
        crashsite.save_dump(out + ".dump", threads=False, limits={"max_seconds": 60})
        with open(out + ".json", "w", encoding="ascii") as stream:
            json.dump({"python": list(sys.version_info[:2]), "expressions": rows}, stream)


if __name__ == "__main__":
    main(*sys.argv[1:])
