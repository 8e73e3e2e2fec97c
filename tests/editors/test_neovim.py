"""A real Neovim, with the recipe of docs/editors.md, on a file and on a source that is in a dump only."""

import json
import os
import re
import subprocess
import tempfile
import unittest

from client import BINARY, Case
from crash import ROOT, SHOP, crash, lines_of

#: an editor of at least 0.11
NEOVIM = os.environ.get("CRASHSITE_NEOVIM", "")
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "neovim.lua")


def recipe() -> str:
    with open(os.path.join(ROOT, "docs", "editors.md"), encoding="utf-8") as stream:
        found = re.search(r"## Neovim.*?```lua\n(.*?)```", stream.read(), re.S)
    assert found is not None
    return found.group(1)


@unittest.skipUnless(NEOVIM, "CRASHSITE_NEOVIM names no editor; run this by: cargo xtask test")
class Neovim(Case):
    def test_what_is_seen(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            work, gone = os.path.join(folder, "work"), os.path.join(folder, "gone")
            for name in (work, gone):
                os.mkdir(name)
            os.mkdir(os.path.join(work, ".git"))
            crash(work, SHOP)
            crash(gone, SHOP + "# another\n", "gone.py")
            os.remove(os.path.join(gone, "gone.py"))
            with open(os.path.join(folder, "recipe.lua"), "w", encoding="utf-8") as stream:
                stream.write(recipe())
            environment = dict(
                os.environ,
                HOME=folder,
                XDG_STATE_HOME=folder,
                XDG_CACHE_HOME=folder,
                XDG_CONFIG_HOME=folder,
                PATH=os.path.dirname(BINARY) + os.pathsep + os.environ["PATH"],
                RECIPE=os.path.join(folder, "recipe.lua"),
                CRASHED=os.path.join(work, "shop.py"),
                GONE=os.path.join(gone, "gone.py.dump"),
            )
            done = subprocess.run(
                [NEOVIM, "--headless", "-u", "NONE", "-i", "NONE", "-l", SCRIPT],
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
        self.assertEqual(done.returncode, 0, done)
        told = json.loads(done.stdout.splitlines()[-1])
        raised = lines_of(SHOP, "raise ValueError")[0] + 1
        total, factorial = lines_of(SHOP, "def total")[0] + 1, lines_of(SHOP, "def factorial")[0] + 1
        for seen in (told["file"], told["source"]):
            self.assertEqual(seen["diagnostic"]["line"], raised)
            self.assertTrue(seen["diagnostic"]["message"].startswith("ValueError: no `total` <b>\n"))
            self.assertIn("count: int = 0", seen["hover"])
            self.assertIn("count = 0", seen["hints"][str(total)])
            self.assertEqual(seen["hints"][str(factorial)], "n = 0")
            self.assertIn([raised, "ValueError: no `total` <b>"], seen["lenses"])
            self.assertIn([total, "▶ frame 0 of MainThread"], seen["lenses"])
            self.assertEqual(seen["calls"][0][0], lines_of(SHOP, "return order.total")[0] + 1)
        self.assertEqual(told["moved"][0], lines_of(SHOP, "return n * factorial")[0] + 1)
        self.assertRegex(told["name"], r"^crashsite://[0-9a-f]{8}/.*/gone/gone\.py$")
        self.assertFalse(told["writable"])


if __name__ == "__main__":
    unittest.main()
