//! What text and bytes consist of.

use crate::repr::next_character as next;

/// Which of the two types a method is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `str`: UTF-8 in which lone surrogates may stand; its elements are code points.
    Str,
    /// `bytes` and `bytearray`.
    Bytes,
}

impl Kind {
    /// The elements of the text, each with the bytes it takes.
    pub(super) fn elements(self, text: &[u8]) -> Elements<'_> {
        Elements { kind: self, rest: text }
    }

    /// How many bytes an element takes that begins with this byte (at least one, at most what there is).
    fn width(self, rest: &[u8]) -> usize {
        if self == Kind::Bytes || rest.first().is_some_and(u8::is_ascii) { 1 } else { next(rest).1.min(rest.len()) }
    }

    /// The byte at which the element of a number begins, or the end of the text.
    pub(super) fn offset(self, text: &[u8], element: usize) -> usize {
        if self == Kind::Bytes {
            return element.min(text.len());
        }
        let mut at = 0;
        for _ in 0..element {
            match text.get(at..) {
                Some(rest) if !rest.is_empty() => at += self.width(rest),
                _ => return text.len(),
            }
        }
        at
    }

    /// The bytes between two elements, with the number of the first.
    ///
    /// `None` where Python finds nothing, not even the empty text: the start is after the end.
    pub(super) fn window(self, text: &[u8], start: Option<i64>, end: Option<i64>) -> Option<(&[u8], usize)> {
        if start.unwrap_or(0) == 0 && end.is_none() {
            return Some((text, 0));
        }
        let length = len(self, text);
        let signed = i64::try_from(length).unwrap_or(i64::MAX);
        let resolve = |index: i64| if index < 0 { index.saturating_add(signed).max(0) } else { index };
        let start = resolve(start.unwrap_or(0));
        let end = resolve(end.unwrap_or(signed)).min(signed);
        if start > end {
            return None;
        }
        let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
        Some((text.get(self.offset(text, start)..self.offset(text, end))?, start))
    }
}

pub(super) struct Elements<'a> {
    kind: Kind,
    rest: &'a [u8],
}

impl<'a> Iterator for Elements<'a> {
    type Item = (u32, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let first = *self.rest.first()?;
        let (code, width) =
            if self.kind == Kind::Bytes || first.is_ascii() { (u32::from(first), 1) } else { next(self.rest) };
        let (piece, rest) = self.rest.split_at_checked(width)?;
        self.rest = rest;
        Some((code, piece))
    }
}

/// Appends a code point (which may be a surrogate) as UTF-8.
pub fn push(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        // The casts keep the six bits that the masks leave.
        None => out.extend_from_slice(&[0xED, 0x80 | (code >> 6 & 0x3F) as u8, 0x80 | (code & 0x3F) as u8]),
    }
}

/// `len`: the number of elements.
pub fn len(kind: Kind, text: &[u8]) -> usize {
    match kind {
        Kind::Bytes => text.len(),
        Kind::Str if text.is_ascii() => text.len(),
        Kind::Str => kind.elements(text).count(),
    }
}

/// The code point or byte, if the text is one element: what `ord` gives.
pub fn ord(kind: Kind, text: &[u8]) -> Option<u32> {
    let mut elements = kind.elements(text);
    let (code, _) = elements.next()?;
    elements.next().is_none().then_some(code)
}

/// The element of a number (from 0), as the bytes it takes.
pub fn at(kind: Kind, text: &[u8], element: usize) -> Option<&[u8]> {
    let rest = text.get(kind.offset(text, element)..)?;
    kind.elements(rest).next().map(|(_, piece)| piece)
}

/// `count` elements: from the number `start`, each `step` (which may be negative) after the one before.
///
/// These are a `slice` already resolved against the length; what lies outside of the text is left out.
pub fn slice(kind: Kind, text: &[u8], start: usize, step: i64, count: usize) -> Vec<u8> {
    let reverse = step < 0;
    let stride = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX);
    if count == 0 {
        return Vec::new();
    }
    if step == 1 {
        let rest = text.get(kind.offset(text, start)..).unwrap_or_default();
        return rest.get(..kind.offset(rest, count)).unwrap_or_default().to_vec();
    }
    let span = stride.saturating_mul(count - 1);
    let first = if reverse { start.saturating_sub(span) } else { start };
    let rest = text.get(kind.offset(text, first)..).unwrap_or_default();
    let mut pieces: Vec<&[u8]> =
        kind.elements(rest).map(|(_, piece)| piece).step_by(stride.max(1)).take(count).collect();
    if reverse {
        pieces.reverse();
    }
    pieces.concat()
}
