//! The body of a part.

use super::{Container, Part};
use crate::error::{Error, Problem, Stage};
use crate::limits::Limits;
use crate::source::Source;

/// The body of a part, decoded and decompressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The bytes, as far as they could be had.
    pub bytes: Vec<u8>,
    /// All of them are there: the part is not truncated, the stream was whole, and its length and digest are
    /// those that the headers claim (where they do).
    pub complete: bool,
    /// What was wrong. Offsets count from the start of the file.
    pub problems: Vec<Problem>,
}

impl Container {
    /// Reads the body of a part.
    ///
    /// # Errors
    /// The source cannot be read, the encoding is not known, or a limit is exceeded.
    pub fn body(&self, source: &dyn Source, part: &Part, limits: &Limits) -> Result<Body, Error> {
        let _ = (source, part, limits);
        Err(Error::new(Stage::Inflate, 0, "not yet", "wait"))
    }
}
