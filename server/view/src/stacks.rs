//! The stacks that a debugger shows as threads: those of the dump's threads, tasks and generators, and those of the exceptions
//! from which the crash came.

use std::borrow::Cow;

use crashsite_model::{Dump, Thread, ThreadKind};

use crate::exception::{Origin, class_name, origins};
use crate::thread::{NoSuch, Place};

/// A stack.
#[derive(Debug, Clone)]
pub struct Stack<'a> {
    /// What it is, as the dump has it: `MainThread: ZeroDivisionError`, `task fetch-7`, `cause: KeyError`.
    pub name: String,
    /// Its position among the threads of the dump, from 0; `None` for that of an exception.
    pub position: Option<usize>,
    /// The exception that was raised there.
    pub raised: Option<Origin>,
    /// What runs its frames; of an exception nothing but the frames is known.
    pub thread: Cow<'a, Thread>,
}

impl Stack<'_> {
    /// A frame of it, 0 the innermost, as a place for questions.
    ///
    /// # Errors
    /// Where it has no such frame.
    pub fn place<'a>(&'a self, dump: &'a Dump, number: usize) -> Result<Place<'a>, NoSuch> {
        Place::new(dump, self.position.unwrap_or(usize::MAX), &self.thread, number)
    }
}

/// All stacks of a dump: first those of its threads, in their order, of which the first is the crashed one. There is always
/// one. The exception of the crash has the crashed thread's, where there is one.
pub fn answer(dump: &Dump) -> Vec<Stack<'_>> {
    let origins = origins(dump);
    let mut stacks = Vec::new();
    for (position, thread) in dump.threads.iter().enumerate() {
        let name = thread.name.as_deref().unwrap_or("unnamed");
        let name = match &thread.kind {
            ThreadKind::Thread => name.to_owned(),
            other => format!("{} {name}", other.name()),
        };
        let raised = dump.exceptions.first().filter(|_| thread.crashed);
        let name = raised.map_or(name.clone(), |raised| format!("{name}: {}", class_name(raised)));
        let raised = raised.and_then(|_| origins.first().cloned());
        stacks.push(Stack { name, position: Some(position), raised, thread: Cow::Borrowed(thread) });
    }
    let crash_is_shown = dump.threads.iter().any(|thread| thread.crashed && !thread.frames.is_empty());
    for origin in origins {
        let Some(raised) = dump.exceptions.get(origin.index).filter(|raised| !raised.frames.is_empty()) else {
            continue;
        };
        if origin.index != 0 || !crash_is_shown {
            let name = format!("{}: {}", origin.relation, class_name(raised));
            let thread = Cow::Owned(of_frames(raised.frames.clone()));
            stacks.push(Stack { name, position: None, raised: Some(origin), thread });
        }
    }
    if stacks.is_empty() {
        let (name, thread) = ("no threads in the dump".to_owned(), Cow::Owned(of_frames(Vec::new())));
        stacks.push(Stack { name, position: None, raised: None, thread });
    }
    stacks
}

fn of_frames(frames: Vec<usize>) -> Thread {
    let kind = ThreadKind::Thread;
    Thread {
        id: None,
        name: None,
        native_id: None,
        kind,
        daemon: false,
        crashed: false,
        current: false,
        main: false,
        frames,
    }
}
