//! Methods of Decimal, Fraction and of the values of datetime: which there are, and whose they are.

use super::super::arguments::Arguments;
use super::super::exact::Exact;
use super::super::value::Value;
use super::super::{Context, Res};
use super::{decimal, fraction, temporal};

/// The methods of a type of these.
pub(super) fn names(class: &str) -> &'static [&'static str] {
    match class {
        "decimal.Decimal" => decimal::NAMES,
        "fractions.Fraction" => fraction::NAMES,
        "datetime.date" => temporal::OF_DATES,
        "datetime.datetime" => temporal::OF_MOMENTS,
        "datetime.time" => &["dst", "fromisoformat", "isoformat", "replace", "strftime", "tzname", "utcoffset"],
        "datetime.timedelta" => &["total_seconds"],
        "datetime.timezone" => &["utcoffset", "tzname", "dst", "fromutc"],
        _ => &[],
    }
}

pub(super) fn call<'a>(context: &Context<'a>, exact: &Exact, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    match exact {
        Exact::Decimal(value) => decimal::call(context, value, name, arguments),
        Exact::Fraction(value) => fraction::call(context, value, name, arguments),
        Exact::Temporal(value) => temporal::call(context, value, name, arguments),
    }
}

/// Class methods of these types.
pub(super) fn of_class<'a>(
    context: &Context<'a>,
    class: &str,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Option<Value<'a>>> {
    match class {
        "decimal.Decimal" => decimal::of_class(context, name, arguments),
        "fractions.Fraction" => fraction::of_class(context, name, arguments),
        _ if class.starts_with("datetime.") => temporal::of_class(context, class, name, arguments),
        _ => Ok(None),
    }
}

/// A value that a type of these has: `date.max`, `timezone.utc`.
pub(in crate::eval) fn constant<'a>(class: &str, name: &str) -> Option<Value<'a>> {
    let text = match (class, name) {
        ("datetime.date", "min") => "datetime.date(1, 1, 1)",
        ("datetime.date", "max") => "datetime.date(9999, 12, 31)",
        ("datetime.date", "resolution") => "datetime.timedelta(days=1)",
        ("datetime.datetime", "min") => "datetime.datetime(1, 1, 1, 0, 0)",
        ("datetime.datetime", "max") => "datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)",
        ("datetime.time", "min") => "datetime.time(0, 0)",
        ("datetime.time", "max") => "datetime.time(23, 59, 59, 999999)",
        ("datetime.timedelta", "min") => "datetime.timedelta(days=-999999999)",
        ("datetime.timedelta", "max") => "datetime.timedelta(days=999999999, seconds=86399, microseconds=999999)",
        ("datetime.datetime" | "datetime.time" | "datetime.timedelta", "resolution") => {
            "datetime.timedelta(microseconds=1)"
        }
        ("datetime.timezone", "utc") => "datetime.timezone.utc",
        ("datetime.timezone", "min") => "datetime.timezone(datetime.timedelta(days=-1, seconds=60))",
        ("datetime.timezone", "max") => "datetime.timezone(datetime.timedelta(seconds=86340))",
        _ => return None,
    };
    super::super::exact::parse(text).map(Value::Exact)
}
