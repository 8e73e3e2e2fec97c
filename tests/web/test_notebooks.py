"""`%load_ext crashsite` in IPython and in the kernel of Jupyter: what is shown is the same with it and without, but for the dump's name."""

import json
import subprocess
import unittest
from typing import Any, List

from common import BINARY, Case

#: one cell each; those that fail as programs do have the function that does
CELLS = [
    "count = 0",
    "def order(): return 6 / count",
    "order()",
    "order()",
    "print(count)",
    "async def later(): return {}['sku']\n\nawait later()",
    "from shop import sell; sell([])",
    "%nosuch",
    "x = (1\n\n",
    "raise SystemExit(3)",
]
FAILED = ["order", "order", "later", "sell"]
SHOP = "def sell(basket): return basket[0]\n"

ASK = """
import json, sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
said = []
def note(message):
    kind, content = message["msg_type"], message["content"]
    if kind in ("stream", "error"): said.append([kind, content.get("name"), content.get("text"), content.get("traceback")])
try:
    for cell in json.load(sys.stdin):
        reply = client.execute_interactive(cell, timeout=60, output_hook=note)
        said.append(reply["content"]["status"])
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(json.dumps(said))
"""


class Notebooks(Case):
    def setUp(self) -> None:
        super().setUp()
        self.write("shop.py", SHOP)
        self.variables = {"IPYTHONDIR": self.dir, "JUPYTER_RUNTIME_DIR": self.dir}

    def terminal(self, first: str) -> Any:
        command = "-m IPython --colors=NoColor --simple-prompt --no-banner --no-confirm-exit".split()
        return self.run_python(*command, stdin="\n".join([first, *CELLS, ""]), **self.variables)

    def test_terminal(self) -> None:
        bare = self.terminal("pass")
        self.assertEqual(self.dumps(), [])
        done = self.terminal("%load_ext crashsite")
        self.assertEqual(bare.stdout.count("Traceback (most recent call last)"), len(FAILED), bare.stdout)
        self.assertEqual((done.stdout, done.returncode), (bare.stdout, bare.returncode))
        lines = done.stderr.splitlines(keepends=True)
        told = [line for line in lines if line.startswith("crashsite: heap dump in ")]
        self.assertEqual("".join(line for line in lines if line not in told), bare.stderr)
        self.assertEqual(len(told), len(FAILED))
        self.assertEqual(self.failed(), FAILED)

    def kernel(self, *first: str) -> List[Any]:
        done = self.run_python("-c", ASK, stdin=json.dumps([*first, *CELLS]), **self.variables)
        self.assertEqual(done.returncode, 0, done.stderr)
        said: List[Any] = json.loads(done.stdout)
        return said

    def test_kernel(self) -> None:
        bare = self.kernel("pass", "pass")
        self.assertEqual(self.dumps(), [])
        self.assertEqual(bare.count("error"), len(FAILED) + 3)
        done = self.kernel("%load_ext crashsite", "%reload_ext crashsite")
        told = [
            said for said in done if said[:2] == ["stream", "stderr"] and said[2].startswith("crashsite: heap dump in ")
        ]
        self.assertEqual([said for said in done if said not in told], bare)
        self.assertEqual(self.failed(), FAILED)
        for said, path in zip(told, self.dumps()):
            self.assertIn(path, said[2])
        shown = subprocess.run([str(BINARY), "bt", self.dumps()[0]], stdout=subprocess.PIPE, check=True, timeout=60)
        self.assertIn(b" 1 > order()", shown.stdout)  # the cell's text, which is in no file

    def test_taken_out(self) -> None:
        self.assertEqual(self.kernel("%load_ext crashsite", "%unload_ext crashsite"), self.kernel("pass", "pass"))
        self.assertEqual(self.dumps(), [])


if __name__ == "__main__":
    unittest.main()
