"""The stages an order goes through."""

import queue
from decimal import Decimal
from typing import Dict, List

from .models import Invoice, Order
from .pricing import Config, Pricing
from .store import Store
from .worker import Heartbeat, Job, StockWorker


class InvalidOrder(ValueError):
    pass


class Pipeline:
    def __init__(self, store: Store, config: Config, workers: int = 2) -> None:
        self.store = store
        self.config = config
        self.pricing = Pricing(config)
        self.jobs: queue.Queue[Job] = queue.Queue()
        self.workers = [StockWorker(number, store, self.jobs) for number in range(1, workers + 1)]
        self.heartbeat = Heartbeat(0.02)
        self.invoices: List[Invoice] = []
        self.totals: Dict[str, Decimal] = {}

    def run(self, orders: List[Order]) -> Dict[str, Decimal]:
        self.heartbeat.start()
        for worker in self.workers:
            worker.start()
        for order in orders:
            invoice = self.process(order)
            self.invoices.append(invoice)
            country = order.customer.address.country
            self.totals[country] = self.totals.get(country, Decimal(0)) + invoice.total
        self.finish()
        return self.totals

    def process(self, order: Order) -> Invoice:
        self.check(order)
        self.jobs.put((order, 1))
        self.jobs.join()
        invoice = self.pricing.invoice(order)
        order.invoice = invoice
        order.history.append("invoiced %s" % invoice.total)
        return invoice

    def check(self, order: Order) -> None:
        if not order.lines:
            raise InvalidOrder("order %d has no lines" % order.number)
        if any(line.quantity < 1 for line in order.lines):
            raise InvalidOrder("order %d has a line of nothing" % order.number)

    def finish(self) -> None:
        for _ in self.workers:
            self.jobs.put(None)
        for worker in self.workers:
            worker.join()
        self.heartbeat.stopped.set()
