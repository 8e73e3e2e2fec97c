"""Writes fractions.tsv, what CPython says of fractions: `python3.13 fraction_cases.py > fractions.tsv`.

A line is an operation, two fractions (or a fraction and a number) and the result, or `!Type: message`.
"""

import math
import random
from fractions import Fraction

random.seed(20)


def some():
    most = 10 ** random.choice([1, 1, 2, 4, 20])
    return Fraction(random.randint(-most, most), random.randint(1, most))


def line(name, a, b, action):
    try:
        result = repr(action())
    except Exception as error:
        result = "!%s: %s" % (type(error).__name__, error)
    print("\t".join([name, "%d/%d" % a.as_integer_ratio(), "%d/%d" % b.as_integer_ratio(), result]))


for _ in range(150):
    a, b = some(), random.choice([some(), some(), Fraction(0)])
    line("add", a, b, lambda: a + b)
    line("sub", a, b, lambda: a - b)
    line("mul", a, b, lambda: a * b)
    line("div", a, b, lambda: a / b)
    line("floordiv", a, b, lambda: a // b)
    line("rem", a, b, lambda: a % b)
    line("lt", a, b, lambda: a < b)
    line("round", a, b, lambda: round(a))
    line("int", a, b, lambda: int(a))
    line("floor", a, b, lambda: math.floor(a))
    power, most = random.randint(-6, 6), random.choice([0, 1, 10, 1000, 10**6])
    line("pow", a, Fraction(power), lambda: a**power)
    line("limit", a, Fraction(most), lambda: a.limit_denominator(most))
