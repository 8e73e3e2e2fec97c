//! The stacks that a debugger shows as threads: those of the dump's threads, tasks and generators, and those of the exceptions
//! from which the crash came.

use crashsite_model::{Dump, ThreadKind};

use crate::exception::{Origin, class_name, origins};
use crate::thread::StackRef;

/// A stack, and what it is called.
#[derive(Debug, Clone)]
pub struct Stack<'a> {
    /// What it is, as the dump has it: `MainThread: ZeroDivisionError`, `task fetch-7`, `cause: KeyError`.
    pub name: String,
    /// The exception that was raised there.
    pub raised: Option<Origin>,
    /// Itself.
    pub of: StackRef<'a>,
}

/// All stacks of a dump: first those of its threads, in their order, of which the first is the crashed one. There is always
/// one: that of what the file holds, where it has no others. The exception of the crash has the crashed thread's, where there is one.
pub fn answer(dump: &Dump) -> Vec<Stack<'_>> {
    let origins = origins(dump);
    let crash = origins.first().cloned();
    let mut stacks = Vec::new();
    for (thread, of) in dump.threads.iter().zip((0..).map_while(|position| StackRef::of_thread(dump, position))) {
        let name = thread.name.as_deref().unwrap_or("unnamed");
        let name = match &thread.kind {
            ThreadKind::Thread => name.to_owned(),
            other => format!("{} {name}", other.name()),
        };
        let raised = dump.exceptions.first().filter(|_| thread.crashed);
        let name = raised.map_or(name.clone(), |raised| format!("{name}: {}", class_name(raised)));
        let raised = raised.and(crash.clone());
        stacks.push(Stack { name, raised, of });
    }
    let crash_is_shown = dump.threads.iter().any(|thread| thread.crashed && !thread.frames.is_empty());
    for origin in origins {
        let Some(raised) = dump.exceptions.get(origin.index).filter(|raised| !raised.frames.is_empty()) else {
            continue;
        };
        if origin.index != 0 || !crash_is_shown {
            let name = format!("{}: {}", origin.relation, class_name(raised));
            let (position, class) = (stacks.len(), class_name(raised));
            let of = StackRef { position, kind: "exception", thread: None, name: Some(class), frames: &raised.frames };
            stacks.push(Stack { name, raised: Some(origin), of });
        }
    }
    if stacks.is_empty() {
        let name = dump.outside_frame().map(|frame| &*frame.function);
        let of = StackRef { position: 0, kind: "file", thread: None, name, frames: dump.outside.as_slice() };
        let raised = crash.filter(|_| dump.outside.is_some());
        stacks.push(Stack { name: name.unwrap_or("no threads in the dump").to_owned(), raised, of });
    }
    stacks
}
