//! Source text that the dump carries.

use std::sync::Arc;

/// A source file, or the windows of it that were kept.
#[derive(Debug, Clone, Default)]
pub struct SourceFile {
    /// Its name, as the frames' `file` has it.
    pub name: Arc<str>,
    /// SHA-256 of the whole file's bytes, hexadecimal.
    pub sha256: Option<Arc<str>>,
    /// Number of lines of the whole file.
    pub lines: Option<u64>,
    /// The file's encoding.
    pub encoding: Option<Arc<str>>,
    /// Pieces in the order of their lines.
    pub pieces: Vec<Piece>,
    /// Why there is no text.
    pub error: Option<Arc<str>>,
}

/// Some lines of a file, one after the other.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Its first line, from 1.
    pub first: u64,
    /// The text.
    pub text: Arc<str>,
}
