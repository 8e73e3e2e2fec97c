//! Encoded words (RFC 2047) that follow each other, joined.
//!
//! Writers break long values into several words, and some of them (Python 2's `email`) within a character. Such pieces can
//! be decoded only together.

use super::transfer;

/// The text with each run of words of one character set made into one word.
pub(super) fn joined(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    // The word that is being put together, and where in `out` it would begin.
    let mut open: Option<(&[u8], Vec<u8>)> = None;
    while let Some(at) = memchr::memmem::find(rest, b"=?") {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        let Some((charset, bytes, after)) = word(from) else {
            flush(&mut out, open.take());
            out.extend_from_slice(before);
            out.extend_from_slice(b"=?");
            rest = from.get(2..).unwrap_or_default();
            continue;
        };
        let blank = before.iter().all(u8::is_ascii_whitespace);
        match &mut open {
            Some((known, held)) if blank && known.eq_ignore_ascii_case(charset) => held.extend(bytes),
            _ => {
                let was_open = open.is_some();
                flush(&mut out, open.take());
                // White space between two words means nothing.
                if !(was_open && blank) {
                    out.extend_from_slice(before);
                }
                open = Some((charset, bytes));
            }
        }
        rest = after;
    }
    flush(&mut out, open.take());
    out.extend_from_slice(rest);
    out
}

/// The word that a text begins with: its character set, its bytes, and what follows it.
fn word(text: &[u8]) -> Option<(&[u8], Vec<u8>, &[u8])> {
    let body = text.strip_prefix(b"=?")?;
    let (charset, rest) = split(body)?;
    let (encoding, rest) = split(rest)?;
    let end = memchr::memmem::find(rest, b"?=")?;
    let (content, after) = (rest.get(..end)?, rest.get(end.checked_add(2)?..)?);
    let plain = |text: &[u8]| !text.is_empty() && text.iter().all(|c| c.is_ascii_graphic());
    if !plain(charset) || charset.len() > 40 || content.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    let bytes = match encoding {
        b"b" | b"B" => transfer::base64(content).0,
        b"q" | b"Q" => quoted(content),
        _ => return None,
    };
    Some((charset, bytes, after))
}

fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(b'?', text)?;
    Some((text.get(..at)?, text.get(at.checked_add(1)?..)?))
}

/// Section 4.2: `_` is a space, `=XX` a byte.
fn quoted(text: &[u8]) -> Vec<u8> {
    let digit = |c: Option<&u8>| char::from(*c?).to_digit(16);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'_' => out.push(b' '),
            b'=' => match (digit(after.first()), digit(after.get(1))) {
                (Some(high), Some(low)) => {
                    out.push(((high << 4) | low) as u8);
                    rest = after.get(2..).unwrap_or_default();
                }
                _ => out.push(b'='),
            },
            other => out.push(*other),
        }
    }
    out
}

/// Writes a word in which every byte is quoted.
fn flush(out: &mut Vec<u8>, word: Option<(&[u8], Vec<u8>)>) {
    let Some((charset, bytes)) = word else { return };
    out.extend_from_slice(b"=?");
    out.extend_from_slice(charset);
    out.extend_from_slice(b"?q?");
    for byte in bytes {
        out.push(b'=');
        out.extend(
            [byte >> 4, byte & 15].map(|half| b"0123456789ABCDEF".get(usize::from(half)).copied().unwrap_or(b'0')),
        );
    }
    out.extend_from_slice(b"?=");
}
