//! Which thread and which frame a question means.

use crashsite_model::{Dump, Frame, Thread};

use crate::stacks;

/// No such thread or frame.
#[derive(Debug, Clone)]
pub struct NoSuch {
    /// What is not there.
    pub message: String,
    /// What there is.
    pub remedy: String,
}

/// A stack: that of a thread, or one of an exception; or what stands where there are none.
#[derive(Debug, Clone, Copy)]
pub struct StackRef<'a> {
    /// Its position, from 0: those of the threads come first, in their order, and then those of exceptions ([`stacks`]).
    pub position: usize,
    /// What it is of: `thread`, or as [`Thread::kind`] has it; `exception`; `file`, whose frame is in no stack.
    pub kind: &'a str,
    /// The thread; `None` where it is not one's.
    pub thread: Option<&'a Thread>,
    /// The thread's name, the exception's class, or what the file is.
    pub name: Option<&'a str>,
    /// Its frames, by their index in the dump, innermost first.
    pub frames: &'a [usize],
}

impl<'a> StackRef<'a> {
    /// That of the thread in this position.
    pub fn of_thread(dump: &'a Dump, position: usize) -> Option<StackRef<'a>> {
        let thread = dump.threads.get(position)?;
        let (kind, name) = (thread.kind.name(), thread.name.as_deref());
        Some(StackRef { position, kind, thread: Some(thread), name, frames: &thread.frames })
    }

    /// A frame of it, 0 the innermost.
    ///
    /// # Errors
    /// Where it has no such frame.
    pub fn frame(self, dump: &'a Dump, number: usize) -> Result<Place<'a>, NoSuch> {
        match self.frames.get(number).and_then(|index| dump.frames.get(*index)) {
            Some(frame) => Ok(Place { stack: self, number, frame }),
            None => Err(NoSuch {
                message: format!("no frame {number}"),
                remedy: match self.frames.len() {
                    0 => "The thread has no frames.".to_owned(),
                    count => format!("The thread has frames 0 to {}; 0 is the innermost.", count - 1),
                },
            }),
        }
    }
}

/// Where a question is asked: a frame of a stack.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The stack.
    pub stack: StackRef<'a>,
    /// The frame's number, 0 the innermost.
    pub number: usize,
    /// The frame.
    pub frame: &'a Frame,
}

/// The place that a thread's name ([`find`]) and a frame's number mean.
///
/// # Errors
/// Where there is no such thread or frame.
pub fn place<'a>(dump: &'a Dump, text: Option<&str>, number: usize) -> Result<Place<'a>, NoSuch> {
    find(dump, text)?.frame(dump, number)
}

/// The stack that a text names: its position from 1, `id:…`, or its name; that of an exception by its position, or as
/// debuggers show it, `cause: KeyError`. Without a text, the first.
///
/// # Errors
/// Where there is no such one.
pub fn find<'a>(dump: &'a Dump, text: Option<&str>) -> Result<StackRef<'a>, NoSuch> {
    let stacks = stacks::answer(dump);
    let found = match text {
        None => Some(0),
        Some(text) => match text.strip_prefix("id:") {
            Some(id) => {
                let id =
                    id.strip_prefix("0x").map_or_else(|| id.parse().ok(), |hex| i128::from_str_radix(hex, 16).ok());
                dump.threads.iter().position(|thread| id.is_some() && thread.id == id)
            }
            None => match text.parse::<usize>() {
                Ok(position) => position.checked_sub(1),
                Err(_) => {
                    let thread = dump.threads.iter().position(|thread| thread.name.as_deref() == Some(text));
                    thread.or_else(|| stacks.iter().position(|stack| stack.name == text))
                }
            },
        },
    };
    let known = stacks.iter().filter(|stack| !stack.of.frames.is_empty() || stack.of.thread.is_some());
    if let Some(stack) = known.clone().find(|stack| Some(stack.of.position) == found) {
        return Ok(stack.of);
    }
    Err(match known.count() {
        0 => NoSuch {
            message: "the dump has no threads".to_owned(),
            remedy: "It was taken without them, or the beginning of the file is damaged: see `crashsite info`."
                .to_owned(),
        },
        count => NoSuch {
            message: format!("no thread {}", text.unwrap_or_default()),
            remedy: format!(
                "There are threads 1 to {count}: `crashsite threads` shows them. A thread is named by its position, its name, or id:N."
            ),
        },
    })
}
