//! Values as one line of text, which the summary of version 3 has and other formats leave to the heap.

use std::sync::Arc;

use crashsite_model::{Exception, Local};

/// A local variable's value, seen without the heap.
#[derive(Debug, Clone)]
pub struct Preview {
    /// The class's own name.
    pub type_name: Arc<str>,
    /// Where the class lives.
    pub module: Arc<str>,
    /// Shallow size in bytes.
    pub size: Option<u64>,
    /// `id()`.
    pub address: Option<u64>,
    /// The `repr`, shortened.
    pub text: Arc<str>,
    /// Its true length, where only its beginning was kept.
    pub full_length: Option<u64>,
    /// Attributes, elements and pairs one level below.
    pub children_count: u64,
}

/// Makes the previews that a dump lacks. How a value looks is not known in this crate.
pub trait Previews {
    /// Of a local that has none.
    fn local(&self, local: &Local) -> Preview;
    /// Of an exception that has none: its `repr`.
    fn exception(&self, exception: &Exception) -> Arc<str>;
    /// What `str()` gives of an exception that has neither message nor preview, where that can be told.
    fn message(&self, exception: &Exception) -> Option<Arc<str>>;
}
