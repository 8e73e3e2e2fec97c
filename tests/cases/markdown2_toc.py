"""A table of contents whose depth nobody has set.

python: 3.9
requires: markdown2==2.3.6
reported: https://github.com/trentm/python-markdown2/issues/311
"""

import markdown2

markdown2.markdown("# Title\n", extras=["markdown-in-html", "toc", "header-ids"])
