//! From part to part.

use super::Container;
use crate::error::{Error, Stage};
use crate::limits::Limits;
use crate::source::Source;

impl Container {
    /// Finds the parts of a message without reading their bodies.
    ///
    /// # Errors
    /// The source cannot be read, or is no multipart MIME message.
    pub fn read(source: &dyn Source, limits: &Limits) -> Result<Self, Error> {
        let _ = (source, limits);
        Err(Error::new(Stage::Container, 0, "not yet", "wait"))
    }
}
