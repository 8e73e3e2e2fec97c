"""A server for debuggers, and dumps for it to serve."""

import os
import re
import signal
import subprocess
import sys
import threading
from typing import Dict, List, Tuple

from common import BINARY, ROOT

#: how long anything may take before it counts as hung
SECONDS = 60.0

#: how a program begins that `crashed` runs: objects within objects, and what a second thread waits in
CUSTOMERS = """
import threading, crashsite
class Address:
    def __init__(self, city, lines):
        self.city, self.lines = city, lines
class Customer:
    def __init__(self, name, address):
        self.name, self.address, self.rating = name, address, 4.5
class Order:
    def __init__(self, number, customer):
        self.number, self.customer, self.paid, self.note = number, customer, False, None
def wait(event, seconds):
    event.wait(seconds)
event = threading.Event()
"""


def crashed(directory: str, program: str, python: str = sys.executable) -> str:
    """The dump that a program writes, which finds the name of the file in PATH."""
    path = os.path.join(directory, "crashed.dump")
    script = os.path.join(directory, "program.py")
    with open(script, "w", encoding="utf-8") as stream:
        stream.write("PATH = %r\n" % path + program)
    subprocess.run([python, "-B", script], env={"PYTHONPATH": ROOT + "/python"}, timeout=SECONDS, check=True)
    return path


def environment(home: str) -> Dict[str, str]:
    """That of a program whose home directory is another."""
    return dict(os.environ, LC_ALL="C.UTF-8", HOME=home, XDG_CACHE_HOME=os.path.join(home, "cache"), TERM="dumb")


def output(line: List[str], home: str, timeout: float = SECONDS) -> str:
    """All that a program says, which is asked nothing."""
    done = subprocess.run(
        line,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(home),
        timeout=timeout,
    )
    return done.stdout.decode("utf-8", "surrogateescape")


class Server:
    """`crashsite gdb --listen`."""

    def __init__(self, dump: str, home: str, *flags: str, listen: str = "0") -> None:
        command = [BINARY, "gdb", dump, "--listen", listen, *flags]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(home)
        )
        self.lines: List[str] = []
        self.said = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.address, self.port = self.opened()

    def read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            with self.said:
                self.lines.append(line.decode("utf-8"))
                self.said.notify_all()

    def wait_for(self, text: str, count: int = 1) -> str:
        """The line with a text in it, once it was said so often."""

        def found() -> List[str]:
            return [line for line in self.lines if text in line]

        with self.said:
            if not self.said.wait_for(lambda: len(found()) >= count, SECONDS):
                raise AssertionError("%r was not said: %s" % (text, self.lines))
            return found()[count - 1]

    def opened(self) -> Tuple[str, int]:
        line = self.wait_for("listening at ")
        match = re.search(r"listening at (\S+):(\d+); in gdb: target remote (\S+)$", line)
        assert match and match.group(3) == "%s:%s" % match.group(1, 2), line
        return match.group(1), int(match.group(2))

    def memory(self) -> int:
        with open("/proc/%d/status" % self.process.pid) as stream:
            match = re.search(r"VmRSS:\s+(\d+) kB", stream.read())
        assert match
        return int(match.group(1)) << 10

    def threads(self) -> int:
        return len(os.listdir("/proc/%d/task" % self.process.pid))

    def end(self) -> int:
        """Interrupts it, as ctrl-C does; its status."""
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(SECONDS)
        self.reader.join(SECONDS)
        assert self.process.stderr
        self.process.stderr.close()
        return status
