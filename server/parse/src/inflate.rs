//! gzip (RFC 1952) under a cap.

use crate::error::{Error, Problem, Stage};
use crate::limits::Limits;

/// Decompressed bytes, as far as they could be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inflated {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The stream was whole and its checksum right.
    pub complete: bool,
    /// What was wrong; offsets count from the start of the compressed bytes.
    pub problems: Vec<Problem>,
}

/// Decompresses a gzip file. One that is cut or broken gives the bytes up to there, and a problem.
///
/// # Errors
/// It is no gzip file, or inflates to more than [`Limits::max_inflated`].
pub fn inflate_gzip(bytes: &[u8], limits: &Limits) -> Result<Inflated, Error> {
    let _ = (bytes, limits);
    Err(Error::new(Stage::Inflate, 0, "not yet", "wait"))
}
