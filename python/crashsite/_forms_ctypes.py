"""Forms of ctypes: structures, arrays, pointers and numbers, read from the bytes that they are made of.

No memory is read but what ctypes has allocated for the object, or for the one that it is a part of: what a pointer leads to may be
gone. No accessor of a field is asked, since that of a text follows a pointer.
"""

import struct
import sys
from typing import Any, Dict, List, Optional

from . import _safe
from ._builtins import keep_builtins
from ._forms import Form, Named, Part, Unknown, got, name_of, opening, with_names

keep_builtins(globals())

#: bytes of one object that are looked at, and items of one array
_MOST_BYTES, _MOST_ITEMS = 1 << 16, 100
#: how deep structures lie within each other
_DEEPEST = 8
_NUMBERS, _POINTERS = "bBhHiIlLqQfd?c", "zZPOX"


def _memory(value: Any) -> bytes:
    module = _module()
    root, start = value, module.addressof(value)
    base = got(root, "_b_base_")
    while base is not None:
        root, base = base, got(base, "_b_base_")
    # what a pointer leads to has the pointer as its base
    if start < module.addressof(root) or start + module.sizeof(value) > module.addressof(root) + module.sizeof(root):
        raise Unknown("memory that is not its own")
    owner = _safe.lookup(type(value), "__buffer__")[0]
    if not got(root, "_b_needsfree_") or (owner is not None and _safe.is_python_class(owner)):
        raise Unknown("memory that is not its own")
    view = memoryview(value)
    try:
        if view.nbytes > _MOST_BYTES:
            if view.ndim == 0 or view.strides is None or view.strides[0] > _MOST_BYTES:
                raise Unknown("too large")
            return view[: _MOST_BYTES // max(view.strides[0], 1)].tobytes()
        return view.tobytes()
    finally:
        view.release()


def _read(cls: type, raw: bytes, place: int, depth: int = 0) -> Any:
    """The value of a type at a place: a number, a text, a list, or a dictionary of fields."""
    if depth > _DEEPEST:
        raise Unknown("too deep")
    if not _safe.is_class(cls):
        raise Unknown("no type")
    if _is_a(cls, "Structure") or _is_a(cls, "Union"):
        return dict(_fields(cls, raw, place, depth))
    kind = _safe.lookup(cls, "_type_")[1]
    if _is_a(cls, "Array"):
        length = _safe.lookup(cls, "_length_")[1]
        if type(length) is not int or not _safe.is_class(kind):
            raise Unknown("no array")
        size = _size(kind)
        if _safe.lookup(kind, "_type_")[1] == "c":
            return raw[place : place + length].split(b"\0", 1)[0]
        count = min(length, _MOST_ITEMS, (len(raw) - place) // max(size, 1))
        return [_read(kind, raw, place + index * size, depth + 1) for index in range(count)]
    if _is_a(cls, "_Pointer") or (type(kind) is str and kind in _POINTERS):
        return struct.unpack_from("P", raw, place)[0]
    if type(kind) is str and kind in _NUMBERS:
        swapped = _safe.lookup(cls, "_swappedbytes_")[0] is not None
        order = "@" if not swapped else ">" if sys.byteorder == "little" else "<"
        if swapped:  # of another order there are no native sizes
            kind = (
                {1: "bB", 2: "hH", 4: "iI", 8: "qQ"}[struct.calcsize(kind)][kind.isupper()]
                if kind not in "fd"
                else kind
            )
        return struct.unpack_from(order + kind, raw, place)[0]
    raise Unknown("a type of another kind")


def _fields(cls: type, raw: bytes, place: int, depth: int) -> Named:
    found: Named = []
    for base in reversed(_safe.mro_of(cls)):
        fields = _safe.own_entry(base, "_fields_")
        for field in fields[:_MOST_ITEMS] if type(fields) is list or type(fields) is tuple else ():
            if type(field) is not tuple or type(field[0]) is not str:
                raise Unknown("no field")
            entry = _safe.own_entry(base, field[0])
            if _safe.type_name(type(entry)) != "CField" or _safe.is_python_class(type(entry)):
                raise Unknown("no field")
            offset = place + entry.offset
            part = _read(field[1], raw, offset, depth + 1)
            if len(field) == 3:
                part = _bits(part, entry)
            found.append((field[0], part))
    return found


def _bits(number: int, entry: Any) -> int:
    """Some bits of a number; up to 3.13 the size of the field tells which."""
    count = getattr(entry, "bit_size", entry.size >> 16)
    shift = getattr(entry, "bit_offset", entry.size & 0xFFFF)
    found: int = number >> shift & ((1 << count) - 1)
    return found


def _is_a(cls: type, name: str) -> bool:
    return any(
        _safe.type_name(base) == name and _safe.type_module(base) == "_ctypes" and not _safe.is_python_class(base)
        for base in _safe.mro_of(cls)
    )


def _size(cls: Any) -> int:
    """Bytes of a type, by ctypes' own C function."""
    found: int = _module().sizeof(cls)
    return found


def _module() -> Any:
    """``_ctypes``, which is C code, where the program has it."""
    return sys.modules["_ctypes"]


def _value_parts(value: Any) -> Named:
    return [("value", _read(type(value), _memory(value), 0))]


def _field_parts(value: Any) -> Named:
    return _fields(type(value), _memory(value), 0, 0)


def _address_parts(value: Any) -> Named:
    return [("address", _read(type(value), _memory(value), 0))]


def _number_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [name_of(value) + "(", (named["value"],), ")"]


def _address_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["%s(%s)" % (name_of(value), named["address"] or None)]


def _pointer_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["%s to 0x%x>" % (opening(value), named["address"]) if named["address"] else opening(value) + ", null>"]


def _array_line(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["<%s " % name_of(value), (named["value"],), ">"]


def _fields_line(value: Any, named: Dict[str, Any]) -> Optional[List[Part]]:
    shown = [(name, part) for name, part in named.items() if name not in ("_b_base_", "_b_needsfree_", "_objects")]
    return ["<%s " % name_of(value), *with_names(shown, " "), ">"]


FORMS = {
    ("_ctypes", "Structure"): Form(_fields_line, _field_parts, of_c=True),
    ("_ctypes", "Union"): Form(_fields_line, _field_parts, of_c=True),
    ("_ctypes", "Array"): Form(_array_line, _value_parts, of_c=True),
    ("_ctypes", "_Pointer"): Form(_pointer_line, _address_parts, of_c=True),
    ("_ctypes", "_SimpleCData"): Form(_number_line, _value_parts, of_c=True),
    ("ctypes", "c_char_p"): Form(_address_line, _address_parts),
    ("ctypes", "c_wchar_p"): Form(_address_line, _address_parts),
}
