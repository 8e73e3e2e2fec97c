"""The catalog, the customers and the morning's orders."""

import threading
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Dict, List

from .models import Address, Customer, Delivery, Line, Order, Product

CATALOG = """
TEA-100;Darjeeling, 100 g;goods;8.90;112
TEA-500;Darjeeling, 500 g;goods;36.50;540
POT-001;Cast-iron teapot;goods;64.00;1850
CUP-004;Four cups;goods;28.00;920
GIFT-25;Voucher 25;voucher;25.00;0
GIFT-50;Voucher 50;voucher;50.00;0
"""

CUSTOMERS = """
7;Ada Brook;ada@example.org;3 Mill Lane;Cambridge;GB;newsletter
9;Jörg Weiß;joerg@example.org;Am Markt 12;Jena;DE;
12;Noor Haddad;noor@example.org;8 rue des Lilas;Lyon;FR;newsletter,gift shop
"""

# number; customer; delivery; lines
ORDERS = """
1040;7;courier;TEA-100x2 CUP-004x1
1041;9;courier;POT-001x1 TEA-500x1
1042;9;pickup;TEA-500x4
1043;7;email;GIFT-25x1
1044;12;courier;GIFT-50x1 GIFT-25x2
1045;12;courier;TEA-100x1
"""


class UnknownProduct(LookupError):
    pass


class Store:
    """Everything the pipeline reads; the stock it also writes, from several threads."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.products: Dict[str, Product] = {}
        self.customers: Dict[int, Customer] = {}
        self.orders: List[Order] = []
        self.stock: Dict[str, int] = {}
        self._load()

    def product(self, sku: str) -> Product:
        try:
            return self.products[sku]
        except KeyError as error:
            raise UnknownProduct("no product %s in the catalog" % sku) from error

    def reserve(self, sku: str, quantity: int) -> int:
        with self.lock:
            self.stock[sku] -= quantity
            return self.stock[sku]

    def _load(self) -> None:
        for row in CATALOG.strip().splitlines():
            sku, title, kind, price, grams = row.split(";")
            self.products[sku] = Product(sku, title, kind, Decimal(price), Decimal(grams))
            self.stock[sku] = 40
        for row in CUSTOMERS.strip().splitlines():
            number, name, email, street, city, country, tags = row.split(";")
            address = Address(street, city, country)
            self.customers[int(number)] = Customer(int(number), name, email, address, tags.split(",") if tags else [])
        opened = datetime(2026, 11, 20, 8, 0, tzinfo=timezone.utc)
        for row in ORDERS.strip().splitlines():
            number, customer, delivery, items = row.split(";")
            lines = []
            for item in items.split():
                sku, _, quantity = item.rpartition("x")
                lines.append(Line(self.product(sku), int(quantity)))
            placed = opened + timedelta(minutes=7 * len(self.orders))
            self.orders.append(Order(int(number), self.customers[int(customer)], placed, Delivery(delivery), lines))
