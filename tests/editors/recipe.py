"""An editor of its own, started with a recipe of docs/editors.md as it stands there."""

import json
import os
import re
import subprocess
import tempfile
from typing import Any, List

from client import BINARY, Case
from crash import ROOT, SHOP, crash


def recipe(editor: str, language: str) -> str:
    """The first block of a language below an editor's heading."""
    with open(os.path.join(ROOT, "docs", "editors.md"), encoding="utf-8") as stream:
        found = re.search(r"## %s.*?```%s\n(.*?)```" % (editor, language), stream.read(), re.S)
    assert found is not None
    return found.group(1)


def beside(name: str) -> str:
    """A file of this folder."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), name)


class Editor(Case):
    """A test of one editor."""

    def seen(self, command: List[str], editor: str, language: str) -> Any:
        """What the command tells as the last line on stdout. `RECIPE`, `CRASHED` and `GONE` name for it the recipe, a file
        that has its dump beside it, and the dump of one that is nowhere."""
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            work, gone = os.path.join(folder, "work"), os.path.join(folder, "work", "gone")
            for name in (work, gone):
                os.mkdir(name)
            os.mkdir(os.path.join(work, ".git"))
            crash(gone, SHOP + "# another\n", "gone.py")
            os.remove(os.path.join(gone, "gone.py"))
            # The newest is found without being named.
            crash(work, SHOP)
            with open(os.path.join(folder, "recipe"), "w", encoding="utf-8") as stream:
                stream.write(recipe(editor, language))
            environment = dict(
                os.environ,
                HOME=folder,
                XDG_STATE_HOME=folder,
                XDG_CACHE_HOME=folder,
                XDG_CONFIG_HOME=folder,
                PATH=os.path.dirname(BINARY) + os.pathsep + os.environ["PATH"],
                RECIPE=os.path.join(folder, "recipe"),
                CRASHED=os.path.join(work, "shop.py"),
                GONE=os.path.join(gone, "gone.py.dump"),
            )
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done)
        return json.loads(done.stdout.splitlines()[-1])
