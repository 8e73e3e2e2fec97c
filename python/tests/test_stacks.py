"""Stacks beyond threads, against what the program knows of itself: asyncio's tasks with all frames and who awaits whom, generators,
executors, and for what threads wait."""

import asyncio
import json
import os
import subprocess
import sys
import unittest
from typing import Any, Dict, List, Tuple

from programs import PYPY, Case

BINARY = os.environ.get("CRASHSITE_BINARY")

#: Every function that is on the stack of a task says so in `truth`, outermost first, with a local that no other has.
TASKS = """
import asyncio, json, random, sys
import crashsite

chance, truth, number = random.Random(4711), {}, iter(range(10**9))

def enter(name, function):
    mark = "%s-%d" % (function, next(number))
    truth[name]["frames"].append([function, mark])
    return mark

async def plain(name, deeper, event):
    mark = enter(name, "plain")
    await further(name, deeper, event)

async def generating(name, deeper, event):
    mark = enter(name, "generating")
    await further(name, deeper, event)
    yield mark

async def consuming(name, deeper, event):
    mark = enter(name, "consuming")
    async for item in generating(name, deeper, event):
        pass

class Awaitable:
    def __init__(self, *arguments):
        self.arguments = arguments

    def __await__(self):
        name, deeper, event = self.arguments
        mark = enter(name, "__await__")
        return (yield from further(name, deeper, event).__await__())

async def asking(name, deeper, event):
    mark = enter(name, "asking")
    await Awaitable(name, deeper, event)

async def further(name, deeper, event):
    mark = enter(name, "further")
    if deeper:
        await chance.choice([plain, consuming, asking])(name, deeper - 1, event)
    else:
        await event

async def by_gather(name, tasks):
    mark = enter(name, "by_gather")
    await asyncio.gather(*tasks)

async def by_wait(name, tasks):
    mark = enter(name, "by_wait")
    await asyncio.wait(tasks)

async def by_shield(name, tasks):
    mark = enter(name, "by_shield")
    await asyncio.gather(*[asyncio.shield(task) for task in tasks])

async def by_time(name, tasks):
    mark = enter(name, "by_time")
    await asyncio.wait_for(asyncio.gather(*tasks), 1000)

async def by_completion(name, tasks):
    mark = enter(name, "by_completion")
    for future in asyncio.as_completed(tasks):
        await future

async def by_one(name, tasks):
    mark = enter(name, "by_one")
    truth[name]["awaits"] = [tasks[0].get_name()]
    await tasks[0]

async def by_group(name, tasks):
    mark = enter(name, "by_group")
    async with asyncio.TaskGroup() as group:
        names = ["%s/%d" % (name, place) for place in range(3)]
        truth[name]["awaits"] = names
        for each in names:
            truth[each] = {"frames": [], "awaits": [], "state": "pending"}
            group.create_task(plain(each, 1, asyncio.get_running_loop().create_future()), name=each)

async def failing(name):
    mark = enter(name, "failing")
    raise KeyError(mark)

def start(name, function, *arguments, awaits=(), state="pending"):
    truth[name] = {"frames": [], "awaits": [task.get_name() for task in awaits], "state": state}
    task = asyncio.get_running_loop().create_task(function(name, *arguments))
    task.set_name(name) if hasattr(task, "set_name") else None
    return task

async def main(count, out):
    asyncio.current_task().set_name("main")
    truth["main"] = {"frames": [], "awaits": ["crash"], "state": "pending"}
    mark = enter("main", "main")
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    ways = [by_gather, by_wait, by_shield, by_time, by_completion, by_one]
    if hasattr(asyncio, "TaskGroup"):
        ways.append(by_group)
    future = asyncio.get_running_loop().create_future()
    tasks = [start("leaf-%d" % n, plain, chance.randrange(4), future) for n in range(count * 2 // 3)]
    for n in range(count - len(tasks) - 9):
        way = ways[n % len(ways)]
        some = chance.sample(tasks, 3)
        tasks.append(start("%s-%d" % (way.__name__, n), way, some, awaits=some if way is not by_group else ()))
    failed = [start("failed-%d" % n, failing, state="failed") for n in range(5)]
    gone = [start("gone-%d" % n, plain, 1, asyncio.Event().wait(), state="cancelled") for n in range(2)]
    await asyncio.sleep(0)
    for _ in range(3):
        await asyncio.sleep(0)
    for task in gone:
        task.cancel()
        truth[task.get_name()]["frames"] = []
    await asyncio.sleep(0)
    await start("crash", crash, out, state="running")

async def crash(name, out):
    mark = enter(name, "crash")
    try:
        1 / 0
    except ZeroDivisionError:
        with open(out + ".json", "w") as stream:
            json.dump(truth, stream)
        if hasattr(asyncio, "capture_call_graph"):
            with open(out + ".graph.json", "w") as stream:
                json.dump(graph(), stream)
        crashsite.save_dump(out + ".dump", limits={"max_seconds": 30, "max_tasks": 20000})

def graph():
    \"\"\"What asyncio itself tells of each task that has not ended: its functions, outermost first, and who awaits it.\"\"\"
    told = {}
    for task in asyncio.all_tasks():
        found = asyncio.capture_call_graph(task)
        functions = [entry.frame.f_code.co_name for entry in found.call_stack]
        told[task.get_name()] = [functions[::-1], [one.future.get_name() for one in found.awaited_by]]
    return told

out = sys.argv[2]
loop = asyncio.new_event_loop()
loop.run_until_complete(main(int(sys.argv[1]), out))
"""

WAITING = """
import functools, multiprocessing, queue, sys, threading, time
import crashsite
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed, wait

class Work:
    def __init__(self):
        self.jobs, self.ready, self.lock, self.plain = queue.Queue(), threading.Event(), threading.RLock(), threading.Lock()
        self.plain.acquire()

    def get(self):
        self.jobs.get()

    def event(self):
        self.ready.wait()

    def locked(self):
        with self.lock:
            pass

    def acquiring(self):
        self.plain.acquire()

    def sleeping(self):
        time.sleep(1000)

    def joining(self):
        sleeper.join()

    def future(self, of):
        of.result()

work = Work()
pool = ThreadPoolExecutor(1, thread_name_prefix="pool")
begun, queued = pool.submit(time.sleep, 1000), pool.submit(functools.partial(work.future, None))
processes = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork"))
in_process = processes.submit(time.sleep, 1000)
sleeper = threading.Thread(target=work.sleeping, name="sleeper", daemon=True)
sleeper.start()
work.lock.acquire()
names = ["get", "event", "locked", "acquiring", "joining"]
for name in names:
    threading.Thread(target=getattr(work, name), name=name, daemon=True).start()
several = [begun, queued, in_process]
threading.Thread(target=wait, args=(several,), name="several", daemon=True).start()
threading.Thread(target=list, args=(as_completed(several),), name="completed", daemon=True).start()
for name, future in (("begun", begun), ("queued", queued), ("in_process", in_process)):
    threading.Thread(target=work.future, args=(future,), name=name, daemon=True).start()

def settled():
    dump = crashsite.create_dump(exc_info=False)
    open("probe.dump", "wb").write(dump)
    from crashsite import reader
    return sum(bool(thread.get("wait_for")) for thread in reader.load("probe.dump").summary["threads"]) >= 12

limit = time.monotonic() + 30
while not settled() and time.monotonic() < limit:
    time.sleep(0.05)
crashsite.save_dump(sys.argv[1], exc_info=False)
import os
for process in processes._processes.values():
    process.kill()
os._exit(0)
"""

GENERATORS = """
import sys
import crashsite

def count(limit):
    for number in range(limit):
        yield number

def double(source):
    for number in source:
        yield number * 2

def outer():
    inner = count(9)
    yield from inner

async def never():
    pass

class Holder:
    pass

def crash():
    pipeline = double(count(5))
    next(pipeline)
    holder = Holder()
    holder.streams = {"first": outer()}
    next(holder.streams["first"])
    ended = count(0)
    list(ended)
    waiting = never()
    crashsite.save_dump(sys.argv[1], exc_info=False)
    waiting.close()

crash()
"""

#: Generators that go on in others in every way, some deep in containers; each says in `truth` which functions it stands in.
NESTED = """
import json, random, sys
import crashsite

chance, truth, number = random.Random(4711), {}, iter(range(10**9))

def enter(name, function):
    mark = "%s-%d" % (function, next(number))
    truth[name].append([function, mark])
    return mark

def counting(name, deeper):
    mark = enter(name, "counting")
    if deeper:
        yield from further(name, deeper)
    while True:
        yield mark

class Tree:
    def __init__(self, name, deeper):
        self.name, self.deeper = name, deeper

    def __iter__(self):
        mark = enter(self.name, "__iter__")
        yield from further(self.name, self.deeper)

def wrapping(name, deeper):
    mark = enter(name, "wrapping")
    yield from Tree(name, deeper)

def receiving(name, deeper):
    mark = enter(name, "receiving")
    got = yield from further(name, deeper)

def protected(name, deeper):
    mark = enter(name, "protected")
    try:
        raise KeyError(mark)
    except KeyError:
        try:
            yield from further(name, deeper)
        finally:
            mark = None

def further(name, deeper):
    mark = enter(name, "further")
    if deeper:
        yield from chance.choice([counting, wrapping, receiving, protected])(name, deeper - 1)
    else:
        yield mark

class Holder:
    pass

def crash(out):
    held = Holder()
    held.by_name, held.listed = {}, []
    for place in range(150):
        name = "['g-%d'] of .by_name of held in crash" % place if place < 90 else "[%d] of .listed of held in crash" % (place - 90)
        truth[name] = []
        made = further(name, chance.randrange(12))
        next(made)
        held.by_name["g-%d" % place] = made
        if place >= 90:
            held.listed.append(held.by_name.pop("g-%d" % place))
        del made
    with open(out + ".json", "w") as stream:
        json.dump(truth, stream)
    crashsite.save_dump(out + ".dump", exc_info=False)

crash(sys.argv[1])
"""

INTERPRETERS = """
import os, sys, threading, time
import crashsite
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

FAILS = '''
import sys
sys.path[:] = %r
import crashsite
try:
    {}["in the inner one"]
except KeyError:
    crashsite.save_dump(%r)
'''

def busy():
    interpreters.run_string(running, "import time\\nend = time.monotonic() + 1\\nwhile time.monotonic() < end: time.sleep(0.01)")

idle, running = interpreters.create(), interpreters.create()
thread = threading.Thread(target=busy)
thread.start()
limit = time.monotonic() + 30
while not interpreters.is_running(running) and time.monotonic() < limit:
    time.sleep(0.01)
crashsite.save_dump(sys.argv[1] + ".dump", exc_info=False)
thread.join()
interpreters.run_string(idle, FAILS % (sys.path, sys.argv[1] + "-inner.dump"))
for one in (idle, running):
    interpreters.destroy(one)
print(int(idle), int(running))
"""

HOSTILE = """
import asyncio, asyncio.tasks, sys
import crashsite

def bad(*arguments, **named):
    if armed:
        print("code of the program's was run")

armed = False
Task = getattr(asyncio.tasks, sys.argv[2])

class Evil(Task):
    get_name = get_coro = get_stack = done = result = exception = __repr__ = __eq__ = bad
    if Task is not asyncio.tasks._PyTask:  # which keeps them under these names
        _coro = _state = _callbacks = _loop = _fut_waiter = _exception = property(bad)

    def __hash__(self):
        bad()
        return 7

    def __getattribute__(self, name):
        bad()
        return super().__getattribute__(name)

async def forever(future):
    await future

async def main():
    global armed
    loop = asyncio.get_running_loop()
    task = Task.__new__(Evil)
    Task.__init__(task, forever(loop.create_future()), loop=loop)
    Task.set_name(task, "evil")
    await asyncio.sleep(0)
    armed = True
    crashsite.save_dump(sys.argv[1], exc_info=False)
    armed = False
    print("end")
    sys.stdout.flush()
    import os
    os._exit(0)

asyncio.new_event_loop().run_until_complete(main())
"""


def own_frames(dump: Any, thread: Dict[str, Any], script: str) -> List[Tuple[str, Any]]:
    """(function, what its local `mark` held) of the frames of the program, outermost first."""
    frames = [dump.summary["frames"][index] for index in thread["frames"]]
    out = []
    for frame in reversed(frames):
        if frame["file"] == script:
            assert not frame["library"]
            marks = [local[8] for local in frame["locals"] if local[0] == "mark"]
            out.append((frame["function"], marks[0] if marks else None))
        else:
            assert frame["library"], frame["file"]
    return out


class Stacks(Case):
    maxDiff = None

    def dump_of(self, program: str, *arguments: str) -> Any:
        self.script = self.write("prog.py", program)
        self.out = self.run_python(self.script, *arguments, status=0).stdout
        return self.load(self.path("a.dump"))

    def agrees(self) -> None:
        """The binary answers what the reference reader does."""
        if BINARY:
            path = self.path("a.dump")
            answer = json.loads(subprocess.check_output([BINARY, "bt", path, "--all", "--json"]).decode("utf-8"))
            self.assertEqual(answer, self.load(path).bt(False))

    def check_tasks(self, count: int) -> int:
        """How many there were."""
        dump = self.dump_of(TASKS, str(count), self.path("a"))
        with open(self.path("a.json")) as stream:
            truth = json.load(stream)
        threads = dump.summary["threads"]
        tasks = {thread["name"]: thread for thread in threads if thread["kind"] == "task"}
        implied = {name for name in tasks if name.startswith("Task-")}  # asyncio's own, of as_completed and wait_for
        self.assertEqual(set(tasks) - implied, set(truth))
        self.assertGreaterEqual(len(truth), count)
        frames = 0
        for name, fact in truth.items():
            task = tasks[name]
            self.assertEqual(task["state"], fact["state"], name)
            found = own_frames(dump, task, self.script)
            self.assertEqual(found, [(function, repr(mark)) for function, mark in fact["frames"]], name)
            frames += len(found)
            awaits = {threads[index]["name"] for index in task.get("awaits", ())}
            self.assertEqual(awaits, set(fact["awaits"]), name)
            self.assertEqual(task["runner"], "asyncio")
            self.assertEqual(threads[task["thread"]]["name"] if "thread" in task else None, "MainThread")
            self.assertEqual("raised" in task, fact["state"] == "failed")
        self.assertGreater(frames, count)
        self.assertEqual([thread["name"] for thread in threads[:3]], ["MainThread", "crash", "main"])
        self.agrees()
        return len(truth)

    def test_tasks(self) -> None:
        self.check_tasks(200)

    @unittest.skipUnless(hasattr(asyncio, "capture_call_graph"), "asyncio tells of its graph from 3.14 on")
    def test_the_graph_of_asyncio(self) -> None:
        self.check_tasks(200)
        with open(self.path("a.graph.json")) as stream:
            graph = json.load(stream)
        dump = self.load(self.path("a.dump"))
        threads, frames = dump.summary["threads"], dump.summary["frames"]
        awaited_by: Dict[str, List[str]] = {}
        functions = {}
        for task in threads:
            if task["kind"] == "task" and task["state"] in ("pending", "running"):
                functions[task["name"]] = [frames[index]["function"] for index in reversed(task["frames"])]
                for index in task.get("awaits", ()):
                    awaited_by.setdefault(threads[index]["name"], []).append(task["name"])
        self.assertEqual(set(functions) - set(graph), set())
        for name, (stack, others) in graph.items():
            self.assertEqual(sorted(awaited_by.get(name, [])), sorted(others), name)
            if name == "crash":  # which has gone on since it was asked
                continue
            # asyncio does not look into what is no coroutine: into asynchronous generators and `__await__`.
            self.assertEqual(functions[name][: len(stack)], stack, name)
            if stack[-1] not in ("consuming", "asking"):
                self.assertEqual(functions[name], stack, name)

    def test_ten_thousand_tasks(self) -> None:
        groups = sys.version_info >= (3, 11)  # which start further tasks
        self.assertGreaterEqual(self.check_tasks(9000 if groups else 10_000), 10_000)

    def test_tasks_left_out_are_told(self) -> None:
        self.script = self.write("prog.py", TASKS.replace('"max_tasks": 20000', '"max_tasks": 50'))
        self.run_python(self.script, "200", self.path("a"), status=0)
        dump = self.load(self.path("a.dump"))
        names = [thread["name"] for thread in dump.summary["threads"] if thread["kind"] == "task"]
        self.assertEqual((len(names), names[:2]), (50, ["crash", "main"]))
        self.assertRegex("\n".join(dump.summary["problems"]), r"\d+ of \d+ tasks and greenlets left out \(max_tasks\)")

    def test_what_threads_wait_for(self) -> None:
        dump = self.dump_of(WAITING, self.path("a.dump"))
        threads = dump.summary["threads"]
        told = {}
        for thread in threads:
            told[thread["name"]] = (
                thread.get("wait_for"),
                [threads[index]["name"] for index in thread.get("awaits", ())],
            )
        self.assertEqual(told["get"], ("an item in a Queue, self.jobs", []))
        self.assertEqual(told["event"], ("an Event, self.ready", []))
        self.assertEqual(told["locked"], ("an RLock, self.lock, held by MainThread", ["MainThread"]))
        self.assertEqual(told["acquiring"], ("a Lock, self.plain", []))
        self.assertEqual(told["sleeper"], ("time.sleep", []))
        self.assertEqual(told["joining"], ("the end of sleeper", ["sleeper"]))
        self.assertEqual(told["begun"], ("a Future of sleep(), of", ["pool_0"]))
        self.assertEqual(told["queued"], ("a Future of Work.future() that nothing has begun, of", []))
        self.assertEqual(told["in_process"], ("a Future of sleep() that runs, of", []))
        for name in ("several", "completed"):
            self.assertEqual(told[name], ("Futures of Work.future(), sleep()", ["pool_0"]))
        self.assertEqual(told["MainThread"], (None, []))
        self.agrees()

    def test_generators(self) -> None:
        dump = self.dump_of(GENERATORS, self.path("a.dump"))
        found = {}
        for thread in dump.summary["threads"]:
            if thread["kind"] == "generator":
                functions = [function for function, _ in own_frames(dump, thread, self.script)]
                found[thread["held"]] = (thread["name"], thread["state"], functions)
        self.assertEqual(
            found,
            {
                "pipeline in crash": ("double", "suspended", ["double"]),
                "source in double": ("count", "suspended", ["count"]),
                "['first'] of .streams of holder in crash": ("outer", "suspended", ["outer", "count"]),
                "waiting in crash": ("never", "pending", ["never"]),
            },
        )
        self.agrees()

    def test_nested_generators(self) -> None:
        dump = self.dump_of(NESTED, self.path("a"))
        with open(self.path("a.json")) as stream:
            truth = json.load(stream)
        found = {}
        for thread in dump.summary["threads"]:
            if thread["kind"] == "generator":
                self.assertEqual(thread["state"], "suspended")
                found[thread["held"]] = [list(frame) for frame in own_frames(dump, thread, self.script)]
        want = {name: [[function, repr(mark)] for function, mark in frames] for name, frames in truth.items()}
        self.assertEqual(found, want)
        self.assertGreater(max(len(frames) for frames in found.values()), 15)
        self.agrees()

    @unittest.skipIf(PYPY, "which has one interpreter only")
    def test_other_interpreters(self) -> None:
        """They are named; and the process survives that we looked, in each of them."""
        dump = self.dump_of(INTERPRETERS, self.path("a"))
        said = "other interpreters: %s, %s (running): their threads and frames cannot be seen from this one"
        problems = dump.summary["problems"]
        self.assertIn(said % tuple(self.out.split()), problems)
        self.assertEqual(len(problems), 2 if sys.version_info >= (3, 12) else 1, problems)
        self.agrees()
        inner = self.load(self.path("a-inner.dump"))
        self.assertEqual(inner.summary["exceptions"][0]["message"], "'in the inner one'")

    def test_no_code_of_a_task_is_run(self) -> None:
        for written in ("Task", "_PyTask"):
            with self.subTest(written=written):
                dump = self.dump_of(HOSTILE, self.path("a.dump"), written)
                os.unlink(self.path("a.dump"))
                self.assertEqual(self.out, "end\n")
                task = next(thread for thread in dump.summary["threads"] if thread["name"] == "evil")
                self.assertEqual([function for function, _ in own_frames(dump, task, self.script)], ["forever"])


if __name__ == "__main__":
    unittest.main()
