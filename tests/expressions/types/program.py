"""Values of the builtin types and of those of the library, in a program that does nothing but die."""

from values import *  # noqa: F403

failure = ValueError("bad value", 42)

raise failure
