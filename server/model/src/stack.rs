//! Exceptions, threads, frames and their locals, as the summary tells them.

use std::sync::Arc;

use crate::heap::Kind;

/// One exception. Others are named by their index in [`crate::Dump::exceptions`].
#[derive(Debug, Clone, Default)]
pub struct Exception {
    /// Its number in the heap.
    pub object: Option<u32>,
    /// The class's own name.
    pub type_name: Arc<str>,
    /// Where the class lives.
    pub module: Arc<str>,
    /// The class's qualified name.
    pub qualname: Arc<str>,
    /// What `str(exception)` gives; `None` where that would have run the program's code.
    pub message: Option<Arc<str>>,
    /// The exception as its `repr`, shortened; `None` where the format has none and the heap has to tell.
    pub preview: Option<Arc<str>>,
    /// `__cause__`.
    pub cause: Option<usize>,
    /// `__context__`.
    pub context: Option<usize>,
    /// `__suppress_context__`.
    pub suppress_context: bool,
    /// Members of an exception group.
    pub group: Vec<usize>,
    /// `__notes__`.
    pub notes: Vec<Arc<str>>,
    /// Its own traceback, innermost first: indexes into [`crate::Dump::frames`].
    pub frames: Vec<usize>,
    /// The dump that it has already: where it was raised, in another process, or where it was met before.
    pub dumped: Option<Dumped>,
}

/// A dump of an exception.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dumped {
    /// The identity of the process that wrote it.
    pub process: Option<Arc<str>>,
    /// The name of the file, without its folder.
    pub file: Arc<str>,
}

/// What runs the frames of a [`Thread`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ThreadKind {
    /// A thread of the operating system.
    #[default]
    Thread,
    /// Something else with a stack of its own, by its name: `task`, `greenlet`, `generator`, `tasklet`.
    Other(Arc<str>),
}

impl ThreadKind {
    /// As the file names it.
    pub fn name(&self) -> &str {
        match self {
            ThreadKind::Thread => "thread",
            ThreadKind::Other(name) => name,
        }
    }
}

/// A thread, and its frames; or a task, greenlet or generator, and its own. Others are named by their index in
/// [`crate::Dump::threads`].
#[derive(Debug, Clone, Default)]
pub struct Thread {
    /// `threading.get_ident()` of it; `id()` of a task, greenlet or generator.
    pub id: Option<i128>,
    /// Its name.
    pub name: Option<Arc<str>>,
    /// The operating system's id.
    pub native_id: Option<i64>,
    /// What it is.
    pub kind: ThreadKind,
    /// Whether it is a daemon thread.
    pub daemon: bool,
    /// Whether the exception was raised in it.
    pub crashed: bool,
    /// Whether it took the dump.
    pub current: bool,
    /// Whether it is the main thread.
    pub main: bool,
    /// Innermost first: indexes into [`crate::Dump::frames`].
    pub frames: Vec<usize>,
    /// Number in the heap of the task, greenlet or generator.
    pub object: Option<u32>,
    /// Of what is no thread: `running`, `pending`, `failed`, `cancelled`, `suspended`.
    pub state: Option<Arc<str>>,
    /// What runs it: `asyncio`, `trio`, …
    pub runner: Option<Arc<str>>,
    /// The thread that it belongs to.
    pub thread: Option<usize>,
    /// What has started it.
    pub parent: Option<usize>,
    /// Those that have to end before it goes on.
    pub awaits: Vec<usize>,
    /// The exception that has ended it, as its `repr`, shortened.
    pub raised: Option<Arc<str>>,
    /// What holds a generator: `rows in load`.
    pub held: Option<Arc<str>>,
    /// What it waits for.
    pub wait_for: Option<Arc<str>>,
}

/// A frame.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The function's name.
    pub function: Arc<str>,
    /// The function's qualified name, where it is known.
    pub qualname: Option<Arc<str>>,
    /// `co_filename`.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: Option<u64>,
    /// Line where the expression that was running ends.
    pub end_line: Option<u64>,
    /// Where it begins: UTF-8 bytes from 0 in its line.
    pub column: Option<u64>,
    /// Where it ends: UTF-8 bytes from 0 in its last line, exclusive.
    pub end_column: Option<u64>,
    /// First line of the function.
    pub firstlineno: Option<u64>,
    /// `__name__` of its globals.
    pub module: Option<Arc<str>>,
    /// Whether its file is of the standard library or of an installed package.
    pub library: bool,
    /// Number of its globals dictionary.
    pub globals: Option<u32>,
    /// Its locals, in the order of `f_locals`.
    pub locals: Vec<Local>,
    /// Why there are no locals, where they could not be read.
    pub locals_note: Option<Arc<str>>,
}

/// What binds the name of a [`Local`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// An argument.
    Arg,
    /// A local variable.
    Local,
    /// A local variable that inner functions use.
    Cell,
    /// A variable of an outer function.
    Free,
}

impl Scope {
    /// As the file names it.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Arg => "arg",
            Scope::Local => "local",
            Scope::Cell => "cell",
            Scope::Free => "free",
        }
    }
}

/// A local variable with a preview of its value: enough to print a stack without the heap.
#[derive(Debug, Clone)]
pub struct Local {
    /// The variable's name.
    pub name: Arc<str>,
    /// What binds it.
    pub scope: Scope,
    /// The value's number in the heap.
    pub object: Option<u32>,
    /// The value's class: its own name.
    pub type_name: Arc<str>,
    /// The module of the value's class.
    pub module: Arc<str>,
    /// What the value is.
    pub kind: Kind,
    /// Shallow size in bytes.
    pub size: Option<u64>,
    /// `id()` of the value.
    pub address: Option<u64>,
    /// The `repr`, shortened; `None` where the format has none and the heap has to tell.
    pub preview: Option<Arc<str>>,
    /// Whether the capture cut it.
    pub cut: bool,
    /// Whether the capture left something of it out, by a rule.
    pub redacted: bool,
    /// Its true length where it was cut, in characters, bytes or elements.
    pub full_length: Option<u64>,
    /// Attributes and elements one level below.
    pub children_count: u64,
}
