"""No secret travels: what is planted in a program is not in its dump, and what only looks like a secret is."""

import base64
import hashlib
import json
import os
import random
import re
import string
import sys
import time
import unittest
import urllib.parse
import uuid
import zlib
from typing import Any, Callable, Dict, Iterable, List, Optional, Set, Tuple

import crashsite
from programs import Case, local

HERE = os.path.dirname(os.path.abspath(__file__))
ALNUM = string.ascii_letters + string.digits
WORDS = (
    "copper lantern window harbor meadow violin saddle pepper anchor blanket cactus dolphin engine feather garden helmet island "
    "jacket kitten ladder magnet napkin orchid pencil quartz ribbon sailor tunnel umbrella velvet walnut yellow zipper"
).split()

#: names as they are met, in every style
NAMES = (
    "password passwd db_password userPassword DB_PASSWORD smtp_pass secret client_secret clientSecret api_key apiKey X-Api-Key "
    "apikey access_token accessToken refresh_token auth_token authToken session_id sessionid private_key secret_key SECRET_KEY "
    "signing_key encryption_key aws_secret_access_key authorization Authorization cookie credentials passphrase csrf_token "
    "webhook_secret new_password password2 bearer_token jwt_secret"
).split()  # fmt: skip


class Maker:
    """Values, by a fixed seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, alphabet: str, size: int) -> str:
        return "".join(self.random.choice(alphabet) for _ in range(size))

    def raw(self, size: int) -> bytes:
        return bytes(self.random.getrandbits(8) for _ in range(size))

    def url_safe(self, size: int) -> str:
        return base64.urlsafe_b64encode(self.raw(size)).decode().rstrip("=")

    def card(self, start: str, size: int) -> str:
        digits = start + self.pick(string.digits, size - len(start) - 1)
        for last in string.digits:
            total = 0
            for place, digit in enumerate(reversed(digits + last)):
                number = int(digit) * (1 + place % 2)
                total += number - 9 * (number > 9)
            if total % 10 == 0:
                return digits + last
        raise AssertionError

    def pem(self) -> Tuple[str, str]:
        body = base64.b64encode(self.raw(300)).decode()
        lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
        return "-----BEGIN RSA PRIVATE KEY-----\n%s\n-----END RSA PRIVATE KEY-----" % lines, lines.split("\n")[2]

    def jwt(self) -> str:
        def part(data: Dict[str, Any]) -> str:
            return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

        return ".".join([part({"alg": "HS256", "typ": "JWT"}), part({"sub": self.pick(ALNUM, 8)}), self.url_safe(32)])


#: kinds that are secret under a name only: how one is made
BY_NAME: Dict[str, Callable[[Maker], str]] = {
    "hexadecimal": lambda m: m.raw(16).hex(),
    "uuid": lambda m: str(uuid.UUID(bytes=m.raw(16))),
    "word and digits": lambda m: m.random.choice(WORDS) + m.pick(string.digits, 5),
    "passphrase": lambda m: " ".join(m.random.choice(WORDS) for _ in range(5)),
    "letters": lambda m: m.pick(string.ascii_lowercase, 14),
    "signs": lambda m: m.pick(ALNUM, 6) + m.pick("!$%&/()=?*+#@", 3) + m.pick(ALNUM, 4),
    "not ASCII": lambda m: "Größe" + m.pick(ALNUM + "äöüß", 10) + "é7",
    "quotes": lambda m: m.pick(ALNUM, 7) + "'" + m.pick(ALNUM, 5) + '"' + m.pick(ALNUM, 2),
    "digits": lambda m: m.pick("123456789", 12),
    "short": lambda m: m.pick(string.ascii_letters, 5) + m.pick(string.digits, 2),
    "base64": lambda m: base64.b64encode(m.raw(24)).decode(),
    "dotted": lambda m: m.pick(ALNUM, 8) + "." + m.pick(ALNUM, 8),
}

#: kinds that are secret anywhere: (what is planted, what must not be found)
BY_FORM: Dict[str, Callable[[Maker], Tuple[str, str]]] = {
    "JWT": lambda m: _same(m.jwt()),
    "AWS": lambda m: _same("AKIA" + m.pick(string.ascii_uppercase + "234567", 16)),
    "GitHub": lambda m: _same("ghp_" + m.pick(ALNUM, 36)),
    "GitHub, fine": lambda m: _same("github_pat_" + m.pick(ALNUM, 22) + "_" + m.pick(ALNUM, 59)),
    "GitLab": lambda m: _same("glpat-" + m.pick(ALNUM + "_-", 20)),
    "Slack": lambda m: _same("xoxb-%s-%s-%s" % (m.pick("123456789", 12), m.pick("123456789", 12), m.pick(ALNUM, 24))),
    "Slack hook": lambda m: _after("https://hooks.slack.com/services/T%s/B%s/" % (m.pick(ALNUM, 9), m.pick(ALNUM, 9)), m.pick(ALNUM, 24)),
    "Stripe": lambda m: _same("sk_live_" + m.pick(ALNUM, 24)),
    "OpenAI": lambda m: _same("sk-proj-" + m.pick(ALNUM, 48)),
    "Anthropic": lambda m: _same("sk-ant-api03-" + m.pick(ALNUM + "_-", 93) + "AA"),
    "npm": lambda m: _same("npm_" + m.pick(ALNUM, 36)),
    "PyPI": lambda m: _same("pypi-AgEIcHlwaS5vcmc" + m.pick(ALNUM + "_-", 80)),
    "Google": lambda m: _same("AIza" + m.pick(ALNUM + "_-", 35)),
    "SendGrid": lambda m: _same("SG.%s.%s" % (m.pick(ALNUM + "_-", 22), m.pick(ALNUM + "_-", 43))),
    "Hugging Face": lambda m: _same("hf_" + m.pick(string.ascii_letters, 34)),
    "Twilio": lambda m: _same("SK" + m.raw(16).hex()),
    "Telegram": lambda m: _same(m.pick("123456789", 9) + ":AA" + m.pick(ALNUM + "_-", 33)),
    "Shopify": lambda m: _same("shpat_" + m.raw(16).hex()),
    "DigitalOcean": lambda m: _same("dop_v1_" + m.raw(32).hex()),
    "Vault": lambda m: _same("hvs." + m.pick(ALNUM + "_-", 90)),
    "Azure": lambda m: _after("DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=", base64.b64encode(m.raw(64)).decode()),
    "address": lambda m: _between("postgresql://shop:", m.pick(ALNUM, 12), "@db.internal:5432/shop"),
    "address, no user": lambda m: _between("redis://:", m.pick(ALNUM, 12), "@cache:6379/0"),
    "Basic": lambda m: _after("Basic ", base64.b64encode(b"bob:" + m.raw(9)).decode()),
    "Bearer": lambda m: _after("Bearer ", m.pick(ALNUM, 20) + m.pick(string.digits, 4)),
    "connection string": lambda m: _between("Server=db;User Id=shop;Password=", m.pick(ALNUM, 12), ";Encrypt=yes"),
    "query": lambda m: _between("https://example.org/cb?state=5&access_token=", m.pick(ALNUM, 14), "&x=1"),
    "command line": lambda m: _between("mysqldump --password=", m.pick(ALNUM, 12), " shop"),
    "form": lambda m: _between("user=bob&password=", m.pick(ALNUM, 12), "&remember=1"),
    "cookie": lambda m: _after("Cookie: theme=dark; sid=", m.pick(ALNUM, 18)),
    "card": lambda m: _same(m.card(m.random.choice(["4", "51", "55", "2345"]), 16)),
    "card in groups": lambda m: _same(" ".join(re.findall("....", m.card("4", 16)))),
    "Amex": lambda m: _same(m.card("37", 15)),
    "PEM": lambda m: m.pem(),
    "token": lambda m: _same(m.url_safe(32)),
    "long token": lambda m: _same(base64.b64encode(m.raw(48)).decode()),
}  # fmt: skip


def _same(text: str) -> Tuple[str, str]:
    return text, text


def _after(before: str, secret: str) -> Tuple[str, str]:
    return before + secret, secret


def _between(before: str, secret: str, after: str) -> Tuple[str, str]:
    return before + secret + after, secret


def innocent(m: Maker) -> List[str]:
    """What looks like a secret to a careless rule."""
    makers: List[Callable[[], str]] = [
        lambda: str(uuid.UUID(bytes=m.raw(16))),
        lambda: m.raw(20).hex(),
        lambda: m.raw(32).hex(),
        lambda: m.raw(16).hex().upper(),
        lambda: "sha256:" + m.raw(32).hex(),
        lambda: "sha512-" + base64.b64encode(m.raw(64)).decode(),
        lambda: "978-3-%s-%s-%s" % (m.pick(string.digits, 5), m.pick(string.digits, 3), m.pick(string.digits, 1)),
        lambda: "978" + m.pick(string.digits, 10),
        lambda: m.pick("123456789", m.random.randrange(9, 21)),
        lambda: "%d.%06d" % (m.random.randrange(10**9, 2 * 10**9), m.random.randrange(10**6)),
        lambda: " ".join(m.random.choice(WORDS) for _ in range(6)),
        lambda: "_".join(m.random.choice(WORDS) for _ in range(5)),
        lambda: "".join(m.random.choice(WORDS).title() for _ in range(4)) + m.pick(string.digits, 1),
        lambda: "-".join(m.random.choice(WORDS) for _ in range(4)) + "-%d" % m.random.randrange(10**6),
        lambda: "/srv/%s/%s-%d/%s.txt" % (m.random.choice(WORDS), m.random.choice(WORDS), m.random.randrange(99), m.random.choice(WORDS)),
        lambda: "https://example.org/%s/%s?page=%d&sort=name" % (m.random.choice(WORDS), uuid.UUID(bytes=m.raw(16)), m.random.randrange(9)),
        lambda: "2026-%02d-%02dT%02d:30:00.%06dZ" % (m.random.randrange(1, 12), m.random.randrange(1, 28), m.random.randrange(24), m.random.randrange(10**6)),
        lambda: "%s.%s@example.org" % (m.random.choice(WORDS), m.random.choice(WORDS)),
        lambda: "the %s token_count is %d; the monkey and its author keep the secretary" % (m.random.choice(WORDS), m.random.randrange(99)),
        lambda: "password_reset_%s_url_name" % m.random.choice(WORDS) + m.pick(string.digits, 3),
        lambda: "tokenizer %s: unexpected token: %s" % (m.pick(string.digits, 4), m.random.choice(WORDS)),
        lambda: "http://localhost:%d/%s" % (m.random.randrange(1024, 65535), m.random.choice(WORDS)),
        lambda: "192.168.%d.%d:%d" % (m.random.randrange(256), m.random.randrange(256), m.random.randrange(65536)),
        lambda: "%s==%d.%d.%d" % (m.random.choice(WORDS), m.random.randrange(9), m.random.randrange(99), m.random.randrange(99)),
        lambda: "x86_64-linux-gnu-%s-%d" % (m.random.choice(WORDS), m.random.randrange(10**5)),
    ]  # fmt: skip
    return [makers[number % len(makers)]() + "" for number in range(5000)]


def everything(path: str) -> bytes:
    """The file with all of its parts decompressed."""
    with open(path, "rb") as stream:
        data = stream.read()
    out = [data]
    for match in re.finditer(rb"Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n", data):
        out.append(zlib.decompress(data[match.end() : match.end() + int(match.group(1))], 31))
    return b"\n".join(out)


def forms(secret: str) -> List[bytes]:
    """A secret as it might be hidden from a plain search."""
    data = secret.encode()
    found = [
        data,
        data.hex().encode(),
        data.hex().upper().encode(),
        secret.encode("utf-16-le"),
        secret.encode("utf-16-be"),
    ]
    for lead in range(3):
        encoded = base64.b64encode(b"\0" * lead + data + b"\0" * (-(lead + len(data)) % 3))
        found.append(encoded[4 * (lead > 0) : -4] if len(encoded) > 12 else encoded)
    found.append(urllib.parse.quote(secret, safe="").encode())
    return list(dict.fromkeys(found))


def _encoded(secret: str) -> List[str]:
    """A secret as programs encode it, alone and within more."""
    data = secret.encode()
    around = [data, b"bob:" + data, b"a" + data + b"yz", b"ab" + data + b"z"]
    out = [base64.b64encode(one).decode() for one in around] + [
        base64.urlsafe_b64encode(one).decode() for one in around
    ]
    out += [one.hex() for one in around] + [data.hex().upper(), "x=%s&y=1" % urllib.parse.quote(secret, safe="")]
    return out + [secret.encode("utf-16-be").decode("latin-1"), "<" + secret + ">"]


def present(data: bytes, wanted: Iterable[bytes]) -> Set[bytes]:
    """Which of many byte strings, of six bytes at least, are in the data: one pass for all."""
    by_start: Dict[bytes, List[bytes]] = {}
    for one in wanted:
        by_start.setdefault(one[:6], []).append(one)
    found: Set[bytes] = set()
    for at in range(len(data)):
        if data[at : at + 6] in by_start:
            found.update(one for one in by_start[data[at : at + 6]] if data.startswith(one, at))
    return found


class Planting(Case):
    """One program with all of it."""

    def plant(self, redact: str) -> str:
        import privacy_places

        m = Maker(4711)
        planted: List[Tuple[bool, str, str, str]] = []
        self.secrets: List[Tuple[str, str, str]] = []
        for place in privacy_places.NAMED:
            for kind, make_one in BY_NAME.items():
                for _ in range(2):
                    value, name = make_one(m), m.random.choice(NAMES)
                    planted.append((True, place, name, value))
                    self.secrets.append((kind, place + " under " + name, value))
        for place in privacy_places.ANYWHERE:
            for kind, make_pair in BY_FORM.items():
                text, secret = make_pair(m)
                planted.append((False, place, "", text))
                self.secrets.append((kind, place, secret))
        m.random.shuffle(planted)
        constants = []
        lines = ["# A file with what should not be in one.", "def fail(any):"]
        for kind, make_one in BY_NAME.items():
            value = make_one(m)
            constants.append((kind, "source", value))
            lines.append("    %s = %r" % (m.random.choice(["password", "api_key", "SECRET_KEY"]), value))
        for kind, make_pair in BY_FORM.items():
            text, secret = make_pair(m)
            constants.append((kind, "source", secret))
            lines.append("    text = %r  # größer" % text)
        lines += ["    raise ValueError(any)", ""]
        self.write("lib/planted_constants.py", "\n".join(lines))
        more = {kind: make_one(m) for kind, make_one in list(BY_NAME.items())[:3]}
        known = m.pick(ALNUM, 16)
        spoken = m.jwt()
        data = {
            "planted": planted,
            "innocent": innocent(m),
            "message": "started with password=" + more["hexadecimal"],
            "headers": {"X-Api-Key": more["uuid"], "X-Note": "seen " + spoken},
            "known": {"value": known, "forms": _encoded(known)},
            "thread": more["word and digits"],
            "path": self.path("lib"),
        }
        self.innocent = data["innocent"]
        self.secrets += constants + [(kind, "program", value) for kind, value in more.items()]
        self.secrets += [("known", "encoded", known), ("JWT", "header", spoken)]
        environment, argument = m.pick(ALNUM, 14), m.pick(ALNUM, 14)
        self.secrets += [("environment", "environ", environment), ("argument", "argv", argument)]
        with open(self.path("data.json"), "w", encoding="utf-8") as stream:
            json.dump(data, stream)
        out = self.path("planted-%s.dump" % redact)
        self.run_python(
            os.path.join(HERE, "privacy_program.py"), self.path("data.json"), out, redact, "--db-password", argument,
            env={"SHOP_SECRET_KEY": environment, "ANY": "about " + environment}, status=0,
        )  # fmt: skip
        return out

    def left(self, data: bytes) -> List[Tuple[str, str, str]]:
        shown = present(data, {form for _, _, secret in self.secrets for form in forms(secret)})
        return [item for item in self.secrets if not shown.isdisjoint(forms(item[2]))]

    def kept(self, data: bytes) -> List[str]:
        """Which of the innocent are there."""
        shown = present(data, {text.encode() for text in self.innocent})
        return [text for text in self.innocent if text.encode() in shown]


class Planted(Planting):
    """Several tests look at its dump."""

    def test_secrets_are_gone_and_the_innocent_stay(self) -> None:
        path = self.plant("on")
        data = everything(path)
        self.assertGreaterEqual(len(self.secrets), 1000)
        self.assertGreaterEqual(len({kind for kind, _, _ in self.secrets}), 20)
        left = self.left(data)
        self.assertLessEqual(len(left), len(self.secrets) // 1000, left[:40])
        touched = sorted(set(self.innocent) - set(self.kept(data)))
        self.assertLessEqual(len(touched), len(self.innocent) // 100, touched[:40])
        dump = self.load(path)
        self.assertEqual(dump.summary["redaction"]["mode"], "on")
        self.assertGreater(sum(dump.end["redacted"].values()), 1000)
        self.assertLessEqual(set(dump.end["redacted"]), set(dump.summary["redaction"]["rules"]))
        source = dump.summary["sources"][self.path("lib/planted_constants.py")]
        with open(self.path("lib/planted_constants.py"), "rb") as stream:
            raw = stream.read()
        self.assertEqual(source["sha256"], hashlib.sha256(raw).hexdigest())
        (_, text), lines = source["pieces"][0], raw.decode().split("\n")
        self.assertEqual([len(line) for line in text.split("\n")], [len(line) for line in lines])
        self.assertEqual([len(line.encode()) for line in text.split("\n")], [len(line.encode()) for line in lines])
        self.assertIn("# größer", text)

    def test_without_redaction_they_are_there(self) -> None:
        """Else the test above would look for what was never planted."""
        data = everything(self.plant("off"))
        there = self.left(data)
        self.assertGreater(len(there), len(self.secrets) * 0.97)

    def test_shape_only(self) -> None:
        path = self.plant("shape-only")
        data = everything(path)
        self.assertEqual(self.left(data), [])
        self.assertEqual(self.kept(data)[:10], [])
        dump = self.load(path)
        self.assertEqual(dump.summary["sources"], {})
        frame = dump.bt()["threads"][0]["frames"][0]
        self.assertEqual((frame["function"], dump.bt()["exception"]["message"]), ("fail", "<redacted>"))
        remarks = dump.object(local(frame, "remarks")["id"])
        self.assertEqual(remarks.type.name, "list")
        self.assertGreater(len(remarks.elements), 900)


class Markers(Case):
    def save(self, **options: Any) -> Any:
        path = self.path("m.dump")
        try:
            self.program()
        except ValueError:
            crashsite.save_dump(path, **options)
        dump = self.load(path)
        os.unlink(path)
        return dump

    def program(self) -> None:
        first = {"api_key": "zebra-4711-crossing", "name": "Noor"}
        second = {"token": "zebra-4711-crossing", "other_token": "9q8w7e6r5t"}
        pin = {"card_pin_code": 998877}
        order_number = "A-778-99"
        raise ValueError("%s with %s" % (order_number, second["token"]), *[first, pin][:0])

    def values(self, dump: Any, name: str) -> Dict[str, Any]:
        found = dump.object(local(dump.bt()["threads"][0]["frames"][0], name)["id"])
        return {dump.object(key).value: dump.object(value) for key, value in found.pairs}

    def test_equal_secrets_have_equal_markers_in_one_dump(self) -> None:
        dumps = [self.save(), self.save()]
        markers = []
        for dump in dumps:
            first, second = self.values(dump, "first"), self.values(dump, "second")
            self.assertEqual(first["name"].value, "Noor")
            marker = first["api_key"].value
            self.assertRegex(marker, r"^<redacted [0-9a-f]{8}>$")
            self.assertEqual(second["token"].value, marker)
            self.assertNotEqual(second["other_token"].value, marker)
            self.assertEqual(dump.bt()["exception"]["message"], "A-778-99 with " + marker)
            self.assertEqual([flag for flag, _ in first["api_key"].flags], [3])
            markers.append(marker)
        self.assertNotEqual(markers[0], markers[1])

    def test_a_number_becomes_a_word(self) -> None:
        pin = self.values(self.save(), "pin")["card_pin_code"]
        self.assertRegex(pin.note, r"^<redacted [0-9a-f]{8}>$")
        self.assertEqual(pin.type.name, "int")

    def test_rules_of_the_user(self) -> None:
        dump = self.save(
            redact_names=["order_number"], redact_patterns={"customer": "No+r"}, redact_allow=["api_key", "otherToken"]
        )
        self.assertEqual(local(dump.bt()["threads"][0]["frames"][0], "order_number")["status"], "redacted")
        self.assertRegex(self.values(dump, "first")["name"].value, "^<redacted ")
        self.assertEqual(self.values(dump, "second")["other_token"].value, "9q8w7e6r5t")
        self.assertIn("customer", dump.end["redacted"])

    def test_off(self) -> None:
        dump = self.save(redact="off")
        self.assertEqual(self.values(dump, "first")["api_key"].value, "zebra-4711-crossing")
        self.assertEqual((dump.summary["redaction"]["mode"], dump.end["redacted"]), ("off", {}))


class Configured(Case):
    PROGRAM = "import crashsite\ncrashsite.dump_on_unhandled_exceptions(%s)\npassword = 'tulip-99-bulb'\n1/0\n"

    def crash(self, options: str = "", env: Optional[Dict[str, str]] = None, status: int = 1) -> Any:
        done = self.run_python(self.write("prog.py", self.PROGRAM % options), env=env, status=status)
        self.lines = [line for line in done.stderr.splitlines() if line.startswith("crashsite:")]
        found = self.dumps()
        self.last = done
        dump = self.load(found[0]) if found else None
        for path in found:
            os.unlink(path)
        return dump

    def test_environment(self) -> None:
        self.assertEqual(self.crash(env={"CRASHSITE_REDACT": "off"}).summary["redaction"]["mode"], "off")
        self.assertEqual(self.crash("redact='on'", env={"CRASHSITE_REDACT": "off"}).summary["redaction"]["mode"], "on")
        self.assertEqual(self.crash(env={"CRASHSITE_MAX_OBJECTS": "77"}).summary["limits"]["max_objects"], 77)

    def test_what_is_wrong_is_said_at_the_start_and_left_out(self) -> None:
        dump = self.crash(
            env={"CRASHSITE_REDACT": "some", "CRASHSITE_MAX_BYTES": "much", "CRASHSITE_REDACT_PATTERNS": "x("}
        )
        self.assertEqual((dump.summary["redaction"]["mode"], len(self.lines)), ("on", 4))
        self.assertIn("CRASHSITE_REDACT: redact='some': want 'on', 'off' or 'shape-only'", "\n".join(self.lines[:3]))
        self.assertIn("CRASHSITE_MAX_BYTES='much': want a number from 0", "\n".join(self.lines[:3]))
        self.assertIsNone(self.crash("redact='some'"))
        self.assertIn("ValueError: redact='some': want 'on', 'off' or 'shape-only'", self.last.stderr)

    def test_wrong_options(self) -> None:
        for options, wanted in (
            ({"redact": "maybe"}, "redact='maybe': want"),
            ({"limits": {"max_objects": "many"}}, "max_objects='many': want a number"),
            ({"limits": {"max_bytes": -1}}, "max_bytes=-1: want a number"),
            ({"redact_names": "password"}, "redact_names='password': want a list"),
            ({"redact_patterns": ["("]}, "is no regular expression"),
            ({"redact_patterns": ["x*"]}, "is no regular expression"),
            ({"files": "some"}, "files='some'"),
            ({"dump_dir": 5}, "dump_dir=5: want the path"),
        ):
            with self.assertRaises(ValueError) as caught:
                crashsite.Settings(**options)  # type: ignore[arg-type]
            self.assertIn(wanted, str(caught.exception))
        with self.assertRaises(TypeError):
            crashsite.save_dump(redcat="on")

    def test_pyproject(self) -> None:
        self.write(
            "pyproject.toml", '[tool.crashsite]\nredact = "shape-only"\nlimits = {max_objects = 99}\nredcat = "on"\n'
        )
        dump = self.crash()
        if sys.version_info < (3, 11):
            self.assertEqual((dump.summary["redaction"]["mode"], len(self.lines)), ("on", 2))
            self.assertIn("is read by Python 3.11 and later", self.lines[0])
            return
        self.assertEqual((dump.summary["redaction"]["mode"], dump.summary["limits"]["max_objects"]), ("shape-only", 99))
        self.assertIn("has no option 'redcat'; there are dir_max_bytes, ", self.lines[0])
        env = {"CRASHSITE_REDACT": "on", "CRASHSITE_MAX_BYTES": "5000000"}
        found = self.crash(env=env).summary
        self.assertEqual((found["redaction"]["mode"], found["limits"]["max_objects"]), ("on", 99))
        self.assertEqual(found["limits"]["max_bytes"], 5_000_000)


class Effort(unittest.TestCase):
    """Texts that make patterns search again and again."""

    def test_time_is_in_proportion(self) -> None:
        redactor = crashsite.Settings().redactor()
        for piece in (
            "token=", "token=a,", 'token="', "token='", '"token": [', "password=(", "://", "key: '", "--token ", "<token>", "Cookie: ",
            "secret_", "eyJ", "-----BEGIN ", "4111 ", "a", "1", "\\", " ", "token => ", "authorization: Basic ",
        ):  # fmt: skip
            for code in (False, True):
                with self.subTest(piece=piece, code=code):
                    text = piece * (65_536 // len(piece))
                    start = time.process_time()
                    redactor.spans(text, code)
                    self.assertLess(time.process_time() - start, 3.0)

    def test_a_long_value_is_hidden_to_its_end(self) -> None:
        text = "token=" + "Zq3x" * 1000 + " and more"
        ((start, end, _, _),) = crashsite.Settings().redactor().spans(text)
        self.assertEqual(text[:start] + text[end:], "token= and more")


if __name__ == "__main__":
    unittest.main()
