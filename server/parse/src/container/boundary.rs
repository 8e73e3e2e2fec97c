//! Boundaries: `--boundary` alone on its line, or `--boundary--` (RFC 2046, section 5.1.1).

use memchr::memmem::Finder;

use super::window::Window;
use crate::error::Error;

/// A line that separates parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delimiter {
    /// Where the bytes before it end: the line end that belongs to it is not counted among them.
    pub(super) end_of_body: u64,
    /// Where the line begins.
    pub(super) line: u64,
    /// What follows it.
    pub(super) next: u64,
    /// It is the last one.
    pub(super) closing: bool,
}

/// What stands where a body should end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AtEnd {
    Delimiter(Delimiter),
    /// The file ends there, perhaps within the boundary.
    EndOfFile,
    SomethingElse,
}

pub(super) struct Boundary {
    /// `--boundary`
    marker: Vec<u8>,
    finder: Finder<'static>,
    /// Line ends are CRLF. With LF, a body that ends in CR would lose it.
    crlf: bool,
}

/// How much is searched at once: little at first, because the next part may begin in what is already there.
const FIRST_CHUNK: usize = 4 << 10;
const CHUNK: usize = 64 << 10;
/// Spaces that may follow a boundary on its line.
const MAX_PADDING: usize = 64;

impl Boundary {
    pub(super) fn new(boundary: &str, crlf: bool) -> Self {
        let marker = format!("--{boundary}").into_bytes();
        Self { finder: Finder::new(&marker).into_owned(), marker, crlf }
    }

    /// The whole line with its ends, and the padding.
    fn longest(&self) -> usize {
        self.marker.len().saturating_add(MAX_PADDING + 8)
    }

    /// What stands at `offset`, where a body should end.
    pub(super) fn at(&self, window: &mut Window<'_>, offset: u64) -> Result<AtEnd, Error> {
        let bytes = window.at(offset, self.longest())?;
        if self.is_cut(bytes) {
            return Ok(AtEnd::EndOfFile);
        }
        let (skip, from) = match bytes {
            [b'\r', b'\n', from @ ..] => (2, from),
            [b'\n', from @ ..] => (1, from),
            _ => return Ok(AtEnd::SomethingElse),
        };
        let at_end = bytes.len() < self.longest();
        let line = offset.saturating_add(skip);
        Ok(match self.tail(from, line, at_end) {
            Some((next, closing)) => AtEnd::Delimiter(Delimiter { end_of_body: offset, line, next, closing }),
            None => AtEnd::SomethingElse,
        })
    }

    /// Whether these last bytes of the file are the beginning of a delimiter.
    fn is_cut(&self, bytes: &[u8]) -> bool {
        let from = match bytes {
            [] | [b'\r'] => return true,
            [b'\r', b'\n', from @ ..] | [b'\n', from @ ..] => from,
            _ => return false,
        };
        from.len() < self.marker.len() && self.marker.starts_with(from)
    }

    /// If `from` begins with a delimiter line: what follows it, and whether it is the closing one.
    fn tail(&self, from: &[u8], offset: u64, at_end: bool) -> Option<(u64, bool)> {
        let after = from.strip_prefix(self.marker.as_slice())?;
        let (closing, after) = match after {
            [b'-', b'-', after @ ..] => (true, after),
            [b'-'] if at_end => (false, Default::default()),
            _ => (false, after),
        };
        let padding = after.iter().take(MAX_PADDING).take_while(|c| matches!(c, b' ' | b'\t')).count();
        let after = match after.get(padding..).unwrap_or_default() {
            [b'\r', b'\n', after @ ..] | [b'\n', after @ ..] => after,
            rest @ ([] | [b'\r']) if at_end => rest.get(rest.len()..).unwrap_or_default(),
            _ => return None,
        };
        let length = from.len().saturating_sub(after.len()) as u64;
        Some((offset.saturating_add(length), closing))
    }

    /// The first delimiter at or after `from`, which must be the beginning of a line or of a body. Reads every
    /// byte once, however many lines only look like a boundary.
    pub(super) fn find(&self, window: &mut Window<'_>, from: u64) -> Result<Option<Delimiter>, Error> {
        let longest = self.longest();
        let mut offset = from;
        let mut want = FIRST_CHUNK;
        // The two bytes before `offset`, as far as they belong to the search.
        let mut before = [0u8; 2];
        let mut have_before = 0usize;
        loop {
            let chunk = window.at(offset, want)?;
            let at_end = chunk.len() < want;
            want = want.saturating_mul(2).min(CHUNK);
            let mut redo = None;
            for hit in self.finder.find_iter(chunk) {
                let line = offset.saturating_add(hit as u64);
                let rest = chunk.get(hit..).unwrap_or_default();
                if rest.len() < longest && !at_end && hit > 0 {
                    // It may go on in the next chunk: come again, with this at the front.
                    redo = Some(hit);
                    break;
                }
                let byte_before = |back: usize| match hit.checked_sub(back) {
                    Some(index) => chunk.get(index).copied(),
                    None => {
                        let back = back.saturating_sub(hit);
                        (back <= have_before).then(|| before.get(2usize.saturating_sub(back)).copied()).flatten()
                    }
                };
                let line_end = match (byte_before(2), byte_before(1)) {
                    (Some(b'\r'), Some(b'\n')) if self.crlf => 2,
                    (_, Some(b'\n')) => 1,
                    (_, None) => 0,
                    _ => continue,
                };
                if let Some((next, closing)) = self.tail(rest, line, at_end) {
                    return Ok(Some(Delimiter { end_of_body: line.saturating_sub(line_end), line, next, closing }));
                }
            }
            if at_end && redo.is_none() {
                return Ok(None);
            }
            let overlap = self.marker.len().saturating_sub(1);
            let step = redo.unwrap_or_else(|| chunk.len().saturating_sub(overlap).max(1));
            if let Some(&[a, b]) =
                step.checked_sub(2).and_then(|start| chunk.get(start..step)).and_then(|two| two.first_chunk::<2>())
            {
                before = [a, b];
                have_before = 2;
            } else if let Some(&b) = chunk.first() {
                before = [before.get(1).copied().unwrap_or(0), b];
                have_before = have_before.saturating_add(1).min(2);
            }
            offset = offset.saturating_add(step as u64);
        }
    }

    /// The first delimiter line in these lines, which start at `offset`: where it is among them, and it. The
    /// bytes may break off within one; that is not seen.
    pub(super) fn in_lines(&self, lines: &[u8], offset: u64) -> Option<(usize, Delimiter)> {
        self.finder.find_iter(lines).find_map(|hit| {
            let starts_line = match hit.checked_sub(1) {
                Some(before) => lines.get(before) == Some(&b'\n'),
                None => true,
            };
            let line = offset.saturating_add(hit as u64);
            let (next, closing) = starts_line.then(|| self.tail(lines.get(hit..)?, line, false)).flatten()?;
            let delimiter = Delimiter { end_of_body: line, line, next, closing };
            Some((hit, delimiter))
        })
    }
}
