"""Writes python_numbers.jsonl, what CPython 3.13 says of numbers: `python3.13 python_numbers.py > python_numbers.jsonl`."""

import json
import random

random.seed(13)

INTS = [0, 1, -1, 2, -2, 7, -7, 10, 255, -256, 2**53, 2**53 + 1, -(2**63), 2**64, 10**30, -(10**40), 2**1023, 10**400]
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 2.675, 0.1, 1e16, 123456789.125, 1e22, 1e-5, 5e-324, 1.7e308]
FLOATS += [-1e300, 9.5, 99999.5, 0.00012345, float("inf"), float("-inf"), float("nan")]


def some_int():
    if random.random() < 0.4:
        return random.choice(INTS)
    return random.randint(-1, 1) * random.getrandbits(random.choice([3, 8, 30, 62, 64, 100, 300, 1100, 2000]))


def some_float():
    if random.random() < 0.4:
        return random.choice(FLOATS)
    return random.uniform(-10, 10) * 10.0 ** random.choice([0, 0, 0, 1, 2, 5, 15, 20, 100, 290, -1, -5, -20, -300])


def some_spec():
    spec = random.choice(["", "", "", "<", ">", "^", "=", "*<", "0>", "é^", "*="])
    spec += random.choice(["", "", "", "+", "-", " "]) + random.choice([""] * 6 + ["z"]) + random.choice(["", "", "#"])
    spec += random.choice(["", "", "0"]) + random.choice(["", "", "1", "5", "12", "20", "31"])
    spec += random.choice(["", "", "", ",", "_"]) + random.choice(["", "", ".0", ".1", ".2", ".3", ".10", ".17", ".25"])
    return spec + random.choice(["", "", *"bcdeEfFgGnosxX%q"])


SPECS = ["x5", "qq", ".", ",_", "_,", ",,", ",,d", "_,d", ",5", "z+f", "99999999999999999999", ".2147483648f", "\n", "00"]
TEXTS = ["", " ", "1", " 12 ", "+5", "-5", "--5", "1_000", "1__0", "_1", "1_", "0x1f", "0b101", "0o17", "0b_1", "0x", "07", "00"]
TEXTS += ["0_0", "-0b1", "z", "ff", "1.5", "1e5", "1_0.5_0", "1_e5", "1._5", ".5", "5.", ".", "1e", "inf", "-Infinity", "nan"]
TEXTS += ["+nan", "nan(5)", "infin", "\u0661\u0662", "\u2003 5", "\n5\x1f", "\x1c5\u0665", "1j", "j", "-j", "1+2j", "(1-2j)"]
TEXTS += ["1e5-1e-5j", "1+2", "1j+2", "( 1+2j )", "(1+2j", "1 + 2j", "nan+infj", "1_0+2_0J", "𝟘𝟙𝟗", "1e400", "'", "9" * 4301]
TEXTS += ["1++2j", "+-1j", "1+-2j", "()", "(1)", "1\x00", "0x1p3", "1E+5j", "1e5+j", "e5j", "++j"]

OPERATORS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "floor_divide": lambda a, b: a // b,
    "modulo": lambda a, b: a % b,
    "divmod": divmod,
    "divide": lambda a, b: a / b,
    "power": pow,
}


def case(name, function, *arguments):
    try:
        answer = function(*arguments)
        text = answer if name.startswith(("format", "str", "hex")) else repr(answer)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
    shown = [argument if isinstance(argument, str) else repr(argument) for argument in arguments]
    print(json.dumps([name, *shown, text]))


for _ in range(60):
    for name, function in OPERATORS.items():
        a, b = some_int(), some_int()
        if name == "power":
            b = random.randint(-5, 60)
        case("int." + name, function, a, b)
        case("float." + name, function, some_float(), some_float())
    case("int.power_modulo", pow, some_int(), some_int(), some_int() % 10**40 - 10**20)
    case("int.power_modulo", pow, random.randint(-9, 9), random.randint(-9, 9), random.randint(-9, 9))
    case("int.shift_left", lambda a, b: a << b, some_int(), random.randint(-3, 100))
    case("int.shift_right", lambda a, b: a >> b, some_int(), random.randint(-3, 1000))
    case("int.round", round, some_int(), random.randint(-40, 3))
    case("int.float", float, some_int())
    case("int.bit_count", int.bit_count, some_int())
    case("int.compare", lambda a, b: (a > b) - (a < b) if b == b else None, some_int(), some_float())
    case("float.int", int, some_float())
    case("float.round", round, some_float())
    case("float.round_to", round, some_float(), random.randint(-25, 25))
    case("float.round_to", round, random.randint(-(10**6), 10**6) / 1000, random.randint(-6, 4))
    case("float.ratio", float.as_integer_ratio, some_float())
    case("hex.float", float.hex, some_float())
    length, signed = random.randint(0, 5), random.random() < 0.5
    case("int.to_bytes", lambda a, n, s: list(a.to_bytes(n, "big", signed=s)), random.randint(-300, 70000), length, signed)
    for name in ["add", "subtract", "multiply", "divide", "power"]:
        small = [complex(random.randint(-3, 3), random.randint(-3, 3)) for _ in range(2)]
        case("complex." + name, OPERATORS[name], *small) if name != "power" else None
        case("complex.power", pow, small[0], complex(random.randint(-4, 6)))
for spec in SPECS + [some_spec() for _ in range(700)]:
    case("format.int", format, some_int(), spec)
    case("format.float", format, some_float(), spec)
    case("format.complex", format, complex(some_float(), some_float()), spec)
    case("format.text", format, random.choice(["", "a", "añb", "hello world"]), spec)
for text in TEXTS:
    for base in [0, 2, 8, 10, 16, 36]:
        case("int.parse", int, text, base)
    case("float.parse", float, text)
    case("complex.parse", complex, text)
for _ in range(300):
    digits = "".join(random.choices("0123456789abcdefF", k=random.randint(0, 18)))
    dotted = digits[:3] + random.choice(["", "."]) + digits[3:]
    power = random.choice(["", "p0", "p-1074", "p-1080", "p-1140", "p+970", "p1023", "p", "p-9999999999999999999999", "p99"])
    case("float.fromhex", float.fromhex, random.choice(["", "-", "+", " ", "x"]) + random.choice(["", "0x", "0X"]) + dotted + power)
for text in ["inf", "-Infinity", "nan", "+nan", "", "0x", ".", "0x.p1", "1 2", "0x1.fffffffffffff8p1023", "0x1.fffffffffffff7fp1023"]:
    case("float.fromhex", float.fromhex, text)
