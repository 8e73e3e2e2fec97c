//! One reader per file format; all make the same [`Dump`].

mod coredumpy;
mod crashsite3;
mod pickled;
mod pyheap;
mod pyheapdump2;
mod type_names;

use std::sync::Arc;

use crashsite_parse::{Error, LimitKind, Limits, Magic, Source, Stage, gzip_head, sniff};

use crate::Dump;

/// Opens a dump of any format.
pub(crate) fn open(source: Arc<dyn Source>, limits: Limits) -> Result<Dump, Error> {
    let mut head = vec![0; HEAD];
    let read = source.read_at(0, &mut head).map_err(|error| {
        Error::new(Stage::Read, 0, error.to_string(), "Check that the path names a file that you may read.")
    })?;
    head.truncate(read);
    match sniff(&head) {
        Magic::MimeV3 => crashsite3::open(source, limits),
        magic @ (Magic::MimeV2 | Magic::Mime | Magic::Bzip2 | Magic::Pickle) => {
            pyheapdump2::open(&source, limits, magic)
        }
        Magic::Json => coredumpy::open(&source, limits, false),
        Magic::Gzip if sniff(&gzip_head(&head, HEAD)) == Magic::Json => coredumpy::open(&source, limits, true),
        Magic::Unknown if pyheap::is_ours(&head) => pyheap::open(&source, limits),
        other => Err(refuse(other)),
    }
}

/// Bytes that tell what a file is.
const HEAD: usize = 8192;

/// Whether a file that begins so says of itself that it is a dump; 8 KiB of it are enough. A bare pickle does not.
pub fn is_dump(head: &[u8]) -> bool {
    match sniff(head) {
        Magic::MimeV3 | Magic::MimeV2 => true,
        Magic::Json => coredumpy::is_ours(head),
        Magic::Gzip => coredumpy::is_ours(&gzip_head(head, HEAD)),
        _ => pyheap::is_ours(head),
    }
}

fn refuse(magic: Magic) -> Error {
    let remedy = match magic {
        Magic::Empty => "The process may have been killed before it could write: look for another dump file.",
        Magic::Gzip | Magic::Zip | Magic::Zstd | Magic::Xz => {
            "If it holds a dump, unpack it first. `crashsite` opens files that `save_dump()` of the Python package wrote."
        }
        _ => "`crashsite` opens files that the Python package `crashsite` wrote: python_heap_….dump.",
    };
    Error::new(Stage::Container, 0, format!("this is {}, not a Crashsite dump", magic.describe()), remedy)
}

/// All of a file that a reader needs as a whole.
fn whole_file(source: &Arc<dyn Source>, limits: &Limits) -> Result<Vec<u8>, Error> {
    if source.len() > limits.max_part {
        let limit = limits.limit(LimitKind::Part);
        return Err(Error::limit(Stage::Read, 0, format!("the file has {} bytes", source.len()), limit));
    }
    let read = |error: std::io::Error| {
        Error::new(Stage::Read, 0, error.to_string(), "Check that the path names a file that you may read.")
    };
    let mut bytes = vec![0; usize::try_from(source.len()).unwrap_or(usize::MAX)];
    let mut filled = 0;
    while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match source.read_at(filled as u64, rest).map_err(read)? {
            0 => break,
            count => filled += count,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}
