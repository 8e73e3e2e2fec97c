//! `locals`: the variables of one frame.

use crashsite_model::Dump;
use serde::Serialize;

use crate::backtrace::{StackFrame, stack_frame};
use crate::source::Lines;
use crate::thread::{self, NoSuch};

/// The answer to `locals`.
#[derive(Debug, Clone, Serialize)]
pub struct Locals {
    /// Version of the answer.
    pub schema: u32,
    /// The thread's position, from 1.
    pub thread: usize,
    /// The frame with its locals.
    pub frame: StackFrame,
}

/// The locals of a frame. `chosen` names the thread (`None`: the crashed one); frame 0 is the innermost.
///
/// # Errors
/// Where there is no such thread or frame.
pub fn answer(dump: &Dump, chosen: Option<&str>, number: usize) -> Result<Locals, NoSuch> {
    let (position, thread) = thread::find(dump, chosen)?;
    let frame = thread::frame(dump, thread, number)?;
    let frame = stack_frame(dump, &mut Lines::new(dump), number, frame, true);
    Ok(Locals { schema: crate::SCHEMA, thread: position + 1, frame })
}
