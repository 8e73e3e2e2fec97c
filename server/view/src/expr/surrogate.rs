//! Lone surrogates in literals: the parser has U+FFFD for them, Python has them.

use crate::python::text::push;

const REPLACEMENT: char = '\u{FFFD}';

/// The text of a literal, by its value as the parser has it and by how it is written.
pub(super) fn text(value: &str, source: &str, raw: bool) -> Vec<u8> {
    let mut written = written(source, raw).into_iter();
    let mut pieces = value.split(REPLACEMENT);
    let mut out = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        push(&mut out, written.next().unwrap_or(u32::from(REPLACEMENT)));
        out.extend_from_slice(piece.as_bytes());
    }
    out
}

/// The code points that the parser has U+FFFD for, in their order.
fn written(source: &str, raw: bool) -> Vec<u32> {
    let (mut found, mut rest) = (Vec::new(), source);
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c == REPLACEMENT {
            found.push(u32::from(c));
        }
        let Some(escaped) = rest.chars().next().filter(|_| c == '\\' && !raw) else { continue };
        rest = &rest[escaped.len_utf8()..];
        let code = match escaped {
            'u' => rest.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()),
            'U' => rest.get(..8).and_then(|digits| u32::from_str_radix(digits, 16).ok()),
            'N' if rest.to_ascii_uppercase().starts_with("{REPLACEMENT CHARACTER}") => Some(u32::from(REPLACEMENT)),
            _ => None,
        };
        found.extend(code.filter(|code| matches!(code, 0xD800..=0xDFFF | 0xFFFD)));
    }
    found
}
