"""Every way to get a dump: hooks, decorator, block, function call, command line, environment."""

import os
import re
import sys
import unittest

from programs import Case, local

FAILS = """
import sys, threading
def outer(items):
    total = 7
    return inner(items, total)
def inner(items, total):
    return items[total]
"""


class Hooks(Case):
    def test_excepthook_keeps_traceback_and_status(self) -> None:
        script = self.write(
            "prog.py", "import crashsite\ncrashsite.dump_on_unhandled_exceptions()\n" + FAILS + "outer([1, 2])\n"
        )
        done = self.run_python(script, status=1)
        self.assertIn("IndexError: list index out of range", done.stderr)
        lines = [line for line in done.stderr.splitlines() if line.startswith("crashsite:")]
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertRegex(
            lines[0], r"heap dump in \S+python_heap_\d+_0\.dump \(\d+ kB, \d+ objects\); open it with: crashsite "
        )
        answer = self.only_dump().bt()
        self.assertEqual(answer["exception"]["type"], "IndexError")
        frames = answer["threads"][0]["frames"]
        self.assertEqual([frame["function"] for frame in frames], ["inner", "outer", "<module>"])
        self.assertEqual(local(frames[0], "total")["repr"], "7")
        self.assertEqual(local(frames[0], "items")["scope"], "arg")

    def test_thread(self) -> None:
        script = self.write(
            "prog.py",
            "import crashsite, threading\ncrashsite.dump_on_unhandled_exceptions()\n"
            + FAILS
            + "t = threading.Thread(target=outer, args=([],), name='worker-größe')\nt.start()\nt.join()\nprint('went on')\n",
        )
        done = self.run_python(script, status=0)
        self.assertIn("went on", done.stdout)
        self.assertIn("IndexError", done.stderr)
        thread = self.only_dump().bt()["threads"][0]
        self.assertEqual((thread["name"], thread["crashed"], thread["main"]), ("worker-größe", True, False))
        self.assertEqual(thread["frames"][1]["function"], "outer")

    def test_former_hook_runs_unless_told_otherwise(self) -> None:
        text = (
            "import crashsite, sys\ndef mine(*a): print('former hook', a[0].__name__)\nsys.excepthook = mine\n"
            "crashsite.dump_on_unhandled_exceptions(daisy_chain_sys_excepthook=%s)\n1/0\n"
        )
        self.assertIn(
            "former hook ZeroDivisionError", self.run_python(self.write("a.py", text % True), status=1).stdout
        )
        done = self.run_python(self.write("b.py", text % False), status=1)
        self.assertNotIn("former hook", done.stdout)
        self.assertIn("ZeroDivisionError", done.stderr)

    def test_hook_that_was_replaced(self) -> None:
        text = (
            "import code, crashsite, sys\ncode.InteractiveInterpreter(globals()).runsource('1 / 0')\n"
            "crashsite.dump_on_unhandled_exceptions()\n"
            "def theirs(*a): print('their hook')\n"
            "def chained(*a, ours=sys.excepthook): ours(*a)\n" + FAILS + "sys.excepthook = %s\n%s\n"
        )
        # The hook, what the program ends in, its exit status, dumps. What a console showed before was not the program's end.
        cases = [("theirs", "outer([])", 1, 1), ("chained", "outer([])", 1, 1), ("theirs", "print('went on')", 0, 0)]
        for number, (hook, end, status, dumps) in enumerate(cases):
            with self.subTest(hook=hook, end=end):
                folder = "case%d" % number
                os.mkdir(self.path(folder))
                script = self.write("prog%d.py" % number, text % (hook, end))
                done = self.run_python(script, env={"CRASHSITE_DIR": self.path(folder)}, status=status)
                self.assertEqual(len(self.dumps(folder)), dumps, done.stderr)
                for path in self.dumps(folder):
                    frames = self.load(path).bt()["threads"][0]["frames"]
                    self.assertEqual([frame["function"] for frame in frames], ["inner", "outer", "<module>"])

    def test_decorator_and_block(self) -> None:
        script = self.write(
            "prog.py",
            "import crashsite\n"
            + FAILS
            + "@crashsite.dump_on_unhandled_exceptions(message='from the decorator', reraise=False)\n"
            "def main(): return outer([])\n"
            "print(main())\n"
            "try:\n"
            "    with crashsite.dump_on_unhandled_exceptions(dump_dir='sub'):\n"
            "        outer([1])\n"
            "except IndexError: print('came out')\n",
        )
        os.mkdir(self.path("sub"))
        done = self.run_python(script, status=0)
        self.assertEqual(done.stdout.split("\n")[:2], ["None", "came out"])
        first = self.only_dump()
        self.assertEqual(first.summary["message"], "from the decorator")
        frames = first.bt()["threads"][0]["frames"]
        self.assertEqual([frame["function"] for frame in frames], ["inner", "outer", "main", "<module>"])
        self.assertEqual(len(self.dumps("sub")), 1)

    def test_one_exception_is_dumped_once(self) -> None:
        script = self.write(
            "prog.py",
            "import crashsite\ncrashsite.dump_on_unhandled_exceptions()\n"
            + FAILS
            + "crashsite.dump_on_unhandled_exceptions(outer)([])\n",
        )
        self.run_python(script, status=1)
        self.assertEqual(len(self.dumps()), 1)

    def test_failure_to_dump_is_one_line(self) -> None:
        script = self.write(
            "prog.py", "import crashsite\ncrashsite.dump_on_unhandled_exceptions(dump_dir='/nonexistent/place')\n1/0\n"
        )
        done = self.run_python(script, status=1)
        self.assertIn("ZeroDivisionError", done.stderr)
        lines = [line for line in done.stderr.splitlines() if line.startswith("crashsite:")]
        self.assertEqual(len(lines), 1)
        self.assertIn("no heap dump: FileNotFoundError", lines[0])

    def test_closed_stderr_and_interrupt(self) -> None:
        script = self.write(
            "prog.py",
            "import crashsite, sys\ncrashsite.dump_on_unhandled_exceptions()\nsys.stderr.close()\nsys.stderr=sys.__stderr__=None\n1/0\n",
        )
        self.run_python(script, status=1)
        self.assertEqual(len(self.dumps()), 1)
        script = self.write(
            "prog2.py", "import crashsite\ncrashsite.dump_on_unhandled_exceptions()\nraise KeyboardInterrupt\n"
        )
        self.run_python(script)
        self.assertEqual(len(self.dumps()), 1, "an interrupt is no failure")


class Environment(Case):
    def test_directory_and_disable(self) -> None:
        script = self.write("prog.py", "import crashsite\ncrashsite.dump_on_unhandled_exceptions()\n1/0\n")
        os.mkdir(self.path("there"))
        self.run_python(script, env={"CRASHSITE_DIR": self.path("there")}, status=1)
        self.assertEqual(len(self.dumps("there")), 1)
        done = self.run_python(script, env={"CRASHSITE_DIR": "disable"}, status=1)
        self.assertEqual(self.dumps(), [])
        self.assertNotIn("crashsite:", done.stderr)

    def test_with_files(self) -> None:
        script = self.write("prog.py", "import crashsite\ncrashsite.dump_on_unhandled_exceptions()\n1/0\n")
        for value, whole, library in (("0", False, False), ("app", True, False), ("all", True, True)):
            self.run_python(script, env={"CRASHSITE_WITH_FILES": value}, status=1)
            sources = self.load(self.dumps()[-1]).summary["sources"]
            os.unlink(self.dumps()[-1])
            self.assertEqual(script in sources, whole, value)
            self.assertEqual(any(name.endswith("threading.py") for name in sources), library, value)


class CommandLine(Case):
    def test_script(self) -> None:
        self.write("sub/helper.py", "def go(v): return v.missing\n")
        script = self.write("sub/prog.py", "import sys, helper\nprint(sys.argv, __name__)\nhelper.go(sys.argv[1])\n")
        done = self.run_python("-m", "crashsite", "run", script, "a", "--b", status=1)
        self.assertIn(repr([script, "a", "--b"]) + " __main__", done.stdout)
        self.assertIn("AttributeError", done.stderr)
        answer = self.only_dump().bt()
        frames = answer["threads"][0]["frames"]
        self.assertEqual([frame["function"] for frame in frames if not frame["library"]], ["go", "<module>"])
        self.assertEqual(local(frames[0], "v")["repr"], "'a'")

    def test_module_and_package(self) -> None:
        self.write("pkg/__init__.py", "")
        self.write("pkg/__main__.py", "from . import part\npart.go()\n")
        self.write("pkg/part.py", "def go():\n    data = {'k': [1, 2]}\n    raise LookupError('half')\n")
        done = self.run_python("-m", "crashsite", "run", "--message", "a note", "-m", "pkg", "x", status=1)
        self.assertIn("LookupError: half", done.stderr)
        dump = self.only_dump()
        self.assertEqual(dump.summary["message"], "a note")
        self.assertEqual(local(dump.bt()["threads"][0]["frames"][0], "data")["repr"], "{'k': [1, 2]}")

    def test_status_of_the_program(self) -> None:
        script = self.write("prog.py", "import sys\nsys.exit(int(sys.argv[1]))\n")
        self.run_python("-m", "crashsite", "run", script, "5", status=5)
        self.run_python("-m", "crashsite", "run", script, "0", status=0)
        self.assertEqual(self.dumps(), [])

    def test_usage(self) -> None:
        for arguments in (
            [],
            ["walk"],
            ["run"],
            ["run", "-m"],
            ["run", "--dir"],
            ["run", "--nope", "x"],
            ["run", "absent.py"],
        ):
            done = self.run_python("-m", "crashsite", *arguments, status=2)
            self.assertEqual(len(done.stderr.splitlines()), 2, done.stderr)
        self.assertIn("usage:", self.run_python("-m", "crashsite", "--help", status=0).stdout)
        self.assertTrue(re.match(r"crashsite \d", self.run_python("-m", "crashsite", "--version", status=0).stdout))

    def test_syntax_error(self) -> None:
        script = self.write("prog.py", "x = (\n")
        self.assertIn("SyntaxError", self.run_python("-m", "crashsite", "run", script, status=1).stderr)


class Copied(Case):
    def test_directory_copied_into_a_program_under_another_name(self) -> None:
        import shutil

        from programs import ROOT

        shutil.copytree(os.path.join(ROOT, "crashsite"), self.path("app/vendored"))
        self.write("app/__init__.py", "")
        self.write("app/__main__.py", "from .vendored import dump_on_unhandled_exceptions as d\nd()\n1/0\n")
        self.run_python("-m", "app", env={"PYTHONPATH": ""}, status=1)
        self.assertEqual(self.only_dump().bt()["threads"][0]["frames"][0]["file"], self.path("app/__main__.py"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
