//! The text of numbers before it is read: its spaces, its digits of other scripts, its underscores.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The text without the spaces around it, with any decimal digit as an ASCII one; none where it has anything else.
///
/// The separators 1c to 1f are no spaces here, though they are ones to `str.isspace`.
pub(super) fn to_ascii(text: &[u8]) -> Option<Vec<u8>> {
    let mut ascii = text.to_vec();
    if !text.is_ascii() {
        ascii.clear();
        for char in std::str::from_utf8(text).ok()?.chars() {
            match char {
                char if char.is_ascii() => ascii.push(char as u8),
                char if char.is_whitespace() => ascii.push(b' '),
                char => ascii.push(b'0' + decimal(char)?),
            }
        }
    }
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
    let start = ascii.iter().position(|byte| !is_space(byte)).unwrap_or(ascii.len());
    let end = ascii.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    Some(ascii[start..end].to_vec())
}

/// The value of a decimal digit of any script: they stand in tens, zero first.
fn decimal(char: char) -> Option<u8> {
    let is_decimal =
        |code: u32| char::from_u32(code).is_some_and(|char| char.general_category() == GeneralCategory::DecimalNumber);
    let code = u32::from(char);
    is_decimal(code).then(|| (1..).take_while(|back| is_decimal(code - back)).count() as u8 % 10)
}

/// The text without its underscores; none where one does not stand between two digits.
pub(super) fn without_underscores(text: &[u8]) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    for (at, byte) in text.iter().enumerate() {
        let is_digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_digit);
        match byte {
            b'_' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => {}
            b'_' => return None,
            _ => plain.push(char::from(*byte)),
        }
    }
    Some(plain)
}

/// Whether these are digits, at least one, with single underscores between them only.
pub(super) fn underscores_between(text: &[u8], is_digit: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.split(|byte| *byte == b'_').all(|run| !run.is_empty() && run.iter().all(|b| is_digit(*b)))
}
