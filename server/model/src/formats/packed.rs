//! Files that are read as a whole, and compressed streams that are all of a file.

use std::sync::Arc;

use crashsite_parse::{Error, LimitKind, Limits, Magic, Source, Stage, inflate_bzip2, inflate_gzip, sniff};

use crate::problem::Problems;

/// The bytes of a file.
pub(super) fn whole_file(source: &Arc<dyn Source>, limits: &Limits) -> Result<Vec<u8>, Error> {
    if source.len() > limits.max_part {
        let limit = limits.limit(LimitKind::Part);
        return Err(Error::limit(Stage::Read, 0, format!("the file has {} bytes", source.len()), limit));
    }
    let mut bytes = vec![0; usize::try_from(source.len()).unwrap_or(usize::MAX)];
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read_at(filled as u64, rest).map_err(unreadable)? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// What a compressed stream holds; other bytes are what they are.
pub(super) fn unpacked(bytes: Vec<u8>, limits: &Limits, problems: &mut Problems) -> Result<Vec<u8>, Error> {
    let found = match sniff(&bytes) {
        Magic::Gzip => inflate_gzip(&bytes, limits)?,
        Magic::Bzip2 => inflate_bzip2(&bytes, limits)?,
        _ => return Ok(bytes),
    };
    if let (true, false, Some(problem)) = (found.bytes.is_empty(), found.complete, found.problems.first()) {
        let remedy = "The file is cut or damaged: look for another copy.";
        return Err(Error::new(Stage::Inflate, problem.offset, &*problem.message, remedy));
    }
    found.problems.into_iter().for_each(|problem| problems.at(problem.offset, problem.message));
    Ok(found.bytes)
}

pub(super) fn unreadable(error: std::io::Error) -> Error {
    Error::new(Stage::Read, 0, error.to_string(), "Check that the path names a file that you may read.")
}
