"""`explain`: of real crashes the object that a person would point at, on every Python of this test; silence where nothing is
known; and no harm by a damaged file."""

import json
import os
import random
import subprocess
import sys
import unittest
from typing import Any, Dict, List, NamedTuple, Optional

from common import LONG, ROOT, Case, call


class Expected(NamedTuple):
    """What must be found: the kind, the expression to look at, its value, words of the sentence and of the evidence."""

    cause: str
    expression: Optional[str]
    value: Optional[str]
    words: str
    evidence: str = ""


#: Written down by hand, from the programs below.
EXPECTED: Dict[str, Expected] = {
    "none_returned": Expected("none", "row", "None", "row is None", "Store.find gives None where it comes to its end"),
    "none_attribute": Expected("none", "store.cache", "None", "it has no get", "Store.cache is set here"),
    "none_pattern": Expected("none", None, None, "is None, so it has no group", "does not match"),
    "none_get": Expected("none", "host", "None", "host is None", "there is 'Host', which differs in case"),
    "none_in_place": Expected("none", "names", "None", "names is None", "always gives None"),
    "none_default": Expected("none", "height", "None", "height is None", "its default is None"),
    "none_element": Expected("none", "values", "[3, None, 2]", "element 1 of values is None"),
    "key_case": Expected(
        "key", "stock", "{'SKU-17': 3, 'SKU-18': 4}", "there is 'SKU-17', which differs in case", "code"
    ),
    "key_type": Expected("key", "by_id", "{1: 'a', 2: 'b'}", "there is 1, of another type"),
    "key_alike": Expected("key", "rates", "{'paypal': 1}", "looks the same and has other characters"),
    "key_spelled": Expected("key", "options", "{'colour': 1}", "there is 'colour', which is spelled almost so"),
    "index_end": Expected(
        "index", "rows", "[1, 2, 3]", "rows has 3 elements: there is no element i, which is 3", "i was"
    ),
    "index_empty": Expected("index", "parts", "[]", "parts is empty", "parts was set here"),
    "attribute_near": Expected("attribute", "order", None, "there is total_price, which is spelled almost so"),
    "attribute_later": Expected("attribute", "job", None, "has no result", "Job.run sets it"),
    "name_near": Expected("name", "customer", "3", "there is customer, which is spelled almost so"),
    "name_import": Expected("name", None, None, "it is a module that is not imported here"),
    "unbound_loop": Expected("unbound", "rows", "[]", "only by lines that have not run", "in a loop over rows"),
    "unbound_branch": Expected("unbound", None, None, "only by lines that have not run", "only if premium is true"),
    "operands": Expected("type", "b", "'3'", "b is a str, and a is an int", "b was passed here as count"),
    "joined": Expected("type", "parts", "['a', 3]", "element 1 of parts is an int"),
    "list_for_dict": Expected("type", "data", "[{'a': 1}]", "a dict would be indexed by it"),
    "not_callable": Expected("type", "list", "[1]", "which cannot be called", "list was set here"),
    "wrong_keyword": Expected("call", None, None, "does not fit the signature of paint", "paint is defined here"),
    "unpack_row": Expected("unpack", "list(rows)[1]", "(3, 4, 5)", "element 1 of rows"),
    "unpack_text": Expected("unpack", 'line.split("=")', "['a', 'b', 'c']", "has 3 values, and 2 are wanted", "line"),
    "int_text": Expected("text", 'row["price"]', "'12,50'", "a comma is in it"),
    "json_page": Expected("json", "body", "'<html>no</html>'", "is a page of HTML or XML"),
    "encoding": Expected("encoding", "data", r"b'caf\xe9 au lait'", "utf-8 cannot take at position 3"),
    "zero": Expected("zero", "len(values)", "0", "is divided by", "values was passed here as scores"),
    "compared": Expected("assertion", "total", "3", "total == expected does not hold: total is 3, expected is 4"),
    "no_file": Expected("path", "name", "'no such dir/settings.ini'", "it is relative to", "name was set here"),
    "no_module": Expected("import", None, None, "there is no module nosuchmodule_x", "sys.path is"),
    "circle": Expected("recursion", "node", None, "node goes round in a circle"),
    "changed": Expected("changed", "d", "{3: 4}", "go through list(d)", "d is changed here"),
    "guarded": Expected("raised", "mode", "'rw'", "because mode not in known is true", "mode was passed here"),
    "first_cause": Expected("key", "config", "{'Host': 1}", "there is 'Host', which differs in case"),
    "command": Expected("process", "$exc.cmd", None, "ended with status 3", "what it wrote to stdout"),
    "held_lock": Expected("lock", "lock", None, "quick waits for lock, which slow holds", "slow took it here"),
    "task_before": Expected("key", "rates", "{'eur': 1}", "there is 'eur', which differs in case", "has ended"),
    "group": Expected("zero", "n", "0", "n is 0, and is divided by"),
    "own_mistake": Expected("zero", "tries", "0", "tries is 0, and is divided by"),
    "loaded_twice": Expected("class-version", "p", None, "was the module loaded twice?", "p was passed here"),
    "filled_in": Expected(
        "key", "values", "{'orderid': 7}", "differs in what separates its words", "values was set here"
    ),
    "naive_time": Expected("type", "now", "datetime.datetime(2024, 2, 1, 0, 0)", "offset-naive", "now was passed here"),
    "not_called": Expected("type", "cart.total", None, "a method that is not called", "Cart.total is set here"),
    "comprehended": Expected(
        "none", "tag", "None", "tag is None", "tag is from tags.values(), which is gone through here: element 1"
    ),
    "bytes_for_text": Expected("type", "header", "b'Content-Type: text'", "header is a bytes", "header was set here"),
    "nothing_fits": Expected("exhausted", "users", "[{'id': 1}]", 'is u["id"] == wanted true', "users was set here"),
    "gone_through": Expected("arguments", "readings", None, "was gone through before", "readings was set here"),
    "not_in_list": Expected(
        "key", "queue", "['job-a', 'job-b']", "there is 'job-b', which differs in case", "job was set here"
    ),
    "nothing_left": Expected(
        "arguments", "scores.values()", "dict_values([])", "scores.values() is empty", "scores was set"
    ),
    "growing": Expected("recursion", "depth", None, "what it is called with changes", "depth changes"),
    "no_super": Expected("attribute", "child", None, "has no registry", "sets it, which Child.__init__ does not call"),
    "no_member": Expected("raised", 'row["color"]', "'Red'", "there is 'red', which differs in case", "raises it here"),
    "no_data": Expected("raised", "values", "[]", "values is empty: mean", "mean raises it here"),
    "no_json": Expected(
        "raised", "payload['user']['tags']", "{'a'}", "payload['user']['tags'] is a set", "payload was set"
    ),
    "key_of_none": Expected(
        "none", "rows", None, "of element 1 of rows the key is None, of others an int", "rows was set"
    ),
    "exact": Expected("type", "rate", "0.2", "rate is a float, and price is a decimal.Decimal", "rate was set here"),
    "global_none": Expected("none", None, None, "get_client() is None", "_client (a global) is set here"),
    "not_awaited": Expected("type", "data", None, "data is a coroutine that is not awaited", "data was set here"),
    "handled": Expected("type", "$exc.__context__.args[0]", "7", 'e.args[0] is an int, and ": %s" is a str'),
    "private": Expected("attribute", "self", None, "there is _Vault__secret, which only the methods of its own class"),
    # The last: its threads stand still for ever.
    "deadlock": Expected(
        "deadlock", "second", None, "mover-0 waits for second, which mover-1 holds", "mover-1 took it here"
    ),
}

PROGRAM = """
import asyncio, builtins, datetime, decimal, enum, json, re, statistics, subprocess, sys, threading, types
import crashsite

class Store:
    def __init__(self, rows=None):
        self.rows = rows
        self.cache = None
    def find(self, number):
        for row in self.rows:
            if row["id"] == number:
                return row

def none_returned():
    store = Store([{"id": 1}])
    def total(row, rate):
        return row["price"] * rate
    def handle(number):
        row = store.find(number)
        return total(row, 1.2)
    handle(7)

def none_attribute():
    store = Store()
    return store.cache.get("x")

def none_pattern():
    pattern = re.compile(r"(\\d+)-(\\d+)")
    line = "12 - 13"
    return pattern.match(line).group(1)

def none_get():
    config = {"Host": 1, "port": 2}
    host = config.get("host")
    return host + 1

def none_in_place():
    names = ["b", "a"]
    names = names.sort()
    for name in names:
        print(name)

def none_default():
    def area(width, height=None):
        return width * height
    return area(3)

def none_element():
    values = [3, None, 2]
    return sorted(values)

def key_case():
    stock = {"SKU-17": 3, "SKU-18": 4}
    def reserve(sku):
        return stock[sku]
    code = "sku-17"
    return reserve(code)

def key_type():
    by_id = {1: "a", 2: "b"}
    wanted = "1"
    return by_id[wanted]

def key_alike():
    rates = {"paypal": 1}
    name = "p\\u0430ypal"
    return rates[name]

def key_spelled():
    options = {"colour": 1}
    return options.pop("color")

def index_end():
    rows = [1, 2, 3]
    i = len(rows)
    return rows[i]

def index_empty():
    parts = "".split()
    return parts[0]

def attribute_near():
    class Order:
        def __init__(self):
            self.total_price = 3
    order = Order()
    return order.total_prize

class Job:
    def run(self):
        self.result = 3

def attribute_later():
    job = Job()
    return job.result

def name_near():
    customer = 3
    return custmer

def name_import():
    return logging.getLogger()

def unbound_loop():
    rows = []
    for row in rows:
        last = row
    return last

def unbound_branch():
    premium = False
    if premium:
        rate = 2
    return rate

def operands():
    def add(a, b):
        return a + b
    count = "3"
    return add(1, count)

def joined():
    parts = ["a", 3]
    return ",".join(parts)

def list_for_dict():
    data = [{"a": 1}]
    return data["a"]

def not_callable():
    list = [1]
    return list("abc")

def wrong_keyword():
    def paint(a, colour=None):
        return a
    return paint(1, color=3)

def unpack_row():
    rows = [(1, 2), (3, 4, 5), (6, 7)]
    for a, b in rows:
        pass

def unpack_text():
    line = "a=b=c"
    key, value = line.split("=")

def int_text():
    row = {"price": "12,50"}
    return int(row["price"])

def json_page():
    body = "<html>no</html>"
    return json.loads(body)

def encoding():
    data = b"caf\\xe9 au lait"
    return data.decode("utf-8")

def zero():
    def mean(values):
        return sum(values) / len(values)
    scores = []
    return mean(scores)

def compared():
    total, expected = 3, 4
    assert total > 0 and total == expected

def no_file():
    name = "no such dir/settings.ini"
    with open(name) as stream:
        return stream.read()

def no_module():
    import nosuchmodule_x

def circle():
    class Node:
        pass
    a, b = Node(), Node()
    a.next, b.next = b, a
    def depth(node):
        return 1 + depth(node.next)
    depth(a)

def changed():
    d = {1: 2, 3: 4}
    for k in d:
        if k == 1:
            del d[k]

def guarded():
    def check(mode, known):
        if mode not in known:
            raise ValueError("bad mode %r" % mode)
    check("rw", ["r", "w"])

def first_cause():
    config = {"Host": 1}
    try:
        return config["host"]
    except KeyError as error:
        raise RuntimeError("no configuration") from error

def command():
    subprocess.run([sys.executable, "-c", "print('out'); raise SystemExit(3)"], check=True, stdout=subprocess.PIPE)

def loaded_twice():
    source = "class Point:\\n    pass\\n"
    one, two = types.ModuleType("geo"), types.ModuleType("geo")
    exec(source, one.__dict__)
    exec(source, two.__dict__)
    def move(p, Point):
        if not isinstance(p, Point):
            raise TypeError("no point")
    move(one.Point(), two.Point)

def standing(*threads):
    "Waits until threads stand still where they take a lock."
    latest = None
    for _ in range(1000):
        frames = [sys._current_frames().get(thread.ident) for thread in threads]
        now = [frame and (frame.f_code.co_name, frame.f_lasti) for frame in frames]
        if now == latest and all(one and one[0] == "take" for one in now):
            return
        latest = now
        threads[0].join(0.02)

def started(name, target, *arguments):
    thread = threading.Thread(target=target, args=arguments, name=name, daemon=True)
    thread.start()
    return thread

def deadlock():
    a, b, both = threading.Lock(), threading.Lock(), threading.Barrier(2)
    def take(first, second):
        with first:
            both.wait()
            with second:
                pass
    standing(started("mover-0", take, a, b), started("mover-1", take, b, a))
    raise TimeoutError("the movers have not come")

def held_lock():
    lock, has, never = threading.Lock(), threading.Event(), threading.Event()
    def slow():
        lock.acquire()
        try:
            has.set()
            never.wait()
        finally:
            lock.release()
    def take():
        with lock:
            pass
    started("slow", slow)
    has.wait()
    standing(started("quick", take))
    raise TimeoutError("quick has not come")

def task_before():
    async def fetch(rates, code):
        await asyncio.sleep(0)
        return rates[code]
    async def main():
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        task = asyncio.ensure_future(fetch({"eur": 1}, "EUR"))
        await asyncio.wait_for(asyncio.Event().wait(), 0.01)
    asyncio.run(main())

def group():
    def share(n):
        return 1 / n
    try:
        share(0)
    except ZeroDivisionError as error:
        raise getattr(builtins, "ExceptionGroup", lambda _, errors: errors[0])("several", [error])

def own_mistake():
    config, tries = {"host": 1}, 0
    try:
        config["port"]
    except KeyError:
        return 1 / tries

def filled_in():
    values = {"orderid": 7}
    return "order {order_id}".format(**values)

def naive_time():
    def age(since, now):
        return now - since
    start = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)
    return age(start, datetime.datetime(2024, 2, 1))

class Cart:
    def total(self):
        return 3

def not_called():
    cart = Cart()
    rate = 0.5
    return cart.total * rate

def comprehended():
    tags = {"a": Cart(), "b": None}
    return sorted(tag.name for tag in tags.values() if tag is None)

def bytes_for_text():
    header = b"Content-Type: text"
    return header.split(":")

def nothing_fits():
    users, wanted = [{"id": 1}], 3
    return next(u for u in users if u["id"] == wanted)

def gone_through():
    readings = (x for x in [3, 5])
    list(readings)
    return max(readings)

def not_in_list():
    queue = ["job-a", "job-b"]
    job = "job-B"
    queue.remove(job)

def nothing_left():
    scores = {}
    return max(scores.values())

def growing():
    def walk(depth):
        return walk(depth + 1)
    return walk(0)

class Base:
    def __init__(self):
        self.registry = {}

class Child(Base):
    def __init__(self, name):
        self.name = name

def no_super():
    child = Child("n")
    child.registry["a"] = 1

class Color(enum.Enum):
    RED = "red"
    GREEN = "green"

def no_member():
    row = {"color": "Red"}
    return Color(row["color"])

def no_data():
    values = []
    return statistics.mean(values)

def no_json():
    payload = {"user": {"id": 3, "tags": {"a"}}}
    return json.dumps(payload)

def key_of_none():
    rows = [{"n": 3}, {"n": None}, {"n": 1}]
    return sorted(rows, key=lambda row: row["n"])

_client = None

def get_client():
    return _client

def global_none():
    return get_client().fetch("x")

def not_awaited():
    async def fetch():
        return {"a": 1}
    async def main():
        data = fetch()
        data.close()
        return data["a"]
    asyncio.run(main())

class Vault:
    def __init__(self):
        self.__secret = 3

class Opened(Vault):
    def open(self):
        return self.__secret

def handled():
    try:
        raise ValueError(7)
    except ValueError as e:
        raise RuntimeError(e.args[0] + ": %s")

def private():
    return Opened().open()

def exact():
    price, rate = decimal.Decimal("9.99"), 0.2
    return price * rate

def unknown():
    raise SystemError("what")

for name in sys.argv[2:]:
    try:
        globals()[name]()
    except BaseException:
        crashsite.save_dump("%s/%s.dump" % (sys.argv[1], name))
"""


class Explain(Case):
    def crashed(self, python: str, *names: str) -> None:
        program = self.write("program.py", PROGRAM.encode())
        environment = {"PYTHONPATH": ROOT + "/python"}
        subprocess.run(
            [python, "-B", program, self.dir, *names],
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=True,
        )

    def findings(self, name: str) -> List[Dict[str, Any]]:
        done = call("explain", self.path(name + ".dump"), "--json")
        self.assertEqual(done.status, 0, done)
        answer = json.loads(done.out)
        self.assertEqual(answer["schema"], 1)
        self.assertTrue(answer["complete"], name)
        found: List[Dict[str, Any]] = answer["findings"]
        return found

    def check(self, name: str, expected: Expected) -> None:
        findings = self.findings(name)
        self.assertTrue(findings, "nothing found")
        first = findings[0]
        self.assertEqual(first["cause"], expected.cause, first)
        self.assertIn(expected.words, first["says"])
        told = "\n".join(evidence["says"] for evidence in first["evidence"])
        self.assertIn(expected.evidence, told)
        if expected.expression is not None:
            self.assertEqual(first["object"]["expression"], expected.expression)
        if expected.value is not None:
            self.assertEqual(first["object"]["repr"], expected.value)
        for words in first["look"]:
            done = call(words[0], self.path(name + ".dump"), *words[1:])
            self.assertEqual(done.status, 0, (words, done))

    def test_each_kind_of_cause(self) -> None:
        pythons = {sys.executable}
        if LONG:
            pythons.update(path for path in os.environ.get("CRASHSITE_PYTHONS", "").split(os.pathsep) if path)
        for python in sorted(pythons):
            self.crashed(python, *EXPECTED)
            for name, expected in EXPECTED.items():
                with self.subTest(python=python, crash=name):
                    self.check(name, expected)
                os.remove(self.path(name + ".dump"))

    def test_silence_where_nothing_is_known(self) -> None:
        self.crashed(sys.executable, "unknown")
        self.assertEqual(self.findings("unknown"), [])
        done = call("explain", self.path("unknown.dump"))
        self.assertEqual((done.status, done.err), (0, b""), done)
        self.assertEqual(len(done.out.splitlines()), 1, done.out)

    def test_other_formats(self) -> None:
        captured = os.path.join(ROOT, "tests", "fixtures", "captured")
        paths = [os.path.join(folder, name) for folder, _, names in os.walk(captured) for name in names]
        dumps = [path for path in sorted(paths) if call("info", path).status == 0]
        self.assertGreater(len(dumps), 3)
        for path in dumps:
            with self.subTest(path):
                self.assertEqual(call("explain", path).status, 0)

    def test_damage_does_no_harm(self) -> None:
        self.crashed(sys.executable, "none_returned", "circle")
        generator = random.Random(9)
        for name in ("none_returned", "circle"):
            with open(self.path(name + ".dump"), "rb") as stream:
                whole = stream.read()
            for turn in range(200 if LONG else 15):
                damaged = bytearray(whole)
                for _ in range(generator.randint(1, 8)):
                    damaged[generator.randrange(len(damaged))] = generator.randrange(256)
                path = self.write("damaged.dump", bytes(damaged[: generator.randint(len(damaged) // 2, len(damaged))]))
                self.harmless(call("explain", path), "%s, turn %d" % (name, turn))


if __name__ == "__main__":
    unittest.main()
