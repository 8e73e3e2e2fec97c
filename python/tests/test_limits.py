"""The same crash is dumped a few times, a folder holds so many dumps, and what the user excludes is not in them."""

import email.parser
import json
import os
import re
import subprocess
import sys
import time
import unittest
from typing import Any, Dict, List, Optional

from programs import PYPY, ROOT, Case, local

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

import crashsite
from crashsite import _settings, _sites

PROGRAM = """
import crashsite, sys
crashsite.dump_on_unhandled_exceptions(%s)
def fail(kind):
    raise kind("no")
def first(): fail(ValueError)
%s
"""


def site(path: str) -> str:
    """What a dump says of its site."""
    with open(path, "rb") as stream:
        return str(email.parser.BytesHeaderParser().parse(stream)["X-Crashsite-Site"])


class Limits(Case):
    def crash(self, rest: str = "first()", options: str = "", env: Optional[Dict[str, str]] = None) -> List[str]:
        """What Crashsite says of one more crash."""
        done = self.run_python(self.write("prog.py", PROGRAM % (options, rest)), env=env, status=1)
        self.assertIn("Error", done.stderr)
        return [line for line in done.stderr.splitlines() if line.startswith("crashsite:")]

    def counts(self, folder: str = "") -> Dict[str, List[str]]:
        """The lines of the file by what they are about, without the times."""
        with open(os.path.join(self.path(folder), _sites.FILE), encoding="utf-8") as stream:
            lines = [line.rstrip("\n").split(" ", 6) for line in stream if not line.startswith("#")]
        return {fields[6]: fields[3:6] for fields in lines}


class Sites(Limits):
    def test_the_first_ones_are_dumped(self) -> None:
        said = [self.crash() for _ in range(5)]
        self.assertEqual([len(lines) for lines in said], [1] * 5)
        self.assertEqual(len(self.dumps()), 3)
        for line in said[2]:
            self.assertIn("crashsite: heap dump in ", line)
        place = re.escape("ValueError in fail (%s:5)" % self.path("prog.py"))
        self.assertRegex(
            said[4][0],
            "^crashsite: no further heap dump of %s: 5 crashes since ....-..-.. ..:.. UTC, 3 dumped in %s "
            r"\(dumps_per_site=3\)$" % (place, re.escape(self.dir)),
        )
        name = "ValueError in fail (%s:5)" % self.path("prog.py")
        self.assertEqual(self.counts(), {name: ["3", "5", "2"]})
        headers = [site(path) for path in self.dumps()]
        ident = headers[0].split(";")[0]
        self.assertEqual(sorted(headers), ["%s; dump %d of 3" % (ident, number) for number in (1, 2, 3)])

    def test_other_sites_have_their_own_dumps(self) -> None:
        option = "dumps_per_site=1"
        for rest in ("first()", "fail(KeyError)", "1/0", "0; 1/0", "0\n1/0", "first()"):
            self.crash(rest, option)
        kinds = sorted(self.load(path).bt()["exception"]["type"] for path in self.dumps())
        self.assertEqual(kinds, ["KeyError", "ValueError", "ZeroDivisionError", "ZeroDivisionError"])

    def test_where_it_came_from_counts(self) -> None:
        """A framework that wraps everything, a library that is blamed, a file that is made anew each time."""
        option = "dumps_per_site=1"
        wrap = "def wrap(what):\n    try: what()\n    except Exception as error: raise RuntimeError('wrapped')%s\n"
        for how in ("", " from error"):
            for what in ("first", "lambda: [].pop()", "first"):
                self.crash(wrap % how + "wrap(%s)" % what, option)
        self.assertEqual(len(self.dumps()), 2)
        self.crash(wrap % " from None" + "wrap(first)", option)
        self.crash(wrap % " from None" + "wrap(lambda: [].pop())", option)
        self.assertEqual(len(self.dumps()), 3)
        for number in (17, 18):
            self.crash("import json\njson.loads('{')\n", option)
            self.crash("exec(compile('1/0', '/x/job-%d/run-1a%db.py', 'exec'))" % (number, number), option)
        self.assertEqual(len(self.dumps()), 5)
        self.assertTrue(
            any("JSONDecodeError in <module> (%s:" % self.path("prog.py") in name for name in self.counts())
        )

    @unittest.skipUnless(sys.version_info >= (3, 11), "exception groups are of Python 3.11")
    def test_groups(self) -> None:
        group = (
            "def member(kind):\n    try: fail(kind)\n    except Exception as error: return error\n"
            "raise ExceptionGroup('several', [member(%s)])"
        )
        for kind in ("KeyError", "OSError", "KeyError"):
            self.crash(group % kind, "dumps_per_site=1")
        self.assertEqual(len(self.dumps()), 2)

    def test_recursion(self) -> None:
        down = "def down(n):\n    return down(n + 1)\ndown(0)\n"
        for _ in range(2):
            self.assertEqual(len(self.crash(down, "dumps_per_site=1")), 1)
        self.assertEqual(len(self.dumps()), 1)
        self.assertEqual(list(self.counts().values()), [["1", "2", "1"]])

    def test_one_process(self) -> None:
        """Decorator and block in one that goes on; what is saved on purpose is never limited."""
        script = self.write(
            "prog.py",
            "import crashsite\n"
            "@crashsite.dump_on_unhandled_exceptions(dump_dir='there', dumps_per_site=2)\n"
            "def outer(n):\n"
            "    with crashsite.dump_on_unhandled_exceptions(dump_dir='there', dumps_per_site=2): inner(n)\n"
            "def inner(n): raise ValueError(n)\n"
            "for n in range(10):\n"
            "    try: outer(n)\n"
            "    except ValueError: crashsite.save_dump('own-%d.dump' % n); crashsite.create_dump()\n",
        )
        os.mkdir(self.path("there"))
        done = self.run_python(script, status=0)
        self.assertEqual(len(done.stderr.splitlines()), 10)
        self.assertEqual((len(self.dumps("there")), len(self.dumps())), (2, 10))
        self.assertEqual(list(self.counts("there").values()), [["2", "10", "8"]])

    def test_after_the_window(self) -> None:
        for _ in range(3):
            self.crash(options="dumps_per_site=1")
        path = self.path(_sites.FILE)
        with open(path, encoding="utf-8") as stream:
            text = stream.read()
        ahead = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 100_000))
        for since in ("2026-01-01T00:00:00Z", ahead):  # a day has passed; the clock went backwards
            self.write(_sites.FILE, re.sub("(?m)^([0-9a-f]{8}) [^ ]+", r"\1 " + since, text))
            for dump in self.dumps():
                os.unlink(dump)
            said = self.crash(options="dumps_per_site=1") + self.crash(options="dumps_per_site=1")
            self.assertIn("no further", said[1])
            header = site(*self.dumps())
            self.assertRegex(header, "; dump 1 of 1; 2 crashes since the last one were only counted$")

    def test_a_file_that_is_no_good(self) -> None:
        """Of somebody else's making: the crash is dumped, and counted in the process at least."""
        path = self.path(_sites.FILE)
        good = "12345678 2026-01-01T00:00:00Z 2026-01-01T00:00:00Z 1 2 3 kept\n"
        for bad in (
            b"\0" * 100_000, b"\xff\xfe\n" * 1000, b"12345678 \n" * 9999, b"x" * 3_000_000,
            b"12345678 2026-99-01T00:00:00Z 2026-01-01T00:00:00Z 1 2 3 x\n" + good.encode(),
            good.replace("1 2 3", "1 -2 3").encode() + good.replace("1 2 3", "9" * 5000 + " 2 3").encode() + good.encode(),
        ):  # fmt: skip
            with open(path, "wb") as stream:
                stream.write(bad)
            self.assertIn("heap dump in", self.crash(options="dumps_per_site=1")[0])
            self.assertIn("no further", self.crash(options="dumps_per_site=1")[0])
            self.assertEqual("kept" in self.counts(), b"kept" in bad)
        self.assertEqual(len(self.dumps()), 6)
        self.write("target", "kept as it is")
        makers = [
            lambda: os.symlink("target", path),
            lambda: os.link(self.path("target"), path),
            lambda: os.mkfifo(path),
            lambda: os.mkdir(path),
        ]
        for make in makers:
            (os.rmdir if os.path.isdir(path) else os.unlink)(path)
            make()
            self.assertIn("heap dump in", self.crash(options="dumps_per_site=1")[0])
        with open(self.path("target"), encoding="utf-8") as stream:
            self.assertEqual(stream.read(), "kept as it is")

    @unittest.skipIf(fcntl is None, "nothing locks files here")
    def test_somebody_holds_the_file(self) -> None:
        """Forever: counting goes on in the process."""
        self.crash()
        with open(self.path(_sites.FILE), "r+b") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            loop = (
                "for n in range(5):\n    with crashsite.dump_on_unhandled_exceptions(reraise=False): first()\nfirst()"
            )
            said = self.crash(loop)
        self.assertEqual([("heap dump in" in line) for line in said], [True] * 3 + [False] * 3)
        self.assertEqual(list(self.counts().values()), [["1", "1", "0"]])

    def test_many_processes_at_once(self) -> None:
        script = self.write("prog.py", PROGRAM % ("", "sys.stdin.read()\nfirst()"))
        environment = dict(os.environ, PYTHONPATH=ROOT)
        pipe = subprocess.PIPE
        running = [
            subprocess.Popen([sys.executable, script], cwd=self.dir, env=environment, stdin=pipe, stderr=pipe)
            for _ in range(12)
        ]
        for process in running:
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
        said = [process.communicate(timeout=120)[1].decode() for process in running]
        self.assertEqual([process.returncode for process in running], [1] * 12)
        self.assertEqual(sum(text.count("crashsite: ") for text in said), 12)
        # One that cannot have the file in a tenth of a second counts alone; on an idle machine there are exactly three.
        self.assertLessEqual(len(self.dumps()), 6)
        self.assertGreaterEqual(len(self.dumps()), 3)

    def test_fork(self) -> None:
        """A child goes on with the counts, and holds nothing of the parent's."""
        rest = (
            "import os\n"
            "guard = crashsite.dump_on_unhandled_exceptions(reraise=False, dumps_per_site=3)\n"
            "for n in range(4):\n"
            "    child = os.fork()\n"
            "    with guard: first()\n"
            "    if not child: os._exit(0)\n"
            "    os.waitpid(child, 0)\n"
            "first()\n"
        )
        self.crash(rest)
        self.assertEqual(len(self.dumps()), 3)
        self.assertEqual(list(self.counts().values()), [["3", "9", "6"]])


class Folder(Limits):
    def test_number(self) -> None:
        """The oldest go, the second of a site before the first of another."""
        foreign = ["python_heap_1_0.dump", "notes.dump", "python_heap_x.txt"]
        for name in foreign:
            self.write(name, "mine")
        self.crash("1/0")
        self.crash("1/0")
        first = sorted(set(self.dumps()) - set(map(self.path, foreign)))
        headers = {path: site(path) for path in first}
        second = next(path for path, header in headers.items() if "; dump 2" in header)
        os.symlink(first[0], self.path("python_heap_1_1.dump"))
        for path, age in ((first[0], 900), (first[1], 800), (self.path(foreign[0]), 1000)):
            os.utime(path, (time.time() - age, time.time() - age))
        said = self.crash("first()", "dir_max_dumps=2")
        self.assertRegex(said[1], r"^crashsite: 1 older dumps \(\d+ kB\) removed from \S+ \(dir_max_dumps=2\)$")
        self.assertEqual([os.path.exists(path) for path in first], [path != second for path in first])
        said = self.crash("{}[0]", "dir_max_dumps=2")
        self.assertIn("1 older dumps", said[1])
        self.assertFalse(any(map(os.path.exists, first)))
        for name in foreign:
            self.assertTrue(os.path.exists(self.path(name)), name)
        self.assertTrue(os.path.islink(self.path("python_heap_1_1.dump")))

    def test_bytes(self) -> None:
        for rest in ("first()", "1/0", "{}[0]", "[][1]"):
            said = self.crash(rest, "dir_max_bytes=20_000")
            self.assertLessEqual(sum(map(os.path.getsize, self.dumps())), 20_000)
            self.assertIn("heap dump in", said[0])
        self.assertRegex(said[1], r"removed from \S+ \(dir_max_bytes=20000\)$")
        self.crash("(1)()", "dir_max_bytes=1")
        self.assertEqual(self.only_dump().bt()["exception"]["type"], "TypeError")

    def test_a_dump_that_is_being_written_stays(self) -> None:
        self.crash("1/0")
        (path,) = self.dumps()
        os.truncate(path, os.path.getsize(path) - 10)
        self.crash("first()", "dir_max_dumps=1")
        self.assertTrue(os.path.exists(path))
        os.utime(path, (time.time() - 1000, time.time() - 1000))
        self.crash("{}[0]", "dir_max_dumps=1")
        self.assertFalse(os.path.exists(path))

    @unittest.skipUnless(hasattr(os, "statvfs"), "what is free is not known here")
    def test_free(self) -> None:
        """A disk that says it is nearly full. (What it says is replaced: a test has no disk to fill.)"""
        self.crash("1/0")
        full = (
            "import os\n"
            "class Full: f_frsize, f_blocks, f_bavail = 1, 10**9, %d\n"
            "os.statvfs = lambda path: Full\n"
            "first()"
        )
        (line,) = self.crash(full % 5_000_000)
        self.assertRegex(
            line, r"^crashsite: no heap dump: NoRoom: 4 MB free for \S+, less than dir_min_free=104857600$"
        )
        self.assertEqual(len(self.dumps()), 1, "nothing is removed in vain")
        self.assertEqual(len(self.crash(full % 5_000_000, "dir_min_free=4_000_000")), 1)
        self.assertEqual(len(self.dumps()), 2)


class Exclude(Limits):
    def save(self, **options: Any) -> Any:
        path = self.path("x.dump")
        if os.path.exists(path):
            os.unlink(path)
        crashsite.save_dump(path, exc_info=False, files=False, **options)
        return self.load(path)

    def test_exceptions(self) -> None:
        for names, dumped in (
            (["ValueError"], False), (["builtins.ValueError"], False), (["Exception"], False), (["Value*"], False),
            (["builtins.*"], False), (["KeyError", "asyncio.CancelledError", "other.ValueError", "Value"], True),
        ):  # fmt: skip
            said = self.crash(options="exclude_exceptions=%r" % (names,))
            self.assertEqual(bool(said), dumped, names)
        self.assertEqual(self.crash(env={"CRASHSITE_EXCLUDE_EXCEPTIONS": "KeyError, ValueError"}), [])
        raises = "import json as other\nclass OwnError(other.JSONDecodeError): pass\nraise OwnError('x', 'y', 0)"
        self.assertEqual(
            self.crash(raises, "exclude_exceptions=['json.JSONDecodeError']"), [], "by the name it is given"
        )

    def test_types(self) -> None:
        class Card:
            def __init__(self) -> None:
                self.number = "hidden value " + "one"

        class Gold(Card):
            pass

        class Kept:
            pass

        kept = Kept()
        kept.card, kept.text = Gold(), "a value that stays"  # type: ignore[attr-defined]
        card, numbers = Card(), {"seventy": 70.5}
        name = "%s.Exclude.*.Card" % __name__
        for options in (
            {"exclude_types": [name]},
            {"exclude_types": ["Card"]},
            {"exclude_types": ["Card"], "redact": "off"},
        ):
            dump = self.save(**options)
            frame = dump.bt()["threads"][0]["frames"][1]
            shown = "<excluded %s.Exclude.test_types.<locals>.Card>" % __name__
            self.assertEqual((local(frame, "card")["repr"], local(frame, "card")["status"]), (shown, "redacted"))
            if not PYPY:  # which knows no sizes
                self.assertGreater(local(frame, "card")["size"], 0)
            attributes = dict(dump.object(local(frame, "kept")["id"]).attributes)
            gold = dump.object(attributes["card"])
            self.assertEqual((gold.type.name, gold.note, gold.attributes), ("Gold", shown.replace("Card", "Gold"), ()))
            self.assertEqual(dump.object(attributes["text"]).value, "a value that stays")
            self.assertEqual(dump.end["redacted"]["exclude_types"], 2)
            values = [one.value for one in map(dump.object, range(dump.end["objects_written"]))]
            self.assertEqual(("a value that stays" in values, "hidden value one" in values), (True, False))
        frame = self.save(exclude_types=["dict", "Kept"]).bt()["threads"][0]["frames"][1]
        self.assertEqual(local(frame, "numbers")["repr"], "<excluded dict>")
        del card, numbers

    def test_modules(self) -> None:
        self.write(
            "vault/inner.py",
            "KEY = 'module value'\n"
            "class Box:\n    shared = 'class value'\n    def __init__(self): self.inside = 'object value'\n"
            "def maker(part='default value'):\n    held = 'closure value'\n    return lambda: held\n"
            "def steps():\n    step = 'generator value'\n    yield\n"
            "def call(back):\n    here = 'local value'\n    return back()\n",
        )
        self.write("vault/__init__.py", "")
        rest = (
            "from vault import inner\n"
            "def back():\n    mine = 'a value that stays'\n    raise inner.Box and KeyError('x')\n"
            "box, function, moving, maker = inner.Box(), inner.maker(), inner.steps(), inner.maker\n"
            "next(moving)\n"
            "error = type('Own', (Exception,), {'__module__': 'vault.inner'})('exception value')\n"
            "inner.call(back)\n"
        )
        hidden = "module class object default closure generator local exception".split()
        for pattern, excluded in (
            ("vault", True),
            ("vault.inner", True),
            ("vault.*", True),
            ("vaul", False),
            ("inner", False),
        ):
            for dump in self.dumps():
                os.unlink(dump)
            self.crash(rest, "files=False, dumps_per_site=0", env={"CRASHSITE_EXCLUDE_MODULES": pattern})
            dump = self.only_dump()
            whole = json.dumps(dump.bt()) + repr(
                [(one.value, one.note) for one in map(dump.object, range(dump.end["objects_written"]))]
            )
            found = [name for name in hidden if name + " value" in whole]
            self.assertEqual(found, [] if excluded else hidden, pattern)
            self.assertIn("a value that stays", whole)
            self.assertEqual("exclude_modules" in dump.end["redacted"], excluded)
            frame = dump.summary["frames"][1]
            self.assertEqual(
                (frame["function"], frame.get("locals_note")),
                ("call", "left out by exclude_modules" if excluded else None),
            )


class Options(unittest.TestCase):
    def test_wrong_ones(self) -> None:
        for options, wanted in (
            ({"dumps_per_site": -1}, "dumps_per_site=-1: want a whole number from 0"),
            ({"dumps_per_site": True}, "dumps_per_site=True: want a whole number from 0"),
            ({"site_seconds": "day"}, "site_seconds='day': want seconds, a number from 0"),
            ({"site_seconds": float("nan")}, "site_seconds=nan: want seconds"),
            ({"dir_max_dumps": 1.5}, "dir_max_dumps=1.5: want a whole number from 0"),
            ({"exclude_types": "Card"}, "exclude_types='Card': want a list of texts"),
            ({"exclude_modules": [""]}, "exclude_modules: '': want texts that are not empty"),
        ):
            with self.assertRaises(ValueError) as caught:
                crashsite.Settings(**options)  # type: ignore
            self.assertIn(wanted, str(caught.exception))

    def test_all_are_documented(self) -> None:
        """docs/privacy.md has each, with its variable, and no other; so has help(Settings)."""
        names = set(crashsite.Settings.__slots__) - {"enabled", "refusal"}
        with open(os.path.join(os.path.dirname(ROOT), "docs", "privacy.md"), encoding="utf-8") as stream:
            rows = re.findall(r"(?m)^\| `(\w+)` \| (?:`(\w+)`[^|]*)?\|", stream.read())
        self.assertEqual(sorted(name for name, _ in rows), sorted(names))
        variables = dict(rows)
        self.assertEqual(variables.pop("limits"), "CRASHSITE_MAX_OBJECTS")
        self.assertEqual({name: variable for name, variable in variables.items() if variable}, _settings._VARIABLES)
        for name in names:
            self.assertRegex(crashsite.Settings.__doc__ or "", r"(?m)^ *%s\s" % name)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
