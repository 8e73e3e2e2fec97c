//! One reader per file format; all make the same [`Dump`].

mod crashsite3;
mod pickled;
mod pyheapdump2;

use std::sync::Arc;

use crashsite_parse::{Error, Limits, Magic, Source, Stage, sniff};

use crate::Dump;

/// Opens a dump of any format.
pub(crate) fn open(source: Arc<dyn Source>, limits: Limits) -> Result<Dump, Error> {
    let mut head = vec![0; 8192];
    let read = source.read_at(0, &mut head).map_err(|error| {
        Error::new(Stage::Read, 0, error.to_string(), "Check that the path names a file that you may read.")
    })?;
    head.truncate(read);
    match sniff(&head) {
        Magic::MimeV3 => crashsite3::open(source, limits),
        magic @ (Magic::MimeV2 | Magic::Mime | Magic::Bzip2 | Magic::Pickle) => {
            pyheapdump2::open(&source, limits, magic)
        }
        other => Err(refuse(other)),
    }
}

/// Whether a file that begins so says of itself that it is a dump; 8 KiB of it are enough. A bare pickle does not.
pub fn is_dump(head: &[u8]) -> bool {
    matches!(sniff(head), Magic::MimeV3 | Magic::MimeV2)
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
