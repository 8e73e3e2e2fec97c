//! Decimal numbers as text.

use std::fmt;

use num_bigint::BigUint;

use super::super::Raised;
use super::context::Rounding;
use super::{Decimal, MAX_EXPONENT, Number, bounded, count, invalid, signal};

impl Decimal {
    /// `Decimal(text)`.
    pub fn parse(text: &str) -> Result<Decimal, Raised> {
        let wrong = || signal("InvalidOperation", "ConversionSyntax");
        let trimmed = text.trim();
        bounded(i64::try_from(trimmed.len()).unwrap_or(i64::MAX) - 32)?;
        let plain = trimmed.replace('_', "").to_ascii_lowercase();
        let (negative, rest) = match plain.as_bytes().first() {
            Some(b'-') => (true, &plain[1..]),
            Some(b'+') => (false, &plain[1..]),
            _ => (false, plain.as_str()),
        };
        if rest == "inf" || rest == "infinity" {
            return Ok(Decimal::infinity(negative));
        }
        let (signaling, unsigned) = rest.strip_prefix('s').map_or((false, rest), |after| (true, after));
        if let Some(payload) = unsigned.strip_prefix("nan") {
            let payload = digits_of(payload).ok_or_else(wrong)?;
            return Ok(Decimal { negative, number: Number::Nan { signaling, payload } });
        }
        let (mantissa, exponent) = match rest.split_once('e') {
            Some((mantissa, exponent)) => (mantissa, exponent_of(exponent).ok_or_else(wrong)?),
            None => (rest, 0),
        };
        let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && places.is_empty() {
            return Err(wrong());
        }
        bounded((whole.len() + places.len()) as i64)?;
        let digits = digits_of(&[whole, places].concat()).ok_or_else(wrong)?;
        let exponent = exponent - places.len() as i64;
        let value = Decimal::finite(negative, digits, exponent);
        if value.adjusted().abs() > MAX_EXPONENT { Err(invalid()) } else { Ok(value) }
    }

    /// The number of which this is the repr: `Decimal('1.50')`.
    pub fn from_repr(text: &str) -> Option<Decimal> {
        Decimal::parse(text.strip_prefix("Decimal('")?.strip_suffix("')")?).ok()
    }

    /// `to_eng_string()`: the exponent is a multiple of three.
    pub fn to_eng_string(&self) -> String {
        let Some((digits, exponent)) = self.parts() else { return self.to_string() };
        let mut text = digits.to_string();
        let left = exponent + text.len() as i64;
        if exponent <= 0 && left > -6 {
            return self.to_string();
        }
        let place = match self.is_zero() {
            true => (left + 1).rem_euclid(3) - 1,
            false => (left - 1).rem_euclid(3) + 1,
        };
        if let Ok(missing) = usize::try_from(place - text.len() as i64) {
            text.push_str(&"0".repeat(missing));
        }
        let (whole, places) = around(&text, place);
        let point = if places.is_empty() { "" } else { "." };
        let power = if left == place { String::new() } else { format!("E{:+}", left - place) };
        format!("{}{whole}{point}{places}{power}", if self.negative { "-" } else { "" })
    }

    /// `repr(d)`.
    pub fn repr(&self) -> String {
        format!("Decimal('{self}')")
    }
}

fn digits_of(text: &str) -> Option<BigUint> {
    if text.is_empty() {
        return Some(BigUint::ZERO);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) { BigUint::parse_bytes(text.as_bytes(), 10) } else { None }
}

/// An exponent; beyond what fits it is as large as can be, which is refused or clamped later.
fn exponent_of(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(i64::MAX).min(4 * MAX_EXPONENT);
    Some(if negative { -size } else { size })
}

/// `str(d)`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        match &self.number {
            Number::Infinite => f.write_str("Infinity"),
            Number::Nan { signaling, payload } => {
                f.write_str(if *signaling { "sNaN" } else { "NaN" })?;
                if *payload == BigUint::ZERO { Ok(()) } else { write!(f, "{payload}") }
            }
            Number::Finite { digits, exponent } => {
                let text = digits.to_string();
                let left = exponent + text.len() as i64;
                let place = if *exponent <= 0 && left > -6 { left } else { 1 };
                let (whole, places) = around(&text, place);
                f.write_str(&whole)?;
                if !places.is_empty() {
                    write!(f, ".{places}")?;
                }
                if left == place { Ok(()) } else { write!(f, "E{:+}", left - place) }
            }
        }
    }
}

/// What stands before and after the point, which is `place` digits from the start.
fn around(text: &str, place: i64) -> (String, String) {
    let zeros = |n: u64| "0".repeat(usize::try_from(n).unwrap_or(0));
    match usize::try_from(place) {
        Err(_) => ("0".to_owned(), zeros(place.unsigned_abs()) + text),
        Ok(0) => ("0".to_owned(), text.to_owned()),
        Ok(place) if place >= text.len() => (text.to_owned() + &zeros((place - text.len()) as u64), String::new()),
        Ok(place) => (text[..place].to_owned(), text[place..].to_owned()),
    }
}

/// What `format(d, spec)` writes, with a minus where the number is negative and without fill, alignment and width.
/// `kind` is the letter of the spec.
pub fn format_decimal(
    value: &Decimal,
    precision: Option<usize>,
    kind: Option<char>,
    thousands: bool,
) -> Result<String, Raised> {
    let kind = kind.map_or('G', |kind| if kind == 'n' { 'g' } else { kind });
    let percent = if kind == '%' { "%" } else { "" };
    let Some((digits, exponent)) = value.parts() else { return Ok(format!("{value}{percent}")) };
    let asked = i64::try_from(precision.unwrap_or(0)).unwrap_or(i64::MAX);
    bounded(asked)?;
    let mut shown = Decimal::finite(value.negative, digits.clone(), exponent + if kind == '%' { 2 } else { 0 });
    let fixed = matches!(kind, 'f' | 'F' | '%');
    let scientific = matches!(kind, 'e' | 'E');
    if precision.is_some() {
        shown = match kind {
            'e' | 'E' => shown.to_digits(asked + 1, Rounding::HalfEven)?,
            'f' | 'F' | '%' => shown.rescale(-asked, Rounding::HalfEven)?,
            _ if count(digits) > asked.max(1) => shown.to_digits(asked.max(1), Rounding::HalfEven)?,
            _ => shown,
        };
    }
    let zero = shown.is_zero();
    let (text, exponent) = match shown.parts() {
        Some((_, exponent)) if zero && fixed && exponent > 0 => ("0".to_owned(), 0),
        Some((digits, exponent)) => (digits.to_string(), exponent),
        None => return Err(invalid()),
    };
    let left = exponent + text.len() as i64;
    let place = match kind {
        _ if scientific && zero && precision.is_some() => 1 - asked,
        _ if fixed || !scientific && exponent <= 0 && left > -6 => left,
        _ => 1,
    };
    bounded(place.saturating_abs())?;
    let (mut whole, mut places) = around(&text, place);
    if thousands {
        whole = grouped(&whole);
    }
    if !places.is_empty() {
        places.insert(0, '.');
    }
    if left != place || scientific {
        let letter = if kind.is_ascii_uppercase() { 'E' } else { 'e' };
        places.push_str(&format!("{letter}{:+}", left - place));
    }
    let minus = if value.negative { "-" } else { "" };
    Ok(format!("{minus}{whole}{places}{percent}"))
}

fn grouped(whole: &str) -> String {
    let mut out = String::with_capacity(whole.len() * 4 / 3);
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
