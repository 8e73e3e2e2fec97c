//! Expressions evaluated over a dump.
//!
//! Objects are read where they lie; nothing of the program's is run. What would have to be is refused by name
//! (`NeedsCode`), never approximated. The way a question goes: text → tree ([`crate::expr`]) → [`value::Value`], by
//! `evaluate`, which asks the other modules for attributes, operators, calls. What the builtin types do is in
//! [`crate::python`], as pure functions.

mod alias;
mod arguments;
mod assign;
mod attribute;
mod braces;
mod budget;
mod builtin;
mod call;
mod class;
mod class_attribute;
mod combine;
mod construct;
mod convert;
mod data;
mod dict;
mod equal;
mod evaluate;
mod exact;
mod exception;
mod failure;
mod flag;
mod format;
mod generated;
mod generator;
mod hash;
mod iterator;
mod key;
mod made;
mod matched;
mod memory;
mod method;
mod names;
mod number;
mod operate;
mod order;
mod percent;
mod printed;
mod range;
mod record;
mod show;
mod signature;
mod subscript;
mod type_of;
mod types;
mod value;

use std::cell::Cell;

use crashsite_model::{Dump, Frame, Thread};

pub use budget::Limits;
pub use failure::Failure;
pub use printed::Printed;

use crate::{expr, repr, thread};
use budget::Budget;
use class::Classes;
use value::{Scope, Value};

type Res<T> = Result<T, Failure>;

/// The prefix by which the names that begin with `$` reach the parser.
const SPECIAL: &str = "__crashsite_";

/// Where an expression is evaluated, and with what.
struct Context<'a> {
    dump: &'a Dump,
    thread: &'a Thread,
    frame: &'a Frame,
    /// The dump's Python is Python 2.
    python2: bool,
    version: (u32, u32),
    classes: Classes<'a>,
    budget: Budget,
    answers: Vec<Value<'a>>,
    /// Calls of lambdas within each other.
    depth: Cell<usize>,
}

impl<'a> Context<'a> {
    fn new(dump: &'a Dump, thread: &'a Thread, frame: &'a Frame, limits: Limits) -> Self {
        Context {
            dump,
            thread,
            frame,
            python2: repr::is_python2(dump),
            version: dump.process.python.major_minor.unwrap_or((3, 13)),
            classes: Classes::default(),
            budget: Budget::new(limits),
            answers: Vec::new(),
            depth: Cell::new(0),
        }
    }

    /// The same in another frame.
    fn within(&self, frame: &'a Frame) -> Context<'a> {
        Context::new(self.dump, self.thread, frame, Limits::default())
    }
}

/// Bytes of stack for the evaluation: what recurses is bounded, by the length of an expression and by [`DEEPEST`] of the
/// modules, but each step takes its room.
const STACK: usize = 256 << 20;

/// The value of an expression. `chosen` names the thread (`None`: the crashed one); frame 0 is the innermost.
///
/// # Errors
/// Where the expression has no value in that frame; the failure says why, by the name of the exception that Python would
/// raise where there is one.
pub fn print(
    dump: &Dump,
    chosen: Option<&str>,
    frame: usize,
    expression: &str,
    limits: Limits,
) -> Result<Printed, Failure> {
    std::thread::scope(|scope| {
        let evaluation = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || evaluate_and_print(dump, chosen, frame, expression, limits));
        match evaluation.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(Failure::new("Limit", format!("there is no memory for the evaluation: {error}"))),
        }
    })
}

fn evaluate_and_print(
    dump: &Dump,
    chosen: Option<&str>,
    frame: usize,
    expression: &str,
    limits: Limits,
) -> Result<Printed, Failure> {
    let (_, thread) = thread::find(dump, chosen)?;
    let frame = thread::frame(dump, thread, frame)?;
    let text = with_specials(expression);
    answer(dump, thread, frame, &text, limits).map_err(|failure| Failure {
        column: failure.column.map(|column| as_written(&text, column)),
        end: failure.end.map(|end| as_written(&text, end)),
        ..failure
    })
}

fn answer(dump: &Dump, thread: &Thread, frame: &Frame, text: &str, limits: Limits) -> Result<Printed, Failure> {
    let tree = expr::parse(text)?;
    let context = Context::new(dump, thread, frame, limits);
    let scope = std::rc::Rc::new(Scope { binds: true, ..Scope::default() });
    let value = context.evaluate(&tree, &scope)?;
    printed::of(&context, &value)
}

/// A column of the text with special names as one of the text with `$`.
fn as_written(text: &str, column: u64) -> u64 {
    let before: String = text.chars().take(usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX)).collect();
    column.saturating_sub((before.matches(SPECIAL).count() * (SPECIAL.len() - 1)) as u64).max(1)
}

/// `$exc` and `$0` as names that the parser takes. A `$` within quotes stays.
fn with_specials(expression: &str) -> String {
    let mut out = String::with_capacity(expression.len());
    let mut quote: Option<char> = None;
    let mut characters = expression.chars().peekable();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(_), '\\') => {
                out.push(c);
                out.extend(characters.next());
                continue;
            }
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '$') if characters.peek().is_some_and(|next| next.is_alphanumeric()) => {
                out.push_str(SPECIAL);
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// The word that differs least, if it differs little.
fn nearest<'a>(wanted: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    words
        .filter(|word| word.len() < 100)
        .map(|word| (distance(wanted, word), word))
        .filter(|(distance, word)| *distance <= 1 + word.chars().count() / 4)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Letters to change, add or drop (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(&b) {
            let best = (before + usize::from(from != *to)).min(*cell + 1).min(left + 1);
            before = *cell;
            *cell = best;
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
