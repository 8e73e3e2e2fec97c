//! Threads and frames, and the exception, as far as the file lets it be known.

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::described::{self, Told};
use super::file::File;
use super::object::Graph;
use super::store::{Id, Store};
use crate::formats::bare::{NOTHING, is_library, local};
use crate::heap::Heap;
use crate::problem::Problems;
use crate::{Exception, Frame, Local, Problem, Scope, Thread};

/// Frames that all stacks together may refer to: the same frames may stand in many of them.
const MOST: usize = 150_000;
/// Names of one code object.
const MOST_NAMES: usize = 100_000;
/// Locals of one frame.
const MOST_LOCALS: usize = 1_000_000;

#[derive(Debug, Default)]
pub(super) struct Stacks {
    pub(super) exceptions: Vec<Exception>,
    pub(super) threads: Vec<Thread>,
    pub(super) frames: Vec<Frame>,
    pub(super) current: Option<i128>,
    pub(super) main: Option<i128>,
}

/// A stack, innermost frame first, and whose it is.
struct Stack {
    id: Option<i128>,
    name: Option<Arc<str>>,
    current: bool,
    frames: Vec<Id>,
    /// The thread was at work on the dump.
    dumper: bool,
}

struct Reader<'a, 's> {
    graph: &'a mut Graph<'s>,
    store: &'s Store,
    frames: Vec<Frame>,
    /// Frames made so far: of which object, at which line.
    known: HashMap<(Id, Option<u64>), usize>,
    left: usize,
    locals_left: usize,
}

pub(super) fn read(file: &File, graph: &mut Graph<'_>, problems: &mut Problems) -> Stacks {
    let store = graph.store;
    let mut reader =
        Reader { graph, store, frames: Vec::new(), known: HashMap::new(), left: MOST, locals_left: MOST_LOCALS };
    let mut stacks = reader.stacks(file, problems);
    merge_dumper(&mut stacks);
    stacks.sort_by_key(|stack| !stack.current);
    let chain = stacks.first().map(|stack| reader.chain(&stack.frames)).unwrap_or_default();
    let lines: HashMap<Id, u64> = chain.iter().filter_map(|&(_, frame, line)| Some((frame, line?))).collect();
    let told = file.description.as_deref().and_then(Told::read);
    let before = told.as_ref().map(|told| told.before.clone()).unwrap_or_default();
    let exception = reader.exception(&chain, told);
    let crashed = exception.is_some() || !chain.is_empty();
    let mut result = Stacks::default();
    let mut of_chain = Vec::new();
    for (index, stack) in stacks.into_iter().enumerate() {
        let first = index == 0;
        let mut frames = Vec::with_capacity(stack.frames.len());
        for id in stack.frames {
            let line = lines.get(&id).copied().filter(|_| first);
            frames.push(reader.frame(id, line));
            if line.is_some() {
                of_chain.extend(frames.last().copied());
            }
        }
        let main = stack.name.as_deref() == Some("MainThread");
        if stack.current {
            result.current = stack.id;
        }
        result.main = result.main.or(stack.id.filter(|_| main));
        result.threads.push(Thread {
            id: stack.id,
            name: stack.name,
            crashed: crashed && first,
            current: stack.current,
            main,
            frames,
            ..Thread::default()
        });
    }
    if of_chain.is_empty() {
        of_chain = result.threads.first().map(|thread| thread.frames.clone()).unwrap_or_default();
    }
    if let Some(exception) = exception {
        reader.add_exception(exception, of_chain, &mut result.exceptions);
        described::add_before(&before, &mut result.exceptions);
    }
    if reader.left == 0 || reader.locals_left == 0 {
        let what = format!("more than {MOST} frames, or {MOST_LOCALS} locals, in all stacks: the rest is left out");
        problems.push(Problem::captured(what));
    }
    result.frames = reader.frames;
    result
}

/// The thread that took the dump of a frame that has ended: the file has what it was doing then as a thread of its own.
fn merge_dumper(stacks: &mut Vec<Stack>) {
    let made_up = |stack: &Stack| stack.current && stack.id.is_none();
    let Some(crash) = stacks.iter().position(made_up) else { return };
    let Some(dumper) = stacks.iter().position(|stack| stack.dumper) else { return };
    let outermost = |index: usize| stacks.get(index).and_then(|stack| stack.frames.last().copied());
    // Of another thread than the one that failed: both are shown.
    if outermost(dumper).is_some() && outermost(dumper) != outermost(crash) {
        return;
    }
    let taken = stacks.get_mut(dumper).map(|stack| (stack.id, stack.name.take()));
    if let (Some((id, name)), Some(crash)) = (taken, stacks.get_mut(crash)) {
        (crash.id, crash.name) = (id, name);
    }
    stacks.remove(dumper);
}

enum Found<'t> {
    Object(Id),
    Told(Told<'t>),
}

impl<'s> Reader<'_, 's> {
    fn stacks(&mut self, file: &File, problems: &mut Problems) -> Vec<Stack> {
        let mut stacks = Vec::new();
        let mut missing = 0u64;
        for thread in &file.threads {
            let current = file.current_thread.as_deref() == Some(thread.id.as_slice());
            let id = std::str::from_utf8(&thread.id).ok().and_then(|id| id.parse::<i128>().ok());
            let name = thread.name.clone().filter(|name| name.as_bytes() != thread.id);
            // Number 0 is no thread: the file says so of a frame that no thread was in.
            let id = id.filter(|id| *id != 0);
            missing += u64::from(self.add(&mut stacks, &thread.frame, id, name, current) == 0);
        }
        if let Some(frame) = &file.frame {
            missing += u64::from(self.add(&mut stacks, frame, None, None, true) == 0);
        }
        if missing > 0 {
            problems.push(Problem::captured(format!("{missing} threads have no frame in the file")));
        }
        if stacks.is_empty() && missing == 0 {
            // The file ends before its threads: frames that no other has called are innermost.
            let ids = 0..self.store.len() as Id;
            let frames: Vec<Id> = ids.filter(|id| self.store.type_of(*id) == Some("frame")).collect();
            let callers: FxHashSet<Id> = frames.iter().filter_map(|id| self.store.get(*id, "f_back")).collect();
            for frame in frames.into_iter().filter(|frame| !callers.contains(frame)) {
                let (frames, dumper) = self.walk(frame);
                if !frames.is_empty() {
                    stacks.push(Stack { id: None, name: None, current: stacks.is_empty(), frames, dumper });
                }
            }
        }
        stacks
    }

    /// Adds a thread's stack; the number of its frames, coredumpy's own included.
    fn add(
        &mut self,
        stacks: &mut Vec<Stack>,
        frame: &[u8],
        id: Option<i128>,
        name: Option<Arc<str>>,
        current: bool,
    ) -> usize {
        let frame = self.store.find(frame);
        let (frames, dumper) = frame.map(|frame| self.walk(frame)).unwrap_or_default();
        let count = frames.len() + usize::from(dumper);
        if count > 0 {
            stacks.push(Stack { id, name, current, frames, dumper });
        }
        count
    }

    /// A frame and its callers, without those of coredumpy at work on the dump, and whether there were such.
    fn walk(&mut self, innermost: Id) -> (Vec<Id>, bool) {
        let mut frames = Vec::new();
        let mut dumper = false;
        let mut seen = FxHashSet::default();
        let mut next = Some(innermost);
        while let Some(frame) = next.filter(|frame| self.left > 0 && seen.insert(*frame)) {
            if self.store.type_of(frame) != Some("frame") {
                break;
            }
            if frames.is_empty() && self.is_dumper(frame) {
                dumper = true;
            } else {
                self.left -= 1;
                frames.push(frame);
            }
            next = self.store.get(frame, "f_back");
        }
        (frames, dumper)
    }

    fn is_dumper(&self, frame: Id) -> bool {
        let file = self.code_text(frame, "co_filename").unwrap_or_default().replace('\\', "/");
        let own = ["coredumpy.py", "except_hook.py", "pytest_hook.py", "unittest_hook.py", "type_support.py"];
        file.rsplit_once("/coredumpy/").is_some_and(|(_, name)| own.contains(&name) || name == "py_object_container.py")
    }

    fn code_text(&self, frame: Id, name: &str) -> Option<String> {
        let code = self.store.get(frame, "f_code")?;
        Some(self.store.as_text(self.store.get(code, name)?)?.into_owned())
    }

    /// The traceback that leads to the innermost frame of a stack, or as far towards it as the file has it: its entries
    /// with their frames and lines.
    fn chain(&self, stack: &[Id]) -> Vec<(Id, Id, Option<u64>)> {
        let store = self.store;
        let Some(&innermost) = stack.first() else { return Vec::new() };
        let frames: FxHashSet<Id> = stack.iter().copied().collect();
        let mut before: HashMap<Id, Id> = HashMap::new();
        // Where it ends, and where the file ceases to have it: the rest was beyond the depth of the dump.
        let (mut end, mut cut) = (None, None);
        for id in (0..store.len() as Id).filter(|id| store.type_of(*id) == Some("traceback")) {
            let Some(next) = store.get(id, "tb_next") else { continue };
            let frame = store.get(id, "tb_frame");
            match store.type_of(next) {
                Some("traceback") => {
                    before.insert(next, id);
                }
                Some(_) if frame == Some(innermost) => end = Some(id),
                None if frame.is_some_and(|frame| frames.contains(&frame)) => cut = Some(id),
                _ => {}
            }
        }
        let mut chain = Vec::new();
        let mut seen = FxHashSet::default();
        for mut last in [end, cut] {
            while let Some(entry) = last.filter(|entry| seen.insert(*entry)) {
                if let Some(frame) = store.get(entry, "tb_frame") {
                    let line = store.get(entry, "tb_lineno").and_then(|line| store.as_int(line));
                    chain.push((entry, frame, line.and_then(|line| u64::try_from(line).ok())));
                }
                last = before.get(&entry).copied();
            }
        }
        chain
    }

    /// The exception that was raised: that of a `sys.exc_info()` which has the traceback, or the one that is described.
    fn exception<'t>(&self, chain: &[(Id, Id, Option<u64>)], told: Option<Told<'t>>) -> Option<Found<'t>> {
        let store = self.store;
        let entries: FxHashSet<Id> = chain.iter().map(|entry| entry.0).collect();
        let of_triple = |id: Id| match store.as_elements(id) {
            Some(&[_, value, traceback]) if entries.contains(&traceback) && self.graph.is_exception(value) => {
                Some(value)
            }
            _ => None,
        };
        let ids = 0..store.len() as Id;
        let triple = ids.clone().filter(|id| store.type_of(*id) == Some("tuple")).find_map(of_triple);
        if let Some(value) = triple.filter(|_| !entries.is_empty()) {
            return Some(Found::Object(value));
        }
        let told = told?;
        let alike = |id: &Id| {
            self.graph.is_exception(*id) && self.graph.class_of(*id).is_some_and(|class| class.1 == told.qualname)
        };
        let mut alike = ids.filter(alike);
        match (alike.next(), alike.next()) {
            (Some(only), None) => Some(Found::Object(only)),
            _ => Some(Found::Told(told)),
        }
    }

    fn add_exception(&mut self, found: Found<'_>, frames: Vec<usize>, exceptions: &mut Vec<Exception>) {
        match found {
            Found::Told(told) => {
                exceptions.push(Exception { frames, ..described::exception(told.qualname, told.message) });
            }
            Found::Object(object) => self.of_object(object, frames, exceptions),
        }
    }

    /// An exception, and the members where it is a group.
    fn of_object(&mut self, object: Id, frames: Vec<usize>, exceptions: &mut Vec<Exception>) {
        const MOST_MEMBERS: usize = 1000;
        let mut open = vec![(object, frames, None)];
        let mut seen = FxHashSet::default();
        while let Some((object, frames, group)) = open.pop() {
            if exceptions.len() > MOST_MEMBERS || !seen.insert(object) {
                continue;
            }
            let index = exceptions.len();
            let number = self.graph.number(object);
            let members = self.store.get(object, "exceptions").and_then(|id| self.store.as_elements(id));
            let members = members.unwrap_or_default();
            let message = self.group_message(object, members.len());
            exceptions.push(Exception { object: Some(number), message, frames, ..Exception::default() });
            if let Some(group) = group.and_then(|group: usize| exceptions.get_mut(group)) {
                group.group.push(index);
            }
            let members = members.iter().take(MOST_MEMBERS).rev();
            open.extend(members.filter(|id| self.graph.is_exception(**id)).map(|id| (*id, Vec::new(), Some(index))));
        }
    }

    /// What `str()` of a group gives.
    fn group_message(&self, object: Id, members: usize) -> Option<Arc<str>> {
        let class = self.graph.class_of(object)?;
        let text = self.store.as_text(self.store.get(object, "message")?)?;
        let plural = if members == 1 { "" } else { "s" };
        let group = matches!(class, ("builtins", "ExceptionGroup" | "BaseExceptionGroup"));
        group.then(|| format!("{text} ({members} sub-exception{plural})").into())
    }

    fn frame(&mut self, id: Id, line: Option<u64>) -> usize {
        if let Some(&known) = self.known.get(&(id, line)) {
            return known;
        }
        let store = self.store;
        let int = |id: Id, name: &str| {
            store.get(id, name).and_then(|id| store.as_int(id)).and_then(|line| u64::try_from(line).ok())
        };
        let code = store.get(id, "f_code");
        let globals = store.get(id, "f_globals");
        let module = globals.and_then(|globals| store.item(globals, "__name__")).and_then(|name| store.as_text(name));
        let file = self.code_text(id, "co_filename").unwrap_or_default();
        let (locals, locals_note) = self.locals(id, code);
        let frame = Frame {
            function: self.code_text(id, "co_name").unwrap_or_default().into(),
            qualname: self.code_text(id, "co_qualname").map(Arc::from),
            library: is_library(&file),
            file: file.into(),
            line: line.or_else(|| int(id, "f_lineno")).filter(|line| *line > 0),
            firstlineno: code.and_then(|code| int(code, "co_firstlineno")),
            module: module.map(|name| name.as_ref().into()),
            globals: globals.map(|globals| self.graph.number(globals)).filter(|number| *number != NOTHING),
            locals,
            locals_note,
            ..Frame::default()
        };
        self.frames.push(frame);
        self.known.insert((id, line), self.frames.len() - 1);
        self.frames.len() - 1
    }

    fn locals(&mut self, frame: Id, code: Option<Id>) -> (Vec<Local>, Option<Arc<str>>) {
        let store = self.store;
        let dict = store.get(frame, "f_locals").filter(|dict| store.entry(*dict).is_some());
        let Some(dict) = dict else {
            return (Vec::new(), Some("are beyond the depth that the dump was taken with".into()));
        };
        let scopes = code.map(|code| self.scopes(code)).unwrap_or_default();
        let mut found = Vec::new();
        for (key, value) in store.pairs(dict) {
            if self.locals_left == 0 {
                break;
            }
            self.locals_left -= 1;
            let Some(name) = store.as_text(key) else { continue };
            let scope = scopes.get(&*name).copied().unwrap_or(Scope::Local);
            found.push(local(name.as_ref().into(), scope, self.graph.number(value)));
        }
        (found, None)
    }

    /// How the names of a code object are bound, those that are no plain locals.
    fn scopes(&self, code: Id) -> HashMap<String, Scope> {
        const VARARGS: i64 = 4;
        const VARKEYWORDS: i64 = 8;
        let store = self.store;
        let int = |name: &str| store.get(code, name).and_then(|id| store.as_int(id)).unwrap_or(0);
        let stars = [VARARGS, VARKEYWORDS].iter().filter(|flag| int("co_flags") & **flag != 0).count() as i64;
        let arguments = int("co_argcount").saturating_add(int("co_kwonlyargcount")).saturating_add(stars);
        let names = |name: &str| {
            let list = store.get(code, name).and_then(|id| store.as_elements(id)).unwrap_or_default();
            list.iter().take(MOST_NAMES).filter_map(|id| store.as_text(*id))
        };
        let mut scopes = HashMap::new();
        let arguments = usize::try_from(arguments).unwrap_or(0);
        let lists = [
            (Scope::Arg, "co_varnames", arguments),
            (Scope::Cell, "co_cellvars", usize::MAX),
            (Scope::Free, "co_freevars", usize::MAX),
        ];
        for (scope, list, count) in lists {
            for name in names(list).take(count) {
                scopes.entry(name.into_owned()).or_insert(scope);
            }
        }
        scopes
    }
}

impl Stacks {
    /// What only the heap knows: the classes of values and of the exceptions.
    pub(super) fn fill_in(&mut self, heap: &Heap) {
        for local in self.frames.iter_mut().flat_map(|frame| &mut frame.locals) {
            let Some(object) = local.object.and_then(|number| heap.object(number)) else { continue };
            local.kind = object.kind();
            local.address = Some(object.address());
            local.children_count = object.attribute_count() as u64 + heap.contents(&object).len();
            if let Some(class) = object.class() {
                local.type_name = class.name.clone();
                local.module = class.module.clone();
            }
        }
        for exception in &mut self.exceptions {
            let object = exception.object.and_then(|number| heap.object(number));
            if let Some(class) = object.and_then(|object| object.class()) {
                exception.type_name = class.name.clone();
                exception.module = class.module.clone();
                exception.qualname = class.qualname.clone();
            }
        }
    }
}
