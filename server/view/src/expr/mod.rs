//! Expressions: Python's syntax, as a tree of our own.

mod parse;
mod surrogate;
pub mod tree;
mod typed;

pub use parse::{LONGEST, parse};
pub use typed::{Typed, typed};

/// Why an expression is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `SyntaxError`, or `NotSupported` for what is Python but would run code.
    pub kind: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where: characters from 1.
    pub column: u64,
}
