//! gzip (RFC 1952) under a cap.
//!
//! The header of a member is read here and only the raw deflate stream is flate2's, because its readers drop
//! what they had decompressed when they meet an error: a dump that was cut or damaged is wanted up to there.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use crate::error::{Error, Problem, Stage};
use crate::limits::{LimitKind, Limits};

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
    inflate_expected(bytes, limits, None)
}

/// A gzip file may have several members, one after the other. Dumps have one; each costs some time, so that
/// millions of empty ones must not be believed.
const MAX_MEMBERS: u32 = 1000;

const MIN_CHUNK: usize = 64 << 10;

/// With a claim of how long the result will be, which saves moving it while it grows.
pub(crate) fn inflate_expected(bytes: &[u8], limits: &Limits, expected: Option<u64>) -> Result<Inflated, Error> {
    if !is_prefix_of_gzip(bytes) {
        return Err(Error::new(
            Stage::Inflate,
            0,
            "no gzip data where there should be some",
            "The file is damaged: look for another copy.",
        ));
    }
    let mut state = State::new(bytes, limits, expected);
    let mut members = 0u32;
    let complete = loop {
        members = members.saturating_add(1);
        match state.member()? {
            End::Whole => {}
            End::Broken(message) => {
                state.problem(message);
                break false;
            }
        }
        match state.rest {
            [] => break true,
            [0x1f, 0x8b, ..] if members < MAX_MEMBERS => {}
            [0x1f, 0x8b, ..] => {
                state.problem(format!("more than {MAX_MEMBERS} gzip members: the others are not read"));
                break false;
            }
            rest => {
                let count = rest.len();
                state.problem(format!("{count} bytes after the compressed data are ignored"));
                break true;
            }
        }
    };
    Ok(Inflated { bytes: state.out, complete, problems: state.problems })
}

fn is_prefix_of_gzip(bytes: &[u8]) -> bool {
    matches!(bytes, [] | [0x1f] | [0x1f, 0x8b, ..])
}

enum End {
    Whole,
    Broken(String),
}

struct State<'a> {
    limits: &'a Limits,
    total: usize,
    rest: &'a [u8],
    out: Vec<u8>,
    inflate: Decompress,
    problems: Vec<Problem>,
}

impl<'a> State<'a> {
    fn new(bytes: &'a [u8], limits: &'a Limits, expected: Option<u64>) -> Self {
        // Deflate cannot do better than 1032 to 1: a claim beyond that is a lie.
        let plausible = (bytes.len() as u64).saturating_mul(1032);
        let expected = expected.unwrap_or(0).min(plausible).min(limits.max_inflated);
        let mut out = Vec::new();
        // One more than expected, so that the end is seen without growing. If there is no memory for it, then
        // growing will find out.
        if let Ok(expected) = usize::try_from(expected.saturating_add(1)) {
            let _ = out.try_reserve_exact(expected);
        }
        Self { limits, total: bytes.len(), rest: bytes, out, inflate: Decompress::new(false), problems: Vec::new() }
    }

    fn offset(&self) -> u64 {
        self.total.saturating_sub(self.rest.len()) as u64
    }

    fn problem(&mut self, message: String) {
        self.problems.push(Problem { offset: self.offset(), message });
    }

    /// Inflates one member; what follows it is the rest.
    fn member(&mut self) -> Result<End, Error> {
        let Some(body) = skip_header(self.rest) else {
            return Ok(End::Broken("the gzip header is cut short or damaged".to_owned()));
        };
        self.rest = body;
        self.inflate.reset(false);
        let start = self.out.len();
        loop {
            self.make_room()?;
            let (inputs, outputs) = (self.inflate.total_in(), self.out.len());
            let status = self.inflate.decompress_vec(self.rest, &mut self.out, FlushDecompress::None);
            let consumed = self.inflate.total_in().saturating_sub(inputs);
            let consumed = usize::try_from(consumed).unwrap_or(usize::MAX);
            self.rest = self.rest.get(consumed..).unwrap_or_default();
            if self.out.len() as u64 > self.limits.max_inflated {
                return Err(self.too_much());
            }
            match status {
                Ok(Status::StreamEnd) => break,
                Ok(_) if consumed == 0 && self.out.len() == outputs => {
                    return Ok(End::Broken(self.broken("is cut short")));
                }
                Ok(_) => {}
                Err(_) => return Ok(End::Broken(self.broken("is damaged"))),
            }
        }
        let mut crc = Crc::new();
        crc.update(self.out.get(start..).unwrap_or_default());
        let Some((trailer, rest)) = self.rest.split_first_chunk::<8>() else {
            return Ok(End::Broken("the compressed data lacks its checksum".to_owned()));
        };
        self.rest = rest;
        let [a, b, c, d, ..] = *trailer;
        if crc.sum() != u32::from_le_bytes([a, b, c, d]) {
            return Ok(End::Broken("the checksum of the decompressed data is wrong".to_owned()));
        }
        Ok(End::Whole)
    }

    fn broken(&self, how: &str) -> String {
        format!("the compressed data {how}; {} bytes could be decompressed", self.out.len())
    }

    /// Room for at least one byte, and never for more than one beyond the cap.
    fn make_room(&mut self) -> Result<(), Error> {
        let len = self.out.len();
        if len < self.out.capacity() {
            return Ok(());
        }
        let cap = usize::try_from(self.limits.max_inflated).unwrap_or(usize::MAX).saturating_add(1);
        let room = len.max(MIN_CHUNK).min(cap.saturating_sub(len));
        if room == 0 || self.out.try_reserve_exact(room).is_err() {
            return Err(self.too_much());
        }
        Ok(())
    }

    fn too_much(&self) -> Error {
        Error::limit(
            Stage::Inflate,
            self.offset(),
            "the compressed data inflates to too much",
            self.limits.limit(LimitKind::Inflated),
        )
    }
}

/// RFC 1952, section 2.3: what follows the header of a member.
fn skip_header(bytes: &[u8]) -> Option<&[u8]> {
    const HEADER_CHECKSUM: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = bytes else {
        return None;
    };
    let mut rest = rest;
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let end = memchr::memchr(0, rest)?;
            rest = rest.get(end.saturating_add(1)..)?;
        }
    }
    if flags & HEADER_CHECKSUM != 0 {
        rest = rest.get(2..)?;
    }
    Some(rest)
}
