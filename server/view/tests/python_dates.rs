//! Dates and durations, against what CPython 3.13 says of some thousand cases: data/dates.tsv, made by data/dates.py.
#![allow(clippy::unwrap_used)]

use crashsite_view::python::Raised;
use crashsite_view::python::datetime::{
    Amount, Date, DateTime, Fields, Temporal, Time, TimeDelta, TimeSpec, Zone, from_repr, strftime,
};
use crashsite_view::repr::float_repr;

fn read(text: &str) -> Option<Temporal> {
    let value = from_repr(text)?;
    assert_eq!(repr(&value), text);
    Some(value)
}

fn repr(value: &Temporal) -> String {
    match value {
        Temporal::Date(date) => date.repr(),
        Temporal::Time(time) => time.repr(false),
        Temporal::DateTime(moment) => moment.repr(false),
        Temporal::TimeDelta(delta) => delta.repr(false),
        Temporal::Zone(zone) => zone.repr(false),
    }
}

fn amount(text: &str) -> Amount {
    text.parse().map_or_else(|_| Amount::Float(text.parse().unwrap()), Amount::Int)
}

fn python(yes: bool) -> String {
    if yes { "True" } else { "False" }.to_owned()
}

fn joined(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(" ")
}

fn fields(text: &str) -> Fields {
    let mut fields = Fields::default();
    for (name, number) in text.split(' ').map(|part| part.split_once('=').unwrap()) {
        let number = Some(number.parse().unwrap());
        match name {
            "year" => fields.year = number,
            "month" => fields.month = number,
            "day" => fields.day = number,
            "hour" => fields.hour = number,
            "minute" => fields.minute = number,
            "second" => fields.second = number,
            "microsecond" => fields.microsecond = number,
            "fold" => fields.fold = number,
            other => panic!("{other}"),
        }
    }
    fields
}

fn of_date(operation: &str, date: Date, other: &str) -> Result<String, Raised> {
    let midnight = Time::new([0; 4], None, 0)?;
    Ok(match (operation, read(other)) {
        ("repr", _) => date.repr(),
        ("str", _) => date.to_string(),
        ("weekday", _) => date.weekday().to_string(),
        ("isoweekday", _) => date.isoweekday().to_string(),
        ("toordinal", _) => date.to_ordinal().to_string(),
        ("isocalendar", _) => {
            let (year, week, day) = date.isocalendar();
            joined(&[year, week, day])
        }
        ("strftime", _) => strftime(&date, &midnight, other, 1000)?,
        ("plus", Some(Temporal::TimeDelta(delta))) => date.plus(&delta)?.repr(),
        ("minus", Some(Temporal::TimeDelta(delta))) => date.minus(&delta)?.repr(),
        ("minus", Some(Temporal::Date(other))) => date.since(&other).repr(false),
        ("eq", Some(Temporal::Date(other))) => python(date == other),
        ("lt", Some(Temporal::Date(other))) => python(date < other),
        other => panic!("{other:?}"),
    })
}

fn of_time(operation: &str, time: &Time, other: &str) -> Result<String, Raised> {
    Ok(match (operation, read(other)) {
        ("repr", _) => time.repr(false),
        ("str", _) => time.isoformat(TimeSpec::Auto)?,
        ("strftime", _) => strftime(&Date::new(1900, 1, 1)?, time, other, 1000)?,
        ("eq", Some(Temporal::Time(other))) => python(time.equals(&other)?),
        ("lt", Some(Temporal::Time(other))) => python(time.ordered(&other)?.is_lt()),
        other => panic!("{other:?}"),
    })
}

fn of_moment(operation: &str, moment: &DateTime, other: &str) -> Result<String, Raised> {
    let (date, time) = (moment.date(), moment.timetz());
    Ok(match (operation, read(other)) {
        ("repr", _) => moment.repr(false),
        ("str", _) => moment.isoformat(' ', TimeSpec::Auto)?,
        ("date", _) => date.repr(),
        ("time", _) => moment.time().repr(false),
        ("timetz", _) => time.repr(false),
        ("ctime", _) => moment.ctime()?,
        ("utcoffset", _) => time.offset()?.map_or_else(|| "None".to_owned(), |offset| offset.repr(false)),
        ("tzname", _) => moment.zone().map_or_else(|| Ok("None".to_owned()), Zone::name)?,
        ("isoformat", _) => moment.isoformat('T', TimeSpec::from_name(other)?)?,
        ("timestamp", _) => float_repr(moment.timestamp()?),
        ("astimezone", Some(Temporal::Zone(zone))) => moment.astimezone(&zone)?.repr(false),
        ("fields", _) => joined(&[
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.microsecond(),
            time.fold(),
        ]),
        ("strftime", _) => strftime(&date, time, other, 1000)?,
        ("replace", _) => moment.replace(&fields(other))?.repr(false),
        ("plus", Some(Temporal::TimeDelta(delta))) => moment.plus(&delta)?.repr(false),
        ("minus", Some(Temporal::TimeDelta(delta))) => moment.minus(&delta)?.repr(false),
        ("minus", Some(Temporal::DateTime(other))) => moment.since(&other)?.repr(false),
        ("eq", Some(Temporal::DateTime(other))) => python(moment.equals(&other)?),
        ("lt", Some(Temporal::DateTime(other))) => python(moment.ordered(&other)?.is_lt()),
        other => panic!("{other:?}"),
    })
}

fn of_delta(operation: &str, delta: TimeDelta, other: &str) -> Result<String, Raised> {
    if let Some(Temporal::TimeDelta(other)) = read(other) {
        return Ok(match operation {
            "eq" => python(delta == other),
            "lt" => python(delta < other),
            "plus" => delta.add(&other)?.repr(false),
            "minus" => delta.sub(&other)?.repr(false),
            "div" => float_repr(delta.ratio(&other)?),
            "floordiv" => delta.floordiv(&other)?.to_string(),
            "rem" => delta.rem(&other)?.repr(false),
            "divmod" => {
                let (quotient, rest) = delta.divmod(&other)?;
                format!("{quotient} {}", rest.repr(false))
            }
            other => panic!("{other}"),
        });
    }
    Ok(match operation {
        "repr" => {
            let old = delta.repr(true);
            assert_eq!(from_repr(&old), Some(Temporal::TimeDelta(delta)), "{old}");
            delta.repr(false)
        }
        "str" => delta.to_string(),
        "fields" => joined(&[delta.days(), delta.seconds(), delta.microseconds()]),
        "total_seconds" => float_repr(delta.total_seconds()),
        "neg" => delta.neg()?.repr(false),
        "abs" => delta.abs()?.repr(false),
        "mul" => delta.mul(&amount(other))?.repr(false),
        "div" => delta.div(&amount(other))?.repr(false),
        "floordiv" => delta.floordiv_int(&other.parse().unwrap())?.repr(false),
        other => panic!("{other}"),
    })
}

fn answer(operation: &str, operands: &[&str]) -> Result<String, Raised> {
    match operation {
        "new" => {
            let inside = operands[0].strip_prefix("date(").unwrap().trim_end_matches(')');
            let numbers: Vec<i64> = inside.split(", ").map(|number| number.parse().unwrap()).collect();
            return Ok(Date::new(numbers[0], numbers[1], numbers[2])?.repr());
        }
        "date_iso" => return Ok(Date::from_iso(operands[0])?.repr()),
        "time_iso" => return Ok(Time::from_iso(operands[0])?.repr(false)),
        "moment_iso" => return Ok(DateTime::from_iso(operands[0])?.repr(false)),
        "iso_calendar" => {
            let parts: Vec<i64> = operands[0].split(' ').map(|part| part.parse().unwrap()).collect();
            return Ok(Date::from_iso_calendar(parts[0], parts[1], parts[2])?.repr());
        }
        "fromordinal" => return Ok(Date::from_ordinal(operands[0].parse().unwrap())?.repr()),
        "timedelta" => {
            let parts = operands[0].split(' ').filter_map(|part| part.split_once('='));
            let parts: Vec<(&str, Amount)> = parts.map(|(name, number)| (name, amount(number))).collect();
            return Ok(TimeDelta::new(&parts)?.repr(false));
        }
        _ => {}
    }
    let other = operands.get(1).copied().unwrap_or("");
    match read(operands[0]).unwrap_or_else(|| panic!("{}", operands[0])) {
        Temporal::Date(date) => of_date(operation, date, other),
        Temporal::Time(time) => of_time(operation, &time, other),
        Temporal::DateTime(moment) => of_moment(operation, &moment, other),
        Temporal::TimeDelta(delta) if operation == "timezone" => Ok(Zone::new(delta, None)?.repr(false)),
        Temporal::TimeDelta(delta) => of_delta(operation, delta, other),
        Temporal::Zone(zone) if operation == "from_timestamp" => {
            Ok(DateTime::from_timestamp(other.parse().unwrap(), &zone)?.repr(false))
        }
        Temporal::Zone(zone) if operation == "str" => zone.name(),
        Temporal::Zone(zone) => Ok(zone.repr(false)),
    }
}

#[test]
fn as_python_does() {
    let table = include_str!("data/dates.tsv");
    let mut wrong = Vec::new();
    for line in table.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let (wanted, rest) = fields.split_last().unwrap();
        let got = match answer(rest[0], &rest[1..]) {
            Ok(text) => text,
            Err(raised) => format!("!{raised}"),
        };
        if got != *wanted {
            wrong.push(format!("{line}\n   got {got}"));
        }
    }
    assert!(table.lines().count() > 4000);
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

#[test]
fn what_needs_the_program_or_the_machine_is_refused() {
    let zoned = "datetime.datetime(2016, 8, 1, 19, 0, tzinfo=<DstTzInfo 'Europe/Berlin' CEST+2:00:00 DST>)";
    let Some(Temporal::DateTime(zoned)) = read(zoned) else { panic!() };
    let Some(Temporal::DateTime(naive)) = read("datetime.datetime(2016, 8, 1, 19, 0)") else { panic!() };
    assert_eq!(zoned.date().to_string(), "2016-08-01");
    assert!(zoned.equals(&zoned).unwrap());
    assert_eq!(zoned.isoformat(' ', TimeSpec::Auto).unwrap_err().kind, "NeedsCode");
    assert_eq!(zoned.timestamp().unwrap_err().kind, "NeedsCode");
    assert_eq!(zoned.ordered(&naive).unwrap_err().kind, "NeedsCode");
    assert_eq!(naive.timestamp().unwrap_err().kind, "NeedsCode");
    assert_eq!(strftime(&naive.date(), naive.timetz(), "%s", 100).unwrap_err().kind, "NeedsCode");
    assert_eq!(strftime(&naive.date(), naive.timetz(), &"%A".repeat(1000), 100).unwrap_err().kind, "Limit");
}

#[test]
fn what_is_no_repr_is_not_read() {
    for text in [
        "",
        "datetime.date(2020, 1)",
        "datetime.date(2020, 1, 1",
        "datetime.date(2020, 13, 1)",
        "datetime.datetime(2020, 1, 1)",
        "datetime.time(1)",
        "datetime.timedelta(days=1, weeks=2)",
        "datetime.timedelta(1, 2, 3, 4)",
        "datetime.timedelta(days=99999999999)",
        "datetime.timezone(datetime.timedelta(1))",
        "datetime.timezone()",
        "datetime.datetime(2020, 1, 1, 0, 0, 0, …",
        "Order(1)",
    ] {
        assert_eq!(from_repr(text), None, "{text}");
    }
    let nested = "datetime.time(1, 2, tzinfo=".repeat(100_000) + &")".repeat(100_000);
    assert!(matches!(from_repr(&nested), Some(Temporal::Time(time)) if matches!(time.zone(), Some(Zone::Opaque(_)))));
}
