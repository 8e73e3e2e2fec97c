//! Operators of Decimal, Fraction and of the values of datetime.

use std::cmp::Ordering;

use num_bigint::BigInt;

use super::super::equal::to_bigint;
use super::super::value::Value;
use super::super::{Failure, Res, number};
use super::Exact;
use crate::expr::tree::{Binary, Unary};
use crate::python::datetime::{Amount, Temporal, TimeDelta};
use crate::python::decimal::Decimal;
use crate::python::fraction::Fraction;
use crate::python::{Raised, float};

impl Exact {
    /// `None` where the two have no order by type; `Some(None)` where they have none by value.
    pub(in crate::eval) fn order(&self, other: &Value<'_>) -> Result<Option<Option<Ordering>>, Raised> {
        Ok(Some(match (self, other) {
            (Exact::Decimal(value), Value::Exact(Exact::Fraction(other))) => {
                let (above, below) = value.as_integer_ratio()?;
                Some(Fraction::new(above, below)?.ordered(other))
            }
            (Exact::Decimal(value), other) => match decimal_of(other) {
                Some(other) => Some(value.ordered(&other)?),
                None => return Ok(None),
            },
            (Exact::Fraction(_), Value::Exact(number @ Exact::Decimal(_))) => {
                let order = number.order(&Value::Exact(self.clone()))?;
                return Ok(order.map(|found| found.map(Ordering::reverse)));
            }
            (Exact::Fraction(value), Value::Float(other)) => order_of_float(value, *other)?,
            (Exact::Fraction(value), other) => match fraction_of(other)? {
                Some(other) => Some(value.ordered(&other)),
                None => return Ok(None),
            },
            (Exact::Temporal(a), Value::Exact(Exact::Temporal(b))) => Some(match (&**a, &**b) {
                (Temporal::Date(a), Temporal::Date(b)) => a.cmp(b),
                (Temporal::Time(a), Temporal::Time(b)) => a.ordered(b)?,
                (Temporal::DateTime(a), Temporal::DateTime(b)) => a.ordered(b)?,
                (Temporal::TimeDelta(a), Temporal::TimeDelta(b)) => a.cmp(b),
                _ => return Ok(None),
            }),
            _ => return Ok(None),
        }))
    }

    pub(in crate::eval) fn unary(&self, operator: Unary) -> Res<Option<Exact>> {
        Ok(match (self, operator) {
            (Exact::Decimal(value), Unary::Minus) => Some(value.minus()?.into()),
            (Exact::Decimal(value), Unary::Plus) => Some(value.plus()?.into()),
            (Exact::Fraction(value), Unary::Minus) => Some(value.neg().into()),
            (Exact::Fraction(_), Unary::Plus) => Some(self.clone()),
            (Exact::Temporal(value), Unary::Minus | Unary::Plus) => match (&**value, operator) {
                (Temporal::TimeDelta(delta), Unary::Minus) => Some(Temporal::TimeDelta(delta.neg()?).into()),
                (Temporal::TimeDelta(delta), _) => Some(Temporal::TimeDelta(*delta).into()),
                _ => None,
            },
            _ => None,
        })
    }

    pub(in crate::eval) fn abs(&self) -> Res<Option<Exact>> {
        Ok(match self {
            Exact::Decimal(value) => Some(value.abs()?.into()),
            Exact::Fraction(value) => Some(value.abs().into()),
            Exact::Temporal(value) => match &**value {
                Temporal::TimeDelta(delta) => Some(Temporal::TimeDelta(delta.abs()?).into()),
                _ => None,
            },
        })
    }

    pub(in crate::eval) fn round<'a>(&self, places: Option<i64>) -> Res<Option<Value<'a>>> {
        Ok(match (self, places) {
            (Exact::Decimal(value), None) => Some(Value::int(value.round_to_int()?)),
            (Exact::Decimal(value), Some(places)) => Some(Value::Exact(value.round(places)?.into())),
            (Exact::Fraction(value), None) => Some(Value::int(value.round())),
            (Exact::Fraction(value), Some(places)) => Some(Value::Exact(value.round_to(places)?.into())),
            (Exact::Temporal(_), _) => None,
        })
    }

    pub(in crate::eval) fn int(&self) -> Res<Option<BigInt>> {
        match self {
            Exact::Decimal(value) => Ok(Some(value.to_int()?)),
            Exact::Fraction(value) => Ok(Some(value.to_int())),
            Exact::Temporal(_) => Ok(None),
        }
    }

    pub(in crate::eval) fn float(&self) -> Res<Option<f64>> {
        match self {
            Exact::Decimal(value) => Ok(Some(value.to_float()?)),
            Exact::Fraction(value) => {
                Ok(Some(crate::python::int::true_divide(value.numerator(), value.denominator())?))
            }
            Exact::Temporal(_) => Ok(None),
        }
    }

    /// `math.floor`, `math.ceil`
    pub(in crate::eval) fn whole(&self, up: bool) -> Res<Option<BigInt>> {
        Ok(match self {
            Exact::Decimal(value) => Some(if up { value.ceil()? } else { value.floor()? }),
            Exact::Fraction(value) => Some(if up { value.ceil() } else { value.floor() }),
            Exact::Temporal(_) => None,
        })
    }

    /// `divmod`; `None` where the two operators tell.
    pub(in crate::eval) fn divmod<'a>(&self, other: &Value<'a>) -> Res<Option<(Value<'a>, Value<'a>)>> {
        match (self, other) {
            (Exact::Decimal(value), other) if !matches!(other, Value::Float(_)) => match decimal_of(other) {
                Some(other) => {
                    let (quotient, rest) = value.divmod(&other)?;
                    Ok(Some((Value::Exact(quotient.into()), Value::Exact(rest.into()))))
                }
                None => Ok(None),
            },
            _ => Ok(None),
        }
    }
}

/// The order of a fraction and a float; `None` of a NaN.
fn order_of_float(value: &Fraction, other: f64) -> Result<Option<Ordering>, Raised> {
    if other.is_nan() {
        return Ok(None);
    }
    if other.is_infinite() {
        return Ok(Some(if other > 0.0 { Ordering::Less } else { Ordering::Greater }));
    }
    let (above, below) = float::as_integer_ratio(other)?;
    Fraction::new(above, below).map(|other| Some(value.ordered(&other)))
}

/// A number as a decimal, where it is one without loss.
pub(in crate::eval) fn decimal_of(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Exact(Exact::Decimal(value)) => Some((**value).clone()),
        Value::Float(value) => Some(Decimal::from_float(*value)),
        other => Decimal::from_int(&to_bigint(other)?).ok(),
    }
}

/// An int or a fraction as a fraction.
pub(super) fn fraction_of(value: &Value<'_>) -> Result<Option<Fraction>, Raised> {
    match value {
        Value::Exact(Exact::Fraction(value)) => Ok(Some((**value).clone())),
        other => to_bigint(other).map(|number| Fraction::new(number, BigInt::from(1))).transpose(),
    }
}

pub(super) fn amount(value: &Value<'_>) -> Option<Amount> {
    match value {
        Value::Float(value) => Some(Amount::Float(*value)),
        other => to_bigint(other).map(Amount::Int),
    }
}

/// An operator of two values of which one is exact; `None` where it is not theirs.
pub(in crate::eval) fn binary<'a>(operator: Binary, a: &Value<'a>, b: &Value<'a>) -> Res<Option<Value<'a>>> {
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
        (Value::Exact(Exact::Fraction(_)), other) | (other, Value::Exact(Exact::Fraction(_))) => {
            of_fractions(operator, a, b, other)
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

/// An operator of a fraction and `other`, in the order of `a` and `b`.
fn of_fractions<'a>(operator: Binary, a: &Value<'a>, b: &Value<'a>, other: &Value<'a>) -> Res<Option<Value<'a>>> {
    let as_float = |value: &Value<'a>| -> Res<Value<'a>> {
        Ok(match value {
            Value::Exact(exact) => exact.float()?.map_or(Value::None, Value::Float),
            other => other.clone(),
        })
    };
    if matches!(other, Value::Float(_) | Value::Complex(..)) {
        return number::of_plain(operator, &as_float(a)?, &as_float(b)?);
    }
    let (Some(x), Some(y)) = (fraction_of(a)?, fraction_of(b)?) else { return Ok(None) };
    let made = match operator {
        Binary::Add => x.add(&y)?,
        Binary::Sub => x.sub(&y)?,
        Binary::Mul => x.mul(&y)?,
        Binary::Div => x.div(&y)?,
        Binary::FloorDiv => return Ok(Some(Value::int(x.floordiv(&y)?))),
        Binary::Mod => x.rem(&y)?,
        Binary::Pow if *y.denominator() == BigInt::from(1) => {
            let limit = || Failure::new("Limit", "a power of a fraction with so large an exponent");
            let power = x.pow(i64::try_from(y.numerator()).map_err(|_| limit())?)?;
            let whole = to_bigint(a).is_some() && *power.denominator() == BigInt::from(1);
            return Ok(Some(match whole {
                true => Value::int(power.numerator().clone()),
                false => Value::Exact(power.into()),
            }));
        }
        Binary::Pow => return number::of_plain(operator, &as_float(a)?, &as_float(b)?),
        _ => return Ok(None),
    };
    Ok(Some(Value::Exact(made.into())))
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
