"""From an order to an invoice: goods, freight, tax."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Dict, List

from .models import Delivery, Invoice, Line, Order

CENT = Decimal("0.01")


@dataclass
class Config:
    currency: str = "EUR"
    tax: Dict[str, Decimal] = field(
        default_factory=lambda: {"GB": Decimal("0.20"), "DE": Decimal("0.19"), "FR": Decimal("0.20")}
    )
    flat_freight: Dict[str, Decimal] = field(
        default_factory=lambda: {"GB": Decimal("14.90"), "DE": Decimal("6.90"), "FR": Decimal("12.40")}
    )
    carrier_timeout: float = 0.05
    retries: int = 2


class CarrierError(Exception):
    """The carrier gave no price."""


class Carrier:
    """The client of the carrier's price service, which is slow for one country this morning."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.calls = 0

    def quote(self, country: str, grams: Decimal) -> Decimal:
        self.calls += 1
        try:
            return self._ask(country, grams)
        except TimeoutError as error:
            raise CarrierError("no quote for %s after %d tries" % (country, self.config.retries)) from error

    def _ask(self, country: str, grams: Decimal) -> Decimal:
        if country == "FR":
            raise TimeoutError("timed out after %.2f s" % self.config.carrier_timeout)
        return (Decimal("4.20") + grams / 1000).quantize(CENT, ROUND_HALF_UP)


class Pricing:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.carrier = Carrier(config)

    def invoice(self, order: Order) -> Invoice:
        country = order.customer.address.country
        goods = sum((line.total for line in order.lines), Decimal(0))
        shares: Dict[str, Decimal] = {}
        if order.delivery is Delivery.COURIER:
            shares = self.freight(order, country)
        freight = sum(shares.values(), Decimal(0))
        tax = ((goods + freight) * self.config.tax[country]).quantize(CENT, ROUND_HALF_UP)
        return Invoice(order, goods, freight, tax, shares)

    def freight(self, order: Order, country: str) -> Dict[str, Decimal]:
        """What each line bears of the freight."""
        parcels = [line for line in order.lines if line.product.shipped]
        try:
            amount = self.carrier.quote(country, sum((line.grams for line in parcels), Decimal(0)))
        except CarrierError:
            amount = self.config.flat_freight[country]
            return split_by_weight(amount, parcels)
        return split_by_weight(amount, parcels)


def split_by_weight(amount: Decimal, lines: List[Line]) -> Dict[str, Decimal]:
    grams = sum((line.grams for line in lines), Decimal(0))
    per_gram = amount / grams
    return {line.product.sku: (line.grams * per_gram).quantize(CENT, ROUND_HALF_UP) for line in lines}
