//! Numbers as Python writes them.

use num_bigint::BigInt;

/// `repr` of a float: the shortest digits that give it back, with an exponent below 1e-4 and from 1e16 on.
pub fn float(value: f64) -> String {
    let text = digits(value);
    if value.is_finite() && !text.contains(['.', 'e']) { text + ".0" } else { text }
}

/// The same without `.0`, as a complex number has its parts.
fn digits(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value == 0.0 || (-4..16).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// `repr` of a complex number.
pub fn complex(real: f64, imaginary: f64) -> String {
    let part = digits(imaginary);
    if real == 0.0 && real.is_sign_positive() {
        return format!("{part}j");
    }
    let sign = if part.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{part}j)", digits(real))
}

/// Beyond this many bytes the digits of an int are not computed: that takes quadratic time.
const MOST_BYTES: usize = 8192;

/// An int from its two's complement, little-endian; one that is too large to write out says its size.
pub fn int_of_bytes(bytes: &[u8]) -> String {
    if bytes.len() > MOST_BYTES {
        return format!("<int of {} bytes>", bytes.len());
    }
    BigInt::from_signed_bytes_le(bytes).to_string()
}
