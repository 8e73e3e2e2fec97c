"""docs/upstream: the patch to debugpy does what the proposal says."""

import os
import shutil
import subprocess
import unittest

from bridged import DEBUGPY, PYTHONS, ROOT, Case, packages
from debugpy_session import Session

PATCH = os.path.join(ROOT, "docs", "upstream", "debugpy-1.8.22-post-mortem.patch")
PROGRAM = """
import sys, debugpy, crashsite
crash = crashsite.load(sys.argv[1])
print("debugpy listens at %s:%s;" % debugpy.listen(("127.0.0.1", 0)), file=sys.stderr, flush=True)
debugpy.wait_for_client()
debugpy.post_mortem(crash.exception, [(thread.name, thread.frames[0]) for thread in crash.threads[1:]], "It crashed.\\n")
"""


class Patched(Case):
    def test_post_mortem(self) -> None:
        folder = os.path.join(self.dir, "patched")
        shutil.copytree(packages(PYTHONS[-1], DEBUGPY), folder)
        subprocess.run(["git", "apply", "--verbose", PATCH], cwd=folder, check=True, capture_output=True)
        session = Session([PYTHONS[-1], "-B", "-c", PROGRAM, self.dump], folder, self.dir)
        self.addCleanup(session.end)
        threads = session.ask("threads")["threads"]
        self.assertEqual([thread["name"] for thread in threads], ["MainThread", "stock-1"])
        frames = [session.ask("stackTrace", threadId=thread["id"])["stackFrames"] for thread in threads]
        self.assertEqual([frame["name"] for frame in frames[0][:2]], ["process", "main"])
        self.assertEqual(frames[1][0]["name"], "wait")
        console = [event["body"]["output"] for event in session.events if event["event"] == "output"]
        self.assertIn("It crashed.\n", console)
        session.ask("continue", threadId=threads[0]["id"])
        self.assertEqual(session.process.wait(60), 0, session.said())


if __name__ == "__main__":
    unittest.main()
