"""The reference reader of dump files, format version 3 (see docs/dump-format.md).

One module, standard library only: it can be copied anywhere and run as it is. It is written to be read; the binary
`crashsite` answers the same questions faster. Nothing in a dump is executed: the pickles hold plain data, an opcode
outside the format's list is refused before anything is loaded, and there is no class a dump could name.

    python -m crashsite.reader bt DUMP [--locals] [--all]     the stacks, as JSON
    python -m crashsite.reader check DUMP                     every part and opcode, and the digest of all objects
"""

import datetime
import email.parser
import hashlib
import io
import json
import pickle
import pickletools
import re
import struct
import sys
import zlib
from array import array
from bisect import bisect_right
from collections import Counter
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple, Union

__all__ = ["Dump", "FormatError", "Object", "Problem", "Section", "Type", "load"]

#: The opcodes of section 2 of the format. None of them names, calls or builds anything.
ALLOWED_OPCODES = frozenset(
    """
    PROTO FRAME MARK STOP NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 LONG4 BINFLOAT
    SHORT_BINUNICODE BINUNICODE BINUNICODE8 SHORT_BINBYTES BINBYTES BINBYTES8
    EMPTY_TUPLE TUPLE TUPLE1 TUPLE2 TUPLE3 EMPTY_LIST APPEND APPENDS EMPTY_DICT SETITEM SETITEMS
    MEMOIZE BINPUT LONG_BINPUT BINGET LONG_BINGET
    """.split()
)

KINDS = {
    1: "atom", 2: "int", 3: "bigint", 4: "float", 5: "complex", 6: "str", 7: "bytes", 8: "list", 9: "tuple",
    10: "set", 11: "frozenset", 12: "deque", 13: "dict", 14: "instance", 15: "exception", 16: "class", 17: "module",
    18: "function", 19: "builtin", 20: "method", 21: "cell", 22: "weakref", 23: "wrapper", 24: "opaque", 25: "code",
    26: "frame", 30: "rest_elements", 31: "rest_pairs",
}  # fmt: skip
INT, BIGINT, FLOAT, COMPLEX, TEXT, BYTES = 2, 3, 4, 5, 6, 7
REST_ELEMENTS, REST_PAIRS = 30, 31
WITH_ELEMENTS = frozenset([8, 9, 10, 11, 12, 16, 17, 24, REST_ELEMENTS])
WITH_PAIRS = frozenset([13, REST_PAIRS])
WITH_BYTES = frozenset([BIGINT, BYTES])
WITH_NOTE = frozenset([1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26])
WITH_LOCATION = frozenset([16, 18, 25, 26])
WITH_REST = frozenset([REST_ELEMENTS, REST_PAIRS])
HAS_ATTRIBUTES = 0x80

#: What one part may hold after decompression. A gzip bomb ends here.
MAX_RAW = 1 << 30

_SURROGATE = re.compile("[\ud800-\udfff]")
_U32 = 0xFFFFFFFF
_U64 = 0xFFFFFFFFFFFFFFFF
_Value = Union[None, int, float, complex, str, bytes]


#: characters of a preview, which the mark of what is missing may follow: section 4 of the format
MAX_PREVIEW = 200
#: how deep exceptions nest in one answer
DEEPEST_CHAIN = 100
#: objects that are read together to get at one of them, and how many such chunks are kept
CHUNK, CHUNKS_KEPT = 64, 1024

_LOW_BITS = bytes(byte & ~HAS_ATTRIBUTES & 0xFF for byte in range(256))


class FormatError(ValueError):
    """The file is no dump of version 3, or nothing of it can be read."""


class Problem(NamedTuple):
    """Something wrong beside the data that could be read; `offset` is that in the file, where there is one."""

    offset: Optional[int]
    message: str


class Type(NamedTuple):
    """A line of a section's type table."""

    module: str
    name: str
    qualname: str
    class_object: int
    repr_style: str
    fields: Sequence[str]


class Object(NamedTuple):
    """One object. `value` is that of an int, float, complex, str or bytes; the bytes of a bigint."""

    number: int
    kind_byte: int
    type: Type
    size: int
    address: int
    attributes: Sequence[Tuple[str, int]]
    elements: Sequence[int]
    pairs: Sequence[Tuple[int, int]]
    value: _Value
    note: Optional[str]
    location: Optional[Tuple[str, int]]
    rest: Optional[Tuple[int, int]]
    flags: Sequence[Tuple[int, int]]

    @property
    def kind(self) -> str:
        """The kind's name."""
        number = self.kind_byte & ~HAS_ATTRIBUTES
        return KINDS.get(number, "kind %d" % number)

    def record(self) -> bytes:
        """What the digest is made of, section 8 of the format."""
        kind = self.kind_byte & ~HAS_ATTRIBUTES
        payload = b""
        value = self.value
        if kind == INT:
            payload = struct.pack("<q", value)
        elif kind == FLOAT:
            payload = struct.pack("<d", value)
        elif isinstance(value, complex):
            payload = struct.pack("<dd", value.real, value.imag)
        elif isinstance(value, str):
            payload = _utf8(value)
        elif isinstance(value, bytes):
            payload = value
        if self.note is not None:
            payload += _utf8(self.note)
        if self.location is not None:
            payload += _utf8(self.location[0]) + b"\0" + struct.pack("<I", self.location[1] & _U32)
        if self.rest is not None:
            payload += struct.pack("<IQ", self.rest[0] & _U32, self.rest[1] & _U64)
        out = [struct.pack("<IBQQ", self.number, self.kind_byte, self.size, self.address)]
        out.append(_counted(_utf8(self.type.module) + b"." + _utf8(self.type.qualname)))
        out.append(struct.pack("<I", len(self.attributes)))
        for name, number in self.attributes:
            out.append(_counted(_utf8(name)) + struct.pack("<I", number))
        out.append(struct.pack("<%dI" % (len(self.elements) + 1), len(self.elements), *self.elements))
        out.append(struct.pack("<I", len(self.pairs)))
        for key, item in self.pairs:
            out.append(struct.pack("<II", key, item))
        out.append(_counted(payload))
        out.append(struct.pack("<I", len(self.flags)))
        for flag, number in self.flags:
            out.append(struct.pack("<BQ", flag, number & _U64))
        return b"".join(out)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _counted(data: bytes) -> bytes:
    return struct.pack("<I", len(data)) + data


# ---------------------------------------------------------------------------------------------------------------------
# The container: parts of a MIME message, each a gzip-compressed pickle


class Part(NamedTuple):
    """A part as it stands in the file."""

    name: str
    offset: int
    body: bytes
    headers: Dict[str, str]


def _split(data: bytes, problems: List[Problem]) -> Tuple[List[Part], bool]:
    """The parts, in order, and whether the closing boundary was there."""
    head, _, _ = data.partition(b"\r\n\r\n")
    headers = email.parser.BytesHeaderParser().parsebytes(head[:1_000_000])
    version = str(headers.get("X-python-heapdump-version", "")).strip()
    if version != "3":
        raise FormatError("not a dump of format version 3 (X-python-heapdump-version: %.20s)" % (version or "missing"))
    boundary = headers.get_boundary()
    if not boundary:
        raise FormatError("the message names no boundary")
    delimiter = b"\r\n--" + boundary.encode("ascii", "replace")
    parts: List[Part] = []
    at = data.find(delimiter, len(head))
    while at >= 0:
        start = at + len(delimiter)
        if data.startswith(b"--", start):
            return parts, True
        head_end = data.find(b"\r\n\r\n", start)
        if head_end < 0:
            break
        names = email.parser.BytesHeaderParser().parsebytes(data[start:head_end].lstrip(b"\r\n"))
        lower = {key.lower(): str(value) for key, value in names.items()}
        body = head_end + 4
        try:
            end = body + int(lower.get("content-length", "")[:20])
        except ValueError:
            end = -1
        if body <= end <= len(data) and delimiter.startswith(data[end : end + len(delimiter)]):
            # whole, though the file may end here, within the boundary even
            at = end if data.startswith(delimiter, end) else -1
        else:
            at = data.find(delimiter, body)
            if at >= 0:
                problems.append(Problem(body, "the part's Content-Length is wrong; its end was found by the boundary"))
            else:
                problems.append(Problem(len(data), "the file ends within a part"))
            end = at if at >= 0 else len(data)
        parts.append(Part(str(names.get_param("part") or ""), body, data[body:end], lower))
    return parts, False


def _inflate(part: Part, problems: List[Problem]) -> bytes:
    """The body after decompression, as far as it goes."""
    digest = part.headers.get("x-crashsite-digest", "")
    if digest and digest.strip() != "sha256=" + hashlib.sha256(part.body).hexdigest():
        problems.append(Problem(part.offset, "the digest of part %s is wrong: it was damaged" % part.name))
    if part.headers.get("content-encoding", "").strip().lower() != "gzip":
        return part.body
    stream = zlib.decompressobj(31)
    out = []
    room = MAX_RAW
    rest = part.body
    try:
        # In pieces, so that what came before an error is kept.
        while rest and not stream.eof and room > 0:
            piece = stream.decompress(rest, min(room, 1 << 20))
            rest = stream.unconsumed_tail
            room -= len(piece)
            out.append(piece)
    except zlib.error as error:
        problems.append(Problem(part.offset, "part %s: %s" % (part.name, error)))
    if room <= 0 and not stream.eof:
        problems.append(Problem(part.offset, "part %s: more than %d bytes after decompression" % (part.name, MAX_RAW)))
    return b"".join(out)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        raise FormatError("the pickle names a class: %s.%s" % (module, name))

    def persistent_load(self, pid: Any) -> Any:
        raise FormatError("the pickle holds a persistent id")


def _check_opcodes(raw: bytes) -> None:
    """Refuses an opcode that is not on the list, and a memo index that only wants memory."""
    for opcode, argument, position in pickletools.genops(raw):
        if opcode.name not in ALLOWED_OPCODES:
            raise FormatError("opcode %s at byte %s of the pickle is not allowed" % (opcode.name, position))
        if opcode.name == "LONG_BINPUT" and int(argument or 0) > len(raw):
            raise FormatError("memo index %s at byte %s of the pickle" % (argument, position))


def _unpickle(raw: bytes, check_opcodes: bool) -> Dict[str, Any]:
    if check_opcodes:
        _check_opcodes(raw)
    value = _Unpickler(io.BytesIO(raw)).load()
    if not isinstance(value, dict):
        raise FormatError("the pickle holds no dictionary")
    return value


# ---------------------------------------------------------------------------------------------------------------------
# A heap section: columns


class _Column:
    """The items of a column, and the cursor that goes along with the objects."""

    def __init__(self, name: str, column: Any) -> None:
        self.name = name
        self.at = 0
        self.items: Sequence[Any] = ()
        if column is None:
            return
        code, data = column
        if code not in tuple("BHIQbhiqd"):
            raise FormatError("column %s has the unknown code %r" % (name, code))
        items = array(code)
        items.frombytes(data)
        if sys.byteorder == "big":
            items.byteswap()
        self.items = items

    def one(self) -> Any:
        self.at += 1
        if self.at > len(self.items):
            raise FormatError("column %s ends early" % self.name)
        return self.items[self.at - 1]

    def many(self, count: int) -> Any:
        start = self.at
        self.at += count
        if count < 0 or self.at > len(self.items):
            raise FormatError("column %s ends early" % self.name)
        return self.items[start : self.at]


class _Blob:
    """Byte strings of given lengths, one after the other."""

    def __init__(self, columns: Dict[str, Any], name: str) -> None:
        self.name = name
        self.lengths = _Column(name + "_length", columns.get(name + "_length"))
        self.data = columns.get(name, b"")
        self.at = 0

    def one(self) -> bytes:
        start = self.at
        self.at += int(self.lengths.one())
        if not start <= self.at <= len(self.data):
            raise FormatError("blob %s ends early" % self.name)
        return bytes(self.data[start : self.at])

    def skip(self, count: int) -> None:
        self.at += sum(self.lengths.many(count))

    def text(self) -> str:
        return self.one().decode("utf-8", "surrogatepass")


class _Cursors:
    """All columns of a section, their cursors at the same object."""

    def __init__(self, columns: Dict[str, Any]) -> None:
        def column(name: str) -> _Column:
            return _Column(name, columns.get(name))

        self.kind, self.type, self.size, self.address = (
            column("kind"),
            column("type"),
            column("size"),
            column("address"),
        )
        self.attribute_count = column("attribute_count")
        self.attribute_name, self.attribute_value = column("attribute_name"), column("attribute_value")
        self.element_count, self.element = column("element_count"), column("element")
        self.pair_count, self.pair = column("pair_count"), column("pair")
        self.int, self.float, self.complex = column("int"), column("float"), column("complex")
        self.text, self.bytes, self.note = _Blob(columns, "text"), _Blob(columns, "bytes"), _Blob(columns, "note")
        self.location_file, self.location_line = column("location_file"), column("location_line")
        self.rest_owner, self.rest_start = column("rest_owner"), column("rest_start")
        #: the address of the object before
        self.where = 0

    def _all(self) -> List[Any]:
        return [
            self.kind, self.type, self.size, self.address, self.attribute_count, self.attribute_name,
            self.attribute_value, self.element_count, self.element, self.pair_count, self.pair, self.int, self.float,
            self.complex, self.text, self.text.lengths, self.bytes, self.bytes.lengths, self.note, self.note.lengths,
            self.location_file, self.location_line, self.rest_owner, self.rest_start,
        ]  # fmt: skip

    def tell(self) -> List[int]:
        """Where they all are."""
        return [self.where] + [column.at for column in self._all()]

    def seek(self, marks: Sequence[int]) -> None:
        """Back to where `tell` said they were."""
        self.where = marks[0]
        for column, at in zip(self._all(), marks[1:]):
            column.at = at

    def skip(self, count: int) -> None:
        """Past so many objects, without a look at each."""
        kinds = bytes(self.kind.many(count))
        of_kind = Counter(kinds.translate(_LOW_BITS))

        def those(among: Iterable[int]) -> int:
            return sum(of_kind[kind] for kind in among)

        self.type.many(count)
        self.size.many(count)
        self.where = (self.where + sum(self.address.many(count))) & _U64
        attributes = sum(self.attribute_count.many(sum(byte >= HAS_ATTRIBUTES for byte in kinds)))
        self.attribute_name.many(attributes)
        self.attribute_value.many(attributes)
        self.element.many(sum(self.element_count.many(those(WITH_ELEMENTS))))
        self.pair.many(2 * sum(self.pair_count.many(those(WITH_PAIRS))))
        self.int.many(of_kind[INT])
        self.float.many(of_kind[FLOAT])
        self.complex.many(2 * of_kind[COMPLEX])
        for blob, among in ((self.text, (TEXT,)), (self.bytes, WITH_BYTES), (self.note, WITH_NOTE)):
            blob.skip(those(among))
        for column, among in (
            (self.location_file, WITH_LOCATION), (self.location_line, WITH_LOCATION),
            (self.rest_owner, WITH_REST), (self.rest_start, WITH_REST),
        ):  # fmt: skip
            column.many(those(among))


class Section:
    """The objects of one heap part, `first` to `first + count - 1`."""

    def __init__(self, columns: Dict[str, Any], offset: int) -> None:
        self.columns = columns
        self.offset = offset
        self.first: int = columns["first"]
        self.count: int = columns["count"]
        self.types = [Type(*fields) for fields in columns.get("types", ())]
        self.names: List[str] = list(columns.get("names", ()))
        kinds = _Column("kind", columns.get("kind"))
        if not 0 <= self.first <= self.first + self.count <= _U32 or len(kinds.items) != self.count:
            raise FormatError("the section's numbers do not fit its columns")
        self._cursors: Optional[_Cursors] = None
        self._marks: List[List[int]] = []
        self._flags: Optional[Dict[int, List[Tuple[int, int]]]] = None

    def objects(self) -> Iterator[Object]:
        """All of them, in order. Every column is read once, from its beginning to its end."""
        return self._read(_Cursors(self.columns), 0, self.count)

    def chunk(self, index: int) -> List[Object]:
        """`CHUNK` of them, from `index * CHUNK` on: what is read to get at one."""
        if self._cursors is None:
            self._cursors = _Cursors(self.columns)
        # The marks are those of the chunks' beginnings.
        while len(self._marks) <= index:
            if self._marks:
                self._cursors.seek(self._marks[-1])
                self._cursors.skip(CHUNK)
            self._marks.append(self._cursors.tell())
        self._cursors.seek(self._marks[index])
        return list(self._read(self._cursors, index * CHUNK, min((index + 1) * CHUNK, self.count)))

    def rests(self) -> List[int]:
        """The numbers of its rest objects."""
        kinds = bytes(_Column("kind", self.columns.get("kind")).items)
        return [self.first + index for index, byte in enumerate(kinds) if byte & ~HAS_ATTRIBUTES in WITH_REST]

    def _flags_of(self, index: int) -> Sequence[Tuple[int, int]]:
        if self._flags is None:
            self._flags = {}
            columns = [_Column(name, self.columns.get(name)).items for name in ("flag_object", "flag", "flag_value")]
            for owner, flag, amount in zip(*columns):
                self._flags.setdefault(owner, []).append((flag, amount))
        return self._flags.get(index, ())

    def _read(self, at: _Cursors, start: int, stop: int) -> Iterator[Object]:
        for index in range(start, stop):
            byte = at.kind.one()
            kind = byte & ~HAS_ATTRIBUTES
            at.where = (at.where + at.address.one()) & _U64
            attributes: Sequence[Tuple[str, int]] = ()
            if byte & HAS_ATTRIBUTES:
                count = at.attribute_count.one()
                keys, values = at.attribute_name.many(count), at.attribute_value.many(count)
                attributes = [(self.names[key], value) for key, value in zip(keys, values)]
            elements = at.element.many(at.element_count.one()) if kind in WITH_ELEMENTS else ()
            pairs: Sequence[Tuple[int, int]] = ()
            if kind in WITH_PAIRS:
                both = at.pair.many(2 * at.pair_count.one())
                pairs = list(zip(both[::2], both[1::2]))
            value: _Value = None
            if kind == INT:
                value = int(at.int.one())
            elif kind == TEXT:
                value = at.text.text()
            elif kind == FLOAT:
                value = float(at.float.one())
            elif kind == COMPLEX:
                value = complex(*at.complex.many(2))
            elif kind in WITH_BYTES:
                value = at.bytes.one()
            yield Object(
                number=self.first + index,
                kind_byte=byte,
                type=self.types[at.type.one()],
                size=at.size.one(),
                address=at.where,
                attributes=attributes,
                elements=elements,
                pairs=pairs,
                value=value,
                note=at.note.text() if kind in WITH_NOTE else None,
                location=(
                    (self.names[at.location_file.one()], at.location_line.one()) if kind in WITH_LOCATION else None
                ),
                rest=(at.rest_owner.one(), at.rest_start.one()) if kind in WITH_REST else None,
                flags=self._flags_of(index),
            )


# ---------------------------------------------------------------------------------------------------------------------
# The dump


class Dump:
    """A dump: the `summary` and `end` as they stand in the file, the heap `sections`, and what is wrong with it."""

    def __init__(self, data: bytes, check_opcodes: bool = True) -> None:
        self.summary: Dict[str, Any] = {}
        self.end: Optional[Dict[str, Any]] = None
        self.sections: List[Section] = []
        self.problems: List[Problem] = []
        self._recent: Dict[Tuple[int, int], List[Object]] = {}
        self._cut: Optional[Dict[int, int]] = None
        self._changed: Set[int] = set()
        parts, closed = _split(data, self.problems)
        for part in parts:
            if part.name not in ("summary", "heap", "end"):
                continue  # of a later version
            try:
                value = _unpickle(_inflate(part, self.problems), check_opcodes)
                if part.name == "summary":
                    self.summary = value
                elif part.name == "heap":
                    self.sections.append(Section(value, part.offset))
                else:
                    self.end = value
            except Exception as error:  # hostile data raises anything, and one bad part is not the whole file
                self.problems.append(Problem(part.offset, "part %s cannot be used: %s" % (part.name, error)))
        if not self.summary:
            raise FormatError("the summary cannot be read: %s" % "; ".join(p.message for p in self.problems))
        if not closed or self.end is None:
            self.problems.append(Problem(len(data), "the file is incomplete: its closing part is missing"))
        self.sections.sort(key=lambda section: section.first)
        self._firsts = [section.first for section in self.sections]

    def object(self, number: int) -> Object:
        """The object of that number; `KeyError` where it is not in the file."""
        index = bisect_right(self._firsts, number) - 1
        if index < 0 or number - self._firsts[index] >= self.sections[index].count:
            raise KeyError(number)
        chunk, within = divmod(number - self._firsts[index], CHUNK)
        if (index, chunk) not in self._recent:
            while len(self._recent) >= CHUNKS_KEPT:
                del self._recent[next(iter(self._recent))]
            self._recent[index, chunk] = self.sections[index].chunk(chunk)
        return self._recent[index, chunk][within]

    def digest(self) -> str:
        """SHA-256 over every object in the file."""
        hasher = hashlib.sha256()
        for section in self.sections:
            for item in section.objects():
                hasher.update(item.record())
        return hasher.hexdigest()

    # The answer of `crashsite bt --json`, field by field (see docs/answers.md)

    def bt(self, locals: bool = True, all: bool = True) -> Dict[str, Any]:
        """The stacks as `crashsite bt DUMP --json --locals --all` answers them."""
        summary = self.summary
        threads = summary.get("threads", [])
        self._awaited_by = _awaited_by(threads)
        self._deeper = False
        exception = self._exception(0, set())
        answer = {
            "schema": 1,
            "dump": {
                "format": "crashsite-3",
                "python": summary.get("python", {}).get("version"),
                "pid": summary.get("pid"),
                **_lineage(summary.get("process", {})),
                "time": _time(summary.get("time")),
                "complete": self.end is not None,
                "problems": self._all_problems(),
            },
            "exception": exception,
            "threads": [
                self._thread(position, thread, locals)
                for position, thread in enumerate(threads if all else threads[:1])
            ],
        }
        result: Dict[str, Any] = _scalars_only(answer)
        return result

    def _all_problems(self) -> List[Dict[str, Any]]:
        captured = list(self.summary.get("problems", ())) + list((self.end or {}).get("problems", ()))
        found = [{"offset": problem.offset, "message": problem.message} for problem in self.problems]
        if self._deeper:
            captured.append("exceptions that nest deeper than %d are left out of this answer" % DEEPEST_CHAIN)
        return found + [{"offset": None, "message": message} for message in captured]

    def _exception(self, index: Optional[int], seen: Set[int], depth: int = 0) -> Optional[Dict[str, Any]]:
        exceptions = self.summary.get("exceptions", [])
        if index is None or not 0 <= index < len(exceptions):
            return None
        if depth >= DEEPEST_CHAIN:
            self._deeper = True
            return None
        if index in seen:
            return {"seen": True}
        seen.add(index)
        raised = exceptions[index]
        answer = {
            "type": raised.get("type"),
            "module": raised.get("module"),
            "qualname": raised.get("qualname"),
            "message": raised.get("message") if raised.get("message") is not None else raised.get("preview"),
            "cause": self._exception(raised.get("cause"), seen, depth + 1),
            "context": self._exception(raised.get("context"), seen, depth + 1),
            "suppress_context": raised.get("suppress_context", False),
            "group": [
                one for one in (self._exception(member, seen, depth + 1) for member in raised.get("group", ())) if one
            ],
            "notes": list(raised.get("notes", ())),
        }
        if index != 0:
            answer["frames"] = self._frames(raised.get("frames", ()), False)
        if "dumped" in raised:
            answer["dumped"] = {key: raised["dumped"].get(key) for key in ("process", "file")}
        return answer

    def _thread(self, position: int, thread: Dict[str, Any], with_locals: bool) -> Dict[str, Any]:
        awaited_by = self._awaited_by.get(position, [])
        relatives = {
            "state": thread.get("state"),
            "runner": thread.get("runner"),
            "thread": None if thread.get("thread") is None else thread["thread"] + 1,
            "parent": None if thread.get("parent") is None else thread["parent"] + 1,
            "raised": thread.get("raised"),
            "held": thread.get("held"),
            "awaits": [other + 1 for other in thread.get("awaits", ())],
            "awaited_by": [other + 1 for other in awaited_by],
        }
        return {
            **{key: value for key, value in relatives.items() if value is not None and value != []},
            "id": thread.get("id"),
            "name": thread.get("name"),
            "kind": thread.get("kind", "thread"),
            "crashed": thread.get("crashed", False),
            "current": thread.get("current", False),
            "main": thread.get("main", False),
            "wait_for": thread.get("wait_for"),
            "frames": self._frames(thread.get("frames", ()), with_locals),
        }

    def _frames(self, indexes: Sequence[int], with_locals: bool) -> List[Dict[str, Any]]:
        frames = self.summary.get("frames", [])
        answer = []
        for position, index in enumerate(indexes):
            frame = frames[index]
            line, end_line = frame.get("line"), frame.get("end_line")
            file = frame.get("file")
            shown = {
                "index": position,
                "function": frame.get("function"),
                "qualname": frame.get("qualname"),
                "file": file,
                "line": line,
                "column": self._column(file, line, frame.get("column")),
                "end_line": end_line,
                "end_column": self._column(file, end_line, frame.get("end_column")),
                "library": frame.get("library", False),
            }
            if with_locals:
                shown["locals"] = [self._known(_local(*local[:12])) for local in frame.get("locals", ())]
            answer.append(shown)
        return answer

    def _known(self, value: Dict[str, Any]) -> Dict[str, Any]:
        """A local, with what the sections and the closing part know of its object."""
        number = value["id"]
        if number is None or not any(one.first <= number < one.first + one.count for one in self.sections):
            value["status"] = "missing"
            return value
        if self._cut is None:
            end = self.end or {}
            self._cut = {entry[0]: entry[2] for entry in end.get("cut", ())}
            self._changed = set(end.get("changed", ()))
        if number in self._cut:
            value["full_length"] = self._cut[number]
            value["status"] = "cut"
        if number in self._changed:
            value["status"] = "changed"
        return value

    def source_line(self, file: Optional[str], line: Optional[int]) -> Optional[str]:
        """A line of a source file, where the dump holds it."""
        if line is None:
            return None
        for first, text in self.summary.get("sources", {}).get(file, {}).get("pieces", ()):
            # Only these three end a line of Python source: not all that str.splitlines() takes for one.
            lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            if not lines[-1]:
                lines.pop()  # what comes after the end of the last line is none
            if 0 <= line - first < len(lines):
                found: str = lines[line - first]
                return found
        return None

    def _column(self, file: Optional[str], line: Optional[int], offset: Optional[int]) -> Optional[int]:
        """A byte offset from 0 as a character from 1."""
        if offset is None:
            return None
        text = self.source_line(file, line)
        if text is None:
            return offset + 1
        return len(_utf8(text)[:offset].decode("utf-8", "replace")) + 1


def _local(
    name: str, scope: str, number: int, type_: str, module: str, kind: int, size: Optional[int], address: int,
    preview: str, status: str, full_length: Optional[int], children_count: int,
) -> Dict[str, Any]:  # fmt: skip
    value = {
        "name": name,
        "scope": scope,
        "id": None if number == _U32 else number,  # never given a number
        "type": type_,
        "module": module,
        "repr": preview if len(preview) <= MAX_PREVIEW + 1 else preview[:MAX_PREVIEW] + "…",
        "address": hex(address) if address is not None else None,
        "size": size,
        "children_count": children_count,
        "status": status,
    }
    if full_length is not None:
        value["full_length"] = full_length
    return value


def _lineage(process: Dict[str, Any]) -> Dict[str, Any]:
    """Which process it is, and from which it comes, where that is known."""
    if not process:
        return {}
    ancestors = [{"pid": pid, "identity": identity} for pid, identity in process.get("ancestors", ())]
    facts = {"identity": process.get("identity"), "name": process.get("name"), "ancestors": ancestors}
    return {"process": facts}


def _awaited_by(threads: Sequence[Dict[str, Any]]) -> Dict[int, List[int]]:
    """Index of a thread → those that await it."""
    out: Dict[int, List[int]] = {}
    for position, thread in enumerate(threads):
        for other in thread.get("awaits", ()):
            out.setdefault(other, []).append(position)
    return out


def _time(seconds: Optional[float]) -> Optional[str]:
    if seconds is None:
        return None
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=int(seconds))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _scalars_only(value: Any) -> Any:
    """The same with U+FFFD for each lone surrogate: JSON can write one, but most programs cannot read it."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _scalars_only(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_scalars_only(item) for item in value]
    return value


def load(path: str, check_opcodes: bool = True) -> Dump:
    """Reads a dump. `FormatError` where it is none; what else is wrong with it stands in its `problems`."""
    with open(path, "rb") as stream:
        return Dump(stream.read(), check_opcodes)


def main(arguments: Sequence[str]) -> int:
    """The command line."""
    options = {argument for argument in arguments if argument.startswith("--")}
    words = [argument for argument in arguments if not argument.startswith("--")]
    if len(words) != 2 or words[0] not in ("bt", "check") or options - {"--locals", "--all", "--json"}:
        sys.stderr.write(__doc__.split("\n\n", 2)[2])
        return 2
    try:
        dump = load(words[1])
        if words[0] == "bt":
            json.dump(dump.bt("--locals" in options, "--all" in options), sys.stdout, indent=2)
            sys.stdout.write("\n")
            return 0
        sys.stdout.write("objects %d\n" % sum(section.count for section in dump.sections))
        sys.stdout.write("digest sha256=%s\n" % dump.digest())
    except Exception as error:  # a hostile summary can be wrong in any way
        sys.stderr.write("reader: %s: %s: %s\n" % (words[1], type(error).__name__, error))
        return 3
    for problem in dump.problems:
        sys.stderr.write("reader: %s: byte %s: %s\n" % (words[1], problem.offset, problem.message))
    return 1 if dump.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
