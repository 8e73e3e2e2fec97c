"""Makes the hostile corpus: files that lie, loop, grow, run code or speak to whoever shows them.

    python tests/hostile/generate.py            the files of tests/fixtures/hostile, as far as they are small
    python tests/hostile/test_corpus.py --record    what is said of each, into expectations.json, to be read before it is kept

It shares no code with what reads them: the standard library, and docs/dump-format.md.
"""

import bz2
import gzip
import json
import os
import pickle
import struct
import sys
import zlib
from typing import Any, Callable, Dict, Iterator, List, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "tests", "fixtures", "hostile")
#: what is longer is made when it is needed
SMALL = 40_000

EVIL = "\x1b[31m\x1b]0;title\x07\u202eevil\u200b\r\n\x9b2J\0"
#: of a type that nothing has there
WRONG: List[Any] = [None, True, -1, 2**70, 1.5, float("nan"), "text", EVIL, b"\xff\xfe", [], {}, (), [[[]]], {"a": {}}]

Files = Iterator[Tuple[str, bytes]]


# Version 3


def part(kind: str, body: bytes, raw: int = 0, *more: str, length: Any = None) -> bytes:
    lines = ["--b", "Content-Type: application/x.python-heapdump; part=" + kind, "Content-Encoding: gzip"]
    lines += ["Content-Length: %s" % (len(body) if length is None else length), *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body + b"\r\n"


HEAD = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\nX-python-heapdump-version: 3\r\n\r\nbody\r\n'


def packed(value: Any) -> bytes:
    return gzip.compress(value if isinstance(value, bytes) else pickle.dumps(value, 4), 9, mtime=0)


def local(name: Any = "x", number: Any = 0, **changed: Any) -> Tuple[Any, ...]:
    fields = [name, "local", number, "list", "builtins", 8, 56, 4096, "[…]", "ok", None, 1]
    for place, value in changed.items():
        fields[int(place[1:])] = value
    return tuple(fields)


def frame(**changed: Any) -> Dict[str, Any]:
    fields = {
        "function": "f",
        "qualname": "f",
        "file": "/app/a.py",
        "line": 2,
        "end_line": 2,
        "column": 0,
        "end_column": 4,
    }
    fields.update(firstlineno=1, module="a", library=False, globals=1, locals=[local()])
    return {**fields, **changed}


def thread(**changed: Any) -> Dict[str, Any]:
    fields: Dict[str, Any] = {
        "id": 1,
        "name": "MainThread",
        "native_id": 7,
        "kind": "thread",
        "daemon": False,
        "crashed": True,
    }
    fields.update(current=True, main=True, frames=[0])
    return {**fields, **changed}


def exception(**changed: Any) -> Dict[str, Any]:
    fields: Dict[str, Any] = {
        "object": 3,
        "type": "ValueError",
        "module": "builtins",
        "qualname": "ValueError",
        "message": "m",
    }
    fields.update(preview="ValueError('m')", cause=None, context=None, suppress_context=False, group=[], notes=[])
    return {**fields, "frames": [0], **changed}


def summary(**changed: Any) -> Dict[str, Any]:
    source = {"sha256": None, "lines": 2, "encoding": "utf-8", "pieces": [(1, "def f(x):\n    raise x\n")]}
    fields: Dict[str, Any] = {"dump_version": 3, "writer": "hostile", "pid": 1, "sequence_number": 0, "time": 1.0}
    fields.update(python={"version": "3.11.7", "version_info": (3, 11, 7, "final", 0)}, argv=["a"], path=[], cwd="/")
    fields.update(exceptions=[exception()], threads=[thread()], frames=[frame()], sources={"/app/a.py": source})
    fields.update(main_thread_id=1, current_thread_id=1, crashed_thread_id=1, limits={}, problems=[], message=None)
    return {**fields, **changed}


def column(code: str, *items: Any) -> Tuple[str, bytes]:
    return code, struct.pack("<%d%s" % (len(items), code), *items)


#: 0 a list that holds itself and the dictionary, 1 a dictionary, 2 a str, 3 an exception with args 4, a tuple
TYPES = [("builtins", name, name, -1, name, []) for name in ("list", "dict", "str", "ValueError", "tuple")]


def heap(**changed: Any) -> Dict[str, Any]:
    fields: Dict[str, Any] = {"first": 0, "count": 5, "types": TYPES, "names": ["args", "me"]}
    fields.update(kind=column("B", 8, 13, 6, 0x8F, 9), type=column("B", 0, 1, 2, 3, 4))
    fields.update(attribute_count=column("B", 2), attribute_name=column("B", 0, 1), attribute_value=column("I", 4, 3))
    fields.update(element_count=column("B", 2, 1), element=column("I", 0, 1, 2))
    fields.update(pair_count=column("B", 1), pair=column("I", 2, 0), text_length=column("B", 3), text=b"abc")
    return {**fields, **changed}


def message(top: Any = None, section: Any = None, objects: str = "0 5", end: Any = None) -> bytes:
    body = HEAD + part("summary", packed(summary() if top is None else top))
    body += part("heap", packed(heap() if section is None else section), 0, "X-Crashsite-Objects: " + objects)
    return body + part("end", packed({"objects_written": 5} if end is None else end)) + b"--b--\r\n"


def version_3() -> Files:
    yield "v3/whole", message()
    for name in frame():
        frames = [frame(**{name: wrong}) for wrong in WRONG]
        yield (
            "v3/frame-%s-wrong" % name,
            message(summary(frames=frames, threads=[thread(frames=list(range(len(WRONG))))])),
        )
    for name in thread():
        yield "v3/thread-%s-wrong" % name, message(summary(threads=[thread(**{name: wrong}) for wrong in WRONG]))
    for name in exception():
        wrongs = [exception(**{name: wrong}) for wrong in WRONG]
        yield "v3/exception-%s-wrong" % name, message(summary(exceptions=wrongs))
    for place in range(12):
        locals_ = [local(**{"_%d" % place: wrong}) for wrong in WRONG]
        yield "v3/local-%d-wrong" % place, message(summary(frames=[frame(locals=[*locals_, (), 5, ("x",)])]))
    for name in summary():
        for number, wrong in enumerate((5, "text", {"a": 1}, [1, None], None)):
            if number == len(name) % 5 or name in ("frames", "threads", "exceptions", "sources"):
                yield "v3/summary-%s-wrong-%d" % (name, number), message(summary(**{name: wrong}))
    around = [exception(cause=1, context=2), exception(cause=0, context=1), exception(context=0, group=[0, 1, 2])]
    yield "v3/exceptions-cyclic", message(summary(exceptions=around))
    yield "v3/exception-its-own-cause", message(summary(exceptions=[exception(cause=0, context=0, group=[0, 0, 0])]))
    yield (
        "v3/exceptions-out-of-range",
        message(summary(exceptions=[exception(cause=10**9, context=-5, group=[7] * 50)])),
    )
    yield "v3/frames-repeated", message(summary(threads=[thread(frames=[0] * 5000), thread(id=2, frames=[0] * 5000)]))
    yield (
        "v3/100000-frames",
        message(summary(frames=[frame()] * 100_000, threads=[thread(frames=list(range(100_000)))])),
    )
    yield "v3/100000-threads", message(summary(threads=[thread(id=n) for n in range(100_000)]))
    for name in [name for name, value in heap().items() if isinstance(value, (tuple, bytes))]:
        value = heap()[name]
        yield "v3/column-%s-absent" % name, message(section={k: v for k, v in heap().items() if k != name})
        if isinstance(value, tuple):
            yield "v3/column-%s-huge" % name, message(section=heap(**{name: column("Q", *[2**64 - 1] * 5)}))
            yield "v3/column-%s-short" % name, message(section=heap(**{name: (value[0], value[1][:-1])}))
            yield "v3/column-%s-signed" % name, message(section=heap(**{name: column("b", *[-1] * 5)}))
            yield "v3/column-%s-code" % name, message(section=heap(**{name: (EVIL, value[1])}))
    for name, wrong in (
        ("count", 2**31),
        ("count", -1),
        ("first", 2**32 - 2),
        ("first", "0"),
        ("types", 5),
        ("types", [()]),
    ):
        yield "v3/section-%s-%s" % (name, str(wrong).strip("[]()")), message(section=heap(**{name: wrong}))
    for objects in ("0 4294967295", "5 0", "-1 5", "0 99999999999999999999", "a b", "1 5"):
        yield "v3/objects-%s" % objects.replace(" ", "-"), message(objects=objects)
    yield (
        "v3/class-mro-cyclic",
        message(section=heap(kind=column("B", 16, 13, 6, 0x8F, 9), note_length=column("B", 3), note=b"a\0b")),
    )
    rest = heap(kind=column("B", 8, 13, 6, 0x8F, 30), rest_owner=column("I", 4), rest_start=column("Q", 2**63))
    yield "v3/rest-of-itself", message(section=rest)
    yield (
        "v3/end-lies",
        message(end={"cut": [(0, 1, 2**63)] * 50, "rests": [(0, 0)] * 50, "sections": [(5, 1)], "counts": 5}),
    )
    whole = message()
    marks = [at for at in range(len(whole)) if whole.startswith((b"\r\n", b"--b"), at)]
    for number, at in enumerate(marks[::2]):
        yield "v3/cut-%02d" % number, whole[:at]
    for length in ("-1", "99999999999999999999", "0", "1", "0x10", "", "5 5"):
        yield (
            "v3/length-%s" % length.replace(" ", "-"),
            HEAD + part("summary", packed(summary()), length=length) + b"--b--\r\n",
        )


PATHS = [
    "../../../etc/passwd",
    "/etc/shadow",
    "..\\..\\windows\\system32\\a.py",
    "C:\\Windows\\win.ini",
    "CON",
    "nul.py",
    "/dev/stdin",
    "/proc/self/mem",
    "a\0b.py",
    "x" * 10_000,
    "/" * 5_000,
    "./././.",
    "",
    ".",
    "..",
    "~/.bashrc",
    "-rf",
    "a.py\n/b.py",
    "$(touch canary)",
    "`touch canary`",
    "%2e%2e%2fa",
    "\u2025/\u2025/a",
    EVIL,
    "\ud800.py",
    "//server/share/a.py",
    "file:///etc/passwd",
    "<string>",
]


def paths() -> Files:
    for number, path in enumerate(PATHS):
        source = {"pieces": [(1, "x\n")], "encoding": "utf-8", "lines": 1, "sha256": None}
        yield "paths/%02d" % number, message(summary(frames=[frame(file=path)], sources={path: source}))
    several = {"/a/B.py": "x", "/a/b.py": "x", "/a": "x", "/a/b.py/c": "x", "\\a\\b.py": "x"}
    sources = {name: {"pieces": [(1, text)]} for name, text in several.items()}
    yield "paths/one-below-the-other", message(summary(sources=sources))
    for number, pieces in enumerate(
        ([(2**63, "x")], [(0, "x"), (-5, "y")], [(5, "a\n" * 9), (1, "b\n" * 9)], [5, "x", (1,)])
    ):
        yield "paths/pieces-%d" % number, message(summary(sources={"/app/a.py": {"pieces": pieces, "lines": 2**62}}))


NAMES = {
    "terminal": EVIL,
    "bidi": "a\u202eb\u2066c\u2069\u200f",
    "markdown": "](http://evil/) **b** ![x](file:///etc/passwd) `c` <script>",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&lt;",
    "json": '"},{"evil":[1,2',
    "gdb-packet": "$OK#9a}]*#$vCont;c#a8",
    "gdb-mi": '"\n^done,value="x"\n(gdb)\n*stopped',
    "dwarf": "\0\x11\x25\x0e\x13\x05DW_AT_name",
    "lsp": "Content-Length: 5\r\n\r\n{}",
    "command": "[x](command:workbench.action.terminal.new)",
    "python": "__import__('os').system('touch canary')",
    "format": "%s%n{0.__class__}",
    "dunder": "__class__.__subclasses__",
    "combining": "a" + "\u0301" * 3000,
    "wide": "\U0001f468\u200d" * 500,
    "surrogate": "\udc80\ud800",
    "long": "n" * 20_000,
    "space": " \t\u3000\ufeff",
}


def injections() -> Files:
    for name, text in NAMES.items():
        raw = text.encode("utf-8", "surrogatepass")
        types = [(text, text, text, -1, text, [text]) for _ in TYPES]
        section = heap(types=types, names=[text, text], text=raw, text_length=column("H", len(raw)))
        everywhere = frame(function=text, qualname=text, file=text, module=text, locals=[local(text, _3=text, _8=text)])
        error = exception(type=text, module=text, qualname=text, message=text, preview=text, notes=[text])
        top = summary(frames=[everywhere], threads=[thread(name=text, kind=text)], exceptions=[error], message=text)
        top.update(writer=text, argv=[text], problems=[text], sources={text: {"pieces": [(1, text)], "error": text}})
        yield "inject/" + name, message(top, section)


# Pickles


def long_text(value: int) -> bytes:
    return struct.pack("<Q", value)


def pickles() -> Files:
    system = b"cos\nsystem\n(S'touch canary'\ntR."
    tricks = {
        "reduce": system,
        "proto-4": b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x0ctouch canary\x85R.",
        "stack-global-of-computed": b"\x80\x04\x8c\x01o\x8c\x01s0\x8c\x06system\x93.",
        "inst": b"(S'touch canary'\nios\nsystem\n.",
        "obj": b"(cos\nsystem\nS'touch canary'\no.",
        "newobj": b"\x80\x02cbuiltins\nexec\nU\x01x\x85\x81.",
        "newobj-ex": b"\x80\x04\x8c\x08builtins\x8c\x04exec\x93)}\x92.",
        "build-setstate": b"cbuiltins\nobject\n)R}S'__setstate__'\ncos\nsystem\nsbS'x'\nb.",
        "code-after-stop": b"N." + system,
        "no-stop": system[:-1],
        "popped": system[:-1] + b"0N.",
        "in-memo-only": system[:-1] + b"p0\n0N.",
        "nested-attribute": b"\x80\x04\x8c\x08builtins\x8c\x11__import__.__call__\x93.",
        "alias-module": b"cnt\nsystem\n(S'x'\ntR.",
        "posix": b"cposix\nsystem\n(S'x'\ntR.",
        "pty": b"cpty\nspawn\n(S'x'\ntR.",
        "runpy": b"crunpy\nrun_path\n(S'x'\ntR.",
        "pip-main": b"cpip._internal\nmain\n((lS'install'\natR.",
        "timeit": b"ctimeit\nmain\n((lS'x'\natR.",
        "bdb": b"cbdb\nBdb\n)R.",
        "getattr-chain": b"cbuiltins\ngetattr\n(cbuiltins\n__import__\nS'__call__'\ntR(S'os'\ntR.",
        "torch-load": b"ctorch\nload\n(S'x'\ntR.",
        "operator-methodcaller": b"coperator\nmethodcaller\n(S'system'\nS'x'\ntR.",
        "functools-partial": b"cfunctools\npartial\n(cos\nsystem\nS'x'\ntR.",
        "dill-eval": b"cdill._dill\n_eval_repr\n(S'__import__(\"os\")'\ntR.",
        "copyreg-extension": b"\x80\x02\x82\x01.",
        "persid": b"Pcanary\n.",
        "unicode-names": "c\u043es\nsystem\n(tR.".encode(),
        "newline-in-name": b"\x80\x04\x8c\x04os\n\n\x8c\x06system\x93)R.",
        "empty-names": b"c\n\n)R.",
        "bytes8-length": b"\x80\x05\x8e" + long_text(2**63) + b"x.",
        "binunicode8-length": b"\x80\x05\x8d" + long_text(2**64 - 1) + b"x.",
        "bytearray8-length": b"\x80\x05\x96" + long_text(2**40) + b"x.",
        "binunicode-length": b"\x80\x04X\xff\xff\xff\xffx.",
        "long4-length": b"\x80\x04\x8b\xff\xff\xff\x7f1.",
        "long4-negative": b"\x80\x04\x8b\xff\xff\xff\xff1.",
        "frame-length": b"\x80\x04\x95" + long_text(2**63) + b"N.",
        "frames-nested": b"\x80\x04" + (b"\x95" + long_text(9)) * 500 + b"N.",
        "frame-past-end": b"\x80\x04\x95" + long_text(500) + b"N.",
        "memo-index": b"\x80\x04Nr\xff\xff\xff\xffj\xff\xff\xff\xff.",
        "memo-absent": b"\x80\x04h\x05.",
        "memo-text": b"Np99999999999999999999\ng99999999999999999999\n.",
        "dup": b"\x80\x02]" + b"2" * 20_000 + b"N.",
        "dup-tuples": b"\x80\x02N" + b"2\x86" * 10_000 + b".",
        "tuple-doubles": b"\x80\x04K\x01q\x00" + b"".join(b"h%c\x86q%c" % (n, n + 1) for n in range(200)) + b".",
        "lists-nested": b"\x80\x02" + b"]" * 15_000 + b"a" * 14_999 + b".",
        "dicts-nested": b"\x80\x02" + b"}K\x01" * 9_000 + b"N" + b"s" * 9_000 + b".",
        "marks": b"\x80\x02" + b"(" * 30_000 + b".",
        "pop-nothing": b"00000.",
        "mark-absent": b"\x80\x02t.",
        "stop-at-once": b".",
        "list-itself": b"\x80\x02]q\x00h\x00a.",
        "dict-itself": b"\x80\x02}q\x00h\x00h\x00s.",
        "tuple-itself": b"\x80\x02]q\x00h\x00\x85q\x01a0h\x01.",
        "set-itself": b"\x80\x04\x8fq\x00(h\x00\x90.",
        "state-itself": b"\x80\x02cx\nY\n)\x81q\x00h\x00b.",
        "appends-to-nothing": b"\x80\x02N(NNe.",
        "setitems-odd": b"\x80\x02}(NNNu.",
        "int-text": b"I" + b"9" * 20_000 + b"\n.",
        "float-text": b"F1e999999999\n.",
        "long-text": b"L" + b"1" * 20_000 + b"L\n.",
        "string-unquoted": b"Sx\n.",
        "unicode-escape": b"V\\ud800\\U00110000\\u12\n.",
        "unknown-opcode": b"\x80\x04\xff.",
        "protocol-200": b"\x80\xc8N.",
        "buffer": b"\x80\x05\x97\x98.",
        "utf8-broken": b"\x80\x04\x8c\x04\xff\xc0\xed\xa0.",
    }
    for name, data in tricks.items():
        yield "pickle/" + name, data
        if name in ("reduce", "dup", "state-itself", "frame-length", "marks", "tuple-doubles"):
            body = HEAD + part("summary", packed(data)) + b"--b--\r\n"
            yield "pickle/%s-as-summary" % name, body
    top = {"dump_version": 2, "files": {"a": 5, 7: b"x"}, "pid": [], "exception": "e", "traceback": {"tb_next": 1}}
    yield "v2/wrong", pickle.dumps(top, 2)
    yield "v2/bz2-wrong", bz2.compress(pickle.dumps(top, 2))
    yield "v2/bz2-cut", bz2.compress(pickle.dumps({**top, "x": os.urandom(0) + bytes(range(256)) * 40}, 2))[:-20]
    slots = b"}(X\x07\x00\x00\x00tb_nexth\x00X\x08\x00\x00\x00tb_frameh\x00X\x06\x00\x00\x00f_backh\x00X\x06\x00\x00\x00f_codeh\x00u"
    fake = b"csPickle._sPickle\nFakeTraceback\n)\x81q\x00(N" + slots + b"\x86b"
    cyclic = b"\x80\x02}(X\x0c\x00\x00\x00dump_versionK\x02X\x09\x00\x00\x00traceback" + fake
    cyclic += b"X\x0d\x00\x00\x00thread_frames}K\x01h\x00su."
    yield "v2/traceback-cyclic", cyclic
    yield "v2/mime-no-part", HEAD.replace(b"version: 3", b"version: 2") + b"--b--\r\n"


# coredumpy


def as_json(value: Any, **options: Any) -> bytes:
    return json.dumps(value, **options).encode("utf-8", "surrogatepass")


def core(objects: Dict[str, Any], **changed: Any) -> Dict[str, Any]:
    fields: Dict[str, Any] = {"objects": objects, "threads": {"7": {"frame": "1", "name": "MainThread"}}}
    return {**fields, "current_thread": "7", "files": {"a.py": ["x\n"]}, "description": None, "metadata": {}, **changed}


def core_objects(**changed: Any) -> Dict[str, Any]:
    fields = {
        "1": {
            "type": "frame",
            "attrs": {"f_back": "2", "f_code": "3", "f_locals": "4", "f_globals": "4", "f_lineno": "5"},
        },
        "2": {"type": "NoneType"},
        "3": {"type": "code", "attrs": {"co_name": "6", "co_filename": "6", "co_varnames": "7", "co_argcount": "5"}},
        "4": {"type": "dict", "value": {"6": "8"}},
        "5": {"type": "int", "value": 1},
        "6": {"type": "str", "value": "a.py"},
        "7": {"type": "tuple", "value": ["6"]},
        "8": {"type": "list", "value": ["8", "1", "3"]},
    }
    return {**fields, **{name[1:]: value for name, value in changed.items()}}


def coredumpy() -> Files:
    whole = as_json(core(core_objects()))
    yield "coredumpy/whole", whole
    for at in range(3, len(whole), 37):
        yield "coredumpy/cut-%03d" % at, whole[:at]
    wrongs = ["8", 5, None, {}, [["1"]], {"1": "1"}, "999", "x", True]
    for name in ("f_back", "f_code", "f_locals", "f_globals", "f_lineno"):
        for number, wrong in enumerate(wrongs):
            if (number + len(name)) % 3 == 0:
                attributes = {**core_objects()["1"]["attrs"], name: wrong}
                yield (
                    "coredumpy/%s-wrong-%d" % (name, number),
                    as_json(core(core_objects(_1={"type": "frame", "attrs": attributes}))),
                )
    for name in core({}):
        yield "coredumpy/%s-wrong" % name.replace("_", "-"), as_json({**core(core_objects()), name: [5, {"1": []}]})
    for kind in (
        "int",
        "float",
        "str",
        "bytes",
        "tuple",
        "set",
        "dict",
        "module",
        "type",
        "bool",
        "complex",
        "frame",
        EVIL,
        "",
    ):
        values = {
            str(n): {"type": kind, "value": v} for n, v in enumerate((1.5, "zz", ["1"], {"1": "2"}, None, True), 100)
        }
        values["4"] = {"type": "dict", "value": {"6": "100", "5": "101", "2": "102", "1": "103", "3": "104"}}
        name = "coredumpy/type-%s" % (kind if kind.isalpha() else "evil" if kind else "empty")
        yield name, as_json(core({**core_objects(), **values}))
    back = {"type": "frame", "attrs": {**core_objects()["1"]["attrs"], "f_back": "1"}}
    yield "coredumpy/f_back-itself", as_json(core(core_objects(_1=back)))
    around = {"type": "traceback", "attrs": {"tb_next": "9", "tb_frame": "1", "tb_lineno": "5"}}
    yield "coredumpy/tb_next-itself", as_json(core(core_objects(_9=around)))
    yield "coredumpy/twice", whole.replace(b'"2": {', b'"1": {"type": "int", "value": 5}, "2": {', 1)
    yield "coredumpy/nan", as_json(core(core_objects(_5={"type": "float", "value": float("nan")})))
    yield "coredumpy/surrogates", as_json(core(core_objects(_6={"type": "str", "value": "\ud800\udc80\ud83d"})))
    yield "coredumpy/int-huge", whole.replace(b'"value": 1}', b'"value": ' + b"9" * 30_000 + b"}")
    yield "coredumpy/float-huge", whole.replace(b'"value": 1}', b'"value": 1e99999}')
    for name, text in NAMES.items():
        if len(text) < 1000:
            objects = core_objects(_6={"type": "str", "value": text}, _8={"type": text, "attrs": {text: "6"}})
            yield "coredumpy/inject-" + name, as_json(core(objects, description=text, files={text: [text]}))
    yield "coredumpy/nested", b'{"objects": ' + b"[" * 30_000
    yield "coredumpy/nested-objects", b'{"objects": ' + b'{"1":' * 8_000
    for name, text in (
        ("comma", b'{"objects": {},}'),
        ("control", b'{"objects": "\x01"}'),
        ("escape", b'{"a": "\\x"}'),
        ("word", b'{"a": nul}'),
    ):
        yield "coredumpy/no-json-" + name, text
    yield "coredumpy/gzip-cut", gzip.compress(whole, mtime=0)[:-9]
    yield "coredumpy/gzip-twice", gzip.compress(gzip.compress(whole, mtime=0), mtime=0)
    yield "coredumpy/gzip-tail", gzip.compress(whole, mtime=0) + b"more"
    many = {
        str(n): {"type": "frame", "attrs": {"f_back": str(n + 1), "f_code": "3", "f_lineno": "5"}}
        for n in range(100, 100_100)
    }
    threads = {str(n): {"frame": "100", "name": "t"} for n in range(1, 50)}
    yield (
        "coredumpy/100000-frames",
        gzip.compress(as_json(core({**core_objects(), **many}, threads=threads)), 9, mtime=0),
    )
    crowd = {str(n): {"frame": "1", "name": "t"} for n in range(100_000)}
    yield "coredumpy/100000-threads", gzip.compress(as_json(core(core_objects(), threads=crowd)), 9, mtime=0)


# PyHeap


def text(value: bytes) -> bytes:
    return struct.pack("!H", len(value)) + value


def pyheap_file(function: bytes = b"f", count: int = 2, lies: int = 0) -> bytes:
    head = struct.pack("!QI", 123000321, 1) + text(b"2022-08-28T11:49:04+00:00") + struct.pack("!Q", 1)
    known = [(b"list", 10), (b"dict", 11), (b"tuple", 12), (b"set", 13), (b"int", 14), (b"str", 15)]
    head += struct.pack("!I", len(known)) + b"".join(text(name) + struct.pack("!Q", address) for name, address in known)
    threads = struct.pack("!I", 1) + text(b"MainThread") + b"\1\0" + struct.pack("!I", 1 + lies) + text(function)
    threads += struct.pack("!I", 5) + text(function) + struct.pack("!I", 1) + text(b"x") + struct.pack("!Q", 100)
    names = struct.pack("!II", 0, 2) + struct.pack("!QIQI", 10, 0, 14, 0)
    one = struct.pack("!QQIIQQI", 100, 10, 64, 2 + lies, 100, 101, 0)
    two = struct.pack("!QQII", 101, 14, 28, 0) + text(b"5")
    types = struct.pack("!I", 1) + struct.pack("!Q", 14) + text(b"int")
    return head + threads + names + struct.pack("!I", count) + one + two + types + struct.pack("!Q", 123000321)


def pyheap() -> Files:
    whole = pyheap_file()
    yield "pyheap/whole", whole
    for at in range(8, len(whole), 19):
        yield "pyheap/cut-%03d" % at, whole[:at]
    yield "pyheap/count-lies", pyheap_file(count=2**32 - 1)
    yield "pyheap/lengths-lie", pyheap_file(lies=2**31)
    for name in ("terminal", "html", "gdb-packet", "bidi"):
        yield "pyheap/inject-" + name, pyheap_file(NAMES[name].encode())
    for at in range(20, len(whole), 31):
        yield "pyheap/ones-%03d" % at, whole[:at] + b"\xff" * 8 + whole[at + 8 :]


# Bombs and what is none of these


def zeros(size: int, unit: bytes = b"\0") -> bytes:
    """gzip of that many bytes alike. Its checksum is wrong: nobody should come so far."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(unit * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + block * (size >> 20) + zlib.compressobj(9, zlib.DEFLATED, -15).flush() + b"\0" * 8


def bombs() -> Files:
    yield "bomb/gzip-zeros", zeros(1 << 30)
    yield "bomb/gzip-members", gzip.compress(b"", mtime=0) * 1500
    yield "bomb/gzip-spaces", gzip.compress(b'{"objects": {', mtime=0) + zeros(512 << 20, b" ")
    yield (
        "bomb/gzip-text",
        gzip.compress(b'{"objects": {"1": {"type": "str", "value": "', mtime=0) + zeros(16 << 20, b"a"),
    )
    yield "bomb/gzip-brackets", gzip.compress(b'{"objects": {"1": {"value": ', mtime=0) + zeros(64 << 20, b"[")
    yield "bomb/summary", HEAD + part("summary", zeros(1 << 30)) + b"--b--\r\n"
    heap_bomb = HEAD + part("summary", packed(summary()))
    yield "bomb/heap", heap_bomb + part("heap", zeros(1 << 30), 0, "X-Crashsite-Objects: 0 10") + b"--b--\r\n"
    yield "bomb/bz2", bz2.compress(b"\0" * (64 << 20))
    yield "bomb/headers", b"X-python-heapdump-version: 3\r\n" + b"A: b\r\n" * 20_000
    yield "bomb/parts", HEAD + b"--b\r\n\r\n" * 4_000
    yield "bomb/boundary", HEAD.replace(b'"b"', b'"' + b"b" * 5_000 + b'"') + b"--b"
    magic = {
        "empty": b"",
        "elf": b"\x7fELF" + b"\0" * 60,
        "zip": b"PK\3\4",
        "zstd": b"\x28\xb5\x2f\xfd\0",
        "xz": b"\xfd7zXZ\0",
    }
    magic.update(
        zeros=b"\0" * 5_000, text=b"hello\n", html=b"<html>", newline=b"\n", gzip=b"\x1f\x8b", zlib=zlib.compress(b"x")
    )
    for name, data in magic.items():
        yield "none/" + name, data


ALL: List[Callable[[], Files]] = [version_3, paths, injections, pickles, coredumpy, pyheap, bombs]


def files() -> Dict[str, bytes]:
    """Each file by its name."""
    return {name.replace("/", "-", 1).replace(" ", "-"): data for make in ALL for name, data in make()}


def main() -> None:
    os.makedirs(FOLDER, exist_ok=True)
    for name in os.listdir(FOLDER):
        if name.endswith(".dump"):
            os.remove(os.path.join(FOLDER, name))
    made = files()
    small = {name: data for name, data in made.items() if len(data) <= SMALL}
    for name, data in small.items():
        with open(os.path.join(FOLDER, name + ".dump"), "wb") as file:
            file.write(data)
    sys.stdout.write("%d files, %d of them kept, %d bytes\n" % (len(made), len(small), sum(map(len, small.values()))))


if __name__ == "__main__":
    main()
