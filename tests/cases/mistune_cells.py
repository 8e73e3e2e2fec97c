"""A table whose header has more cells than its rule.

python: 3.9
requires: mistune==0.5
reported: https://github.com/lepture/mistune/pull/39
"""

import mistune

mistune.markdown("a | b\n--|\n1 | 2\n")
