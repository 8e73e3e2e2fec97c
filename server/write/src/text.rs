//! Python text: UTF-8 in which lone surrogates may stand, and nothing else.

use std::borrow::Cow;

/// The bytes as text that Python can read: U+FFFD for each byte that is neither UTF-8 nor of a lone surrogate.
pub(crate) fn readable(bytes: &[u8]) -> Cow<'_, [u8]> {
    if is_readable(bytes) {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len() + 16);
    let mut rest = bytes;
    while !rest.is_empty() {
        let (good, skip) = next_fault(rest);
        out.extend(&rest[..good]);
        if skip > 0 {
            out.extend("\u{FFFD}".as_bytes());
        }
        rest = &rest[good + skip..];
    }
    Cow::Owned(out)
}

/// Whether Python can read the bytes as text.
pub(crate) fn is_readable(bytes: &[u8]) -> bool {
    next_fault(bytes).1 == 0
}

/// How many bytes are text, and how many after them are not; `(all, 0)` where all are.
fn next_fault(bytes: &[u8]) -> (usize, usize) {
    let mut at = 0;
    loop {
        match std::str::from_utf8(&bytes[at..]) {
            Ok(_) => return (bytes.len(), 0),
            Err(error) => {
                at += error.valid_up_to();
                match bytes[at..] {
                    [0xED, 0xA0..=0xBF, 0x80..=0xBF, ..] => at += 3,
                    _ => return (at, error.error_len().unwrap_or(bytes.len() - at)),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_text_is_replaced() {
        for text in [&b""[..], "ä漢😀".as_bytes(), b"a\xed\xa0\x80b", b"\xed\xb2\x80\xed\xa0\x80"] {
            assert_eq!(readable(text), text);
        }
        let replaced = |bytes: &[u8]| readable(bytes).into_owned();
        assert_eq!(replaced(b"a\xffb\xed\xa0\x80\xc3"), b"a\xef\xbf\xbdb\xed\xa0\x80\xef\xbf\xbd");
        assert_eq!(replaced(b"\xed\xa0"), "\u{FFFD}\u{FFFD}".as_bytes());
    }
}
