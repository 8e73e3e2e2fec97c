//! The escapes of protocol 0, and text with surrogates.

/// Why a line cannot be unescaped.
pub(super) type Reason = &'static str;

/// Whether the line of a `UNICODE` stands for itself: no escape, nothing but ASCII.
pub(super) fn is_plain(line: &[u8]) -> bool {
    line.is_ascii() && memchr::memchr(b'\\', line).is_none()
}

/// The quoted text of a `STRING` line.
pub(super) fn unquote(line: &[u8]) -> Result<&[u8], Reason> {
    match line {
        [b'\'', text @ .., b'\''] | [b'"', text @ .., b'"'] => Ok(text),
        _ => Err("its text is not in quotes"),
    }
}

/// The escapes of a Python 2 string literal (CPython: `_PyBytes_DecodeEscape`). Unknown ones stay as they are.
pub(super) fn string_escape(text: &[u8], out: &mut Vec<u8>) -> Result<(), Reason> {
    let mut rest = text;
    loop {
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        let (before, from) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
        out.extend_from_slice(before);
        let (byte, after): (u8, &[u8]) = match from {
            [] => return Ok(()),
            [_, b'x', high, low, after @ ..] => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (((high << 4) | low) as u8, after),
                _ => return Err(BAD_HEX),
            },
            [_, b'x', ..] => return Err(BAD_HEX),
            [_, a @ b'0'..=b'7', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..] => {
                // Three octal digits may exceed a byte: CPython takes the low bits.
                let value = (octal(*a) << 6) | (octal(*b) << 3) | octal(*c);
                (value as u8, after)
            }
            [_, a @ b'0'..=b'7', b @ b'0'..=b'7', after @ ..] => (((octal(*a) << 3) | octal(*b)) as u8, after),
            [_, a @ b'0'..=b'7', after @ ..] => (octal(*a) as u8, after),
            [_, b'\\', after @ ..] => (b'\\', after),
            [_, b'\'', after @ ..] => (b'\'', after),
            [_, b'"', after @ ..] => (b'"', after),
            [_, b'a', after @ ..] => (0x07, after),
            [_, b'b', after @ ..] => (0x08, after),
            [_, b'f', after @ ..] => (0x0c, after),
            [_, b'n', after @ ..] => (b'\n', after),
            [_, b'r', after @ ..] => (b'\r', after),
            [_, b't', after @ ..] => (b'\t', after),
            [_, b'v', after @ ..] => (0x0b, after),
            [backslash, unknown, after @ ..] => {
                out.push(*backslash);
                (*unknown, after)
            }
            [_] => return Err("it ends in a backslash"),
        };
        out.push(byte);
        rest = after;
    }
}

const BAD_HEX: Reason = "a \\x in it lacks its two hexadecimal digits";

fn octal(digit: u8) -> u32 {
    u32::from(digit & 7)
}

fn hex(digit: u8) -> Option<u32> {
    char::from(digit).to_digit(16)
}

/// The line of a `UNICODE` (CPython: `PyUnicode_DecodeRawUnicodeEscape`): Latin-1, with `\uXXXX` and
/// `\UXXXXXXXX`; a backslash before anything else, another backslash included, is one, and so is what
/// follows it. Written as UTF-8 with surrogates passed.
pub(super) fn raw_unicode_escape(text: &[u8], out: &mut Vec<u8>) -> Result<(), Reason> {
    let mut rest = text;
    loop {
        let (code, after): (u32, &[u8]) = match rest {
            [] => return Ok(()),
            [b'\\', b'u', after @ ..] => escape(after, 4)?,
            [b'\\', b'U', after @ ..] => escape(after, 8)?,
            [b'\\', next, after @ ..] => {
                out.push(b'\\');
                (u32::from(*next), after)
            }
            [byte, after @ ..] => (u32::from(*byte), after),
        };
        push_code_point(code, out);
        rest = after;
    }
}

fn escape(text: &[u8], digits: usize) -> Result<(u32, &[u8]), Reason> {
    let (digits, after) = text.split_at_checked(digits).ok_or("a \\u in it is cut short")?;
    let mut code = 0u32;
    for &digit in digits {
        let digit = hex(digit).ok_or("a \\u in it lacks its hexadecimal digits")?;
        code = (code << 4) | digit;
    }
    if code > 0x10_ffff {
        return Err("a \\U in it is beyond the last character");
    }
    Ok((code, after))
}

/// UTF-8, surrogates as if they were characters.
fn push_code_point(code: u32, out: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[
            0xe0 | (code >> 12) as u8,
            0x80 | ((code >> 6) & 0x3f) as u8,
            0x80 | (code & 0x3f) as u8,
        ]),
    }
}

/// See [`super::node::lossy`].
pub(super) fn lossy_wtf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        let error = match std::str::from_utf8(rest) {
            Ok(valid) => {
                text.push_str(valid);
                break;
            }
            Err(error) => error,
        };
        let (valid, from) = rest.split_at_checked(error.valid_up_to()).unwrap_or((rest, &[]));
        text.push_str(std::str::from_utf8(valid).unwrap_or_default());
        rest = match from {
            // A high surrogate, then a low one: D800 to DBFF are ED A0..AF xx, DC00 to DFFF are ED B0..BF xx.
            [0xed, a @ 0xa0..=0xaf, b @ 0x80..=0xbf, 0xed, c @ 0xb0..=0xbf, d @ 0x80..=0xbf, after @ ..] => {
                let high = (u32::from(a & 0x0f) << 6) | u32::from(b & 0x3f);
                let low = (u32::from(c & 0x0f) << 6) | u32::from(d & 0x3f);
                let code = ((high << 10) | low).saturating_add(0x1_0000);
                text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                after
            }
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, after @ ..] => {
                text.push(char::REPLACEMENT_CHARACTER);
                after
            }
            _ => {
                text.push(char::REPLACEMENT_CHARACTER);
                let bad = error.error_len().unwrap_or(from.len());
                from.get(bad..).unwrap_or_default()
            }
        };
    }
    text
}
