"""Room in the folder of the dumps: how many there may be, how large in all, and how much of the disk stays free.

Only files that are the user's own, have the name that dumps get by themselves, and begin as a dump does, are ever removed.
"""

import os
import stat
from time import perf_counter, time
from typing import Callable, List, Tuple

from . import _sites
from ._builtins import keep_builtins

keep_builtins(globals())

_PREFIX, _SUFFIXES = "python_heap_", (".dump", ".dump.age")
#: how a dump begins that is to be read by anybody, and one that is encrypted
_BEGINNING, _VERSION, _ENCRYPTED = (
    b"MIME-Version: 1.0\r\n",
    b"\r\nX-python-heapdump-version: ",
    b"age-encryption.org/v1\n",
)
#: the header with the number that a dump has at its site, and how a dump ends
_SITE, _END = ("\r\n%s: " % _sites.HEADER).encode("ascii"), b"--\r\n"
#: bytes that have all headers
_HEAD = 48 << 10
#: seconds in which a dump without its end may be one that is being written
_WRITING = 120.0
#: seconds that looking through the folder may take
_LOOK_SECONDS = 0.2
#: the part of a disk that is asked to be free at most
_PART = 10


class NoRoom(OSError):
    """The disk is fuller than a setting wants it to be."""


class _Dump:
    """A file that has the name of a dump. Whether it is one is looked at when it is about to be removed."""

    def __init__(self, path: str, facts: os.stat_result) -> None:
        self.path = path
        self.facts = facts
        #: it is not the first of its site
        self.repeats = False

    def is_ours(self) -> bool:
        """Whether it may be removed, by its content."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
        try:
            descriptor = os.open(self.path, flags | getattr(os, "O_BINARY", 0))
        except OSError:
            return False
        try:
            if not os.path.samestat(os.fstat(descriptor), self.facts):
                return False
            head = os.read(descriptor, _HEAD)
            os.lseek(descriptor, max(self.facts.st_size - len(_END), 0), os.SEEK_SET)
            whole = os.read(descriptor, len(_END)) == _END
        except OSError:
            return False
        finally:
            os.close(descriptor)
        if not whole and abs(time() - self.facts.st_mtime) < _WRITING:
            return False
        if head.startswith(_ENCRYPTED):
            return True
        head = head.split(b"\r\n\r\n", 1)[0]
        site = head.partition(_SITE)[2].split(b"\r\n", 1)[0]
        number = site.partition(b"; dump ")[2].split(b" ", 1)[0].rstrip(b";")
        self.repeats = number.isdigit() and number != b"1"
        return head.startswith(_BEGINNING) and _VERSION in head


class Room:
    """What a folder may hold: so many dumps, with so many bytes in all, where so many bytes of the disk stay free. 0: any."""

    def __init__(self, folder: str, max_dumps: int, max_bytes: int, min_free: int) -> None:
        self.folder = folder
        self.max_dumps = max_dumps
        self.max_bytes = max_bytes
        self.min_free = min_free

    def before(self) -> str:
        """Make sure that the disk has room for a dump, or raise `NoRoom`; what is to be said of what was removed for that."""
        free, wanted = self._disk()
        if free >= wanted:
            return ""
        found = [dump for dump in self._dumps() if dump.is_ours()]
        said = ""
        if free + _size(found) >= wanted:
            said = self._remove(found, "dir_min_free=%d" % self.min_free, lambda count, size: free + size < wanted)
            free, wanted = self._disk()
        if free < wanted:
            raise NoRoom("%d MB free for %s, less than dir_min_free=%d" % (free >> 20, self.folder, self.min_free))
        return said

    def after(self, path: str) -> str:
        """Remove what is too much now that there is the dump at `path`; what is to be said of that."""
        found = self._dumps()
        if not self._exceeded(len(found), _size(found)):
            return ""
        found = [dump for dump in found if dump.is_ours()]
        all_count, all_size = len(found), _size(found)
        others = [dump for dump in found if dump.path != path]
        why = self._exceeded(all_count, all_size)
        return self._remove(others, why, lambda count, size: bool(self._exceeded(all_count - count, all_size - size)))

    def _exceeded(self, count: int, size: int) -> str:
        """The settings that so many dumps with so many bytes exceed."""
        why = []
        if 0 < self.max_dumps < count:
            why.append("dir_max_dumps=%d" % self.max_dumps)
        if 0 < self.max_bytes < size:
            why.append("dir_max_bytes=%d" % self.max_bytes)
        return ", ".join(why)

    def _disk(self) -> Tuple[int, int]:
        """Bytes that are free, and that are to be."""
        if not self.min_free or not hasattr(os, "statvfs"):
            return 0, 0
        try:
            facts = os.statvfs(self.folder)
        except OSError:  # what is wrong with the folder is said when the file is made
            return 0, 0
        return facts.f_bavail * facts.f_frsize, min(self.min_free, facts.f_blocks * facts.f_frsize // _PART)

    def _dumps(self) -> List[_Dump]:
        """The user's own files with a dump's name, the oldest first."""
        found: List[_Dump] = []
        until = perf_counter() + _LOOK_SECONDS
        user = os.geteuid() if hasattr(os, "geteuid") else None
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    if perf_counter() > until:
                        break
                    if not (entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIXES)):
                        continue
                    try:
                        facts = os.stat(entry.path, follow_symlinks=False)
                    except OSError:
                        continue
                    if stat.S_ISREG(facts.st_mode) and (user is None or facts.st_uid == user):
                        found.append(_Dump(entry.path, facts))
        except OSError:
            pass
        found.sort(key=lambda dump: (dump.facts.st_mtime, dump.path))
        return found

    def _remove(self, found: List[_Dump], why: str, excess: Callable[[int, int], bool]) -> str:
        """Remove dumps while there is an `excess` over so many with so many bytes removed: first those that are not the first
        of their site, which tell the least."""
        count = size = 0
        for dump in sorted(found, key=lambda dump: not dump.repeats):
            if not excess(count, size):
                break
            try:
                os.unlink(dump.path)
            except OSError:  # another process was faster, or the folder is not ours
                continue
            count += 1
            size += dump.facts.st_size
        if not count:
            return ""
        return "crashsite: %d older dumps (%d kB) removed from %s (%s)" % (count, size // 1000, self.folder, why)


def _size(found: List[_Dump]) -> int:
    return sum(dump.facts.st_size for dump in found)
