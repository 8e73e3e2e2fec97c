"""Threads that reserve the stock while the pipeline prices."""

import queue
import threading
from typing import List, Optional, Tuple

from .models import Order
from .store import Store

Job = Optional[Tuple[Order, int]]


class StockWorker(threading.Thread):
    def __init__(self, number: int, store: Store, jobs: "queue.Queue[Job]") -> None:
        super().__init__(name="stock-%d" % number, daemon=True)
        self.store = store
        self.jobs = jobs
        self.done: List[int] = []

    def run(self) -> None:
        while True:
            job = self.jobs.get()
            if job is None:
                return
            order, attempt = job
            self.reserve(order, attempt)
            self.jobs.task_done()

    def reserve(self, order: Order, attempt: int) -> None:
        for line in order.lines:
            if not line.product.shipped:
                continue
            left = self.store.reserve(line.product.sku, line.quantity)
            order.history.append("reserved %d of %s, %d left" % (line.quantity, line.product.sku, left))
        self.done.append(order.number)


class Heartbeat(threading.Thread):
    """Tells the shop's monitor that the pipeline is alive."""

    def __init__(self, interval: float) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self.interval = interval
        self.beats = 0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(self.interval):
            self.beats += 1
