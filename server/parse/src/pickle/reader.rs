//! The bytes of a pickle, taken from the front.

use super::machine::Fault;

/// A cursor. No offset exceeds 32 bits: [`super::read_pickle_at`] refuses longer input.
pub(super) struct Reader<'a> {
    input: &'a [u8],
    pos: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(input: &'a [u8], pos: usize) -> Self {
        Self { input, pos }
    }

    pub(super) fn pos(&self) -> usize {
        self.pos
    }

    pub(super) fn remaining(&self) -> usize {
        self.input.len().saturating_sub(self.pos)
    }

    pub(super) fn input(&self) -> &'a [u8] {
        self.input
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Option<u8> {
        let &byte = self.input.get(self.pos)?;
        self.pos = self.pos.wrapping_add(1);
        Some(byte)
    }

    /// The next `len` bytes: where they start. The length is the file's word, and may be anything.
    #[inline]
    pub(super) fn skip(&mut self, len: u64) -> Result<usize, Fault> {
        let start = self.pos;
        if len > self.remaining() as u64 {
            return Err(Fault::Short { need: len, have: self.remaining() as u64 });
        }
        // At most what remains, so it fits.
        self.pos = start.saturating_add(len as usize);
        Ok(start)
    }

    #[inline]
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let rest = self.input.get(self.pos..).unwrap_or_default();
        let Some(&bytes) = rest.first_chunk::<N>() else {
            return Err(Fault::Short { need: N as u64, have: rest.len() as u64 });
        };
        self.pos = self.pos.saturating_add(N);
        Ok(bytes)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Fault> {
        self.array::<1>().map(u8::from_le_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Fault> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Fault> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, Fault> {
        self.array().map(i32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Fault> {
        self.array().map(u64::from_le_bytes)
    }

    /// A signed length, as some opcodes have it.
    pub(super) fn length_i32(&mut self) -> Result<u64, Fault> {
        let length = self.i32()?;
        u64::try_from(length).map_err(|_| Fault::Negative(i64::from(length)))
    }

    /// The bytes up to the next newline, which is taken too: where they start, and they.
    pub(super) fn line(&mut self) -> Result<(usize, &'a [u8]), Fault> {
        let start = self.pos;
        let rest = self.input.get(start..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).ok_or(Fault::NoNewline)?;
        let line = rest.get(..end).unwrap_or_default();
        self.pos = start.saturating_add(end).saturating_add(1);
        Ok((start, line))
    }
}
