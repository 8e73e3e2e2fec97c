//! What is wrong with a dump, beside the data that could be had.

use std::fmt;

/// Something that could not be captured, or could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where in the file; `None` for what the capture itself reported.
    pub offset: Option<u64>,
    /// What, in one line.
    pub message: String,
}

impl Problem {
    /// A problem at a place in the file.
    pub fn at(offset: u64, message: impl Into<String>) -> Self {
        Problem { offset: Some(offset), message: message.into() }
    }

    /// A problem the capture reported.
    pub fn captured(message: impl Into<String>) -> Self {
        Problem { offset: None, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset {
            Some(offset) => write!(f, "at byte {offset}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Collects problems, the first thousand of them: a hostile file may have one per byte.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    dropped: usize,
}

const MOST: usize = 1000;

impl Problems {
    pub(crate) fn push(&mut self, problem: Problem) {
        if self.list.len() < MOST {
            self.list.push(problem);
        } else {
            self.dropped += 1;
        }
    }

    pub(crate) fn at(&mut self, offset: u64, message: impl Into<String>) {
        self.push(Problem::at(offset, message));
    }

    pub(crate) fn into_list(mut self) -> Vec<Problem> {
        if self.dropped > 0 {
            self.list.push(Problem::captured(format!("{} more problems", self.dropped)));
        }
        self.list
    }
}
