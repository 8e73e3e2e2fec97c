"""A program with secrets in it. Run as ``privacy_program.py DATA FILE REDACT``: puts every value of DATA where it says, fails, and
dumps itself into FILE. It keeps no second reference to any of them."""

import json
import os
import sys
import threading
from typing import Any, List

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import crashsite
from privacy_places import ANYWHERE, NAMED

HELD: List[Any] = []


def waiting(password: str, started: threading.Event, done: threading.Event) -> None:
    started.set()
    done.wait()


def fail(remarks: List[Any]) -> None:
    raise LookupError("nothing found")


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as stream:
        data = json.load(stream)
    while data["planted"]:
        by_name, place, name, value = data["planted"].pop()
        HELD.append((NAMED if by_name else ANYWHERE)[place](name, value))
        del value
    innocent = data.pop("innocent")
    message, headers, known = data.pop("message"), data.pop("headers"), data.pop("known")
    config = {"db_password": known.pop("value")}
    encoded = known.pop("forms")
    started, done = threading.Event(), threading.Event()
    threading.Thread(target=waiting, args=(data.pop("thread"), started, done), daemon=True).start()
    started.wait()
    sys.path.insert(0, data.pop("path"))
    import planted_constants

    del data
    try:
        try:
            planted_constants.fail(os.environ.get("ANY"))
        except ValueError:
            fail(HELD)
    except LookupError:
        crashsite.save_dump(
            sys.argv[2], headers=headers, message=message, redact=sys.argv[3], limits={"max_seconds": 60}
        )
    done.set()
    assert innocent and config and encoded


main()
