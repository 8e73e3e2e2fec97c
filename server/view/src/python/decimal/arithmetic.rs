//! Sums, products, quotients, roots.

use num_bigint::BigUint;

use super::super::Raised;
use super::context::{Context, DEFAULT, Rounding};
use super::{Decimal, bounded, count, invalid, signal, ten};

impl Decimal {
    /// `+d`: rounded to the context.
    pub fn plus(&self) -> Result<Decimal, Raised> {
        match self.nan_of(None)? {
            Some(nan) => Ok(nan),
            None if self.is_zero() => DEFAULT.fix(self.copy_abs()),
            None => DEFAULT.fix(self.clone()),
        }
    }

    /// `-d`: rounded to the context; there is no negative zero of it.
    pub fn minus(&self) -> Result<Decimal, Raised> {
        match self.nan_of(None)? {
            Some(nan) => Ok(nan),
            None if self.is_zero() => DEFAULT.fix(self.copy_abs()),
            None => DEFAULT.fix(self.copy_negate()),
        }
    }

    /// `abs(d)`: rounded to the context.
    pub fn abs(&self) -> Result<Decimal, Raised> {
        if self.negative { self.minus() } else { self.plus() }
    }

    /// `self + other`.
    pub fn add(&self, other: &Decimal) -> Result<Decimal, Raised> {
        match self.nan_of(Some(other))? {
            Some(nan) => Ok(nan),
            None => self.sum(other),
        }
    }

    /// `self - other`.
    pub fn sub(&self, other: &Decimal) -> Result<Decimal, Raised> {
        match self.nan_of(Some(other))? {
            Some(nan) => Ok(nan),
            None => self.sum(&other.copy_negate()),
        }
    }

    fn sum(&self, other: &Decimal) -> Result<Decimal, Raised> {
        let (Some((left, low)), Some((right, high))) = (self.parts(), other.parts()) else {
            if self.is_infinite() && other.is_infinite() && self.negative != other.negative {
                return Err(invalid());
            }
            return Ok(if self.is_infinite() { self.clone() } else { other.clone() });
        };
        let exponent = low.min(high);
        if self.is_zero() && other.is_zero() {
            return DEFAULT.fix(Decimal::zero(self.negative && other.negative, exponent));
        }
        if self.is_zero() || other.is_zero() {
            let (some, at) = if self.is_zero() { (other, high) } else { (self, low) };
            return DEFAULT.fix(some.rescale(exponent.max(at - DEFAULT.precision - 1), Rounding::HalfEven)?);
        }
        let (left, right, at) = if low < high {
            swapped(aligned((right, high), (left, low))?)
        } else {
            aligned((left, low), (right, high))?
        };
        let (negative, digits) = match (self.negative == other.negative, left.cmp(&right)) {
            (true, _) => (self.negative, left + right),
            (false, std::cmp::Ordering::Equal) => return DEFAULT.fix(Decimal::zero(false, exponent)),
            (false, std::cmp::Ordering::Greater) => (self.negative, left - right),
            (false, std::cmp::Ordering::Less) => (other.negative, right - left),
        };
        DEFAULT.fix(Decimal::finite(negative, digits, at))
    }

    /// `self * other`.
    pub fn mul(&self, other: &Decimal) -> Result<Decimal, Raised> {
        match self.nan_of(Some(other))? {
            Some(nan) => Ok(nan),
            None => self.product(other, DEFAULT),
        }
    }

    pub(super) fn product(&self, other: &Decimal, context: Context) -> Result<Decimal, Raised> {
        let negative = self.negative != other.negative;
        let (Some((left, low)), Some((right, high))) = (self.parts(), other.parts()) else {
            return if self.is_zero() || other.is_zero() { Err(invalid()) } else { Ok(Decimal::infinity(negative)) };
        };
        context.fix(Decimal::finite(negative, left * right, low + high))
    }

    /// `self / other`.
    pub fn div(&self, other: &Decimal) -> Result<Decimal, Raised> {
        match self.nan_of(Some(other))? {
            Some(nan) => Ok(nan),
            None => self.quotient(other, DEFAULT),
        }
    }

    pub(super) fn quotient(&self, other: &Decimal, context: Context) -> Result<Decimal, Raised> {
        let negative = self.negative != other.negative;
        let (Some((left, high)), Some((right, low))) = (self.parts(), other.parts()) else {
            return match (self.is_infinite(), other.is_infinite()) {
                (true, true) => Err(invalid()),
                (true, false) => Ok(Decimal::infinity(negative)),
                _ => Ok(Decimal::zero(negative, context.least())),
            };
        };
        if other.is_zero() {
            return Err(self.by_zero());
        }
        let ideal = high - low;
        if self.is_zero() {
            return context.fix(Decimal::zero(negative, ideal));
        }
        let shift = count(right) - count(left) + context.precision + 1;
        let (above, below) =
            if shift >= 0 { (left * ten(shift), right.clone()) } else { (left.clone(), right * ten(-shift)) };
        let (mut digits, rest, mut exponent) = (&above / &below, &above % &below, ideal - shift);
        if rest != BigUint::ZERO {
            // no tie where something is left over
            if &digits % 5u8 == BigUint::ZERO {
                digits += 1u8;
            }
        } else {
            while exponent < ideal && &digits % 10u8 == BigUint::ZERO {
                digits /= 10u8;
                exponent += 1;
            }
        }
        context.fix(Decimal::finite(negative, digits, exponent))
    }

    fn by_zero(&self) -> Raised {
        if self.is_zero() {
            signal("InvalidOperation", "DivisionUndefined")
        } else {
            signal("DivisionByZero", "DivisionByZero")
        }
    }

    /// `self // other`: towards zero.
    pub fn floordiv(&self, other: &Decimal) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(Some(other))? {
            return Ok(nan);
        }
        if self.is_infinite() {
            let negative = self.negative != other.negative;
            return if other.is_infinite() { Err(invalid()) } else { Ok(Decimal::infinity(negative)) };
        }
        if other.is_zero() {
            return Err(self.by_zero());
        }
        Ok(self.split(other)?.0)
    }

    /// `self % other`: with the sign of `self`.
    pub fn rem(&self, other: &Decimal) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(Some(other))? {
            return Ok(nan);
        }
        if self.is_infinite() {
            return Err(invalid());
        }
        if other.is_zero() {
            return Err(if self.is_zero() { self.by_zero() } else { invalid() });
        }
        DEFAULT.fix(self.split(other)?.1)
    }

    /// `divmod(self, other)`.
    pub fn divmod(&self, other: &Decimal) -> Result<(Decimal, Decimal), Raised> {
        if let Some(nan) = self.nan_of(Some(other))? {
            return Ok((nan.clone(), nan));
        }
        if self.is_infinite() {
            return Err(invalid());
        }
        if other.is_zero() {
            let both = "[<class 'decimal.InvalidOperation'>, <class 'decimal.DivisionByZero'>]";
            return Err(if self.is_zero() { self.by_zero() } else { Raised::new("InvalidOperation", both) });
        }
        let (quotient, rest) = self.split(other)?;
        Ok((quotient, DEFAULT.fix(rest)?))
    }

    /// The whole quotient and what is left. `self` is finite, `other` neither NaN nor zero.
    pub(super) fn split(&self, other: &Decimal) -> Result<(Decimal, Decimal), Raised> {
        let negative = self.negative != other.negative;
        let Some((left, high)) = self.parts() else { return Err(invalid()) };
        let Some((right, low)) = other.parts() else {
            return Ok((Decimal::zero(negative, 0), self.clone()));
        };
        let ideal = high.min(low);
        let apart = self.adjusted() - other.adjusted();
        if self.is_zero() || apart <= -2 {
            return Ok((Decimal::zero(negative, 0), self.rescale(ideal, Rounding::HalfEven)?));
        }
        if apart <= DEFAULT.precision {
            let above = left * ten((high - low).max(0));
            let below = right * ten((low - high).max(0));
            let whole = &above / &below;
            if whole < ten(DEFAULT.precision) {
                return Ok((Decimal::finite(negative, whole, 0), Decimal::finite(self.negative, above % below, ideal)));
            }
        }
        Err(signal("InvalidOperation", "DivisionImpossible"))
    }

    /// `sqrt()`.
    pub fn sqrt(&self) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(None)? {
            return Ok(nan);
        }
        if self.is_zero() {
            return DEFAULT.fix(Decimal::zero(self.negative, self.parts().map_or(0, |(_, at)| at.div_euclid(2))));
        }
        if self.negative {
            return Err(invalid());
        }
        let Some((digits, at)) = self.parts() else { return Ok(self.clone()) };
        let odd = at.rem_euclid(2) == 1;
        let half = if odd { count(digits) / 2 + 1 } else { (count(digits) + 1) / 2 };
        let square = if odd { digits * 10u8 } else { digits.clone() };
        let shift = DEFAULT.precision + 1 - half;
        let (square, mut exact) = if shift >= 0 {
            (square * ten(2 * shift), true)
        } else {
            let unit = ten(-2 * shift);
            (&square / &unit, &square % &unit == BigUint::ZERO)
        };
        let mut exponent = at.div_euclid(2) - shift;
        let mut root = square.sqrt();
        exact = exact && &root * &root == square;
        if exact {
            root = if shift >= 0 { root / ten(shift) } else { root * ten(-shift) };
            exponent += shift;
        } else if &root % 5u8 == BigUint::ZERO {
            root += 1u8;
        }
        DEFAULT.fix(Decimal::finite(false, root, exponent))
    }
}

/// Two numbers with one exponent; `high` has the greater. A far smaller one becomes the smallest that still counts.
fn aligned(high: (&BigUint, i64), low: (&BigUint, i64)) -> Result<(BigUint, BigUint, i64), Raised> {
    let (mut small, mut at) = (low.0.clone(), low.1);
    let least = high.1 + (count(high.0) - DEFAULT.precision - 2).min(-1);
    if count(&small) + at - 1 < least {
        small = BigUint::from(1u8);
        at = least;
    }
    bounded(count(high.0) + high.1 - at - 2 * DEFAULT.precision)?;
    Ok((high.0 * ten(high.1 - at), small, at))
}

fn swapped<A, B, C>((a, b, c): (A, B, C)) -> (B, A, C) {
    (b, a, c)
}
