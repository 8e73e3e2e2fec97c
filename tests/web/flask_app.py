"""A shop in Flask that fails within its whole stack: sessions, CORS, compression, a login, a database."""

from __future__ import annotations

from functools import wraps
from typing import Any

from flask import Flask, abort, g, jsonify, request, session
from flask_compress import Compress
from flask_cors import CORS
from models import TOKEN, Order, Session, engine, report

app = Flask(__name__)
app.secret_key = "a-k3y-0f-th3-sh0p"
CORS(app, supports_credentials=True)
Compress(app)


def login_required(view: Any) -> Any:
    @wraps(view)
    def checked(**arguments: Any) -> Any:
        if request.headers.get("Authorization") != "Bearer " + TOKEN:
            abort(401)
        session["name"] = "ada"
        return view(**arguments)

    return checked


@app.before_request
def connect() -> None:
    g.db = Session(engine)


@app.errorhandler(ZeroDivisionError)
def failed(error: Any) -> Any:
    report(error)
    return "failed", 500


@app.post("/orders/<int:number>")
@login_required
def charge(number: int) -> Any:
    body = request.get_json()
    order = g.db.get(Order, number)
    return jsonify(share=order.total / body["parts"])


headers = {"Authorization": "Bearer " + TOKEN, "Origin": "http://shop.example"}
app.test_client().post("/orders/7", json={"parts": 0}, headers=headers)
