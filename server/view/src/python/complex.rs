//! `complex`: its operators, computed as CPython computes them, since the last digits depend on how.

use super::{Raised, digits};

type Result<T> = std::result::Result<T, Raised>;

/// A complex number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imaginary: f64,
}

const fn of(real: f64, imaginary: f64) -> Complex {
    Complex { real, imaginary }
}

/// `a + b`.
pub fn add(a: Complex, b: Complex) -> Complex {
    of(a.real + b.real, a.imaginary + b.imaginary)
}

/// `a - b`.
pub fn subtract(a: Complex, b: Complex) -> Complex {
    of(a.real - b.real, a.imaginary - b.imaginary)
}

/// `a * b`.
pub fn multiply(a: Complex, b: Complex) -> Complex {
    of(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
}

/// `a / b`.
pub fn divide(a: Complex, b: Complex) -> Result<Complex> {
    if b == of(0.0, 0.0) {
        return Err(Raised::new("ZeroDivisionError", "complex division by zero"));
    }
    Ok(quotient(a, b))
}

fn quotient(a: Complex, b: Complex) -> Complex {
    if b.real.abs() >= b.imaginary.abs() {
        if b.real == 0.0 {
            return of(0.0, 0.0);
        }
        let ratio = b.imaginary / b.real;
        let divisor = b.real + b.imaginary * ratio;
        of((a.real + a.imaginary * ratio) / divisor, (a.imaginary - a.real * ratio) / divisor)
    } else if b.imaginary.abs() >= b.real.abs() {
        let ratio = b.real / b.imaginary;
        let divisor = b.real * ratio + b.imaginary;
        of((a.real * ratio + a.imaginary) / divisor, (a.imaginary * ratio - a.real) / divisor)
    } else {
        of(f64::NAN, f64::NAN)
    }
}

/// `a ** b`.
pub fn power(a: Complex, b: Complex) -> Result<Complex> {
    let result = if b.imaginary == 0.0 && b.real.fract() == 0.0 && b.real.abs() <= 100.0 {
        whole_power(a, b.real as i32)?
    } else {
        general_power(a, b)?
    };
    if result.real.is_infinite() || result.imaginary.is_infinite() {
        return Err(Raised::new("OverflowError", "complex exponentiation"));
    }
    Ok(result)
}

fn zero_power<T>() -> Result<T> {
    Err(Raised::new("ZeroDivisionError", "0.0 to a negative or complex power"))
}

fn whole_power(a: Complex, exponent: i32) -> Result<Complex> {
    let (mut result, mut square) = (of(1.0, 0.0), a);
    let mut left = exponent.unsigned_abs();
    while left > 0 {
        if left & 1 == 1 {
            result = multiply(result, square);
        }
        left >>= 1;
        if left > 0 {
            square = multiply(square, square);
        }
    }
    if exponent >= 0 {
        return Ok(result);
    }
    if result == of(0.0, 0.0) { zero_power() } else { Ok(quotient(of(1.0, 0.0), result)) }
}

fn general_power(a: Complex, b: Complex) -> Result<Complex> {
    if b == of(0.0, 0.0) {
        return Ok(of(1.0, 0.0));
    }
    if a == of(0.0, 0.0) {
        return if b.imaginary != 0.0 || b.real < 0.0 { zero_power() } else { Ok(of(0.0, 0.0)) };
    }
    let size = a.real.hypot(a.imaginary);
    let angle = a.imaginary.atan2(a.real);
    let (mut length, mut phase) = (size.powf(b.real), angle * b.real);
    if b.imaginary != 0.0 {
        length *= (-angle * b.imaginary).exp();
        phase += b.imaginary * size.ln();
    }
    Ok(of(length * phase.cos(), length * phase.sin()))
}

/// `abs(a)`.
pub fn absolute(a: Complex) -> Result<f64> {
    let size = a.real.hypot(a.imaginary);
    if size.is_infinite() && a.real.is_finite() && a.imaginary.is_finite() {
        return Err(Raised::new("OverflowError", "absolute value too large"));
    }
    Ok(size)
}

/// `complex(text)`; `shown` is the `repr` of what was given, for the error.
pub fn parse(text: &[u8], shown: &str) -> Result<Complex> {
    let malformed = || Raised::new("ValueError", "complex() arg is a malformed string");
    let text = digits::to_ascii(text).ok_or_else(malformed)?;
    let Some(text) = digits::without_underscores(&text) else {
        return Err(Raised::new("ValueError", format!("could not convert string to complex: {shown}")));
    };
    number(&text).ok_or_else(malformed)
}

fn number(text: &str) -> Option<Complex> {
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let text = inner.map_or(text, str::trim_ascii);
    let Some(text) = text.strip_suffix(['j', 'J']) else {
        return Some(of(text.parse().ok()?, 0.0));
    };
    // The sign of the imaginary part is the last that is not an exponent's.
    let bytes = text.as_bytes();
    let is_sign = |at: &usize| matches!(bytes[*at], b'+' | b'-') && !(*at > 0 && matches!(bytes[*at - 1], b'e' | b'E'));
    let (real, imaginary) = text.split_at((0..bytes.len()).rev().find(is_sign).unwrap_or(0));
    let real = if real.is_empty() { 0.0 } else { real.parse().ok()? };
    let imaginary = match imaginary {
        "" | "+" => 1.0,
        "-" => -1.0,
        _ => imaginary.parse().ok()?,
    };
    Some(of(real, imaginary))
}
