//! Crashsite's answers: a question about a [`crashsite_model::Dump`] gives plain data.
//!
//! There are no protocol types and no I/O here. Every front end (command line, editor, debugger) asks here, so that an
//! answer is the same wherever it is read. The JSON of docs/answers.md is these structs, serialised.

pub mod backtrace;
pub mod check;
pub mod children;
pub mod diff;
pub mod editor;
pub mod eval;
pub mod exception;
pub mod explain;
pub mod expr;
pub mod extract;
pub mod find;
pub mod headers;
pub mod info;
pub mod linked;
pub mod locals;
mod numpy;
mod pandas;
pub mod python;
pub mod relations;
pub mod repr;
pub mod same_file;
pub mod source;
pub mod stacks;
pub mod text;
pub mod thread;
pub mod threads;
pub mod time;
pub mod traceback;
pub mod value;

/// The version of the answers' JSON. Fields are only ever added.
pub const SCHEMA: u32 = 1;
