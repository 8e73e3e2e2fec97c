//! Bytes to text: `bytes.decode`.

use super::encode::{Encoding, Errors, Order};
use super::out::Out;
use crate::python::Raised;

/// The bytes that could not be decoded, and why.
struct Fault {
    start: usize,
    end: usize,
    reason: &'static str,
}

/// `decode`, to UTF-8 in which lone surrogates may stand.
pub fn decode(bytes: &[u8], encoding: Encoding, errors: Errors, limit: usize) -> Result<Vec<u8>, Raised> {
    let mut out = Out::new(limit);
    let (encoding, mut at) = ordered(encoding, bytes);
    while at < bytes.len() {
        let (next, fault) = run(encoding, bytes, at, &mut out)?;
        at = match fault {
            None => next,
            Some(fault) => handle(encoding, errors, bytes, &fault, &mut out)?,
        };
    }
    Ok(out.finish())
}

/// The encoding without a mark in it, and where the text begins.
fn ordered(encoding: Encoding, bytes: &[u8]) -> (Encoding, usize) {
    match encoding {
        Encoding::Utf16(Order::Marked) => match bytes {
            [0xFE, 0xFF, ..] => (Encoding::Utf16(Order::Big), 2),
            [0xFF, 0xFE, ..] => (Encoding::Utf16(Order::Little), 2),
            _ => (Encoding::Utf16(Order::Little), 0),
        },
        Encoding::Utf32(Order::Marked) => match bytes {
            [0, 0, 0xFE, 0xFF, ..] => (Encoding::Utf32(Order::Big), 4),
            [0xFF, 0xFE, 0, 0, ..] => (Encoding::Utf32(Order::Little), 4),
            _ => (Encoding::Utf32(Order::Little), 0),
        },
        _ => (encoding, 0),
    }
}

/// Decodes from byte `at` up to the first fault, or some of what is left.
fn run(encoding: Encoding, bytes: &[u8], at: usize, out: &mut Out) -> Result<(usize, Option<Fault>), Raised> {
    let rest = bytes.get(at..).unwrap_or_default();
    let fault = |width: usize, reason| Some(Fault { start: at, end: (at + width).min(bytes.len()), reason });
    match encoding {
        Encoding::Utf8 => {
            let Some(chunk) = rest.utf8_chunks().next() else { return Ok((bytes.len(), None)) };
            out.bytes(chunk.valid().as_bytes())?;
            let start = at + chunk.valid().len();
            let end = start + chunk.invalid().len();
            let reason = match *chunk.invalid() {
                [] => return Ok((end, None)),
                [0x80..=0xC1 | 0xF5.., ..] => "invalid start byte",
                _ if end == bytes.len() && is_cut_short(bytes, start) => "unexpected end of data",
                _ => "invalid continuation byte",
            };
            Ok((end, Some(Fault { start, end, reason })))
        }
        Encoding::Ascii => {
            let ascii = rest.iter().take_while(|byte| byte.is_ascii()).count();
            out.bytes(rest.get(..ascii).unwrap_or_default())?;
            let (start, end) = (at + ascii, at + ascii + 1);
            let reason = "ordinal not in range(128)";
            Ok((start, (ascii < rest.len()).then_some(Fault { start, end, reason })))
        }
        Encoding::Latin1 => {
            rest.iter().try_for_each(|&byte| out.code(u32::from(byte)))?;
            Ok((bytes.len(), None))
        }
        Encoding::Utf16(order) => {
            let unit = |number: usize| {
                let pair = *rest.get(number * 2..)?.first_chunk::<2>()?;
                Some(if order == Order::Big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
            };
            let Some(first) = unit(0) else { return Ok((at, fault(1, "truncated data"))) };
            let low = |unit: u16| (0xDC00..0xE000).contains(&unit);
            match (first, unit(1)) {
                (0xD800..0xDC00, None) => Ok((at, fault(rest.len(), "unexpected end of data"))),
                (0xD800..0xDC00, Some(second)) if low(second) => {
                    let (high, low) = (u32::from(first) & 0x3FF, u32::from(second) & 0x3FF);
                    out.code(0x10000 + (high << 10 | low))?;
                    Ok((at + 4, None))
                }
                (0xD800..0xDC00, Some(_)) => Ok((at, fault(2, "illegal UTF-16 surrogate"))),
                _ if low(first) => Ok((at, fault(2, "illegal encoding"))),
                _ => {
                    out.code(u32::from(first))?;
                    Ok((at + 2, None))
                }
            }
        }
        Encoding::Utf32(order) => {
            let Some(&four) = rest.first_chunk::<4>() else { return Ok((at, fault(rest.len(), "truncated data"))) };
            let code = if order == Order::Big { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) };
            match code {
                0xD800..0xE000 => Ok((at, fault(4, "code point in surrogate code point range(0xd800, 0xe000)"))),
                0x11_0000.. => Ok((at, fault(4, "code point not in range(0x110000)"))),
                _ => {
                    out.code(code)?;
                    Ok((at + 4, None))
                }
            }
        }
    }
}

/// Whether more bytes could complete what begins at `start`.
fn is_cut_short(bytes: &[u8], start: usize) -> bool {
    let rest = bytes.get(start..).unwrap_or_default();
    std::str::from_utf8(rest).is_err_and(|error| error.error_len().is_none())
}

/// Does what the handler does with a fault; the byte at which decoding goes on.
fn handle(encoding: Encoding, errors: Errors, bytes: &[u8], fault: &Fault, out: &mut Out) -> Result<usize, Raised> {
    let faulty = bytes.get(fault.start..fault.end).unwrap_or_default();
    let raised = || Err(failure(encoding, faulty, fault));
    match errors {
        Errors::Strict => return raised(),
        Errors::XmlCharRefReplace => {
            let message = "don't know how to handle UnicodeDecodeError in error callback";
            return Err(Raised::new("TypeError", message));
        }
        Errors::Ignore => {}
        Errors::Replace => out.code(0xFFFD)?,
        Errors::BackslashReplace => {
            faulty.iter().try_for_each(|byte| out.bytes(format!("\\x{byte:02x}").as_bytes()))?;
        }
        Errors::SurrogateEscape => {
            let escaped = faulty.iter().take(4).take_while(|byte| !byte.is_ascii());
            let mut end = fault.start;
            for &byte in escaped {
                out.code(0xDC00 | u32::from(byte))?;
                end += 1;
            }
            return if end == fault.start { raised() } else { Ok(end) };
        }
        Errors::SurrogatePass => {
            let rest = bytes.get(fault.start..).unwrap_or_default();
            let found = match (encoding, rest) {
                (Encoding::Utf8, &[0xED, second @ 0xA0..=0xBF, third @ 0x80..=0xBF, ..]) => {
                    Some((0xD000 | u32::from(second & 0x3F) << 6 | u32::from(third & 0x3F), 3))
                }
                (Encoding::Utf16(Order::Big), &[high, low, ..]) => Some((u32::from_be_bytes([0, 0, high, low]), 2)),
                (Encoding::Utf16(_), &[low, high, ..]) => Some((u32::from_be_bytes([0, 0, high, low]), 2)),
                (Encoding::Utf32(Order::Big), &[a, b, c, d, ..]) => Some((u32::from_be_bytes([a, b, c, d]), 4)),
                (Encoding::Utf32(_), &[a, b, c, d, ..]) => Some((u32::from_le_bytes([a, b, c, d]), 4)),
                _ => None,
            };
            let Some((code @ 0xD800..0xE000, width)) = found else { return raised() };
            out.code(code)?;
            return Ok(fault.start + width);
        }
    }
    Ok(fault.end)
}

fn failure(encoding: Encoding, faulty: &[u8], fault: &Fault) -> Raised {
    let Fault { start, end, reason } = fault;
    let what = match faulty {
        [byte] => format!("byte 0x{byte:02x} in position {start}"),
        _ => format!("bytes in position {start}-{}", end - 1),
    };
    Raised::new("UnicodeDecodeError", format!("'{}' codec can't decode {what}: {reason}", encoding.name()))
}
