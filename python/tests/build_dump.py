"""Builds dump files of version 3 by hand, for tests of the readers.

It shares no code with the capture nor with the readers: it was written from docs/dump-format.md alone, so that a
misunderstanding on either side shows.
"""

import gzip
import hashlib
import pickle
import struct
from typing import Any, Dict, List, Optional, Sequence, Tuple

BOUNDARY = b"===============1234567890=="


def column(code: str, items: Sequence[Any]) -> Tuple[str, bytes]:
    return code, struct.pack("<%d%s" % (len(items), code), *items)


def part(name: str, value: Any, raw: Optional[bytes] = None, length: Optional[int] = None, extra: str = "") -> bytes:
    """A part with its boundary before it; `raw` in place of the pickle, `length` in place of the true length."""
    if raw is None:
        raw = pickle.dumps(value, 4)
    body = gzip.compress(raw, 6)
    return encoded_part(name, body, len(raw), length, extra)


def encoded_part(name: str, body: bytes, raw_length: int, length: Optional[int] = None, extra: str = "") -> bytes:
    head = (
        "Content-Type: application/x.python-heapdump; part=%s\r\n"
        "Content-Transfer-Encoding: binary\r\n"
        "Content-Encoding: gzip\r\n"
        "Content-Length: %d\r\n"
        "X-Crashsite-Raw-Length: %d\r\n"
        "X-Crashsite-Digest: sha256=%s\r\n"
        "%s\r\n"
    ) % (name, len(body) if length is None else length, raw_length, hashlib.sha256(body).hexdigest(), extra)
    return b"\r\n--" + BOUNDARY + b"\r\n" + head.encode("ascii") + body


def message(parts: Sequence[bytes], closed: bool = True, version: str = "3") -> bytes:
    head = (
        b"MIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="application/x.python-heapdump";\r\n boundary="' + BOUNDARY + b'"\r\n'
        b"X-python-heapdump-version: " + version.encode("ascii") + b"\r\n"
        b"X-python-heapdump-pid: 4711\r\n"
        b"\r\n"
        b"This is a dump.\r\n"
    )
    return head + b"".join(parts) + (b"\r\n--" + BOUNDARY + b"--\r\n" if closed else b"")


def local(name: str, number: int, preview: str, **other: Any) -> Tuple[Any, ...]:
    values: Dict[str, Any] = {
        "scope": "local", "type": "int", "module": "builtins", "kind": 2, "size": 28, "address": 0x1000 + number,
        "status": "ok", "full_length": None, "children_count": 0,
    }  # fmt: skip
    values.update(other)
    return (
        name, values["scope"], number, values["type"], values["module"], values["kind"], values["size"],
        values["address"], preview, values["status"], values["full_length"], values["children_count"],
    )  # fmt: skip


SOURCE = "import math\n\ndef outer(n):\n    text = 'äöü'; return inner(n)\n\ndef inner(n):\n    return 1 // n\n"


def summary() -> Dict[str, Any]:
    """Two threads; a ZeroDivisionError from a KeyError, and the KeyError's context is the crash again."""

    def frame(function: str, line: int, columns: Tuple[Any, Any], locals: List[Any]) -> Dict[str, Any]:
        return {
            "function": function, "qualname": "Server." + function, "file": "/srv/app.py", "line": line,
            "end_line": line, "column": columns[0], "end_column": columns[1], "firstlineno": 3, "module": "app",
            "library": False, "globals": 9, "locals": locals,
        }  # fmt: skip

    def exception(number: int, type_: str, message: Optional[str], **other: Any) -> Dict[str, Any]:
        values: Dict[str, Any] = {
            "object": number, "type": type_, "module": "builtins", "qualname": type_, "message": message,
            "preview": "%s(%r)" % (type_, message), "cause": None, "context": None, "suppress_context": False,
            "group": [], "notes": [], "frames": [],
        }  # fmt: skip
        values.update(other)
        return values

    return {
        "dump_version": 3, "writer": "builder", "pid": 4711, "sequence_number": 0, "time": 1790000000.75,
        "process": {"identity": "abcdefghijklmnop", "name": "Worker-1", "ancestors": [(4700, "bcdefghijklmnopa"), (1, None)]},
        "python": {"version": "3.11.7", "version_info": (3, 11, 7, "final", 0), "implementation": "cpython",
                   "platform": "linux", "byteorder": "little", "maxsize": 2**63 - 1},
        "argv": ["app.py"], "path": [""], "cwd": "/srv", "pathmodule": "posixpath", "message": None,
        "main_thread_id": 1, "current_thread_id": 1, "crashed_thread_id": 1,
        "exceptions": [
            exception(7, "ZeroDivisionError", "division by zero", cause=1, context=1, suppress_context=True,
                      frames=[0, 1], notes=["a note"]),
            exception(8, "KeyError", "'k'", context=0, frames=[2],
                      dumped={"process": "bcdefghijklmnopa", "file": "worker.dump"}),
        ],
        "threads": [
            {"id": 1, "name": "MainThread", "native_id": 4711, "kind": "thread", "daemon": False, "crashed": True,
             "current": True, "main": True, "frames": [0, 1]},
            {"id": 2, "name": "worker", "native_id": None, "kind": "thread", "daemon": True, "crashed": False,
             "current": False, "main": False, "frames": [2]},
        ],
        "frames": [
            frame("inner", 7, (11, 17), [local("n", 0, "0", scope="arg")]),
            # The columns are bytes: each umlaut before them counts two.
            frame("outer", 4, (28, 36), [local("text", 1, "'äöü \\ud800'", type="str", kind=6),
                                         local("big", 2, "[0, …", type="list", kind=8, status="cut",
                                               full_length=100000, children_count=100000)]),
            frame("work\ud800", 99, (None, None), []),
        ],
        "sources": {"/srv/app.py": {"sha256": None, "lines": 7, "encoding": "utf-8", "pieces": [(1, SOURCE)]}},
        "limits": {"max_objects": 1000}, "problems": ["the locals of one frame"],
    }  # fmt: skip


def section() -> Dict[str, Any]:
    """One object of every shape: ten of them, from number 0."""
    builtin_types = ["int", "str", "list", "dict", "float", "complex", "bytes", "function"]
    types = [("builtins", name, name, -1, name, []) for name in builtin_types]
    types.append(("app", "Point", "outer.Point", 9, "object", []))
    return {
        "first": 0, "count": 10, "types": types, "names": ["x", "y", "/srv/app.py"],
        #   0 int, 1 str, 2 list (cut), 3 dict, 4 float, 5 complex, 6 bytes, 7 function, 8 instance, 9 bigint
        "kind": column("B", [2, 6, 8, 13, 4, 5, 7, 18, 14 | 0x80, 3]),
        "type": column("B", [0, 1, 2, 3, 4, 5, 6, 7, 8, 0]),
        "size": column("H", [28, 60, 800, 64, 24, 32, 40, 136, 48, 40]),
        "address": column("q", [0x7F0000001000, 32, -64, 4096, 16, 16, 16, 16, 16, 16]),
        "attribute_count": column("B", [2]),
        "attribute_name": column("B", [0, 1]),
        "attribute_value": column("B", [0, 4]),
        "element_count": column("B", [3]),
        "element": column("B", [0, 0, 1]),
        "pair_count": column("B", [2]),
        "pair": column("H", [1, 0, 0, 3000]),
        "int": column("b", [-5]),
        "float": column("d", [2.5]),
        "complex": column("d", [1.0, -2.0]),
        "text_length": column("B", [len("ä\ud800".encode("utf-8", "surrogatepass"))]),
        "text": "ä\ud800".encode("utf-8", "surrogatepass"),
        "bytes_length": column("B", [3, 9]),
        "bytes": b"a\0b" + (2**64).to_bytes(9, "little", signed=True),
        "note_length": column("B", [9]),
        "note": b"app\0outer",
        "location_file": column("B", [2]),
        "location_line": column("B", [3]),
        "flag_object": column("B", [2]),
        "flag": column("B", [1]),
        "flag_value": column("I", [100000]),
    }  # fmt: skip


def rest_section() -> Dict[str, Any]:
    """Number 10: more elements of the list 2."""
    return {
        "first": 10, "count": 1, "types": [("builtins", "list", "list", -1, "list", [])], "names": [],
        "kind": column("B", [30]), "type": column("B", [0]), "size": column("B", [0]), "address": column("B", [0]),
        "element_count": column("B", [2]), "element": column("B", [4, 5]),
        "rest_owner": column("B", [2]), "rest_start": column("B", [3]),
    }  # fmt: skip


def end() -> Dict[str, Any]:
    return {
        "objects_seen": 3001, "objects_written": 11, "bytes_written": 1000, "seconds": 0.01, "stopped": "max_objects",
        "cut": [], "changed": [], "rests": [(2, 10)], "sections": [(0, 10), (10, 11)],
        "counts": {"int": 1}, "problems": ["at the end"],
    }  # fmt: skip


def parts() -> List[bytes]:
    return [
        part("summary", summary()),
        part("heap", section(), extra="X-Crashsite-Objects: 0 10\r\n"),
        part("heap", rest_section(), extra="X-Crashsite-Objects: 10 11\r\n"),
        part("end", end()),
    ]


if __name__ == "__main__":
    import sys

    with open(sys.argv[1], "wb") as stream:
        stream.write(message(parts()))
