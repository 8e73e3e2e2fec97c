//! `fractions.Fraction`.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, Sign};

use super::Raised;

/// The bits that a numerator or a denominator may have.
const MAX_BITS: u64 = 1 << 15;

/// A fraction in lowest terms; the denominator is positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fraction {
    above: BigInt,
    below: BigInt,
}

fn limit() -> Raised {
    Raised::new("Limit", format!("a fraction of more than {MAX_BITS} bits"))
}

fn gcd(a: &BigInt, b: &BigInt) -> BigInt {
    let (mut a, mut b) = (a.magnitude().clone(), b.magnitude().clone());
    while b.bits() != 0 {
        let rest = &a % &b;
        a = std::mem::replace(&mut b, rest);
    }
    BigInt::from(a)
}

/// The quotient, rounded down; `below` is positive.
fn floor(above: &BigInt, below: &BigInt) -> BigInt {
    let quotient = above / below;
    if above.sign() == Sign::Minus && &quotient * below != *above { quotient - 1 } else { quotient }
}

/// Digits, with single underscores between them.
fn digits(text: &str) -> Option<BigInt> {
    let plain = text.replace('_', "");
    let well = !text.starts_with('_') && !text.ends_with('_') && !text.contains("__") && !plain.is_empty();
    if !well || plain.len() as u64 > MAX_BITS || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    BigInt::parse_bytes(plain.as_bytes(), 10)
}

impl Fraction {
    /// `Fraction(above, below)`.
    pub fn new(above: BigInt, below: BigInt) -> Result<Fraction, Raised> {
        if above.bits() > MAX_BITS || below.bits() > MAX_BITS {
            return Err(limit());
        }
        if below == BigInt::ZERO {
            return Err(Raised::new("ZeroDivisionError", format!("Fraction({above}, 0)")));
        }
        let shared = if below.sign() == Sign::Minus { -gcd(&above, &below) } else { gcd(&above, &below) };
        Ok(Fraction { above: above / &shared, below: below / shared })
    }

    /// `Fraction(text)`: `3/4`, `-1.5e2`. `shown` is the text as the message quotes it.
    pub fn parse(text: &str, shown: &str) -> Result<Fraction, Raised> {
        let wrong = || Raised::new("ValueError", format!("Invalid literal for Fraction: {shown}"));
        let trimmed = text.trim();
        let (negative, rest) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let signed = |number: BigInt| if negative { -number } else { number };
        if let Some((above, below)) = rest.split_once('/') {
            let (above, below) = (digits(above).ok_or_else(wrong)?, digits(below).ok_or_else(wrong)?);
            return Fraction::new(signed(above), below);
        }
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (rest, None),
        };
        let exponent = match exponent {
            None => 0,
            Some(exponent) => {
                let size = digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)).ok_or_else(wrong)?;
                let size = i64::try_from(size).ok().filter(|size| *size < MAX_BITS as i64).ok_or_else(limit)?;
                if exponent.starts_with('-') { -size } else { size }
            }
        };
        let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && places.is_empty() {
            return Err(wrong());
        }
        let part = |text: &str| if text.is_empty() { Some(BigInt::ZERO) } else { digits(text) };
        let (whole, fraction) = (part(whole).ok_or_else(wrong)?, part(places).ok_or_else(wrong)?);
        let count = places.bytes().filter(u8::is_ascii_digit).count() as i64;
        let ten = |power: i64| BigInt::from(10u8).pow(u32::try_from(power).unwrap_or(0));
        let number = signed(whole * ten(count) + fraction);
        let power = exponent - count;
        if power >= 0 {
            Fraction::new(number * ten(power), BigInt::from(1))
        } else {
            Fraction::new(number, ten(-power))
        }
    }

    /// `numerator`.
    pub fn numerator(&self) -> &BigInt {
        &self.above
    }

    /// `denominator`.
    pub fn denominator(&self) -> &BigInt {
        &self.below
    }

    /// `self + other`.
    pub fn add(&self, other: &Fraction) -> Result<Fraction, Raised> {
        Fraction::new(&self.above * &other.below + &other.above * &self.below, &self.below * &other.below)
    }

    /// `self - other`.
    pub fn sub(&self, other: &Fraction) -> Result<Fraction, Raised> {
        Fraction::new(&self.above * &other.below - &other.above * &self.below, &self.below * &other.below)
    }

    /// `self * other`.
    pub fn mul(&self, other: &Fraction) -> Result<Fraction, Raised> {
        Fraction::new(&self.above * &other.above, &self.below * &other.below)
    }

    /// `self / other`.
    pub fn div(&self, other: &Fraction) -> Result<Fraction, Raised> {
        if other.above == BigInt::ZERO {
            return Err(Raised::new("ZeroDivisionError", "Fraction(1, 0)"));
        }
        Fraction::new(&self.above * &other.below, &self.below * &other.above)
    }

    /// `self // other`.
    pub fn floordiv(&self, other: &Fraction) -> Result<BigInt, Raised> {
        if other.above == BigInt::ZERO {
            return Err(Raised::new("ZeroDivisionError", "integer division or modulo by zero"));
        }
        let (above, below) = (&self.above * &other.below, &self.below * &other.above);
        Ok(if below.sign() == Sign::Minus { floor(&-above, &-below) } else { floor(&above, &below) })
    }

    /// `self % other`: with the sign of `other`.
    pub fn rem(&self, other: &Fraction) -> Result<Fraction, Raised> {
        if other.above == BigInt::ZERO {
            return Err(Raised::new("ZeroDivisionError", "integer modulo by zero"));
        }
        let whole = Fraction { above: self.floordiv(other)?, below: BigInt::from(1) };
        self.sub(&whole.mul(other)?)
    }

    /// `self ** times`.
    pub fn pow(&self, times: i64) -> Result<Fraction, Raised> {
        if times < 0 && self.above == BigInt::ZERO {
            return Err(Raised::new("ZeroDivisionError", "Fraction(1, 0)"));
        }
        let size = u32::try_from(times.unsigned_abs());
        // zero and one do not grow, whatever the power: its parity says all
        let unit = self.below == BigInt::from(1) && self.above.bits() <= 1;
        let bits = self.above.bits().max(self.below.bits());
        let size = match size {
            _ if unit => 2 - (times.unsigned_abs() % 2) as u32,
            Ok(size) if u64::from(size).saturating_mul(bits) <= 2 * MAX_BITS => size,
            _ => return Err(limit()),
        };
        let size = if times == 0 { 0 } else { size };
        let (above, below) = (self.above.pow(size), self.below.pow(size));
        if times < 0 { Fraction::new(below, above) } else { Fraction::new(above, below) }
    }

    /// `-self`.
    pub fn neg(&self) -> Fraction {
        Fraction { above: -&self.above, below: self.below.clone() }
    }

    /// `abs(self)`.
    pub fn abs(&self) -> Fraction {
        if self.above.sign() == Sign::Minus { self.neg() } else { self.clone() }
    }

    /// For comparisons.
    pub fn ordered(&self, other: &Fraction) -> Ordering {
        (&self.above * &other.below).cmp(&(&other.above * &self.below))
    }

    /// `int(self)`: towards zero.
    pub fn to_int(&self) -> BigInt {
        &self.above / &self.below
    }

    /// `math.floor(self)`.
    pub fn floor(&self) -> BigInt {
        floor(&self.above, &self.below)
    }

    /// `round(self)`: half to even.
    pub fn round(&self) -> BigInt {
        let whole = self.floor();
        let twice = (&self.above - &whole * &self.below) * 2;
        if twice > self.below || twice == self.below && whole.magnitude().bit(0) { whole + 1 } else { whole }
    }

    /// `math.ceil(self)`.
    pub fn ceil(&self) -> BigInt {
        -floor(&-&self.above, &self.below)
    }

    /// `round(self, places)`: half to even.
    pub fn round_to(&self, places: i64) -> Result<Fraction, Raised> {
        let shift = u32::try_from(places.unsigned_abs()).ok().filter(|shift| u64::from(*shift) < MAX_BITS / 4);
        let ten = Fraction::new(BigInt::from(10u8).pow(shift.ok_or_else(limit)?), BigInt::from(1))?;
        let (scaled, back) = if places >= 0 { (self.mul(&ten)?, true) } else { (self.div(&ten)?, false) };
        let whole = Fraction { above: scaled.round(), below: BigInt::from(1) };
        if back { whole.div(&ten) } else { whole.mul(&ten) }
    }

    /// `limit_denominator(most)`: the nearest with a denominator that is no larger.
    pub fn limit_denominator(&self, most: &BigInt) -> Result<Fraction, Raised> {
        let one = BigInt::from(1);
        if *most < one {
            return Err(Raised::new("ValueError", "max_denominator should be at least 1"));
        }
        if self.below <= *most {
            return Ok(self.clone());
        }
        let (mut p0, mut q0, mut p1, mut q1) = (BigInt::ZERO, one.clone(), one, BigInt::ZERO);
        let (mut n, mut d) = (self.above.clone(), self.below.clone());
        loop {
            let a = floor(&n, &d);
            let q2 = &q0 + &a * &q1;
            if q2 > *most {
                break;
            }
            let p2 = &p0 + &a * &p1;
            (p0, p1) = (p1, p2);
            (q0, q1) = (q1, q2);
            let rest = &n - &a * &d;
            n = std::mem::replace(&mut d, rest);
        }
        let k = (most - &q0) / &q1;
        if &d * 2 * (&q0 + &k * &q1) <= self.below {
            Fraction::new(p1, q1)
        } else {
            Fraction::new(p0 + &k * &p1, q0 + &k * &q1)
        }
    }

    /// As a decimal number with so many places, which must suffice.
    pub fn to_places(&self, places: i64) -> Result<String, Raised> {
        let places = u32::try_from(places).ok().filter(|places| u64::from(*places) < MAX_BITS / 4).ok_or_else(limit)?;
        let scaled = &self.above * BigInt::from(10u8).pow(places) / &self.below;
        Ok(format!("{scaled}E-{places}"))
    }

    /// `repr(self)`.
    pub fn repr(&self) -> String {
        format!("Fraction({}, {})", self.above, self.below)
    }
}

/// `str(self)`.
impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.below == BigInt::from(1) {
            write!(f, "{}", self.above)
        } else {
            write!(f, "{}/{}", self.above, self.below)
        }
    }
}
