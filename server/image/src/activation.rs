//! The stacks that a debugger sees as threads: those of the dump's threads, tasks and generators, and those of the exceptions
//! from which the crash came.

use std::collections::VecDeque;
use std::ops::Range;

use crashsite_model::{Dump, Frame, Local, ThreadKind};
use crashsite_view::exception::class_name;

use crate::Limits;
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
    /// Its variables, as far as the limits allow.
    pub(crate) locals: &'a [Local],
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

/// Which of the limits have left something out.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    pub(crate) frames: bool,
    pub(crate) variables: bool,
}

/// All stacks of a dump: first those of its threads, in their order, of which the first is the crashed one. There is always
/// one, and none is without an activation.
#[derive(Debug, Default)]
pub(crate) struct Stacks<'a> {
    pub(crate) stacks: Vec<Stack>,
    pub(crate) activations: Vec<Activation<'a>>,
    /// What the limits have left out.
    pub(crate) cut: Cut,
}

impl<'a> Stacks<'a> {
    /// The stacks of a dump.
    pub(crate) fn of(dump: &'a Dump, limits: &Limits) -> Self {
        let (frames, variables) = (limits.frames, limits.variables);
        let mut stacking = Stacking { dump, most: frames, frames, variables, found: Stacks::default() };
        for (position, thread) in dump.threads.iter().enumerate() {
            let mut name = match &thread.kind {
                ThreadKind::Thread => thread.name.as_deref().unwrap_or("unnamed").to_owned(),
                other => format!("{} {}", other.name(), thread.name.as_deref().unwrap_or("unnamed")),
            };
            if let Some(raised) = dump.exceptions.first().filter(|_| thread.crashed) {
                name = format!("{name}: {}", class_name(raised));
            }
            stacking.push(&name, Some(position), &thread.frames);
        }
        for (relation, index) in origins(dump) {
            let Some(raised) = dump.exceptions.get(index).filter(|raised| !raised.frames.is_empty()) else { continue };
            stacking.push(&format!("{relation}: {}", class_name(raised)), None, &raised.frames);
        }
        if stacking.found.stacks.is_empty() {
            stacking.push("no threads in the dump", None, &[]);
        }
        stacking.found
    }

    /// The objects that the variables hold, innermost frames first.
    pub(crate) fn roots(&self) -> impl Iterator<Item = u32> {
        self.activations.iter().flat_map(|activation| activation.locals.iter().filter_map(|local| local.object))
    }
}

struct Stacking<'a> {
    dump: &'a Dump,
    /// The limit on frames, and what of it and of that on variables is left.
    most: usize,
    frames: usize,
    variables: usize,
    found: Stacks<'a>,
}

impl<'a> Stacking<'a> {
    fn push(&mut self, name: &str, thread: Option<usize>, frames: &[usize]) {
        let start = self.found.activations.len();
        // One stack there always is, to say that the others are left out.
        if start > 0 && self.frames == 0 {
            self.found.cut.frames = true;
            return;
        }
        let known = frames.iter().filter_map(|index| self.dump.frames.get(*index));
        let count = known.clone().count();
        let taken = count.min(self.frames);
        for frame in known.take(taken) {
            let locals = if frame.locals.len() <= self.variables { frame.locals.as_slice() } else { &[] };
            self.found.cut.variables |= locals.len() < frame.locals.len();
            self.variables -= locals.len();
            self.found.activations.push(Activation { code: Code::Frame(frame), locals, outermost: false });
        }
        // A note takes the place of a frame.
        self.frames = self.frames.saturating_sub(taken.max(1));
        self.found.cut.frames |= taken < count;
        let note = match (count - taken, taken) {
            (0, 0) => Some("<no frames>".to_owned()),
            (0, _) => None,
            (left, _) => Some(format!("<{left} more frames: the limit is {}, --max-frames>", self.most)),
        };
        let note = note.map(|note| Activation { code: Code::Note(note), locals: &[], outermost: false });
        self.found.activations.extend(note);
        if let Some(last) = self.found.activations.last_mut() {
            last.outermost = true;
        }
        let activations = start..self.found.activations.len();
        self.found.stacks.push(Stack { name: clean(name), thread, activations });
    }
}

/// The exceptions that have a stack of their own, each once, with what they are to the one before: nearest first. That of
/// the crash is the crashed thread's, where there is one.
fn origins(dump: &Dump) -> Vec<(&'static str, usize)> {
    let mut seen = vec![false; dump.exceptions.len()];
    let mut found = Vec::new();
    let mut next = VecDeque::from([("crash", 0)]);
    let crash_is_shown = dump.threads.iter().any(|thread| thread.crashed && !thread.frames.is_empty());
    while let Some((relation, index)) = next.pop_front() {
        let (Some(raised), Some(mark)) = (dump.exceptions.get(index), seen.get_mut(index)) else { continue };
        if std::mem::replace(mark, true) {
            continue;
        }
        if index != 0 || !crash_is_shown {
            found.push((relation, index));
        }
        next.extend(raised.group.iter().map(|&member| ("member", member)));
        next.extend(raised.cause.map(|cause| ("cause", cause)));
        next.extend(raised.context.map(|context| ("context", context)));
    }
    found
}
