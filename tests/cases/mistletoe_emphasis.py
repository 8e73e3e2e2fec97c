"""Underscores that open and close nothing.

python: 3.9
requires: mistletoe==0.9.0
reported: https://github.com/miyuchina/mistletoe/issues/173
"""

import mistletoe

mistletoe.Document("|___|______|_")
