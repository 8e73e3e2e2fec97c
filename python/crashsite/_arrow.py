"""What pandas keeps in arrays of Arrow: the ends of a column, out of pyarrow's buffers, as arrays of numpy's.

Of pyarrow nothing is asked but its C code for the chunks of a column and their buffers. The buffers are read here, by the layout that
Arrow defines, and of a large one only where what is kept lies.
"""

import struct
from typing import Any, List, Tuple

from . import _numpy, _safe
from ._builtins import keep_builtins
from ._forms import Unknown, called, got

keep_builtins(globals())

#: chunks of a column that are gone through, and bytes of one text
_MOST_CHUNKS, _LONGEST = 10_000, 1 << 18
_NUMBERS = {
    "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8", "uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8",
    "halffloat": "f2", "float": "f4", "double": "f8",
}  # fmt: skip
_TEXTS = {"string": "i", "large_string": "q"}
_TIMES = {"timestamp": "M8", "duration": "m8"}


def type_name(held: Any) -> str:
    """As Arrow writes the type of a column."""
    return _safe.exact_str(called(got(held, "type"), "__str__"))


def arrays_of(held: Any) -> Tuple[Any, Any]:
    """The kept items of a column, and which of its items are missing, as arrays; (None, None) where it is of another kind."""
    known = _numpy.arrays.made.get(id(held))
    if known is None:
        try:
            found = _read(held)
        except MemoryError:
            raise
        except Exception:  # of another kind, or not in this memory
            found = (None, None)
        known = _numpy.arrays.made[id(held)] = (held, found)
    pair: Tuple[Any, Any] = known[1]
    return pair


def _read(held: Any) -> Tuple[Any, Any]:
    name = type_name(held)
    code = _dtype(name)
    length = called(held, "__len__")
    ends = _numpy.arrays.ends(length, 8 if name in _TEXTS else int(code[-1]) if code[1:].isdigit() else 8)
    places = [(0, length)] if ends >= length else [(0, ends), (length - ends, length)]
    items: List[Any] = []
    raw, valid = bytearray(), bytearray()
    first = 0
    for number in range(min(got(held, "num_chunks"), _MOST_CHUNKS)):
        chunk = _asked(held, "chunk", number)
        count = called(chunk, "__len__")
        for start, stop in places:
            start, stop = max(start, first) - first, min(stop, first + count) - first
            if start < stop:
                _piece(chunk, name, code, start, stop, items, raw, valid)
        first += count
    if first != length:
        raise Unknown("too many chunks")
    kept = len(valid)
    if name in _TEXTS:
        array = _numpy.arrays.make(kept, "O", items, length, ends)
    else:
        array = _numpy.arrays.make(kept, code, bytes(raw), length, ends)
    missing = None
    if 0 in valid:
        missing = _numpy.arrays.make(kept, "?", bytes([not one for one in valid]), length, ends)
    return array, missing


def _dtype(name: str) -> str:
    if name in _TEXTS:
        return "O"
    if name == "bool":
        return "?"
    kind, _, unit = name.rstrip("]").partition("[")
    if kind in _TIMES:
        return "<%s[%s]" % (_TIMES[kind], unit.partition(",")[0])
    return "<" + _NUMBERS[name]


def _piece(
    chunk: Any, name: str, code: str, start: int, stop: int, items: List[Any], raw: bytearray, valid: bytearray
) -> None:
    """Items [start, stop) of a chunk."""
    offset = got(chunk, "offset")
    validity, *buffers = _asked(chunk, "buffers")
    held = [memoryview(b"") if buffer is None else _view(buffer) for buffer in buffers]
    start, stop = start + offset, stop + offset
    present = b"\1" * (stop - start) if validity is None else _bits(_view(validity), start, stop)
    valid += present
    if name in _TEXTS:
        width = struct.calcsize("<" + _TEXTS[name])
        bounds = struct.unpack("<%d%s" % (stop - start + 1, _TEXTS[name]), held[0][start * width : (stop + 1) * width])
        for index, one in enumerate(present):
            low, high = bounds[index], bounds[index + 1]
            data = bytes(held[1][low : min(high, low + _LONGEST)])
            items.append(data.decode("utf-8", "replace") if one else None)
    elif name == "bool":
        raw += _bits(held[0], start, stop)
    else:
        width = 8 if "[" in code else int(code[-1])
        raw += held[0][start * width : stop * width]


def _bits(view: memoryview, start: int, stop: int) -> bytes:
    """A byte for each bit."""
    data = bytes(view[start >> 3 : (stop + 7) >> 3])
    shift = start & 7
    return bytes([data[place >> 3] >> (place & 7) & 1 for place in range(shift, shift + stop - start)])


def _view(buffer: Any) -> memoryview:
    if got(buffer, "is_cpu") is not True or _safe.is_python_class(type(buffer)):
        raise Unknown("memory of another device")
    return memoryview(buffer).cast("B")


def _asked(value: Any, name: str, *arguments: Any) -> Any:
    """What a method of pyarrow's own gives, which is C code."""
    for base in _safe.mro_of(type(value)):
        entry = _safe.own_entry(base, name)
        if entry is not None and not _safe.is_python_class(base):
            if _safe.type_name(type(entry)) != "cython_function_or_method":
                break
            return entry(value, *arguments)
    raise Unknown(name)
