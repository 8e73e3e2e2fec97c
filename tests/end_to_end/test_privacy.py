"""docs/privacy.md shows what a dump has with its secrets and without them."""

import os
import re
import subprocess
import sys
import unittest

from common import BINARY, ROOT, Case, call

DOCS = os.path.join(ROOT, "docs", "privacy.md")
TRANSCRIPT = re.compile(r"(<!-- transcript: begin[^\n]*-->\n```text\n)(.*?)(```\n<!-- transcript: end -->)", re.DOTALL)
SECRETS = ("correct-horse-battery", "4111 1111 1111 1111", "k3y-0f-th3-sh0p", "q8Zx-41tR")
COMMANDS = ("locals FILE", "print FILE connection", "print FILE orders")


class Documented(Case):
    def shown(self, redact: str) -> str:
        """What the commands answer on the dump of a crash."""
        with open(os.path.join(ROOT, "tests", "end_to_end", "privacy_example.py"), "rb") as stream:
            script = self.write("shop.py", stream.read())
        folder = self.path(redact)
        os.mkdir(folder)
        place = {"CRASHSITE_DIR": folder, "CRASHSITE_REDACT": redact, "PYTHONPATH": os.path.join(ROOT, "python")}
        run = [sys.executable, "-m", "crashsite", "run", script]
        done = subprocess.run(run, env=dict(os.environ, **place), stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 1, done.stderr)
        (name,) = [name for name in os.listdir(folder) if name.endswith(".dump")]
        path = os.path.join(folder, name)
        shown = "$ CRASHSITE_REDACT=%s python3 -m crashsite run shop.py\n" % redact
        for command in COMMANDS:
            answer = call(*command.replace("FILE", path).split(" "))
            self.assertEqual(answer.status, 0, answer.err)
            shown += "$ crashsite %s\n%s" % (command, answer.out.decode("utf-8"))
        everything = call("bt", path, "--all", "--locals", "--json").out + call("source", path, "--json").out
        for secret in SECRETS:
            self.assertEqual(secret.encode("utf-8") in everything, redact == "off", secret)
        return re.sub(r"0x7[0-9a-f]{8,}", "0x7f…", shown).replace(self.dir, "/srv")

    def test_before_and_after(self) -> None:
        self.assertTrue(BINARY)
        marks: dict[str, str] = {}

        def numbered(match: "re.Match[str]") -> str:
            return "<redacted %s>" % marks.setdefault(
                match.group(1), "%08x" % (0x1F3A9C07 * (len(marks) + 1) & 0xFFFFFFFF)
            )

        shown = self.shown("off") + "\n" + re.sub(r"<redacted ([0-9a-f]{8})>", numbered, self.shown("on"))
        with open(DOCS, encoding="utf-8") as stream:
            page = stream.read()
        found = TRANSCRIPT.search(page)
        assert found
        if os.environ.get("CRASHSITE_UPDATE"):
            with open(DOCS, "w", encoding="utf-8") as stream:
                stream.write(TRANSCRIPT.sub(lambda match: match.group(1) + shown + match.group(3), page))
            return
        self.assertEqual(shown, found.group(2))


if __name__ == "__main__":
    unittest.main()
