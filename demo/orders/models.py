"""What the shop trades in."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Dict, List, Optional


class Delivery(Enum):
    COURIER = "courier"
    PICKUP = "pickup"
    EMAIL = "email"


@dataclass(frozen=True)
class Product:
    sku: str
    title: str
    kind: str
    price: Decimal
    grams: Decimal

    @property
    def shipped(self) -> bool:
        return self.kind != "voucher"


@dataclass
class Address:
    street: str
    city: str
    country: str


@dataclass
class Customer:
    number: int
    name: str
    email: str
    address: Address
    tags: List[str] = field(default_factory=list)


class Line:
    """One row of an order."""

    __slots__ = ("note", "product", "quantity")

    def __init__(self, product: Product, quantity: int, note: str = "") -> None:
        self.product = product
        self.quantity = quantity
        self.note = note

    @property
    def total(self) -> Decimal:
        return self.product.price * self.quantity

    @property
    def grams(self) -> Decimal:
        return self.product.grams * self.quantity


class Order:
    def __init__(
        self, number: int, customer: Customer, placed: datetime, delivery: Delivery, lines: List[Line]
    ) -> None:
        self.number = number
        self.customer = customer
        self.placed = placed
        self.delivery = delivery
        self.lines = lines
        self.history: List[str] = ["placed"]
        self.invoice: Optional[Invoice] = None

    def __repr__(self) -> str:
        return "<Order %d of %s, %d lines>" % (self.number, self.customer.name, len(self.lines))


@dataclass
class Invoice:
    order: Order
    goods: Decimal
    freight: Decimal
    tax: Decimal
    shares: Dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        return self.goods + self.freight + self.tax
