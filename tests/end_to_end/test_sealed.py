"""A sealed dump is opened by every command and server, and none lays anything of it down in plaintext."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from typing import Dict, List

from common import BINARY, ROOT

for folder in ("debuggers", "editors"):
    sys.path.insert(0, os.path.join(ROOT, "tests", folder))
import client
import dap_client

#: a program that fails
PROGRAM = "import crashsite\ncanary = 'canary-8c1f-' + 'in-plaintext'\ntry: 1/0\nexcept Exception: crashsite.save_dump('plain', redact='off')\n"
#: what tells that the dump was open, and a line of the source
SEEN, CANARY, LINE = "ZeroDivisionError", "canary-8c1f-in-plaintext", "'canary-8c1f-' + 'in-plaintext'"
#: how each command is asked, and what is in its answer
COMMANDS: Dict[str, List[str]] = {
    "bt": ["DUMP", SEEN],
    "locals": ["DUMP", CANARY],
    "print": ["DUMP", "canary", CANARY],
    "find": ["DUMP", "o == canary", "canary"],
    "repl": ["DUMP", CANARY],
    "threads": ["DUMP", "MainThread"],
    "source": ["DUMP", "prog.py", LINE],
    "info": ["DUMP", "--check", "crashsite-3"],
    "headers": ["DUMP", SEEN],
    "diff": ["DUMP", "DUMP", ""],
    "convert": ["DUMP", "converted", "crashsite-3"],
    "redact": ["DUMP", "redacted", "crashsite-3"],
    "explain": ["DUMP", ""],
    "elf": ["DUMP", "-o", "elf", ""],
}
#: those that serve have tests of their own below; those that open none
SERVERS, OTHERS = {"lsp", "dap", "gdb", "serve"}, {"help", "seal", "keygen"}


class Sealed(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.dir = os.path.realpath(directory.name)
        for name in ("home", "tmp", "source"):
            os.mkdir(self.path(name))
        with open(self.path("source/prog.py"), "w", encoding="utf-8") as stream:
            stream.write(PROGRAM)
        self.env = {key: value for key, value in os.environ.items() if not key.startswith(("CRASHSITE", "XDG"))}
        self.env.update(HOME=self.path("home"), TMPDIR=self.path("tmp"), PYTHONPATH=os.path.join(ROOT, "python"))
        subprocess.run([sys.executable, "-B", "source/prog.py"], cwd=self.dir, env=self.env, check=True, timeout=60)
        public = self.run_it("keygen", "-o", "key").stdout.strip()
        self.run_it("seal", "-r", public, "plain", "-o", "DUMP.dump.age")
        self.key, self.dump = self.path("key"), self.path("DUMP.dump.age")
        # No file of this machine is the source any more.
        for name in ("plain", "source/prog.py"):
            os.unlink(self.path(name))

    def path(self, name: str) -> str:
        return os.path.join(self.dir, name)

    def run_it(self, *arguments: str, status: int = 0, **env: str) -> "subprocess.CompletedProcess[str]":
        pipe = subprocess.PIPE
        done = subprocess.run(
            [BINARY, *arguments],
            cwd=self.dir,
            env=dict(self.env, **env),
            input="canary\n",
            stdout=pipe,
            stderr=pipe,
            encoding="utf-8",
            timeout=60,
        )
        self.assertEqual(done.returncode, status, (arguments, done.stdout, done.stderr))
        return done

    def nothing_in_plaintext(self, *asked_for: str) -> None:
        for folder, _, names in os.walk(self.dir):
            for name in set(names) - set(asked_for):
                with open(os.path.join(folder, name), "rb") as stream:
                    content = stream.read()
                self.assertNotIn(CANARY.encode(), content, name)
                self.assertNotIn(LINE.encode(), content, name)

    def test_every_command(self) -> None:
        help_text = self.run_it("help").stdout.partition("Commands:\n")[2].partition("\n\n")[0]
        names = set(re.findall(r"^  (\w+)", help_text, re.MULTILINE))
        self.assertEqual(names - SERVERS - OTHERS, set(COMMANDS), "a command that is not tried on a sealed dump")
        for name, (*arguments, seen) in COMMANDS.items():
            with self.subTest(name):
                line = [name, *(self.dump if word == "DUMP" else word for word in arguments)]
                refused = self.run_it(*line, status=3)
                self.assertIn("no identity was given", refused.stderr)
                done = self.run_it(*line, "--identity", self.key)
                self.assertIn(seen, done.stdout)
        self.assertIn(SEEN, self.run_it(self.dump, CRASHSITE_IDENTITY=self.key).stdout)
        self.nothing_in_plaintext("converted", "redacted", "elf")

    def test_gdb(self) -> None:
        gdb = [
            "gdb",
            self.dump,
            "--no-scripts",
            "--identity",
            self.key,
            "--",
            "-nx",
            "-batch",
            "-ex",
            "monitor print canary",
        ]
        done = self.run_it(*gdb)
        self.assertIn(CANARY, done.stdout + done.stderr)
        self.nothing_in_plaintext()

    def test_dap(self) -> None:
        with_key = {"dump": self.dump, "identity": self.key}
        process = subprocess.Popen([BINARY, "dap"], env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.wait, 60)
        assert process.stdin and process.stdout
        with process.stdin, process.stdout:
            stream = dap_client.Stream(process.stdin, process.stdout)
            stream.ask("initialize", adapterID="crashsite")
            secret = "AGE-SECRET-KEY-1" + "Q" * 58
            for identity in ([], secret):
                with self.assertRaises(dap_client.Refused) as refused:
                    stream.ask("launch", dump=self.dump, identity=identity)
                self.assertNotIn(secret, str(refused.exception))
            stream.events.clear()
            stream.ask("launch", **with_key)
            self.assertIn(CANARY, stream.ask("evaluate", expression="canary", context="repl")["result"])
        self.nothing_in_plaintext()

    def test_lsp(self) -> None:
        server = client.Client("--read", self.dir)
        for stream in (server.process.stdin, server.process.stdout, server.process.stderr):
            assert stream
            self.addCleanup(stream.close)
        self.addCleanup(server.process.kill)
        server.begin(identity=self.key, virtualDocuments=False, discover="none")
        answer = server.command("openDump", path=self.dump)
        self.assertIn(SEEN, str(answer))
        self.assertEqual(server.end(), 0)
        self.nothing_in_plaintext()

    def test_serve(self) -> None:
        process = subprocess.Popen(
            [BINARY, "serve", self.dump, "--identity", self.key], env=self.env, stdout=subprocess.PIPE
        )
        assert process.stdout
        with process.stdout:
            self.assertIn(b"target remote", process.stdout.readline())
            process.kill()
            process.wait(60)
        self.nothing_in_plaintext()


if __name__ == "__main__":
    unittest.main()
