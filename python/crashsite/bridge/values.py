"""The objects of a dump as values: real texts, numbers and containers, proxies for all else.

An object is made when it is asked for. A container is made with all it holds, since there is no way to fill a real list
when it is looked at; so this goes breadth first, and ends where the room does: what is left then is `NotLoaded`.
"""

import collections
import threading
from typing import Any, Callable, Deque, Dict, List, Optional, Sequence, Tuple

from .. import reader
from . import _plain
from .limits import Limits
from .proxies import Classes, CutBytes, CutText, DumpValue, Missing, NotLoaded, Source, bind, is_special, once

_NEVER = 0xFFFFFFFF
_CUT, _REDACTED, _UNREADABLE = 1, 3, 4
_ATOMS: Dict[str, Any] = {
    "None": None, "True": True, "False": False, "Ellipsis": Ellipsis, "NotImplemented": NotImplemented,
}  # fmt: skip
#: tuples within tuples
_DEEPEST = 40
#: what is hashed of one key
_LARGEST_KEY = 1000
#: characters of a `repr` that is put together here
_LONGEST = 2000
#: bits of an integer, as many as the capture keeps of one: printing more takes a Python too long
_WIDEST = 8 * 65_536

_CONTAINERS: Dict[str, type] = {
    "list": list, "tuple": tuple, "set": set, "frozenset": frozenset, "deque": collections.deque, "dict": dict,
}  # fmt: skip
_Fill = Tuple[Any, reader.Object]


def _is_builtin(of: reader.Type) -> bool:
    return of.module in ("builtins", "__builtin__")


class Values:
    """All values of one dump. An object is always the same value."""

    def __init__(self, dump: reader.Dump, limits: Limits) -> None:
        self.dump = dump
        self.limits = limits
        self.classes = Classes()
        #: how an exception is made, which is not known here
        self.exception: Callable[[reader.Object], Tuple[BaseException, bool]] = lambda found: (Exception(), False)
        self._memo: Dict[int, Any] = {}
        self._room = 0
        self._lock = threading.RLock()
        self._in_work: List[int] = []
        self._rests = _rests(dump)
        end = dump.end or {}
        self._cut = {entry[0]: entry[2] for entry in end.get("cut", ())}
        #: the `repr` that the capture made
        self.previews: Dict[int, str] = {}
        for frame in dump.summary.get("frames", ()):
            for local in frame.get("locals", ()):
                self.previews.setdefault(local[2], local[8])

    def allow(self, room: int) -> None:
        """The objects that may be made by way of containers from now on, until one asks for more by touching a proxy."""
        self._room = room

    def value(self, number: int) -> Any:
        """The object of that number."""
        if number in self._memo:
            return self._memo[number]
        with self._lock:
            pending: Deque[_Fill] = collections.deque()
            made = self._make(number, pending)
            while pending:
                self._fill(*pending.popleft(), pending)
            return made

    def remember(self, number: int, value: Any) -> None:
        """Take this for the object of that number."""
        self._memo[number] = value

    def complete(self, exception: BaseException, found: reader.Object) -> None:
        """Give an exception that was made elsewhere its attributes."""
        with self._lock:
            pending: Deque[_Fill] = collections.deque([(exception, found)])
            while pending:
                self._fill(*pending.popleft(), pending)

    def object(self, number: int) -> Optional[reader.Object]:
        """The record, where there is one that can be read."""
        try:
            return self.dump.object(number)
        except (KeyError, IndexError, ValueError, TypeError, OverflowError):
            return None

    def touched(self, number: int) -> Any:
        """The value that somebody wants to see now."""
        with self._lock:
            self.allow(self.limits.at_once)
            return self.value(number)

    # ------------------------------------------------------------------------------------------------------------------

    def _make(self, number: int, pending: Deque[_Fill]) -> Any:
        if number in self._memo:
            return self._memo[number]
        found = self.object(number)
        if found is None:
            made: Any = Missing("never captured" if number == _NEVER else "object %d is not in the dump" % number)
        elif number in self._in_work:
            return Missing("it holds itself")
        else:
            try:
                made = self._made(found, pending)
            except (ValueError, TypeError, LookupError, ArithmeticError) as error:  # of a hostile dump
                made = Missing("object %d: %s" % (number, _plain.name(str(error))))
        self._memo[number] = made
        return made

    def _made(self, found: reader.Object, pending: Deque[_Fill]) -> Any:
        kind = found.kind
        flags = dict(found.flags)
        if _REDACTED in flags:
            return Missing("redacted when it was captured")
        if kind == "atom" and found.note in _ATOMS:
            return _ATOMS[found.note]
        if kind in ("bytes", "list") and found.attributes and found.attributes[0][0] == "dtype":
            return self._proxy(DumpValue if kind == "bytes" else NotLoaded, found)  # an array of numpy's
        if kind in _CONTAINERS:
            return self._container(found, pending)
        if kind == "exception":
            made, fill = self.exception(found)
            if fill:
                pending.append((made, found))
            return made
        value = self._scalar(found, flags.get(_CUT))
        if value is None:
            return self._proxy(DumpValue, found)
        return value

    def _proxy(self, base: Any, found: reader.Object, fields: Tuple[str, ...] = ()) -> DumpValue:
        cls = self.classes.named(base, found.type.module, found.type.qualname or found.type.name, slots=True)
        return bind(cls, _OfDump(self, found))

    def _scalar(self, found: reader.Object, cut: Optional[int]) -> Any:
        value: Any = found.value
        kind = found.kind
        if kind in ("int", "float", "complex"):
            return self._subclassed(found, type(value), value)
        if kind == "str":
            if cut is None:
                return self._subclassed(found, str, value)
            text = CutText(value)
            text.full_length = cut
            return text
        if kind == "bigint" and isinstance(value, bytes) and cut is None and len(value) * 8 <= _WIDEST:
            return self._subclassed(found, int, int.from_bytes(value, "little", signed=True))
        if kind == "bytes":
            if cut is not None:
                data = CutBytes(value)
                data.full_length = cut
                return data
            if found.type.name in ("bytearray", "memoryview") and _is_builtin(found.type):
                return bytearray(value) if found.type.name == "bytearray" else memoryview(value)
            return self._subclassed(found, bytes, value)
        return None

    def _subclassed(self, found: reader.Object, base: type, value: Any) -> Any:
        """A number or text, of a class of the dump's where its own is none of Python's."""
        if _is_builtin(found.type):
            return value
        cls: Any = self.classes.named(base, found.type.module, found.type.qualname)
        made = cls(value)
        for name, number in found.attributes[: self.limits.max_elements]:
            # What such a value holds is seldom of interest: it is looked at when it is touched.
            vars(made)[self._apart(base, name)] = self._lazy(number)
        return made

    def _lazy(self, number: int) -> Any:
        found = self.object(number)
        if found is not None and found.kind in _CONTAINERS:
            return self._proxy(NotLoaded, found)
        return self.value(number)

    @staticmethod
    def _apart(base: type, name: str) -> str:
        """A name in an instance's dictionary, that takes the place of nothing which tools call."""
        return "%s of the dump" % name if hasattr(base, name) or is_special(name) else name

    def _container(self, found: reader.Object, pending: Deque[_Fill]) -> Any:
        count = self._count(found)
        immutable = found.kind in ("tuple", "frozenset")
        if count > self._room or (immutable and len(self._in_work) >= _DEEPEST):
            return self._proxy(NotLoaded, found)
        self._room -= count
        base = _CONTAINERS[found.kind]
        exact = _is_builtin(found.type) or (found.type.module == "collections" and found.type.name == "deque")
        cls: Any = base if exact else self._class(found, base)
        if not immutable:
            made = cls()
            pending.append((made, found))
            return made
        self._in_work.append(found.number)
        try:
            items = [self._make(number, pending) for number in self._elements(found)]
            items += self._rest_missing(found, len(items))
            if base is frozenset:
                items = [self._key(item, ()) for item in items]
            made = cls(items)
        finally:
            self._in_work.pop()
        if not exact:
            pending.append((made, found))
        return made

    def _class(self, found: reader.Object, base: type) -> Any:
        of = found.type
        if base is tuple and of.repr_style in ("namedtuple", "structseq"):
            fields = tuple(field for field in of.fields if isinstance(field, str))
            return self.classes.with_fields(of.module, of.qualname, fields)
        return self.classes.named(base, of.module, of.qualname)

    def _fill(self, made: Any, found: reader.Object, pending: Deque[_Fill]) -> None:
        """What a container or an exception holds."""
        if isinstance(made, (list, collections.deque)):
            items = [self._make(number, pending) for number in self._elements(found)]
            fill: Any = collections.deque.extend if isinstance(made, collections.deque) else list.extend
            fill(made, items + self._rest_missing(found, len(items)))
        elif isinstance(made, set):
            items = [self._make(number, pending) for number in self._elements(found)]
            for item in items + self._rest_missing(found, len(items)):
                set.add(made, self._key(item, made))
        elif isinstance(made, dict):
            pairs = self._pairs(found)
            for key, item in pairs:
                dict.__setitem__(made, self._key(self._make(key, pending), made), self._make(item, pending))
            for missing in self._rest_missing(found, len(pairs)):
                dict.__setitem__(made, missing, missing)
        for name, number in found.attributes[: self.limits.max_elements]:
            if isinstance(made, BaseException):
                self._attribute_of_exception(made, name, number, pending)
            elif hasattr(made, "__dict__"):
                vars(made)[self._apart(type(made), name)] = self._make(number, pending)

    def _attribute_of_exception(self, made: BaseException, name: str, number: int, pending: Deque[_Fill]) -> None:
        if name == "args":
            args = self._make(number, pending)
            made.args = tuple(args) if isinstance(args, tuple) else (args,)
        elif name not in ("__cause__", "__context__", "__notes__"):
            vars(made)[self._apart(type(made), name)] = self._make(number, pending)

    def _key(self, key: Any, others: Any) -> Any:
        """The same, or what stands for a key that has no hash, costs too much, or is there already."""
        try:
            if _cost(key) <= _LARGEST_KEY and key not in others:
                return key
        except TypeError:
            pass
        return bind(self.classes.named(DumpValue, "crashsite", "Key", slots=True), _AKey(key))

    # ------------------------------------------------------------------------------------------------------------------
    # What a container holds, its own record and the later ones together, as far as the limit goes

    def _count(self, found: reader.Object) -> int:
        """How many objects it takes to make this one."""
        return min(self._captured(found), self.limits.max_elements) + len(found.attributes)

    def _captured(self, found: reader.Object) -> int:
        """The elements or pairs in the dump."""
        rests = [self._rest(number, found.number) for number in self._rests.get(found.number, ())]
        first = found.pairs if found.kind == "dict" else found.elements
        return len(first) + sum(len(rest) for rest in rests if rest is not None)

    def _rest(self, number: int, owner: int) -> Optional[Sequence[Any]]:
        rest = self.object(number)
        if rest is None or rest.rest is None or rest.rest[0] != owner:
            return None
        return rest.pairs if rest.kind == "rest_pairs" else rest.elements

    def _elements(self, found: reader.Object) -> List[int]:
        return self._parts(found, found.elements, "rest_elements")

    def _pairs(self, found: reader.Object) -> List[Tuple[int, int]]:
        return self._parts(found, found.pairs, "rest_pairs")

    def _parts(self, found: reader.Object, first: Sequence[Any], kind: str) -> List[Any]:
        parts = list(first[: self.limits.max_elements])
        for number in self._rests.get(found.number, ()):
            rest = self.object(number)
            if rest is not None and rest.kind == kind and rest.rest is not None and rest.rest[0] == found.number:
                parts += (rest.pairs if kind == "rest_pairs" else rest.elements)[
                    : self.limits.max_elements - len(parts)
                ]
        return parts

    def _rest_missing(self, found: reader.Object, there: int) -> List[Any]:
        """One visible item in place of those that are not there."""
        flags = dict(found.flags)
        full = flags.get(_CUT, self._cut.get(found.number))
        if self._captured(found) > there:
            return [Missing("more than %d; --max-elements reads more" % self.limits.max_elements)]
        if full is not None and full > there:
            return [Missing("%d more were not captured" % (full - there))]
        return [Missing("it could not be read when it was captured")] if _UNREADABLE in flags else []


class _OfDump(Source):
    """An object of a dump."""

    __slots__ = ("found", "values")

    def __init__(self, values: Values, found: reader.Object) -> None:
        self.values = values
        self.found = found

    def attributes(self) -> List[Tuple[str, Any]]:
        with self.values._lock:
            self.values.allow(self.values.limits.at_once)
            return [(name, self.values.value(number)) for name, number in self._own()]

    def _own(self) -> Sequence[Tuple[str, int]]:
        return self.found.attributes[: self.values.limits.max_elements]

    def names(self) -> List[str]:
        return [name for name, _ in self._own()]

    def attribute(self, name: str) -> Any:
        for own, number in self.found.attributes:
            if own == name:
                return self.values.touched(number)
        if not is_special(name) and self.found.kind != "class":
            for cls in self._classes():
                for own, number in cls.attributes:
                    if own == name:
                        return self.values.touched(number)
        raise AttributeError("%s has no attribute %r in the dump" % (_plain.name(self.found.type.qualname), name))

    def _classes(self) -> List[reader.Object]:
        """The class and those that it inherits from."""
        cls = self.values.object(self.found.type.class_object)
        if cls is None or cls.kind != "class":
            return []
        found = [self.values.object(number) for number in cls.elements[: self.values.limits.max_elements]]
        return [one for one in found if one is not None and one.kind == "class"] or [cls]

    def contents(self) -> Any:
        values = self.values
        with values._lock:
            # Not more than the limit of one container, and the usual amount of what is in it.
            values.allow(values._count(self.found) + values.limits.at_once)
            if isinstance(values._memo.get(self.found.number), NotLoaded):
                del values._memo[self.found.number]
            made = values.value(self.found.number)
        if isinstance(made, NotLoaded):
            raise ValueError("tuples within tuples, more than %d deep" % _DEEPEST)
        return made

    def text(self) -> str:
        return _plain.name(self._text())

    def _text(self) -> str:
        found, of = self.found, self.found.type
        note, name = found.note or "", "%s.%s" % (of.module, of.qualname)
        if found.kind in _CONTAINERS:
            count = self.values._captured(found)
            shown = self.values.previews.get(found.number, "")
            return "<%s of %d, read by .contents%s>" % (of.qualname, count, shown and ": " + shown)
        if found.kind == "class":
            return "<class '%s'>" % note.replace("\0", ".")
        if found.kind == "module":
            return note.split("\0")[-1]
        if found.kind == "function":
            return "<function %s at 0x%x>" % (note.rpartition("\0")[2], found.address)
        if found.kind in ("code", "frame"):
            file, line = found.location or ("?", 0)
            return "<%s %s at 0x%x, file %r, line %d>" % (of.name, note, found.address, file, line)
        if found.kind == "bigint":
            size = 8 * len(found.value) if isinstance(found.value, bytes) else 0
            return "<int of %d bits>" % (dict(found.flags).get(_CUT) or size)
        if note:
            return note
        if found.number in self.values.previews:
            return self.values.previews[found.number]
        if of.repr_style in ("dataclass", "attrs", "pydantic"):
            name = {"attrs": of.qualname.split(">.")[-1], "pydantic": of.name}.get(of.repr_style, of.qualname)
            with once(self.found.number) as first:
                return "%s(%s)" % (name, ", ".join(self._fields()) if first else "...")
        attributes = dict(found.attributes)
        if of.repr_style == "enum" and "_name_" in attributes and "_value_" in attributes:
            both = (self.values.value(attributes["_name_"]), self.values.value(attributes["_value_"]))
            return "<%s.%s: %.200r>" % (of.qualname, *both)
        return "<%s object at 0x%x>" % (name, found.address)

    def _fields(self) -> List[str]:
        attributes, shown, length = dict(self.found.attributes), [], 0
        for field in self.found.type.fields:
            if field in attributes:
                shown.append("%s=%s" % (field, repr(self.values.touched(attributes[field]))[:_LONGEST]))
                length += len(shown[-1])
                if length > _LONGEST:
                    shown.append("…")
                    break
        return shown


class _AKey(Source):
    """A key that cannot be one here."""

    def __init__(self, key: Any) -> None:
        self.key = key

    def attribute(self, name: str) -> Any:
        if name == "key":
            return self.key
        raise AttributeError(name)

    def attributes(self) -> List[Tuple[str, Any]]:
        return [("key", self.key)]

    def names(self) -> List[str]:
        return ["key"]

    def text(self) -> str:
        return "<key %s>" % repr(self.key)[:_LONGEST]


def _cost(key: Any) -> int:
    """How many objects are hashed with a key, or a few more than the limit."""
    seen, waiting = 0, [key]
    while waiting and seen <= _LARGEST_KEY:
        seen += 1
        item = waiting.pop()
        if isinstance(item, (tuple, frozenset)):
            waiting += list(item)[: _LARGEST_KEY + 1]
    return seen


def _rests(dump: reader.Dump) -> Dict[int, List[int]]:
    """Owner → the objects with the rest of what it holds, in order."""
    listed = (dump.end or {}).get("rests")
    if listed is None:
        # The file ends early: they are where they are.
        listed = [
            (one.rest[0], one.number)
            for section in dump.sections
            for number in section.rests()
            for one in [dump.object(number)]
            if one.rest is not None
        ]
    found: Dict[int, List[int]] = {}
    for owner, number in listed:
        found.setdefault(owner, []).append(number)
    return found
