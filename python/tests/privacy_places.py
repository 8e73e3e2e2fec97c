"""Where secrets stand in a program."""

import collections
import dataclasses
import functools
import json
import types
from typing import Any, Callable, Dict

_turn = iter(range(1 << 30))


class Plain:
    """An object with attributes."""


class Slots:
    """One with a slot for each name it may be given."""

    __slots__ = ("access_token", "api_key", "passwd", "password", "secret")


class Secret:
    """As the libraries have them that hide a value in its repr."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Secret(***)"


class Text(str):
    """A str of the program's own."""


def attribute(name: str, value: Any) -> Any:
    found = Plain()
    setattr(found, name.replace("-", "_"), value)
    return found


def slot(name: str, value: Any) -> Any:
    found = Slots()
    setattr(found, Slots.__slots__[next(_turn) % 5], value)
    return found


def default(name: str, value: Any) -> Any:
    namespace: Dict[str, Any] = {"value": value}
    exec("def connect(host, %s=value): pass" % name.replace("-", "_"), namespace)
    return namespace["connect"]


def closure(name: str, value: Any) -> Any:
    namespace: Dict[str, Any] = {}
    word = name.replace("-", "_")
    exec("def make(%s):\n    def use(): return %s\n    return use" % (word, word), namespace)
    return namespace["make"](value)


def deep(name: str, value: Any) -> Any:
    found: Any = {name: value}
    for level in range(7):
        found = {"level": level, "below": [found]}
    return found


def generator(name: str, value: Any) -> Any:
    namespace: Dict[str, Any] = {}
    exec("def produce(%s):\n    yield 1\n" % name.replace("-", "_"), namespace)
    made = namespace["produce"](value)
    next(made)
    return made


#: where a value stands that is a secret by its name
NAMED: Dict[str, Callable[[str, Any], Any]] = {
    "dict": lambda name, value: {"id": 1, name: value},
    "upper dict": lambda name, value: {name.upper().replace("-", "_"): value},
    "ordered dict": lambda name, value: collections.OrderedDict([("id", 1), (name, value)]),
    "default dict": lambda name, value: collections.defaultdict(str, {name: value}),
    "bytes key": lambda name, value: {name.encode(): value.encode()},
    "bytearray": lambda name, value: {name: bytearray(value.encode())},
    "attribute": attribute,
    "slot": slot,
    "default": default,
    "keyword default": lambda name, value: functools.partial(print, **{name.replace("-", "_"): value}),
    "closure": closure,
    "class attribute": lambda name, value: type("Config", (), {name.replace("-", "_"): value}),
    "namedtuple": lambda name, value: collections.namedtuple("Row", ["id", name.replace("-", "_")])(1, value),
    "dataclass": lambda name, value: dataclasses.make_dataclass("Row", ["id", name.replace("-", "_")])(1, value),
    "namespace": lambda name, value: types.SimpleNamespace(**{name.replace("-", "_"): value}),
    "header": lambda name, value: [("Accept", "*/*"), (name, value)],
    "bytes header": lambda name, value: [(b"accept", b"*/*"), (name.lower().encode(), value.encode())],
    "list": lambda name, value: {name: [value]},
    "deep": deep,
    "holder": lambda name, value: {name: Secret(value)},
    "holder class": lambda name, value: [Secret(value)],
    "option": lambda name, value: ["tool", "--" + name.lower().replace("_", "-"), value, "run"],
    "json": lambda name, value: json.dumps({"id": 1, name: value}),
    "repr": lambda name, value: "called with %r" % {name: value},
    "keyword repr": lambda name, value: "Config(host='db', %s=%r)" % (name.replace("-", "_"), value),
    "error": lambda name, value: ValueError("no access", {name: value}),
    "error text": lambda name, value: ValueError("cannot use %s=%r" % (name, value)),
    "mapping proxy": lambda name, value: types.MappingProxyType({name: value}),
    "generator": generator,
    "module": lambda name, value: (
        types.ModuleType("settings").__dict__.update({name: value}) or {"settings": {name: value}}
    ),
}

#: where a value stands that is a secret wherever it is
ANYWHERE: Dict[str, Callable[[str, str], Any]] = {
    "item": lambda name, value: [1, value],
    "tuple": lambda name, value: (value,),
    "set": lambda name, value: {value},
    "frozenset": lambda name, value: frozenset([value, "other"]),
    "deque": lambda name, value: collections.deque([value]),
    "dict value": lambda name, value: {"note": value},
    "dict key": lambda name, value: {value: 1},
    "attribute": lambda name, value: attribute("remark", value),
    "attribute name": lambda name, value: attribute(value, 1),
    "slot": lambda name, value: attribute("text", value),
    "bytes": lambda name, value: value.encode(),
    "bytearray": lambda name, value: bytearray(value.encode()),
    "memoryview": lambda name, value: memoryview(value.encode()),
    "own str": lambda name, value: Text(value),
    "sentence": lambda name, value: "the remote end said: %s, and closed" % value,
    "long text": lambda name, value: "line of a log\n" * 50 + "seen %s here\n" % value + "and so on\n" * 50,
    "many lines": lambda name, value: ["first", "then " + value, "last"],
    "error": lambda name, value: RuntimeError(value),
    "error text": lambda name, value: RuntimeError("got %s back" % value, 5),
    "default": lambda name, value: default("text", value),
    "closure": lambda name, value: closure("text", value),
    "deep": lambda name, value: deep("text", value),
    "partial": lambda name, value: functools.partial(print, value),
    "utf-16": lambda name, value: value.encode("utf-16-le"),
    "class attribute": lambda name, value: type("Config", (), {"text": value}),
    "beyond 200": lambda name, value: "x " * 95 + value,
}
