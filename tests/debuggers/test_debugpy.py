"""debugpy, the debugger of VS Code, on a dump: what its client is shown."""

import os
import re
import subprocess
import unittest
from typing import Any, List, Tuple

from bridged import DEBUGPY, LONG, PYTHONS, Case, canary, environment, packages, record, version
from debugpy_session import Session

#: the newest there is for a Python, where it is not `DEBUGPY`
NEWEST = {(3, 8): "debugpy==1.8.21", (3, 9): "debugpy==1.8.21"}
#: the oldest that works
OLDEST = {
    (3, 8): "debugpy==1.6.0", (3, 9): "debugpy==1.6.0", (3, 10): "debugpy==1.6.0", (3, 11): "debugpy==1.6.0",
    (3, 12): "debugpy==1.8.0", (3, 13): "debugpy==1.8.8",
}  # fmt: skip


def pairs() -> List[Tuple[str, str]]:
    """Pythons and versions: all of them in the long run, else the newest Python with both."""
    chosen = PYTHONS if LONG else PYTHONS[-1:]
    return [(python, which.get(version(python), DEBUGPY)) for python in chosen for which in (OLDEST, NEWEST)]


class Stopped(Case):
    def start(self, python: str, package: str, dump: str, **options: Any) -> Session:
        command = [python, "-B", "-m", "crashsite", "debug", dump, "--debugger", "debugpy", "--port", "0"]
        session = Session(command, packages(python, package), self.dir, **options)
        self.addCleanup(session.end)
        return session

    def test_everything_is_shown(self) -> None:
        shown = []
        for python, package in pairs():
            with self.subTest(python=python, package=package):
                self.shown(self.start(python, package, self.dump))
                shown.append((python, package))
        if LONG:
            record("debugpy", shown)

    def shown(self, session: Session) -> None:
        self.assertEqual(session.stopped["reason"], "exception")
        threads = session.ask("threads")["threads"]
        self.assertEqual([thread["name"] for thread in threads][:2], ["MainThread", "stock-1"])
        crashed = session.stopped["threadId"]
        self.assertEqual(threads[0]["id"], crashed)
        frames = session.ask("stackTrace", threadId=crashed)["stackFrames"]
        shop = "/crashsite" + self.dir + "/shop.py"
        own = [
            (re.sub(r" \(Current frame\)$", "", one["name"]), one["line"], one["source"]["path"]) for one in frames[:3]
        ]
        self.assertEqual(own, [("process", 37, shop), ("main", 41, shop), ("<module>", 49, shop)])

        locals_ = self.scope(session, frames[0])
        self.assertEqual((locals_["limit"]["value"], locals_["limit"]["type"]), ("10", "int"))
        order = session.variables(locals_["order"]["variablesReference"])
        self.assertEqual([name for name in order if " " not in name], ["lines", "number"])
        lines = session.variables(order["lines"]["variablesReference"])
        line = session.variables(lines["0"]["variablesReference"])
        self.assertEqual((line["sku"]["value"], line["price"]["value"]), ("'GIFT'", "50.0"))

        asked = "[line.sku for line in orders[0].lines] + [limit]"
        answer = session.ask("evaluate", expression=asked, frameId=frames[0]["id"], context="watch")
        self.assertEqual(answer["result"], "['TEA', 'CUPS', 10]")

        reference = frames[0]["source"]["sourceReference"]
        self.assertTrue(reference, "the client would open a file of its own")
        source = session.ask("source", sourceReference=reference, source=frames[0]["source"])["content"]
        self.assertIn("raise OrderFailed(order.number, table) from error\n", source)

        # The cause: in the same stack, or as a thread of its own.
        chained = [one for one in frames[3:] if "share" in one["name"]]
        causes = [one for one in threads if one["name"] == "cause: ZeroDivisionError"]
        if causes:
            chained = session.ask("stackTrace", threadId=causes[0]["id"])["stackFrames"]
        self.assertEqual(chained[0]["line"], 26)
        self.assertEqual(self.scope(session, chained[0])["total"]["value"], "0")

        waiting = session.ask("stackTrace", threadId=threads[1]["id"])["stackFrames"]
        self.assertEqual(waiting[0]["name"], "wait")
        self.assertIn("self", self.scope(session, waiting[0]))
        info = session.ask("exceptionInfo", threadId=crashed)
        self.assertIn("OrderFailed", info["exceptionId"])
        self.assertIn("'größe'", info["description"])

        console = "".join(one["body"]["output"] for one in session.events if one["event"] == "output")
        self.assertIn("ZeroDivisionError: division by zero\n\nThe above exception", console)
        session.ask("continue", threadId=crashed)
        self.assertEqual(session.process.wait(60), 0, session.said())

    @staticmethod
    def scope(session: Session, frame: Any) -> Any:
        scopes = session.ask("scopes", frameId=frame["id"])["scopes"]
        return session.variables(scopes[0]["variablesReference"])

    def test_too_old(self) -> None:
        """Said at the start, in two lines."""
        if version(PYTHONS[-1]) < (3, 13):
            self.skipTest("all that runs is new enough")
        place = packages(PYTHONS[-1], "debugpy==1.8.0")
        done = subprocess.run(
            [PYTHONS[-1], "-B", "-m", "crashsite", "debug", self.dump, "--debugger", "debugpy"],
            env=environment(self.dir, place), stderr=subprocess.PIPE, timeout=60,
        )  # fmt: skip
        self.assertEqual(done.returncode, 2)
        lines = done.stderr.decode().splitlines()
        self.assertEqual(lines[0], "crashsite: debugpy 1.8.0 is too old for Python %d.%d" % version(PYTHONS[-1]))
        self.assertEqual(len(lines), 2)

    def test_canary(self) -> None:
        """All variables, in every frame."""
        dump, trace = canary(self.dir)
        session = self.start(PYTHONS[-1], DEBUGPY, dump, just_my_code=False)
        seen = 0
        for thread in session.ask("threads")["threads"]:
            for frame in session.ask("stackTrace", threadId=thread["id"])["stackFrames"]:
                for scope in session.ask("scopes", frameId=frame["id"])["scopes"]:
                    for one in session.variables(scope["variablesReference"]).values():
                        seen += 1
                        if one["variablesReference"]:
                            session.variables(one["variablesReference"])
        self.assertGreater(seen, 100)
        self.assertFalse(os.path.exists(trace), "code of the dump was run")


if __name__ == "__main__":
    unittest.main()
