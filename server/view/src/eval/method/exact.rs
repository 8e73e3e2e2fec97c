//! Methods of Decimal and of the values of datetime.

use std::rc::Rc;

use super::super::call::Arguments;
use super::super::exact::{Exact, rounding, zone_of};
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use crate::python::datetime::{self, Fields, Temporal, TimeSpec, Zone};
use crate::python::decimal::Decimal;

/// The methods of a type of these.
pub(super) fn names(class: &str) -> &'static [&'static str] {
    match class {
        "decimal.Decimal" | "Decimal" => &[
            "adjusted",
            "as_integer_ratio",
            "as_tuple",
            "compare",
            "conjugate",
            "copy_abs",
            "copy_negate",
            "is_finite",
            "is_infinite",
            "is_nan",
            "is_signed",
            "is_zero",
            "max",
            "min",
            "normalize",
            "quantize",
            "sqrt",
            "to_integral",
            "to_integral_value",
        ],
        "datetime.date" | "date" => &[
            "ctime",
            "isocalendar",
            "isoformat",
            "isoweekday",
            "replace",
            "strftime",
            "toordinal",
            "weekday",
            "fromisoformat",
            "fromordinal",
        ],
        "datetime.datetime" | "datetime" => &[
            "astimezone",
            "combine",
            "ctime",
            "date",
            "dst",
            "isocalendar",
            "isoformat",
            "isoweekday",
            "replace",
            "strftime",
            "time",
            "timestamp",
            "timetz",
            "toordinal",
            "tzname",
            "utcoffset",
            "weekday",
            "fromisoformat",
            "fromordinal",
        ],
        "datetime.time" | "time" => {
            &["dst", "fromisoformat", "isoformat", "replace", "strftime", "tzname", "utcoffset"]
        }
        "datetime.timedelta" | "timedelta" => &["total_seconds"],
        "datetime.timezone" | "timezone" => &["utcoffset", "tzname", "dst"],
        _ => &[],
    }
}

pub(super) fn call<'a>(context: &Context<'a>, exact: &Exact, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    match exact {
        Exact::Decimal(value) => of_decimal(context, value, name, arguments),
        Exact::Temporal(value) => of_temporal(context, value, name, arguments),
    }
}

fn of_decimal<'a>(context: &Context<'a>, value: &Rc<Decimal>, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let made = |value: Decimal| Ok(Value::Exact(value.into()));
    let other = |value: Option<Value<'a>>| -> Res<Decimal> {
        let value = value.unwrap_or(Value::None);
        match context.call(&Value::Class("decimal.Decimal"), vec![value], Vec::new())? {
            Value::Exact(Exact::Decimal(value)) => Ok((*value).clone()),
            _ => Err(Failure::wrong_type("conversion to Decimal is not supported")),
        }
    };
    match name {
        "is_nan" => Ok(Value::Bool(value.is_nan())),
        "is_infinite" => Ok(Value::Bool(value.is_infinite())),
        "is_finite" => Ok(Value::Bool(value.is_finite())),
        "is_zero" => Ok(Value::Bool(value.is_zero())),
        "is_signed" => Ok(Value::Bool(value.is_signed())),
        "adjusted" => Ok(Value::Int(value.adjusted())),
        "copy_abs" => made(value.copy_abs()),
        "copy_negate" => made(value.copy_negate()),
        "conjugate" => made((**value).clone()),
        "normalize" => made(value.normalize()?),
        "sqrt" => made(value.sqrt()?),
        "as_integer_ratio" => {
            let (a, b) = value.as_integer_ratio()?;
            Ok(Value::tuple(vec![Value::int(a), Value::int(b)]))
        }
        "compare" | "max" | "min" => {
            let [argument] = arguments.bind(["other"], 1)?;
            let other = other(argument)?;
            made(match name {
                "compare" => value.compare(&other)?,
                "max" => value.max(&other)?,
                _ => value.min(&other)?,
            })
        }
        "quantize" => {
            let [like, how] = arguments.bind(["exp", "rounding"], 1)?;
            made(value.quantize(&other(like)?, rounding(context, how)?)?)
        }
        "to_integral_value" | "to_integral" => {
            let [how] = arguments.bind(["rounding"], 0)?;
            made(value.to_integral_value(rounding(context, how)?)?)
        }
        _ => Err(Failure::new("NotSupported", format!("Decimal.{name} is not understood"))),
    }
}

fn of_temporal<'a>(context: &Context<'a>, value: &Temporal, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let made = |value: Temporal| Ok(Value::Exact(value.into()));
    let text = |text: String| Ok(Value::text(&text));
    let unknown = || Failure::unknown_method(name);
    if name == "replace" {
        return replace(context, value, arguments);
    }
    if name == "isoformat" {
        return isoformat(context, value, arguments);
    }
    if name == "strftime" {
        let [format] = arguments.bind(["format"], 1)?;
        let format = String::from_utf8_lossy(&context.string(&format.unwrap_or(Value::None))?).into_owned();
        let exact = Exact::from(value.clone());
        return text(exact.format(&format, context.budget.room())?);
    }
    if name == "astimezone" {
        let (Temporal::DateTime(moment), [zone]) = (value, arguments.bind(["tz"], 0)?) else { return Err(unknown()) };
        return match zone_of(context, zone)? {
            Some(zone) => made(Temporal::DateTime(moment.astimezone(&zone)?)),
            None => Err(Failure::needs_code("the local time zone of the process is not in the dump")),
        };
    }
    let date = match value {
        Temporal::Date(date) => Some(*date),
        Temporal::DateTime(moment) => Some(moment.date()),
        _ => None,
    };
    let zone_of_time = |zone: Option<&Zone>| -> Res<Value<'a>> {
        let Some(zone) = zone else { return Ok(Value::None) };
        match name {
            "utcoffset" => made(Temporal::TimeDelta(zone.offset()?)),
            "dst" => match zone.dst()? {
                Some(delta) => made(Temporal::TimeDelta(delta)),
                None => Ok(Value::None),
            },
            _ => text(zone.name()?),
        }
    };
    match (name, value, date) {
        ("weekday", _, Some(date)) => Ok(Value::Int(date.weekday())),
        ("isoweekday", _, Some(date)) => Ok(Value::Int(date.isoweekday())),
        ("toordinal", _, Some(date)) => Ok(Value::Int(date.to_ordinal())),
        ("total_seconds", Temporal::TimeDelta(delta), _) => Ok(Value::Float(delta.total_seconds())),
        ("date", Temporal::DateTime(moment), _) => made(Temporal::Date(moment.date())),
        ("time", Temporal::DateTime(moment), _) => made(Temporal::Time(moment.time())),
        ("timetz", Temporal::DateTime(moment), _) => made(Temporal::Time(moment.timetz().clone())),
        ("timestamp", Temporal::DateTime(moment), _) => Ok(Value::Float(moment.timestamp()?)),
        ("ctime", Temporal::DateTime(moment), _) => text(moment.ctime()?),
        ("ctime", Temporal::Date(date), _) => {
            text(datetime::DateTime::new(*date, datetime::Time::new([0; 4], None, 0)?).ctime()?)
        }
        ("utcoffset" | "dst" | "tzname", Temporal::DateTime(moment), _) => zone_of_time(moment.zone()),
        ("utcoffset" | "dst" | "tzname", Temporal::Time(time), _) => match (name, time.zone()) {
            ("tzname" | "utcoffset", zone) => zone_of_time(zone),
            _ => Ok(Value::None),
        },
        ("utcoffset" | "dst" | "tzname", Temporal::Zone(zone), _) => zone_of_time(Some(zone)),
        _ => Err(unknown()),
    }
}

fn isoformat<'a>(context: &Context<'a>, value: &Temporal, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let spec = |value: Option<Value<'a>>| -> Res<TimeSpec> {
        match value {
            Some(value) => Ok(TimeSpec::from_name(&String::from_utf8_lossy(&context.string(&value)?))?),
            None => Ok(TimeSpec::Auto),
        }
    };
    Ok(Value::text(&match value {
        Temporal::Date(date) => {
            arguments.bind::<0>([], 0)?;
            date.to_string()
        }
        Temporal::Time(time) => {
            let [how] = arguments.bind(["timespec"], 0)?;
            time.isoformat(spec(how)?)?
        }
        Temporal::DateTime(moment) => {
            let [separator, how] = arguments.bind(["sep", "timespec"], 0)?;
            let separator = match separator {
                Some(separator) => String::from_utf8_lossy(&context.string(&separator)?).chars().next().unwrap_or('T'),
                None => 'T',
            };
            moment.isoformat(separator, spec(how)?)?
        }
        _ => return Err(Failure::new("NotSupported", "isoformat is not understood here")),
    }))
}

fn replace<'a>(context: &Context<'a>, value: &Temporal, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let order: &[&str] = match value {
        Temporal::Date(_) => &["year", "month", "day"],
        Temporal::Time(_) => &["hour", "minute", "second", "microsecond", "tzinfo"],
        _ => &["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo"],
    };
    let mut given: Vec<(String, Value<'a>)> = Vec::new();
    for (name, value) in order.iter().zip(arguments.positions) {
        given.push(((*name).to_owned(), value));
    }
    given.extend(arguments.by_name);
    let mut fields = Fields::default();
    for (name, value) in given {
        if name == "tzinfo" {
            fields.tzinfo = Some(zone_of(context, Some(value))?);
            continue;
        }
        let Some(number) = context.index(&value)? else {
            let class = context.type_name(&value);
            return Err(Failure::wrong_type(format!("'{class}' object cannot be interpreted as an integer")));
        };
        let place = match name.as_str() {
            "year" => &mut fields.year,
            "month" => &mut fields.month,
            "day" => &mut fields.day,
            "hour" => &mut fields.hour,
            "minute" => &mut fields.minute,
            "second" => &mut fields.second,
            "microsecond" => &mut fields.microsecond,
            "fold" => &mut fields.fold,
            _ => return Err(Failure::wrong_type(format!("replace() got an unexpected keyword argument '{name}'"))),
        };
        *place = Some(number);
    }
    let made = match value {
        Temporal::Date(date) => Temporal::Date(date.replace(&fields)?),
        Temporal::Time(time) => Temporal::Time(time.replace(&fields)?),
        Temporal::DateTime(moment) => Temporal::DateTime(moment.replace(&fields)?),
        _ => return Err(Failure::new("NotSupported", "replace is not understood here")),
    };
    Ok(Value::Exact(made.into()))
}

/// Class methods of these types.
pub(super) fn of_class<'a>(
    context: &Context<'a>,
    class: &str,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Option<Value<'a>>> {
    match (class, name) {
        ("datetime.date", "fromordinal") => {
            let [ordinal] = arguments.bind(["ordinal"], 1)?;
            let ordinal = context.index(&ordinal.unwrap_or(Value::None))?.unwrap_or(0);
            Ok(Some(Value::Exact(Temporal::Date(datetime::Date::from_ordinal(ordinal)?).into())))
        }
        ("datetime.date" | "datetime.datetime" | "datetime.time", "fromisoformat") => {
            let [text] = arguments.bind(["date_string"], 1)?;
            let text = text.unwrap_or(Value::None);
            let super::super::data::Data::Value(Value::Text(text)) = context.data(&text)? else {
                return Err(Failure::wrong_type("fromisoformat: argument must be str"));
            };
            let text = String::from_utf8_lossy(&text).into_owned();
            match from_iso(class, &text) {
                Some(value) => Ok(Some(Value::Exact(value.into()))),
                None => Err(Failure::new("NotSupported", format!("fromisoformat does not understand {text:?}"))),
            }
        }
        ("datetime.datetime", "combine") => {
            let [date, time] = arguments.bind(["date", "time"], 2)?;
            let part = |value: Option<Value<'a>>| context.load(value.unwrap_or(Value::None));
            match (part(date)?, part(time)?) {
                (Value::Exact(Exact::Temporal(date)), Value::Exact(Exact::Temporal(time))) => match (&*date, &*time) {
                    (Temporal::Date(date), Temporal::Time(time)) => {
                        let made = datetime::DateTime::new(*date, time.clone());
                        Ok(Some(Value::Exact(Temporal::DateTime(made).into())))
                    }
                    (Temporal::DateTime(moment), Temporal::Time(time)) => {
                        let made = datetime::DateTime::new(moment.date(), time.clone());
                        Ok(Some(Value::Exact(Temporal::DateTime(made).into())))
                    }
                    _ => Err(Failure::wrong_type("combine() wants a datetime.date and a datetime.time")),
                },
                _ => Err(Failure::wrong_type("combine() wants a datetime.date and a datetime.time")),
            }
        }
        _ => Ok(None),
    }
}

/// The value that `isoformat` wrote so: `2024-02-03`, `04:05:06.5`, both with `T` or a space, and with an offset.
fn from_iso(class: &str, text: &str) -> Option<Temporal> {
    let numbers = |text: &str, by: char| -> Option<Vec<i64>> {
        let two = |part: &str| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        text.split(by).map(|part| part.parse().ok().filter(|_| two(part))).collect()
    };
    let date = |text: &str| match (text.len(), numbers(text, '-')?.as_slice()) {
        (10, [year, month, day]) => datetime::Date::new(*year, *month, *day).ok(),
        _ => None,
    };
    let time = |text: &str| -> Option<datetime::Time> {
        let (clock, zone) = match text.find(['+', '-']) {
            Some(at) => (text.get(..at)?, text.get(at..)),
            None => (text.strip_suffix('Z').unwrap_or(text), text.ends_with('Z').then_some("+00:00")),
        };
        let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
        let mut parts = numbers(clock, ':')?;
        if parts.len() > 3 || fraction.len() > 6 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        parts.resize(3, 0);
        let micros = format!("{fraction:0<6}").parse().ok()?;
        let zone = match zone {
            None => None,
            Some(zone) => {
                let offset = numbers(zone.get(1..)?, ':')?;
                let [hours, minutes] = offset.as_slice() else { return None };
                let sign = if zone.starts_with('-') { -1 } else { 1 };
                let minutes = datetime::Amount::Int((sign * (hours * 60 + minutes)).into());
                Some(Zone::new(datetime::TimeDelta::new(&[("minutes", minutes)]).ok()?, None).ok()?)
            }
        };
        datetime::Time::new([*parts.first()?, *parts.get(1)?, *parts.get(2)?, micros], zone, 0).ok()
    };
    match class {
        "datetime.date" => date(text).map(Temporal::Date),
        "datetime.time" => time(text).map(Temporal::Time),
        _ => {
            let day = date(text.get(..10)?)?;
            let clock = match text.get(10..)?.strip_prefix(['T', ' ']) {
                Some(rest) => time(rest)?,
                None if text.len() == 10 => datetime::Time::new([0; 4], None, 0).ok()?,
                None => return None,
            };
            Some(Temporal::DateTime(datetime::DateTime::new(day, clock)))
        }
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
        _ => return None,
    };
    super::super::exact::parse(text).map(Value::Exact)
}
