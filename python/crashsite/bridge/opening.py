"""A dump of any format, read: version 3 here, the others after the command `crashsite` has converted them."""

import os
import subprocess
from typing import Optional

from .. import reader
from .._binary import find_binary
from . import _plain

#: for one conversion
_SECONDS = 600


class CannotOpen(ValueError):
    """What is wrong, and, in a second line, what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__("%s\n%s" % (_plain.name(what), remedy))


def open_dump(path: str, binary: Optional[str] = None, identity: Optional[str] = None) -> reader.Dump:
    """The dump; `CannotOpen`. `identity` is the file with the key for one that is sealed."""
    try:
        return reader.load(path)
    except OSError as error:
        raise CannotOpen("%s: %s" % (path, error.strerror), "Give the path of a dump that can be read.") from None
    except reader.FormatError as error:
        if _is_version_3(path):
            remedy = "What is left of it, `crashsite info` can tell."
            raise CannotOpen("%s: %s" % (path, error), remedy) from None
    command = find_binary(binary)
    if command is None:
        raise CannotOpen(
            "%s: not a dump of version 3, and there is no command `crashsite` to convert it" % path,
            "pip install 'crashsite[reader]', or name the command with --reader PATH.",
        )
    return reader.Dump(_converted(command, path, identity))


def _converted(command: str, path: str, identity: Optional[str]) -> bytes:
    """By a pipe: what was sealed becomes no file."""
    line = [command, "convert", os.path.abspath(path), "-"]
    if identity is not None:
        line += ["--identity", os.path.abspath(identity)]
    pipe = subprocess.PIPE
    try:
        done = subprocess.run(line, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotOpen("%s: %s" % (command, error), "Name the command `crashsite` with --reader PATH.") from None
    if done.returncode != 0:
        text = done.stderr.decode("utf-8", "replace")
        said = [line for line in text.splitlines() if line.strip()] or ["%s ended with %d" % (command, done.returncode)]
        raise CannotOpen(
            said[0].replace("crashsite: ", "", 1), _plain.name(said[-1]) if len(said) > 1 else "Is it a dump?"
        )
    return done.stdout


def _is_version_3(path: str) -> bool:
    with open(path, "rb") as stream:
        head = stream.read(1_000_000).partition(b"\r\n\r\n")[0]
    return b"\r\nX-python-heapdump-version: 3\r\n" in head + b"\r\n"
