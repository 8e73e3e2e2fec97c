//! All captured objects of which an expression is true, each with a way to it from a frame.
//!
//! The way the search goes: [`reach`] walks the heap from the frames, what is near first; the expression is asked of each
//! object that it comes to; [`path`] tells how a hit was reached.

mod path;
mod reach;

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use crashsite_model::{Dump, Object};
use serde::Serialize;

use crate::eval::{self, Failure, Limits, Predicate};
use crate::thread;
use crate::value::Value;
pub(crate) use path::{is_name, onward};
use reach::Reach;

/// What is searched for, and where its names are looked up.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The condition: an expression in which `o` is the object.
    pub expression: &'a str,
    /// The thread whose frame gives the expression its other names; `None`: the crashed one.
    pub thread: Option<&'a str>,
    /// That frame: 0 is the innermost.
    pub frame: usize,
    /// What the whole search may take; the memory is that of one object's question.
    pub limits: Limits,
}

/// An object of which the expression is true.
#[derive(Debug, Clone, Serialize)]
pub struct Hit {
    /// A way to it: `MainThread#2.orders[17]`.
    pub path: String,
    /// The thread of that way, its position from 1; `None` where no frame leads to the object.
    pub thread: Option<u64>,
    /// The frame, 0 the innermost.
    pub frame: Option<u64>,
    /// What gives the object there: `orders[17]`.
    pub expression: String,
    /// The object.
    #[serde(flatten)]
    pub value: Value,
}

/// Objects of which the dump cannot tell, and why.
#[derive(Debug, Clone, Serialize)]
pub struct Undecided {
    /// `NeedsCode`, `NotCaptured`, `NotSupported`, `Redacted`, `Limit`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What the first of them met.
    pub message: String,
    /// Where in the expression: characters from 1.
    pub column: Option<u64>,
    /// How many objects.
    pub count: u64,
    /// A way to the first.
    pub path: String,
}

/// Objects for which the expression raised: they count as no hit.
#[derive(Debug, Clone, Serialize)]
pub struct Raised {
    /// The exception.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// How many objects.
    pub count: u64,
}

/// What a search came to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Found {
    /// Hits, those included that were not told.
    pub count: u64,
    /// Objects that were asked about.
    pub searched: u64,
    /// Those of which it cannot be told, by reason.
    pub undecided: Vec<Undecided>,
    /// Those of which it cannot be told for still other reasons.
    pub untold: u64,
    /// Those for which the expression raised, by exception.
    pub raised: Vec<Raised>,
    /// Why the search ended before all objects were asked about.
    #[serde(skip)]
    pub stopped: Option<Failure>,
}

/// Reasons that are told apart.
const MOST_REASONS: usize = 20;

/// Takes a hit, and says whether to go on.
pub type Told<'t> = dyn FnMut(Hit) -> ControlFlow<()> + Send + 't;

/// Asks about every object. `found` is given each hit as soon as it is known, `searched` counts the objects meanwhile.
///
/// # Errors
/// Where the expression is none, where a name in it is not known in the frame, where there is no such frame.
pub fn find(dump: &Dump, question: Question<'_>, searched: &AtomicU64, found: &mut Told<'_>) -> Result<Found, Failure> {
    let place = thread::place(dump, question.thread, question.frame)?;
    eval::on_large_stack(|| {
        let predicate = Predicate::new(dump, place, question.expression, question.limits)?;
        // The walk needs sections in no order of theirs: another thread decodes them while it is at work.
        std::thread::scope(|scope| {
            scope.spawn(|| dump.heap.load_all());
            search(dump, &predicate, searched, found)
        })
    })?
}

fn search<'a>(
    dump: &'a Dump,
    predicate: &Predicate<'a, '_>,
    searched: &AtomicU64,
    found: &mut Told<'_>,
) -> Result<Found, Failure> {
    let mut answer = Found::default();
    let mut reach = Reach::new(dump);
    while let Some(object) = reach.next() {
        answer.searched += 1;
        searched.store(answer.searched, Ordering::Relaxed);
        match predicate.holds(object) {
            Ok(false) => {}
            Ok(true) => {
                answer.count += 1;
                if found(hit(dump, &reach, object)).is_break() {
                    break;
                }
            }
            Err(failure) if predicate.spent() => {
                answer.searched -= 1;
                answer.stopped = Some(failure);
                break;
            }
            // What no object can change.
            Err(failure) if matches!(failure.kind, "NameError" | "SyntaxError") => return Err(failure),
            Err(failure) => answer.count_failure(failure, || path::of(&reach, object).path),
        }
    }
    Ok(answer)
}

fn hit(dump: &Dump, reach: &Reach<'_>, object: Object<'_>) -> Hit {
    let path::Path { path, expression, place } = path::of(reach, object);
    let (thread, frame) = place.unzip();
    Hit { path, thread, frame, expression, value: Value::of_object(dump, &object) }
}

impl Found {
    fn count_failure(&mut self, failure: Failure, path: impl FnOnce() -> String) {
        let Failure { kind, message, column, .. } = failure;
        if !matches!(kind, "NeedsCode" | "NotCaptured" | "NotSupported" | "Redacted" | "Limit") {
            match self.raised.iter_mut().find(|known| known.kind == kind) {
                Some(known) => known.count += 1,
                None => self.raised.push(Raised { kind, count: 1 }),
            }
            return;
        }
        // Of code it matters which; of what the dump lacks, where in the expression.
        let same = |known: &&mut Undecided| {
            known.kind == kind && if kind == "NeedsCode" { known.message == message } else { known.column == column }
        };
        let full = self.undecided.len() >= MOST_REASONS;
        match self.undecided.iter_mut().find(same) {
            Some(known) => known.count += 1,
            None if !full => {
                self.undecided.push(Undecided { kind, message, column, count: 1, path: path() });
            }
            None => self.untold += 1,
        }
    }
}
