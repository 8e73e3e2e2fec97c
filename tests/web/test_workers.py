"""Tasks under the decorator, run by the workers of Celery and RQ: what becomes of them is the same with it and without."""

import json
import unittest
from typing import Any

from common import Case

#: each line a task, with what becomes of it in the worker
TASKS = """
import os, crashsite
from celery import Celery
from celery.exceptions import Ignore, Reject
watched = crashsite.dump_on_unhandled_exceptions if os.environ["WATCHED"] == "1" else lambda function: function
here = os.environ["CRASHSITE_DIR"]
for name in ("results", "queue"): os.makedirs(os.path.join(here, name), exist_ok=True)
places = dict.fromkeys(("data_folder_in", "data_folder_out", "control_folder"), os.path.join(here, "queue"))
app = Celery("tasks", broker="filesystem://", backend="file://" + os.path.join(here, "results"))
app.conf.update(broker_transport_options=places, task_always_eager="POOL" not in os.environ)
@app.task
@watched
def ignored(): raise Ignore()
@app.task
@watched
def rejected(): raise Reject("not mine", requeue=False)
@app.task
@watched
def order(count): return 6 / count
@app.task(bind=True)
@watched
def flaky(self):
    if self.request.retries: return "at last"
    try: raise ConnectionError("not yet")
    except ConnectionError as error: raise self.retry(exc=error, countdown=0)
@app.task(bind=True)
@watched
def gone(self): raise self.retry(exc=TimeoutError("never"), countdown=0, max_retries=1)
"""
#: the first has no result to wait for: it is over when the others are
ASK = """
import json, os, subprocess, sys, tasks
def ask():
    asked = [tasks.ignored.delay(), tasks.rejected.delay(), tasks.order.delay(2), tasks.order.delay(0), tasks.flaky.delay(), tasks.gone.delay()]
    for result in asked[1:]: result.get(timeout=60, propagate=False)
    print(json.dumps([[result.state, repr(result.result)] for result in asked]))
if "POOL" in os.environ:
    worker = "worker --concurrency 1 --without-gossip --without-mingle --pool".split()
    running = subprocess.Popen([sys.executable, "-m", "celery", "-A", "tasks", *worker, os.environ["POOL"]], stdout=subprocess.DEVNULL)
    try: ask()
    finally: running.terminate(), print(running.wait(60))
else: ask()
"""
JOBS = """
import os, crashsite
watched = crashsite.dump_on_unhandled_exceptions if os.environ["WATCHED"] == "1" else lambda function: function
@watched
def order(count): return 6 / count
"""
ASK_RQ = """
import json, jobs
from fakeredis import FakeStrictRedis
from rq import Queue, SimpleWorker
connection = FakeStrictRedis()
queue = Queue(connection=connection)
asked = [queue.enqueue(jobs.order, 2), queue.enqueue(jobs.order, 0)]
SimpleWorker([queue], connection=connection).work(burst=True, logging_level="CRITICAL")
said = [(job.latest_result().exc_string or "").splitlines()[-1:] for job in asked]
print(json.dumps([[job.get_status().value, job.return_value(), *text] for job, text in zip(asked, said)]))
"""


class Workers(Case):
    def same(self, **variables: str) -> Any:
        """What became of the tasks."""
        bare = self.run_python("ask.py", WATCHED="0", **variables)
        self.assertEqual((bare.returncode, self.dumps()), (0, []), bare.stderr)
        done = self.run_python("ask.py", WATCHED="1", **variables)
        self.assertEqual((done.returncode, done.stdout), (0, bare.stdout), done.stderr)
        return json.loads(done.stdout.splitlines()[0])

    def celery(self, *uncertain: str, **variables: str) -> None:
        """Only the tasks that failed for good leave dumps: a division by zero, and the last of the retries."""
        self.write("tasks.py", TASKS)
        self.write("ask.py", ASK)
        states = [state for state, _ in self.same(**variables)]
        self.assertEqual(states, [*uncertain, "SUCCESS", "FAILURE", "SUCCESS", "FAILURE"])
        self.assertEqual(self.failed(), ["order", "raise_with_context"])
        self.assertEqual([frame["function"] for frame in self.frames(self.dumps()[1])][2], "gone")

    def test_celery_without_a_worker(self) -> None:
        self.celery("IGNORED", "REJECTED")

    def test_celery_in_the_process_of_the_worker(self) -> None:
        self.celery("PENDING", "FAILURE", POOL="solo")

    def test_celery_in_a_child_of_the_worker(self) -> None:
        self.celery("PENDING", "FAILURE", POOL="prefork")

    def test_rq(self) -> None:
        self.write("jobs.py", JOBS)
        self.write("ask.py", ASK_RQ)
        self.assertEqual(self.same(), [["finished", 3.0], ["failed", None, "ZeroDivisionError: division by zero"]])
        self.assertEqual(self.failed(), ["order"])


if __name__ == "__main__":
    unittest.main()
