"""Values of the builtin types and of those of the library, which programs take into their globals."""

import re
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any, List

# Numbers.
zero, one, seven, negative = 0, 1, 7, -7
big, huge, negative_big = 2**64, 3**200, -(2**70)
half, third, tenth = 0.5, 1 / 3, 0.1
infinity, nan, minus_zero = float("inf"), float("nan"), -0.0
tiny, largest = 5e-324, 1.7976931348623157e308
wave = 3 + 4j
yes, no, nothing = True, False, None
price, cheap = Decimal("19.90"), Decimal("0.1")
share, ratio = Fraction(3, 4), Fraction(1, 3)

# Text and bytes.
word, sentence, empty = "hello", "The quick brown fox", ""
german, greek, emoji, lone = "Straße", "αβγ", "🐍 snake", "a\ud800b"
lines = "one\ntwo\r\nthree\n"
quoted, tabbed = 'it\'s "so"', "a\tb\\c\x00\x7f"
csv = "a,b,,c"
raw_bytes, changeable = b"\x00\xffabc'", bytearray(b"bytes")
window = memoryview(b"memory")

# Containers.
numbers = [5, 3, 8, 1, 9, 2]
mixed = [1, "two", 3.0, None, True, (4, 5), [6], {"k": 7}]
nested = {"a": {"b": [10, 20, {"c": "deep"}]}, "list": [[1, 2], [3, 4], []]}
matrix = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
ages = {"ann": 31, "bob": 27, "cid": 45}
by_pair = {(0, 0): "origin", (1, 2): "point", frozenset({1, 2}): "set", 1: "one", None: "none", 2.5: "real"}
triple, single, void = (1, "b", 3.5), (42,), ()
primes, evens, frozen = {2, 3, 5, 7}, {2, 4, 6}, frozenset({1, 2, 3})
steps, backwards, some = range(0, 50, 5), range(10, 0, -3), slice(1, 5, 2)
ordered = OrderedDict([("z", 1), ("y", 2), ("x", 3)])
groups: "defaultdict[str, List[int]]" = defaultdict(list, {"even": [2, 4], "odd": [1, 3]})
counts = Counter("mississippi")
other_counts = Counter({"s": 1, "q": 5, "m": -2})
queue, bounded = deque([1, 2, 3, 4]), deque([7, 8, 9], maxlen=3)
loop: List[Any] = [1, 2]
loop.append(loop)

# Times.
utc, east = timezone.utc, timezone(timedelta(hours=5, minutes=30), "IST")
born, noon = date(1999, 12, 31), time(12, 30, 15)
naive, aware = datetime(2024, 2, 29, 13, 5, 7, 1234), datetime(2024, 3, 1, 12, 0, tzinfo=timezone.utc)
eastern = datetime(2024, 3, 1, 17, 30, tzinfo=east)
week, moment, back = timedelta(days=7), timedelta(seconds=90, microseconds=5), timedelta(days=-1, hours=3)

# The library's other values.
match = re.search(r"(?P<first>\w+) (\w+)", sentence)
pattern = re.compile("[a-z]+", re.I)
