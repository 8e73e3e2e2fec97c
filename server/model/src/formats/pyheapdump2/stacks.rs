//! Threads, tasklets and the traceback, from the stand-ins for frames.

use std::sync::Arc;

use crashsite_parse::{NodeId, View};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Top;
use crate::formats::pickled::{Graph, NOTHING, Ref};
use crate::heap::{Heap, Kind};
use crate::problem::Problems;
use crate::{Exception, Frame, Local, Process, Scope, Thread, ThreadKind};

/// Frames that all stacks together may refer to: the same frames may stand in many of them.
const MOST: usize = 1_000_000;

/// What the stacks are made into.
pub(super) struct Stacks {
    pub(super) exceptions: Vec<Exception>,
    pub(super) threads: Vec<Thread>,
    pub(super) frames: Vec<Frame>,
}

struct Reader<'a, 'p> {
    graph: &'a mut Graph<'p>,
    frames: Vec<Frame>,
    /// Frames made so far: of which node, at which line.
    known: FxHashMap<(NodeId, Option<u64>), usize>,
    left: usize,
}

/// Reads the stacks and gives their values numbers, the innermost frame of the crashed thread first.
pub(super) fn read(top: &Top<'_>, graph: &mut Graph<'_>, process: &Process, problems: &mut Problems) -> Stacks {
    let mut reader = Reader { graph, frames: Vec::new(), known: FxHashMap::default(), left: MOST };
    let traceback = top.get("traceback");
    let crash = traceback.map(|traceback| reader.traceback(traceback)).unwrap_or_default();
    let mut exceptions = Vec::new();
    if let Some(value) = top.get("exception").or_else(|| top.get("exception_class")) {
        exceptions.push(Exception {
            object: Some(reader.graph.number(value)),
            frames: crash.clone(),
            ..Exception::default()
        });
    }
    let names = thread_names(top);
    let stacks = reader.all(top, process, crash, &names);
    if reader.left == 0 {
        problems.push(crate::Problem::captured(format!("more than {MOST} frames in all stacks: the rest is left out")));
    }
    Stacks { exceptions, threads: stacks, frames: reader.frames }
}

impl Reader<'_, '_> {
    fn all(
        &mut self,
        top: &Top<'_>,
        process: &Process,
        crash: Vec<usize>,
        names: &FxHashMap<i128, Arc<str>>,
    ) -> Vec<Thread> {
        let mut threads = Vec::new();
        let mut crash = Some(crash).filter(|frames| !frames.is_empty());
        for (id, frame, kind, name) in stacks_of(top, self.graph) {
            let current = kind == ThreadKind::Thread && id == process.current_thread_id;
            let frames = match crash.take_if(|_| current) {
                Some(frames) => frames,
                None => self.stack(frame, true),
            };
            threads.push(Thread {
                name: name.or_else(|| id.and_then(|id| names.get(&id).cloned())),
                main: kind == ThreadKind::Thread && id.is_some() && id == process.main_thread_id,
                crashed: current && process.crashed_thread_id.is_some(),
                current,
                ..thread(id, kind, frames)
            });
        }
        // The dump was taken without threads, or not of the one that failed.
        if let Some(frames) = crash {
            let id = process.current_thread_id;
            threads.push(Thread {
                name: id.and_then(|id| names.get(&id).cloned()),
                main: id.is_some() && id == process.main_thread_id,
                crashed: true,
                current: true,
                ..thread(id, ThreadKind::Thread, frames)
            });
        }
        for thread in threads.iter_mut().filter(|thread| thread.main && thread.name.is_none()) {
            thread.name = Some("MainThread".into());
        }
        threads.sort_by_key(|thread| (!thread.crashed, !thread.current, !thread.main, thread.id));
        let kind = ThreadKind::Thread;
        let places: FxHashMap<_, usize> = threads
            .iter()
            .enumerate()
            .filter(|(_, one)| one.kind == kind)
            .map(|(place, one)| (one.id, place))
            .collect();
        for tasklet in threads.iter_mut().filter(|one| one.kind != kind) {
            tasklet.thread = places.get(&tasklet.id).copied();
            tasklet.runner = Some("stackless".into());
            tasklet.state = Some("suspended".into());
        }
        threads
    }

    /// The frames of a traceback, innermost first, then the callers of the outermost.
    fn traceback(&mut self, traceback: NodeId) -> Vec<usize> {
        let mut entries = Vec::new();
        let mut seen = FxHashSet::default();
        let mut next = Some(traceback);
        while let Some(entry) = next.filter(|entry| seen.insert(*entry)) {
            let line = self.graph.slot(entry, "tb_lineno").and_then(|line| self.line(line));
            if let Some(frame) = self.graph.slot(entry, "tb_frame").filter(|_| self.left > 0) {
                self.left -= 1;
                entries.push((frame, line));
            }
            next = self.graph.slot(entry, "tb_next");
        }
        let outermost = entries.first().map(|entry| entry.0);
        let mut frames: Vec<usize> = entries.into_iter().rev().map(|(frame, line)| self.frame(frame, line)).collect();
        let caller = outermost.and_then(|frame| self.graph.slot(frame, "f_back"));
        frames.extend(caller.map(|caller| self.stack(caller, false)).unwrap_or_default());
        frames
    }

    /// A frame and its callers. The innermost ones may be those of pyheapdump itself, which are left out.
    fn stack(&mut self, innermost: NodeId, without_dumper: bool) -> Vec<usize> {
        let mut frames: Vec<usize> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut next = Some(innermost);
        while let Some(frame) = next.filter(|frame| seen.insert(*frame) && self.left > 0) {
            if !self.is_frame(frame) {
                break;
            }
            self.left -= 1;
            let line = self.graph.slot(frame, "f_lineno").and_then(|line| self.line(line));
            let dumper = without_dumper && frames.is_empty() && self.is_dumper(frame);
            if !dumper {
                frames.push(self.frame(frame, line));
            }
            next = self.graph.slot(frame, "f_back");
        }
        frames
    }

    fn line(&self, node: NodeId) -> Option<u64> {
        self.graph.pickle.as_int(node).and_then(|line| u64::try_from(line).ok())
    }

    fn is_frame(&self, node: NodeId) -> bool {
        self.graph.slot(node, "f_code").is_some()
    }

    fn is_dumper(&mut self, frame: NodeId) -> bool {
        let code = self.graph.slot(frame, "f_code").and_then(|code| self.graph.code(code));
        code.is_some_and(|code| {
            let file = code.file.replace('\\', "/");
            file.contains("/pyheapdump/_pyheapdump.py") || file.contains("/sPickle/_sPickle.py")
        })
    }

    fn frame(&mut self, node: NodeId, line: Option<u64>) -> usize {
        if let Some(&known) = self.known.get(&(node, line)) {
            return known;
        }
        let code = self.graph.slot(node, "f_code");
        let facts = code.and_then(|code| self.graph.code(code)).unwrap_or_default();
        let (locals, locals_note) = self.locals(node, code);
        let globals = self.graph.slot(node, "f_globals");
        let frame = Frame {
            function: facts.name.as_str().into(),
            library: is_library(&facts.file),
            file: facts.file.into(),
            line,
            firstlineno: Some(u64::from(facts.line)).filter(|line| *line > 0),
            module: globals.and_then(|globals| self.module(globals)),
            globals: globals
                .filter(|globals| self.graph.pickle.is_dict(*globals))
                .map(|globals| self.graph.number(globals)),
            locals,
            locals_note,
            ..Frame::default()
        };
        self.frames.push(frame);
        self.known.insert((node, line), self.frames.len() - 1);
        self.frames.len() - 1
    }

    /// The name of the module whose namespace this is: referred to by its name, or by what it holds.
    fn module(&self, globals: NodeId) -> Option<Arc<str>> {
        let pickle = self.graph.pickle;
        let name = match pickle.node(globals) {
            View::Reduce { args, .. } => {
                // getattr(sys.modules[name], '__dict__')
                let &[module, _] = pickle.as_slice(args)? else { return None };
                let View::Reduce { args, .. } = pickle.node(module) else { return None };
                *pickle.as_slice(args)?.get(1)?
            }
            View::Global { module, .. } => return Some(String::from_utf8_lossy(module).as_ref().into()),
            _ => pickle.get(globals, "__name__")?,
        };
        Some(pickle.as_text(name)?.as_ref().into())
    }

    fn locals(&mut self, frame: NodeId, code: Option<NodeId>) -> (Vec<Local>, Option<Arc<str>>) {
        let Some(node) = self.graph.slot(frame, "f_locals") else { return (Vec::new(), None) };
        if self.graph.resolve(node) == Ref::Lost {
            let why = "are those of its module, of which version 2 keeps the name only";
            return (Vec::new(), Some(why.into()));
        }
        let pickle = self.graph.pickle;
        let scopes = code.map(|code| self.scopes(code)).unwrap_or_default();
        let mut found: Vec<(usize, Local)> = Vec::new();
        for (key, value) in pickle.pairs(node) {
            let Some(name) = pickle.as_text(key) else { continue };
            let (place, scope) = scopes.get(&*name).copied().unwrap_or((usize::MAX, Scope::Local));
            let object = self.graph.number(value);
            found.push((place, local(name.as_ref().into(), scope, object)));
        }
        found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.name.cmp(&b.1.name)));
        (found.into_iter().map(|(_, local)| local).collect(), None)
    }

    /// The names that a code object binds: their order, and how they are bound.
    fn scopes(&mut self, code: NodeId) -> FxHashMap<String, (usize, Scope)> {
        let Some(&[arguments, _, _, flags, _, _, _, names, _, _, _, _, free, cells]) = self.graph.code_arguments(code)
        else {
            return FxHashMap::default();
        };
        const VARARGS: i64 = 4;
        const VARKEYWORDS: i64 = 8;
        let pickle = self.graph.pickle;
        let int = |node| pickle.as_int(node).unwrap_or(0);
        let stars = [VARARGS, VARKEYWORDS].iter().filter(|flag| int(flags) & **flag != 0).count();
        let arguments = usize::try_from(int(arguments)).unwrap_or(0).saturating_add(stars);
        let texts = |node: NodeId| pickle.items(node).take(100_000).filter_map(|name| pickle.as_text(name));
        let mut scopes = FxHashMap::default();
        for (place, name) in texts(names).enumerate() {
            let scope = if place < arguments { Scope::Arg } else { Scope::Local };
            scopes.insert(name.into_owned(), (place, scope));
        }
        let own = scopes.len();
        for (place, name) in texts(cells).enumerate() {
            // An argument that an inner function uses stays an argument.
            scopes.entry(name.into_owned()).or_insert((own + place, Scope::Cell));
        }
        let own = scopes.len();
        for (place, name) in texts(free).enumerate() {
            scopes.entry(name.into_owned()).or_insert((own + place, Scope::Free));
        }
        scopes
    }
}

fn thread(id: Option<i128>, kind: ThreadKind, frames: Vec<usize>) -> Thread {
    Thread { id, kind, frames, ..Thread::default() }
}

fn local(name: Arc<str>, scope: Scope, object: u32) -> Local {
    Local {
        name,
        scope,
        object: Some(object).filter(|object| *object != NOTHING),
        type_name: "".into(),
        module: "".into(),
        kind: Kind::Unknown(0),
        size: None,
        address: None,
        preview: None,
        cut: false,
        redacted: false,
        full_length: None,
        children_count: 0,
    }
}

/// Whether a file belongs to Python or to an installed package, by its path.
fn is_library(file: &str) -> bool {
    let file = file.replace('\\', "/").to_ascii_lowercase();
    ["/site-packages/", "/dist-packages/", "/lib/python2.", "/python27/lib/"].iter().any(|part| file.contains(part))
}

/// Every stack of the dump: thread id, innermost frame, what runs it, its name where it has one of its own.
type Stack = (Option<i128>, NodeId, ThreadKind, Option<Arc<str>>);

/// `thread_frames`: thread id → frame; of Stackless `tasklets`: thread id → (main, current, {id: other}).
fn stacks_of(top: &Top<'_>, graph: &Graph<'_>) -> Vec<Stack> {
    let pickle = top.pickle;
    let mut found: Vec<Stack> = Vec::new();
    if let Some(threads) = top.get("thread_frames") {
        let pairs = pickle.pairs(threads).take(MOST);
        found.extend(pairs.map(|(id, frame)| (pickle.as_i128(id), frame, ThreadKind::Thread, None)));
    }
    let tasklet_kind = || ThreadKind::Other("tasklet".into());
    for (id, value) in top.get("tasklets").into_iter().flat_map(|tasklets| pickle.pairs(tasklets)).take(MOST) {
        let id = pickle.as_i128(id);
        let Some(&[main, current, others]) = pickle.as_slice(value) else { continue };
        let frame = |tasklet: NodeId| graph.slot(tasklet, "frame").filter(|frame| !pickle.is_none(*frame));
        // The tasklet that runs is what its thread does.
        found.extend(frame(current).map(|frame| (id, frame, ThreadKind::Thread, None)));
        if main != current {
            found.extend(frame(main).map(|frame| (id, frame, tasklet_kind(), Some("main tasklet".into()))));
        }
        for (number, (_, other)) in pickle.pairs(others).take(MOST).enumerate() {
            if other != main && other != current {
                let name = format!("tasklet {}", number + 1).into();
                found.extend(frame(other).map(|frame| (id, frame, tasklet_kind(), Some(name))));
            }
        }
    }
    found.truncate(MOST);
    found
}

/// The names of threads, from the `threading.Thread` objects that the pickle happens to have: version 2 keeps no others.
fn thread_names(top: &Top<'_>) -> FxHashMap<i128, Arc<str>> {
    let pickle = top.pickle;
    let mut names = FxHashMap::default();
    for node in pickle.ids() {
        let View::Reduce { .. } = pickle.node(node) else { continue };
        let (mut id, mut name) = (None, None);
        for (key, value) in pickle.pairs(node) {
            match pickle.as_text_bytes(key) {
                Some(b"_Thread__ident") => id = pickle.as_i128(value),
                Some(b"_Thread__name") => name = pickle.as_text(value),
                _ => {}
            }
        }
        if let (Some(id), Some(name)) = (id, name) {
            names.insert(id, name.as_ref().into());
        }
    }
    names
}

impl Stacks {
    /// What only the heap knows: the classes of values and of the exception.
    pub(super) fn fill_in(&mut self, heap: &Heap) {
        for local in self.frames.iter_mut().flat_map(|frame| &mut frame.locals) {
            let Some(object) = local.object.and_then(|number| heap.object(number)) else { continue };
            local.kind = object.kind();
            local.children_count = object.attribute_count() as u64 + heap.contents(&object).len();
            if let Some(class) = object.class() {
                local.type_name = class.name.clone();
                local.module = class.module.clone();
            }
        }
        for exception in &mut self.exceptions {
            let Some(object) = exception.object.and_then(|number| heap.object(number)) else { continue };
            if let Some(class) = object.class() {
                // Python 2 can raise instances of old-style classes, all of which have one type.
                let old_style = object.kind() == Kind::Instance;
                exception.type_name = if old_style { "instance".into() } else { class.name.clone() };
                exception.module = class.module.clone();
                exception.qualname = class.qualname.clone();
            }
        }
    }
}
