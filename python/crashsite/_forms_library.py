"""Forms of the standard library's classes that are written in Python: numbers, containers, processes, locks, logging."""

import sys
import types
from itertools import islice
from typing import Any, Dict, List, Optional

from . import _access, _classes, _safe
from ._builtins import keep_builtins
from ._forms import Form, Line, Part, Unknown, called, listed, name_of, of_type, opening, with_names

keep_builtins(globals())

#: parts of one object that a line is made of
_MOST = 100
#: of a weak container, of which a program may have many
_FEW = 5
#: how many loggers lie above each other
_DEEPEST = 100


def attributes_of(value: Any) -> Dict[str, Any]:
    """What an object's slots and dictionary hold under plain names."""
    found = _access.own_attributes(value, _classes.info_of(type(value)))
    return {name: part for name, part in found if type(name) is str}


# -- Numbers and names ------------------------------------------------------------------------------------------------


def _uuid(value: Any, named: Dict[str, Any]) -> List[Part]:
    digits = "%032x" % _within(of_type(named, "int", int), 128)
    groups = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return ["%s('%s')" % (name_of(value), "-".join(groups))]


def _within(number: int, bits: int) -> int:
    if not 0 <= number < 1 << bits:
        raise Unknown("a number beyond its width")
    return number


def _fraction(value: Any, named: Dict[str, Any]) -> List[Part]:
    above, below = of_type(named, "_numerator", int), of_type(named, "_denominator", int)
    return [name_of(value) + "(", (above,), ", ", (below,), ")"]


def _four(named: Dict[str, Any]) -> str:
    number = _within(of_type(named, "_ip", int), 32)
    return ".".join([str(number >> shift & 255) for shift in (24, 16, 8, 0)])


def _six(named: Dict[str, Any]) -> str:
    number = _within(of_type(named, "_ip", int), 128)
    if number >> 32 == 0xFFFF and sys.version_info >= (3, 13):
        text = "::ffff:" + _four({"_ip": number & 0xFFFFFFFF})
    else:
        groups = ["%x" % (number >> shift & 0xFFFF) for shift in range(112, -1, -16)]
        runs = [_zeros(groups, start) for start in range(8)]
        longest = max(runs)
        start = runs.index(longest)
        text = ":".join(groups)
        if longest > 1:
            text = ":".join(groups[:start]) + "::" + ":".join(groups[start + longest :])
    zone = named.get("_scope_id")
    return "%s%%%s" % (text, zone) if type(zone) is str else text


def _zeros(groups: List[str], start: int) -> int:
    end = start
    while end < len(groups) and groups[end] == "0":
        end += 1
    return end - start


def _address(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["%s('%s')" % (name_of(value), _four(named) if "IPv4" in _family(value) else _six(named))]


def _network(value: Any, named: Dict[str, Any]) -> List[Part]:
    inner = attributes_of(named.get("network_address"))
    text = _four(inner) if "IPv4" in _family(value) else _six(inner)
    return ["%s('%s/%d')" % (name_of(value), text, of_type(named, "_prefixlen", int))]


def _interface(value: Any, named: Dict[str, Any]) -> List[Part]:
    length = of_type(attributes_of(named.get("network")), "_prefixlen", int)
    return ["%s('%s/%d')" % (name_of(value), _four(named) if "IPv4" in _family(value) else _six(named), length)]


def _family(value: Any) -> str:
    """The class of ipaddress that an object is of."""
    for base in _safe.mro_of(type(value)):
        if _safe.type_module(base) == "ipaddress":
            return _safe.type_name(base)
    raise Unknown("no class of ipaddress")


def _path(value: Any, named: Dict[str, Any]) -> List[Part]:
    windows = any(_safe.type_name(base) == "PureWindowsPath" for base in _safe.mro_of(type(value)))
    sep = "\\" if windows else "/"
    text = named.get("_str")
    if type(text) is not str:
        if type(named.get("_drv")) is str:
            start = of_type(named, "_drv", str) + of_type(named, "_root", str)
            names = _texts(named.get("_tail_cached", named.get("_parts")))
            text = start + sep.join(names[1:] if start and "_parts" in named else names)
        else:
            text = _joined(_texts(named.get("_raw_paths")), windows)
    return [name_of(value) + "(", (text.replace(sep, "/") or ".",), ")"]


def _texts(items: Any) -> List[str]:
    if type(items) is not list or not all(type(item) is str for item in items[:1000]):
        raise Unknown("no names of a path")
    return items[:1000]


def _joined(pieces: List[str], windows: bool) -> str:
    """As the names of a path are put together that was not looked at yet."""
    if windows:
        if len(pieces) != 1:
            raise Unknown("a path of several parts")
        return pieces[0]
    text = ""
    for piece in pieces:
        text = piece if piece[:1] == "/" or not text else text + "/" + piece
    root = "//" if text[:2] == "//" and text[:3] != "///" else "/" if text[:1] == "/" else ""
    return root + "/".join([name for name in text.split("/") if name and name != "."])


# -- Containers and records -------------------------------------------------------------------------------------------


def _data(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [(named["data"],)]


def _chain_map(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [name_of(value) + "(", *listed(of_type(named, "maps", list)[:_MOST]), ")"]


def _fields(*names: str) -> Line:
    """``Name(field=value, …)``."""

    def line(value: Any, named: Dict[str, Any]) -> List[Part]:
        return [name_of(value) + "(", *with_names([(name, named[name]) for name in names]), ")"]

    return line


def _completed(value: Any, named: Dict[str, Any]) -> List[Part]:
    shown = [(name, named[name]) for name in ("args", "returncode")]
    shown += [(name, named[name]) for name in ("stdout", "stderr") if named.get(name) is not None]
    return [name_of(value) + "(", *with_names(shown), ")"]


def _popen(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["<%s: returncode: " % name_of(value), (named["returncode"],), " args: ", (named["args"],), ">"]


def _partial_method(value: Any, named: Dict[str, Any]) -> List[Part]:
    keywords = of_type(named, "keywords", dict)
    pairs = [(name, part) for name, part in dict.items(keywords) if type(name) is str]
    shown = [", ", *with_names(pairs)] if pairs else []
    return ["functools.partialmethod(", *listed([named["func"], *of_type(named, "args", tuple)[:_MOST]]), *shown, ")"]


def _section(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["<Section: %s>" % of_type(named, "_name", str)]


def _temporary(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["<%s " % name_of(value), (named["name"],), ">"]


def _normal(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [name_of(value) + "(", *with_names([("mu", named["_mu"]), ("sigma", named["_sigma"])]), ")"]


def _environ(value: Any, named: Dict[str, Any]) -> List[Part]:
    """Its texts are kept encoded; they are not decoded, since what is known of a secret belongs to the object."""
    return ["environ(", (of_type(named, "_data", dict),), ")"]


def _message(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [opening(value) + " headers=", (of_type(named, "_headers", list),), ">"]


# -- What threads wait for --------------------------------------------------------------------------------------------


def _at(value: Any) -> str:
    """``<module.Name at 0x…``, to be closed."""
    return "<%s at 0x%x" % (_safe.full_name(type(value)), id(value))


def _condition(value: Any, named: Dict[str, Any]) -> List[Part]:
    waiters = named["_waiters"]
    count = _access.length(waiters, _classes.info_of(type(waiters)))
    return ["<Condition(", (named["_lock"],), ", %d)>" % count]


def _is_set(event: Any) -> bool:
    return bool(of_type(attributes_of(event), "_flag", bool))


def _event(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["%s: %s>" % (_at(value), "set" if of_type(named, "_flag", bool) else "unset")]


def _semaphore(value: Any, named: Dict[str, Any]) -> List[Part]:
    initial = named.get("_initial_value")
    bound = "/%d" % initial if type(initial) is int else ""
    return ["%s: value=%d%s>" % (_at(value), of_type(named, "_value", int), bound)]


def _barrier(value: Any, named: Dict[str, Any]) -> List[Part]:
    state = of_type(named, "_state", int)
    if state == -2:
        return [_at(value) + ": broken>"]
    count = of_type(named, "_count", int) if state == 0 else 0
    return ["%s: waiters=%d/%d>" % (_at(value), count, of_type(named, "_parties", int))]


def _thread(value: Any, named: Dict[str, Any]) -> List[Part]:
    status = "started" if _is_set(named["_started"]) else "initial"
    if _has_ended(named):
        status = "stopped"
    if named.get("_daemonic") is True:
        status += " daemon"
    ident = named.get("_ident")
    if type(ident) is int:
        status += " %d" % ident
    return ["<%s(%s, %s)>" % (name_of(value), of_type(named, "_name", str), status)]


def _has_ended(named: Dict[str, Any]) -> bool:
    handle = named.get("_os_thread_handle", named.get("_handle"))
    if handle is not None:  # 3.13
        return called(handle, "is_done") is True
    lock = named.get("_tstate_lock")
    return named.get("_is_stopped") is True or (lock is not None and called(lock, "locked") is False)


def _queue(value: Any, named: Dict[str, Any]) -> List[Part]:
    return [opening(value) + " ", *with_names([(name, named[name]) for name in ("maxsize", "queue")], " "), ">"]


def _async_queue(value: Any, named: Dict[str, Any]) -> List[Part]:
    held = named["_queue"]
    shown: List[Part] = ["<%s at 0x%x maxsize=" % (name_of(value), id(value)), (named["_maxsize"],)]
    info = _classes.info_of(type(held))
    if _access.length(held, info):
        shown += [" _queue=", (_access.elements(held, info.kind, 0, _MOST),)]
    for name in ("_getters", "_putters"):
        waiting = named.get(name)
        count = _access.length(waiting, _classes.info_of(type(waiting)))
        shown += [" %s[%d]" % (name, count)] if count else []
    unfinished = named.get("_unfinished_tasks")
    shown += [" tasks=%d" % unfinished] if type(unfinished) is int and unfinished else []
    return [*shown, ">"]


def _bracketed(value: Any, named: Dict[str, Any], state: str) -> List[Part]:
    waiters = named.get("_waiters")
    count = _access.length(waiters, _classes.info_of(type(waiters)))
    return ["%s [%s%s]>" % (opening(value), state, ", waiters:%d" % count if count else "")]


def _loop(value: Any, named: Dict[str, Any]) -> List[Part]:
    states = (named["_thread_id"] is not None, of_type(named, "_closed", bool), of_type(named, "_debug", bool))
    return ["<%s running=%s closed=%s debug=%s>" % (name_of(value), *states)]


def _async_lock(value: Any, named: Dict[str, Any]) -> List[Part]:
    return _bracketed(value, named, "locked" if of_type(named, "_locked", bool) else "unlocked")


def _async_event(value: Any, named: Dict[str, Any]) -> List[Part]:
    return _bracketed(value, named, "set" if of_type(named, "_value", bool) else "unset")


def _async_semaphore(value: Any, named: Dict[str, Any]) -> List[Part]:
    left = of_type(named, "_value", int)
    return _bracketed(value, named, "unlocked, value:%d" % left if left else "locked")


def _future(value: Any, named: Dict[str, Any]) -> List[Part]:
    state = of_type(named, "_state", str)
    told = "cancelled" if state.startswith("CANCELLED") else state.lower()
    if state == "FINISHED":
        error, word = named.get("_exception"), "raised"
        if error is None:
            error, word = named.get("_result"), "returned"
        told += " %s %s" % (word, name_of(error))
    return ["<%s at 0x%x state=%s>" % (name_of(value), id(value), told)]


# -- Logging ----------------------------------------------------------------------------------------------------------


def _level_name(level: int) -> str:
    module = sys.modules.get("logging")
    names = _access.dict_value(_access.module_dict(module), "_levelToName") if type(module) is types.ModuleType else {}
    for number, name in list(dict.items(names))[:_MOST] if type(names) is dict else ():
        if type(number) is int and number == level and type(name) is str:
            return name
    return "Level %d" % level


def _effective(named: Dict[str, Any]) -> str:
    for _ in range(_DEEPEST):
        level = of_type(named, "level", int)
        parent = named.get("parent")
        if level or parent is None:
            return _level_name(level)
        named = attributes_of(parent)
    raise Unknown("loggers without end")


def _logger(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["<%s %s (%s)>" % (name_of(value), of_type(named, "name", str), _effective(named))]


def _adapter(value: Any, named: Dict[str, Any]) -> List[Part]:
    inner = attributes_of(named["logger"])
    return ["<%s %s (%s)>" % (name_of(value), of_type(inner, "name", str), _effective(inner))]


def _handler(value: Any, named: Dict[str, Any]) -> List[Part]:
    file = named.get("baseFilename")
    name = file if type(file) is str else stream_name(named.get("stream"))
    level = _level_name(of_type(named, "level", int))
    return ["<%s %s(%s)>" % (name_of(value), name + " " if name else "", level)]


def stream_name(stream: Any) -> str:
    """The name of a file of io's, where that is a text."""
    for _ in range(3):
        found: Dict[str, Any] = attributes_of(stream)
        if type(found.get("name")) is str:
            return str(found["name"])
        stream = found.get("buffer", found.get("raw"))
    return ""


def _record(value: Any, named: Dict[str, Any]) -> List[Part]:
    where = (of_type(named, "name", str), named["levelno"], of_type(named, "pathname", str), named["lineno"])
    if type(where[1]) not in (int, type(None)) or type(where[3]) is not int:
        raise Unknown("no record of logging's")
    message = named["msg"]
    shown: List[Part] = [message] if type(message) is str else [(message,)]
    return ['<LogRecord: %s, %s, %s, %s, "' % where, *shown, '">']


# -- Annotations ------------------------------------------------------------------------------------------------------


def annotation(value: Any) -> List[Part]:
    """A type as it stands within another."""
    if value is Ellipsis:
        return ["..."]
    return [_safe.full_name(value)] if _safe.is_class(value) else [(value,)]


def _generic(value: Any, named: Dict[str, Any]) -> List[Part]:
    name, origin = named.get("_name"), named.get("__origin__")
    arguments = list(of_type(named, "__args__", tuple)[:_MOST])
    if named.get("_special") is True:  # 3.8
        return _special(value, named)
    if name == "Callable" or named.get("_nparams") is not None:
        raise Unknown("written in another way")
    others = [one for one in arguments if one is not type(None)]
    if len(others) == 1 and len(arguments) == 2 and "Union" in (name, attributes_of(origin).get("_name")):
        name = "Optional"
    if name == "Optional":
        arguments = others
    shown: List[Part] = []
    for one in arguments:
        shown += [", " if shown else "", *annotation(one)]
    return [*(["typing." + name] if type(name) is str else annotation(origin)), "[", *(shown or ["()"]), "]"]


def _special(value: Any, named: Dict[str, Any]) -> List[Part]:
    return ["typing." + of_type(named, "_name", str)]


# -- Weak containers --------------------------------------------------------------------------------------------------


def _weak(value: Any, named: Dict[str, Any]) -> List[Part]:
    """What is alive in them, by what they refer to."""
    data = named["data"]
    shown: List[Part] = []
    if type(data) is set:
        for one in list(islice(set.__iter__(data), _FEW)):
            shown += [", " if shown else "", (_target(one),)]
    else:
        for key, part in list(islice(dict.items(data), _FEW)):
            shown += [", " if shown else "", (_target(key),), ": ", (_target(part),)]
    if len(data) > _FEW:
        shown.append(", …")
    return ["<%s at 0x%x: {" % (name_of(value), id(value)), *shown, "}>"]


def _target(value: Any) -> Any:
    found: Optional[Any] = _access.weak_target(value, _classes.info_of(type(value)))
    return value if found is None else found


_PYTHON: Dict[str, Dict[str, Line]] = {
    "uuid": {"UUID": _uuid},
    "fractions": {"Fraction": _fraction},
    "ipaddress": {
        "IPv4Interface": _interface,
        "IPv6Interface": _interface,
        "IPv4Address": _address,
        "IPv6Address": _address,
        "IPv4Network": _network,
        "IPv6Network": _network,
    },
    "pathlib": {"PurePath": _path},
    "pathlib._local": {"PurePath": _path},
    "collections": {"UserDict": _data, "UserList": _data, "UserString": _data, "ChainMap": _chain_map},
    "argparse": {
        "ArgumentParser": _fields("prog", "usage", "description", "formatter_class", "conflict_handler", "add_help"),
    },
    "subprocess": {"CompletedProcess": _completed, "Popen": _popen},
    "functools": {"partialmethod": _partial_method},
    "configparser": {"SectionProxy": _section},
    "tempfile": {"TemporaryDirectory": _temporary},
    "statistics": {"NormalDist": _normal},
    "email.message": {"Message": _message},
    "threading": {
        "Condition": _condition,
        "Event": _event,
        "Semaphore": _semaphore,
        "BoundedSemaphore": _semaphore,
        "Barrier": _barrier,
        "Thread": _thread,
    },
    "queue": {"Queue": _queue},
    "asyncio.queues": {"Queue": _async_queue},
    "asyncio.locks": {"Lock": _async_lock, "Event": _async_event, "Semaphore": _async_semaphore},
    "concurrent.futures._base": {"Future": _future},
    "asyncio.base_events": {"BaseEventLoop": _loop},
    "os": {"_Environ": _environ},
    "typing": {
        "_GenericAlias": _generic,
        "_UnionGenericAlias": _generic,
        "_SpecialGenericAlias": _special,
        "_SpecialForm": _special,
    },
    "logging": {
        "Logger": _logger,
        "LoggerAdapter": _adapter,
        "Handler": _handler,
        "StreamHandler": _handler,
        "FileHandler": _handler,
        "LogRecord": _record,
    },
    "weakref": {"WeakValueDictionary": _weak, "WeakKeyDictionary": _weak},
    "_weakrefset": {"WeakSet": _weak},
}
#: modules whose lines are made of digits, and of names
_OF_DIGITS = ("uuid", "ipaddress", "weakref", "_weakrefset")
FORMS = {
    (module, name): Form(line, is_number=module in _OF_DIGITS, by_reader=line is _weak)
    for module, classes in _PYTHON.items()
    for name, line in classes.items()
}
