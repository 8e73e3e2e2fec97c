//! The reader of version 2: dumps of pyheapdump 0.2.x, written by CPython 2.7 or Stackless Python.
//!
//! One pickle of protocol 2 holds everything, compressed by bzip2 or not, in a MIME message or bare. Its dictionary has
//! the keys `dump_version`, `files`, `exception`, `traceback`, `thread_frames` or `tasklets`, and others; frames and
//! tracebacks are instances of stand-ins with the slots of the real ones. To load such a file with `pickle` is to run it;
//! here it is read as data (see [`super::pickled`]).

pub(super) mod facts;
mod stacks;

use std::sync::Arc;

use crashsite_parse::{Container, Error, Limits, Part, Pickle, Source, Stage};

use super::pickled::{Opened, files};
use crate::problem::Problems;
use crate::{Dump, Header};

/// The content type of the part that holds the pickle.
const CONTENT_TYPE: &str = "application/x.python-heapdump";

/// Whether a pickle is such a dump. Others have a version, too, which one that is cut may lack; nobody else has the rest.
pub(super) fn is_one(pickle: &Pickle) -> bool {
    let has = |key: &str| pickle.get(pickle.root(), key).is_some();
    let version = has("dump_version") || pickle.fault().is_some();
    version && ["main_thread_id", "current_thread_id", "pathmodule", "thread_frames", "tasklets"].into_iter().any(has)
}

/// What the top-level dictionary says, as a dump.
pub(super) fn read(opened: Opened) -> Dump {
    let sources = opened.top("files").map(|files| files::read(&opened.pickle, files)).unwrap_or_default();
    let process = facts::process(&opened);
    opened.into_dump("pyheapdump-2", true, sources, |graph, problems| stacks::read(graph, process, problems))
}

/// The bytes of the part that holds the pickle, and the headers: those of the message, then those of the part.
pub(super) fn of_message(
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
