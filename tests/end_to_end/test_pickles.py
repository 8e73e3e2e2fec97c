"""Dumps that are pickles, of pydump, debuglater, pydumpling, tblib, and pickles of anything: against the truth that the
crashing process wrote; what loading them would have called; and what is left of them when they are cut or changed."""

import datetime
import decimal
import fractions
import gzip
import http
import json
import os
import pathlib
import pickle
import pickletools
import re
import typing
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, Iterator, List, Tuple

from common import LONG, ROOT, Case, call
from test_damaged import mutate
from truths import Compared, stacks

CAPTURED = os.path.join(ROOT, "tests", "fixtures", "captured")
TOOLS = ("pydump", "debuglater", "pydumpling", "tblib")
MUTATIONS = 10_000 if LONG else 600

#: without dill, everything but the simplest is a text
WITHOUT_DILL = ("pydump/2.7-nodill-simple", "pydump/3.11-nodill-plain", "debuglater/3.11-nodill-plain")
#: pydumpling 0.2 keeps 64 frames
CUT_BY_TOOL = {"pydumpling/3.11-deep": 64}
#: What exceptions came from is not written by pydumpling 0.1 and tblib before 3.0, nor what `from None` hides by pydumpling 0.2.
LOST_CONTEXTS = ("pydumpling/3.11-v016-groups", "pydumpling/3.13-no-context", "tblib/3.11-t17-cause")


def names(tool: str) -> List[str]:
    files = sorted(os.listdir(os.path.join(CAPTURED, tool)))
    return [tool + "/" + name[: -len(".dump")] for name in files if name.endswith(".dump")]


def path_of(name: str) -> str:
    return os.path.join(CAPTURED, name + ".dump")


def truth_of(name: str) -> Any:
    with open(os.path.join(CAPTURED, name + ".truth.json"), encoding="utf-8") as stream:
        return json.load(stream)


def raw_of(name: str) -> bytes:
    with open(path_of(name), "rb") as stream:
        data = stream.read()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def is_words(value: Dict[str, Any], fact: Dict[str, Any]) -> bool:
    """The tool wrote the repr of the value, as a text: the file has no more of it."""

    def plain(text: str) -> str:
        return re.sub(r"[\\\\'\"]", "", text)[:6]

    texts = ("str", "unicode")
    shown = value["repr"][1:] if value["repr"].startswith("u'") else value["repr"]
    return value["type"] in texts and fact["type"] not in texts and plain(shown) == plain(fact["repr"])


class Pickles(Compared):
    #: printed in another way from 3.12 on, and the file does not tell the version
    lost_reprs = {("debuglater/3.14-zoo", "od"), ("debuglater/3.14-zoo", "cnt")}
    #: of another type before Python 3.9, and the file does not tell the version
    lost_types = {("pydump/3.8-values", "maybe")}
    # dill writes the namespace of the builtins as what is there when it is loaded.
    lost_types |= {("pydump/3.11-executed", "__builtins__")}
    lost_reprs |= {("pydump/3.11-executed", "__builtins__")}
    # Without dill, there are texts in containers, too.
    lost_reprs |= {(name, "nested") for name in WITHOUT_DILL}

    def check(self, name: str) -> Tuple[int, int, int]:
        """Frames, locals that are right, and locals of which the file has words only."""
        truth, answer = truth_of(name), self.bt(path_of(name))
        counts = [0, 0, 0]
        for want, got in stacks({**truth, "threads": []}, answer):
            want = want[: CUT_BY_TOOL.get(name)]
            self.assertGreaterEqual(len(got), len(want), name)
            for expected, frame in zip(want, got):
                counts[0] += 1
                self.assertEqual((frame["line"], frame["function"]), (expected["line"], expected["function"]), name)
                if os.path.isabs(expected["file"]) or expected["file"].startswith("<"):
                    self.assertEqual(frame["file"], expected["file"], name)
                else:  # The tools make paths absolute.
                    self.assertTrue(frame["file"].endswith("/" + expected["file"]), name)
                found = {value["name"]: value for value in frame["locals"]}
                # The function that saved the dump went on in between.
                if name.split("/")[0] != "tblib" and expected["function"] not in ("<module>", "main"):
                    self.assertEqual(set(found), set(expected["locals"]), (name, expected["function"]))
                for local, value in found.items():
                    fact = expected["locals"].get(local)
                    if fact is None:
                        continue
                    if is_words(value, fact):
                        counts[2] += 1
                    else:
                        counts[1] += 1
                        self.check_value(name, local, fact, value)
        return counts[0], counts[1], counts[2]

    def test_truth(self) -> None:
        totals = [0, 0, 0]
        for name in (name for tool in TOOLS for name in names(tool)):
            with self.subTest(name):
                counts = self.check(name)
                if name not in WITHOUT_DILL:
                    # Objects that dill cannot pickle have no class in their repr where it is the program's own.
                    self.assertLessEqual(counts[2], 3, name)
                totals = [total + count for total, count in zip(totals, counts)]
        self.assertGreater(totals[0], 140)
        self.assertGreater(totals[1], 1000)

    def test_causes_by_the_instruction_that_raised(self) -> None:
        """pydumpling 0.2 writes one of `__cause__` and `__context__`, and the bytes of the code."""
        for name in ("pydumpling/3.11-cause", "pydumpling/3.13-cause"):
            error = self.bt(path_of(name))["exception"]
            self.check_exception(truth_of(name)["exception"]["cause"], error["cause"])
            self.assertTrue(error["suppress_context"], name)
        error = self.bt(path_of("pydumpling/3.13-no-context"))["exception"]
        self.assertEqual((error["cause"], error["context"], error["suppress_context"]), (None, None, True))
        error = self.bt(path_of("pydumpling/3.11-group"))["exception"]
        self.assertEqual((error["cause"], error["suppress_context"]), (None, False))

    def test_members_of_enumerations(self) -> None:
        """By their names where a source has them, otherwise by their values."""
        for name in ("debuglater/3.11-values", "pydump/3.8-values"):
            local = {local["name"]: local["repr"] for local in self.frames(path_of(name))[0]["locals"]}
            self.assertEqual((local["red"], local["both"]), ("<Colour.RED: 1>", "<Access: 6>"), name)
            done = call("print", path_of(name), "red.value, red.name, both._value_")
            self.assertEqual(done.out.splitlines()[:1], [b"(1, 'RED', 6)"], done.err)
        path = self.write("member.pickle", pickle.dumps(http.HTTPStatus.NOT_FOUND, 2))
        self.assertEqual(call("print", path, "root").out.splitlines()[:1], [b"<HTTPStatus: 404>"])

    def test_instances_of_classes_by_value(self) -> None:
        """What they are is told by what the class derives from."""
        path = path_of("debuglater/3.11-values")
        for expression, shown in (
            ("len(bag), 1 in bag", "(1, True)"),
            ("list(trail)", "[1, 2]"),
            ("failed.args", "('bad', 3)"),
            ("str(whole)", "'code 7: so'"),
            ("slotted.b", "'two'"),
            ("made.__class__.__qualname__", "'inner.<locals>.Local'"),
        ):
            self.assertEqual(call("print", path, expression).out.decode().splitlines()[:1], [shown], expression)

    def test_an_exception_that_is_all_of_a_pickle(self) -> None:
        for error in (KeyError("k"), OSError(2, "No such file", "/x"), ValueError("a", 1), ValueError()):
            path = self.write("error.pickle", pickle.dumps(error))
            found = self.bt(path)["exception"]
            self.assertEqual((found["type"], found["message"]), (type(error).__name__, str(error)))

    def test_formats(self) -> None:
        expected = {"pydump": "pydump-1", "debuglater": "debuglater-1", "tblib": "tblib", "pickle": "pickle"}
        for tool in (*TOOLS, "pickle"):
            for name in names(tool):
                about = json.loads(call("info", path_of(name), "--json").out)
                version = "pydumpling-0.1" if "v016" in name else "pydumpling-0.2"
                self.assertEqual(about["format"], expected.get(tool, version), name)
                self.assertTrue(about["complete"], name)

    def test_exceptions(self) -> None:
        def same(fact: Any, error: Any, contexts: bool) -> None:
            self.check_exception(fact, error)
            self.assertEqual(error["notes"], fact.get("notes") or [])
            # What pydumpling says of a chain does not tell causes from contexts.
            if contexts and fact["context"] and not (error.get("context") or {}).get("seen"):
                same(fact["context"], error["context"], contexts)
            for member, found in zip(fact.get("exceptions") or [], error["group"]):
                same(member, found, contexts)
            self.assertEqual(len(fact.get("exceptions") or []), len(error["group"]))

        for name in names("tblib") + names("pydumpling"):
            truth, error = truth_of(name), self.bt(path_of(name))["exception"]
            with self.subTest(name):
                if truth.get("exception") is None:
                    self.assertIsNone(error)
                else:
                    same(truth["exception"], error, name not in LOST_CONTEXTS)
        error = self.bt(path_of("tblib/3.11-group"))["exception"]
        self.assertEqual([member["notes"] for member in error["group"][0]["group"]], [["note 0"], ["note 1"]])
        self.assertEqual(error["message"], "pipeline failed ×3 (2 sub-exceptions)")
        chained = self.bt(path_of("tblib/3.11-chained"))["exception"]
        self.assertEqual(chained["context"]["cause"]["type"], "StockError")

    def test_what_is_by_value(self) -> None:
        for question, frame, answer in (
            ("closure", "3", "<function make_counter.<locals>.counter>"),
            ("closure.__code__.co_firstlineno", "3", "87"),
            ("cell.cell_contents", "3", "11"),
            ("lam.__code__.co_filename[-11:]", "3", "'pipeline.py'"),
            ("code.co_consts[1]", "3", "'0.19'"),
            ("module", "3", "<module 'os'>"),
            ("nt[1]", "3", "'EUR'"),
            ("alice.friend.name[0]", "3", "'Б'"),
            ("od", "3", "OrderedDict([('z', 1), ('a', 2)])"),
            ("frac", "3", "Fraction(3, 7)"),
            ("arr", "3", "array('d', [1.0, 2.0])"),
        ):
            done = call("print", path_of("debuglater/3.11-threads"), question, "--frame", frame)
            self.assertEqual((done.out.decode("utf-8").splitlines() or [done.err])[0], answer, question)

    def test_words_in_place_of_an_object(self) -> None:
        (generator,) = (
            value
            for value in self.bt(path_of("pydump/3.11-zoo"))["threads"][0]["frames"][3]["locals"]
            if value["name"] == "gen"
        )
        self.assertEqual(generator["type"], "generator")
        self.assertIn("replaced by pydump", generator["repr"])

    def test_sources(self) -> None:
        for name in ("pydump/2.7-simple", "debuglater/3.11-group"):
            done = call("source", path_of(name), "pipeline.py")
            self.assertEqual(done.status, 0, done.err)
            self.assertIn(b"def process(", done.out)

    def test_graph_without_frames(self) -> None:
        """One namespace, in every protocol."""
        facts = truth_of("pickle/3.11-plain-p5")["traceback_frames"][2]["locals"]
        for name in names("pickle"):
            answer = self.bt(path_of(name))
            self.assertEqual((answer["threads"], answer["exception"]), ([], None))
            compared = 0
            for local, fact in facts.items():
                if "." in fact["type"] or fact["type"] in ("list", "set", "dict") or len(fact["repr"]) == 200:
                    continue
                for expression in (local, "root[%r]" % local):
                    done = call("print", path_of(name), expression)
                    if done.status != 0:
                        # Of the namespace, what is no plain value was not pickled.
                        self.assertIn(b"Error", done.err, local)
                        continue
                    compared += 1
                    self.assertEqual(done.out.decode("utf-8").splitlines()[0], fact["repr"], (name, local))
            self.assertGreaterEqual(compared, 40, name)
            done = call("find", path_of(name), "type(o) is int and o == 42", "--json")
            self.assertEqual(done.status, 0, done.err)
            self.assertIn(b"root[", done.out)
            self.assertIn(b"root", call(path_of(name)).out)

    def test_any_value(self) -> None:
        cyclic: List[Any] = [1]
        cyclic.append(cyclic)
        for value in (cyclic, "text", 7, None, (1, (2,)), {"a": {3}}, [b"x"], 1.5, "", [], {}, True, "hello: world"):
            for protocol in range(6):
                path = self.write("any.pickle", pickle.dumps(value, protocol))
                done = call("print", path, "root")
                self.assertEqual(done.status, 0, (value, protocol, done.err))
                if value is not cyclic:
                    self.assertEqual(done.out.decode().splitlines()[0], repr(value), protocol)
                packed = self.write("any.pickle.gz", gzip.compress(pickle.dumps(value, protocol)))
                self.assertEqual(call("print", packed, "root").out, done.out, (value, protocol))
        for data in (b"hello", b"P", b"(", b"I", b"{}", b"\x80", b"import os\n"):
            self.refused(call("print", self.write("no.pickle", data), "root"))

    def test_converted_nothing_differs(self) -> None:
        for name in (name for tool in (*TOOLS, "pickle") for name in names(tool)):
            new = self.path("new.dump")
            done = call("convert", path_of(name), new, "--force")
            self.assertEqual(done.status, 0, done.err)
            want, got = self.bt(path_of(name)), self.bt(new)
            self.assertEqual(got["dump"]["format"], "crashsite-3")
            for answer in (want, got):
                del answer["dump"]["format"]
            self.assertEqual(got, want, name)
            checks = [json.loads(call("info", path, "--check", "--json").out)["check"] for path in (path_of(name), new)]
            self.assertEqual(checks[0], checks[1], name)
            about = json.loads(call("info", new, "--json").out)
            self.assertIsNone(about["loading"], "a file of version 3 is data only")
            if name.startswith("pickle/"):
                questions = [call("print", path, "root").out for path in (path_of(name), new)]
                self.assertEqual(questions[0], questions[1])

    def test_every_view(self) -> None:
        for name in ("pydump/3.11-zoo", "pydumpling/3.13-zoo", "tblib/3.11-group", "pickle/3.11-plain-p4"):
            path = path_of(name)
            for command in (
                (path,),
                ("bt", path),
                ("threads", path),
                ("info", path),
                ("source", path),
                ("headers", path),
            ):
                self.assertEqual(call(*command).status, 0, (command, call(*command).err))
            self.assertEqual(call("diff", path, path).status, 0)

    def test_values_of_the_library(self) -> None:
        """They print as in Python, and a fraction is a number."""
        zone = datetime.timezone(datetime.timedelta(hours=-2), "X")
        values = (
            fractions.Fraction(-3, 4),
            decimal.Decimal("1.50"),
            datetime.timezone.utc,
            zone,
            datetime.datetime(2024, 2, 29, 23, 5, 7, 9, tzinfo=zone),
            uuid.UUID(int=1),
            uuid.UUID(int=(1 << 128) - 7),
            pathlib.PurePosixPath("/tmp/\u00e4/it's"),
            pathlib.PurePosixPath(),
            pathlib.PureWindowsPath("c:/a/b"),
            re.compile(r"a\d+'\n", re.I | re.M),
            re.compile("x"),
            str.upper,
            typing.List[int],
            typing.Callable[[int], str],
        )
        for protocol in range(2, 6):
            path = self.write("values.pickle", pickle.dumps(values, protocol))
            for place, value in enumerate(values):
                done = call("print", path, "root[%d]" % place)
                self.assertEqual(done.out.decode("utf-8").splitlines()[:1], [repr(value)], (protocol, done.err))
            self.assertEqual(call("print", path, "root[0] + 1").out, b"Fraction(1, 4)\n")
        # Protocols before 4 do not keep it.
        for folded in (datetime.datetime(2020, 10, 25, 2, 30, fold=1, tzinfo=zone), datetime.time(2, 30, fold=1)):
            path = self.write("folded.pickle", pickle.dumps(folded, 4))
            self.assertEqual(call("print", path, "root").out.decode().splitlines()[:1], [repr(folded)])

    def test_what_is_left_of_a_cut_file(self) -> None:
        """Frames and names are those of the whole file, and their values too, but for what was being written."""
        for name in (
            "pydump/2.7-nodill-simple",
            "pydump/3.11-zoo",
            "debuglater/3.14-zoo",
            "pydumpling/3.11-v016-zoo",
            "pydumpling/3.13-zoo",
            "pyheapdump-2.7/uncompressed",
            "tblib/3.11-chained",
        ):
            raw, seen = raw_of(name), 0
            whole = {(frame["file"], frame["function"]): frame for frame in self.frames(path_of(name))}
            for part in range(1, 12):
                at = len(raw) * part // 12
                path = self.write("cut.dump", raw[:at])
                answer = self.bt(path)
                self.assertFalse(answer["dump"]["complete"], (name, at))
                problems = " ".join(problem["message"] for problem in answer["dump"]["problems"])
                self.assertIn("incomplete", problems)
                partial = 0
                for frame in self.frames(path):
                    found = whole[frame["file"], frame["function"]]
                    values = {local["name"]: local for local in found["locals"]}
                    for local in frame["locals"]:
                        value = values[local["name"]]
                        partial += value["repr"] != local["repr"]
                        seen += value["repr"] == local["repr"]
                        if value["children_count"] == 0:
                            self.assertEqual(value["repr"], local["repr"], (name, at))
                # One chain of containers is being written; it may be known by several names.
                self.assertLessEqual(partial, 2, (name, at))
            self.assertGreater(
                seen, {"pyheapdump-2.7/uncompressed": 100, "tblib/3.11-chained": -1}.get(name, 150), name
            )

    def frames(self, path: str) -> List[Dict[str, Any]]:
        return [frame for thread in self.bt(path)["threads"] for frame in thread["frames"]]

    def test_cut_and_changed(self) -> None:
        """Never a panic, a hang, or a heap of memory."""
        chosen = (
            "pydump/2.7-nodill-simple",
            "debuglater/3.14-zoo",
            "pydumpling/3.13-zoo",
            "tblib/3.11-group",
            "pickle/3.11-plain-p0",
        )
        raws = [raw_of(name) for name in chosen]

        def cases() -> Iterator[Tuple[str, bytes]]:
            for name, raw in zip(chosen, raws):
                for at in range(0, len(raw), max(1, len(raw) // 60)):
                    yield "%s cut at %d" % (name, at), raw[:at]
                with open(path_of(name), "rb") as stream:
                    whole = stream.read()
                for at in range(0, len(whole), max(1, len(whole) // 40)):
                    yield "%s as it is, cut at %d" % (name, at), whole[:at]
            for seed in range(MUTATIONS):
                yield "%s %d" % (chosen[seed % len(chosen)], seed), mutate(raws[seed % len(raws)], seed)

        def one(item: Tuple[int, Tuple[str, bytes]]) -> None:
            number, (name, data) = item
            path = self.write("damaged-%d.dump" % number, data)
            commands = (
                ("bt", path, "--json", "--locals", "--all"),
                (path,),
                ("info", path, "--check"),
                ("print", path, "root"),
            )
            try:
                self.harmless(call(*commands[number % 4]), name)
            finally:
                os.unlink(path)

        with ThreadPoolExecutor(2) as pool:
            for _ in pool.map(one, enumerate(cases())):
                pass

    def test_bombs(self) -> None:
        for data in (
            gzip.compress(b"\0" * (300 << 20)),
            gzip.compress(b"\x80\x04]" + b"]" * (300 << 20)),
            b"\x1f\x8b",
            b"\x1f\x8b\x08",
        ):
            done = call("bt", self.write("bomb.dump", data))
            self.refused(done)
            self.assertLess(done.memory, 1 << 30)
        self.assertIn(b"--max-inflated", call("bt", self.write("bomb.dump", gzip.compress(b"\0" * (300 << 20)))).err)


class Loading(Case):
    """What loading a pickle would have imported and called."""

    def report(self, data: bytes) -> Dict[str, Any]:
        done = call("info", self.write("x.pickle", data), "--json")
        self.assertEqual(done.status, 0, done.err)
        found = json.loads(done.out)["loading"]
        assert isinstance(found, dict)
        return found

    def one(self, data: bytes, name: str) -> Dict[str, Any]:
        found = self.report(data)
        callables = [entry for entry in found["callables"] if entry["name"] == name]
        self.assertEqual(len(callables), 1, (name, found))
        return dict(callables[0])

    def test_dangerous(self) -> None:
        for data, name, uses in (
            (b"cos\nsystem\n(S'id'\ntR.", "os.system", {"GLOBAL": 1, "REDUCE": 1}),
            (
                b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.",
                "posix.system",
                {"STACK_GLOBAL": 1, "REDUCE": 1},
            ),
            (b"(S'id'\nios\nsystem\n.", "os.system", {"INST": 1}),
            (b"(cos\nsystem\nS'id'\no.", "os.system", {"GLOBAL": 1, "OBJ": 1}),
            (b"c__builtin__\neval\n(S'1'\ntR.", "__builtin__.eval", {"GLOBAL": 1, "REDUCE": 1}),
            (b"cbuiltins\nexec\n(S'1'\ntR.", "builtins.exec", {"GLOBAL": 1, "REDUCE": 1}),
            (b"\x80\x02csubprocess\nPopen\n)\x81.", "subprocess.Popen", {"GLOBAL": 1, "NEWOBJ": 1}),
            (b"cos\nsystem\n0N.", "os.system", {"GLOBAL": 1}),
            # thrown away at once, and a callable from the memo
            (b"cos\nsystem\np0\n0g0\n(S'id'\ntR0N.", "os.system", {"GLOBAL": 1, "REDUCE": 1}),
            (b"cnt\nsystem\n(S'id'\ntR.", "nt.system", {"GLOBAL": 1, "REDUCE": 1}),
            (b"cimportlib\nimport_module\n(S'os'\ntR.", "importlib.import_module", {"GLOBAL": 1, "REDUCE": 1}),
            (b"cdill._dill\n_eval_repr\n(S'1'\ntR.", "dill._dill._eval_repr", {"GLOBAL": 1, "REDUCE": 1}),
            (b"crunpy\n_run_code\n(S'1'\ntR.", "runpy._run_code", {"GLOBAL": 1, "REDUCE": 1}),
            # a dotted name
            (b"\x80\x04\x8c\x07asyncio\x8c\x0fsubprocess.call\x93.", "asyncio.subprocess.call", {"STACK_GLOBAL": 1}),
        ):
            found = self.one(data, name)
            offsets = [at for opcode, _, at in pickletools.genops(data) if opcode.name in uses]
            self.assertEqual((found["verdict"], found["uses"], found["offsets"]), ("dangerous", uses, offsets), data)
            self.assertTrue(found["why"], data)

    def test_reached_by_name(self) -> None:
        # getattr(os, 'system')('id')
        data = b"cbuiltins\ngetattr\n(cos\n__dict__\nS'system'\ntR(S'id'\ntR."
        report = self.report(data)
        dangerous = {entry["name"] for entry in report["callables"] if entry["verdict"] == "dangerous"}
        self.assertIn("builtins.getattr", dangerous)
        self.assertIn("os.__dict__.system", dangerous)
        # operator.attrgetter('system')(os)
        data = b"coperator\nattrgetter\n(S'system'\ntR(cos\npath\ntR."
        self.assertEqual(self.one(data, "operator.attrgetter")["verdict"], "dangerous")
        self.assertEqual(self.one(data, "the result of operator.attrgetter")["verdict"], "dangerous")

    def test_hidden_from_scanners(self) -> None:
        """What is called by another way than a name and a call, one after the other."""
        system = b"cos\nsystem\n(S'id'\ntR."

        def within(data: bytes) -> bytes:
            return b"\x80\x04cpickle\nloads\nC" + bytes([len(data)]) + data + b"\x85R."

        def dotted(module: bytes, name: bytes) -> bytes:
            return b"\x80\x04\x8c%c%b\x8c%c%b\x93\x8c\x01x\x85R." % (len(module), module, len(name), name)

        for data, name in (
            # names by way of the memo, in parts, with an attribute of a module that imports another
            (b"\x80\x04\x8c\x02os\x940\x8c\x06system\x940h\x00h\x01\x93\x8c\x02id\x85R.", "os.system"),
            (dotted(b"builtins", b"eval.__call__"), "builtins.eval.__call__"),
            (dotted(b"random", b"_os.system"), "random._os.system"),
            (dotted(b"shop", b"subprocess.Popen.__init__"), "shop.subprocess.Popen.__init__"),
            # a pickle in a pickle in a pickle
            (within(system), "os.system"),
            (within(within(system)), "os.system"),
            # by a function that is called by another
            (b"cfunctools\npartial\n(cos\nsystem\nS'id'\ntR(tR.", "os.system"),
            # a pickle that breaks after the call, also where nothing is left of it, or before its end
            (system[:-1], "os.system"),
            (system[:-1] + b"\xff", "os.system"),
            (system[:-1] + b"0\xff", "os.system"),
            (b"\x80\x02" + system[:-1] + b"0\xff", "os.system"),
            # something in front, and behind
            (b"N0" + system + b"more", "os.system"),
            (b"I1\n0" + system[:-1] + b"\xff", "os.system"),
            # put into what is no plain container: its methods are called
            (b"cos\nenviron\nS'PATH'\nS'x'\ns.", "os.environ"),
        ):
            self.assertEqual(self.one(data, name)["verdict"], "dangerous", data)
        self.assertEqual(self.one(within(system), "os.system")["offsets"], [16, 35])
        self.assertEqual(self.one(b"cshop\nqueue\n(I1\nI2\ne.", "shop.queue")["uses"], {"GLOBAL": 1, "APPENDS": 1})
        code = b"\x80\x02ccopyreg\nadd_extension\n(X\2\0\0\0osX\6\0\0\0systemK\1tR0\x82\1."
        self.assertEqual(self.one(code, "copyreg.add_extension")["verdict"], "dangerous")
        # After the end, nothing is called.
        self.assertEqual(self.report(b"\x80\x02N." + system)["callables"], [])

    def test_unknown(self) -> None:
        for data, name, uses in (
            (b"cshop\nOrder\n(tR.", "shop.Order", {"GLOBAL": 1, "REDUCE": 1}),
            (b"\x80\x02cshop\nOrder\n)\x81}b.", "shop.Order", {"GLOBAL": 1, "NEWOBJ": 1, "BUILD": 1}),
            (b"\x80\x02\x82\x05)R.", "extension 5 of copyreg", {"EXT1": 1, "REDUCE": 1}),
            (b"Pmine\n.", "persistent id mine", {"PERSID": 1}),
            (b"S'mine'\nQ.", 'persistent id "mine"', {"BINPERSID": 1}),
            (b"\x80\x04\x8c\x04shop\x8c\x05Order\x93)}\x92.", "shop.Order", {"STACK_GLOBAL": 1, "NEWOBJ_EX": 1}),
        ):
            found = self.one(data, name)
            self.assertEqual((found["verdict"], found["uses"]), ("unknown", uses), data)
        found = self.one(pickle.dumps(range(3)), "builtins.range")
        self.assertEqual(found["verdict"], "makes a value")

    def test_never_called_safe(self) -> None:
        report = self.report(pickle.dumps({"a": 1}))
        self.assertEqual((report["callables"], report["opcodes"]), ([], {}))
        path = self.write("x.pickle", pickle.dumps({"a": 1}))
        self.assertNotIn(b"safe", call("info", path).out)

    def test_of_dumps(self) -> None:
        for name, called in (
            ("pydump/3.11-zoo", "dill._dill._create_function"),
            ("debuglater/3.11-threads", "dill._dill._eval_repr"),
            ("tblib/3.11-group", "tblib.pickling_support.unpickle_exception"),
            ("pydumpling/3.13-zoo", "pydumpling.fake_types.FakeFrame"),
        ):
            raw = raw_of(name)
            found = self.one(raw, called)
            for offset in found["offsets"]:
                self.assertIn(raw[offset], b"cR\x81\x92\x93bi")
        text = call("info", path_of("pydump/3.11-zoo")).out
        self.assertIn(b"dangerous", text)
        self.assertIn(b"_create_function", text)


if __name__ == "__main__":
    unittest.main()
