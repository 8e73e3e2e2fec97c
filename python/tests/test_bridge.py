"""Dumps as exceptions, tracebacks and frames."""

import io
import os
import pdb
import sys
import time
import traceback
import unittest
from typing import Any, List, Set
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import build_dump
import crashsite
import hostile_dumps
from crashsite import reader
from crashsite.bridge import CannotOpen, Crash, Snapshot
from programs import Case

CPYTHON = sys.implementation.name == "cpython"

PROGRAM = '''\
import collections, sys, threading
import crashsite

class Order:
    limit = 3

    def __init__(self, number):
        self.number, self.lines = number, ["größe", 2]

class Refused(ValueError):
    def __init__(self, code):
        super().__init__("refused", code)
        self.code = code

Point = collections.namedtuple("Point", "x y")

def waits(event, seconds):
    event.wait(seconds)

def check(order, *rest, strict=True, **more):
    """A function with everything."""
    cycle = []
    cycle.append(cycle)
    table = {"a": 1, (1, 2): [3], "self": cycle}
    point, kinds, big = Point(1, "z"), {1, frozenset([2])}, 2**100
    text = "äöü"; found = [rest[index] for index in range(len(rest))] + table["x" if strict else "a"]
    return found

def ship(orders):
    try:
        check(orders[0], 1, 2, strict=True, more=3)
    except KeyError as error:
        problem = error
        raise Refused(7) from error

stop = threading.Event()
threading.Thread(target=waits, args=(stop, None), name="waiter", daemon=True).start()
while not any(frame.f_code.co_name == "wait" for frame in sys._current_frames().values()):
    pass
crashsite.dump_on_unhandled_exceptions(dump_dir=sys.argv[1])
ship([Order(5)])
'''


@unittest.skipUnless(CPYTHON, "frames are made for CPython")
class BridgeCase(Case):
    def crash(self, program: str = PROGRAM) -> Crash:
        script = self.write("app/program.py", program)
        done = self.run_python(script, self.dir, status=1)
        self.said = "".join(line for line in done.stderr.splitlines(True) if not line.startswith("crashsite:"))
        return crashsite.load(self.dumps()[0])

    def built(self, **changes: Any) -> str:
        """The path of a dump made by hand."""
        summary = build_dump.summary()
        summary.update(changes)
        path = self.path("built.dump")
        with open(path, "wb") as stream:
            stream.write(build_dump.message([build_dump.part("summary", summary), *build_dump.parts()[1:]]))
        return path


class Captured(BridgeCase):
    """A program that fails, and its dump in the same Python."""

    def test_traceback_is_that_of_the_program(self) -> None:
        """Lines, carets, chained exceptions: to the character."""
        error = self.crash().exception
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        # Before 3.10 Python prints the module, and `traceback` does not where it is __main__.
        self.assertEqual(text, self.said.replace("__main__.", ""))
        with self.assertRaises(ValueError) as caught:
            raise error
        self.assertIs(caught.exception, error)

    def test_frames(self) -> None:
        """Real ones, of every thread, with what `bt` says of them."""
        crash = self.crash()
        wanted = reader.load(self.dumps()[0]).bt()
        self.assertEqual([thread.name for thread in crash.threads], ["MainThread", "waiter"])
        for thread, described in zip(crash.threads, wanted["threads"]):
            self.assertEqual(len(thread.frames), len(described["frames"]))
            for frame, told in zip(thread.frames, described["frames"]):
                self.assertEqual((frame.f_code.co_name, frame.f_lineno), (told["function"], told["line"]))
                self.assertTrue(frame.f_code.co_filename.endswith(told["file"]))
                self.assertEqual(frame.f_code.co_filename == told["file"], not told["library"])
                self.assertEqual(set(frame.f_locals), {local["name"] for local in told["locals"]})
                self.assertEqual(frame.f_globals["__builtins__"].len, len)
                if sys.version_info >= (3, 11):
                    self.assertEqual(frame.f_code.co_qualname, told["qualname"])
                    place = list(frame.f_code.co_positions())[frame.f_lasti // 2]
                    self.assertEqual(place[:2], (told["line"], told["end_line"]))
            for inner, outer in zip(thread.frames, thread.frames[1:]):
                self.assertIs(inner.f_back, outer)
            self.assertIsNone(thread.frames[-1].f_back)
        module = crash.threads[0].frames[-1]
        self.assertIs(module.f_locals, module.f_globals)
        ship = crash.exception.__traceback__.tb_next.tb_frame
        self.assertIs(ship, crash.threads[0].frames[0])

    def test_values(self) -> None:
        crash = self.crash()
        error = crash.exception
        self.assertEqual((error.code, error.args, str(error)), (7, ("refused", 7), "('refused', 7)"))
        check = error.__cause__.__traceback__.tb_next.tb_frame
        values = dict(check.f_locals)
        arguments = check.f_code.co_varnames[: check.f_code.co_argcount]
        self.assertEqual(sorted(arguments), ["more", "order", "rest", "strict"])
        self.assertEqual((values["rest"], values["more"], values["big"]), ((1, 2), {"more": 3}, 2**100))
        self.assertIs(values["cycle"][0], values["cycle"])
        self.assertIs(values["table"]["self"], values["cycle"])
        self.assertEqual(values["table"][1, 2], [3])
        self.assertEqual((values["point"], repr(values["point"])), ((1, "z"), "Point(x=1, y='z')"))
        self.assertEqual((values["point"].y, values["kinds"], values["text"]), ("z", {1, frozenset([2])}, "äöü"))
        order = values["order"]
        self.assertEqual((type(order).__name__, type(order).__module__), ("Order", "__main__"))
        self.assertEqual((dir(order), vars(order)), (["lines", "number"], {"number": 5, "lines": ["größe", 2]}))
        self.assertEqual((order.number, order.lines, order.limit), (5, ["größe", 2], 3))
        self.assertRegex(repr(order), r"^<__main__\.Order object at 0x[0-9a-f]+>$")
        with self.assertRaisesRegex(AttributeError, "no attribute 'nothing' in the dump"):
            print(order.nothing)
        ship = crash.threads[0].frames[0]
        self.assertIs(ship.f_locals["orders"][0], order)
        self.assertIs(ship.f_locals["problem"], error.__cause__)

    def test_sources_are_those_of_the_dump(self) -> None:
        """A file that has changed since keeps its lines, under another name."""
        script = self.write("app/program.py", PROGRAM)
        self.run_python(script, self.dir, status=1)
        with open(script, "a", encoding="utf-8") as stream:
            stream.write("# changed\n")
        error = crashsite.load(self.dumps()[0]).exception
        found = traceback.extract_tb(error.__traceback__)[-1]
        self.assertRegex(found.filename, r"^/crashsite(-\d+)?/.*/app/program\.py$")
        self.assertFalse(os.path.exists(found.filename))
        self.assertEqual(found.line, "raise Refused(7) from error")

    @unittest.skipIf(sys.version_info < (3, 11), "groups came with 3.11")
    def test_groups(self) -> None:
        crash = self.crash(GROUP)
        error: Any = crash.exception
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        self.assertEqual(text, self.said)
        quits, divided = error.exceptions
        self.assertEqual(divided.__notes__, ["look here"])
        self.assertEqual(type(quits).__name__, "SystemExit")
        self.assertNotIsInstance(quits, SystemExit)
        self.assertIsInstance(quits, Exception)

    def test_the_capture_weighs_nothing(self) -> None:
        """What opens dumps is imported when one is opened."""
        check = "import crashsite, sys; print([m for m in sys.modules if 'bridge' in m or m in ('pdb', 'bdb')])"
        self.assertEqual(self.run_python("-S", "-c", check, status=0).stdout.strip(), "[]")


GROUP = """\
import crashsite, sys
crashsite.dump_on_unhandled_exceptions(dump_dir=sys.argv[1])

def one():
    raise SystemExit(3)

found = []
for call in (one, lambda: 1 // 0):
    try:
        call()
    except BaseException as error:
        found.append(error)
found[1].add_note("look here")
raise BaseExceptionGroup("both", found)
"""


class Built(BridgeCase):
    """Dumps made by hand."""

    def test_a_circle_of_exceptions_is_opened(self) -> None:
        """Python follows the contexts when it raises; it would not come to an end."""
        error = crashsite.load(self.built()).exception
        self.assertEqual((type(error).__name__, type(error.__cause__).__name__), ("ZeroDivisionError", "KeyError"))
        self.assertIs(error.__context__, error.__cause__)
        self.assertIsNone(error.__cause__.__context__)
        self.assertEqual(error.__notes__, ["a note"])
        with self.assertRaises(ZeroDivisionError):
            raise error

    def test_snapshot(self) -> None:
        crash = crashsite.load(self.built(exceptions=[]))
        self.assertIsInstance(crash.exception, Snapshot)
        self.assertEqual(
            [frame.name for frame in traceback.extract_tb(crash.exception.__traceback__)], ["outer", "inner"]
        )

    def test_what_is_missing_is_visible(self) -> None:
        outer = crashsite.load(self.built()).threads[0].frames[1]
        big = outer.f_locals["big"]
        self.assertEqual(big[:5], [-5, -5, "ä\ud800", 2.5, 1 - 2j])
        self.assertEqual(repr(big[5:]), "[<missing: 99995 more were not captured>]")

    def test_limits(self) -> None:
        """What does not fit is read when it is touched, or says by which flag there would be more."""
        path = self.built()
        big = crashsite.load(path, at_start=3).threads[0].frames[1].f_locals["big"]
        self.assertNotIsInstance(big, list)
        self.assertRegex(repr(big), r"^<list of 5, read by \.contents: \[0, …>$")
        self.assertEqual((len(big), big[0], list(big)[2], big.contents[3]), (6, -5, "ä\ud800", 2.5))
        short = crashsite.load(path, max_elements=2).threads[0].frames[1].f_locals["big"]
        self.assertEqual(repr(short), "[-5, -5, <missing: more than 2; --max-elements reads more>]")
        exact = crashsite.load(path, max_elements=5).threads[0].frames[1].f_locals["big"]
        self.assertEqual(repr(exact[5:]), "[<missing: 99995 more were not captured>]")
        crash = crashsite.load(path, max_frames=1)
        self.assertEqual(len(crash.threads[0].frames), 1)
        self.assertIn("--max-frames", crash.problems[-1])

    def test_incomplete(self) -> None:
        """Without its end: the rest of a container is found all the same."""
        path = self.path("incomplete.dump")
        with open(path, "wb") as stream:
            stream.write(build_dump.message(build_dump.parts()[:3], closed=False))
        crash = crashsite.load(path)
        self.assertEqual(crash.threads[0].frames[1].f_locals["big"][3], 2.5)
        self.assertIn("incomplete", " ".join(crash.problems))

    def test_a_long_text(self) -> None:
        """Three megabytes in a local, a name and a message."""
        text = "x\ud800\x1b" * 1_000_000
        summary = build_dump.summary()
        summary["frames"][0].update(
            function=text, file=text, locals=[build_dump.local(text, 1, text), build_dump.local("b", 1, "")]
        )
        summary["exceptions"][0]["message"] = summary["threads"][0]["name"] = text
        heap = hostile_dumps.section([(2, ("builtins", "int"), 1), (6, ("builtins", "str"), text)], {})
        before = time.process_time()
        crash = crashsite.load(hostile_dumps.write(self.path("long.dump"), summary, heap))
        self.assertLess(time.process_time() - before, 3)
        self.assertEqual(crash.threads[0].frames[0].f_locals["b"], text)
        self.assertIn("outer", "".join(traceback.format_tb(crash.exception.__traceback__)))

    def test_20000_frames(self) -> None:
        """Every function another one."""
        summary = build_dump.summary()
        inner, outer = summary["frames"][:2]
        frames = [dict((inner, outer)[at % 2], function="f%d" % at) for at in range(20_000)] + summary["frames"][2:]
        summary["exceptions"][0]["frames"] = summary["threads"][0]["frames"] = list(range(20_000))
        summary["exceptions"][1]["frames"] = summary["threads"][1]["frames"] = [20_000]
        path = self.built(frames=frames, exceptions=summary["exceptions"], threads=summary["threads"])
        before, limit = time.process_time(), sys.getrecursionlimit()
        crash = crashsite.load(path)
        seconds = time.process_time() - before
        self.assertEqual(len(crash.threads[0].frames), 20_000)
        self.assertEqual(crash.threads[0].frames[-1].f_code.co_name, "f19999")
        self.assertEqual(crash.threads[0].frames[9_999].f_locals["text"], "ä\ud800")
        self.assertIsNone(crash.threads[0].frames[-1].f_back)
        self.assertEqual(sys.getrecursionlimit(), limit)
        self.assertLess(seconds, 3)
        self.assertIn("f0", "".join(traceback.format_tb(crash.exception.__traceback__, limit=-3)))

    def test_damaged(self) -> None:
        """A summary that is wrong in any way is refused, or opened: nothing else."""
        refused = 0
        for name in build_dump.summary():
            for wrong in (None, 7, "text", [7], [None], {"a": 7}, [[7]], [{"frames": [7, -1, 0], "locals": [7]}]):
                path = self.built(**{name: wrong})
                with self.subTest(name=name, wrong=wrong):
                    try:
                        crash = crashsite.load(path)
                        [thread.traceback for thread in crash.threads]
                    except CannotOpen as error:
                        refused += 1
                        self.assertEqual(len(str(error).splitlines()), 2)
        self.assertGreater(refused, 10)

    def test_not_a_dump(self) -> None:
        for path in (self.write("a.txt", "text"), self.path("nowhere"), self.dir):
            with mock.patch.dict(os.environ, PATH=self.dir), mock.patch("sysconfig.get_path", return_value=self.dir):
                with self.assertRaises(CannotOpen) as caught:
                    crashsite.load(path)
            self.assertEqual(len(str(caught.exception).splitlines()), 2)


class Hostile(BridgeCase):
    """A dump whose every name, path, source and value would run code if it were touched wrongly."""

    def setUp(self) -> None:
        super().setUp()
        self.dump, self.trace = hostile_dumps.canary(self.dir)
        sys.path.insert(0, self.dir)
        self.addCleanup(sys.path.remove, self.dir)

    def tearDown(self) -> None:
        self.assertFalse(os.path.exists(self.trace), "code of the dump was run")
        self.assertNotIn("evil", sys.modules)

    def walk(self, value: Any, seen: Set[int], texts: List[str], depth: int = 0) -> None:
        if id(value) in seen or depth > 6:
            return
        seen.add(id(value))
        texts += [repr(value), type(value).__name__, type(value).__module__, type(value).__qualname__]
        dir(value)
        for item in list(vars(value).values()) if hasattr(value, "__dict__") else []:
            self.walk(item, seen, texts, depth + 1)
        for name in hostile_dumps.SPECIAL:
            getattr(value, name, None)
        if isinstance(value, dict):
            value = [*value, *value.values()]
        if isinstance(value, (list, tuple, set)):
            for item in value:
                self.walk(item, seen, texts, depth + 1)

    def test_everything_is_looked_at(self) -> None:
        crash = crashsite.load(self.dump)
        error = crash.exception
        texts = traceback.format_exception(type(error), error, error.__traceback__)
        seen: Set[int] = set()
        for thread in crash.threads:
            texts += [thread.name, *traceback.format_tb(thread.traceback)]
            for frame in thread.frames:
                texts += [frame.f_code.co_name, frame.f_code.co_filename, *frame.f_code.co_varnames]
                self.assertTrue(frame.f_code.co_filename.startswith("/crashsite"), frame.f_code.co_filename)
                self.assertNotIn("..", frame.f_code.co_filename)
                for value in dict(frame.f_locals).values():
                    self.walk(value, seen, texts)
        self.assertGreater(len(seen), 20)
        for text in texts:
            self.assertNotRegex(text, "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
        self.assertNotIsInstance(error.__cause__, SystemExit)
        with self.assertRaisesRegex(Exception, "title"):
            raise error.__cause__

    def test_pdb(self) -> None:
        commands = [
            "w",
            "u",
            "l",
            "ll",
            "args",
            "d",
            "threads",
            "thread 2",
            "w",
            "ll",
            "args",
            "u",
            "p locals()",
            "exceptions",
        ]
        commands += ["pp value%d" % number for number in range(15)] + [
            "whatis value2",
            "source value2",
            "display value2",
        ]
        said = io.StringIO()
        with mock.patch("sys.stdout", said), mock.patch("sys.stdin", io.StringIO("\n".join([*commands, "q", ""]))):
            crashsite.post_mortem(self.dump, "pdb")
        self.assertNotRegex(said.getvalue(), "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
        self.assertEqual(said.getvalue().count("(Pdb)"), len(commands) + 1)


class Refusals(BridgeCase):
    """pdb without a program to run."""

    def test_the_dead_do_not_walk(self) -> None:
        path = self.built()
        commands = (
            "step s next n continue c cont until unt return r jump j run restart break b tbreak debug commands".split()
        )
        said = io.StringIO()
        with mock.patch("sys.stdout", said), mock.patch(
            "sys.stdin", io.StringIO("\n".join([*commands, "p n", "q", ""]))
        ):
            crashsite.post_mortem(path)
        self.assertEqual(said.getvalue().count("the program is dead"), len(commands))
        self.assertIn("(Pdb) -5\n", said.getvalue())
        self.assertIs(pdb.Pdb.do_step, pdb.Pdb.do_s)  # pdb itself is as it was

    def test_debuggers_that_are_not_here(self) -> None:
        path = self.built()
        for arguments in (["--debugger", "nothing"], ["--port", "x"], ["--debugger", "pdb", "--port", "7"], []):
            done = self.run_python("-m", "crashsite", "debug", *arguments, *([path] if arguments else []), status=2)
            self.assertEqual(len(done.stderr.splitlines()), 2, done.stderr)


if __name__ == "__main__":
    unittest.main()
