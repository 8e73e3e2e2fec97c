//! `decimal.Decimal`, under the context that every thread starts with: 28 digits, half to even, and traps for invalid
//! operations, division by zero and overflow.
//!
//! No number has more than [`MAX_DIGITS`] digits; exponents cost nothing.

mod arithmetic;
mod compare;
mod context;
mod convert;
mod power;
mod shape;
mod text;

use num_bigint::BigUint;

use super::Raised;
pub use context::Rounding;
pub use text::format_decimal;

/// The digits that a number may have.
pub const MAX_DIGITS: u64 = 10_000;
/// The exponents that the constructor takes, on a 64-bit machine.
const MAX_EXPONENT: i64 = 999_999_999_999_999_999;

/// A decimal number, an infinity or a NaN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    negative: bool,
    number: Number,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Number {
    /// `digits` times ten to the power of `exponent`.
    Finite {
        digits: BigUint,
        exponent: i64,
    },
    Infinite,
    Nan {
        signaling: bool,
        payload: BigUint,
    },
}

impl Decimal {
    fn finite(negative: bool, digits: BigUint, exponent: i64) -> Decimal {
        Decimal { negative, number: Number::Finite { digits, exponent } }
    }

    fn zero(negative: bool, exponent: i64) -> Decimal {
        Decimal::finite(negative, BigUint::ZERO, exponent)
    }

    fn infinity(negative: bool) -> Decimal {
        Decimal { negative, number: Number::Infinite }
    }

    fn parts(&self) -> Option<(&BigUint, i64)> {
        match &self.number {
            Number::Finite { digits, exponent } => Some((digits, *exponent)),
            _ => None,
        }
    }

    /// `is_nan()`: quiet or signaling.
    pub fn is_nan(&self) -> bool {
        matches!(self.number, Number::Nan { .. })
    }

    /// `is_snan()`.
    pub fn is_snan(&self) -> bool {
        matches!(self.number, Number::Nan { signaling: true, .. })
    }

    /// `is_infinite()`.
    pub fn is_infinite(&self) -> bool {
        self.number == Number::Infinite
    }

    /// `is_finite()`.
    pub fn is_finite(&self) -> bool {
        self.parts().is_some()
    }

    /// `is_zero()`: of either sign.
    pub fn is_zero(&self) -> bool {
        self.parts().is_some_and(|(digits, _)| *digits == BigUint::ZERO)
    }

    /// `is_signed()`: a minus stands before it.
    pub fn is_signed(&self) -> bool {
        self.negative
    }

    /// `bool(d)`: everything but zero, also NaN.
    pub fn truth(&self) -> bool {
        !self.is_zero()
    }

    /// `adjusted()`: the exponent of the first digit; 0 of what is not finite.
    pub fn adjusted(&self) -> i64 {
        self.parts().map_or(0, |(digits, exponent)| exponent + count(digits) - 1)
    }

    /// `copy_abs()`: nothing is rounded.
    pub fn copy_abs(&self) -> Decimal {
        Decimal { negative: false, number: self.number.clone() }
    }

    /// `copy_negate()`: nothing is rounded.
    pub fn copy_negate(&self) -> Decimal {
        Decimal { negative: !self.negative, number: self.number.clone() }
    }
}

/// Ten to the power of `n`; whoever asks has bounded it.
fn ten(n: i64) -> BigUint {
    BigUint::from(10u8).pow(u32::try_from(n).unwrap_or(0))
}

/// How many digits a number is written with: 1 of zero.
fn count(digits: &BigUint) -> i64 {
    let bits = digits.bits();
    if bits == 0 {
        return 1;
    }
    let least = ((bits - 1) as f64 * std::f64::consts::LOG10_2) as i64;
    if *digits >= ten(least + 1) {
        least + 2
    } else if *digits >= ten(least) {
        least + 1
    } else {
        least
    }
}

/// Refuses a number of too many digits before it is made.
fn bounded(digits: i64) -> Result<(), Raised> {
    if digits > MAX_DIGITS as i64 {
        return Err(Raised::new("Limit", format!("a number of more than {MAX_DIGITS} digits")));
    }
    Ok(())
}

/// An exception of the decimal module, with the condition it stands for as its message.
fn signal(kind: &'static str, condition: &str) -> Raised {
    Raised::new(kind, format!("[<class 'decimal.{condition}'>]"))
}

fn invalid() -> Raised {
    signal("InvalidOperation", "InvalidOperation")
}
