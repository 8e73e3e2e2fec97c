//! The stacks that a debugger sees as threads: those of the dump's threads, tasks and generators, and those of the exceptions
//! from which the crash came.

use std::collections::VecDeque;
use std::ops::Range;

use crashsite_model::{Dump, Frame, ThreadKind};
use crashsite_view::exception::class_name;

use crate::name::clean;

/// A stack.
#[derive(Debug, Clone)]
pub struct Stack {
    /// What it is: `MainThread: ZeroDivisionError`, `task fetch-7`, `cause: KeyError`.
    pub name: String,
    /// Its position among the threads of the dump, from 0; `None` for that of an exception.
    pub thread: Option<usize>,
    /// Its activations, innermost first.
    pub(crate) activations: Range<usize>,
}

/// One execution of a function: the same frame is another activation in each stack that has it.
#[derive(Debug)]
pub(crate) struct Activation<'a> {
    /// What is executed.
    pub(crate) code: Code<'a>,
    /// Whether nothing called it.
    pub(crate) outermost: bool,
}

#[derive(Debug)]
pub(crate) enum Code<'a> {
    /// A frame of the dump.
    Frame(&'a Frame),
    /// Stands where frames are missing, and says so by its name.
    Note(String),
}

/// All stacks of a dump; the crashed thread comes first, and there is always one.
#[derive(Debug, Default)]
pub(crate) struct Stacks<'a> {
    pub(crate) stacks: Vec<Stack>,
    pub(crate) activations: Vec<Activation<'a>>,
}

impl<'a> Stacks<'a> {
    /// The stacks of a dump, of at most `most` frames.
    pub(crate) fn of(dump: &'a Dump, most: usize) -> Self {
        let mut found = Stacks::default();
        let mut room = most;
        for (position, thread) in dump.threads.iter().enumerate() {
            let mut name = match &thread.kind {
                ThreadKind::Thread => thread.name.as_deref().unwrap_or("unnamed").to_owned(),
                other => format!("{} {}", other.name(), thread.name.as_deref().unwrap_or("unnamed")),
            };
            if let Some(raised) = dump.exceptions.first().filter(|_| thread.crashed) {
                name = format!("{name}: {}", class_name(raised));
            }
            found.push(dump, name, Some(position), &thread.frames, most, &mut room);
        }
        for (relation, index) in origins(dump) {
            let Some(raised) = dump.exceptions.get(index) else { continue };
            if !raised.frames.is_empty() {
                let name = format!("{relation}: {}", class_name(raised));
                found.push(dump, name, None, &raised.frames, most, &mut room);
            }
        }
        if found.stacks.is_empty() {
            found.push(dump, "no threads in the dump".to_owned(), None, &[], most, &mut room);
        }
        found
    }

    /// The objects that the locals of all frames hold, innermost frames first.
    pub(crate) fn locals(&self) -> impl Iterator<Item = u32> {
        let frames = self.activations.iter().filter_map(|activation| match activation.code {
            Code::Frame(frame) => Some(frame),
            Code::Note(_) => None,
        });
        frames.flat_map(|frame| frame.locals.iter().filter_map(|local| local.object))
    }

    fn push(
        &mut self,
        dump: &'a Dump,
        name: String,
        thread: Option<usize>,
        frames: &[usize],
        most: usize,
        room: &mut usize,
    ) {
        let start = self.activations.len();
        let known = frames.iter().filter_map(|index| dump.frames.get(*index));
        self.activations
            .extend(known.clone().take(*room).map(|frame| Activation { code: Code::Frame(frame), outermost: false }));
        let taken = self.activations.len() - start;
        *room -= taken;
        let left = known.count() - taken;
        if left > 0 {
            let note = format!("<{left} more frames: the limit is {most}, --max-frames>");
            self.activations.push(Activation { code: Code::Note(note), outermost: false });
        } else if taken == 0 {
            self.activations.push(Activation { code: Code::Note("<no frames>".to_owned()), outermost: false });
        }
        if let Some(last) = self.activations.last_mut() {
            last.outermost = true;
        }
        self.stacks.push(Stack { name: clean(&name), thread, activations: start..self.activations.len() });
    }
}

/// The exceptions that the crash came from, each once, with what they are to the one before: nearest first.
fn origins(dump: &Dump) -> Vec<(&'static str, usize)> {
    let mut seen = vec![false; dump.exceptions.len()];
    let mut found = Vec::new();
    let mut next = VecDeque::from([("", 0)]);
    while let Some((relation, index)) = next.pop_front() {
        let (Some(raised), Some(mark)) = (dump.exceptions.get(index), seen.get_mut(index)) else { continue };
        if std::mem::replace(mark, true) {
            continue;
        }
        if index != 0 {
            found.push((relation, index));
        }
        next.extend(raised.group.iter().map(|&member| ("member", member)));
        next.extend(raised.cause.map(|cause| ("cause", cause)));
        next.extend(raised.context.map(|context| ("context", context)));
    }
    found
}
