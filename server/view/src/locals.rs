//! `locals`: the variables of one frame.

use crashsite_model::Dump;
use serde::Serialize;

use crate::backtrace::{StackFrame, stack_frame};
use crate::source::Lines;
use crate::thread::Place;

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

/// The locals of a frame.
pub fn answer(dump: &Dump, place: Place<'_>) -> Locals {
    let frame = stack_frame(dump, &mut Lines::new(dump), place.number, place.frame, true);
    Locals { schema: crate::SCHEMA, thread: place.stack.position + 1, frame }
}
