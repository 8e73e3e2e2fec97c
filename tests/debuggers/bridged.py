"""What the tests of Python's own debuggers share: Pythons, packages of PyPI, and a program that failed."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from typing import Dict, List, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "python", "tests"))

from hostile_dumps import canary as canary

BINARY = os.environ.get("CRASHSITE_BINARY", "")
#: the long run: every version on every Python
LONG = bool(os.environ.get("CRASHSITE_LONG"))
#: every CPython there is, the newest last
PYTHONS: List[str] = os.environ.get("CRASHSITE_PYTHONS", sys.executable).split(os.pathsep)
#: how long anything may take before it counts as hung
SECONDS = 60.0


DEBUGPY = "debugpy==1.8.22"
PYDEVD = "pydevd==3.5.0"
PYCHARM = "pydevd-pycharm==263.7307.50"
IPDB, PUDB = "ipdb==0.13.13", "pudb==2026.1"
CONSOLES = ("rich==15.0.0", "stackprinter==0.2.13", "ipython==9.18.1")


def version(python: str) -> Tuple[int, int]:
    """Of a Python."""
    code = "import sys; print('%d %d' % sys.version_info[:2])"
    major, minor = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, check=True).stdout.split()
    return int(major), int(minor)


def packages(python: str, *wanted: str) -> str:
    """A folder with packages of PyPI for a Python, below target/; filled once."""
    number = "%d.%d" % version(python)
    name = "-".join([number, *(one.replace("==", "-") for one in wanted)])
    prefix = os.path.join(os.environ.get("CRASHSITE_TARGET", os.path.join(ROOT, "target")), "debuggers", name)
    complete = os.path.join(prefix, "complete")
    if not os.path.exists(complete):
        command = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--ignore-installed"]
        command += ["--no-warn-script-location", "--prefix", prefix, *wanted]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        if done.returncode != 0:
            raise AssertionError("pip could not install %s: %s" % (", ".join(wanted), done.stdout.decode()[-1000:]))
        with open(complete, "w"):
            pass
    plain = os.path.join(prefix, "lib", "python" + number, "site-packages")
    of_debian = os.path.join(prefix, "local", "lib", "python" + number, "dist-packages")
    return of_debian if os.path.isdir(of_debian) else plain


def environment(home: str, *folders: str) -> Dict[str, str]:
    """That of a program with these packages, whose home directory is another."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CRASHSITE", "PYTHON", "PYDEVD"))}
    path = os.pathsep.join([os.path.join(ROOT, "python"), *folders])
    return dict(
        kept, PYTHONPATH=path, PYTHONIOENCODING="utf-8", HOME=home, TERM="xterm", LC_ALL="C.UTF-8",
        XDG_CONFIG_HOME=home, PYDEVD_DISABLE_FILE_VALIDATION="1",
    )  # fmt: skip


def record(name: str, shown: List[Tuple[str, str]]) -> None:
    """What a long run has shown to work, Python and package, goes into the table of docs/debuggers.md."""
    rows: Dict[str, List[str]] = {}
    for python, package in shown:
        rows.setdefault("%d.%d" % version(python), []).append(package.partition("==")[2])
    table = "".join("| %s | %s |\n" % (python, ", ".join(versions)) for python, versions in rows.items())
    path = os.path.join(ROOT, "docs", "debuggers.md")
    with open(path, encoding="utf-8") as stream:
        page = stream.read()
    place = re.compile(r"(<!-- %s: begin.*?\|---\|---\|\n)(.*?)(\n<!-- %s: end)" % (name, name), re.DOTALL)
    if not place.search(page):
        raise AssertionError("docs/debuggers.md has no table of " + name)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(place.sub(lambda match: match.group(1) + table + match.group(3), page))


class Case(unittest.TestCase):
    """A test with a directory of its own, and the dump of the example."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.dir = os.path.realpath(directory.name)
        self.dump = self.crashed()

    def crashed(self) -> str:
        """The dump of the example, whose source is here no more."""
        with open(os.path.join(ROOT, "tests", "debuggers", "pdb_example.py"), encoding="utf-8") as stream:
            source = stream.read()
        script = os.path.join(self.dir, "shop.py")
        with open(script, "w", encoding="utf-8") as stream:
            stream.write(source)
        done = subprocess.run(
            [PYTHONS[-1], "-B", script],
            env=dict(environment(self.dir), CRASHSITE_DIR=self.dir),
            stderr=subprocess.PIPE,
            timeout=SECONDS,
        )
        os.remove(script)
        found = [name for name in os.listdir(self.dir) if name.endswith(".dump")]
        self.assertEqual(len(found), 1, done.stderr.decode())
        return os.path.join(self.dir, found[0])
