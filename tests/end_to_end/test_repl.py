"""A session at a real terminal, and one from a pipe."""

import fcntl
import os
import pty
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
import unittest
from typing import Callable, Dict, List

from common import BINARY, ROOT, Case

#: seconds that a terminal may keep silent before a test gives up
PATIENCE = 30.0

PROGRAM = """
import sys, threading
import crashsite

class Order:
    def __init__(self, number):
        self.number, self.lines = number, [number, number + 1]
        self.note = sys.argv[2]

    @property
    def total(self):
        return sum(self.lines)

def handle(order, prices):
    list = "a variable that is named like a command"
    raise KeyError("no price")

def serve(orders):
    prices = {"tea": 1, "toast": 2, sys.argv[2]: 3}
    handle(orders[1], prices)

def wait(started, done):
    job = "idle"
    started.set()
    done.wait()

started, done = threading.Event(), threading.Event()
threading.Thread(target=wait, args=(started, done), name="worker" + sys.argv[2]).start()
started.wait()
try:
    serve([Order(number) for number in range(3)])
except KeyError:
    crashsite.save_dump(sys.argv[1])
done.set()
"""

#: where a thread waits for an event; Pythons before 3.11 do not know the class of a frame's function
WAIT = "Condition.wait" if sys.version_info >= (3, 11) else "wait"

#: would set the title, colour what follows, ring, and write from right to left
HOSTILE = "\x1b]0;owned\x07\x1b[35m\x9b35m\u202e"

#: what an editor of lines writes to move the cursor; of these a test reads the text between
MOVES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """The binary in a pseudo-terminal of its own."""

    def __init__(self, environment: Dict[str, str], *arguments: str) -> None:
        self.raw = b""
        self.seen = 0
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(BINARY, [BINARY, *arguments], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode("utf-8"))

    def screen(self) -> str:
        """All that was written since the last `until`, without the cursor's moves."""
        return MOVES.sub(b"", self.raw).decode("utf-8", "replace")[self.seen :]

    def until(self, wanted: str) -> str:
        """What is written up to this text, which must come."""
        self.wait_for(lambda: wanted in self.screen(), repr(wanted))
        text = self.screen()
        text = text[: text.index(wanted) + len(wanted)]
        self.seen += len(text)
        return text

    def ask(self, keys: str, answer: str, prompt: str = "handle> ") -> str:
        """Types; the answer must come, then the prompt: all that was written."""
        self.type(keys)
        return self.until(answer) + self.until(prompt)

    def until_it_evaluates(self) -> None:
        """The editor has given the terminal back: keys make signals."""
        self.wait_for(lambda: bool(termios.tcgetattr(self.fd)[3] & termios.ISIG), "the end of the editing")

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("%s did not come; the terminal has %r" % (what, self.screen()))
            if select.select([self.fd], [], [], 0.02)[0] and not self.read():
                raise AssertionError("the session is over before %s: %r" % (what, self.screen()))

    def read(self) -> bytes:
        try:
            piece = os.read(self.fd, 65536)
        except OSError:  # Linux: nobody has the other side open any more
            piece = b""
        self.raw += piece
        return piece

    def status(self) -> int:
        """Reads to the end, and gives the exit status."""
        while select.select([self.fd], [], [], PATIENCE)[0]:
            if not self.read():
                _, status = os.waitpid(self.pid, 0)
                self.pid = 0
                return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
        raise AssertionError("the session does not end: %r" % self.screen())

    def close(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


class Repl(Case):
    def crashed(self, text: str = "plain") -> str:
        path = self.path("crash.dump")
        command = [sys.executable, "-B", self.write("program.py", PROGRAM.encode("utf-8")), path, text]
        environment = {"PYTHONPATH": ROOT + "/python", "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"}
        subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, timeout=120, check=True)
        return path

    def environment(self) -> Dict[str, str]:
        return {"TERM": "xterm", "NO_COLOR": "1", "XDG_STATE_HOME": self.path("state"), "HOME": self.dir}

    def session(self, *arguments: str) -> Terminal:
        terminal = Terminal(self.environment(), "repl", *arguments)
        self.addCleanup(terminal.close)
        return terminal

    def pipe(self, path: str, *lines: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [BINARY, "repl", path],
            input="".join(line + "\n" for line in lines).encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment(),
            timeout=60,
        )

    def test_answers_and_frames(self) -> None:
        terminal = self.session(self.crashed())
        greeting = terminal.until("MainThread#0 handle> ")
        self.assertIn("KeyError: 'no price'", greeting)
        self.assertIn('raise KeyError("no price")', greeting)
        terminal.ask("order.lines\r", "$0 = [1, 2]\r\n  [0] = 1\r\n  [1] = 2\r\n")
        terminal.ask("sum($0) * 10\r", "$1 = 30")
        terminal.ask("up\r", "handle(orders[1], prices)", "MainThread#1 serve> ")
        # Lines may be typed ahead.
        terminal.ask("len(orders), $1\rlen(prices)\r", "$2 = (3, 30)", "MainThread#1 serve> ")
        terminal.ask("", "$3 = 3", "MainThread#1 serve> ")
        terminal.ask("down\r", "raise KeyError", "MainThread#0 handle> ")
        terminal.ask("down\r", "no frame is 1 further in than #0", "MainThread#0 handle> ")
        terminal.ask("thread workerplain\r", "waiter.acquire()", "workerplain#0 %s> " % WAIT)
        terminal.ask("frame 2\r", "done.wait()", "workerplain#2 wait> ")
        terminal.ask("job, $1\r", "$4 = ('idle', 30)", "workerplain#2 wait> ")
        terminal.type("\x04")
        self.assertEqual(terminal.status(), 0)

    def test_an_error_is_underlined(self) -> None:
        terminal = self.session(self.crashed())
        terminal.until("handle> ")
        told = terminal.ask("1 + order.totals\r", "AttributeError: 'Order' object has no attribute 'totals'")
        self.assertIn("\n    1 + order.totals\r\n              ^^^^^^\r\n", told)
        terminal.ask("order.total\r", "NeedsCode: Order.total")
        terminal.ask("order.number\r", "$0 = 1")

    def test_a_command_wins_over_a_variable(self) -> None:
        terminal = self.session(self.crashed())
        terminal.until("handle> ")
        terminal.ask("list\r", "def serve(orders):")
        for number, line in enumerate(("!list", "p list", "pp list")):
            terminal.ask(line + "\r", "$%d = 'a variable that is named" % number)

    def test_completion(self) -> None:
        terminal = self.session(self.crashed())
        terminal.until("handle> ")
        terminal.ask("orde\t.number\r", "$0 = 1")
        terminal.ask("1 + order.nu\t\r", "$1 = 2")
        terminal.ask("prices['to\t'] + 1\r", "$2 = 3")
        terminal.ask("$1.bit_l\t()\r", "$3 = 2")
        terminal.ask("!pri\t", "prices  print", "!pri")
        terminal.ask("\x03", "\n")
        terminal.ask("threa\t", "thread     threading  threads", "thread")
        terminal.ask("s\r", "workerplain")

    def test_history(self) -> None:
        path = self.crashed()
        terminal = self.session(path)
        terminal.until("handle> ")
        terminal.ask("order.number + 40\r", "$0 = 41")
        terminal.ask(" 'a secret'\r", "$1 = 'a secret'")
        terminal.ask("\x1b[A\r", "$2 = 41")
        terminal.type("\x04")
        self.assertEqual(terminal.status(), 0)
        kept = self.path("state/crashsite/history")
        self.assertEqual(stat.S_IMODE(os.stat(kept).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(kept)).st_mode), 0o700)
        with open(kept, encoding="utf-8") as stream:
            self.assertEqual(stream.read(), "#V2\norder.number + 40\n")
        # The next session has the line, one without a history does not.
        terminal = self.session(path, "--no-history")
        terminal.until("handle> ")
        terminal.ask("\x1b[A'none' + 'kept'\r", "$0 = 'nonekept'")
        terminal = self.session(path)
        terminal.until("handle> ")
        terminal.ask("\x1b[A\r", "$0 = 41")

    def test_ctrl_c(self) -> None:
        forever = ("--max-steps", str(10**18), "--max-milliseconds", str(10**9))
        terminal = self.session(self.crashed(), *forever)
        terminal.until("handle> ")
        terminal.ask("not to be evaluated", "not to be evaluated", "")
        terminal.ask("\x03", "\n")
        terminal.type("sum(n for n in range(10**18))\r")
        terminal.until_it_evaluates()
        pressed = time.monotonic()
        terminal.ask("\x03", "\nKeyboardInterrupt: the evaluation was interrupted")
        self.assertLess(time.monotonic() - pressed, 2.0)
        terminal.ask("order.number\r", "$0 = 1")
        terminal.type("quit\r")
        self.assertEqual(terminal.status(), 0)

    def test_text_of_the_dump_does_not_reach_the_terminal_raw(self) -> None:
        terminal = self.session(self.crashed(HOSTILE))
        terminal.until("handle> ")
        shown = "\\x1b]0;owned\\x07\\x1b[35m\\x9b35m\\u202e"
        terminal.ask("order\r", "note = '%s'" % shown)
        terminal.ask("order.note\r", "$1 = '%s'" % shown)
        terminal.ask("prices\r", "'%s': 3" % shown)
        terminal.ask("threads\r", "worker" + shown)
        terminal.ask("prices['\\\t'] + 1\r", "$3 = 4")
        terminal.ask("prices['\t", shown, "prices['")
        terminal.ask("\x03", "\n")
        terminal.ask("thread 2\r", "waiter.acquire()", "worker%s#0 %s> " % (shown, WAIT))
        terminal.type("\x04")
        self.assertEqual(terminal.status(), 0)
        for forbidden in (b"\x1b]", b"\x1b[35m", "\x9b".encode(), "\u202e".encode()):
            self.assertNotIn(forbidden, terminal.raw)

    def test_from_a_pipe(self) -> None:
        path = self.crashed()
        lines = ["order.number", "$0 + 1", "up", "len(orders)", "p $2", "thread 2", "help frames", "quit", "order"]
        done = self.pipe(path, *lines)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        out = done.stdout.decode("utf-8")
        found: List[str] = re.findall(r"^\$.*", out, re.MULTILINE)
        self.assertEqual(found, ["$0 = 1", "$1 = 2", "$2 = 3", "$3 = 3"])
        self.assertIn("\nFrames and threads\n", out)
        self.assertNotIn("handle> ", out)
        self.assertFalse(os.path.exists(self.path("state")), "a pipe has no history")
        # What has no answer is told on stderr, and by the exit status; the session goes on.
        done = self.pipe(path, "nobody", "order.number")
        self.assertEqual((done.returncode, done.stdout), (1, b"$0 = 1\n"))
        self.assertIn(b"crashsite: NameError: name 'nobody' is not defined", done.stderr)
        self.assertIn(b"\n    nobody\n    ^^^^^^\n", done.stderr)


if __name__ == "__main__":
    unittest.main()
