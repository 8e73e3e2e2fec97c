//! What Python's builtin types do, as pure functions over plain data: nothing here knows of dumps or of expressions.
//!
//! Text is UTF-8 in which lone surrogates may stand (`surrogatepass`), so it is bytes. Whatever may grow takes a limit.

pub mod braces;
pub mod complex;
pub mod datetime;
pub mod decimal;
mod digits;
pub mod float;
pub mod format;
pub mod fraction;
pub mod int;
pub mod percent;
pub mod text;

use std::fmt;

/// An exception that Python would raise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The name of its class: `ValueError`; `Limit` where a result would be larger than was allowed.
    pub kind: &'static str,
    /// Its message, as Python 3.13 words it.
    pub message: String,
}

impl Raised {
    /// An exception.
    pub fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Raised { kind, message: message.into() }
    }
}

impl fmt::Display for Raised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}
