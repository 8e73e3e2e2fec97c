"""The exceptions of a dump as exceptions, of classes derived from Python's own, which say what the dump says.

One that would end a debugger when it is raised (SystemExit and its like) is no such one here.
"""

import builtins
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

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
        self._by_object = {raised.get("object"): index for index, raised in reversed(list(enumerate(self._raised)))}
        values.exception = self._of_object

    def crash(self) -> Optional[BaseException]:
        """The exception that the program failed with, with those before it; None: it had not."""
        return self._linked(0, [])

    def _linked(self, index: Any, above: List[int]) -> Optional[BaseException]:
        """An exception with its causes, contexts and members. A way back to one above is not made, for Python walks it."""
        if not isinstance(index, int) or not 0 <= index < len(self._raised) or index in above:
            return None
        if len(above) >= reader.DEEPEST_CHAIN:
            return None
        if index in self._made:
            return self._made[index]
        raised, way = self._raised[index], [*above, index]
        members = [self._linked(member, way) for member in raised.get("group") or ()]
        made = self._new(raised, [member for member in members if member is not None])
        self._made[index] = made
        made.__cause__ = self._linked(raised.get("cause"), way)
        made.__context__ = self._linked(raised.get("context"), way)
        made.__suppress_context__ = bool(raised.get("suppress_context"))
        notes = [_plain.text(note) for note in raised.get("notes") or () if isinstance(note, str)]
        if notes:
            made.__notes__ = notes  # type: ignore[attr-defined]
        number = raised.get("object")
        found = self._values.object(number) if isinstance(number, int) else None
        if found is not None and found.kind == "exception":
            self._values.remember(found.number, made)
            self._values.complete(made, found)
        made.__traceback__ = self._traceback(raised.get("frames") or ())
        return made

    def _of_object(self, found: reader.Object) -> Tuple[BaseException, bool]:
        """An exception that is a value, and whether its attributes are still to come."""
        index = self._by_object.get(found.number)
        if index in self._made:
            return self._made[index], False  # type: ignore[index]
        raised: Mapping[str, Any] = {}
        if index is not None:
            raised = {"message": self._raised[index].get("message")}
        of = found.type
        return self._new({"type": of.name, "module": of.module, "qualname": of.qualname, **raised}, []), True

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
        made._bridge = (said, self._owner)  # type: ignore[attr-defined]
        if members:
            made.exceptions = tuple(members)  # type: ignore[attr-defined]
        return made

    def _group(self, module: str, qualname: str, said: str, members: List[BaseException]) -> BaseException:
        cls = self._derived(_GROUP if qualname == "BaseExceptionGroup" else builtins.ExceptionGroup, module, qualname)  # type: ignore[attr-defined]
        made: BaseException = cls.__new__(cls, said, members)  # type: ignore[call-overload]
        made._bridge = (said, self._owner)  # type: ignore[attr-defined]
        return made

    def _ancestor(self, raised: Mapping[str, Any]) -> type:
        """The nearest of Python's own classes that an exception of the program's derives from."""
        number = raised.get("object")
        found = self._values.object(number) if isinstance(number, int) else None
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
            space = {"__module__": _plain.name(module), "__qualname__": name, "__slots__": ("_bridge",)}
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
