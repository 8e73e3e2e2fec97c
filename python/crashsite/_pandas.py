"""Frames, series and indexes of pandas: columns of numpy's arrays, found by C accessors and instance dictionaries.

Nothing of pandas is imported, and none of its Python run. What lies in blocks of several columns is told column by column, so that
texts under a name that promises a secret are known.
"""

from itertools import islice
from typing import Any, Dict, List, Optional, Tuple

from . import _arrow, _numpy, _safe
from ._builtins import keep_builtins

keep_builtins(globals())

FRAME, SERIES, INDEX, ARRAY = "frame", "series", "index", "array"
_ROLES = {"DataFrame": FRAME, "Series": SERIES, "Index": INDEX, "ExtensionArray": ARRAY}

#: columns of a frame that are read, and that its line shows
MOST_COLUMNS = 1000
_SHOWN_COLUMNS, _SHOWN = 30, 3
#: how far arrays lie within each other
_DEEPEST = 4
#: levels of an index
_MOST_LEVELS = 32
#: attributes that are told otherwise, or are caches
TOLD = frozenset(
    [
        "_mgr",
        "_item_cache",
        "_name",
        "_data",
        "_mask",
        "_range",
        "_cache",
        "_id",
        "_references",
        "_engine",
        "_index",
        "_pa_array",
        "_levels",
        "_codes",
        "_names",
    ]
)


def role_of(cls: type) -> str:
    """What objects of a class are to pandas; an empty text of any other class."""
    for base in _safe.mro_of(cls):
        role = _ROLES.get(_safe.type_name(base))
        if role is not None and _safe.type_module(base).split(".")[0] == "pandas":
            return role
    return ""


def member(value: Any, name: str) -> Any:
    """An attribute that C code keeps, or that stands in the instance dictionary; None where there is none."""
    cls = type(value)
    for owner in _safe.mro_of(cls):
        entry = _safe.own_entry(owner, name)
        if (type(entry) is _safe.GetSet or type(entry) is _safe.Member) and entry.__objclass__ is owner:
            return entry.__get__(value) if _safe.is_builtin_subclass(cls, owner) else None
    getter = _safe.dict_getter(cls)
    found = getter(value) if getter is not None else None
    return _safe.dict_get(found, name) if type(found) is dict else None


class Column:
    """Items in a row: of an array, of which some may be missing, or by the codes of categories; or a range."""

    def __init__(self, dtype: str, length: int) -> None:
        self.dtype = dtype
        self.length = length
        self.array: Optional[_numpy.Array] = None
        self.mask: Optional[_numpy.Array] = None
        self.categories: Optional[Column] = None
        #: of an index of several levels: of each level, its codes, with its categories
        self.levels: List[Column] = []
        self.range: Optional[range] = None

    def place(self, index: int) -> Optional[int]:
        """Where an item is in what is kept."""
        if self.array is None or self.array.flat is None:
            return None
        length, kept = self.array.shape[0], self.array.kept[0]
        if kept >= length or index < kept:
            return index
        return index - length + 2 * kept if index >= length - kept else None


class Frame:
    """A frame: its index, the names of its columns, and the columns, each with the object that holds it."""

    def __init__(self, index: Any, names: Any) -> None:
        self.index, self.names = index, names
        self.columns: List[Tuple[Any, Optional[Column]]] = []
        self.rows = 0
        self.width = 0


def column_of(values: Any, depth: int = 0) -> Optional[Column]:
    """The items of an array, an array of pandas, or a range; None where they are kept otherwise."""
    if type(values) is range:
        found = Column("int64", len(values))
        found.range = values
        return found
    role, base = _numpy.role_of(type(values))
    if role == _numpy.ARRAY:
        array = _numpy.arrays.read(values, role, base)
        if len(array.shape) != 1:
            return None
        found = Column(array.dtype.name(), array.shape[0])
        found.array = array
        return found
    known = role_of(type(values)) if depth < _DEEPEST else ""
    if known == INDEX and member(values, "_levels") is not None:
        return _column_of_levels(values) if depth < 2 else None
    if known == INDEX:
        return column_of(_values_of_index(values), depth + 1)
    if known != ARRAY:
        return None
    inner, mask = array_of(values)
    wrapped = column_of(inner, depth + 1)
    if wrapped is None or wrapped.array is None:
        return None
    dtype = member(values, "_dtype")
    wrapped.dtype = dtype_of(values, wrapped.dtype)
    if mask is not None:
        wrapped.mask = _numpy.arrays.read(mask, *_numpy.role_of(type(mask)))
        wrapped.array.statistics = None
    elif wrapped.dtype == "category":
        wrapped.categories = column_of(member(dtype, "_categories"), depth + 1)
        wrapped.array.statistics = None
    return wrapped


def levels_of(values: Any) -> List[Tuple[Any, Any]]:
    """Of an index of several levels: indexes of what there is on each, and arrays of places in them."""
    levels, codes = member(values, "_levels"), member(values, "_codes")
    if not (_safe.is_builtin_subclass(type(levels), list) and _safe.is_builtin_subclass(type(codes), list)):
        return []
    return list(zip(list.__getitem__(levels, slice(0, _MOST_LEVELS)), list.__getitem__(codes, slice(0, _MOST_LEVELS))))


def _column_of_levels(values: Any) -> Optional[Column]:
    found: List[Column] = []
    for level, codes in levels_of(values):
        column, categories = column_of(codes, 2), column_of(level, 2)
        if column is None or column.array is None or categories is None:
            return None
        column.categories = categories
        found.append(column)
    if not found:
        return None
    whole = Column("object", found[0].length)
    whole.levels = found
    return whole


def array_of(values: Any) -> Tuple[Any, Any]:
    """The array that one of pandas is made of, and which of its items are missing."""
    held = member(values, "_pa_array")
    if held is not None:
        return _arrow.arrays_of(held)
    inner = member(values, "_ndarray")
    return (inner, None) if inner is not None else (member(values, "_data"), member(values, "_mask"))


def dtype_of(values: Any, inner: str) -> str:
    """As ``str(dtype)`` of an array of pandas."""
    dtype = member(values, "_dtype")
    name = _safe.type_name(type(dtype))
    if name == "CategoricalDtype":
        return "category"
    if name == "DatetimeTZDtype":
        zone = member(dtype, "_tz")
        shown = member(zone, "key")
        utc = type(zone).__module__ == "datetime" and _safe.type_name(type(zone)) == "timezone"
        return inner[:-1] + ", %s]" % (shown if type(shown) is str else "UTC" if utc else "tz")
    if name == "ArrowDtype":
        return _arrow.type_name(member(values, "_pa_array")) + "[pyarrow]"
    if name == "StringDtype":
        missing = member(dtype, "_na_value")
        return "str" if type(missing) is float else "string"
    if member(values, "_mask") is not None:
        return "boolean" if inner == "bool" else inner[:1].upper() + inner[1:].replace("int", "Int", inner[0] == "u")
    return inner


def frame_of(value: Any) -> Optional[Frame]:
    """What there is of a frame; None where it is kept otherwise. It is read once in a dump."""
    known = _numpy.arrays.frames.get(id(value))
    if known is None:
        known = _numpy.arrays.frames[id(value)] = (value, _new_frame(value))
    found: Optional[Frame] = known[1]
    return found


def _new_frame(value: Any) -> Optional[Frame]:
    manager = member(value, "_mgr")
    axes, blocks = member(manager, "axes"), member(manager, "blocks")
    if type(axes) is not list or len(axes) != 2 or type(blocks) is not tuple:
        return None
    found = Frame(axes[1], axes[0])
    parts: Dict[int, Any] = {}
    for block in blocks:
        places, values = member(member(block, "_mgr_locs"), "indexer"), member(block, "values")
        if type(places) is slice:
            numbers = list(islice(range(places.start or 0, places.stop, places.step or 1), MOST_COLUMNS))
        else:
            array = _numpy.arrays.read(places, *_numpy.role_of(type(places)))
            numbers = _numpy.items_of(array)
        for index, place in enumerate(numbers):
            if 0 <= place < MOST_COLUMNS:
                parts[place] = (values, index)
    names, index_column = column_of(axes[0]), column_of(axes[1])
    for place in sorted(parts):
        if place != len(found.columns):
            break
        values, index = parts[place]
        found.columns.append(_column_of_block(values, index))
    lengths = [column.length for _, column in found.columns if column is not None]
    found.rows = index_column.length if index_column is not None else lengths[0] if lengths else 0
    found.width = names.length if names is not None else len(found.columns)
    return found


def _column_of_block(values: Any, index: int) -> Tuple[Any, Optional[Column]]:
    if _numpy.role_of(type(values))[0] == _numpy.ARRAY:
        row = _numpy.row_of(values, index)
        return row, column_of(row)
    inner, mask = array_of(values)
    if mask is None and inner is not None and _numpy.axes_of(inner) == 2:
        row = _numpy.row_of(inner, index)
        column = column_of(row)
        if column is not None:
            column.dtype = dtype_of(values, column.dtype)
        return row, column
    return values, column_of(values)


def values_of_series(value: Any) -> Tuple[Any, Any]:
    """The index and the array of a series."""
    manager = member(value, "_mgr")
    axes, blocks = member(manager, "axes"), member(manager, "blocks")
    if type(axes) is not list or len(axes) != 1 or type(blocks) is not tuple or len(blocks) != 1:
        return None, None
    return axes[0], member(blocks[0], "values")


def _values_of_index(value: Any) -> Any:
    if member(value, "_levels") is not None:
        return value
    held = member(value, "_range")
    return held if held is not None else member(value, "_data")


def values_of(value: Any, role: str) -> Any:
    """What holds the items of a series or an index."""
    return values_of_series(value)[1] if role == SERIES else _values_of_index(value) if role == INDEX else value


def heading(name: str, label: str, column: Column) -> str:
    """The beginning of the line of a series, an index or an array of pandas."""
    text = "<%s %s%s (%d,)" % (name, label and label + " ", column.dtype, column.length)
    if column.array is not None and column.length > 2 * _SHOWN:
        text += _numpy.statistics_text(column.array)
    return text + ": "


def shown_places(column: Column) -> List[Optional[int]]:
    """The items that a line shows; None for those that it leaves out."""
    length = column.length
    if length <= 2 * _SHOWN:
        return list(range(length))
    return [*range(_SHOWN), None, *range(length - _SHOWN, length)]


def shown_columns(frame: Frame) -> int:
    """How many columns the line of a frame shows."""
    return min(len(frame.columns), _SHOWN_COLUMNS)
