"""What must not be in a dump, and what stands there instead.

A `Redactor` belongs to one dump. A value is redacted by its place, when it is found under a name that promises a secret, and
by its form, wherever it stands. The walk tells of names as it meets them (`learn`); what is learnt is hidden from then on,
also within longer texts and in the usual encodings. Before the first byte is written a look at what is near (`look_around`)
learns most of what there is.
"""

import os
import re
import sys
from bisect import bisect_right
from itertools import accumulate, compress, repeat
from operator import is_
from typing import Any, Dict, Iterable, List, Optional, Sequence, Set, Tuple

from . import _access, _classes, _digest, _numpy, _pandas, _rules, _safe
from ._builtins import keep_builtins
from ._classes import ClassInfo
from ._exclude import MODULES, TYPES, Exclusion, is_named, shown
from ._names import NO, STRONG, WEAK, Names, is_beside
from ._needles import Needles
from ._shapes import Rules, is_wordlike, rule_names
from ._sites import HEADER as SITE_HEADER
from ._values import is_distinctive, is_hidden

try:  # what is seen is not to depend on what else the machine does
    from time import thread_time as thread_seconds
except ImportError:
    from time import perf_counter as thread_seconds

keep_builtins(globals())

ON, OFF, SHAPE_ONLY = "on", "off", "shape-only"

#: seconds of work of the look around before the first byte, how deep it goes, and how much of a container it sees
LOOK_SECONDS, LOOK_DEPTH, LOOK_WIDTH = 0.02, 3, 200
#: how deep containers under a secret name are emptied
_DEPTH = 4
#: numbers below this are one object for all that hold them
_SMALLEST_INT = 257
#: a key that is longer is no name
_LONGEST_NAME = 100
#: how much of a text is read beyond where it is cut, so that a secret there is recognized
BEYOND = 4096
#: texts that are kept to be recognized by identity
_MOST_CACHED = 100_000

_NUMBERS = frozenset([_classes.INT, _classes.FLOAT, _classes.COMPLEX])
#: kinds of which a value can be redacted
LEAVES = frozenset([_classes.STR, _classes.BYTES, _classes.ATOM, *_NUMBERS])
_CONTAINERS = frozenset([_classes.LIST, _classes.TUPLE, _classes.SET, _classes.FROZENSET, _classes.DEQUE])
_HOLDERS = frozenset(_rules.HOLDERS)

_Environ = type(os.environ)

#: (what to show, the rule) in place of a value
Redacted = Tuple[str, str]


class Redactor:
    """The redaction of one dump."""

    #: what stands for every value in `SHAPE_ONLY`
    shapeless = "<redacted>"

    def __init__(
        self,
        mode: str = ON,
        names: Iterable[str] = (),
        patterns: Sequence[Tuple[str, "re.Pattern[str]"]] = (),
        allowed: Iterable[str] = (),
        max_text: int = 65_536,
        exclusion: Optional[Exclusion] = None,
    ) -> None:
        allowed = list(allowed)
        self.mode = mode
        self.on = mode != OFF
        self.max_text = max_text
        self.names = Names(names, allowed)
        self.rules = Rules(self.names, patterns, allowed)
        #: whether any text may be a secret
        self.patterned = bool(patterns)
        #: characters of the shortest text in which there may be a secret
        self.shortest = 1 if patterns else 6
        #: what is left out whatever it is; None: nothing
        self.exclusion = exclusion
        self.rule_names = rule_names(patterns) + ["shape only", TYPES, MODULES]
        self.rule_number = {name: number for number, name in enumerate(self.rule_names)}
        self.counts: Dict[str, int] = {}
        self.needles = Needles()
        self._key = os.urandom(32)
        #: id → marker and rule, of what stands under a secret name
        self.hidden: Dict[int, Redacted] = {}
        self._kept: List[Any] = []
        #: ids of names that promise nothing
        self._innocent: Set[int] = set()
        self._cache: Dict[int, Optional[Redacted]] = {}
        #: texts without a secret, but for values that may be learnt later
        self._clean: Set[str] = set()

    # -- Markers ------------------------------------------------------------------------------------------------------

    def marker(self, secret: str) -> str:
        """What stands for a secret: the same for the same one in this dump. Its key is nowhere in the dump, nor kept."""
        data = secret.encode("utf-8", "surrogatepass")
        return "<redacted %s>" % _digest.blake2b(data, key=self._key, digest_size=4).hexdigest()

    def count(self, rule: str) -> int:
        """One more; the rule's number."""
        self.counts[rule] = self.counts.get(rule, 0) + 1
        return self.rule_number[rule]

    def facts(self) -> Dict[str, Any]:
        """What the summary says of it."""
        return {"mode": self.mode, "rules": self.rule_names, "counts": dict(self.counts)}

    def header(self, name: str, value: str) -> str:
        """The value of one of the user's headers, or of the one that tells of the crash site."""
        if name == SITE_HEADER:
            return value
        if self.mode == SHAPE_ONLY:
            return self.shapeless
        if self.on and self.trust(name) != NO and is_hidden(value, STRONG):
            self.count("name")
            return self.marker(value)
        return self.text(value)

    # -- By form ------------------------------------------------------------------------------------------------------

    def spans(self, text: str, code: bool = False) -> List[Tuple[int, int, str, str]]:
        """(start, end, secret, rule) in order, none over another."""
        data = text.encode("utf-8", "surrogatepass")
        found = [(start, end, value, "known value") for start, end, value in self.needles.spans(text, data)]
        found += [
            (span.start, span.end, text[span.start : span.end], span.rule)
            for span in self.rules.spans(text, data, code)
        ]
        out: List[Tuple[int, int, str, str]] = []
        for one in sorted(found, key=lambda item: (item[0], -item[1])):
            if out and one[0] < out[-1][1]:
                if one[1] > out[-1][1]:
                    start, _, _, rule = out[-1]
                    out[-1] = (start, one[1], text[start : one[1]], rule)
                continue
            out.append(one)
        return out

    def text(self, text: str) -> str:
        """A text without its secrets."""
        if not self.on or len(text) < self.shortest:
            return text
        found = self.spans(text)
        return self._replace(text, found) if found else text

    def number(self, text: str) -> str:
        """The same of a text that is made of digits: it may be a known value, or what the user names."""
        if self.on and (self.patterned or self.needles.spans(text, text.encode("utf-8", "surrogatepass"))):
            return self.text(text)
        return text

    def _replace(self, text: str, found: List[Tuple[int, int, str, str]]) -> str:
        out, done = [], 0
        for start, end, secret, rule in found:
            self.count(rule)
            out += [text[done:start], self.marker(secret)]
            done = end
        return "".join(out) + text[done:]

    def source(self, text: str) -> str:
        """A program's text without its secrets: as many lines, and every line as long as it was, in characters and bytes."""
        if not self.on:
            return text
        out, done = [], 0
        for start, end, _, rule in self.spans(text, code=True):
            self.count(rule)
            out += [text[done:start], "".join(map(_same_width, text[start:end]))]
            done = end
        return "".join(out) + text[done:]

    def suspects(self, texts: List[str]) -> List[int]:
        """Indexes of the texts in which there are secrets."""
        places = [index for index, text in enumerate(texts) if len(text) >= self.shortest]
        if not places:
            return []
        found: List[int] = []
        if self.needles.values:
            joined = "\0".join([texts[index] for index in places])
            data = joined.encode("utf-8", "surrogatepass")
            found += _indexes(places, texts, [span[0] for span in self.needles.spans(joined, data)])
        clean = self._clean
        formed = [index for index in places if texts[index] not in clean]
        if not self.patterned:
            # In an identifier of less than thirteen characters no known form has room: twelve digits are the least.
            formed = [index for index in formed if len(texts[index]) > 12 or not texts[index].isidentifier()]
        told = [texts[index] for index in formed]
        joined = "\0".join(told)
        data = joined.encode("utf-8", "surrogatepass")
        by_rule = _indexes(formed, texts, [span.start for span in self.rules.forms(joined, data)])
        may_have = self.rules.may_have_pairs(told)
        paired = list(compress(formed, may_have))
        if paired:
            joined = "\0".join(list(compress(told, may_have)))
            by_rule += _indexes(paired, texts, [span.start for span in self.rules.pairs(joined)])
        if len(clean) < _MOST_CACHED:
            clean.update(told)
            clean.difference_update([texts[index] for index in by_rule])
        return list(dict.fromkeys(found + by_rule))

    def scrub(self, data: Any) -> Any:
        """Lists, tuples and dictionaries (of which the keys stay) with every text cleaned."""
        if not self.on:
            return data
        texts: List[str] = []
        _collect(data, texts)
        texts = list(dict.fromkeys(texts))  # the same files and functions, again and again
        bad = self.suspects(texts)
        return _rebuilt(data, {texts[index]: self.text(texts[index]) for index in bad}) if bad else data

    # -- By place -----------------------------------------------------------------------------------------------------

    def trust(self, name: Any) -> int:
        """How far the name of something promises a secret."""
        text = name_text(name)
        return self.names.trust(text) if text else NO

    def learn(self, name: Any, value: Any) -> None:
        """What is found under a name."""
        trust = self.trust(name)
        if trust != NO:
            self._hide(value, trust, 0)

    def learn_all(self, names: Sequence[Any], values: Sequence[Any], loose: bool = False) -> None:
        """As `learn`, of many; a name that promises nothing is looked at once. What only may be a pair of name and value
        (`loose`) is one where the value is more than the name of another field."""
        if not self.on:
            return
        innocent = self._innocent
        if innocent.issuperset(map(id, names)):
            return
        fresh = [name for name in names if id(name) not in innocent]
        texts = fresh if all(map(is_, map(type, fresh), repeat(str))) else [name_text(name) or "" for name in fresh]
        stems = self.names.stems_in("\0".join(texts))
        taken_apart = set(_indexes(range(len(texts)), texts, stems))
        promising = {id(fresh[index]) for index in taken_apart if self.trust(fresh[index]) != NO}
        innocent.update(map(id, fresh))
        innocent -= promising
        self._kept.append(fresh)
        if not promising:
            return
        for name, value in zip(names, values):
            if id(name) in promising and (not loose or self._is_own(value)):
                self._hide(value, self.trust(name), 0)

    def learn_sequences(self, sequences: Iterable[Sequence[Any]]) -> None:
        """``("Authorization", "…")``, as headers are kept, and ``[…, "--password", "…"]``."""
        if not self.on:
            return
        texts = [items for items in sequences if len(items) > 1 and (type(items[0]) is str or type(items[0]) is bytes)]
        pairs = [items for items in texts if len(items) == 2]
        if pairs:
            self.learn_all([items[0] for items in pairs], [items[1] for items in pairs], loose=True)
        for items in texts:
            if any(type(item) is str and item[:1] == "-" for item in items[:1000]):
                self.learn_arguments(items)

    def learn_arguments(self, items: Sequence[Any]) -> None:
        """An option and its value, one after the other."""
        for index, item in enumerate(items[:-1]):
            if type(item) is str and item[:1] == "-" and "=" not in item and len(item) < 60:
                trust = self.names.trust(item)
                following = items[index + 1]
                if trust != NO and type(following) is str and following[:1] != "-":
                    self._hide(following, trust, 0)

    def _is_own(self, value: Any) -> bool:
        """Whether the second of two texts is more than the name of another field."""
        if type(value) is bytes:
            value = value.decode("latin-1")
        return type(value) is str and is_hidden(value, WEAK) and not is_wordlike(value)

    def _hide(self, value: Any, trust: int, depth: int) -> None:
        ident = id(value)
        if ident in self.hidden:
            return
        info = _classes.info_of(type(value))
        kind = info.kind
        if kind == _classes.STR or kind == _classes.BYTES:
            text = as_text(value, info, self.max_text)
            if text is None or self.names.is_name(text):
                return
            nested = depth > 0 and trust == WEAK
            if not is_hidden(text, trust) or (nested and not is_distinctive(text, WEAK)):
                return
            self._mark(value, text, "name")
            if is_distinctive(text, trust):
                self.needles.add(text)
            for start, end, secret, _ in self.spans(text[:4096]):
                if end - start < len(text) and is_distinctive(secret, STRONG):
                    self.needles.add(secret)
        elif kind in _NUMBERS:
            if trust == STRONG and kind == _classes.INT and type(value) is not bool:
                number = int.__int__(value)
                if abs(number) >= _SMALLEST_INT and number.bit_length() < 4096:
                    self._mark(value, str(number), "name")
                    if len(str(number)) >= 8:
                        self.needles.add(str(number))
        elif info.numpy:
            if info.numpy != _numpy.DTYPE:
                array = _numpy.arrays.read(value, info.numpy, info.numpy_base)
                if trust == STRONG and array.dtype.itemsize == 1 and array.raw:
                    self._mark(value, array.raw.decode("latin-1"), "name")
                for part in (array.items or ())[:LOOK_WIDTH] if depth < _DEPTH else ():
                    self._hide(part, trust, depth + 1)
        elif depth < _DEPTH:
            if kind == _classes.DICT:
                for key, part in _access.pairs(value, info, 0, LOOK_WIDTH):
                    if not (type(key) is str and is_beside(key)):
                        self._hide(part, trust, depth + 1)
            elif kind in _CONTAINERS:
                for part in _access.elements(value, kind, 0, LOOK_WIDTH):
                    self._hide(part, trust, depth + 1)
            elif kind == _classes.INSTANCE:
                for key, part in _access.own_attributes(value, info):
                    if type(key) is str and key in _HOLDERS:
                        self._hide(part, trust, depth + 1)
            elif kind == _classes.CELL:
                try:
                    self._hide(_access.cell_contents(value), trust, depth)
                except ValueError:  # empty
                    pass

    def _mark(self, value: Any, secret: str, rule: str) -> None:
        self.hidden[id(value)] = (self.marker(secret), rule)
        self._kept.append(value)

    def learn_class(self, info: ClassInfo, attributes: Iterable[Tuple[Any, Any]]) -> None:
        """A class that is named for a secret: its object's own value is one."""
        if not self.on:
            return
        trust = self.names.trust(info.name)
        if trust != NO or info.name == "Morsel":
            for name, value in attributes:
                if type(name) is str and name in _HOLDERS:
                    self._hide(value, STRONG, 0)

    # -- One value ----------------------------------------------------------------------------------------------------

    def leaf(self, value: Any, info: ClassInfo) -> Optional[Redacted]:
        """What is to be shown of a text, bytes or a number instead of it, and why; None where it may stand as it is."""
        if not self.on:
            return None
        found = self.hidden.get(id(value))
        if found is not None:
            return found
        kind = info.kind
        if self.mode == SHAPE_ONLY:
            return None if value is None else (self.shapeless, "shape only")
        if kind != _classes.STR and kind != _classes.BYTES:
            return None
        ident = id(value)
        if ident in self._cache and info.exact and info.layout is not bytearray:
            return self._cache[ident]
        text = as_text(value, info, self.max_text + BEYOND)
        result: Optional[Redacted] = None
        if text is not None and len(text) >= self.shortest:
            found_spans = self.spans(text)
            if not found_spans and kind == _classes.BYTES and "\0" in text:
                bare = text.replace("\0", "")  # UTF-16 or UTF-32
                if len(bare) * 2 <= len(text) + 2 and self.spans(bare):
                    found_spans = [(0, len(text), text, self.spans(bare)[0][3])]
            if found_spans:
                before = dict(self.counts)
                result = (self._replace(text, found_spans), found_spans[0][3])
                self.counts = before  # the object is counted where it is written
        if len(self._cache) < _MOST_CACHED:
            self._cache[ident] = result
            self._kept.append(value)
        return result

    def array(self, value: Any, array: "_numpy.Array") -> Optional[Redacted]:
        """The same of an array of numpy's: of its bytes, where these may be a text. Its objects are looked at each by itself."""
        if not self.on:
            return None
        found = self.hidden.get(id(value))
        if found is not None:
            return found
        if not array.raw or (array.dtype.itemsize != 1 and array.dtype.kind != "V"):
            return None
        return self.leaf(array.raw, _classes.info_of(bytes))

    def learn_column(self, name: Any, column: "_pandas.Column") -> None:
        """The texts of a column, by its name."""
        if self.on and column.array is not None and type(name) is str:
            items = column.array.items or (
                column.categories.array.items if column.categories and column.categories.array else ()
            )
            for item in (items or ())[:LOOK_WIDTH] if self.names.trust(name) != NO else ():
                self._hide(item, self.names.trust(name), 1)

    def learn_frame(self, frame: "_pandas.Frame") -> None:
        """The same of all columns of a frame."""
        names = _pandas.column_of(frame.names) if self.on else None
        if names is not None and names.array is not None and names.array.items is not None:
            for name, (_, column) in zip(names.array.items, frame.columns):
                if column is not None:
                    self.learn_column(name, column)

    def excluded(self, value: Any, info: ClassInfo) -> Optional[str]:
        """What is to be shown of an object that the user wants left out; None: it is not."""
        if self.exclusion is None or is_named(info) or self.exclusion.rule(value, info) is None:
            return None
        return shown(info)

    # -- Before the first byte ----------------------------------------------------------------------------------------

    def look_around(self, frames: Sequence[Any], errors: Sequence[Any], modules: Sequence[Any]) -> bool:
        """Learn from the environment, the arguments, and what is near the frames, whose globals are `modules`; false where the
        time was up before."""
        # Thousands of tasks are more to look at.
        deadline = thread_seconds() + LOOK_SECONDS * max(1, min(len(frames) / 100, 25))
        self._look_at_process()
        level: List[Any] = []
        for frame in frames:
            for name, value in frame.locals:
                self.learn(name, value)
                level.append(value)
        level += errors
        level += modules
        seen: Set[int] = set()
        texts: List[str] = []
        done = True
        for _depth in range(LOOK_DEPTH):
            below: List[Any] = []
            names: List[Any] = []
            named: List[Any] = []
            for position, value in enumerate(level):
                if position % 32 == 0 and thread_seconds() > deadline:
                    done = False
                    break
                if id(value) not in seen:
                    seen.add(id(value))
                    self._look_at(value, below, texts, names, named)
            self.learn_all(names, named)
            level = below
            if not done:
                break
        if self.mode == ON:
            for index in self.suspects(texts):
                for _start, _end, secret, rule in self.spans(texts[index]):
                    if rule != "known value" and is_distinctive(secret, STRONG):
                        self.needles.add(secret)
        self._cache.clear()
        return done

    def _look_at_process(self) -> None:
        environ = getattr(os, "environ", None)
        data = None
        if type(environ) is _Environ:
            data = _safe.find_key(_access.instance_dict(environ, _classes.info_of(_Environ)) or [], "_data")
        for key, value in list(dict.items(data)) if type(data) is dict else []:
            self.learn(key, value)
        argv = getattr(sys, "argv", None)
        if type(argv) is list:
            self.learn_arguments(argv)
            for item in argv:
                if type(item) is str:
                    for _, _, secret, _ in self.spans(item):
                        if is_distinctive(secret, STRONG):
                            self.needles.add(secret)

    def _look_at(self, value: Any, below: List[Any], texts: List[str], names: List[Any], named: List[Any]) -> None:
        """What an object leads to, its text, and what has names in it."""
        info = _classes.info_of(type(value))
        kind = info.kind
        try:
            if kind == _classes.STR:
                text = str.__str__(value)
                if len(text) <= 4096:
                    texts.append(text)
            elif kind == _classes.BYTES and info.layout is bytes:
                if bytes.__len__(value) <= 4096:
                    texts.append(bytes.__getitem__(value, slice(None)).decode("latin-1"))
            elif kind == _classes.DICT:
                pairs = _access.pairs(value, info, 0, LOOK_WIDTH)
                names += [key for key, _ in pairs]
                named += [part for _, part in pairs]
                below += [part for _, part in pairs]
            elif kind in _CONTAINERS:
                items = _access.elements(value, kind, 0, LOOK_WIDTH)
                if info.fields and len(info.fields) <= len(items):
                    names += info.fields
                    named += items[: len(info.fields)]
                self.learn_sequences([items])
                below += items
            elif kind == _classes.INSTANCE or kind == _classes.EXCEPTION:
                own = _access.own_attributes(value, info)
                if kind == _classes.EXCEPTION:
                    below += list(_access.exc_args(value))
                names += [name for name, _ in own]
                named += [part for _, part in own]
                self.learn_class(info, own)
                below += [part for _, part in own]
        except MemoryError:
            raise
        except Exception:  # a broken object; the walk deals with it
            return


def name_text(name: Any) -> Optional[str]:
    """A key as a name; None where it is none."""
    cls = type(name)
    if cls is str:
        return name if len(name) < _LONGEST_NAME else None
    if cls is bytes:
        return name.decode("latin-1") if len(name) < _LONGEST_NAME else None
    return name_text(str.__str__(name)) if _safe.is_builtin_subclass(cls, str) else None


def as_text(value: Any, info: ClassInfo, limit: int) -> Optional[str]:
    """The beginning of a str, or of bytes as Latin-1; a memoryview, which leads to what it views, has none."""
    if info.kind == _classes.STR:
        return str.__getitem__(value, slice(0, limit)) if str.__len__(value) > limit else str.__str__(value)
    if info.layout is bytes:
        return bytes.__getitem__(value, slice(0, limit)).decode("latin-1")
    if info.layout is bytearray:
        return bytes(bytearray.__getitem__(value, slice(0, limit))).decode("latin-1")
    if info.layout is memoryview:
        try:
            return value.tobytes().decode("latin-1") if value.nbytes <= limit else None
        except ValueError:  # released
            return None
    return None


def _indexes(places: Sequence[int], texts: List[str], starts: List[int]) -> List[int]:
    """Of the texts at `places`, which were joined by one character, the indexes of those that hold the `starts`."""
    if not starts:
        return []
    ends = list(accumulate([len(texts[index]) + 1 for index in places]))
    return [places[bisect_right(ends, start)] for start in starts]


def _same_width(char: str) -> str:
    """A mark that is as long in UTF-8; ends of lines stay."""
    if char in "\n\r\t\f":
        return char
    code = ord(char)
    return "*" if code < 0x80 else "\u00b7" if code < 0x800 else "\u2022" if code < 0x10000 else "\U0001f784"


def _collect(data: Any, texts: List[str]) -> None:
    cls = type(data)
    if cls is str:
        texts.append(data)
    elif cls is dict:
        for value in data.values():
            _collect(value, texts)
    elif cls is list or cls is tuple:
        for value in data:
            _collect(value, texts)


def _rebuilt(data: Any, clean: Dict[str, str]) -> Any:
    cls = type(data)
    if cls is str:
        return clean.get(data, data)
    if cls is dict:
        return {key: _rebuilt(value, clean) for key, value in data.items()}
    if cls is list:
        return [_rebuilt(value, clean) for value in data]
    if cls is tuple:
        return tuple([_rebuilt(value, clean) for value in data])
    return data
