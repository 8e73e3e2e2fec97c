"""`save_dump` and `create_dump`: what goes in, what is left out, and what is said of it."""

import os
import sys
import threading
import unittest
import xml.etree.ElementTree
from typing import Any, List

import crashsite
from crashsite import reader
from programs import PYPY, Case, local


def fail(value: Any) -> None:
    kept = value
    raise ValueError("no good: %r" % (type(kept).__name__,))


class Options(Case):
    def save(self, value: Any = None, **options: Any) -> Any:
        try:
            fail(value)
        except ValueError:
            self.result = crashsite.save_dump(self.path("a.dump"), **options)
        dump = self.load(self.path("a.dump"))
        os.unlink(self.path("a.dump"))
        return dump

    def test_exception_given_three_ways(self) -> None:
        try:
            fail(1)
        except ValueError as error:
            for info in (None, True, error, sys.exc_info()):
                data = crashsite.create_dump(exc_info=info)
                path = self.path("x.dump")
                with open(path, "wb") as stream:
                    stream.write(data)
                answer = self.load(path).bt()
                self.assertEqual(answer["exception"]["message"], "no good: 'int'")
                self.assertEqual(answer["threads"][0]["frames"][0]["function"], "fail")
            answer = self.load_bytes(crashsite.create_dump(exc_info=False)).bt()
            self.assertIsNone(answer["exception"])

    def load_bytes(self, data: bytes) -> Any:
        path = self.path("y.dump")
        with open(path, "wb") as stream:
            stream.write(data)
        return self.load(path)

    def test_no_exception_at_all(self) -> None:
        marker = ["here"]
        answer = self.load_bytes(crashsite.create_dump()).bt()
        self.assertIsNone(answer["exception"])
        thread = answer["threads"][0]
        self.assertTrue(thread["current"])
        self.assertFalse(thread["crashed"])
        self.assertEqual(thread["frames"][0]["function"], "test_no_exception_at_all")
        self.assertEqual(local(thread["frames"][0], "marker")["repr"], repr(marker))

    def test_threads(self) -> None:
        ready, done = threading.Event(), threading.Event()

        def wait(number: int) -> None:
            if number == 2:
                ready.set()
            done.wait()

        workers: List[threading.Thread] = []
        for number in range(3):
            workers.append(threading.Thread(target=wait, args=(number,), name="w%d" % number, daemon=True))
            workers[-1].start()
        ready.wait()
        try:
            everything = self.save(threads=True).bt()["threads"]
            self.assertEqual({thread["name"] for thread in everything}, {"MainThread", "w0", "w1", "w2"})
            self.assertTrue(everything[0]["crashed"] and everything[0]["main"] and everything[0]["current"])
            for which in (workers[1], workers[1].ident, [workers[1]]):
                some = self.save(threads=[which] if isinstance(which, threading.Thread) else which).bt()["threads"]
                self.assertEqual([thread["name"] for thread in some], ["MainThread", "w1"])
            none = self.save(threads=False).bt()["threads"]
            self.assertEqual([thread["name"] for thread in none], ["MainThread"])
        finally:
            done.set()

    def test_headers(self) -> None:
        self.save(headers={"X-Ticket": "4711", "X-Who": "Jürgen\r\nX-Injected: yes"})
        try:
            fail(1)
        except ValueError:
            data = crashsite.create_dump(headers=[("X-Ticket", "4711")])
        self.assertIn(b"\r\nX-Ticket: 4711\r\n", data)
        for bad in ("", "two words", "colon:", "ü", "new\nline"):
            with self.assertRaises(ValueError):
                crashsite.create_dump(headers={bad: "x"})
        import email

        with open(self.path("h.dump"), "wb") as stream:
            stream.write(crashsite.create_dump(headers={"X-Who": "Jürgen\r\nX-Injected: yes"}))
        with open(self.path("h.dump"), "rb") as stream:
            message = email.message_from_binary_file(stream)
        self.assertNotIn("X-Injected", message)
        self.assertEqual(message.get_content_type(), "multipart/related")
        self.assertEqual(message["X-python-heapdump-version"], "3")

    def test_files(self) -> None:
        here = os.path.abspath(__file__)
        threading_file = threading.__file__
        asked: List[str] = []

        def ask(name: str) -> bool:
            asked.append(name)
            return name == here

        def broken(name: str) -> bool:
            raise RuntimeError("no")

        for files, want in (
            (False, False),
            (True, True),
            ("app", True),
            ("all", True),
            ([here], True),
            (ask, True),
            (broken, False),
            ([], False),
        ):
            sources = self.save(files=files).summary["sources"]
            self.assertEqual(here in sources, want, files)
        self.assertIn(here, asked)
        self.assertIn(threading_file, self.save(files="all").summary["sources"])
        app = self.save(files="app").summary["sources"]
        self.assertNotEqual(len(app.get(threading_file, {}).get("pieces", [])), 1)
        with self.assertRaises(ValueError):
            self.save(files="some")
        with open(here, "rb") as stream:
            import hashlib

            self.assertEqual(app[here]["sha256"], hashlib.sha256(stream.read()).hexdigest())

    def test_names(self) -> None:
        old = os.getcwd()
        os.chdir(self.dir)
        try:
            first, second = crashsite.save_dump(), crashsite.save_dump()
            self.assertNotEqual(first.path, second.path)
            self.assertRegex(str(first.path), r"^python_heap_%d_\d+\.dump$" % os.getpid())
            crashsite.save_dump("fixed.dump")
            with self.assertRaises(FileExistsError):
                crashsite.save_dump("fixed.dump")
            self.assertEqual(os.stat("fixed.dump").st_mode & 0o777, 0o600)
            os.symlink("elsewhere", "link.dump")
            with self.assertRaises(OSError):
                crashsite.save_dump("link.dump")
            self.assertFalse(os.path.exists("elsewhere"))
        finally:
            os.chdir(old)

    def test_unknown_limit(self) -> None:
        with self.assertRaisesRegex(ValueError, "max_objects"):
            crashsite.create_dump(limits={"max_things": 1})

    def test_durable(self) -> None:
        crashsite.save_dump(self.path("d.dump"), durable=True)
        self.load(self.path("d.dump"))


class Budgets(Case):
    def dump(self, value: Any, **limits: Any) -> Any:
        path = self.path("b.dump")
        self.result = crashsite.save_dump(path, limits=limits)
        found = self.load(path)
        os.unlink(path)
        self.number = local(found.bt()["threads"][0]["frames"][0], "value")["id"]
        return found

    def children(self, dump: Any, number: int) -> List[int]:
        found = list(dump.object(number).elements)
        for owner, rest in dump.end["rests"]:
            if owner == number:
                found += dump.object(rest).elements
        return found

    def test_large_container_comes_whole_but_last(self) -> None:
        value = list(range(100_000, 150_000))
        dump = self.dump(value, max_seconds=60)
        numbers = self.children(dump, self.number)
        self.assertEqual([dump.object(number).value for number in numbers], value)
        self.assertEqual(len(dump.object(self.number).elements), 1000)
        self.assertEqual(dump.end["cut"], [])

    def test_large_dict(self) -> None:
        value = {number: str(number) for number in range(20_000)}
        dump = self.dump(value, max_seconds=60)
        pairs = list(dump.object(self.number).pairs)
        for owner, rest in dump.end["rests"]:
            if owner == self.number:
                pairs += dump.object(rest).pairs
        self.assertEqual(len(pairs), len(value))
        self.assertEqual(dump.object(pairs[-1][0]).value, 19_999)
        self.assertEqual(dump.object(pairs[-1][1]).value, "19999")

    def test_a_giant_list_does_not_starve_the_rest(self) -> None:
        far = {"cfg": {"db": {"port": 5432}}}
        value = [object() for _ in range(200_000)]
        dump = self.dump([value, far], max_objects=20_000, max_seconds=60)
        self.assertEqual(self.result.cut, 1)
        giant, other = (dump.object(number) for number in dump.object(self.number).elements)
        for _ in range(3):
            other = dump.object(other.pairs[0][1])
        self.assertEqual(other.value, 5432)
        cut = {number: (captured, total) for number, captured, total in dump.end["cut"]}
        self.assertEqual(cut[giant.number][1], 200_000)
        self.assertLess(cut[giant.number][0], 20_000)
        self.assertLessEqual(dump.end["objects_written"], 20_000)
        del far

    def test_objects_and_seconds_and_bytes(self) -> None:
        value = [[number] for number in range(3000)]
        self.assertEqual(self.dump(value, max_objects=1500).end["stopped"], "max_objects")
        self.assertEqual(self.dump(value, max_seconds=0).end["stopped"], "max_seconds")
        self.assertEqual(self.dump(value, max_bytes=1).end["stopped"], "max_bytes")

    def test_text_is_cut_and_says_so(self) -> None:
        value = "ä" * 100_000
        dump = self.dump(value)
        found = local(dump.bt()["threads"][0]["frames"][0], "value")
        self.assertEqual((found["status"], found["full_length"]), ("cut", 100_000))
        record = dump.object(self.number)
        self.assertEqual(record.value, "ä" * 65_536)
        self.assertIn((1, 100_000), record.flags)
        data = bytearray(100_000)
        dump = self.dump(data)
        self.assertIn((1, 100_000), dump.object(self.number).flags)
        number = 7**400_000
        dump = self.dump(number)
        self.assertIn((1, number.bit_length()), dump.object(self.number).flags)

    def test_deep_structures_do_not_recurse(self) -> None:
        value: Any = None
        for _ in range(200_000):
            value = [value]
        dump = self.dump(value, max_seconds=60)
        depth, number = 0, self.number
        while True:
            found = dump.object(number)
            if not found.elements:
                break
            number = found.elements[0]
            depth += 1
        self.assertEqual(depth, 200_000)
        while value is not None:  # Python's own deallocation of deep structures need not be tested here
            value = value[0]

    @unittest.skipIf(PYPY, "there, TreeBuilder is written in Python, and every list is filled")
    def test_a_list_that_is_not_filled(self) -> None:
        # In C, TreeBuilder keeps a list of twenty places for the elements that are open.
        builder = xml.etree.ElementTree.TreeBuilder()
        for name in ("orders", "order", "line"):
            builder.start(name, {})
        dump = self.dump(builder)
        held = [dump.object(number).type.name for number in self.children(dump, self.number)]
        self.assertIn("Element", held)

    def test_very_deep_stack(self) -> None:
        def down(level: int) -> None:
            if level:
                down(level - 1)
            else:
                crashsite.save_dump(self.path("deep.dump"), limits={"max_frames": 50})

        down(300)
        answer = self.load(self.path("deep.dump"))
        self.assertEqual(len(answer.bt()["threads"][0]["frames"]), 50)
        self.assertTrue(any("max_frames" in problem for problem in answer.summary["problems"]))


class Chains(Case):
    def answer(self, error: BaseException) -> Any:
        path = self.path("c.dump")
        crashsite.save_dump(path, exc_info=error)
        found = self.load(path).bt()
        os.unlink(path)
        return found["exception"]

    def test_cause_context_notes(self) -> None:
        try:
            try:
                try:
                    {}["missing"]
                except KeyError as low:
                    inner_local = 1
                    raise OSError(2, "No such file", "/etc/x") from low
            except OSError:
                del inner_local
                raise TypeError(["not text"]) from None
        except TypeError as error:
            error.__dict__["__notes__"] = ["first", "second"]
            found = self.answer(error)
        self.assertEqual(
            (found["type"], found["message"], found["suppress_context"]), ("TypeError", "['not text']", True)
        )
        self.assertEqual(found["notes"], ["first", "second"])
        self.assertIsNone(found["cause"])
        middle = found["context"]
        self.assertEqual((middle["type"], middle["message"]), ("FileNotFoundError", "[Errno 2] No such file: '/etc/x'"))
        self.assertEqual(middle["cause"]["message"], "'missing'")
        self.assertEqual(middle["frames"][0]["function"], "test_cause_context_notes")

    def test_cycle_and_length(self) -> None:
        first, second = ValueError("a"), ValueError("b")
        first.__context__, second.__context__ = second, first
        found = self.answer(first)
        self.assertEqual(found["context"]["context"], {"seen": True})
        last: BaseException = ValueError("end")
        for number in range(5000):
            error = ValueError(number)
            error.__context__, last = last, error
        path = self.path("long.dump")
        crashsite.save_dump(path, exc_info=last)
        dump = reader.load(path)
        self.assertEqual(len(dump.summary["exceptions"]), 1000)
        self.assertTrue(any("left out" in problem for problem in dump.summary["problems"]))

    @unittest.skipUnless(sys.version_info >= (3, 11), "exception groups came with 3.11")
    def test_group(self) -> None:
        group: Any = getattr(__builtins__, "ExceptionGroup", None) or __builtins__["ExceptionGroup"]  # type: ignore[index]
        try:
            raise group("both", [ValueError(1), group("inner", [KeyError("k")])])
        except Exception as error:
            found = self.answer(error)
        self.assertEqual(found["message"], "both (2 sub-exceptions)")
        self.assertEqual([member["type"] for member in found["group"]], ["ValueError", "ExceptionGroup"])
        self.assertEqual(found["group"][1]["group"][0]["message"], "'k'")

    @unittest.skipUnless(sys.version_info >= (3, 11), "columns came with 3.11")
    def test_columns(self) -> None:
        try:
            größe = {"a": None}
            größe["a"].missing  # noqa: B018
        except AttributeError as error:
            path = self.path("col.dump")
            crashsite.save_dump(path, exc_info=error)
        frame = self.load(path).bt()["threads"][0]["frames"][0]
        with open(__file__, encoding="utf-8") as stream:
            line = stream.read().split("\n")[frame["line"] - 1]
        # PyPy's compiler gives an attribute the place of its name.
        want = "missing" if PYPY else 'größe["a"].missing'
        self.assertEqual(line[frame["column"] - 1 : frame["end_column"] - 1], want)


if __name__ == "__main__":
    unittest.main()
