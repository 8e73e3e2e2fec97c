//! `threads`: one line for each.

use std::sync::Arc;

use crashsite_model::{Dump, Thread};
use serde::Serialize;

use crate::exception;
use crate::relations::{Relations, Relatives};
use crate::stacks::{self, Stack};
use crate::thread::StackRef;

/// The answer to `threads`.
#[derive(Debug, Clone, Serialize)]
pub struct Threads {
    /// Version of the answer.
    pub schema: u32,
    /// The crashed (or current) one first.
    pub threads: Vec<Line>,
    /// The exceptions from which the crash came, and that have frames: `--thread` takes their positions as well.
    pub exceptions: Vec<Raised>,
}

/// An exception's stack, without its frames.
#[derive(Debug, Clone, Serialize)]
pub struct Raised {
    /// Its position, after those of the threads.
    pub position: usize,
    /// What it is to the one before, and its class: `cause: KeyError`.
    pub name: String,
    /// How many frames it has.
    pub frame_count: usize,
    /// The innermost frame that is not of a library.
    pub own: Option<Place>,
}

/// A thread, without its frames.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Its position, from 1: `--thread` takes it.
    pub position: usize,
    /// Its identifier in the process.
    #[serde(serialize_with = "crate::backtrace::integer")]
    pub id: Option<i128>,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// `thread`, `task`, …
    pub kind: String,
    /// Whether the exception was raised in it.
    pub crashed: bool,
    /// Whether it took the dump.
    pub current: bool,
    /// Whether it is the main thread.
    pub main: bool,
    /// Whether it is a daemon thread.
    pub daemon: bool,
    /// What it waits for, where that is known.
    pub wait_for: Option<Arc<str>>,
    /// What a task, greenlet or generator is and to whom it belongs.
    #[serde(flatten)]
    pub relatives: Relatives,
    /// How many frames it has.
    pub frame_count: usize,
    /// The innermost frame that is not of a library.
    pub own: Option<Place>,
    /// The class of the exception that was raised in it.
    pub exception: Option<Arc<str>>,
}

/// Where a frame is.
#[derive(Debug, Clone, Serialize)]
pub struct Place {
    /// Its number, 0 the innermost.
    pub index: usize,
    /// The function's name.
    pub function: Arc<str>,
    /// The function's qualified name.
    pub qualname: Option<Arc<str>>,
    /// `co_filename`.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: Option<u64>,
}

/// The threads of a dump, and the exceptions from which the crash came.
pub fn answer(dump: &Dump) -> Threads {
    let relations = Relations::of(dump);
    let (mut threads, mut exceptions) = (Vec::new(), Vec::new());
    for Stack { name, of, .. } in stacks::answer(dump) {
        match of.thread {
            Some(thread) => threads.push(line(&relations, dump, of, thread)),
            None if of.kind != "exception" => {}
            None => exceptions.push(Raised {
                position: of.position + 1,
                name,
                frame_count: of.frames.len(),
                own: own(dump, of.frames),
            }),
        }
    }
    Threads { schema: crate::SCHEMA, threads, exceptions }
}

fn line(relations: &Relations<'_>, dump: &Dump, of: StackRef<'_>, thread: &Thread) -> Line {
    let exception = dump.exceptions.first().filter(|_| thread.crashed);
    Line {
        position: of.position + 1,
        id: thread.id,
        name: thread.name.clone(),
        kind: thread.kind.name().to_owned(),
        crashed: thread.crashed,
        current: thread.current,
        main: thread.main,
        daemon: thread.daemon,
        wait_for: thread.wait_for.clone(),
        relatives: relations.relatives(of.position),
        frame_count: thread.frames.len(),
        own: own(dump, of.frames),
        exception: exception.map(|raised| Arc::from(exception::class_name(raised))),
    }
}

fn own(dump: &Dump, frames: &[usize]) -> Option<Place> {
    let mut frames = frames.iter().enumerate().filter_map(|(number, index)| Some((number, dump.frames.get(*index)?)));
    frames.find(|(_, frame)| !frame.library).map(|(index, frame)| Place {
        index,
        function: frame.function.clone(),
        qualname: frame.qualname.clone(),
        file: frame.file.clone(),
        line: frame.line,
    })
}
