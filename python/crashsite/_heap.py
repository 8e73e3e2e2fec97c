"""The heap, breadth first, into columns.

The way the data goes: a batch of objects is taken from the front of one list; bulk operations of the interpreter's C
code sort it by type, pull out what the objects lead to, give new objects their numbers at the end of the same list,
and append to the columns of the section in the making. Only what is not of a plain builtin type, nor an instance with
nothing but a dictionary, is looked at one by one (`_rows`). A full section is handed over to be written.

No dictionary here has the program's objects as keys: identity is by `id`, and every object seen stays referenced by the
list, so that no id is used twice.
"""

import sys
from array import array
from collections import defaultdict, deque
from itertools import chain, compress, count, repeat
from operator import attrgetter, sub
from time import perf_counter
from typing import Any, Callable, Deque, Dict, Iterable, List, Optional, Tuple

from . import _access, _classes, _repr, _rows
from ._builtins import keep_builtins
from ._names import NO
from ._pace import Pace
from ._redact import BEYOND, SHAPE_ONLY
from ._rows import Rest, Row

keep_builtins(globals())

#: the number of an object that was never given one
MISSING = 0xFFFFFFFF
#: objects in a section: small ones first, so that what is near can be read early
SECTION_SIZES = (500, 8000, 32_000, 64_000)
#: elements of a container that are read at its turn; the rest comes after everything else
HEAD = 1000
#: text and bytes in one section before it is written early
SECTION_BYTES = 8 << 20
#: the part of `max_objects` that one container's elements may take
SHARE = 4
#: entries of a list in the end part
LISTED = 10_000

_U64 = (1 << 64) - 1
_I64_MIN, _I64_MAX = -(1 << 63), (1 << 63) - 1

_SLOW, _FAST_INSTANCE = 0, _classes.INSTANCE | _classes.ATTRIBUTES
_flat = chain.from_iterable
_dict_of = attrgetter("__dict__")


def _mask(*codes: int) -> bytes:
    return bytes(code in codes for code in range(256))


_IS_INT, _IS_FLOAT, _IS_STR = _mask(_classes.INT), _mask(_classes.FLOAT), _mask(_classes.STR)
_IS_INSTANCE, _IS_DICT, _IS_SLOW = _mask(_FAST_INSTANCE), _mask(_classes.DICT), _mask(_SLOW)
_IS_LEAF = _mask(_classes.INT, _classes.FLOAT, _classes.STR)
_IS_SEQUENCE = _mask(_classes.LIST, _classes.TUPLE, _classes.SET, _classes.FROZENSET)

#: exact builtin types that are read in bulk
_BULK: Dict[int, int] = {
    id(int): _classes.INT,
    id(float): _classes.FLOAT,
    id(str): _classes.STR,
    id(dict): _classes.DICT,
    id(list): _classes.LIST,
    id(tuple): _classes.TUPLE,
    id(set): _classes.SET,
    id(frozenset): _classes.FROZENSET,
}

#: columns of object numbers are arrays from the start: most of them are large
_NUMBER_COLUMNS = ("attribute_value", "element", "pair", "rest_owner")
_INT_COLUMNS = (
    "type", "size", "address", "attribute_count", "attribute_name", "element_count", "pair_count", "int", "text_length", "bytes_length",
    "note_length", "location_file", "location_line", "rest_start", "flag_object", "flag", "flag_value",
)  # fmt: skip


class Section:
    """The columns of one section in the making."""

    def __init__(self, first: int, size: int) -> None:
        self.first = first
        self.size = size
        self.count = 0
        self.kinds: List[bytes] = []
        self.columns: Dict[str, List[int]] = {name: [] for name in _INT_COLUMNS}
        self.numbers: Dict[str, array[int]] = {name: array("I") for name in _NUMBER_COLUMNS}
        self.floats: List[float] = []
        self.complexes: List[float] = []
        self.texts: List[str] = []
        self.blobs: List[bytes] = []
        self.notes: List[bytes] = []
        self.payload = 0
        self.type_index: Dict[int, int] = {}
        self.type_ids: List[int] = []
        self.name_index: Dict[int, int] = {}
        self.names: List[str] = []
        self.file_index: Dict[str, int] = {}
        #: keeps the objects alive whose ids are keys of `name_index`
        self.kept: List[Any] = []

    def full(self) -> bool:
        """Whether it is time to write it."""
        return self.count >= self.size or self.payload >= SECTION_BYTES

    def types_of(self, type_ids: List[int]) -> List[int]:
        """Indexes into the section's type table."""
        index = self.type_index
        try:
            return list(map(index.__getitem__, type_ids))
        except KeyError:
            for ident in dict.fromkeys(type_ids):
                if ident not in index:
                    index[ident] = len(index)
                    self.type_ids.append(ident)
            return list(map(index.__getitem__, type_ids))

    def names_of(self, names: List[Any]) -> List[int]:
        """Indexes into the section's name table, by the identity of the names."""
        index = self.name_index
        idents = list(map(id, names))
        try:
            return list(map(index.__getitem__, idents))
        except KeyError:
            new = {ident: name for ident, name in zip(idents, names) if ident not in index}
            for ident, name in new.items():
                index[ident] = self.name(name if type(name) is str else _repr.attribute_name(name))
            self.kept.append(new)
            return list(map(index.__getitem__, idents))

    def name(self, text: str) -> int:
        """The index of a name or file name given as text."""
        found = self.file_index.get(text)
        if found is None:
            found = self.file_index[text] = len(self.names)
            self.names.append(text)
        return found

    def data(self, types: List[Tuple[str, str, str, int, str, List[str]]]) -> Dict[str, Any]:
        """The section as plain data, docs/dump-format.md section 5."""
        columns = self.columns
        out: Dict[str, Any] = {"first": self.first, "count": self.count, "types": types, "names": self.names}
        out["kind"] = ("B", b"".join(self.kinds))
        addresses = columns["address"]
        columns["address"] = list(map(sub, addresses, chain((0,), addresses)))
        for name in _INT_COLUMNS:
            if columns[name]:
                out[name] = pack(columns[name])
        for name, numbers in self.numbers.items():
            if numbers:
                out[name] = ("I", little_endian(numbers))
        for name, reals in (("float", self.floats), ("complex", self.complexes)):
            if reals:
                out[name] = ("d", little_endian(array("d", reals)))
        if self.texts:
            lengths, out["text"] = encode(self.texts)
            out["text_length"] = pack(lengths)
        for name, parts in (("bytes", self.blobs), ("note", self.notes)):
            if parts:
                out[name] = b"".join(parts)
                out[name + "_length"] = pack(list(map(len, parts)))
        return out


def encode(texts: List[str]) -> Tuple[List[int], bytes]:
    """(lengths in bytes, UTF-8 of all)."""
    whole = "".join(texts)
    if whole.isascii():
        return list(map(len, texts)), whole.encode("ascii")
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    return list(map(len, parts)), b"".join(parts)


def pack(values: List[int]) -> Tuple[str, bytes]:
    """A column: a width that holds all values, and the bytes. A width that is too small fails at the first value beyond
    it, which costs less than looking for the largest."""
    for code in "BHIi":
        try:
            return code, little_endian(array(code, values))
        except OverflowError:
            continue
    try:
        return ("q", little_endian(array("q", values))) if min(values) < 0 else ("Q", little_endian(array("Q", values)))
    except OverflowError:  # PyPy's id() of a number may take more than 64 bits
        return "Q", little_endian(array("Q", [value & _U64 for value in values]))


def little_endian(values: "array[Any]") -> bytes:
    """The items of an array in the byte order of the format."""
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


class Walk:
    """One walk over the heap. `roots` get the first numbers, in order."""

    def __init__(self, roots: Iterable[Any], reader: _rows.Reader, limits: Dict[str, Any], pace: Pace) -> None:
        self.reader = reader
        self.redactor = reader.redactor
        self.pace = pace
        self.max_objects: int = min(limits["max_objects"], MISSING)
        self.max_seconds: float = limits["max_seconds"]
        self.max_text: int = limits["max_text"]
        self.objects: List[Any] = []
        self.memo: defaultdict[int, int] = defaultdict(count().__next__)
        self.codes = {id(cls): _BULK[id(cls)] for cls in _BULK_TYPES if not self._is_excluded(_classes.info_of(cls))}
        #: type id → whether sys.getsizeof runs C code only
        self.unsafe_sizes: Dict[int, None] = {}
        self.deferred: Deque[Rest] = deque()
        self.taken: Dict[int, int] = {}
        self.rests: List[Tuple[int, int]] = []
        self.cut: List[Tuple[int, int, int]] = []
        self.changed: List[int] = []
        self.counts = [0] * 256
        #: what was told in brief: a kind's name → objects
        self.brief: Dict[str, int] = {}
        self.written = 0
        self.stopped: Optional[str] = None
        self.step = 256
        self.nearly_spent = False
        self.number(list(roots))

    def number(self, found: List[Any]) -> List[int]:
        """Numbers of objects; the new ones go to the end of the list. Once the budget is spent new ones get none."""
        idents = list(map(id, found))
        first = len(self.objects)
        if self.nearly_spent or first + len(found) > self.max_objects:
            self._number_last(found)
            return list(map(self.memo.get, idents, repeat(MISSING)))
        numbers = list(map(self.memo.__getitem__, idents))
        last = len(self.memo)
        if last > first:
            self.objects.extend(map(dict(zip(numbers, found)).__getitem__, range(first, last)))
        return numbers

    def _number_last(self, found: List[Any]) -> None:
        """Number one by one until the budget of objects is spent. There is no way back: the counter is not asked."""
        self.nearly_spent = True
        for value in found:
            if len(self.objects) >= self.max_objects:
                return
            if id(value) not in self.memo:
                self.memo[id(value)] = len(self.objects)
                self.objects.append(value)

    def sections(self) -> Iterable[Dict[str, Any]]:
        """The sections, one after the other. The caller writes each before it asks for the next."""
        started = perf_counter()
        sizes = iter(SECTION_SIZES)
        done = 0
        while self.stopped is None:
            section = Section(done, next(sizes, SECTION_SIZES[-1]))
            self.pace.hold()
            while not section.full():
                if perf_counter() - started > self.max_seconds:
                    self.stopped = "max_seconds"
                    break
                self.pace.breathe()
                if done >= len(self.objects) and not self._undefer():
                    break
                batch = self.objects[done : done + min(self.step, section.size - section.count)]
                self._batch(section, batch, done)
                done += len(batch)
            self.pace.breathe()
            for index in self.redactor.suspects(section.names) if self.redactor.on else ():
                section.names[index] = self.redactor.text(section.names[index])
            data = section.data(self._types(section)) if section.count else None
            self.pace.share()
            if data is None:
                break
            for kinds in section.kinds:
                for kind in set(kinds):
                    self.counts[kind & 0x7F] += kinds.count(kind)
            self.written = done
            yield data
        if self.stopped is None and len(self.objects) >= self.max_objects:
            self.stopped = "max_objects"
        for rest in self.deferred:
            self._cut(rest)

    def end(self) -> Dict[str, Any]:
        """What the closing part says of the walk; docs/dump-format.md section 7."""
        counts = {_classes.KIND_NAMES.get(kind, str(kind)): count for kind, count in enumerate(self.counts) if count}
        return {
            "objects_seen": len(self.objects),
            "cut": self.cut,
            "changed": self.changed,
            "rests": self.rests,
            "counts": counts,
            "brief": self.brief,
        }

    def _undefer(self) -> bool:
        """Queue a piece of the next container whose elements were put off; False where there is none."""
        while self.deferred:
            rest = self.deferred.popleft()
            share = max(self.max_objects // SHARE, HEAD)
            taken = self.taken.get(rest.number, 0)
            if len(self.objects) >= self.max_objects or taken >= share:
                self._cut(rest)
                continue
            info = _classes.info_of(type(rest.owner))
            total = _access.length(rest.owner, info)
            if total != rest.stop:
                if len(self.changed) < LISTED:
                    self.changed.append(rest.number)
                if total <= rest.start:
                    continue
            size = min(max(16_384, rest.start), 1 << 18, share - taken)
            piece = Rest(rest.owner, rest.number, rest.start, min(rest.start + size, total), rest.pairs)
            self.taken[rest.number] = taken + size
            if piece.stop < total:
                self.deferred.append(Rest(rest.owner, rest.number, piece.stop, total, rest.pairs))
            self.rests.append((rest.number, len(self.objects)))
            self.number([piece])
            return True
        return False

    def _cut(self, rest: Rest) -> None:
        if len(self.cut) < LISTED:
            self.cut.append((rest.number, rest.start, rest.stop))

    def _classify(self, batch: List[Any], type_ids: List[int]) -> List[type]:
        """Learn the types not met before; they are objects to capture themselves."""
        new: List[type] = []
        for ident in set(type_ids) - self.codes.keys():
            cls = type(batch[type_ids.index(ident)])
            if cls is Rest:
                self.codes[ident] = _SLOW
                self.unsafe_sizes[ident] = None
                continue
            info = _classes.info_of(cls)
            plain = info.fast_dict and self.redactor.names.trust(info.name) == NO and not self._is_excluded(info)
            plain = plain and not self.reader.library.is_weak_container(cls)
            self.codes[ident] = _FAST_INSTANCE if plain else _SLOW
            if not info.safe_sizeof:
                self.unsafe_sizes[ident] = None
            new.append(cls)
        return new

    def _is_excluded(self, info: _classes.ClassInfo) -> bool:
        return self.redactor.exclusion is not None and self.redactor.exclusion.rule_of(info) is not None

    def _types(self, section: Section) -> List[Tuple[str, str, str, int, str, List[str]]]:
        known = {id(cls): cls for cls in _BULK_TYPES}
        out: List[Tuple[str, str, str, int, str, List[str]]] = []
        for ident in section.type_ids:
            if ident == id(Rest):
                out.append(("crashsite", "rest", "rest", -1, "object", []))
                continue
            info = _classes.info_of(known[ident]) if ident in known else _classes._known[ident]
            number = self.memo.get(ident, -1)
            out.append((info.module, info.name, info.qualname, number, info.style, info.fields))
        return out

    def _batch(self, section: Section, batch: List[Any], first: int) -> None:
        type_ids = list(map(id, map(type, batch)))
        new_classes = self._classify(batch, type_ids) if not self.codes.keys() >= set(type_ids) else []
        codes = bytearray(map(self.codes.__getitem__, type_ids))
        rows = self._slow_rows(batch, codes, first)
        columns = section.columns

        attributes = _guarded(_read_instances, batch, codes, _IS_INSTANCE, self._one_instance)
        pairs = self._bulk_pairs(batch, codes, first)
        sequences = self._bulk_elements(batch, codes, first)
        if rows:
            _merge(codes, _IS_INSTANCE, attributes, rows, "attributes")
            _merge(codes, _IS_DICT, pairs, rows, "pairs")
            _merge(codes, _IS_SEQUENCE, sequences, rows, "elements")

        named = list(_flat(_flat(attributes)))
        names, found = named[::2], named[1::2]
        found_attributes = len(found)
        found.extend(_flat(_flat(pairs)))
        found_pairs = len(found)
        found.extend(_flat(sequences))
        found_elements = len(found)
        if self.redactor.on:
            self.redactor.learn_all(names, found[:found_attributes])
            self.redactor.learn_all(
                found[found_attributes:found_pairs:2], found[found_attributes + 1 : found_pairs : 2]
            )
            self.redactor.learn_sequences(sequences)
            self._redact(batch, codes, rows)

        integers = list(compress(batch, codes.translate(_IS_INT)))
        floats = list(compress(batch, codes.translate(_IS_FLOAT)))
        texts = list(compress(batch, codes.translate(_IS_STR)))
        try:
            array("q", integers)
        except OverflowError:
            integers = self._big_integers(batch, codes, rows)
        lengths = list(map(len, texts))
        section.payload += sum(lengths)
        if lengths and max(lengths) > self.max_text:
            texts = self._long_texts(section, batch, codes, texts)

        if rows:
            _merge(codes, _IS_INT, integers, rows, "integer")
            _merge(codes, _IS_FLOAT, floats, rows, "real")
            _merge(codes, _IS_STR, texts, rows, "text")

        columns["attribute_count"].extend(map(len, attributes))
        columns["attribute_name"].extend(section.names_of(names))
        columns["pair_count"].extend(map(len, pairs))
        columns["element_count"].extend(map(len, sequences))
        found.extend(new_classes)
        numbers = self.number(found)
        section.numbers["attribute_value"].extend(array("I", numbers[:found_attributes]))
        section.numbers["pair"].extend(array("I", numbers[found_attributes:found_pairs]))
        section.numbers["element"].extend(array("I", numbers[found_pairs:found_elements]))

        if rows:
            self._slow_columns(section, batch, codes, rows, first)
        section.kinds.append(bytes(codes))
        columns["type"].extend(section.types_of(type_ids))
        columns["address"].extend(map(id, batch))
        columns["size"].extend(self._sizes(batch, type_ids))
        columns["int"].extend(integers)
        section.floats.extend(floats)
        section.texts.extend(texts)
        section.count += len(batch)
        if len(found) > 16_384 or section.payload > SECTION_BYTES:
            self.step = max(self.step // 4, 16)
        elif len(found) < 4096:
            self.step = min(self.step * 2, 1024)

    def _sizes(self, batch: List[Any], type_ids: List[int]) -> List[int]:
        if not self.unsafe_sizes or self.unsafe_sizes.keys().isdisjoint(type_ids):
            try:
                return list(map(sys.getsizeof, batch))
            except Exception:
                pass
        return [self._size(value, ident) for value, ident in zip(batch, type_ids)]

    def _size(self, value: Any, ident: int) -> int:
        try:
            return object.__sizeof__(value) if ident in self.unsafe_sizes else sys.getsizeof(value)
        except Exception:
            return 0

    def _slow_rows(self, batch: List[Any], codes: bytearray, first: int) -> Dict[int, Row]:
        rows: Dict[int, Row] = {}
        for ident in self.reader.library.excerpts:
            place = self.memo.get(ident, -1) - first
            if 0 <= place < len(batch):
                codes[place] = _SLOW
        index = codes.find(_SLOW)
        while index >= 0:
            rows[index] = self.reader.row(batch[index])
            index = codes.find(_SLOW, index + 1)
        return rows

    def _redact(self, batch: List[Any], codes: bytearray, rows: Dict[int, Row]) -> None:
        """Give what has to be redacted a record of its own."""
        redactor = self.redactor
        if redactor.mode == SHAPE_ONLY:
            bad = list(compress(range(len(batch)), codes.translate(_IS_LEAF)))
        else:
            flags = codes.translate(_IS_STR)
            limit = self.max_text + BEYOND
            texts = [text if len(text) <= limit else text[:limit] for text in compress(batch, flags)]
            bad = redactor.suspects(texts)
            if bad:
                places = list(compress(range(len(batch)), flags))
                bad = [places[index] for index in bad]
            if redactor.hidden and not redactor.hidden.keys().isdisjoint(map(id, batch)):
                bad += [index for index, value in enumerate(batch) if id(value) in redactor.hidden]
        for index in bad:
            codes[index] = _SLOW
            rows[index] = self.reader.row(batch[index])

    def _one_instance(self, value: Any) -> List[Tuple[Any, Any]]:
        return _access.own_attributes(value, _classes.info_of(type(value)))

    def _bulk_pairs(self, batch: List[Any], codes: bytearray, first: int) -> List[Any]:
        flags = codes.translate(_IS_DICT)
        if 1 not in flags:
            return []
        dicts = list(compress(batch, flags))
        if max(map(len, dicts)) <= HEAD:
            return list(map(list, map(dict.items, dicts)))
        return [
            self._head(value, index + first, _classes.DICT)
            for index, value in zip(compress(range(len(batch)), flags), dicts)
        ]

    def _bulk_elements(self, batch: List[Any], codes: bytearray, first: int) -> List[Any]:
        flags = codes.translate(_IS_SEQUENCE)
        if 1 not in flags:
            return []
        sequences = list(compress(batch, flags))
        if max(map(len, sequences)) <= HEAD:
            return list(map(tuple, sequences))
        return [self._head(batch[index], index + first, codes[index]) for index in compress(range(len(batch)), flags)]

    def _head(self, value: Any, number: int, kind: int) -> List[Any]:
        """The first elements (pairs) of a container; what is beyond is put off to the end."""
        info = _classes.info_of(type(value))
        total = _access.length(value, info)
        if total > HEAD:
            self.deferred.append(Rest(value, number, HEAD, total, kind == _classes.DICT))
        if kind == _classes.DICT:
            return _access.pairs(value, info, 0, HEAD)
        return _access.elements(value, kind, 0, HEAD)

    def _big_integers(self, batch: List[Any], codes: bytearray, rows: Dict[int, Row]) -> List[int]:
        """Move integers of more than 64 bits to records of their own."""
        kept = []
        for index in compress(range(len(batch)), codes.translate(_IS_INT)):
            value = batch[index]
            if _I64_MIN <= value <= _I64_MAX:
                kept.append(value)
            else:
                codes[index] = _SLOW
                rows[index] = self.reader.row(value)
        return kept

    def _long_texts(self, section: Section, batch: List[Any], codes: bytearray, texts: List[str]) -> List[str]:
        limit = self.max_text
        for index in compress(range(len(batch)), codes.translate(_IS_STR)):
            if len(batch[index]) > limit:
                self._flag(section, section.count + index, _rows.CUT, len(batch[index]))
        return [text if len(text) <= limit else text[:limit] for text in texts]

    @staticmethod
    def _flag(section: Section, index: int, flag: int, value: int) -> None:
        section.columns["flag_object"].append(index)
        section.columns["flag"].append(flag)
        section.columns["flag_value"].append(value)

    def _slow_columns(
        self, section: Section, batch: List[Any], codes: bytearray, rows: Dict[int, Row], first: int
    ) -> None:
        """What bulk reading never makes: notes, bytes, locations, flags, and the kinds themselves."""
        columns = section.columns
        for index in sorted(rows):
            row = rows[index]
            codes[index] = row.kind | (_classes.ATTRIBUTES if row.attributes is not None else 0)
            if row.complex is not None:
                section.complexes.extend(row.complex)
            if row.raw is not None:
                section.blobs.append(row.raw)
                section.payload += len(row.raw)
            if row.note is not None:
                section.notes.append(row.note.encode("utf-8", "surrogatepass"))
            if row.location is not None:
                columns["location_file"].append(section.name(row.location[0]))
                columns["location_line"].append(row.location[1])
            if row.rest is not None:
                section.numbers["rest_owner"].append(row.rest[0])
                columns["rest_start"].append(row.rest[1])
            for flag, value in row.flags:
                self._flag(section, section.count + index, flag, value)
                if flag == _rows.BRIEF:
                    name = _classes.KIND_NAMES[row.kind]
                    self.brief[name] = self.brief.get(name, 0) + 1
            if row.defer_from is not None:
                value = batch[index]
                total = _access.length(value, _classes.info_of(type(value)))
                self.deferred.append(Rest(value, first + index, row.defer_from, total, row.pairs is not None))


_BULK_TYPES: Tuple[type, ...] = (int, float, str, dict, list, tuple, set, frozenset)


def _read_instances(values: List[Any]) -> List[Any]:
    return list(map(list, map(dict.items, map(_dict_of, values))))


def _guarded(
    bulk: Callable[[List[Any]], List[Any]],
    batch: List[Any],
    codes: bytearray,
    mask: bytes,
    single: Callable[[Any], Any],
) -> List[Any]:
    """Read all at once; where one of them makes trouble, one by one, the troublesome as empty."""
    flags = codes.translate(mask)
    if 1 not in flags:
        return []
    values = list(compress(batch, flags))
    try:
        return bulk(values)
    except MemoryError:
        raise
    except Exception:
        out = []
        for value in values:
            try:
                out.append(single(value))
            except Exception:
                out.append([])
        return out


def _merge(codes: bytearray, mask: bytes, bulk: List[Any], rows: Dict[int, Row], name: str) -> None:
    """Put what single records hold between what was read in bulk, in the order of the objects."""
    slow = {index: part for index, part in zip(rows, map(attrgetter(name), rows.values())) if part is not None}
    if slow:
        found = dict(zip(compress(range(len(codes)), codes.translate(mask)), bulk))
        found.update(slow)
        bulk[:] = map(found.__getitem__, sorted(found))
