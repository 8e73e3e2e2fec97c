"""All options of a capture in one place: from code, from the environment, and from ``[tool.crashsite]`` of pyproject.toml."""

import os
import re
import sys
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterable,
    List,
    Mapping,
    Optional,
    Pattern,
    Sequence,
    Tuple,
    Union,
)

from . import _file, _library, _redact, _safe, _sources
from ._builtins import keep_builtins
from ._exclude import Exclusion

if TYPE_CHECKING:
    from ._seal import Sealer

keep_builtins(globals())

#: the budgets, docs/dump-format.md section 9
LIMITS: Dict[str, Union[int, float]] = {
    "max_objects": 1_000_000,
    "max_bytes": 64 << 20,
    "max_seconds": 2.0,
    "max_text": 65_536,
    "max_array": 65_536,
    "max_arrays": 8 << 20,
    "max_frames": 10_000,
    "max_source": 8 << 20,
    "max_tasks": 10_000,
}

_Number = Union[int, float]
_Headers = Union[None, Mapping[str, str], Iterable[Tuple[str, str]]]
_Patterns = Union[Mapping[str, str], Iterable[str]]

_TABLE = "[tool.crashsite]"
_FILE = "pyproject.toml"
#: environment variable of each option; each limit has one, too: CRASHSITE_MAX_OBJECTS
_VARIABLES = {
    "dump_dir": "CRASHSITE_DIR",
    "message": "CRASHSITE_MESSAGE",
    "files": "CRASHSITE_WITH_FILES",
    "durable": "CRASHSITE_DURABLE",
    "library": "CRASHSITE_LIBRARY",
    "redact": "CRASHSITE_REDACT",
    "redact_names": "CRASHSITE_REDACT_NAMES",
    "redact_patterns": "CRASHSITE_REDACT_PATTERNS",
    "redact_allow": "CRASHSITE_REDACT_ALLOW",
    "recipients": "CRASHSITE_RECIPIENTS",
    "dumps_per_site": "CRASHSITE_DUMPS_PER_SITE",
    "site_seconds": "CRASHSITE_SITE_SECONDS",
    "dir_max_dumps": "CRASHSITE_DIR_MAX_DUMPS",
    "dir_max_bytes": "CRASHSITE_DIR_MAX_BYTES",
    "dir_min_free": "CRASHSITE_DIR_MIN_FREE",
    "exclude_exceptions": "CRASHSITE_EXCLUDE_EXCEPTIONS",
    "exclude_modules": "CRASHSITE_EXCLUDE_MODULES",
    "exclude_types": "CRASHSITE_EXCLUDE_TYPES",
    "workers": "CRASHSITE_WORKERS",
}
_YES, _NO = ("1", "yes", "on", "true"), ("0", "no", "off", "false", "none")


class Settings:
    """The options of a capture, checked. A wrong one is a ValueError with its name, its value and what is wanted.

    dump_dir         folder for the dumps of hooks, decorators and blocks; default: the current directory
    message          a text for the dump, and for the line on stderr
    files            which sources go in: 'app' (the application's files whole, of library files what is around the
                     frames; the default), 'all' or True, False, a container of names, or a callable
    threads          True: all (the default); a thread (or its id), or several: these; False: none but the one that failed
    headers          further headers of the message: a mapping or pairs
    durable          wait for the disk after the summary and at the end (fsync), against loss of power
    limits           other budgets than `LIMITS`, by name
    library          'brief' (the default): of functions, classes and modules of the standard library and of what is installed, no
                     more than a reader needs who has them too; 'full': all of them, for a much larger dump
    redact           'on' (the default): no secrets, see docs/privacy.md; 'shape-only': types, sizes and structure, but no
                     values and no sources; 'off': everything as it is
    redact_names     further names that promise a secret, in any style: 'customer_number' is customerNumber, too
    redact_patterns  further forms of secrets: regular expressions, alone or by the name of their rule; where one has
                     groups, the last one that took part is the secret
    redact_allow     names that promise none after all, and texts that are none
    recipients       public keys of age, age1…: the dump is encrypted for them as it is written, or not written:
                     where it cannot be, that is an error when the hooks are set
    exclude_modules  names of modules whose objects, locals and globals are not looked into, nor those of modules below them
    exclude_types    names of classes whose objects, and those of derived classes, are shown by type and size only

    What follows is about the dumps of hooks, decorators and blocks, not of `save_dump` and `create_dump`:

    dumps_per_site   dumps of the same crash site in `site_seconds`; further crashes are counted only. 0: all are dumped
    site_seconds     after this time a site is dumped anew
    dir_max_dumps    dumps that stay in `dump_dir`: of more, the oldest are removed, those first that are not the first of
                     their site. 0: any number. Files of others, or with other names than dumps have by themselves, stay
    dir_max_bytes    bytes of these in all. 0: any
    dir_min_free     bytes of the disk that stay free, but no more than a tenth of it: where removing dumps does not
                     lead there, none is written. 0: it may become full
    exclude_exceptions
                     names of exceptions, with derived ones, that are not dumped; nor are Celery's Retry, Ignore and Reject

    workers          whether what ends the work of a process pool, and so is sent to the parent, is dumped where it was raised: the
                     parent has no frames of it. (A process that ends by an exception is dumped in any case.)

    A class is named in full, or without its module: 'werkzeug.exceptions.HTTPException', 'HTTPException'. Of all these
    names, * stands for any characters.
    """

    __slots__ = (
        "dump_dir", "message", "files", "threads", "headers", "durable", "limits", "library", "redact", "redact_names",
        "redact_patterns", "redact_allow", "recipients", "dumps_per_site", "site_seconds", "dir_max_dumps", "dir_max_bytes",
        "dir_min_free", "exclude_exceptions", "exclude_modules", "exclude_types", "workers", "enabled",
        "refusal",
    )  # fmt: skip

    def __init__(
        self,
        *,
        dump_dir: Union[None, str, "os.PathLike[str]"] = None,
        message: Optional[str] = None,
        files: Any = None,
        threads: Any = True,
        headers: _Headers = None,
        durable: bool = False,
        limits: Optional[Mapping[str, _Number]] = None,
        library: str = _library.BRIEF,
        redact: str = _redact.ON,
        redact_names: Iterable[str] = (),
        redact_patterns: _Patterns = (),
        redact_allow: Iterable[str] = (),
        recipients: Iterable[str] = (),
        dumps_per_site: int = 3,
        site_seconds: _Number = 86_400,
        dir_max_dumps: int = 200,
        dir_max_bytes: int = 1 << 30,
        dir_min_free: int = 100 << 20,
        exclude_exceptions: Iterable[str] = (),
        exclude_modules: Iterable[str] = (),
        exclude_types: Iterable[str] = (),
        workers: bool = True,
    ) -> None:
        self.dump_dir: Optional[str] = None if dump_dir is None else _folder(dump_dir)
        #: false where CRASHSITE_DIR=disable: hooks, decorators and blocks do nothing
        self.enabled = True
        self.message = None if message is None else _safe.exact_str(message, "?")
        self.files = "app" if files is None else files
        _sources.rule(self.files)
        self.threads = threads
        pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
        self.headers = [(_file.header_name(str(name)), str(value)) for name, value in pairs]
        self.durable = bool(durable)
        self.limits: Dict[str, _Number] = dict(LIMITS)
        for name, value in (limits or {}).items():
            self.limits[name] = _limit(name, value)
        self.library = _extent(library)
        self.redact = _mode(redact)
        self.redact_names = _texts("redact_names", redact_names)
        self.redact_patterns = _compiled(redact_patterns)
        self.redact_allow = _texts("redact_allow", redact_allow)
        self.recipients = _recipients(recipients)
        self.dumps_per_site = _natural("dumps_per_site", dumps_per_site)
        self.site_seconds = _seconds("site_seconds", site_seconds)
        self.dir_max_dumps = _natural("dir_max_dumps", dir_max_dumps)
        self.dir_max_bytes = _natural("dir_max_bytes", dir_max_bytes)
        self.dir_min_free = _natural("dir_min_free", dir_min_free)
        self.exclude_exceptions = _texts("exclude_exceptions", exclude_exceptions)
        self.exclude_modules = _texts("exclude_modules", exclude_modules)
        self.exclude_types = _texts("exclude_types", exclude_types)
        self.workers = bool(workers)
        #: why no dump is written at all; empty where that can be
        self.refusal = ""

    @classmethod
    def load(cls, **options: Any) -> Tuple["Settings", List[str]]:
        """The settings in force: `options`, before the environment, before pyproject.toml. The options are the caller's, and
        raise; what is wrong elsewhere is left out, and is a line of the list. Recipients are never left out: they raise, and
        where a file that may have some cannot be read, there is a `refusal`."""
        problems: List[str] = []
        found: Dict[str, Any] = {}
        path, table, refusal = _from_file(problems)
        for place, values in ((path, table), ("", _from_environment(problems))):
            for name, value in values.items():
                try:
                    cls(**{name: value})
                except (ValueError, TypeError) as error:
                    problem = "%s: %s" % (place or _VARIABLES[name], error)
                    if name == "recipients":
                        raise ValueError(problem) from None
                    problems.append(problem)
                    continue
                found[name] = {**found.get("limits", {}), **value} if name == "limits" else value
        enabled = str(found.get("dump_dir", "")).strip().lower() != "disable"
        if not enabled:
            del found["dump_dir"]
        if options.get("limits"):
            options["limits"] = {**found.get("limits", {}), **options["limits"]}
        found.update({name: value for name, value in options.items() if value is not None})
        settings = cls(**found)
        settings.enabled = enabled
        if not settings.recipients:
            settings.refusal = refusal
        return settings, problems

    def replaced(self, **options: Any) -> "Settings":
        """The same with other options."""
        if not options:
            return self
        new = Settings(**options)
        for name in Settings.__slots__:
            if name not in options:
                setattr(new, name, getattr(self, name))
        if new.recipients:
            new.refusal = ""
        if "limits" in options:
            new.limits = {**self.limits, **{name: new.limits[name] for name in options["limits"] or {}}}
        return new

    def redactor(self) -> _redact.Redactor:
        """A new one for a dump."""
        exclusion = None
        if self.exclude_modules or self.exclude_types:
            exclusion = Exclusion(self.exclude_modules, self.exclude_types)
        return _redact.Redactor(
            self.redact,
            self.redact_names,
            self.redact_patterns,
            self.redact_allow,
            int(self.limits["max_text"]),
            exclusion,
        )

    def sealer(self) -> "Sealer":
        """What encrypts for the recipients, found and tried; ValueError where there is none."""
        from . import _seal

        return _seal.sealer(self.recipients)


def _recipients(values: Any) -> Tuple[str, ...]:
    """Keys that look like some; whether they are is said by the program that seals for them."""
    found = _texts("recipients", values)
    for number, value in enumerate(found, 1):
        if "AGE-SECRET-KEY-" in value.upper():
            raise ValueError("recipients: number %d is a secret key; want its public key, age1…" % number)
        if not value.startswith("age1") or not (value.isascii() and value.isalnum()):
            raise ValueError("recipients: %r: want public keys of age, age1…" % value)
    return found


def _folder(value: Any) -> str:
    try:
        return os.fsdecode(value)
    except TypeError:
        raise ValueError("dump_dir=%r: want the path of a folder" % (value,)) from None


def _limit(name: str, value: Any) -> _Number:
    if name not in LIMITS:
        raise ValueError("no such limit: %r; there are %s" % (name, ", ".join(sorted(LIMITS))))
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        raise ValueError("limits: %s=%r: want a number from 0" % (name, value))
    return value


def _extent(value: Any) -> str:
    if value not in (_library.BRIEF, _library.FULL):
        raise ValueError("library=%r: want 'brief' or 'full'" % (value,))
    return str(value)


def _natural(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("%s=%r: want a whole number from 0" % (name, value))
    return value


def _seconds(name: str, value: Any) -> _Number:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1e10:
        raise ValueError("%s=%r: want seconds, a number from 0" % (name, value))
    return value


def _mode(value: Any) -> str:
    if value is True or value is False:
        return _redact.ON if value else _redact.OFF
    if value not in (_redact.ON, _redact.OFF, _redact.SHAPE_ONLY):
        raise ValueError("redact=%r: want 'on', 'off' or 'shape-only'" % (value,))
    return str(value)


def _texts(name: str, values: Any) -> Tuple[str, ...]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError("%s=%r: want a list of texts" % (name, values))
    found = tuple(values)
    for value in found:
        if type(value) is not str or not value:
            raise ValueError("%s: %r: want texts that are not empty" % (name, value))
    return found


def _compiled(patterns: Any) -> Sequence[Tuple[str, "Pattern[str]"]]:
    if isinstance(patterns, str) or not isinstance(patterns, Iterable):
        raise ValueError("redact_patterns=%r: want regular expressions, in a list or by name" % (patterns,))
    named = list(patterns.items()) if isinstance(patterns, Mapping) else None
    if named is None:
        named = [("pattern %d" % number, pattern) for number, pattern in enumerate(patterns, 1)]
    found = []
    for name, pattern in named:
        try:
            compiled = re.compile(pattern) if type(pattern) is str else pattern
            if not isinstance(compiled, re.Pattern) or not isinstance(compiled.pattern, str):
                raise TypeError("not a text")
            if compiled.match(""):
                raise re.error("it matches nothing at all, which is everywhere")
        except (re.error, TypeError) as error:
            raise ValueError("redact_patterns: %r is no regular expression for text: %s" % (pattern, error)) from None
        found.append((str(name), compiled))
    return found


# ---------------------------------------------------------------------------------------------------------------------
# Elsewhere than in code


def flag(text: str) -> bool:
    """Yes or no, as a variable of the environment says it."""
    if text.lower() in _YES or text.lower() in _NO:
        return text.lower() in _YES
    raise ValueError("want one of %s" % ", ".join(_YES + _NO))


def _list(text: str) -> List[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


_PARSERS: Dict[str, Callable[[str], Any]] = {
    "durable": flag,
    "workers": flag,
    "redact": lambda text: _redact.OFF if text.lower() in _NO else _redact.ON if text.lower() in _YES else text.lower(),
    "library": lambda text: text.lower(),
    "files": lambda text: False if text.lower() in _NO else text.lower(),
    "dumps_per_site": int,
    "site_seconds": float,
    "dir_max_dumps": int,
    "dir_max_bytes": int,
    "dir_min_free": int,
    "exclude_exceptions": _list,
    "exclude_modules": _list,
    "exclude_types": _list,
    "redact_names": _list,
    "redact_allow": _list,
    "recipients": _list,
    "redact_patterns": lambda text: [line for line in text.split("\n") if line],
}


def _from_environment(problems: List[str]) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for name, variable in _VARIABLES.items():
        text = os.environ.get(variable, "").strip()
        if text:
            try:
                found[name] = _PARSERS.get(name, str)(text)
            except ValueError as error:
                problems.append("%s=%r: %s" % (variable, text, error))
    for name in LIMITS:
        variable = "CRASHSITE_" + name.upper()
        text = os.environ.get(variable, "").strip()
        if text:
            try:
                value: _Number = float(text) if name == "max_seconds" else int(text)
                found.setdefault("limits", {})[name] = _limit(name, value)
            except ValueError:
                problems.append("%s=%r: want a number from 0" % (variable, text))
    return found


def _from_file(problems: List[str]) -> Tuple[str, Dict[str, Any], str]:
    """The table of the nearest pyproject.toml, from the current directory upwards. The third: why no dump is written, where
    the file is not read and may name recipients."""
    path = _nearest()
    if path is None:
        return _FILE, {}, ""
    data = b""
    try:
        with open(path, "rb") as stream:
            data = stream.read(1 << 20)
        if b"tool.crashsite" not in data:
            return path, {}, ""
        if not _is_ours(path):
            raise ValueError("not read, as the file belongs to another user")
        if sys.version_info < (3, 11):
            raise ValueError("%s is read by Python 3.11 and later; use CRASHSITE_… variables" % _TABLE)
        import tomllib

        table = tomllib.loads(data.decode("utf-8")).get("tool", {}).get("crashsite", {})
    except (OSError, ValueError) as error:
        problems.append("%s: %s" % (path, error))
        refusal = "%s may name recipients, and was not read: CRASHSITE_RECIPIENTS names them as well" % path
        return path, {}, refusal if b"recipients" in data else ""
    known = set(Settings.__slots__) - {"enabled", "refusal"}
    for name in sorted(set(table) - known):
        problems.append("%s: %s has no option %r; there are %s" % (path, _TABLE, name, ", ".join(sorted(known))))
    return path, {name: value for name, value in table.items() if name in known}, ""


def _nearest() -> Optional[str]:
    try:
        folder = os.getcwd()
    except OSError:
        return None
    while True:
        path = os.path.join(folder, _FILE)
        if os.path.isfile(path):
            return path
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _is_ours(path: str) -> bool:
    """Whether the file is the user's or the system's: in a folder for all, anybody could switch the redaction off."""
    user = getattr(os, "geteuid", None)
    return user is None or os.stat(path).st_uid in (0, user())
