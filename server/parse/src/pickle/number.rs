//! Numbers: binary integers of any length, and the text of protocol 0.

/// What `INT` and `LONG` may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextInt {
    Bool(bool),
    Int(i64),
    /// More than 64 bits: the digits, with their sign, are this part of the line.
    Decimal {
        start: usize,
        len: usize,
    },
}

/// Two's complement, little-endian, of at most 16 bytes.
pub(super) fn little_endian(bytes: &[u8]) -> Option<i128> {
    if bytes.len() > 16 {
        return None;
    }
    let fill = match bytes.last() {
        Some(&last) if last >= 0x80 => 0xff,
        _ => 0,
    };
    let mut wide = [fill; 16];
    wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i128::from_le_bytes(wide))
}

/// How many bytes of a two's complement number are needed: superfluous sign bytes stand at its end.
pub(super) fn significant(bytes: &[u8]) -> usize {
    let mut rest = bytes;
    while let [more @ .., before, last] = rest {
        let superfluous = match last {
            0 => *before < 0x80,
            0xff => *before >= 0x80,
            _ => false,
        };
        if !superfluous {
            break;
        }
        // Drop `last` only.
        rest = rest.get(..more.len().saturating_add(1)).unwrap_or_default();
    }
    match rest {
        [0] => 0,
        _ => rest.len(),
    }
}

/// The line of an `INT`. `01` and `00` are booleans (before protocol 2 there was no other way to say so).
/// CPython reads the rest with C's `strtol` in base 0, so `010` is 8 and `0x10` is 16; no pickler writes these.
pub(super) fn int_line(line: &[u8]) -> Option<TextInt> {
    match line {
        b"00" => Some(TextInt::Bool(false)),
        b"01" => Some(TextInt::Bool(true)),
        _ => text_int(line, true),
    }
}

/// The line of a `LONG`: as Python writes it, Python 2 with an `L` at the end.
pub(super) fn long_line(line: &[u8]) -> Option<TextInt> {
    text_int(line.strip_suffix(b"L").unwrap_or(line), false)
}

fn text_int(line: &[u8], octal: bool) -> Option<TextInt> {
    let start = line.iter().take_while(|c| is_space(**c)).count();
    let text = line.get(start..)?.trim_ascii_end();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (radix, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        [b'0', rest @ ..] if rest.iter().any(|&c| c != b'0') => {
            if !octal {
                return None;
            }
            (8, rest)
        }
        rest => (10, rest),
    };
    if digits.is_empty() || !digits.iter().all(|&c| char::from(c).is_digit(radix)) {
        return None;
    }
    let mut value = 0i128;
    let mut fits = true;
    for &digit in digits {
        let digit = char::from(digit).to_digit(radix)?;
        value = value.saturating_mul(i128::from(radix)).saturating_add(i128::from(digit));
        if value > i128::from(u64::MAX) {
            fits = false;
            break;
        }
    }
    let value = if negative { value.saturating_neg() } else { value };
    match i64::try_from(value) {
        Ok(value) if fits => Some(TextInt::Int(value)),
        _ if radix == 10 => Some(TextInt::Decimal { start, len: text.len() }),
        // CPython would take it; no pickler writes it.
        _ => None,
    }
}

fn is_space(c: u8) -> bool {
    matches!(c, b' ' | b'\t' | 0x0b | 0x0c | b'\r')
}

/// The line of a `FLOAT`, as `repr` writes it, `inf` and `nan` included.
pub(super) fn float_line(line: &[u8]) -> Option<f64> {
    std::str::from_utf8(line).ok()?.trim().parse().ok()
}

/// The line of a `PUT` or `GET`: a memo index.
pub(super) fn index_line(line: &[u8]) -> Option<u64> {
    match text_int(line, false)? {
        TextInt::Int(value) => u64::try_from(value).ok(),
        _ => None,
    }
}
