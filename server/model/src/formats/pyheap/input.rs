//! Numbers and texts of a file, in the order in which they stand there. All are big-endian.

use std::sync::Arc;

use crashsite_parse::Source;

/// Bytes that are read at once.
const PIECE: usize = 64 << 10;

/// The file ends before what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ended;

pub(super) struct Input {
    source: Arc<dyn Source>,
    piece: Vec<u8>,
    /// Where in the file the piece begins.
    start: u64,
    at: usize,
}

impl Input {
    pub(super) fn new(source: Arc<dyn Source>, offset: u64) -> Self {
        Input { source, piece: Vec::new(), start: offset, at: 0 }
    }

    pub(super) fn offset(&self) -> u64 {
        self.start + self.at as u64
    }

    /// The next bytes, at most a piece of them.
    pub(super) fn bytes(&mut self, count: usize) -> Result<&[u8], Ended> {
        if self.piece.len() - self.at < count {
            self.start += self.at as u64;
            self.at = 0;
            self.piece.resize(PIECE.max(count), 0);
            let mut filled = 0;
            while let Some(rest) = self.piece.get_mut(filled..).filter(|rest| !rest.is_empty()) {
                match self.source.read_at(self.start + filled as u64, rest) {
                    Ok(0) | Err(_) => break,
                    Ok(read) => filled += read.min(rest.len()),
                }
            }
            self.piece.truncate(filled);
        }
        let bytes = self.piece.get(self.at..self.at + count).ok_or(Ended)?;
        self.at += count;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Ended> {
        self.bytes(N)?.first_chunk().copied().ok_or(Ended)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Ended> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Ended> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn i16(&mut self) -> Result<i16, Ended> {
        self.array().map(i16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Ended> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Ended> {
        self.array().map(u64::from_be_bytes)
    }

    /// A text after its length.
    pub(super) fn text(&mut self) -> Result<&[u8], Ended> {
        let length = self.u16()?;
        self.bytes(usize::from(length))
    }
}
