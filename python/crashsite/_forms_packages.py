"""Forms of packages' classes: SQLAlchemy's rows and the state of its instances, what pandas has of scalars."""

from typing import Any, Dict, List, Optional

from . import _access, _classes, _safe
from ._builtins import keep_builtins
from ._forms import Form, Named, Part, Unknown, got, listed, name_of, of_type

keep_builtins(globals())

#: columns and attributes that are told
_MOST = 1000


def _row_parts(value: Any) -> Named:
    data = _data(value)
    names = got(value, "_key_to_index")
    if type(names) is not dict:
        raise Unknown("a row without names")
    pairs = list(dict.items(names))[: 2 * _MOST]
    return [
        (name, data[index])
        for name, index in pairs
        if type(name) is str and type(index) is int and 0 <= index < len(data)
    ]


def _data(value: Any) -> Any:
    data = got(value, "_data")
    if type(data) is not tuple:
        raise Unknown("a row without data")
    return data


def _row_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    data = _data(value)
    return ["(", *listed(list(data[:_MOST])), ",)" if len(data) == 1 else ")"]


def _nothing(_: Any) -> List[Any]:
    return []


def _state_parts(value: Any) -> Named:
    """Names of what is mapped: what was changed, and what a look at would fetch from the database."""
    named = {
        name: part for name, part in _access.own_attributes(value, _classes.info_of(type(value))) if type(name) is str
    }
    found: Named = [("state", _state(named))]
    changed = _names(named.get("committed_state"))
    expired = _names(named.get("expired_attributes"))
    target = named.get("obj")
    held = _access.weak_target(target, _classes.info_of(type(target)))
    loaded = (
        set(_names(dict(_access.instance_dict(held, _classes.info_of(type(held))) or ()))) if held is not None else None
    )
    mapped = _names(named.get("manager"))
    found += [("changed_names", changed)] if changed and named.get("modified") is True else []
    found += [("expired_names", expired)] if expired else []
    absent = [name for name in mapped if loaded is not None and name not in loaded and name not in expired]
    return found + ([("not_loaded", absent)] if absent else [])


def _names(held: Any) -> List[str]:
    cls = type(held)
    if _safe.is_builtin_subclass(cls, dict):
        keys = list(dict.keys(held))
    elif cls is set or cls is frozenset:
        keys = list(held)
    else:
        return []
    return [key for key in keys[:_MOST] if type(key) is str]


def _state(named: Dict[str, Any]) -> str:
    has_key, has_session = named.get("key") is not None, named.get("session_id") is not None
    if not has_key:
        return "pending" if has_session else "transient"
    if not has_session:
        return "detached"
    return "deleted" if named.get("_deleted") is True else "persistent"


def _state_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    told = ["%s: %s" % (word, ", ".join(named[name])) for name, word in _LISTS if name in named]
    return ["<%s %s>" % (name_of(value), "; ".join([of_type(named, "state", str), *told]))]


_LISTS = (("changed_names", "changed"), ("expired_names", "expired"), ("not_loaded", "not loaded"))


def _missing(value: Any, named: Dict[str, Any]) -> Optional[List[Part]]:
    return ["<NA>"]


def _interval_parts(value: Any) -> Named:
    return [(name, got(value, name)) for name in ("left", "right", "closed")]


def _interval_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [name_of(value) + "(", (named["left"],), ", ", (named["right"],), ", closed=", (named["closed"],), ")"]


FORMS = {
    ("sqlalchemy.engine.row", "Row"): Form(_row_line, _row_parts, _nothing),
    ("sqlalchemy.orm.state", "InstanceState"): Form(_state_line, _state_parts),
    **{(module, "NAType"): Form(_missing) for module in ("pandas", "pandas._libs.missing", "pandas.api.typing")},
    **{(module, "Interval"): Form(_interval_line, _interval_parts) for module in ("pandas", "pandas._libs.interval")},
}
