//! What an expression under the cursor held.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crashsite_model::{Frame, Local};

use super::Beside;
use super::activation::{self, Activation};
use super::names::{Expression, Owner, ScopeKind};
use super::text::{Span, Spot};
use crate::children::{self, Child};
use crate::eval::{self, Failure, Limits, Session};
use crate::thread::Place;
use crate::value::Value;

/// What an expression may take that somebody's pointer happens to rest on.
const EFFORT: Limits = Limits { steps: 1_000_000, memory: 16 << 20, milliseconds: 250 };
/// Children that are shown.
const MOST_CHILDREN: usize = 10;
/// Other calls of the function that are shown.
const MOST_OTHERS: usize = 5;

/// What an expression held.
#[derive(Debug, Clone)]
pub struct Hover {
    /// The expression.
    pub expression: String,
    /// Where it stands in the editor's text.
    pub span: Span,
    /// The value, or why there is none.
    pub outcome: Result<Held, Failure>,
    /// The frame that it was asked in.
    pub at: Call,
    /// The same in other calls of the function.
    pub others: Vec<(Call, Arc<str>)>,
    /// How many there are besides.
    pub more: usize,
}

/// A value with the first things in it.
#[derive(Debug, Clone)]
pub struct Held {
    /// The value.
    pub value: Value,
    /// What it holds.
    pub children: Vec<Child>,
}

/// A call of a function.
#[derive(Debug, Clone)]
pub struct Call {
    /// The thread's position, from 0.
    pub thread: usize,
    /// How the thread is called.
    pub thread_name: String,
    /// The frame's number, 0 the innermost.
    pub frame: usize,
    /// The function.
    pub function: Arc<str>,
}

/// Where an expression is asked, and whether that is a call of the function that it stands in.
struct Asked<'a> {
    activation: &'a Activation,
    place: Place<'a>,
}

/// What the expression at a place of the editor's text held. To set `interrupt` ends the evaluation.
pub fn answer<'a>(beside: Beside<'a>, spot: Spot, interrupt: Arc<AtomicBool>) -> Option<Hover> {
    let Beside { crashed, follow, .. } = beside;
    let offset = crashed.text.offset(follow.back(spot)?)?;
    let expression = crashed.names.expression(crashed.text.as_str(), offset)?;
    let asked = asked(beside, &expression)?;
    let span = follow.span(crashed.text.span(expression.at.clone()));
    let span = span.or_else(|| follow.span(crashed.text.span(expression.word.clone())))?;
    let same = |other: &&Activation| {
        other.scope.is_some() && other.scope == asked.activation.scope && !is_same(other, asked.activation)
    };
    let others: Vec<&Activation> = crashed.activations.iter().filter(same).collect();
    let (dump, text) = (beside.dump, &expression.text);
    let ask = |session: &Session<'a>| {
        let mut told = Vec::new();
        for other in others.iter().take(MOST_OTHERS) {
            let Some(place) = activation::place(dump, other) else { continue };
            session.go(place);
            if let Ok(held) = held(beside, session, place.frame, &expression) {
                told.push((call(beside, other)?, held.value.repr));
            }
        }
        session.go(asked.place);
        Some((held(beside, session, asked.place.frame, &expression), told))
    };
    let (outcome, told) = match eval::session(dump, asked.place, EFFORT, interrupt, ask) {
        Ok(answers) => answers?,
        Err(failure) => (Err(failure), Vec::new()),
    };
    if outcome.as_ref().is_err_and(|failure| !is_told(failure)) {
        return None;
    }
    let more = others.len().saturating_sub(MOST_OTHERS);
    Some(Hover { expression: text.clone(), span, outcome, at: call(beside, asked.activation)?, others: told, more })
}

fn is_same(one: &Activation, other: &Activation) -> bool {
    (one.thread, one.number) == (other.thread, other.number)
}

/// Whether it helps to be told why there is no value. That a word is no expression does not.
fn is_told(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        "NeedsCode" | "NotCaptured" | "Limit" | "UnboundLocalError" | "AttributeError" | "KeyError" | "IndexError"
    )
}

/// The frame to ask in.
fn asked<'a>(beside: Beside<'a>, expression: &Expression) -> Option<Asked<'a>> {
    let Beside { dump, crashed, selected, .. } = beside;
    let code = crashed.code(expression.scope, activation::are_inlined(dump));
    let of_module = || {
        let global = |name: &Arc<str>| crashed.names.owner(expression.scope, name) == Owner::Global;
        let any = || crashed.activations.iter().filter(|activation| activation.scope.is_some());
        let chosen = any().find(|activation| activation.thread == selected.thread).or_else(|| any().next());
        chosen.filter(|_| !expression.names.is_empty() && expression.names.iter().all(global))
    };
    // In a piece of a function whose beginning the dump lacks, what is running is known to be the frame's.
    let running = || {
        let line = crashed.text.spot(expression.at.start).line;
        let here = |activation: &&Activation| activation.scope.is_none() && activation.line == Some(line);
        let mut found = crashed.activations.iter().filter(here);
        found.clone().find(|activation| activation.thread == selected.thread).or_else(|| found.next())
    };
    let activation = running().or_else(|| crashed.activation(code, selected)).or_else(of_module)?;
    let place = activation::place(dump, activation)?;
    Some(Asked { activation, place })
}

/// The value of an expression in a frame; a variable's as every answer shows it.
fn held(beside: Beside<'_>, session: &Session<'_>, frame: &Frame, expression: &Expression) -> Result<Held, Failure> {
    for name in &expression.names {
        check(beside, frame, expression, name)?;
    }
    let dump = beside.dump;
    let single = expression.names.first().filter(|name| ***name == *expression.text);
    if let Some(local) = single.and_then(|name| local(frame, name)) {
        let object = local.object.and_then(|number| dump.heap.object(number));
        let children = object.map(|object| children::page(dump, &object, 0, MOST_CHILDREN)).unwrap_or_default();
        return Ok(Held { value: Value::of_local(dump, local), children });
    }
    let mut printed = session.answer(&expression.text)?.printed;
    printed.children.truncate(MOST_CHILDREN);
    Ok(Held { value: printed.value, children: printed.children })
}

fn local<'a>(frame: &'a Frame, name: &str) -> Option<&'a Local> {
    frame.locals.iter().find(|local| *local.name == *name)
}

/// A variable of a function must be one of the frame's: a global one of the same name is another.
fn check(beside: Beside<'_>, frame: &Frame, expression: &Expression, name: &str) -> Result<(), Failure> {
    let Beside { dump, crashed, .. } = beside;
    let Owner::Scope(owner) = crashed.names.owner(expression.scope, name) else { return Ok(()) };
    let Some(scope) = crashed.names.scopes.get(owner) else { return Ok(()) };
    let inlined = scope.kind == ScopeKind::Comprehension && activation::are_inlined(dump);
    let at_work = || {
        let running = activation::running(frame, &crashed.text).and_then(|span| crashed.text.offset(span.start));
        running.is_some_and(|offset| scope.whole.contains(&offset))
    };
    if local(frame, name).is_some() && (!inlined || at_work()) {
        return Ok(());
    }
    Err(Failure {
        kind: "UnboundLocalError",
        message: format!("{name} had no value at the crash"),
        column: None,
        end: None,
        remedy: None,
    })
}

/// How a frame is called.
pub(super) fn call(beside: Beside<'_>, activation: &Activation) -> Option<Call> {
    let place = activation::place(beside.dump, activation)?;
    Some(Call {
        thread: activation.thread,
        thread_name: activation::thread_name(place.stack.name, activation.thread),
        frame: activation.number,
        function: place.frame.qualname.clone().unwrap_or_else(|| place.frame.function.clone()),
    })
}
