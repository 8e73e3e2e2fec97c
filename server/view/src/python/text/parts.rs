//! Parts of a text: stripped, split, partitioned, in lines.

use memchr::memmem;

use super::class::space;
use super::kind::Kind;
use crate::python::Raised;

/// `strip`: without the elements in `chars` (whitespace, if `None`) at both ends.
pub fn strip<'a>(kind: Kind, text: &'a [u8], chars: Option<&[u8]>) -> &'a [u8] {
    rstrip(kind, lstrip(kind, text, chars), chars)
}

/// `lstrip`: [`strip`] at the beginning.
pub fn lstrip<'a>(kind: Kind, text: &'a [u8], chars: Option<&[u8]>) -> &'a [u8] {
    let stripped = stripped(kind, chars);
    let kept = kind.elements(text).take_while(|&(code, _)| stripped(code)).map(|(_, piece)| piece.len()).sum();
    text.get(kept..).unwrap_or_default()
}

/// `rstrip`: [`strip`] at the end.
pub fn rstrip<'a>(kind: Kind, text: &'a [u8], chars: Option<&[u8]>) -> &'a [u8] {
    let stripped = stripped(kind, chars);
    let mut kept = text;
    while let Some((before, code)) = last(kind, kept) {
        if !stripped(code) {
            break;
        }
        kept = before;
    }
    kept
}

fn stripped(kind: Kind, chars: Option<&[u8]>) -> impl Fn(u32) -> bool {
    let chars = chars.map(|chars| {
        let mut codes: Vec<u32> = kind.elements(chars).map(|(code, _)| code).collect();
        codes.sort_unstable();
        codes
    });
    move |code| match &chars {
        Some(codes) => codes.binary_search(&code).is_ok(),
        None => space(kind, code),
    }
}

/// The last element, and what stands before it.
fn last(kind: Kind, text: &[u8]) -> Option<(&[u8], u32)> {
    let is_inside = |byte: &u8| kind == Kind::Str && (0x80..0xC0).contains(byte);
    let inside = text.iter().rev().take(3).take_while(|byte| is_inside(byte)).count();
    let (before, piece) = text.split_at_checked(text.len().checked_sub(inside + 1)?)?;
    kind.elements(piece).next().map(|(code, _)| (before, code))
}

/// `removeprefix`.
pub fn removeprefix<'a>(text: &'a [u8], prefix: &[u8]) -> &'a [u8] {
    text.strip_prefix(prefix).unwrap_or(text)
}

/// `removesuffix`.
pub fn removesuffix<'a>(text: &'a [u8], suffix: &[u8]) -> &'a [u8] {
    text.strip_suffix(suffix).unwrap_or(text)
}

fn separates(separator: &[u8]) -> Result<(), Raised> {
    if separator.is_empty() { Err(Raised::new("ValueError", "empty separator")) } else { Ok(()) }
}

/// `partition`: before the first separator, the separator, after it.
pub fn partition<'a>(text: &'a [u8], separator: &[u8]) -> Result<[&'a [u8]; 3], Raised> {
    separates(separator)?;
    Ok(around(text, memmem::find(text, separator), separator.len()).unwrap_or([text, b"", b""]))
}

/// `rpartition`: before the last separator, the separator, after it.
pub fn rpartition<'a>(text: &'a [u8], separator: &[u8]) -> Result<[&'a [u8]; 3], Raised> {
    separates(separator)?;
    Ok(around(text, memmem::rfind(text, separator), separator.len()).unwrap_or([b"", b"", text]))
}

fn around(text: &[u8], at: Option<usize>, width: usize) -> Option<[&[u8]; 3]> {
    let (before, rest) = text.split_at_checked(at?)?;
    let (separator, after) = rest.split_at_checked(width)?;
    Some([before, separator, after])
}

/// The pieces of a list that may be too long.
struct Pieces<'a> {
    list: Vec<&'a [u8]>,
    limit: usize,
}

impl<'a> Pieces<'a> {
    fn push(&mut self, piece: &'a [u8]) -> Result<(), Raised> {
        if self.list.len() >= self.limit {
            return Err(Raised::new("Limit", format!("the result would be longer than {} elements", self.limit)));
        }
        self.list.push(piece);
        Ok(())
    }
}

/// `split` at a separator (at whitespace, if `None`), at most `most` times if that is not negative, from the
/// beginning; `limit` is the most pieces.
pub fn split<'a>(
    kind: Kind,
    text: &'a [u8],
    separator: Option<&[u8]>,
    most: i64,
    limit: usize,
) -> Result<Vec<&'a [u8]>, Raised> {
    let mut left = u64::try_from(most).unwrap_or(u64::MAX);
    let mut pieces = Pieces { list: Vec::new(), limit };
    let mut rest = text;
    if let Some(separator) = separator {
        separates(separator)?;
        let finder = memmem::Finder::new(separator);
        while let Some([piece, _, after]) =
            (left > 0).then(|| around(rest, finder.find(rest), separator.len())).flatten()
        {
            pieces.push(piece)?;
            rest = after;
            left -= 1;
        }
        pieces.push(rest)?;
        return Ok(pieces.list);
    }
    loop {
        rest = lstrip(kind, rest, None);
        if rest.is_empty() {
            return Ok(pieces.list);
        }
        let word = kind.elements(rest).take_while(|&(code, _)| !space(kind, code)).map(|(_, piece)| piece.len()).sum();
        let width = if left == 0 { rest.len() } else { word };
        pieces.push(rest.get(..width).unwrap_or_default())?;
        rest = rest.get(width..).unwrap_or_default();
        left = left.saturating_sub(1);
    }
}

/// `rsplit`: as [`split`], but from the end.
pub fn rsplit<'a>(
    kind: Kind,
    text: &'a [u8],
    separator: Option<&[u8]>,
    most: i64,
    limit: usize,
) -> Result<Vec<&'a [u8]>, Raised> {
    let mut left = u64::try_from(most).unwrap_or(u64::MAX);
    let mut pieces = Pieces { list: Vec::new(), limit };
    let mut rest = text;
    if let Some(separator) = separator {
        separates(separator)?;
        let finder = memmem::FinderRev::new(separator);
        while let Some([before, _, piece]) =
            (left > 0).then(|| around(rest, finder.rfind(rest), separator.len())).flatten()
        {
            pieces.push(piece)?;
            rest = before;
            left -= 1;
        }
        pieces.push(rest)?;
    } else {
        loop {
            rest = rstrip(kind, rest, None);
            if rest.is_empty() {
                break;
            }
            let mut before = if left == 0 { &[] } else { rest };
            while let Some((shorter, code)) = last(kind, before) {
                if space(kind, code) {
                    break;
                }
                before = shorter;
            }
            pieces.push(rest.get(before.len()..).unwrap_or_default())?;
            rest = before;
            left = left.saturating_sub(1);
        }
    }
    pieces.list.reverse();
    Ok(pieces.list)
}

/// `splitlines`, with their ends or without; `limit` is the most lines.
pub fn splitlines(kind: Kind, text: &[u8], keepends: bool, limit: usize) -> Result<Vec<&[u8]>, Raised> {
    let mut pieces = Pieces { list: Vec::new(), limit };
    let mut rest = text;
    while !rest.is_empty() {
        let (mut line, mut end) = (0, 0);
        for (code, piece) in kind.elements(rest) {
            if ends_line(kind, code) {
                let after = rest.get(line + piece.len()..).unwrap_or_default();
                end = piece.len() + usize::from(code == 0x0D && after.starts_with(b"\n"));
                break;
            }
            line += piece.len();
        }
        pieces.push(rest.get(..line + if keepends { end } else { 0 }).unwrap_or_default())?;
        rest = rest.get(line + end..).unwrap_or_default();
    }
    Ok(pieces.list)
}

fn ends_line(kind: Kind, code: u32) -> bool {
    match code {
        0x0A | 0x0D => true,
        0x0B | 0x0C | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029 => kind == Kind::Str,
        _ => false,
    }
}
