"""Writes python_percent.jsonl, what CPython 3.13 says of `%`: `python3.13 python_percent.py > python_percent.jsonl`."""

import json
import random

random.seed(13)
VALUES = [0, 1, -1, 255, -255, 8, 10**20, 10**400, 1.5, -2.5, 0.0, -0.0, 1e10, 1e-10, 1e60, float("inf"), float("nan")]
TEMPLATES = ["%", "%5", "%(a", "%(a(b)c)d", "é%q", "%é", "%\n", "%hhd", "%lld", "%..f", "%.-5f", "%" + "9" * 20 + "d"]
TEMPLATES += ["%." + "9" * 20 + "d", "%.2147483648f", "%5%", "%l%", "a%%b%dc", "%.f", "%.d", "%%", "%d%d", "x", "%c"]
for _ in range(1500):
    flags = "".join(random.choices("-+ #0", k=random.randint(0, 2)))
    width, precision = random.choice(["", "", "1", "5", "12"]), random.choice(["", "", ".", ".0", ".1", ".3", ".10"])
    TEMPLATES.append("%" + flags + width + precision + random.choice(["", "", "l"]) + random.choice("diuoxXeEfFgGcsrab"))
for template in TEMPLATES:
    value = random.choice([*VALUES, "añb", "x", None])
    for of_bytes in [False, True]:
        if of_bytes and (isinstance(value, str) or value is None or template[-1] in "sb" or not template.isascii()):
            continue
        key = b"a(b)c" if of_bytes else "a(b)c"
        arguments = {key: value} if "(" in template else (value,)
        try:
            answer = (template.encode() % arguments).decode("latin-1") if of_bytes else template % arguments
        except Exception as error:
            answer = f"{type(error).__name__}: {error}"
        class_name, text = type(value).__name__, repr(value)
        shown = {"s": str, "a": ascii}.get(template[-1:], repr)(value)
        print(json.dumps([of_bytes, template, class_name, value if class_name == "str" else text, shown, answer]))
