"""Long work shows on a terminal how far it is, and leaves nothing there; elsewhere it says nothing."""

import os
import pty
import subprocess
import unittest
from typing import List

import crashsite
from common import BINARY, Case, call


class Row:
    def __init__(self, number: int) -> None:
        self.number = number
        self.text = str(number)


def large_dump() -> bytes:
    """A dump that takes the binary longer to check than it waits before it shows anything."""
    rows = [Row(number) for number in range(200_000)]
    try:
        raise KeyError(len(rows))
    except KeyError:
        return crashsite.create_dump(files=False, limits={"max_objects": 2_000_000, "max_seconds": 600})


class Progress(Case):
    def on_terminal(self, *arguments: str) -> bytes:
        """What the binary writes to stderr where that is a terminal."""
        master, slave = pty.openpty()
        process = subprocess.Popen([BINARY, *arguments], stdin=slave, stdout=subprocess.DEVNULL, stderr=slave)
        os.close(slave)
        said: List[bytes] = []
        try:
            while True:
                piece = os.read(master, 4096)
                if not piece:
                    break
                said.append(piece)
        except OSError:  # Linux: nobody has the other side open any more
            pass
        finally:
            os.close(master)
        self.assertEqual(process.wait(), 0)
        return b"".join(said)

    def test_progress(self) -> None:
        path = self.write("large.dump", large_dump())
        said = self.on_terminal("info", path, "--check")
        self.assertRegex(said, rb"^(\r\x1b\[K[a-z ]+: \d+ of \d+)+\r\x1b\[K")
        self.assertTrue(said.endswith(b"\r\x1b[K"), said)
        self.assertEqual(self.on_terminal("bt", path), b"")
        self.assertEqual(call("info", path, "--check").err, b"")


if __name__ == "__main__":
    unittest.main()
