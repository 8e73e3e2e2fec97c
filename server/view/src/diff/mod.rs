//! `diff`: two dumps of the same crash, and what differs between them.
//!
//! What two runs never share (process id, time, addresses) is not compared. Values are compared object by object where both
//! heaps hold them, by their `repr` where one does not; all of it within bounds, and what was left out is said.

mod align;
mod facts;
mod frames;
mod graph;

use std::borrow::Cow;
use std::sync::Arc;

use crashsite_model::Dump;
use serde::Serialize;

use crate::backtrace::StackFrame;
use crate::value::Value;

/// The answer to `diff`.
#[derive(Debug, Clone, Serialize)]
pub struct Diff {
    /// Version of the answer.
    pub schema: u32,
    /// Whether nothing that was compared differs.
    pub same: bool,
    /// Facts about the process.
    pub process: Vec<Change>,
    /// Exceptions of the chain.
    pub exceptions: Vec<ExceptionChange>,
    /// Frames of the crashed thread, innermost first.
    pub frames: Vec<FrameChange>,
    /// How many frames are in both and alike.
    pub frames_alike: usize,
    /// What was not compared, and why.
    pub not_compared: Vec<String>,
}

/// A fact that differs; `None` where a dump does not have it.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// Which.
    pub what: &'static str,
    /// In the first dump.
    pub a: Option<String>,
    /// In the second.
    pub b: Option<String>,
}

/// An exception that differs.
#[derive(Debug, Clone, Serialize)]
pub struct ExceptionChange {
    /// Which: `exception`, `exception.cause`, `exception.group[0]`.
    pub at: String,
    /// What of it.
    pub changes: Vec<Change>,
}

/// A frame that differs.
#[derive(Debug, Clone, Serialize)]
pub struct FrameChange {
    /// The frame in the first dump; `None` where only the second has it.
    pub a: Option<StackFrame>,
    /// The frame in the second dump.
    pub b: Option<StackFrame>,
    /// What of the place.
    pub changes: Vec<Change>,
    /// Which values, the nearest to the variable first.
    pub locals: Vec<LocalChange>,
}

/// A value that differs: a local variable, or something it holds.
#[derive(Debug, Clone, Serialize)]
pub struct LocalChange {
    /// The variable, and the way from it: `order.lines[0].price`.
    pub path: String,
    /// How.
    pub how: How,
    /// The value in the first dump.
    pub a: Option<Value>,
    /// The value in the second.
    pub b: Option<Value>,
}

/// How a value differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Only the first dump has it.
    OnlyA,
    /// Only the second dump has it.
    OnlyB,
    /// It is of another class.
    Type,
    /// It is longer or shorter.
    Length,
    /// It is another value.
    Value,
}

/// What differs between two dumps.
pub fn answer(a: &Dump, b: &Dump) -> Diff {
    let mut not_compared = Vec::new();
    for (dump, which) in [(a, "first"), (b, "second")] {
        if !dump.complete {
            not_compared.push(format!("what the {which} dump lacks: it is incomplete or damaged"));
        }
    }
    let process = facts::process(a, b);
    let exceptions = facts::exceptions(a, b, &mut not_compared);
    let (frames, frames_alike) = frames::compare(a, b, &mut not_compared);
    Diff {
        schema: crate::SCHEMA,
        same: process.is_empty() && exceptions.is_empty() && frames.is_empty(),
        process,
        exceptions,
        frames,
        frames_alike,
        not_compared,
    }
}

/// A text with `0x…` for every address in it: two processes never share them.
fn without_addresses(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find("0x") else { return Cow::Borrowed(text) };
    let (mut out, mut rest) = text.split_at(first);
    let mut shown = out.to_owned();
    while let Some(digits) = rest.strip_prefix("0x") {
        shown.push_str("0x…");
        rest = digits.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        (out, rest) = rest.split_at(rest.find("0x").unwrap_or(rest.len()));
        shown.push_str(out);
    }
    Cow::Owned(shown)
}

/// The change of a text, if it has changed in more than its addresses.
fn change(what: &'static str, a: Option<&Arc<str>>, b: Option<&Arc<str>>) -> Option<Change> {
    const LONGEST: usize = 2000;
    let plain = |text: Option<&Arc<str>>| text.map(|text| without_addresses(text).into_owned());
    let shown = |text: Option<&Arc<str>>| text.map(|text| crate::text::shorten(text, LONGEST).into_owned());
    (plain(a) != plain(b)).then(|| Change { what, a: shown(a), b: shown(b) })
}
