//! What a capture left out on purpose.

use std::sync::Arc;

/// What was left out, by which rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    /// `on`, `off`, `shape-only`; `None` where the dump does not say.
    pub mode: Option<Arc<str>>,
    /// The names of the rules; flags of objects refer to them by their index.
    pub rules: Vec<Arc<str>>,
    /// In how many places each rule has left something out.
    pub counts: Vec<(Arc<str>, u64)>,
}
