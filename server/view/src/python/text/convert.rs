//! Texts by tables, bytes from and to hexadecimal digits.

use rustc_hash::FxHashMap;

use super::kind::{Kind, len};
use super::out::Out;
use crate::python::Raised;

/// The byte of an integer that a method of `bytes` was given (`None`: an integer that is too large for an `i64`).
pub fn element(value: Option<i64>) -> Result<u8, Raised> {
    let byte = value.and_then(|value| u8::try_from(value).ok());
    byte.ok_or_else(|| Raised::new("ValueError", "byte must be in range(0, 256)"))
}

/// `str.maketrans` of texts, in the order of its items: a later one replaces an earlier one of the same code point.
pub fn maketrans(from: &[u8], to: &[u8], deleted: &[u8]) -> Result<Vec<(u32, Option<u32>)>, Raised> {
    if len(Kind::Str, from) != len(Kind::Str, to) {
        return Err(Raised::new("ValueError", "the first two maketrans arguments must have equal length"));
    }
    let codes = |text| Kind::Str.elements(text).map(|(code, _)| code);
    let kept = codes(from).zip(codes(to)).map(|(from, to)| (from, Some(to)));
    Ok(kept.chain(codes(deleted).map(|code| (code, None))).collect())
}

/// `str.translate`: what a code point maps to replaces it, or nothing does (`None`).
pub fn translate(text: &[u8], map: &FxHashMap<u32, Option<Vec<u8>>>, limit: usize) -> Result<Vec<u8>, Raised> {
    let mut out = Out::new(limit);
    for (code, piece) in Kind::Str.elements(text) {
        match map.get(&code) {
            None => out.bytes(piece)?,
            Some(None) => {}
            Some(Some(other)) => out.bytes(other)?,
        }
    }
    Ok(out.finish())
}

/// `bytes.maketrans`.
pub fn bytes_maketrans(from: &[u8], to: &[u8]) -> Result<Vec<u8>, Raised> {
    if from.len() != to.len() {
        return Err(Raised::new("ValueError", "maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=u8::MAX).collect();
    for (&from, &to) in from.iter().zip(to) {
        if let Some(entry) = table.get_mut(usize::from(from)) {
            *entry = to;
        }
    }
    Ok(table)
}

/// `bytes.translate`: without the deleted bytes, the others by the table.
pub fn bytes_translate(text: &[u8], table: Option<&[u8]>, deleted: &[u8]) -> Result<Vec<u8>, Raised> {
    if table.is_some_and(|table| table.len() != 256) {
        return Err(Raised::new("ValueError", "translation table must be 256 characters long"));
    }
    let mut dropped = [false; 256];
    for &byte in deleted {
        dropped[usize::from(byte)] = true;
    }
    let kept = text.iter().filter(|byte| !dropped[usize::from(**byte)]);
    Ok(kept.map(|&byte| table.and_then(|table| table.get(usize::from(byte))).copied().unwrap_or(byte)).collect())
}

/// `bytes.hex`, the digits in groups of so many bytes: counted from the right, if negative from the left; all one
/// group if 0.
pub fn hex(text: &[u8], separator: Option<&[u8]>, group: i64, limit: usize) -> Result<Vec<u8>, Raised> {
    if separator.is_some_and(|separator| len(Kind::Str, separator) != 1) {
        return Err(Raised::new("ValueError", "sep must be length 1."));
    }
    let separator = separator.unwrap_or_default();
    if !separator.is_ascii() {
        return Err(Raised::new("ValueError", "sep must be ASCII."));
    }
    let size = usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX);
    let mut out = Out::new(limit);
    for (number, byte) in text.iter().enumerate() {
        let counted = if group < 0 { number } else { text.len() - number };
        if number > 0 && size > 0 && counted % size == 0 {
            out.bytes(separator)?;
        }
        let digit = |nibble: u8| b"0123456789abcdef".get(usize::from(nibble)).copied().unwrap_or_default();
        out.bytes(&[digit(byte >> 4), digit(byte & 15)])?;
    }
    Ok(out.finish())
}

/// `bytes.fromhex` of a text.
pub fn fromhex(text: &[u8]) -> Result<Vec<u8>, Raised> {
    let wrong = |at: usize| {
        let message = format!("non-hexadecimal number found in fromhex() arg at position {at}");
        Err(Raised::new("ValueError", message))
    };
    // The first that is not ASCII is named before any other.
    if let Some(at) = text.iter().position(|byte| !byte.is_ascii()) {
        return wrong(at);
    }
    let digit = |at: usize| text.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if byte.is_ascii_whitespace() || *byte == 0x0B {
            at += 1;
            continue;
        }
        let Some(high) = digit(at) else { return wrong(at) };
        let Some(low) = digit(at + 1) else { return wrong(at + 1) };
        bytes.extend(u8::try_from(high << 4 | low));
        at += 2;
    }
    Ok(bytes)
}
