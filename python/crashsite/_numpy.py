"""numpy's arrays, scalars and dtypes, by accessors that are C code; nothing of numpy is imported, and none of its Python run.

Of a large array what is kept is a grid: along each axis so many items at both ends. So all corners are there, and what is kept is
itself an array in C order.
"""

import sys
from itertools import product
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import _safe
from ._builtins import keep_builtins

keep_builtins(globals())

ARRAY, SCALAR, DTYPE = "array", "scalar", "dtype"
_ROLES = {"ndarray": ARRAY, "generic": SCALAR, "dtype": DTYPE}

#: items, of one array and of all in a dump, that are looked at for the least and the greatest
MOST_COUNTED, MOST_COUNTED_IN_ALL = 1 << 18, 1 << 22
#: axes that may be cut: there is a block of memory for each combination of their ends
_MOST_AXES = 8
#: how deep a dtype may have fields of fields
_DEEPEST = 8
#: items of an axis that a text shows at each end: of the last axis, and of the others
_SHOWN, _SHOWN_OUTSIDE = 3, 1

_TEXTS, _COUNTED = "OSUT", "iufmM"
_NAMES = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}
_NAT = -(1 << 63)
_UNIT_ONLY = {"m": "timedelta64", "M": "datetime64"}


def role_of(cls: type) -> Tuple[str, type]:
    """What objects of a class are to numpy, and the class of numpy's that it derives from; ``("", object)`` of any other class.

    These are static types of C, which no class statement makes."""
    walk: Optional[type] = cls
    while walk is not None and walk is not object:
        role = _ROLES.get(_safe.type_name(walk))
        if role is not None and not _safe.is_python_class(walk) and _safe.type_module(walk) == "numpy":
            return role, walk
        walk = _safe.base_of(walk)
    return "", object


class _Accessors:
    """The C code of one of the three classes: its descriptors, each as a function of the object."""

    def __init__(self, base: type) -> None:
        self.entries = _safe.own_entries(base)

    def get(self, name: str, value: Any) -> Any:
        """The attribute of that name."""
        return self.entries[name].__get__(value)

    def call(self, name: str, value: Any, *arguments: Any) -> Any:
        """What the method of that name gives."""
        return self.entries[name](value, *arguments)


_accessors: Dict[int, _Accessors] = {}


def _of(base: type) -> _Accessors:
    found = _accessors.get(id(base))
    if found is None:
        found = _accessors[id(base)] = _Accessors(base)
    return found


class Dtype:
    """A dtype: what the items of an array are."""

    def __init__(self, value: Any, depth: int = 0) -> None:
        code = _of(_base_of(value, DTYPE))
        self.value = value
        self.text = _safe.exact_str(code.get("str", value))
        self.kind = _safe.exact_str(code.get("kind", value))
        self.itemsize: int = code.get("itemsize", value)
        self.names: Tuple[str, ...] = code.get("names", value) or ()
        #: name → (dtype, offset)
        self.fields: Dict[str, Tuple[Any, ...]] = dict(code.get("fields", value) or ())
        self.has_shape = code.get("subdtype", value) is not None
        self.parts: List[Dtype] = (
            [Dtype(self.fields[name][0], depth + 1) for name in self.names] if depth < _DEEPEST else []
        )
        #: its items are objects, or texts, which are kept as such so that they are redacted as such
        self.is_of_objects: bool = bool(
            code.get("hasobject", value) or self.kind in _TEXTS or any(part.is_of_objects for part in self.parts)
        )

    def name(self) -> str:
        """As ``str(dtype)``."""
        if self.parts:
            listed = zip(self.names, self.parts)
            return "[%s]" % ", ".join("(%r, %s)" % (name, part.name_in_list()) for name, part in listed)
        if self.kind in _NAMES and self.text[:1] != ">":
            return _NAMES[self.kind] + ("" if self.kind == "b" else str(self.itemsize * 8))
        if self.kind in _UNIT_ONLY and self.text[:1] != ">":
            return _UNIT_ONLY[self.kind] + self.text[3:]
        return "object" if self.kind == "O" else "StringDType()" if self.kind == "T" else self.text

    def name_in_list(self) -> str:
        """As it stands in the list that describes a structured dtype."""
        return self.name() if self.parts else repr(self.text)


class Array:
    """What is kept of an array or a scalar."""

    def __init__(self, dtype: Dtype, shape: Tuple[int, ...]) -> None:
        self.dtype = dtype
        self.shape = shape
        #: items at both ends of each axis, where not all are kept; else its length
        self.kept: Tuple[int, ...] = ()
        #: the grid that is kept: an array of one axis
        self.flat: Any = None
        #: its bytes, or its items where these are objects
        self.raw: bytes = b""
        self.items: Optional[List[Any]] = None
        #: (items looked at, the least, the greatest, how many are NaN), of numbers; and the two as texts
        self.statistics: Optional[Tuple[int, Any, Any, int]] = None
        self.least_text = self.greatest_text = ""
        self.strides: Tuple[int, ...] = ()

    def full(self) -> int:
        """Items of the whole."""
        return _count(self.shape)

    def rows(self) -> int:
        """What is kept of the first axis: the elements that it has."""
        if not self.shape or self.flat is None:
            return 0
        return self.kept[0] if _is_whole(self.shape[0], self.kept[0]) else 2 * self.kept[0]

    def is_whole(self) -> bool:
        """Whether all items are kept."""
        return all(map(_is_whole, self.shape, self.kept))


class Arrays:
    """All arrays of one dump: how much of them may still be kept, and what was, so that an array is read once."""

    def __init__(self) -> None:
        self.begin(0, 0)

    def begin(self, most: int, most_in_all: int) -> None:
        """Bytes of one array, and of all together."""
        self.most, self.left, self.to_count = most, most_in_all, MOST_COUNTED_IN_ALL
        self._read: Dict[int, Tuple[Any, Array]] = {}
        #: what pandas has made of arrays, by the frame's id
        self.frames: Dict[int, Tuple[Any, Any]] = {}
        #: what was made of columns of Arrow, by the column's id
        self.made: Dict[int, Tuple[Any, Any]] = {}

    def read(self, value: Any, role: str, base: type) -> Array:
        """What is kept of an array or scalar."""
        known = self._read.get(id(value))
        if known is None:
            known = self._read[id(value)] = (value, self._new(value, role, base))
        return known[1]

    def ends(self, length: int, width: int) -> int:
        """How many items of one axis are kept at each end; its length where all are."""
        kept: int = _grid((length,), min(self.most, max(self.left, 0)) // width)[0]
        return kept

    def make(self, count: int, dtype: str, items: Any, length: int, kept: int) -> Any:
        """An array of the items that are kept of one that is `length` long; they are a list, or bytes."""
        base: Any = vars(sys.modules["numpy"])["ndarray"]
        if role_of(base) != (ARRAY, base):
            raise TypeError("no array of numpy")
        code = _of(base)
        if dtype == "O":
            value = code.entries["__new__"](base, (count,), dtype)
            code.call("__setitem__", value, slice(None), items)
        else:
            value = code.entries["__new__"](base, (count,), dtype, items)
        array = Array(Dtype(code.get("dtype", value)), (length,))
        array.kept, array.flat = (kept,), value
        array.strides = tuple(code.get("strides", value))
        if dtype == "O":
            array.items = items
        else:
            array.raw = items
        self.left -= count * array.dtype.itemsize
        self._read[id(value)] = (value, array)
        return value

    def _new(self, value: Any, role: str, base: type) -> Array:
        code = _of(base)
        if role == SCALAR:
            value = code.call("__array__", value)
            base = _base_of(value, ARRAY)
            code = _of(base)
        else:
            value = code.call("view", value, base)  # of exactly that class: no subclass is asked
        dtype = Dtype(code.get("dtype", value))
        array = Array(dtype, tuple(code.get("shape", value)))
        array.strides = tuple(code.get("strides", value))
        width = max(dtype.itemsize, 8 if dtype.is_of_objects else 1)
        array.kept = _grid(array.shape, min(self.most, max(self.left, 0)) // width)
        if not array.kept and self.left < width:
            return array
        array.flat = _flat(value, code, array)
        if dtype.is_of_objects:
            array.items = code.call("tolist", array.flat)
            self.left -= len(array.items) * width
        else:
            array.raw = code.call("tobytes", array.flat)
            self.left -= len(array.raw)
        if role == ARRAY:
            self._count(value, code, array)
        return array

    def _count(self, value: Any, code: _Accessors, array: Array) -> None:
        """The least, the greatest, and how many are NaN, by methods that are no ufuncs: these may warn and call back."""
        dtype, shape = array.dtype, array.shape
        most = min(MOST_COUNTED, self.to_count)
        if dtype.kind not in _COUNTED or dtype.itemsize > 8 or not array.full():
            return
        if array.full() > most:
            while _count(shape[1:]) > most:
                value, shape = code.call("__getitem__", value, 0), shape[1:]
            rows = most // _count(shape[1:])
            if not rows:
                return
            value = code.call("__getitem__", value, slice(0, rows))
        counted = _count(tuple(code.get("shape", value)))
        self.to_count -= counted
        value = code.call("ravel", value)
        none = _NAT if dtype.kind in _UNIT_ONLY else None
        numbers = value if none is None else code.call("view", value, dtype.text[0] + "i8")
        least, greatest = code.call("argmin", numbers), code.call("argmax", numbers)
        nothing = 0
        found = code.call("item", numbers, least)
        if found != found or found == none:
            value = code.call("copy", value)
            numbers = value if none is None else code.call("view", value, dtype.text[0] + "i8")
            code.call("sort", numbers)  # NaN comes last; NaT is the smallest number
            if none is None:
                nothing = _trailing(lambda place: code.call("item", numbers, place), counted)
                least, greatest = 0, counted - nothing - 1
            else:
                nothing = least = int(code.call("searchsorted", numbers, none, "right"))
                greatest = counted - 1
        if nothing == counted:
            array.statistics = (counted, None, None, counted)
            return
        array.statistics = (counted, code.call("item", numbers, least), code.call("item", numbers, greatest), nothing)
        array.least_text, array.greatest_text = item_text(value, dtype, least), item_text(value, dtype, greatest)


def _trailing(item: Callable[[int], Any], count: int) -> int:
    """How many of the last items are not equal to themselves, all others coming before them."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        found = item(middle)
        if found == found:
            low = middle + 1
        else:
            high = middle
    return count - low


def _base_of(value: Any, wanted: str) -> type:
    role, base = role_of(type(value))
    if role != wanted:
        raise TypeError("no %s of numpy" % wanted)
    return base


def _count(shape: Tuple[int, ...]) -> int:
    count = 1
    for length in shape:
        count *= length
    return count


def _is_whole(length: int, kept: int) -> bool:
    return kept >= length


def _grid(shape: Tuple[int, ...], most: int) -> Tuple[int, ...]:
    """How much of each axis is kept, so that it is `most` items at most: its length, or so many at both ends."""
    if not shape or _count(shape) <= most:
        return shape
    low, high = 0, max(shape) // 2  # the same for all axes that are cut
    while low < high:
        middle = (low + high + 1) // 2
        if _count(tuple(min(length, 2 * middle) for length in shape)) <= most:
            low = middle
        else:
            high = middle - 1
    kept = tuple(length if length <= 2 * low else low for length in shape)
    cut = sum(map(int.__lt__, kept, shape))
    return kept if low and cut <= _MOST_AXES else (0,) * len(shape)


def _flat(value: Any, code: _Accessors, array: Array) -> Any:
    """The grid that is kept, copied, in C order, as an array of one axis."""
    if array.is_whole():
        return code.call("flatten", value)
    lengths = [kept if _is_whole(length, kept) else 2 * kept for length, kept in zip(array.shape, array.kept)]
    grid = code.entries["__new__"](type(value), tuple(lengths), array.dtype.value)
    if not _count(tuple(lengths)):
        return code.call("flatten", grid)
    ends = [
        [(slice(None), slice(None))]
        if _is_whole(length, kept)
        else [(slice(0, kept), slice(0, kept)), (slice(kept, 2 * kept), slice(length - kept, length))]
        for length, kept in zip(array.shape, array.kept)
    ]
    for places in product(*ends):
        part = code.call("__getitem__", value, tuple(of for _, of in places))
        code.call("__setitem__", grid, tuple(into for into, _ in places), part)
    return code.call("flatten", grid)


def dtype_text(value: Any) -> str:
    """As ``repr(dtype)``."""
    dtype = Dtype(value)
    if dtype.kind == "T":
        return "StringDType()"
    return "dtype(%s)" % (dtype.name() if dtype.parts else repr("O" if dtype.kind == "O" else dtype.name()))


def dtype_attributes(value: Any) -> List[Tuple[str, Any]]:
    """What there is to tell of a dtype."""
    dtype = Dtype(value)
    found: List[Tuple[str, Any]] = [("str", dtype.text), ("itemsize", dtype.itemsize)]
    if dtype.names:
        fields = {name: tuple(dtype.fields[name][:2]) for name in dtype.names}
        found += [("names", dtype.names), ("fields", fields)]
    if dtype.has_shape:
        found.append(("shape", _of(_base_of(value, DTYPE)).get("shape", value)))
    return found


def item_text(flat: Any, dtype: Dtype, place: int) -> str:
    """An item of a grid whose items are no objects, as ``str`` of numpy's scalar has it, or of the float."""
    code = _of(_base_of(flat, ARRAY))
    if dtype.parts:
        parts = []
        for name, part in zip(dtype.names, dtype.parts):
            shown = "…" if part.has_shape else item_text(code.call("__getitem__", flat, name), part, place)
            parts.append(shown)
        return "(%s%s)" % (", ".join(parts), "," if len(parts) == 1 else "")
    item = code.call("__getitem__", flat, place)
    if dtype.kind == "V":
        return repr(bytes(code.call("tobytes", code.call("__getitem__", flat, slice(place, place + 1)))))
    if dtype.kind == "f":
        return _float_text(item)
    if dtype.kind == "c":
        code = _of(_base_of(item, SCALAR))
        return repr(complex(*(float(_float_text(code.get(part, item))) for part in ("real", "imag"))))
    return str(item)  # C code of numpy's scalar


def _float_text(item: Any) -> str:
    """The shortest digits that give a float of its width back, as Python writes floats whatever numpy's version does."""
    return repr(float(str(item)))


def shown_places(array: Array, axis: int, before: int) -> List[Any]:
    """What a text shows of an axis: places in the grid, lists of them for the axes within, and None for what is not shown."""
    length, kept = array.shape[axis], array.kept[axis]
    most = _SHOWN if axis == len(array.shape) - 1 else _SHOWN_OUTSIDE
    stored = kept if _is_whole(length, kept) else 2 * kept
    ends = min(most, kept)
    if _is_whole(length, kept) and length <= 2 * most:
        places: List[Optional[int]] = list(range(length))
    else:
        places = [*range(ends), None, *range(stored - ends, stored)]
    if axis == len(array.shape) - 1:
        return [None if place is None else before * stored + place for place in places]
    return [None if place is None else shown_places(array, axis + 1, before * stored + place) for place in places]


def is_summarised(array: Array) -> bool:
    """Whether a text shows some of the items only."""
    last = len(array.shape) - 1
    return any(length > 2 * (_SHOWN if axis == last else _SHOWN_OUTSIDE) for axis, length in enumerate(array.shape))


def heading(name: str, array: Array) -> str:
    """The beginning of an array's text: what it is, and what was counted where not all items are shown."""
    return "<%s %s %s%s: " % (
        name,
        array.dtype.name(),
        array.shape,
        statistics_text(array) if is_summarised(array) else "",
    )


def statistics_text(array: Array) -> str:
    """What was counted: `` min 0.0 max 9.0, 2 NaN``."""
    if array.statistics is None:
        return ""
    counted, least, _, nothing = array.statistics
    text = "" if least is None else " min %s max %s" % (array.least_text, array.greatest_text)
    text += ", %d %s" % (nothing, "NaT" if array.dtype.kind in _UNIT_ONLY else "NaN") if nothing else ""
    return text + (" of the first %d" % counted if counted < array.full() else "")


def axes_of(value: Any) -> int:
    """How many axes an array has."""
    found: int = _of(_base_of(value, ARRAY)).get("ndim", value)
    return found


def row_of(value: Any, place: int) -> Any:
    """One element of the first axis, a view; of the whole where it has no other axis."""
    base = _base_of(value, ARRAY)
    code = _of(base)
    plain = code.call("view", value, base)
    return code.call("__getitem__", plain, place) if code.get("ndim", value) > 1 else plain


def items_of(array: Array) -> List[Any]:
    """What is kept, as a list of Python's values."""
    return [] if array.flat is None else list(_of(type(array.flat)).call("tolist", array.flat))


def scalar_text(name: str, array: Array) -> str:
    """As ``repr`` of numpy's scalar (numpy 2)."""
    dtype = array.dtype
    if array.flat is None or array.items is not None:
        return "np.%s(…)" % name
    text = item_text(array.flat, dtype, 0)
    if dtype.kind == "b":
        return "np.%s_" % text
    if dtype.kind == "m":
        number = "'NaT'" if text == "NaT" else text.split(" ")[0]
        return "np.%s(%s,%r)" % (name, number, dtype.text[4:-1]) if dtype.text[3:] else "np.%s(%s)" % (name, number)
    if dtype.kind == "M" or (dtype.kind == "f" and dtype.itemsize > 8):
        return "np.%s(%r)" % (name, text)
    return "np.%s(%s)" % (name, text[1:-1] if dtype.kind == "c" and text[:1] == "(" else text)


#: those of the dump that is being written
arrays = Arrays()


def forget() -> None:
    """Drop what was read, and what is known of numpy's classes."""
    _accessors.clear()
    arrays.begin(0, 0)
