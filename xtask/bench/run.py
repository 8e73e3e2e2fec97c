"""Runs a program once, what it prints thrown away: its status, its wall clock and its highest memory, as a line of JSON.

run.py PROGRAM ARGUMENT...

A child's highest memory starts at that of the process it was split from: this one's, some 9 MiB. Start it with -S -E.
"""

import json
import os
import sys
import time

silent = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
]
start = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silent)
_, status, usage = os.wait4(process, 0)
seconds = time.perf_counter() - start
print(json.dumps({"status": status, "seconds": seconds, "memory": usage.ru_maxrss * 1024}))
