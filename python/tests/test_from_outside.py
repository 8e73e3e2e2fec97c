"""Ways in without a change of the program, each beside the program as it is without."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import unittest
from typing import Any, List

from programs import ROOT, Case

BINARY = os.environ.get("CRASHSITE_BINARY")


class Outside(Case):
    def failed(self, folder: str = "") -> List[str]:
        """The function in which each dump's exception was raised: by the binary, where there is one."""
        return [self.frames(path)[0] for path in self.dumps(folder)]

    def frames(self, path: str) -> List[str]:
        """The functions of the first thread, innermost first."""
        if BINARY:
            done = subprocess.run([BINARY, "bt", path, "--json"], stdout=subprocess.PIPE, check=True, timeout=60)
            answer: Any = json.loads(done.stdout.decode())
        else:
            answer = self.load(path).bt()
        return [frame["function"] for frame in answer["threads"][0]["frames"]]


class Tests(Outside):
    TESTS = """\
import unittest
class Shop(unittest.TestCase):
    def setUp(self): self.basket = {"sku": "a1"}
    def test_good(self): print("fine")
    def test_error(self): self.basket["price"]
    def test_failure(self): raise self.failureException("too dear")
    def test_parts(self):
        for part in range(3):
            with self.subTest(part=part): self.part(part)
    def part(self, number):
        if number: raise (self.failureException if number == 1 else ValueError)(number)
    def test_skipped(self): self.skipTest("not here")
    @unittest.expectedFailure
    def test_expected(self): raise ValueError
    @unittest.expectedFailure
    def test_unexpected(self): pass
class Broken(unittest.TestCase):
    @classmethod
    def setUpClass(cls): raise LookupError("no database")
    def test_never(self): pass
"""
    #: the line below a traceback; what no two runs share
    LINE = re.compile(r"(?m)^crashsite: heap dump in (\S+) .*\n")
    OTHER = re.compile(r"in [0-9.]+s|0x[0-9a-f]+")

    def setUp(self) -> None:
        super().setUp()
        self.write("test_shop.py", self.TESTS)

    def test_unittest(self) -> None:
        for arguments in (
            ["-v"],
            ["-b", "--locals", "test_shop"],
            ["-f", "-k", "test_[ef]*"],
            ["discover", "-p", "*.txt"],
        ):
            bare = self.run_python("-m", "unittest", *arguments)
            done = self.run_python("-m", "crashsite", "unittest", "--dir=dumps", *arguments, status=bare.returncode)
            self.assertEqual(done.stdout, bare.stdout)
            self.assertEqual(self.OTHER.sub("_", self.LINE.sub("", done.stderr)), self.OTHER.sub("_", bare.stderr))
            if "-v" in arguments:
                self.assertEqual(bare.returncode, 1)
                self.assertEqual(sorted(self.LINE.findall(done.stderr)), self.dumps("dumps"))
                self.assertEqual(
                    sorted(self.failed("dumps")), ["part", "part", "setUpClass", "test_error", "test_failure"]
                )
                for path, traceback in zip(self.LINE.findall(done.stderr), done.stderr.split("Traceback")[1:]):
                    self.assertIn("in %s\n" % self.frames(path)[0], traceback.split("crashsite:")[0])

    def test_unittest_switched_off(self) -> None:
        self.run_python("-m", "crashsite", "unittest", env={"CRASHSITE_DIR": "disable"}, status=1)
        self.assertEqual(os.listdir(self.dir), ["test_shop.py"])

    def test_unittest_without_room(self) -> None:
        self.write("dumps", "a file")
        done = self.run_python("-m", "crashsite", "unittest", "--dir", "dumps", "-k", "test_error", status=1)
        self.assertIn("\ncrashsite: no heap dump: FileExistsError: ", done.stderr)


class Enabled(Outside):
    """An environment with the package in it, as pip would put it there."""

    PROGRAM = """\
import os, sys, threading
sys.stdout.write("%s %d" % (sys.argv[1:], threading.active_count()))
def order(): raise LookupError("no such order")
if "fine" not in sys.argv: order()
"""

    def setUp(self) -> None:
        super().setUp()
        venv = self.path("venv")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True, timeout=120)
        self.python = os.path.join(venv, "Scripts" if os.name == "nt" else "bin", "python")
        asked = self.asked("-c", "import sysconfig; print(sysconfig.get_path('purelib'))")
        self.package = os.path.join(asked.stdout.strip(), "crashsite")
        self.line = os.path.join(asked.stdout.strip(), "crashsite-enable.pth")
        shutil.copytree(os.path.join(ROOT, "crashsite"), self.package, ignore=shutil.ignore_patterns("__pycache__"))
        self.script = self.write("prog.py", self.PROGRAM)

    def asked(self, *arguments: str, **variables: str) -> Any:
        """Run the environment's Python, with these variables and without PYTHONPATH."""
        env = {key: value for key, value in os.environ.items() if not key.startswith(("CRASHSITE", "PYTHONPATH"))}
        pipe = subprocess.PIPE
        return subprocess.run(
            [self.python, *arguments], cwd=self.dir, env=dict(env, **variables), stdout=pipe, stderr=pipe, encoding="utf-8", timeout=120
        )  # fmt: skip

    def enabled(self) -> None:
        done = self.asked("-m", "crashsite", "enable")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(self.line, done.stdout)

    def test_program(self) -> None:
        bare = self.asked(self.script, "a")
        self.assertEqual(bare.returncode, 1)
        loaded = "import sys; print(sorted(sys.modules))"
        with open(self.line, "w", encoding="ascii") as stream:
            stream.write("import os\n")  # to read any such file takes a codec
        modules = self.asked("-c", loaded).stdout
        self.enabled()
        self.assertEqual(self.asked("-c", loaded).stdout, modules)
        for variables in (
            {},
            {"CRASHSITE_ENABLE": ""},
            {"CRASHSITE_ENABLE": "0"},
            {"CRASHSITE_ENABLE": "1", "CRASHSITE_DIR": "disable"},
        ):
            done = self.asked(self.script, "a", **variables)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (1, bare.stdout, bare.stderr), variables)
            self.assertEqual(self.dumps(), [])
        done = self.asked(self.script, "a", CRASHSITE_ENABLE="1")
        said, _, rest = done.stderr.partition("\n")
        self.assertEqual((done.returncode, done.stdout, rest), (1, bare.stdout, bare.stderr))
        self.assertIn("crashsite: heap dump in ", said)
        self.assertEqual(self.failed(), ["order"])
        done = self.asked(self.script, "fine", CRASHSITE_ENABLE="yes")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        done = self.asked("-m", "crashsite", "disable")
        self.assertEqual((done.returncode, done.stdout), (0, "removed %s\n" % self.line))
        self.assertEqual(self.asked(self.script, "a", CRASHSITE_ENABLE="1").stderr, bare.stderr)
        self.assertEqual(self.asked("-m", "crashsite", "disable").stdout, "not enabled here\n")

    def test_start_never_fails(self) -> None:
        self.enabled()
        for variables in (
            {"CRASHSITE_ENABLE": "perhaps"},
            {"CRASHSITE_ENABLE": "1", "CRASHSITE_RECIPIENTS": "nobody"},
            {"CRASHSITE_ENABLE": "1", "CRASHSITE_REDACT": "nothing"},
            {"CRASHSITE_ENABLE": "1"},
        ):
            if variables == {"CRASHSITE_ENABLE": "1"}:
                shutil.rmtree(self.package)
            done = self.asked(self.script, "fine", **variables)
            self.assertEqual((done.returncode, done.stdout), (0, "['fine'] 1"), variables)
            self.assertRegex(done.stderr, r"\Acrashsite: .*\n\Z", variables)

    def test_check_setup(self) -> None:
        self.enabled()
        done = self.asked("-m", "crashsite", "check-setup", CRASHSITE_ENABLE="1")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("ok    hooks: they are in place since Python started, by CRASHSITE_ENABLE", done.stdout)

    def test_where_it_cannot_be_written(self) -> None:
        os.mkdir(self.line)
        done = self.asked("-m", "crashsite", "enable")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(
            done.stderr, r"\Acrashsite: %s cannot be written: .*\nUse a virtual .*\n\Z" % re.escape(self.line)
        )
        done = self.asked("-m", "crashsite", "enable", "--user")  # which an environment of its own does not look at
        self.assertEqual((done.returncode, len(done.stderr.splitlines())), (2, 2))

    def test_without_the_package(self) -> None:
        os.rename(self.package, self.path("crashsite"))
        done = self.asked("-m", "crashsite", "enable")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"\Acrashsite: not enabled: .*No module named 'crashsite'\nInstall .*\n\Z")
        self.assertFalse(os.path.exists(self.line))


#: What `sys.remote_exec` has the interpreter do, where it is older than that: run the script in the main thread, between two
#: instructions, in a namespace of its own.
BY_SIGNAL = """\
import os, signal, sys
def run(*_):
    with open(os.environ["SCRIPT"]) as stream: path = stream.read()
    with open(path, encoding="utf-8") as stream: source = stream.read()
    exec(compile(source, "<string>", "exec"), {})
if not hasattr(sys, "remote_exec"): signal.signal(signal.SIGUSR1, run)
"""
ASK = """\
import os, signal, sys
def remote_exec(pid, script):
    with open(os.environ["SCRIPT"], "w") as stream: stream.write(script)
    os.kill(pid, signal.SIGUSR1)
if not hasattr(sys, "remote_exec"): sys.remote_exec = remote_exec
from crashsite.__main__ import main
sys.exit(main(["snapshot", *sys.argv[1:]]))
"""
BUSY = """
def wait_for_end(orders):
    while not os.path.exists("end"): pass
print("here", flush=True)
wait_for_end(["a1"])
print("goes on")
"""


@unittest.skipUnless(hasattr(signal, "SIGUSR1"), "no SIGUSR1 here")
class Snapshots(Outside):
    def setUp(self) -> None:
        super().setUp()
        self.env = {"SCRIPT": self.path("script-to-run")}
        self.ask = self.write("ask.py", ASK)
        os.mkdir(self.path("dumps"))

    def running(self, program: str, **variables: str) -> "subprocess.Popen[str]":
        """The program, when it is at its work."""
        env = dict(os.environ, PYTHONPATH=ROOT, CRASHSITE_DIR=self.dir)
        env.update(self.env, **variables)
        pipe = subprocess.PIPE
        script = self.write("busy.py", BY_SIGNAL + program + BUSY)
        running = subprocess.Popen(
            [sys.executable, script], cwd=self.dir, env=env, stdout=pipe, stderr=pipe, encoding="utf-8"
        )
        self.addCleanup(running.communicate)
        self.addCleanup(running.kill)
        assert running.stdout is not None
        self.assertEqual(running.stdout.readline(), "here\n")
        return running

    def ended(self, running: "subprocess.Popen[str]") -> None:
        """It has to do what it would have done."""
        self.write("end", "")
        self.assertEqual(running.communicate(timeout=60), ("goes on\n", ""))
        self.assertEqual(running.returncode, 0)

    def test_snapshot(self) -> None:
        running = self.running("")
        for folder, options in (("", []), ("dumps", ["--dir", "dumps"]), ("dumps", ["--dir=dumps"])):
            done = self.run_python(self.ask, *options, str(running.pid), env=self.env, status=0)
            self.assertEqual(done.stderr, "")
            path = self.dumps(folder)[-1]
            self.assertRegex(done.stdout, r"\Acrashsite: heap dump in %s \(.*\n\Z" % re.escape(path))
            # The first is the script that was handed to it.
            functions = self.frames(path)
            self.assertEqual(functions[functions.index("wait_for_end") :], ["wait_for_end", "<module>"])
            self.assertEqual(functions[0], "<module>")
        self.assertEqual(len(self.dumps("dumps")), 2)
        self.ended(running)

    def test_none(self) -> None:
        running = self.running("", CRASHSITE_DIR="disable")
        done = self.run_python(self.ask, str(running.pid), env=self.env, status=1)
        self.assertIn("CRASHSITE_DIR=disable switches dumps off there.\n", done.stderr)
        done = self.run_python(self.ask, "--dir", "nowhere", str(running.pid), env=self.env, status=1)
        self.assertRegex(done.stderr, r"\Acrashsite: no snapshot of process %d\n" % running.pid)
        self.ended(running)

    @unittest.skipIf(hasattr(sys, "remote_exec"), "there, no signal is what asks it")
    def test_no_answer_to_a_signal(self) -> None:
        running = self.running("signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n")
        done = self.run_python(self.ask, "--seconds=0.2", str(running.pid), env=self.env, status=1)
        self.assertIn("has not answered in 0.2 s\n", done.stderr)
        self.ended(running)

    @unittest.skipUnless(hasattr(sys, "remote_exec"), "of CPython 3.14")
    def test_no_answer(self) -> None:
        """What a program that waits in C code comes to when nobody waits for it any more is nothing, and does not stay there."""
        waiting, temporary = self.path("waiting"), self.path("temporary")
        os.mkfifo(waiting)
        os.mkdir(temporary)
        running = self.running("print('here', flush=True)\nopen(%r).close()\n" % waiting)
        done = self.snapshot("--seconds=0.5", str(running.pid), TMPDIR=temporary, status=1)
        self.assertIn("process %d has not answered in 0.5 s\n" % running.pid, done.stderr)
        self.assertEqual(len(os.listdir(temporary)), 1)
        with open(waiting, "w"):
            pass
        assert running.stdout is not None
        self.assertEqual(running.stdout.readline(), "here\n")
        self.ended(running)
        self.assertEqual((self.dumps(), os.listdir(temporary)), ([], []))

    def snapshot(self, *arguments: str, status: int, **variables: str) -> "subprocess.CompletedProcess[str]":
        """`python -m crashsite snapshot`, as it is."""
        return self.run_python("-m", "crashsite", "snapshot", *arguments, env=variables, status=status)

    #: a program that has nothing of ours on its path, with threads and tasks
    TASKS = """\
import asyncio, threading
async def child(number):
    while not os.path.exists("end"): await asyncio.sleep(0.01)
async def parent():
    async with asyncio.TaskGroup() as group:
        for number in range(3): group.create_task(child(number), name="child-%d" % number)
def serve(): asyncio.run(parent())
other = threading.Thread(target=serve, name="server")
other.start()
print("here", flush=True)
asyncio.run(parent())
other.join()
print("goes on")
sys.exit()
"""

    @unittest.skipUnless(hasattr(sys, "remote_exec"), "of CPython 3.14")
    def test_tasks_of_a_program_that_knows_nothing(self) -> None:
        running = self.running(self.TASKS, PYTHONPATH="")
        self.snapshot("--dir=dumps", str(running.pid), status=0)
        [path] = self.dumps("dumps")
        self.ended(running)
        dump = self.load(path)
        threads = dump.summary["threads"]
        self.assertEqual({thread["name"] for thread in threads if thread["kind"] == "thread"}, {"MainThread", "server"})
        tasks = [thread for thread in threads if thread["kind"] == "task"]
        children = ["child-0", "child-1", "child-2"]
        self.assertEqual(len(tasks), 8)
        parents = [thread for thread in tasks if "awaits" in thread]
        self.assertEqual(len(parents), 2)
        for parent in parents:
            self.assertEqual(sorted(threads[index]["name"] for index in parent["awaits"]), children)
            functions = [dump.summary["frames"][index]["function"] for index in parent["frames"]]
            self.assertEqual(functions[-1], "parent")

    @unittest.skipUnless(hasattr(sys, "remote_exec"), "of CPython 3.14")
    def test_processes_that_cannot_be_asked(self) -> None:
        refuses = self.running("", PYTHON_DISABLE_REMOTE_DEBUG="1")
        done = self.snapshot(str(refuses.pid), status=1)
        self.assertIn("Remote debugging is not enabled in the remote process\n", done.stderr)
        self.ended(refuses)
        done = self.snapshot(str(refuses.pid), status=1)
        self.assertRegex(done.stderr, r"\Acrashsite: process %d cannot be reached: .*\n.*\n\Z" % refuses.pid)
        self.assertEqual(self.dumps(), [])

    @unittest.skipUnless(getattr(os, "geteuid", lambda: 1)() == 0, "only root can ask other users' processes")
    def test_of_another_user(self) -> None:
        os.chmod(self.dir, 0o711)
        os.chmod(self.path("dumps"), 0o777)
        self.write("script-to-run", "")
        running = self.running(
            "import importlib.util, crashsite\ncrashsite.Guard\nos.setgid(65534); os.setuid(65534)\n"
        )
        done = self.run_python(self.ask, "--dir", "dumps", str(running.pid), env=self.env, status=0)
        self.assertEqual(os.stat(self.dumps("dumps")[0]).st_uid, 65534, done.stdout)
        self.ended(running)

    @unittest.skipIf(hasattr(sys, "remote_exec"), "this Python has it")
    def test_older_python(self) -> None:
        done = self.run_python("-m", "crashsite", "snapshot", "7", status=1)
        self.assertRegex(done.stderr, r"\Acrashsite: snapshot needs CPython 3.14 or later, .*\n.*kill -USR1 7\n\Z")


if __name__ == "__main__":
    unittest.main()
