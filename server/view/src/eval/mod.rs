//! Expressions evaluated over a dump.
//!
//! Objects are read where they lie; nothing of the program's is run. What would have to be is refused by name
//! (`NeedsCode`), never approximated. The way a question goes: text → tree ([`crate::expr`]) → [`value::Value`], by
//! `evaluate`, which asks the other modules for attributes, operators, calls. What the builtin types do is in
//! [`crate::python`], as pure functions.

mod abstract_class;
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
mod complete;
mod construct;
mod convert;
mod data;
mod dict;
mod each;
mod equal;
mod evaluate;
mod exact;
mod exception;
mod failure;
mod flag;
mod format;
mod frame;
mod generated;
mod generator;
mod hash;
mod held;
mod iterator;
mod key;
mod made;
mod matched;
mod memory;
mod method;
mod names;
mod ndarray;
mod number;
mod operate;
mod order;
mod percent;
mod predicate;
mod printed;
mod range;
mod record;
mod session;
mod show;
mod signature;
mod subscript;
mod type_of;
mod types;
mod value;

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crashsite_model::{Dump, Frame};

pub use budget::{INTERRUPTED, Limits};
pub use complete::{Candidate, Completions, Origin};
pub use each::{Each, Outcome, Over, Row, ThreadName, each};
pub use failure::Failure;
pub use held::{Count, Held, Inside};
pub(crate) use predicate::Predicate;
pub use printed::Printed;
pub(crate) use session::on_large_stack;
pub use session::{Answer, Session, print, session};

use crate::expr::tree::Node;
use crate::thread::Place;
use crate::{expr, repr};
use budget::Budget;
use class::Classes;
use session::Answers;
use value::{Scope, Value};

type Res<T> = Result<T, Failure>;

/// The prefix by which the names that begin with `$` reach the parser.
const SPECIAL: &str = "__crashsite_";

/// Where an expression is evaluated, and with what.
struct Context<'a> {
    dump: &'a Dump,
    place: Cell<Place<'a>>,
    /// The dump's Python is Python 2.
    python2: bool,
    version: (u32, u32),
    classes: Classes<'a>,
    names: RefCell<names::Known<'a>>,
    budget: Budget,
    answers: RefCell<Answers<'a>>,
    /// Calls of lambdas within each other.
    depth: Cell<usize>,
}

impl<'a> Context<'a> {
    fn new(dump: &'a Dump, place: Place<'a>, limits: Limits, interrupt: Arc<AtomicBool>) -> Self {
        Context {
            dump,
            place: Cell::new(place),
            python2: repr::is_python2(dump),
            version: dump.process.python.major_minor.unwrap_or((3, 13)),
            classes: Classes::default(),
            names: RefCell::default(),
            budget: Budget::new(limits, interrupt),
            answers: RefCell::default(),
            depth: Cell::new(0),
        }
    }

    fn frame(&self) -> &'a Frame {
        self.place.get().frame
    }

    /// Does something in another place.
    fn within<T>(&self, place: Place<'a>, work: impl FnOnce() -> T) -> T {
        let here = self.place.replace(place);
        let done = work();
        self.place.set(here);
        done
    }

    /// The value of an expression in a place.
    fn ask(&self, place: Place<'a>, tree: &Node) -> Res<Value<'a>> {
        self.within(place, || self.evaluate(tree, &Scope::of_expression(place)))
    }
}

/// The tree of an expression.
fn parse(expression: &str) -> Res<Node> {
    Ok(expr::parse(&with_specials(expression))?)
}

/// A failure of the text with special names as one of the text with `$`.
fn as_written(expression: &str, failure: Failure) -> Failure {
    let text = with_specials(expression);
    let place = |column: u64| {
        let before: String =
            text.chars().take(usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX)).collect();
        column.saturating_sub((before.matches(SPECIAL).count() * (SPECIAL.len() - 1)) as u64).max(1)
    };
    Failure {
        message: failure.message.replace(SPECIAL, "$"),
        column: failure.column.map(place),
        end: failure.end.map(place),
        ..failure
    }
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
pub(crate) fn distance(a: &str, b: &str) -> usize {
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
