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
    print("\t".join([name, "%d/%d" % a.as_integer_ratio(), "%d/%d" % b.as_integer_ratio(), outcome(action)]))


def outcome(action):
    try:
        return repr(action())
    except Exception as error:
        return "!%s: %s" % (type(error).__name__, error)


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
    places = random.randint(-3, 6)
    line("round_to", a, Fraction(places), lambda: round(a, places))
    line("ceil", a, b, lambda: math.ceil(a))
for text in """3/4 -3/4 +3/4 0.25 -1.5e2 1e-3 .5 5. 1_0/2_0 1__0 _1 1/0 abc 1/-2 3/4/5 e5 1e 1.5/2 -0 007 1E+2 . - 1_000.000_1""".split():
    print("\t".join(["parse", text, "", outcome(lambda: Fraction(text))]))
