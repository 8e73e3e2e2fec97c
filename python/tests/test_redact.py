"""`crashsite redact` takes out of a dump what the capture would not have put in: the two sides know the same rules, and here they
are asked the same.

The binary is that of the environment variable CRASHSITE_BINARY, which `cargo xtask test` sets.
"""

import itertools
import json
import os
import re
import subprocess
import sys
import types
import unittest
from typing import Any, Dict, List
from unittest import mock

import crashsite
from crashsite._redact import STRONG, is_distinctive
from programs import ROOT, Case, local
from test_privacy import BY_FORM, BY_NAME, NAMES, WORDS, Maker, Planting, everything, innocent

BINARY = os.environ.get("CRASHSITE_BINARY", "")
LONG = bool(os.environ.get("CRASHSITE_LONG"))
CAPTURED = os.path.join(os.path.dirname(ROOT), "tests", "fixtures", "captured", "pyheapdump-2.7")
MARKER = re.compile(r"<redacted [0-9a-f]{8}>")

#: what stands between a name and its value, and around both
WRITTEN = (
    "%s=%s", "%s: %s", "%s = '%s'", '"%s": "%s"', "'%s': '%s', 'next': 5", "--%s %s", "run --%s=%s now", "%s => %s", "%s:=%s", "<%s>%s</x>",
    "('%s', '%s')", "f(%s=%r, b=2)", "%s: str = '%s'", "x=1&%s=%s&y=2", "%s%%3D%s", 'set %s "%s"', "{\\\"%s\\\": \\\"%s\\\"}", "%s %s",
    "Cookie: %s=%s", "`%s` `%s`", "%s: ['%s', 'other']", "the %s is: %s", "%s=%s, user=bob", "[%s] = %s;", "%s:%s", "b'%s', b'%s'",
    "%s=\n%s", "%s: \"%s", "'%s', '%s')", "%s = b'''%s'''", "%s\t=\t%s", "-%s=%s", "x.%s = %s.", "my %s: %s!", "%s: (%s)", "%s=<%s>",
)  # fmt: skip


def redacted(path: str, out: str, *options: str) -> Dict[str, Any]:
    """What the command answers."""
    done = subprocess.run(
        [BINARY, "redact", path, out, "--json", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120
    )
    if done.returncode:
        raise AssertionError(done.stderr.decode("utf-8"))
    answer: Dict[str, Any] = json.loads(done.stdout.decode("utf-8"))
    return answer


def texts(m: Maker) -> List[str]:
    """Texts with secrets, and with what only looks like one."""
    found = innocent(m)[::5]
    for make_pair in BY_FORM.values():
        for _ in range(4):
            text, _secret = make_pair(m)
            found += [
                text,
                "seen " + text + ", and closed",
                "x" + text + "y",
                "«" + text + "»",
                "\udc80" + text,
                text + "\n" + text,
            ]
    for kind, make_one in BY_NAME.items():
        for name, form in zip(itertools.cycle(NAMES), WRITTEN):
            found.append(form % (name, make_one(m)))
        found += [make_one(m), kind]
    for form in WRITTEN:
        for name in (
            "token_count",
            "author",
            "pin",
            "auth",
            "card number",
            "DB_PWD",
            "tokenizer",
            "PWD",
            "Größe-password",
            "пароль",
        ):
            found.append(
                form % (name, m.random.choice([m.random.choice(WORDS), m.pick("123456789", 6), m.url_safe(9), "***"]))
            )
    # Pieces of all kinds, one after the other.
    pieces = ["password", "token", "api_key", "=", ": ", '"', "'", ", ", "(", ")", "[", "]", "\\", "://", "user", "@host", "Bearer ", "\n",
              "--", "4111 1111 1111 1111", "eyJhbGciOi", ".", "sk-", "-----BEGIN RSA PRIVATE KEY-----", "ä", "<", ">", "&", "%3D", " ",
              "Xk9-v2Qp", "hunter22", "0123456789", "realm=", "file", "/", "{", "}", ";", "b'", "Cookie"]  # fmt: skip
    for _ in range(1500):
        found.append("".join(m.random.choice(pieces) for _ in range(m.random.randrange(2, 12))))
    return list(dict.fromkeys(found))


def same_marks(text: str) -> str:
    """A text whose marks are numbered, as their keys differ."""
    marks: Dict[str, str] = {}
    return MARKER.sub(lambda match: marks.setdefault(match.group(), "<%d>" % len(marks)), text)


@unittest.skipUnless(BINARY, "CRASHSITE_BINARY names no binary")
class TheSame(Case):
    """The same texts, given to both sides."""

    def test_texts(self) -> None:
        for seed in range(800, 820 if LONG else 801):
            with self.subTest(seed=seed):
                self.compare(texts(Maker(seed)))

    def compare(self, wanted: List[str]) -> None:
        for name in self.dumps():
            os.unlink(name)
        as_bytes = [text.encode("utf-8", "surrogatepass") for text in wanted[::7]]
        flat: List[Any] = [*wanted, *as_bytes]
        # Not one after the other in a list: there, what follows an option is its value.
        remarks = [dict(enumerate(flat[start : start + 500])) for start in range(0, len(flat), 500)]
        # As code, whatever it is: a module's file is not compiled for that.
        module = types.ModuleType("remarks")
        lines = [
            line % repr(text)
            for text, line in zip(wanted[::9], itertools.cycle(["%s", "secret = %s", "f(%s, key=2)", "# %s"]))
        ]
        module.__file__ = self.write("remarks.py", "\n".join(lines + wanted[::9]).replace("\udc80", "?"))
        sys.modules["remarks"] = module
        self.addCleanup(sys.modules.pop, "remarks", None)
        try:
            raise ValueError(5)
        except ValueError:
            crashsite.save_dump(
                self.path("a.dump"), redact="off", threads=False, files=[module.__file__], limits={"max_seconds": 60}
            )
        redacted(self.path("a.dump"), self.path("b.dump"))
        before, after = self.load(self.path("a.dump")), self.load(self.path("b.dump"))
        number = local(before.bt()["threads"][0]["frames"][0], "remarks")["id"]
        numbers = [item for part in before.object(number).elements for _, item in before.object(part).pairs]
        self.assertEqual((len(numbers), len(remarks)), (len(flat), (len(flat) + 499) // 500))

        redactor = crashsite.Settings().redactor()
        patched = mock.patch("crashsite._needles._MOST", 1_000_000)
        patched.start()
        self.addCleanup(patched.stop)
        there = [before.object(item).value for item in range(before.end["objects_written"])]
        for value in there:
            text = value.decode("latin-1") if type(value) is bytes else value
            if type(text) is str and len(text) <= 4096:
                for span in redactor.rules.spans(text, text.encode("utf-8", "surrogatepass")):
                    if is_distinctive(text[span.start : span.end], STRONG):
                        redactor.needles.add(text[span.start : span.end])
        wrong = []
        for item, value in zip(numbers, flat):
            found = after.object(item).value
            given, got = (value.decode("latin-1"), found.decode("latin-1")) if type(value) is bytes else (value, found)
            expected = redactor.text(given)
            if same_marks(expected) != same_marks(got):
                wrong.append((given, expected, got))
        self.assertEqual(wrong[:10], [], len(wrong))
        old, new = (dump.summary["sources"][module.__file__]["pieces"] for dump in (before, after))
        self.assertEqual([redactor.source(text).split("\n") for _, text in old], [text.split("\n") for _, text in new])
        self.assertNotEqual(old, new)
        touched = [value for item, value in zip(numbers, flat) if after.object(item).value != value]
        self.assertGreater(len(touched), len(flat) // 20)


@unittest.skipUnless(BINARY, "CRASHSITE_BINARY names no binary")
class Afterwards(Planting):
    """A dump with all secrets in it, redacted later."""

    def test_secrets_are_gone_and_the_innocent_stay(self) -> None:
        path, out = self.plant("off"), self.path("later.dump")
        self.assertGreater(len(self.left(everything(path))), len(self.secrets) * 0.97)
        answer = redacted(path, out)
        data = everything(out)
        left = self.left(data)
        self.assertLessEqual(len(left), len(self.secrets) // 1000, left[:40])
        touched = sorted(set(self.innocent) - set(self.kept(data)))
        self.assertLessEqual(len(touched), len(self.innocent) // 100, touched[:40])
        dump, before = self.load(out), self.load(path)
        self.assertEqual(dump.summary["redaction"]["mode"], "on")
        self.assertEqual(dump.end["redacted"], answer["redacted"])
        self.assertGreater(sum(dump.end["redacted"].values()), 1000)
        self.assertLessEqual(set(dump.end["redacted"]), set(dump.summary["redaction"]["rules"]))
        name = self.path("lib/planted_constants.py")
        old, new = before.summary["sources"][name], dump.summary["sources"][name]
        self.assertEqual((old["sha256"], old["lines"]), (new["sha256"], new["lines"]))
        lines = [[(len(line), len(line.encode())) for line in one["pieces"][0][1].split("\n")] for one in (old, new)]
        self.assertEqual(lines[0], lines[1])
        # The crash is still the same one.
        for field in ("type", "message", "cause", "context"):
            self.assertEqual(dump.bt()["exception"].get(field) is None, before.bt()["exception"].get(field) is None)
        stacks = [[(f["function"], f["line"]) for f in one.bt()["threads"][0]["frames"]] for one in (before, dump)]
        self.assertEqual(stacks[0], stacks[1])
        self.assertEqual(subprocess.run([BINARY, "bt", out], stdout=subprocess.DEVNULL).returncode, 0)

    def test_as_if_it_had_been_captured_so(self) -> None:
        """Whatever the capture hides by itself is hidden afterwards, too, and hardly anything else."""
        path, out = self.plant("off"), self.path("later.dump")
        redacted(path, out)
        later = everything(out)
        captured = everything(self.plant("on"))
        self.assertLessEqual(len(self.left(later)), max(len(self.left(captured)), len(self.secrets) // 1000))
        spared = set(self.kept(captured)) - set(self.kept(later))
        self.assertLessEqual(len(spared), len(self.innocent) // 200, sorted(spared)[:20])

    def test_shape_only(self) -> None:
        path, out = self.plant("off"), self.path("later.dump")
        redacted(path, out, "--shape-only")
        data = everything(out)
        self.assertEqual(self.left(data), [])
        self.assertEqual(self.kept(data)[:10], [])
        dump = self.load(out)
        self.assertEqual((dump.summary["sources"], dump.summary["redaction"]["mode"]), ({}, "shape-only"))
        frame = dump.bt()["threads"][0]["frames"][0]
        self.assertEqual((frame["function"], dump.bt()["exception"]["message"]), ("fail", "<redacted>"))
        self.assertGreater(len(dump.object(local(frame, "remarks")["id"]).elements), 900)


@unittest.skipUnless(BINARY, "CRASHSITE_BINARY names no binary")
class Answers(Case):
    """A small program."""

    PROGRAM = (
        "import sys, crashsite\n"
        "def settle(customer_number, password):\n"
        "    note = 'Noor pays with ' + password\n"
        "    raise ValueError('cannot settle ' + customer_number, note)\n"
        "try:\n"
        "    settle('C-778-99', 'tulip-99-bulb')\n"
        "except ValueError as error:\n"
        "    crashsite.save_dump('a.dump', redact=sys.argv[1], headers={'X-Note': 'tulip-99-bulb'})\n"
    )

    def save(self, redact: str = "off") -> str:
        self.run_python(self.write("prog.py", self.PROGRAM), redact, status=0)
        return self.path("a.dump")

    def values(self, path: str) -> Dict[str, str]:
        frame = self.load(path).bt()["threads"][0]["frames"][0]
        return {value["name"]: value["repr"] for value in frame["locals"]}

    def test_markers(self) -> None:
        path = self.save()
        markers = []
        for name in ("b.dump", "c.dump"):
            redacted(path, self.path(name))
            found = self.values(self.path(name))
            self.assertRegex(found["password"], "^'<redacted [0-9a-f]{8}>'$")
            marker = found["password"][1:-1]
            self.assertEqual(found["note"], "'Noor pays with %s'" % marker)
            self.assertEqual(found["customer_number"], "'C-778-99'")
            dump = self.load(self.path(name))
            self.assertIn("Noor pays with " + marker, dump.bt()["exception"]["message"])
            head = everything(self.path(name)).split(b"\r\n\r\n")[0].decode()
            self.assertIn("X-Note: " + marker, head)
            self.assertIn("X-Crashsite-Redaction: on; ", head)
            markers.append(marker)
        self.assertNotEqual(markers[0], markers[1])

    def test_rules_of_the_user(self) -> None:
        path, out = self.save(), self.path("b.dump")
        options = ["--name", "customerNumber", "--pattern", "No+r", "--allow", "password"]
        answer = redacted(path, out, *options)
        found = self.values(out)
        self.assertRegex(found["customer_number"], "^'<redacted ")
        self.assertEqual(found["password"], "'tulip-99-bulb'")
        self.assertRegex(found["note"], "^'<redacted [0-9a-f]{8}> pays with tulip-99-bulb'$")
        self.assertEqual(set(answer["redacted"]), {"name", "known value", "pattern 1"})

    def test_what_is_redacted_stays_so(self) -> None:
        path, out = self.save("on"), self.path("b.dump")
        answer = redacted(path, out)
        self.assertEqual(self.values(out), self.values(path))
        self.assertEqual(answer["redacted"], self.load(path).end["redacted"])

    def failed(self, *arguments: str) -> str:
        done = subprocess.run([BINARY, "redact", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        lines = done.stderr.decode("utf-8")
        self.assertEqual((done.returncode, done.stdout, lines.count("\n")), (1, b"", 2), lines)
        return lines

    def test_files_that_are_there_are_safe(self) -> None:
        path, other = self.save(), self.write("other", "precious")
        self.assertIn("itself", self.failed(path, path, "--force"))
        self.assertIn("--force", self.failed(path, other))
        self.assertIn("is no regular expression", self.failed(path, self.path("new"), "--pattern", "a(?=b)"))
        self.assertIn("everywhere", self.failed(path, self.path("new"), "--pattern", "x*"))
        with open(other) as stream:
            self.assertEqual(stream.read(), "precious")
        self.assertEqual(sorted(os.listdir(self.dir)), ["a.dump", "other", "prog.py"])
        redacted(path, other, "--force")
        self.load(other)

    def test_a_limit_says_so(self) -> None:
        path, out = self.save(), self.path("b.dump")
        redacted(path, out, "--max-known", "0")
        problems = self.load(out).summary["problems"]
        self.assertIn("--max-known", "\n".join(problems))
        self.assertRegex(self.values(out)["password"], "^'<redacted ")

    def test_version_2(self) -> None:
        for name in ("simple", "zoo", "binary", "threads-only", "oldstyle-exc"):
            path, out = os.path.join(CAPTURED, name + ".dump"), self.path(name)
            with self.subTest(name=name):
                redacted(path, out, "--name", "customer", "--pattern", "[Ll]ukas|[Aa]nna")
                answers = [
                    json.loads(subprocess.check_output([BINARY, "bt", one, "--all", "--json"])) for one in (path, out)
                ]
                stacks = [[[f["function"] for f in t["frames"]] for t in answer["threads"]] for answer in answers]
                self.assertEqual(stacks[0], stacks[1])
                types = [(answer["exception"] or {}).get("type") for answer in answers]
                self.assertEqual(types[0], types[1])


@unittest.skipUnless(BINARY, "CRASHSITE_BINARY names no binary")
@unittest.skipUnless(sys.version_info >= (3, 14), "template strings are of Python 3.14")
class TemplateStrings(Case):
    """The expression of a value is the name that it had, also where nothing else has it any more."""

    PROGRAM = """\
import sys
import crashsite
def make():
    password, count = "".join(["hun", "ter", "22x"]), 3
    settings = {"api_key": "".join(["zeb", "ra1", "23q"])}
    greeting = "".join(["good ", "morning"])
    return t"{greeting}, {password!r} of {settings["api_key"]:>10} and {count}"
template = make()
crashsite.save_dump(sys.argv[1], exc_info=False, redact=sys.argv[2])
"""

    def shown(self, path: str) -> List[Any]:
        """What stands in the template, and the texts around it."""
        dump = self.load(path)
        template = dump.object(local(dump.bt()["threads"][0]["frames"][0], "template")["id"])
        parts = {name: dump.object(number) for name, number in template.attributes}
        values = [dict(dump.object(number).attributes) for number in parts["interpolations"].elements]
        texts = [dump.object(number).value for number in parts["strings"].elements]
        return [texts, *(dump.object(value["value"]).value for value in values)]

    def test_template_strings(self) -> None:
        script = self.write("prog.py", self.PROGRAM)
        for mode in ("on", "off"):
            self.run_python(script, self.path(mode + ".dump"), mode, status=0)
        redacted(self.path("off.dump"), self.path("later.dump"))
        around = ["", ", ", " of ", " and ", ""]
        self.assertEqual(self.shown(self.path("off.dump")), [around, "good morning", "hunter22x", "zebra123q", 3])
        for name in ("on.dump", "later.dump"):
            texts, greeting, password, key, count = self.shown(self.path(name))
            self.assertEqual((texts, greeting, count), (around, "good morning", 3))
            self.assertRegex(password, MARKER)
            self.assertRegex(key, MARKER)
            self.assertNotEqual(password, key)


if __name__ == "__main__":
    unittest.main()
