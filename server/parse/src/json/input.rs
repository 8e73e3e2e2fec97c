//! Where JSON comes from: a file, or what is compressed in one.

use std::sync::Arc;

use crate::error::{Error, Problem, Stage};
use crate::inflate::GzipPieces;
use crate::limits::{LimitKind, Limits};
use crate::source::{Source, read_full};

/// Bytes that are read at once.
const PIECE: usize = 64 << 10;

enum From<'a> {
    Plain { source: Arc<dyn Source>, most: u64, limits: &'a Limits },
    Gzip(Box<GzipPieces<'a>>),
    Ended,
}

/// Bytes of JSON, a piece at a time.
pub struct JsonInput<'a> {
    from: From<'a>,
    piece: Vec<u8>,
    at: usize,
    /// Bytes of the pieces before this one.
    before: u64,
    problems: Vec<Problem>,
}

impl<'a> JsonInput<'a> {
    /// A file that is not compressed; [`Limits::max_inflated`] is for it as well.
    #[must_use]
    pub fn plain(source: Arc<dyn Source>, limits: &'a Limits) -> Self {
        Self::new(From::Plain { source, most: limits.max_inflated, limits })
    }

    /// The bytes of a gzip file.
    #[must_use]
    pub fn gzip(bytes: &'a [u8], limits: &'a Limits) -> Self {
        Self::new(From::Gzip(Box::new(GzipPieces::new(bytes, limits))))
    }

    fn new(from: From<'a>) -> Self {
        Self { from, piece: Vec::new(), at: 0, before: 0, problems: Vec::new() }
    }

    pub(super) fn offset(&self) -> u64 {
        self.before.saturating_add(self.at as u64)
    }

    pub(super) fn problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    /// The next byte, which stays the next until it is skipped.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Error> {
        match self.piece.get(self.at) {
            Some(&byte) => Ok(Some(byte)),
            None => self.fill(),
        }
    }

    #[inline]
    pub(super) fn skip(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// The next byte that is no space; `None` as well where there are more spaces than any file has.
    pub(super) fn peek_past_space(&mut self) -> Result<Option<u8>, Error> {
        const MOST_SPACES: usize = 1 << 20;
        for _ in 0..MOST_SPACES {
            match self.peek()? {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.skip(),
                other => return Ok(other),
            }
        }
        Ok(None)
    }

    /// What there is at once of a text: to its end, to an escape, or to the end of what was read.
    pub(super) fn run(&mut self) -> &[u8] {
        let rest = self.piece.get(self.at..).unwrap_or_default();
        let length = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        self.at = self.at.saturating_add(length);
        rest.get(..length).unwrap_or_default()
    }

    fn fill(&mut self) -> Result<Option<u8>, Error> {
        loop {
            self.before = self.before.saturating_add(self.piece.len() as u64);
            self.piece.clear();
            self.at = 0;
            match &mut self.from {
                From::Plain { source, most, limits } => {
                    if self.before > *most {
                        let limit = limits.limit(LimitKind::Inflated);
                        return Err(Error::limit(Stage::Read, self.before, "the file is too large", limit));
                    }
                    self.piece.resize(PIECE, 0);
                    read_full(source.as_ref(), self.before, &mut self.piece).map_err(|error| {
                        let remedy = "Check that the path names a file that you may read.";
                        Error::new(Stage::Read, self.before, error.to_string(), remedy)
                    })?;
                    if self.piece.is_empty() {
                        self.from = From::Ended;
                    }
                }
                From::Gzip(pieces) => {
                    let more = pieces.next(&mut self.piece)?;
                    self.problems.append(&mut pieces.problems());
                    if !more {
                        self.from = From::Ended;
                    }
                }
                From::Ended => return Ok(None),
            }
            if let Some(&byte) = self.piece.first() {
                return Ok(Some(byte));
            }
        }
    }
}
