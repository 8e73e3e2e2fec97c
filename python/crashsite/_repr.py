"""A one-line `repr` of any object without running the program's code, as Python itself would print it.

Where the class has a ``__repr__`` of its own, that is not run: a synthetic form ``<Order ident=3 lines=[]>`` stands
for it. The work is bounded by the length of the result; nothing recurses.
"""

import _thread
import array
import datetime
import functools
import gc
import re
import sys
import types
import weakref
from itertools import islice
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import (
    _access,
    _classes,
    _forms_ctypes,
    _forms_iterators,
    _forms_library,
    _forms_native,
    _forms_packages,
    _numpy,
    _pandas,
    _safe,
)
from ._builtins import keep_builtins
from ._classes import ClassInfo
from ._forms import Form, know
from ._redact import LEAVES, SHAPE_ONLY, Redactor

keep_builtins(globals())

for _forms in (_forms_ctypes, _forms_iterators, _forms_library, _forms_native, _forms_packages):
    know(_forms.FORMS)

#: characters of a preview
LIMIT = 200

#: a step of the rendering: text to write, an object to render, or the end of an object's own text
_TEXT, _OBJECT, _LEAVE = 0, 1, 2
_Task = Tuple[int, Any]
#: characters of an item within a tuple
_LONGEST_LABEL = 100

_PLAIN = _safe.ids_of(int, float, complex, str, bytes, bool, type(None))
_NONE_LIKE = (type(None), bool, type(Ellipsis), type(NotImplemented))


class Renderer:
    """One rendering. `out` grows until it is longer than `limit`; then the rest is not looked at."""

    def __init__(self, redactor: Redactor, limit: int) -> None:
        self.redactor = redactor
        self.limit = limit
        self.out: List[str] = []
        self.written = 0
        self.tasks: List[_Task] = []
        self.active: Dict[int, None] = {}

    def run(self, value: Any) -> str:
        """The text, cut after `limit` characters with a visible `…`."""
        self.tasks.append((_OBJECT, value))
        while self.tasks and self.written <= self.limit:
            what, item = self.tasks.pop()
            if what == _TEXT:
                self.write(item)
            elif what == _LEAVE:
                self.active.pop(item, None)
            else:
                self.render(item)
        text = "".join(self.out)
        return text if len(text) <= self.limit else text[: self.limit] + "…"

    def write(self, text: str) -> None:
        """Add text to the result."""
        self.out.append(text)
        self.written += len(text)

    def room(self) -> int:
        """How many elements can still show: each takes three characters at least."""
        return max(self.limit - self.written, 0) // 2 + 2

    def render(self, value: Any) -> None:
        """Write an atom, or queue the pieces of anything larger."""
        info = _classes.info_of(type(value))
        excluded = self.redactor.excluded(value, info)
        if excluded is not None:
            self.write(excluded)
            return
        if info.numpy and id(value) not in self.active:
            self.numpy(value, info)
            return
        if info.pandas and id(value) not in self.active and self.pandas(value, info):
            return
        if info.kind in LEAVES:
            shown = self.redactor.leaf(value, info)
            if shown is not None:
                self.write(redacted_text(shown[0], info, self.limit))
                return
        if info.form is not None and id(value) not in self.active and self.form(value, info, info.form):
            return
        if id(info.cls) in _MOMENTS and not _plain_zone(value, info) and id(value) not in self.active:
            self.zoned(value, info)
            return
        # an atom that is no subclass is the interpreter's own, even where (PyPy) it is written in Python
        own = info.style == "own" and not (info.exact and info.kind == _classes.ATOM)
        if info.kind in _ATOMIC:
            if self.redactor.mode == SHAPE_ONLY and info.kind in (_classes.WRAPPER, _classes.OPAQUE):
                self.write(opaque(value, info))
                return
            text = synthetic_atom(value, info) if own else atom(value, info, self.limit)
            if text is not None:
                made = info.kind in _MADE_OF_VALUES and " at 0x" not in text[-24:]
                self.write(self.redactor.text(text) if made else text)
                return
        if id(value) in self.active:
            self.write(cycle_mark(info))
            return
        pieces = self.pieces(value, info)
        self.active[id(value)] = None
        self.tasks.append((_LEAVE, id(value)))
        self.tasks.extend(reversed(pieces))

    def pieces(self, value: Any, info: ClassInfo) -> List[_Task]:
        """The steps that make up the repr of a compound object."""
        style, kind = info.style, info.kind
        if style == "own" or (style == "library" and info.kind == _classes.INSTANCE):
            return self.synthetic(value, info)
        if style == "namedtuple" or style == "structseq":
            name = info.name if style == "namedtuple" else _safe.full_name(info.cls)
            parts = list(zip(info.fields, tuple.__getitem__(value, slice(0, len(info.fields)))))
            return self.named(name + "(", parts, ")", "=", ", ")
        if style == "dataclass":
            have = {key: part for key, part in _access.own_attributes(value, info) if type(key) is str}
            if all(name in have for name in info.fields):
                return self.named(info.qualname + "(", [(name, have[name]) for name in info.fields], ")", "=", ", ")
            return self.synthetic(value, info)
        if style == "attrs" or style == "pydantic":
            return self.packaged(value, info)
        if style == "enum":
            return self.enum(value, info)
        if kind in (_classes.LIST, _classes.TUPLE, _classes.SET, _classes.FROZENSET, _classes.DEQUE):
            return self.sequence(value, info)
        if kind == _classes.DICT:
            return self.dict(value, info)
        if kind == _classes.EXCEPTION:
            args = _access.exc_args(value)
            return _listed(info.name + "(", list(tuple.__getitem__(args, slice(0, self.room()))), ")")
        if kind == _classes.METHOD:
            function, owner = value.__func__, value.__self__
            name = _safe.exact_str(function.__qualname__) if type(function) is types.FunctionType else "?"
            return [(_TEXT, "<bound method %s of " % name), (_OBJECT, owner), (_TEXT, ">")]
        if info.layout is slice:
            return _listed("slice(", [value.start, value.stop, value.step], ")")
        if info.layout is types.MappingProxyType:
            return [(_TEXT, "mappingproxy("), *((_OBJECT, part) for part in gc.get_referents(value)[:1]), (_TEXT, ")")]
        if info.cls is functools.partial:
            steps = _listed("functools.partial(", [value.func, *value.args[: self.room()]], "")
            if type(value.keywords) is dict:
                self.redactor.learn_all(list(value.keywords), list(value.keywords.values()))
                for key, part in list(dict.items(value.keywords))[: self.room()]:
                    steps += [(_TEXT, ", %s=" % _safe.exact_str(key)), (_OBJECT, part)]
            return [*steps, (_TEXT, ")")]
        if style == "SimpleNamespace":
            named = _access.instance_dict(value, info) or []
            if sys.version_info < (3, 9) and all(type(key) is str for key, _ in named):
                named.sort(key=lambda item: item[0])
            name = "namespace" if info.cls is types.SimpleNamespace else info.name
            return self.named(name + "(", named, ")", "=", ", ")
        return [(_TEXT, opaque(value, info))]

    def numpy(self, value: Any, info: ClassInfo) -> None:
        """``<ndarray float64 (2, 3): [[…], […]]>``, ``np.float64(1.5)``, ``dtype('float64')``."""
        if info.numpy == _numpy.DTYPE:
            self.write(self.redactor.text(_numpy.dtype_text(value)))
            return
        array = _numpy.arrays.read(value, info.numpy, info.numpy_base)
        shown = self.redactor.array(value, array)
        if shown is not None:
            self.write(bytes_repr(shown[0].encode("latin-1", "replace"), self.limit))
        elif info.numpy == _numpy.SCALAR:
            self.write(_numpy.scalar_text(info.name, array))
        else:
            self.active[id(value)] = None
            self.write(_numpy.heading(info.name, array))
            places = _numpy.shown_places(array, 0, 0) if array.shape else 0 if array.flat is not None else None
            self.tasks += [(_TEXT, ">"), (_LEAVE, id(value)), *reversed(self.places(array, places))]

    def pandas(self, value: Any, info: ClassInfo) -> bool:
        """``<DataFrame 500 rows × 2 columns: id int64, name str>``, ``<Series name str (500,): ['a', …]>``; false where it is kept
        in a way that is not known."""
        if info.pandas == _pandas.FRAME:
            frame = _pandas.frame_of(value)
            if frame is None:
                return False
            names = _pandas.column_of(frame.names)
            shown = []
            for index in range(_pandas.shown_columns(frame)):
                column = frame.columns[index][1]
                label = str(index) if names is None else self.label(names, index)
                shown.append("%s %s" % (label, "?" if column is None else column.dtype))
            more = ", …" if frame.width > len(shown) else ""
            self.write("<%s %d rows × %d columns: %s%s>" % (info.name, frame.rows, frame.width, ", ".join(shown), more))
            return True
        column = _pandas.column_of(_pandas.values_of(value, info.pandas))
        if column is None:
            return False
        name = _pandas.member(value, "_name") if info.pandas != _pandas.ARRAY else None
        label = "" if name is None else self.redactor.text(name) if type(name) is str else preview(name, self.redactor)
        if info.pandas == _pandas.SERIES:
            self.redactor.learn_column(name, column)
        self.active[id(value)] = None
        self.write(_pandas.heading(info.name, label, column))
        if column.range is not None:
            self.write(repr(column.range) + ">")
            return True
        steps: List[_Task] = [(_TEXT, "[")]
        for index, place in enumerate(_pandas.shown_places(column)):
            steps += [(_TEXT, ", " if index else ""), self.cell(column, place)]
        self.tasks += reversed([*steps, (_TEXT, "]>"), (_LEAVE, id(value))])
        return True

    def label(self, names: "_pandas.Column", place: int) -> str:
        """The name of a column, without quotes where it is a text."""
        what, item = self.cell(names, place)
        if what == _TEXT:
            return str(item)
        return self.redactor.text(item) if type(item) is str else preview(item, self.redactor)

    def cell(self, column: "_pandas.Column", place: Optional[int]) -> _Task:
        """An item of a column."""
        if column.range is not None:
            return _TEXT, "…" if place is None else str(column.range[place])
        if column.levels and place is not None:
            return _TEXT, "(%s)" % ", ".join([self.inner(level, place) for level in column.levels])
        kept = None if place is None else column.place(place)
        array = column.array
        if kept is None or array is None:
            return _TEXT, "…"
        if column.mask is not None and _numpy.item_text(column.mask.flat, column.mask.dtype, kept) == "True":
            return _TEXT, "NaN" if column.dtype == "str" else "NA"
        if column.categories is not None:
            code = int(_numpy.item_text(array.flat, array.dtype, kept))
            return (_TEXT, "NaN") if code < 0 else self.cell(column.categories, code)
        if array.items is not None:
            return _OBJECT, array.items[kept]
        return _TEXT, _numpy.item_text(array.flat, array.dtype, kept)

    def zoned(self, value: Any, info: ClassInfo) -> None:
        """A moment of which the zone is of the program's: its own numbers, and the zone as any other object."""
        without = repr(info.cls.replace(value, tzinfo=None))  # type: ignore[attr-defined]
        zone = (_datetime_zone if info.cls is datetime.datetime else _time_zone)(value)
        self.active[id(value)] = None
        self.tasks += [(_LEAVE, id(value)), (_TEXT, ")"), (_OBJECT, zone), (_TEXT, without[:-1] + ", tzinfo=")]

    def form(self, value: Any, info: ClassInfo, form: Form) -> bool:
        """What a library says of its object; false where that cannot be told from what the object holds."""
        if self.redactor.mode == SHAPE_ONLY:
            return False
        try:
            parts = form.parts(value) if form.parts is not None else []
            named = [item for item in _access.own_attributes(value, info) if type(item[0]) is str] + parts
            self.learn(named)
            line = form.line(value, dict(named))
        except MemoryError:
            raise
        except Exception:
            return False
        if line is None:
            return False
        self.active[id(value)] = None
        self.tasks.append((_LEAVE, id(value)))
        clean = self.redactor.number if form.is_number else self.redactor.text
        texts = [part for part in line if type(part) is str]
        # All at once: no secret is found across a NUL.
        shown = clean("\0".join(texts)).split("\0")
        if len(shown) != len(texts):
            shown = [clean(text) for text in texts]
        for part in reversed(line):
            self.tasks.append((_TEXT, shown.pop()) if type(part) is str else (_OBJECT, part[0]))
        return True

    def inner(self, column: "_pandas.Column", place: int) -> str:
        """An item of a level, within the tuple that the index has of all."""
        what, item = self.cell(column, place)
        return str(item) if what == _TEXT else preview(item, self.redactor, _LONGEST_LABEL)

    def places(self, array: "_numpy.Array", places: Any) -> List[_Task]:
        """The items at places of an array, those of its inner axes in brackets."""
        if type(places) is list:
            steps: List[_Task] = [(_TEXT, "[")]
            for index, place in enumerate(places):
                steps += [(_TEXT, ", " if index else ""), *self.places(array, place)]
            return [*steps, (_TEXT, "]")]
        if places is None:
            return [(_TEXT, "…")]
        if array.items is not None:
            return [(_OBJECT, array.items[places])]
        return [(_TEXT, _numpy.item_text(array.flat, array.dtype, places))]

    def learn(self, pairs: List[Tuple[Any, Any]]) -> None:
        """Names and values that are about to be shown."""
        self.redactor.learn_all([name for name, _ in pairs], [value for _, value in pairs])

    def named(self, opening: str, items: List[Tuple[Any, Any]], closing: str, equals: str, comma: str) -> List[_Task]:
        """``name=value, …`` between two texts."""
        self.learn(items)
        steps: List[_Task] = [(_TEXT, opening)]
        for index, (name, value) in enumerate(items):
            steps.append((_TEXT, "%s%s%s" % (comma if index else "", attribute_name(name), equals)))
            steps.append((_OBJECT, value))
        steps.append((_TEXT, closing))
        return steps

    def sequence(self, value: Any, info: ClassInfo) -> List[_Task]:
        """list, tuple, set, frozenset, deque and what derives from them."""
        kind = info.kind
        items = _access.elements(value, kind, 0, self.room())
        self.redactor.learn_sequences([items])
        if kind == _classes.LIST:
            return _listed("[", items, "]")
        if kind == _classes.TUPLE:
            return _listed("(", items, ",)" if len(items) == 1 else ")")
        if kind == _classes.DEQUE:
            maxlen = _access.deque_maxlen(value)
            return _listed(info.name + "([", items, "])" if maxlen is None else "], maxlen=%d)" % maxlen)
        if not items:
            return [(_TEXT, info.name + "()")]
        if info.cls is set:
            return _listed("{", items, "}")
        return _listed(info.name + "({", items, "})")

    def dict(self, value: Any, info: ClassInfo) -> List[_Task]:
        """dict, defaultdict, OrderedDict, Counter and what derives from them."""
        style = info.style
        items = _access.pairs(value, info, 0, self.room())
        self.learn(items)
        if style == "OrderedDict":
            if not items:
                return [(_TEXT, info.name + "()")]
            if sys.version_info >= (3, 12):
                return _paired(info.name + "({", items, "})")
            steps: List[_Task] = [(_TEXT, info.name + "([")]
            for index, (key, part) in enumerate(items):
                opening = ", (" if index else "("
                steps += [(_TEXT, opening), (_OBJECT, key), (_TEXT, ", "), (_OBJECT, part), (_TEXT, ")")]
            return [*steps, (_TEXT, "])")]
        if style == "defaultdict":
            factory = dict(info.members)["default_factory"](value)
            return [(_TEXT, info.name + "("), (_OBJECT, factory), (_TEXT, ", "), *_paired("{", items, "})")]
        if style == "Counter":
            items = list(dict.items(value)) if dict.__len__(value) <= 10_000 else items
            self.learn(items)
            if all(type(count) is int for _, count in items):
                items.sort(key=lambda item: item[1], reverse=True)
            return _paired(info.name + "({", items[: self.room()], "})") if items else [(_TEXT, info.name + "()")]
        return _paired("{", items, "}")

    def packaged(self, value: Any, info: ClassInfo) -> List[_Task]:
        """A record of attrs, as its generated ``__repr__`` has it, or a model of pydantic, with what it was given beside its fields."""
        have = {key: part for key, part in _access.own_attributes(value, info) if type(key) is str}
        shown = [(name, have[name]) for name in info.fields if name in have]
        if info.style == "pydantic":
            extra = have.get("__pydantic_extra__")
            shown += list(islice(dict.items(extra), self.room())) if type(extra) is dict else []
            return self.named(info.name + "(", shown, ")", "=", ", ")
        if len(shown) < len(info.fields):
            return self.synthetic(value, info)
        return self.named(info.qualname.split(">.")[-1] + "(", shown, ")", "=", ", ")

    def enum(self, value: Any, info: ClassInfo) -> List[_Task]:
        """An enum member; its name and value stand in its own dictionary."""
        named = _access.own_attributes(value, info)
        name, part = _safe.find_key(named, "_name_"), _safe.find_key(named, "_value_")
        if name is None and named:  # a combination of flags that has no name
            return [(_TEXT, "<%s: " % info.name), (_OBJECT, part), (_TEXT, ">")]
        if type(name) is not str:
            return self.synthetic(value, info)
        return [(_TEXT, "<%s.%s: " % (info.name, name)), (_OBJECT, part), (_TEXT, ">")]

    def synthetic(self, value: Any, info: ClassInfo) -> List[_Task]:
        """``<Name attribute=value …>`` for a class that has a ``__repr__`` of its own."""
        named = _access.own_attributes(value, info)
        self.learn(named)
        self.redactor.learn_class(info, named)
        steps: List[_Task] = [(_TEXT, "<" + info.name)]
        if info.kind == _classes.EXCEPTION:
            steps += _listed("(", list(_access.exc_args(value)[: self.room()]), ")")
        elif info.kind == _classes.DICT:
            pairs = _access.pairs(value, info, 0, self.room())
            self.learn(pairs)
            steps += [(_TEXT, " "), *_paired("{", pairs, "}")]
        elif info.kind in _SEQUENCES:
            if info.fields:
                self.redactor.learn_all(info.fields, _access.elements(value, info.kind, 0, len(info.fields)))
            marks = "()" if info.kind == _classes.TUPLE else "[]"
            items = _access.elements(value, info.kind, 0, self.room())
            steps += [(_TEXT, " "), *_listed(marks[0], items, marks[1])]
        for name, part in named[: self.room()]:
            steps += [(_TEXT, " %s=" % attribute_name(name)), (_OBJECT, part)]
        return [*steps, (_TEXT, ">")]


_SEQUENCES = (_classes.LIST, _classes.TUPLE, _classes.SET, _classes.FROZENSET, _classes.DEQUE)
_ATOMIC = frozenset(
    [_classes.ATOM, _classes.INT, _classes.FLOAT, _classes.COMPLEX, _classes.STR, _classes.BYTES, _classes.CLASS,
     _classes.MODULE, _classes.FUNCTION, _classes.BUILTIN, _classes.CELL, _classes.WEAKREF, _classes.CODE,
     _classes.FRAME, _classes.OPAQUE, _classes.WRAPPER, _classes.INSTANCE]
)  # fmt: skip


#: kinds whose one word is made of the program's values
_MADE_OF_VALUES = frozenset([_classes.ATOM, _classes.WRAPPER, _classes.OPAQUE, _classes.WEAKREF, _classes.INSTANCE])


def redacted_text(shown: str, info: ClassInfo, limit: int) -> str:
    """The repr of what stands for a value that was redacted."""
    if info.kind == _classes.STR:
        return text_repr(shown, limit)
    return bytes_repr(shown.encode("latin-1", "replace"), limit) if info.kind == _classes.BYTES else shown


def preview(value: Any, redactor: Redactor, limit: int = LIMIT) -> str:
    """The repr of `value`, at most `limit` characters and then `…`. Never raises but MemoryError."""
    try:
        if id(type(value)) in _NAMED and redactor.exclusion is None:
            info = _classes.info_of(type(value))
            text = _ATOM_TEXT[info.kind](value, info, limit) or ""
            return text if len(text) <= limit else text[:limit] + "…"
        return Renderer(redactor, limit).run(value)
    except MemoryError:
        raise
    except Exception:  # whatever a foreign object does must not end the capture
        return "<%s object at 0x%x>" % (_safe.full_name(type(value)), id(value))


def attribute_name(name: Any) -> str:
    """An attribute's name as text; a dictionary may hold keys that are no strings."""
    if type(name) is str or _safe.is_builtin_subclass(type(name), str):
        return _safe.exact_str(name)
    return "<%s>" % (repr(name) if id(type(name)) in _PLAIN else _safe.type_name(type(name)))


def cycle_mark(info: ClassInfo) -> str:
    """What Python prints where an object contains itself."""
    if info.style in ("own", "enum", "library"):
        return "<%s …>" % info.name
    if info.style in ("dataclass", "attrs", "pydantic", "namedtuple", "OrderedDict", "Counter"):
        return "..."
    if info.style == "SimpleNamespace":
        return "namespace(...)" if info.cls is types.SimpleNamespace else info.name + "(...)"
    if info.kind == _classes.LIST or info.kind == _classes.DEQUE:
        return "[...]"
    if info.kind == _classes.TUPLE:
        return "(...)"
    if info.kind == _classes.DICT:
        return "{...}"
    return info.name + "(...)"


def atom(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    """The repr of an object that is one word, by its builtin type's own code; None where it has parts to render."""
    maker = _ATOM_TEXT.get(info.kind)
    return maker(value, info, limit) if maker is not None else None


def synthetic_atom(value: Any, info: ClassInfo) -> Optional[str]:
    """Where a subclass of int, str, … has a ``__repr__`` of its own."""
    if info.kind == _classes.CLASS:
        return class_text(value, info)
    maker = _ATOM_TEXT.get(info.kind)
    if info.kind == _classes.INSTANCE or info.kind == _classes.WRAPPER or info.kind == _classes.OPAQUE or maker is None:
        return None
    text = maker(value, info, LIMIT)
    return None if text is None else "<%s %s>" % (info.name, text)


def _number(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    if info.style == "enum":
        return None
    number = int.__int__(value)
    bits = number.bit_length()
    if bits <= 10_000:
        return int.__repr__(number)
    if bits > 1_000_000:
        return "<int of %d bits>" % bits
    digits = max(int(bits * 0.30102) - limit - 10, 0)
    return ("-" if number < 0 else "") + int.__repr__(abs(number) // 10**digits)


def _real(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    return None if info.style == "enum" else float.__repr__(float.__float__(value))


def _complex(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    return complex.__repr__(value)


def _text(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    return None if info.style == "enum" else text_repr(str.__str__(value), limit)


def text_repr(text: str, limit: int) -> str:
    """``repr(text)``, of which at most about `limit` characters are made; the quotes are those of the whole."""
    if len(text) <= limit:
        return repr(text)
    head = text[:limit]
    if "'" in text and '"' not in text:
        return '"' + repr("'" + head)[2:-1]
    if "'" in text:
        return "'" + repr("\"'" + head)[4:-1]
    return repr(head)[:-1]


def _raw(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    if info.layout is memoryview:
        return "<memory at 0x%x>" % id(value)
    if info.layout is bytes:
        data = bytes.__getitem__(value, slice(None))
        return bytes_repr(data, limit)
    size = bytearray.__len__(value)
    data = bytes(bytearray.__getitem__(value, slice(0, limit)))
    if size > limit:
        whole = bytes(bytearray.__getitem__(value, slice(None))) if size < 1 << 24 else data
        return info.name + "(" + bytes_repr(whole, limit)
    quoted = repr(data)
    # Unlike bytes, a bytearray has its single quotes escaped whatever stands around.
    return info.name + "(" + (quoted.replace("'", "\\'") if quoted.startswith('b"') else quoted) + ")"


def bytes_repr(data: bytes, limit: int) -> str:
    """As `text_repr`, of bytes."""
    if len(data) <= limit:
        return repr(data)
    head = data[:limit]
    if b"'" in data and b'"' not in data:
        return 'b"' + repr(b"'" + head)[3:-1]
    if b"'" in data:
        return "b'" + repr(b"\"'" + head)[5:-1]
    return repr(head)[:-1]


def class_text(value: Any, info: ClassInfo) -> str:
    """``<class 'module.Name'>``; enum's metaclasses print differently, and are known."""
    if info.module == "enum" and info.name in ("EnumMeta", "EnumType"):
        flag = getattr(sys.modules.get("enum"), "Flag", None)
        word = "flag" if sys.version_info >= (3, 11) and _is_subclass(value, flag) else "enum"
        return "<%s %r>" % (word, _safe.type_name(value))
    return "<class %r>" % _safe.full_name(value)


def _is_subclass(cls: type, base: Any) -> bool:
    return any(found is base for found in _safe.mro_of(cls))


def _class(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    return class_text(value, info)


def _module(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    items = list(dict.items(_access.module_dict(value)))
    name = _safe.exact_str(_safe.find_key(items, "__name__"), "?")
    spec = _safe.find_key(items, "__spec__")
    if spec is not None and _safe.full_name(type(spec)) == "_frozen_importlib.ModuleSpec":
        facts = _access.instance_dict(spec, _classes.info_of(type(spec))) or []
        origin = _safe.find_key(facts, "origin")
        if type(origin) is str:
            at_a_place = _safe.find_key(facts, "_set_fileattr") is True
            return ("<module %r from %r>" if at_a_place else "<module %r (%s)>") % (name, origin)
    file, loader = _safe.find_key(items, "__file__"), _safe.find_key(items, "__loader__")
    if type(file) is str:
        return "<module %r from %r>" % (name, file)
    if type(loader) is type and _safe.type_name(loader) == "BuiltinImporter":
        return "<module %r (built-in)>" % name
    return "<module %r>" % name


def _function(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    return "<function %s at 0x%x>" % (_safe.exact_str(value.__qualname__), id(value))


def _builtin(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    owner = value.__self__
    name = _safe.exact_str(value.__name__)
    if owner is None or type(owner) is types.ModuleType:
        return "<built-in function %s>" % name
    return "<built-in method %s of %s object at 0x%x>" % (name, _safe.type_name(type(owner)), id(owner))


def _cell(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    try:
        content = _access.cell_contents(value)
    except ValueError:
        return "<cell at 0x%x: empty>" % id(value)
    return "<cell at 0x%x: %s object at 0x%x>" % (id(value), _safe.type_name(type(content)), id(content))


def _weakref(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    if info.layout is not weakref.ref:
        return repr(value)  # a proxy's own C code, which does not ask its object
    target = _access.weak_target(value, info)
    if target is None:
        return "<weakref at 0x%x; dead>" % id(value)
    cls = type(target)
    name = _safe.full_name(cls) if sys.version_info >= (3, 13) else _safe.type_name(cls)
    return "<weakref at 0x%x; to '%s' at 0x%x>" % (id(value), name, id(target))


def _code(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    name, file = _safe.exact_str(value.co_name), _safe.exact_str(value.co_filename)
    return '<code object %s at 0x%x, file "%s", line %d>' % (name, id(value), file, value.co_firstlineno)


def _frame(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    code = value.f_code
    where = (id(value), _safe.exact_str(code.co_filename), value.f_lineno or 0, _safe.exact_str(code.co_name))
    return "<frame at 0x%x, file %r, line %d, code %s>" % where


def _constant(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    layout = info.layout
    if layout in _NONE_LIKE:
        return repr(value)
    if layout is range:
        parts = (value.start, value.stop, value.step)
        return repr(value) if all(type(part) is int for part in parts) else opaque(value, info)
    if layout is array.array:
        if info.exact:
            return _array_text(value, limit)
        return opaque(value, info)
    if layout in _DATETIME:
        return _datetime_text(value, info)
    if info.style == "Decimal" and info.layout is _classes._decimal():
        return str(_classes._decimal().__repr__(value))  # type: ignore[call-arg]
    return opaque(value, info)


_MOMENTS = _safe.ids_of(datetime.datetime, datetime.time)
_DATETIME = (datetime.datetime, datetime.timezone, datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo)


def _array_text(value: Any, limit: int) -> str:
    if len(value) <= limit:
        return repr(value)
    return repr(value[:limit])[:-2]


def _datetime_text(value: Any, info: ClassInfo) -> str:
    """C code throughout, once the time zone, which may be the program's, is known to be plain."""
    if not _plain_zone(value, info):
        return opaque(value, info)
    if _is_zone_info(info.cls):
        return repr(value)
    if info.name == "NaTType" and info.module.startswith("pandas"):
        return "NaT"
    for base in (datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone):
        if _safe.is_builtin_subclass(info.cls, base):
            return str(base.__repr__(value))
    return opaque(value, info)


def _plain_zone(value: Any, info: ClassInfo) -> bool:
    if _safe.is_builtin_subclass(info.cls, datetime.datetime):
        zone = _datetime_zone(value)
    elif _safe.is_builtin_subclass(info.cls, datetime.time):
        zone = _time_zone(value)
    else:
        zone = value if info.cls is datetime.timezone or _is_zone_info(info.cls) else None
    if zone is None:
        return True
    if _is_zone_info(type(zone)):
        return type(zone.key) is str
    if type(zone) is not datetime.timezone:
        return False
    return all(type(part) is str or type(part) is datetime.timedelta for part in _timezone_args(zone))


def _is_zone_info(cls: type) -> bool:
    """Whether a class is that of zoneinfo, in C."""
    return (
        _safe.type_name(cls) == "ZoneInfo" and _safe.type_module(cls) == "zoneinfo" and not _safe.is_python_class(cls)
    )


_timezone_args: Callable[[Any], Any] = datetime.timezone.__dict__["__getinitargs__"]
_datetime_zone: Callable[[Any], Any] = datetime.datetime.__dict__["tzinfo"].__get__
_time_zone: Callable[[Any], Any] = datetime.time.__dict__["tzinfo"].__get__


def _wrapper(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    if info.cls is re.Pattern:
        return repr(value) if id(type(value.pattern)) in _PLAIN_TEXT else opaque(value, info)
    if info.cls is re.Match:
        return repr(value) if id(type(value.string)) in _PLAIN_TEXT else opaque(value, info)
    if info.layout in (slice, types.MappingProxyType) or info.cls is functools.partial:
        return None
    return opaque(value, info)


def _opaque(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    if info.style == "own" or info.cls is functools.partial:
        return None
    return opaque(value, info)


def _instance(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    return opaque(value, info) if info.style == "object" else None


_ATOM_TEXT: Dict[int, Callable[[Any, ClassInfo, int], Optional[str]]] = {
    _classes.ATOM: _constant, _classes.INT: _number, _classes.FLOAT: _real, _classes.COMPLEX: _complex,
    _classes.STR: _text, _classes.BYTES: _raw, _classes.CLASS: _class, _classes.MODULE: _module,
    _classes.FUNCTION: _function, _classes.BUILTIN: _builtin, _classes.CELL: _cell, _classes.WEAKREF: _weakref,
    _classes.CODE: _code, _classes.FRAME: _frame, _classes.WRAPPER: _wrapper, _classes.OPAQUE: _opaque,
    _classes.INSTANCE: _instance,
}  # fmt: skip

#: what is one word that has names in it, and nothing of any value: it is written without further ado
_NAMED = _safe.ids_of(
    types.BuiltinFunctionType, types.FunctionType, types.ModuleType, types.CodeType, weakref.ref, _access._Cell, property,
    classmethod, staticmethod,
)  # fmt: skip
_GENERATORS = _safe.ids_of(types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)
_PLAIN_TEXT = _safe.ids_of(str, bytes)
_PLAIN_NUMBER = _safe.ids_of(int, float)
_LOCKS = _safe.ids_of(type(_thread.allocate_lock()), _thread.RLock)


def opaque(value: Any, info: ClassInfo) -> str:
    """``<module.Name object at 0x…>``; generators and locks say a little more, in C code of their own."""
    cls = info.cls
    if id(cls) in _GENERATORS:
        word = {"coroutine": "coroutine", "async_generator": "async_generator"}.get(info.name, "generator")
        return "<%s object %s at 0x%x>" % (word, _safe.exact_str(value.__qualname__), id(value))
    if info.exact and id(cls) in _LOCKS:
        return repr(value)
    return "<%s object at 0x%x>" % (_safe.full_name(cls), id(value))


def _listed(opening: str, items: List[Any], closing: str) -> List[_Task]:
    steps: List[_Task] = [(_TEXT, opening)]
    for index, item in enumerate(items):
        if index:
            steps.append((_TEXT, ", "))
        steps.append((_OBJECT, item))
    steps.append((_TEXT, closing))
    return steps


def _paired(opening: str, items: List[Tuple[Any, Any]], closing: str) -> List[_Task]:
    steps: List[_Task] = [(_TEXT, opening)]
    for index, (key, value) in enumerate(items):
        if index:
            steps.append((_TEXT, ", "))
        steps += [(_OBJECT, key), (_TEXT, ": "), (_OBJECT, value)]
    steps.append((_TEXT, closing))
    return steps


#: what has the traceback of another process as its text, and shows that
_REMOTE = (("concurrent.futures.process", "_RemoteTraceback"), ("multiprocessing.pool", "RemoteTraceback"))


def exception_message(error: BaseException, redactor: Redactor) -> Optional[str]:
    """What ``str(error)`` gives, without secrets; or None where that would run the program's code."""
    info = _classes.info_of(type(error))
    args = _access.exc_args(error)
    if info.str_style == "BaseException":
        if not args:
            return ""
        return plain_str(args[0], redactor) if len(args) == 1 else preview(args, redactor, 2000)
    if info.str_style == "KeyError":
        if len(args) == 1:
            return preview(args[0], redactor, 2000)
        return preview(args, redactor, 2000) if args else ""
    if info.str_style == "BaseExceptionGroup":
        return _group_message(error, dict(info.members)["message"](error), redactor)
    if info.str_style != "own" and all(id(type(part)) in _PLAIN for part in _parts(error, info)):
        owner = _safe.lookup(type(error), "__str__")[1]
        return redactor.text(_safe.exact_str(owner(error)))
    owner = _safe.lookup(type(error), "__str__")[0]
    if args and owner is _access.of_module("exceptiongroup", "BaseExceptionGroup"):
        return _group_message(error, args[0], redactor)
    if any(owner is _access.of_module(*known) for known in _REMOTE):
        told = _safe.find_key(list(dict.items(_access.exception_dict(error))), "tb")
        return plain_str(told, redactor) if type(told) is str else None
    return None


def _group_message(error: BaseException, message: Any, redactor: Redactor) -> str:
    count = len(_access.group_members(error))
    return "%s (%d sub-exception%s)" % (plain_str(message, redactor), count, "" if count == 1 else "s")


def _parts(error: BaseException, info: ClassInfo) -> List[Any]:
    parts: List[Any] = []
    for _, part in _safe.read_members(error, info.members):
        parts.extend(part if type(part) is tuple else (part,))
    return parts


def plain_str(value: Any, redactor: Redactor) -> Optional[str]:
    """``str(value)`` of a plain value, else its preview; without secrets."""
    info = _classes.info_of(type(value))
    excluded = redactor.excluded(value, info)
    if excluded is not None:
        return excluded
    shown = redactor.leaf(value, info) if info.kind in LEAVES else None
    if shown is not None:
        return shown[0]
    if type(value) is str:
        return value
    if _safe.is_builtin_subclass(type(value), str) and _classes.info_of(type(value)).style == "str":
        return str.__str__(value)
    if type(value) is bool or value is None or id(type(value)) in _PLAIN_NUMBER:
        return preview(value, redactor, 2000)
    if info.kind in (_classes.EXCEPTION,):
        return exception_message_flat(value, info, redactor)
    if info.kind == _classes.ATOM and info.layout in _DATETIME and info.exact:
        return str(value) if _plain_zone(value, info) else None
    if _safe.lookup(type(value), "__str__")[0] is object:
        return preview(value, redactor, 2000)  # object.__str__ is repr
    return None


def exception_message_flat(error: Any, info: ClassInfo, redactor: Redactor) -> Optional[str]:
    """str() of an exception that is another's only argument; one level, nothing recurses."""
    args = _access.exc_args(error)
    if info.str_style == "BaseException" and len(args) == 1 and type(args[0]) is str:
        return redactor.text(args[0])
    return "" if info.str_style == "BaseException" and not args else None
