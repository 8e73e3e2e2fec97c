"""A program's own descriptions of its classes: what they show, and that none of them harms a capture or the program."""

import json
import os
import unittest
from typing import Any, Dict

import crashsite
import crashsite.reader
from programs import Case, local

PROGRAM = """
import json, sys, threading, time
import crashsite
import crashsite.reader

class Money:
    def __init__(self, amount):
        self.amount = amount

class Dear(Money):
    pass

class Job:
    def __init__(self):
        self.number = 7

class Told:
    pass

class Raising:
    pass

class Ending:
    pass

class Odd:
    pass

class Keyed:
    pass

class Long:
    pass

class Looping:
    pass

class Locked:
    pass

class Nested:
    pass

lock = threading.Lock()
lock.acquire()

def loop(value):
    while True:
        pass

def raising(value):
    raise ValueError("no")

def nested(value):
    return str(crashsite.save_dump(sys.argv[1] + ".nested").path)

crashsite.describe(Money, lambda money: "%d EUR" % money.amount)
crashsite.describe(Job, lambda job: {{"steps": [job.number, Money(5)], "password": "hunter2-xyzzy-42", "number": "seven"}})
crashsite.describe(Told, lambda told: "the key is hunter2-xyzzy-42")
crashsite.describe(Raising, raising)
crashsite.describe(Ending, lambda value: sys.exit(3))
crashsite.describe(Odd, lambda value: 5)
crashsite.describe(Keyed, lambda value: {{1: 2}})
crashsite.describe(Long, lambda value: "x" * 100000)
crashsite.describe(Looping, loop)
crashsite.describe(Locked, lambda value: lock.acquire())
crashsite.describe(Nested, nested)

def fail():
    job, money, dear, told = Job(), Money(3), Dear(4), Told()
    raised, ending, odd, keyed, long = Raising(), Ending(), Odd(), Keyed(), Long()
    many = [Money(number) for number in range(3)]
    {last}
    return 1 / 0

before = sys.getswitchinterval(), threading.active_count(), sys.gettrace()
start = time.perf_counter()
try:
    fail()
except ZeroDivisionError:
    crashsite.save_dump(sys.argv[1], redact=sys.argv[2])
seconds = time.perf_counter() - start
assert (sys.getswitchinterval(), threading.active_count(), sys.gettrace()) == before
limit = time.perf_counter() + 10
while {spinning} and time.perf_counter() < limit:
    time.sleep(0.01)
used = time.process_time()
time.sleep(0.2)
print(json.dumps([seconds, time.process_time() - used]))
"""

TELLING = "any(frame.f_code is loop.__code__ for frame in sys._current_frames().values())"


class Describe(Case):
    def captured(self, last: str = "pass", redact: str = "on") -> Any:
        script = self.write("program.py", PROGRAM.format(last=last, spinning=TELLING))
        done = self.run_python(script, self.path("a.dump"), redact, status=0)
        self.assertEqual(done.stderr, "")
        self.times = json.loads(done.stdout)
        dump = crashsite.reader.load(self.path("a.dump"), check_opcodes=True)
        self.dump = dump
        self.assertEqual(dump.problems, [])
        frames = dump.bt()["threads"][0]["frames"]
        return next(frame for frame in frames if frame["function"] == "fail")

    def previews(self, frame: Dict[str, Any]) -> Dict[str, str]:
        return {value["name"]: value["repr"] for value in frame["locals"]}

    def test_shown(self) -> None:
        frame = self.captured()
        shown = self.previews(frame)
        self.assertEqual((shown["money"], shown["dear"]), ("3 EUR", "4 EUR"))
        self.assertEqual(shown["many"], "[0 EUR, 1 EUR, 2 EUR]")
        self.assertRegex(shown["job"], r"^<Job steps=\[7, 5 EUR\] password='<redacted \w+>' number='seven'>$")
        self.assertRegex(shown["told"], r"^the key is <redacted \w+>$")
        self.assertEqual(shown["long"], "x" * 200 + "…")
        # The parts stand beside what the object holds, and before it.
        self.assertEqual(local(frame, "job")["children_count"], 3)
        self.assertEqual(local(frame, "money")["children_count"], 1)
        records = b"".join(self.dump.object(number).record() for number in range(self.dump.end["objects_written"]))
        self.assertIn(b"steps", records)
        self.assertNotIn(b"hunter2", records)

    def test_failing(self) -> None:
        shown = self.previews(self.captured())
        for name, cls in (("raised", "Raising"), ("ending", "Ending"), ("odd", "Odd"), ("keyed", "Keyed")):
            self.assertEqual(shown[name], "<%s>" % cls)
        problems = " ".join(self.dump.end["problems"])
        self.assertIn("Raising is not described: it raised ValueError", problems)
        self.assertIn("Ending is not described: it raised SystemExit", problems)
        self.assertIn("Odd is not described: neither a str nor a dict", problems)

    def test_hanging(self) -> None:
        for last, name, cls in (("bad = Looping()", "bad", "Looping"), ("bad = Locked()", "bad", "Locked")):
            shown = self.previews(self.captured(last))
            self.assertEqual(shown[name], "<%s>" % cls)
            self.assertIn("%s took longer than" % cls, " ".join(self.dump.end["problems"]))
            # It was waited for in the crash's own thread for a tenth of a second; nothing runs on.
            self.assertLess(self.times[0], 5)
            self.assertLess(self.times[1], 0.1)
            os.unlink(self.path("a.dump"))

    def test_nested(self) -> None:
        self.captured("bad = Nested()")
        self.assertIn("Nested took longer than", " ".join(self.dump.end["problems"]))

    def test_shape_only(self) -> None:
        shown = self.previews(self.captured(redact="shape-only"))
        self.assertNotIn("EUR", str(shown))
        self.assertNotIn("seven", str(shown))

    def test_validation(self) -> None:
        for cls in (int, dict, list, object, str, Exception, type, type(None)):
            with self.assertRaises(ValueError):
                crashsite.describe(cls, str)
        with self.assertRaises(TypeError):
            crashsite.describe(5, str)  # type: ignore[arg-type]
        with self.assertRaises(TypeError):
            crashsite.describe(Describe, "text")  # type: ignore[arg-type]
        crashsite.describe(Describe, str)
        crashsite.describe(Describe, None)


if __name__ == "__main__":
    unittest.main()
