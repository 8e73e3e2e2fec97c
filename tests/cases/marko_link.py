"""A link that is not finished.

python: 3.9
requires: marko==1.0.1
reported: https://github.com/frostming/marko/issues/82
"""

import marko


def preview(text):
    return marko.convert(text)


preview("[](")
