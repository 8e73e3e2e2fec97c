"""The protocol itself: what a client may get wrong, take back, or leave without a word."""

import json
import socket
import subprocess
import time
import unittest
from typing import Any, List, Tuple

from client import BINARY, PATIENCE, Refused, at, everything
from crash import SHOP, Crashed, lines_of

# A question that takes its whole limit.
FOREVER = {"command": "crashsite.print", "arguments": [{"expression": "sum(i for i in range(10**9))"}]}


class Messages(Crashed):
    def test_malformed(self) -> None:
        client = self.begun("--max-message", "100K")
        for data, code in [
            (b"Content-Length: 5\r\n\r\n{oops", -32700),
            (b"Content-Length: 3\r\n\r\n\xff\xfe\xfd", -32700),
            (b"Content-Length: 2\r\n\r\n{}", -32600),
            (b"Content-Length: 2\r\n\r\n[]", -32600),
            (b'Content-Length: 16\r\n\r\n{"jsonrpc":"1.0"}'[:38], -32700),
            (b"nonsense\r\n\r\nContent-Length: x\r\n\r\nContent-Length: 4\r\n\r\nnull", -32600),
            (b"content-length: 4\r\nContent-Type: application/vscode-jsonrpc\r\n\r\nnull", -32600),
            (b"Content-Length: 200000\r\n\r\n" + b" " * 200_000, -32602),
            (b"Content-Length: 10000\r\n\r\n" + b"[" * 10_000, -32700),
        ]:
            with self.subTest(data[:60]):
                client.asked.append(None)
                client.send_bytes(data)
                with self.assertRaises(Refused) as refused:
                    client.answer(None)
                self.assertEqual(refused.exception.code, code)
        wrong: List[Tuple[str, Any, int]] = [
            ("textDocument/hover", {"textDocument": 1}, -32602),
            ("textDocument/hover", None, -32602),
            ("no/such", {}, -32601),
            ("initialize", {"capabilities": {}}, -32600),
        ]
        for method, params, code in wrong:
            with self.assertRaises(Refused) as refused:
                client.question(method, params)
            self.assertEqual(refused.exception.code, code, method)
        # What is not known, or makes no sense, and wants no answer.
        client.tell("$/unknown", {})
        client.tell("no/such", {})
        client.tell(
            "textDocument/didChange", {"textDocument": {"uri": "file:///no", "version": 1}, "contentChanges": []}
        )
        far = {"start": {"line": 9999, "character": 9}, "end": {"line": 1, "character": 1}}
        document = {"uri": self.uri, "version": 2}
        change = {"textDocument": document, "contentChanges": [{"range": far, "text": "x"}]}
        client.tell("textDocument/didChange", change)
        client.tell("textDocument/didClose", {"textDocument": {"uri": "file:///no"}})
        client.send({"jsonrpc": "2.0", "id": 77777, "result": None})
        line = lines_of(SHOP, "def total")[0]
        self.assertIn("count: int = 0", self.text(client.hover(self.uri, line, 20)))
        self.assertIsNone(client.hover(self.uri, 4_000_000_000, 4_000_000_000))
        self.ended(client)

    def test_out_of_order(self) -> None:
        client = self.client("--read", self.folder)
        with self.assertRaises(Refused) as refused:
            client.hover(self.uri, 0, 0)
        self.assertEqual(refused.exception.code, -32002)
        with self.assertRaises(Refused):
            client.question("shutdown", None)
        client.tell("textDocument/didOpen", {"textDocument": {"uri": self.uri, "languageId": "python"}})
        # Nothing of this is waited for.
        begun = client.ask("initialize", {"capabilities": {}, "initializationOptions": {"dumps": [self.dump]}})
        client.tell("initialized", {})
        client.open(self.uri, SHOP)
        hover = client.ask("textDocument/hover", at(self.uri, lines_of(SHOP, "def total")[0], 20))
        end = client.ask("shutdown", None)
        late = client.ask("textDocument/hover", at(self.uri, 0, 0))
        self.assertEqual(client.answer(begun)["serverInfo"]["name"], "crashsite")
        self.assertIn("count: int = 0", self.text(client.answer(hover)))
        client.answer(end)
        with self.assertRaises(Refused) as refused:
            client.answer(late)
        self.assertEqual(refused.exception.code, -32600)
        client.tell("exit", None)
        client.ending = True
        while client.take():
            pass
        self.assertEqual(client.process.wait(PATIENCE), 0)
        self.assertEqual(client.unexpected, [])

    def test_settings(self) -> None:
        with self.assertRaisesRegex(Refused, "discover|variant"):
            self.client().begin(discover="some")
        client = self.begun()
        client.tell("workspace/didChangeConfiguration", {"settings": {"crashsite": {"lenses": False, "hints": False}}})
        # The dump is not among the settings any more.
        self.assertEqual(client.command("dumps"), [])
        settings = {"dumps": [self.dump], "lenses": False, "hints": False}
        client.tell("workspace/didChangeConfiguration", {"settings": {"crashsite": settings}})
        self.assertEqual(len(client.command("dumps")), 1)
        self.assertEqual(client.question("textDocument/inlayHint", everything(self.uri)), [])
        self.assertEqual(client.question("textDocument/codeLens", {"textDocument": {"uri": self.uri}}), [])
        self.assertIsNotNone(client.hover(self.uri, lines_of(SHOP, "def total")[0], 20))
        self.ended(client)

    def test_cancelled(self) -> None:
        """Of many questions most are taken back: each is answered once, and the others rightly."""
        client = self.begun()
        place = at(self.uri, lines_of(SHOP, "def total")[0], 20)
        # The server is kept busy, so that the questions still wait when they are taken back.
        busy = [client.ask("workspace/executeCommand", FOREVER) for _ in range(8)]
        asked = [client.ask("textDocument/hover", place) for _ in range(300)]
        for number in asked[100:]:
            client.tell("$/cancelRequest", {"id": number})
        client.tell("$/cancelRequest", {"id": 123456})
        for number in busy:
            client.tell("$/cancelRequest", {"id": number})
        for number in busy:
            with self.assertRaises(Refused):
                client.answer(number)
        cancelled = 0
        for number in asked:
            try:
                self.assertIn("count: int = 0", self.text(client.answer(number)))
            except Refused as refused:
                self.assertEqual(refused.code, -32800)
                self.assertGreater(number, asked[99])
                cancelled += 1
        self.assertGreater(cancelled, 0)
        self.ended(client)

    def test_evaluation_cancelled(self) -> None:
        """What is taken back is not computed to its end, and holds up nothing."""
        client = self.begun()
        asked = [client.ask("workspace/executeCommand", FOREVER) for _ in range(40)]
        start = time.monotonic()
        for number in asked:
            client.tell("$/cancelRequest", {"id": number})
        for number in asked:
            with self.assertRaises(Refused):
                client.answer(number)
        self.text(client.hover(self.uri, lines_of(SHOP, "def total")[0], 20))
        # One after the other they would take 40 times the limit of an evaluation, 0.9 s, among 8 threads.
        self.assertLess(time.monotonic() - start, 2.5)
        self.ended(client)

    def test_no_dump(self) -> None:
        client = self.client()
        client.begin(dumps=["/no/such.dump", self.uri[len("file://") :]], discover="none")
        told = {client.until("window/showMessage")["params"]["message"] for _ in range(2)}
        self.assertEqual(len([text for text in told if "/no/such.dump: No such file" in text]), 1, told)
        self.assertEqual(len([text for text in told if "not a Crashsite dump" in text]), 1, told)
        self.assertEqual(client.command("dumps"), [])
        with self.assertRaisesRegex(Refused, "no such dump is open"):
            client.command("nextFrame")
        client.unexpected = [one for one in client.unexpected if one["method"] != "window/showMessage"]
        self.ended(client)

    def test_death(self) -> None:
        """The client goes away: so does the server, with the files it has written."""
        client = self.begun()
        client.hover(self.uri, 0, 0)
        for _ in range(50):
            client.ask("textDocument/hover", at(self.uri, 20, 20))
        assert client.process.stdin is not None and client.process.stdout is not None
        client.process.stdin.close()
        self.assertEqual(client.process.wait(PATIENCE), 1)
        client = self.begun()
        client.tell("exit", None)
        self.assertEqual(client.process.wait(PATIENCE), 1)
        # Nobody reads what it says.
        process = subprocess.Popen([BINARY, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdin is not None and process.stdout is not None
        process.stdout.close()
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}).encode()
        process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        process.stdin.flush()
        try:
            self.assertEqual(process.wait(PATIENCE), 1)
        finally:
            process.kill()
            process.stdin.close()

    def test_port(self) -> None:
        process = subprocess.Popen([BINARY, "lsp", "--listen", "0"], stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            self.assertRegex(said, r"^crashsite: listening on 127\.0\.0\.1:\d+, ")
            port = int(said.split(":")[2].split(",")[0])
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
                message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
                body = json.dumps(message).encode()
                connection.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
                self.assertRegex(connection.recv(4096), rb'^Content-Length: \d+\r\n\r\n\{"jsonrpc":"2.0","result":')
            self.assertEqual(process.wait(PATIENCE), 1)
        finally:
            process.kill()
            process.stderr.close()
        refused = subprocess.run([BINARY, "lsp", "--listen", "0.0.0.0:0"], capture_output=True, text=True)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("this machine only", refused.stderr)


if __name__ == "__main__":
    unittest.main()
