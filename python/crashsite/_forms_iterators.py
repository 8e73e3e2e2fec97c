"""Forms of the interpreter's own iterators and views: what they go over, and how far they are.

An iterator's ``__reduce__`` is asked only where it is C code that neither takes an element nor asks what it goes over, and what
itertools keep is read by the collector's traversal: there, ``__reduce__`` warns, or is gone.
"""

from typing import Any, Dict, List, Tuple

from . import _access, _classes, _safe, _stacks
from ._builtins import keep_builtins
from ._forms import Form, Named, Part, Unknown, called, got, listed, name_of, opening

keep_builtins(globals())

#: pairs of a dictionary that the line of a view is made of
_MOST = 100
_NUMBERS = (int, float)


def _held(value: Any) -> List[Any]:
    """What the collector's traversal visits; from 3.12 on the class comes first."""
    cls = type(value)
    return [one for one in _safe.referents(value) if one is not cls]


def _reduced(value: Any) -> Tuple[Any, ...]:
    found: Tuple[Any, ...] = called(value, "__reduce__")
    return found


# -- Over a sequence --------------------------------------------------------------------------------------------------


def _sequence_parts(value: Any) -> Named:
    found = _reduced(value)
    if len(found) != 3 or type(found[2]) is not int:
        return []
    return [("iterable", found[1][0]), ("position", found[2])]


def _sequence_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    if "position" not in named:
        return [opening(value) + ", exhausted>"]
    return ["%s at %d of " % (opening(value), named["position"]), (named["iterable"],), ">"]


def _range_parts(value: Any) -> Named:
    found = _reduced(value)
    left = found[1][0]
    if type(left) is not range:
        return []
    return [("left", left[found[2] :] if len(found) == 3 and type(found[2]) is int else left)]


def _range_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [opening(value) + " with ", (named["left"],), " left>"]


# -- Over a dictionary or a set ---------------------------------------------------------------------------------------


def _hashed_parts(value: Any) -> Named:
    """A table that has changed its size is at no position."""
    for held in _safe.referents(value):
        info = _classes.info_of(type(held))
        if info.kind in (_classes.DICT, _classes.SET, _classes.FROZENSET):
            left = called(value, "__length_hint__")
            count = _access.length(held, info)
            return [("iterable", held), ("position", count - left)] if left else [("iterable", held)]
    return []


def _hashed_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    if "iterable" not in named:
        return [opening(value) + ", exhausted>"]
    position = named.get("position")
    place = " of " if position is None else " at %d of " % position
    return [opening(value) + place, (named["iterable"],), ">"]


def _viewed(value: Any) -> Any:
    for held in _safe.referents(value):
        if _safe.is_builtin_subclass(type(held), dict):
            return held
    raise Unknown("a view of nothing")


def _view_parts(value: Any) -> Named:
    return [("mapping", _viewed(value))]


def _view_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    held = named["mapping"]
    pairs = _access.pairs(held, _classes.info_of(type(held)), 0, _MOST)
    name = name_of(value)
    if name.endswith("keys"):
        shown = [key for key, _ in pairs]
    elif name.endswith("values"):
        shown = [part for _, part in pairs]
    else:
        shown = pairs
    return [name + "([", *listed(shown), "])"]


# -- Over other iterators ---------------------------------------------------------------------------------------------


def _enumerate_parts(value: Any) -> Named:
    iterator, index = _reduced(value)[1]
    return [("iterator", iterator), ("index", index)]


def _enumerate_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [opening(value) + " at ", (named["index"],), " of ", (named["iterator"],), ">"]


def _zip_parts(value: Any) -> Named:
    return [("iterators", tuple(_reduced(value)[1]))]


def _zip_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [opening(value) + " of ", *listed(list(named["iterators"])), ">"]


def _mapped_parts(value: Any) -> Named:
    function, *iterators = _reduced(value)[1]
    return [("function", function), ("iterators", tuple(iterators))]


def _called_parts(value: Any) -> Named:
    found = _reduced(value)[1]
    return [("function", found[0]), ("sentinel", found[1])] if len(found) == 2 else []


def _called_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    if "function" not in named:
        return [opening(value) + ", exhausted>"]
    return [opening(value) + " of ", (named["function"],), " until ", (named["sentinel"],), ">"]


def _count_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    """By its own code, which asks the numbers that it holds."""
    if not all(any(type(held) is cls for cls in _NUMBERS) for held in _held(value)):
        raise Unknown("a count of the program's numbers")
    return [repr(value)]


def _repeat_parts(value: Any) -> Named:
    held: Named = [("object", one) for one in _held(value)[:1]]
    try:
        return [*held, ("left", called(value, "__length_hint__"))]
    except TypeError:  # without end
        return held


def _repeat_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    left = ", %d" % named["left"] if "left" in named else ""
    return ["repeat(", (named["object"],), left + ")"]


def _chained_parts(value: Any) -> Named:
    return list(zip(("source", "active"), _held(value)))


def _cycle_parts(value: Any) -> Named:
    return list(zip(("iterator", "saved"), _held(value)))


def _slice_parts(value: Any) -> Named:
    return [("iterator", one) for one in _held(value)]


def _first_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    """By the first of its parts; one that is exhausted has none."""
    if not named:
        return [opening(value) + ", exhausted>"]
    return [opening(value) + " of ", (next(iter(named.values())),), ">"]


def _suspended_parts(value: Any) -> Named:
    """Where a generator or the like is, and its locals; the stacks have only those that frames hold."""
    frame = got(value, _FRAMES[name_of(value)])
    if frame is None:
        return []
    return [("line", frame.f_lineno), ("locals", dict(_stacks.frame_locals(frame)))]


def _suspended_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["<%s object %s at 0x%x>" % (name_of(value), got(value, "__qualname__"), id(value))]


_FRAMES = {"generator": "gi_frame", "coroutine": "cr_frame", "async_generator": "ag_frame"}


def _nothing(_: Any) -> List[Any]:
    return []


_OVER_SEQUENCES = Form(_sequence_line, _sequence_parts, _nothing, of_c=True)
_OVER_RANGES = Form(_range_line, _range_parts, _nothing, of_c=True)
_OVER_TABLES = Form(_hashed_line, _hashed_parts, _nothing, of_c=True)
_VIEWS = Form(_view_line, _view_parts, _nothing, of_c=True)
_BUILTIN = {
    _OVER_SEQUENCES: "list_iterator list_reverseiterator tuple_iterator str_iterator str_ascii_iterator bytes_iterator "
    "bytearray_iterator iterator reversed",
    _OVER_RANGES: "range_iterator longrange_iterator",
    _OVER_TABLES: "dict_keyiterator dict_valueiterator dict_itemiterator dict_reversekeyiterator dict_reversevalueiterator "
    "dict_reverseitemiterator set_iterator",
    _VIEWS: "dict_keys dict_values dict_items odict_keys odict_values odict_items",
    Form(_enumerate_line, _enumerate_parts, _nothing, of_c=True): "enumerate",
    Form(_zip_line, _zip_parts, _nothing, of_c=True): "zip",
    Form(_zip_line, _mapped_parts, _nothing, of_c=True): "map filter",
    Form(_called_line, _called_parts, _nothing, of_c=True): "callable_iterator",
    Form(_suspended_line, _suspended_parts, of_c=True): " ".join(_FRAMES),
}
FORMS = {("builtins", name): form for form, names in _BUILTIN.items() for name in names.split()}
FORMS[("itertools", "count")] = Form(_count_line, None, _nothing, of_c=True)
FORMS[("itertools", "repeat")] = Form(_repeat_line, _repeat_parts, _nothing, of_c=True)
FORMS[("itertools", "chain")] = Form(_first_line, _chained_parts, _nothing, of_c=True)
FORMS[("itertools", "cycle")] = Form(_first_line, _cycle_parts, _nothing, of_c=True)
FORMS[("itertools", "islice")] = Form(_first_line, _slice_parts, _nothing, of_c=True)
