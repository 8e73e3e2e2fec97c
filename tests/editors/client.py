"""A strict client of `crashsite lsp`: a message that nobody expects is a failure."""

import json
import os
import queue
import subprocess
import threading
import unittest
from typing import Any, Dict, List, Optional, Union, cast

BINARY = os.environ.get("CRASHSITE_BINARY", "")
#: seconds that an answer may take, on a busy machine
PATIENCE = 30.0

#: a client that can do all that the server makes use of
ABILITIES: Dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "textDocumentContent": {},
        "inlayHint": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
        "inlineValue": {"refreshSupport": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
    "window": {"showDocument": {"support": True}},
    "textDocument": {
        "hover": {"contentFormat": ["plaintext"]},
        "publishDiagnostics": {"relatedInformation": True},
    },
}
#: what such a client answers to the server's own requests
EXPECTED = {
    "workspace/inlayHint/refresh": None,
    "workspace/codeLens/refresh": None,
    "workspace/inlineValue/refresh": None,
    "client/registerCapability": None,
    "window/showDocument": {"success": True},
    "textDocument/publishDiagnostics": None,
}


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, error: Dict[str, Any]) -> None:
        super().__init__("%(code)s: %(message)s" % error)
        self.code = error["code"]


class Client:
    """One server, and what it said."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [BINARY, "lsp", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.answers: Dict[Union[int, str, None], Any] = {}
        self.asked: List[Union[int, str, None]] = []
        #: requests and notifications of the server, in their order
        self.told: List[Dict[str, Any]] = []
        self.unexpected: List[Any] = []
        #: whether it was told to exit: it reads no more
        self.ending = False
        self._news: queue.Queue[Optional[Dict[str, Any]]] = queue.Queue()
        self._number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            line = stream.readline()
            if not line:
                break
            name, _, value = line.partition(b":")
            if name != b"Content-Length" or stream.readline() != b"\r\n":
                self.unexpected.append(line)
                break
            body = stream.read(int(value))
            if len(body) < int(value):
                break
            self._news.put(json.loads(body))
        self._news.put(None)

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Any) -> None:
        body = json.dumps(message).encode("utf-8")
        self.send_bytes(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def tell(self, method: str, params: Any) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: Any) -> int:
        """Ask, and do not wait."""
        self._number += 1
        self.asked.append(self._number)
        message = {"jsonrpc": "2.0", "id": self._number, "method": method}
        # `shutdown` takes none.
        self.send(message if params is None else dict(message, params=params))
        return self._number

    def take(self) -> bool:
        """Take in the next message; False at the end."""
        message = self._news.get(timeout=PATIENCE)
        if message is None:
            return False
        if "method" in message:
            self.told.append(message)
            if message["method"] not in EXPECTED:
                self.unexpected.append(message)
            if "id" in message and not self.ending:
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": EXPECTED.get(message["method"])})
        elif message.get("id") in self.asked:
            self.asked.remove(message["id"])
            self.answers[message["id"]] = message
        else:
            self.unexpected.append(message)
        return True

    def answer(self, number: Union[int, str, None]) -> Any:
        """The answer to a question."""
        while number not in self.answers:
            if not self.take():
                raise EOFError("the server ended: %r" % self.errors())
        answer = self.answers.pop(number)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    def question(self, method: str, params: Any) -> Any:
        return self.answer(self.ask(method, params))

    def until(self, what: str) -> Dict[str, Any]:
        """The next thing of that name that the server tells by itself."""
        while True:
            for index, message in enumerate(self.told):
                if message["method"] == what:
                    del self.told[: index + 1]
                    return message
            if not self.take():
                raise EOFError("the server ended before %s" % what)

    def begin(self, abilities: Dict[str, Any] = ABILITIES, **options: Any) -> Any:
        folders = [{"uri": "file://" + path, "name": "w"} for path in options.pop("folders", [])]
        params = {
            "processId": None,
            "rootUri": None,
            "capabilities": abilities,
            "workspaceFolders": folders,
            "initializationOptions": options,
        }
        result = self.question("initialize", params)
        self.tell("initialized", {})
        return result

    def open(self, uri: str, text: str, language: str = "python") -> None:
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def hover(self, uri: str, line: int, character: int) -> Any:
        return self.question("textDocument/hover", at(uri, line, character))

    def command(self, name: str, **argument: Any) -> Any:
        return self.question("workspace/executeCommand", {"command": "crashsite." + name, "arguments": [argument]})

    def end(self) -> int:
        """Ask for the end, and see it come: the exit status."""
        self.question("shutdown", None)
        self.tell("exit", None)
        self.ending = True
        while self.take():
            pass
        return self.process.wait(PATIENCE)

    def errors(self) -> bytes:
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def close(self) -> None:
        """End it, however it is."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    pass


def at(uri: str, line: int, character: int) -> Dict[str, Any]:
    """A position, counted from 0."""
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}


def everything(uri: str) -> Dict[str, Any]:
    """All of a text."""
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 1_000_000, "character": 0}}
    return {"textDocument": {"uri": uri}, "range": whole}


class Case(unittest.TestCase):
    """A test with clients, at whose end each server ends cleanly and has said nothing unexpected."""

    def setUp(self) -> None:
        self.assertTrue(
            BINARY and os.path.exists(BINARY), "CRASHSITE_BINARY names no binary; run this by: cargo xtask test"
        )

    def client(self, *arguments: str) -> Client:
        client = Client(*arguments)
        self.addCleanup(client.close)
        return client

    def ended(self, client: Client) -> None:
        self.assertEqual(client.end(), 0)
        self.assertEqual(client.unexpected, [])
        self.assertEqual(client.errors(), b"")

    def text(self, hover: Any) -> str:
        self.assertIsNotNone(hover)
        return cast(str, hover["contents"]["value"])
