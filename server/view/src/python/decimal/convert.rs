//! From and to Python's other numbers.

use num_bigint::{BigInt, BigUint, Sign};

use super::super::Raised;
use super::context::Rounding;
use super::{Decimal, MAX_DIGITS, Number, bounded, count, ten};

impl From<i64> for Decimal {
    fn from(value: i64) -> Decimal {
        Decimal::finite(value < 0, BigUint::from(value.unsigned_abs()), 0)
    }
}

impl Decimal {
    /// `Decimal(int)`: exact.
    pub fn from_int(value: &BigInt) -> Result<Decimal, Raised> {
        if value.bits() > 4 * MAX_DIGITS {
            bounded(i64::MAX)?;
        }
        bounded(count(value.magnitude()))?;
        Ok(Decimal::finite(value.sign() == Sign::Minus, value.magnitude().clone(), 0))
    }

    /// `Decimal(float)`: exact.
    pub fn from_float(value: f64) -> Decimal {
        let negative = value.is_sign_negative();
        if value.is_nan() {
            return Decimal { negative, number: Number::Nan { signaling: false, payload: BigUint::ZERO } };
        }
        if value.is_infinite() {
            return Decimal::infinity(negative);
        }
        let bits = value.to_bits();
        let (fraction, power) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i64);
        if fraction == 0 && power == 0 {
            return Decimal::zero(negative, 0);
        }
        let mut digits = if power == 0 { fraction } else { fraction | 1 << 52 };
        let mut power = power.max(1) - 1075;
        let even = i64::from(digits.trailing_zeros());
        digits >>= even;
        power += even;
        if power >= 0 {
            return Decimal::finite(negative, BigUint::from(digits) << power.unsigned_abs(), 0);
        }
        let places = power.unsigned_abs() as u32;
        Decimal::finite(negative, BigUint::from(digits) * BigUint::from(5u8).pow(places), power)
    }

    /// `int(d)`: towards zero.
    pub fn to_int(&self) -> Result<BigInt, Raised> {
        self.whole(Rounding::Down)
    }

    /// `round(d)`: an integer, half to even.
    pub fn round_to_int(&self) -> Result<BigInt, Raised> {
        self.whole(Rounding::HalfEven)
    }

    /// `math.floor(d)`.
    pub fn floor(&self) -> Result<BigInt, Raised> {
        self.whole(Rounding::Floor)
    }

    /// `math.ceil(d)`.
    pub fn ceil(&self) -> Result<BigInt, Raised> {
        self.whole(Rounding::Ceiling)
    }

    fn whole(&self, rounding: Rounding) -> Result<BigInt, Raised> {
        match self.rescale(0, rounding)?.number {
            Number::Finite { digits, .. } => {
                Ok(BigInt::from_biguint(if self.negative { Sign::Minus } else { Sign::Plus }, digits))
            }
            Number::Infinite => Err(Raised::new("OverflowError", "cannot convert Infinity to integer")),
            Number::Nan { .. } => Err(Raised::new("ValueError", "cannot convert NaN to integer")),
        }
    }

    /// `float(d)`: the nearest.
    pub fn to_float(&self) -> Result<f64, Raised> {
        if self.is_snan() {
            return Err(Raised::new("ValueError", "cannot convert signaling NaN to float"));
        }
        let size = match &self.number {
            Number::Finite { .. } => self.copy_abs().to_string().parse().unwrap_or(f64::INFINITY),
            Number::Infinite => f64::INFINITY,
            Number::Nan { .. } => f64::NAN,
        };
        Ok(if self.negative { -size } else { size })
    }

    /// `as_integer_ratio()`: in lowest terms.
    pub fn as_integer_ratio(&self) -> Result<(BigInt, BigInt), Raised> {
        let Some((digits, at)) = self.parts() else {
            return Err(match self.is_nan() {
                true => Raised::new("ValueError", "cannot convert NaN to integer ratio"),
                false => Raised::new("OverflowError", "cannot convert Infinity to integer ratio"),
            });
        };
        let sign = if self.negative { Sign::Minus } else { Sign::Plus };
        if self.is_zero() {
            return Ok((BigInt::ZERO, BigInt::from(1)));
        }
        bounded(count(digits).saturating_add(at.saturating_abs()))?;
        let (mut above, mut below) = (digits * ten(at.max(0)), ten((-at).max(0)));
        for prime in [2u8, 5u8] {
            while &below % prime == BigUint::ZERO && &above % prime == BigUint::ZERO {
                above /= prime;
                below /= prime;
            }
        }
        Ok((BigInt::from_biguint(sign, above), BigInt::from(below)))
    }

    /// The exponent of a finite number, and `F`, `n` or `N`, as `as_tuple()` has them.
    pub fn exponent(&self) -> Result<i64, char> {
        match self.number {
            Number::Finite { exponent, .. } => Ok(exponent),
            Number::Infinite => Err('F'),
            Number::Nan { signaling: false, .. } => Err('n'),
            Number::Nan { signaling: true, .. } => Err('N'),
        }
    }
}
