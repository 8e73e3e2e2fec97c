//! A text by lines and columns.

use std::ops::Range;
use std::sync::Arc;

/// A place in a text: line and character, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// The line.
    pub line: u64,
    /// The character: Unicode scalar values.
    pub column: u64,
}

/// A part of a text; the end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// Where it begins.
    pub start: Spot,
    /// Where it ends.
    pub end: Spot,
}

/// What a client counts in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Units {
    /// Bytes of UTF-8.
    Utf8,
    /// Code units of UTF-16.
    #[default]
    Utf16,
}

impl Units {
    fn of(self, c: char) -> usize {
        match self {
            Units::Utf8 => c.len_utf8(),
            Units::Utf16 => c.len_utf16(),
        }
    }
}

/// A text, and where its lines begin. A line ends with `\n`, `\r\n` or `\r`, in Python as in editors.
#[derive(Debug, Clone)]
pub struct Text {
    text: Arc<str>,
    starts: Arc<[usize]>,
}

impl Text {
    /// Looks for the lines of a text.
    pub fn new(text: impl Into<Arc<str>>) -> Text {
        let text = text.into();
        let bytes = text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes)
            .filter(|&at| bytes.get(at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'));
        let starts = std::iter::once(0).chain(ends.map(|at| at + 1)).collect();
        Text { text, starts }
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How many lines there are; behind the last end of a line is one more.
    pub fn line_count(&self) -> u64 {
        self.starts.len() as u64
    }

    /// A line without its end.
    pub fn line(&self, line: u64) -> Option<&str> {
        self.text.get(self.line_range(line)?)
    }

    /// All lines without their ends.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        (1..=self.line_count()).map(|line| self.line(line).unwrap_or_default())
    }

    fn line_range(&self, line: u64) -> Option<Range<usize>> {
        let index = usize::try_from(line.checked_sub(1)?).ok()?;
        let start = *self.starts.get(index)?;
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..end)?;
        let bare = line.strip_suffix('\n').unwrap_or(line);
        let bare = bare.strip_suffix('\r').unwrap_or(bare);
        Some(start..start + bare.len())
    }

    /// The byte of a place; behind the end of a line is its end.
    pub fn offset(&self, spot: Spot) -> Option<usize> {
        let range = self.line_range(spot.line)?;
        let line = self.text.get(range.clone())?;
        let before = usize::try_from(spot.column.saturating_sub(1)).unwrap_or(usize::MAX);
        Some(line.char_indices().nth(before).map_or(range.end, |(at, _)| range.start + at))
    }

    /// The place of a byte.
    pub fn spot(&self, offset: usize) -> Spot {
        let index = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or(0);
        let before = self.text.get(start..offset.min(self.text.len())).unwrap_or_default();
        Spot { line: index as u64 + 1, column: before.chars().count() as u64 + 1 }
    }

    /// The part between two bytes.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span { start: self.spot(range.start), end: self.spot(range.end) }
    }

    /// One past the last character of a line.
    pub fn line_end(&self, line: u64) -> Spot {
        Spot { line, column: self.line(line).unwrap_or_default().chars().count() as u64 + 1 }
    }

    /// The part of a line that is neither indentation nor space at its end.
    pub fn line_span(&self, line: u64) -> Span {
        let text = self.line(line).unwrap_or_default();
        let indent = text.chars().take_while(|c| c.is_whitespace()).count();
        let length = text.trim_end().chars().count().max(indent);
        Span { start: Spot { line, column: indent as u64 + 1 }, end: Spot { line, column: length as u64 + 1 } }
    }

    /// The byte of a place that a client names; behind the end of a line is its end, as the protocol has it.
    pub fn offset_of_units(&self, line: u64, before: usize, units: Units) -> Option<usize> {
        let range = self.line_range(line)?;
        let text = self.text.get(range.clone())?;
        let mut counted = 0;
        for (at, c) in text.char_indices() {
            if counted >= before {
                return Some(range.start + at);
            }
            counted += units.of(c);
        }
        Some(range.end)
    }

    /// What a client counts before a place in its line.
    pub fn units_before(&self, spot: Spot, units: Units) -> usize {
        let before = usize::try_from(spot.column.saturating_sub(1)).unwrap_or(usize::MAX);
        self.line(spot.line).unwrap_or_default().chars().take(before).map(|c| units.of(c)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Spot, Text, Units};

    #[test]
    fn lines_and_columns() {
        let text = Text::new("a\r\nб😀c\rd\n");
        assert_eq!(text.lines().collect::<Vec<_>>(), ["a", "б😀c", "d", ""]);
        let c = Spot { line: 2, column: 3 };
        assert_eq!(text.offset(c), Some(9));
        assert_eq!(text.spot(9), c);
        assert_eq!(text.units_before(c, Units::Utf16), 3);
        assert_eq!(text.units_before(c, Units::Utf8), 6);
        assert_eq!(text.offset_of_units(2, 3, Units::Utf16), Some(9));
        assert_eq!(text.offset_of_units(2, 6, Units::Utf8), Some(9));
        assert_eq!(text.offset_of_units(2, 99, Units::Utf8), Some(10));
        assert_eq!(text.offset_of_units(5, 0, Units::Utf8), None);
        assert_eq!(text.offset(Spot { line: 4, column: 9 }), Some(13));
    }
}
