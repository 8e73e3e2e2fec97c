"""A statement that ends with a line break.

python: 3.9
requires: sqlparse==0.2.2
reported: https://github.com/andialbrecht/sqlparse/issues/313
"""

import sqlparse


def pretty(sql):
    return sqlparse.format(sql, reindent_aligned=True)


pretty("select * from a;\n")
