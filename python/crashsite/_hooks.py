"""Ways in: a dump for every exception that nobody handles."""

import _thread
import atexit
import os
import sys
import threading
import types
from functools import wraps
from typing import Any, Callable, Dict, List, Optional, Type

from . import _access, _dump, _folder, _lazy, _process, _sites
from ._builtins import keep_builtins
from ._dump import Result, report, say
from ._exclude import Classes
from ._settings import Settings
from ._signals import Deferred
from ._stacks import MARK, dumped_before
from ._workers import Watch

keep_builtins(globals())

_Function = Callable[..., Any]

#: exceptions that are no failures: Celery's Retry, Ignore and Reject say what is to become of a task, IPython's what was mistyped
_NO_FAILURES = ("celery.exceptions.TaskPredicate", "IPython.core.error.UsageError")
#: of code: its function gives a coroutine
_COROUTINE = 0x80
#: bytes that are given back before a dump is made, where the program has none left
RESERVE = 4 << 20

_reserve: List[bytearray] = []


def dump_on_unhandled_exceptions(
    function: Optional[_Function] = None,
    *,
    reraise: bool = True,
    daisy_chain_sys_excepthook: bool = True,
    unraisable: bool = False,
    settings: Optional[Settings] = None,
    **options: Any,
) -> Any:
    """Write a dump when an exception is not handled. Used in one of three ways:

    * ``dump_on_unhandled_exceptions()`` early in the program: from then on `sys.excepthook` and `threading.excepthook`
      write a dump first;
    * ``@dump_on_unhandled_exceptions`` (with or without options) on a function, also an ``async`` one: for what leaves that
      function;
    * ``with dump_on_unhandled_exceptions():`` around a block.

    settings  a `Settings`; None: what the environment and pyproject.toml say, now. CRASHSITE_DIR=disable switches everything
              off.
    options   options of `Settings`, which count before `settings`: ``dump_on_unhandled_exceptions(dump_dir="/var/crashes")``.
    reraise   decorator and block: whether the exception goes on; False swallows it after the dump.
    daisy_chain_sys_excepthook
              whether the hook that stood there before runs after the dump; False: only the traceback is printed.
    unraisable  whether `sys.unraisablehook` writes one, too: for what a finaliser raises, which nobody can handle.

    A setting that is wrong is said now: an option by a ValueError, others in one line on stderr. Whatever goes wrong while
    dumping is said in one line on stderr, and never hides the program's own traceback.
    """
    guard = guard_of(settings, options, reraise, daisy_chain_sys_excepthook)
    if function is not None:
        return guard(function)
    guard.install(unraisable)
    return guard


def guard_of(
    settings: Optional[Settings], options: Dict[str, Any], reraise: bool = True, chain: bool = True
) -> "Guard":
    """A guard that stands nowhere yet; what is wrong with the settings is said."""
    if settings is None:
        settings, problems = Settings.load(**options)
        report(problems)
    else:
        settings = settings.replaced(**options)
    return Guard(settings, reraise, chain)


class Guard:
    """What `dump_on_unhandled_exceptions` returns: a hook that stands, a decorator, and a context manager."""

    def __init__(self, settings: Settings, reraise: bool, chain: bool) -> None:
        self.settings = settings
        self.reraise = reraise
        self.chain = chain
        #: where a dump is named, and why there is none
        self.tell: Callable[[str], None] = say
        self._hook: Optional[Callable[..., Any]] = None
        self._thread_hook: Optional[Callable[..., Any]] = None
        self._unraisable_hook: Optional[Callable[..., Any]] = None
        self._met: Optional[BaseException] = None
        set_aside()
        self._excluded = Classes((*_NO_FAILURES, *settings.exclude_exceptions))
        settings.redactor()  # which compiles what depends on the settings
        if settings.enabled and settings.recipients:
            settings.sealer()
        _lazy.ready()
        self._watch = Watch(self.dump, settings.workers)
        if settings.enabled:
            _process.announce()

    def install(self, unraisable: bool = False) -> None:
        """Put the hooks in; the former ones are kept and called after."""
        former, former_thread = sys.excepthook, threading.excepthook

        def hook(kind: Type[BaseException], value: BaseException, traceback: Any) -> None:
            self._met = value
            try:
                if kind is not KeyboardInterrupt:
                    self.dump((kind, value, traceback))
            except BaseException:
                # Of a signal's handler: without the dump, the program would have ended before it came.
                pass
            (former if self.chain else sys.__excepthook__)(kind, value, traceback)

        def thread_hook(args: Any) -> None:
            if args.exc_type is not SystemExit:
                value = args.exc_value if args.exc_value is not None else args.exc_type()
                self.dump((args.exc_type, value, args.exc_traceback))
            former_thread(args)

        self._former, self._former_thread = former, former_thread
        self._hook, self._thread_hook = hook, thread_hook
        sys.excepthook, threading.excepthook = hook, thread_hook
        self._main = _main_file()
        atexit.register(self._replaced)
        if unraisable:
            former_unraisable = sys.unraisablehook

            def unraisable_hook(args: Any) -> None:
                if args.exc_value is not None and not sys.is_finalizing():
                    self.dump((args.exc_type, args.exc_value, args.exc_traceback))
                former_unraisable(args)

            self._former_unraisable, self._unraisable_hook = former_unraisable, unraisable_hook
            sys.unraisablehook = unraisable_hook
        if self.settings.enabled:
            self._watch.start()

    def uninstall(self) -> None:
        """Take the hooks out again, where they are still the ones in force."""
        if self._hook is not None and sys.excepthook is self._hook:
            sys.excepthook = self._former
        if self._thread_hook is not None and threading.excepthook is self._thread_hook:
            threading.excepthook = self._former_thread
        if self._unraisable_hook is not None and sys.unraisablehook is self._unraisable_hook:
            sys.unraisablehook = self._former_unraisable
        self._hook = self._thread_hook = self._unraisable_hook = None
        self._watch.stop()
        atexit.unregister(self._replaced)

    def _replaced(self) -> None:
        """At the end of a program that put another hook in place of ours (typer does, when it is called): where an exception that
        ended the main module did not come to ours, it is dumped now. What else is kept as the last one, a console's, a test's, was not the end."""
        if self._hook is None or sys.excepthook is self._hook:
            return
        value, traceback = getattr(sys, "last_value", None), getattr(sys, "last_traceback", None)
        if (
            isinstance(value, BaseException)
            and value is not self._met
            and type(value) is not KeyboardInterrupt
            and self._is_of_main(traceback)
        ):
            self.dump((type(value), value, traceback))

    def _is_of_main(self, traceback: Any) -> bool:
        """Whether an exception came through the code of the main module's file, which Python forgets when it has run that."""
        main = sys.modules.get("__main__")
        while traceback is not None:
            frame = traceback.tb_frame
            if frame.f_globals is getattr(main, "__dict__", None) and frame.f_code.co_name == "<module>":
                return frame.f_code.co_filename in (self._main, _main_file())
            traceback = traceback.tb_next
        return False

    def __call__(self, function: _Function) -> _Function:
        """As a decorator. The hooks are not needed for that, and go."""
        self.uninstall()
        if getattr(getattr(function, "__code__", None), "co_flags", 0) & _COROUTINE:

            @wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                try:
                    return await function(*args, **kwargs)
                except Exception:
                    self.dump(sys.exc_info())
                    if self.reraise:
                        raise
                    return None

            return awaited

        @wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except Exception:
                self.dump(sys.exc_info())
                if self.reraise:
                    raise
                return None

        return guarded

    def __enter__(self) -> "Guard":
        self.uninstall()
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Any, traceback: Optional[types.TracebackType]
    ) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        self.dump((kind, value, traceback))
        return not self.reraise

    def dump(self, exc_info: Any) -> Optional[Result]:
        """Write the dump and say so; on failure say that. An exception is dumped once, however many guards it passes."""
        with Deferred():
            _reserve.clear()
            try:
                return self._dump(exc_info, None)
            except RecursionError:
                return self._dump_elsewhere(exc_info)
            except BaseException as error:
                self.tell(no_dump(error))
            finally:
                set_aside()
        return None

    def snapshot(self) -> Optional[Result]:
        """Write a dump of where all threads are, without an exception, and say so; on failure say that."""
        with Deferred():
            try:
                if self.settings.enabled:
                    return self._save(os.path.abspath(self.settings.dump_dir or ""), self.settings, False, None)
            except Exception as error:
                self.tell(no_dump(error))
        return None

    def _dump(self, exc_info: Any, thread_id: Optional[int]) -> Optional[Result]:
        process, _ = dumped_before(exc_info[1])
        if process == _process.identity():
            return None
        if not self.settings.enabled:
            return None
        if type(exc_info[1]) in self._excluded:
            return None
        settings = self.settings
        folder = os.path.abspath(settings.dump_dir or "")
        claim = self._claim(folder, exc_info)
        if claim is not None:
            if not claim.granted:
                mark(exc_info[1], "")
                self.tell(claim.line(settings.dumps_per_site))
                return None
            site = (_sites.HEADER, claim.header(settings.dumps_per_site))
            settings = settings.replaced(headers=[site, *settings.headers])
        try:
            result = self._save(folder, settings, exc_info, thread_id)
        except BaseException as error:
            if claim is not None:
                claim.refuse(again=isinstance(error, RecursionError))
            raise
        mark(exc_info[1], result.path or "")
        return result

    def _save(self, folder: str, settings: Settings, exc_info: Any, thread_id: Optional[int]) -> Result:
        """A new file in a folder that has room for it; what became of both is said."""
        room = _folder.Room(folder, settings.dir_max_dumps, settings.dir_max_bytes, settings.dir_min_free)
        told = room.before()
        path = os.path.join(folder, _dump.file_name(settings))
        result = _dump.save_dump(path, exc_info=exc_info, settings=settings, thread_id=thread_id)
        message = settings.message
        self.tell((message + "\n" if message else "") + result.line())
        for line in (told, room.after(path=result.path or "")):
            if line:
                self.tell(line)
        return result

    def _claim(self, folder: str, exc_info: Any) -> Optional[_sites.Claim]:
        """The crash, counted; None where that went wrong: then it is dumped."""
        try:
            site = _sites.site_of(exc_info[1], exc_info[2])
            return _sites.Claim(folder, site, self.settings.dumps_per_site, self.settings.site_seconds)
        except RecursionError:
            raise
        except Exception:
            return None

    def _dump_elsewhere(self, exc_info: Any) -> Optional[Result]:
        """By another thread, where this one's stack is used up. Not by `threading`, whose functions take some of it."""
        done, here, found = _thread.allocate_lock(), _thread.get_ident(), []
        done.acquire()

        def work() -> None:
            try:
                found.append(self._dump(exc_info, here))
            except BaseException as error:
                self.tell(no_dump(error))
            finally:
                done.release()

        try:
            _thread.start_new_thread(work, ())
        except BaseException as error:
            self.tell(no_dump(error))
            return None
        done.acquire()
        return found[0] if found else None


def mark(error: BaseException, path: str) -> None:
    """An exception was dumped: a guard further out need not do it again, and a process that it is sent to knows where."""
    _access.exception_dict(error)[MARK] = (_process.identity(), path)


def _main_file() -> Optional[str]:
    """Where the main module says that it is from."""
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    return file if type(file) is str else None


def no_dump(error: BaseException) -> str:
    """The one line that says why there is none."""
    text = "?"
    try:
        text = str(error)
    except Exception:
        pass
    return "crashsite: no heap dump: %s: %s" % (type(error).__name__, text)


def set_aside() -> None:
    """Keep memory for the next dump, where there is some."""
    try:
        _reserve[:] = [bytearray(RESERVE)]
    except MemoryError:
        pass
