"""The sources, by HTTP, at the port that gdb connects to: a gdb on another machine fetches them, and nothing else is to be had."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import unittest
import urllib.parse
from typing import Iterator, Optional, Tuple

from common import Case
from serving import SECONDS, Server, crashed, environment
from test_gdb import GDB

PROGRAM = """
import crashsite
def größe(n):
    return 10 / n  # hier
try:
    größe(0)
except ZeroDivisionError:
    crashsite.save_dump(PATH)
"""
#: what a server may hold more after everything than before
GROWTH = 16 << 20


class Debuginfod(Case):
    """A server that has a program's sources, which are no files any more."""

    def setUp(self) -> None:
        super().setUp()
        self.assertTrue(GDB, "there is no gdb: apt-get install gdb")
        self.place = self.path("über uns & co")
        os.mkdir(self.place)
        self.dump = crashed(self.place, PROGRAM)
        self.script = os.path.join(self.place, "program.py")
        with open(self.script, encoding="utf-8") as stream:
            self.text = stream.read()
        self.server = Server(self.dump, self.dir)
        self.addCleanup(self.ended)
        # The sources that were laid ready for a gdb on this machine.
        shutil.rmtree(self.path("cache"))
        os.remove(self.script)
        self.directory, self.build_id = self.known()

    def ended(self) -> None:
        self.server.end()
        self.assertNotIn("should never be in", "".join(self.server.lines))

    def gdb(self, *commands: str) -> str:
        line = [str(GDB), "-nx", "-q", "-batch"]
        for command in commands:
            line += ["-ex", command]
        home = dict(environment(self.path("elsewhere")), DEBUGINFOD_CACHE_PATH=self.path("fetched"))
        home.pop("DEBUGINFOD_URLS", None)
        done = subprocess.run(
            line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=home,
            timeout=SECONDS,
        )
        return done.stdout.decode("utf-8")

    def known(self) -> Tuple[str, str]:
        """The directory of the sources as the executable has it, and the executable's build id."""
        connect = "target remote %s:%d" % (self.server.address, self.server.port)
        told = self.gdb("set debuginfod enabled off", connect, "info source")
        directory = re.search(r"Compilation directory is (.*)\n", told)
        executable = self.path("executable")
        with contextlib.suppress(FileNotFoundError):
            os.remove(executable)
        self.gdb(connect, "remote get /crashsite/python " + executable)
        with open(executable, "rb") as stream:
            note = re.search(rb"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU\0(.{20})", stream.read(), re.DOTALL)
        assert directory and note, told
        return directory.group(1), note.group(1).hex()

    def test_gdb_elsewhere(self) -> None:
        """The line that the server prints is what makes gdb show the sources."""
        line = self.server.wait_for("set debuginfod")
        commands = re.findall(r"-ex '([^']+)'", line)
        self.assertEqual(len(commands), 3, line)
        told = self.gdb(*commands, "list", "info source")
        self.assertIn("10 / n  # hier", told)
        self.assertIn("größe", told)
        self.assertIn(self.path("fetched"), told)
        # Without it, there are none.
        self.assertNotIn("# hier", self.gdb("set debuginfod enabled off", commands[-1], "list"))

    @contextlib.contextmanager
    def asked(self, method: str, path: str) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self.server.address, self.server.port, timeout=SECONDS)
        connection.request(method, path)
        with contextlib.closing(connection):
            yield connection.getresponse()

    def source(self, path: str) -> str:
        return "/buildid/%s/source%s" % (self.build_id, urllib.parse.quote(self.directory + path))

    def test_files(self) -> None:
        with self.asked("GET", self.source(self.script)) as found:
            self.assertEqual((found.status, found.read().decode("utf-8")), (200, self.text))
        length = len(self.text.encode("utf-8"))
        with self.asked("HEAD", self.source(self.script)) as found:
            self.assertEqual((found.status, found.headers["Content-Length"]), (200, str(length)))
            self.assertEqual(found.read(), b"")
        with open(self.path("executable"), "rb") as stream:
            executable = stream.read()
        for name in ("executable", "debuginfo"):
            with self.asked("GET", "/buildid/%s/%s" % (self.build_id, name)) as found:
                self.assertEqual((found.status, found.read()), (200, executable))

    def test_nothing_else(self) -> None:
        """No file of this machine, no other name, no other build id, nothing but GET and HEAD."""
        there = self.write("there.py", b"secret")
        known = "/buildid/%s/" % self.build_id
        paths = ["/", "", "*", "/metrics", known, known + "source", known + "source/", known + "section/.text"]
        paths += [
            known + "source" + path for path in ("/etc/passwd", "/../../etc/passwd", "/..%2f..%2fetc/passwd", there)
        ]
        paths += [
            self.source(path) for path in ("/etc/passwd", "/../../../../../../etc/passwd", there, "/", "", "\0", "/.")
        ]
        paths += [self.source(self.script) + "/..", self.source(self.script) + "%", self.source(self.script)[:-1]]
        paths += [
            known + "source" + self.script.replace(" ", "%20"),
            known + "source/%ff%fe",
            known + "source/" + "%41" * 4000,
        ]
        paths += [
            self.source(self.script).replace(self.build_id, other) for other in ("0" * 40, "", "..", self.build_id[:-1])
        ]
        for path in paths:
            with self.asked("GET", urllib.parse.quote(path, safe="/%*&") or "/") as refused:
                self.assertEqual((refused.status, refused.read()), (404, b""), path)
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
            with self.asked(method, self.source(self.script)) as refused:
                self.assertEqual(refused.status, 405, method)

    def test_requests_that_are_none(self) -> None:
        """Too long, too many headers, not HTTP, without an end, or never read: the server goes on, and does not grow."""
        before = self.server.memory()
        good = "GET %s HTTP/1.1\r\n" % self.source(self.script)
        for request, status in (
            ("GET / HTTP/1.1\r\nX: %s\r\n\r\n" % ("x" * (1 << 20)), 431),
            ("GET /%s" % ("x" * (1 << 20)), 431),
            (good + "X: y\r\n" * 65 + "\r\n", 431),
            ("GET / HTTP/9.9\r\n\r\n", 400),
            ("GET /\x01 HTTP/1.1\r\n\r\n", 400),
            ("HELLO\r\n\r\n", 400),
            (good + ": \r\n\r\n", 400),
            (good + "Content-Length: 99999999999\r\n\r\n", 200),
            (good + "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n", 200),
            (good + "\r\n" + good + "\r\n", 200),
        ):
            answer = self.raw(request.encode("utf-8"))
            if answer is not None:
                self.assertRegex(answer, rb"^HTTP/1\.1 %d " % status, request[:60])
        for begin in ("G", good, good + "X: "):
            self.assertEqual(self.raw(begin.encode("utf-8")), b"")
        deaf = [socket.create_connection((self.server.address, self.server.port), SECONDS) for _ in range(4)]
        for connection in deaf:
            connection.sendall(("GET /buildid/%s/executable HTTP/1.1\r\n\r\n" % self.build_id).encode())
        with self.asked("GET", self.source(self.script)) as found:
            self.assertEqual((found.status, found.read().decode("utf-8")), (200, self.text))
        for connection in deaf:
            connection.close()
        for _ in range(300):
            with self.asked("GET", self.source(self.script)) as found:
                self.assertEqual(found.status, 200)
        self.assertLess(self.server.memory() - before, GROWTH)

    def raw(self, request: bytes) -> Optional[bytes]:
        """What comes back; None where the connection was reset before that: more was sent than anybody wanted."""
        with socket.create_connection((self.server.address, self.server.port), SECONDS) as connection:
            answer = b""
            try:
                connection.sendall(request)
                with contextlib.suppress(OSError):  # it has answered and gone already
                    connection.shutdown(socket.SHUT_WR)
                while True:
                    more = connection.recv(1 << 16)
                    if not more:
                        return answer
                    answer += more
            except (ConnectionResetError, BrokenPipeError):
                return answer or None


if __name__ == "__main__":
    unittest.main()
