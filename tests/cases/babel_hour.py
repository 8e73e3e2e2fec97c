"""One hour in Portuguese.

python: 3.9
requires: babel==2.9.1 pytz==2023.3
reported: https://github.com/python-babel/babel/issues/825
"""

from datetime import timedelta

from babel.dates import format_timedelta

format_timedelta(timedelta(hours=1), granularity="hour", threshold=100, format="short", locale="pt")
