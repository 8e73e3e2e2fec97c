"""What the user wants left out: classes of exceptions that are not dumped, and modules and types that are not looked into."""

import sys
import types
from fnmatch import translate
from re import compile as compiled
from typing import Any, Dict, Iterable, List, Optional, Pattern, Tuple

from . import _access, _classes, _safe
from ._builtins import keep_builtins
from ._classes import ClassInfo

keep_builtins(globals())

#: the rules by which something is left out, as the dump counts them
TYPES, MODULES = "exclude_types", "exclude_modules"

_WILD = frozenset("*?[")
#: kinds that stay what they are, without what is in them: others of the dump refer to them by their names
_NAMED = frozenset([_classes.CLASS, _classes.FUNCTION, _classes.MODULE, _classes.FRAME, _classes.CODE])
_SUSPENDED = {
    id(types.GeneratorType): "gi_frame",
    id(types.CoroutineType): "cr_frame",
    id(types.AsyncGeneratorType): "ag_frame",
}


def _pattern(names: Iterable[str]) -> "Pattern[str]":
    return compiled("|".join("(?:%s)" % translate(name) for name in names) or r"(?!)")


class Classes:
    """Classes by name, with the classes that derive from them: ``shop.errors.*``; without a dot a class of any module."""

    def __init__(self, names: Iterable[str]) -> None:
        names = list(names)
        self._names = _pattern(name for name in names if "." not in name)
        self._paths = _pattern(name for name in names if "." in name)
        #: (module, name): a module may give a class another name than it has itself, `asyncio.CancelledError`
        self._given: List[Tuple[str, str]] = []
        for name in names:
            module, dot, attribute = name.rpartition(".")
            if dot and not _WILD.intersection(name):
                self._given.append((module, attribute))
        self._any = bool(names)

    def __contains__(self, cls: type) -> bool:
        if not self._any:
            return False
        given = [_attribute(module, name) for module, name in self._given]
        return any(
            self._names.match(_safe.type_name(base))
            or self._paths.match(_safe.type_module(base) + "." + _safe.type_qualname(base))
            or any(base is one for one in given)
            for base in _safe.mro_of(cls)
        )


def _attribute(module: str, name: str) -> Any:
    found = sys.modules.get(module)
    if found is None or not _safe.is_builtin_subclass(type(found), type(sys)):
        return None
    return _safe.dict_get(_access.module_dict(found), name)


class Exclusion:
    """What one dump does not look into: objects of these types, and what belongs to these modules or to those below them."""

    def __init__(self, modules: Iterable[str], names: Iterable[str]) -> None:
        modules = list(modules)
        self._modules = _pattern(modules + [name + ".*" for name in modules])
        self._types = Classes(names)
        #: id of a class → the rule for its objects; and what keeps the ids what they are
        self._rules: Dict[int, Optional[str]] = {}
        self._kept: List[type] = []

    def rule(self, value: Any, info: ClassInfo) -> Optional[str]:
        """The rule by which an object is left out."""
        if info.kind in _NAMED:
            return MODULES if self._modules.match(_module_of(value, info)) else None
        frame_name = _SUSPENDED.get(id(info.cls))
        if frame_name is not None and self.has_frame(getattr(value, frame_name)):
            return MODULES
        return self.rule_of(info)

    def rule_of(self, info: ClassInfo) -> Optional[str]:
        """The rule by which the objects of a class are left out, as far as that depends on the class."""
        ident = id(info.cls)
        if ident not in self._rules:
            self._kept.append(info.cls)
            self._rules[ident] = (
                TYPES if info.cls in self._types else MODULES if self._modules.match(info.module) else None
            )
        return self._rules[ident]

    def has_frame(self, frame: Any) -> bool:
        """Whether a frame runs code of one of the modules."""
        return frame is not None and bool(self._modules.match(_name_in(frame.f_globals)))

    def empty(self, frames: Iterable[Any]) -> None:
        """Leave the locals of the modules' frames out."""
        for frame in frames:
            if self.has_frame(frame.frame):
                frame.locals, frame.note = [], "left out by exclude_modules"


def is_named(info: ClassInfo) -> bool:
    """Whether what is left out is shown by its name, as ever."""
    return info.kind in _NAMED


def shown(info: ClassInfo) -> str:
    """What stands for an object that is left out."""
    return "<excluded %s>" % _safe.full_name(info.cls)


def _module_of(value: Any, info: ClassInfo) -> str:
    if info.kind == _classes.CLASS:
        return _safe.type_module(value)
    if info.kind == _classes.FUNCTION:
        return _name_in(value.__globals__)
    if info.kind == _classes.MODULE:
        return _name_in(_access.module_dict(value))
    return _name_in(value.f_globals) if info.kind == _classes.FRAME else ""


def _name_in(namespace: Any) -> str:
    return _safe.exact_str(_access.dict_value(namespace, "__name__"), "")
