"""The debug adapter and clients that are wrong, greedy or gone."""

import os
import re
import signal
import socket
import subprocess
import unittest
from typing import Any, List

from dap_client import BINARY, PATIENCE, Adapter, Case, Refused, Stream, crashed

RUNNING = ["continue", "next", "stepIn", "stepOut", "stepBack", "reverseContinue", "goto", "restartFrame"]


class Launching(Case):
    def refused(self, adapter: Adapter, *words: str, **arguments: Any) -> None:
        with self.assertRaises(Refused) as refused:
            adapter.ask("launch", **arguments)
        self.assertEqual(refused.exception.shown, refused.exception.message)
        self.assertEqual(len(refused.exception.message.splitlines()), 2, refused.exception.message)
        for word in words:
            self.assertIn(word, refused.exception.message)

    def test_a_launch_that_fails(self) -> None:
        dump = crashed(self.dir)
        adapter = self.adapter()
        adapter.ask("initialize", adapterID="crashsite")
        missing = os.path.join(self.dir, "missing.dump")
        self.refused(adapter, missing, "No such file", dump=missing)
        adapter.event("terminated")
        self.refused(adapter, "not a", dump=__file__)
        self.refused(adapter, self.dir, program=self.dir)
        self.refused(adapter, "no dump was given")
        self.refused(adapter, "`dump`", "docs/dap.md", dump=7)
        self.refused(adapter, "missing field `to`", "docs/dap.md", dump=dump, pathMappings=[{"from": "/srv"}])
        self.refused(adapter, "--max-nothing", dump=dump, limits={"max-nothing": 7})
        self.refused(adapter, "--max-part", dump=dump, limits={"max-part": "1K"})
        with self.assertRaisesRegex(Refused, "no dump is open yet"):
            adapter.ask("threads")
        # It is not too late for a right one.
        adapter.ask("launch", program=dump, limits={"max-milliseconds": 5000, "max-steps": "50"})
        adapter.event("initialized")
        with self.assertRaisesRegex(Refused, r"^Limit: .* is 50 \(--max-steps\)"):
            adapter.ask("evaluate", expression="sum(range(100))")
        adapter.ask("disconnect")

    def test_a_dump_that_is_open(self) -> None:
        dump = crashed(self.dir)
        adapter = self.adapter(dump)
        adapter.ask("initialize", adapterID="crashsite")
        self.refused(adapter, "serves that one", dump=dump)
        adapter.event("terminated")
        adapter.ask("attach")
        adapter.event("initialized")
        self.assertEqual(adapter.ask("threads")["threads"][0]["name"], "till: ZeroDivisionError")

    def test_a_dump_that_is_cut(self) -> None:
        dump = crashed(self.dir)
        with open(dump, "r+b") as stream:
            stream.truncate(os.path.getsize(dump) * 2 // 3)
        adapter = self.adapter()
        self.assertEqual(adapter.launch(dump=dump)["text"], "ZeroDivisionError: division by zero")
        self.assertRegex(adapter.printed["console"], "^crashsite: .*(end|cut|missing)")
        frame = adapter.frames(1)[0]["id"]
        values = {v["name"]: v["value"] for v in adapter.variables(adapter.scopes(frame)["Locals"])}
        self.assertRegex(values["surrogate"], r"^'.ud800a.udfff'")

    def test_the_end(self) -> None:
        adapter = self.adapter()
        dump = crashed(self.dir)
        stopped = adapter.launch(dump=dump)
        self.assertEqual((stopped["reason"], stopped["threadId"]), ("exception", 1))
        self.assertEqual(stopped["text"], "ZeroDivisionError: division by zero")
        # The file may be another by now, or gone; so may the configuration.
        adapter.ask("restart")
        self.assertEqual(adapter.event("stopped"), stopped)
        os.rename(dump, dump + ".moved")
        with self.assertRaisesRegex(Refused, "(?s)No such file.*\n"):
            adapter.ask("restart")
        self.assertEqual(adapter.frames(1)[-1]["presentationHint"], "subtle")
        adapter.ask("restart", arguments={"dump": dump + ".moved", "justMyCode": False, "name": "\u00e9"})
        self.assertEqual(adapter.event("stopped"), stopped)
        self.assertNotIn("presentationHint", adapter.frames(1)[-1])
        adapter.ask("terminate")
        self.assertEqual(adapter.event("exited"), {"exitCode": 1})
        adapter.event("terminated")
        adapter.ask("terminate")
        adapter.ask("disconnect")
        self.assertIsNone(adapter.read())
        self.assertEqual(adapter.events, [])


class Dead(Case):
    def test_what_is_refused(self) -> None:
        adapter = self.adapter()
        stopped = adapter.launch(dump=crashed(self.dir))
        for command in RUNNING:
            with self.assertRaises(Refused) as refused:
                adapter.ask(command, threadId=1)
            self.assertRegex(
                refused.exception.shown or "", "^This is a post-mortem: the program is dead and cannot run"
            )
            # A client that took it for running is told that it stands.
            self.assertEqual(adapter.event("stopped"), dict(stopped, preserveFocusHint=True))
        for command in ("pause", "setVariable", "setExpression", "writeMemory"):
            with self.assertRaises(Refused) as refused:
                adapter.ask(command, threadId=1)
            self.assertRegex(refused.exception.shown or "", "^This is a post-mortem: ")
        for command in ("gotoTargets", "disassemble", "noSuch\x1b[31m"):
            with self.assertRaisesRegex(Refused, "is not answered by crashsite$") as refused:
                adapter.ask(command)
            self.assertIsNone(refused.exception.shown)
        points = adapter.ask("setBreakpoints", source={"path": "/x.py"}, breakpoints=[{"line": 3}, {"line": 9}])
        self.assertEqual([(p["line"], p["verified"]) for p in points["breakpoints"]], [(3, False), (9, False)])
        self.assertRegex(points["breakpoints"][0]["message"], "no breakpoint will be met")
        self.assertEqual(adapter.events, [])


class Hostile(Case):
    def test_what_is_not_there(self) -> None:
        adapter = self.adapter()
        adapter.launch(dump=crashed(self.dir))
        far = [0, -1, 99, 2**31, 2**63 - 1, -(2**63)]
        for number in far:
            for command, name in (
                ("stackTrace", "threadId"),
                ("exceptionInfo", "threadId"),
                ("scopes", "frameId"),
                ("variables", "variablesReference"),
                ("source", "sourceReference"),
            ):
                with self.assertRaises(Refused):
                    adapter.ask(command, **{name: number})
            with self.assertRaises(Refused):
                adapter.ask("evaluate", expression="1", frameId=number)
            with self.assertRaises(Refused):
                adapter.ask("readMemory", memoryReference=str(number), count=1)
            with self.assertRaises(Refused):
                adapter.ask("completions", text="a", column=1, frameId=number)
        for command in ("stackTrace", "scopes", "variables", "evaluate", "completions", "source", "readMemory"):
            for arguments in ({}, {"threadId": "1"}, {"frameId": 1e300}, {"variablesReference": 2**70}):
                with self.assertRaises(Refused):
                    adapter.ask(command, **arguments)
        frame = adapter.frames(1)[0]["id"]
        many = adapter.named(adapter.scopes(frame)["Locals"])["many"]["variablesReference"]
        for start, count in ((2**63 - 1, 2**63 - 1), (-5, -5), (2500, 1)):
            self.assertLessEqual(len(adapter.variables(many, start=start, count=count)), 1001)
        for start, levels in ((2**63 - 1, 2**63 - 1), (-5, -5), (1, 2)):
            adapter.frames(1, startFrame=start, levels=levels)
        for column in far:
            adapter.ask("completions", text="order.", column=column, line=column, frameId=frame)
        seal = adapter.ask("evaluate", expression="order.seal", frameId=frame)["memoryReference"]
        for offset in far:
            for count in far:
                adapter.ask("readMemory", memoryReference=seal, offset=offset, count=count)
        for expression in ("", "(" * 4000, "x" * 5000, "\0", "9**9**9", "import os", "x = 1", "'\\ud800'"):
            try:
                adapter.ask("evaluate", expression=expression, frameId=frame, context="repl")
            except Refused as refused:
                self.assertLess(len(refused.message), 10_000)
        self.assertEqual(adapter.events, [])

    def test_what_is_no_message(self) -> None:
        adapter = self.adapter("--max-message", "1M")
        adapter.launch(dump=crashed(self.dir))
        # Without a length, or with one that is none, there is no message, and nothing to answer to.
        adapter.send(b"\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n" + os.urandom(20000).replace(b"\n", b" ") + b"\r\n")
        adapter.send(b"Content-Length: -1\r\n\r\nContent-Length: 99999999999999999999\r\n\r\n")
        self.threads(adapter)
        for body in (b"", b"{", b"[]", b"7", b"\xff\xfe", b'{"seq":1}', b'{"type":"request","seq":"x"}', b"[" * 100000):
            adapter.send(b"content-length:%d\r\nX: y\r\n\r\n%s" % (len(body), body))
            response = adapter.response(0)
            self.assertFalse(response["success"])
            self.assertRegex(response["message"], "^this is no message: ")
        # What is no request is passed over.
        adapter.send(b'Content-Length: 19\r\n\r\n{"type":"response"}')
        self.threads(adapter)
        before = adapter.memory()
        size = 64 << 20
        adapter.send(b"Content-Length: %d\r\n\r\n" % size)
        for _ in range(size >> 20):
            adapter.send(b" " * (1 << 20))
        response = adapter.response(0)
        self.assertEqual(
            response["message"],
            "the limit on a message is 1048576 bytes (--max-message); this one has %d" % size,
        )
        self.assertLess(adapter.memory() - before, 8 << 20)
        self.threads(adapter)
        # Half a message, and the client is gone: it ends.
        adapter.send(b'Content-Length: 100\r\n\r\n{"seq": 1')

    def threads(self, adapter: Adapter) -> None:
        self.assertEqual(len(adapter.ask("threads")["threads"]), 4)

    def test_what_is_kept(self) -> None:
        adapter = self.adapter("--max-expandable", "20", "--max-memory", "16M")
        adapter.launch(dump=crashed(self.dir))
        frame = adapter.frames(1)[0]["id"]
        first = adapter.scopes(frame)["Locals"]
        for _ in range(20):
            last = adapter.scopes(frame)["Locals"]
        with self.assertRaisesRegex(Refused, "(?s)the latest 20 are .--max-expandable.*\nAsk for the frame"):
            adapter.variables(first)
        self.assertGreater(len(adapter.variables(last)), 5)

        def made() -> int:
            answer = adapter.ask("evaluate", expression="[[0] * 150000, [1]]", context="watch")
            reference: int = answer["variablesReference"]
            self.assertEqual(len(adapter.variables(reference)), 2)
            return reference

        first = made()
        before = adapter.memory()
        for _ in range(30):
            last = made()
        with self.assertRaisesRegex(Refused, "are not kept any more"):
            adapter.variables(first)
        self.assertEqual(len(adapter.variables(last)), 2)
        self.assertLess(adapter.memory() - before, 256 << 20)


class Listening(Case):
    def test_clients(self) -> None:
        dump = crashed(self.dir)
        command = [BINARY, "dap", dump, "--listen", "0", "--max-clients", "3"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        assert server.stderr
        self.addCleanup(server.stderr.close)
        line = server.stderr.readline().decode("utf-8")
        match = re.search(r'listening at 127\.0\.0\.1:(\d+); .*"debugServer": (\d+)$', line.strip())
        assert match and match.group(1) == match.group(2), line
        sockets: List[socket.socket] = []

        def connect() -> Stream:
            connection = socket.create_connection(("127.0.0.1", int(match.group(1))), PATIENCE)
            self.addCleanup(connection.close)
            sockets.append(connection)
            return Stream(connection.makefile("wb"), connection.makefile("rb"))

        silent, one, other = connect(), connect(), connect()
        silent.send(b"Content-Length: 100\r\n\r\n{")
        for client in (one, other):
            client.launch()
        # Each has answers of its own.
        for client, expected in ((one, "$0 = 5"), (one, "$1 = 5"), (other, "$0 = 5")):
            answer = client.ask("evaluate", expression="2 + 3", context="repl")
            self.assertEqual(answer["result"], expected)
        with self.assertRaisesRegex(Refused, "there is no answer"):
            other.ask("evaluate", expression="$1")
        # There is no room for a fourth, until one has left.
        self.assertEqual(sockets[0].getpeername(), sockets[1].getpeername())
        self.assertIsNone(connect().read())
        self.assertRegex(
            server.stderr.readline().decode(), r"was sent away: 3 clients are served already \(--max-clients\)"
        )
        one.ask("disconnect")
        late = connect()
        late.launch()
        self.assertEqual(late.ask("threads"), other.ask("threads"))
        server.send_signal(signal.SIGINT)
        self.assertEqual(server.wait(PATIENCE), -signal.SIGINT)

    def test_only_this_machine(self) -> None:
        done = subprocess.run([BINARY, "dap", "--listen", "0.0.0.0:0"], stderr=subprocess.PIPE, timeout=PATIENCE)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"to this machine only", done.stderr)


if __name__ == "__main__":
    unittest.main()
