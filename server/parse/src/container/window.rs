//! A small piece of the file at a time.

use crate::error::{Error, Stage};
use crate::source::{Source, read_full};

pub(super) struct Window<'a> {
    source: &'a dyn Source,
    /// Length of the file. Becomes less when a read comes back short: somebody truncates it meanwhile.
    len: u64,
    start: u64,
    buf: Vec<u8>,
}

/// How much is read at once when going from part to part: the end of a part, a boundary, and the headers of
/// the next.
const MIN: usize = 8 << 10;

impl<'a> Window<'a> {
    pub(super) fn new(source: &'a dyn Source) -> Self {
        Self { source, len: source.len(), start: 0, buf: Vec::new() }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The bytes from `offset` on: `want` of them, or more, or as many as there are.
    pub(super) fn at(&mut self, offset: u64, want: usize) -> Result<&[u8], Error> {
        let want = (want as u64).min(self.len.saturating_sub(offset)) as usize;
        let held = self.held(offset).map_or(0, <[u8]>::len);
        if held < want {
            let left = usize::try_from(self.len.saturating_sub(offset)).unwrap_or(usize::MAX);
            let count = want.max(MIN).min(left);
            self.buf.clear();
            self.buf.resize(count, 0);
            self.start = offset;
            read_full(self.source, offset, &mut self.buf).map_err(|error| {
                Error::new(
                    Stage::Read,
                    offset,
                    format!("the file cannot be read: {error}"),
                    "Check the file, its permissions, and the disk.",
                )
            })?;
            if self.buf.len() < count {
                self.len = offset.saturating_add(self.buf.len() as u64);
            }
        }
        Ok(self.held(offset).unwrap_or_default())
    }

    fn held(&self, offset: u64) -> Option<&[u8]> {
        let skip = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        self.buf.get(skip..)
    }
}
