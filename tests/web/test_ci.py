"""The steps for GitHub Actions, of `action.yml` and of docs/ci.md: their commands are run as the runner would."""

import json
import os
import re
import subprocess
import unittest
from typing import Any, Dict, List

from common import WEB, Case

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
#: what the runner starts for `shell: bash`
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
UPLOAD = re.compile(r"actions/upload-artifact@v\d+\Z")
INPUT = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")
TESTS = """
import unittest
class Shop(unittest.TestCase):
    def test_good(self): pass
    def test_bad(self):
        if not %s: raise self.failureException
"""


class Steps(Case):
    def yaml(self, text: str) -> Any:
        """As a real parser reads it."""
        done = self.run_python(
            "-c", "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)", stdin=text
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def shell(self, script: str, env: Dict[str, str]) -> int:
        """The status of a step's command."""
        self.write("step.sh", script)
        path = os.path.dirname(str(WEB)) + os.pathsep + os.environ["PATH"]
        env = dict(os.environ, PATH=path, PYTEST_PLUGINS="crashsite.pytest_plugin", **env)
        return subprocess.run(
            [*BASH, "step.sh"], cwd=self.dir, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120
        ).returncode

    def judge(self, test: Dict[str, Any], upload: Dict[str, Any]) -> None:
        """A step with tests, and the one after it, which has to find their dumps where it looks, if they fail."""
        self.assertEqual(upload["if"], "failure()")
        self.assertRegex(upload["uses"], UPLOAD)
        self.assertEqual(upload["with"]["if-no-files-found"], "ignore")
        folder = upload["with"]["path"]
        self.write("test_shop.py", TESTS % "True")
        self.assertEqual(self.shell(test["run"], test.get("env", {})), 0)
        self.assertFalse(os.path.exists(os.path.join(self.dir, folder)))
        self.write("test_shop.py", TESTS % "False")
        self.assertEqual(self.shell(test["run"], test.get("env", {})), 1)
        self.assertEqual(self.failed(folder), ["test_bad"])

    def action(self, **given: str) -> List[Any]:
        """The steps of the action, with its inputs put in."""
        with open(os.path.join(ROOT, "action.yml"), encoding="utf-8") as stream:
            action = self.yaml(stream.read())
        self.assertLessEqual({"name", "description", "inputs", "runs"}, set(action))
        self.assertEqual(action["runs"]["using"], "composite")
        inputs = {name: each["default"] for name, each in action["inputs"].items()}
        self.assertLessEqual(set(given), set(inputs))
        inputs.update(given)
        for step in action["runs"]["steps"]:
            self.assertTrue(step.get("shell") == "bash" if "run" in step else "uses" in step, step)
            self.assertNotIn("inputs.", step.get("run", ""), "what a user gives is no part of a script")

        def put_in(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: put_in(each) for key, each in value.items()}
            if isinstance(value, list):
                return [put_in(each) for each in value]
            return INPUT.sub(lambda found: str(inputs[found[1]]), value) if isinstance(value, str) else value

        steps: List[Any] = put_in(action["runs"]["steps"])
        return steps

    def test_action(self) -> None:
        self.judge(*self.action())

    def test_action_with_another_command(self) -> None:
        test, upload = self.action(run="echo first\npython -m crashsite unittest --dir 'kept here'", folder="kept here")
        self.judge(test, upload)

    def documented(self) -> List[Any]:
        with open(os.path.join(ROOT, "docs", "ci.md"), encoding="utf-8") as stream:
            return [self.yaml(text) for text in re.findall(r"```yaml\n(.*?)```", stream.read(), re.S)]

    def test_documented_job(self) -> None:
        job, _ = self.documented()
        steps = job["jobs"]["tests"]["steps"]
        self.assertTrue(all(("run" in step) != ("uses" in step) for step in steps))
        self.judge(*steps[-2:])

    def test_documented_use_of_the_action(self) -> None:
        _, [use] = self.documented()
        self.judge(*self.action(**use["with"]))


if __name__ == "__main__":
    unittest.main()
