//! Text of a dump on a terminal: nothing in it may move the cursor, change colours, or reorder what is read.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Whether Python's `repr` shows a character as it is (`str.isprintable`).
pub fn is_printable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        _ if c.is_ascii() => false,
        _ => !matches!(
            c.general_category(),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::Surrogate
                | GeneralCategory::PrivateUse
                | GeneralCategory::Unassigned
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
                | GeneralCategory::SpaceSeparator
        ),
    }
}

/// Whether a terminal may be given the character: no control, bidi or zero-width character, nothing invisible.
fn is_harmless(c: char) -> bool {
    c == '\u{a0}' || c == '\u{3000}' || is_printable(c)
}

/// The text with every control, bidi, zero-width or unassigned character escaped as Python writes it: `\x1b`, `\u202e`.
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_harmless(c) {
            out.push(c);
        } else {
            push_escape(&mut out, u32::from(c));
        }
    }
    Cow::Owned(out)
}

/// Appends a character as Python's `repr` escapes it.
pub(crate) fn push_escape(out: &mut String, code: u32) {
    let _ = match code {
        0x09 => write!(out, "\\t"),
        0x0A => write!(out, "\\n"),
        0x0D => write!(out, "\\r"),
        0..=0xFF => write!(out, "\\x{code:02x}"),
        0x100..=0xFFFF => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

/// The first `most` characters of a text, and a visible `…` where there are more.
pub fn shorten(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((at, _)) => Cow::Owned(format!("{}…", text.get(..at).unwrap_or_default())),
    }
}
