"""An empty table with a maximal column width.

python: 3.9
requires: tabulate==0.9.0
reported: https://github.com/astanin/python-tabulate/issues/223
"""

from tabulate import tabulate


def report(orders):
    return tabulate(orders, maxcolwidths=10)


report([])
