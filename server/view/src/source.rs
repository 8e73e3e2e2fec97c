//! Source text: the pieces a dump carries, lines of them, and columns.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crashsite_model::{Dump, Frame, SourceFile};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// The lines of a dump's source files, split once per file.
#[derive(Debug)]
pub struct Lines<'a> {
    files: FxHashMap<&'a str, &'a SourceFile>,
    split: FxHashMap<&'a str, Vec<Split<'a>>>,
}

/// The lines of a piece.
#[derive(Debug)]
struct Split<'a> {
    first: u64,
    lines: Vec<&'a str>,
}

impl<'a> Lines<'a> {
    /// The lines of all files of a dump; nothing is split yet.
    pub fn new(dump: &'a Dump) -> Self {
        let mut files = FxHashMap::default();
        for source in &dump.sources {
            files.entry(&*source.name).or_insert(source);
        }
        Lines { files, split: FxHashMap::default() }
    }

    /// A line of a file, from 1, without its end; `None` where the dump does not have it.
    pub fn line(&mut self, file: &str, line: u64) -> Option<&'a str> {
        self.pieces(file).iter().find_map(|piece| {
            let index = usize::try_from(line.checked_sub(piece.first)?).ok()?;
            piece.lines.get(index).copied()
        })
    }

    /// The number of the last line of a file that the dump has; 0 where it has none.
    fn last(&mut self, file: &str) -> u64 {
        let ends = self.pieces(file).iter().map(|piece| piece.first.saturating_add(piece.lines.len() as u64));
        ends.max().unwrap_or(0).saturating_sub(1)
    }

    fn pieces(&mut self, file: &str) -> &[Split<'a>] {
        let Some((name, source)) = self.files.get_key_value(file) else { return &[] };
        self.split.entry(name).or_insert_with(|| {
            let split = |piece: &'a crashsite_model::Piece| Split { first: piece.first, lines: lines(&piece.text) };
            source.pieces.iter().map(split).collect()
        })
    }

    /// A byte offset from 0 in a line as a character from 1. Where the line is not in the dump, the bytes are taken for
    /// characters.
    pub fn column(&mut self, file: &str, line: Option<u64>, offset: Option<u64>) -> Option<u64> {
        let offset = offset?;
        let Some(text) = line.and_then(|line| self.line(file, line)) else { return offset.checked_add(1) };
        let before = text.char_indices().take_while(|(at, _)| (*at as u64) < offset).count();
        Some(before as u64 + 1)
    }
}

impl Lines<'_> {
    /// How many code units of UTF-16 stand before a byte offset in a line. Where the line is not in the dump, the bytes are
    /// taken for such.
    pub fn utf16_before(&mut self, file: &str, line: u64, offset: u64) -> u64 {
        let Some(text) = self.line(file, line) else { return offset };
        let before = text.char_indices().take_while(|(at, _)| (*at as u64) < offset);
        before.map(|(_, c)| c.len_utf16() as u64).sum()
    }
}

/// The lines of a text. Only these three end a line of Python source: `\n`, `\r\n`, `\r`.
pub fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(at) = memchr::memchr2(b'\n', b'\r', rest.as_bytes()) else {
            lines.push(rest);
            break;
        };
        let end = if rest.get(at..at + 2) == Some("\r\n") { at + 2 } else { at + 1 };
        lines.push(rest.get(..at).unwrap_or_default());
        rest = rest.get(end..).unwrap_or_default();
    }
    lines
}

/// A line of source near the place of a frame.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// Its number, from 1.
    pub number: u64,
    /// Its text.
    pub text: &'a str,
    /// Which of its characters the frame was at, from 0, end exclusive; empty where the line is not that of the frame,
    /// or no columns are known.
    pub marked: std::ops::Range<usize>,
    /// Whether it is (one of) the frame's own.
    pub current: bool,
}

/// The lines around a frame's, as far as the dump has them.
pub fn around<'a>(lines: &mut Lines<'a>, frame: &Frame, before: u64, after: u64) -> Vec<Context<'a>> {
    let Some((line, end_line)) = own(frame) else { return Vec::new() };
    within(lines, frame, line.saturating_sub(before)..=end_line.saturating_add(after))
}

/// The lines of a frame's file whose numbers are in a range, as far as the dump has them.
pub fn within<'a>(lines: &mut Lines<'a>, frame: &Frame, range: RangeInclusive<u64>) -> Vec<Context<'a>> {
    let (line, end_line) = own(frame).unwrap_or_default();
    let mut found = Vec::new();
    for number in *range.start().max(&1)..=lines.last(&frame.file).min(*range.end()) {
        let Some(text) = lines.line(&frame.file, number) else { continue };
        let current = (line..=end_line).contains(&number);
        let marked = if current && frame.column.is_some() && frame.end_column.is_some() {
            let length = text.chars().count();
            let indent = text.chars().take_while(|c| c.is_whitespace()).count();
            let mut place = |line, offset| lines.column(&frame.file, Some(line), offset).unwrap_or(1) as usize - 1;
            let start = if number == line { place(line, frame.column) } else { indent };
            let end = if number == end_line { place(end_line, frame.end_column) } else { length };
            start..end.min(length)
        } else {
            0..0
        };
        found.push(Context { number, text, marked, current });
    }
    found
}

/// The lines where a frame is, from the first to the last.
fn own(frame: &Frame) -> Option<(u64, u64)> {
    let line = frame.line?;
    Some((line, frame.end_line.unwrap_or(line).clamp(line, line.saturating_add(20))))
}

/// The answer to `source PATH`.
#[derive(Debug, Clone, Serialize)]
pub struct SourceText {
    /// Version of the answer.
    pub schema: u32,
    /// Name of the file.
    pub file: Arc<str>,
    /// SHA-256 of the whole file's bytes.
    pub sha256: Option<Arc<str>>,
    /// Lines of the whole file.
    pub lines: Option<u64>,
    /// The file's encoding.
    pub encoding: Option<Arc<str>>,
    /// Whether the text is that of the whole file.
    pub whole: bool,
    /// The text, in pieces.
    pub pieces: Vec<TextPiece>,
    /// Why there is no text.
    pub error: Option<Arc<str>>,
}

/// Lines of a file, one after the other.
#[derive(Debug, Clone, Serialize)]
pub struct TextPiece {
    /// The first line, from 1.
    pub first: u64,
    /// The text.
    pub text: Arc<str>,
}

/// The source files of a dump, for `source` without a path.
#[derive(Debug, Clone, Serialize)]
pub struct SourceList {
    /// Version of the answer.
    pub schema: u32,
    /// The files.
    pub files: Vec<SourceEntry>,
}

/// A file of a [`SourceList`].
#[derive(Debug, Clone, Serialize)]
pub struct SourceEntry {
    /// Name of the file.
    pub file: Arc<str>,
    /// Lines of the whole file.
    pub lines: Option<u64>,
    /// Lines that the dump has.
    pub lines_here: u64,
    /// Why there is no text.
    pub error: Option<Arc<str>>,
}

/// The source files of a dump.
pub fn list(dump: &Dump) -> SourceList {
    let files = dump
        .sources
        .iter()
        .map(|source| SourceEntry {
            file: source.name.clone(),
            lines: source.lines,
            lines_here: source.pieces.iter().map(|piece| lines(&piece.text).len() as u64).sum(),
            error: source.error.clone(),
        })
        .collect();
    SourceList { schema: crate::SCHEMA, files }
}

/// The source files that a path may mean: the one of that name, or else those whose names end so.
pub fn find<'a>(dump: &'a Dump, path: &str) -> Vec<&'a SourceFile> {
    if let Some(source) = dump.source(path) {
        return vec![source];
    }
    let ends = |name: &str| name.strip_suffix(path).is_some_and(|rest| rest.ends_with(['/', '\\']));
    dump.sources.iter().filter(|source| !path.is_empty() && ends(&source.name)).collect()
}

/// The text of a source file.
pub fn text(source: &SourceFile) -> SourceText {
    let here: u64 = source.pieces.iter().map(|piece| lines(&piece.text).len() as u64).sum();
    SourceText {
        schema: crate::SCHEMA,
        file: source.name.clone(),
        sha256: source.sha256.clone(),
        lines: source.lines,
        encoding: source.encoding.clone(),
        whole: source.lines == Some(here),
        pieces: source.pieces.iter().map(|piece| TextPiece { first: piece.first, text: piece.text.clone() }).collect(),
        error: source.error.clone(),
    }
}
