"""debugpy with a dump in it, and a client of the Debug Adapter Protocol at its socket."""

import json
import os
import re
import socket
import subprocess
import time
from typing import Any, Dict, List

from bridged import SECONDS, environment


class Session:
    """From the start of the command, which listens, to the stop on the exception."""

    def __init__(self, command: List[str], packages: str, home: str, just_my_code: bool = True) -> None:
        self.log = os.path.join(home, "stderr.txt")
        with open(self.log, "wb") as stream:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, cwd=home,
                env=environment(home, packages), start_new_session=True,
            )  # fmt: skip
        self.sent = 0
        self.events: List[Dict[str, Any]] = []
        self.socket = None
        host, port = self._address()
        self.socket = socket.create_connection((host, port), SECONDS)
        self.stream = self.socket.makefile("rb")
        self.ask("initialize", adapterID="test", linesStartAt1=True, columnsStartAt1=True, pathFormat="path")
        attach = self.send("attach", justMyCode=just_my_code)
        self.event("initialized")
        self.ask("setExceptionBreakpoints", filters=[])
        self.ask("configurationDone")
        self.answer(attach)
        self.stopped = self.event("stopped")["body"]

    def said(self) -> str:
        """What the command printed."""
        with open(self.log, encoding="utf-8", errors="replace") as stream:
            return stream.read()

    def _address(self) -> Any:
        limit = time.monotonic() + SECONDS
        while time.monotonic() < limit:
            match = re.search(r"listens at ([0-9.]+):(\d+);", self.said())
            if match:
                return match.group(1), int(match.group(2))
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise AssertionError("debugpy does not listen: %s" % self.said())

    def send(self, command: str, **arguments: Any) -> int:
        self.sent += 1
        request = {"seq": self.sent, "type": "request", "command": command, "arguments": arguments}
        body = json.dumps(request).encode("utf-8")
        assert self.socket
        self.socket.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return self.sent

    def read(self) -> Dict[str, Any]:
        length = 0
        while True:
            line = self.stream.readline().strip()
            if not line and length:
                found: Dict[str, Any] = json.loads(self.stream.read(length))
                return found
            if not line:
                raise AssertionError("debugpy hung up: %s" % self.said())
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)

    def answer(self, number: int) -> Any:
        """The body of the response to a request."""
        while True:
            message = self.read()
            if message["type"] == "response" and message["request_seq"] == number:
                if not message["success"]:
                    raise AssertionError(str(message))
                return message.get("body")
            if message["type"] == "event":
                self.events.append(message)

    def ask(self, command: str, **arguments: Any) -> Any:
        return self.answer(self.send(command, **arguments))

    def event(self, name: str) -> Dict[str, Any]:
        """The first of that name that was not taken yet."""
        while True:
            for event in self.events:
                if event["event"] == name:
                    self.events.remove(event)
                    return event
            message = self.read()
            if message["type"] == "event":
                self.events.append(message)

    def variables(self, reference: int) -> Dict[str, Dict[str, Any]]:
        return {found["name"]: found for found in self.ask("variables", variablesReference=reference)["variables"]}

    def end(self) -> None:
        """All of it, the adapter too."""
        if self.socket is not None:
            self.socket.close()
        try:
            os.killpg(self.process.pid, 9)
        except ProcessLookupError:
            pass
        self.process.wait(SECONDS)
