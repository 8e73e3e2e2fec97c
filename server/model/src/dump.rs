//! The dump.

use std::sync::Arc;

use crashsite_parse::{Error, Limits, Source};

use crate::{End, Exception, Frame, Heap, Loading, Problem, Process, Redaction, SourceFile, Thread, formats};

/// A header line of the file, as it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Name.
    pub name: String,
    /// Value, decoded.
    pub value: String,
}

/// A dump: everything but the heap is read.
#[derive(Debug)]
pub struct Dump {
    /// The file's format: `crashsite-3`.
    pub format: &'static str,
    /// Bytes of the file.
    pub file_size: u64,
    /// The message headers of the file.
    pub headers: Vec<Header>,
    /// The process.
    pub process: Process,
    /// Exceptions; index 0 is the crash.
    pub exceptions: Vec<Exception>,
    /// Threads, the crashed (or current) one first.
    pub threads: Vec<Thread>,
    /// Frames of all threads and exceptions, and [`Self::outside`].
    pub frames: Vec<Frame>,
    /// The frame that is in no stack, the last: its names are what the file holds, where it has no stacks.
    pub outside: Option<usize>,
    /// Source files.
    pub sources: Vec<SourceFile>,
    /// Budgets the capture had.
    pub capture_limits: Vec<(Arc<str>, f64)>,
    /// What the capture left out on purpose.
    pub redaction: Redaction,
    /// What the format's own way to load the file would have run; `None` where that is data only.
    pub loading: Option<Loading>,
    /// What could not be captured or read.
    pub problems: Vec<Problem>,
    /// Whether the closing part is there.
    pub complete: bool,
    /// The closing part.
    pub end: Option<End>,
    /// The objects.
    pub heap: Heap,
    /// What reading it may take.
    pub limits: Limits,
}

impl Dump {
    /// Opens a dump: reads its headers, its summary and its closing part.
    ///
    /// # Errors
    /// Where the file is no dump, or nothing of it could be read, or a limit was met before the summary was there.
    pub fn open(source: Arc<dyn Source>, limits: Limits) -> Result<Dump, Error> {
        formats::open(source, limits)
    }

    /// The frame that is in no stack.
    pub fn outside_frame(&self) -> Option<&Frame> {
        self.outside.and_then(|index| self.frames.get(index))
    }

    /// The source file of that name.
    pub fn source(&self, name: &str) -> Option<&SourceFile> {
        self.sources.iter().find(|source| &*source.name == name)
    }
}
