//! What a decimal is made of, its neighbours, and what shifts its exponent or its digits.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::super::Raised;
use super::context::{DEFAULT, Rounding};
use super::{Decimal, Number, bounded, count, invalid, signal, ten};

/// The least exponent of a first digit of a number that is normal.
const LEAST_NORMAL: i64 = -999_999;

impl Decimal {
    /// `Decimal((sign, digits, exponent))`; the exponent is a number or `F`, `n`, `N`.
    pub fn from_parts(negative: bool, digits: &[u8], exponent: Result<i64, char>) -> Result<Decimal, Raised> {
        bounded(i64::try_from(digits.len()).unwrap_or(i64::MAX))?;
        let number = digits.iter().fold(BigUint::ZERO, |number, digit| number * 10u8 + *digit);
        Ok(match exponent {
            Ok(exponent) => {
                let value = Decimal::finite(negative, number, exponent);
                if value.adjusted().abs() > super::MAX_EXPONENT {
                    return Err(invalid());
                }
                value
            }
            Err('F') => Decimal::infinity(negative),
            Err(letter) => Decimal { negative, number: Number::Nan { signaling: letter == 'N', payload: number } },
        })
    }

    /// `is_qnan()`.
    pub fn is_qnan(&self) -> bool {
        self.is_nan() && !self.is_snan()
    }

    /// `is_normal()`: finite, not zero, and not smaller than the context takes with all digits.
    pub fn is_normal(&self) -> bool {
        self.is_finite() && !self.is_zero() && self.adjusted() >= LEAST_NORMAL
    }

    /// `is_subnormal()`.
    pub fn is_subnormal(&self) -> bool {
        self.is_finite() && !self.is_zero() && self.adjusted() < LEAST_NORMAL
    }

    /// `number_class()`.
    pub fn number_class(&self) -> String {
        if self.is_nan() {
            return (if self.is_snan() { "sNaN" } else { "NaN" }).to_owned();
        }
        let class = if self.is_infinite() {
            "Infinity"
        } else if self.is_zero() {
            "Zero"
        } else if self.is_normal() {
            "Normal"
        } else {
            "Subnormal"
        };
        format!("{}{class}", if self.negative { '-' } else { '+' })
    }

    /// `copy_sign(other)`.
    pub fn copy_sign(&self, other: &Decimal) -> Decimal {
        Decimal { negative: other.negative, number: self.number.clone() }
    }

    /// `same_quantum(other)`: of one exponent, or both infinite, or both NaN.
    pub fn same_quantum(&self, other: &Decimal) -> bool {
        match (self.parts(), other.parts()) {
            (Some((_, a)), Some((_, b))) => a == b,
            (None, None) => self.is_nan() == other.is_nan(),
            _ => false,
        }
    }

    /// `logb()`: the exponent of the first digit, as a number.
    pub fn logb(&self) -> Result<Decimal, Raised> {
        match self.nan_of(None)? {
            Some(nan) => Ok(nan),
            None if self.is_infinite() => Ok(Decimal::infinity(false)),
            None if self.is_zero() => Err(signal("DivisionByZero", "DivisionByZero")),
            None => Ok(Decimal::from(self.adjusted())),
        }
    }

    /// A whole number within bounds, as `scaleb` and its kin take it.
    fn small(&self, most: i64) -> Result<i64, Raised> {
        let whole = matches!(self.parts(), Some((_, 0)));
        let number = if whole { self.to_int().ok().and_then(|number| i64::try_from(number).ok()) } else { None };
        number.filter(|number| number.abs() <= most).ok_or_else(invalid)
    }

    /// `scaleb(other)`: the exponent moved.
    pub fn scaleb(&self, other: &Decimal) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(Some(other))? {
            return Ok(nan);
        }
        let by = other.small(2 * (999_999 + DEFAULT.precision))?;
        match self.parts() {
            Some((digits, exponent)) => DEFAULT.fix(Decimal::finite(self.negative, digits.clone(), exponent + by)),
            None => Ok(self.clone()),
        }
    }

    /// `shift(other)`: the digits moved within the precision, to the left where `other` is positive.
    pub fn shift(&self, other: &Decimal) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(Some(other))? {
            return Ok(nan);
        }
        let by = other.small(DEFAULT.precision)?;
        let Some((digits, exponent)) = self.parts() else { return Ok(self.clone()) };
        let kept = digits % ten(DEFAULT.precision);
        let moved = if by < 0 { kept / ten(-by) } else { kept * ten(by) };
        Ok(Decimal::finite(self.negative, moved % ten(DEFAULT.precision), exponent))
    }

    /// `next_plus()`: the smallest number that is larger.
    pub fn next_plus(&self) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(None)? {
            return Ok(nan);
        }
        let parts = self.parts().filter(|_| self.is_zero() || self.adjusted() <= -LEAST_NORMAL);
        let Some((digits, exponent)) = parts else {
            let largest = Decimal::finite(true, ten(DEFAULT.precision) - 1u8, -LEAST_NORMAL - DEFAULT.precision + 1);
            return Ok(if self.negative { largest } else { Decimal::infinity(false) });
        };
        if self.is_zero() {
            return Ok(Decimal::finite(false, BigUint::from(1u8), DEFAULT.least()));
        }
        let lowest = (self.adjusted() + 1 - DEFAULT.precision).max(DEFAULT.least());
        let (rounding, negative) = if self.negative { (Rounding::Down, true) } else { (Rounding::Up, false) };
        if exponent < lowest {
            let rounded = self.rescale(lowest, rounding)?;
            if rounded.order(self).is_some_and(Ordering::is_ne) {
                return DEFAULT.fix(rounded);
            }
        }
        // One unit of a digit more than the precision, rounded away.
        let below = lowest - 1;
        let fine = if exponent >= below { digits * ten(exponent - below) } else { digits / ten(below - exponent) };
        let moved = if negative { fine - 1u8 } else { fine + 1u8 };
        let moved = Decimal::finite(negative, moved, below);
        let lowest = (moved.adjusted() + 1 - DEFAULT.precision).max(DEFAULT.least());
        DEFAULT.fix(moved.rescale(lowest, rounding)?)
    }

    /// `next_minus()`: the largest number that is smaller.
    pub fn next_minus(&self) -> Result<Decimal, Raised> {
        match self.nan_of(None)? {
            Some(nan) => Ok(nan),
            None => Ok(self.copy_negate().next_plus()?.copy_negate()),
        }
    }

    /// `fma(other, third)`: a product and a sum, rounded once.
    pub fn fma(&self, other: &Decimal, third: &Decimal) -> Result<Decimal, Raised> {
        if third.is_snan() {
            return Err(invalid());
        }
        if let Some(nan) = self.nan_of(Some(other))? {
            return Ok(nan);
        }
        let product = match (self.parts(), other.parts()) {
            (Some((left, low)), Some((right, high))) => {
                bounded(count(left) + count(right))?;
                Decimal::finite(self.negative != other.negative, left * right, low + high)
            }
            _ => self.mul(other)?,
        };
        product.add(third)
    }

    /// `remainder_near(other)`: what is left of the nearest multiple.
    pub fn remainder_near(&self, other: &Decimal) -> Result<Decimal, Raised> {
        // What is no number, or not to be divided by, is refused as by `%`.
        let rest = self.rem(other)?;
        // Of what is far smaller than `other` zero is the nearest multiple.
        let smaller = self.is_zero() || self.adjusted() + 1 < other.adjusted();
        let Some((size, low)) = other.parts().filter(|_| !rest.is_nan() && !smaller) else { return Ok(rest) };
        let (quotient, rest) = self.split(other)?;
        let (Some((left, at)), Some((times, _))) = (rest.parts(), quotient.parts()) else { return Ok(rest) };
        let size = size * ten((low - at).max(0));
        let twice = left * 2u8;
        if twice < size || twice == size && !times.bit(0) {
            return DEFAULT.fix(rest);
        }
        if times + 1u8 == ten(DEFAULT.precision) {
            return Err(signal("InvalidOperation", "DivisionImpossible"));
        }
        DEFAULT.fix(Decimal::finite(!rest.negative, size - left, at))
    }

    /// `compare_total(other)`: by the order of all representations.
    pub fn compare_total(&self, other: &Decimal) -> Decimal {
        let rank = |value: &Decimal| match (&value.number, value.is_snan()) {
            (Number::Nan { .. }, true) => 1,
            (Number::Nan { .. }, false) => 2,
            _ => 0,
        };
        let payload = |value: &Decimal| match &value.number {
            Number::Nan { payload, .. } => payload.clone(),
            _ => BigUint::ZERO,
        };
        let exponent = |value: &Decimal| value.parts().map_or(0, |(_, at)| at);
        let sizes = rank(self).cmp(&rank(other)).then_with(|| payload(self).cmp(&payload(other))).then_with(|| {
            let (a, b) = (self.copy_abs(), other.copy_abs());
            a.order(&b).unwrap_or(Ordering::Equal).then_with(|| exponent(self).cmp(&exponent(other)))
        });
        let order = match (self.negative, other.negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (true, true) => sizes.reverse(),
            (false, false) => sizes,
        };
        Decimal::from(order as i64)
    }

    /// `max_mag(other)`: the one that is further from zero.
    pub fn max_mag(&self, other: &Decimal) -> Result<Decimal, Raised> {
        match self.copy_abs().order(&other.copy_abs()) {
            Some(Ordering::Greater) => DEFAULT.fix(self.clone()),
            Some(Ordering::Less) => DEFAULT.fix(other.clone()),
            _ => self.max(other),
        }
    }

    /// `min_mag(other)`: the one that is nearer to zero.
    pub fn min_mag(&self, other: &Decimal) -> Result<Decimal, Raised> {
        match self.copy_abs().order(&other.copy_abs()) {
            Some(Ordering::Less) => DEFAULT.fix(self.clone()),
            Some(Ordering::Greater) => DEFAULT.fix(other.clone()),
            _ => self.min(other),
        }
    }

    /// `pow(self, times, modulus)`: of whole numbers.
    pub fn pow_modulo(&self, times: &Decimal, modulus: &Decimal) -> Result<Decimal, Raised> {
        let whole = |value: &Decimal| match value.parts() {
            Some((_, exponent)) if exponent >= 0 || value.to_integral_value(Rounding::Down)?.equals(value)? => {
                value.to_int()
            }
            _ => Err(invalid()),
        };
        let (base, times, modulus) = (whole(self)?, whole(times)?, whole(modulus)?);
        if modulus.sign() == num_bigint::Sign::NoSign || times.sign() == num_bigint::Sign::Minus {
            return Err(invalid());
        }
        let negative = self.negative && times.bit(0);
        let made = base.magnitude().modpow(times.magnitude(), modulus.magnitude());
        Ok(Decimal::finite(negative, made, 0))
    }
}
