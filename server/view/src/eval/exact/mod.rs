//! Values of `decimal.Decimal`, `fractions.Fraction` and of the module datetime. What the dump has of them is their repr,
//! which tells all, or of a fraction its two numbers.

mod construct;
mod operate;

use std::rc::Rc;

use num_bigint::BigInt;

use super::dict::Key;
use super::value::Value;
use super::{Failure, Res};
use crate::python::Raised;
use crate::python::datetime::{self, Date, Temporal, Time, Zone};
use crate::python::decimal::Decimal;
use crate::python::fraction::Fraction;
use crate::python::{float, format};
pub(super) use construct::{construct, no_decimal, rounding, zone_of};
pub(super) use operate::{binary, decimal_of};

/// A value whose repr tells all.
#[derive(Debug, Clone)]
pub(super) enum Exact {
    Decimal(Rc<Decimal>),
    Fraction(Rc<Fraction>),
    Temporal(Rc<Temporal>),
}

/// The value that a repr is of; `None` where it is of none of these.
pub(super) fn parse(text: &str) -> Option<Exact> {
    if text.starts_with("Decimal(") {
        return Decimal::from_repr(text).map(Exact::from);
    }
    if let Some(parts) = text.strip_prefix("Fraction(").and_then(|rest| rest.strip_suffix(')')) {
        let (above, below) = parts.split_once(", ")?;
        return Fraction::new(above.parse().ok()?, below.parse().ok()?).ok().map(Exact::from);
    }
    if text.starts_with("datetime.") {
        return datetime::from_repr(text).map(Exact::from);
    }
    None
}

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Exact::Decimal(Rc::new(value))
    }
}

impl From<Fraction> for Exact {
    fn from(value: Fraction) -> Self {
        Exact::Fraction(Rc::new(value))
    }
}

impl From<Temporal> for Exact {
    fn from(value: Temporal) -> Self {
        Exact::Temporal(Rc::new(value))
    }
}

type Raises<T> = Result<T, Raised>;

/// The key of a number, which is that of an int or of a float where it equals one.
fn key_of_ratio(value: &Fraction) -> Key {
    if *value.denominator() == BigInt::from(1) {
        return match i64::try_from(value.numerator()) {
            Ok(small) => Key::Int(small),
            Err(_) => Key::Big(Rc::new(value.numerator().clone())),
        };
    }
    let near = crate::python::int::true_divide(value.numerator(), value.denominator());
    match near.map(|near| (near, float::as_integer_ratio(near))) {
        Ok((near, Ok((above, below)))) if above == *value.numerator() && below == *value.denominator() => {
            Key::Float(near.to_bits())
        }
        _ => Key::Ratio(Rc::new(value.numerator().clone()), Rc::new(value.denominator().clone())),
    }
}

/// `format(fraction, spec)`: as a decimal with so many places, or as the text that `str` gives.
fn format_fraction(value: &Fraction, spec: &str, room: usize) -> Res<String> {
    let refused = || {
        let message = format!("Invalid format specifier '{spec}' for object of type 'Fraction'");
        Failure::new("ValueError", message)
    };
    let parsed = format::parse(spec, format::Kind::Float, "Fraction").map_err(|_| refused())?;
    match parsed.code() {
        None if parsed.precision().is_none() => {
            // As text, but to the right.
            let aligned = spec.chars().take(2).any(|c| matches!(c, '<' | '>' | '^' | '='));
            let spec = if aligned { spec.to_owned() } else { format!(">{spec}") };
            let text = format::parse(&spec, format::Kind::Text, "Fraction").map_err(|_| refused())?;
            Ok(format::format_text(&value.to_string(), &text, room)?)
        }
        Some(code @ ('f' | 'F' | '%')) => {
            let places = i64::try_from(parsed.precision().unwrap_or(6)).unwrap_or(i64::MAX);
            let percent = if code == '%' { 2 } else { 0 };
            let (above, below) = (value.numerator().clone(), value.denominator().clone());
            let rounded = Fraction::new(above, below)?.round_to(places.saturating_add(percent))?;
            let scaled = Decimal::parse(&rounded.to_places(places + percent)?)?;
            Ok(format::format_decimal(&scaled, &parsed, room)?)
        }
        Some('e' | 'E' | 'g' | 'G') => {
            Err(Failure::new("NotSupported", format!("the format {spec} of a Fraction is not understood")))
        }
        _ => Err(refused()),
    }
}

impl Exact {
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Exact::Decimal(_) => "decimal.Decimal",
            Exact::Fraction(_) => "fractions.Fraction",
            Exact::Temporal(value) => match **value {
                Temporal::Date(_) => "datetime.date",
                Temporal::Time(_) => "datetime.time",
                Temporal::DateTime(_) => "datetime.datetime",
                Temporal::TimeDelta(_) => "datetime.timedelta",
                Temporal::Zone(_) => "datetime.timezone",
            },
        }
    }

    /// Whether it is the one `timezone.utc`.
    pub(super) fn is_utc(&self) -> bool {
        matches!(self, Exact::Temporal(value) if **value == Temporal::Zone(Zone::Utc))
    }

    pub(super) fn is_signaling(&self) -> bool {
        matches!(self, Exact::Decimal(value) if value.is_snan())
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Exact::Decimal(value) => value.truth(),
            Exact::Fraction(value) => *value.numerator() != BigInt::ZERO,
            Exact::Temporal(value) => match &**value {
                Temporal::TimeDelta(delta) => delta.truth(),
                _ => true,
            },
        }
    }

    pub(super) fn repr(&self) -> String {
        match self {
            Exact::Decimal(value) => value.repr(),
            Exact::Fraction(value) => value.repr(),
            Exact::Temporal(value) => match &**value {
                Temporal::Date(value) => value.repr(),
                Temporal::Time(value) => value.repr(false),
                Temporal::DateTime(value) => value.repr(false),
                Temporal::TimeDelta(value) => value.repr(false),
                Temporal::Zone(value) => value.repr(false),
            },
        }
    }

    /// `str(value)`, where that asks no time zone of Python code.
    pub(super) fn text(&self) -> Result<String, Raised> {
        Ok(match self {
            Exact::Decimal(value) => value.to_string(),
            Exact::Fraction(value) => value.to_string(),
            Exact::Temporal(value) => match &**value {
                Temporal::Date(value) => value.to_string(),
                Temporal::Time(value) => value.isoformat(datetime::TimeSpec::Auto)?,
                Temporal::DateTime(value) => value.isoformat(' ', datetime::TimeSpec::Auto)?,
                Temporal::TimeDelta(value) => value.to_string(),
                Temporal::Zone(value) => value.name()?,
            },
        })
    }

    pub(super) fn key(&self) -> Key {
        match self {
            Exact::Decimal(value) => {
                match value.as_integer_ratio().and_then(|(above, below)| Fraction::new(above, below)) {
                    Ok(ratio) => key_of_ratio(&ratio),
                    Err(_) => Key::Exact(value.normalize().map_or_else(|_| value.repr(), |value| value.repr()).into()),
                }
            }
            Exact::Fraction(value) => key_of_ratio(value),
            Exact::Temporal(value) => match &**value {
                // An instant is the same in every zone.
                Temporal::DateTime(moment) => match moment.timetz().offset() {
                    Ok(Some(_)) => match moment.astimezone(&Zone::Utc) {
                        Ok(utc) => Key::Exact(utc.repr(false).into()),
                        Err(_) => Key::Exact(self.repr().into()),
                    },
                    _ => Key::Exact(self.repr().into()),
                },
                _ => Key::Exact(self.repr().into()),
            },
        }
    }

    pub(super) fn equals(&self, other: &Value<'_>) -> Res<bool> {
        Ok(match (self, other) {
            (
                Exact::Decimal(value),
                Value::Float(_) | Value::Int(_) | Value::Big(_) | Value::Bool(_) | Value::Exact(Exact::Decimal(_)),
            ) => match decimal_of(other) {
                Some(other) => value.equals(&other)?,
                None => false,
            },
            (Exact::Decimal(_) | Exact::Fraction(_), Value::Complex(real, 0.0)) => self.equals(&Value::Float(*real))?,
            (Exact::Decimal(_) | Exact::Fraction(_), other) => match self.order(other) {
                Ok(order) => order.flatten().is_some_and(std::cmp::Ordering::is_eq),
                Err(_) => false,
            },
            (Exact::Temporal(a), Value::Exact(Exact::Temporal(b))) => match (&**a, &**b) {
                (Temporal::Date(a), Temporal::Date(b)) => a == b,
                (Temporal::Time(a), Temporal::Time(b)) => a.equals(b).unwrap_or(false),
                (Temporal::DateTime(a), Temporal::DateTime(b)) => a.equals(b).unwrap_or(false),
                (Temporal::TimeDelta(a), Temporal::TimeDelta(b)) => a == b,
                (Temporal::Zone(a), Temporal::Zone(b)) => match (a.offset(), b.offset()) {
                    (Ok(a), Ok(b)) => a == b,
                    _ => a == b,
                },
                _ => false,
            },
            _ => false,
        })
    }

    /// `format(value, spec)`, of a spec that is not empty.
    pub(super) fn format(&self, spec: &str, room: usize) -> Res<String> {
        match self {
            Exact::Decimal(value) => {
                let wrong = || Failure::new("ValueError", "invalid format string");
                let parsed = format::parse(spec, format::Kind::Float, "Decimal").map_err(|_| wrong())?;
                if parsed.code().is_some_and(|code| !"eEfFgGn%".contains(code)) {
                    return Err(wrong());
                }
                format::format_decimal(value, &parsed, room).map_err(Failure::from)
            }
            Exact::Fraction(value) => format_fraction(value, spec, room),
            Exact::Temporal(value) => match &**value {
                Temporal::Date(date) => {
                    let midnight = Time::new([0; 4], None, 0)?;
                    Ok(datetime::strftime(date, &midnight, spec, room)?)
                }
                Temporal::DateTime(moment) => Ok(datetime::strftime(&moment.date(), moment.timetz(), spec, room)?),
                Temporal::Time(time) => Ok(datetime::strftime(&Date::new(1900, 1, 1)?, time, spec, room)?),
                _ => {
                    let class = self.type_name();
                    Err(Failure::wrong_type(format!("unsupported format string passed to {class}.__format__")))
                }
            },
        }
    }

    pub(super) fn attribute<'a>(&self, name: &str) -> Raises<Option<Value<'a>>> {
        let int = |value: i64| Some(Value::Int(value));
        Ok(match self {
            Exact::Decimal(value) => match name {
                "real" => Some(Value::Exact(Exact::Decimal(value.clone()))),
                "imag" => Some(Value::Exact(Decimal::from_int(&BigInt::from(0))?.into())),
                _ => None,
            },
            Exact::Fraction(value) => match name {
                "numerator" | "_numerator" => Some(Value::int(value.numerator().clone())),
                "denominator" | "_denominator" => Some(Value::int(value.denominator().clone())),
                "real" => Some(Value::Exact(self.clone())),
                "imag" => int(0),
                _ => None,
            },
            Exact::Temporal(value) => {
                let zone = |zone: Option<&Zone>| match zone {
                    Some(zone) => Value::Exact(Temporal::Zone(zone.clone()).into()),
                    None => Value::None,
                };
                let of_date = |date: &Date| match name {
                    "year" => int(date.year()),
                    "month" => int(date.month()),
                    "day" => int(date.day()),
                    _ => None,
                };
                let of_time = |time: &Time| match name {
                    "hour" => int(time.hour()),
                    "minute" => int(time.minute()),
                    "second" => int(time.second()),
                    "microsecond" => int(time.microsecond()),
                    "fold" => int(time.fold()),
                    "tzinfo" => Some(zone(time.zone())),
                    _ => None,
                };
                match &**value {
                    Temporal::Date(date) => of_date(date),
                    Temporal::Time(time) => of_time(time),
                    Temporal::DateTime(moment) => of_date(&moment.date()).or_else(|| of_time(moment.timetz())),
                    Temporal::TimeDelta(delta) => match name {
                        "days" => int(delta.days()),
                        "seconds" => int(delta.seconds()),
                        "microseconds" => int(delta.microseconds()),
                        _ => None,
                    },
                    Temporal::Zone(_) => None,
                }
            }
        })
    }
}
