"""What stands in the debugger for objects that cannot be themselves: their code is not here, and shall not be.

A proxy has nothing of its own to call. What it shows comes from `Values`, when it is asked for.
"""

import threading
from typing import Any, Callable, Dict, Iterator, List, Tuple, Type

from . import _plain

#: names of attributes that Python's own tools act upon, and that are served all the same: they expect nothing but data
SERVED = frozenset(
    """
    __name__ __qualname__ __defaults__ __kwdefaults__ __closure__ __func__ __self__ __file__ __cause__ __context__
    __annotations__
    """.split()
)


class DumpValue:
    """An object of a dump: its attributes by dot (all of them in ``vars()``), its ``repr`` as far as the dump has one."""

    __slots__ = ("_of",)

    def __getattr__(self, name: str) -> Any:
        # Asked for only what neither the class nor `object` has: these stay as Python needs them.
        if is_special(name) and name not in SERVED:
            raise AttributeError("%s: special attributes of the dump are in vars()" % name)
        return _source(self).attribute(name)

    @property
    def __dict__(self) -> Dict[str, Any]:  # type: ignore[override]
        return dict(_source(self).attributes())

    def __dir__(self) -> List[str]:
        return _source(self).names()

    def __repr__(self) -> str:
        return _source(self).text()

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("a value of a dump cannot be copied or pickled")


class NotLoaded(DumpValue):
    """A container that is read when it is asked for its length, an element, or ``contents``, the real one."""

    __slots__ = ()

    @property
    def contents(self) -> Any:
        """The real container."""
        return _source(self).contents()

    def __dir__(self) -> List[str]:
        return ["contents"]

    @property
    def __dict__(self) -> Dict[str, Any]:  # type: ignore[override]
        return {"contents": self.contents}

    def __len__(self) -> int:
        return len(self.contents)

    def __getitem__(self, key: Any) -> Any:
        return self.contents[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.contents)

    def __contains__(self, item: Any) -> bool:
        return item in self.contents


#: the slot, out of the reach of names in a dump
_SLOT: Any = type.__getattribute__(DumpValue, "_of")
type.__delattr__(DumpValue, "_of")


def _source(proxy: DumpValue) -> "Source":
    found: Source = _SLOT.__get__(proxy)
    return found


def bind(cls: Type[DumpValue], source: "Source") -> DumpValue:
    """A proxy of that class."""
    proxy = object.__new__(cls)
    _SLOT.__set__(proxy, source)
    return proxy


class Source:
    """Where a proxy has from what it shows. `Values` has the one that knows a dump."""

    def attribute(self, name: str) -> Any:
        """The value of an attribute; `AttributeError`."""
        raise NotImplementedError

    def attributes(self) -> List[Tuple[str, Any]]:
        """All that are the object's own."""
        raise NotImplementedError

    def names(self) -> List[str]:
        """Their names."""
        raise NotImplementedError

    def text(self) -> str:
        """The ``repr``."""
        raise NotImplementedError

    def contents(self) -> Any:
        """The real container."""
        raise NotImplementedError


class Missing:
    """Something that the dump does not have, or that was not read; why stands in its ``repr``."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __repr__(self) -> str:
        return "<missing: %s>" % self.reason


class CutText(str):
    """The beginning of a text; `full_length` is how many characters it had."""

    full_length = 0

    def __repr__(self) -> str:
        return "%s… <%d of %d characters>" % (str.__repr__(self), len(self), self.full_length)


class CutBytes(bytes):
    """The beginning of a bytes-like value; `full_length` is how many bytes it had."""

    full_length = 0

    def __repr__(self) -> str:
        return "%s… <%d of %d bytes>" % (bytes.__repr__(self), len(self), self.full_length)


def is_special(name: str) -> bool:
    """``__so__``."""
    return name.startswith("__") and name.endswith("__")


class Classes:
    """Classes with the names of those of the dump, which have nothing else of them."""

    def __init__(self) -> None:
        self._made: Dict[Tuple[Any, ...], type] = {}

    def named(self, base: type, module: str, qualname: str, slots: bool = False) -> Any:
        """A class derived from `base`, always the same for the same names."""
        key = (base, module, qualname, slots)
        if key not in self._made:
            qualname = _plain.name(qualname)
            space: Dict[str, Any] = {"__module__": _plain.module(module), "__qualname__": qualname}
            if slots:
                space["__slots__"] = ()
            self._made[key] = type(qualname.rpartition(".")[2] or qualname, (base,), space)
        return self._made[key]

    def with_fields(self, module: str, qualname: str, fields: Tuple[str, ...]) -> Any:
        """A class of named tuples."""
        key = (tuple, module, qualname, fields)
        if key not in self._made:
            cls = self.named(tuple, module, qualname + "\0")  # one of its own, for the fields
            cls.__qualname__, cls.__name__ = _plain.name(qualname), _plain.name(qualname).rpartition(".")[2] or "?"
            for position, field in enumerate(fields):
                if field.isidentifier() and not field.startswith("_") and not hasattr(tuple, field):
                    setattr(cls, field, property(_item(position)))
            cls.__repr__ = _fields_shown(tuple(_plain.name(field) for field in fields))
            del self._made[tuple, module, qualname + "\0", False]
            self._made[key] = cls
        return self._made[key]


def _item(position: int) -> Callable[[Any], Any]:
    return lambda self: tuple.__getitem__(self, position)


def _fields_shown(fields: Tuple[str, ...]) -> Callable[[Any], str]:
    def shown(self: Any) -> str:
        with once(self) as first:
            if not first:
                return "%s(...)" % type(self).__name__
            pairs = ["%s=%r" % pair for pair in zip(fields, tuple.__iter__(self))]
            more = ["%r" % (item,) for item in tuple.__getitem__(self, slice(len(fields), None))]
            return "%s(%s)" % (type(self).__name__, ", ".join(pairs + more))

    return shown


class once:
    """Whether this is the first time that an object is shown within itself."""

    _local = threading.local()

    def __init__(self, key: Any) -> None:
        self.key = id(key)

    def __enter__(self) -> bool:
        seen = self._local.__dict__.setdefault("seen", [])
        seen.append(self.key)
        return bool(seen.count(self.key) == 1)

    def __exit__(self, *error: Any) -> None:
        self._local.seen.pop()
