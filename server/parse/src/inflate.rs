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
    while state.step()? {}
    Ok(Inflated { complete: state.complete, bytes: state.out, problems: state.problems })
}

/// The first bytes that a gzip file inflates to, from its first bytes: enough to tell what is in it.
#[must_use]
pub fn gzip_head(head: &[u8], most: usize) -> Vec<u8> {
    let limits = Limits { max_inflated: most as u64, ..Limits::default() };
    let mut state = State::new(head, &limits, None);
    while state.step().is_ok_and(|more| more) {}
    state.out.truncate(most);
    state.out
}

/// A gzip file a piece at a time, for what need not be in memory as a whole.
pub(crate) struct GzipPieces<'a>(State<'a>);

impl<'a> GzipPieces<'a> {
    pub(crate) fn new(bytes: &'a [u8], limits: &'a Limits) -> Self {
        Self(State::new(bytes, limits, None))
    }

    /// Appends the next piece to `to`. Nothing more comes where it is `false`.
    ///
    /// # Errors
    /// It inflates to more than [`Limits::max_inflated`].
    pub(crate) fn next(&mut self, to: &mut Vec<u8>) -> Result<bool, Error> {
        let more = self.0.step()?;
        to.append(&mut self.0.out);
        Ok(more)
    }

    /// What was wrong so far.
    pub(crate) fn problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.0.problems)
    }
}

fn is_prefix_of_gzip(bytes: &[u8]) -> bool {
    matches!(bytes, [] | [0x1f] | [0x1f, 0x8b, ..])
}

struct State<'a> {
    limits: &'a Limits,
    total: usize,
    rest: &'a [u8],
    out: Vec<u8>,
    inflate: Decompress,
    problems: Vec<Problem>,
    /// Bytes decompressed so far, whether they are still in `out` or not.
    produced: u64,
    members: u32,
    within: bool,
    crc: Crc,
    complete: bool,
}

impl<'a> State<'a> {
    fn new(bytes: &'a [u8], limits: &'a Limits, expected: Option<u64>) -> Self {
        // Deflate cannot do better than 1032 to 1: a claim beyond that is a lie.
        let plausible = (bytes.len() as u64).saturating_mul(1032);
        let mut out = Vec::new();
        // One more than expected, so that the end is seen without growing. If there is no memory for it, then
        // growing will find out. Without a claim nothing is reserved: a piece would be as small as what was.
        let expected = expected.map(|claim| claim.min(plausible).min(limits.max_inflated).saturating_add(1));
        if let Some(expected) = expected.and_then(|expected| usize::try_from(expected).ok()) {
            let _ = out.try_reserve_exact(expected);
        }
        Self {
            limits,
            total: bytes.len(),
            rest: bytes,
            out,
            inflate: Decompress::new(false),
            problems: Vec::new(),
            produced: 0,
            members: 0,
            within: false,
            crc: Crc::new(),
            complete: false,
        }
    }

    fn offset(&self) -> u64 {
        self.total.saturating_sub(self.rest.len()) as u64
    }

    fn problem(&mut self, message: String) {
        self.problems.push(Problem { offset: self.offset(), message });
    }

    /// Decompresses a piece, to the end of `out`. Whether more may follow.
    fn step(&mut self) -> Result<bool, Error> {
        if !self.within {
            self.members = self.members.saturating_add(1);
            let Some(body) = skip_header(self.rest) else {
                return Ok(self.broken("the gzip header is cut short or damaged".to_owned()));
            };
            self.rest = body;
            self.inflate.reset(false);
            self.crc = Crc::new();
            self.within = true;
        }
        self.make_room()?;
        let (inputs, outputs) = (self.inflate.total_in(), self.out.len());
        let status = self.inflate.decompress_vec(self.rest, &mut self.out, FlushDecompress::None);
        let consumed = self.inflate.total_in().saturating_sub(inputs);
        let consumed = usize::try_from(consumed).unwrap_or(usize::MAX);
        self.rest = self.rest.get(consumed..).unwrap_or_default();
        let piece = self.out.get(outputs..).unwrap_or_default();
        let nothing = consumed == 0 && piece.is_empty();
        self.crc.update(piece);
        self.produced = self.produced.saturating_add(piece.len() as u64);
        if self.produced > self.limits.max_inflated {
            return Err(self.too_much());
        }
        match status {
            Ok(Status::StreamEnd) => Ok(self.end_of_member()),
            Ok(_) if nothing => Ok(self.broken(self.ends("is cut short"))),
            Ok(_) => Ok(true),
            Err(_) => Ok(self.broken(self.ends("is damaged"))),
        }
    }

    /// The trailer of a member, and what follows it.
    fn end_of_member(&mut self) -> bool {
        self.within = false;
        let Some((trailer, rest)) = self.rest.split_first_chunk::<8>() else {
            return self.broken("the compressed data lacks its checksum".to_owned());
        };
        self.rest = rest;
        let [a, b, c, d, ..] = *trailer;
        if self.crc.sum() != u32::from_le_bytes([a, b, c, d]) {
            return self.broken("the checksum of the decompressed data is wrong".to_owned());
        }
        match self.rest {
            [] => self.complete = true,
            [0x1f, 0x8b, ..] if self.members < MAX_MEMBERS => return true,
            [0x1f, 0x8b, ..] => {
                self.problem(format!("more than {MAX_MEMBERS} gzip members: the others are not read"));
            }
            rest => {
                let count = rest.len();
                self.problem(format!("{count} bytes after the compressed data are ignored"));
                self.complete = true;
            }
        }
        false
    }

    /// Nothing more can be had.
    fn broken(&mut self, message: String) -> bool {
        self.problem(message);
        false
    }

    fn ends(&self, how: &str) -> String {
        format!("the compressed data {how}; {} bytes could be decompressed", self.produced)
    }

    /// Room for at least one byte, and never for more than one beyond the cap.
    fn make_room(&mut self) -> Result<(), Error> {
        let len = self.out.len();
        if len < self.out.capacity() {
            return Ok(());
        }
        let left = self.limits.max_inflated.saturating_sub(self.produced).saturating_add(1);
        let room = len.max(MIN_CHUNK).min(usize::try_from(left).unwrap_or(usize::MAX));
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
