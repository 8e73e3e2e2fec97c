//! What kinds of characters a text consists of.
//!
//! Unicode's properties are those of the tables this is built with, which may be newer than the Python of a dump: they
//! differ for code points that were not assigned then.

use unicode_properties::{GeneralCategory as Is, UnicodeGeneralCategory};

use super::kind::Kind;
use super::tables::{CONTINUE, DIGITS, IGNORED, NO_CONTINUE, NO_START, NUMERALS, START, within};
use crate::text::is_printable;

/// The general category; that of surrogates is theirs.
fn category(code: u32) -> Is {
    char::from_u32(code).map_or(Is::Surrogate, UnicodeGeneralCategory::general_category)
}

/// Whether there are elements and all are so: by the byte, or by the code point.
fn all(kind: Kind, text: &[u8], ascii: fn(&u8) -> bool, unicode: fn(u32) -> bool) -> bool {
    !text.is_empty()
        && match kind {
            Kind::Bytes => text.iter().all(ascii),
            Kind::Str => kind.elements(text).all(|(code, _)| unicode(code)),
        }
}

fn alphabetic(code: u32) -> bool {
    let letters = [Is::UppercaseLetter, Is::LowercaseLetter, Is::TitlecaseLetter, Is::ModifierLetter, Is::OtherLetter];
    letters.contains(&category(code))
}

fn decimal(code: u32) -> bool {
    category(code) == Is::DecimalNumber
}

fn digit(code: u32) -> bool {
    decimal(code) || within(&DIGITS, code)
}

fn numeric(code: u32) -> bool {
    matches!(category(code), Is::DecimalNumber | Is::LetterNumber | Is::OtherNumber) || within(&NUMERALS, code)
}

/// Whether Python takes the element for whitespace.
pub(super) fn space(kind: Kind, code: u32) -> bool {
    match code {
        0x09..=0x0D | 0x20 => true,
        0x1C..=0x1F | 0x85 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 => {
            kind == Kind::Str
        }
        _ => false,
    }
}

/// Of which case an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
    Title,
    None,
}

pub(super) fn case(kind: Kind, code: u32) -> Case {
    match char::from_u32(code) {
        Some(c) if kind == Kind::Bytes && !c.is_ascii() => Case::None,
        Some(c) if c.is_lowercase() => Case::Lower,
        Some(c) if c.is_uppercase() => Case::Upper,
        Some(c) if !c.is_ascii() && category(u32::from(c)) == Is::TitlecaseLetter => Case::Title,
        _ => Case::None,
    }
}

/// Whether the code point is looked past where the case of its neighbours matters.
pub(super) fn case_ignorable(code: u32) -> bool {
    let marks = [Is::NonspacingMark, Is::EnclosingMark, Is::Format, Is::ModifierLetter, Is::ModifierSymbol];
    marks.contains(&category(code)) || within(&IGNORED, code)
}

/// `isalnum`.
pub fn isalnum(kind: Kind, text: &[u8]) -> bool {
    all(kind, text, u8::is_ascii_alphanumeric, |code| alphabetic(code) || numeric(code))
}

/// `isalpha`.
pub fn isalpha(kind: Kind, text: &[u8]) -> bool {
    all(kind, text, u8::is_ascii_alphabetic, alphabetic)
}

/// `isascii`.
pub fn isascii(text: &[u8]) -> bool {
    text.is_ascii()
}

/// `isdecimal`, which only `str` has.
pub fn isdecimal(text: &[u8]) -> bool {
    all(Kind::Str, text, u8::is_ascii_digit, decimal)
}

/// `isdigit`.
pub fn isdigit(kind: Kind, text: &[u8]) -> bool {
    all(kind, text, u8::is_ascii_digit, digit)
}

/// `isnumeric`, which only `str` has.
pub fn isnumeric(text: &[u8]) -> bool {
    all(Kind::Str, text, u8::is_ascii_digit, numeric)
}

/// `isidentifier`, which only `str` has.
pub fn isidentifier(text: &[u8]) -> bool {
    let letter = |code| alphabetic(code) || category(code) == Is::LetterNumber;
    let more = [Is::NonspacingMark, Is::SpacingMark, Is::DecimalNumber, Is::ConnectorPunctuation];
    let starts = |code| (letter(code) || within(&START, code)) && !within(&NO_START, code);
    let continues = |code| {
        (letter(code) || more.contains(&category(code)) || within(&CONTINUE, code)) && !within(&NO_CONTINUE, code)
    };
    let mut codes = Kind::Str.elements(text).map(|(code, _)| code);
    codes.next().is_some_and(starts) && codes.all(continues)
}

/// `isprintable`, which only `str` has: of no characters too.
pub fn isprintable(text: &[u8]) -> bool {
    Kind::Str.elements(text).all(|(code, _)| char::from_u32(code).is_some_and(is_printable))
}

/// `isspace`.
pub fn isspace(kind: Kind, text: &[u8]) -> bool {
    !text.is_empty() && kind.elements(text).all(|(code, _)| space(kind, code))
}

/// `islower`: at least one is of lower case, and none of another.
pub fn islower(kind: Kind, text: &[u8]) -> bool {
    only(kind, text, Case::Lower)
}

/// `isupper`: at least one is of upper case, and none of another.
pub fn isupper(kind: Kind, text: &[u8]) -> bool {
    only(kind, text, Case::Upper)
}

fn only(kind: Kind, text: &[u8], wanted: Case) -> bool {
    let mut any = false;
    for (code, _) in kind.elements(text) {
        match case(kind, code) {
            Case::None => {}
            found if found == wanted => any = true,
            _ => return false,
        }
    }
    any
}

/// `istitle`: every word begins with upper (or title) case and goes on in lower case, and there is one.
pub fn istitle(kind: Kind, text: &[u8]) -> bool {
    let (mut any, mut inside) = (false, false);
    for (code, _) in kind.elements(text) {
        match case(kind, code) {
            Case::Upper | Case::Title if inside => return false,
            Case::Lower if !inside => return false,
            Case::None => inside = false,
            _ => (any, inside) = (true, true),
        }
    }
    any
}
