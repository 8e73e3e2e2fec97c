"""Classes of packages, of which it is known how the ``__repr__`` looks that they have been given, and of which fields."""

import types
from typing import Any, List, Optional, Tuple

from . import _safe
from ._builtins import keep_builtins

keep_builtins(globals())

#: fields of one class
_MOST = 1000


def style_of(cls: type, owner: type, code: types.CodeType) -> Optional[Tuple[str, List[str]]]:
    """The style and the fields that are shown of a class, whose ``__repr__`` is that of `owner`; None where it is not known."""
    if code.co_filename.startswith("<attrs generated"):
        names = _attrs_fields(owner)
        return None if names is None else ("attrs", names)
    place = (_safe.type_module(owner), _safe.type_name(owner))
    if place == ("pydantic.main", "BaseModel"):
        names = _pydantic_fields(cls)
        return None if names is None else ("pydantic", names)
    if place == ("argparse", "_AttributeHolder") and _safe.lookup(cls, "_get_kwargs")[0] is owner:
        return "SimpleNamespace", []
    return None


def _attrs_fields(owner: type) -> Optional[List[str]]:
    found = _safe.own_entry(owner, "__attrs_attrs__")
    if not _safe.is_builtin_subclass(type(found), tuple):
        return None
    names: List[str] = []
    for one in tuple.__getitem__(found, slice(0, _MOST)):
        name, shown = _slot(one, "name"), _slot(one, "repr")
        if type(name) is not str:
            return None
        if shown is not False:
            names.append(name)
    return names


def _pydantic_fields(cls: type) -> Optional[List[str]]:
    found = _safe.lookup(cls, "__pydantic_fields__")[1]
    if type(found) is not dict:
        return None
    pairs = list(dict.items(found))[:_MOST]
    return [name for name, field in pairs if type(name) is str and _slot(field, "repr") is not False]


def _slot(value: Any, name: str) -> Any:
    """What an object has in a slot."""
    for known, getter in _safe.member_getters(type(value)):
        if known == name:
            try:
                return getter(value)
            except AttributeError:  # not set
                return None
    return None
