"""For what a thread or a task waits, as far as its innermost frames tell.

The standard library's own functions are known by their code; where a builtin function waits right in a frame of the program's, the
instructions before tell which object it belongs to.
"""

import opcode
import sys
import types
from typing import Any, Dict, List, Optional, Tuple

from . import _access, _classes, _futures, _safe
from ._builtins import keep_builtins
from ._stacks import Frame, Thread, is_library

keep_builtins(globals())

#: module, function, the local that is waited for, the words; `%s` is what the local says of itself
_FUNCTIONS: List[Tuple[str, str, str, str]] = [
    ("threading", "Condition.wait", "self", "a Condition"),
    ("threading", "Event.wait", "self", "an Event"),
    ("threading", "Semaphore.acquire", "self", "a Semaphore"),
    ("threading", "Barrier.wait", "self", "a Barrier"),
    ("threading", "Thread.join", "self", "the end of %s"),
    ("threading", "_shutdown", "", "the end of all threads"),
    ("queue", "Queue.get", "self", "an item in a Queue"),
    ("queue", "Queue.put", "self", "room in a Queue"),
    ("queue", "Queue.join", "self", "all items of a Queue to be done"),
    ("concurrent.futures._base", "Future.result", "self", "a Future"),
    ("concurrent.futures._base", "Future.exception", "self", "a Future"),
    ("concurrent.futures._base", "wait", "fs", "Futures"),
    ("concurrent.futures._base", "as_completed", "fs", "Futures"),
    ("concurrent.futures.thread", "_worker", "", "work of its ThreadPoolExecutor"),
    ("concurrent.futures.thread", "ThreadPoolExecutor.shutdown", "self", "the workers of a ThreadPoolExecutor"),
    ("concurrent.futures.process", "_process_worker", "", "work of its ProcessPoolExecutor"),
    (
        "concurrent.futures.process",
        "_ExecutorManagerThread.wait_result_broken_or_wakeup",
        "",
        "the processes of its executor",
    ),
    ("multiprocessing.connection", "wait", "", "connections"),
    ("multiprocessing.connection", "_ConnectionBase.recv", "self", "data of a Connection"),
    ("multiprocessing.connection", "_ConnectionBase.recv_bytes", "self", "data of a Connection"),
    ("multiprocessing.pool", "ApplyResult.get", "self", "a result of a Pool"),
    ("multiprocessing.pool", "worker", "", "work of its Pool"),
    ("multiprocessing.process", "BaseProcess.join", "self", "the end of %s"),
    ("multiprocessing.queues", "Queue.get", "self", "an item in a multiprocessing Queue"),
    ("multiprocessing.queues", "SimpleQueue.get", "self", "an item in a multiprocessing SimpleQueue"),
    ("subprocess", "Popen.wait", "self", "the end of process %s"),
    ("subprocess", "Popen.communicate", "self", "the end of process %s"),
    ("selectors", "SelectSelector.select", "", "files to be ready"),
    ("selectors", "PollSelector.select", "", "files to be ready"),
    ("selectors", "_PollLikeSelector.select", "", "files to be ready"),
    ("selectors", "EpollSelector.select", "", "files to be ready"),
    ("selectors", "KqueueSelector.select", "", "files to be ready"),
    ("socket", "socket.accept", "self", "a connection to a socket"),
    ("socket", "SocketIO.readinto", "", "data of a socket"),
    ("socket", "create_connection", "", "a connection of a socket"),
    ("asyncio.base_events", "BaseEventLoop._run_once", "", "events of its loop"),
    ("asyncio.tasks", "sleep", "delay", "sleep(%s)"),
    ("asyncio.locks", "Event.wait", "self", "an Event"),
    ("asyncio.locks", "Lock.acquire", "self", "a Lock"),
    ("asyncio.locks", "Semaphore.acquire", "self", "a Semaphore"),
    ("asyncio.locks", "Condition.wait", "self", "a Condition"),
    ("asyncio.queues", "Queue.get", "self", "an item in a Queue"),
    ("asyncio.queues", "Queue.put", "self", "room in a Queue"),
    ("asyncio.queues", "Queue.join", "self", "all items of a Queue to be done"),
    ("asyncio.streams", "StreamReader._wait_for_data", "self", "data of a StreamReader"),
    ("asyncio.streams", "StreamWriter.drain", "self", "room in a StreamWriter"),
    ("asyncio.subprocess", "Process.wait", "self", "the end of a process"),
    ("trio._timeouts", "sleep", "seconds", "sleep(%s)"),
    ("trio._timeouts", "sleep_forever", "", "nothing: sleep_forever"),
    ("trio._sync", "Event.wait", "self", "an Event"),
    ("trio._sync", "CapacityLimiter.acquire_on_behalf_of", "self", "a CapacityLimiter"),
    ("trio._sync", "Semaphore.acquire", "self", "a Semaphore"),
    ("trio._sync", "_LockImpl.acquire", "self", "a Lock"),
    ("trio._channel", "MemoryReceiveChannel.receive", "self", "an item of a channel"),
    ("trio._channel", "MemorySendChannel.send", "self", "room in a channel"),
]
#: builtin functions that wait, by the name of their module
_BUILTINS = {
    ("time", "sleep"), ("select", "select"), ("posix", "wait"), ("posix", "waitpid"), ("posix", "wait4"), ("posix", "read"),
    ("signal", "pause"), ("signal", "sigwait"),
}  # fmt: skip
_SOCKET_METHODS = ("recv", "recv_into", "recvfrom", "accept", "connect", "send", "sendall", "sendto")

#: instructions between an object's method and the call of it, where its arguments are constants
_BETWEEN = ("LOAD_CONST", "LOAD_SMALL_INT", "KW_NAMES", "PRECALL", "PUSH_NULL", "NOP", "EXTENDED_ARG", "CACHE", "COPY", "SWAP",
            "LOAD_SPECIAL")  # fmt: skip

_RLock: Any = type(__import__("_thread").RLock())
_Lock: Any = type(__import__("_thread").allocate_lock())


class Waits:
    """Tells it of the stacks of one capture."""

    def __init__(self, threads: List[Thread]) -> None:
        self.functions = _futures.functions(threads)
        self.threads = {thread.ident: thread for thread in threads if thread.kind == "thread"}
        self.codes: Dict[int, Tuple[str, str]] = {}
        for module_name, qualname, local, words in _FUNCTIONS:
            module = sys.modules.get(module_name)
            if type(module) is not types.ModuleType:
                continue
            entry: Any = _access.dict_value(_access.module_dict(module), qualname.split(".")[0])
            if "." in qualname:
                entry = (
                    _safe.find_key(_safe.namespace_of(entry), qualname.split(".")[1]) if _safe.is_class(entry) else None
                )
            code = getattr(_inner(entry), "__code__", None) if type(_inner(entry)) is types.FunctionType else None
            if code is not None:
                self.codes[id(code)] = (local, words)

    def tell(self, item: Thread) -> None:
        """Set `wait_for`, and what it awaits where that is a thread. What has failed waits for nothing any more."""
        if item.crashed or item.state == "failed":
            return
        found = None
        for place, frame in enumerate(item.frames[:50]):
            known = self.codes.get(id(frame.code))
            if known is not None:
                found = (place, *known)
            elif not _of_library(frame):
                break
        if found is not None:
            place, local, words = found
            value = _local(item.frames[place], local)
            caller = next((frame for frame in item.frames[place + 1 : place + 5] if not _of_library(frame)), None)
            item.wait_for = self._words(item, words, value, caller)
        elif item.frames and item.kind == "thread" and not item.current:
            item.wait_for = self._builtin(item, item.frames[0])

    def _words(self, item: Thread, words: str, value: Any, caller: Optional[Frame]) -> str:
        if "%s" in words:
            return words % self._of(item, value)
        if words == "a Future":
            words = self._future(value, bool(item.awaits))
        if words == "Futures":
            words = self._futures(value)
        name = _name_in(caller, value) if value is not None and caller is not None else None
        return words if name is None else "%s, %s" % (words, name)

    def _future(self, value: Any, is_known: bool) -> str:
        """What gives a result, and whether it does so already; where a thread is known to, that is told by `awaits`."""
        words, function = "a Future", self.functions.get(id(value))
        if function is not None:
            words += " of " + function
        if is_known:
            return words
        state = _safe.find_key(_access.instance_dict(value, _classes.info_of(type(value))) or [], "_state")
        return words + {"PENDING": " that nothing has begun", "RUNNING": " that runs"}.get(state, "")

    def _futures(self, values: Any) -> str:
        """The functions of several that are not done."""
        if type(values) not in (list, tuple, set, frozenset):
            return "Futures"
        named = sorted(
            {self.functions[id(value)] for value in list(values)[: _futures.LOOKED_AT] if id(value) in self.functions}
        )
        further = ["%d others" % (len(named) - 3)] if len(named) > 4 else named[3:]
        return "Futures" + (" of " + ", ".join(named[:3] + further) if named else "")

    def _of(self, item: Thread, value: Any) -> str:
        """What a thread or process is called, and how long a number is."""
        if type(value) is int or type(value) is float:
            return repr(value)
        named = _access.instance_dict(value, _classes.info_of(type(value))) or []
        ident = _safe.find_key(named, "_ident")
        if type(ident) is int and ident in self.threads:
            item.awaits.append(self.threads[ident])
        for key in ("_name", "pid", "_ident"):
            found = _safe.find_key(named, key)
            if type(found) is str or type(found) is int:
                return _safe.exact_str(found) if type(found) is str else str(found)
        return _safe.type_name(type(value))

    def _builtin(self, item: Thread, frame: Frame) -> Optional[str]:
        """What a builtin function waits for that the frame's instruction calls, or the lock that its `with` wants."""
        path = _path_at(frame.code, frame.lasti)
        if path is None:
            return None
        names, method = path
        value = _follow(frame, names)
        if value is None:
            return None
        name, cls = ".".join(names), type(value)
        if method is not None and type(value) is types.ModuleType:
            module = _safe.exact_str(_access.dict_value(_access.module_dict(value), "__name__"))
            entry = _access.dict_value(_access.module_dict(value), method)
            if type(entry) is types.BuiltinFunctionType and (_safe.exact_str(entry.__module__), method) in _BUILTINS:
                return "%s.%s" % (module, method)
            return None
        if cls is _RLock and method in (None, "acquire"):
            owner = _owner(value)
            if owner is None or owner == item.ident:
                return None
            holder = self.threads.get(owner)
            if holder is not None:
                item.awaits.append(holder)
            return "an RLock, %s, held by %s" % (name, (holder and holder.name) or "thread %d" % owner)
        if cls is _Lock and method in (None, "acquire"):
            return "a Lock, %s" % name if value.locked() else None
        if method == "get" and _safe.type_module(cls) == "_queue" and not _safe.is_python_class(cls):
            return "an item in a SimpleQueue, %s" % name
        base: Any = getattr(sys.modules.get("_socket"), "socket", None)
        if method in _SOCKET_METHODS and _safe.is_class(base) and _safe.is_builtin_subclass(cls, base):
            return "%s() of a socket, %s" % (method, name)
        return None


def _of_library(frame: Frame) -> bool:
    return is_library(_safe.exact_str(frame.code.co_filename))


def _inner(entry: Any) -> Any:
    """The function that decorators of trio's have kept as `__wrapped__`."""
    for _ in range(5):
        if type(entry) is not types.FunctionType:
            return None
        inner = _safe.find_key(list(dict.items(entry.__dict__)), "__wrapped__")
        if inner is None:
            return entry
        entry = inner
    return None


def _owner(lock: Any) -> Optional[int]:
    """The thread that holds an RLock, as C code's own repr tells."""
    words = _RLock.__repr__(lock).split("owner=")
    digits = words[1].split(" ")[0] if len(words) == 2 else ""
    return int(digits) or None if digits.isdigit() else None


def _local(frame: Frame, name: str) -> Any:
    return _safe.find_key(frame.locals, name) if name else None


def _name_in(frame: Frame, value: Any) -> Optional[str]:
    """How a frame calls an object: a local, an attribute of one, a global."""
    for name, found in frame.locals:
        if found is value and type(name) is str:
            return name
    for name, found in frame.locals[:20]:
        cls = type(found)
        if type(name) is str and _safe.is_python_class(cls) and not _safe.is_class(found):
            for key, entry in _access.own_attributes(found, _classes.info_of(cls))[:200]:
                if entry is value and type(key) is str:
                    return "%s.%s" % (name, key)
    for name, found in list(dict.items(frame.globals))[:10_000]:
        if found is value and type(name) is str:
            return name
    return None


def _path_at(code: Any, lasti: int) -> Optional[Tuple[List[str], Optional[str]]]:
    """(the names that lead to an object, the method of it that is called, or None of a `with`) of the instruction at `lasti`."""
    if lasti < 0:
        return None
    raw, at = code.co_code, lasti // 2 * 2
    operation = opcode.opname[raw[at]]
    if not (operation.startswith("CALL") or operation in ("SETUP_WITH", "BEFORE_WITH", "PRECALL")):
        return None
    is_with, called = not operation.startswith(("CALL", "PRECALL")), False
    names: List[str] = []
    for _ in range(100):
        at -= 2
        if at < 0:
            return None
        operation, argument = opcode.opname[raw[at]], raw[at + 1]
        if raw[at] == 0 or operation == "EXTENDED_ARG":
            continue
        before = at - 2
        shift = 8
        while before >= 0 and opcode.opname[raw[before]] == "EXTENDED_ARG":
            argument |= raw[before + 1] << shift
            before, shift = before - 2, shift + 8
        if operation in ("LOAD_ATTR", "LOAD_METHOD"):
            attribute = code.co_names[
                argument >> 1 if operation == "LOAD_ATTR" and sys.version_info >= (3, 12) else argument
            ]
            names.insert(0, attribute)
            called = True
            continue
        base = _base(code, operation, argument)
        if base is not None:
            names.insert(0, base)
            if is_with:
                return names, None
            return (names[:-1], names[-1]) if len(names) > 1 else None
        is_with = is_with or operation == "LOAD_SPECIAL"
        if called or operation not in _BETWEEN:
            return None
    return None


def _base(code: Any, operation: str, argument: int) -> Optional[str]:
    """The name of the variable that an instruction loads."""
    if operation == "LOAD_GLOBAL":
        return _at(code.co_names, argument >> 1 if sys.version_info >= (3, 11) else argument)
    if operation == "LOAD_NAME":
        return _at(code.co_names, argument)
    own = code.co_varnames
    further = code.co_cellvars + code.co_freevars
    if operation in ("LOAD_DEREF", "LOAD_CLASSDEREF") and sys.version_info < (3, 11):
        return _at(further, argument)
    if operation.startswith("LOAD_FAST") or operation == "LOAD_DEREF":
        if operation.count("LOAD_FAST") == 2:
            argument &= 15
        return _at(own + tuple(name for name in further if name not in own), argument)
    return None


def _at(names: Tuple[str, ...], index: int) -> Optional[str]:
    return names[index] if index < len(names) else None


def _follow(frame: Frame, names: List[str]) -> Any:
    """The object that names lead to, through instance dictionaries, slots and modules; None where that takes code."""
    value = _safe.find_key(frame.locals, names[0])
    if value is None:
        value = _access.dict_value(frame.globals, names[0])
    for name in names[1:]:
        if value is None:
            return None
        if type(value) is types.ModuleType:
            value = _access.dict_value(_access.module_dict(value), name)
            continue
        found = _safe.find_key(_access.own_attributes(value, _classes.info_of(type(value))), name)
        value = found if found is not None else _safe.lookup(type(value), name)[1]
    return value
