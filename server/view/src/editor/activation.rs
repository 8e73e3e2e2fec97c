//! Which frame is a call of which function of a source.

use crashsite_model::{Dump, Frame};
use rustc_hash::FxHashMap;

use super::crashed::Crashed;
use super::names::{Names, Scope, ScopeKind};
use super::text::{Span, Spot, Text};
use crate::thread::{Place, StackRef};

/// The frame that is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Selected {
    /// The thread's position, from 0.
    pub thread: usize,
    /// The frame's number, 0 the innermost.
    pub frame: usize,
}

/// A frame in a source.
#[derive(Debug, Clone, Copy)]
pub struct Activation {
    /// The thread's position, from 0.
    pub thread: usize,
    /// The frame's number, 0 the innermost.
    pub number: usize,
    /// The function that it is a call of, where that can be told.
    pub scope: Option<usize>,
    /// The line it is at.
    pub line: Option<u64>,
}

/// Functions on one line that a frame may be a call of.
const MOST_ALIKE: usize = 100;

/// The frames of all threads that are in a file.
pub(super) fn of_file(dump: &Dump, name: &str, names: &Names, text: &Text) -> Vec<Activation> {
    let mut known = FxHashMap::default();
    let mut found = Vec::new();
    for (thread, frames) in dump.threads.iter().enumerate() {
        for (number, index) in frames.frames.iter().enumerate() {
            let Some(frame) = dump.frames.get(*index).filter(|frame| *frame.file == *name) else { continue };
            let key = (&*frame.function, frame.firstlineno, frame.line, frame.column);
            let scope = *known.entry(key).or_insert_with(|| scope(frame, names, text));
            found.push(Activation { thread, number, scope, line: frame.line });
        }
    }
    found
}

/// The function that a frame is a call of: it has the name, begins where the code does, and holds the place. Where several
/// do, none is it.
fn scope(frame: &Frame, names: &Names, text: &Text) -> Option<usize> {
    let span = running(frame, text);
    let place = span.and_then(|span| Some(text.offset(span.start)?..text.offset(span.end)?));
    let fits = |scope: &Scope| {
        let begins = match (scope.kind, frame.firstlineno) {
            (ScopeKind::Module, _) | (_, None) => true,
            (_, Some(first)) => first == scope.first_line || first == scope.line,
        };
        let whole = text.span(scope.whole.clone());
        begins && frame.line.is_none_or(|line| (whole.start.line..=whole.end.line).contains(&line))
    };
    let scopes = |index: &usize| names.scopes.get(*index).is_some_and(fits);
    let found: Vec<usize> = names.named(&frame.function).iter().copied().filter(scopes).take(MOST_ALIKE).collect();
    match found.as_slice() {
        [only] => return Some(*only),
        [] => return None,
        _ => {}
    }
    // Lambdas in one line, a function in one of the same name: the innermost that holds all of what is running.
    let place = place.filter(|_| frame.column.is_some() || frame.firstlineno.is_none())?;
    let holds = |index: &&usize| {
        let whole = names.scopes.get(**index).map_or(0..0, |scope| scope.whole.clone());
        whole.start <= place.start && place.end <= whole.end
    };
    found.iter().rfind(holds).copied()
}

/// The part of the text that a frame was at: the expression, or the line.
pub(super) fn running(frame: &Frame, text: &Text) -> Option<Span> {
    let line = frame.line?;
    let column = |line: u64, bytes: u64| {
        let before = usize::try_from(bytes).unwrap_or(usize::MAX);
        text.line(line).map(|text| text.char_indices().take_while(|(at, _)| *at < before).count() as u64 + 1)
    };
    let whole = text.line_span(line);
    let end_line = frame.end_line.filter(|end| *end >= line).unwrap_or(line);
    let start = frame.column.and_then(|bytes| column(line, bytes));
    let end = frame.end_column.and_then(|bytes| column(end_line, bytes));
    match (start, end) {
        (Some(start), Some(end)) if (line, start) < (end_line, end) => {
            Some(Span { start: Spot { line, column: start }, end: Spot { line: end_line, column: end } })
        }
        _ => text.line(line).map(|_| whole),
    }
}

impl Crashed {
    /// The call of a function that is meant: the selected frame, else the innermost of the selected thread, else that of
    /// another thread.
    pub fn activation(&self, scope: usize, selected: Selected) -> Option<&Activation> {
        let calls = || self.activations.iter().filter(move |activation| activation.scope == Some(scope));
        let chosen =
            |activation: &&Activation| activation.thread == selected.thread && activation.number == selected.frame;
        calls()
            .find(chosen)
            .or_else(|| calls().find(|activation| activation.thread == selected.thread))
            .or_else(|| calls().next())
    }

    /// All calls of a function.
    pub fn calls(&self, scope: usize) -> impl Iterator<Item = &Activation> {
        self.activations.iter().filter(move |activation| activation.scope == Some(scope))
    }

    /// The scope with a code object of its own that a place in a scope is run by.
    pub fn code(&self, scope: usize, inlined: bool) -> usize {
        let mut at = scope;
        while let Some(Scope { kind: ScopeKind::Comprehension, parent: Some(parent), .. }) =
            self.names.scopes.get(at).filter(|_| inlined)
        {
            at = *parent;
        }
        at
    }
}

/// The place that an activation is.
pub fn place<'a>(dump: &'a Dump, activation: &Activation) -> Option<Place<'a>> {
    StackRef::of_thread(dump, activation.thread)?.frame(dump, activation.number).ok()
}

/// How a thread is called: by its name, or else its position.
pub fn thread_name(name: Option<&str>, position: usize) -> String {
    match name {
        Some(name) => crate::text::escape(&crate::text::shorten(name, 60)).into_owned(),
        None => format!("thread {}", position + 1),
    }
}

/// Whether list, set and dict comprehensions have no function of their own.
pub(super) fn are_inlined(dump: &Dump) -> bool {
    dump.process.python.major_minor.is_none_or(|version| version >= (3, 12))
}
