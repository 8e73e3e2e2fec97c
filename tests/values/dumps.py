"""Dumps of programs that fail among values of libraries: those in the tree, and those that such programs leave here and now."""

import json
import os
import subprocess
import tempfile
import unittest
from typing import Any, Dict, List, Tuple

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

BINARY = os.environ.get("CRASHSITE_BINARY", "")
#: a Python that has the libraries; `cargo xtask test` sets it
LIBRARIES = os.environ.get("CRASHSITE_LIBRARIES", "")
CAPTURED = os.path.join(ROOT, "tests", "fixtures", "captured", "crashsite")
SECONDS = 60


def captured(program: str) -> List[str]:
    """The dumps of a program in the tree."""
    names = [name for name in os.listdir(CAPTURED) if name.startswith(program) and name.endswith(".dump")]
    assert names, "no dump of " + program
    return [os.path.join(CAPTURED, name) for name in sorted(names)]


def same(shown: str, true: str) -> bool:
    """Whether two texts are of one value: numpy's versions write floats differently."""
    if shown == true:
        return True
    try:
        return complex(shown) == complex(true) or shown == true == "nan" or ("nan" in shown and "nan" in true)
    except ValueError:
        return False


class Case(unittest.TestCase):
    """A test of all dumps of one program."""

    maxDiff = None
    program = ""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = os.path.realpath(folder.name)

    def dumps(self) -> List[Tuple[str, Dict[str, Any]]]:
        """Paths of dumps, each with its truth."""
        paths = captured(self.program)
        if LIBRARIES:
            paths.append(self.crashed())
        truths = []
        for path in paths:
            with open(path.replace(".dump", ".truth.json"), encoding="utf-8") as stream:
                truths.append(json.load(stream))
        return list(zip(paths, truths))

    def crashed(self) -> str:
        """The dump of a crash with the capture of this tree."""
        path = os.path.join(self.dir, "new.dump")
        script = os.path.join(HERE, self.program + ".py")
        environment = dict(os.environ, PYTHONPATH=os.path.join(ROOT, "python"))
        command = [LIBRARIES, "-B", "-W", "error", script, path, path.replace(".dump", ".truth.json")]
        subprocess.run(command, env=environment, timeout=SECONDS, check=True)
        return path

    def ask(self, *arguments: str) -> Any:
        """The answer of a command as JSON."""
        done = subprocess.run([BINARY, *arguments, "--json"], stdout=subprocess.PIPE, timeout=SECONDS)
        self.assertIn(done.returncode, (0, 1), arguments)
        return json.loads(done.stdout)

    def shown(self, dump: str, expression: str) -> str:
        """What `print` shows of an expression in one line."""
        answer = self.ask("print", dump, expression)
        return str(answer.get("repr", answer))

    def errors(self, dump: str, *expressions: str) -> List[str]:
        """The kinds of error that expressions end with."""
        return [self.ask("print", dump, expression)["error"]["type"] for expression in expressions]
