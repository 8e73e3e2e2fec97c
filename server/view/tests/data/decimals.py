"""Writes decimals.tsv, what CPython says of decimals: `python3.13 decimals.py > decimals.tsv`.

A line is an operation, its operands and its result, or `!Type: message`.
"""

import math
import random
from decimal import Decimal

random.seed(20)

EDGES = """0 -0 1 -1 0.0 -0.00 1.0 1.000 10 100 -10 0.1 -0.5 0.5 1.5 2.5 3.5 -2.5 7 3 2 5 9.99 1E+3 1E-3 1E+28 1E-28 1E+999999
9E+999999 1E-999999 1E-1000026 5E-1000027 0E+1000 0E-1000 0E+999999999 1E+2000000 NaN -NaN NaN123 sNaN Infinity -Infinity
9999999999999999999999999999 9999999999999999999999999999.5 10000000000000000000000000000 1E-7 0.000001 0.0000001
123.4500 1234567890.12345678901234567890123456789 -123456789012345678901234567890123456789 1E+6 123E+6 0E+3 0E-8
1.0000000000000000000000000001 0.9999999999999999999999999999 2E+19 1E+18 33333333333333333333333333335 12345.675 2.675
0.00000123 99 101 -3 16 144 2E+1 1E+30 1E+100""".split()


def number():
    kind = random.random()
    digits = str(random.randint(0, 10 ** random.choice([1, 2, 3, 5, 12, 28, 29, 40])))
    if kind < 0.3:
        return str(random.choice([1, -1]) * int(digits))
    if kind < 0.75:
        place = random.randint(0, len(digits))
        return random.choice(["", "-"]) + (digits[:place] or "0") + "." + digits[place:]
    return random.choice(["", "-"]) + digits + "E" + str(random.randint(-40, 40))


def outcome(action):
    try:
        result = action()
    except Exception as error:
        return "!%s: %s" % (type(error).__name__, str(error).replace("\n", "\\n"))
    if isinstance(result, tuple):
        return " ".join(map(str, result))
    return str(result)


def line(name, *operands, action):
    print("\t".join([name, *map(str, operands), outcome(action)]))


def tuple_of(d):
    parts = d.as_tuple()
    return (parts.sign, "".join(map(str, parts.digits)) or "-", parts.exponent)


ONE = {
    "str": str, "repr": repr, "plus": lambda d: +d, "minus": lambda d: -d, "abs": abs, "int": int, "float": float,
    "round": round, "floor": math.floor, "ceil": math.ceil, "sqrt": lambda d: d.sqrt(),
    "normalize": lambda d: d.normalize(), "integral": lambda d: d.to_integral_value(), "adjusted": lambda d: d.adjusted(),
    "tuple": tuple_of, "ratio": lambda d: d.as_integer_ratio(),
    "is": lambda d: tuple(int(x) for x in (d.is_nan(), d.is_zero(), d.is_signed(), d.is_finite(), d.is_infinite())),
}  # fmt: skip
TWO = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "floordiv": lambda a, b: a // b, "rem": lambda a, b: a % b, "divmod": divmod, "eq": lambda a, b: a == b,
    "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "compare": lambda a, b: a.compare(b), "max": lambda a, b: a.max(b),
    "min": lambda a, b: a.min(b),
}  # fmt: skip
ROUNDINGS = "ROUND_UP ROUND_DOWN ROUND_CEILING ROUND_FLOOR ROUND_HALF_UP ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_05UP".split()
HUGE = 5000


def small(text):
    d = Decimal(text)
    return not d.is_finite() or abs(d.adjusted()) < HUGE


for text in """1 +1 -1. .5 1_000.5 _1__0_ 1e5 1E-5 1e+05 inf -INFINITY nan snan nan007 -sNaN1 . e5 1e 1e+ x +-1 1.2.3 --1 infin
nanx 1e9999999999999999999999 1e-9999999999999999999999 0e9999999999999999999 1E+999999999999999999 00012.3400 '' _""".split() + [" 1 ", "1 2", ""]:
    line("parse", text, action=lambda: Decimal(text))

values = EDGES + [number() for _ in range(70)]
for text in values:
    d = Decimal(text)
    for name, action in ONE.items():
        if name not in ("int", "round", "floor", "ceil", "ratio", "integral") or small(text):
            line(name, text, action=lambda: action(d))
    for places in (0, 1, 2, 5, -1, -3):
        line("places", text, places, action=lambda: round(d, places))

pairs = [(a, b) for a in EDGES for b in EDGES if random.random() < 0.12]
pairs += [(number(), number()) for _ in range(150)]
pairs += [(number(), random.choice(EDGES)) for _ in range(60)] + [(random.choice(EDGES), number()) for _ in range(60)]
for a, b in pairs:
    for name, action in TWO.items():
        if random.random() < 0.4:
            line(name, a, b, action=lambda: action(Decimal(a), Decimal(b)))

powers = [random.choice([number(), str(random.randint(-30, 30)), "1.%d" % random.randint(0, 999)]) for _ in range(150)]
for a in powers + EDGES:
    for b in (random.choice("0 1 2 3 -1 -2 7 10 -5 2.0 1E+1 100 -100 365 1000 12345 -0 Infinity NaN".split()), "2", "-3", "1E+80"):
        if not Decimal(b).is_infinite():
            line("pow", a, b, action=lambda: Decimal(a) ** Decimal(b))

for text in values:
    for like in ("1", "0.1", "0.01", "1E+1", "1E-30", "NaN", "Infinity"):
        way = random.choice(ROUNDINGS)
        line("quantize", text, like, way, action=lambda: Decimal(text).quantize(Decimal(like), way))
for text in "0.5 1.5 -0.5 -1.5 2.5 0.05 10.5 15.1 -15.1 5.0001 0.499 0 -0".split():
    for way in ROUNDINGS:
        line("quantize", text, "1", way, action=lambda: Decimal(text).quantize(Decimal(1), way))

for text in values:
    for spec in random.sample(["", ".2f", ".0f", "f", "e", ".3e", ".0e", "g", ".4g", ".0g", "%", ".1%", ",", ",.2f", "E", "G", "F",
                               ".10f", ".30f", ",e", "n", ".3", ".1"], 7):  # fmt: skip
        if small(text):
            line("format", text, spec or "-", action=lambda: format(Decimal(text), spec))

for _ in range(80):
    value = random.choice([random.uniform(-10, 10), random.random() * 10 ** random.randint(-300, 300), 0.0, -0.0, 1e23, 0.1, 5e-324])
    line("from_float", repr(value), action=lambda: Decimal(value))

SHAPE = {
    "eng": lambda d: d.to_eng_string(), "class": lambda d: d.number_class(), "next_plus": lambda d: d.next_plus(),
    "next_minus": lambda d: d.next_minus(), "logb": lambda d: d.logb(), "parts": lambda d: Decimal(d.as_tuple()),
    "qualities": lambda d: tuple(int(x) for x in (d.is_normal(), d.is_subnormal(), d.is_qnan(), d.is_snan())),
}  # fmt: skip
SHAPE_TWO = {
    "copy_sign": lambda a, b: a.copy_sign(b), "same_quantum": lambda a, b: a.same_quantum(b), "max_mag": lambda a, b: a.max_mag(b),
    "compare_total": lambda a, b: a.compare_total(b), "min_mag": lambda a, b: a.min_mag(b),
    "remainder_near": lambda a, b: a.remainder_near(b),
}  # fmt: skip
for text in values + ["9999999999999999999999999999", "-9999999999999999999999999999E+5", "1E-1000026", "-5E-1000020", "10.0", "0E-7"]:
    for name, action in SHAPE.items():
        line(name, text, action=lambda: action(Decimal(text)))
    for name in ("scaleb", "shift"):
        by = random.choice("0 1 -1 5 -5 28 29 -40 2000054 1.5 NaN Infinity".split())
        line(name, text, by, action=lambda: getattr(Decimal(text), name)(Decimal(by)))
for a, b in pairs:
    for name, action in SHAPE_TWO.items():
        if random.random() < 0.4:
            line(name, a, b, action=lambda: action(Decimal(a), Decimal(b)))
    c = random.choice([number(), random.choice(EDGES)])
    line("fma", a, b, c, action=lambda: Decimal(a).fma(Decimal(b), Decimal(c)))
for _ in range(40):
    a, b, c = (random.randint(-(10**6), 10**6), random.randint(-2, 40), random.choice([0, 7, -13, 1000003, 1]))
    line("pow_modulo", a, b, c, action=lambda: pow(Decimal(a), Decimal(b), Decimal(c)))
