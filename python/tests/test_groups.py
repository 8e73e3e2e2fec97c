"""Exception groups of nested task groups, against what the program finds in them itself: every exception, what belongs to it, every
frame; and the tasks that they ended."""

import json
import os
import subprocess
import sys
import unittest
from typing import Any, Dict, List, Optional

from programs import Case

BINARY = os.environ.get("CRASHSITE_BINARY")

#: Each task's coroutine is one of these; every function that is on the stack has a local `mark` that no other has.
PROGRAM = """
import asyncio, json, random, sys
import crashsite

chance, number = random.Random(4711), iter(range(10**9))

def mark_of(function):
    return "%s-%d" % (function, next(number))

def start(group, coroutine, name):
    started.append(group.create_task(coroutine, name=name))

class Refused(ExceptionGroup):
    def derive(self, members):
        return Refused(self.message, members)

async def wait():
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        pass

async def plain():
    mark = mark_of("plain")
    await wait()
    raise ValueError(mark)

async def while_cancelled():
    mark = mark_of("while_cancelled")
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        error = KeyError(mark)
        error.add_note("a note of " + mark)
        raise error

async def caused():
    mark = mark_of("caused")
    await wait()
    try:
        await deeper(2)
    except LookupError as error:
        raise RuntimeError(mark) from error

async def deeper(levels):
    mark = mark_of("deeper")
    if levels:
        return await deeper(levels - 1)
    raise LookupError(mark)

async def unsuppressed():
    mark = mark_of("unsuppressed")
    await wait()
    try:
        [][5]
    except IndexError:
        raise OSError(2, mark) from None

async def by_hand():
    mark = mark_of("by_hand")
    await wait()
    raise Refused(mark, [TypeError(mark), ExceptionGroup("inner " + mark, [EOFError(mark)])])

async def by_handler(depth):
    mark = mark_of("by_handler")
    try:
        await family(depth)
    except* ValueError as group:
        raise ArithmeticError(mark)

async def by_body(depth):
    mark = mark_of("by_body")
    async with asyncio.TaskGroup() as group:
        start(group, family(depth), mark)
        await wait()
        raise StopAsyncIteration(mark)

async def family(depth):
    mark = mark_of("family")
    async with asyncio.TaskGroup() as group:
        for child in range(chance.randrange(2, 5)):
            way = chance.choice([plain, while_cancelled, caused, unsuppressed, by_hand] + [family, by_handler, by_body] * 2)
            if depth and way in (family, by_handler, by_body):
                coroutine = way(depth - 1)
            else:
                coroutine = chance.choice([plain, while_cancelled, caused, unsuppressed, by_hand])()
            start(group, coroutine, "%s.%d" % (mark, child))

async def main():
    mark = mark_of("main")
    async with asyncio.TaskGroup() as group:
        for child in range(5):
            start(group, family(4), "family %d" % child)
        await asyncio.sleep(0.1)
        raise ZeroDivisionError(mark)

def told(traceback):
    out = []
    while traceback is not None:
        frame = traceback.tb_frame
        out.append([frame.f_code.co_filename, frame.f_code.co_name, traceback.tb_lineno, frame.f_locals.get("mark")])
        traceback = traceback.tb_next
    return out

def tree(error):
    if error is None:
        return None
    if id(error) in seen:
        return seen[id(error)]
    seen[id(error)] = name = len(seen)
    own = isinstance(error, BaseExceptionGroup)
    truth[name] = fact = {"type": type(error).__name__, "message": str(error), "frames": told(error.__traceback__)}
    fact["notes"], fact["suppress"] = getattr(error, "__notes__", []), error.__suppress_context__
    fact["cause"], fact["context"] = tree(error.__cause__), tree(error.__context__)
    fact["group"] = [tree(member) for member in error.exceptions] if own else []
    return name

started, seen, truth, tasks = [], {}, {}, {}
try:
    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
except BaseExceptionGroup as error:
    tree(error)
    for task in started:
        if task.exception() is not None:
            tasks[task.get_name()] = tree(task.exception())
    with open(sys.argv[1] + ".json", "w") as stream:
        json.dump([truth, tasks], stream)
    crashsite.save_dump(sys.argv[1] + ".dump", limits={"max_seconds": 30})
"""


@unittest.skipIf(sys.version_info < (3, 11), "there are no exception groups")
class Groups(Case):
    maxDiff = None

    def setUp(self) -> None:
        super().setUp()
        script = self.write("prog.py", PROGRAM)
        self.run_python(script, self.path("a"), status=0)
        with open(self.path("a.json")) as stream:
            self.truth, self.tasks = json.load(stream)
        self.dump = self.load(self.path("a.dump"))
        self.assertEqual(self.dump.summary["problems"], [])
        self.errors: List[Dict[str, Any]] = self.dump.summary["exceptions"]

    def frames(self, indexes: List[int]) -> List[List[Any]]:
        """File, function, line and `mark`, outermost first."""
        out = []
        for index in reversed(indexes):
            frame = self.dump.summary["frames"][index]
            marks = [local[8] for local in frame["locals"] if local[0] == "mark"]
            out.append([frame["file"], frame["function"], frame["line"], marks[0][1:-1] if marks else None])
        return out

    def compare(self, name: Optional[int], index: Optional[int], places: Dict[int, int]) -> None:
        """The program's exception `name` is that at `index` in the dump, and so is all that belongs to it."""
        if name is None or name in places:
            self.assertEqual(None if name is None else places[name], index)
            return
        assert index is not None, self.truth[str(name)]
        places[name] = index
        fact, error = self.truth[str(name)], self.errors[index]
        frames = self.frames(error["frames"])
        if index == 0:  # the callers of the outermost stand behind
            frames = frames[-len(fact["frames"]) :]
        self.assertEqual(
            (error["type"], error["message"], error["notes"], error["suppress_context"], frames),
            (fact["type"], fact["message"], fact["notes"], fact["suppress"], fact["frames"]),
        )
        self.compare(fact["cause"], error["cause"], places)
        self.compare(fact["context"], error["context"], places)
        self.assertEqual(len(fact["group"]), len(error["group"]))
        for inner, place in zip(fact["group"], error["group"]):
            self.compare(inner, place, places)

    def test_every_exception_is_where_it_belongs(self) -> None:
        places: Dict[int, int] = {}
        self.compare(0, 0, places)
        self.assertEqual(sorted(places.values()), list(range(len(self.errors))))
        self.assertGreater(len(self.errors), 100)
        kinds = {fact["type"] for fact in self.truth.values()}
        self.assertLessEqual({"ExceptionGroup", "Refused", "ArithmeticError", "StopAsyncIteration", "KeyError"}, kinds)

    def test_the_tasks_that_they_ended(self) -> None:
        threads = {thread["name"]: thread for thread in self.dump.summary["threads"] if thread["kind"] == "task"}
        self.assertGreater(len(self.tasks), 50)
        for name, error in self.tasks.items():
            fact, thread = self.truth[str(error)], threads[name]
            self.assertEqual(thread["state"], "failed")
            self.assertTrue(thread["raised"].startswith(fact["type"]), thread["raised"])
            self.assertEqual(self.frames(thread["frames"]), fact["frames"], name)

    @unittest.skipUnless(BINARY, "CRASHSITE_BINARY is not set")
    def test_the_binary_tells_the_same(self) -> None:
        answer = subprocess.check_output([str(BINARY), "bt", self.path("a.dump"), "--all", "--json"])
        self.assertEqual(json.loads(answer.decode("utf-8")), self.dump.bt(False))


if __name__ == "__main__":
    unittest.main()
