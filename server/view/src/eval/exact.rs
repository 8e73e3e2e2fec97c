//! Values of `decimal.Decimal` and of the module datetime: what the dump has of them is their repr, which tells all.

use std::cmp::Ordering;
use std::rc::Rc;

use num_bigint::BigInt;

use super::call::Arguments;
use super::dict::Key;
use super::equal::to_bigint;
use super::value::Value;
use super::{Context, Failure, Res};
use crate::expr::tree::{Binary, Unary};
use crate::python::Raised;
use crate::python::datetime::{self, Amount, Date, DateTime, Temporal, Time, TimeDelta, Zone};
use crate::python::decimal::{Decimal, Rounding};
use crate::python::format;

/// A value whose repr tells all.
#[derive(Debug, Clone)]
pub(super) enum Exact {
    Decimal(Rc<Decimal>),
    Temporal(Rc<Temporal>),
}

/// The value that a repr is of; `None` where it is of none of these.
pub(super) fn parse(text: &str) -> Option<Exact> {
    if text.starts_with("Decimal(") {
        return Decimal::from_repr(text).map(Exact::from);
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

impl From<Temporal> for Exact {
    fn from(value: Temporal) -> Self {
        Exact::Temporal(Rc::new(value))
    }
}

type Raises<T> = Result<T, Raised>;

impl Exact {
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Exact::Decimal(_) => "decimal.Decimal",
            Exact::Temporal(value) => match **value {
                Temporal::Date(_) => "datetime.date",
                Temporal::Time(_) => "datetime.time",
                Temporal::DateTime(_) => "datetime.datetime",
                Temporal::TimeDelta(_) => "datetime.timedelta",
                Temporal::Zone(_) => "datetime.timezone",
            },
        }
    }

    pub(super) fn is_true(&self) -> bool {
        match self {
            Exact::Decimal(value) => value.truth(),
            Exact::Temporal(value) => match &**value {
                Temporal::TimeDelta(delta) => delta.truth(),
                _ => true,
            },
        }
    }

    pub(super) fn repr(&self) -> String {
        match self {
            Exact::Decimal(value) => value.repr(),
            Exact::Temporal(value) => match &**value {
                Temporal::Date(value) => value.repr(),
                Temporal::Time(value) => value.repr(false),
                Temporal::DateTime(value) => value.repr(false),
                Temporal::TimeDelta(value) => value.repr(false),
                Temporal::Zone(value) => value.repr(false),
            },
        }
    }

    /// `str(value)`
    pub(super) fn text(&self) -> String {
        match self {
            Exact::Decimal(value) => value.to_string(),
            Exact::Temporal(value) => match &**value {
                Temporal::Date(value) => value.to_string(),
                Temporal::Time(value) => {
                    value.isoformat(datetime::TimeSpec::Auto).unwrap_or_else(|_| value.repr(false))
                }
                Temporal::DateTime(value) => {
                    value.isoformat(' ', datetime::TimeSpec::Auto).unwrap_or_else(|_| value.repr(false))
                }
                Temporal::TimeDelta(value) => value.to_string(),
                Temporal::Zone(value) => value.name().unwrap_or_else(|_| value.repr(false)),
            },
        }
    }

    pub(super) fn key(&self) -> Key {
        match self {
            Exact::Decimal(value) => match value.to_int() {
                Ok(int) if Decimal::from_int(&int).is_ok_and(|same| value.equals(&same).unwrap_or(false)) => {
                    match i64::try_from(&int) {
                        Ok(small) => Key::Int(small),
                        Err(_) => Key::Big(Rc::new(int)),
                    }
                }
                _ => match value.to_float() {
                    // A float that is exactly this number.
                    Ok(float) if value.equals(&Decimal::from_float(float)).unwrap_or(false) => {
                        Key::Float(float.to_bits())
                    }
                    _ => Key::Exact(value.normalize().map_or_else(|_| value.repr(), |value| value.repr()).into()),
                },
            },
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

    pub(super) fn equals(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Exact::Decimal(value), other) => {
                decimal_of(other).is_some_and(|other| value.equals(&other).unwrap_or(false))
            }
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
        }
    }

    /// `None` where the two have no order by type; `Some(None)` where they have none by value.
    pub(super) fn order(&self, other: &Value<'_>) -> Raises<Option<Option<Ordering>>> {
        Ok(Some(Some(match (self, other) {
            (Exact::Decimal(value), other) => match decimal_of(other) {
                Some(other) => value.ordered(&other)?,
                None => return Ok(None),
            },
            (Exact::Temporal(a), Value::Exact(Exact::Temporal(b))) => match (&**a, &**b) {
                (Temporal::Date(a), Temporal::Date(b)) => a.cmp(b),
                (Temporal::Time(a), Temporal::Time(b)) => a.ordered(b)?,
                (Temporal::DateTime(a), Temporal::DateTime(b)) => a.ordered(b)?,
                (Temporal::TimeDelta(a), Temporal::TimeDelta(b)) => a.cmp(b),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        })))
    }

    pub(super) fn unary(&self, operator: Unary) -> Res<Option<Exact>> {
        Ok(match (self, operator) {
            (Exact::Decimal(value), Unary::Minus) => Some(value.minus()?.into()),
            (Exact::Decimal(value), Unary::Plus) => Some(value.plus()?.into()),
            (Exact::Temporal(value), Unary::Minus | Unary::Plus) => match (&**value, operator) {
                (Temporal::TimeDelta(delta), Unary::Minus) => Some(Temporal::TimeDelta(delta.neg()?).into()),
                (Temporal::TimeDelta(delta), _) => Some(Temporal::TimeDelta(*delta).into()),
                _ => None,
            },
            _ => None,
        })
    }

    pub(super) fn abs(&self) -> Res<Option<Exact>> {
        Ok(match self {
            Exact::Decimal(value) => Some(value.abs()?.into()),
            Exact::Temporal(value) => match &**value {
                Temporal::TimeDelta(delta) => Some(Temporal::TimeDelta(delta.abs()?).into()),
                _ => None,
            },
        })
    }

    pub(super) fn round<'a>(&self, places: Option<i64>) -> Res<Option<Value<'a>>> {
        Ok(match (self, places) {
            (Exact::Decimal(value), None) => Some(Value::int(value.round_to_int()?)),
            (Exact::Decimal(value), Some(places)) => Some(Value::Exact(value.round(places)?.into())),
            _ => None,
        })
    }

    pub(super) fn int(&self) -> Res<Option<BigInt>> {
        match self {
            Exact::Decimal(value) => Ok(Some(value.to_int()?)),
            Exact::Temporal(_) => Ok(None),
        }
    }

    pub(super) fn float(&self) -> Res<Option<f64>> {
        match self {
            Exact::Decimal(value) => Ok(Some(value.to_float()?)),
            Exact::Temporal(_) => Ok(None),
        }
    }

    /// `format(value, spec)`, of a spec that is not empty.
    pub(super) fn format(&self, spec: &str, room: usize) -> Res<String> {
        match self {
            Exact::Decimal(value) => {
                let parsed = format::parse(spec, format::Kind::Float, "Decimal")
                    .map_err(|_| Failure::new("ValueError", "invalid format string"))?;
                format::format_decimal(value, &parsed, room).map_err(Failure::from)
            }
            Exact::Temporal(value) => match &**value {
                Temporal::Date(date) => {
                    let midnight = Time::new([0; 4], None, 0)?;
                    Ok(datetime::strftime(date, &midnight, spec, room)?)
                }
                Temporal::DateTime(moment) => Ok(datetime::strftime(&moment.date(), moment.timetz(), spec, room)?),
                Temporal::Time(time) => Ok(datetime::strftime(&Date::new(1900, 1, 1)?, time, spec, room)?),
                _ => {
                    let class = super::types::short(self.type_name());
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

fn decimal_of(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Exact(Exact::Decimal(value)) => Some((**value).clone()),
        Value::Float(value) => Some(Decimal::from_float(*value)),
        other => Decimal::from_int(&to_bigint(other)?).ok(),
    }
}

fn amount(value: &Value<'_>) -> Option<Amount> {
    match value {
        Value::Float(value) => Some(Amount::Float(*value)),
        other => to_bigint(other).map(Amount::Int),
    }
}

/// An operator of two values of which one is exact; `None` where it is not theirs.
pub(super) fn binary<'a>(operator: Binary, a: &Value<'a>, b: &Value<'a>) -> Res<Option<Value<'a>>> {
    match (a, b) {
        (Value::Exact(Exact::Decimal(_)), other) | (other, Value::Exact(Exact::Decimal(_))) => {
            if !matches!(other, Value::Exact(Exact::Decimal(_))) && to_bigint(other).is_none() {
                return Ok(None);
            }
            let (Some(a), Some(b)) = (decimal_of(a), decimal_of(b)) else { return Ok(None) };
            let made = match operator {
                Binary::Add => a.add(&b)?,
                Binary::Sub => a.sub(&b)?,
                Binary::Mul => a.mul(&b)?,
                Binary::Div => a.div(&b)?,
                Binary::FloorDiv => a.floordiv(&b)?,
                Binary::Mod => a.rem(&b)?,
                Binary::Pow => a.pow(&b)?,
                _ => return Ok(None),
            };
            Ok(Some(Value::Exact(made.into())))
        }
        (Value::Exact(Exact::Temporal(a)), Value::Exact(Exact::Temporal(b))) => of_temporals(operator, a, b),
        (Value::Exact(Exact::Temporal(a)), other) => match (&**a, operator, amount(other)) {
            (Temporal::TimeDelta(delta), Binary::Mul, Some(by)) => delta_value(delta.mul(&by)?),
            (Temporal::TimeDelta(delta), Binary::Div, Some(by)) => delta_value(delta.div(&by)?),
            (Temporal::TimeDelta(delta), Binary::FloorDiv, Some(Amount::Int(by))) => {
                delta_value(delta.floordiv_int(&by)?)
            }
            _ => Ok(None),
        },
        (other, Value::Exact(Exact::Temporal(b))) => match (&**b, operator, amount(other)) {
            (Temporal::TimeDelta(delta), Binary::Mul, Some(by)) => delta_value(delta.mul(&by)?),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

fn delta_value<'a>(delta: TimeDelta) -> Res<Option<Value<'a>>> {
    Ok(Some(Value::Exact(Temporal::TimeDelta(delta).into())))
}

fn of_temporals<'a>(operator: Binary, a: &Temporal, b: &Temporal) -> Res<Option<Value<'a>>> {
    use Temporal::{Date, DateTime, TimeDelta};
    let made = match (operator, a, b) {
        (Binary::Add, TimeDelta(a), TimeDelta(b)) => TimeDelta(a.add(b)?),
        (Binary::Sub, TimeDelta(a), TimeDelta(b)) => TimeDelta(a.sub(b)?),
        (Binary::Mod, TimeDelta(a), TimeDelta(b)) => TimeDelta(a.rem(b)?),
        (Binary::Div, TimeDelta(a), TimeDelta(b)) => return Ok(Some(Value::Float(a.ratio(b)?))),
        (Binary::FloorDiv, TimeDelta(a), TimeDelta(b)) => return Ok(Some(Value::int(a.floordiv(b)?))),
        (Binary::Add, Date(date), TimeDelta(delta)) | (Binary::Add, TimeDelta(delta), Date(date)) => {
            Date(date.plus(delta)?)
        }
        (Binary::Sub, Date(date), TimeDelta(delta)) => Date(date.minus(delta)?),
        (Binary::Sub, Date(a), Date(b)) => TimeDelta(a.since(b)),
        (Binary::Add, DateTime(moment), TimeDelta(delta)) | (Binary::Add, TimeDelta(delta), DateTime(moment)) => {
            DateTime(moment.plus(delta)?)
        }
        (Binary::Sub, DateTime(moment), TimeDelta(delta)) => DateTime(moment.minus(delta)?),
        (Binary::Sub, DateTime(a), DateTime(b)) => TimeDelta(a.since(b)?),
        _ => return Ok(None),
    };
    Ok(Some(Value::Exact(made.into())))
}

/// The value that a type of these makes of arguments; `None` where it is no such type.
pub(super) fn construct<'a>(context: &Context<'a>, class: &str, arguments: &Arguments<'a>) -> Res<Option<Value<'a>>> {
    let arguments = arguments.clone();
    let int = |value: Option<Value<'a>>, default: i64| match value {
        None => Ok(default),
        Some(value) => context.index(&value)?.ok_or_else(|| {
            let class = context.type_name(&value);
            Failure::wrong_type(format!("'{class}' object cannot be interpreted as an integer"))
        }),
    };
    let temporal = |value: Temporal| Ok(Some(Value::Exact(value.into())));
    match class {
        "decimal.Decimal" => {
            let [value] = arguments.bind(["value"], 0)?;
            let made = match value.map(|value| context.data(&value)).transpose()? {
                None => Decimal::from_int(&BigInt::from(0))?,
                Some(super::data::Data::Value(Value::Text(text))) => Decimal::parse(&String::from_utf8_lossy(&text))?,
                Some(super::data::Data::Value(other)) => match decimal_of(&other) {
                    Some(made) => made,
                    None => {
                        let class = context.type_name(&other);
                        return Err(Failure::wrong_type(format!(
                            "conversion from {class} to Decimal is not supported"
                        )));
                    }
                },
                Some(_) => return Err(Failure::new("NotSupported", "Decimal of a tuple is not understood")),
            };
            Ok(Some(Value::Exact(made.into())))
        }
        "datetime.date" => {
            let [year, month, day] = arguments.bind(["year", "month", "day"], 3)?;
            temporal(Temporal::Date(Date::new(int(year, 0)?, int(month, 0)?, int(day, 0)?)?))
        }
        "datetime.datetime" => {
            let names = ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];
            let [year, month, day, hour, minute, second, micro, zone, fold] = arguments.bind(names, 3)?;
            let date = Date::new(int(year, 0)?, int(month, 0)?, int(day, 0)?)?;
            let parts = [int(hour, 0)?, int(minute, 0)?, int(second, 0)?, int(micro, 0)?];
            let time = Time::new(parts, zone_of(context, zone)?, int(fold, 0)?)?;
            temporal(Temporal::DateTime(DateTime::new(date, time)))
        }
        "datetime.time" => {
            let names = ["hour", "minute", "second", "microsecond", "tzinfo", "fold"];
            let [hour, minute, second, micro, zone, fold] = arguments.bind(names, 0)?;
            let parts = [int(hour, 0)?, int(minute, 0)?, int(second, 0)?, int(micro, 0)?];
            temporal(Temporal::Time(Time::new(parts, zone_of(context, zone)?, int(fold, 0)?)?))
        }
        "datetime.timedelta" => {
            let names = ["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"];
            let bound = arguments.bind(names, 0)?;
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
            let [offset, name] = arguments.bind(["offset", "name"], 1)?;
            let offset = match offset.map(|offset| context.load(offset)).transpose()? {
                Some(Value::Exact(Exact::Temporal(value))) => match &*value {
                    Temporal::TimeDelta(delta) => *delta,
                    _ => return Err(Failure::wrong_type("timezone() argument 1 must be datetime.timedelta")),
                },
                _ => return Err(Failure::wrong_type("timezone() argument 1 must be datetime.timedelta")),
            };
            let name = name.map(|name| context.string(&name)).transpose()?;
            let name = name.map(|name| String::from_utf8_lossy(&name).into_owned());
            temporal(Temporal::Zone(Zone::new(offset, name)?))
        }
        _ => Ok(None),
    }
}

/// The argument `tzinfo`.
pub(super) fn zone_of<'a>(context: &Context<'a>, value: Option<Value<'a>>) -> Res<Option<Zone>> {
    match value.map(|value| context.load(value)).transpose()? {
        None | Some(Value::None) => Ok(None),
        Some(Value::Exact(Exact::Temporal(value))) => match &*value {
            Temporal::Zone(zone) => Ok(Some(zone.clone())),
            _ => Err(Failure::wrong_type("tzinfo argument must be None or of a tzinfo subclass")),
        },
        Some(other) => {
            let class = context.type_name(&other);
            let message = format!("tzinfo argument must be None or of a tzinfo subclass, not type '{class}'");
            Err(Failure::wrong_type(message))
        }
    }
}

/// A rounding by its name.
pub(super) fn rounding<'a>(context: &Context<'a>, value: Option<Value<'a>>) -> Res<Rounding> {
    match value {
        None | Some(Value::None) => Ok(Rounding::from_name("ROUND_HALF_EVEN")?),
        Some(value) => Ok(Rounding::from_name(&String::from_utf8_lossy(&context.string(&value)?))?),
    }
}
