"""One measurement in this fresh process, told as a line of JSON; Python 2.7 and 3.

heap.py save TOOL ORDERS FILE     a crash whose innermost frame holds the heap, saved
heap.py load TOOL ORDERS FILE     what that tool saved, loaded; and looked at, whether the heap is all there
heap.py count TOOL ORDERS FILE    how many objects a dump of crashsite holds

TOOL is one of peers.py. What a tool prints goes to stderr. `seconds` is the call's; `memory` is, of a save, what the
call added to the highest memory of the process, and of a load, the highest memory of the whole process.
"""

import json
import resource
import sys
import time

from orders import build, crash
from peers import TOOLS

clock = getattr(time, "perf_counter", time.time)


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def save(tool, orders, path):
    call = tool.save(path)
    try:
        crash(build(orders))
    except IndexError:
        error = sys.exc_info()
        before = peak()
        start = clock()
        result = call(error)
        seconds = clock() - start
        memory = peak() - before
    if isinstance(result, bytes):
        with open(path, "wb") as stream:
            stream.write(result)
    return {"seconds": seconds, "memory": memory}


def load(tool, orders, path):
    call = tool.load(path)
    start = clock()
    loaded = call()
    seconds = clock() - start
    memory = peak()
    heap = tool.heap(loaded)
    # A tool that had lost the heap would be the fastest.
    last = heap[orders - 1]
    if len(heap) != orders or last.number != 999 + orders or last.lines[2].attributes["note"] != "row 2":
        raise SystemExit("%s holds another heap" % path)
    return {"seconds": seconds, "memory": memory}


def count(tool, orders, path):
    import crashsite.reader

    return {"objects": crashsite.reader.load(path).end["objects_written"]}


if __name__ == "__main__":
    stdout, sys.stdout = sys.stdout, sys.stderr
    command = {"save": save, "load": load, "count": count}[sys.argv[1]]
    answer = command(TOOLS[sys.argv[2]](), int(sys.argv[3]), sys.argv[4])
    stdout.write(json.dumps(answer) + "\n")
