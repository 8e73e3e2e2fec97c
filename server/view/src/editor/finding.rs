//! The exception as an editor's list of problems has it: where, what, and how it came there.

use std::sync::Arc;

use crashsite_model::{Dump, Exception, Frame};

use crate::exception;
use crate::text::{escape, shorten};
use crate::thread::{Place, StackRef};

/// Characters of a message.
const LONGEST: usize = 2000;
/// Frames that are told.
const MOST_FRAMES: usize = 50;
/// Exceptions of a chain that are told.
const MOST_CAUSES: usize = 20;

/// The exception of a dump.
#[derive(Debug, Clone)]
pub struct Finding<'a> {
    /// The frame that it is shown at.
    pub place: Place<'a>,
    /// `ZeroDivisionError: division by zero`
    pub message: String,
    /// What it came from, and the stack.
    pub related: Vec<Related<'a>>,
}

/// A frame that has to do with the exception.
#[derive(Debug, Clone)]
pub struct Related<'a> {
    /// The frame.
    pub frame: &'a Frame,
    /// What it has to do with it.
    pub message: String,
}

/// The frame to show the exception at: the innermost of the program's own, of the thread that crashed.
pub fn place(dump: &Dump) -> Option<Place<'_>> {
    let position = dump.threads.iter().position(|thread| thread.crashed)?;
    let stack = StackRef::of_thread(dump, position)?;
    let own = |index: &usize| dump.frames.get(*index).is_some_and(|frame| !frame.library);
    let number = stack.frames.iter().position(own).unwrap_or(0);
    stack.frame(dump, number).ok()
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

/// The exception of a dump; `None` where it has none.
pub fn answer(dump: &Dump) -> Option<Finding<'_>> {
    let place = place(dump)?;
    let mut message = title(dump)?;
    let mut related = Vec::new();
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
        related.extend(frame.map(|frame| Related { frame, message: what }));
    }
    for (number, index) in place.stack.frames.iter().enumerate().take(MOST_FRAMES) {
        if let Some(frame) = dump.frames.get(*index) {
            let message = format!("frame {number}: {}", escape(function(frame)));
            related.push(Related { frame, message });
        }
    }
    Some(Finding { place, message, related })
}

fn own_frame<'a>(dump: &'a Dump, frames: &[usize]) -> Option<&'a Frame> {
    let mut all = frames.iter().filter_map(|index| dump.frames.get(*index));
    all.clone().find(|frame| !frame.library).or_else(|| all.next())
}

/// The function of a frame, by its qualified name where that is known.
pub fn function(frame: &Frame) -> &Arc<str> {
    frame.qualname.as_ref().unwrap_or(&frame.function)
}
