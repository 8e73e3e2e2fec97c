//! `float`: what its operators and methods give beyond what the machine's do.

use num_bigint::BigInt;

use super::complex::{self, Complex};
use super::{Raised, digits, int};

type Result<T> = std::result::Result<T, Raised>;

/// The mantissa and the exponent of two whose product is the magnitude of a finite float.
pub(super) fn parts(value: f64) -> (u64, i32) {
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// `a / b`.
pub fn divide(a: f64, b: f64) -> Result<f64> {
    if b == 0.0 {
        return Err(Raised::new("ZeroDivisionError", "float division by zero"));
    }
    Ok(a / b)
}

/// `a // b`.
pub fn floor_divide(a: f64, b: f64) -> Result<f64> {
    if b == 0.0 {
        return Err(Raised::new("ZeroDivisionError", "float floor division by zero"));
    }
    Ok(floor_division(a, b).0)
}

/// `a % b`, which has the sign of `b`.
pub fn modulo(a: f64, b: f64) -> Result<f64> {
    if b == 0.0 {
        return Err(Raised::new("ZeroDivisionError", "float modulo by zero"));
    }
    Ok(floor_division(a, b).1)
}

/// `divmod(a, b)`.
pub fn divmod(a: f64, b: f64) -> Result<(f64, f64)> {
    if b == 0.0 {
        return Err(Raised::new("ZeroDivisionError", "float divmod()"));
    }
    Ok(floor_division(a, b))
}

fn floor_division(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(a / b), remainder);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, remainder)
}

/// What `a ** b` gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Power {
    /// Nearly always.
    Float(f64),
    /// Of a negative base and an exponent that is not whole.
    Complex(Complex),
}

/// `a ** b`.
pub fn power(a: f64, b: f64) -> Result<Power> {
    if a == 0.0 && b < 0.0 {
        return Err(Raised::new("ZeroDivisionError", "0.0 cannot be raised to a negative power"));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.fract() != 0.0 {
        return complex::power(Complex { real: a, imaginary: 0.0 }, Complex { real: b, imaginary: 0.0 })
            .map(Power::Complex);
    }
    let result = a.powf(b);
    if result.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(Raised::new("OverflowError", "(34, 'Numerical result out of range')"));
    }
    Ok(Power::Float(result))
}

/// `round(value)`: to an int, ties to even.
pub fn round(value: f64) -> Result<BigInt> {
    int::of_float(value.round_ties_even())
}

/// `round(value, places)`, from the exact decimal digits, ties to even.
pub fn round_to(value: f64, places: i64) -> Result<f64> {
    if !value.is_finite() || places > 323 || value == 0.0 {
        return Ok(value);
    }
    if places < -308 {
        return Ok(0f64.copysign(value));
    }
    let text = if places >= 0 {
        format!("{value:.*}", places as usize)
    } else {
        // The digits before the point are an int, exactly; what is cut off after it breaks a tie upwards.
        let places = places.unsigned_abs() as u32;
        let unit = BigInt::from(10).pow(places);
        let whole = int::truncated(value.abs());
        let (quotient, remainder) = (&whole / &unit, &whole % &unit);
        let tie = (remainder * 2u32).cmp(&unit).then(0f64.total_cmp(&value.abs().fract()).reverse());
        let up = tie.is_gt() || tie.is_eq() && quotient.bit(0);
        let sign = if value < 0.0 { "-" } else { "" };
        format!("{sign}{}e{places}", if up { quotient + 1 } else { quotient })
    };
    let result: f64 = text.parse().unwrap_or(value);
    if result.is_infinite() {
        return Err(Raised::new("OverflowError", "rounded value too large to represent"));
    }
    Ok(result)
}

/// `value.is_integer()`.
pub fn is_integer(value: f64) -> bool {
    value.is_finite() && value.fract() == 0.0
}

/// `value.as_integer_ratio()`.
pub fn as_integer_ratio(value: f64) -> Result<(BigInt, BigInt)> {
    if value.is_nan() {
        return Err(Raised::new("ValueError", "cannot convert NaN to integer ratio"));
    }
    if value.is_infinite() {
        return Err(Raised::new("OverflowError", "cannot convert Infinity to integer ratio"));
    }
    let (mantissa, exponent) = parts(value);
    if exponent >= 0 || mantissa == 0 {
        return Ok((int::truncated(value), BigInt::from(1)));
    }
    let common = mantissa.trailing_zeros().min(exponent.unsigned_abs());
    let numerator = BigInt::from(mantissa >> common);
    let denominator = BigInt::from(1) << (exponent.unsigned_abs() - common);
    Ok((if value < 0.0 { -numerator } else { numerator }, denominator))
}

/// `value.hex()`.
pub fn hex(value: f64) -> String {
    if !value.is_finite() {
        return crate::repr::float_repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let (mantissa, exponent) = parts(value);
    format!("{sign}0x{}.{:013x}p{:+}", mantissa >> 52, mantissa & ((1 << 52) - 1), exponent + 52)
}

/// `float(text)`; `shown` is the `repr` of what was given, for the error.
pub fn parse(text: &[u8], shown: &str) -> Result<f64> {
    // Rust's grammar of floats is Python's: inf, infinity, nan in any case, digits on one side of the point at least.
    digits::to_ascii(text)
        .and_then(|text| digits::without_underscores(&text)?.parse().ok())
        .ok_or_else(|| Raised::new("ValueError", format!("could not convert string to float: {shown}")))
}

/// `float.fromhex(text)`.
pub fn from_hex(text: &[u8]) -> Result<f64> {
    let invalid = || Raised::new("ValueError", "invalid hexadecimal floating-point string");
    let is_space = |char: char| matches!(char, ' ' | '\t'..='\r');
    let text = std::str::from_utf8(text).map_err(|_| invalid())?.trim_matches(is_space).to_ascii_lowercase();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(&text)),
    };
    match text {
        "inf" | "infinity" => return Ok(sign * f64::INFINITY),
        "nan" => return Ok(f64::NAN),
        _ => {}
    }
    let text = text.strip_prefix("0x").unwrap_or(text);
    let (mantissa, exponent) = text.split_once('p').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let all = |text: &str, radix| !text.is_empty() && text.chars().all(|char| char.is_digit(radix));
    if !all(&digits, 16) || !all(power, 10) {
        return Err(invalid());
    }
    let value = BigInt::parse_bytes(digits.as_bytes(), 16).ok_or_else(invalid)?;
    // An exponent that does not fit is as good as any other as large.
    let most = i64::from(i32::MAX) * 1024;
    let power = power.parse().unwrap_or(most).min(most);
    let power = if exponent.starts_with('-') { -power } else { power } - 4 * fraction.len() as i64;
    let top = value.bits() as i64 + power;
    let (numerator, denominator) = match power {
        _ if value == BigInt::ZERO || top < -1080 => return Ok(sign * 0.0),
        _ if top > 1024 => (value, BigInt::ZERO),
        0.. => (value << power, BigInt::from(1)),
        _ => (value, BigInt::from(1) << -power),
    };
    let result = if denominator == BigInt::ZERO { None } else { int::ratio(&numerator, &denominator) };
    let too_large = || Raised::new("OverflowError", "hexadecimal value too large to represent as a float");
    result.map(|value| sign * value).ok_or_else(too_large)
}
