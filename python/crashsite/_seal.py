"""Sealing: a dump is piped, as it is written, through a program that encrypts it to the age format for its recipients.

Imported only where there are recipients. The program is found and tried when the hooks are set; what is not encrypted never
reaches a file.
"""

import _socket
import os
import signal
from typing import Dict, List, Optional, Sequence, Tuple

from ._binary import find_binary
from ._builtins import keep_builtins

keep_builtins(globals())

try:
    import fcntl
except ImportError:  # Windows, which has no `os.posix_spawn` either
    fcntl = None  # type: ignore[assignment]

#: seconds without progress, after which the program is given up
_PATIENCE = 10.0
#: bytes of a chunk of age, of its header without recipients, and of one recipient's stanza; a piece below that cannot be read
_CHUNK, _HEADER, _STANZA = 65_536 + 16, 400, 110
#: bytes of what the program says that are kept
_MOST_SAID = 2000
_NO_SIGNAL: int = getattr(_socket, "MSG_NOSIGNAL", 0)

_sealers: Dict[Tuple[str, ...], "Sealer"] = {}


def sealer(recipients: Tuple[str, ...]) -> "Sealer":
    """The one for these recipients. It is looked for once in a process; ValueError where there is none."""
    found = _sealers.get(recipients)
    if found is None:
        found = _sealers[recipients] = _found(recipients)
    return found


def _found(recipients: Tuple[str, ...]) -> "Sealer":
    if fcntl is None or not hasattr(os, "posix_spawn"):
        raise ValueError(
            "recipients: this Python cannot start a program without risk (no os.posix_spawn): no dump is written"
        )
    import shutil

    programs = [(find_binary(), "seal"), (shutil.which("age"), "--encrypt")]
    wrong: List[str] = []
    for path, word in programs:
        if path is not None:
            found = Sealer([os.path.abspath(path), word], recipients)
            why = found.tried()
            if why is None:
                return found
            wrong.append(why)
    if wrong:
        raise ValueError("recipients: %s" % wrong[0])
    raise ValueError(
        "recipients: neither `crashsite` nor `age` is on the PATH or beside this Python, and no dump is written without:"
        " pip install 'crashsite[reader]', or install age"
    )


class Sealer:
    """A program that seals what it reads for recipients."""

    def __init__(self, program: Sequence[str], recipients: Sequence[str]) -> None:
        self._line = list(program)
        for recipient in recipients:
            self._line += ["--recipient", recipient]
        #: bytes of a sealed file of which something can be read
        self.least = _CHUNK + _HEADER + _STANZA * len(recipients)

    def tried(self) -> Optional[str]:
        """What is wrong with the program or the recipients, by sealing nothing once."""
        descriptor = os.open(os.devnull, os.O_WRONLY)
        try:
            return self.start(descriptor).close()
        except OSError as error:
            return "%s: %s" % (self._line[0], error)
        finally:
            os.close(descriptor)

    def start(self, descriptor: int) -> "Sealing":
        """Start the program; it writes to the file of the descriptor."""
        return Sealing(self._line, descriptor)


class Sealing:
    """The running program. It has a process group of its own, so that Ctrl-C at the terminal does not end it, an empty
    environment, and no descriptors but its three. One socket is its stdin and its stderr: to write to a socket raises no
    SIGPIPE, it can be given a time limit, and its end is seen even if a forked process has it, too."""

    def __init__(self, line: List[str], descriptor: int) -> None:
        self._name = os.path.basename(line[0])
        self._socket, theirs = _socket.socketpair()
        self._pid: Optional[int] = None
        high: List[int] = []
        try:
            self._socket.settimeout(_PATIENCE)
            # Where the program has closed its own, one of ours may be 0, 1 or 2, and would be overwritten.
            for number in (theirs.fileno(), descriptor):
                high.append(fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 3))
            actions = [
                (os.POSIX_SPAWN_DUP2, high[0], 0),
                (os.POSIX_SPAWN_DUP2, high[1], 1),
                (os.POSIX_SPAWN_DUP2, high[0], 2),
            ]
            self._pid = os.posix_spawn(line[0], line, {}, file_actions=actions, setpgroup=0, setsigmask=())
        except BaseException:
            self._socket.close()
            raise
        finally:
            theirs.close()
            for number in high:
                os.close(number)

    def write(self, block: bytes) -> None:
        """Take all of a block."""
        view = memoryview(block)
        while view:
            view = view[self._socket.send(view, _NO_SIGNAL) :]

    def close(self) -> Optional[str]:
        """Let it come to its end, and wait for that: what went wrong, if anything did."""
        said, why = b"", None
        try:
            self._socket.shutdown(_socket.SHUT_WR)
            while True:
                piece = self._socket.recv(4096)
                if not piece:
                    break
                said = (said + piece)[:_MOST_SAID]
        except _socket.timeout:
            why = "not done after %d seconds" % _PATIENCE
            os.kill(self._pid or 0, signal.SIGKILL)
        except OSError:  # it ended before it had read all
            pass
        finally:
            self._socket.close()
        try:
            status = os.waitpid(self._pid or 0, 0)[1]
        except ChildProcessError:  # the program itself waits for all its children, or ignores SIGCHLD
            status = 1 if said else 0
        if status == 0:
            return None
        text = said.decode("utf-8", "replace").strip().partition("\n")[0]
        if why is None:
            ended = (
                "ended by signal %d" % os.WTERMSIG(status) if os.WIFSIGNALED(status) else "status %d" % (status >> 8)
            )
            why = text or ended
        for prefix in (self._name + ": ", "error: "):
            why = why[len(prefix) :] if why.startswith(prefix) else why
        return "%s: %s" % (self._name, why)
