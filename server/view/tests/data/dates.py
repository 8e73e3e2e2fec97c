"""Writes dates.tsv, what CPython says of dates and durations: `python3.13 dates.py > dates.tsv`.

A line is an operation, its operands (reprs, numbers) and its result, or `!Type: message`.
"""

import random
from datetime import date, datetime, time, timedelta, timezone

random.seed(20)


def repr_of(value):
    if isinstance(value, (date, time, timedelta, timezone, float)):
        return repr(value)
    if isinstance(value, tuple):
        return " ".join(map(repr_of, value))
    return str(value).replace("\n", "\\n").replace("\t", "\\t")


def line(name, *operands, action):
    try:
        result = repr_of(action())
    except Exception as error:
        result = "!%s: %s" % (type(error).__name__, error)
    print("\t".join([name, *map(repr_of, operands), result]))


ZONES = [None, None, timezone.utc, timezone(timedelta(hours=2)), timezone(timedelta(hours=-5, minutes=-30)),
         timezone(timedelta(hours=5, seconds=7)), timezone(timedelta(hours=-1, microseconds=3)), timezone(timedelta(0), "Z"),
         timezone(timedelta(hours=1), "it's")]  # fmt: skip


def some_time(zone=None):
    pick = random.random()
    if pick < 0.2:
        return time(random.randint(0, 23), tzinfo=zone)
    if pick < 0.4:
        return time(random.randint(0, 23), random.randint(0, 59), random.randint(0, 59), tzinfo=zone)
    micro = random.choice([0, 1, 999999, random.randint(0, 999999)])
    return time(random.randint(0, 23), random.randint(0, 59), random.randint(0, 59), micro, zone, fold=random.randint(0, 1))


def some_date():
    pick = random.random()
    if pick < 0.1:
        return random.choice([date.min, date.max, date(2000, 2, 29), date(1900, 2, 28), date(1970, 1, 1), date(9999, 1, 1)])
    if pick < 0.3:  # where ISO years begin and end
        return date(random.randint(1970, 2040), *random.choice([(1, 1), (1, 3), (12, 31), (12, 29), (1, 4), (2, 28), (3, 1)]))
    return date.fromordinal(random.randint(1, date.max.toordinal()))


def some_datetime():
    return datetime.combine(some_date(), some_time(random.choice(ZONES)))


def some_delta():
    pick = random.random()
    if pick < 0.15:
        return random.choice([timedelta(0), timedelta.max, timedelta.min, timedelta.resolution, -timedelta.resolution, timedelta(1),
                              timedelta(-1), timedelta(hours=1), timedelta(days=-1, seconds=3)])  # fmt: skip
    if pick < 0.5:
        return timedelta(seconds=random.randint(-100_000, 100_000))
    if pick < 0.8:
        return timedelta(random.randint(-20_000, 20_000), random.randint(0, 86399), random.choice([0, 1, 5, 123456]))
    return timedelta(microseconds=random.randint(-(10 ** random.randint(1, 19)), 10 ** random.randint(1, 19)))


def some_number():
    return random.choice([0, 1, -1, 2, 3, -7, 10, 1000, random.randint(-50, 50), 10**20, 0.5, -0.5, 0.1, 1.5, 2.5, 1e-7, 1e300, 0.0,
                          float("nan"), float("inf"), random.uniform(-3, 3), random.uniform(-1000, 1000)])  # fmt: skip


CODES = "Y m d H M S f z Z :z j a A b B y p I U W w u G V c x X % D F T R e h".split()

for _ in range(60):
    for value in (some_date(), some_time(random.choice(ZONES)), some_datetime(), some_delta(), random.choice(ZONES)):
        if value is None:
            continue
        line("repr", value, action=lambda: repr(value))
        line("str", value, action=lambda: str(value))
    d, m, t = some_date(), some_datetime(), some_delta()
    for name in ("weekday", "isoweekday", "isocalendar", "toordinal"):
        line(name, d, action=lambda: tuple(r) if isinstance(r := getattr(d, name)(), tuple) else r)
    line("fields", m, action=lambda: (m.year, m.month, m.day, m.hour, m.minute, m.second, m.microsecond, m.fold))
    line("fields", t, action=lambda: (t.days, t.seconds, t.microseconds))
    line("date", m, action=m.date)
    line("time", m, action=m.time)
    line("timetz", m, action=m.timetz)
    line("ctime", m, action=m.ctime)
    line("utcoffset", m, action=m.utcoffset)
    line("tzname", m, action=m.tzname)
    line("total_seconds", t, action=t.total_seconds)
    line("neg", t, action=lambda: -t)
    line("abs", t, action=lambda: abs(t))
    spec = random.choice("auto hours minutes seconds milliseconds microseconds x".split())
    line("isoformat", m, spec, action=lambda: m.isoformat("T", spec))
    if m.tzinfo is not None:
        zone = random.choice(ZONES[2:])
        line("timestamp", m, action=m.timestamp)
        line("astimezone", m, zone, action=lambda: m.astimezone(zone))

for _ in range(110):
    day, moment, delta, other = some_date(), some_datetime(), some_delta(), some_delta()
    line("plus", day, delta, action=lambda: day + delta)
    line("minus", day, delta, action=lambda: day - delta)
    line("plus", moment, delta, action=lambda: moment + delta)
    line("minus", moment, delta, action=lambda: moment - delta)
    line("minus", day, d := some_date(), action=lambda: day - d)
    near = random.choice([some_datetime(), moment, moment.replace(tzinfo=random.choice(ZONES)), moment.replace(fold=0)])
    for left, right in ((moment, near), (moment.timetz(), near.timetz()), (day, d), (delta, other)):
        line("eq", left, right, action=lambda: left == right)
        line("lt", left, right, action=lambda: left < right)
    line("minus", moment, near, action=lambda: moment - near)
    line("plus", delta, other, action=lambda: delta + other)
    line("minus", delta, other, action=lambda: delta - other)
    line("div", delta, other, action=lambda: delta / other)
    line("floordiv", delta, other, action=lambda: delta // other)
    line("rem", delta, other, action=lambda: delta % other)
    line("divmod", delta, other, action=lambda: divmod(delta, other))
    number = some_number()
    line("mul", delta, number, action=lambda: delta * number)
    line("div", delta, number, action=lambda: delta / number)
    if isinstance(number, int):
        line("floordiv", delta, number, action=lambda: delta // number)
    names = random.sample(["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"], random.randint(0, 4))
    parts = {name: some_number() for name in names}
    line("timedelta", " ".join("%s=%r" % part for part in parts.items()), action=lambda: timedelta(**parts))
    for value in (day, moment, moment.timetz()):
        text = " ".join("%" + code for code in random.sample(CODES, 4)) + random.choice(["", "%", " é"])
        line("strftime", value, text, action=lambda: value.strftime(text))
    fields = {"year": [1, 2021, 0, 10000], "month": [2, 0, 13], "day": [1, 29, 31, 0], "hour": [3, 24], "minute": [60, 1],
              "second": [0, -1], "microsecond": [5, 10**6], "fold": [0, 1, 2]}  # fmt: skip
    chosen = {name: random.choice(fields[name]) for name in random.sample(list(fields), 2)}
    line("replace", moment, " ".join("%s=%r" % part for part in chosen.items()), action=lambda: moment.replace(**chosen))

for text in """date(0, 1, 1);date(2020, 13, 1);date(2020, 2, 30);date(1900, 2, 29);date(10000, 1, 1);date(2020, 1, 0);date(2000, 2, 29)
date(10000000000, 1, 1);date(2020, -10000000000, 1);date(-1, 1, 1)""".replace("\n", ";").split(";"):  # fmt: skip
    line("new", text, action=lambda: eval(text))
for offset in (timedelta(1), timedelta(-1), timedelta(hours=23, minutes=59), timedelta(0)):
    line("timezone", offset, action=lambda: timezone(offset))
for number in (0, 1, 719163, 3652059, 3652060, -5, 2147483647, 10**10, -(10**10)):
    line("fromordinal", number, action=lambda: date.fromordinal(number))


DATES = ["2024-02-29", "20240229", "2024-W09-4", "2024W094", "2024-W09", "2024W09", "2024-13-01", "2024-02-30", "2024-W60-1",
         "2024-W09-9", "2020-W53-7", "2021-W53-1", "0000-01-01", "abc", "", "2024-2-29", "2024-0229", "202402-29", "2024/02/29",
         "2024-02-29x", "2024-W094", "2024W09-4", "+2024-01-01", "1999-12-31", "9999-W52-7", "0001-W01-1"]  # fmt: skip
TIMES = ["12:30", "12:30:45", "12:30:45.1", "12:30:45.123456", "12:30:45.1234567", "12:30:45,5", "123045", "1230", "12", "123045.5",
         "25:00", "12:60", "12:30:60", "T12:30", "12:30Z", "12:30+01:00", "12:30-0530", "12:30+05", "12:30:45.5+01:02:03", "abc", "",
         "1", "12:3", "12:30:", "12:30.5", "12:3045", "1230:45", "12:30+24:00", "12:30+", "12:30:45.", "12:30+00:00", "12:30-00:00"]  # fmt: skip
for text in DATES:
    line("date_iso", text, action=lambda: date.fromisoformat(text))
for text in TIMES:
    line("time_iso", text, action=lambda: time.fromisoformat(text))
for day in DATES:
    for clock in ["", *(between + random.choice(TIMES) for between in ("T", " ", "x"))]:
        line("moment_iso", day + clock, action=lambda: datetime.fromisoformat(day + clock))
for year, week, day in [(2024, 9, 4), (2020, 53, 1), (2021, 53, 1), (2015, 53, 7), (0, 1, 1), (10000, 1, 1), (2024, 0, 1), (2024, 1, 0),
                        (2024, 1, 8), (1, 1, 1), (9999, 52, 5), (9999, 52, 7), (2026, 53, 3), (2000, 52, 7)]:  # fmt: skip
    line("iso_calendar", "%d %d %d" % (year, week, day), action=lambda: date.fromisocalendar(year, week, day))
for seconds in (0, 1, -1, 0.5, 1.0000005, 1.0000015, -0.0000005, 1e9, 1700000000.123456, -62135596800, 253402300799, 253402300800, -1e12,
                1e13, float("nan")):  # fmt: skip
    for zone in (timezone.utc, timezone(timedelta(hours=-3, minutes=-30))):
        line("from_timestamp", zone, repr(float(seconds)), action=lambda: datetime.fromtimestamp(float(seconds), zone))
