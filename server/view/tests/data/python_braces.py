"""Writes python_braces.jsonl, how CPython 3.13 reads templates: `python3.13 python_braces.py > python_braces.jsonl`."""

import _string
import json
import random

random.seed(13)
TEMPLATES = {"".join(random.choices("{{{{}}}}aa01!:.[]r", k=random.randint(1, 9))) for _ in range(3000)}
for template in sorted(TEMPLATES | {"{a!é}", "é{0.ñ}", "{" + "9" * 20 + "}", "{0[" + "9" * 20 + "]}", "{a!", "{0[12][x].y!r:>{w}}z"}):
    pieces = []
    try:
        for literal, name, spec, conversion in _string.formatter_parser(template):
            if literal:
                pieces.append(literal)
            if name is not None:
                first, path = _string.formatter_field_name_split(name)
                pieces.append([first, [list(step) for step in path], conversion, spec])
    except ValueError as error:
        pieces.append(f"ValueError: {error}")
    print(json.dumps([template, pieces]))
