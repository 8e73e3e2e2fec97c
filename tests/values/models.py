"""Fails among records of attrs, pydantic and SQLAlchemy, and what pandas keeps in Arrow: `models.py DUMP TRUTH`."""

import json
import sys
import warnings
from typing import Any, Dict, List

import attr
import crashsite
import pandas as pd  # type: ignore[import-untyped]
import pydantic
import sqlalchemy
from sqlalchemy import orm

TRUTH: Dict[str, Any] = {}


@attr.s(slots=True, auto_attribs=True)
class Slotted:
    number: int
    hidden: str = attr.ib(default="x", repr=False)


@attr.define
class Defined:
    number: int
    many: List[Any] = attr.Factory(list)


@attr.s(auto_attribs=True)
class Plain:
    number: int
    text: str = "x"


class Model(pydantic.BaseModel):
    model_config = {"extra": "allow"}
    number: int
    text: str = "x"
    hidden: int = pydantic.Field(default=7, repr=False)
    _private: int = 5

    @property
    def computed(self) -> int:
        raise RuntimeError("code of the program was run")


class Outer(pydantic.BaseModel):
    inner: Model
    tags: List[str] = []
    password: str = "hunter2-xyzzy-42"


class Base(orm.DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    ident = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
    name = sqlalchemy.Column(sqlalchemy.String)
    note = orm.deferred(sqlalchemy.Column(sqlalchemy.String))
    password = sqlalchemy.Column(sqlalchemy.String)
    addresses = orm.relationship("Address")


class Address(Base):
    __tablename__ = "address"
    ident = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True)
    user = sqlalchemy.Column(sqlalchemy.ForeignKey("user.ident"))


def records() -> None:
    slotted, plain, defined = Slotted(1), Plain(2), Defined(3)
    defined.many.append(defined)
    model = Model(number=1, extra=[7])
    outer = Outer(inner=model)
    told(locals(), "outer")
    database()


def database() -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = orm.Session(engine)
    session.add(User(ident=1, name="ada", note="n", password="rosebud-4711-zeta", addresses=[Address(ident=1)]))
    session.add(User(ident=2, name="bob"))
    session.commit()
    loaded = session.get(User, 1)
    expired = session.get(User, 2)
    session.expire(expired, ["name"])
    fresh, gone = User(ident=9), session.execute(sqlalchemy.select(User.ident, User.name, User.password)).first()
    changed = User(ident=5, name="eve")
    session.add(changed)
    session.flush()
    changed.name = "eva"
    url = sqlalchemy.make_url("postgresql://ada:xanadu-0815-eta@localhost/shop")
    states = [one._sa_instance_state for one in (loaded, expired, fresh, changed)]
    TRUTH["database.states"] = ["persistent", "persistent", "transient", "persistent"]
    frames()


def frames() -> None:
    texts = pd.Series(["a", None, "c" * 100, "dé"], dtype="string[pyarrow]", name="texts")
    whole = pd.Series([1, None, 3], dtype="int64[pyarrow]")
    real, flags = (
        pd.Series([0.5, None], dtype="float64[pyarrow]"),
        pd.Series([True, None, False], dtype="bool[pyarrow]"),
    )
    joined = pd.concat([texts, texts])
    part = joined[1:7]
    long = pd.Series(["n%d" % number for number in range(100_000)])
    table = pd.DataFrame({"text": texts, "name": ["x", "y", "z", "w"], "number": [1, 2, 3, 4]})
    pairs = pd.MultiIndex.from_product([["a", "b"], range(10)], names=["letter", None])
    over = pd.DataFrame({"v": range(20)}, index=pairs)
    missing, never, between = pd.NA, pd.NaT, pd.Interval(0, 1)
    secrets = pd.DataFrame({"user": ["ada"], "api_key": ["plugh-9931-quux"]})
    told({"missing": missing, "never": never, "between": between})
    for name in ("texts", "whole", "real", "flags", "joined", "part", "long"):
        held = locals()[name]
        TRUTH["frames." + name] = [str(held.dtype), len(held), [repr(item) for item in held.tolist()[-2:]]]
    raise KeyError("models")


def told(named: Dict[str, Any], *skipped: str) -> None:
    """What their own classes make of values."""
    for name, value in named.items():
        if name not in skipped:
            TRUTH["%s.%s" % (sys._getframe(1).f_code.co_name, name)] = repr(value)


warnings.simplefilter("ignore", ResourceWarning)
try:
    records()
except KeyError:
    result = crashsite.save_dump(sys.argv[1], limits={"max_seconds": 60})
    assert result.path == sys.argv[1]
with open(sys.argv[2], "w") as stream:
    json.dump(TRUTH, stream, indent=1)
