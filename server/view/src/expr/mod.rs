//! Expressions: what a question may be made of.
//!
//! Today that is a *path*: a name, then attributes, subscripts and slices. It is kept flat, so that nothing recurses.

mod parse;

pub use parse::{LONGEST, parse};

/// A name and what is asked of it, step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The name.
    pub name: String,
    /// Where the name stands: characters from 1.
    pub column: u64,
    /// Attributes and subscripts, in order.
    pub steps: Vec<(Step, u64)>,
}

/// One step from a value to another; its place is kept beside it.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// `.name`
    Attribute(String),
    /// `[key]`
    Subscript(Key),
    /// `[lower:upper:step]`
    Slice(Option<i64>, Option<i64>, Option<i64>),
}

/// A key written in an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An integer of 64 bits.
    Int(i64),
    /// A float.
    Float(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A tuple of keys that are no tuples.
    Tuple(Vec<Key>),
}

/// Why an expression is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `SyntaxError`, or `NotSupported` for what is Python but no path.
    pub kind: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where: characters from 1.
    pub column: u64,
}
