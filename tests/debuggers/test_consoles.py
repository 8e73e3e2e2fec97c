"""What prints exceptions for people, on an exception of a dump: `traceback`, rich, stackprinter, IPython."""

import os
import subprocess
import unittest

from bridged import CONSOLES, PYTHONS, SECONDS, Case, canary, environment, packages

RICH = """
import sys, crashsite, rich.console, rich.traceback
console = rich.console.Console(width=160, file=sys.stdout)
error = crashsite.load(sys.argv[1]).exception
console.print(rich.traceback.Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
"""
STACKPRINTER = """
import sys, crashsite, stackprinter
try:
    raise crashsite.load(sys.argv[1]).exception
except Exception as error:
    print(stackprinter.format(error))
"""
IPYTHON = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor")
shell.run_cell("import crashsite; crash = crashsite.load(%r)" % sys.argv[1])
shell.run_line_magic("xmode", "Verbose")
shell.run_cell("raise crash.exception")
shell.run_cell("crash.threads[1].frames[0].f_locals['self']")
shell.run_cell("crash.threads")
for thread in shell.user_ns["crash"].threads:
    for frame in thread.frames:
        for name, value in dict(frame.f_locals).items():
            shell.user_ns["value"] = value
            shell.run_cell("value")
            shell.complete("value.")
"""


class Consoles(Case):
    def run_in(self, program: str, dump: str) -> str:
        place = packages(PYTHONS[-1], *CONSOLES)
        done = subprocess.run(
            [PYTHONS[-1], "-B", "-c", program, dump], cwd=self.dir, env=dict(environment(self.dir, place), NO_COLOR="1"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=SECONDS,
        )  # fmt: skip
        said = done.stdout.decode("utf-8")
        self.assertEqual(done.returncode, 0, said)
        return said

    def test_rich(self) -> None:
        said = self.run_in(RICH, self.dump)
        for shown in (
            "in share:26",
            "in process:37",
            "weights[line.sku] = line.pieces / total",
            "total = 0",
            "limit = 10",
        ):
            self.assertIn(shown, said)
        self.assertIn("OrderFailed: (2, {'x-y': None, (1, 2): 'größe'})", said)

    def test_stackprinter(self) -> None:
        said = self.run_in(STACKPRINTER, self.dump)
        for shown in (
            'shop.py", line 26, in share',
            "--> 26",
            "total = 0",
            "line.pieces = 0",
            "OrderFailed: (2, {'x-y'",
        ):
            self.assertIn(shown, said)

    def test_ipython(self) -> None:
        said = self.run_in(IPYTHON, self.dump)
        for shown in ("ZeroDivisionError", "OrderFailed", "weights[line.sku] = line.pieces / total", "total=0)"):
            self.assertIn(shown, said)
        self.assertIn("<thread stock-1 of the dump", said)

    def test_canary(self) -> None:
        """All of it on the dump that would run code."""
        dump, trace = canary(self.dir)
        for program in (RICH, STACKPRINTER, IPYTHON.replace("['self']", "")):
            self.run_in(program, dump)
            self.assertFalse(os.path.exists(trace), "code of the dump was run")


if __name__ == "__main__":
    unittest.main()
