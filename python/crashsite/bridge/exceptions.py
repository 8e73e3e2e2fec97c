"""The exceptions of a dump as exceptions, of classes derived from Python's own, which say what the dump says.

One that would end a debugger when it is raised (SystemExit and its like) is no such one here.
"""

import builtins
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Set, Tuple

from .. import reader
from . import _plain
from .values import Values

#: these mean something to whoever catches them
_MEANT = ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "StopAsyncIteration", "BaseException")
_GROUP: Any = getattr(builtins, "BaseExceptionGroup", None)


class Snapshot(Exception):
    """Raised by nobody: it stands where the program was looked at without having failed."""


class _Rebuilt:
    """An exception of a dump. Its class has a slot for the message and for what has to live as long as it does."""

    _bridge: Any

    def __str__(self) -> str:
        said: Optional[str] = self._bridge[0]
        return super().__str__() if said is None else said


class Exceptions:
    """All exceptions of one dump. `traceback` makes one of the numbers of its frames, which `owner` keeps alive."""

    def __init__(
        self,
        summary: Mapping[str, Any],
        values: Values,
        traceback: Callable[[Sequence[int]], Any],
        owner: Any,
    ) -> None:
        self._raised: List[Mapping[str, Any]] = list(summary.get("exceptions", ()))
        self._values = values
        self._traceback = traceback
        self._owner = owner
        self._classes: Dict[Tuple[type, str, str], type] = {}
        self._made: Dict[int, BaseException] = {}
        self._linked: Set[int] = set()
        self._by_object = {raised.get("object"): index for index, raised in reversed(list(enumerate(self._raised)))}
        values.exception = self._value

    def crash(self) -> Optional[BaseException]:
        """The exception that the program failed with, with those before it; None: it had not."""
        return self._link(0, [])

    def _link(self, index: Any, above: List[int]) -> Optional[BaseException]:
        """An exception with its causes, contexts and members. A way back to one above is not made, for Python walks it."""
        made = self._make(index, above)
        if made is None or index in self._linked:
            return made
        self._linked.add(index)
        raised, way = self._raised[index], [*above, index]
        for member in self._members(raised):
            self._link(member, way)
        made.__cause__ = self._link(raised.get("cause"), way)
        made.__context__ = self._link(raised.get("context"), way)
        made.__suppress_context__ = bool(raised.get("suppress_context"))
        notes = [_plain.text(note) for note in raised.get("notes") or () if isinstance(note, str)]
        if notes:
            made.__notes__ = notes  # type: ignore[attr-defined, unused-ignore]
        found = self._object(raised)
        if found is not None:
            self._values.complete(made, found)
        made.__traceback__ = self._traceback(raised.get("frames") or ())
        return made

    def _make(self, index: Any, above: List[int]) -> Optional[BaseException]:
        """An exception with its members alone, which it has to be made with."""
        if not isinstance(index, int) or not 0 <= index < len(self._raised) or index in above:
            return None
        if len(above) >= reader.DEEPEST_CHAIN:
            return None
        if index not in self._made:
            raised, way = self._raised[index], [*above, index]
            members = [self._make(member, way) for member in self._members(raised)]
            made = self._new(raised, [member for member in members if member is not None])
            self._made[index] = made
            found = self._object(raised)
            if found is not None:
                self._values.remember(found.number, made)
        return self._made[index]

    @staticmethod
    def _members(raised: Mapping[str, Any]) -> Sequence[Any]:
        return list(raised.get("group") or ())

    def _object(self, raised: Mapping[str, Any]) -> Optional[reader.Object]:
        number = raised.get("object")
        found = self._values.object(number) if isinstance(number, int) else None
        return found if found is not None and found.kind == "exception" else None

    def _value(self, found: reader.Object) -> Tuple[BaseException, bool]:
        """An exception that somebody holds, and whether its attributes are still to come."""
        known = self._make(self._by_object.get(found.number), [])
        if known is not None:
            return known, False
        of = found.type
        raised = {"type": of.name, "module": of.module, "qualname": of.qualname, "object": found.number}
        return self._new(raised, []), True

    def _new(self, raised: Mapping[str, Any], members: List[BaseException]) -> BaseException:
        module, qualname = raised.get("module"), raised.get("qualname") or raised.get("type")
        module = module if isinstance(module, str) else "?"
        qualname = qualname if isinstance(qualname, str) else "?"
        message = raised.get("message")
        if message is None:
            message = raised.get("preview")
        said = _plain.text(message) if isinstance(message, str) else None
        cls = _builtin(module, qualname)
        if members and _GROUP is not None:
            return self._group(module, qualname, said or "", members)
        named: Any = self._derived(cls or self._ancestor(raised), module, qualname)
        made: BaseException = named.__new__(named)
        made._bridge = (said, self._owner)  # type: ignore[attr-defined, unused-ignore]
        if members:
            made.exceptions = tuple(members)  # type: ignore[attr-defined, unused-ignore]
        return made

    def _group(self, module: str, qualname: str, said: str, members: List[BaseException]) -> BaseException:
        cls = self._derived(_GROUP if qualname == "BaseExceptionGroup" else builtins.ExceptionGroup, module, qualname)  # type: ignore[attr-defined, unused-ignore]
        made: BaseException = cls.__new__(cls, said, members)  # type: ignore[call-overload, unused-ignore]
        made._bridge = (said, self._owner)  # type: ignore[attr-defined, unused-ignore]
        return made

    def _ancestor(self, raised: Mapping[str, Any]) -> type:
        """The nearest of Python's own classes that an exception of the program's derives from."""
        found = self._object(raised)
        cls = self._values.object(found.type.class_object) if found is not None else None
        for number in cls.elements[:1000] if cls is not None and cls.kind == "class" else ():
            base = self._values.object(number)
            if base is not None and base.kind == "class" and base.note is not None:
                module, _, qualname = base.note.partition("\0")
                known = _builtin(module, qualname)
                if known is not None:
                    return known
        return Exception

    def _derived(self, base: type, module: str, qualname: str) -> type:
        key = (base, module, qualname)
        if key not in self._classes:
            module = "builtins" if module in ("exceptions", "__builtin__") else module  # of Python 2.7
            name = _plain.name(qualname)
            space = {"__module__": _plain.module(module), "__qualname__": name, "__slots__": ("_bridge",)}
            self._classes[key] = type(name.rpartition(".")[2] or name, (_Rebuilt, base), space)
        return self._classes[key]


def _builtin(module: str, qualname: str) -> Optional[type]:
    """Python's own class of that name, where it is harmless to raise one of them."""
    if module not in ("builtins", "exceptions") or qualname in _MEANT:
        return None
    cls = vars(builtins).get(qualname)
    if not isinstance(cls, type) or not issubclass(cls, Exception) or (_GROUP and issubclass(cls, _GROUP)):
        return None
    return cls
