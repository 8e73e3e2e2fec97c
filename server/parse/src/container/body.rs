//! The body of a part: read, checked, decoded, decompressed.

use sha2::{Digest, Sha256};

use super::{Container, ContentEncoding, Part, TransferEncoding, transfer};
use crate::error::{Error, Problem, Stage};
use crate::inflate::inflate_expected;
use crate::limits::{LimitKind, Limits};
use crate::source::{Source, read_full};

/// The body of a part, decoded and decompressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// The bytes, as far as they could be had.
    pub bytes: Vec<u8>,
    /// All of them are there: the part is not truncated, the stream was whole, and its length and digest are
    /// those that the headers claim (where they do).
    pub complete: bool,
    /// What was wrong. Offsets count from the start of the file.
    pub problems: Vec<Problem>,
}

impl Container {
    /// Reads the body of a part, checks its digest, undoes its transfer encoding and decompresses it. What is
    /// wrong about it is a problem beside the bytes that could be had.
    ///
    /// # Errors
    /// The source cannot be read ([`Stage::Read`]); the encoding is not known or not what is there, or the part
    /// exceeds [`Limits::max_part`] or [`Limits::max_inflated`] ([`Stage::Inflate`]).
    pub fn body(&self, source: &dyn Source, part: &Part, limits: &Limits) -> Result<Body, Error> {
        let mut problems = Vec::new();
        let mut problem = |offset: u64, message: String| problems.push(Problem { offset, message });
        let stored = read(source, part, limits)?;
        let mut complete = !part.truncated;
        if part.truncated {
            problem(part.offset, format!("the part is cut: {} bytes of it are there", stored.len()));
        } else if (stored.len() as u64) < part.stored_len {
            complete = false;
            problem(
                part.offset,
                format!(
                    "the file was shortened meanwhile: {} of {} bytes of the part are there",
                    stored.len(),
                    part.stored_len
                ),
            );
        } else if let Some(digest) = part.digest
            && digest != <[u8; 32]>::from(Sha256::digest(&stored))
        {
            complete = false;
            problem(part.offset, "the digest of the part is wrong: it was changed after it was written".to_owned());
        }

        let decoded = match part.transfer {
            TransferEncoding::Binary => stored,
            TransferEncoding::Base64 => {
                let (bytes, odd) = transfer::base64(&stored);
                if odd {
                    complete = false;
                    problem(part.offset, "the base64 of the part is damaged".to_owned());
                }
                bytes
            }
            TransferEncoding::Unknown => {
                return Err(unknown(part, "Content-Transfer-Encoding"));
            }
        };

        let bytes = match &part.encoding {
            ContentEncoding::Identity => {
                if decoded.len() as u64 > limits.max_inflated {
                    return Err(Error::limit(
                        Stage::Inflate,
                        part.offset,
                        "the part is too long",
                        limits.limit(LimitKind::Inflated),
                    ));
                }
                decoded
            }
            ContentEncoding::Gzip => {
                let inflated = inflate_expected(&decoded, limits, part.raw_len).map_err(|mut error| {
                    error.offset = error.offset.map(|offset| in_file(part, offset));
                    error
                })?;
                complete &= inflated.complete;
                for found in inflated.problems {
                    problem(in_file(part, found.offset), found.message);
                }
                inflated.bytes
            }
            ContentEncoding::Other(_) => return Err(unknown(part, "Content-Encoding")),
        };

        if let Some(claimed) = part.raw_len
            && claimed != bytes.len() as u64
        {
            // Of a part that is cut, one problem is enough.
            if complete {
                problem(
                    part.offset,
                    format!("X-Crashsite-Raw-Length of the part is {claimed}, but it has {} bytes", bytes.len()),
                );
            }
            complete = false;
        }
        Ok(Body { bytes, complete, problems })
    }
}

/// Where in the file a byte of the body lies; of base64 only where the body begins.
fn in_file(part: &Part, offset: u64) -> u64 {
    match part.transfer {
        TransferEncoding::Binary => part.offset.saturating_add(offset),
        _ => part.offset,
    }
}

fn unknown(part: &Part, header: &str) -> Error {
    let value = part.header(header).unwrap_or_default();
    let value: String = value.chars().take(60).collect();
    Error::new(
        Stage::Inflate,
        part.offset,
        format!("{header} {value:?} of a part is not known"),
        "Look for a newer version of Crashsite.",
    )
}

fn read(source: &dyn Source, part: &Part, limits: &Limits) -> Result<Vec<u8>, Error> {
    if part.stored_len > limits.max_part {
        return Err(Error::limit(
            Stage::Inflate,
            part.offset,
            format!("the part has {} bytes", part.stored_len),
            limits.limit(LimitKind::Part),
        ));
    }
    let there = source.len().saturating_sub(part.offset);
    let length = usize::try_from(part.stored_len.min(there)).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    if bytes.try_reserve_exact(length).is_err() {
        return Err(Error::new(
            Stage::Read,
            part.offset,
            format!("there is no memory for the {length} bytes of a part"),
            "Close other programs, or open the file on a larger machine.",
        ));
    }
    bytes.resize(length, 0);
    read_full(source, part.offset, &mut bytes).map_err(|error| {
        Error::new(
            Stage::Read,
            part.offset,
            format!("the part cannot be read: {error}"),
            "Check the file, its permissions, and the disk.",
        )
    })?;
    Ok(bytes)
}
