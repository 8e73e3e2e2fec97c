//! The text of numbers before it is read: its spaces, its digits of other scripts, its underscores.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The text without the spaces around it, with any decimal digit as an ASCII one; none where it has anything else.
///
/// Python takes the separators 1c to 1f as spaces here only in a text that is not ASCII.
pub(super) fn to_ascii(text: &[u8]) -> Option<Vec<u8>> {
    let mut ascii = text.to_vec();
    if !text.is_ascii() {
        ascii.clear();
        for char in std::str::from_utf8(text).ok()?.chars() {
            match char {
                char if char.is_whitespace() || ('\x1c'..='\x1f').contains(&char) => ascii.push(b' '),
                char if char.is_ascii() => ascii.push(char as u8),
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

/// Whether these are digits, at least one, with single underscores between them only.
pub(super) fn underscores_between(text: &[u8], is_digit: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.split(|byte| *byte == b'_').all(|run| !run.is_empty() && run.iter().all(|b| is_digit(*b)))
}
