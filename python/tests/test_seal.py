"""Dumps for the right reader only: sealed as they are written, or not written; each fault is made to happen.

The binary is that of the environment variable CRASHSITE_BINARY, which `cargo xtask test` sets.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
import time
import unittest
from typing import Callable, List, Optional, Tuple

from programs import ROOT, Case

BINARY = os.environ.get("CRASHSITE_BINARY", "")
AGE = shutil.which("age")
#: what must be in no file, and in no sealed one as it is
CANARY = "canary-8c1f-in-plaintext"

#: a program that fails with a heap of several chunks; FAULT stands before the failure
PROGRAM = """\
import os, signal, sys
import crashsite
crashsite.dump_on_unhandled_exceptions(redact="off")
import random
canary = "canary-8c1f-" + "in-plaintext"
numbers = [random.random() for i in range(60000)]
%s
1/0
"""
#: calls `then(sealing)` once so many bytes were written to the program that seals; some 200 kB wait in its socket
AFTER = """\
from crashsite import _seal
write = _seal.Sealing.write
sent = 0
def writing(sealing, block):
    global sent
    while block:
        write(sealing, block[:10_000])
        sent, block = sent + len(block[:10_000]), block[10_000:]
        if sent > %d: then(sealing)
_seal.Sealing.write = writing
"""
#: the traceback of all these programs ends so; no other process is left, not even one that nobody waited for
LAST = "ZeroDivisionError: division by zero"
ALONE = """\
def alone(*info, hook=sys.excepthook):
    hook(*info)
    try: print("a child is left", os.waitpid(-1, os.WNOHANG))
    except ChildProcessError: print("no child is left")
sys.excepthook = alone
"""


@unittest.skipUnless(BINARY, "CRASHSITE_BINARY names no binary")
@unittest.skipUnless(hasattr(os, "posix_spawn"), "without os.posix_spawn nothing can be sealed")
class Sealed(Case):
    def setUp(self) -> None:
        super().setUp()
        for folder in ("bin", "tmp", "dumps"):
            os.mkdir(self.path(folder))
        self.tool = self.path("bin/crashsite")
        os.symlink(BINARY, self.tool)
        self.recipient, self.key = self.keys("key.txt")

    def keys(self, name: str) -> Tuple[str, str]:
        """A new pair: the public key, and the file of the secret one."""
        return subprocess.check_output([BINARY, "keygen", "-o", self.path(name)], encoding="utf-8").strip(), self.path(
            name
        )

    def fail(self, fault: str = "", status: int = 1, program: str = PROGRAM, **env: str) -> List[str]:
        """Run the program with the fault; what Crashsite said. Nothing in plaintext is left, wherever that may be."""
        script = self.write("tmp/prog.py", program % fault)
        settings = {"CRASHSITE_RECIPIENTS": self.recipient, "CRASHSITE_DIR": self.path("dumps")}
        settings.update({"PATH": self.path("bin"), "TMPDIR": self.path("tmp")}, **env)
        self.done = self.run_python(script, env=settings, status=status)
        for path in glob.glob(self.path("**"), recursive=True):
            if os.path.isfile(path) and path != self.tool:
                with open(path, "rb") as stream:
                    content = stream.read()
                self.assertNotIn(CANARY.encode(), content, path)
                self.assertNotIn(b"This file is a dump", content, path)
        return [line for line in self.done.stderr.splitlines() if line.startswith("crashsite:")]

    def files(self) -> List[str]:
        found = glob.glob(self.path("dumps/*"))
        return sorted(path for path in found if not os.path.basename(path).startswith("crashsite_sites_"))

    def only(self, said: List[str]) -> str:
        """The file of the one dump that was told of."""
        self.assertEqual(len(said), 1, self.done.stderr)
        self.assertIn("crashsite: heap dump in ", said[0])
        self.assertEqual(self.done.stderr.splitlines()[-1], LAST)
        (path,) = self.files()
        self.assertTrue(path.endswith("_0.dump.age"), path)
        return path

    def none(self, said: List[str], why: str, last: str = LAST) -> None:
        """One line says why there is no dump, and no piece of one is left."""
        self.assertEqual(len(said), 1, self.done.stderr)
        self.assertTrue(said[0].startswith("crashsite: no heap dump: "), said[0])
        self.assertIn(why, said[0])
        self.assertEqual(self.done.stderr.splitlines()[-1], last)
        self.assertEqual(self.files(), [])

    def ask(self, *arguments: str) -> str:
        return subprocess.check_output([BINARY, *arguments, "--identity", self.key], encoding="utf-8", timeout=60)

    def opened(self, path: str, complete: Optional[bool] = True) -> List[str]:
        """The dump opens with the key; its problems. None: it may be complete or not."""
        answer = json.loads(self.ask("bt", path, "--json"))
        self.assertEqual(answer["exception"]["type"], "ZeroDivisionError")
        if complete is not None:
            self.assertEqual(answer["dump"]["complete"], complete)
        if complete:
            self.assertEqual(self.ask("print", path, "canary"), "'%s'\n" % CANARY)
        return [problem["message"] for problem in answer["dump"]["problems"]]

    def until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + 30
        while not holds():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def test_of_a_failing_test(self) -> None:
        self.write("test_shop.py", "import unittest\nclass Shop(unittest.TestCase):\n    def test(self): self.fail()\n")
        settings = {"CRASHSITE_RECIPIENTS": self.recipient, "PATH": self.path("bin")}
        done = self.run_python("-m", "crashsite", "unittest", "--dir", "dumps", env=settings, status=1)
        (path,) = self.files()
        self.assertTrue(path.endswith("_0.dump.age"), path)
        self.assertIn("open it with: crashsite --identity KEYFILE %s\n" % path, done.stderr)

    def test_a_crash(self) -> None:
        path = self.only(self.fail(ALONE))
        self.assertEqual(self.done.stdout, "no child is left\n")
        self.assertIn("open it with: crashsite --identity KEYFILE " + path, self.done.stderr)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertEqual(self.opened(path), [])
        _, other = self.keys("other.txt")
        for keys, why in (([], "no identity was given"), (["--identity", other], "sealed for others")):
            refused = subprocess.run(
                [BINARY, "bt", path, *keys], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60
            )
            self.assertEqual((refused.returncode, refused.stdout), (3, b""))
            self.assertIn(why, refused.stderr.decode())

    def test_several_recipients(self) -> None:
        second, key = self.keys("second.txt")
        path = self.only(self.fail(CRASHSITE_RECIPIENTS=self.recipient + ", " + second))
        self.opened(path)
        self.key = key
        self.opened(path)

    @unittest.skipUnless(AGE, "`age` is not here")
    def test_by_age(self) -> None:
        os.unlink(self.tool)
        os.symlink(AGE or "", self.path("bin/age"))
        path = self.only(self.fail(ALONE))
        self.assertEqual(self.done.stdout, "no child is left\n")
        self.assertEqual(self.opened(path), [])
        plain = subprocess.check_output([AGE or "", "--decrypt", "-i", self.key, path])
        self.assertIn(b"This file is a dump", plain)

    def test_by_hand(self) -> None:
        program = (
            "import crashsite\ntry: canary = 'canary-8c1f-' + 'in-plaintext'; 1/0\nexcept Exception:\n"
            "    crashsite.save_dump('dumps/by_hand', redact='off', durable=True)\n"
            "    with open('dumps/bytes', 'xb') as stream: stream.write(crashsite.create_dump(redact='off'))\n%s"
        )
        self.assertEqual(self.fail(program=program, status=0), [])
        for path in self.files():
            self.assertEqual(self.opened(path), [])
        self.assertEqual(len(self.files()), 2)

    def test_no_tool(self) -> None:
        """An error when the hooks are set; a mistaken key is one as well, wherever it stands."""
        with open(self.key, encoding="utf-8") as stream:
            secret = stream.read().split()[-1]
        cases = [("age1" + "q" * 58, "age1qqqq"), ("nobody", "'nobody'"), (secret, "number 1 is a secret key")]
        for recipients, why in cases:
            self.assertEqual(self.fail(CRASHSITE_RECIPIENTS=recipients), [])
            self.assertIn("ValueError: ", self.done.stderr.splitlines()[-1])
            self.assertIn(why, self.done.stderr.splitlines()[-1])
            self.assertNotIn(secret[20:], self.done.stderr)
        os.unlink(self.tool)
        self.assertEqual(self.fail(), [])
        self.assertIn("neither `crashsite` nor `age` is on the PATH", self.done.stderr.splitlines()[-1])
        self.assertEqual(self.files(), [])

    def test_unread_settings(self) -> None:
        """A file of settings that is damaged, but names recipients: nothing is written in plaintext instead."""
        self.write("pyproject.toml", "[tool.crashsite]\nrecipients = ['%s'\n" % self.recipient)
        said = self.fail(CRASHSITE_RECIPIENTS="")
        self.assertEqual(len(said), 2, said)
        self.assertIn("setting ignored: ", said[0])
        self.none(said[1:], "may name recipients, and was not read")
        if sys.version_info >= (3, 11):
            self.write("pyproject.toml", "[tool.crashsite]\nrecipients = ['%s']\n" % self.recipient)
            self.opened(self.only(self.fail(CRASHSITE_RECIPIENTS="")))

    def test_tool_gone(self) -> None:
        said = self.fail("os.unlink(%r)" % self.tool)
        os.symlink(BINARY, self.tool)
        self.none(said, "No such file or directory: '%s'" % self.tool)

    @unittest.skipUnless(hasattr(os, "chroot") and os.getuid() == 0, "chroot is root's")
    def test_chroot(self) -> None:
        os.mkdir(self.path("root"))
        said = self.fail("os.chroot(%r); os.chdir('/')" % self.path("root"), CRASHSITE_DIR="/")
        self.none(said, "No such file or directory: '%s'" % self.tool)
        self.assertEqual(os.listdir(self.path("root")), [])

    def test_no_descriptors(self) -> None:
        fault = "held = []\ntry:\n    while True: held.append(os.open(os.devnull, os.O_RDONLY))\nexcept OSError: pass\n"
        self.none(self.fail(fault), "Too many open files")
        self.none(self.fail(fault + "os.close(held.pop())\n"), "Too many open files")

    def test_closed_streams(self) -> None:
        self.fail("os.close(0); os.close(1); os.close(2)")
        (path,) = self.files()
        self.assertEqual(self.opened(path), [])

    def test_full_disk(self) -> None:
        full = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (%d, %d))\n" + ALONE
        said = self.fail(full % (2000, 2000))
        self.none(said, "OSError: crashsite: stdout: it could not be written: File too large", "no child is left")
        said = self.fail(full % (100_000, 100_000))
        self.assertIn("cut by error: crashsite: stdout: it could not be written: File too large", said[0])
        self.assertIn("the sealed file is cut here", self.opened(self.only(said), complete=False)[-1])

    def test_tool_killed(self) -> None:
        """Also where the program wants to be ended by SIGPIPE, and where it waits for no child."""
        kill = "def then(sealing): os.kill(sealing._pid, signal.SIGKILL)\n"
        for fault in ("", "signal.signal(signal.SIGPIPE, signal.SIG_DFL)\n"):
            said = self.fail(kill + AFTER % 20_000 + ALONE + fault)
            self.none(said, "OSError: crashsite: ended by signal 9")
            self.assertEqual(self.done.stdout, "no child is left\n")
        said = self.fail(kill + AFTER % 350_000 + ALONE)
        self.assertIn("cut by error: crashsite: ended by signal 9", said[0])
        self.assertIn("the sealed file is cut here", self.opened(self.only(said), complete=False)[-1])

    def test_children_nobody_waits_for(self) -> None:
        self.opened(self.only(self.fail("signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n")))

    def test_tool_stands_still(self) -> None:
        stop = "def then(sealing): os.kill(sealing._pid, signal.SIGSTOP)\n"
        said = self.fail(stop + AFTER % 20_000 + ALONE + "_seal._PATIENCE = 0.5\n")
        self.none(said, "OSError: crashsite: not done after ")
        self.assertEqual(self.done.stdout, "no child is left\n")

    def test_interrupted(self) -> None:
        """Ctrl-C goes to all processes of the terminal's group: the program ends by it after the dump, which is whole."""
        interrupt = (
            "os.setpgid(0, 0)\ndef then(sealing):\n    global then\n    then = print\n    os.killpg(0, signal.SIGINT)\n"
        )
        said = self.fail(interrupt + "print = lambda *_: None\n" + (AFTER % 20_000))
        self.assertEqual(self.opened(self.only(said)), [])

    def test_killed(self) -> None:
        """kill -9 of the program in the middle: the one that seals brings its file to an end."""
        kill = "def then(sealing): os.kill(os.getpid(), signal.SIGKILL)\n"
        self.assertEqual(self.fail(kill + AFTER % 350_000, status=-9), [])
        (path,) = self.files()
        self.until(lambda: not self._is_cut(path))
        self.opened(path, complete=False)

    def test_all_killed(self) -> None:
        """Of both: the whole chunks are left."""
        kill = "def then(sealing):\n    os.kill(sealing._pid, 9)\n    os.waitpid(sealing._pid, 0)\n    os.kill(os.getpid(), 9)\n"
        self.assertEqual(self.fail(kill + AFTER % 350_000, status=-9), [])
        (path,) = self.files()
        self.assertTrue(self._is_cut(path))
        self.opened(path, complete=False)

    def _is_cut(self, path: str) -> bool:
        done = subprocess.run(
            [BINARY, "info", path, "--identity", self.key], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        return done.returncode != 0 or b"the sealed file is cut here" in done.stdout

    def test_no_memory(self) -> None:
        fault = (
            "import resource\n"
            "resource.setrlimit(resource.RLIMIT_AS, (600 << 20, 600 << 20))\n"
            "held, size = [], 64 << 20\n"
            "while size > 64:\n"
            "    try: held.append(bytearray(size))\n"
            "    except MemoryError: size //= 2\n"
        )
        said = self.fail(fault)
        if said and "no heap dump" in said[0]:
            self.none(said, "Error")
        else:
            self.opened(self.only(said), complete=None)

    @unittest.skipUnless(sys.implementation.name == "cpython", "frames are made for CPython")
    def test_debugged(self) -> None:
        """Python's own debugger opens it, and nothing of it becomes a file."""
        path = self.only(self.fail())
        program = (
            "import sys\nfrom crashsite.__main__ import main\nsys.addaudithook(lambda event, given: event == 'open' and given[1]"
            " and 'w' in str(given[1]) and print('written:', given[0]))\nsys.exit(main(['debug', '--identity', %r, %r]))"
        ) % (self.key, path)
        script = self.write("tmp/debug.py", program)
        full = dict(os.environ, PATH=self.path("bin"), PYTHONPATH=ROOT, TMPDIR=self.path("tmp"))
        command = [sys.executable, script]
        said = subprocess.run(
            command, env=full, input="p canary\nq\n", stdout=subprocess.PIPE, encoding="utf-8", timeout=60
        )
        self.assertIn("'%s'" % CANARY, said.stdout)
        self.assertNotIn("written:", said.stdout)

    def test_without_recipients_nothing_is_imported(self) -> None:
        program = "import crashsite, sys\ncrashsite.dump_on_unhandled_exceptions()\nprint('crashsite._seal' in sys.modules)\n%s"
        self.fail(program=program, status=0, CRASHSITE_RECIPIENTS="")
        self.assertEqual(self.done.stdout, "False\n")

    def test_check_setup(self) -> None:
        env = {"CRASHSITE_RECIPIENTS": self.recipient, "PATH": self.path("bin")}
        done = self.run_python("-m", "crashsite", "check-setup", "--dir", self.path("dumps"), env=env, status=0)
        self.assertEqual(done.stdout.count("sealed: only a recipient can open it"), 2, done.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
