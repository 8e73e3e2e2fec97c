"""Writes a heap file of PyHeap of the process it runs in, from the description of the layout alone.

PyHeap itself is not on PyPI, and takes gdb to a process that runs; what it writes is this:

    u64 123000321, u32 1, text (time), u64 flags (1: with `str()` of each object)
    u32 n, n × (text name, u64 address)                  well-known types
    u32 n, n × (text name, u8 alive, u8 daemon,          threads
        u32 n, n × (text file, u32 line, text function, u32 n, n × (text name, u64 address)))
    u32 n, n × (i16 length, bytes)                       frequent names of attributes
    u32 n, n × (u64 type, attributes)                    types whose objects are written without attributes
    u32 n, n × object
    u32 n, n × (u64 type, text name), u64 123000321

An object: u64 address, u64 type, u32 size; of a dictionary u32 n and n × two u64; of a list, tuple or set u32 n and n ×
u64; u32 n, n × u64 other referents; attributes; text where the flag is set and it is no container. Attributes: u32 n, n ×
(i16 length and bytes, or i16 -1 - index of a frequent name; u64 address). A text: u16 length, UTF-8. Big-endian.
"""

import datetime
import gc
import inspect
import struct
import sys
import threading
import traceback
from typing import Any, Dict, List, Optional

MAGIC = 123000321
CONTAINERS = (list, tuple, set, dict)
PLAIN = (int, float, bool, str, bytes, list, set, dict)
KNOWN = (list, tuple, dict, set, str, bytes, bytearray, int, bool, float, object, type, type(None))
FREQUENT = tuple(dir(object))


class HeapFile:
    """One file."""

    def __init__(self, longest: Optional[int] = 1000) -> None:
        self.out = bytearray()
        self.longest = longest
        self.keep: List[Any] = []

    def u32(self, value: int) -> None:
        self.out += struct.pack("!I", value)

    def u64(self, value: int) -> None:
        self.out += struct.pack("!Q", value)

    def text(self, text: str, code: str = "!H") -> None:
        raw = text.encode("utf-8", "backslashreplace")
        self.out += struct.pack(code, len(raw)) + raw

    def attributes(self, thing: Any) -> List[Any]:
        found = []
        for name in dir(thing):
            try:
                found.append((name, inspect.getattr_static(thing, name)))
            except (AttributeError, ValueError):
                pass
        self.u32(len(found))
        for name, value in found:
            if name in FREQUENT:
                self.out += struct.pack("!h", -1 - FREQUENT.index(name))
            else:
                self.text(name, "!h")
            self.u64(id(value))
        return [value for _, value in found]

    def head(self) -> None:
        self.u64(MAGIC)
        self.u32(1)
        self.text(datetime.datetime.now(datetime.timezone.utc).isoformat())
        self.u64(self.longest is not None)
        self.u32(len(KNOWN))
        for kind in KNOWN:
            self.text(kind.__name__)
            self.u64(id(kind))

    def threads(self) -> List[Any]:
        roots: List[Any] = []
        frames = sys._current_frames()
        threads = threading.enumerate()
        self.u32(len(threads))
        for thread in threads:
            self.text(thread.name)
            self.out += bytes([thread.is_alive(), bool(thread.daemon)])
            frame = frames.get(thread.ident or 0)
            stack = [] if frame is None else list(traceback.walk_stack(frame))
            stack = [entry for entry in stack if entry[0].f_code.co_filename != __file__]
            self.u32(len(stack))
            for entry, line in stack:
                self.text(entry.f_code.co_filename)
                self.u32(line)
                self.text(entry.f_code.co_name)
                names = dict(entry.f_locals)
                self.u32(len(names))
                for name, value in names.items():
                    self.text(name)
                    self.u64(id(value))
                roots += names.values()
        return roots

    def object(self, thing: Any) -> List[Any]:
        kind = type(thing)
        self.u64(id(thing))
        self.u64(id(kind))
        self.u32(sys.getsizeof(thing))
        more: List[Any] = list(gc.get_referents(thing))
        if kind is dict:
            self.u32(len(thing))
            for key, value in thing.items():
                self.u64(id(key))
                self.u64(id(value))
                more += (key, value)
        elif kind in CONTAINERS:
            self.u32(len(thing))
            for value in thing:
                self.u64(id(value))
        self.u32(len(more))
        for value in more:
            self.u64(id(value))
        if kind not in PLAIN:
            more += self.attributes(thing)
        if self.longest is not None and kind not in CONTAINERS:
            try:
                text = str(thing)[: self.longest]
            except Exception:
                text = "<ERROR on __str__>"
            self.text(text)
        return more

    def write(self, most: int = 1 << 30) -> bytes:
        """The file, with at most that many objects."""
        self.head()
        roots = self.threads()
        self.u32(len(FREQUENT))
        for name in FREQUENT:
            self.text(name, "!h")
        self.u32(len(PLAIN))
        for kind in PLAIN:
            self.u64(id(kind))
            roots.append(kind)
            roots += self.attributes(kind())
        place = len(self.out)
        self.u32(0)
        types: Dict[int, str] = {id(kind): kind.__name__ for kind in KNOWN}
        seen = {id(self), id(self.__dict__), id(self.out), id(self.keep), id(types), id(roots)}
        seen.add(id(seen))
        count = 0
        # Breadth first; PyHeap goes depth first, from all objects of the garbage collector: the order says nothing.
        while roots and count < most:
            following: List[Any] = []
            seen.add(id(following))
            for thing in roots:
                if id(thing) not in seen and count < most:
                    seen.add(id(thing))
                    self.keep.append(thing)
                    types[id(type(thing))] = type(thing).__name__
                    following += self.object(thing)
                    following.append(type(thing))
                    count += 1
            roots = following
        struct.pack_into("!I", self.out, place, count)
        self.u32(len(types))
        for address, name in types.items():
            self.u64(address)
            self.text(name)
        self.u64(MAGIC)
        return bytes(self.out)
