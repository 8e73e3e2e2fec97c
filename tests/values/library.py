"""Fails among values of the standard library: `library.py DUMP TRUTH`. The truth is what the library itself says of them."""

import argparse
import collections
import configparser
import contextvars
import ctypes
import datetime
import decimal
import enum
import fractions
import functools
import io
import ipaddress
import itertools
import json
import logging
import mmap
import operator
import os
import pathlib
import queue
import socket
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import types
import uuid
import warnings
import weakref
import xml.etree.ElementTree as tree
from email.message import EmailMessage
from http.cookies import SimpleCookie
from typing import Any, Dict, Iterator, List, Optional, Union

import crashsite

TRUTH: Dict[str, str] = {}


class Perm(enum.Flag):
    READ = 1
    WRITE = 2


class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int), ("y", ctypes.c_double), ("name", ctypes.c_char * 8)]


class Line(ctypes.Structure):
    _fields_ = [("start", Point), ("ends", ctypes.c_short * 3), ("next", ctypes.c_void_p)]


class Settings(collections.UserDict):  # type: ignore[type-arg]
    """A class of the program's that says nothing of how it looks."""


class Jobs(queue.Queue):  # type: ignore[type-arg]
    """A queue of the program's."""


class Order:
    """What weak containers hold."""


class Hostile:
    """No code of this may run."""

    armed = False

    def run(self, *_: Any) -> Any:
        if Hostile.armed:
            with open(sys.argv[1] + ".ran", "w"):
                raise RuntimeError("code of the program was run")
        return 0

    __repr__ = __eq__ = __hash__ = __len__ = __iter__ = __next__ = __getitem__ = __call__ = __bool__ = run  # type: ignore[assignment]
    __length_hint__ = __reduce__ = __reduce_ex__ = __str__ = __index__ = run  # type: ignore[assignment]


class Summer(datetime.tzinfo):
    """A zone of the program's."""

    def utcoffset(self, _: Any) -> Any:
        with open(sys.argv[1] + ".ran", "w"):
            raise RuntimeError("code of the program was run")


def counting(most: int) -> Iterator[int]:
    number = 0
    while number < most:
        yield number
        number += 1


def numbers() -> None:
    ident = uuid.UUID("12345678-1234-5678-1234-567812345678")
    four, six = ipaddress.ip_address("192.168.1.7"), ipaddress.ip_address("fe80::1")
    zeros, mapped, all_six = (ipaddress.ip_address(text) for text in ("1:0:0:2::3", "::ffff:1.2.3.4", "::"))
    net, net_six = ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8::/32")
    card = ipaddress.ip_interface("10.0.0.1/8")
    part = fractions.Fraction(22, -7)
    pure, windows = pathlib.PurePosixPath("/etc/x"), pathlib.PureWindowsPath("C:/x/y")
    joined, here = pathlib.Path("a") / "b c", pathlib.Path()
    nothing = Perm(0)
    both = Perm.READ | Perm.WRITE
    generic, optional = Dict[str, Any], Optional[int]
    special, form = List, Union
    normal = statistics.NormalDist(0, 1)
    precise = decimal.Context(prec=7)
    told(locals())
    if sys.version_info >= (3, 9):
        clocks()
    else:
        held()


def clocks() -> None:
    import zoneinfo

    zone: Any = datetime.timezone.utc
    if os.path.exists("/usr/share/zoneinfo/Europe/Berlin"):
        zone = zoneinfo.ZoneInfo("Europe/Berlin")
    when = datetime.datetime(2026, 8, 1, 10, 30, tzinfo=zone)
    clock = datetime.time(1, 2, tzinfo=zone)
    told(locals())
    local = datetime.datetime(2026, 8, 1, 10, 30, 5, tzinfo=Summer(), fold=1)
    held()


def held() -> None:
    settings, plain = Settings(a=1), collections.UserDict(b=[1])
    row, text = collections.UserList([1, "two"]), collections.UserString("x'y")
    chain = collections.ChainMap({"a": 1}, {"b": 2})
    options = argparse.Namespace(verbose=1, file="x")
    parser = argparse.ArgumentParser("prog", description="what it does")
    keys, values, items = {"a": 1, "b": 2}.keys(), {"a": 1}.values(), {"a": 1}.items()
    ordered = collections.OrderedDict(a=1).keys()
    config = configparser.ConfigParser()
    config.read_string("[shop]\nport = 8080\n")
    section = config["shop"]
    done = subprocess.run(["true"])
    running = subprocess.Popen(["true", "really"])
    running.wait()
    item, attribute = operator.itemgetter(1, "two"), operator.attrgetter("a.b")
    call = functools.partialmethod(int, base=2)
    code = struct.Struct("<IH")
    temporary = tempfile.TemporaryDirectory()
    if sys.version_info >= (3, 9):
        alias, typed = eval("list[int]"), eval("dict[str, tuple[int, ...]]")
    if sys.version_info >= (3, 10):
        either = eval("int | str | None")
    told(locals(), "call", *() if sys.version_info >= (3, 13) else ("code",))
    waiting()


def waiting() -> None:
    condition, event, gate = threading.Condition(), threading.Event(), threading.Barrier(2)
    event.set()
    some, bounded = threading.Semaphore(3), threading.BoundedSemaphore(2)
    thread = threading.Thread(target=int, name="worker", daemon=True)
    ended = threading.Thread(target=int, name="done")
    ended.start()
    ended.join()
    named = sys.version_info >= (3, 10)
    told(locals(), *() if named else ("event", "gate", "some", "bounded"))
    jobs = Jobs(5)
    jobs.put(1)
    jobs.put("two")
    first: Any = queue.PriorityQueue()
    first.put((1, "x"))
    logs()


def logs() -> None:
    logger, root = logging.getLogger("shop.db"), logging.getLogger()
    logger.setLevel(20)
    handler = logging.StreamHandler()
    file = logging.FileHandler(os.path.join(os.path.dirname(sys.argv[1]), "log.txt"), delay=True)
    adapter = logging.LoggerAdapter(logger, {"a": 1})
    record = logging.makeLogRecord({"msg": "hi %s", "args": (1,), "levelno": 20, "name": "shop", "lineno": 7})
    told(locals(), *() if sys.version_info >= (3, 9) else ("adapter",))
    streams()


def streams() -> None:
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    client = socket.create_connection(server.getsockname())
    accepted = server.accept()[0]
    closed = socket.socket()
    closed.close()
    area = mmap.mmap(-1, 4096)
    area.write(b"hello")
    name = os.path.join(os.path.dirname(sys.argv[1]), "file.txt")
    written = open(name, "w")
    written.write("not flushed")
    reading = open(os.path.abspath(__file__), "rb")
    reading.read(10)
    memory, text = io.BytesIO(b"hello"), io.StringIO("one\ntwo")
    memory.read(2)
    text.readline()
    gone = io.BytesIO()
    gone.close()
    numeric = sys.version_info >= (3, 11)
    told(locals(), "name", *() if numeric else ("server", "client", "accepted", "closed", "area"))
    foreign()


def foreign() -> None:
    point = Point(1, 2.5, b"ab")
    line = Line(point, (1, 2, 3), 0x1000)
    array = (ctypes.c_int * 5)(1, 2, 3)
    pointer, null = ctypes.pointer(point), ctypes.POINTER(ctypes.c_int)()
    buffer = ctypes.create_string_buffer(b"abc", 6)
    wild = ctypes.cast(16, ctypes.POINTER(Point))
    behind = wild.contents
    number, real, letter = ctypes.c_int(-5), ctypes.c_double(0.5), ctypes.c_char(b"x")
    address, true = ctypes.c_void_p(0x1234), ctypes.c_bool(True)
    told({"number": number, "real": real, "letter": letter, "address": address, "true": true})
    databases()


def databases() -> None:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    cursor = connection.execute("select 1 as a, 'x' as b")
    row = cursor.fetchone()
    root = tree.fromstring("<a x='1'>t<b/><b>u</b>tail</a>")
    told({"root": root})
    message = EmailMessage()
    message["Subject"] = "hi"
    cookies = SimpleCookie("k=v")
    weak()


def weak() -> None:
    order = Order()
    values: Any = weakref.WeakValueDictionary(first=order)
    keys: Any = weakref.WeakKeyDictionary({order: 1})
    some = weakref.WeakSet([order])
    variable: contextvars.ContextVar[int] = contextvars.ContextVar("variable", default=1)
    unset: contextvars.ContextVar[int] = contextvars.ContextVar("unset")
    told(locals(), "values", "keys", "some", "order")
    variable.set(5)
    context = contextvars.copy_context()
    iterators()


def iterators() -> None:
    listed, tupled, letters = iter([10, 20, 30]), iter((1, 2)), iter("héllo")
    pairs, among, ranged = iter({"a": 1, "b": 2}.items()), iter({1, 2}), iter(range(5, 50, 5))
    back, over = reversed([1, 2, 3]), iter([7])
    for one in (listed, letters, pairs, among, ranged, back, over):
        next(one)
    list(over)
    numbered, side = enumerate(["a", "b"], 1), zip([1, 2], "ab")
    mapped, chosen = map(str, [1, 2, 3]), filter(None, [0, 1])
    next(numbered), next(side), next(mapped), next(chosen)
    count, halves, repeated = itertools.count(5, 2), itertools.count(0.5, 0.5), itertools.repeat(7, 3)
    next(count)
    told({"count": count, "halves": halves, "repeated": repeated})
    cycle, chain, part = itertools.cycle([1, 2]), itertools.chain([1], [2]), itertools.islice([1, 2, 3], 1, 3)
    next(cycle), next(chain), next(part)
    called = iter(int, 1)
    going = counting(3)
    next(going)
    hostile()


def hostile() -> None:
    bad = Hostile()
    listed, tupled, keyed = iter([bad]), iter((bad,)), iter({"a": bad}.items())
    back = reversed(bad)  # type: ignore[call-overload]
    numbered = enumerate(iter([bad]))
    side, mapped, chosen = zip([bad]), map(bad.run, [bad]), filter(bad.run, [bad])
    count, repeated, cycle = itertools.count(), itertools.repeat(bad), itertools.cycle([bad])
    chain = collections.ChainMap({"a": bad})
    options, path = argparse.Namespace(a=bad), fractions.Fraction(1, 2)
    path._numerator = bad  # type: ignore[attr-defined]
    ident = uuid.UUID(int=5)
    object.__setattr__(ident, "int", bad)
    address = ipaddress.ip_address("1.2.3.4")
    address._ip = bad  # type: ignore[union-attr]
    event, jobs = threading.Event(), queue.Queue()  # type: ignore[var-annotated]
    event._flag = bad  # type: ignore[attr-defined]
    jobs.queue = bad  # type: ignore[attr-defined]
    logger = logging.Logger("x")
    logger.level = logger.parent = bad  # type: ignore[assignment]
    keys = {"a": bad}.values()
    thread = threading.Thread()
    thread._started = bad  # type: ignore[attr-defined]
    namespace = types.SimpleNamespace(a=bad)
    variable: contextvars.ContextVar[Any] = contextvars.ContextVar("variable", default=bad)
    variable.set(bad)
    Hostile.armed = True
    raise KeyError("library")


def told(named: Dict[str, Any], *skipped: str) -> None:
    """What their own classes make of values."""
    for name, value in named.items():
        if name not in skipped and not isinstance(value, types.ModuleType):
            TRUTH["%s.%s" % (sys._getframe(1).f_code.co_name, name)] = repr(value)


def left(frame: Any) -> Dict[str, Any]:
    """What the iterators still give, of the first function that has some."""
    while frame.tb_frame.f_code.co_name != "iterators":
        frame = frame.tb_next
    named = frame.tb_frame.f_locals
    names = (
        "listed",
        "tupled",
        "letters",
        "pairs",
        "ranged",
        "back",
        "numbered",
        "side",
        "mapped",
        "chosen",
        "part",
        "going",
    )
    return {name: repr(list(named[name])) for name in names}


warnings.simplefilter("ignore", ResourceWarning)
try:
    numbers()
except KeyError as error:
    result = crashsite.save_dump(sys.argv[1], limits={"max_seconds": 60})
    assert result.path == sys.argv[1]
    Hostile.armed = False
    TRUTH.update(("left." + name, text) for name, text in left(error.__traceback__).items())
with open(sys.argv[2], "w") as stream:
    json.dump(TRUTH, stream, indent=1)
