"""Looking at foreign objects without running their code.

Every function here uses only C-level accessors of builtin types, taken from those types' own dictionaries, so that a
class which overrides ``__getattribute__``, ``__dict__``, ``__class__``, ``__hash__``, … or whose metaclass does, is not
asked. Dictionaries are iterated, never looked up, where a key may be an object of the program's: a lookup may call
``__eq__`` of a key whose hash collides.
"""

import collections.abc
import gc
import sys
import types
from itertools import compress, repeat
from operator import is_
from typing import Any, Callable, Dict, FrozenSet, Iterable, List, Optional, Tuple

from ._builtins import keep_builtins

keep_builtins(globals())

Getter = Callable[[Any], Any]

_type_mro: Callable[[type], Optional[Tuple[type, ...]]] = type.__dict__["__mro__"].__get__
base_of: Callable[[type], Optional[type]] = type.__dict__["__base__"].__get__
_type_dict: Callable[[type], Any] = type.__dict__["__dict__"].__get__
_type_name: Callable[[type], Any] = type.__dict__["__name__"].__get__
_type_qualname: Callable[[type], Any] = type.__dict__["__qualname__"].__get__
_type_module: Callable[[type], Any] = type.__dict__["__module__"].__get__
_type_flags: Callable[[type], int] = type.__dict__["__flags__"].__get__
_proxy_items = types.MappingProxyType.items
_proxy_copy = types.MappingProxyType.copy

#: what keeps an abstract base class in C; None where that is written in Python, as PyPy's is
_abc: Any = __import__("_abc") if "_abc_impl" in collections.abc.Hashable.__dict__ else None
_AbcData = type(collections.abc.Hashable.__dict__.get("_abc_impl"))

#: Py_TPFLAGS_HEAPTYPE and Py_TPFLAGS_IMMUTABLETYPE of CPython's object.h
_HEAPTYPE, _IMMUTABLE = 1 << 9, 1 << 8
#: whether lists and tuples are arrays of pointers, any of which may be none
IS_CPYTHON = sys.implementation.name == "cpython"

_module_namespace: Any = types.ModuleType.__dict__
module_dict: Callable[[Any], Dict[Any, Any]] = _module_namespace["__dict__"].__get__
WrapperDescriptor: Any = type(object.__repr__)
MethodDescriptor: Any = type(str.join)
GetSet = types.GetSetDescriptorType
Member = types.MemberDescriptorType


def ids_of(*classes: type) -> FrozenSet[int]:
    """Classes as a set to test membership in by `id`: ``cls in (…)`` would call the ``__eq__`` of a metaclass."""
    return frozenset(map(id, classes))


def mro_of(cls: type) -> Tuple[type, ...]:
    """The method resolution order, as it stands in the class object."""
    return _type_mro(cls) or (cls,)


def exact_str(value: Any, default: str = "?") -> str:
    """`value` as an exact str; a str subclass is copied by str's own code, anything else is `default`."""
    cls = type(value)
    if cls is str:
        return value  # type: ignore[no-any-return]
    if is_builtin_subclass(cls, str):
        return str.__str__(value)
    return default


def is_builtin_subclass(cls: type, base: type) -> bool:
    """Whether `cls` has the memory layout of `base`; asks the chain of ``__base__``, which no metaclass can alter."""
    walk: Optional[type] = cls
    while walk is not None:
        if walk is base:
            return True
        walk = base_of(walk)
    return False


def is_class(value: Any) -> bool:
    """``isinstance(value, type)`` by memory layout."""
    return is_builtin_subclass(type(value), type)


def namespace_of(cls: type) -> List[Tuple[Any, Any]]:
    """The (name, value) pairs of a class's own dictionary."""
    found = _type_dict(cls)
    return [] if found is None else list(_proxy_items(found))  # None: a C type that was never made ready


def _named(cls: type) -> Dict[str, Any]:
    """What of a class's own dictionary stands under exact texts."""
    found = _type_dict(cls)
    if found is None:
        return {}
    copy: Dict[Any, Any] = _proxy_copy(found)  # no key is hashed or compared
    if all(map(is_, map(type, copy), repeat(str))):
        return copy
    return {key: value for key, value in copy.items() if type(key) is str}


class _Namespace:
    """A copy of what stands in a class's own dictionary under exact texts: to look one of these up asks no other key."""

    __slots__ = ("_line", "_members", "cls", "named")

    def __init__(self, cls: type) -> None:
        #: kept alive, so that its id stays its own
        self.cls = cls
        self.named = _named(cls)
        self._line: Optional[List[_Namespace]] = None
        self._members: Optional[List[Tuple[str, Getter]]] = None

    def line(self) -> "List[_Namespace]":
        """Its own and those of its bases, in the order in which a name is looked up."""
        if self._line is None:
            self._line = [_of(owner) for owner in mro_of(self.cls)]
        return self._line

    def is_whole(self) -> bool:
        """Whether nothing stands in the class's own dictionary but under exact texts."""
        found = _type_dict(self.cls)
        return found is not None and len(found) == len(self.named)

    def members(self) -> List[Tuple[str, Getter]]:
        """Names and readers of its slots."""
        if self._members is None:
            # PyPy's own exceptions have what C's keep in slots behind descriptors of another type.
            own = Member if IS_CPYTHON or not _is_own_exception(self.cls) else GetSet
            has_some = any(map(is_, map(type, self.named.values()), repeat(own)))
            self._members = [
                (key, value.__get__)
                for key, value in (self.named.items() if has_some else ())
                if type(value) is own and value.__objclass__ is self.cls and key not in _SKIPPED_MEMBERS
            ]
        return self._members


def _is_own_exception(cls: type) -> bool:
    """Whether it is an exception of the interpreter's, with more to it than every exception has."""
    return cls is not BaseException and is_builtin_subclass(cls, BaseException) and not is_python_class(cls)


_namespaces: Dict[int, _Namespace] = {}


def _of(cls: type) -> _Namespace:
    found = _namespaces.get(id(cls))
    if found is None:
        found = _namespaces[id(cls)] = _Namespace(cls)
    return found


def forget() -> None:
    """Drop what is remembered of classes: they are mutable."""
    _namespaces.clear()


def is_python_class(cls: type) -> bool:
    """Whether `cls` was made by a class statement (or ``type(...)``), not by C code."""
    flags = _type_flags(cls)
    if not flags & _HEAPTYPE or flags & _IMMUTABLE:
        return False
    return own_entry(cls, "__module__") is not None


def find_key(items: Iterable[Tuple[Any, Any]], name: str) -> Any:
    """The value under the exact str `name`, or None; compares identity and exact strings only."""
    for key, value in items:
        if key is name or (type(key) is str and key == name):
            return value
    return None


def dict_get(mapping: Any, name: str) -> Any:
    """``mapping.get(name)`` for a dict (or a subclass) that may hold hostile keys. Most names are the same object: these are found by
    C code."""
    try:
        for found in compress(dict.values(mapping), map(is_, dict.keys(mapping), repeat(name))):
            return found
        return find_key(dict.items(mapping), name)
    except RuntimeError:  # another thread has changed it meanwhile
        return find_key(list(dict.items(mapping)), name)


def lookup(cls: type, name: str) -> Tuple[Optional[type], Any]:
    """(owner, entry) of the first class along the MRO whose dictionary has `name`; (None, None) where none has."""
    for space in _of(cls).line():
        if name in space.named:
            return space.cls, space.named[name]
    return None, None


def own_entries(cls: type) -> Dict[str, Any]:
    """What a class's own dictionary has under exact texts; not to be changed."""
    return _of(cls).named


def own_entry(cls: type, name: str) -> Any:
    """What a class's own dictionary has under a name, or None."""
    return _of(cls).named.get(name)


def type_name(cls: type) -> str:
    """``cls.__name__``."""
    return exact_str(_type_name(cls))


def type_qualname(cls: type) -> str:
    """``cls.__qualname__``."""
    return exact_str(_type_qualname(cls))


def type_module(cls: type) -> str:
    """``cls.__module__``."""
    if _type_flags(cls) & _HEAPTYPE:
        # the C accessor would look ``__module__`` up, and a hostile key of the same hash would be compared
        module = own_entry(cls, "__module__")
        return exact_str(module) if module is not None else "builtins"
    return exact_str(_type_module(cls))


def full_name(cls: type) -> str:
    """module.qualname, the qualname alone for builtins, as ``repr`` of a class has it."""
    module = type_module(cls)
    return type_qualname(cls) if module == "builtins" else module + "." + type_qualname(cls)


def _is_dict_of(owner: type, value: Any) -> bool:
    """Whether an entry of a class is the descriptor that C code gave it for its instances' dictionary. From 3.15 on all classes share
    one, which is said to be `object`'s."""
    if type(value) is not GetSet and type(value) is not Member:
        return False
    return value.__objclass__ is owner or (value.__objclass__ is object and value.__name__ == "__dict__")


def dict_getter(cls: type) -> Optional[Getter]:
    """A function that reads the instance dictionary of a `cls` object, or None.

    Only the descriptor that the class itself was given by C code is trusted; a property named ``__dict__`` is passed over.
    """
    for space in _of(cls).line():
        value: Any = space.named.get("__dict__")
        if _is_dict_of(space.cls, value):
            if is_builtin_subclass(cls, space.cls):
                getter: Getter = value.__get__
                return getter
    return None


def hides_its_dict(cls: type) -> bool:
    """Whether something other than C code's descriptor is called ``__dict__`` along the MRO."""
    owner, value = lookup(cls, "__dict__")
    if owner is None:
        return False
    return not _is_dict_of(owner, value)


def builtin_owner(owner: Optional[type], entry: Any) -> Optional[type]:
    """The builtin class whose own code a method is, or None where it is the program's. `owner` is where it was found.

    PyPy has one type for all functions; there, builtin code is told by its code object.
    """
    cls = type(entry)
    if cls is types.FunctionType:
        return owner if type(entry.__code__) is not types.CodeType and owner and not is_python_class(owner) else None
    if cls is WrapperDescriptor or cls is MethodDescriptor:
        origin: type = entry.__objclass__
        return origin
    return None


def plain_attribute_access(cls: type) -> bool:
    """Whether ``o.__dict__`` runs C code only: no own ``__getattribute__``, no own ``__dict__``."""
    return builtin_owner(*lookup(cls, "__getattribute__")) is not None and not hides_its_dict(cls)


def member_getters(cls: type) -> List[Tuple[str, Getter]]:
    """(name, reader) for the slots (member descriptors) of `cls` and its bases, most basic class first."""
    found: List[Tuple[str, Getter]] = []
    for space in reversed(_of(cls).line()):
        members = space.members()
        if members and is_builtin_subclass(cls, space.cls):
            seen = {key for key, _ in found}
            found += [member for member in members if member[0] not in seen]
    return found


#: members that lead out of the object into the whole program, or that only repeat what is said elsewhere
_SKIPPED_MEMBERS = frozenset(
    [
        "__globals__",
        "__builtins__",
        "__dict__",
        "__weakref__",
        "__doc__",
        "__dictoffset__",
        "__weakrefoffset__",
        "__basicsize__",
        "__itemsize__",
        "__flags__",
        "__base__",
        "__mro__",
        "__type_params__",
        "__suppress_context__",
        "__thisclass__",
        "__objclass__",
    ]
)


def sizeof_is_builtin(cls: type) -> bool:
    """Whether ``sys.getsizeof`` of a `cls` object runs C code only."""
    return builtin_owner(*lookup(cls, "__sizeof__")) is not None


def registered_classes(cls: type) -> Tuple[type, ...]:
    """What was registered with an abstract base class. CPython keeps that in C data, which only the module _abc shows."""
    if _abc is None or type(own_entry(cls, "_abc_impl")) is not _AbcData or not _is_read_by_c(cls, "_abc_impl"):
        return ()
    found = [reference() for reference in _abc._get_dump(cls)[0]]
    return tuple(one for one in found if one is not None)


def _is_read_by_c(cls: type, name: str) -> bool:
    """Whether an attribute of the class `cls` that is in its own dictionary is found there by C code alone."""
    meta = type(cls)
    if builtin_owner(*lookup(meta, "__getattribute__")) is not type or lookup(meta, name)[0] is not None:
        return False
    return all(_of(owner).is_whole() for owner in (cls, *mro_of(meta)))


def referents(value: Any) -> List[Any]:
    """What the collector's traversal of `value` visits: C code of its type only."""
    return gc.get_referents(value)


def instances_of(cls: type) -> List[Any]:
    """What the collector knows of a class that C code has made on the heap: its instances and those of the classes derived from it,
    among what else refers to these. It takes less than a full collection does."""
    classes = [cls]
    for one in classes:
        classes += type.__subclasses__(one)
    return gc.get_referrers(*classes)


def held(value: Any, whole: Dict[int, Any]) -> List[Any]:
    """What an object of C code holds, in a form that can be read.

    Where C code keeps a list or a tuple for itself, it need not have filled it (the stack of xml's TreeBuilder), and whoever reads a
    place without an object ends the process. The collector passes such places over: of those containers, what it visits stands
    here in their place. `whole` remembers those that have been found to be filled.
    """
    found: List[Any] = []
    for one in gc.get_referents(value):
        if IS_CPYTHON and (type(one) is list or type(one) is tuple) and id(one) not in whole:
            filled = gc.get_referents(one)
            if len(filled) < len(one):
                found.extend(filled)
                continue
            whole[id(one)] = one
        found.append(one)
    return found


def read_members(value: Any, getters: List[Tuple[str, Getter]]) -> List[Tuple[str, Any]]:
    """The slots of `value` that are set."""
    out: List[Tuple[str, Any]] = []
    for name, getter in getters:
        try:
            out.append((name, getter(value)))
        except (AttributeError, TypeError):
            continue
    return out
