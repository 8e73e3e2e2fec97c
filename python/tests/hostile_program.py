"""A program whose classes fight back. Run as ``hostile_program.py MODE FILE``: captures itself into FILE, then prints how
many of the traps were sprung. MODE says what a trap does: raise, loop, allocate, or exit."""

import abc
import os
import sys
import time
from typing import Any, Callable, Dict, List

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import crashsite

MODE = sys.argv[1]
SPRUNG: List[str] = []
ARMED = False


def trap(name: str) -> Any:
    """What every special method below does once the capture runs."""
    if not ARMED:
        return None
    SPRUNG.append(name)
    if MODE == "loop":
        while True:
            time.sleep(0.01)
    if MODE == "allocate":
        return bytearray(1 << 33)
    if MODE == "exit":
        os._exit(77)
    raise RuntimeError("trap " + name)


def method(name: str, usual: Callable[..., Any]) -> Callable[..., Any]:
    def special(self: Any, *args: Any) -> Any:
        trap(name)
        return usual(self, *args)

    return special


SPECIALS = {
    "__repr__": lambda self: "x",
    "__str__": lambda self: "x",
    "__getattr__": lambda self, name: object.__getattribute__(self, name),
    "__getattribute__": lambda self, name: object.__getattribute__(self, name),
    "__reduce__": lambda self: (int, ()),
    "__reduce_ex__": lambda self, protocol: (int, ()),
    "__eq__": lambda self, other: self is other,
    "__ne__": lambda self, other: self is not other,
    "__hash__": lambda self: 7,
    "__bool__": lambda self: True,
    "__len__": lambda self: 3,
    "__iter__": lambda self: iter(()),
    "__getitem__": lambda self, key: None,
    "__contains__": lambda self, key: True,
    "__sizeof__": lambda self: 16,
    "__dir__": lambda self: [],
    "__format__": lambda self, spec: "x",
    "__index__": lambda self: 1,
    "__int__": lambda self: 1,
    "__float__": lambda self: 1.0,
    "__lt__": lambda self, other: False,
    "__call__": lambda self: None,
    "__del__": lambda self: None,
    "__instancecheck__": lambda self, other: False,
    "__subclasscheck__": lambda self, other: False,
}
NAMESPACE: Dict[str, Any] = {name: method(name, usual) for name, usual in SPECIALS.items() if name != "__del__"}


class Meta(type):
    """A metaclass that answers nothing willingly."""

    def __getattribute__(cls, name: str) -> Any:
        trap("Meta.__getattribute__ " + name)
        return type.__getattribute__(cls, name)

    def __hash__(cls) -> int:
        trap("Meta.__hash__")
        return 7

    def __eq__(cls, other: Any) -> bool:
        trap("Meta.__eq__")
        return cls is other

    def __repr__(cls) -> str:
        trap("Meta.__repr__")
        return "x"

    def __instancecheck__(cls, other: Any) -> bool:
        trap("Meta.__instancecheck__")
        return False

    def __subclasscheck__(cls, other: Any) -> bool:
        trap("Meta.__subclasscheck__")
        return False

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        trap("Meta.__name__")
        return "Lies"

    @property
    def __mro__(cls) -> Any:  # type: ignore[override]
        trap("Meta.__mro__")
        return ()

    @property
    def __module__(cls) -> str:  # type: ignore[override]
        trap("Meta.__module__")
        return "lies"

    @property
    def __dict__(cls) -> Any:  # type: ignore[override]
        trap("Meta.__dict__")
        return {}


class AbstractMeta(abc.ABCMeta):
    """A metaclass of abstract classes that is asked for what was registered."""

    def __getattribute__(cls, name: str) -> Any:
        trap("AbstractMeta.__getattribute__ " + name)
        return super().__getattribute__(name)


class RegistryMeta(abc.ABCMeta):
    """Another, which will stand before the data of its classes."""


class MroMeta(type):
    """A metaclass whose ``mro`` leaves out what the class is made of."""

    def mro(cls) -> Any:
        found = type.mro(cls)
        return [found[0], object] if len(found) > 2 else found


class KeyText(str):
    """A str that hashes and compares by its own code."""

    __hash__ = method("KeyText.__hash__", lambda self: str.__hash__(self))  # type: ignore[assignment]
    __eq__ = method("KeyText.__eq__", lambda self, other: str.__eq__(self, other))  # type: ignore[assignment]
    __len__ = method("KeyText.__len__", lambda self: str.__len__(self))  # type: ignore[assignment]
    __str__ = method("KeyText.__str__", lambda self: "x")  # type: ignore[assignment]
    __repr__ = method("KeyText.__repr__", lambda self: "x")  # type: ignore[assignment]


def everything(base: type, **more: Any) -> type:
    return type("Hostile" + base.__name__.title(), (base,), {**NAMESPACE, **more})


class ClassIsAProperty:
    secret = "class attribute"

    def __init__(self) -> None:
        self.kept = "kept"

    @property
    def __class__(self) -> Any:  # type: ignore[override]
        trap("__class__")
        return int


class DictIsAProperty:
    def __init__(self) -> None:
        object.__setattr__(self, "hidden", "hidden value")

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        trap("__dict__")
        return {}


class DictIsAnInheritedProperty(ClassIsAProperty):
    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        trap("__dict__")
        return {}


class SlotsLie:
    __slots__ = ("one", "two")
    two_is_unset = True

    def __init__(self) -> None:
        self.one = "slot value"

    def __getattribute__(self, name: str) -> Any:
        trap("SlotsLie.__getattribute__")
        return object.__getattribute__(self, name)


class OwnError(Exception):
    def __str__(self) -> str:
        trap("OwnError.__str__")
        return "x"

    __repr__ = __str__

    def __getattribute__(self, name: str) -> Any:
        trap("OwnError.__getattribute__ " + name)
        return super().__getattribute__(name)


class OwnMapping(dict):  # type: ignore[type-arg]
    """The namespace of a class body."""

    def __getitem__(self, key: str) -> Any:
        trap("OwnMapping.__getitem__")
        return dict.__getitem__(self, key)

    def __setitem__(self, key: str, value: Any) -> None:
        trap("OwnMapping.__setitem__")
        dict.__setitem__(self, key, value)

    def __delitem__(self, key: str) -> None:
        trap("OwnMapping.__delitem__")
        dict.__delitem__(self, key)

    def items(self) -> Any:
        trap("OwnMapping.items")
        return dict.items(self)

    keys = __iter__ = __len__ = items  # type: ignore[assignment]


class NoDictMapping:
    """A namespace that is no dict at all."""

    def __init__(self) -> None:
        self.kept: Dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        trap("NoDictMapping.__getitem__")
        return self.kept[key]

    def __setitem__(self, key: str, value: Any) -> None:
        trap("NoDictMapping.__setitem__")
        self.kept[key] = value

    def __delitem__(self, key: str) -> None:
        trap("NoDictMapping.__delitem__")
        del self.kept[key]

    def keys(self) -> Any:
        trap("NoDictMapping.keys")
        return self.kept.keys()


class Preparing(type):
    chosen: Any = OwnMapping

    @classmethod
    def __prepare__(mcs, name: str, bases: Any) -> Any:  # type: ignore[override]
        return mcs.chosen()


def zoo() -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for base in (object, int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset, dict, Exception):
        found[base.__name__] = everything(base)()
    import array
    import collections
    import datetime
    import decimal

    for base in (collections.deque, collections.OrderedDict, collections.Counter, datetime.tzinfo, decimal.Decimal):
        found[base.__name__] = everything(base)()
    found["defaultdict"] = everything(collections.defaultdict)(everything(object)())
    found["array"] = everything(array.array)("d", [1.0])
    found["date"] = everything(datetime.date)(2026, 8, 1)
    found["zoned"] = datetime.datetime(2026, 8, 1, tzinfo=found["tzinfo"])
    found["meta"] = Meta("MetaInstance", (), {"attribute": 1})()
    found["meta_class"] = type(found["meta"])
    for number, meta in enumerate((AbstractMeta, RegistryMeta)):
        abstract: Any = meta("Abstract%d" % number, (), {})
        abstract.register(int)
        found["abstract%d" % number] = abstract
    RegistryMeta._abc_impl = property(lambda cls: trap("RegistryMeta._abc_impl"))  # type: ignore[attr-defined]
    found["meta_dict"] = Meta("MetaDict", (dict,), {})(a=1)
    found["meta_list"] = Meta("MetaList", (list,), {})([1, 2])
    found["meta_int"] = Meta("MetaInt", (int,), {})(5)
    if sys.implementation.name == "cpython":  # PyPy finds the constructor along the MRO, and there is none
        found["mro"] = MroMeta("MroDict", (ClassIsAProperty, dict), {})(b=2)
    found["class_property"] = ClassIsAProperty()
    found["dict_property"] = DictIsAProperty()
    found["inherited"] = DictIsAnInheritedProperty()
    found["slots"] = SlotsLie()
    key = KeyText("key")
    found["keyed"] = {key: 1, "plain": 2}
    found["ordered"] = collections.OrderedDict([(key, 1)])
    found["members"] = {key, 3}
    holder = ClassIsAProperty()
    vars(holder)[KeyText("odd attribute")] = 1
    vars(holder)[KeyText("__name__")] = 2
    found["holder"] = holder
    found["bound"] = found["slots"].__init__
    found["range"] = range(everything(int)(0), 5)
    found["slice"] = slice(found["object"], found["str"])
    found["name"] = type("Named", (), {KeyText("__module__"): 5, KeyText("__dict__"): 6})()
    found["partial"] = __import__("functools").partial(found["object"], found["str"])
    found["wrapped"] = __import__("types").MappingProxyType(found["dict"])
    found["reference"] = __import__("weakref").ref(found["class_property"])
    found["proxy"] = __import__("weakref").proxy(found["class_property"])
    found["namespace"] = __import__("types").SimpleNamespace(a=found["object"])
    found["text_name"] = everything(str)("some text")
    return found


def failing_body() -> None:
    """A class body that fails: its frame, with a namespace of the program's own, is part of the traceback."""

    class Failing(metaclass=Preparing):
        held = "in a class body"

        def uses_super(self) -> Any:
            return super().__repr__()

        raise OwnError(held)


def running_body(values: Dict[str, Any]) -> None:
    """A class body that is still running while the dump is written."""

    class Running(metaclass=Preparing):
        held = "in a running class body"

        def uses_super(self) -> Any:
            return super().__repr__()

        capture(values)


def capture(values: Dict[str, Any]) -> None:
    global ARMED
    local = values["str"]
    zipped = zip(["key"], [local])
    try:
        failing_body()
    except OwnError as error:
        cause = error
    exec("kept_by_exec = 5\ndef inner(): raise values\n", {"values": 1}, Preparing.chosen())
    failure = values["Exception"]
    interval = sys.getswitchinterval()
    try:
        raise failure from cause
    except Exception:
        info = sys.exc_info()
        ARMED = True
        try:
            result = crashsite.save_dump(sys.argv[2], exc_info=info)
        finally:
            ARMED = False
    assert sys.getswitchinterval() == interval, "switch interval"
    print("sprung", len(SPRUNG), sorted(set(SPRUNG))[:20], "stopped", result.stopped)
    sys.stdout.flush()
    del zipped
    os._exit(0)


if len(sys.argv) > 3:
    Preparing.chosen = NoDictMapping
running_body(zoo())
