"""Two assignments in one statement.

python: 3.9
requires: sqlparse==0.2.3
reported: https://github.com/andialbrecht/sqlparse/issues/358
"""

import sqlparse

sqlparse.parse("SELECT @min_price:=MIN(price), @max_price:=MAX(price) FROM shop;")
