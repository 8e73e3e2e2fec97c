//! `datetime.timedelta`.

use std::fmt;

use num_bigint::{BigInt, Sign};

use super::super::Raised;

/// A duration; days and microseconds are kept as one number of microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeDelta {
    micros: i128,
}

/// A number given to a constructor, or to multiply and divide by.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum Amount {
    Int(BigInt),
    Float(f64),
}

const DAY: i128 = 86_400_000_000;
const SECOND: i128 = 1_000_000;
const MOST_DAYS: i128 = 999_999_999;

/// How many microseconds each keyword of the constructor stands for, in the order in which they are summed.
const UNITS: [(&str, i64); 7] = [
    ("microseconds", 1),
    ("milliseconds", 1_000),
    ("seconds", 1_000_000),
    ("minutes", 60_000_000),
    ("hours", 3_600_000_000),
    ("days", 86_400_000_000),
    ("weeks", 604_800_000_000),
];

impl TimeDelta {
    /// `timedelta(days=…, …)`; names that are no keywords of it count nothing.
    pub fn new(parts: &[(&str, Amount)]) -> Result<TimeDelta, Raised> {
        let mut sum = BigInt::ZERO;
        let mut left_over = 0.0;
        for (name, unit) in UNITS {
            for (_, amount) in parts.iter().filter(|(key, _)| *key == name) {
                match amount {
                    Amount::Int(number) => sum += number * unit,
                    Amount::Float(number) => {
                        sum += whole_of(*number)? * unit;
                        let fraction = number.fract() * unit as f64;
                        sum += whole_of(fraction)?;
                        left_over += fraction.fract();
                    }
                }
            }
        }
        let mut whole = f64::round(left_over);
        if (whole - left_over).abs() == 0.5 {
            let odd = f64::from(u8::from(sum.magnitude().bit(0)));
            whole = 2.0 * f64::round((left_over + odd) * 0.5) - odd;
        }
        TimeDelta::of_big(&(sum + whole as i64))
    }

    pub(super) fn of_days(days: i64) -> TimeDelta {
        TimeDelta { micros: i128::from(days) * DAY }
    }

    pub(super) fn of_micros(micros: i128) -> Result<TimeDelta, Raised> {
        let days = micros.div_euclid(DAY);
        if days.abs() <= MOST_DAYS {
            return Ok(TimeDelta { micros });
        }
        Err(Raised::new(
            "OverflowError",
            match i32::try_from(days) {
                Ok(days) => format!("days={days}; must have magnitude <= {MOST_DAYS}"),
                Err(_) => "Python int too large to convert to C int".to_owned(),
            },
        ))
    }

    fn of_big(micros: &BigInt) -> Result<TimeDelta, Raised> {
        TimeDelta::of_micros(i128::try_from(micros).unwrap_or(i128::MAX))
    }

    /// `days`.
    pub fn days(&self) -> i64 {
        self.micros.div_euclid(DAY) as i64
    }

    /// `seconds`, 0 to 86399.
    pub fn seconds(&self) -> i64 {
        (self.micros.rem_euclid(DAY) / SECOND) as i64
    }

    /// `microseconds`, 0 to 999999.
    pub fn microseconds(&self) -> i64 {
        self.micros.rem_euclid(SECOND) as i64
    }

    /// All of it in microseconds.
    pub fn micros(&self) -> i128 {
        self.micros
    }

    /// `bool(delta)`.
    pub fn truth(&self) -> bool {
        self.micros != 0
    }

    /// `total_seconds()`.
    pub fn total_seconds(&self) -> f64 {
        ratio(self.micros, SECOND)
    }

    /// `self + other`.
    pub fn add(&self, other: &TimeDelta) -> Result<TimeDelta, Raised> {
        TimeDelta::of_micros(self.micros + other.micros)
    }

    /// `self - other`.
    pub fn sub(&self, other: &TimeDelta) -> Result<TimeDelta, Raised> {
        TimeDelta::of_micros(self.micros - other.micros)
    }

    /// `-self`.
    pub fn neg(&self) -> Result<TimeDelta, Raised> {
        TimeDelta::of_micros(-self.micros)
    }

    /// `abs(self)`.
    pub fn abs(&self) -> Result<TimeDelta, Raised> {
        TimeDelta::of_micros(self.micros.abs())
    }

    /// `self * number`.
    pub fn mul(&self, by: &Amount) -> Result<TimeDelta, Raised> {
        let (above, below) = ratio_of(by)?;
        TimeDelta::of_big(&nearest(BigInt::from(self.micros) * above, below))
    }

    /// `self / number`.
    pub fn div(&self, by: &Amount) -> Result<TimeDelta, Raised> {
        let (above, below) = ratio_of(by)?;
        if above == BigInt::ZERO {
            return Err(by_zero());
        }
        TimeDelta::of_big(&nearest(BigInt::from(self.micros) * below, above))
    }

    /// `self // int`.
    pub fn floordiv_int(&self, by: &BigInt) -> Result<TimeDelta, Raised> {
        if *by == BigInt::ZERO {
            return Err(by_zero());
        }
        TimeDelta::of_big(&floor(&BigInt::from(self.micros), by))
    }

    /// `self / other`.
    pub fn ratio(&self, other: &TimeDelta) -> Result<f64, Raised> {
        if other.micros == 0 {
            return Err(Raised::new("ZeroDivisionError", "division by zero"));
        }
        Ok(ratio(self.micros, other.micros))
    }

    /// `self // other`.
    pub fn floordiv(&self, other: &TimeDelta) -> Result<BigInt, Raised> {
        if other.micros == 0 {
            return Err(by_zero());
        }
        Ok(floor(&BigInt::from(self.micros), &BigInt::from(other.micros)))
    }

    /// `self % other`.
    pub fn rem(&self, other: &TimeDelta) -> Result<TimeDelta, Raised> {
        if other.micros == 0 {
            return Err(Raised::new("ZeroDivisionError", "integer modulo by zero"));
        }
        // with the sign of the divisor
        let rest = self.micros % other.micros;
        let other_side = rest != 0 && (rest < 0) != (other.micros < 0);
        TimeDelta::of_micros(if other_side { rest + other.micros } else { rest })
    }

    /// `divmod(self, other)`.
    pub fn divmod(&self, other: &TimeDelta) -> Result<(BigInt, TimeDelta), Raised> {
        Ok((self.floordiv(other)?, self.rem(other)?))
    }

    /// `repr(delta)`; before 3.7 (`old`) without names.
    pub fn repr(&self, old: bool) -> String {
        let parts = [("days", self.days()), ("seconds", self.seconds()), ("microseconds", self.microseconds())];
        let text: Vec<String> = if old {
            let shown = if parts[2].1 != 0 {
                3
            } else if parts[1].1 != 0 {
                2
            } else {
                1
            };
            parts[..shown].iter().map(|(_, number)| number.to_string()).collect()
        } else {
            parts.iter().filter(|part| part.1 != 0).map(|(name, number)| format!("{name}={number}")).collect()
        };
        let text = if text.is_empty() { "0".to_owned() } else { text.join(", ") };
        format!("datetime.timedelta({text})")
    }
}

/// `str(delta)`.
impl fmt::Display for TimeDelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds) = (self.days(), self.seconds());
        if days != 0 {
            write!(f, "{days} day{}, ", if days.abs() == 1 { "" } else { "s" })?;
        }
        write!(f, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        match self.microseconds() {
            0 => Ok(()),
            micros => write!(f, ".{micros:06}"),
        }
    }
}

fn by_zero() -> Raised {
    Raised::new("ZeroDivisionError", "integer division or modulo by zero")
}

/// `int(number)`, exact.
fn whole_of(number: f64) -> Result<BigInt, Raised> {
    if number.is_nan() {
        return Err(Raised::new("ValueError", "cannot convert float NaN to integer"));
    }
    if number.is_infinite() {
        return Err(Raised::new("OverflowError", "cannot convert float infinity to integer"));
    }
    let (above, below) = ratio_of(&Amount::Float(number.trunc()))?;
    Ok(above / below)
}

/// A number as a fraction whose denominator is positive.
fn ratio_of(number: &Amount) -> Result<(BigInt, BigInt), Raised> {
    let number = match number {
        Amount::Int(number) => return Ok((number.clone(), BigInt::from(1))),
        Amount::Float(number) if number.is_nan() => {
            return Err(Raised::new("ValueError", "cannot convert NaN to integer ratio"));
        }
        Amount::Float(number) if number.is_infinite() => {
            return Err(Raised::new("OverflowError", "cannot convert Infinity to integer ratio"));
        }
        Amount::Float(number) => *number,
    };
    let bits = number.to_bits();
    let (fraction, power) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i64);
    let digits = if power == 0 { fraction } else { fraction | 1 << 52 };
    let power = power.max(1) - 1075;
    let above = BigInt::from(digits) << power.max(0).unsigned_abs();
    let below = BigInt::from(1) << (-power).max(0).unsigned_abs();
    Ok((if number.is_sign_negative() { -above } else { above }, below))
}

fn floor(above: &BigInt, below: &BigInt) -> BigInt {
    let (quotient, rest) = (above / below, above % below);
    let down = rest != BigInt::ZERO && (rest.sign() == Sign::Minus) != (below.sign() == Sign::Minus);
    if down { quotient - 1 } else { quotient }
}

/// The quotient, half to even.
fn nearest(above: BigInt, below: BigInt) -> BigInt {
    let (above, below) = if below.sign() == Sign::Minus { (-above, -below) } else { (above, below) };
    let quotient = floor(&above, &below);
    let twice = (above - &quotient * &below) * 2;
    let up = twice > below || twice == below && quotient.magnitude().bit(0);
    if up { quotient + 1 } else { quotient }
}

/// The quotient as the nearest float. Both are durations, so below 2 to the 67.
fn ratio(above: i128, below: i128) -> f64 {
    let (size, unit) = (above.unsigned_abs(), below.unsigned_abs());
    let bits = |number: u128| 128 - i64::from(number.leading_zeros());
    // a quotient of 58 bits and more: its last bit, set where something is left, decides no tie wrongly
    let shift = (58 + bits(unit) - bits(size)).max(0);
    let shifted = size << shift;
    let quotient = (shifted / unit) | u128::from(shifted % unit != 0);
    let value = quotient as f64 * f64::powi(0.5, shift as i32);
    if (above < 0) == (below < 0) { value } else { -value }
}
