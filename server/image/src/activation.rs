//! The stacks that a debugger sees as threads: those of the dump's threads, tasks and generators, and those of the exceptions
//! from which the crash came.

use std::ops::Range;

use crashsite_model::{Dump, Frame, Local};
use crashsite_view::stacks;

use crate::Limits;
use crate::name::clean;

/// A stack. Its position is that of `crashsite_view::stacks`.
#[derive(Debug, Clone)]
pub struct Stack {
    /// What it is: `MainThread: ZeroDivisionError`, `task fetch-7`, `cause: KeyError`.
    pub name: String,
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
        for stack in stacks::answer(dump) {
            stacking.push(&stack.name, stack.of.frames);
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
    fn push(&mut self, name: &str, frames: &[usize]) {
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
        self.found.stacks.push(Stack { name: clean(name), activations });
    }
}
