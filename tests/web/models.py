"""What both applications keep: customers and their orders."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, List

import crashsite
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.pool import StaticPool

TOKEN = "t0k3n-0f-4-cl3rk"


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    orders: Mapped[List[Order]] = relationship(back_populates="customer")


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    total: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    customer: Mapped[Customer] = relationship(back_populates="orders")


engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
Base.metadata.create_all(engine)
with Session(engine) as filling:
    filling.add(Customer(id=1, name="Ada", orders=[Order(id=number, total=number * 10) for number in range(1, 20)]))
    filling.commit()


def report(error: Any = None) -> None:
    """Save a dump several times, as in a process that has crashed before; say what the cheapest took, and its size."""
    seconds, size = [], 0
    for number in range(5):
        path = "%s.%d" % (sys.argv[1], number)
        start = time.process_time()
        result = crashsite.save_dump(path, exc_info=error)
        seconds.append(time.process_time() - start)
        size = max(size, os.stat(path).st_size)
    print(json.dumps({"seconds": min(seconds), "size": size, "stopped": result.stopped}))
