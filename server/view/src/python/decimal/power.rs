//! Powers with whole exponents, digit for digit as libmpdec computes them.

use num_bigint::BigUint;

use super::super::Raised;
use super::context::{Context, DEFAULT};
use super::{Decimal, bounded, count, invalid, signal, ten};

/// Exponents with more digits than this end in overflow or underflow.
const LARGEST: i64 = 60;
/// The digits a base may have for that to be so.
const BASE_DIGITS: i64 = 40;

impl Decimal {
    /// `self ** other`. An exponent that is no whole number is refused: `NeedsCode`.
    pub fn pow(&self, other: &Decimal) -> Result<Decimal, Raised> {
        if let Some(nan) = self.nan_of(Some(other))? {
            return Ok(nan);
        }
        let whole = other.parts().is_some_and(|(digits, at)| {
            *digits == BigUint::ZERO || at >= 0 || -at < count(digits) && digits % ten(-at) == BigUint::ZERO
        });
        let odd = whole && other.parts().is_some_and(|(digits, at)| is_odd(digits, at));
        let negative = self.negative && odd;
        if self.is_zero() {
            return match (other.is_zero(), other.negative) {
                (true, _) => Err(invalid()),
                (false, true) => Ok(Decimal::infinity(negative)),
                (false, false) => Ok(Decimal::zero(negative, 0)),
            };
        }
        if self.negative && !whole {
            return Err(invalid());
        }
        if !whole {
            return Err(Raised::new("NeedsCode", "a power of a Decimal with an exponent that is no whole number"));
        }
        if self.is_infinite() {
            return Ok(match (other.is_zero(), other.negative) {
                (true, _) => one(negative, 0),
                (false, true) => Decimal::zero(negative, 0),
                (false, false) => Decimal::infinity(negative),
            });
        }
        if other.is_zero() {
            return Ok(one(negative, 0));
        }
        let (Some((digits, at)), Some((times, times_at))) = (self.parts(), other.parts()) else {
            return Err(invalid());
        };
        if at <= 0 && -at < count(digits) && *digits == ten(-at) {
            return self.power_of_one(other, negative);
        }
        if other.adjusted() > LARGEST {
            if count(digits) > BASE_DIGITS {
                return Err(Raised::new("Limit", "a power with so large an exponent"));
            }
            return if (self.adjusted() >= 0) == other.negative {
                DEFAULT.fix(one(negative, DEFAULT.least() - 1))
            } else {
                Err(signal("Overflow", "Overflow"))
            };
        }
        let times = if times_at >= 0 { times * ten(times_at) } else { times / ten(-times_at) };
        self.repeated(&times, other, negative)
    }

    /// `1.000 ** 3` is `1.000000000`.
    fn power_of_one(&self, other: &Decimal, negative: bool) -> Result<Decimal, Raised> {
        if other.negative {
            return Ok(one(negative, 0));
        }
        let places = -self.parts().map_or(0, |(_, at)| at);
        let wanted = other.product(&Decimal::from(places), DEFAULT)?;
        let most = DEFAULT.precision - 1;
        let shift = match wanted.to_int() {
            _ if wanted.is_zero() => 0,
            Ok(number) if wanted.adjusted() < 18 => i64::try_from(number).unwrap_or(most).min(most),
            _ => most,
        };
        Ok(Decimal::finite(negative, ten(shift), -shift))
    }

    /// By squaring, with some digits more.
    fn repeated(&self, times: &BigUint, other: &Decimal, negative: bool) -> Result<Decimal, Raised> {
        let mut context = Context { precision: DEFAULT.precision + other.adjusted() + 3 };
        let mut base = self.clone();
        if other.negative {
            context.precision += 1;
            base = one(false, 0).quotient(self, context)?;
        }
        bounded(base.parts().map_or(0, |(digits, _)| count(digits)))?;
        let mut result = base.clone();
        for bit in (0..times.bits() - 1).rev() {
            result = result.product(&result, context)?;
            if times.bit(bit) {
                result = result.product(&base, context)?;
            }
        }
        result.negative = negative;
        DEFAULT.fix(result)
    }
}

fn one(negative: bool, exponent: i64) -> Decimal {
    Decimal::finite(negative, BigUint::from(1u8), exponent)
}

fn is_odd(digits: &BigUint, at: i64) -> bool {
    match at {
        0 => digits.bit(0),
        1.. => false,
        _ => -at < count(digits) && (digits / ten(-at)).bit(0),
    }
}
