"""Which process this is, and from which it comes: by that, the dump of a child and that of its parent are found together.

A process has an identity at random, since numbers of processes come again. Its children know it by memory where they are
forked, else by the environment, in which it is set when the process is asked to dump what fails.
"""

import os
import sys
import types
from typing import Any, Dict, List, Optional, Tuple

from . import _access, _classes, _safe
from ._builtins import keep_builtins

keep_builtins(globals())

#: the number of a process, and its identity where that is known
Known = Tuple[int, Optional[str]]

#: the variable that has `number:identity` of the processes before this one, the nearest first, and how many are kept
VARIABLE, MOST = "CRASHSITE_ANCESTORS", 8
#: letters of an identity; a number could be taken for one of a card
_LENGTH = 16
_LETTERS = str.maketrans("0123456789", "ghijklmnop")


class _Lineage:
    """This process, and those before it, the nearest first."""

    def __init__(self, before: List[Known]) -> None:
        self.own = (os.getpid(), os.urandom(_LENGTH // 2).hex().translate(_LETTERS))
        self.before = before[:MOST]

    def announce(self) -> None:
        known = [self.own, *self.before]
        os.environ[VARIABLE] = ",".join("%d:%s" % one for one in known[:MOST] if one[1])


def _by_environment() -> List[Known]:
    found: List[Known] = []
    for part in os.environ.get(VARIABLE, "")[: MOST * 40].split(","):
        pid, _, identity = part.partition(":")
        plain = (
            pid.isascii() and pid.isdigit() and len(identity) == _LENGTH and identity.isascii() and identity.isalpha()
        )
        if plain and int(pid) != os.getpid():  # else: what this process was before it became another program
            found.append((int(pid), identity))
    return found


_lineage = _Lineage(_by_environment())
_announced = False


def identity() -> str:
    """That of this process."""
    return _lineage.own[1]


def announce() -> None:
    """Let the processes that are started from now on know of this one."""
    global _announced
    _announced = True
    _lineage.announce()


def _after_fork() -> None:
    global _lineage
    _lineage = _Lineage([_lineage.own, *_lineage.before])
    if _announced:
        _lineage.announce()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def facts() -> Dict[str, Any]:
    """docs/dump-format.md section 4, `process`."""
    name, parent = _by_multiprocessing()
    before = list(_lineage.before)
    if parent is not None and all(pid != parent for pid, _ in before):
        before.insert(0, (parent, None))
    return {"identity": identity(), "name": name, "ancestors": before}


def headers(facts: Dict[str, Any]) -> List[Tuple[str, str]]:
    """The same, for the message: a person's, and tools' that know of mail."""
    name = "; " + facts["name"] if facts["name"] else ""
    out = [("X-Crashsite-Process", facts["identity"] + name)]
    if facts["ancestors"]:
        shown = ["%d %s" % (pid, known or "?") for pid, known in facts["ancestors"]]
        out.append(("X-Crashsite-Ancestors", ", ".join(shown)))
    return out


def _by_multiprocessing() -> Tuple[Optional[str], Optional[int]]:
    """What multiprocessing calls this process, and the number of the one that has started it."""
    module = sys.modules.get("multiprocessing.process")
    if type(module) is not types.ModuleType:
        return None, None
    current = _access.dict_value(_access.module_dict(module), "_current_process")
    named = _access.instance_dict(current, _classes.info_of(type(current))) or []
    name, parent = _safe.find_key(named, "_name"), _safe.find_key(named, "_parent_pid")
    if type(parent) is not int:
        return None, None
    return _safe.exact_str(name) if name is not None else None, parent
