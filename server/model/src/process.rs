//! The process a dump was taken of.

use std::sync::Arc;

/// Facts about the process.
#[derive(Debug, Clone, Default)]
pub struct Process {
    /// The program that wrote the dump, and its version: `crashsite 0.1.0`.
    pub writer: Option<Arc<str>>,
    /// Process id.
    pub pid: Option<i64>,
    /// Which process it is, and from which it comes.
    pub lineage: Lineage,
    /// Which dump of the process it is, from 0.
    pub sequence_number: Option<i64>,
    /// When the capture began, in seconds since 1970 UTC.
    pub time: Option<f64>,
    /// The interpreter.
    pub python: Python,
    /// `sys.argv`.
    pub argv: Vec<Arc<str>>,
    /// `sys.path`.
    pub path: Vec<Arc<str>>,
    /// Working directory.
    pub cwd: Option<Arc<str>>,
    /// `posixpath` or `ntpath`.
    pub pathmodule: Option<Arc<str>>,
    /// What the program's author said about the dump.
    pub message: Option<Arc<str>>,
    /// Thread id of the main thread.
    pub main_thread_id: Option<i128>,
    /// Thread id of the thread that took the dump.
    pub current_thread_id: Option<i128>,
    /// Thread id of the thread that failed.
    pub crashed_thread_id: Option<i128>,
}

/// By what the dumps of parents and children are known to belong together.
#[derive(Debug, Clone, Default)]
pub struct Lineage {
    /// At random, so that it is another's where the process id comes again.
    pub identity: Option<Arc<str>>,
    /// What multiprocessing calls the process.
    pub name: Option<Arc<str>>,
    /// The processes that it comes from, its parent first.
    pub ancestors: Vec<Ancestor>,
}

/// A process that another comes from.
#[derive(Debug, Clone, Default)]
pub struct Ancestor {
    /// Process id.
    pub pid: Option<i64>,
    /// Its [`Lineage::identity`], where that is known.
    pub identity: Option<Arc<str>>,
}

/// The interpreter that ran the process.
#[derive(Debug, Clone, Default)]
pub struct Python {
    /// `3.11.7`.
    pub version: Option<Arc<str>>,
    /// Major and minor version, from `version_info`.
    pub major_minor: Option<(u32, u32)>,
    /// `cpython`, `pypy`.
    pub implementation: Option<Arc<str>>,
    /// `linux`, `win32`.
    pub platform: Option<Arc<str>>,
    /// `little` or `big`.
    pub byteorder: Option<Arc<str>>,
    /// `sys.maxsize`.
    pub maxsize: Option<i128>,
    /// `sys.executable`.
    pub executable: Option<Arc<str>>,
    /// `sys.prefix`.
    pub prefix: Option<Arc<str>>,
    /// Built without the global interpreter lock.
    pub free_threaded: Option<bool>,
}
