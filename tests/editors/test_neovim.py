"""A real Neovim, with the recipe of docs/editors.md, on a file and on a source that is in a dump only."""

import os
import unittest

from crash import SHOP, lines_of
from recipe import Editor, beside


class Neovim(Editor):
    def test_what_is_seen(self) -> None:
        # One of at least 0.11.
        editor = os.environ.get("CRASHSITE_NEOVIM", "")
        self.assertTrue(editor, "CRASHSITE_NEOVIM names no editor; run this by: cargo xtask test")
        script = [editor, "--headless", "-u", "NONE", "-i", "NONE", "-l", beside("neovim.lua")]
        told = self.seen(script, "Neovim", "lua")
        raised = lines_of(SHOP, "raise ValueError")[0] + 1
        total, factorial = lines_of(SHOP, "def total")[0] + 1, lines_of(SHOP, "def factorial")[0] + 1
        for seen in (told["file"], told["source"]):
            self.assertEqual(seen["diagnostic"]["line"], raised)
            self.assertTrue(seen["diagnostic"]["message"].startswith("ValueError: no `total` <b>\n"))
            self.assertIn("` count is 0, and is divided by `", seen["hover"])
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
