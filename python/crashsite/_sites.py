"""The same crash again and again: the first ones are dumped, those after them are counted.

The counts are kept in one small file of each user in the folder of the dumps, so that a program that is started again goes on
with them; where that is not possible, in the process. Counting never waits long, and is never why there is no dump.
"""

import os
import stat
from time import gmtime, sleep, strftime, time
from typing import Any, Callable, Dict, List, Optional, Tuple

from . import _access, _digest, _file, _safe, _stacks
from ._builtins import keep_builtins

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

keep_builtins(globals())

#: name of the file; each user has one, as nobody else could write it
FILE = "crashsite_sites_%s.txt" % (os.geteuid() if hasattr(os, "geteuid") else "all")
_HEAD = (
    "# Crashes in this folder, by crash site. Without its line, or without this file, a site is dumped anew.\n"
    "# site since last dumped crashed crashed-since-the-last-dump what\n"
)
#: bytes of the file, and sites in it: of more, those that crashed last stay
_MOST_BYTES, _MOST_SITES = 1 << 18, 500
#: characters of a description
_LONGEST = 300
#: attempts to get the file for oneself, and the seconds between two
_TRIES, _PAUSE = 20, 0.005
#: exceptions of a chain that are followed
_CHAIN = 1000
#: seconds by which clocks may differ
_SKEW = 60.0


class Site:
    """A place where a program fails: `ident` for programs, `text` for people."""

    def __init__(self, ident: str, text: str) -> None:
        self.ident = ident
        self.text = text


class Count:
    """What is known of a site: crashes and dumps `since` a time, the `last` crash, and those `missed` since the last dump."""

    def __init__(self, text: str, since: float) -> None:
        self.text = text
        self.since = self.last = since
        self.dumped = self.crashes = self.missed = 0


def site_of(error: BaseException, traceback: Any) -> Site:
    """The site of a crash: class, file, function and line of the application's innermost frame, and the same of what the
    exception came from in the end (or of a group's first member): a framework wraps all errors at one place."""
    origin = _origin(error)
    key, text = _place(error, traceback)
    if origin is not error:
        key += "\n" + _place(origin, _access.exc_traceback(origin))[0]
    digest = _digest.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=4)
    return Site(digest.hexdigest(), _file.clean(text)[:_LONGEST])


def _origin(error: BaseException) -> BaseException:
    seen: Dict[int, None] = {}
    while id(error) not in seen and len(seen) < _CHAIN:
        seen[id(error)] = None
        following = _access.exc_cause(error)
        if following is None and not _access.exc_suppress(error):
            following = _access.exc_context(error)
        if following is None:
            following = next(iter(_access.group_members(error)), None)
        if not _stacks.isinstance_exception(following):
            break
        error = following
    return error


def _place(error: BaseException, traceback: Any) -> Tuple[str, str]:
    """(what tells it from other places, the same for people)."""
    name = _safe.full_name(type(error))
    found: Any = None
    for frame, line, _ in reversed(_stacks.walk_traceback(traceback)):
        if _stacks.is_own(frame):
            continue
        if found is None:
            found = frame, line
        if not _stacks.is_library(_safe.exact_str(frame.f_code.co_filename)):
            found = frame, line
            break
    if found is None:
        return name, name
    code, line = found[0].f_code, found[1]
    file = _safe.exact_str(code.co_filename)
    function = _safe.exact_str(getattr(code, "co_qualname", None) or code.co_name)
    return "%s\n%s\n%s\n%s" % (name, _lasting(file), function, line), "%s in %s (%s:%s)" % (name, function, file, line)


def _lasting(file: str) -> str:
    """A file's name, in which a word with a digit counts as any other: of files that are made anew each time, that is the
    part which differs."""
    out, word = [], ""
    for char in file + "\0":
        if char.isalnum():
            word += char
            continue
        out += ["#" if any(map(str.isdigit, word)) else word, char]
        word = ""
    return "".join(out)


# ---------------------------------------------------------------------------------------------------------------------
# Counting

#: (folder, site) → what could not be written into the folder's file
_here: Dict[Tuple[str, str], Count] = {}


class Claim:
    """One crash, counted. `granted`: it is to be dumped, as number `dump` of its site; `count` as it is after that, and the
    crashes `missed` between the last dump and this one."""

    def __init__(self, folder: str, site: Site, most: int, seconds: float) -> None:
        self.granted = True
        self.folder, self.site = folder, site
        self.missed = 0
        self.count = Count(site.text, 0.0)
        now = time()

        def one_more(count: Count) -> None:
            if count.since > now + _SKEW or now - count.since > seconds:
                count.since = now
                count.dumped = count.crashes = 0
            count.last = now
            count.crashes += 1
            self.granted = not most or count.dumped < most
            if self.granted:
                count.dumped += 1
                self.missed, count.missed = count.missed, 0
            else:
                count.missed += 1

        self._change(one_more)

    def refuse(self, again: bool) -> None:
        """There is no dump after all. `again`: the same crash is counted once more."""

        def one_less(count: Count) -> None:
            count.dumped = max(count.dumped - 1, 0)
            count.missed += self.missed + (not again)
            count.crashes = max(count.crashes - again, 0)

        self._change(one_less)

    def _change(self, change: Callable[[Count], None]) -> None:
        key = self.folder, self.site.ident
        try:
            descriptor = _open(os.path.join(self.folder, FILE))
        except OSError:
            descriptor = None
        try:
            counts = _parsed(_read(descriptor)) if descriptor is not None else {}
            known, kept = counts.get(self.site.ident), _here.pop(key, None)
            if known is None or (kept is not None and kept.crashes > known.crashes):
                known = kept or Count(self.site.text, time())
            change(known)
            self.count = counts[self.site.ident] = known
            if descriptor is None or not _write(descriptor, counts):
                if len(_here) >= _MOST_SITES:
                    _here.clear()
                _here[key] = known
        finally:
            if descriptor is not None:
                _close(descriptor)

    def header(self, most: int) -> str:
        """What the dump says of its site."""
        text = "%s; dump %d%s" % (self.site.ident, self.count.dumped, " of %d" % most if most else "")
        return text + ("; %d crashes since the last one were only counted" % self.missed if self.missed else "")

    def line(self, most: int) -> str:
        """What is said in place of a dump."""
        return "crashsite: no further heap dump of %s: %d crashes since %s UTC, %d dumped in %s (dumps_per_site=%d)" % (
            self.site.text, self.count.crashes, _written(self.count.since)[:16].replace("T", " "), self.count.dumped,
            self.folder, most,
        )  # fmt: skip


#: the header with what `Claim.header` gives
HEADER = "X-Crashsite-Site"


def _open(path: str) -> Optional[int]:
    """The file, for this process alone; None: it is not to be had, or not the user's own."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0), 0o600)
    facts = os.fstat(descriptor)
    own = stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1
    if own and (not hasattr(os, "geteuid") or facts.st_uid == os.geteuid()) and _locked(descriptor):
        return descriptor
    os.close(descriptor)
    return None


def _locked(descriptor: int) -> bool:
    if fcntl is None:
        return True
    for attempt in range(_TRIES):
        if attempt:
            sleep(_PAUSE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            continue
    return False


def _close(descriptor: int) -> None:
    try:
        if fcntl is not None:  # a child that was forked meanwhile would keep the lock
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> str:
    try:
        return os.read(descriptor, _MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _write(descriptor: int, counts: Dict[str, Count]) -> bool:
    latest = sorted(counts.items(), key=lambda item: -item[1].last)[:_MOST_SITES]
    lines = [
        "%s %s %s %d %d %d %s\n"
        % (ident, _written(count.since), _written(count.last), count.dumped, count.crashes, count.missed, count.text)
        for ident, count in latest
    ]
    data = (_HEAD + "".join(lines)).encode("utf-8", "replace")
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        if os.write(descriptor, data) != len(data):
            return False
        os.ftruncate(descriptor, len(data))
        return True
    except OSError:
        return False


def _parsed(text: str) -> Dict[str, Count]:
    """The lines that are whole; whatever else stands there is passed over."""
    counts: Dict[str, Count] = {}
    for line in text.split("\n")[: 2 * _MOST_SITES]:
        fields: List[str] = line.split(" ", 6)
        try:
            ident, since, last, dumped, crashes, missed, what = fields
            count = Count(_file.clean(what)[:_LONGEST], _read_time(since))
            count.last = _read_time(last)
            count.dumped, count.crashes, count.missed = _natural(dumped), _natural(crashes), _natural(missed)
        except (ValueError, OverflowError):
            continue
        if len(ident) == 8 and ident.isalnum() and ident.isascii():
            counts[ident] = count
    return counts


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ValueError(text)
    return int(text)


# Not by `datetime`, which crashes the interpreter when it is used at its end (CPython 3.13).


def _written(seconds: float) -> str:
    """UTC, as 2026-11-25T02:55:11Z."""
    return strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(int(seconds)))


def _read_time(text: str) -> float:
    if len(text) != 20 or text[10] + text[19] != "TZ":
        raise ValueError(text)
    year, month, day, hour, minute, second = (
        _natural(text[start : start + size]) for start, size in ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2))
    )
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
        raise ValueError(text)
    # Days since 1970-01-01; the year begins in March, so that the day that some lack is its last.
    year -= month <= 2
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = year * 365 + year // 4 - year // 100 + year // 400 + in_year - 719_468
    return float(((days * 24 + hour) * 60 + minute) * 60 + second)
