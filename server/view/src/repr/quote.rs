//! Text and bytes between quotes, as Python writes them.

use crate::text::{is_printable, push_escape};

fn quote_for(bytes: &[u8]) -> char {
    let single = memchr::memchr(b'\'', bytes).is_some();
    if single && memchr::memchr(b'"', bytes).is_none() { '"' } else { '\'' }
}

/// `repr` of a str (UTF-8 in which lone surrogates may stand), of which at least `most` characters are written, if
/// there are so many.
pub fn text(bytes: &[u8], most: usize) -> String {
    quoted("", bytes, most, is_printable)
}

/// `repr` of a `unicode` of Python 2: everything that is not ASCII is escaped.
pub fn unicode(bytes: &[u8], most: usize) -> String {
    quoted("u", bytes, most, |c| matches!(c, ' '..='~'))
}

/// A text within quotes, after a prefix; characters that are not plain are escaped.
fn quoted(prefix: &str, bytes: &[u8], most: usize, plain: impl Fn(char) -> bool) -> String {
    let quote = quote_for(bytes);
    let mut out = String::with_capacity(prefix.len() + bytes.len().min(most) + 2);
    out.push_str(prefix);
    out.push(quote);
    if push_inside(&mut out, bytes, quote, most, plain) {
        out.push(quote);
    }
    out
}

/// A text as it is written between quotes of that kind; longer ones end after `most` characters.
pub(crate) fn inside(bytes: &[u8], quote: char, most: usize) -> String {
    let mut out = String::new();
    push_inside(&mut out, bytes, quote, most, is_printable);
    out
}

/// Appends what stands between the quotes; whether that is all of it.
fn push_inside(out: &mut String, bytes: &[u8], quote: char, most: usize, plain: impl Fn(char) -> bool) -> bool {
    let mut rest = bytes;
    let mut written = 0;
    while !rest.is_empty() {
        if written > most {
            return false;
        }
        let (code, length) = next(rest);
        rest = rest.get(length..).unwrap_or_default();
        written += 1;
        match char::from_u32(code) {
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => {
                out.push('\\');
                out.push(c);
            }
            Some(c) if plain(c) => out.push(c),
            _ => push_escape(out, code),
        }
    }
    true
}

/// The code point at the beginning of the bytes, and how many bytes it takes; a byte that is no UTF-8 is U+FFFD.
pub(crate) fn next(bytes: &[u8]) -> (u32, usize) {
    let length = match bytes.first() {
        Some(0x00..=0x7F) | None => 1,
        Some(0xC2..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..=0xF4) => 4,
        Some(_) => 1,
    };
    let Some(piece) = bytes.get(..length) else { return (0xFFFD, 1) };
    if let Some(c) = std::str::from_utf8(piece).ok().and_then(|text| text.chars().next()) {
        return (u32::from(c), length);
    }
    match *piece {
        [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF] => {
            (0xD000 | (u32::from(second & 0x3F) << 6) | u32::from(third & 0x3F), 3)
        }
        _ => (0xFFFD, 1),
    }
}

/// `repr` of bytes, of which at least `most` are written, if there are so many.
pub fn bytes(bytes: &[u8], most: usize) -> String {
    quoted_bytes("b", bytes, most)
}

/// `repr` of a `str` of Python 2, which is bytes.
pub fn python2_str(bytes: &[u8], most: usize) -> String {
    quoted_bytes("", bytes, most)
}

/// `repr` of a bytearray without its name: as of bytes, but that a single quote is escaped whatever stands around.
pub fn bytearray(bytes: &[u8], most: usize) -> String {
    let quoted = quoted_bytes("b", bytes, most);
    if quoted.starts_with("b\"") { quoted.replace('\'', "\\'") } else { quoted }
}

fn quoted_bytes(prefix: &str, bytes: &[u8], most: usize) -> String {
    let quote = quote_for(bytes);
    let mut out = String::with_capacity(bytes.len().min(most) + 3);
    out.push_str(prefix);
    out.push(quote);
    for (written, &byte) in bytes.iter().enumerate() {
        if written > most {
            return out;
        }
        match byte {
            b'\\' => out.push_str("\\\\"),
            _ if char::from(byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            b' '..=b'~' => out.push(char::from(byte)),
            _ => push_escape(&mut out, u32::from(byte)),
        }
    }
    out.push(quote);
    out
}
