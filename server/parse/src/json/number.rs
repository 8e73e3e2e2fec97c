//! Numbers as Python writes them.

/// A number: whole as long as it is written so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum JsonNumber<'a> {
    /// An int of 64 bits.
    Int(i64),
    /// A larger int, in decimal.
    BigInt(&'a str),
    /// A float.
    Float(f64),
}

impl<'a> JsonNumber<'a> {
    pub(super) fn of(word: &'a [u8]) -> Self {
        let text = std::str::from_utf8(word).unwrap_or_default();
        match text {
            "NaN" => Self::Float(f64::NAN),
            "Infinity" => Self::Float(f64::INFINITY),
            "-Infinity" => Self::Float(f64::NEG_INFINITY),
            _ if word.iter().all(|byte| byte.is_ascii_digit() || *byte == b'-') => {
                text.parse().map_or(Self::BigInt(text), Self::Int)
            }
            _ => Self::Float(text.parse().unwrap_or(f64::NAN)),
        }
    }
}

/// Whether a word is a number: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, or one of Python's three words.
pub(super) fn is_number(word: &[u8]) -> bool {
    if matches!(word, b"NaN" | b"Infinity" | b"-Infinity") {
        return true;
    }
    let digits = |word: &[u8]| word.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(rest);
    let mut rest = match rest {
        [b'0', after @ ..] => after,
        _ if whole > 0 => rest.get(whole..).unwrap_or_default(),
        _ => return false,
    };
    if let [b'.', after @ ..] = rest {
        let count = digits(after);
        if count == 0 {
            return false;
        }
        rest = after.get(count..).unwrap_or_default();
    }
    if let [b'e' | b'E', after @ ..] = rest {
        let after = match after {
            [b'+' | b'-', after @ ..] => after,
            _ => after,
        };
        let count = digits(after);
        if count == 0 {
            return false;
        }
        rest = after.get(count..).unwrap_or_default();
    }
    rest.is_empty()
}
