"""A web service in miniature: a request goes through its layers to a warehouse, and fails there."""

import abc
import collections.abc
import enum
import numbers
import sys
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from typing import Any, Callable, DefaultDict, Deque, Dict, List, Mapping, NamedTuple, Optional, Tuple


class Method(enum.Enum):
    GET = "GET"
    POST = "POST"
    DELETE = "DELETE"


class Level(enum.IntEnum):
    DEBUG = 10
    INFO = 20
    ERROR = 40


class Scope(enum.Flag):
    NONE = 0
    READ = enum.auto()
    EDIT = enum.auto()
    OWNER = READ | EDIT


class Address(NamedTuple):
    host: str
    port: int = 80


Route = namedtuple("Route", "method path handler")


class Headers(dict):  # type: ignore[type-arg]
    """Plain data with a name of its own."""


class Folded(dict):  # type: ignore[type-arg]
    def __getitem__(self, key: str) -> Any:
        return super().__getitem__(key.lower())


@dataclass(frozen=True)
class Cookie:
    name: str
    value: str
    path: str = "/"
    secret: str = field(default="", repr=False, compare=False)


@dataclass(order=True)
class Version:
    major: int
    minor: int = 0
    tags: Tuple[str, ...] = ()


if sys.version_info >= (3, 10):

    @dataclass(slots=True, kw_only=True)
    class Shelf:
        code: str
        depth: int = 2
        parts: List[str] = field(default_factory=list)


class Base:
    registry: Dict[str, type] = {}
    timeout = 30

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        Base.registry[cls.__name__] = cls


class Request(Base):
    def __init__(self, method: Method, path: str, client: Address, headers: Headers, body: bytes = b"") -> None:
        self.method, self.path, self.client, self.headers, self.body = method, path, client, headers, body
        self.query: Dict[str, List[str]] = {"page": ["2"], "tag": ["new", "red"]}
        self.cookies = [Cookie("sid", "abc"), Cookie("theme", "dark", "/ui", "s3cret")]
        self.received = datetime(2024, 5, 4, 9, 8, 7, tzinfo=timezone.utc)
        self.session: Optional[Session] = None
        self.trail: List[str] = []

    @property
    def secure(self) -> bool:
        return self.client.port == 443

    def header(self, name: str, default: str = "") -> str:
        return str(self.headers.get(name.title(), default))


class Upload(Request):
    timeout = 300
    chunk = 1 << 16


class Session:
    __slots__ = ("__dict__", "key", "user")

    def __init__(self, key: str, user: Optional["User"]) -> None:
        self.key, self.user = key, user
        self.history: Deque[str] = deque(["/", "/items", "/items/7"], maxlen=5)
        self.data = OrderedDict([("cart", [7, 9]), ("lang", "de")])


class User:
    def __init__(self, ident: int, login: str, scope: Scope) -> None:
        self.ident, self.login, self.scope = ident, login, scope
        self.manager: Optional[User] = None
        self.reports: List[User] = []

    def __eq__(self, other: object) -> bool:
        return isinstance(other, User) and other.ident == self.ident

    def __hash__(self) -> int:
        return hash(self.ident)

    def __str__(self) -> str:
        return "@" + self.login


class Item:
    unit = "pc"

    def __init__(self, ident: int, title: str, cents: int, stock: int, parts: Tuple["Item", ...] = ()) -> None:
        self.ident, self.title, self.cents, self.stock, self.parts = ident, title, cents, stock, parts

    def __len__(self) -> int:
        return self.stock

    def __lt__(self, other: "Item") -> bool:
        return self.cents < other.cents


class Shortage(Exception):
    def __init__(self, item: Item, wanted: int) -> None:
        super().__init__(item.title, wanted)
        self.item, self.wanted = item, wanted


class Carrier(abc.ABC):
    @abc.abstractmethod
    def days(self) -> int: ...


class Post(Carrier):
    def days(self) -> int:
        return 3


class Courier(Carrier, collections.abc.Sized):
    @abc.abstractmethod
    def city(self) -> str: ...


class Bicycle:
    """A courier by registration."""


class Sack:
    def __len__(self) -> int:
        return 2

    def __iter__(self) -> Any:
        return iter(("a", "b"))


class Crate(Sack):
    __iter__ = None

    def __contains__(self, other: object) -> bool:
        return False


Courier.register(Bicycle)
Carrier.register(Address)
carriers: Tuple[Any, ...] = (Post(), Bicycle(), Sack(), Crate())
abstract = (collections.abc, numbers.Number, numbers.Real, numbers.Integral)
Sequence, Mapping_, Hashable = collections.abc.Sequence, collections.abc.Mapping, collections.abc.Hashable
Sized, Iterable, Collection = collections.abc.Sized, collections.abc.Iterable, collections.abc.Collection
Number, Integral, MutableMapping = numbers.Number, numbers.Integral, collections.abc.MutableMapping


class Warehouse:
    def __init__(self) -> None:
        bolt, nut = Item(7, "bolt", 25, 300), Item(9, "nut", 5, 0)
        self.items = {item.ident: item for item in (bolt, nut, Item(12, "hinge", 450, 8, (bolt, nut)))}
        self.moves: DefaultDict[int, List[Tuple[int, str]]] = defaultdict(
            list, {7: [(-3, "sale"), (50, "delivery")], 9: [(-2, "sale")]}
        )
        self.seen = Counter(["bolt", "nut", "bolt", "hinge", "bolt"])
        self.matrix = [[(row * 7 + column * 3) % 10 for column in range(6)] for row in range(4)]
        self.opened = timedelta(hours=7, minutes=30)

    def take(self, cart: List[int], count: int) -> int:
        total, taken = 0, []
        for position, ident in enumerate(cart):  # noqa: B007
            item = self.items[ident]
            if item.stock < count:
                try:
                    item.stock // (item.stock * 0)
                except ZeroDivisionError:
                    raise Shortage(item, count)  # noqa: B904
            taken.append((item, count))
            total += item.cents * count
        return total


def logged(level: Level) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        def logging(*args: Any, **options: Any) -> Any:
            calls = len(log)
            log.append((level, function.__name__, calls))
            return function(*args, **options)

        return logging

    return wrap


log: List[Tuple[Level, str, int]] = [(Level.DEBUG, "start", 0)]
limits: Mapping[str, Any] = {"requests": 100, "ratio": 0.75, "quota": Decimal("12.500"), "window": timedelta(minutes=5)}
folded, headers = Folded(accept="*/*"), Headers({"Host": "shop.test", "Content-Length": "12"})
pattern_text = "/items/<id>"
powers = [2**n for n in range(0, 80, 16)]
version, older = Version(3, 1, ("lts",)), Version(2, 9)
samples = [0.25, -1.5, 1e300, 7.0]
names = {"Zoë", "Łukasz", "Ana"}
boss, clerk = User(1, "boss", Scope.OWNER), User(2, "clerk", Scope.READ)
clerk.manager = boss
boss.reports.append(clerk)
if sys.version_info >= (3, 10):
    shelf = Shelf(code="A1", parts=["7", "9"])


@logged(Level.INFO)
def checkout(request: Request, warehouse: Warehouse, count: int = 2) -> int:
    session = request.session
    assert session is not None
    cart: List[int] = session.data["cart"]  # type: ignore[assignment]
    scale = partial(round, ndigits=1)
    total = warehouse.take(cart, count)
    return int(scale(total))


class App:
    routes = [Route(Method.GET, "/items", "listing"), Route(Method.POST, "/checkout", "checkout")]

    def __init__(self) -> None:
        self.warehouse = Warehouse()
        self.pending = [
            Request(Method.GET, "/items?page=%d" % n, Address("10.0.0.%d" % n, 8000 + n), Headers()) for n in range(40)
        ]
        self.handlers = {"checkout": checkout}

    def dispatch(self, request: Request) -> int:
        matched = [route for route in self.routes if route.method is request.method]
        route, options = matched[0], {"count": 3}
        request.trail.append(route.path)
        return int(self.handlers[route.handler](request, self.warehouse, **options))


request = Upload(Method.POST, "/checkout", Address("192.0.2.7", 443), headers, "naïve=✓".encode())
request.session = Session("k-1", clerk)
app = App()
app.dispatch(request)
