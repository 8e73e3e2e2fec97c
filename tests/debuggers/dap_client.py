"""A client of `crashsite dap`, and dumps for it to look at."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import unittest
from typing import IO, Any, Dict, List, Optional

BINARY = os.environ.get("CRASHSITE_BINARY", "")
HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
#: seconds that anything may take before it counts as hung
PATIENCE = 60.0

Body = Dict[str, Any]


class Refused(Exception):
    """A response that is an error: its message, and what a person would be shown in a window."""

    def __init__(self, response: Body) -> None:
        super().__init__(response["message"])
        self.message: str = response["message"]
        self.shown: Optional[str] = response.get("body", {}).get("error", {}).get("format")


def crashed(directory: str, *words: str, program: str = os.path.join(HERE, "shop.py")) -> str:
    """The dump of a crash of shop.py, or a copy of it."""
    path = os.path.join(directory, "shop.dump")
    environment = {"PYTHONPATH": os.path.join(ROOT, "python")}
    command = [sys.executable, "-B", program, path, *words]
    subprocess.run(command, env=environment, timeout=PATIENCE, check=True)
    return path


class Stream:
    """Messages over a pair of streams."""

    def __init__(self, to: IO[bytes], of: IO[bytes]) -> None:
        self.to, self.of = to, of
        self.seq = 0
        self.events: List[Body] = []
        #: what was printed in the console, category by category
        self.printed: Dict[str, str] = {}

    def send(self, data: bytes) -> None:
        self.to.write(data)
        self.to.flush()

    def read(self) -> Optional[Body]:
        """The next message; None at the end."""
        length = None
        while True:
            line = self.of.readline()
            if not line:
                return None
            if line == b"\r\n":
                break
            name, value = line.split(b":")
            assert name == b"Content-Length", line
            length = int(value)
        assert length is not None
        text = self.of.read(length).decode("utf-8")
        assert all(ord(letter) >= 0x20 for letter in text), "a control character is sent as it is"
        message: Body = json.loads(text)
        return message

    def request(self, command: str, arguments: Optional[Body] = None) -> int:
        self.seq += 1
        message = {"seq": self.seq, "type": "request", "command": command, "arguments": arguments or {}}
        body = json.dumps(message).encode("utf-8")
        self.send(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return self.seq

    def response(self, seq: int) -> Body:
        """The response to a request; events that come before are kept."""
        while True:
            message = self.read()
            assert message is not None, "the server is gone"
            if message["type"] == "response":
                assert message["request_seq"] == seq, message
                return message
            self.take(message)

    def take(self, event: Body) -> None:
        if event.get("event") == "output":
            category = event["body"]["category"]
            self.printed[category] = self.printed.get(category, "") + event["body"]["output"]
        else:
            self.events.append(event)

    def event(self, name: str) -> Body:
        """The next event, which has to be that one; what is printed in the console is kept."""
        while not self.events:
            message = self.read()
            assert message is not None, "the server is gone"
            self.take(message)
        message = self.events.pop(0)
        assert message.get("event") == name, message
        body: Body = message.get("body", {})
        return body

    def ask(self, command: str, **arguments: Any) -> Body:
        response = self.response(self.request(command, arguments))
        assert response["command"] == command, response
        if not response["success"]:
            raise Refused(response)
        body: Body = response.get("body", {})
        return body

    def launch(self, **arguments: Any) -> Body:
        """Has a dump opened; how the program stands."""
        self.ask("initialize", adapterID="crashsite", supportsVariablePaging=True)
        self.ask("launch", **arguments)
        self.event("initialized")
        self.ask("configurationDone")
        return self.event("stopped")

    def frames(self, thread: int, **arguments: Any) -> List[Body]:
        frames: List[Body] = self.ask("stackTrace", threadId=thread, **arguments)["stackFrames"]
        return frames

    def scopes(self, frame: int) -> Dict[str, int]:
        return {scope["name"]: scope["variablesReference"] for scope in self.ask("scopes", frameId=frame)["scopes"]}

    def variables(self, reference: int, **arguments: Any) -> List[Body]:
        variables: List[Body] = self.ask("variables", variablesReference=reference, **arguments)["variables"]
        return variables

    def named(self, reference: int, **arguments: Any) -> Dict[str, Body]:
        return {variable["name"]: variable for variable in self.variables(reference, **arguments)}


class Adapter(Stream):
    """`crashsite dap`, over stdin and stdout."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [BINARY, "dap", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert self.process.stdin and self.process.stdout
        super().__init__(self.process.stdin, self.process.stdout)
        self.watch = threading.Timer(PATIENCE, self.process.kill)
        self.watch.start()

    def end(self) -> int:
        """Goes away without a word; the status of the server. It has said nothing beside its messages."""
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        self.watch.cancel()
        said = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        assert said == b"", said
        return status

    def memory(self) -> int:
        """Bytes that it has at most had."""
        with open("/proc/%d/status" % self.process.pid) as stream:
            peak = next(line for line in stream if line.startswith("VmHWM"))
        return int(peak.split()[1]) << 10


class Case(unittest.TestCase):
    """A test with the binary and a directory of its own."""

    def setUp(self) -> None:
        self.assertTrue(
            BINARY and os.path.exists(BINARY), "CRASHSITE_BINARY names no binary; run this by: cargo xtask test"
        )
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.dir = directory.name

    def adapter(self, *arguments: str) -> Adapter:
        adapter = Adapter(*arguments)
        self.addCleanup(lambda: self.assertEqual(adapter.end(), 0))
        return adapter
