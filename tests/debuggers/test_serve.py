"""`crashsite serve`: one loaded dump, looked at by gdb, a debugger and an editor at the same time."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import unittest
from typing import Any, List

from dap_client import BINARY, PATIENCE, ROOT, Body, Case, Stream, crashed

GDB = shutil.which("gdb")


class Server:
    """It runs until it is interrupted."""

    def __init__(self, dump: str, *flags: str) -> None:
        self.process = subprocess.Popen(
            [BINARY, "serve", dump, *flags], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.process.stdout
        lines = [self.process.stdout.readline().decode("utf-8") for _ in range(4)]
        self.ports = [int(found) for line in lines[:3] for found in re.findall(r"(?::|, |: )(\d{4,5})\b", line)]
        self.said = "".join(lines)

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        assert self.process.stdout
        self.process.stdout.close()


class Serve(Case):
    def setUp(self) -> None:
        super().setUp()
        self.dump = crashed(self.dir)

    def served(self, *flags: str) -> Server:
        server = Server(self.dump, *flags)
        self.addCleanup(server.end)
        self.assertEqual(len(server.ports), 3, server.said)
        return server

    def connected(self, port: int) -> Stream:
        connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        stream = connection.makefile("rwb")
        self.addCleanup(connection.close)
        self.addCleanup(stream.close)
        return Stream(stream, stream)

    def test_all_at_once(self) -> None:
        self.assertTrue(GDB, "there is no gdb: apt install gdb")
        server = self.served()
        os.unlink(self.dump)
        gdb, dap, lsp = server.ports

        debugger = self.connected(dap)
        debugger.ask("initialize", adapterID="crashsite")
        debugger.ask("attach")
        debugger.event("initialized")
        debugger.ask("configurationDone")
        stopped = debugger.event("stopped")
        (inner, *_) = debugger.frames(stopped["threadId"])
        wanted = debugger.ask("evaluate", expression="len(order.lines)", frameId=inner["id"])["result"]

        line = [str(GDB), "-nx", "-q", "-batch", "-ex", "target remote 127.0.0.1:%d" % gdb]
        done = subprocess.run(
            [*line, "-ex", "bt 1", "-ex", "monitor print len(order.lines)"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
        )
        shown = done.stdout.decode("utf-8", "replace")
        self.assertIn(" %s (" % inner["name"], shown)
        self.assertIn("\n%s\n" % wanted, shown)

        editor = self.connected(lsp)
        tell(editor, {"id": 1, "method": "initialize", "params": {"capabilities": {}}})
        self.assertIn("capabilities", answer(editor, 1))
        tell(editor, {"method": "initialized", "params": {}})
        arguments = [{"expression": "len(order.lines)", "frame": 0}]
        command = {"command": "crashsite.print", "arguments": arguments}
        tell(editor, {"id": 2, "method": "workspace/executeCommand", "params": command})
        self.assertEqual(answer(editor, 2)["repr"], wanted)
        self.assertEqual(debugger.ask("threads")["threads"][0]["id"], stopped["threadId"])

    def test_guide(self) -> None:
        """What docs/guide.md says that it prints is what it prints."""
        with open(os.path.join(ROOT, "docs", "guide.md"), encoding="utf-8") as stream:
            guide = re.search(r"    \$ crashsite serve FILE\n((?:    .*\n)+)", stream.read())
        assert guide
        shown = re.sub(r"(?m)^    ", "", guide.group(1))
        self.assertEqual(re.sub(r"\d{4,5}", "PORT", shown), re.sub(r"\d{4,5}", "PORT", self.served().said))

    def test_clients_come_and_go(self) -> None:
        """Ports that are asked for; more clients than are served; one that says nothing."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = self.served("--dap-port", str(port), "--max-clients", "2")
        self.assertEqual(server.ports[1], port)
        silent = self.connected(port)
        for _ in range(3):
            client = self.connected(port)
            client.ask("initialize", adapterID="crashsite")
            client.ask("disconnect")
        second = self.connected(port)
        second.ask("initialize", adapterID="crashsite")
        third = self.connected(port)
        self.assertIsNone(third.read(), "there are two already")
        self.assertEqual(len(silent.events), 0)
        done = subprocess.run(
            [BINARY, "serve", self.dump, "--gdb-port", str(port)], stderr=subprocess.PIPE, timeout=PATIENCE
        )
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (1, 2))


def tell(editor: Stream, message: Body) -> None:
    body = json.dumps(dict(message, jsonrpc="2.0")).encode("utf-8")
    editor.send(b"Content-Length: %d\r\n\r\n" % len(body) + body)


def answer(editor: Stream, number: int) -> Any:
    """The result of a request; what the server says beside is passed over."""
    seen: List[Body] = []
    while True:
        message = editor.read()
        assert message is not None, seen
        if message.get("id") == number and "method" not in message:
            assert "result" in message, message
            return message["result"]
        seen.append(message)


if __name__ == "__main__":
    unittest.main()
