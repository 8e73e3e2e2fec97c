"""How much of a dump goes into a debugger."""

from typing import NamedTuple


class Limits(NamedTuple):
    """Every limit is a flag of ``python -m crashsite debug`` and an argument of `crashsite.load`."""

    #: elements of one container
    max_elements: int = 100_000
    #: frames in all
    max_frames: int = 25_000
    #: objects that are made with the frames, before anybody asks
    at_start: int = 50_000
    #: objects that are made with one that is looked at
    at_once: int = 20_000
