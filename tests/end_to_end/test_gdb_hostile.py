"""A client that is no gdb: whatever it sends, the server neither falls nor grows, and serves the next one."""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import threading
import unittest
from typing import Iterator, Optional

from common import BINARY, LONG, Case
from serving import SECONDS, Server, crashed

PROGRAM = """
import threading, crashsite
def wait(event, number):
    event.wait(number)
event = threading.Event()
threads = [threading.Thread(target=wait, args=(event, 60 + n), name="worker-%d" % n) for n in range(2)]
for thread in threads:
    thread.start()
def settle(orders, text):
    return orders[0] / 0
try:
    settle([1, 2.5, {"a": [None, True]}], "x" * 20_000)
except ZeroDivisionError:
    crashsite.save_dump(PATH)
event.set()
"""

#: requests of one client
REQUESTS = 1_000_000 if LONG else 100_000
#: what the server may hold more after everything than after its first client
GROWTH = 8 << 20
HEAP = 0x1000000000
EXECUTABLE = b"/crashsite/python"
#: a byte, and how often it comes again
RUN = re.compile(rb"(.)\*(.)", re.DOTALL)


def packet(body: bytes) -> bytes:
    return b"$%s#%02x" % (body, sum(body) & 0xFF)


class Client:
    """A connection to the server, without any manners of its own."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self.kept = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reply(self) -> Optional[bytes]:
        """The next packet's body; None where there is nobody any more."""
        while True:
            match = re.search(rb"\$([^#]*)#..", self.kept, re.DOTALL)
            if match:
                self.kept = self.kept[match.end() :]
                return RUN.sub(lambda run: run.group(1) * (1 + ord(run.group(2)) - 29), match.group(1))
            more = self.more()
            if not more:
                return None
            self.kept += more

    def more(self) -> bytes:
        try:
            return self.socket.recv(1 << 16)
        except (ConnectionResetError, BrokenPipeError):
            return b""

    def ask(self, body: bytes) -> Optional[bytes]:
        try:
            self.send(packet(body))
        except (ConnectionResetError, BrokenPipeError):
            return None
        return self.reply()

    def ended(self) -> bool:
        """Whether the server ends the connection; what it still says before that is passed over."""
        while True:
            if not self.more():
                return True


class Hostile(Case):
    """Clients of one server."""

    def setUp(self) -> None:
        super().setUp()
        self.dump = crashed(self.dir, PROGRAM)

    @contextlib.contextmanager
    def server(self, *flags: str, listen: str = "0") -> Iterator[Server]:
        """A server that is well afterwards: it never came into a bad state, and an interrupt ends it."""
        server = Server(self.dump, self.dir, *flags, listen=listen)
        try:
            yield server
            self.assertIsNone(server.process.poll())
        finally:
            status = server.end()
        self.assertEqual(status, -signal.SIGINT)
        self.assertNotIn("should never be in", "".join(server.lines))

    def served(self, server: Server) -> None:
        """A client with manners gets its answers."""
        with Client(server.port) as client:
            self.assertIn(b"PacketSize=", client.ask(b"qSupported:multiprocess+;swbreak+") or b"")
            self.assertEqual(client.ask(b"qfThreadInfo"), b"mp01.01,p01.02,p01.03")
            self.assertEqual(client.ask(b"Hgp1.1"), b"OK")
            self.assertRegex(client.ask(b"g") or b"", rb"^[0-9a-fx]{400,}$")
            self.assertEqual(client.ask(b"D;1"), b"OK")
            self.assertTrue(client.ended())

    def bounded(self, server: Server, before: int) -> None:
        self.assertLess(server.memory() - before, GROWTH)

    def test_random_packets(self) -> None:
        """Nonsense of every kind: bytes, packets of bytes, and true requests with something wrong in them."""
        random_ = random.Random(5)
        true = [b"qSupported:a+;b=1;c-", b"m1000000000,10", b"g", b"G00", b"Hgp1.1", b"Hg-1", b"T1", b"vCont;s:p1.1;c"]
        true += [b"qXfer:features:read:target.xml:0,fff", b"qXfer:exec-file:read::0,fff", b"vFile:open:2f,0,0", b"D;1"]
        true += [
            b"vFile:pread:3,fff,0",
            b"vFile:fstat:3",
            b"qThreadExtraInfo,p1.1",
            b"qRcmd,6274",
            b"Z0,400008,1",
            b"k",
        ]
        true += [
            b"M400000,1:00",
            b"P1=00",
            b"c",
            b"s",
            b"vCont?",
            b"?",
            b"qC",
            b"qAttached:1",
            b"X400000,0:",
            b"vKill;1",
        ]
        with self.server() as server:
            self.served(server)
            before = server.memory()
            for turn in range(3000 if LONG else 600):
                with Client(server.port) as client:
                    data = b"+"
                    for _ in range(random_.randrange(1, 8)):
                        body = bytearray(random_.choice(true))
                        kind = random_.randrange(4)
                        for _ in range(random_.randrange(0, 4) if kind else 0):
                            at = random_.randrange(len(body) + 1)
                            body[at : at + random_.randrange(3)] = bytes([random_.choice(b",;:-#$*}0fp.\x00\xff")])
                        noise = bytes(random_.randrange(256) for _ in range(random_.randrange(40)))
                        data += noise if kind == 3 else packet(bytes(body))
                    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                        client.send(data)
                        if turn % 2:
                            client.socket.shutdown(socket.SHUT_WR)
                            self.assertTrue(client.ended())
            self.served(server)
            self.bounded(server, before)

    def test_packets_that_are_wrong(self) -> None:
        """A wrong checksum, one that is none, a packet without end: the client is sent away, nobody else."""
        with self.server() as server:
            for data in (b"$g#00", b"$g#zz", b"-", b"$" + b"g" * (1 << 20), b"$m" + b"0" * 60000 + b",10#00", b"#" * 9):
                with Client(server.port) as client:
                    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                        client.send(b"+" + data)
                    self.assertTrue(client.ended(), data[:20])
                    self.assertIsNone(client.reply())
                self.served(server)
            self.assertIn("does not speak gdb's protocol", server.wait_for("sent away", 6))

    def test_half_a_packet_keeps_nobody_waiting(self) -> None:
        """Clients that say half a packet, or nothing, and stay; one that asks and never reads."""
        with self.server("--max-clients", "4") as server:
            with Client(server.port) as half, Client(server.port), Client(server.port) as deaf:
                half.send(packet(b"qSupported:swbreak+") + b"$m1000000000")
                deaf.socket.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        deaf.socket.send(packet(b"g") * 1000)
                self.served(server)
                # It may go on where it stopped.
                self.assertIn(b"PacketSize=", half.reply() or b"")
                half.send(packet(b"m1000000000,10")[len(b"$m1000000000") :])
                self.assertEqual(len(half.reply() or b""), 32)
                with Client(server.port) as last:
                    self.assertTrue(last.ask(b"qAttached"))
                    with Client(server.port) as refused:
                        self.assertTrue(refused.ended())
                    self.assertIn("4 clients are served already", server.wait_for("--max-clients"))
                    self.assertEqual(half.ask(b"qAttached"), b"1")
            server.wait_for("is gone", 4)
            self.served(server)

    def test_a_million_requests(self) -> None:
        """One after the other, without waiting for the answers."""
        bodies = [b"g", b"m%x,40" % HEAP, b"m0,40", b"qXfer:features:read:target.xml:0,40", b"qfThreadInfo"]
        bodies += [
            b"qThreadExtraInfo,1",
            b"vFile:pread:3,40,40",
            b"?",
            b"vFile:open:" + EXECUTABLE.hex().encode() + b",0,0",
        ]
        block = b"".join(packet(body) for body in bodies)
        rounds = REQUESTS // len(bodies) + 1

        def send() -> None:
            for _ in range(rounds):
                client.send(block)

        with self.server() as server:
            self.served(server)
            before = server.memory()
            with Client(server.port) as client:
                client.ask(b"QStartNoAckMode")
                sender = threading.Thread(target=send)
                sender.start()
                answers, highest = 0, 0
                while answers < rounds * len(bodies):
                    more = client.more()
                    self.assertTrue(more, "gone after %d answers" % answers)
                    # `#` stands nowhere but before a checksum.
                    answers += more.count(b"#")
                    highest = max(highest, server.memory())
                sender.join(SECONDS)
                self.assertEqual(answers, rounds * len(bodies))
                self.assertEqual(client.ask(b"qAttached"), b"1")
            self.assertLess(highest - before, GROWTH)
            self.served(server)
            self.bounded(server, before)

    def test_memory_at_any_address_of_any_length(self) -> None:
        """The answer is what there is, or an error; never more than there is."""
        last = (1 << 64) - 1
        with self.server() as server:
            self.served(server)
            before = server.memory()
            with Client(server.port) as client:
                for address in (0, 1, 0x400000, HEAP, HEAP - 1, 0x600000000000, 0x7F0000000000, last - 8, last):
                    for length in (0, 1, 4096, 1 << 20, 1 << 40, last):
                        reply = client.ask(b"m%x,%x" % (address, length))
                        self.assertIsNotNone(reply, (address, length))
                        assert reply is not None
                        self.assertLess(len(reply), 1 << 22, (address, length))
                for body in (b"m%x,10" % (1 << 70), b"m10,%x" % (1 << 70), b"m,", b"m", b"m-1,4"):
                    with Client(server.port) as other:
                        self.assertRegex(other.ask(body) or b"E", rb"^E")
            self.served(server)
            self.bounded(server, before)

    def test_files_that_are_not_there(self) -> None:
        """Of all names, one opens, and it is no file of this machine; it cannot be written."""
        names = [b"/etc/passwd", b"../../etc/passwd", b"/crashsite/../etc/passwd", b"/proc/self/maps", b"", b".", b"/"]
        names += [
            EXECUTABLE + b"/../../etc/passwd",
            EXECUTABLE + b"\0",
            b"/" * 5000,
            b"\xff\xfe",
            os.fsencode(self.dump),
        ]
        names += [b"/crashsite", b"//crashsite/python", b"crashsite/python"]
        with self.server() as server, Client(server.port) as client:
            for name in names:
                self.assertEqual(client.ask(b"vFile:open:%s,0,0" % name.hex().encode()), b"F-1,02", name)
            opened = b"vFile:open:%s,%%x,1ff" % EXECUTABLE.hex().encode()
            for flags in (1, 2, 0x400, 0x200 | 1, 0x201 | 0x400):
                self.assertEqual(client.ask(opened % flags), b"F-1,1e", flags)
            self.assertEqual(client.ask(opened % 0), b"F03")
            read = client.ask(b"vFile:pread:3,4,0") or b""
            self.assertEqual(read, b"F04;\x7fELF")
            for offset in (1 << 40, (1 << 64) - 1):
                self.assertEqual(client.ask(b"vFile:pread:3,1000,%x" % offset), b"F00;")
            for descriptor in (0, 1, 2, 4, 0xFFFFFFFF):
                self.assertEqual(client.ask(b"vFile:pread:%x,4,0" % descriptor), b"F-1,09")
            self.assertRegex(client.ask(b"vFile:unlink:" + b"/etc/passwd".hex().encode()) or b"", rb"^(F-1|$)")
            self.assertRegex(client.ask(b"vFile:readlink:" + b"/proc/self/exe".hex().encode()) or b"", rb"^(F-1|$)")

    def test_transfers_without_end(self) -> None:
        """A transfer that goes on past its end, or asks for more than a packet holds."""
        with self.server() as server, Client(server.port) as client:
            for offset in (0, 100000, 1 << 40, (1 << 64) - 1):
                for length in (0, 1, 0xFFFF, 1 << 40, (1 << 64) - 1):
                    for what in (b"features:read:target.xml", b"exec-file:read:"):
                        reply = client.ask(b"qXfer:%s:%x,%x" % (what, offset, length)) or b""
                        self.assertRegex(reply[:1], rb"[lm]", (what, offset, length))
                        if offset:
                            self.assertEqual(reply, b"l")
            self.assertRegex(client.ask(b"qXfer:features:read:../../etc/passwd:0,fff") or b"", rb"^E")
            self.assertEqual(client.ask(b"qXfer:siginfo:read::0,fff"), b"")

    def test_monitor(self) -> None:
        """What `monitor` is asked is as hostile as the rest: too deep, too large, no text; the answer is text for a terminal."""
        asked = [
            b"print " + b"(" * 5000,
            b"print " + b"[" * 5000 + b"]" * 5000,
            b"print [0] * 10 ** 12",
            b"print 9 ** 9 ** 9",
        ]
        asked += [
            b"print " + b"-" * 20_000 + b"1",
            b"\xff\xfe",
            b"print '\\x1b[2J'",
            b"print \x1b[2J",
            b"\x1b[2J",
            b"print --pc x 1",
        ]
        asked += [
            b"locals --frame 99999999999999999999",
            b"print --thread 9 1",
            b"bt --json " * 100,
            b"convert x y",
            b"gdb x",
        ]
        asked += [b"", b"print", b"print " + b"x" * 32_000]
        with self.server() as server:
            self.served(server)
            before = server.memory()
            with Client(server.port) as client:
                for command in asked:
                    answer = b""
                    reply = client.ask(b"qRcmd," + command.hex().encode())
                    while reply and reply != b"OK":
                        self.assertEqual(reply[:1], b"O", command[:40])
                        answer += bytes.fromhex(reply[1:].decode("ascii"))
                        reply = client.reply()
                    self.assertEqual(reply, b"OK", command[:40])
                    self.assertRegex(answer.decode("utf-8"), r"\S", command[:40])
                    self.assertIsNone(re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", answer), (command[:40], answer[:200]))
                    self.assertNotIn(b"should never be in", answer, command[:40])
            self.served(server)
            self.bounded(server, before)

    def test_those_who_vanish(self) -> None:
        """Clients that are gone in the middle: of a packet, of an answer, at once."""
        with self.server() as server:
            self.served(server)
            before = server.memory()
            for turn in range(300):
                client = Client(server.port)
                with contextlib.suppress(ConnectionResetError, BrokenPipeError):
                    if turn % 3 == 1:
                        client.send(packet(b"m%x,7000" % HEAP) * 50)
                    elif turn % 3 == 2:
                        client.send(b"$m1000")
                if turn % 2:
                    # Not even a farewell: the connection is reset.
                    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                client.socket.close()
            server.wait_for("is gone", 300)
            self.served(server)
            self.bounded(server, before)
            self.assertLess(server.threads(), 24)

    def test_two_at_once(self) -> None:
        """Each has its own current thread, and its own end."""
        with self.server() as server, Client(server.port) as one, Client(server.port) as other:
            self.assertEqual((one.ask(b"Hgp1.1"), other.ask(b"Hgp1.2")), (b"OK", b"OK"))
            first, second = one.ask(b"g"), other.ask(b"g")
            self.assertNotEqual(first, second)
            self.assertEqual(one.ask(b"D;1"), b"OK")
            self.assertTrue(one.ended())
            self.assertEqual(other.ask(b"g"), second)

    def test_where_it_listens(self) -> None:
        """Loopback, unless something else is said."""
        with self.server() as server:
            self.assertEqual(server.address, "127.0.0.1")
            self.assertFalse([line for line in server.lines if "whoever" in line])
            taken = subprocess.run(
                [BINARY, "gdb", self.dump, "--listen", str(server.port)], stderr=subprocess.PIPE, timeout=SECONDS
            )
            self.assertEqual(taken.returncode, 1)
            self.assertEqual(len(taken.stderr.splitlines()), 2, taken.stderr)
        with self.server(listen="0.0.0.0:0") as server:
            self.assertEqual(server.address, "0.0.0.0")
            server.wait_for("whoever reaches this port can read the dump")

    def test_a_pipe(self) -> None:
        """Nonsense on stdin ends the server with a message; an end of it, without one."""
        for data, status in (
            (b"\xffhello, is this gdb?\n", 1),
            (b"$g#00", 1),
            (b"$m10", 0),
            (b"", 0),
            (packet(b"k"), 0),
        ):
            done = subprocess.run(
                [BINARY, "gdb", self.dump, "--stdio"],
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=SECONDS,
            )
            self.assertEqual(done.returncode, status, (data, done.stderr))
            self.assertEqual(len(done.stderr.splitlines()), 2 if status else 0, (data, done.stderr))


if __name__ == "__main__":
    unittest.main()
