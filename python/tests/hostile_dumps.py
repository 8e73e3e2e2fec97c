"""Dumps that no program left: everything in them that could be run is there to be run, and leaves a trace if it is."""

import os
import sys
from typing import Any, Dict, List, Sequence, Tuple

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import build_dump

#: names of attributes that mean something to Python or to a tool
SPECIAL = """
__class__ __dict__ __del__ __getattr__ __getattribute__ __reduce__ __reduce_ex__ __repr__ __str__ __len__ __iter__ __bool__
__eq__ __hash__ __call__ __fspath__ __index__ __init_subclass__ __set_name__ __wrapped__ __rich__ __rich_repr__ __rich_console__
__traceback__ __cause__ __context__ __notes__ __slots__ __mro__ __doc__ __name__ __qualname__ __module__ __loader__ __spec__
__file__ __builtins__ __tracebackhide__ __exception__ _repr_html_ _repr_pretty_ _repr_mimebundle_ _ipython_display_
_ipython_canary_method_should_not_exist_ _fields keys items args contents
""".split()


def section(
    records: Sequence[Tuple[int, Tuple[str, str], Any]], attributes: Dict[int, Dict[str, int]]
) -> Dict[str, Any]:
    """A section of objects, from number 0: kind, type, and what it holds (a number, a text, numbers of objects)."""
    types: List[Tuple[str, str]] = []
    names: List[str] = []
    columns: Dict[str, List[int]] = {name: [] for name in ("kind", "type", "int", "element_count", "element")}
    columns.update({name: [] for name in ("pair_count", "pair", "text_length", "note_length")})
    columns.update({name: [] for name in ("attribute_count", "attribute_name", "attribute_value")})
    text = note = b""
    for number, (kind, of, held) in enumerate(records):
        own = attributes.get(number, {})
        if of not in types:
            types.append(of)
        columns["kind"].append(kind | (0x80 if own else 0))
        columns["type"].append(types.index(of))
        if own:
            columns["attribute_count"].append(len(own))
            for name, value in own.items():
                if name not in names:
                    names.append(name)
                columns["attribute_name"].append(names.index(name))
                columns["attribute_value"].append(value)
        if kind == 2:
            columns["int"].append(held)
        elif kind == 6:
            data = held.encode("utf-8", "surrogatepass")
            columns["text_length"].append(len(data))
            text += data
        elif kind == 1:
            data = held.encode("utf-8", "surrogatepass")
            columns["note_length"].append(len(data))
            note += data
        elif kind in (8, 9, 10, 11):
            columns["element_count"].append(len(held))
            columns["element"] += held
        elif kind == 13:
            columns["pair_count"].append(len(held))
            columns["pair"] += [number for pair in held for number in pair]
    found: Dict[str, Any] = {
        name: build_dump.column("q" if name == "int" else "I", items) for name, items in columns.items()
    }
    found["kind"] = build_dump.column("B", columns["kind"])
    found["size"] = found["address"] = build_dump.column("B", [16] * len(records))
    found.update(first=0, count=len(records), names=names, text=text, note=note)
    found["types"] = [(module, name, name, -1, "own", []) for module, name in types]
    return found


def write(path: str, summary: Dict[str, Any], heap: Dict[str, Any]) -> str:
    end = {"objects_seen": heap["count"], "cut": [], "rests": [], "problems": [], "changed": []}
    parts = [build_dump.part("summary", summary), build_dump.part("heap", heap), build_dump.part("end", end)]
    with open(path, "wb") as stream:
        stream.write(build_dump.message(parts))
    return path


def canary(folder: str) -> Tuple[str, str]:
    """A dump, and the file that exists once anything of it was run. Its modules can be imported from the folder."""
    trace = os.path.join(folder, "trace")
    code = "open(%r, 'w').write('ran')" % trace
    escape = "\x1b]0;title\x07\x1b[31m"
    with open(os.path.join(folder, "evil.py"), "w", encoding="utf-8") as stream:
        stream.write(code + "\n")
    names = [
        code,
        "a'b",
        "a b",
        "0",
        "",
        "\n",
        escape,
        "\ud800",
        "class",
        "None",
        ".0",
        "x" * 5000,
        "%s",
        "{0.__class__}",
        *SPECIAL,
    ]
    builtins = "builtins"
    of_evil = ("evil", "Trap")
    records: List[Tuple[int, Tuple[str, str], Any]] = [
        (2, (builtins, "int"), 5),
        (6, (builtins, "str"), code),
        (14, of_evil, None),
        (8, ("evil", "L"), [2, 3, 4, 1]),
        (13, ("evil", code), [(3, 0), (4, 0), (2, 3), (5, 5), (0, 1), (0, 2)]),
        (9, (builtins, "tuple"), [5, 3, 4]),
        (10, (builtins, "set"), [3, 4, 5, 0, 0, 2]),
        (6, ("evil", "S"), code),
        (15, ("evil", "E" + escape), None),
        (1, ("evil", "date"), escape + code),
        (14, ("", ""), None),
        (14, ("e\0vil", "\ud800\0" + code), None),
        (13, (builtins, "dict"), [(1, 2), (7, 3), (0, 4)]),
        (2, ("evil", "I"), 1),
        (15, (builtins, "SystemExit"), None),
    ]
    own = {name: (2, 3, 4, 1)[at % 4] for at, name in enumerate(names)}
    attributes = dict.fromkeys((2, 3, 4, 7, 8, 10, 11, 13), own)
    summary = build_dump.summary()
    locals_ = [
        build_dump.local(
            name, at % len(records), code, scope=("arg", "local", "cell", "free")[at % 4], type="Trap", module="evil"
        )
        for at, name in enumerate(names)
    ]
    locals_ += [build_dump.local("value%d" % number, number, escape + code) for number in range(len(records))]
    for at, frame in enumerate(summary["frames"]):
        frame.update(
            function=(code, "<module>", escape)[at % 3], qualname=escape + code, module="evil", globals=12,
            file=(os.path.join(folder, "evil.py"), "../../" * 9 + folder + "/evil.py", escape)[at % 3],
            locals=locals_, line=(1, 2**40, -1)[at % 3], firstlineno=(1, -5, 2**31)[at % 3],
            column=(3, -1, 2**33)[at % 3], end_column=(1, 7, 2**34)[at % 3], end_line=(2**30, 0, None)[at % 3],
        )  # fmt: skip
        summary["sources"][frame["file"]] = {
            "sha256": "0" * 64, "lines": 2, "encoding": "utf-8", "pieces": [(1, code + escape + "\n" + code)],
        }  # fmt: skip
    first, second = summary["exceptions"]
    first.update(object=8, type=code, module="evil", qualname=code, message=escape + code, preview=escape)
    second.update(
        object=14, type="SystemExit", module="builtins", qualname="SystemExit", message=escape, cause=1, context=0
    )
    for thread in summary["threads"]:
        thread["name"] = escape + code
    return write(os.path.join(folder, "canary.dump"), summary, section(records, attributes)), trace
