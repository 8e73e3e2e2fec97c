"""The builtin functions as they were when the package was imported: a program may replace them afterwards.

A module that has its own ``__builtins__`` has them in place of those of `builtins`; the import of this stands before
everything else in each module that is at work during a capture.
"""

import builtins

__builtins__ = dict(vars(builtins))  # type: ignore[assignment]
