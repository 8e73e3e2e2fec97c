"""The same shop in FastAPI: sessions, CORS, gzip, dependencies, models of pydantic, a database."""

import asyncio
import json
from typing import Annotated, Any, Iterator, List

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import PlainTextResponse
from models import TOKEN, Order, Session, engine, report
from pydantic import BaseModel, Field
from starlette.middleware.sessions import SessionMiddleware

app = FastAPI()
app.add_middleware(GZipMiddleware)
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
app.add_middleware(SessionMiddleware, secret_key="a-k3y-0f-th3-sh0p")


class Line(BaseModel):
    sku: str = Field(min_length=1)
    count: int = 1


class Charge(BaseModel):
    parts: int = Field(ge=0)
    lines: List[Line] = []


class User(BaseModel):
    name: str


def database() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


def clerk(authorization: Annotated[str, Header()]) -> User:
    if authorization != "Bearer " + TOKEN:
        raise HTTPException(401)
    return User(name="ada")


@app.exception_handler(Exception)
async def failed(request: Any, error: Exception) -> Any:
    report(error)
    return PlainTextResponse("failed", status_code=500)


@app.post("/orders/{number}")
async def charge(
    number: int, body: Charge, who: Annotated[User, Depends(clerk)], db: Annotated[Session, Depends(database)]
) -> Any:
    order = db.get(Order, number)
    return {"share": order.total / body.parts}


async def ask() -> None:
    """One request, as a server hands it over."""
    body = json.dumps({"parts": 0, "lines": [{"sku": "a1", "count": 2}]}).encode()
    headers = {"authorization": "Bearer " + TOKEN, "origin": "http://shop.example", "content-type": "application/json"}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/orders/7",
        "raw_path": b"/orders/7", "root_path": "", "scheme": "http", "query_string": b"", "client": ("127.0.0.1", 5000),
        "server": ("shop.example", 80), "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        pass

    try:
        await app(scope, receive, send)
    except ZeroDivisionError:
        pass


asyncio.run(ask())
