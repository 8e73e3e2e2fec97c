"""A real Emacs with eglot, with the recipe of docs/editors.md, on a file and on a source that is in a dump only."""

import unittest

from crash import SHOP, lines_of
from recipe import Editor, beside


class Emacs(Editor):
    def test_what_is_seen(self) -> None:
        told = self.seen(["emacs", "--batch", "--load", beside("emacs.el")], "Emacs", "elisp")
        raised, factorial = lines_of(SHOP, "raise ValueError")[0] + 1, lines_of(SHOP, "return n * factorial")[0] + 1
        for seen in (told["file"], told["source"]):
            self.assertEqual(seen["line"], raised)
            self.assertIn("ValueError: no `total` <b>\n", seen["diagnostic"])
            # With markdown-mode installed it is markdown, whose marks are then hidden.
            self.assertIn("count: int = 0", seen["hover"].splitlines())
            self.assertIn("frame 0 of MainThread", seen["hover"])
            self.assertEqual(seen["class"], lines_of(SHOP, "class Line")[0] + 1)
        self.assertEqual(told["moved"], factorial)
        self.assertIn("n: int = 1", told["above"].splitlines())
        self.assertIn("n: int = 0", told["back"].splitlines())
        self.assertEqual(told["opened"], raised)
        self.assertRegex(told["name"], r"/crashsite-[^/]+/[0-9a-f]{8}/.*/gone/gone\.py$")
        self.assertFalse(told["writable"])


if __name__ == "__main__":
    unittest.main()
