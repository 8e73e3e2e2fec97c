//! `Decimal(…)`, `Fraction(…)`, `date(…)` and its kin.

use num_bigint::BigInt;

use super::super::arguments::Arguments;
use super::super::data::Data;
use super::super::value::Value;
use super::super::{Context, Failure, Res};
use super::Exact;
use super::operate::{amount, decimal_of, fraction_of};
use crate::python::datetime::{Date, DateTime, Temporal, Time, TimeDelta, Zone};
use crate::python::decimal::{Decimal, Rounding};
use crate::python::float;
use crate::python::fraction::Fraction;

/// The value that a type of these makes of arguments; `None` where it is no such type.
pub(in crate::eval) fn construct<'a>(
    context: &Context<'a>,
    class: &str,
    arguments: &Arguments<'a>,
) -> Res<Option<Value<'a>>> {
    let arguments = arguments.clone();
    let nameless = |arguments: Arguments<'a>| Arguments { function: String::new(), ..arguments };
    let temporal = |value: Temporal| Ok(Some(Value::Exact(value.into())));
    match class {
        "decimal.Decimal" => decimal(context, arguments).map(|made| Some(Value::Exact(made.into()))),
        "fractions.Fraction" => fraction(context, arguments).map(|made| Some(Value::Exact(made.into()))),
        "datetime.date" => {
            let parts = nameless(arguments).named(["year", "month", "day"], 0)?;
            let [year, month, day] = needed(context, &parts, ["year", "month", "day"])?;
            temporal(Temporal::Date(Date::new(year, month, day)?))
        }
        "datetime.datetime" => {
            let names = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "*fold"];
            let [year, month, day, hour, minute, second, micro, zone, fold] = nameless(arguments).named(names, 0)?;
            let [year, month, day] = needed(context, &[year, month, day], ["year", "month", "day"])?;
            let clock = clock(context, [hour, minute, second, micro])?;
            let (zone, fold) = (zone_of(context, zone)?, context.int_or(fold.as_ref(), 0)?);
            let date = Date::new(year, month, day)?;
            temporal(Temporal::DateTime(DateTime::new(date, Time::new(clock, zone, fold)?)))
        }
        "datetime.time" => {
            let names = ["hour", "minute", "second", "microsecond", "tzinfo", "*fold"];
            let [hour, minute, second, micro, zone, fold] = nameless(arguments).named(names, 0)?;
            let clock = clock(context, [hour, minute, second, micro])?;
            let (zone, fold) = (zone_of(context, zone)?, context.int_or(fold.as_ref(), 0)?);
            temporal(Temporal::Time(Time::new(clock, zone, fold)?))
        }
        "datetime.timedelta" => {
            let names = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
            let bound = Arguments { function: "__new__".to_owned(), ..arguments }.named(names, 0)?;
            let mut parts = Vec::new();
            for (name, value) in names.into_iter().zip(bound) {
                if let Some(value) = value {
                    let loaded = context.load(value.clone())?;
                    let Some(amount) = amount(&loaded) else {
                        let class = context.type_name(&value);
                        let message = format!("unsupported type for timedelta {name} component: {class}");
                        return Err(Failure::wrong_type(message));
                    };
                    parts.push((name, amount));
                }
            }
            temporal(Temporal::TimeDelta(TimeDelta::new(&parts)?))
        }
        "datetime.timezone" => {
            let [offset, name] = arguments.named(["offset", "name"], 1)?;
            let offset = offset.unwrap_or(Value::None);
            let delta = match context.load(offset.clone())? {
                Value::Exact(Exact::Temporal(value)) => match &*value {
                    Temporal::TimeDelta(delta) => Some(*delta),
                    _ => None,
                },
                _ => None,
            };
            let delta = delta.ok_or_else(|| {
                let class = context.given(&offset);
                Failure::wrong_type(format!("timezone() argument 1 must be datetime.timedelta, not {class}"))
            })?;
            let name = name.map(|name| context.text_argument(&name, "timezone", "argument 2")).transpose()?;
            let name = name.map(|name| String::from_utf8_lossy(&name).into_owned());
            temporal(Temporal::Zone(Zone::new(delta, name)?))
        }
        _ => Ok(None),
    }
}

/// Ints that must be given, each looked at before the next is missed.
fn needed<'a, const N: usize>(
    context: &Context<'a>,
    parts: &[Option<Value<'a>>; N],
    names: [&str; N],
) -> Res<[i64; N]> {
    let mut numbers = [0; N];
    for (place, (part, number)) in parts.iter().zip(&mut numbers).enumerate() {
        let Some(part) = part else {
            let name = names.get(place).copied().unwrap_or_default();
            let message = format!("function missing required argument '{name}' (pos {})", place + 1);
            return Err(Failure::wrong_type(message));
        };
        *number = context.int(part)?;
    }
    Ok(numbers)
}

fn clock<'a>(context: &Context<'a>, parts: [Option<Value<'a>>; 4]) -> Res<[i64; 4]> {
    let mut numbers = [0; 4];
    for (part, number) in parts.iter().zip(&mut numbers) {
        *number = context.int_or(part.as_ref(), 0)?;
    }
    Ok(numbers)
}

fn decimal<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Decimal> {
    let [value, settings] = arguments.named(["value", "context"], 0)?;
    if settings.is_some_and(|settings| !matches!(settings, Value::None)) {
        return Err(Failure::wrong_type("optional argument must be a context"));
    }
    let Some(value) = value else { return Ok(Decimal::from(0)) };
    match context.data(&value)? {
        Data::Value(Value::Text(text)) => Ok(Decimal::parse(&String::from_utf8_lossy(&text))?),
        Data::Tuple(row) | Data::List(row) => {
            let parts = row.all(context)?;
            let Ok([sign, digits, exponent]) = <[Value<'a>; 3]>::try_from(parts) else {
                return Err(Failure::new("ValueError", "argument must be a sequence of length 3"));
            };
            decimal_of_parts(context, &sign, &digits, &exponent)
        }
        Data::Value(other) => decimal_of(&other).ok_or_else(|| no_decimal(context, &value)),
        _ => Err(no_decimal(context, &value)),
    }
}

/// What is said of a value that is no number for a decimal.
pub(in crate::eval) fn no_decimal<'a>(context: &Context<'a>, value: &Value<'a>) -> Failure {
    Failure::wrong_type(format!("conversion from {} to Decimal is not supported", context.type_name(value)))
}

fn decimal_of_parts<'a>(
    context: &Context<'a>,
    sign: &Value<'a>,
    digits: &Value<'a>,
    exponent: &Value<'a>,
) -> Res<Decimal> {
    let Some(sign @ (0 | 1)) = context.index(sign)? else {
        return Err(Failure::new("ValueError", "sign must be an integer with the value 0 or 1"));
    };
    let mut numbers = Vec::new();
    for digit in context.collect(digits)? {
        match context.index(&digit)?.map(u8::try_from) {
            Some(Ok(digit @ 0..=9)) => numbers.push(digit),
            _ => return Err(Failure::new("ValueError", "coefficient must be a tuple of digits")),
        }
    }
    let exponent = match (context.index(exponent)?, context.load(exponent.clone())?) {
        (Some(exponent), _) => Ok(exponent),
        (None, Value::Text(text)) => match &*text {
            b"F" => Err('F'),
            b"n" => Err('n'),
            b"N" => Err('N'),
            _ => {
                let message = "string argument in the third position must be 'F', 'n' or 'N'";
                return Err(Failure::new("ValueError", message));
            }
        },
        _ => return Err(Failure::new("ValueError", "exponent must be an integer")),
    };
    Ok(Decimal::from_parts(sign == 1, &numbers, exponent)?)
}

fn fraction<'a>(context: &Context<'a>, arguments: Arguments<'a>) -> Res<Fraction> {
    let [above, below] = arguments.named(["numerator", "denominator"], 0)?;
    let Some(above) = above else { return Ok(Fraction::new(BigInt::ZERO, BigInt::from(1))?) };
    let part = |value: &Value<'a>| -> Res<Option<Fraction>> {
        match context.data(value)? {
            Data::Value(value) => Ok(fraction_of(&value)?),
            _ => Ok(None),
        }
    };
    if let Some(below) = below.filter(|below| !matches!(below, Value::None)) {
        return match (part(&above)?, part(&below)?) {
            (Some(above), Some(below)) if *below.numerator() == BigInt::ZERO => {
                let message = format!("Fraction({}, 0)", above.numerator() * below.denominator());
                Err(Failure::new("ZeroDivisionError", message))
            }
            (Some(above), Some(below)) => Ok(above.div(&below)?),
            _ => Err(Failure::wrong_type("both arguments should be Rational instances")),
        };
    }
    match context.data(&above)? {
        Data::Value(Value::Text(text)) => {
            Ok(Fraction::parse(&String::from_utf8_lossy(&text), &context.show(&above, 200)?)?)
        }
        Data::Value(Value::Float(number)) => {
            let (above, below) = float::as_integer_ratio(number)?;
            Ok(Fraction::new(above, below)?)
        }
        Data::Value(Value::Exact(Exact::Decimal(number))) => {
            let (above, below) = number.as_integer_ratio()?;
            Ok(Fraction::new(above, below)?)
        }
        _ => part(&above)?.ok_or_else(|| Failure::wrong_type("argument should be a string or a Rational instance")),
    }
}

/// The argument `tzinfo`.
pub(in crate::eval) fn zone_of<'a>(context: &Context<'a>, value: Option<Value<'a>>) -> Res<Option<Zone>> {
    match value.map(|value| context.load(value)).transpose()? {
        None | Some(Value::None) => Ok(None),
        Some(other) => {
            if let Value::Exact(Exact::Temporal(value)) = &other
                && let Temporal::Zone(zone) = &**value
            {
                return Ok(Some(zone.clone()));
            }
            let class = context.type_name(&other);
            let message = format!("tzinfo argument must be None or of a tzinfo subclass, not type '{class}'");
            Err(Failure::wrong_type(message))
        }
    }
}

/// A rounding by its name.
pub(in crate::eval) fn rounding<'a>(context: &Context<'a>, value: Option<Value<'a>>) -> Res<Rounding> {
    match value {
        None | Some(Value::None) => Ok(Rounding::from_name("ROUND_HALF_EVEN")?),
        Some(value) => Ok(Rounding::from_name(&String::from_utf8_lossy(&context.string(&value)?))?),
    }
}
