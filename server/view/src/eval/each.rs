//! One expression in many frames.

use std::sync::Arc;

use crashsite_model::Dump;
use serde::{Serialize, Serializer};

use super::session::on_large_stack;
use super::{Context, Failure, Limits, Res, as_written, parse, printed};
use crate::thread::{self, NoSuch, Place, StackRef};
use crate::value::Value;

/// Which frames are asked.
#[derive(Debug, Clone, Copy)]
pub enum Over<'q> {
    /// The frame of this number in every thread.
    Threads(usize),
    /// Of a thread (`None`: the crashed one) every frame, from this number outwards.
    Frames(Option<&'q str>, usize),
}

/// The answer to `print --each`.
#[derive(Debug, Clone, Serialize)]
pub struct Each {
    /// Version of the answer.
    pub schema: u32,
    /// One for every frame, or thread.
    pub answers: Vec<Row>,
}

/// What the expression is in one frame.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The thread.
    pub thread: ThreadName,
    /// The frame's number, 0 the innermost.
    pub frame: usize,
    /// The function's name; `None` where the thread has no such frame.
    pub function: Option<Arc<str>>,
    /// The function's qualified name.
    pub qualname: Option<Arc<str>>,
    /// The value, or why there is none.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A thread, as far as it takes to know which it is.
#[derive(Debug, Clone, Serialize)]
pub struct ThreadName {
    /// Its identifier in the process.
    #[serde(serialize_with = "crate::backtrace::integer")]
    pub id: Option<i128>,
    /// Its name.
    pub name: Option<Arc<str>>,
}

/// A value, or why there is none.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The value.
    Value(Box<Value>),
    /// Why there is none.
    #[serde(serialize_with = "error")]
    Error(Failure),
}

fn error<S: Serializer>(failure: &Failure, serializer: S) -> Result<S::Ok, S::Error> {
    failure.error().serialize(serializer)
}

/// A frame that is asked, if it is there.
struct Asked<'a> {
    stack: StackRef<'a>,
    number: usize,
    place: Result<Place<'a>, NoSuch>,
}

/// The value of an expression in each of these frames. The limits are those of all evaluations together.
///
/// # Errors
/// Where there is no such thread, or the text is no expression.
pub fn each(dump: &Dump, over: Over<'_>, expression: &str, limits: Limits) -> Result<Each, Failure> {
    let asked: Vec<Asked<'_>> = match over {
        Over::Threads(number) => {
            thread::find(dump, None)?;
            let threads = (0..).map_while(|position| StackRef::of_thread(dump, position));
            threads.map(|stack| Asked { stack, number, place: stack.frame(dump, number) }).collect()
        }
        Over::Frames(chosen, first) => {
            let first = thread::place(dump, chosen, first)?;
            let stack = first.stack;
            let numbers = first.number..stack.frames.len();
            numbers.map(|number| Asked { stack, number, place: stack.frame(dump, number) }).collect()
        }
    };
    on_large_stack(|| answers(dump, asked, expression, limits))?.map_err(|failure| as_written(expression, failure))
}

fn answers<'a>(dump: &'a Dump, asked: Vec<Asked<'a>>, expression: &str, limits: Limits) -> Res<Each> {
    let tree = parse(expression)?;
    let mut context = None;
    let mut value = |place: Place<'a>| {
        let context = context.get_or_insert_with(|| Context::new(dump, place, limits, Arc::default()));
        let value = context.ask(place, &tree)?;
        Ok(Outcome::Value(Box::new(printed::of(context, &value)?.value)))
    };
    let row = |Asked { stack, number, place }: Asked<'a>| {
        let frame = place.as_ref().ok().map(|place| place.frame);
        let outcome = place.map_err(Failure::from).and_then(&mut value);
        Row {
            thread: ThreadName { id: stack.thread.and_then(|thread| thread.id), name: stack.name.map(Arc::from) },
            frame: number,
            function: frame.map(|frame| frame.function.clone()),
            qualname: frame.and_then(|frame| frame.qualname.clone()),
            outcome: outcome.unwrap_or_else(|failure| Outcome::Error(as_written(expression, failure))),
        }
    };
    Ok(Each { schema: crate::SCHEMA, answers: asked.into_iter().map(row).collect() })
}
