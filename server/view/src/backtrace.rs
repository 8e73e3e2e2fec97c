//! The stacks: `bt`, and what every front end shows first.
//!
//! Everything here comes from the summary; the heap is not read.

use std::sync::Arc;

use crashsite_model::{Dump, Frame, Local, Problem};
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::exception;
use crate::relations::{Relations, Relatives};
use crate::source::Lines;
use crate::thread::StackRef;
use crate::time;
use crate::value::Value;

/// How deep exceptions nest in one answer; a problem says where there are more.
pub const DEEPEST_CHAIN: usize = 100;

/// The answer to `bt`.
#[derive(Debug, Clone, Serialize)]
pub struct Backtrace {
    /// Version of the answer.
    pub schema: u32,
    /// The dump itself.
    pub dump: About,
    /// The exception, with what it came from.
    pub exception: Option<Exception>,
    /// The crashed (or current) thread first.
    pub threads: Vec<Thread>,
}

/// What is said of the dump beside the stacks.
#[derive(Debug, Clone, Serialize)]
pub struct About {
    /// `crashsite-3`.
    pub format: &'static str,
    /// Version of the interpreter.
    pub python: Option<Arc<str>>,
    /// Process id.
    pub pid: Option<i64>,
    /// Which process it is, and from which it comes, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<Lineage>,
    /// When the capture began, ISO 8601, UTC.
    pub time: Option<String>,
    /// Whether the closing part is there.
    pub complete: bool,
    /// What could not be captured or read.
    pub problems: Vec<At>,
}

/// By what the dumps of parents and children are known to belong together.
#[derive(Debug, Clone, Serialize)]
pub struct Lineage {
    /// At random; no other process has it.
    pub identity: Option<Arc<str>>,
    /// What multiprocessing calls the process.
    pub name: Option<Arc<str>>,
    /// The processes that it comes from, its parent first.
    pub ancestors: Vec<Ancestor>,
}

/// A process that another comes from.
#[derive(Debug, Clone, Serialize)]
pub struct Ancestor {
    /// Process id.
    pub pid: Option<i64>,
    /// Its identity, where that is known.
    pub identity: Option<Arc<str>>,
}

/// The dump that an exception has already.
#[derive(Debug, Clone, Serialize)]
pub struct Dumped {
    /// The identity of the process that wrote it.
    pub process: Option<Arc<str>>,
    /// The name of the file, without its folder.
    pub file: Arc<str>,
}

/// A problem and its place.
#[derive(Debug, Clone, Serialize)]
pub struct At {
    /// Byte of the file; `None` for what the capture reported.
    pub offset: Option<u64>,
    /// What, in one line.
    pub message: String,
}

impl From<&Problem> for At {
    fn from(problem: &Problem) -> Self {
        At { offset: problem.offset, message: problem.message.clone() }
    }
}

/// An exception in a chain.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Exception {
    /// One that is shown here.
    Shown(Box<Shown>),
    /// One that the chain has come back to.
    Seen {
        /// Always true.
        seen: bool,
    },
}

/// An exception with all that is known of it.
#[derive(Debug, Clone, Serialize)]
pub struct Shown {
    /// The class's own name.
    #[serde(rename = "type")]
    pub type_name: Arc<str>,
    /// Where the class lives.
    pub module: Arc<str>,
    /// The class's qualified name.
    pub qualname: Arc<str>,
    /// What `str()` gives; the exception's preview where that would have run the program's code.
    pub message: Arc<str>,
    /// `__cause__`.
    pub cause: Option<Exception>,
    /// `__context__`.
    pub context: Option<Exception>,
    /// `__suppress_context__`.
    pub suppress_context: bool,
    /// Members of a group.
    pub group: Vec<Exception>,
    /// `__notes__`.
    pub notes: Vec<Arc<str>>,
    /// Its own frames, where it is not the crash itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<Vec<StackFrame>>,
    /// The dump that it has already, of another process or an earlier one of this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dumped: Option<Dumped>,
}

/// A thread with its frames.
#[derive(Debug, Clone, Serialize)]
pub struct Thread {
    /// Its identifier in the process.
    #[serde(serialize_with = "integer")]
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
    /// What it waits for, where that is known.
    pub wait_for: Option<Arc<str>>,
    /// What a task, greenlet or generator is and to whom it belongs.
    #[serde(flatten)]
    pub relatives: Relatives,
    /// Innermost first.
    pub frames: Vec<StackFrame>,
}

/// A frame.
#[derive(Debug, Clone, Serialize)]
pub struct StackFrame {
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
    /// First character of the running expression, from 1.
    pub column: Option<u64>,
    /// Line where it ends.
    pub end_line: Option<u64>,
    /// One past its last character, from 1.
    pub end_column: Option<u64>,
    /// Whether the file belongs to the standard library or to an installed package.
    pub library: bool,
    /// The locals, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locals: Option<Vec<Variable>>,
}

/// A local variable.
#[derive(Debug, Clone, Serialize)]
pub struct Variable {
    /// Its name.
    pub name: Arc<str>,
    /// `arg`, `local`, `cell`, `free`.
    pub scope: &'static str,
    /// What it held.
    #[serde(flatten)]
    pub value: Value,
}

pub(crate) fn integer<S: serde::Serializer>(id: &Option<i128>, serializer: S) -> Result<S::Ok, S::Error> {
    match id {
        Some(id) => match (i64::try_from(*id), u64::try_from(*id)) {
            (Ok(id), _) => serializer.serialize_i64(id),
            (_, Ok(id)) => serializer.serialize_u64(id),
            _ => serializer.serialize_none(),
        },
        None => serializer.serialize_none(),
    }
}

/// What to put into the answer.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The locals of all frames.
    pub locals: bool,
    /// Threads at most; what is beyond is told among the problems, unless only the first was wanted.
    pub threads: usize,
    /// Frames of all of them at most; what is beyond is told among the problems.
    pub frames: usize,
    /// Only this one.
    pub stack: Option<StackRef<'a>>,
}

/// The stacks of a dump.
pub fn answer(dump: &Dump, options: Options<'_>) -> Backtrace {
    let mut lines = Lines::new(dump);
    let mut chain = Chain { dump, lines: &mut lines, seen: FxHashSet::default(), deeper: false };
    let exception = (!dump.exceptions.is_empty()).then(|| chain.exception(0, 0)).flatten();
    let deeper = chain.deeper;
    let threads = || (0..options.threads).map_while(|position| StackRef::of_thread(dump, position));
    let stacks = options.stack.map_or_else(|| threads().collect(), |stack| vec![stack]);
    let relations = Relations::of(dump);
    let (mut room, mut cut) = (options.frames, 0);
    let mut of_stack = |indexes: &[usize]| {
        let shown = indexes.get(..room).unwrap_or(indexes);
        room -= shown.len();
        cut += indexes.len() - shown.len();
        frames(dump, &mut lines, shown, options.locals)
    };
    let threads = stacks.into_iter().map(|stack| Thread {
        id: stack.thread.and_then(|thread| thread.id),
        name: stack.name.map(Arc::from),
        kind: stack.kind.to_owned(),
        crashed: stack.thread.is_some_and(|thread| thread.crashed),
        current: stack.thread.is_some_and(|thread| thread.current),
        main: stack.thread.is_some_and(|thread| thread.main),
        wait_for: stack.thread.and_then(|thread| thread.wait_for.clone()),
        relatives: stack.thread.map(|_| relations.relatives(stack.position)).unwrap_or_default(),
        frames: of_stack(stack.frames),
    });
    let threads = threads.collect();
    let mut problems: Vec<At> = dump.problems.iter().map(At::from).collect();
    if deeper {
        let message = format!("exceptions that nest deeper than {DEEPEST_CHAIN} are left out of this answer");
        problems.push(At { offset: None, message });
    }
    if cut > 0 {
        let message = format!("{cut} frames more are left out of this answer: `crashsite bt --all` has them");
        problems.push(At { offset: None, message });
    }
    let left_out = dump.threads.len().saturating_sub(options.threads);
    if left_out > 0 && options.threads > 1 {
        let message = format!("{left_out} threads more are left out of this answer: `crashsite threads` has them");
        problems.push(At { offset: None, message });
    }
    Backtrace {
        schema: crate::SCHEMA,
        dump: About {
            format: dump.format,
            python: dump.process.python.version.clone(),
            pid: dump.process.pid,
            process: lineage(dump),
            time: dump.process.time.and_then(time::iso8601),
            complete: dump.complete,
            problems,
        },
        exception,
        threads,
    }
}

pub(crate) fn lineage(dump: &Dump) -> Option<Lineage> {
    let lineage = &dump.process.lineage;
    let ancestors = lineage.ancestors.iter();
    (lineage.identity.is_some() || !lineage.ancestors.is_empty()).then(|| Lineage {
        identity: lineage.identity.clone(),
        name: lineage.name.clone(),
        ancestors: ancestors.map(|one| Ancestor { pid: one.pid, identity: one.identity.clone() }).collect(),
    })
}

struct Chain<'a, 'b> {
    dump: &'a Dump,
    lines: &'b mut Lines<'a>,
    seen: FxHashSet<usize>,
    deeper: bool,
}

impl Chain<'_, '_> {
    /// The exception of an index; at most [`DEEPEST_CHAIN`] calls deep.
    fn exception(&mut self, index: usize, depth: usize) -> Option<Exception> {
        let raised = self.dump.exceptions.get(index)?;
        if depth >= DEEPEST_CHAIN {
            self.deeper = true;
            return None;
        }
        if !self.seen.insert(index) {
            return Some(Exception::Seen { seen: true });
        }
        let mut follow = |to: Option<usize>| to.and_then(|to| self.exception(to, depth + 1));
        let (cause, context) = (follow(raised.cause), follow(raised.context));
        let group = raised.group.iter().filter_map(|member| follow(Some(*member))).collect();
        Some(Exception::Shown(Box::new(Shown {
            type_name: raised.type_name.clone(),
            module: raised.module.clone(),
            qualname: raised.qualname.clone(),
            message: exception::message(self.dump, raised),
            cause,
            context,
            suppress_context: raised.suppress_context,
            group,
            notes: raised.notes.clone(),
            frames: (index != 0).then(|| frames(self.dump, self.lines, &raised.frames, false)),
            dumped: raised.dumped.as_ref().map(|one| Dumped { process: one.process.clone(), file: one.file.clone() }),
        })))
    }
}

fn frames<'a>(dump: &'a Dump, lines: &mut Lines<'a>, indexes: &[usize], locals: bool) -> Vec<StackFrame> {
    indexes
        .iter()
        .enumerate()
        .filter_map(|(index, number)| Some((index, dump.frames.get(*number)?)))
        .map(|(index, frame)| stack_frame(dump, lines, index, frame, locals))
        .collect()
}

pub(crate) fn stack_frame<'a>(
    dump: &'a Dump,
    lines: &mut Lines<'a>,
    index: usize,
    frame: &Frame,
    locals: bool,
) -> StackFrame {
    StackFrame {
        index,
        function: frame.function.clone(),
        qualname: frame.qualname.clone(),
        file: frame.file.clone(),
        line: frame.line,
        column: lines.column(&frame.file, frame.line, frame.column),
        end_line: frame.end_line,
        end_column: lines.column(&frame.file, frame.end_line, frame.end_column),
        library: frame.library,
        locals: locals.then(|| frame.locals.iter().map(|local| variable(dump, local)).collect()),
    }
}

/// A local variable as an answer shows it.
pub fn variable(dump: &Dump, local: &Local) -> Variable {
    Variable { name: local.name.clone(), scope: local.scope.name(), value: Value::of_local(dump, local) }
}
