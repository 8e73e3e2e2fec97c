"""Nothing of a dump is run, by no command: every name, path, source and value of it would leave a trace.

The Python debuggers have tests of their own with the same dump.
"""

import os
import shutil
import subprocess
from typing import List
from unittest import main

from bridged import BINARY, SECONDS, Case, canary
from dap_client import Adapter, Refused
from test_serve import answer, tell

GDB, LLDB = shutil.which("gdb"), shutil.which("lldb")


class Canary(Case):
    def setUp(self) -> None:
        super().setUp()
        self.cache = os.path.join(self.dir, "cache")

    def dumps(self) -> List[str]:
        """One whose texts are Python's, and one whose texts are a shell's."""
        made = []
        for shell in (False, True):
            folder = os.path.join(self.dir, "shell" if shell else "python")
            os.mkdir(folder)
            made.append(canary(folder, shell)[0])
        return made

    def run_in(self, dump: str, *line: str, asked: str = "") -> str:
        """What a program prints in the dump's folder, from which its modules can be imported."""
        folder = os.path.dirname(dump)
        done = subprocess.run(
            line,
            input=asked.encode("utf-8"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(os.environ, PYTHONPATH=folder, XDG_CACHE_HOME=self.cache, HOME=self.dir, TERM="dumb"),
            timeout=SECONDS,
        )
        self.assertIn(done.returncode, (0, 1), done.stdout)
        return done.stdout.decode("utf-8", "surrogateescape")

    def untouched(self, dump: str, by: str) -> None:
        self.assertFalse(os.path.exists(os.path.join(os.path.dirname(dump), "trace")), "something was run by " + by)

    def test_commands(self) -> None:
        for dump in self.dumps():
            for command in (
                "bt --all --locals", "bt --all --locals --json", "locals", "threads", "info --check", "headers", "source",
                "source --extract out", "print value11", "print [value3,value4,value8]", "print locals()", "find True",
                "print --each frame value2", "print value2.name", "print str(value7)+repr(value14)+format(value10)",
            ):  # fmt: skip
                word, *rest = command.split(" ")
                options = [option for option in rest if option.startswith("--") or option in ("frame", "out")]
                words = [one for one in rest if one not in options]
                said = self.run_in(dump, BINARY, word, *options, dump, *words)
                self.assertTrue(said, command)
                self.assertNotIn("\x1b", said, command)
                self.untouched(dump, command)
            self.run_in(dump, BINARY, dump)
            self.run_in(dump, BINARY, "repl", dump, asked="bt\nlocals\nvalue2\n$0.name\nup\nthreads\nvalue8.args\n")
            self.run_in(dump, BINARY, "convert", dump, os.path.join(self.dir, "converted"), "--force")
            self.run_in(dump, BINARY, "diff", dump, os.path.join(self.dir, "converted"))
            self.untouched(dump, "the others")

    def test_gdb_and_lldb(self) -> None:
        self.assertTrue(GDB and LLDB, "there is no gdb, or no lldb: apt install gdb lldb")
        commands = [
            "set pagination off", "info threads", "thread apply all bt -full", "info locals", "info source", "list",
            "info variables", "info types", "py-bt", "py-locals", "py-print value2", "py-list", "py-exception",
            "monitor bt --all --locals", "monitor print value11", "p value3", "p value4", "up", "info frame", "print object",
        ]  # fmt: skip
        asked = [word for command in commands for word in ("-ex", command)]
        for dump in self.dumps():
            said = self.run_in(dump, BINARY, "gdb", dump, "--", "-nx", "-batch", *asked)
            self.assertIn("MainThread" if "MainThread" in said else "Thread 1", said)
            self.assertNotIn("\x1b", said)
            self.untouched(dump, "gdb")
            elf = os.path.join(os.path.dirname(dump), "elf")
            self.run_in(dump, BINARY, "elf", dump, "-o", elf)
            self.run_in(
                dump, str(LLDB), "--no-lldbinit", "--batch", "-o", "target create %s" % elf, "-o", "image dump symtab",
                "-o", "target modules lookup -r -n .", "-o", "image dump line-table evil.py",
            )  # fmt: skip
            self.untouched(dump, "lldb")

    def test_debugger(self) -> None:
        for dump in self.dumps():
            adapter = Adapter()
            adapter.launch(dump=dump, pathMappings=[{"from": "/", "to": "/"}])
            for thread in adapter.ask("threads")["threads"]:
                for frame in adapter.frames(thread["id"]):
                    for reference in adapter.scopes(frame["id"]).values():
                        for variable in adapter.variables(reference):
                            if variable["variablesReference"]:
                                adapter.variables(variable["variablesReference"])
                    for expression in ("value2", "value11.name", "str(value8)", "[o for o in value3]"):
                        try:
                            adapter.ask("evaluate", expression=expression, frameId=frame["id"], context="repl")
                        except Refused:
                            pass
                adapter.ask("exceptionInfo", threadId=thread["id"]) if thread["id"] == 1 else None
            adapter.ask("loadedSources")
            adapter.ask("modules")
            self.assertEqual(adapter.end(), 0)
            self.untouched(dump, "the debug adapter")

    def test_editor(self) -> None:
        for dump in self.dumps():
            editor = Adapter.__new__(Adapter)
            self.serve(editor, dump)
            self.untouched(dump, "the language server")

    def serve(self, editor: Adapter, dump: str) -> None:
        process = subprocess.Popen([BINARY, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdin and process.stdout
        super(Adapter, editor).__init__(process.stdin, process.stdout)
        folder = os.path.dirname(dump)
        number = 0

        def ask(method: str, params: object) -> object:
            nonlocal number
            number += 1
            tell(editor, {"id": number, "method": method, "params": params})
            return answer(editor, number)

        uri = "file://" + os.path.join(folder, "evil.py")
        with open(os.path.join(folder, "evil.py"), encoding="utf-8") as stream:
            text = stream.read()
        ask(
            "initialize",
            {"capabilities": {}, "rootUri": "file://" + folder, "initializationOptions": {"dumps": [dump]}},
        )
        tell(editor, {"method": "initialized", "params": {}})
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        tell(editor, {"method": "textDocument/didOpen", "params": {"textDocument": document}})
        here = {"textDocument": {"uri": uri}}
        everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
        for method in ("codeLens", "documentLink"):
            ask("textDocument/" + method, here)
        ask("textDocument/inlayHint", dict(here, range=everywhere))
        for character in range(0, len(text), 7):
            ask("textDocument/hover", dict(here, position={"line": 0, "character": character}))
        for command in ("frames", "locals", "sources", "dumps"):
            ask("workspace/executeCommand", {"command": "crashsite." + command, "arguments": []})
        for expression in ("value2", "value11", "value3"):
            arguments = [{"expression": expression}]
            ask("workspace/executeCommand", {"command": "crashsite.print", "arguments": arguments})
        ask("shutdown", None)
        tell(editor, {"method": "exit"})
        self.assertEqual(process.wait(SECONDS), 0)
        process.stdin.close()
        process.stdout.close()


if __name__ == "__main__":
    main()
