//! `int`: whole numbers of any size. What may grow is refused beyond `limit_bits` before it is computed.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};

use super::{Raised, digits, float};

/// The most decimal digits that Python converts from and to text.
const MOST_DIGITS: usize = 4300;
/// Bits of exponent times squared words of modulus: what a three-argument `pow` may take of time.
const MOST_POWER_WORK: u64 = 1 << 30;

type Result<T> = std::result::Result<T, Raised>;

fn limit(bits: u64, limit_bits: u64) -> Result<()> {
    if bits <= limit_bits {
        return Ok(());
    }
    Err(Raised::new("Limit", format!("an int of more than {limit_bits} bits")))
}

fn zero_division<T>(message: &str) -> Result<T> {
    Err(Raised::new("ZeroDivisionError", message))
}

fn is_zero(value: &BigInt) -> bool {
    value.sign() == Sign::NoSign
}

fn is_negative(value: &BigInt) -> bool {
    value.sign() == Sign::Minus
}

/// `a + b`.
pub fn add(a: &BigInt, b: &BigInt, limit_bits: u64) -> Result<BigInt> {
    limit(a.bits().max(b.bits()), limit_bits)?;
    Ok(a + b)
}

/// `a - b`.
pub fn subtract(a: &BigInt, b: &BigInt, limit_bits: u64) -> Result<BigInt> {
    limit(a.bits().max(b.bits()), limit_bits)?;
    Ok(a - b)
}

/// `a * b`.
pub fn multiply(a: &BigInt, b: &BigInt, limit_bits: u64) -> Result<BigInt> {
    if !is_zero(a) && !is_zero(b) {
        limit((a.bits() + b.bits()).saturating_sub(1), limit_bits)?;
    }
    Ok(a * b)
}

fn floor_division(a: &BigInt, b: &BigInt) -> (BigInt, BigInt) {
    let (quotient, remainder) = (a / b, a % b);
    if !is_zero(&remainder) && is_negative(&remainder) != is_negative(b) {
        return (quotient - 1, remainder + b);
    }
    (quotient, remainder)
}

/// `a // b`.
pub fn floor_divide(a: &BigInt, b: &BigInt) -> Result<BigInt> {
    Ok(divmod(a, b)?.0)
}

/// `a % b`, which has the sign of `b`.
pub fn modulo(a: &BigInt, b: &BigInt) -> Result<BigInt> {
    if is_zero(b) {
        return zero_division("integer modulo by zero");
    }
    Ok(floor_division(a, b).1)
}

/// `divmod(a, b)`.
pub fn divmod(a: &BigInt, b: &BigInt) -> Result<(BigInt, BigInt)> {
    if is_zero(b) {
        return zero_division("integer division or modulo by zero");
    }
    Ok(floor_division(a, b))
}

/// `a / b`, rounded once.
pub fn true_divide(a: &BigInt, b: &BigInt) -> Result<f64> {
    if is_zero(b) {
        return zero_division("division by zero");
    }
    ratio(a, b).ok_or_else(|| Raised::new("OverflowError", "integer division result too large for a float"))
}

/// The float nearest to `a / b`, ties to even; none where that would be infinite.
pub(super) fn ratio(a: &BigInt, b: &BigInt) -> Option<f64> {
    // Of zero too, Python takes the signs as they are: 0 / -1 is -0.0.
    let sign = if is_negative(a) == is_negative(b) { 1.0 } else { -1.0 };
    if is_zero(a) {
        return Some(sign * 0.0);
    }
    let difference = i64::try_from(a.bits()).ok()? - i64::try_from(b.bits()).ok()?;
    if difference > 1024 {
        return None;
    }
    if difference < -1076 {
        return Some(sign * 0.0);
    }
    // The quotient has 54 to 56 bits, or as many as a subnormal float has and two more; the lowest one says "and more".
    let shift = difference.max(-1021) - 55;
    let (mut upper, mut lower) = (a.magnitude().clone(), b.magnitude().clone());
    if shift < 0 {
        upper <<= shift.unsigned_abs()
    } else {
        lower <<= shift.unsigned_abs()
    }
    let quotient = u64::try_from(&upper / &lower).ok()?;
    let inexact = &upper % &lower != BigUint::ZERO;
    let bits = i64::from(64 - quotient.leading_zeros());
    let half = 1u64 << (bits.max(-1021 - shift) - 54);
    let mut rounded = quotient | u64::from(inexact);
    if rounded & half != 0 && rounded & (3 * half - 1) != 0 {
        rounded += half;
    }
    rounded &= !(2 * half - 1);
    // Both steps are exact: the whole has at most 53 bits, and half of the exponent keeps it normal.
    let shift = i32::try_from(shift).ok()?;
    let result = rounded as f64 * 2f64.powi(shift / 2) * 2f64.powi(shift - shift / 2);
    result.is_finite().then_some(sign * result)
}

/// `float(a)`.
pub fn to_float(a: &BigInt) -> Result<f64> {
    if let Ok(small) = i64::try_from(a) {
        return Ok(small as f64);
    }
    ratio(a, &BigInt::from(1)).ok_or_else(|| Raised::new("OverflowError", "int too large to convert to float"))
}

/// `int(value)` of a float.
pub fn of_float(value: f64) -> Result<BigInt> {
    if value.is_nan() {
        return Err(Raised::new("ValueError", "cannot convert float NaN to integer"));
    }
    if value.is_infinite() {
        return Err(Raised::new("OverflowError", "cannot convert float infinity to integer"));
    }
    Ok(truncated(value))
}

/// The whole part of a finite float.
pub(super) fn truncated(value: f64) -> BigInt {
    let (mantissa, exponent) = float::parts(value);
    let magnitude = BigInt::from(mantissa);
    let magnitude =
        if exponent < 0 { magnitude >> exponent.unsigned_abs() } else { magnitude << exponent.unsigned_abs() };
    if value < 0.0 { -magnitude } else { magnitude }
}

/// How an int stands to a float, exactly; none for NaN.
pub fn compare_float(a: &BigInt, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    if b.is_infinite() {
        return Some(if b > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    Some(a.cmp(&truncated(b)).then_with(|| 0f64.partial_cmp(&b.fract()).unwrap_or(Ordering::Equal)))
}

/// What `a ** b` gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Power {
    /// Of an exponent that is not negative.
    Int(BigInt),
    /// Of a negative exponent.
    Float(f64),
}

/// `a ** b`.
pub fn power(a: &BigInt, b: &BigInt, limit_bits: u64) -> Result<Power> {
    if is_negative(b) {
        return match float::power(to_float(a)?, to_float(b)?)? {
            float::Power::Float(value) => Ok(Power::Float(value)),
            float::Power::Complex(value) => Ok(Power::Float(value.real)),
        };
    }
    if is_zero(b) {
        return Ok(Power::Int(BigInt::from(1)));
    }
    if a.bits() <= 1 {
        let positive = is_negative(a) && !b.bit(0);
        return Ok(Power::Int(if positive { BigInt::from(1) } else { a.clone() }));
    }
    let exponent = u64::try_from(b).unwrap_or(u64::MAX);
    limit((a.bits() - 1).saturating_mul(exponent).saturating_add(1), limit_bits)?;
    let Ok(exponent) = u32::try_from(exponent) else {
        return Err(Raised::new("Limit", "an exponent of more than 32 bits"));
    };
    Ok(Power::Int(a.pow(exponent)))
}

/// `pow(a, b, modulus)`.
pub fn power_modulo(a: &BigInt, b: &BigInt, modulus: &BigInt) -> Result<BigInt> {
    if is_zero(modulus) {
        return Err(Raised::new("ValueError", "pow() 3rd argument cannot be 0"));
    }
    let words = modulus.bits() / 64 + 1;
    if b.bits().saturating_mul(words).saturating_mul(words) > MOST_POWER_WORK {
        return Err(Raised::new("Limit", "pow() of ints as large as these"));
    }
    let magnitude = BigInt::from(modulus.magnitude().clone());
    let mut base = floor_division(a, &magnitude).1;
    if is_negative(b) {
        let inverse = if magnitude.bits() == 1 { Some(BigInt::ZERO) } else { base.modinv(&magnitude) };
        let Some(inverse) = inverse else {
            return Err(Raised::new("ValueError", "base is not invertible for the given modulus"));
        };
        base = inverse;
    }
    let exponent = BigInt::from(b.magnitude().clone());
    Ok(floor_division(&base.modpow(&exponent, &magnitude), modulus).1)
}

/// `a << b`.
pub fn shift_left(a: &BigInt, b: &BigInt, limit_bits: u64) -> Result<BigInt> {
    if is_negative(b) {
        return Err(Raised::new("ValueError", "negative shift count"));
    }
    if is_zero(a) {
        return Ok(BigInt::ZERO);
    }
    let count = u64::try_from(b).unwrap_or(u64::MAX);
    limit(a.bits().saturating_add(count), limit_bits)?;
    Ok(a << count)
}

/// `a >> b`.
pub fn shift_right(a: &BigInt, b: &BigInt) -> Result<BigInt> {
    if is_negative(b) {
        return Err(Raised::new("ValueError", "negative shift count"));
    }
    let count = u64::try_from(b).unwrap_or(u64::MAX);
    if count >= a.bits() {
        return Ok(BigInt::from(if is_negative(a) { -1 } else { 0 }));
    }
    Ok(a >> count)
}

/// `round(a, places)`: to a multiple of a power of ten, ties to even, where `places` is negative.
pub fn round(a: &BigInt, places: &BigInt) -> BigInt {
    if !is_negative(places) {
        return a.clone();
    }
    // A number of n bits has fewer than n + 1 digits, and less than half of the power gives nothing.
    let digits = u64::try_from(places.magnitude()).unwrap_or(u64::MAX);
    let Some(digits) = u32::try_from(digits).ok().filter(|digits| u64::from(*digits) <= a.bits()) else {
        return BigInt::ZERO;
    };
    let unit = BigInt::from(10).pow(digits);
    let (quotient, remainder) = floor_division(a, &unit);
    let up = match (&remainder * 2u32).cmp(&unit) {
        Ordering::Less => false,
        Ordering::Equal => quotient.bit(0),
        Ordering::Greater => true,
    };
    (if up { quotient + 1 } else { quotient }) * unit
}

/// `a.bit_count()`.
pub fn bit_count(a: &BigInt) -> u64 {
    a.magnitude().count_ones()
}

/// `a.to_bytes(length, order, signed=signed)`; the length is the caller's to bound.
pub fn to_bytes(a: &BigInt, length: usize, big_endian: bool, signed: bool) -> Result<Vec<u8>> {
    if is_negative(a) && !signed {
        return Err(Raised::new("OverflowError", "can't convert negative int to unsigned"));
    }
    let mut bytes = if signed { a.to_signed_bytes_le() } else { a.magnitude().to_bytes_le() };
    if is_zero(a) {
        bytes.clear();
    }
    if bytes.len() > length {
        return Err(Raised::new("OverflowError", "int too big to convert"));
    }
    bytes.resize(length, if is_negative(a) { 0xff } else { 0 });
    if big_endian {
        bytes.reverse();
    }
    Ok(bytes)
}

/// `int.from_bytes(bytes, order, signed=signed)`.
pub fn from_bytes(bytes: &[u8], big_endian: bool, signed: bool) -> BigInt {
    match (big_endian, signed) {
        (true, true) => BigInt::from_signed_bytes_be(bytes),
        (true, false) => BigInt::from_bytes_be(Sign::Plus, bytes),
        (false, true) => BigInt::from_signed_bytes_le(bytes),
        (false, false) => BigInt::from_bytes_le(Sign::Plus, bytes),
    }
}

/// `str(a)`.
pub fn to_text(a: &BigInt) -> Result<String> {
    // 4300 digits need at most 14285 bits.
    let text = if a.bits() <= 14_285 { a.to_string() } else { String::new() };
    if text.is_empty() || text.trim_start_matches('-').len() > MOST_DIGITS {
        return Err(Raised::new(
            "ValueError",
            "Exceeds the limit (4300 digits) for integer string conversion; use sys.set_int_max_str_digits() to \
             increase the limit",
        ));
    }
    Ok(text)
}

/// `bin`, `oct` or `hex` of an int, by its base.
pub fn with_prefix(a: &BigInt, base: u32) -> String {
    let prefix = match base {
        2 => "0b",
        8 => "0o",
        _ => "0x",
    };
    let sign = if is_negative(a) { "-" } else { "" };
    format!("{sign}{prefix}{}", a.magnitude().to_str_radix(base))
}

/// `int(text, base)`; `shown` is the `repr` of what was given, for the error.
pub fn parse(text: &[u8], base: u32, shown: &str, limit_bits: u64) -> Result<BigInt> {
    if base == 1 || base > 36 {
        return Err(Raised::new("ValueError", "int() base must be >= 2 and <= 36, or 0"));
    }
    let shown: String = shown.chars().take(200).collect();
    let invalid = || Raised::new("ValueError", format!("invalid literal for int() with base {base}: {shown}"));
    let text = digits::to_ascii(text).ok_or_else(invalid)?;
    let text = text.as_slice();
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let prefix = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let prefixed = prefix != 0 && (base == 0 || base == prefix);
    let radix = if base != 0 { base } else { prefix.max(if prefixed { 2 } else { 10 }) };
    let digits = if prefixed { text[2..].strip_prefix(b"_").unwrap_or(&text[2..]) } else { text };
    if !digits::underscores_between(digits, |byte| char::from(byte).is_digit(radix)) {
        return Err(invalid());
    }
    let plain: Vec<u8> = digits.iter().copied().filter(|byte| *byte != b'_').collect();
    if radix.is_power_of_two() {
        limit((plain.len() as u64).saturating_mul(u64::from(radix.ilog2())), limit_bits)?;
    } else if plain.len() > MOST_DIGITS {
        return Err(Raised::new(
            "ValueError",
            format!(
                "Exceeds the limit (4300 digits) for integer string conversion: value has {} digits; use \
                 sys.set_int_max_str_digits() to increase the limit",
                plain.len()
            ),
        ));
    }
    let value = BigInt::parse_bytes(&plain, radix).ok_or_else(invalid)?;
    if base == 0 && radix == 10 && plain[0] == b'0' && !is_zero(&value) {
        return Err(invalid());
    }
    Ok(if negative { -value } else { value })
}
