"""Never worse than the crash: each fault is made to happen, and the program does what it does without Crashsite.

Every program runs twice, with the hook and without it. Standard output, status and traceback have to be the same; and
there is a dump that opens, or one line that says why there is none.
"""

import os
import sys
import unittest
from typing import List, Optional

from crashsite import reader
from programs import PYPY, Case

HOOK = "import crashsite; crashsite.dump_on_unhandled_exceptions(dump_dir=%r)\n"
#: how a program gives up root's rights, which know no read-only directory
NOBODY = "import os\nif os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"


#: builtin functions without which the standard library's own functions (`os.path.join`, `re.compile`) do not work
STDLIB = "bytearray bytes dict hasattr getattr isinstance issubclass len list map min ord range set slice str tuple type".split()
if PYPY:  # more of that is written in Python there: `os.urandom`, hashlib's functions, what imports a codec
    STDLIB += "all callable compile enumerate exec id int iter max memoryview open setattr super".split()


class Faults(Case):
    def same(
        self, program: str, *, before: str = "", place: Optional[str] = None, status: Optional[int] = 1
    ) -> List[str]:
        """Run it twice, the hook installed after `before`; what Crashsite said of its dump."""
        place = place or self.dir
        if PYPY:  # which has it only when it needs it, if it can still be loaded then
            before = "import traceback\n" + before
        script = self.write("prog.py", before + "# the hook is not installed\n" + program)
        plain = self.run_python(script, status=status)
        self.write("prog.py", before + HOOK % place + program)
        hooked = self.run_python(script, status=status)
        said = [line for line in hooked.stderr.splitlines() if line.startswith("crashsite:")]
        rest = [line for line in hooked.stderr.splitlines() if not line.startswith("crashsite:")]
        self.assertEqual(rest, plain.stderr.splitlines())
        self.assertEqual(hooked.stdout, plain.stdout)
        self.assertEqual(hooked.returncode, plain.returncode)
        return said

    def dumped(self, said: List[str], count: int = 1) -> List[reader.Dump]:
        """The dumps, which all open; each was told in one line."""
        self.assertEqual(len(said), count, said)
        for line in said:
            self.assertIn("crashsite: heap dump in ", line)
        found = self.dumps()
        self.assertEqual(len(found), count, said)
        return [reader.load(path) for path in found]

    def not_dumped(self, said: List[str], *why: str) -> None:
        """There is no dump, nor a piece of one, and one line says why."""
        self.assertEqual(len(said), 1, said)
        self.assertIn("crashsite: no heap dump: ", said[0])
        self.assertTrue(any(reason in said[0] for reason in why), said[0])
        self.assertEqual(self.dumps(), [])

    @unittest.skipIf(PYPY, "out of memory, PyPy ends itself")
    def test_no_memory(self) -> None:
        said = self.same(
            "import resource\n"
            "def fill(kept, size):\n"
            "    while True:\n"
            "        try:\n"
            "            kept.append(bytearray(size))\n"
            "        except MemoryError:\n"
            "            if size < 64: raise\n"
            "            size //= 2\n"
            "limit = 600 << 20\n"
            "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
            "held = []\n"
            "fill(held, 64 << 20)\n",
            before="import os, sys\nsys.excepthook = lambda *_: os.write(2, b'no memory')\n",
        )
        (dump,) = self.dumped(said)
        answer = dump.bt()
        self.assertEqual(answer["exception"]["type"], "MemoryError")
        self.assertEqual([frame["function"] for frame in answer["threads"][0]["frames"]], ["fill", "<module>"])

    def test_recursion(self) -> None:
        said = self.same("def down(n):\n    return down(n + 1)\ndown(0)\n")
        (dump,) = self.dumped(said)
        self.assertGreater(len(dump.bt()["threads"][0]["frames"]), 900)

    def test_recursion_guarded_at_the_bottom(self) -> None:
        """The deepest call is dumped where there is hardly any stack left."""
        script = self.write(
            "prog.py",
            "import crashsite\n"
            "@crashsite.dump_on_unhandled_exceptions(dump_dir=%r)\n"
            "def down(n):\n    return down(n + 1)\n"
            "try:\n    down(0)\nexcept RecursionError as error:\n    print('caught', type(error).__name__)\n"
            % self.dir,
        )
        done = self.run_python(script, status=0)
        self.assertEqual(done.stdout, "caught RecursionError\n")
        (dump,) = self.dumped(done.stderr.splitlines())
        self.assertGreater(len(dump.bt()["threads"][0]["frames"]), 450)

    def test_full_disk(self) -> None:
        full = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (%d, %d))\n"
        self.not_dumped(self.same(full % (2000, 2000) + "1/0\n"), "File too large")
        self.assertEqual([name for name in os.listdir(self.dir) if "dump" in name], [])
        said = self.same(
            full % (150_000, 150_000) + "import random\nx = [random.random() for i in range(200000)]\n1/0\n"
        )
        (dump,) = self.dumped(said)
        self.assertIn("error: OSError", said[0])
        self.assertEqual(dump.bt()["exception"]["type"], "ZeroDivisionError")

    def test_directories(self) -> None:
        sealed = self.path("sealed")
        os.mkdir(sealed)
        os.chmod(self.dir, 0o755)
        os.chmod(sealed, 0o555)
        self.not_dumped(self.same(NOBODY + "1/0\n", place=sealed), "PermissionError")
        self.not_dumped(self.same("1/0\n", place="/dev/null/x"), "NotADirectoryError")

    def test_no_descriptors(self) -> None:
        said = self.same(
            "import os\n"
            "held = []\n"
            "try:\n"
            "    while True: held.append(os.open('/dev/null', os.O_RDONLY))\n"
            "except OSError: pass\n"
            "1/0\n"
        )
        self.not_dumped(said, "Too many open files")

    def test_no_descriptors_to_load_with(self) -> None:
        """A program that only calls `save_dump`, and has left nothing to load it by: the reason, as an OSError."""
        self.write(
            "prog.py",
            "import os, crashsite\n"
            "held = []\n"
            "try:\n"
            "    while True: held.append(os.open('/dev/null', os.O_RDONLY))\n"
            "except OSError: pass\n"
            "try: crashsite.save_dump('a.dump')\n"
            "except OSError as error: print('not saved:', error)\n",
        )
        done = self.run_python("prog.py", status=0)
        self.assertTrue(done.stdout.startswith("not saved: "), done.stdout)
        self.assertEqual(done.stdout.count("\n"), 1)
        self.assertEqual(self.dumps(), [])

    def test_closed_stderr(self) -> None:
        said = self.same("import os\nos.close(2)\nos.close(1)\n1/0\n")
        self.assertEqual(said, [])
        self.assertEqual(len(self.dumps()), 1)

    def test_shutdown(self) -> None:
        """A thread that fails when the main thread has ended, and a finaliser that fails when modules go."""
        said = self.same(
            "import threading\n"
            "def late():\n"
            "    threading.main_thread().join()\n"
            "    [].pop()\n"
            "threading.Thread(target=late, name='late').start()\n",
            status=0,
        )
        (dump,) = self.dumped(said)
        self.assertEqual(dump.bt()["threads"][0]["name"], "late")
        os.unlink(self.dumps()[0])
        said = self.same(
            "import sys\n"
            "class Last:\n"
            "    def __del__(self):\n"
            "        try: 1/0\n"
            "        except ZeroDivisionError: hook(*info())\n"
            "hook, info = sys.excepthook, sys.exc_info\n"
            "last = Last()\nlast.me = last\n",
            status=0,
        )
        self.assertLessEqual(len(said), 1, said)

    def test_fork_while_another_thread_dumps(self) -> None:
        """The child has the lock of a thread that it does not have, and that thread's switch interval."""
        script = self.write(
            "prog.py",
            "import gc, os, sys, threading, time, crashsite\n"
            "data = [[i] for i in range(300000)]\n"
            "def crash():\n"
            "    try: data[-1][1]\n"
            "    except IndexError: crashsite.save_dump('first.dump')\n"
            "interval = sys.getswitchinterval()\n"
            "thread = threading.Thread(target=crash)\n"
            "thread.start()\n"
            "while not os.path.exists('first.dump'): time.sleep(0.001)\n"
            "child = os.fork()\n"
            "if not child:\n"
            "    start = time.monotonic()\n"
            "    kept = gc.isenabled() and sys.getswitchinterval() == interval\n"
            "    try: 1/0\n"
            "    except ZeroDivisionError: crashsite.save_dump('second.dump')\n"
            "    os._exit(7 if kept and time.monotonic() - start < 8 else 8)\n"
            "alive = thread.is_alive()\n"
            "thread.join()\n"
            "print(alive, os.WEXITSTATUS(os.waitpid(child, 0)[1]))\n",
        )
        done = self.run_python("-W", "ignore", script, status=0)
        self.assertEqual(done.stdout, "True 7\n", "whether the other thread was at work, and what the child found")
        types = [self.load(path).bt()["exception"]["type"] for path in self.dumps()]
        self.assertEqual(types, ["IndexError", "ZeroDivisionError"])

    def test_finaliser_that_ends_the_process(self) -> None:
        """Garbage that would end the process when it is collected is not collected while a dump is written."""
        script = self.write(
            "prog.py",
            "import gc, os, sys, crashsite\n"
            "gc.collect()\n"
            "class End:\n"
            "    def __del__(self): os._exit(5)\n"
            "end = End()\n"
            "end.me = end\n"
            "del end\n"
            "try: [][1]\n"
            "except IndexError: crashsite.save_dump('a.dump')\n"
            "os._exit(3)\n",
        )
        self.run_python(script)
        self.assertTrue(self.only_dump().bt()["dump"]["complete"])

    def test_signals(self) -> None:
        """What a handler raises comes when the dump is written, and where the program would have met it."""
        program = (
            "import os, signal, sys, threading, time\n"
            "class Alarm(Exception): pass\n"
            "def alarm(*_):\n"
            "    raise Alarm\n"
            "signal.signal(signal.SIGALRM, alarm)\n"
            "signal.signal(signal.SIGUSR1, lambda *_: print('usr1', flush=True))\n"
            "data = [[i] for i in range(400000)]\n"
            "def shoot():\n"
            "    while not [name for name in os.listdir(%r) if name.endswith('.dump')]: time.sleep(0.001)\n"
            "    for n in range(20):\n"
            "        for number in (signal.SIGUSR1, signal.SIGINT, signal.SIGALRM):\n"
            "            os.kill(os.getpid(), number)\n"
            "        time.sleep(0.001)\n"
            "guard = %s\n"
            "got = 'nothing'\n"
            "try:\n"
            "    try:\n"
            "        with guard:\n"
            "            threading.Thread(target=shoot, daemon=True).start()\n"
            "            1/0\n"
            "    finally:\n"
            "        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM, signal.SIGINT, signal.SIGUSR1])\n"
            "except (ZeroDivisionError, Alarm, KeyboardInterrupt) as error: got = type(error).__name__\n"
            "os.write(1, got.encode())\n"
            "os._exit(0)\n"
        )
        guard = "crashsite.dump_on_unhandled_exceptions(dump_dir=%r)" % self.dir
        script = self.write("prog.py", "import crashsite\n" + program % (self.dir, guard))
        done = self.run_python(script, status=0)
        (dump,) = self.dumped([line for line in done.stderr.splitlines() if line.startswith("crashsite:")])
        self.assertEqual(dump.bt()["dump"]["complete"], True)
        self.assertIn("ZeroDivisionError", str(dump.bt()["exception"]))
        self.assertRegex(done.stdout, r"(Alarm|KeyboardInterrupt)$")

    def test_interrupt_during_the_hook(self) -> None:
        said = self.same(
            "import os, signal, threading, time\n"
            "data = [[i] for i in range(400000)]\n"
            "def shoot():\n"
            "    while not os.listdir(%r)[1:]: time.sleep(0.001)\n"
            "    os.kill(os.getpid(), signal.SIGINT)\n"
            "if 'crashsite' in globals(): threading.Thread(target=shoot, daemon=True).start()\n"
            "1/0\n" % self.dir,
            status=None,
        )
        self.dumped(said)

    def test_two_threads_at_once(self) -> None:
        said = self.same(
            "import threading\n"
            "gate = threading.Barrier(8)\n"
            "kinds = [type('Error%d' % n, (ValueError,), {}) for n in range(8)]\n"
            "data = [[i] for i in range(20000)]\n"
            "threading.excepthook, hook = (lambda args: None), threading.excepthook\n"
            "def quiet(args):\n"
            "    if hasattr(hook, '__closure__') and hook.__closure__: hook(args)\n"
            "import io, sys\n"
            "threading.excepthook = quiet\n"
            "def crash(n):\n"
            "    gate.wait()\n"
            "    sys.stderr = io.StringIO()\n"
            "    raise kinds[n](n)\n"
            "threads = [threading.Thread(target=crash, args=(n,)) for n in range(8)]\n"
            "for thread in threads: thread.start()\n"
            "for thread in threads: thread.join()\n"
            "print('joined')\n",
            status=0,
        )
        dumps = self.dumped(said, 8)
        self.assertEqual(
            sorted(dump.bt()["exception"]["message"] for dump in dumps), [str(number) for number in range(8)]
        )

    def test_a_fault_of_our_own(self) -> None:
        for fault in ("ZeroDivisionError", "MemoryError", "SystemExit", "KeyboardInterrupt", "GeneratorExit"):
            said = self.same(
                "def broken(*_, **__): raise %s('ours')\n"
                "if 'crashsite' in globals():\n"
                "    from crashsite import _stacks\n"
                "    _stacks.take = broken\n"
                "[].pop()\n" % fault
            )
            self.not_dumped(said, "%s: ours" % fault)

    def test_many_threads(self) -> None:
        count = 10_000 if os.environ.get("CRASHSITE_LONG") else 1000
        said = self.same(
            "import threading\n"
            "threading.stack_size(65536)\n"
            "gate = threading.Event()\n"
            "def wait(n): gate.wait()\n"
            "for n in range(%d):\n"
            "    threading.Thread(target=wait, args=(n,), daemon=True).start()\n"
            "1/0\n" % count
        )
        (dump,) = self.dumped(said)
        self.assertEqual(len(dump.bt()["threads"]), count + 1)

    def test_patched_builtins(self) -> None:
        """A program that replaces what everybody uses."""
        said = self.same(
            "def broken(*_, **__): raise RuntimeError('patched')\n"
            "for name in sorted(kept):\n"
            "    if name[0].islower() and name not in %r: put(builtins, name, broken)\n"
            "1/0\n" % (STDLIB,),
            before="import builtins, sys\n"
            "kept, put = dict(vars(builtins)), setattr\n"
            "def restored(*info, update=dict.update, back=vars(builtins), kept=kept):\n"
            "    update(back, kept)\n"
            "    sys.__excepthook__(*info)\n"
            "sys.excepthook = restored\n",
        )
        (dump,) = self.dumped(said)
        self.assertEqual(dump.bt()["exception"]["type"], "ZeroDivisionError")

    def test_patched_clock(self) -> None:
        said = self.same("import time\ntime.time = time.perf_counter = time.monotonic = lambda: 'noon'\n1/0\n")
        self.dumped(said)

    @unittest.skipUnless(hasattr(os, "chroot") and os.getuid() == 0, "chroot is root's")
    def test_chroot(self) -> None:
        root = self.path("root")
        os.mkdir(root)
        said = self.same("import os\nos.chroot(%r)\nos.chdir('/')\n1/0\n" % root, place="/")
        self.assertEqual(len(said), 1, said)
        if PYPY and "/dev/urandom" in said[0]:  # it knows of no other source of random numbers
            self.not_dumped(said, "NotImplementedError: ")
            return
        self.assertIn("crashsite: heap dump in /python_heap_", said[0])
        (path,) = self.dumps("root")
        self.assertEqual(reader.load(path).bt()["exception"]["type"], "ZeroDivisionError")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
