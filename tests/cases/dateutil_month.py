"""A month that does not exist: the error about it is itself an error.

python: 3.9
requires: python-dateutil==2.8.1 six==1.16.0
reported: https://github.com/dateutil/dateutil/issues/981
"""

from dateutil import parser


def due(text):
    return parser.parse(text)


due("0-100")
