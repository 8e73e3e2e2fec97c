//! Longer texts of shorter ones.

use memchr::memmem;

use super::kind::{Kind, len};
use super::out::{Out, check};
use crate::python::Raised;

/// Where [`just`] puts the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// `ljust`: the filling follows the text.
    Left,
    /// `rjust`: the filling precedes the text.
    Right,
}

fn missing(kind: Kind, text: &[u8], width: i64) -> usize {
    usize::try_from(width).unwrap_or(0).saturating_sub(len(kind, text))
}

fn padded(text: &[u8], left: usize, right: usize, fill: &[u8], limit: usize) -> Result<Vec<u8>, Raised> {
    let mut out = Out::new(limit);
    out.repeated(fill, left)?;
    out.bytes(text)?;
    out.repeated(fill, right)?;
    Ok(out.finish())
}

/// `center`: the text in the middle of so many elements; `fill` is one.
pub fn center(kind: Kind, text: &[u8], width: i64, fill: &[u8], limit: usize) -> Result<Vec<u8>, Raised> {
    let missing = missing(kind, text, width);
    // Of an odd number, the larger half is on the left if the width is odd.
    let left = missing / 2 + (missing & usize::from(width & 1 == 1));
    padded(text, left, missing - left, fill, limit)
}

/// `ljust` and `rjust`: the text at one side of so many elements; `fill` is one.
pub fn just(kind: Kind, side: Side, text: &[u8], width: i64, fill: &[u8], limit: usize) -> Result<Vec<u8>, Raised> {
    let missing = missing(kind, text, width);
    let (left, right) = if side == Side::Left { (0, missing) } else { (missing, 0) };
    padded(text, left, right, fill, limit)
}

/// `zfill`: zeros up to so many elements, after a sign.
pub fn zfill(kind: Kind, text: &[u8], width: i64, limit: usize) -> Result<Vec<u8>, Raised> {
    let missing = missing(kind, text, width);
    let sign = usize::from(missing > 0 && matches!(text.first(), Some(b'+' | b'-')));
    let (sign, digits) = text.split_at(sign);
    let mut out = Out::new(limit);
    out.bytes(sign)?;
    out.repeated(b"0", missing)?;
    out.bytes(digits)?;
    Ok(out.finish())
}

/// `expandtabs`: spaces for tabs, up to the next multiple of the size.
pub fn expandtabs(kind: Kind, text: &[u8], size: i64, limit: usize) -> Result<Vec<u8>, Raised> {
    let size = usize::try_from(size).unwrap_or(0);
    let mut column = 0;
    let mut out = Out::new(limit);
    for (code, piece) in kind.elements(text) {
        if code == 0x09 {
            let spaces = if size == 0 { 0 } else { size - column % size };
            column = if size == 0 { column } else { 0 };
            out.repeated(b" ", spaces)?;
        } else {
            column = if matches!(code, 0x0A | 0x0D) { 0 } else { column + 1 };
            out.bytes(piece)?;
        }
    }
    Ok(out.finish())
}

/// `replace`: `new` for `old`, at most `most` times if that is not negative.
pub fn replace(kind: Kind, text: &[u8], old: &[u8], new: &[u8], most: i64, limit: usize) -> Result<Vec<u8>, Raised> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut out = Out::new(limit);
    let mut done = 0;
    if old.is_empty() {
        // Between all elements, and at both ends.
        let mut count = 0;
        for (_, piece) in kind.elements(text) {
            if count < most {
                out.bytes(new)?;
                count += 1;
            }
            out.bytes(piece)?;
        }
        if count < most {
            out.bytes(new)?;
        }
        return Ok(out.finish());
    }
    for at in memmem::find_iter(text, old).take(most) {
        out.bytes(text.get(done..at).unwrap_or_default())?;
        out.bytes(new)?;
        done = at + old.len();
    }
    out.bytes(text.get(done..).unwrap_or_default())?;
    Ok(out.finish())
}

/// `join`: the pieces with the separator between them.
pub fn join<P: AsRef<[u8]>>(
    separator: &[u8],
    pieces: impl IntoIterator<Item = P>,
    limit: usize,
) -> Result<Vec<u8>, Raised> {
    let mut out = Out::new(limit);
    for (number, piece) in pieces.into_iter().enumerate() {
        if number > 0 {
            out.bytes(separator)?;
        }
        out.bytes(piece.as_ref())?;
    }
    Ok(out.finish())
}

/// `*`: the text so many times; none, if negative.
pub fn repeat(text: &[u8], times: i64, limit: usize) -> Result<Vec<u8>, Raised> {
    if text.is_empty() || times <= 0 {
        return Ok(Vec::new());
    }
    let times = usize::try_from(times).unwrap_or(usize::MAX);
    check(text.len().checked_mul(times), limit)?;
    Ok(text.repeat(times))
}
