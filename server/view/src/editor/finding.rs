//! The exception as an editor's list of problems has it: where, what, why, and how it came there.

use std::sync::Arc;

use crashsite_model::{Dump, Exception, Frame};

use super::Beside;
use crate::exception;
use crate::explain::{Explanation, Finding as Cause, Spot};
use crate::text::{escape, shorten};
use crate::thread::{Place, StackRef};

/// Characters of a message.
const LONGEST: usize = 2000;
/// Frames that are told.
const MOST_FRAMES: usize = 50;
/// Lines that support the cause.
const MOST_EVIDENCE: usize = 20;
/// Exceptions of a chain that are told.
const MOST_CAUSES: usize = 20;

/// The exception of a dump.
#[derive(Debug, Clone)]
pub struct Finding<'a> {
    /// The frame that it is shown at.
    pub place: Place<'a>,
    /// `ZeroDivisionError: division by zero`, those that it came from, and the leading cause where one is known.
    pub message: String,
    /// What supports the cause, what the exception came from, and the stack.
    pub related: Vec<Related<'a>>,
}

/// A place that has to do with the exception.
#[derive(Debug, Clone)]
pub struct Related<'a> {
    /// The place.
    pub at: At<'a>,
    /// What it has to do with it.
    pub message: String,
}

/// A place of the program.
#[derive(Debug, Clone)]
pub enum At<'a> {
    /// Where a frame is.
    Frame(&'a Frame),
    /// A line of a file.
    Line(Arc<str>, u64),
}

impl<'a> At<'a> {
    /// The place that an explanation names; `None` where it names no line.
    pub fn of(dump: &'a Dump, spot: &Spot) -> Option<At<'a>> {
        let line = spot.line?;
        let of_frame = || {
            let stack = StackRef::of_thread(dump, spot.thread?.checked_sub(1)?)?;
            let frame = stack.frame(dump, spot.frame?).ok()?.frame;
            (frame.line == Some(line)).then_some(frame)
        };
        Some(of_frame().map_or_else(|| At::Line(spot.file.clone(), line), At::Frame))
    }
}

/// The frame to show the exception at: the innermost of the program's own, of the thread that crashed.
pub fn place(dump: &Dump) -> Option<Place<'_>> {
    let position = dump.threads.iter().position(|thread| thread.crashed)?;
    let stack = StackRef::of_thread(dump, position)?;
    let own = |index: &usize| dump.frames.get(*index).is_some_and(|frame| !frame.library);
    let number = stack.frames.iter().position(own).unwrap_or(0);
    stack.frame(dump, number).ok()
}

/// Whether the exception is shown at a line of the editor's text.
pub fn is_at(beside: Beside<'_>, line: u64) -> bool {
    place(beside.dump).is_some_and(|crash| is_line(beside, &crash.frame.file, crash.frame.line, line))
}

/// Whether a cause shows at a line of the editor's text.
pub fn cause_is_at(beside: Beside<'_>, cause: &Cause, line: u64) -> bool {
    cause.at.as_ref().is_some_and(|spot| is_line(beside, &spot.file, spot.line, line))
}

fn is_line(beside: Beside<'_>, file: &str, crashed_line: Option<u64>, line: u64) -> bool {
    *file == *beside.crashed.name && crashed_line.and_then(|crashed| beside.follow.line(crashed)) == Some(line)
}

/// `ZeroDivisionError: division by zero`
pub fn title(dump: &Dump) -> Option<String> {
    dump.exceptions.first().map(|raised| told(dump, raised))
}

fn told(dump: &Dump, raised: &Exception) -> String {
    let message = exception::message(dump, raised);
    let message = escape(&shorten(&message, LONGEST)).into_owned();
    let class = escape(exception::class_name(raised)).into_owned();
    if message.is_empty() { class } else { format!("{class}: {message}") }
}

/// The exception of a dump, with what is known of its cause; `None` where it has none.
pub fn answer<'a>(dump: &'a Dump, explained: Option<&Explanation>) -> Option<Finding<'a>> {
    let place = place(dump)?;
    let mut message = title(dump)?;
    let mut related = Vec::new();
    let cause = explained.and_then(|explained| explained.leading(0));
    for (line, at) in cause.into_iter().flat_map(Cause::lines).take(MOST_EVIDENCE) {
        let at = at.and_then(|spot| At::of(dump, spot));
        related.extend(at.map(|at| Related { at, message: said(&line) }));
    }
    let mut chain = dump.exceptions.first();
    for _ in 0..MOST_CAUSES {
        let Some(raised) = chain else { break };
        let hidden = raised.context.filter(|_| !raised.suppress_context);
        let (next, word) = match raised.cause {
            Some(cause) => (Some(cause), "caused by"),
            None => (hidden, "while handling"),
        };
        chain = next.and_then(|index| dump.exceptions.get(index));
        let Some(from) = chain else { break };
        let what = format!("{word} {}", told(dump, from));
        let frame = own_frame(dump, &from.frames);
        message.push('\n');
        message.push_str(&what);
        related.extend(frame.map(|frame| Related { at: At::Frame(frame), message: what }));
    }
    if let Some(cause) = cause {
        message.push('\n');
        message.push_str(&said(&cause.says));
    }
    for (number, index) in place.stack.frames.iter().enumerate().take(MOST_FRAMES) {
        if let Some(frame) = dump.frames.get(*index) {
            let message = format!("frame {number}: {}", escape(function(frame)));
            related.push(Related { at: At::Frame(frame), message });
        }
    }
    Some(Finding { place, message, related })
}

/// A sentence of an explanation.
pub fn said(sentence: &str) -> String {
    escape(&shorten(sentence, LONGEST)).into_owned()
}

fn own_frame<'a>(dump: &'a Dump, frames: &[usize]) -> Option<&'a Frame> {
    let mut all = frames.iter().filter_map(|index| dump.frames.get(*index));
    all.clone().find(|frame| !frame.library).or_else(|| all.next())
}

/// The function of a frame, by its qualified name where that is known.
pub fn function(frame: &Frame) -> &Arc<str> {
    frame.qualname.as_ref().unwrap_or(&frame.function)
}
