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
