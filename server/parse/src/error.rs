//! What can be wrong: an [`Error`] in place of a result, a [`Problem`] beside one.

use std::fmt;

use crate::limits::Limit;

/// Where in the way from bytes to values something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Reading from the [`crate::Source`].
    Read,
    /// The MIME message: headers, boundaries, parts. Offsets count from the start of the file.
    Container,
    /// Decoding or decompressing one part. Offsets count from the start of the file.
    Inflate,
    /// The pickle. Offsets count from the start of the inflated bytes.
    Pickle,
    /// JSON. Offsets count from the start of the decompressed bytes.
    Json,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "reading the file",
            Self::Container => "container",
            Self::Inflate => "decompression",
            Self::Pickle => "pickle",
            Self::Json => "JSON",
        })
    }
}

/// No usable result. Displayed as `STAGE, at byte OFFSET: MESSAGE`; the remedy is shown apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{stage}{}: {message}", At(.offset))]
pub struct Error {
    /// Where on the way.
    pub stage: Stage,
    /// Byte offset, counted as [`Stage`] says.
    pub offset: Option<u64>,
    /// One line: what is wrong.
    pub message: String,
    /// One line: what to do.
    pub remedy: String,
    /// The budget that was exceeded, if that is what happened.
    pub limit: Option<Limit>,
}

impl Error {
    /// An error that is not about a budget.
    pub fn new(
        stage: Stage,
        offset: impl Into<Option<u64>>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { stage, offset: offset.into(), message: message.into(), remedy: remedy.into(), limit: None }
    }

    /// A budget was exceeded: the message is `what: the limit on … is … (--max-…)`.
    pub fn limit(stage: Stage, offset: impl Into<Option<u64>>, what: impl fmt::Display, limit: Limit) -> Self {
        Self {
            stage,
            offset: offset.into(),
            message: format!("{what}: {limit}"),
            remedy: format!("If you trust the file, raise {}.", limit.kind.flag()),
            limit: Some(limit),
        }
    }
}

struct At<'a>(&'a Option<u64>);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(offset) => write!(f, ", at byte {offset}"),
            None => Ok(()),
        }
    }
}

/// Something wrong beside a usable result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Byte offset in the file.
    pub offset: u64,
    /// One line: what is wrong, and what was done about it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.offset, self.message)
    }
}

/// Collects problems, but not more than a person would read: a hostile file may have millions.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    dropped: u64,
}

impl Problems {
    const MAX: usize = 1000;

    pub(crate) fn add(&mut self, offset: u64, message: impl Into<String>) {
        if self.list.len() < Self::MAX {
            self.list.push(Problem { offset, message: message.into() });
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
    }

    pub(crate) fn finish(mut self) -> Vec<Problem> {
        if self.dropped > 0 {
            let offset = self.list.last().map_or(0, |problem| problem.offset);
            self.list.push(Problem { offset, message: format!("{} more problems are not listed", self.dropped) });
        }
        self.list
    }
}
