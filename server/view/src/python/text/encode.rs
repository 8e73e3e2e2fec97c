//! Text to bytes: `str.encode`.

use std::fmt::Write as _;

use super::kind::Kind;
use super::out::Out;
use crate::python::Raised;

/// An encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// ASCII.
    Ascii,
    /// ISO 8859-1.
    Latin1,
    /// UTF-16.
    Utf16(Order),
    /// UTF-32.
    Utf32(Order),
}

/// The order of the bytes of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As the byte order mark says, which is written; little-endian if there is none.
    Marked,
    /// The least first.
    Little,
    /// The greatest first.
    Big,
}

/// What is done with what cannot be encoded or decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "these are Python's names")]
pub enum Errors {
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    XmlCharRefReplace,
    SurrogatePass,
    SurrogateEscape,
}

impl Encoding {
    /// The encoding that Python knows by a name; `None` if it is none of these (Python may still know it).
    pub fn named(name: &[u8]) -> Option<Self> {
        let name: Vec<u8> =
            name.iter().map(|byte| if b" _".contains(byte) { b'-' } else { byte.to_ascii_lowercase() }).collect();
        Some(match name.as_slice() {
            b"utf-8" | b"utf8" | b"u8" | b"utf" | b"utf8-ucs2" | b"utf8-ucs4" | b"cp65001" => Encoding::Utf8,
            b"ascii" | b"us-ascii" | b"646" | b"ansi-x3.4-1968" | b"iso646-us" => Encoding::Ascii,
            b"latin-1" | b"latin1" | b"latin" | b"l1" | b"iso-8859-1" | b"iso8859-1" | b"8859" | b"cp819" => {
                Encoding::Latin1
            }
            b"utf-16" | b"utf16" | b"u16" => Encoding::Utf16(Order::Marked),
            b"utf-16-le" | b"utf-16le" => Encoding::Utf16(Order::Little),
            b"utf-16-be" | b"utf-16be" => Encoding::Utf16(Order::Big),
            b"utf-32" | b"utf32" | b"u32" => Encoding::Utf32(Order::Marked),
            b"utf-32-le" | b"utf-32le" => Encoding::Utf32(Order::Little),
            b"utf-32-be" | b"utf-32be" => Encoding::Utf32(Order::Big),
            _ => return None,
        })
    }

    /// Its name in the messages of errors.
    pub(super) fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Ascii => "ascii",
            Encoding::Latin1 => "latin-1",
            Encoding::Utf16(Order::Marked) => "utf-16",
            Encoding::Utf16(Order::Little) => "utf-16-le",
            Encoding::Utf16(Order::Big) => "utf-16-be",
            Encoding::Utf32(Order::Marked) => "utf-32",
            Encoding::Utf32(Order::Little) => "utf-32-le",
            Encoding::Utf32(Order::Big) => "utf-32-be",
        }
    }

    fn has(self, code: u32) -> bool {
        match self {
            Encoding::Ascii => code < 0x80,
            Encoding::Latin1 => code < 0x100,
            _ => char::from_u32(code).is_some(),
        }
    }

    /// Writes a code point that the encoding has, or a surrogate.
    fn write(self, code: u32, out: &mut Out) -> Result<(), Raised> {
        match self {
            Encoding::Utf8 => out.code(code),
            Encoding::Ascii | Encoding::Latin1 => u8::try_from(code).map_or(Ok(()), |byte| out.bytes(&[byte])),
            Encoding::Utf16(order) => {
                let mut pair = [0; 2];
                let single = u16::try_from(code).map(|unit| [unit]);
                let units = match (&single, char::from_u32(code)) {
                    (Ok(unit), _) => unit.as_slice(),
                    (Err(_), Some(c)) => c.encode_utf16(&mut pair),
                    (Err(_), None) => &[],
                };
                units.iter().try_for_each(|unit| match order {
                    Order::Big => out.bytes(&unit.to_be_bytes()),
                    Order::Little | Order::Marked => out.bytes(&unit.to_le_bytes()),
                })
            }
            Encoding::Utf32(Order::Big) => out.bytes(&code.to_be_bytes()),
            Encoding::Utf32(_) => out.bytes(&code.to_le_bytes()),
        }
    }
}

impl Errors {
    /// The handler of a name; `None` if it is none of these (Python may still know it).
    pub fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"strict" => Errors::Strict,
            b"ignore" => Errors::Ignore,
            b"replace" => Errors::Replace,
            b"backslashreplace" => Errors::BackslashReplace,
            b"xmlcharrefreplace" => Errors::XmlCharRefReplace,
            b"surrogatepass" => Errors::SurrogatePass,
            b"surrogateescape" => Errors::SurrogateEscape,
            _ => return None,
        })
    }
}

/// `encode`.
pub fn encode(text: &[u8], encoding: Encoding, errors: Errors, limit: usize) -> Result<Vec<u8>, Raised> {
    let mut out = Out::new(limit);
    if matches!(encoding, Encoding::Utf16(Order::Marked) | Encoding::Utf32(Order::Marked)) {
        encoding.write(0xFEFF, &mut out)?;
    }
    // One at a time, where Python's codec does not collect those that follow each other.
    let collects = matches!(encoding, Encoding::Utf8 | Encoding::Ascii | Encoding::Latin1);
    let mut elements = Kind::Str.elements(text).map(|(code, _)| code).enumerate().peekable();
    while let Some((start, code)) = elements.next() {
        if encoding.has(code) {
            encoding.write(code, &mut out)?;
            continue;
        }
        let escaped = |code: u32| errors == Errors::SurrogateEscape && (0xDC80..=0xDCFF).contains(&code);
        let ascii = !matches!(encoding, Encoding::Utf16(_) | Encoding::Utf32(_));
        let mut end = start + 1;
        match errors {
            Errors::Ignore => {}
            Errors::Replace => encoding.write(u32::from(b'?'), &mut out)?,
            Errors::BackslashReplace => written(encoding, &escape(code), &mut out)?,
            Errors::XmlCharRefReplace => written(encoding, &format!("&#{code};"), &mut out)?,
            Errors::SurrogatePass if (0xD800..0xE000).contains(&code) && encoding_is_unicode(encoding) => {
                encoding.write(code, &mut out)?;
            }
            // The low byte of such a surrogate is the byte that it stands for.
            _ if escaped(code) && ascii => out.bytes(&[code.to_le_bytes()[0]])?,
            _ => {
                while collects && elements.next_if(|&(_, code)| !encoding.has(code)).is_some() {
                    end += 1;
                }
                return Err(failure(encoding, code, start, end));
            }
        }
    }
    Ok(out.finish())
}

fn encoding_is_unicode(encoding: Encoding) -> bool {
    !matches!(encoding, Encoding::Ascii | Encoding::Latin1)
}

fn written(encoding: Encoding, ascii: &str, out: &mut Out) -> Result<(), Raised> {
    ascii.chars().try_for_each(|c| encoding.write(u32::from(c), out))
}

/// A code point as the messages and `backslashreplace` write it.
fn escape(code: u32) -> String {
    match code {
        0..=0xFF => format!("\\x{code:02x}"),
        0x100..=0xFFFF => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

fn failure(encoding: Encoding, code: u32, start: usize, end: usize) -> Raised {
    let mut message = format!("'{}' codec can't encode ", encoding.name());
    let reason = match encoding {
        Encoding::Ascii => "ordinal not in range(128)",
        Encoding::Latin1 => "ordinal not in range(256)",
        _ => "surrogates not allowed",
    };
    let _ = if end == start + 1 {
        write!(message, "character '{}' in position {start}: {reason}", escape(code))
    } else {
        write!(message, "characters in position {start}-{}: {reason}", end - 1)
    };
    Raised::new("UnicodeEncodeError", message)
}
