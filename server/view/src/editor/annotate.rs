//! What stands beside the lines of a text: values where names were bound, and above functions that are on a stack, the frames.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crashsite_model::{Dump, Frame};
use rustc_hash::FxHashMap;

use super::activation::{self, Activation, Selected};
use super::names::{Binding, Binds};
use super::text::Spot;
use super::{Beside, finding};
use crate::text::{escape, shorten};
use crate::value::Value;

/// Characters of a value beside a line.
const SHORT: usize = 40;
/// Characters beside or above a line.
const LONGEST: usize = 120;
/// Frames of a thread that are named above a function.
const MOST_FRAMES: usize = 3;

/// Values at the end of a line.
#[derive(Debug, Clone)]
pub struct Hint {
    /// The end of the line in the editor's text.
    pub at: Spot,
    /// The line as it crashed.
    pub crashed_line: u64,
    /// `count = 3, name = 'tea'`
    pub label: String,
    /// The values, longer.
    pub values: Vec<(Arc<str>, Value)>,
}

/// Something to know about a line, and perhaps to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The line in the editor's text.
    pub line: u64,
    /// The line as it crashed; none where it is about the whole text.
    pub crashed_line: Option<u64>,
    /// What is shown.
    pub title: String,
    /// The frame to select.
    pub select: Option<Selected>,
    /// Whether it says what the exception was.
    pub is_exception: bool,
}

/// The values of a text's lines: each name of the calls of the selected thread, where it was bound last before the line that
/// the call is at.
pub fn hints(beside: Beside<'_>, lines: RangeInclusive<u64>) -> Vec<Hint> {
    let Beside { dump, crashed, text, follow, selected } = beside;
    let mut by_line: BTreeMap<u64, Vec<(Arc<str>, Value)>> = BTreeMap::new();
    for (scope, bindings) in bindings_by_scope(&crashed.names.bindings) {
        let activation = crashed.activation(scope, selected).filter(|activation| activation.thread == selected.thread);
        let Some(place) = activation.and_then(|activation| activation::place(dump, activation)) else { continue };
        let mut chosen: FxHashMap<&str, u64> = FxHashMap::default();
        for binding in bindings {
            let line = crashed.text.spot(binding.at.start).line;
            let ran = place.frame.line.is_none_or(|at| line < at) || binding.how == Binds::Argument;
            // The last that ran before; else the first of those that come later, which a loop has been through.
            if ran || !chosen.contains_key(&*binding.name) {
                chosen.insert(&binding.name, line);
            }
        }
        for local in &place.frame.locals {
            let Some(line) = chosen.get(&*local.name) else { continue };
            if follow.line(*line).is_some_and(|line| lines.contains(&line)) {
                by_line.entry(*line).or_default().push((local.name.clone(), Value::of_local(dump, local)));
            }
        }
    }
    let hint = |(crashed_line, values): (u64, Vec<(Arc<str>, Value)>)| {
        let at = text.line_end(follow.line(crashed_line)?);
        Some(Hint { at, crashed_line, label: label(&values), values })
    };
    by_line.into_iter().filter_map(hint).collect()
}

fn bindings_by_scope(bindings: &[Binding]) -> BTreeMap<usize, Vec<&Binding>> {
    let mut scopes: BTreeMap<usize, Vec<&Binding>> = BTreeMap::new();
    for binding in bindings.iter().filter(|binding| binding.how != Binds::Definition) {
        scopes.entry(binding.scope).or_default().push(binding);
    }
    scopes
}

fn label(values: &[(Arc<str>, Value)]) -> String {
    let parts: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("{} = {}", escape(name), escape(&shorten(&value.repr, SHORT))))
        .collect();
    shorten(&parts.join(", "), LONGEST).into_owned()
}

/// What stands above the lines of a text.
pub fn lenses(beside: Beside<'_>) -> Vec<Lens> {
    let Beside { dump, crashed, follow, .. } = beside;
    let mut lenses = Vec::new();
    if follow.changed() {
        let (all, found) = follow.counts();
        let title = if all == found {
            "the file has changed since the crash: its lines have moved".to_owned()
        } else {
            let gone = all - found;
            format!(
                "the file has changed since the crash: {gone} of its {all} lines are gone, or cannot be told from copies"
            )
        };
        lenses.push(Lens { line: 1, crashed_line: None, title, select: None, is_exception: false });
    }
    if let Some(crash) = finding::place(dump).filter(|crash| *crash.frame.file == *crashed.name) {
        let title = finding::title(dump).map(|title| shorten(&title, LONGEST).into_owned());
        let select = Some(Selected { thread: crash.stack.position, frame: crash.number });
        let lens = crash.frame.line.and_then(|line| lens(beside, line, title?, select));
        lenses.extend(lens.map(|lens| Lens { is_exception: true, ..lens }));
    }
    let mut lines: BTreeMap<u64, BTreeMap<usize, Vec<&Activation>>> = BTreeMap::new();
    for activation in &crashed.activations {
        if let Some(line) = head(beside, activation) {
            lines.entry(line).or_default().entry(activation.thread).or_default().push(activation);
        }
    }
    for (line, threads) in lines {
        for (thread, activations) in threads {
            lenses.extend(of_thread(beside, line, thread, &activations));
        }
    }
    lenses
}

/// The line above which a frame is named: that of its function, or, where it has no name, that it is at.
fn head(beside: Beside<'_>, activation: &Activation) -> Option<u64> {
    let scope = activation.scope.and_then(|scope| beside.crashed.names.scopes.get(scope));
    match scope {
        Some(scope) if !scope.name.starts_with('<') => Some(scope.line),
        _ => activation.line,
    }
}

fn lens(beside: Beside<'_>, crashed_line: u64, title: String, select: Option<Selected>) -> Option<Lens> {
    let has = beside.crashed.has(crashed_line);
    let line = beside.follow.line(crashed_line).filter(|_| has)?;
    Some(Lens { line, crashed_line: Some(crashed_line), title, select, is_exception: false })
}

/// The frames of a thread above a function; the ways out and in beside the selected one.
fn of_thread(beside: Beside<'_>, line: u64, position: usize, activations: &[&Activation]) -> Vec<Lens> {
    let Beside { dump, selected, .. } = beside;
    let Some(thread) = dump.threads.get(position) else { return Vec::new() };
    let name = activation::thread_name(thread.name.as_deref(), position);
    let select = |frame: usize| Selected { thread: position, frame };
    let is_selected = |activation: &&&Activation| select(activation.number) == selected;
    let chosen = activations.iter().find(is_selected);
    let mut titles = Vec::new();
    let named = activations.len().min(MOST_FRAMES);
    let shown = activations.iter().take(named).chain(
        chosen.filter(|chosen| !activations.iter().take(named).any(|activation| activation.number == chosen.number)),
    );
    for activation in shown {
        let number = activation.number;
        let mark = if select(number) == selected { "▶ " } else { "" };
        titles.push((format!("{mark}frame {number} of {name}"), select(number)));
    }
    if let Some(next) = activations.get(MOST_FRAMES) {
        let left = activations.len() - MOST_FRAMES;
        let calls = if left == 1 { "call" } else { "calls" };
        titles.push((format!("{left} more {calls} in {name}: frame {}", next.number), select(next.number)));
    }
    if let Some(chosen) = chosen {
        if chosen.number + 1 < thread.frames.len() {
            titles.push(("caller".to_owned(), select(chosen.number + 1)));
        }
        if let Some(inner) = chosen.number.checked_sub(1) {
            titles.push(("callee".to_owned(), select(inner)));
        }
    }
    titles.into_iter().filter_map(|(title, select)| lens(beside, line, title, Some(select))).collect()
}

/// Variables that a debugger shows the values of, while it stands at a line: those of the function, down to there.
pub fn inline(beside: Beside<'_>, lines: RangeInclusive<u64>, stopped: u64) -> Vec<(super::text::Span, String)> {
    let Beside { crashed, follow, .. } = beside;
    let Some(line) = follow.back(Spot { line: stopped, column: 1 }).map(|spot| spot.line) else { return Vec::new() };
    let Some(end) = crashed.text.offset(crashed.text.line_end(line)) else { return Vec::new() };
    let start = crashed.text.offset(crashed.text.line_span(line).start).unwrap_or(end);
    let scope = crashed.names.scopes.get(crashed.names.scope_at(start));
    let part = scope.map_or(start, |scope| scope.head.start)..end;
    let found = crashed.names.variables(crashed.text.as_str(), part);
    let shown = found.filter_map(|(range, name)| Some((follow.span(crashed.text.span(range))?, name.to_owned())));
    shown.filter(|(span, _)| lines.contains(&span.start.line)).collect()
}

/// The part of the editor's text that a frame is at.
pub fn running(beside: Beside<'_>, frame: &Frame) -> Option<super::text::Span> {
    let span = activation::running(frame, &beside.crashed.text)?;
    beside.follow.span(span).or_else(|| {
        let line = beside.follow.line(span.start.line)?;
        Some(beside.text.line_span(line))
    })
}

/// Whether a frame is there to be selected.
pub fn exists(dump: &Dump, selected: Selected) -> bool {
    dump.threads.get(selected.thread).is_some_and(|thread| selected.frame < thread.frames.len())
}
