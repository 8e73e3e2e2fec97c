"""Classes that fight back: the dump is whole, and none of their code ran."""

import os
import subprocess
import sys
import threading
import time
import unittest

import crashsite
from programs import Case, local

HERE = os.path.dirname(os.path.abspath(__file__))
CPYTHON = sys.implementation.name == "cpython"


@unittest.skipUnless(CPYTHON, "PyPy's builtin methods call what a subclass overrides; said in docs/pythons.md")
class Hostile(Case):
    def attack(self, mode: str, *more: str) -> None:
        path = self.path("hostile-%s.dump" % mode)
        if os.path.exists(path):
            os.unlink(path)
        done = subprocess.run(
            [sys.executable, os.path.join(HERE, "hostile_program.py"), mode, path, *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=60,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(done.stdout.strip(), "sprung 0 [] stopped None")
        dump = self.load(path)
        answer = dump.bt()
        self.assertTrue(answer["dump"]["complete"])
        self.assertEqual(answer["exception"]["type"], "HostileException")
        self.assertEqual(answer["exception"]["cause"]["type"], "OwnError")
        frame = answer["threads"][0]["frames"][0]
        self.assertEqual(frame["function"], "capture")
        values = dump.object(local(frame, "values")["id"])
        by_name = {dump.object(key).value: dump.object(value) for key, value in values.pairs}
        self.assertEqual(by_name["slots"].attributes, [("one", by_name["slots"].attributes[0][1])])
        self.assertEqual(dump.object(by_name["slots"].attributes[0][1]).value, "slot value")
        self.assertEqual(dump.object(dict(by_name["class_property"].attributes)["kept"]).value, "kept")
        self.assertEqual(by_name["class_property"].type.name, "ClassIsAProperty")
        self.assertEqual(dump.object(dict(by_name["inherited"].attributes)["kept"]).value, "kept")
        self.assertEqual(by_name["meta"].type.name, "MetaInstance")
        self.assertEqual(by_name["meta_list"].type.name, "MetaList")
        self.assertEqual([dump.object(number).value for number in by_name["meta_list"].elements], [1, 2])
        self.assertEqual(by_name["text_name"].value, "some text")
        self.assertEqual(len(by_name["keyed"].pairs), 2)
        if sys.version_info < (3, 11):
            self.assertIn("hidden", dict(by_name["dict_property"].attributes))

    def test_raise(self) -> None:
        self.attack("raise")
        self.attack("raise", "no-dict")

    def test_loop(self) -> None:
        self.attack("loop")

    def test_allocate(self) -> None:
        self.attack("allocate")

    def test_exit(self) -> None:
        self.attack("exit", "no-dict")


class Busy(unittest.TestCase):
    @unittest.skipUnless(CPYTHON, "the interpreter's switch interval is CPython's")
    def test_four_busy_threads(self) -> None:
        """At most five times the work of an idle process, by the median; the switch interval is as it was.

        Of the process, that is, with what the others do meanwhile: one at a time has the interpreter, so the clock shows
        the same where the machine does nothing else.
        """
        heap = [{"id": number, "name": "n%d" % number, "tags": [number, number + 0.5]} for number in range(60_000)]
        limits = {"max_seconds": 600, "max_objects": 10_000_000}
        interval = sys.getswitchinterval()

        def capture() -> float:
            start = time.process_time()
            crashsite.create_dump(limits=limits, files=False)
            return time.process_time() - start

        def capture_among(count: int) -> float:
            stop = threading.Event()

            def spin() -> None:
                turns = 0
                while not stop.is_set():
                    turns += 1

            threads = [threading.Thread(target=spin) for _ in range(count)]
            for thread in threads:
                thread.start()
            try:
                return capture()
            finally:
                stop.set()
                for thread in threads:
                    thread.join()

        rounds = [(capture_among(0), capture_among(4)) for _ in range(5)]
        self.assertEqual(sys.getswitchinterval(), interval)
        ratios = sorted(busy / idle for idle, busy in rounds)
        self.assertLessEqual(ratios[2], 5, "idle and busy, in seconds: %r" % rounds)
        self.assertEqual(len(heap), 60_000)


if __name__ == "__main__":
    unittest.main()
