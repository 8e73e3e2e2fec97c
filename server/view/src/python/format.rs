//! The mini-language of format specifications, as `format(value, spec)` reads it.

use super::decimal::{self, Decimal};
use num_bigint::{BigInt, Sign};

use super::complex::Complex;
use super::{Raised, int};
use crate::repr::float_repr;

type Result<T> = std::result::Result<T, Raised>;

/// What is formatted: the defaults of a specification depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An int.
    Int,
    /// A float or a complex number.
    Float,
    /// A string.
    Text,
}

/// A specification, read.
#[derive(Debug, Clone)]
pub struct Spec<'a> {
    type_name: &'a str,
    fill: char,
    align: char,
    sign: Option<char>,
    no_negative_zero: bool,
    alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    code: Option<char>,
}

impl Spec<'_> {
    /// The letter at the end.
    pub fn code(&self) -> Option<char> {
        self.code
    }

    /// What follows the point.
    pub fn precision(&self) -> Option<usize> {
        self.precision
    }
}

fn value_error<T>(message: impl Into<String>) -> Result<T> {
    Err(Raised::new("ValueError", message))
}

/// A character as messages show it.
fn shown(char: char) -> String {
    if matches!(char, '!'..='\x7f') { char.to_string() } else { format!("\\x{:x}", u32::from(char)) }
}

fn take_number(rest: &mut &[char]) -> Result<Option<usize>> {
    let count = rest.iter().take_while(|char| char.is_ascii_digit()).count();
    let mut number = None;
    for char in &rest[..count] {
        let digit = *char as usize - '0' as usize;
        let next = number.unwrap_or(0usize).checked_mul(10).and_then(|tens| tens.checked_add(digit));
        match next.filter(|next| *next <= isize::MAX as usize) {
            Some(next) => number = Some(next),
            None => return value_error("Too many decimal digits in format string"),
        }
    }
    *rest = &rest[count..];
    Ok(number)
}

fn take(rest: &mut &[char], wanted: &[char]) -> Option<char> {
    let first = *rest.first().filter(|first| wanted.contains(first))?;
    *rest = &rest[1..];
    Some(first)
}

/// Reads a specification for a value of a kind, whose class the messages name.
pub fn parse<'a>(text: &str, kind: Kind, type_name: &'a str) -> Result<Spec<'a>> {
    const ALIGN: &[char] = &['<', '>', '=', '^'];
    let chars: Vec<char> = text.chars().collect();
    let mut rest = chars.as_slice();
    let mut fill = None;
    if rest.len() >= 2 && ALIGN.contains(&rest[1]) {
        fill = Some(rest[0]);
        rest = &rest[1..];
    }
    let mut align = take(&mut rest, ALIGN);
    let sign = take(&mut rest, &['+', '-', ' ']);
    let no_negative_zero = take(&mut rest, &['z']).is_some();
    let alternate = take(&mut rest, &['#']).is_some();
    if fill.is_none() && take(&mut rest, &['0']).is_some() {
        fill = Some('0');
        if align.is_none() && kind != Kind::Text {
            align = Some('=');
        }
    }
    let width = take_number(&mut rest)?.unwrap_or(0);
    let mut grouping = take(&mut rest, &[',']);
    if take(&mut rest, &['_']).is_some() {
        if grouping.is_some() {
            return value_error("Cannot specify both ',' and '_'.");
        }
        grouping = Some('_');
    }
    if grouping == Some('_') && rest.first() == Some(&',') {
        return value_error("Cannot specify both ',' and '_'.");
    }
    let mut precision = None;
    if take(&mut rest, &['.']).is_some() {
        precision = take_number(&mut rest)?;
        if precision.is_none() {
            return value_error("Format specifier missing precision");
        }
    }
    if rest.len() > 1 {
        return value_error(format!("Invalid format specifier '{text}' for object of type '{type_name}'"));
    }
    let default = match kind {
        Kind::Int => Some('d'),
        Kind::Float => None,
        Kind::Text => Some('s'),
    };
    let code = rest.first().copied().filter(|code| *code != '\0' || kind != Kind::Float).or(default);
    if let (Some(separator), Some(code)) = (grouping, code) {
        let in_fours = separator == '_' && matches!(code, 'b' | 'o' | 'x' | 'X');
        if !in_fours && !matches!(code, 'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0') {
            return value_error(format!("Cannot specify '{separator}' with '{}'.", shown(code)));
        }
    }
    let align = align.unwrap_or(if kind == Kind::Text { '<' } else { '>' });
    let fill = fill.unwrap_or(' ');
    Ok(Spec { type_name, fill, align, sign, no_negative_zero, alternate, width, grouping, precision, code })
}

impl Spec<'_> {
    fn unknown<T>(&self) -> Result<T> {
        let code = shown(self.code.unwrap_or('\0'));
        value_error(format!("Unknown format code '{code}' for object of type '{}'", self.type_name))
    }

    /// Refuses a result longer than was allowed before it is made.
    fn bounded(&self, limit: usize) -> Result<()> {
        let number = self.code != Some('s');
        let precision = if number { self.precision.unwrap_or(0) } else { 0 };
        if self.width.max(precision).saturating_mul(self.fill.len_utf8()) > limit {
            return Err(Raised::new("Limit", format!("a text of more than {limit} bytes")));
        }
        Ok(())
    }

    fn checked_precision(&self) -> Result<Option<usize>> {
        if self.precision.is_some_and(|precision| precision > i32::MAX as usize) {
            return value_error("precision too big");
        }
        Ok(self.precision)
    }

    fn pad(&self, text: &str, length: usize) -> String {
        let missing = self.width.saturating_sub(length);
        let left = match self.align {
            '<' => 0,
            '^' => missing / 2,
            _ => missing,
        };
        let fill = |count| std::iter::repeat_n(self.fill, count);
        fill(left).chain(text.chars()).chain(fill(missing - left)).collect()
    }
}

/// A number in its parts: only the digits are grouped and padded with zeros.
struct Number {
    negative: bool,
    prefix: &'static str,
    digits: String,
    rest: String,
}

impl Number {
    fn of_float(negative: bool, text: &str) -> Number {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        Number { negative, prefix: "", digits: text[..digits].to_owned(), rest: text[digits..].to_owned() }
    }

    fn render(&self, spec: &Spec<'_>) -> String {
        let sign = match (self.negative, spec.sign) {
            (true, _) => "-",
            (false, Some('+')) => "+",
            (false, Some(' ')) => " ",
            _ => "",
        };
        let other = sign.len() + self.prefix.len() + self.rest.chars().count();
        let zeros = if spec.fill == '0' && spec.align == '=' { spec.width.saturating_sub(other) } else { 0 };
        let size = if matches!(spec.code, Some('b' | 'o' | 'x' | 'X')) { 4 } else { 3 };
        let digits = grouped(&self.digits, spec.grouping, size, zeros);
        let length = other + digits.len();
        if spec.align == '=' {
            let padding: String = std::iter::repeat_n(spec.fill, spec.width.saturating_sub(length)).collect();
            return format!("{sign}{}{padding}{digits}{}", self.prefix, self.rest);
        }
        spec.pad(&format!("{sign}{}{digits}{}", self.prefix, self.rest), length)
    }
}

/// Digits in groups from the right, with zeros before them up to a width.
fn grouped(digits: &str, separator: Option<char>, size: usize, width: usize) -> String {
    let Some(separator) = separator.filter(|_| !digits.is_empty()) else {
        return digits.to_owned();
    };
    let mut reversed = String::with_capacity(digits.len().max(width) * 4 / 3 + 1);
    let (mut left, mut missing) = (digits.bytes().rev(), width);
    loop {
        let length = size.min(left.len().max(missing).max(1));
        for _ in 0..length {
            reversed.push(left.next().map_or('0', char::from));
        }
        missing = missing.saturating_sub(length);
        if left.len() == 0 && missing == 0 {
            return reversed.chars().rev().collect();
        }
        reversed.push(separator);
        missing = missing.saturating_sub(1);
    }
}

/// `format(value, spec)` of an int.
pub fn format_int(value: &BigInt, spec: &Spec<'_>, limit: usize) -> Result<String> {
    let code = spec.code.unwrap_or('d');
    match code {
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => return format_float(int::to_float(value)?, spec, limit),
        'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n' => {}
        _ => return spec.unknown(),
    }
    if spec.precision.is_some() {
        return value_error("Precision not allowed in integer format specifier");
    }
    if spec.no_negative_zero {
        return value_error("Negative zero coercion (z) not allowed in integer format specifier");
    }
    spec.bounded(limit)?;
    let mut number =
        Number { negative: value.sign() == Sign::Minus, prefix: "", digits: String::new(), rest: String::new() };
    let magnitude = value.magnitude();
    let (radix, prefix) = match code {
        'c' => {
            if spec.sign.is_some() {
                return value_error("Sign not allowed with integer format specifier 'c'");
            }
            if spec.alternate {
                return value_error("Alternate form (#) not allowed with integer format specifier 'c'");
            }
            // A lone surrogate cannot stand here: it becomes the replacement character.
            if i64::try_from(value).is_err() {
                return Err(Raised::new("OverflowError", "Python int too large to convert to C long"));
            }
            let code = u32::try_from(value).ok().filter(|code| *code < 0x11_0000);
            let code = code.ok_or_else(|| Raised::new("OverflowError", "%c arg not in range(0x110000)"))?;
            number.rest = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER).to_string();
            return Ok(number.render(spec));
        }
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    if spec.alternate {
        number.prefix = prefix;
    }
    number.digits = match radix {
        10 => int::to_text(&BigInt::from(magnitude.clone()))?,
        _ => magnitude.to_str_radix(radix),
    };
    if code == 'X' {
        number.digits.make_ascii_uppercase();
    }
    Ok(number.render(spec))
}

/// `format(value, spec)` of a float.
pub fn format_float(value: f64, spec: &Spec<'_>, limit: usize) -> Result<String> {
    if !matches!(spec.code, None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%')) {
        return spec.unknown();
    }
    let precision = spec.checked_precision()?;
    spec.bounded(limit)?;
    let (value, code) = match spec.code {
        Some('%') => (value * 100.0, Some('f')),
        code => (value, code),
    };
    let mut text = digits(value, code, precision, spec.alternate, code.is_none());
    if spec.code == Some('%') {
        text.push('%');
    }
    Ok(Number::of_float(is_negative(value, &text, spec), &text).render(spec))
}

fn is_negative(value: f64, text: &str, spec: &Spec<'_>) -> bool {
    let mantissa = text.split(['e', 'E']).next().unwrap_or(text);
    let zero = value.is_finite() && !mantissa.contains(|char| matches!(char, '1'..='9'));
    !value.is_nan() && value.is_sign_negative() && !(spec.no_negative_zero && zero)
}

/// `format(value, spec)` of a complex number.
pub fn format_complex(value: Complex, spec: &Spec<'_>, limit: usize) -> Result<String> {
    if !matches!(spec.code, None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n')) {
        return spec.unknown();
    }
    let precision = spec.checked_precision()?;
    if spec.fill == '0' {
        return value_error("Zero padding is not allowed in complex format specifier");
    }
    if spec.align == '=' {
        return value_error("'=' alignment flag is not allowed in complex format specifier");
    }
    spec.bounded(limit)?;
    let part = |value: f64, sign| {
        let text = digits(value, spec.code, precision, spec.alternate, false);
        let inner = Spec { sign, width: 0, ..spec.clone() };
        Number::of_float(is_negative(value, &text, spec), &text).render(&inner)
    };
    let no_real = spec.code.is_none() && value.real == 0.0 && value.real.is_sign_positive();
    let text = match (no_real, spec.code) {
        (true, _) => format!("{}j", part(value.imaginary, spec.sign)),
        (_, None) => format!("({}{}j)", part(value.real, spec.sign), part(value.imaginary, Some('+'))),
        _ => format!("{}{}j", part(value.real, spec.sign), part(value.imaginary, Some('+'))),
    };
    Ok(spec.pad(&text, text.len()))
}

/// `format(value, spec)` of a string.
pub fn format_text(value: &str, spec: &Spec<'_>, limit: usize) -> Result<String> {
    if spec.code != Some('s') {
        return spec.unknown();
    }
    match spec.sign {
        Some(' ') => return value_error("Space not allowed in string format specifier"),
        Some(_) => return value_error("Sign not allowed in string format specifier"),
        None => {}
    }
    if spec.no_negative_zero {
        return value_error("Negative zero coercion (z) not allowed in string format specifier");
    }
    if spec.alternate {
        return value_error("Alternate form (#) not allowed in string format specifier");
    }
    if spec.align == '=' {
        return value_error("'=' alignment not allowed in string format specifier");
    }
    spec.bounded(limit)?;
    let end = spec.precision.and_then(|most| value.char_indices().nth(most)).map_or(value.len(), |(at, _)| at);
    Ok(spec.pad(&value[..end], value[..end].chars().count()))
}

/// The digits of a float without its sign; no code is `repr`, or `g` where there is a precision.
///
/// `dot_zero` is what `repr` and `str` do: never just an int.
pub(super) fn digits(
    value: f64,
    code: Option<char>,
    precision: Option<usize>,
    alternate: bool,
    dot_zero: bool,
) -> String {
    let value = value.abs();
    let upper = code.is_some_and(|code| code.is_ascii_uppercase());
    let mut text = match code.map(|code| code.to_ascii_lowercase()) {
        _ if !value.is_finite() => float_repr(value),
        Some('f') => fixed(value, precision.unwrap_or(6)),
        Some('e') => scientific(value, precision.unwrap_or(6)),
        None if precision.is_none() => {
            let text = float_repr(value);
            if dot_zero { text } else { text.strip_suffix(".0").map(str::to_owned).unwrap_or(text) }
        }
        _ => general(value, precision.unwrap_or(6).max(1), alternate, dot_zero),
    };
    if alternate && value.is_finite() && !text.contains('.') {
        text.insert(text.find('e').unwrap_or(text.len()), '.');
    }
    if upper { text.to_ascii_uppercase() } else { text }
}

/// No float has more digits than this after the point: zeros follow.
const MOST_DIGITS: usize = 1100;

fn fixed(value: f64, precision: usize) -> String {
    let exact = precision.min(MOST_DIGITS);
    format!("{value:.exact$}") + &"0".repeat(precision - exact)
}

fn scientific(value: f64, precision: usize) -> String {
    let exact = precision.min(MOST_DIGITS);
    let text = format!("{value:.exact$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}{}e{sign}{:02}", "0".repeat(precision - exact), exponent.unsigned_abs())
}

fn general(value: f64, precision: usize, alternate: bool, dot_zero: bool) -> String {
    let text = scientific(value, precision - 1);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i64 = exponent.parse().unwrap_or(0);
    let most = i64::try_from(precision).unwrap_or(i64::MAX) - i64::from(dot_zero);
    let trim = |text: &str| match text.contains('.') && !alternate {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if power < -4 || power >= most {
        return format!("{}e{exponent}", trim(mantissa));
    }
    let places = i64::try_from(precision).unwrap_or(i64::MAX) - 1 - power;
    let text = trim(&fixed(value, usize::try_from(places).unwrap_or(0)));
    if dot_zero && !text.contains('.') { text + ".0" } else { text }
}

/// `format(value, spec)` of a `Decimal`, whose digits were already written for the precision and the code of the
/// specification, after a minus where it is negative.
pub fn format_decimal(value: &Decimal, spec: &Spec<'_>, limit: usize) -> Result<String> {
    spec.bounded(limit)?;
    let text = decimal::format_decimal(value, spec.precision, spec.code, false)?;
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.as_str()),
    };
    Ok(Number::of_float(negative, text).render(spec))
}
