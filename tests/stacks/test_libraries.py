"""trio, anyio, greenlet and gevent, of PyPI, on each Python: every task and greenlet with all its frames, against what the program knows."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from typing import Any, Dict, List, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "python"), os.path.join(ROOT, "tests", "debuggers")]

from bridged import BINARY, PYTHONS, environment, packages, version
from crashsite import reader

#: the newest that every Python from 3.8 on has, or has one of
PACKAGES = {
    (3, 8): ("trio==0.27.0", "anyio==4.5.2", "gevent==24.2.1", "greenlet==3.1.1"),
    (3, 9): ("trio==0.31.0", "anyio==4.10.0", "gevent==25.5.1", "greenlet==3.2.4"),
}
NEWEST = ("trio==0.31.0", "anyio==4.10.0", "gevent==25.9.1", "greenlet==3.2.4")

COMMON = """
import json, random, sys
import crashsite
chance, truth, number = random.Random(4711), {}, iter(range(10**9))

def enter(name, function):
    mark = "%s-%d" % (function, next(number))
    truth[name]["frames"].append([function, mark])
    return mark

def save(**options):
    with open("truth.json", "w") as stream:
        json.dump(truth, stream)
    crashsite.save_dump("a.dump", limits={"max_seconds": 30}, **options)
"""

TRIO = """
import anyio, trio

def begin(nursery, name, function, *arguments, parent):
    truth[name] = {"frames": [], "awaits": [], "parent": parent, "state": "pending"}
    nursery.start_soon(function, name, *arguments, name=name)

async def plain(name, deeper, event):
    mark = enter(name, "plain")
    if deeper:
        await chance.choice([plain, consuming])(name, deeper - 1, event)
    else:
        await event.wait()

async def generating(name, deeper, event):
    mark = enter(name, "generating")
    await plain(name, deeper, event)
    yield mark

async def consuming(name, deeper, event):
    mark = enter(name, "consuming")
    async for item in generating(name, deeper, event):
        pass

async def family(name, children, event):
    mark = enter(name, "family")
    async with trio.open_nursery() as nursery:
        for child in range(children):
            each = "%s/%d" % (name, child)
            truth[name]["awaits"].append(each)
            begin(nursery, each, plain, chance.randrange(4), event, parent=name)

async def crash(name):
    await trio.sleep(0.3)
    mark = enter(name, "crash")
    truth[name]["state"] = "running"
    try:
        1 / 0
    except ZeroDivisionError:
        save()
    nursery.cancel_scope.cancel()

async def main():
    global nursery
    event = trio.Event()
    async with trio.open_nursery() as nursery:
        for n in range(100):
            begin(nursery, "family-%d" % n, family, n % 4 + 1, event, parent="__main__.main")
        begin(nursery, "crash", crash, parent="__main__.main")
        async with anyio.create_task_group() as group:
            begin(group, "anyio", plain, 2, event, parent="__main__.main")
            await event.wait()

trio.run(main)
"""

ANYIO = """
import anyio, asyncio

async def plain(name, deeper, event):
    mark = enter(name, "plain")
    if deeper:
        await plain(name, deeper - 1, event)
    else:
        await event.wait()

def begin(group, name, function, *arguments):
    truth[name] = {"frames": [], "awaits": [], "state": "pending"}
    group.start_soon(function, name, *arguments, name=name)

async def family(name, children, event):
    mark = enter(name, "family")
    async with anyio.create_task_group() as group:
        for child in range(children):
            each = "%s/%d" % (name, child)
            truth[name]["awaits"].append(each)
            begin(group, each, plain, child, event)

async def main():
    event = anyio.Event()
    async with anyio.create_task_group() as group:
        for n in range(100):
            begin(group, "family-%d" % n, family, n % 4 + 1, event)
        await anyio.sleep(0.3)
        save(exc_info=False)
        group.cancel_scope.cancel()

anyio.run(main)
"""

GEVENT = """
import gevent, greenlet
from gevent.event import Event

event = Event()

def plain(name, deeper):
    mark = enter(name, "plain")
    if deeper:
        plain(name, deeper - 1)
    else:
        event.wait()

def begin(name, deeper):
    truth[name] = {"frames": [], "awaits": [], "state": "suspended"}
    made = gevent.spawn(plain, name, deeper)
    made.name = name
    return made

def switching(name):
    mark = enter(name, "switching")
    main.switch()

class Named(greenlet.greenlet):
    pass

main = greenlet.getcurrent()
made = [begin("g-%d" % n, chance.randrange(5)) for n in range(200)]
gevent.sleep(0.1)
raw = []
for n in range(50):
    name = "raw-%d" % n
    truth[name] = {"frames": [], "awaits": [], "state": "suspended"}
    raw.append(Named(switching))
    raw[-1].name = name
    raw[-1].switch(name)
save(exc_info=False)
event.set()
gevent.joinall(made)
"""


#: Before Python 3.11 the groups are those of the package exceptiongroup.
GROUPS = """
import anyio

async def plain(mark):
    try:
        await anyio.sleep(1000)
    finally:
        raise ValueError(mark)

async def family(mark, depth):
    async with anyio.create_task_group() as group:
        for n in range(3):
            each = "%s.%d" % (mark, n)
            group.start_soon(*((family, each, depth - 1) if depth and n else (plain, each)))
        if not depth:
            await anyio.sleep(0.1)
            raise KeyError(mark)

def tree(error):
    members = [tree(member) for member in getattr(error, "exceptions", ())]
    frames, traceback = [], error.__traceback__
    while traceback is not None:
        frames.append([traceback.tb_frame.f_code.co_name, traceback.tb_lineno])
        traceback = traceback.tb_next
    return [type(error).__name__, str(error), frames, members]

try:
    anyio.run(family, "main", 3, backend=sys.argv[1])
except Exception as error:
    truth = tree(error)
    save()
"""


class Libraries(unittest.TestCase):
    maxDiff = None

    def dump_of(self, python: str, program: str, *arguments: str) -> Any:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = os.path.realpath(folder.name)
        self.script = os.path.join(self.dir, "prog.py")
        with open(self.script, "w") as stream:
            stream.write(COMMON + program)
        site = packages(python, *PACKAGES.get(version(python), NEWEST))
        done = subprocess.run(
            [python, "-B", self.script, *arguments],
            env=environment(self.dir, site),
            cwd=self.dir,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
        )
        self.assertEqual(done.returncode, 0, done.stdout.decode())
        path = os.path.join(self.dir, "a.dump")
        dump = reader.load(path)
        self.assertEqual(dump.problems, [])
        answer = json.loads(subprocess.check_output([BINARY, "bt", path, "--all", "--json"]).decode("utf-8"))
        self.assertEqual(answer, dump.bt(False))
        with open(os.path.join(self.dir, "truth.json")) as stream:
            self.truth = json.load(stream)
        return dump

    def frames(self, dump: Any, thread: Dict[str, Any]) -> List[Tuple[str, Any]]:
        """(function, what its local `mark` held) of the frames of the program, outermost first."""
        out = []
        for frame in (dump.summary["frames"][index] for index in reversed(thread["frames"])):
            if frame["file"] == self.script:
                marks = [local[8] for local in frame["locals"] if local[0] == "mark"]
                out.append((frame["function"], marks[0] if marks else None))
            else:
                self.assertTrue(frame["library"], frame["file"])
        return out

    def check(self, program: str, kind: str) -> None:
        for python in PYTHONS:
            with self.subTest(python=python):
                dump = self.dump_of(python, program)
                threads = dump.summary["threads"]
                found = {thread["name"]: thread for thread in threads if thread["kind"] == kind}
                self.assertGreater(len(self.truth), 100)
                self.assertEqual(set(self.truth) - set(found), set())
                for name, fact in self.truth.items():
                    item = found[name]
                    want = [(function, repr(mark)) for function, mark in fact["frames"]]
                    self.assertEqual(self.frames(dump, item), want, name)
                    self.assertEqual(item["state"], fact["state"], name)
                    awaits = {threads[index]["name"] for index in item.get("awaits", ())}
                    self.assertEqual(awaits, set(fact["awaits"]), name)
                    if "parent" in fact:
                        self.assertEqual(threads[item["parent"]]["name"], fact["parent"])
                    self.assertEqual(threads[item["thread"]]["name"], "MainThread")

    def test_groups_of_exceptions(self) -> None:
        def tree(error: Dict[str, Any]) -> List[Any]:
            frames = [dump.summary["frames"][index] for index in reversed(error["frames"])]
            places = [[frame["function"], frame["line"]] for frame in frames]
            members = [tree(dump.summary["exceptions"][index]) for index in error["group"]]
            return [error["type"], error["message"], places, members]

        for python in PYTHONS:
            for backend in ("asyncio", "trio"):
                with self.subTest(python=python, backend=backend):
                    dump = self.dump_of(python, GROUPS, backend)
                    self.assertEqual(tree(dump.summary["exceptions"][0]), self.truth)
                    self.assertEqual(json.dumps(self.truth).count("ValueError"), 1 + 2 + 4 + 8 * 3)

    def test_trio(self) -> None:
        self.check(TRIO, "task")

    def test_anyio_on_asyncio(self) -> None:
        self.check(ANYIO, "task")

    def test_greenlets_and_gevent(self) -> None:
        self.check(GEVENT, "greenlet")


if __name__ == "__main__":
    unittest.main()
