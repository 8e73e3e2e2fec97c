"""pydevd as PyDev and PyCharm use it: it connects to a debug server that waits, and speaks XML with it."""

import html
import os
import re
import socket
import subprocess
import time
import unittest
import xml.etree.ElementTree
from typing import Any, Dict, List, Tuple
from urllib.parse import unquote_plus

from bridged import LONG, PYCHARM, PYDEVD, PYTHONS, SECONDS, Case, environment, packages, record

RUN, CREATED, SUSPENDED, RESUME, EVALUATE, VARIABLE, FRAME, VERSION = 101, 103, 105, 106, 113, 110, 114, 501
CONSOLE = 116


def unquoted(text: str) -> str:
    """Names and values are quoted for an address of the web, and then for XML, sometimes twice."""
    return html.unescape(html.unescape(unquote_plus(unquote_plus(text))))


class Server:
    """The waiting end: of a debug server no more than is asked here."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(SECONDS)
        self.port: int = self.listener.getsockname()[1]
        self.seen: List[Tuple[int, int, str]] = []
        self.sent = 1

    def accept(self) -> None:
        self.connection, _ = self.listener.accept()
        self.connection.settimeout(SECONDS)
        self.stream = self.connection.makefile("rb")
        self.send(VERSION, "1.1\tUNIX\tID")
        self.send(RUN, "")

    def send(self, command: int, text: str) -> int:
        self.sent += 2
        self.connection.sendall(("%d\t%d\t%s\n" % (command, self.sent, text)).encode("utf-8"))
        return self.sent

    def read(self) -> Tuple[int, int, str]:
        line = self.stream.readline().decode("utf-8")
        if not line:
            raise AssertionError("pydevd hung up after %s" % self.seen[-3:])
        command, number, text = line.rstrip("\n").split("\t", 2)
        self.seen.append((int(command), int(number), unquoted(text)))
        return int(command), int(number), text

    def wait_for(self, command: int, number: int = 0) -> str:
        """The next message of that kind (and number)."""
        limit = time.monotonic() + SECONDS
        while time.monotonic() < limit:
            found = self.read()
            if found[0] == command and number in (0, found[1]):
                return found[2]
        raise AssertionError("no %d came: %s" % (command, self.seen[-5:]))

    def ask(self, command: int, text: str) -> Any:
        answer = self.wait_for(command, self.send(command, text))
        return xml.etree.ElementTree.fromstring(answer if answer.startswith("<") else unquoted(answer))

    def variables(self, command: int, text: str) -> Dict[str, str]:
        found = {}
        for one in self.ask(command, text).iter("var"):
            # Some say the type before the value, too.
            found[unquoted(one.get("name"))] = re.sub(r"^int: ", "", unquoted(one.get("value")))
        return found

    def close(self) -> None:
        self.listener.close()
        if hasattr(self, "connection"):
            self.stream.close()
            self.connection.close()


class Connected(Case):
    def test_pycharm(self) -> None:
        self.on_each("pydevd-pycharm", PYCHARM)

    def test_pydevd(self) -> None:
        self.on_each("pydevd", PYDEVD)

    def on_each(self, name: str, package: str) -> None:
        """On the newest Python, in the long run on all."""
        shown = []
        for python in PYTHONS if LONG else PYTHONS[-1:]:
            with self.subTest(python=python):
                self.shown(python, package)
                shown.append((python, package))
        if LONG:
            record(name, shown)

    def shown(self, python: str, package: str) -> None:
        server = Server()
        self.addCleanup(server.close)
        place = ["--host", "127.0.0.1", "--port", str(server.port)]
        log = open(os.path.join(self.dir, "log"), "w+b")
        self.addCleanup(log.close)
        process = subprocess.Popen(
            [python, "-B", "-m", "crashsite", "debug", self.dump, *place], stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, cwd=self.dir, env=environment(self.dir, packages(python, package)),
        )  # fmt: skip
        self.addCleanup(process.wait, SECONDS)
        self.addCleanup(process.kill)
        try:
            self.looked_at(server, "\t0" if package == PYCHARM else "")
        except (AssertionError, OSError) as error:
            log.seek(0)
            raise AssertionError(
                "%s\n%s\n%r" % (error, log.read().decode(), [(*one[:2], one[2][:120]) for one in server.seen[-5:]])
            ) from error
        self.assertEqual(process.wait(SECONDS), 0)

    def looked_at(self, server: Server, group: str) -> None:
        """`group` is PyCharm's addition to the protocol: which variables are wanted."""
        server.accept()
        stops: Dict[str, Any] = {}
        while len(stops) < 3:
            found = xml.etree.ElementTree.fromstring(server.wait_for(SUSPENDED)).find("thread")
            assert found is not None
            innermost = found.findall("frame")
            stops[innermost[0].get("name", "")] = (unquoted(found.get("id", "")), [
                (unquoted(frame.get("name", "")), int(frame.get("line", "0")), unquoted(frame.get("file", "")), frame.get("id"))
                for frame in innermost
            ])  # fmt: skip
        thread, frames = stops["process"]
        shop = "/crashsite" + self.dir + "/shop.py"
        self.assertEqual(
            [frame[:3] for frame in frames[:3]], [("process", 37, shop), ("main", 41, shop), ("<module>", 49, shop)]
        )
        frame = "%s\t%s\tFRAME" % (thread, frames[0][3])
        values = server.variables(FRAME, frame + group)
        self.assertEqual(values["limit"], "10")
        order = server.variables(VARIABLE, frame + group + "\torder")
        self.assertEqual(order["number"], "2")
        found = server.ask(EVALUATE, frame + "\t[line.sku for line in orders[0].lines]\t1\t")
        self.assertIn("['TEA', 'CUPS']", unquoted(next(found.iter("var")).get("value", "")))
        # The cause and the other thread are threads of their own.
        thread_of_cause, share = stops["share"]
        values = server.variables(FRAME, "%s\t%s\tFRAME%s" % (thread_of_cause, share[0][3], group))
        self.assertEqual((share[0][1], values["total"]), (26, "0"))
        self.assertEqual(stops["wait"][1][0][0], "wait")
        named = " ".join(text for command, _, text in server.seen if command == CREATED)
        for name in ("stock-1", "cause: ZeroDivisionError"):
            self.assertIn(name, named)
        console = " ".join(text for command, _, text in server.seen if command == CONSOLE)
        self.assertRegex(console, r"ZeroDivisionError: division by zero\s+The above exception")
        server.send(RESUME, thread)

    def test_nobody_waits(self) -> None:
        place = ["--host", "127.0.0.1", "--port", "1"]
        done = subprocess.run(
            [PYTHONS[-1], "-B", "-m", "crashsite", "debug", self.dump, *place],
            stderr=subprocess.PIPE, stdout=subprocess.PIPE, timeout=SECONDS,
            env=environment(self.dir, packages(PYTHONS[-1], PYCHARM)),
        )  # fmt: skip
        self.assertEqual(done.returncode, 2)
        self.assertRegex(
            done.stderr.decode(), r"(?m)^crashsite: no debug server at 127\.0\.0\.1:1: .*\nStart it there first"
        )


if __name__ == "__main__":
    unittest.main()
