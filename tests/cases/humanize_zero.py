"""No time at all, told in minutes.

python: 3.9
requires: humanize==2.6.0
reported: https://github.com/jmoiron/humanize/issues/159
"""

from datetime import timedelta

import humanize


def took(seconds):
    return humanize.precisedelta(timedelta(seconds=seconds), minimum_unit="minutes")


took(0)
