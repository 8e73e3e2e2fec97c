"""Forms of the standard library's classes that are written in C: files, sockets, databases, contexts, annotations."""

import _io
from itertools import islice
from typing import Any, Dict, List

from . import _access, _classes, _safe
from ._builtins import keep_builtins
from ._forms import Form, Named, Part, Unknown, called, got, listed, name_of, opening, with_names
from ._forms_library import annotation

keep_builtins(globals())

#: bytes of a file in memory that are copied
_MOST_COPIED = 1 << 20
#: variables of a context, columns of a row
_MOST = 100


def _plain(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [opening(value) + ">"]


def _own(value: Any, named: Dict[str, Any]) -> List[Part]:
    """By its own code, which asks nothing else."""
    if _safe.is_python_class(type(value)):
        raise Unknown("a class of the program's")
    return [repr(value)]


def _nothing(_: Any) -> List[Any]:
    return []


def _by_accessors(*names: str) -> "Any":
    """Parts that accessors of these names give, where they do."""

    def parts(value: Any) -> Named:
        found: Named = []
        for name in names:
            try:
                found.append((name, got(value, name)))
            except Exception:  # of what is closed
                continue
        return found

    return parts


def _raw_of(value: Any) -> Any:
    """The file of io's own that one is made of, where all of it is io's own and its names are plain."""
    for _ in range(2):
        if type(value) is _io.FileIO:
            break
        named = _access.instance_dict(value, _classes.info_of(type(value))) or []
        if not all(any(type(part) is cls for cls in _PLAIN) for _, part in named):
            raise Unknown("a file with names of the program's")
        value = got(value, "buffer" if type(value) is _io.TextIOWrapper else "raw")
    if type(value) is not _io.FileIO:
        raise Unknown("a file of another kind")
    named = _access.instance_dict(value, _classes.info_of(_io.FileIO)) or []
    if not all(any(type(part) is cls for cls in _PLAIN) for _, part in named):
        raise Unknown("a file with names of the program's")
    return value


_PLAIN = (str, bytes, int, bool, float, type(None))

# -- Files ------------------------------------------------------------------------------------------------------------


def _file_parts(value: Any) -> Named:
    """The descriptor's offset is asked of the kernel: a buffer's position would have to be asked of its lock."""
    raw = _raw_of(value)
    found: Named = [("closed", got(raw, "closed"))]
    if found[0][1] is not False:
        return found
    found.append(("fd", called(raw, "fileno")))
    try:
        return [*found, ("offset", called(raw, "tell"))]
    except OSError:  # a pipe, a terminal
        return found


def _file_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    _raw_of(value)
    return [repr(value)] if not _safe.is_python_class(type(value)) else [opening(value) + ">"]


def _memory_parts(value: Any) -> Named:
    try:
        found: Named = [("position", called(value, "tell"))]
    except ValueError:
        return [("closed", True)]
    in_bytes = _safe.is_builtin_subclass(type(value), _io.BytesIO)
    size = called(value, "__sizeof__") if in_bytes else found[0][1]
    if size <= _MOST_COPIED:
        found.append(("value", called(value, "getvalue")))
    return found


def _memory_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    if "position" not in named:
        return [opening(value) + ", closed>"]
    shown: List[Part] = [": ", (named["value"],)] if "value" in named else []
    return ["%s at %d" % (opening(value), named["position"]), *shown, ">"]


# -- Sockets ----------------------------------------------------------------------------------------------------------


def _socket_parts(value: Any) -> Named:
    found: Named = [("fd", called(value, "fileno"))]
    # As numbers: a member of an enumeration leads to all that there are.
    found += [(name, got(value, name)) for name in ("family", "type", "proto")]
    for name, method in (("laddr", "getsockname"), ("raddr", "getpeername")) if found[0][1] >= 0 else ():
        try:
            found.append((name, called(value, method)))  # the kernel knows: nobody is asked, nothing is waited for
        except OSError:
            continue
    return found


def _socket_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    closed = "[closed] " if named.get("_closed") is True else ""
    shown = ["%s=%d" % (name, called(value, "fileno") if name == "fd" else got(value, name)) for name in _NUMBERS]
    line: List[Part] = ["<%s %s%s" % (_safe.full_name(type(value)), closed, ", ".join(shown))]
    for name in ("laddr", "raddr"):
        if named.get(name):
            line += [", %s=" % name, (named[name],)]
    return [*line, ">"]


_NUMBERS = ("fd", "family", "type", "proto")

# -- Databases and documents ------------------------------------------------------------------------------------------


def _row_parts(value: Any) -> Named:
    names = called(value, "keys")[:_MOST]
    return [(name, called(value, "__getitem__", index)) for index, name in enumerate(names) if type(name) is str]


def _row_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["<%s " % _safe.full_name(type(value)), *with_names(list(named.items()), " "), ">"]


def _element_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["<%s " % name_of(value), (named["tag"],), " at 0x%x>" % id(value)]


def _element_children(value: Any) -> List[Any]:
    cls = type(value)
    return [held for held in _safe.referents(value) if type(held) is cls]


# -- Contexts ---------------------------------------------------------------------------------------------------------


def _variable_parts(value: Any) -> Named:
    name = got(value, "name")
    found: Named = [("name", name)]
    found += [("default", held) for held in _safe.referents(value) if held is not name and held is not type(value)]
    missing = object()
    current = called(value, "get", missing)
    return found if current is missing else [*found, ("value", current)]


def _variable_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    default: List[Part] = [" default=", (named["default"],)] if "default" in named else []
    return ["<ContextVar name=", (named["name"],), *default, " at 0x%x>" % id(value)]


def _context_parts(value: Any) -> Named:
    found: Named = []
    for variable, held in list(islice(called(value, "items"), _MOST)):
        name = got(variable, "name")
        found.append((name if type(name) is str else "?", held))
    return found


# -- Annotations ------------------------------------------------------------------------------------------------------


def _alias_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    shown: List[Part] = []
    for one in got(value, "__args__")[:_MOST]:
        shown += [", " if shown else "", *annotation(one)]
    return [*annotation(got(value, "__origin__")), "[", *(shown or ["()"]), "]"]


def _union_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    shown: List[Part] = []
    for one in got(value, "__args__")[:_MOST]:
        shown += [" | " if shown else "", *(["None"] if one is type(None) else annotation(one))]
    return shown


# -- Functions --------------------------------------------------------------------------------------------------------


def _getter_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["operator.%s(" % name_of(value), *listed(list(called(value, "__reduce__")[1])), ")"]


def _struct_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [name_of(value) + "(", (named["format"],), ")"]


def _future_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    state = named["_state"]
    if type(state) is not str:
        raise Unknown("a future in no state")
    shown: List[Part] = ["<%s %s" % (name_of(value), state.lower())]
    if state == "FINISHED":
        failed = named.get("_exception") is not None
        shown += [" exception=" if failed else " result=", (named["_exception" if failed else "_result"],)]
    return [*shown, ">"]


FORMS = {
    ("_io", "BytesIO"): Form(_memory_line, _memory_parts, _nothing, of_c=True),
    ("_io", "StringIO"): Form(_memory_line, _memory_parts, _nothing, of_c=True),
    **{
        ("_io", name): Form(_file_line, _file_parts, _nothing, of_c=True)
        for name in ("FileIO", "BufferedReader", "BufferedWriter", "BufferedRandom", "TextIOWrapper")
    },
    ("socket", "socket"): Form(_socket_line, _socket_parts),
    ("mmap", "mmap"): Form(_own, _by_accessors("closed"), of_c=True),
    ("sqlite3", "Row"): Form(_row_line, _row_parts, _nothing, of_c=True),
    ("sqlite3", "Connection"): Form(
        _plain, _by_accessors("in_transaction", "total_changes", "isolation_level", "row_factory"), of_c=True
    ),
    ("xml.etree.ElementTree", "Element"): Form(
        _element_line, _by_accessors("tag", "attrib", "text", "tail"), _element_children, of_c=True
    ),
    ("decimal", "Context"): Form(_own, _by_accessors("prec", "rounding", "Emin", "Emax"), of_c=True),
    **{
        (module, name): Form(*form, _nothing, of_c=True)
        for module in ("_contextvars", "builtins")  # up to 3.9 they say that they are builtins
        for name, form in (
            ("ContextVar", (_variable_line, _variable_parts)),
            ("Context", (_plain, _context_parts)),
        )
    },
    ("types", "GenericAlias"): Form(_alias_line, of_c=True),
    ("types", "UnionType"): Form(_union_line, of_c=True),
    ("operator", "itemgetter"): Form(_getter_line, of_c=True),
    ("operator", "attrgetter"): Form(_getter_line, of_c=True),
    ("_struct", "Struct"): Form(_struct_line, _by_accessors("format", "size"), of_c=True),
    ("_asyncio", "Future"): Form(_future_line, _by_accessors("_state", "_result", "_exception"), of_c=True),
    ("posix", "DirEntry"): Form(_own, of_c=True),
    ("numpy", "ufunc"): Form(_own, of_c=True),
}
