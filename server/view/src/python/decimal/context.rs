//! Rounding, and the bounds of a context.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::super::Raised;
use super::{Decimal, Number, bounded, count, invalid, signal, ten};

/// The names of ways to round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Rounding {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
    ZeroFiveUp,
}

impl Rounding {
    /// As the decimal module names it: `ROUND_HALF_EVEN`.
    pub fn from_name(name: &str) -> Result<Rounding, Raised> {
        Ok(match name {
            "ROUND_UP" => Rounding::Up,
            "ROUND_DOWN" => Rounding::Down,
            "ROUND_CEILING" => Rounding::Ceiling,
            "ROUND_FLOOR" => Rounding::Floor,
            "ROUND_HALF_UP" => Rounding::HalfUp,
            "ROUND_HALF_DOWN" => Rounding::HalfDown,
            "ROUND_HALF_EVEN" => Rounding::HalfEven,
            "ROUND_05UP" => Rounding::ZeroFiveUp,
            _ => {
                let known = "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   \
                             ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]";
                return Err(Raised::new("TypeError", known));
            }
        })
    }

    /// `digits` without its last `drop` digits.
    fn shorten(self, digits: &BigUint, drop: i64, negative: bool) -> BigUint {
        if drop <= 0 || *digits == BigUint::ZERO {
            return digits.clone();
        }
        let (kept, half, exact) = if drop > count(digits) {
            (BigUint::ZERO, Ordering::Less, false)
        } else {
            let unit = ten(drop);
            let rest = digits % &unit;
            (digits / &unit, (&rest * 2u8).cmp(&unit), rest == BigUint::ZERO)
        };
        let more = !exact
            && match self {
                Rounding::Up => true,
                Rounding::Down => false,
                Rounding::Ceiling => !negative,
                Rounding::Floor => negative,
                Rounding::HalfUp => half.is_ge(),
                Rounding::HalfDown => half.is_gt(),
                Rounding::HalfEven => half.is_gt() || half.is_eq() && kept.bit(0),
                Rounding::ZeroFiveUp => &kept % 5u8 == BigUint::ZERO,
            };
        if more { kept + 1u8 } else { kept }
    }
}

/// What bounds a result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    pub(super) precision: i64,
}

/// The one that every thread starts with.
pub(super) const DEFAULT: Context = Context { precision: 28 };

const EMAX: i64 = 999_999;

impl Context {
    /// The exponent of the smallest number.
    pub(super) fn least(self) -> i64 {
        -EMAX - self.precision + 1
    }

    /// The number as this context can hold it.
    pub(super) fn fix(self, value: Decimal) -> Result<Decimal, Raised> {
        let negative = value.negative;
        let (digits, exponent) = match value.number {
            Number::Finite { digits, exponent } => (digits, exponent),
            Number::Nan { signaling, payload } => {
                let payload = payload % ten(self.precision);
                return Ok(Decimal { negative, number: Number::Nan { signaling, payload } });
            }
            Number::Infinite => return Ok(value),
        };
        if digits == BigUint::ZERO {
            return Ok(Decimal::zero(negative, exponent.clamp(self.least(), EMAX)));
        }
        let top = EMAX - self.precision + 1;
        let mut lowest = count(&digits) + exponent - self.precision;
        if lowest > top {
            return Err(signal("Overflow", "Overflow"));
        }
        lowest = lowest.max(self.least());
        if exponent >= lowest {
            return Ok(Decimal::finite(negative, digits, exponent));
        }
        let mut kept = Rounding::HalfEven.shorten(&digits, lowest - exponent, negative);
        if count(&kept) > self.precision {
            kept /= 10u8;
            lowest += 1;
        }
        if lowest > top {
            return Err(signal("Overflow", "Overflow"));
        }
        Ok(Decimal::finite(negative, kept, lowest))
    }
}

impl Decimal {
    /// With another exponent: zeros are added, or digits rounded away. What is not finite stays.
    pub(super) fn rescale(&self, to: i64, rounding: Rounding) -> Result<Decimal, Raised> {
        let Some((digits, exponent)) = self.parts() else { return Ok(self.clone()) };
        if *digits == BigUint::ZERO {
            return Ok(Decimal::zero(self.negative, to));
        }
        if exponent >= to {
            bounded(count(digits).saturating_add(exponent - to))?;
            return Ok(Decimal::finite(self.negative, digits * ten(exponent - to), to));
        }
        Ok(Decimal::finite(self.negative, rounding.shorten(digits, to - exponent, self.negative), to))
    }

    /// With so many digits.
    pub(super) fn to_digits(&self, places: i64, rounding: Rounding) -> Result<Decimal, Raised> {
        if self.is_zero() || !self.is_finite() {
            return Ok(self.clone());
        }
        let once = self.rescale(self.adjusted() + 1 - places, rounding)?;
        if once.adjusted() == self.adjusted() { Ok(once) } else { once.rescale(once.adjusted() + 1 - places, rounding) }
    }

    /// `quantize(exp, rounding)`: rounded to the exponent of `like`.
    pub fn quantize(&self, like: &Decimal, rounding: Rounding) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(Some(like))? {
            return Ok(nan);
        }
        let (Some(_), Some((_, to))) = (self.parts(), like.parts()) else {
            return if self.is_infinite() && like.is_infinite() { Ok(self.clone()) } else { Err(invalid()) };
        };
        if to < DEFAULT.least() || to > EMAX {
            return Err(invalid());
        }
        if self.is_zero() {
            return DEFAULT.fix(Decimal::zero(self.negative, to));
        }
        if self.adjusted() > EMAX || self.adjusted() - to + 1 > DEFAULT.precision {
            return Err(invalid());
        }
        let scaled = self.rescale(to, rounding)?;
        if scaled.adjusted() > EMAX || scaled.parts().is_some_and(|(digits, _)| count(digits) > DEFAULT.precision) {
            return Err(invalid());
        }
        DEFAULT.fix(scaled)
    }

    /// `round(d, n)`.
    pub fn round(&self, places: i64) -> Result<Decimal, Raised> {
        let to = places.checked_neg().unwrap_or(i64::MAX);
        self.quantize(&Decimal::finite(false, BigUint::from(1u8), to), Rounding::HalfEven)
    }

    /// `to_integral_value(rounding)`.
    pub fn to_integral_value(&self, rounding: Rounding) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(None)? {
            return Ok(nan);
        }
        match self.parts() {
            Some((_, exponent)) if exponent < 0 => self.rescale(0, rounding),
            _ => Ok(self.clone()),
        }
    }

    /// `normalize()`: without zeros at the end.
    pub fn normalize(&self) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(None)? {
            return Ok(nan);
        }
        let fixed = DEFAULT.fix(self.clone())?;
        let Some((digits, mut exponent)) = fixed.parts() else { return Ok(fixed) };
        let mut digits = digits.clone();
        if digits == BigUint::ZERO {
            return Ok(Decimal::zero(fixed.negative, 0));
        }
        while exponent < EMAX && &digits % 10u8 == BigUint::ZERO {
            digits /= 10u8;
            exponent += 1;
        }
        Ok(Decimal::finite(fixed.negative, digits, exponent))
    }

    /// The NaN that comes of an operation on a NaN; a signaling one raises.
    pub(super) fn nan_of(&self, other: Option<&Decimal>) -> Result<Option<Decimal>, Raised> {
        if self.is_snan() || other.is_some_and(Decimal::is_snan) {
            return Err(invalid());
        }
        match [Some(self), other].into_iter().flatten().find(|value| value.is_nan()) {
            Some(nan) => DEFAULT.fix(nan.clone()).map(Some),
            None => Ok(None),
        }
    }
}
