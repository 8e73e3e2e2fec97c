//! Python text as the file holds it: UTF-8 in which lone surrogates may stand.

use std::borrow::Cow;

/// The text as Unicode scalar values: each lone surrogate, and each byte that is no UTF-8 at all, is U+FFFD.
pub fn scalar_text(bytes: &[u8]) -> Cow<'_, str> {
    let mut rest = match std::str::from_utf8(bytes) {
        Ok(text) => return Cow::Borrowed(text),
        Err(_) => bytes,
    };
    let mut out = String::with_capacity(bytes.len());
    while !rest.is_empty() {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                out.push_str(text);
                break;
            }
            Err(error) => {
                let (good, bad) = rest.split_at(error.valid_up_to());
                out.push_str(&String::from_utf8_lossy(good));
                out.push(char::REPLACEMENT_CHARACTER);
                let skip = if surrogate(bad).is_some() { 3 } else { error.error_len().unwrap_or(bad.len()) };
                rest = bad.get(skip..).unwrap_or_default();
            }
        }
    }
    Cow::Owned(out)
}

/// The lone surrogate at the beginning of the bytes, where one stands there.
pub(crate) fn surrogate(bytes: &[u8]) -> Option<u16> {
    match *bytes {
        [0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, ..] => {
            Some(0xD000 | (u16::from(second & 0x3F) << 6) | u16::from(third & 0x3F))
        }
        _ => None,
    }
}
