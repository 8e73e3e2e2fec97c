"""Reading the parts of objects of known layouts, by the layouts' own code."""

import collections
import sys
import types
import weakref
from itertools import islice
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import _classes, _safe
from ._builtins import keep_builtins
from ._classes import ClassInfo

keep_builtins(globals())

Pairs = List[Tuple[Any, Any]]
Named = List[Tuple[Any, Any]]

_deque_items: Callable[[Any], Any] = collections.deque.__iter__
_plain_keys = _safe.ids_of(str, int, bytes, float, bool, type(None))
_exc = BaseException.__dict__
exc_args: Callable[[Any], Any] = _exc["args"].__get__
exc_cause: Callable[[Any], Any] = _exc["__cause__"].__get__
exc_context: Callable[[Any], Any] = _exc["__context__"].__get__
exc_traceback: Callable[[Any], Any] = _exc["__traceback__"].__get__
exc_suppress: Callable[[Any], Any] = _exc["__suppress_context__"].__get__
complex_real: Callable[[Any], float] = complex.__dict__["real"].__get__
complex_imag: Callable[[Any], float] = complex.__dict__["imag"].__get__
_Cell: Any = type((lambda x: lambda: x)(0).__closure__[0])  # type: ignore[index]
deque_maxlen: Callable[[Any], Optional[int]] = collections.deque.__dict__["maxlen"].__get__
module_dict = _safe.module_dict
cell_contents: Callable[[Any], Any] = _Cell.__dict__["cell_contents"].__get__


def exception_dict(value: Any) -> Dict[Any, Any]:
    """The attributes of an exception; the dictionary itself."""
    found: Dict[Any, Any] = _exc["__dict__"].__get__(value)
    return found


def group_members(value: BaseException) -> Tuple[Any, ...]:
    """The members of an exception group, that of Python 3.11 or of the package that earlier ones have; else nothing."""
    found = None
    for name, getter in _classes.info_of(type(value)).members:
        if name == "exceptions":
            found = getter(value)
    base = of_module("exceptiongroup", "BaseExceptionGroup")
    if base is not None and _safe.is_builtin_subclass(type(value), base):
        found = _safe.find_key(list(dict.items(exception_dict(value))), "_exceptions")
    return found if type(found) is tuple else ()


def of_module(module_name: str, name: str) -> Any:
    """A class written in Python, of a module that is loaded; or None."""
    module = sys.modules.get(module_name)
    found: Any = dict_value(module_dict(module), name) if type(module) is types.ModuleType else None
    return found if _safe.is_class(found) and _safe.is_python_class(found) else None


def length(value: Any, info: ClassInfo) -> int:
    """Elements or pairs of a container of a known layout, by the layout's own code; 0 of anything else."""
    kind = info.kind
    if kind == _classes.DICT:
        return dict.__len__(value)
    if kind == _classes.LIST:
        return list.__len__(value)
    if kind == _classes.TUPLE:
        return tuple.__len__(value)
    if kind == _classes.SET:
        return set.__len__(value)
    if kind == _classes.FROZENSET:
        return frozenset.__len__(value)
    if kind == _classes.DEQUE:
        return collections.deque.__len__(value)
    return 0


def elements(value: Any, kind: int, start: int, stop: int) -> List[Any]:
    """Elements [start, stop) of a sequence or set, in one stretch of C code."""
    if kind == _classes.LIST:
        return list.__getitem__(value, slice(start, stop))
    if kind == _classes.TUPLE:
        return list(tuple.__getitem__(value, slice(start, stop)))
    if kind == _classes.SET:
        return list(islice(set.__iter__(value), start, stop))
    if kind == _classes.FROZENSET:
        return list(islice(frozenset.__iter__(value), start, stop))
    return list(islice(_deque_items(value), start, stop))


def pairs(value: Any, info: ClassInfo, start: int, stop: int) -> Pairs:
    """Pairs [start, stop) of a dictionary. An OrderedDict whose order differs is asked in its own order, where its
    keys are plain: its iterator looks keys up."""
    if _safe.is_builtin_subclass(info.cls, collections.OrderedDict) and all(
        id(type(key)) in _plain_keys for key in dict.keys(value)
    ):
        return list(islice(collections.OrderedDict.items(value), start, stop))
    return list(islice(dict.items(value), start, stop))


def instance_dict(value: Any, info: ClassInfo) -> Optional[Named]:
    """The (name, value) pairs of the instance dictionary, or None where there is none."""
    if info.dict_getter is None:
        return None
    found = info.dict_getter(value)
    if found is None:
        return None
    return list(dict.items(found)) if _safe.is_builtin_subclass(type(found), dict) else None


def own_attributes(value: Any, info: ClassInfo) -> Named:
    """Slots first, then the instance dictionary."""
    out: Named = list(_safe.read_members(value, info.members))
    named = instance_dict(value, info)
    if named:
        out.extend(named)
    return out


def dict_value(mapping: Any, name: str) -> Any:
    """`_safe.dict_get` for what should be a dict."""
    return _safe.dict_get(mapping, name) if _safe.is_builtin_subclass(type(mapping), dict) else None


def weak_target(value: Any, info: ClassInfo) -> Any:
    """What a weak reference or proxy refers to, or None. A proxy forwards every operation but the collector's."""
    if info.layout is weakref.ref:
        return weakref.ref.__call__(value)
    return None
