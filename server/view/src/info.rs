//! `info`: facts about the dump and the process.

use std::collections::BTreeMap;
use std::sync::Arc;

use crashsite_model::Dump;
use serde::Serialize;

use crate::backtrace::At;
use crate::time;

/// The answer to `info`.
#[derive(Debug, Clone, Serialize)]
pub struct Info {
    /// Version of the answer.
    pub schema: u32,
    /// `crashsite-3`.
    pub format: &'static str,
    /// The program that wrote the file.
    pub writer: Option<Arc<str>>,
    /// Bytes of the file.
    pub file_size: u64,
    /// Whether the closing part is there.
    pub complete: bool,
    /// When the capture began, ISO 8601, UTC.
    pub time: Option<String>,
    /// What the program's author said about the dump.
    pub message: Option<Arc<str>>,
    /// Process id.
    pub pid: Option<i64>,
    /// Which dump of the process it is, from 0.
    pub sequence_number: Option<i64>,
    /// `sys.argv`.
    pub argv: Vec<Arc<str>>,
    /// Working directory.
    pub cwd: Option<Arc<str>>,
    /// The interpreter.
    pub python: Python,
    /// How many there are of what.
    pub holds: Holds,
    /// The capture.
    pub capture: Capture,
    /// The message headers.
    pub headers: BTreeMap<String, String>,
    /// What could not be captured or read.
    pub problems: Vec<At>,
}

/// The interpreter.
#[derive(Debug, Clone, Serialize)]
pub struct Python {
    /// `3.11.7`
    pub version: Option<Arc<str>>,
    /// `CPython`, `PyPy`
    pub implementation: Option<Arc<str>>,
    /// `linux`, `win32`
    pub platform: Option<Arc<str>>,
    /// `sys.executable`
    pub executable: Option<Arc<str>>,
    /// `sys.prefix`
    pub prefix: Option<Arc<str>>,
    /// Built without the global interpreter lock.
    pub free_threaded: Option<bool>,
}

/// How many there are of what.
#[derive(Debug, Clone, Serialize)]
pub struct Holds {
    /// Exceptions of the chain.
    pub exceptions: usize,
    /// Threads.
    pub threads: usize,
    /// Frames.
    pub frames: usize,
    /// Source files.
    pub sources: usize,
    /// Objects.
    pub objects: u64,
    /// Sections of the heap.
    pub sections: usize,
    /// Objects by kind, as the capture counted them.
    pub kinds: BTreeMap<Arc<str>, u64>,
}

/// The capture.
#[derive(Debug, Clone, Serialize)]
pub struct Capture {
    /// How long it took, in seconds.
    pub seconds: Option<f64>,
    /// Objects discovered.
    pub objects_seen: Option<u64>,
    /// Which budget ended the walk; `None` where it came to its end.
    pub stopped: Option<Arc<str>>,
    /// Objects of the library of which only name and place are there, by kind.
    pub brief: BTreeMap<Arc<str>, u64>,
    /// Containers of which elements are missing.
    pub cut: usize,
    /// Containers that changed while they were read.
    pub changed: usize,
    /// The budgets it had.
    pub limits: BTreeMap<Arc<str>, f64>,
    /// What it left out on purpose; `None` where the dump says nothing of that.
    pub redaction: Option<Redaction>,
}

/// What the capture left out on purpose.
#[derive(Debug, Clone, Serialize)]
pub struct Redaction {
    /// `on`, `off`, `shape-only`.
    pub mode: Arc<str>,
    /// In how many places, by the rules' names.
    pub counts: BTreeMap<Arc<str>, u64>,
}

/// The facts.
pub fn answer(dump: &Dump) -> Info {
    let (process, end) = (&dump.process, dump.end.clone().unwrap_or_default());
    Info {
        schema: crate::SCHEMA,
        format: dump.format,
        writer: process.writer.clone(),
        file_size: dump.file_size,
        complete: dump.complete,
        time: process.time.and_then(time::iso8601),
        message: process.message.clone(),
        pid: process.pid,
        sequence_number: process.sequence_number,
        argv: process.argv.clone(),
        cwd: process.cwd.clone(),
        python: Python {
            version: process.python.version.clone(),
            implementation: process.python.implementation.clone(),
            platform: process.python.platform.clone(),
            executable: process.python.executable.clone(),
            prefix: process.python.prefix.clone(),
            free_threaded: process.python.free_threaded,
        },
        holds: Holds {
            exceptions: dump.exceptions.len(),
            threads: dump.threads.len(),
            frames: dump.frames.len(),
            sources: dump.sources.len(),
            objects: dump.heap.len(),
            sections: dump.heap.section_count(),
            kinds: end.counts.into_iter().collect(),
        },
        capture: Capture {
            seconds: end.seconds,
            objects_seen: end.objects_seen,
            stopped: end.stopped,
            brief: end.brief.into_iter().collect(),
            cut: end.cut,
            changed: end.changed,
            limits: dump.capture_limits.iter().cloned().collect(),
            redaction: dump.redaction.mode.clone().map(|mode| {
                let counts = dump.redaction.counts.iter().filter(|(_, count)| *count > 0);
                Redaction { mode, counts: counts.cloned().collect() }
            }),
        },
        headers: dump.headers.iter().map(|header| (header.name.clone(), header.value.clone())).collect(),
        problems: dump.problems.iter().map(At::from).collect(),
    }
}
