//! The reader of version 2: dumps of pyheapdump 0.2.x, written by CPython 2.7 or Stackless Python.
//!
//! One pickle of protocol 2 holds everything, compressed by bzip2 or not, in a MIME message or bare. Its dictionary has
//! the keys `dump_version`, `files`, `exception`, `traceback`, `thread_frames` or `tasklets`, and others; frames and
//! tracebacks are instances of stand-ins with the slots of the real ones. To load such a file with `pickle` is to run it;
//! here it is read as data (see [`super::pickled`]).

mod facts;
mod sources;
mod stacks;

use std::sync::Arc;

use crashsite_parse::{
    Container, Error, Limits, Magic, NodeId, Part, Pickle, Source, Stage, inflate_bzip2, read_pickle, sniff,
};

pub(super) use facts::seconds;

use super::pickled::{Graph, SourceIndex};
use super::whole_file;
use crate::heap::Heap;
use crate::problem::Problems;
use crate::{Dump, Header, Process, Redaction};

/// The content type of the part that holds the pickle.
const CONTENT_TYPE: &str = "application/x.python-heapdump";

/// Opens a message, or a bare pickle.
pub(super) fn open(source: &Arc<dyn Source>, limits: Limits, magic: Magic) -> Result<Dump, Error> {
    let mut problems = Problems::default();
    let (bytes, headers) = match magic {
        Magic::MimeV2 | Magic::Mime => of_message(source, &limits, &mut problems)?,
        _ => (whole_file(source, &limits)?, Vec::new()),
    };
    let bytes = if sniff(&bytes) == Magic::Bzip2 {
        let found = inflate_bzip2(&bytes, &limits)?;
        drop(bytes);
        found.problems.into_iter().for_each(|problem| problems.at(problem.offset, problem.message));
        found.bytes
    } else {
        bytes
    };
    let pickle = read_pickle(bytes, &limits)?;
    if pickle.get(pickle.root(), "dump_version").is_none() {
        return Err(Error::new(
            Stage::Pickle,
            None,
            "this is a pickle, but not a dump of pyheapdump",
            "Give a file that `save_dump()` of pyheapdump or of crashsite wrote.",
        ));
    }
    Ok(read(pickle, headers, source.len(), limits, problems))
}

/// What the top-level dictionary says, as a dump.
fn read(pickle: Pickle, headers: Vec<Header>, file_size: u64, limits: Limits, mut problems: Problems) -> Dump {
    let top = Top { pickle: &pickle };
    let sources = sources::read(&top);
    let mut graph = Graph::new(&pickle, true, SourceIndex::new(&sources));
    let process: Process = facts::process(&top, &headers);
    let mut stacks = stacks::read(&top, &mut graph, &process, &mut problems);
    let objects = graph.into_objects();
    // Nodes and columns need not be in memory together.
    drop(pickle);
    let heap = Heap::of_section(objects.finish());
    stacks.fill_in(&heap);
    let stacks::Stacks { exceptions, threads, frames } = stacks;
    Dump {
        format: "pyheapdump-2",
        file_size,
        headers,
        process,
        exceptions,
        threads,
        frames,
        sources,
        capture_limits: Vec::new(),
        redaction: Redaction::default(),
        problems: problems.into_list(),
        complete: true,
        end: None,
        heap,
        limits,
    }
}

/// The top-level dictionary.
struct Top<'p> {
    pickle: &'p Pickle,
}

impl Top<'_> {
    /// A value; one that is `None` is as if it were not there.
    fn get(&self, key: &str) -> Option<NodeId> {
        self.pickle.get(self.pickle.root(), key).filter(|node| !self.pickle.is_none(*node))
    }

    fn int(&self, key: &str) -> Option<i64> {
        self.pickle.as_int(self.get(key)?)
    }
}

/// The bytes of the part that holds the pickle, and the headers: those of the message, then those of the part.
fn of_message(
    source: &Arc<dyn Source>,
    limits: &Limits,
    problems: &mut Problems,
) -> Result<(Vec<u8>, Vec<Header>), Error> {
    let container = Container::read(source, limits)?;
    let ours = |part: &&Part| {
        let kind = part.header("Content-Type").unwrap_or_default().trim_start();
        kind.get(..CONTENT_TYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(CONTENT_TYPE))
    };
    let Some(part) = container.parts.iter().find(ours) else {
        return Err(Error::new(
            Stage::Container,
            None,
            "the message has no heap dump in it",
            "Give a file that `save_dump()` of pyheapdump or of crashsite wrote.",
        ));
    };
    for problem in &container.problems {
        problems.at(problem.offset, problem.message.clone());
    }
    let body = container.body(source, part, limits)?;
    for problem in body.problems {
        problems.at(problem.offset, problem.message);
    }
    let all = container.headers.iter().chain(&part.headers);
    let headers = all.map(|(name, value)| Header { name: name.clone(), value: value.clone() }).collect();
    Ok((body.bytes, headers))
}
