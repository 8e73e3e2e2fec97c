"""One object's record, for everything the walk does not read in bulk: what it carries and what it leads to."""

import gc
import re
import types
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import _access, _classes, _exclude, _numpy, _pandas, _repr, _safe, _stacks
from ._access import Named, Pairs
from ._builtins import keep_builtins
from ._classes import ClassInfo
from ._library import KEPT, Library
from ._names import NO
from ._redact import LEAVES, SHAPE_ONLY, Redacted, Redactor

keep_builtins(globals())

#: flags of a record, docs/dump-format.md section 5
CUT, CHANGED, REDACTED, UNREADABLE, BRIEF = 1, 2, 3, 4, 5


class Row:
    """A record in the making; what is None is not there."""

    attributes: Optional[Named] = None
    elements: Optional[List[Any]] = None
    pairs: Optional[Pairs] = None
    integer: Optional[int] = None
    real: Optional[float] = None
    complex: Optional[Tuple[float, float]] = None
    text: Optional[str] = None
    raw: Optional[bytes] = None
    note: Optional[str] = None
    location: Optional[Tuple[str, int]] = None
    rest: Optional[Tuple[int, int]] = None
    #: elements (pairs) from here on are read after everything else; None: all are here
    defer_from: Optional[int] = None

    def __init__(self, kind: int) -> None:
        self.kind = kind
        self.flags: List[Tuple[int, int]] = []


class Rest:
    """A stand-in in the object list: the part of a large container that comes after everything else."""

    __slots__ = ("owner", "number", "start", "stop", "pairs")

    def __init__(self, owner: Any, number: int, start: int, stop: int, pairs: bool) -> None:
        self.owner = owner
        self.number = number
        self.start = start
        self.stop = stop
        self.pairs = pairs


_I64 = 1 << 63
#: characters of the line of a bound method, which leads to the object that it is bound to
_BOUND = 100
#: the frame of a function that is suspended
_FRAME_OF = {
    id(types.GeneratorType): "gi_frame",
    id(types.CoroutineType): "cr_frame",
    id(types.AsyncGeneratorType): "ag_frame",
}


class Reader:
    """Reads records.

    `head` is the number of elements read at once; `module_dicts` are the ids of the dictionaries of modules, which are
    not followed; `captured_globals` (by id) are those of the frames, which are.
    """

    def __init__(
        self,
        max_text: int,
        head: int,
        module_dicts: Dict[int, None],
        captured_globals: Dict[int, Any],
        redactor: Redactor,
        library: Library,
    ) -> None:
        self.redactor = redactor
        self.library = library
        self.max_text = max_text
        self.head = head
        self.module_dicts = module_dicts
        self.captured_globals = captured_globals
        self._whole: Dict[int, Any] = {}
        self._modules: Dict[int, Tuple[str, Any]] = {}
        self._handlers: Dict[int, Callable[[Any, ClassInfo, Row], None]] = {
            _classes.ATOM: self._atom,
            _classes.INT: self._int,
            _classes.FLOAT: self._float,
            _classes.COMPLEX: self._complex,
            _classes.STR: self._str,
            _classes.BYTES: self._bytes,
            _classes.LIST: self._sequence,
            _classes.TUPLE: self._sequence,
            _classes.SET: self._sequence,
            _classes.FROZENSET: self._sequence,
            _classes.DEQUE: self._sequence,
            _classes.DICT: self._dict,
            _classes.INSTANCE: self._instance,
            _classes.EXCEPTION: self._exception,
            _classes.CLASS: self._class,
            _classes.MODULE: self._module,
            _classes.FUNCTION: self._function,
            _classes.BUILTIN: self._builtin,
            _classes.METHOD: self._method,
            _classes.CELL: self._cell,
            _classes.WEAKREF: self._weakref,
            _classes.WRAPPER: self._wrapper,
            _classes.OPAQUE: self._opaque,
            _classes.CODE: self._code,
            _classes.FRAME: self._frame,
        }

    def row(self, value: Any) -> Row:
        """The record of any object. What goes wrong is a flag in it, never an exception."""
        if type(value) is Rest:
            return self._rest(value)
        info = _classes.info_of(type(value))
        row = Row(info.kind)
        try:
            if self.redactor.exclusion is not None:
                rule = self.redactor.exclusion.rule(value, info)
                if rule is not None:
                    return self._excluded(value, info, rule)
            if info.numpy:
                self._numpy(value, info, row)
                return row
            if info.pandas and self._pandas(value, info, row):
                return row
            self._handlers[info.kind](value, info, row)
            if info.form is not None:
                self._form(value, info, row)
            if info.exact and info.kind not in LEAVES:
                return row
            if info.kind in LEAVES:
                shown = self.redactor.leaf(value, info)
                if shown is not None:
                    self._redact(row, info, shown)
            if not info.exact and info.kind not in _NO_OWN_ATTRIBUTES:
                own = _access.own_attributes(value, info)
                if own:
                    row.attributes = (row.attributes or []) + own
        except MemoryError:
            raise
        except Exception as error:  # a broken object must not end the capture
            row = Row(_classes.OPAQUE)
            row.elements = []
            row.note = "<%s object at 0x%x>" % (_safe.full_name(type(value)), id(value))
            row.flags.append((UNREADABLE, 0))
            del error
        return row

    def _numpy(self, value: Any, info: ClassInfo, row: Row) -> None:
        """Numbers as bytes, objects and texts as elements; docs/dump-format.md section 6."""
        row.elements = None
        if info.numpy == _numpy.DTYPE:
            row.kind, row.elements = _classes.OPAQUE, []
            row.note = self.redactor.text(_numpy.dtype_text(value))
            row.attributes = _numpy.dtype_attributes(value)
            return
        array = _numpy.arrays.read(value, info.numpy, info.numpy_base)
        row.attributes = [("dtype", array.dtype.value)]
        if info.numpy == _numpy.ARRAY:
            row.attributes += [("shape", array.shape), ("strides", array.strides)]
            if not array.is_whole():
                row.attributes.append(("kept", array.kept))
            if array.statistics is not None:
                row.attributes.append(("statistics", array.statistics))
        if array.items is not None:
            row.kind, row.elements = _classes.LIST, array.items
        else:
            row.kind, row.raw = _classes.BYTES, array.raw
        if not array.is_whole() or array.flat is None:
            row.flags.append((CUT, array.full() * (1 if array.items is not None else array.dtype.itemsize)))
        shown = self.redactor.array(value, array)
        if shown is not None:
            row.attributes = [item for item in row.attributes if item[0] != "statistics"]
            row.raw = shown[0].encode("latin-1", "replace")
            row.flags.append((REDACTED, self.redactor.count(shown[1])))
        row.attributes += _access.own_attributes(value, info)

    def _pandas(self, value: Any, info: ClassInfo, row: Row) -> bool:
        """Columns by themselves, whatever they are kept in; false where they are kept in a way that is not known."""
        named: Named
        if info.pandas == _pandas.FRAME:
            frame = _pandas.frame_of(value)
            if frame is None:
                return False
            columns = tuple(held for held, _ in frame.columns)
            dtypes = tuple("?" if column is None else column.dtype for _, column in frame.columns)
            self.redactor.learn_frame(frame)
            named = [("index", frame.index), ("columns", frame.names), ("dtypes", dtypes), ("data", columns)]
            if frame.width > len(columns):
                row.flags.append((CUT, frame.width))
        else:
            held = _pandas.values_of(value, info.pandas)
            column = _pandas.column_of(held)
            if column is None:
                return False
            named = [("name", _pandas.member(value, "_name"))] if info.pandas != _pandas.ARRAY else []
            named.append(("dtype", column.dtype))
            if info.pandas == _pandas.ARRAY:
                held, mask = _pandas.array_of(value)
                named += [("mask", mask)] if mask is not None else []
                if column.categories is not None:
                    named.append(("categories", _pandas.member(_pandas.member(value, "_dtype"), "_categories")))
            elif info.pandas == _pandas.SERIES:
                named.insert(0, ("index", _pandas.values_of_series(value)[0]))
                self.redactor.learn_column(named[1][1], column)
            if column.levels:
                levels = _pandas.levels_of(value)
                named = [("names", _pandas.member(value, "_names")), *named[1:]]
                named += [("levels", tuple(one for one, _ in levels)), ("codes", tuple(one for _, one in levels))]
            else:
                named.append(("array", held))
        named += [item for item in _access.own_attributes(value, info) if item[0] not in _pandas.TOLD]
        row.kind, row.attributes = _classes.INSTANCE, named
        return True

    def _form(self, value: Any, info: ClassInfo, row: Row) -> None:
        """The line and the parts of what a library's form tells; an object with attributes is a wrapper then."""
        form = info.form
        assert form is not None
        if form.by_reader or (form.is_described and self.redactor.mode == SHAPE_ONLY):
            return
        if row.note is None:
            row.kind, row.note = _classes.WRAPPER, _repr.preview(value, self.redactor)
        try:
            parts = form.parts(value) if form.parts is not None else []
            elements = form.elements(value) if form.elements is not None else None
        except MemoryError:
            raise
        except Exception:  # it is told as any other object is
            return
        told = {name for name, _ in parts}
        own = [item for item in row.attributes or () if type(item[0]) is not str or item[0] not in told]
        row.attributes = parts + own or None
        if elements is not None and row.elements is not None:
            row.elements = elements[: self.head]

    def _excluded(self, value: Any, info: ClassInfo, rule: str) -> Row:
        """Type and size only; of what others refer to by its name, that too."""
        row = Row(info.kind)
        if _exclude.is_named(info):
            self._handlers[info.kind](value, info, row)
            row.attributes = None
            if info.kind == _classes.MODULE:
                row.elements = []
        elif info.kind == _classes.EXCEPTION:
            row.attributes = []
        else:
            row.kind, row.note = _classes.ATOM, _exclude.shown(info)
        row.flags.append((REDACTED, self.redactor.count(rule)))
        return row

    def _redact(self, row: Row, info: ClassInfo, shown: Redacted) -> None:
        """Put what is shown in place of the value; a number becomes an atom."""
        text, rule = shown
        if info.kind == _classes.STR:
            row.text = text[: self.max_text]
        elif info.kind == _classes.BYTES:
            row.raw = text.encode("latin-1", "replace")[: self.max_text]
        else:
            row.kind, row.note = _classes.ATOM, text
            row.integer = row.real = row.complex = row.raw = None
        row.flags.append((REDACTED, self.redactor.count(rule)))

    def _rest(self, value: Rest) -> Row:
        info = _classes.info_of(type(value.owner))
        row = Row(_classes.REST_PAIRS if value.pairs else _classes.REST_ELEMENTS)
        row.rest = (value.number, value.start)
        try:
            if value.pairs:
                row.pairs = _access.pairs(value.owner, info, value.start, value.stop)
            else:
                row.elements = _access.elements(value.owner, info.kind, value.start, value.stop)
        except RuntimeError:  # resized by another thread between two steps
            row.flags.append((CHANGED, 0))
            if value.pairs:
                row.pairs = []
            else:
                row.elements = []
        return row

    def _atom(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.note = _repr.preview(value, self.redactor)

    def _int(self, value: Any, info: ClassInfo, row: Row) -> None:
        number = int.__int__(value)
        if -_I64 <= number < _I64:
            row.integer = number
            return
        row.kind = _classes.BIGINT
        bits = number.bit_length()
        if bits > self.max_text * 8:
            row.raw = b""
            row.flags.append((CUT, bits))
        else:
            row.raw = number.to_bytes(bits // 8 + 1, "little", signed=True)

    def _float(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.real = float.__float__(value)

    def _complex(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.complex = (_access.complex_real(value), _access.complex_imag(value))

    def _str(self, value: Any, info: ClassInfo, row: Row) -> None:
        text = str.__str__(value)
        if len(text) > self.max_text:
            row.flags.append((CUT, len(text)))
            text = text[: self.max_text]
        row.text = text

    def _bytes(self, value: Any, info: ClassInfo, row: Row) -> None:
        limit = self.max_text
        if info.layout is memoryview:
            try:
                size = value.nbytes
                row.raw = value.tobytes() if size <= limit else b""
                row.attributes = [(name, getattr(value, name)) for name in ("obj", "format", "readonly", "ndim")]
            except ValueError:  # released
                size, row.raw = 0, b""
        elif info.layout is bytes:
            size = bytes.__len__(value)
            row.raw = bytes.__getitem__(value, slice(0, limit))
        else:
            size = bytearray.__len__(value)
            row.raw = bytes(bytearray.__getitem__(value, slice(0, limit)))
        if size > limit:
            row.flags.append((CUT, size))

    def _sequence(self, value: Any, info: ClassInfo, row: Row) -> None:
        count = _access.length(value, info)
        row.elements = _access.elements(value, info.kind, 0, min(count, self.head))
        if info.fields:
            self.redactor.learn_all(info.fields, row.elements[: len(info.fields)])
        if count > self.head:
            row.defer_from = self.head
        if info.kind == _classes.DEQUE:
            row.attributes = [("maxlen", _access.deque_maxlen(value))]

    def _dict(self, value: Any, info: ClassInfo, row: Row) -> None:
        count = dict.__len__(value)
        names = self.library.excerpts.get(id(value))
        if names is not None:
            row.pairs = self.library.excerpt(value, names)
            row.flags.append((CUT, count))
            return
        row.pairs = _access.pairs(value, info, 0, min(count, self.head))
        if count > self.head:
            row.defer_from = self.head

    def _instance(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.attributes = _access.own_attributes(value, info)
        if self.library.is_weak_container(info.cls):
            told = [item for item in row.attributes if type(item[0]) is str and item[0] == "data"]
            row.flags.append((BRIEF, len(row.attributes) - len(told)))
            row.attributes = told
        self.redactor.learn_class(info, row.attributes)
        if info.hidden_dict:
            # The class hides its objects' dictionary. Up to 3.10 the collector still shows it as a whole.
            for found in gc.get_referents(value):
                if type(found) is dict and all(type(key) is str for key in found):
                    row.attributes.extend(dict.items(found))

    def _exception(self, value: Any, info: ClassInfo, row: Row) -> None:
        named: Named = [("args", _access.exc_args(value))]
        for name, getter in (("__cause__", _access.exc_cause), ("__context__", _access.exc_context)):
            other = getter(value)
            if other is not None:
                named.append((name, other))
        named.extend(_access.own_attributes(value, info))
        row.attributes = named

    def _class(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.elements = list(_safe.mro_of(value))
        module = _safe.type_module(value)
        row.note = module.replace("\0", "?") + "\0" + _safe.type_qualname(value)
        row.location = ("", 0)
        if not _safe.is_python_class(value):
            return
        entries = _safe.own_entries(value)
        row.location = _class_location(entries)
        registered = _safe.registered_classes(value) if "_abc_impl" in entries else ()
        own = [("_abc_registry", registered)] if registered else []
        if self.library.is_brief(value, module):
            told = [(name, entries[name]) for name in KEPT if name in entries] + own
            left_out = len(entries) - len(_NOT_TOLD & entries.keys()) + len(own) - len(told)
            if left_out:
                row.flags.append((BRIEF, left_out))
        else:
            namespace = _safe.namespace_of(value)
            told = self.library.namespace(value, [item for item in namespace if not _is_repeated(item[0])] + own)
        row.attributes = told[: self.head]

    def _module(self, value: Any, info: ClassInfo, row: Row) -> None:
        items = list(dict.items(_access.module_dict(value)))
        name = _safe.exact_str(_safe.find_key(items, "__name__"), "?")
        file = _safe.exact_str(_safe.find_key(items, "__file__"), "")
        row.note = "\0".join(part.replace("\0", "?") for part in (name, file, _repr.preview(value, self.redactor)))
        captured = self.captured_globals.get(id(_access.module_dict(value)))
        row.elements = [] if captured is None else [captured]

    def _function(self, value: Any, info: ClassInfo, row: Row) -> None:
        code = value.__code__
        row.note = self._module_name(value.__globals__) + "\0" + _safe.exact_str(value.__qualname__)
        row.location = (_safe.exact_str(code.co_filename), code.co_firstlineno)
        named: Named = []
        for name in ("__defaults__", "__kwdefaults__", "__closure__"):
            part = getattr(value, name)  # a function is exactly one: these are C accessors
            if part is not None:
                named.append((name, part))
        own = _access.instance_dict(value, info)
        if own:
            named.extend(own)
        if self.library.is_static(value):
            if named:
                row.flags.append((BRIEF, len(named)))
            return
        if not self.redactor.on and self._tells_names(code):
            named.append(("__code__", code))
        row.attributes = named or None
        defaults, closure = value.__defaults__, value.__closure__
        if defaults:
            self.redactor.learn_all(code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount], defaults)
        if closure:
            self.redactor.learn_all(code.co_freevars, closure)

    def _module_name(self, module: Any) -> str:
        """What a module's globals say that it is called."""
        known = self._modules.get(id(module))
        if known is None:
            name = _safe.exact_str(_access.dict_value(module, "__name__"), "?").replace("\0", "?")
            # kept with its owner, so that the id stays its own
            known = self._modules[id(module)] = (name, module)
        return known[0]

    def _builtin(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.note = _repr.preview(value, self.redactor)
        owner = value.__self__
        if owner is not None and type(owner) is not types.ModuleType:
            row.attributes = [("__self__", owner)]

    def _method(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.note = _repr.preview(value, self.redactor, _BOUND)
        row.attributes = list(_safe.read_members(value, info.members))

    def _cell(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.note = _repr.preview(value, self.redactor)
        try:
            row.attributes = [("cell_contents", _access.cell_contents(value))]
        except ValueError:  # empty
            pass

    def _weakref(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.note = _repr.preview(value, self.redactor)
        target = _access.weak_target(value, info)
        if target is not None:
            row.attributes = [("referent", target)]

    def _wrapper(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.note = _repr.preview(value, self.redactor)
        named: Named = list(_safe.read_members(value, info.members))
        if info.layout is types.MappingProxyType:
            named = [("mapping", found) for found in gc.get_referents(value)]
        elif info.cls is re.Match:
            named += [("regs", value.regs), ("lastindex", value.lastindex)]
        elif info.name == "Interpolation" and info.module == "string.templatelib":
            parts = dict(named)  # of a template string: the expression is the name that its value had
            self.redactor.learn_all([parts.get("expression")], [parts.get("value")])
        row.attributes = named or None

    def _opaque(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.note = _repr.preview(value, self.redactor)
        cls = type(value)
        frame_name = _FRAME_OF.get(id(cls))
        row.attributes = _access.own_attributes(value, info) or None
        frame = getattr(value, frame_name) if frame_name is not None else None
        if frame is not None and self.redactor.on:
            self._learn_locals(frame)
        elif frame is not None and not self.redactor.on and self._tells_names(frame.f_code):
            row.attributes = [*(row.attributes or ()), (frame_name, frame)]
        row.elements = [
            found
            for found in _safe.held(value, self._whole)[: self.head]
            if found is not cls and id(found) not in self.module_dicts
        ]

    def _tells_names(self, code: Any) -> bool:
        """Whether the names of a function have to be in the dump, where nothing is redacted: for who redacts it later."""
        names = code.co_varnames + code.co_cellvars + code.co_freevars
        return any(self.redactor.trust(name) != NO for name in names)

    def _learn_locals(self, frame: Any) -> None:
        """The names of a function that is suspended; its frame is asked for values only where one promises a secret."""
        code = frame.f_code
        if any(self.redactor.trust(name) != NO for name in code.co_varnames + code.co_cellvars + code.co_freevars):
            named = _stacks.frame_locals(frame)
            self.redactor.learn_all([name for name, _ in named], [value for _, value in named])

    def _code(self, value: Any, info: ClassInfo, row: Row) -> None:
        row.note = _safe.exact_str(getattr(value, "co_qualname", None) or value.co_name)
        row.location = (_safe.exact_str(value.co_filename), value.co_firstlineno)
        if not self.redactor.on and self._tells_names(value):
            row.attributes = [(name, getattr(value, name)) for name in ("co_argcount", "co_varnames", "co_freevars")]

    def _frame(self, value: Any, info: ClassInfo, row: Row) -> None:
        code = value.f_code
        row.note = _safe.exact_str(getattr(code, "co_qualname", None) or code.co_name)
        row.location = (_safe.exact_str(code.co_filename), value.f_lineno or 0)
        if id(value.f_globals) not in self.module_dicts or not _is_module_level(value):
            row.attributes = _stacks.frame_locals(value)[: self.head]


#: kinds whose handler has already read everything an object of the class holds
_NO_OWN_ATTRIBUTES = frozenset(
    [_classes.INSTANCE, _classes.EXCEPTION, _classes.CLASS, _classes.MODULE, _classes.FUNCTION, _classes.WRAPPER,
     _classes.OPAQUE, _classes.METHOD, _classes.FRAME, _classes.CODE, _classes.BUILTIN, _classes.CELL]
)  # fmt: skip


def _is_module_level(frame: Any) -> bool:
    return bool(frame.f_code.co_name == "<module>")


#: entries of a class that only repeat what is said elsewhere
_NOT_TOLD = frozenset(["__dict__", "__weakref__", "__doc__"])


def _is_repeated(key: Any) -> bool:
    return type(key) is str and key in _NOT_TOLD


def _class_location(entries: Dict[str, Any]) -> Tuple[str, int]:
    """Where a class statement stands: its first line where Python says so (3.13), else that of its first function."""
    first: Tuple[str, int] = ("", 0)
    for entry in entries.values():
        kind = type(entry)
        if kind is property:
            entry = entry.fget
        elif kind is classmethod or kind is staticmethod:
            entry = entry.__func__
        if type(entry) is types.FunctionType:
            code = entry.__code__
            first = (_safe.exact_str(code.co_filename), code.co_firstlineno)
            break
    line = entries.get("__firstlineno__")
    return (first[0], line) if type(line) is int and 0 < line < 1 << 31 else first
