//! `info`: facts about the dump and the process.

use std::collections::BTreeMap;
use std::sync::Arc;

use crashsite_model::{Dump, Verdict};
use serde::Serialize;

use crate::backtrace::{At, Lineage, lineage};
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
    /// Which process it is, and from which it comes, where that is known.
    pub process: Option<Lineage>,
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
    /// What the format's own way to load the file would have run; `None` where the file is data only.
    pub loading: Option<Loading>,
    /// What could not be captured or read.
    pub problems: Vec<At>,
}

/// What loading the file with `pickle` would have imported and called. It never says that a file is harmless.
#[derive(Debug, Clone, Serialize)]
pub struct Loading {
    /// What the numbers mean, in a sentence.
    pub note: &'static str,
    /// Callables that are known to be dangerous.
    pub dangerous: usize,
    /// Callables of which nothing is known.
    pub unknown: usize,
    /// Callables of Python's library that make a value of what they are given.
    pub makes_value: usize,
    /// Opcodes that import, call, or ask somebody for an object: how often.
    pub opcodes: BTreeMap<&'static str, u64>,
    /// The dangerous ones first, then the unknown ones, each in the order of the pickle.
    pub callables: Vec<Callable>,
    /// Callables that are left out here.
    pub more_callables: usize,
}

/// Something that is imported or called.
#[derive(Debug, Clone, Serialize)]
pub struct Callable {
    /// `os.system`
    pub name: String,
    /// `dangerous`, `unknown`, `makes a value`
    pub verdict: &'static str,
    /// Why it is dangerous.
    pub why: Option<&'static str>,
    /// How often, by opcode.
    pub uses: BTreeMap<&'static str, u64>,
    /// Byte offsets in the pickle, of the first uses.
    pub offsets: Vec<u64>,
}

/// What is to be known about the report.
const LOADING: &str =
    "what pickle.load would import and call; crashsite does neither. What is not flagged may do harm, too";

fn loading(loading: &crashsite_model::Loading) -> Loading {
    let count = |wanted: &str| loading.callables.iter().filter(|callable| callable.verdict.name() == wanted).count();
    let mut callables: Vec<&crashsite_model::Callable> = loading.callables.iter().collect();
    callables.sort_by_key(|callable| match callable.verdict {
        Verdict::Dangerous(_) => 0,
        Verdict::Unknown => 1,
        Verdict::MakesValue => 2,
    });
    let callables = callables.into_iter().map(|callable| {
        let mut offsets: Vec<u64> = callable.uses.iter().flat_map(|of| of.offsets.iter().copied()).collect();
        offsets.sort_unstable();
        Callable {
            name: callable.name.clone(),
            verdict: callable.verdict.name(),
            why: match callable.verdict {
                Verdict::Dangerous(why) => Some(why),
                _ => None,
            },
            uses: callable.uses.iter().map(|of| (of.opcode, of.count)).collect(),
            offsets,
        }
    });
    Loading {
        note: LOADING,
        dangerous: count("dangerous"),
        unknown: count("unknown"),
        makes_value: count("makes a value"),
        opcodes: loading.opcodes.iter().copied().collect(),
        callables: callables.collect(),
        more_callables: loading.more_callables,
    }
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
        process: lineage(dump),
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
            frames: dump.outside.unwrap_or(dump.frames.len()),
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
        loading: dump.loading.as_ref().map(loading),
        problems: dump.problems.iter().map(At::from).collect(),
    }
}
