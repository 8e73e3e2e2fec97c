//! Bytes that are written up to a limit.

use super::kind::push;
use crate::python::Raised;

pub(super) struct Out {
    bytes: Vec<u8>,
    limit: usize,
}

/// What is raised where a result would be too large.
pub(super) fn too_large(limit: usize) -> Raised {
    Raised::new("Limit", format!("the result would be larger than {limit} bytes"))
}

/// Whether so many bytes are allowed; `None` is a number that does not fit.
pub(super) fn check(size: Option<usize>, limit: usize) -> Result<(), Raised> {
    if size.is_some_and(|size| size <= limit) { Ok(()) } else { Err(too_large(limit)) }
}

impl Out {
    pub(super) fn new(limit: usize) -> Self {
        Out { bytes: Vec::new(), limit }
    }

    pub(super) fn bytes(&mut self, more: &[u8]) -> Result<(), Raised> {
        check(self.bytes.len().checked_add(more.len()), self.limit)?;
        self.bytes.extend_from_slice(more);
        Ok(())
    }

    /// The bytes so many times.
    pub(super) fn repeated(&mut self, more: &[u8], times: usize) -> Result<(), Raised> {
        let size = more.len().checked_mul(times).and_then(|size| size.checked_add(self.bytes.len()));
        check(size, self.limit)?;
        match *more {
            [byte] => self.bytes.resize(self.bytes.len() + times, byte),
            _ if more.is_empty() => {}
            _ => (0..times).for_each(|_| self.bytes.extend_from_slice(more)),
        }
        Ok(())
    }

    /// A code point, as UTF-8.
    pub(super) fn code(&mut self, code: u32) -> Result<(), Raised> {
        check(self.bytes.len().checked_add(4), self.limit.saturating_add(3))?;
        push(&mut self.bytes, code);
        check(Some(self.bytes.len()), self.limit)
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}
