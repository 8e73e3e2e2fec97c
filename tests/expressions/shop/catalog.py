"""The classes of the shop: plain ones, generated ones, those that extend a builtin type, and those with code of their own."""

import enum
import sys
from collections import namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

RATES: Dict[str, float] = {"DE": 0.19, "FR": 0.2, "CH": 0.081}
LIMITS = (10, 100, 1000)


class Status(enum.Enum):
    OPEN = "open"
    PAID = "paid"
    SHIPPED = "shipped"
    LOST = "lost"
    DONE = "shipped"  # noqa: PIE796


class Priority(enum.IntEnum):
    LOW = 1
    NORMAL = 5
    HIGH = 9


class Rights(enum.Flag):
    READ = 1
    WRITE = 2
    ADMIN = 4


class Marks(enum.IntFlag):
    GIFT = 1
    FRAGILE = 2
    COLD = 8


if sys.version_info >= (3, 11):

    class Channel(enum.StrEnum):
        WEB = "web"
        PHONE = "phone"


Point = namedtuple("Point", ["x", "y"], defaults=[0])


class Stop(NamedTuple):
    name: str
    at: Any
    minutes: int = 5


@dataclass(frozen=True, order=True)
class Money:
    amount: Decimal
    currency: str = "EUR"


@dataclass
class Address:
    street: str
    city: str
    country: str = "DE"
    note: str = field(default="", repr=False)
    visits: int = field(default=0, compare=False)
    tags: List[str] = field(default_factory=list)


@dataclass(frozen=True)
class Product:
    sku: str
    title: str
    price: float
    grams: int = 0
    kind: str = "goods"


@dataclass
class Line:
    product: Product
    quantity: int

    @property
    def subtotal(self) -> float:
        return self.product.price * self.quantity


@dataclass(order=True)
class Rank:
    points: int
    name: str = field(compare=False, default="?")


@dataclass
class Crate(Address):
    weight: int = 3


class SlotPair:
    __slots__ = ("left", "right", "unset")
    side = "both"

    def __init__(self, left: Any, right: Any) -> None:
        self.left, self.right = left, right


class SlotMore(SlotPair):
    def __init__(self, left: Any, right: Any, more: Any) -> None:
        super().__init__(left, right)
        self.more = more


class Thing:
    """What the shop knows."""

    kind = "thing"
    counter = 3
    labels = ["base"]

    def describe(self) -> str:
        return "%s %s" % (type(self).__name__, self.kind)


class Customer(Thing):
    kind = "customer"

    def __init__(self, number: int, name: str, address: Optional[Address]) -> None:
        self.number, self.name, self.address = number, name, address
        self.orders: List[Order] = []
        self.friend: Optional[Customer] = None
        self.__secret = "s%d" % number

    @staticmethod
    def slug(name: str) -> str:
        return name.lower()


class OutOfStock(LookupError):
    def __init__(self, sku: str, wanted: int) -> None:
        super().__init__("%s: %d wanted" % (sku, wanted), sku)
        self.sku, self.wanted = sku, wanted


class Order(Thing):
    kind = "order"
    rate = 0.19

    def __init__(self, number: int, customer: Customer, lines: List[Line], status: Status, total: float) -> None:
        self.number, self.customer, self.lines = number, customer, lines
        self.status, self.total = status, total
        self.note: Optional[str] = None if number % 3 else "note %d" % number
        self.meta: Dict[str, Any] = {"paid": status is Status.PAID, "tries": number % 4}

    @property
    def weight(self) -> int:
        return sum(line.product.grams * line.quantity for line in self.lines)

    @classmethod
    def named(cls) -> str:
        return cls.__name__

    def charge(self, amount: Decimal, stock: Dict[str, int]) -> Money:
        line = self.lines[0]
        try:
            left = stock[line.product.sku]
        except KeyError as error:
            failure = OutOfStock(line.product.sku, line.quantity)
            if sys.version_info >= (3, 11):
                failure.add_note("while charging order %d" % self.number)
                failure.add_note("second note")
            raise failure from error
        return Money(amount * left)


class Rush(Order):
    rate = 0.25
    hours = 4


class Ledger(dict):  # type: ignore[type-arg]
    owner = "bank"


class History(list):  # type: ignore[type-arg]
    pass


class Sku(str):
    pass


class Count(int):
    pass


class Ratio(float):
    pass


class Pair(tuple):  # type: ignore[type-arg]
    pass


class Bag(set):  # type: ignore[type-arg]
    pass


class Blob(bytes):
    pass


class Tame(dict):  # type: ignore[type-arg]
    def __missing__(self, key: Any) -> str:
        return "no %s" % key


class Basket:
    """Code for nearly everything that an operator may ask."""

    def __init__(self, *items: Any) -> None:
        self.items = list(items)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __getitem__(self, index: int) -> Any:
        return self.items[index]

    def __contains__(self, item: Any) -> bool:
        return item == "all" or item in self.items

    def __add__(self, other: "Basket") -> "Basket":
        return Basket(*self.items, *other.items)

    def __call__(self, number: int) -> int:
        return number + 1


class Vector:
    def __init__(self, x: int, y: int) -> None:
        self.x, self.y = x, y

    def __repr__(self) -> str:
        return "Vector(%d, %d)" % (self.x, self.y)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vector) and (self.x, self.y) == (other.x, other.y)

    def __hash__(self) -> int:
        return self.x * 31 + self.y

    def __lt__(self, other: "Vector") -> bool:
        return (self.x, self.y) < (other.x, other.y)

    def __neg__(self) -> "Vector":
        return Vector(-self.x, -self.y)

    def __format__(self, spec: str) -> str:
        return "%d|%d" % (self.x, self.y)


class Truthless:
    def __bool__(self) -> bool:
        return False


class Lazy:
    """What it has is plain; what it lacks is made up."""

    real = 1

    def __init__(self) -> None:
        self.own = 2

    def __getattr__(self, name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        return "lazy " + name


class Doubled:
    """A descriptor of Python."""

    def __get__(self, instance: Any, owner: Any) -> int:
        return 2 * (instance.base if instance is not None else 0)


class Described:
    double = Doubled()
    base = 4
