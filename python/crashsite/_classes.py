"""What is known of a class: its layout, how its objects are read, and who makes their ``repr``.

A class is examined once, from its own dictionaries (see `_safe`), and remembered by the `id` of the class: a dictionary
keyed by classes would call a metaclass's ``__hash__``.
"""

import array
import collections
import datetime
import re
import sys
import types
import weakref
from typing import Any, Dict, List, Optional, Tuple

from . import _describe, _numpy, _pandas, _safe
from ._builtins import keep_builtins
from ._packages import style_of

keep_builtins(globals())

# Kinds of objects, docs/dump-format.md section 6.
ATOM, INT, BIGINT, FLOAT, COMPLEX, STR, BYTES = 1, 2, 3, 4, 5, 6, 7
LIST, TUPLE, SET, FROZENSET, DEQUE, DICT = 8, 9, 10, 11, 12, 13
INSTANCE, EXCEPTION, CLASS, MODULE, FUNCTION, BUILTIN = 14, 15, 16, 17, 18, 19
METHOD, CELL, WEAKREF, WRAPPER, OPAQUE, CODE, FRAME = 20, 21, 22, 23, 24, 25, 26
REST_ELEMENTS, REST_PAIRS = 30, 31
#: flag on a kind: attributes follow
ATTRIBUTES = 0x80

KIND_NAMES = {
    ATOM: "atom", INT: "int", BIGINT: "bigint", FLOAT: "float", COMPLEX: "complex", STR: "str", BYTES: "bytes",
    LIST: "list", TUPLE: "tuple", SET: "set", FROZENSET: "frozenset", DEQUE: "deque", DICT: "dict",
    INSTANCE: "instance", EXCEPTION: "exception", CLASS: "class", MODULE: "module", FUNCTION: "function",
    BUILTIN: "builtin", METHOD: "method", CELL: "cell", WEAKREF: "weakref", WRAPPER: "wrapper", OPAQUE: "opaque",
    CODE: "code", FRAME: "frame", REST_ELEMENTS: "rest_elements", REST_PAIRS: "rest_pairs",
}  # fmt: skip

#: layouts by the builtin class they come from; the chain of ``__base__`` decides
_LAYOUTS: List[Tuple[type, int]] = [
    (type(None), ATOM), (bool, ATOM), (type(Ellipsis), ATOM), (type(NotImplemented), ATOM),
    (int, INT), (float, FLOAT), (complex, COMPLEX), (str, STR), (bytes, BYTES), (bytearray, BYTES), (memoryview, BYTES),
    (list, LIST), (tuple, TUPLE), (set, SET), (frozenset, FROZENSET), (collections.deque, DEQUE), (dict, DICT),
    (BaseException, EXCEPTION), (type, CLASS), (types.ModuleType, MODULE), (types.FunctionType, FUNCTION),
    (types.BuiltinFunctionType, BUILTIN), (types.MethodType, METHOD), (type((lambda x: lambda: x)(0).__closure__[0]), CELL),  # type: ignore[index]
    (weakref.ref, WEAKREF), (weakref.ProxyType, WEAKREF), (weakref.CallableProxyType, WEAKREF),
    (types.CodeType, CODE), (types.FrameType, FRAME),
    (property, WRAPPER), (classmethod, WRAPPER), (staticmethod, WRAPPER), (slice, WRAPPER), (super, WRAPPER),
    (types.MappingProxyType, WRAPPER), (datetime.datetime, ATOM), (datetime.timezone, ATOM), (datetime.date, ATOM), (datetime.time, ATOM), (datetime.timedelta, ATOM),
    (datetime.tzinfo, ATOM), (range, ATOM), (re.Pattern, WRAPPER), (re.Match, WRAPPER), (array.array, ATOM),
]  # fmt: skip
_LAYOUT_BY_ID: Dict[int, int] = {id(cls): kind for cls, kind in _LAYOUTS}

#: what a class of C is that nothing here knows
_FOREIGN = (INSTANCE, OPAQUE, WRAPPER)

#: classes with a handler of their own in `_rows`, which C code alone never describes well
PlainFunctions = (types.FunctionType,)


class ClassInfo:
    """One class, as the walk and the previews need it."""

    __slots__ = (
        "cls", "name", "qualname", "module", "kind", "exact", "style", "str_style", "fields", "dict_getter", "members",
        "safe_sizeof", "fast_dict", "layout", "hidden_dict", "numpy", "numpy_base", "pandas", "form",
    )  # fmt: skip

    def __init__(self, cls: type) -> None:
        self.cls = cls
        self.name = _safe.type_name(cls)
        self.qualname = _safe.type_qualname(cls)
        if self.qualname == self.name:  # one object is written once
            self.qualname = self.name
        self.module = _safe.type_module(cls)
        self.layout, self.kind = _layout(cls)
        #: the class is the builtin itself, not a subclass
        self.exact = self.layout is cls
        self.dict_getter = _safe.dict_getter(cls)
        self.hidden_dict = self.dict_getter is None and _safe.hides_its_dict(cls)
        self.members = _safe.member_getters(cls)
        #: "array", "scalar" or "dtype" where it is one of numpy's, and numpy's class
        self.numpy, self.numpy_base = _numpy.role_of(cls) if self.kind in _FOREIGN else ("", object)
        #: "frame", "series", "index" or "array" where it is one of pandas'
        self.pandas = _pandas.role_of(cls) if self.kind in _FOREIGN and not self.numpy else ""
        self.safe_sizeof = _safe.sizeof_is_builtin(cls)
        self.style, self.fields = _repr_style(cls, self.kind)
        #: how a library tells of its objects
        self.form = _describe.form_of(cls) if self.kind in _FOREIGN and not self.numpy and not self.pandas else None
        if self.form is not None:
            self.style, self.fields = "library", []
        self.str_style = ""
        if self.kind == EXCEPTION:
            origin = _safe.builtin_owner(*_safe.lookup(cls, "__str__"))
            self.str_style = "own" if origin is None else _safe.type_name(origin)
        #: ``o.__dict__`` is C code only, and the dictionary is all there is
        self.fast_dict = (
            self.kind == INSTANCE
            and self.dict_getter is not None
            and not self.members
            and not self.numpy
            and not self.pandas
            and self.form is None
            and _safe.plain_attribute_access(cls)
        )


_known: Dict[int, ClassInfo] = {}


def info_of(cls: type) -> ClassInfo:
    """The `ClassInfo` of `cls`; it is kept alive, so its id stays its own."""
    info = _known.get(id(cls))
    if info is None:
        info = _known[id(cls)] = ClassInfo(cls)
    return info


def forget() -> None:
    """Drop what is known: classes are mutable, and a dump must not keep the program's classes alive."""
    _known.clear()
    _describe.forget()
    _numpy.forget()
    _safe.forget()


def is_describable(cls: type) -> bool:
    """Whether objects of a class may be told in a form: neither containers nor texts, numbers, functions, exceptions, …"""
    return _layout(cls)[1] in _FOREIGN and not _numpy.role_of(cls)[0] and not _pandas.role_of(cls)


def _layout(cls: type) -> Tuple[Optional[type], int]:
    walk: Optional[type] = cls
    while walk is not None and walk is not object:
        kind = _LAYOUT_BY_ID.get(id(walk))
        if kind is not None:
            return walk, kind
        walk = _safe.base_of(walk)
    if cls is _decimal():
        return cls, ATOM
    walk = cls
    while walk is not None and walk is not object:
        if not _safe.is_python_class(walk):
            return walk, _c_layout(cls, walk)
        walk = _safe.base_of(walk)
    return (cls if cls is object else None), INSTANCE


def _c_layout(cls: type, base: type) -> int:
    """A class written in C that nothing here knows: with an instance dictionary or slots it is an instance."""
    if base is _decimal():
        return ATOM
    if _safe.dict_getter(cls) is not None:
        return INSTANCE if base is not cls or _safe.type_name(base) in ("SimpleNamespace",) else OPAQUE
    if base is cls and _safe.member_getters(cls):
        return WRAPPER
    return OPAQUE


def _decimal() -> Optional[type]:
    module = sys.modules.get("_decimal")
    return module.Decimal if type(module) is types.ModuleType else None


def _repr_style(cls: type, kind: int) -> Tuple[str, List[str]]:
    """(who makes the repr, field names); docs/dump-format.md section 5."""
    owner, entry = _safe.lookup(cls, "__repr__")
    if owner is None:
        return "object", []
    origin = _safe.builtin_owner(owner, entry)
    if origin is not None:
        if kind == TUPLE and origin is not tuple:
            names = _structseq_fields(cls)
            if names:
                return "structseq", names
        return _safe.type_name(origin), []
    if type(entry) is not types.FunctionType:
        return "own", []
    code = entry.__code__
    if kind == TUPLE and code is _namedtuple_code():
        fields = _safe.lookup(cls, "_fields")[1]
        if type(fields) is tuple and all(type(name) is str for name in fields):
            return "namedtuple", list(fields)
    if code is _dataclass_code():
        shown = _dataclass_fields(owner)
        if shown is not None:
            return "dataclass", shown
    if _is_enum_repr(entry):
        return "enum", []
    if kind == DICT and entry is collections.Counter.__dict__["__repr__"]:
        return "Counter", []
    if kind == INSTANCE:
        return style_of(cls, owner, code) or ("own", [])
    if kind == TUPLE:  # of its own look, but with names for its elements
        fields = _safe.lookup(cls, "_fields")[1]
        if type(fields) is tuple and all(type(name) is str for name in fields):
            return "own", list(fields)
    return "own", []


def _structseq_fields(cls: type) -> List[str]:
    visible = _safe.lookup(cls, "n_sequence_fields")[1]
    names = [key for key, value in _safe.namespace_of(cls) if type(value) is _safe.Member and type(key) is str]
    return names[:visible] if type(visible) is int else []


_samples: Dict[str, Any] = {}


def _namedtuple_code() -> Any:
    if "namedtuple" not in _samples:
        _samples["namedtuple"] = _safe.lookup(collections.namedtuple("Sample", "a"), "__repr__")[1].__code__
    return _samples["namedtuple"]


def _dataclass_code() -> Any:
    """The code of every repr that `dataclasses` generates; None where that module was never imported."""
    module = sys.modules.get("dataclasses")
    if type(module) is not types.ModuleType:
        return None
    if "dataclass" not in _samples:
        try:
            sample = module.make_dataclass("Sample", ["a"]).__repr__
        except Exception:  # the program has replaced what it is made with
            sample = None
        _samples["dataclass"] = sample.__code__ if type(sample) is types.FunctionType else None
        _samples["field"] = dict(_safe.member_getters(module.Field))
    return _samples["dataclass"]


def _dataclass_fields(owner: type) -> Optional[List[str]]:
    fields = _safe.own_entry(owner, "__dataclass_fields__")
    if type(fields) is not dict:
        return None
    getters = _samples.get("field", {})
    names: List[str] = []
    for name, field in dict.items(fields):
        if type(name) is not str:
            return None
        try:
            if getters["repr"](field) is True and getters["_field_type"](field) is not None:
                if _safe.exact_str(getattr(getters["_field_type"](field), "name", "")) == "_FIELD":
                    names.append(name)
        except (AttributeError, TypeError, KeyError):
            return None
    return names


def _is_enum_repr(entry: Any) -> bool:
    module = sys.modules.get("enum")
    if type(module) is not types.ModuleType or entry.__globals__ is not _safe.module_dict(module):
        return False
    for name in ("Enum", "Flag", "IntEnum", "IntFlag"):
        base = getattr(module, name, None)
        if isinstance(base, type) and _safe.own_entry(base, "__repr__") is entry:
            return True
    return False
