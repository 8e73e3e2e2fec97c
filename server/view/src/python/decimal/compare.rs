//! Order and equality, exact.

use std::cmp::Ordering;

use num_bigint::BigUint;

use super::super::Raised;
use super::context::DEFAULT;
use super::{Decimal, count, invalid, ten};

impl Decimal {
    /// The order of two numbers; None where one is a NaN.
    pub(super) fn order(&self, other: &Decimal) -> Option<Ordering> {
        if self.is_nan() || other.is_nan() {
            return None;
        }
        let sign = |value: &Decimal| {
            if value.is_zero() {
                0
            } else if value.negative {
                -1
            } else {
                1
            }
        };
        let by_sign = sign(self).cmp(&sign(other));
        if by_sign.is_ne() || sign(self) == 0 {
            return Some(by_sign);
        }
        let size = match (self.parts(), other.parts()) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some((left, high)), Some((right, low))) => {
                (count(left) + high).cmp(&(count(right) + low)).then_with(|| {
                    // numbers that start at one place differ in exponent by no more than they differ in digits
                    (left * ten((high - low).max(0))).cmp(&(right * ten((low - high).max(0))))
                })
            }
        };
        Some(if self.negative { size.reverse() } else { size })
    }

    /// `self == other`: a signaling NaN raises.
    pub fn equals(&self, other: &Decimal) -> Result<bool, Raised> {
        if self.is_snan() || other.is_snan() {
            return Err(invalid());
        }
        Ok(self.order(other) == Some(Ordering::Equal))
    }

    /// For `<`, `<=`, `>`, `>=`: any NaN raises.
    pub fn ordered(&self, other: &Decimal) -> Result<Ordering, Raised> {
        self.order(other).ok_or_else(invalid)
    }

    /// `compare(other)`: -1, 0 or 1, or a NaN.
    pub fn compare(&self, other: &Decimal) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(Some(other))? {
            return Ok(nan);
        }
        Ok(Decimal::from(self.order(other).map_or(0, |order| order as i64)))
    }

    /// `max(other)`, a method: a number goes before a quiet NaN.
    pub fn max(&self, other: &Decimal) -> Result<Decimal, Raised> {
        self.chosen(other, Ordering::Greater)
    }

    /// `min(other)`, a method.
    pub fn min(&self, other: &Decimal) -> Result<Decimal, Raised> {
        self.chosen(other, Ordering::Less)
    }

    fn chosen(&self, other: &Decimal, wanted: Ordering) -> Result<Decimal, Raised> {
        let nans = self.nan_of(Some(other))?;
        match (self.is_nan(), other.is_nan(), nans) {
            (true, true, Some(nan)) => return Ok(nan),
            (true, false, _) => return DEFAULT.fix(other.clone()),
            (false, true, _) => return DEFAULT.fix(self.clone()),
            _ => {}
        }
        let exponent = |value: &Decimal| value.parts().map_or(0, |(_, at)| at);
        let order = self.order(other).unwrap_or(Ordering::Equal).then_with(|| {
            // of equal numbers: by sign, then by exponent
            let by_exponent = exponent(self).cmp(&exponent(other));
            let by_exponent = if self.negative { by_exponent.reverse() } else { by_exponent };
            other.negative.cmp(&self.negative).then(by_exponent)
        });
        DEFAULT.fix(if order == wanted { self.clone() } else { other.clone() })
    }

    /// The digits as numbers, for `as_tuple()`; those of a NaN are its payload.
    pub fn digits(&self) -> Vec<u8> {
        match &self.number {
            super::Number::Finite { digits, .. } => digits.to_string().bytes().map(|digit| digit - b'0').collect(),
            super::Number::Infinite => vec![0],
            super::Number::Nan { payload, .. } if *payload == BigUint::ZERO => Vec::new(),
            super::Number::Nan { payload, .. } => payload.to_string().bytes().map(|digit| digit - b'0').collect(),
        }
    }
}
