"""pdb, ipdb and pudb on a crash: the debuggers as they are. The first two get commands for threads, and say no to stepping."""

import pdb
import sys
from bdb import BdbQuit
from typing import Any

from .announce import announce
from .crash import Crash, Thread
from .opening import CannotOpen

_DEAD = "This is a post-mortem: the program is dead and cannot run. Look around: w, u, d, ll, p, threads, thread 2."
#: commands that would let the program run, or expect that it does
_RUNNING = """
step s next n continue cont c until unt return r jump j run restart break b tbreak debug commands
""".split()


class PostMortem:
    """What is added to a `pdb.Pdb`, which is a base beside this one."""

    crash: Crash
    #: the thread that is looked at
    thread = 0

    def onecmd(self, line: str) -> Any:
        """What goes wrong in a command (a source that cannot be parsed) is no reason to leave."""
        debugger: Any = super()
        try:
            return debugger.onecmd(line)
        except BdbQuit:
            raise
        except Exception as error:
            self.error("%s: %s" % (type(error).__name__, error))  # type: ignore[attr-defined]
            return False

    def do_threads(self, argument: str) -> None:
        """threads

        The threads of the dump; an arrow before the one that is looked at.
        """
        for number, thread in enumerate(self.crash.threads):
            self.message("%s%2d %s" % ("->" if number == self.thread else "  ", number + 1, _described(thread)))  # type: ignore[attr-defined]

    def do_thread(self, argument: str) -> None:
        """thread N

        Go to a thread, by its number in `threads`; without a number, tell which one this is.
        """
        argument = argument.strip() or str(self.thread + 1)
        number = int(argument) - 1 if argument.isdigit() and len(argument) < 10 else -1
        if not 0 <= number < len(self.crash.threads):
            self.error("no thread %s; `threads` lists them" % argument)  # type: ignore[attr-defined]
            return
        if not len(self.crash.threads[number]):
            self.error("the dump has no frames of this thread")  # type: ignore[attr-defined]
            return
        self.thread = number
        debugger: Any = self
        debugger.message(_described(self.crash.threads[number]))
        found = self.crash.exception.__traceback__ if number == 0 else self.crash.threads[number].traceback
        debugger.setup(None, found)
        debugger.print_stack_entry(debugger.stack[debugger.curindex])


def _refuse(self: Any, argument: str) -> None:
    """The program is dead: this command is not for a post-mortem."""
    self.error(_DEAD)


for _name in _RUNNING:
    setattr(PostMortem, "do_" + _name, _refuse)


def _described(thread: Thread) -> str:
    innermost = "no frames"
    if len(thread):
        frame = thread.frames[0]
        innermost = "%s() at %s:%d" % (frame.f_code.co_name, frame.f_code.co_filename, thread.line or 0)
    return "%s%s: %s" % (thread.name, " (crashed)" if thread.crashed else "", innermost)


def in_pdb(crash: Crash) -> None:
    """A session of pdb."""
    _session(crash, pdb.Pdb)


def in_ipdb(crash: Crash) -> None:
    """A session of ipdb."""
    try:
        import ipdb.__main__ as ipdb  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise CannotOpen("ipdb is not installed", "pip install ipdb, or --debugger pdb.") from None
    _session(crash, ipdb._get_debugger_cls())


def _session(crash: Crash, cls: type) -> None:
    announce(crash, sys.stdout.write)
    debugger: Any = type(cls.__name__, (PostMortem, cls), {"crash": crash})()
    if crash.exception.__traceback__ is None:
        raise CannotOpen("the dump has no frames", "`crashsite info` tells what it has.")
    debugger.reset()
    # The exceptions before it are looked at by their own tracebacks from 3.13 on.
    newer = sys.version_info >= (3, 13)
    debugger.interaction(None, crash.exception if newer else crash.exception.__traceback__)


def in_pudb(crash: Crash) -> None:
    """A session of pudb."""
    try:
        import pudb  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise CannotOpen("pudb is not installed", "pip install pudb, or --debugger pdb.") from None
    error = crash.exception
    pudb.post_mortem(error.__traceback__, type(error), error)
