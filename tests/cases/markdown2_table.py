"""A no-break space behind a table's rule.

python: 3.9
requires: markdown2==2.5.3
reported: https://github.com/trentm/python-markdown2/issues/629
"""

import markdown2

text = "| A   | B   |\n|-----|-----|\xa0\n| Foo | 123 |"
markdown2.markdown(text, extras=["tables", "break-on-newline"])
