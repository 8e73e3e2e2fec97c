//! One reader per file format; all make the same [`Dump`].
//!
//! Which one a file is for is decided by content alone: by its first bytes, by the first bytes of what it unpacks to, and
//! where that is a pickle, by the shape of its outermost value.

mod bare;
mod coredumpy;
mod crashsite3;
mod packed;
mod pickled;
mod plain;
mod pydump;
mod pydumpling;
mod pyheap;
mod pyheapdump2;
mod tblib;
mod type_names;

use std::sync::Arc;

use crashsite_parse::{Error, Limits, Magic, Pickle, Source, Stage, gzip_head, sniff};

use crate::Dump;
use crate::problem::Problems;
use pickled::Opened;

type IsOne = fn(&Pickle) -> bool;
type Read = fn(Opened) -> Dump;

/// The formats that are one pickle: whether a pickle is one, and its reader. The last takes any.
const PICKLES: &[(IsOne, Read)] = &[
    (pyheapdump2::is_one, pyheapdump2::read),
    (pydump::is_one, pydump::read),
    (pydumpling::is_one, pydumpling::read),
    (tblib::is_one, tblib::read),
    (|_| true, plain::read),
];

/// Opens a dump of any format.
pub(crate) fn open(source: Arc<dyn Source>, limits: Limits) -> Result<Dump, Error> {
    let mut head = vec![0; HEAD];
    let read = source.read_at(0, &mut head).map_err(packed::unreadable)?;
    head.truncate(read);
    let mut problems = Problems::default();
    let outer = sniff(&head);
    let (bytes, headers) = match outer {
        Magic::MimeV3 => return crashsite3::open(source, limits),
        Magic::Json => return coredumpy::open(&source, limits, false),
        Magic::Gzip if sniff(&gzip_head(&head, HEAD)) == Magic::Json => {
            return coredumpy::open(&source, limits, true);
        }
        Magic::Unknown if pyheap::is_ours(&head) => return pyheap::open(&source, limits),
        Magic::MimeV2 | Magic::Mime => pyheapdump2::of_message(&source, &limits, &mut problems)?,
        Magic::Gzip | Magic::Bzip2 | Magic::Pickle | Magic::Unknown => {
            (packed::whole_file(&source, &limits)?, Vec::new())
        }
        other => return Err(refuse(other)),
    };
    let bytes = packed::unpacked(bytes, &limits, &mut problems)?;
    match sniff(&bytes) {
        magic @ (Magic::Pickle | Magic::Unknown) => {
            let opened = Opened::read(bytes, headers, source.len(), limits, problems);
            // Pickles of the protocols 0 and 1 have no signature: what reads as one from its first byte to its last is one, and
            // what `pickle` would find something to call in, before it comes to what is none.
            let opened = match (magic, opened) {
                (Magic::Unknown, Ok(opened)) if opened.is_all() || opened.acts() => opened,
                (Magic::Unknown, _) => return Err(refuse_within(outer, magic)),
                (_, opened) => opened?,
            };
            // The last one takes any.
            let reader =
                PICKLES.iter().find(|(is_one, _)| is_one(&opened.pickle)).map_or(plain::read as _, |found| found.1);
            Ok(reader(opened))
        }
        other => Err(refuse_within(outer, other)),
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

/// What is in a file that had to be unpacked, or was a part of a message, is no dump.
fn refuse_within(outer: Magic, inner: Magic) -> Error {
    let error = refuse(inner);
    if outer == inner {
        return error;
    }
    let what = format!("in {} there is {}, not a dump that is known", outer.describe(), inner.describe());
    Error::new(Stage::Container, 0, what, error.remedy)
}

fn refuse(magic: Magic) -> Error {
    let remedy = match magic {
        Magic::Empty => "The process may have been killed before it could write: look for another dump file.",
        Magic::Gzip | Magic::Bzip2 | Magic::Zip | Magic::Zstd | Magic::Xz => {
            "If it holds a dump, unpack it first. `crashsite` opens files that `save_dump()` of the Python package wrote."
        }
        _ => "`crashsite` opens files that the Python package `crashsite` wrote: python_heap_….dump.",
    };
    Error::new(Stage::Container, 0, format!("this is {}, not a Crashsite dump", magic.describe()), remedy)
}
