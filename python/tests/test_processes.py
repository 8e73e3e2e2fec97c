"""Processes of multiprocessing, of pools and of subprocess: what fails in them is dumped there, and the dumps of children and
parents name each other."""

import concurrent.futures
import json
import multiprocessing
import os
import re
import subprocess
import unittest
from typing import Any, Dict, List, Tuple

from programs import PYPY, Case

BINARY = os.environ.get("CRASHSITE_BINARY")
METHODS = [name for name in ("fork", "spawn", "forkserver") if name in multiprocessing.get_all_start_methods()]
#: whether this is a PyPy whose ProcessPoolExecutor calls a method that it has not, unless it forks
NO_EXECUTOR = PYPY and not hasattr(concurrent.futures.ProcessPoolExecutor, "_adjust_process_count")

#: Every function on the stack has a `mark` that no other has; each job that fails says which there were, in a file of its own.
POOLS = """
import concurrent.futures, json, multiprocessing, random, sys
import crashsite

crashsite.dump_on_unhandled_exceptions(dumps_per_site=0, limits={"max_seconds": 30})

class Failure(Exception):
    pass

def enter(stack, function):
    mark = "%s-%d" % (function, random.randrange(10**9))
    stack.append([function, mark])
    return mark

def plain(job, deeper, stack):
    mark = enter(stack, "plain")
    return going(job, deeper, stack)

def generating(job, deeper, stack):
    mark = enter(stack, "generating")
    for each in generator(job, deeper, stack):
        pass

def generator(job, deeper, stack):
    mark = enter(stack, "generator")
    yield going(job, deeper, stack)

def going(job, deeper, stack):
    mark = enter(stack, "going")
    if deeper:
        return random.choice([plain, generating])(job, deeper - 1, stack)
    with open("truth-%d.json" % job, "w") as stream:
        json.dump(stack, stream)
    raise Failure(mark)

def work(job):
    if job % 3 == 0:
        return job
    stack = []
    mark = enter(stack, "work")
    going(job, random.randrange(8), stack)

def chained(errors):
    \"\"\"The last, which leads to all others.\"\"\"
    for before, error in zip(errors, errors[1:]):
        error.__context__ = before
    return errors[-1]

def main(method, kind):
    context, errors = multiprocessing.get_context(method), []
    if kind == "executor":
        with concurrent.futures.ProcessPoolExecutor(4, mp_context=context) as pool:
            jobs = [pool.submit(work, job) for job in range(30)]
            errors = [job.exception() for job in jobs if job.exception() is not None]
    else:
        with context.Pool(4) as pool:
            for job in [pool.apply_async(work, (job,)) for job in range(30)]:
                try:
                    job.get()
                except Failure as error:
                    errors.append(error)
    raise chained(errors)

if __name__ == "__main__":
    main(*sys.argv[1:])
"""

CHILD = """
import multiprocessing, sys
%s

def fail(number):
    mark = str(number * 2)
    raise ValueError(mark)

if __name__ == "__main__":
    try:
        raise KeyError("being handled while the child is started")
    except KeyError:
        child = multiprocessing.get_context(sys.argv[1]).Process(target=fail, args=(21,), name="child-1")
        child.start()
    child.join()
    well = multiprocessing.get_context(sys.argv[1]).Process(target=print, args=("ended well",))
    well.start()
    well.join()
    print(child.exitcode, well.exitcode)
"""
HOOKS = "import crashsite; crashsite.dump_on_unhandled_exceptions(dump_dir=%r, workers=%r)"


def own_frames(dump: Any, thread: Dict[str, Any]) -> List[List[Any]]:
    """Function and `mark` of the frames of the program, outermost first."""
    out = []
    for frame in (dump.summary["frames"][index] for index in reversed(thread["frames"])):
        if not frame["library"]:
            marks = [local[8][1:-1] for local in frame["locals"] if local[0] == "mark"]
            out.append([frame["function"], marks[0] if marks else None])
    return out


class Processes(Case):
    maxDiff = None

    def all_dumps(self) -> Dict[str, Any]:
        return {os.path.basename(path): self.load(path) for path in self.dumps()}

    def test_pools(self) -> None:
        """100 % of what failed in a worker, with all frames; and the parent's dump names each."""
        for method in METHODS:
            for kind in ("executor", "pool"):
                if kind == "executor" and method != "fork" and NO_EXECUTOR:
                    continue
                with self.subTest(method=method, kind=kind):
                    for name in os.listdir(self.dir):
                        os.unlink(self.path(name))
                    self.run_python(self.write("prog.py", POOLS), method, kind, status=1)
                    self.check_pool()

    def check_pool(self) -> None:
        dumps = self.all_dumps()
        [(name, parent)] = [one for one in dumps.items() if not one[1].summary["process"]["ancestors"]]
        identity, pid = parent.summary["process"]["identity"], parent.summary["pid"]
        truth = []
        for job in range(30):
            if job % 3:
                with open(self.path("truth-%d.json" % job)) as stream:
                    truth.append(json.load(stream))
        named = [error for error in parent.summary["exceptions"] if error["type"] == "Failure"]
        self.assertEqual(len(named), len(truth))
        self.assertEqual(len(dumps), len(truth) + 1)
        found = []
        for error in named:
            child = dumps[error["dumped"]["file"]]
            process, thread = child.summary["process"], child.summary["threads"][0]
            self.assertEqual(process["identity"], error["dumped"]["process"])
            self.assertIn((pid, identity), process["ancestors"])
            self.assertRegex(process["name"], r"(Worker|Process)-\d+$")
            self.assertNotEqual(child.summary["pid"], pid)
            self.assertTrue(thread["crashed"])
            self.assertEqual(child.summary["exceptions"][0]["message"], error["message"])
            found.append(
                own_frames(child, thread)[-len(next(one for one in truth if one[-1][1] == error["message"])) :]
            )
        self.assertEqual(sorted(found), sorted(truth))
        if BINARY:
            for file in (name, named[0]["dumped"]["file"]):
                answer = subprocess.check_output([BINARY, "bt", self.path(file), "--all", "--json"])
                self.assertEqual(json.loads(answer.decode("utf-8")), dumps[file].bt(False))

    def test_a_process_that_fails(self) -> None:
        """Its output is what it would be without us."""

        def plain(text: str) -> str:
            return re.sub(r"(?m)^crashsite: .*\n", "", text).replace(self.path("plain.py"), self.path("prog.py"))

        for method in METHODS:
            for workers in (True, False):
                with self.subTest(method=method, workers=workers):
                    folder = self.path("%s-%s" % (method, workers))
                    os.mkdir(folder)
                    without = self.run_python(self.write("plain.py", CHILD % ""), method, status=0)
                    script = self.write("prog.py", CHILD % (HOOKS % (folder, workers)))
                    done = self.run_python(script, method, status=0)
                    self.assertEqual(done.stdout, "ended well\n1 0\n")
                    self.assertEqual(done.stdout, without.stdout)
                    self.assertEqual(plain(done.stderr), plain(without.stderr))
                    [path] = self.dumps(folder)
                    dump = self.load(path)
                    self.assertEqual(dump.summary["process"]["name"], "child-1")
                    ancestors = [pid for pid, _ in dump.summary["process"]["ancestors"]]
                    # A server that loads `__main__` beforehand, as that of 3.14 does, is a process that dumps, too.
                    self.assertIn(len(ancestors), (1, 2) if method == "forkserver" else (1,))
                    self.assertEqual(len(set(ancestors)), len(ancestors))
                    self.assertEqual(own_frames(dump, dump.summary["threads"][0])[-1], ["fail", "42"])
                    self.assertEqual(dump.summary["exceptions"][0]["message"], "42")

    def test_workers_that_are_not_to_dump(self) -> None:
        script = self.write("prog.py", POOLS)
        self.run_python(script, METHODS[0], "executor", status=1, env={"CRASHSITE_WORKERS": "no"})
        self.assertNotIn("dumped", self.only_dump().summary["exceptions"][0])

    @unittest.skipIf(NO_EXECUTOR, "the executor of this Python does not work")
    def test_hooks_by_the_initializer_of_a_pool(self) -> None:
        script = self.write(
            "prog.py",
            "import concurrent.futures, multiprocessing, crashsite\n"
            "def fail(): raise ValueError('in the worker')\n"
            "if __name__ == '__main__':\n"
            "    hooks = crashsite.dump_on_unhandled_exceptions\n"
            "    context = multiprocessing.get_context('spawn')\n"
            "    with concurrent.futures.ProcessPoolExecutor(1, context, initializer=hooks) as pool:\n"
            "        print(pool.submit(fail).exception())\n",
        )
        self.assertEqual(self.run_python(script, status=0).stdout, "in the worker\n")
        self.assertEqual(self.only_dump().summary["threads"][0]["frames"][:1], [0])

    def test_subprocesses(self) -> None:
        """Grandchildren too, by the environment; of a forked child, by memory."""
        self.write("leaf.py", "import crashsite\ncrashsite.save_dump('leaf.dump', exc_info=False)\n")
        self.write(
            "middle.py",
            "import crashsite, os, subprocess, sys\n"
            "hooks = crashsite.dump_on_unhandled_exceptions()\n"
            "subprocess.run([sys.executable, 'leaf.py'], check=True)\n"
            "if os.fork() == 0:\n"
            "    os.environ.clear()\n"
            "    crashsite.save_dump('forked.dump', exc_info=False)\n"
            "    os._exit(0)\n"
            "os.wait()\n"
            "crashsite.save_dump('middle.dump', exc_info=False)\n",
        )
        script = self.write(
            "prog.py",
            "import crashsite, subprocess, sys\n"
            "crashsite.dump_on_unhandled_exceptions()\n"
            "subprocess.run([sys.executable, 'middle.py'], check=True)\n"
            "crashsite.save_dump('root.dump', exc_info=False)\n",
        )
        self.run_python(script, status=0)
        found: Dict[str, Tuple[int, str]] = {}
        before = {}
        for name in ("root", "middle", "leaf", "forked"):
            summary = self.load(self.path(name + ".dump")).summary
            found[name] = (summary["pid"], summary["process"]["identity"])
            before[name] = summary["process"]["ancestors"]
        self.assertEqual(len(set(found.values())), 4)
        self.assertEqual(before["root"], [])
        self.assertEqual(before["middle"], [found["root"]])
        self.assertEqual(before["leaf"], [found["middle"], found["root"]])
        self.assertEqual(before["forked"], [found["middle"], found["root"]])

    def test_the_environment_says_nothing_where_we_are_switched_off_and_anything_where_it_was_made_up(self) -> None:
        script = self.write(
            "prog.py",
            "import crashsite, os\ncrashsite.dump_on_unhandled_exceptions()\n"
            "print(os.environ.get('CRASHSITE_ANCESTORS'))\n"
            "print(crashsite.create_dump(exc_info=False).count(b'X-Crashsite-Ancestors: 7 abcdefghijklmnop'))\n",
        )
        self.assertEqual(self.run_python(script, env={"CRASHSITE_DIR": "disable"}, status=0).stdout, "None\n0\n")
        made_up = "7:abcdefghijklmnop,x,:,9:short,-1:abcdefghijklmnop,8:" + "b" * 500
        out = self.run_python(script, env={"CRASHSITE_ANCESTORS": made_up}, status=0).stdout
        self.assertRegex(out, r"^\d+:[a-p]{16},7:abcdefghijklmnop\n1\n$")


if __name__ == "__main__":
    unittest.main()
