//! Methods of the values of datetime.

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::exact::{Exact, zone_of};
use super::super::record::{ISO_CALENDAR_DATE, STRUCT_TIME};
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use crate::python::datetime::{Date, DateTime, Fields, Temporal, Time, TimeSpec, Zone};

pub(super) const OF_DATES: &[&str] = &[
    "ctime",
    "fromisocalendar",
    "fromisoformat",
    "fromordinal",
    "fromtimestamp",
    "isocalendar",
    "isoformat",
    "isoweekday",
    "replace",
    "strftime",
    "timetuple",
    "today",
    "toordinal",
    "weekday",
];

pub(super) const OF_MOMENTS: &[&str] = &[
    "astimezone",
    "combine",
    "ctime",
    "date",
    "dst",
    "fromisocalendar",
    "fromisoformat",
    "fromordinal",
    "fromtimestamp",
    "isocalendar",
    "isoformat",
    "isoweekday",
    "now",
    "replace",
    "strftime",
    "strptime",
    "time",
    "timestamp",
    "timetuple",
    "timetz",
    "today",
    "toordinal",
    "tzname",
    "utcfromtimestamp",
    "utcnow",
    "utcoffset",
    "utctimetuple",
    "weekday",
];

fn made<'a>(value: Temporal) -> Res<Value<'a>> {
    Ok(Value::Exact(value.into()))
}

fn text<'a>(text: &str) -> Res<Value<'a>> {
    Ok(Value::text(text))
}

fn numbers<'a>(numbers: &[i64]) -> Vec<Value<'a>> {
    numbers.iter().map(|number| Value::Int(*number)).collect()
}

pub(super) fn call<'a>(
    context: &Context<'a>,
    value: &Temporal,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Value<'a>> {
    match name {
        "replace" => return replace(context, value, arguments),
        "isoformat" => return isoformat(context, value, arguments),
        "strftime" => {
            let [format] = arguments.named(["format"], 1)?;
            let format = context.text_argument(&format.unwrap_or(Value::None), "strftime", "argument 1")?;
            let exact = Exact::from(value.clone());
            return text(&exact.format(&String::from_utf8_lossy(&format), context.budget.room())?);
        }
        _ => {}
    }
    match value {
        Temporal::Date(date) => of_date(date, None, name, arguments),
        Temporal::DateTime(moment) => of_moment(context, moment, name, arguments),
        Temporal::Time(time) => {
            arguments.none()?;
            match (name, time.zone()) {
                ("utcoffset" | "tzname", Some(zone)) => of_zone(zone, name),
                ("utcoffset" | "tzname" | "dst", _) => Ok(Value::None),
                _ => Err(Failure::unknown_method(name)),
            }
        }
        Temporal::TimeDelta(delta) if name == "total_seconds" => {
            arguments.none().map(|()| Value::Float(delta.total_seconds()))
        }
        Temporal::TimeDelta(_) => Err(Failure::unknown_method(name)),
        Temporal::Zone(zone) if name == "fromutc" => {
            let given = context.load(arguments.one()?)?;
            match moment_of(&given) {
                Some(moment) if moment.zone() == Some(zone) => {
                    let utc = DateTime::new(moment.date(), moment.timetz().in_zone(Some(Zone::Utc)));
                    made(Temporal::DateTime(utc.astimezone(zone)?))
                }
                Some(_) => Err(Failure::new("ValueError", "fromutc: dt.tzinfo is not self")),
                None => Err(Failure::wrong_type("fromutc() argument must be a datetime instance")),
            }
        }
        Temporal::Zone(zone) => {
            let given = context.load(arguments.one()?)?;
            if !matches!(given, Value::None) && moment_of(&given).is_none() {
                let class = context.type_name(&given);
                let message = format!("{name}(dt) argument must be a datetime instance or None, not {class}");
                return Err(Failure::wrong_type(message));
            }
            of_zone(zone, name)
        }
    }
}

fn moment_of<'b>(value: &'b Value<'_>) -> Option<&'b DateTime> {
    match value {
        Value::Exact(Exact::Temporal(value)) => match &**value {
            Temporal::DateTime(moment) => Some(moment),
            _ => None,
        },
        _ => None,
    }
}

/// `utcoffset`, `dst`, `tzname` of a zone.
fn of_zone<'a>(zone: &Zone, name: &str) -> Res<Value<'a>> {
    match name {
        "utcoffset" => made(Temporal::TimeDelta(zone.offset()?)),
        "dst" => match zone.dst()? {
            Some(delta) => made(Temporal::TimeDelta(delta)),
            None => Ok(Value::None),
        },
        _ => text(&zone.name()?),
    }
}

/// Methods of a date, and of a moment where they are the same; `time` is that of the moment.
fn of_date<'a>(date: &Date, time: Option<&Time>, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    arguments.none()?;
    match name {
        "weekday" => Ok(Value::Int(date.weekday())),
        "isoweekday" => Ok(Value::Int(date.isoweekday())),
        "toordinal" => Ok(Value::Int(date.to_ordinal())),
        "isocalendar" => {
            let (year, week, day) = date.isocalendar();
            Ok(ISO_CALENDAR_DATE.value(numbers(&[year, week, day])))
        }
        "ctime" => {
            let midnight = Time::new([0; 4], None, 0)?;
            text(&DateTime::new(*date, time.unwrap_or(&midnight).clone()).ctime()?)
        }
        "timetuple" => struct_time(date, time, -1),
        _ => Err(Failure::unknown_method(name)),
    }
}

fn struct_time<'a>(date: &Date, time: Option<&Time>, summer: i64) -> Res<Value<'a>> {
    let [hour, minute, second] = time.map_or([0; 3], |time| [time.hour(), time.minute(), time.second()]);
    let (weekday, day) = (date.weekday(), date.day_of_year());
    let all = [date.year(), date.month(), date.day(), hour, minute, second, weekday, day, summer];
    Ok(STRUCT_TIME.value(numbers(&all)))
}

fn of_moment<'a>(context: &Context<'a>, moment: &DateTime, name: &str, arguments: Arguments<'a>) -> Res<Value<'a>> {
    match (name, moment.zone()) {
        ("astimezone", _) => {
            let [zone] = arguments.named(["tz"], 0)?;
            match zone_of(context, zone)? {
                Some(zone) => made(Temporal::DateTime(moment.astimezone(&zone)?)),
                None => Err(local_zone()),
            }
        }
        ("date", _) => arguments.none().and_then(|()| made(Temporal::Date(moment.date()))),
        ("time", _) => arguments.none().and_then(|()| made(Temporal::Time(moment.time()))),
        ("timetz", _) => arguments.none().and_then(|()| made(Temporal::Time(moment.timetz().clone()))),
        ("timestamp", _) => {
            arguments.none()?;
            Ok(Value::Float(moment.timestamp()?))
        }
        ("utctimetuple", _) => {
            arguments.none()?;
            let utc = moment.in_utc()?;
            struct_time(&utc.date(), Some(utc.timetz()), 0)
        }
        ("utcoffset" | "dst" | "tzname", Some(zone)) => arguments.none().and_then(|()| of_zone(zone, name)),
        ("utcoffset" | "dst" | "tzname", None) => arguments.none().map(|()| Value::None),
        ("timetuple", Some(zone)) if !matches!(zone.dst(), Ok(None)) => Err(Failure::needs_code(zone.repr(false))),
        _ => of_date(&moment.date(), Some(moment.timetz()), name, arguments),
    }
}

fn local_zone() -> Failure {
    Failure::not_captured("the local time zone of the process is not in the dump")
}

fn isoformat<'a>(context: &Context<'a>, value: &Temporal, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let spec = |value: Option<Value<'a>>| -> Res<TimeSpec> {
        match value {
            Some(value) => {
                let name = context.text_argument(&value, "isoformat", "argument 2")?;
                Ok(TimeSpec::from_name(&String::from_utf8_lossy(&name))?)
            }
            None => Ok(TimeSpec::Auto),
        }
    };
    match value {
        Temporal::Date(date) => arguments.none().and_then(|()| text(&date.to_string())),
        Temporal::Time(time) => {
            let [how] = arguments.named(["timespec"], 0)?;
            text(&time.isoformat(spec(how)?)?)
        }
        Temporal::DateTime(moment) => {
            let [separator, how] = arguments.named(["sep", "timespec"], 0)?;
            let separator = match separator {
                None => 'T',
                Some(separator) => {
                    let given = match context.data(&separator)? {
                        Data::Value(Value::Text(text)) => String::from_utf8_lossy(&text).into_owned(),
                        _ => String::new(),
                    };
                    let mut characters = given.chars();
                    match (characters.next(), characters.next()) {
                        (Some(one), None) => one,
                        _ => {
                            let class = context.type_name(&separator);
                            let message = format!("isoformat() argument 1 must be a unicode character, not {class}");
                            return Err(Failure::wrong_type(message));
                        }
                    }
                }
            };
            text(&moment.isoformat(separator, spec(how)?)?)
        }
        _ => Err(Failure::unknown_method("isoformat")),
    }
}

fn replace<'a>(context: &Context<'a>, value: &Temporal, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let mut fields = Fields::default();
    let int = |value: Option<Value<'a>>| value.map(|value| context.int(&value)).transpose();
    let clock = |fields: &mut Fields, [hour, minute, second, micro, zone, fold]: [Option<Value<'a>>; 6]| -> Res<()> {
        fields.hour = int(hour)?;
        fields.minute = int(minute)?;
        fields.second = int(second)?;
        fields.microsecond = int(micro)?;
        fields.tzinfo = zone.map(|zone| zone_of(context, Some(zone))).transpose()?;
        fields.fold = int(fold)?;
        Ok(())
    };
    match value {
        Temporal::Date(date) => {
            let [year, month, day] = arguments.named(["year", "month", "day"], 0)?;
            (fields.year, fields.month, fields.day) = (int(year)?, int(month)?, int(day)?);
            made(Temporal::Date(date.replace(&fields)?))
        }
        Temporal::Time(time) => {
            let names = ["hour", "minute", "second", "microsecond", "tzinfo", "*fold"];
            clock(&mut fields, arguments.named(names, 0)?)?;
            made(Temporal::Time(time.replace(&fields)?))
        }
        Temporal::DateTime(moment) => {
            let names = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "*fold"];
            let [year, month, day, hour, minute, second, micro, zone, fold] = arguments.named(names, 0)?;
            (fields.year, fields.month, fields.day) = (int(year)?, int(month)?, int(day)?);
            clock(&mut fields, [hour, minute, second, micro, zone, fold])?;
            made(Temporal::DateTime(moment.replace(&fields)?))
        }
        _ => Err(Failure::unknown_method("replace")),
    }
}

/// Class methods of the types of datetime.
pub(super) fn of_class<'a>(
    context: &Context<'a>,
    class: &str,
    name: &str,
    arguments: Arguments<'a>,
) -> Res<Option<Value<'a>>> {
    let is_date = class == "datetime.date";
    let whole = |date: Date| -> Res<Option<Value<'a>>> {
        let midnight = Time::new([0; 4], None, 0)?;
        let made = if is_date { Temporal::Date(date) } else { Temporal::DateTime(DateTime::new(date, midnight)) };
        Ok(Some(Value::Exact(made.into())))
    };
    if name == "fromisoformat" {
        let given = arguments.one()?;
        let Data::Value(Value::Text(text)) = context.data(&given)? else {
            return Err(Failure::wrong_type("fromisoformat: argument must be str"));
        };
        let text = String::from_utf8_lossy(&text);
        return made(match class {
            "datetime.date" => Temporal::Date(Date::from_iso(&text)?),
            "datetime.time" => Temporal::Time(Time::from_iso(&text)?),
            _ => Temporal::DateTime(DateTime::from_iso(&text)?),
        })
        .map(Some);
    }
    if !matches!(class, "datetime.date" | "datetime.datetime") {
        return Ok(None);
    }
    match name {
        "fromordinal" => whole(Date::from_ordinal(context.int(&arguments.one()?)?)?),
        "fromisocalendar" => {
            let parts = arguments.named(["year", "week", "day"], 3)?.map(|part| part.unwrap_or(Value::None));
            let [year, week, day] = [context.int(&parts[0])?, context.int(&parts[1])?, context.int(&parts[2])?];
            whole(Date::from_iso_calendar(year, week, day)?)
        }
        "fromtimestamp" if is_date => Err(local_zone()),
        "fromtimestamp" => {
            let [seconds, zone] = arguments.named(["timestamp", "tz"], 1)?;
            let seconds = seconds_of(context, &seconds.unwrap_or(Value::None))?;
            let zone = zone_of(context, zone)?.ok_or_else(local_zone)?;
            made(Temporal::DateTime(DateTime::from_timestamp(seconds, &zone)?)).map(Some)
        }
        "utcfromtimestamp" => {
            let seconds = seconds_of(context, &arguments.one()?)?;
            made(Temporal::DateTime(DateTime::from_timestamp(seconds, &Zone::Utc)?.in_utc()?)).map(Some)
        }
        "combine" => combine(context, arguments).map(Some),
        "strptime" => {
            arguments.positional::<2>(2)?;
            Err(Failure::needs_code("_strptime_datetime (_strptime.py)"))
        }
        "now" | "utcnow" | "today" => {
            Err(Failure::new("NotSupported", format!("{name}() reads the clock: a dump has none")))
        }
        _ => Ok(None),
    }
}

fn seconds_of<'a>(context: &Context<'a>, value: &Value<'a>) -> Res<f64> {
    match context.data(value)? {
        Data::Value(Value::Float(seconds)) => Ok(seconds),
        Data::Value(Value::Big(_)) => Err(Failure::new("OverflowError", "timestamp out of range for platform time_t")),
        _ => Ok(context.int(value)? as f64),
    }
}

fn combine<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Value<'a>> {
    let [date, time, zone] = arguments.named(["date", "time", "tzinfo"], 2)?;
    let (date, time) = (date.unwrap_or(Value::None), time.unwrap_or(Value::None));
    let wrong = |place: usize, what: &str, given: &Value<'a>| {
        let class = context.given(given);
        Failure::wrong_type(format!("combine() argument {place} must be datetime.{what}, not {class}"))
    };
    let day = match context.load(date.clone())? {
        Value::Exact(Exact::Temporal(value)) => match &*value {
            Temporal::Date(date) => Some(*date),
            Temporal::DateTime(moment) => Some(moment.date()),
            _ => None,
        },
        _ => None,
    };
    let day = day.ok_or_else(|| wrong(1, "date", &date))?;
    let clock = match context.load(time.clone())? {
        Value::Exact(Exact::Temporal(value)) => match &*value {
            Temporal::Time(time) => Some(time.clone()),
            _ => None,
        },
        _ => None,
    };
    let clock = clock.ok_or_else(|| wrong(2, "time", &time))?;
    let clock = match zone {
        Some(zone) => clock.in_zone(zone_of(context, Some(zone))?),
        None => clock,
    };
    made(Temporal::DateTime(DateTime::new(day, clock)))
}
