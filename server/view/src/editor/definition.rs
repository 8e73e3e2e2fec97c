//! Where what an expression held was written: the class of an instance, a function, a class.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crashsite_model::{Dump, Kind, Object};

use super::text::Spot;
use super::{Beside, hover};

/// A line of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Name of the file.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u64,
}

/// Where the class of the value is, or the value itself, if it is a class or a function.
pub fn answer(beside: Beside<'_>, spot: Spot, interrupt: Arc<AtomicBool>) -> Option<Line> {
    let value = hover::answer(beside, spot, interrupt)?.outcome.ok()?.value;
    let object = beside.dump.heap.object(value.id?)?;
    of_object(beside.dump, &object)
}

fn of_object(dump: &Dump, object: &Object<'_>) -> Option<Line> {
    let own = match object.kind() {
        Kind::Class | Kind::Function => Some(*object),
        // A method is one of its function.
        Kind::Method => object.attribute("__func__").and_then(|number| dump.heap.object(number)),
        _ => None,
    };
    let class = || dump.heap.object(object.class()?.class?);
    let (file, line) = own.or_else(class)?.location()?;
    (line > 0).then(|| Line { file: file.text.clone(), line: u64::from(line) })
}
