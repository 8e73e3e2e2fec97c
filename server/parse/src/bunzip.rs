//! bzip2 under a cap, blocks in parallel.
//!
//! A bzip2 stream is a row of blocks that do not refer to each other. They begin at any bit, with a magic number of
//! 48 bits and a checksum of their own; so each can be made a stream of its own and decompressed apart from the
//! others (as lbzip2 does). Where such a number stands within a block by chance, or by design, the pieces do not
//! decompress, and the file is read from its beginning to its end instead.

use bzip2::{Decompress, Status};
use rayon::prelude::*;

use crate::error::{Error, Problem, Stage};
use crate::inflate::Inflated;
use crate::limits::{LimitKind, Limits};

const BLOCK: u64 = 0x3141_5926_5359;
const END: u64 = 0x1772_4538_5090;
const MAGIC_BITS: usize = 48;
const CHECKSUM_BITS: usize = 32;

/// Blocks decompressed at once. A block of 50 bytes may inflate to 46 MB: more of them are not begun before the sum
/// is known to be within the limit.
const AT_ONCE: usize = 4;

/// Decompresses a bzip2 file. One that is cut or broken gives the bytes up to there, and a problem.
///
/// # Errors
/// It is no bzip2 file, or inflates to more than [`Limits::max_inflated`].
pub fn inflate_bzip2(bytes: &[u8], limits: &Limits) -> Result<Inflated, Error> {
    let cap = usize::try_from(limits.max_inflated).unwrap_or(usize::MAX);
    let [b'B', b'Z', b'h', level @ b'1'..=b'9', ..] = bytes else {
        return Err(Error::new(
            Stage::Inflate,
            0,
            "no bzip2 data where there should be some",
            "The file is damaged: look for another copy.",
        ));
    };
    let too_much = || {
        let limit = limits.limit(LimitKind::Inflated);
        Error::limit(Stage::Inflate, 0, "the compressed data inflates to too much", limit)
    };
    match in_blocks(bytes, *level, cap) {
        Apart::Done(bytes) => Ok(Inflated { bytes, complete: true, problems: Vec::new() }),
        Apart::TooMuch => Err(too_much()),
        Apart::Unsuitable => {
            let decoded = decode(bytes, cap).ok_or_else(too_much)?;
            let mut problems = Vec::new();
            let problem = |message| Problem { offset: decoded.read, message };
            if !decoded.complete {
                let count = decoded.bytes.len();
                problems.push(problem(format!(
                    "the compressed data is damaged or cut; {count} bytes could be decompressed"
                )));
            } else if decoded.read < bytes.len() as u64 {
                let rest = (bytes.len() as u64).saturating_sub(decoded.read);
                problems.push(problem(format!("{rest} bytes after the compressed data are ignored")));
            }
            Ok(Inflated { bytes: decoded.bytes, complete: decoded.complete, problems })
        }
    }
}

enum Apart {
    Done(Vec<u8>),
    TooMuch,
    /// It is no single whole stream of blocks that decompress on their own.
    Unsuitable,
}

fn in_blocks(bytes: &[u8], level: u8, cap: usize) -> Apart {
    let Some((blocks, end)) = markers(bytes) else { return Apart::Unsuitable };
    let mut out: Vec<u8> = Vec::new();
    let mut combined = 0_u32;
    let starts: Vec<usize> = blocks;
    let ends = starts.iter().skip(1).copied().chain([end]);
    let ranges: Vec<(usize, usize)> = starts.iter().copied().zip(ends).collect();
    for some in ranges.chunks(AT_ONCE) {
        let room = cap.saturating_sub(out.len());
        let decoded: Vec<Option<Decoded>> =
            some.par_iter().map(|&(from, to)| decode(&alone(bytes, level, from, to), room)).collect();
        for (block, &(from, _)) in decoded.into_iter().zip(some) {
            let Some(block) = block else { return Apart::TooMuch };
            if !block.complete {
                return Apart::Unsuitable;
            }
            if block.bytes.len() > cap.saturating_sub(out.len()) {
                return Apart::TooMuch;
            }
            out.extend_from_slice(&block.bytes);
            combined = combined.rotate_left(1) ^ checksum(bytes, from);
        }
    }
    if combined == checksum(bytes, end) { Apart::Done(out) } else { Apart::Unsuitable }
}

/// The bits at which the blocks begin, and at which the stream ends: the last thing in the file.
fn markers(bytes: &[u8]) -> Option<(Vec<usize>, usize)> {
    const MASK: u64 = (1 << MAGIC_BITS) - 1;
    let mut blocks = Vec::new();
    let mut window = 0_u64;
    for (at, &byte) in bytes.iter().enumerate() {
        window = (window << 8) | u64::from(byte);
        // The window holds the 64 bits that end with this byte: eight places where 48 of them may begin.
        for shift in 0..8_u32 {
            let found = window.wrapping_shr(shift) & MASK;
            if found != BLOCK && found != END {
                continue;
            }
            let last = at.checked_add(1)?.checked_mul(8)?.checked_sub(shift as usize)?;
            let Some(start) = last.checked_sub(MAGIC_BITS) else { continue };
            if found == BLOCK {
                blocks.push(start);
            } else {
                let whole = last.checked_add(CHECKSUM_BITS)?.div_ceil(8) == bytes.len();
                return whole.then_some((blocks, start));
            }
        }
    }
    None
}

/// The checksum that follows a marker.
fn checksum(bytes: &[u8], marker: usize) -> u32 {
    let mut bits = Bits::default();
    bits.copy(bytes, marker.saturating_add(MAGIC_BITS), CHECKSUM_BITS);
    bits.bytes.first_chunk().map_or(0, |four| u32::from_be_bytes(*four))
}

/// A stream of one block: a header, the block, the end, whose checksum is then that of the block.
fn alone(bytes: &[u8], level: u8, from: usize, to: usize) -> Vec<u8> {
    let mut bits = Bits { bytes: vec![b'B', b'Z', b'h', level], filled: 0 };
    bits.copy(bytes, from, to.saturating_sub(from));
    bits.push(END, MAGIC_BITS);
    bits.push(u64::from(checksum(bytes, from)), CHECKSUM_BITS);
    bits.bytes
}

/// Bytes written bit by bit, the highest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    /// How many bits of the last byte are in use; 0 where all are.
    filled: u32,
}

impl Bits {
    fn push(&mut self, value: u64, count: usize) {
        for place in (0..count as u32).rev() {
            let bit = (value.wrapping_shr(place) & 1) as u8;
            self.push_bit(bit);
        }
    }

    fn push_bit(&mut self, bit: u8) {
        if self.filled == 0 {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= bit.wrapping_shl(7_u32.wrapping_sub(self.filled));
        }
        self.filled = self.filled.wrapping_add(1) % 8;
    }

    /// Copies bits of `from`, whole bytes at a time where this one is at the beginning of a byte.
    fn copy(&mut self, from: &[u8], start: usize, count: usize) {
        let bit = |at: usize| from.get(at / 8).map_or(0, |byte| byte.wrapping_shl((at % 8) as u32) >> 7);
        let shift = (start % 8) as u32;
        let end = start.saturating_add(count);
        let mut at = start;
        if self.filled == 0 {
            let whole = count / 8;
            self.bytes.reserve(whole.saturating_add(16));
            let first = start / 8;
            let source = from.get(first..).unwrap_or_default();
            for place in 0..whole {
                let (high, low) = (source.get(place).copied(), source.get(place.saturating_add(1)).copied());
                let both = (u16::from(high.unwrap_or(0)) << 8) | u16::from(low.unwrap_or(0));
                self.bytes.push((both.wrapping_shl(shift) >> 8) as u8);
            }
            at = start.saturating_add(whole.saturating_mul(8));
        }
        while at < end {
            self.push_bit(bit(at));
            at = at.saturating_add(1);
        }
    }
}

struct Decoded {
    bytes: Vec<u8>,
    /// How far the input was read.
    read: u64,
    /// The stream ended, and its checksums were right.
    complete: bool,
}

/// Decompresses one stream; `None` where it inflates to more than `cap`.
fn decode(bytes: &[u8], cap: usize) -> Option<Decoded> {
    const CHUNK: usize = 1 << 20;
    let mut stream = Decompress::new(false);
    let mut out: Vec<u8> = Vec::new();
    let complete = loop {
        if out.len() == out.capacity() {
            let room = out.len().max(CHUNK).min(cap.saturating_sub(out.len()).saturating_add(1));
            out.try_reserve_exact(room).ok()?;
        }
        let (before, written) = (stream.total_in(), out.len());
        let rest = bytes.get(usize::try_from(before).unwrap_or(usize::MAX)..).unwrap_or_default();
        let status = stream.decompress_vec(rest, &mut out);
        if out.len() > cap {
            return None;
        }
        match status {
            Ok(Status::StreamEnd) => break true,
            Ok(_) if stream.total_in() == before && out.len() == written => break false,
            Ok(_) => {}
            Err(_) => break false,
        }
    };
    Some(Decoded { bytes: out, read: stream.total_in(), complete })
}
