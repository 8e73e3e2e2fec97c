"""The ways in that a framework has, each tried in the real one."""

import json
import os
import subprocess
import unittest
from typing import List

from common import BINARY, Case

TESTS = """
import pytest, unittest
@pytest.fixture
def broken(): raise LookupError("no database")
def test_good(): pass
def test_bad():
    basket = {"sku": "a1"}
    basket["price"]
def test_setup(broken): pass
def test_skipped(): pytest.skip("not here")
@pytest.mark.xfail
def test_expected(): raise ValueError
class Old(unittest.TestCase):
    def test_old(self): self.fail("old")
"""

SHOP = """
import logging, crashsite
from flask import Flask
app = Flask(__name__)
if %r: app.logger.addHandler(crashsite.DumpHandler())
@app.get("/")
def order(): return str(1 / 0)
answer = app.test_client().get("/")
print(answer.status_code, answer.get_data(as_text=True))
"""

SERVICE = """
import crashsite
from fastapi import FastAPI
app = FastAPI()
if %r: app.add_middleware(crashsite.AsgiMiddleware)
@app.get("/")
def order(): return 1 / 0
import asyncio
said = []
async def send(message): said.append(message.get("status", message.get("body")))
async def receive(): return {"type": "http.request", "body": b"", "more_body": False}
scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": [], "http_version": "1.1"}
try: asyncio.run(app(scope, receive, send))
except ZeroDivisionError: said.append("raised")
print(said)
"""


ORDERS = """
import crashsite
from typing import List
from pydantic import BaseModel
class Line(BaseModel):
    sku: str
    count: int
class Order(BaseModel):
    number: int
    lines: List[Line]
def load(data):
    return Order(**data)
try:
    load({"number": 7, "lines": [{"sku": "tea", "count": 2}, {"sku": "cup", "count": None}, {"sku": "pot"}]})
except ValueError:
    crashsite.save_dump("order.dump")
"""


class Frameworks(Case):
    def same(self, program: str) -> None:
        """What the program says without a way in, and with it."""
        bare = self.run_python("-c", program % False)
        done = self.run_python("-c", program % True)
        self.assertEqual((done.stdout, done.returncode), (bare.stdout, bare.returncode), done.stderr)
        self.assertEqual(self.failed(), ["order"])

    def test_flask(self) -> None:
        self.same(SHOP)

    def test_fastapi(self) -> None:
        self.same(SERVICE)

    def test_pydantic(self) -> None:
        """The fields that were refused, and what was given for them."""
        self.write("orders.py", ORDERS)
        self.assertEqual(self.run_python("orders.py").returncode, 0)
        path = os.path.join(self.dir, "order.dump")
        done = subprocess.run([str(BINARY), "explain", path, "--json"], stdout=subprocess.PIPE, check=True, timeout=60)
        (finding,) = json.loads(done.stdout)["findings"]
        self.assertEqual(finding["cause"], "validation")
        self.assertEqual((finding["at"]["function"], finding["object"]["repr"]), ("load", "None"))
        self.assertEqual(finding["object"]["expression"], "data['lines'][1]['count']")
        told = {part["says"]: part["object"]["repr"] for part in finding["evidence"] if part["object"]}
        self.assertEqual(told["lines.2.count: Field required"], "{'sku': 'pot'}")

    def test_pytest(self) -> None:
        self.write("test_shop.py", TESTS)
        usual = ("-m", "pytest", "-p", "crashsite.pytest_plugin", "-p", "no:cacheprovider", "-rA", "--color=no")
        bare = self.run_python(*usual)
        self.assertEqual(bare.returncode, 1, bare.stdout + bare.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.dir, "crashsite-dumps")))
        done = self.run_python(*usual, "--crashsite")
        self.assertEqual(done.returncode, 1)

        def outcomes(text: str) -> List[str]:
            words = ("PASSED ", "FAILED ", "ERROR ", "SKIPPED ", "XFAIL ")
            return [line for line in text.splitlines() if line.startswith(words)]

        self.assertEqual(len(outcomes(bare.stdout)), 6)
        self.assertEqual(outcomes(done.stdout), outcomes(bare.stdout))
        self.assertEqual(sorted(self.failed("crashsite-dumps")), ["broken", "fail", "test_bad"])
        self.assertEqual(done.stdout.count("crashsite: heap dump in "), 3)


if __name__ == "__main__":
    unittest.main()
