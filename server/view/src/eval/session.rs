//! Expressions one after the other: each sees the answers to those before it, `$0`, `$1`, …

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crashsite_model::Dump;

use super::value::Value;
use super::{Context, Failure, Limits, Printed, Res, as_written, parse, printed};
use crate::thread::{self, Place};

/// Bytes of stack for the evaluation: what recurses is bounded, by the length of an expression and by the `DEEPEST` of the
/// modules, but each step takes its room.
const STACK: usize = 256 << 20;

/// Questions to one dump. It stays in the thread it was made in, because of the values that it keeps.
pub struct Session<'a> {
    context: Context<'a>,
    limits: Limits,
}

/// A numbered answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// `$0` is the first.
    pub number: usize,
    /// The value.
    pub printed: Printed,
}

/// Does the work with a session, in a thread that has the stack for it. The limits are those of each evaluation. Setting
/// `interrupt` ends the one that is going on, or the next, with [`INTERRUPTED`](super::INTERRUPTED), and is thereby done.
///
/// # Errors
/// Where there is no memory for the thread.
pub fn session<'a, T: Send>(
    dump: &'a Dump,
    place: Place<'a>,
    limits: Limits,
    interrupt: Arc<AtomicBool>,
    work: impl FnOnce(&Session<'a>) -> T + Send,
) -> Result<T, Failure> {
    on_large_stack(|| work(&Session { context: Context::new(dump, place, limits, interrupt), limits }))
}

pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    std::thread::scope(|scope| {
        let evaluation = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        match evaluation.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(Failure::new("Limit", format!("there is no memory for the evaluation: {error}"))),
        }
    })
}

/// The value of one expression. `chosen` names the thread (`None`: the crashed one); frame 0 is the innermost.
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
    let place = thread::place(dump, chosen, frame)?;
    session(dump, place, limits, Arc::default(), |session| session.answer(expression))?.map(|answer| answer.printed)
}

impl<'a> Session<'a> {
    /// Where expressions are evaluated.
    pub fn place(&self) -> Place<'a> {
        self.context.place.get()
    }

    /// From now on, expressions are evaluated there.
    pub fn go(&self, place: Place<'a>) {
        self.context.place.set(place);
    }

    /// The value of an expression, which later ones know by its number.
    ///
    /// # Errors
    /// As [`print`].
    pub fn answer(&self, expression: &str) -> Result<Answer, Failure> {
        self.context.budget.renew(self.limits);
        self.evaluate(expression).map_err(|failure| as_written(expression, failure))
    }

    fn evaluate(&self, expression: &str) -> Res<Answer> {
        let context = &self.context;
        let value = context.ask(self.place(), &parse(expression)?)?;
        let printed = printed::of(context, &value)?;
        let bytes = held(&value, context.budget.made());
        let number = context.answers.borrow_mut().add(value, bytes, self.limits.memory);
        Ok(Answer { number, printed })
    }

    pub(super) fn context(&self) -> &Context<'a> {
        &self.context
    }

    /// The session's context, for a question beside the answers, which has a budget of its own.
    pub(super) fn beside(&self, most: Limits) -> &Context<'a> {
        let own = self.limits;
        self.context.budget.renew(Limits {
            steps: own.steps.min(most.steps),
            memory: own.memory.min(most.memory),
            milliseconds: own.milliseconds.min(most.milliseconds),
        });
        &self.context
    }
}

/// Bytes that a value keeps, at most, of those that its evaluation made.
pub(super) fn held(value: &Value<'_>, made: u64) -> u64 {
    let own = size_of::<(Value<'_>, u64)>() as u64;
    match value {
        Value::Object(_)
        | Value::Raw(_)
        | Value::Preview(_)
        | Value::None
        | Value::Bool(_)
        | Value::Ellipsis
        | Value::NotImplemented
        | Value::Int(_)
        | Value::Float(_)
        | Value::Complex(..)
        | Value::Range(..)
        | Value::Class(_)
        | Value::Function(_) => own,
        Value::Text(text) | Value::Bytes(text) => own + text.len() as u64,
        _ => own.saturating_add(made),
    }
}

/// The latest answers, as far as they take no more memory together than an evaluation may.
#[derive(Debug, Default)]
pub(super) struct Answers<'a> {
    /// With their bytes; the newest is last.
    kept: VecDeque<(Value<'a>, u64)>,
    bytes: u64,
    /// How many were let go.
    gone: usize,
    most: u64,
}

impl<'a> Answers<'a> {
    /// Adds an answer, which gets this number.
    fn add(&mut self, value: Value<'a>, bytes: u64, most: u64) -> usize {
        self.kept.push_back((value, bytes));
        self.bytes = self.bytes.saturating_add(bytes);
        self.most = most;
        while self.bytes > most && self.kept.len() > 1 {
            let Some((_, bytes)) = self.kept.pop_front() else { break };
            self.bytes -= bytes;
            self.gone += 1;
        }
        self.gone + self.kept.len() - 1
    }

    /// The numbers of those that are kept.
    pub(super) fn numbers(&self) -> std::ops::Range<usize> {
        self.gone..self.gone + self.kept.len()
    }

    /// The answer of that number.
    pub(super) fn get(&self, number: usize) -> Res<Value<'a>> {
        match number.checked_sub(self.gone) {
            Some(index) => self.kept.get(index).map(|kept| kept.0.clone()).ok_or_else(|| {
                Failure::new("NameError", format!("there is no answer ${number} yet"))
                    .remedy("The answers of a session are $0, $1, … in their order: `crashsite repl`.")
            }),
            None => {
                let message = format!(
                    "the answer ${number} is not kept: the latest ones may take {} bytes together (--max-memory)",
                    self.most
                );
                Err(Failure::new("Limit", message).remedy("Ask its question again, or raise --max-memory."))
            }
        }
    }
}
