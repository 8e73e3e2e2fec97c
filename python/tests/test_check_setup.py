"""``python -m crashsite check-setup``, on setups that are right and on such that are not."""

import os
import sys
import unittest
from typing import Dict, List, Optional

from programs import Case

BINARY = os.environ.get("CRASHSITE_BINARY", "")
SEEN = "the traceback, a local's value and the source are there"


class CheckSetup(Case):
    """Each runs the command for real, without a `crashsite` on the PATH unless told otherwise."""

    def check(self, *arguments: str, env: Optional[Dict[str, str]] = None, status: int = 0) -> List[str]:
        before = sorted(os.listdir(self.dir))
        full = {"PATH": self.path("empty")}
        full.update(env or {})
        done = self.run_python("-m", "crashsite", "check-setup", *arguments, env=full, status=status)
        self.assertEqual(done.stderr, "")
        self.assertEqual(sorted(os.listdir(self.dir)), before, "it cleans up")
        lines = done.stdout.splitlines()
        self.assertLessEqual(max(map(len, lines)), 100, done.stdout)
        failed = [line for line in lines if line.startswith("FAILS")]
        if status == 0:
            self.assertEqual(failed, [])
            self.assertTrue(lines[-1].startswith("All is well"), lines[-1])
        else:
            self.assertTrue(lines[-1].startswith("%d of " % len(failed)), done.stdout)
        return lines

    def remedy(self, lines: List[str], start: str) -> str:
        """What is told to do about the check whose line starts so."""
        at = [number for number, line in enumerate(lines) if line.startswith(start)]
        self.assertEqual(len(at), 1, (start, lines))
        following = [line for line in lines[at[0] + 1 :] if line.startswith("      -> ")]
        return following[0]

    def test_all_is_well(self) -> None:
        lines = self.check()
        self.assertIn("ok    folder: %s can be written to" % self.dir, lines)
        self.assertEqual(lines.count("ok      opened by plain Python: " + SEEN), 2)
        self.assertIn("pip install 'crashsite[reader]'", self.remedy(lines, "note  command: no `crashsite`"))

    def test_folder_by_option_and_by_environment(self) -> None:
        os.mkdir(self.path("a b"))
        line = "ok    folder: '%s' can be written to" % self.path("a b")
        self.assertIn(line, self.check("--dir", "a b", env={"CRASHSITE_DIR": "/nonexistent"}))
        self.assertIn(line, self.check(env={"CRASHSITE_DIR": self.path("a b")}))
        self.assertEqual(os.listdir(self.path("a b")), [])

    def test_no_such_folder(self) -> None:
        lines = self.check(env={"CRASHSITE_DIR": self.path("absent")}, status=1)
        remedy = self.remedy(lines, "FAILS folder: %s does not exist" % self.path("absent"))
        self.assertIn("mkdir -p " + self.path("absent"), remedy)
        # The rest is tried all the same.
        self.assertEqual(lines.count("ok      opened by plain Python: " + SEEN), 2)
        self.write("file", "")
        lines = self.check("--dir=file", status=1)
        self.remedy(lines, "FAILS folder: %s is not a folder" % self.path("file"))

    def test_folder_that_cannot_be_written_to(self) -> None:
        place = self.path("closed")
        os.mkdir(place, 0o555)
        if os.geteuid() == 0:  # who may write anywhere, but there
            place = "/proc"
            if not os.path.isdir(place):
                self.skipTest("root can write everywhere here")
        lines = self.check("--dir", place, status=1)
        self.assertIn("Let user ", self.remedy(lines, "FAILS folder: no file can be written in %s: " % place))
        self.assertEqual(len([line for line in lines if line.startswith("FAILS")]), 1)

    def test_switched_off(self) -> None:
        lines = self.check(env={"CRASHSITE_DIR": " Disable"}, status=1)
        self.assertIn("Unset it", self.remedy(lines, "FAILS switch: CRASHSITE_DIR= Disable switches dumps off"))
        self.assertEqual(len([line for line in lines if line.startswith("FAILS")]), 1)

    @unittest.skipUnless(BINARY, "needs CRASHSITE_BINARY")
    def test_command(self) -> None:
        os.mkdir(self.path("bin"))
        os.symlink(BINARY, self.path("bin/crashsite"))
        for lines in (self.check("--reader", BINARY), self.check(env={"PATH": self.path("bin")})):
            self.assertTrue([line for line in lines if line.startswith("ok    command: crashsite ")], lines)
            self.assertEqual(lines.count("ok      opened by the command: " + SEEN), 2)

    def test_missing_command(self) -> None:
        lines = self.check("--reader", "./absent", status=1)
        self.assertIn("pip install", self.remedy(lines, "FAILS command: ./absent cannot be run: "))
        lines = self.check("--reader", sys.executable, status=1)
        self.assertTrue([line for line in lines if line.endswith("is some other program")], lines)

    def test_command_that_cannot_open_the_dump(self) -> None:
        text = "#!/bin/sh\ncase $1 in --version) echo crashsite 0.0.1;; *) echo 'error: too new' >&2; exit 3;; esac\n"
        os.chmod(self.write("old", text), 0o755)
        lines = self.check("--reader", self.path("old"), status=1)
        self.assertEqual(lines.count("FAILS   opened by the command: ValueError: error: too new"), 2)
        self.assertEqual(lines.count("ok      opened by plain Python: " + SEEN), 2)

    def test_hooks_of_somebody_else(self) -> None:
        self.write(
            "site/sitecustomize.py",
            "import sys, threading\n"
            "def theirs(*a): sys.__excepthook__(*a)\n"
            "def theirs_too(a): sys.__excepthook__(*a[:3])\n"
            "sys.excepthook, threading.excepthook = theirs, theirs_too\n",
        )
        lines = self.check(env=self.customized())
        text = "\n".join(lines)
        self.assertIn("note  hooks: sys.excepthook is sitecustomize.theirs and threading.excepthook is", text)
        self.assertIn("sitecustomize.theirs_too", text)

    def test_hook_that_hides_the_traceback(self) -> None:
        self.write("site/sitecustomize.py", "import sys\nsys.excepthook = lambda *a: None\n")
        lines = self.check(env=self.customized(), status=1)
        self.assertIn("`hooks` above", self.remedy(lines, "FAILS failure in the main thread: a dump was written, but"))

    @unittest.skipUnless(sys.platform.startswith("linux"), "a limit of Unix")
    def test_no_room_for_a_dump(self) -> None:
        self.write(
            "site/sitecustomize.py", "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        )
        lines = self.check(env=self.customized(), status=1)
        self.remedy(lines, "FAILS folder: no file can be written in %s: File too large" % self.dir)
        self.remedy(lines, "FAILS failure in a thread: no dump was written: ")

    def customized(self) -> Dict[str, str]:
        from programs import ROOT

        return {"PYTHONPATH": os.pathsep.join([ROOT, self.path("site")])}

    def test_package_of_another_name(self) -> None:
        import shutil

        from programs import ROOT

        shutil.copytree(os.path.join(ROOT, "crashsite"), self.path("app/vendored"))
        self.write("app/__init__.py", "")
        done = self.run_python("-m", "app.vendored", "check-setup", env={"PYTHONPATH": ""}, status=0)
        self.assertIn(self.path("app/vendored"), done.stdout.replace("\n", ""))

    def test_usage(self) -> None:
        for arguments in (["more"], ["--dir"], ["--nope", "x"]):
            done = self.run_python("-m", "crashsite", "check-setup", *arguments, status=2)
            self.assertEqual(len(done.stderr.splitlines()), 2, done.stderr)


if __name__ == "__main__":
    unittest.main()
