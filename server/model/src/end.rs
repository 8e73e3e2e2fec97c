//! How the capture ended.

use std::sync::Arc;

/// The closing part of a dump.
#[derive(Debug, Clone, Default)]
pub struct End {
    /// Objects discovered.
    pub objects_seen: Option<u64>,
    /// Objects in the file.
    pub objects_written: Option<u64>,
    /// Bytes of the file before this part.
    pub bytes_written: Option<u64>,
    /// How long the capture took.
    pub seconds: Option<f64>,
    /// Which budget ended the walk; `None` where it came to its end.
    pub stopped: Option<Arc<str>>,
    /// Objects by the names of their kinds.
    pub counts: Vec<(Arc<str>, u64)>,
    /// Objects of the library of which only name and place are there, by the names of their kinds.
    pub brief: Vec<(Arc<str>, u64)>,
    /// How many objects the part lists as cut.
    pub cut: usize,
    /// How many objects changed while they were read.
    pub changed: usize,
}
