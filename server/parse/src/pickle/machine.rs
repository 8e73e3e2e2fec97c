//! The machine.
use super::Pickle;
use crate::error::{Error, Stage};
use crate::limits::Limits;

/// Reads the pickle that `bytes` start with.
///
/// # Errors
/// See [`read_pickle_at`].
pub fn read_pickle(bytes: Vec<u8>, limits: &Limits) -> Result<Pickle, Error> {
    read_pickle_at(bytes, 0, limits)
}

/// Reads the pickle that starts at `start`.
///
/// # Errors
/// Broken pickles, and exceeded limits.
pub fn read_pickle_at(bytes: Vec<u8>, start: usize, limits: &Limits) -> Result<Pickle, Error> {
    let _ = (bytes, start, limits);
    Err(Error::new(Stage::Pickle, 0, "not yet", "wait"))
}
