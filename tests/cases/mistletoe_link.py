"""A link that is not finished, in a header.

python: 3.9
requires: mistletoe==0.7.2
reported: https://github.com/miyuchina/mistletoe/issues/98
"""

import mistletoe


def preview(text):
    return mistletoe.markdown(text)


preview("# Header with [link](")
