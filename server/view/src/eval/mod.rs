//! `print`: the value of an expression in a frame.
//!
//! Objects are read where they lie; nothing of the program's is run. What would have to be is refused by name, never
//! approximated.

mod attribute;
mod failure;
mod subscript;

use crashsite_model::{Dump, Frame, Local, Object};
use serde::Serialize;

pub use failure::Failure;

use crate::children::{self, Child, PAGE};
use crate::expr::{self, Step};
use crate::repr::is_python2;
use crate::value::{Status, Value};
use crate::{repr, thread};

/// The answer to `print`.
#[derive(Debug, Clone, Serialize)]
pub struct Printed {
    /// Version of the answer.
    pub schema: u32,
    /// The value.
    #[serde(flatten)]
    pub value: Value,
    /// What it holds: the first hundred.
    pub children: Vec<Child>,
}

/// What a step of an expression has led to.
#[derive(Debug, Clone)]
enum Found<'a> {
    /// An object of the heap.
    Object(Object<'a>),
    /// A local variable of which the file has the preview only.
    Preview(&'a Local),
    /// Text that is no object: part of a str.
    Text(Vec<u8>),
    /// Bytes that are no object.
    Bytes(Vec<u8>),
    /// An int that is no object: a byte of bytes.
    Int(i64),
    /// A slice of a list or tuple.
    Sequence {
        /// Whether it is a tuple.
        tuple: bool,
        /// Its elements.
        numbers: Vec<u32>,
    },
    /// `None`, `True`, `False`, where the program has no such object in the file.
    Constant(&'static str),
}

/// The value of an expression. `chosen` names the thread (`None`: the crashed one); frame 0 is the innermost.
///
/// # Errors
/// Where the expression has no value in that frame; the failure says why, by the name of the exception that Python would
/// raise where there is one.
pub fn print(dump: &Dump, chosen: Option<&str>, frame: usize, expression: &str) -> Result<Printed, Failure> {
    let path = expr::parse(expression)?;
    let (_, thread) = thread::find(dump, chosen)?;
    let frame = thread::frame(dump, thread, frame)?;
    let mut found = name(dump, frame, &path.name).map_err(|failure| failure.at(path.column))?;
    for (step, column) in &path.steps {
        let next = match step {
            Step::Attribute(name) => attribute::of(dump, &found, name),
            Step::Subscript(key) => subscript::of(dump, &found, key),
            Step::Slice(lower, upper, step) => subscript::slice(dump, &found, *lower, *upper, *step),
        };
        found = next.map_err(|failure| failure.at(*column))?;
    }
    Ok(printed(dump, &found))
}

/// A name: a local variable, a global of the frame's module, or one of the three constants.
fn name<'a>(dump: &'a Dump, frame: &'a Frame, name: &str) -> Result<Found<'a>, Failure> {
    if let Some(local) = frame.locals.iter().find(|local| &*local.name == name) {
        let object = local.object.and_then(|number| dump.heap.object(number));
        return Ok(object.map_or(Found::Preview(local), Found::Object));
    }
    if let Some(globals) = frame.globals.and_then(|number| dump.heap.object(number))
        && let Ok(found) = subscript::of(dump, &Found::Object(globals), &expr::Key::Text(name.to_owned()))
    {
        return Ok(found);
    }
    let constant = ["None", "True", "False"].into_iter().find(|constant| *constant == name);
    constant.map(Found::Constant).ok_or_else(|| {
        let near = nearest(name, frame.locals.iter().map(|local| &*local.name));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        Failure::new("NameError", format!("name '{name}' is not defined in {}{hint}", frame.function))
    })
}

/// An object by its number, or that it was not captured.
fn object(dump: &Dump, number: u32) -> Result<Found<'_>, Failure> {
    dump.heap.object(number).map(Found::Object).ok_or_else(|| {
        Failure::new("NotCaptured", "the dump refers to this object, but does not hold it")
            .remedy("A budget of the capture was spent, or the file is cut: see `crashsite info`.")
    })
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

fn printed(dump: &Dump, found: &Found<'_>) -> Printed {
    let most = crate::value::LONGEST_REPR + 1;
    let (value, children) = match found {
        Found::Object(object) => (Value::of_object(dump, object), children::page(dump, object, 0, PAGE)),
        Found::Preview(local) => (Value { status: Status::Missing, ..Value::of_local(dump, local) }, Vec::new()),
        Found::Text(text) if is_python2(dump) => {
            (Value::made("unicode", "__builtin__", repr::unicode_repr(text, most), 0), Vec::new())
        }
        Found::Bytes(bytes) if is_python2(dump) => {
            (Value::made("str", "__builtin__", repr::python2_str_repr(bytes, most), 0), Vec::new())
        }
        Found::Text(text) => (Value::made("str", "builtins", repr::text_repr(text, most), 0), Vec::new()),
        Found::Bytes(bytes) => (Value::made("bytes", "builtins", repr::bytes_repr(bytes, most), 0), Vec::new()),
        Found::Int(number) => (Value::made("int", "builtins", number.to_string(), 0), Vec::new()),
        Found::Constant(text) => {
            let class = if *text == "None" { "NoneType" } else { "bool" };
            (Value::made(class, "builtins", (*text).to_owned(), 0), Vec::new())
        }
        Found::Sequence { tuple, numbers } => {
            let text = repr::of_sequence(dump, numbers, *tuple, most);
            let class = if *tuple { "tuple" } else { "list" };
            let children = numbers.iter().zip(0..).take(PAGE).map(|(number, index)| Child {
                name: None,
                index: Some(index),
                key: None,
                value: Value::of_number(dump, *number),
            });
            (Value::made(class, "builtins", text, numbers.len() as u64), children.collect())
        }
    };
    Printed { schema: crate::SCHEMA, value, children }
}
