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
