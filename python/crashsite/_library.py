"""What of the library is told in brief: the standard library and what is installed, which a reader has as well.

A developer wants to know what his own objects hold, and of the library where the code stands. So of a module of the library a dump
has the globals that its frames name, of a function its name and place, and of a class far from the frames the same and what it
derives from. Objects of library classes hold data, and are told in full; of weak containers what they hold, without what keeps
it up to date.
"""

import sys
import types
import weakref
from typing import Any, Dict, Iterable, List, Set

from . import _access, _safe, _stacks
from ._builtins import keep_builtins

keep_builtins(globals())

BRIEF, FULL = "brief", "full"

#: what of a module is told whatever its frames name
_OF_MODULES = ("__name__", "__file__")
#: entries of a class that lead to what it was made of only
_MAKINGS = frozenset(
    [
        "__annotations__",
        "__annotations_cache__",
        "__annotate__",
        "__annotate_func__",
        "__orig_bases__",
        "__parameters__",
        "__type_params__",
        "_abc_impl",
    ]
)
#: weak containers, which keep what they hold in `data`
_WEAK_CONTAINERS = _safe.ids_of(weakref.WeakKeyDictionary, weakref.WeakValueDictionary, weakref.WeakSet)
#: of a class that is told in brief these are kept: whose objects `isinstance` takes as its own
KEPT = ("_abc_registry", "__subclasshook__")


class Library:
    """The library, as one dump sees it. Of nothing is told in brief where `brief` is false."""

    def __init__(self, brief: bool, frames: Iterable[_stacks.Frame]) -> None:
        self.brief = brief
        #: classes of what the program's own frames and modules hold, and what these and the program's classes derive from, by id
        self._near: Set[int] = set()
        #: functions that stand in a library's class or module, by id: what they enclose is the library's own
        self._static: Set[int] = set()
        self._files: Dict[str, bool] = {}
        self._modules: Dict[str, bool] = {}
        #: id of the globals of a library's module → the names that are told of them
        self.excerpts: Dict[int, Set[str]] = self._named(frames) if brief else {}

    def _named(self, frames: Iterable[_stacks.Frame]) -> Dict[int, Set[str]]:
        found: Dict[int, Set[str]] = {}
        own: Set[int] = set()
        for frame in frames:
            ident = id(frame.globals)
            if self._is_file(frame.code.co_filename):
                _names_in(frame.code, found.setdefault(ident, set(_OF_MODULES)))
                continue
            self._meet(value for _, value in frame.locals)
            if ident not in own:
                own.add(ident)
                self._meet(list(dict.values(frame.globals)))
        return {ident: names for ident, names in found.items() if ident not in own}

    def _meet(self, values: Iterable[Any]) -> None:
        for value in values:
            cls = type(value)
            if id(cls) not in self._near:
                self._near.update(map(id, _safe.mro_of(cls)))
            if _safe.is_builtin_subclass(cls, type) and not self._is_class(value):
                self._near.update(map(id, _safe.mro_of(value)))

    def told(self, modules: Iterable[Dict[Any, Any]]) -> List[Dict[Any, Any]]:
        """Of modules' globals, what is told of them."""
        return [
            dict(self.excerpt(module, self.excerpts[id(module)])) if id(module) in self.excerpts else module
            for module in modules
        ]

    def excerpt(self, module: Dict[Any, Any], names: Set[str]) -> List[Any]:
        """The pairs of the globals of a module that are told."""
        pairs = [(key, value) for key, value in dict.items(module) if type(key) is str and key in names]
        self._remember(value for _, value in pairs)
        return pairs

    def namespace(self, cls: type, entries: List[Any]) -> List[Any]:
        """The entries of a class that is not told in brief."""
        if not self.brief:
            return entries
        if not self._is_class(cls):
            self._near.update(map(id, _safe.mro_of(cls)))
            return entries
        told = [(key, value) for key, value in entries if not (type(key) is str and key in _MAKINGS)]
        self._remember(value for _, value in told)
        return told

    def is_brief(self, cls: type, module: str) -> bool:
        """Whether a class, of that module, is told in brief: the library's, and not of what is near, unless entries are what it is
        made for."""
        if not self.brief or id(cls) in self._near or not self._is_of(module):
            return False
        return not _safe.is_builtin_subclass(cls, type) and not _is_enum(cls)

    def is_weak_container(self, cls: type) -> bool:
        """Whether of an object of a class what it holds is told, in `data`, and nothing else."""
        return self.brief and id(cls) in _WEAK_CONTAINERS

    def is_static(self, function: Any) -> bool:
        """Whether a function is the library's, and encloses nothing of the program's."""
        if not self.brief:
            return False
        code = function.__code__
        if id(function) in self._static:
            return True
        return self._is_file(code.co_filename) and (not code.co_freevars or code.co_freevars == ("__class__",))

    def _remember(self, values: Iterable[Any]) -> None:
        for value in values:
            cls = type(value)
            if cls is classmethod or cls is staticmethod:
                value, cls = value.__func__, type(value.__func__)
            if cls is types.FunctionType and self._is_file(value.__code__.co_filename):
                self._static.add(id(value))

    def _is_file(self, file: Any) -> bool:
        known = self._files.get(file) if type(file) is str else False
        if known is None:
            known = self._files[file] = _stacks.is_library(file)
        return known

    def _is_class(self, cls: type) -> bool:
        """By the module that it says it is of."""
        return self._is_of(_safe.type_module(cls))

    def _is_of(self, name: str) -> bool:
        """Whether a module is the library's."""
        known = self._modules.get(name)
        if known is None:
            known = self._modules[name] = name != "__main__" and self._is_module(sys.modules.get(name))
        return known

    def _is_module(self, module: Any) -> bool:
        if not _safe.is_builtin_subclass(type(module), types.ModuleType):
            return False
        file = _access.dict_value(_access.module_dict(module), "__file__")
        return file is None or self._is_file(file)


def _is_enum(cls: type) -> bool:
    """Whether a class has a fixed set of objects, which its entries are."""
    meta = type(cls)
    return _safe.type_name(meta) in ("EnumMeta", "EnumType") and _safe.type_module(meta) == "enum"


def _names_in(code: Any, found: Set[str]) -> None:
    """The global names in a function, and in those within it."""
    found.update(code.co_names)
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            _names_in(constant, found)
