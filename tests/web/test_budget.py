"""What a crash of a real web application costs, and what it costs to be ready for one.

Sizes are exact. Times are processor time, which a busy machine stretches several times over: the bounds here are for what has
gone wrong, docs/benchmarks.md is for what is promised.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
WEB = os.environ.get("CRASHSITE_WEB")
BINARY = os.environ.get("CRASHSITE_BINARY")
#: bytes of a dump, and seconds
SIZE, SECONDS = 150_000, 0.08 * 5


def cost(code: str) -> float:
    """Seconds of the processor that a whole Python takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60, env={"PYTHONPATH": os.environ["PYTHONPATH"]})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@unittest.skipUnless(WEB and BINARY, "CRASHSITE_WEB names no Python with web frameworks, or CRASHSITE_BINARY no binary")
class Budget(unittest.TestCase):
    def crashed(self, program: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            dump = os.path.join(folder, "dump")
            env = {key: value for key, value in os.environ.items() if not key.startswith("CRASHSITE")}
            done = subprocess.run(
                [str(WEB), os.path.join(HERE, program), dump], env=env, stdout=subprocess.PIPE, timeout=120, check=True
            )
            found = json.loads(done.stdout.decode().splitlines()[0])
            self.assertIsNone(found["stopped"])
            self.assertLessEqual(found["size"], SIZE)
            self.assertLessEqual(found["seconds"], SECONDS)

            def asked(expression: str) -> str:
                command = [str(BINARY), "print", dump + ".0", expression]
                done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
                return done.stdout.decode().strip()

            self.assertEqual(asked("order.__dict__['total'] == number * 10 == 70"), "True")
            self.assertIn("Order", asked("type(order)"))

    def test_flask(self) -> None:
        self.crashed("flask_app.py")

    def test_fastapi(self) -> None:
        self.crashed("fastapi_app.py")


class Ready(unittest.TestCase):
    def test_import(self) -> None:
        ready = "import crashsite; crashsite.dump_on_unhandled_exceptions()"
        pairs = [(cost("pass"), cost("import crashsite"), cost(ready)) for _ in range(9)]
        imported = statistics.median(imported - bare for bare, imported, _ in pairs)
        hooked = statistics.median(hooked - imported for _, imported, hooked in pairs)
        self.assertLess(imported, 0.015)
        self.assertLess(hooked, 0.05 * 5)


if __name__ == "__main__":
    unittest.main()
