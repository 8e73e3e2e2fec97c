//! Stacks, from the stand-ins for frames and tracebacks that all tools write who pickle these.

use std::sync::Arc;

use crashsite_parse::{NodeId, View};
use rustc_hash::{FxHashMap, FxHashSet};

use super::functions::Code;
use super::{Graph, Ref};
use crate::formats::bare::{is_library, local};
use crate::problem::Problems;
use crate::{Frame, Local, Problem, Scope, Thread, ThreadKind};

/// Frames that all stacks together may refer to: the same frames may stand in many of them.
const MOST: usize = 1_000_000;

/// Frames on their way into a dump.
pub(in crate::formats) struct Frames<'a, 'p> {
    pub(in crate::formats) graph: &'a mut Graph<'p>,
    frames: Vec<Frame>,
    /// Frames made so far: of which node, where in it.
    known: FxHashMap<(NodeId, Option<u64>, Option<u64>), usize>,
    left: usize,
}

impl<'a, 'p> Frames<'a, 'p> {
    pub(in crate::formats) fn new(graph: &'a mut Graph<'p>) -> Self {
        Frames { graph, frames: Vec::new(), known: FxHashMap::default(), left: MOST }
    }

    /// All frames that were asked for.
    pub(in crate::formats) fn finish(self, problems: &mut Problems) -> Vec<Frame> {
        if self.left == 0 {
            let message = format!("more than {MOST} frames in all stacks: the rest is left out");
            problems.push(Problem::captured(message));
        }
        self.frames
    }

    /// The frames of a traceback, innermost first, then the callers of the outermost.
    pub(in crate::formats) fn traceback(&mut self, traceback: NodeId) -> Vec<usize> {
        let mut entries = Vec::new();
        let mut seen = FxHashSet::default();
        let mut next = Some(traceback);
        while let Some(entry) = next.filter(|entry| seen.insert(*entry)) {
            let part = |name| self.graph.part_of_traceback(entry, name);
            let line = part("tb_lineno").and_then(|line| self.count(line));
            let instruction = part("tb_lasti").and_then(|at| self.count(at));
            let (frame, following) = (part("tb_frame"), part("tb_next"));
            if let Some(frame) = frame.filter(|frame| self.left > 0 && self.is_told(*frame)) {
                self.left -= 1;
                entries.push((frame, line, instruction));
            }
            next = following;
        }
        let outermost = entries.first().map(|entry| entry.0);
        let mut frames: Vec<usize> =
            entries.into_iter().rev().map(|(frame, line, instruction)| self.frame(frame, line, instruction)).collect();
        let caller = outermost.and_then(|frame| self.graph.slot(frame, "f_back"));
        frames.extend(caller.map(|caller| self.stack(caller, |_| false)).unwrap_or_default());
        frames
    }

    /// A frame and its callers, without the innermost ones that are `of_tool`.
    pub(in crate::formats) fn stack(&mut self, innermost: NodeId, of_tool: fn(&Code) -> bool) -> Vec<usize> {
        let mut frames: Vec<usize> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut next = Some(innermost);
        while let Some(frame) = next.filter(|frame| seen.insert(*frame) && self.left > 0) {
            let Some(code) = self.graph.slot(frame, "f_code") else { break };
            self.left -= 1;
            let number = |name| self.graph.slot(frame, name).and_then(|node| self.count(node));
            let (line, instruction) = (number("f_lineno"), number("f_lasti"));
            let of_tool = frames.is_empty() && self.graph.code(code).is_some_and(|code| of_tool(&code));
            if !of_tool && self.is_told(frame) {
                frames.push(self.frame(frame, line, instruction));
            }
            next = self.graph.slot(frame, "f_back");
        }
        frames
    }

    /// Whether a frame's function is known: in a file that is cut, it may not be there any more.
    fn is_told(&mut self, frame: NodeId) -> bool {
        let code = self.graph.slot(frame, "f_code").and_then(|code| self.graph.code(code));
        code.is_some_and(|code| !(code.name.is_empty() && code.file.is_empty()))
    }

    fn count(&self, node: NodeId) -> Option<u64> {
        self.graph.pickle.as_int(node).and_then(|line| u64::try_from(line).ok())
    }

    fn frame(&mut self, node: NodeId, line: Option<u64>, instruction: Option<u64>) -> usize {
        let key = (node, line, instruction);
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let code = self.graph.slot(node, "f_code").and_then(|code| self.graph.code(code)).unwrap_or_default();
        let (locals, locals_note) = self.locals(node, &code);
        let globals = self.graph.slot(node, "f_globals");
        let position = instruction.and_then(|at| self.position(&code, at)).filter(|found| Some(found[0]) == line);
        let frame = Frame {
            function: code.name.as_str().into(),
            qualname: code.qualname.as_deref().map(Arc::from),
            library: is_library(&code.file),
            file: code.file.into(),
            line,
            end_line: position.map(|found| found[1]),
            column: position.map(|found| found[2]),
            end_column: position.map(|found| found[3]),
            firstlineno: Some(u64::from(code.line)).filter(|line| *line > 0),
            module: globals.and_then(|globals| self.module(globals)),
            globals: globals
                .filter(|globals| self.graph.pickle.is_dict(*globals))
                .map(|globals| self.graph.number(globals)),
            locals,
            locals_note,
        };
        self.frames.push(frame);
        self.known.insert(key, self.frames.len() - 1);
        self.frames.len() - 1
    }

    /// Line, last line, column and last column of an instruction (PEP 657), where the tool kept all four.
    fn position(&self, code: &Code, instruction: u64) -> Option<[u64; 4]> {
        let pickle = self.graph.pickle;
        let index = i64::try_from(instruction / 2).ok()?;
        let sparse = code.positions[1].and_then(|sparse| {
            pickle.pairs(sparse).find(|(key, _)| pickle.as_int(*key) == Some(index)).map(|pair| pair.1)
        });
        let listed = || pickle.as_slice(code.positions[0]?)?.get(usize::try_from(index).ok()?).copied();
        let four = pickle.as_slice(sparse.or_else(listed)?)?.first_chunk::<4>()?;
        let mut found = [0; 4];
        for (place, node) in found.iter_mut().zip(four) {
            *place = self.count(*node)?;
        }
        Some(found)
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
            View::Global { module: b"__builtin__", name: b"__main__" } => return Some("__main__".into()),
            View::Global { module, .. } => return Some(String::from_utf8_lossy(module).as_ref().into()),
            _ => pickle.get(globals, "__name__")?,
        };
        Some(pickle.as_text(name)?.as_ref().into())
    }

    fn locals(&mut self, frame: NodeId, code: &Code) -> (Vec<Local>, Option<Arc<str>>) {
        let Some(node) = self.graph.slot(frame, "f_locals") else { return (Vec::new(), None) };
        if self.graph.resolve(node) == Ref::Lost {
            return (Vec::new(), Some("are those of its module, of which the file has the name only".into()));
        }
        let pickle = self.graph.pickle;
        let scopes = self.scopes(code);
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
    fn scopes(&self, code: &Code) -> FxHashMap<String, (usize, Scope)> {
        let pickle = self.graph.pickle;
        let texts = |names: Option<NodeId>| {
            let names = names.into_iter().flat_map(|node| pickle.items(node));
            names.take(100_000).filter_map(|name| pickle.as_text(name))
        };
        let mut scopes = FxHashMap::default();
        for (place, name) in texts(code.names).enumerate() {
            let scope = if place < code.arguments { Scope::Arg } else { Scope::Local };
            scopes.insert(name.into_owned(), (place, scope));
        }
        let own = scopes.len();
        for (place, name) in texts(code.cells).enumerate() {
            // An argument that an inner function uses stays an argument.
            scopes.entry(name.into_owned()).or_insert((own + place, Scope::Cell));
        }
        let own = scopes.len();
        for (place, name) in texts(code.free).enumerate() {
            scopes.entry(name.into_owned()).or_insert((own + place, Scope::Free));
        }
        scopes
    }
}

/// A thread that runs these frames.
pub(in crate::formats) fn thread(id: Option<i128>, kind: ThreadKind, frames: Vec<usize>) -> Thread {
    Thread { id, kind, frames, ..Thread::default() }
}
