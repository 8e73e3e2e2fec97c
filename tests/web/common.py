"""A Python with the frameworks, the programs that run in it, and the dumps that they leave."""

import json
import os
import subprocess
import tempfile
import unittest
from typing import Any, Dict, List

WEB = os.environ.get("CRASHSITE_WEB")
BINARY = os.environ.get("CRASHSITE_BINARY")


@unittest.skipUnless(WEB and BINARY, "CRASHSITE_WEB names no Python with the frameworks, or CRASHSITE_BINARY no binary")
class Case(unittest.TestCase):
    """A test with a folder of its own, which is where dumps go."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.dir = os.path.realpath(directory.name)

    def write(self, name: str, text: str) -> None:
        with open(os.path.join(self.dir, name), "w", encoding="utf-8") as stream:
            stream.write(text)

    def run_python(self, *arguments: str, stdin: str = "", **variables: str) -> Any:
        env = {key: value for key, value in os.environ.items() if not key.startswith("CRASHSITE")}
        env.update(variables, CRASHSITE_DIR=self.dir)
        return subprocess.run(
            [str(WEB), *arguments],
            cwd=self.dir,
            env=env,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=120,
            encoding="utf-8",
        )

    def dumps(self, folder: str = "") -> List[str]:
        """In the order in which one process wrote them."""
        place = os.path.join(self.dir, folder)
        names = [name for name in os.listdir(place) if name.endswith(".dump")]
        names.sort(key=lambda name: [int(number) for number in name[:-5].split("_")[-2:]])
        return [os.path.join(place, name) for name in names]

    def frames(self, path: str) -> List[Dict[str, Any]]:
        """Those of the crashed thread, innermost first, by the binary."""
        done = subprocess.run([str(BINARY), "bt", path, "--json"], stdout=subprocess.PIPE, check=True, timeout=60)
        found: List[Dict[str, Any]] = json.loads(done.stdout)["threads"][0]["frames"]
        return found

    def failed(self, folder: str = "") -> List[str]:
        """The function in which each dump's exception was raised."""
        return [self.frames(path)[0]["function"] for path in self.dumps(folder)]
