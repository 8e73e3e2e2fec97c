//! The frames of the crashed thread, and their locals.

use std::collections::HashMap;

use crashsite_model::{Dump, Frame, Local};

use super::align::align;
use super::graph::Walk;
use super::{Change, FrameChange, How, LocalChange, change, without_addresses};
use crate::backtrace::stack_frame;
use crate::source::Lines;
use crate::value::Value;

/// The frames that differ, and how many do not.
pub(super) fn compare(a: &Dump, b: &Dump, not_compared: &mut Vec<String>) -> (Vec<FrameChange>, usize) {
    let (frames_a, frames_b) = (crashed(a), crashed(b));
    let (keys_a, keys_b) = keys(&frames_a, &frames_b);
    let (pairs, apart) = align(&keys_a, &keys_b);
    if apart {
        not_compared.push("frames: the stacks are too long and too different to be aligned".to_owned());
    }
    let (mut lines_a, mut lines_b) = (Lines::new(a), Lines::new(b));
    let mut walk = Walk::new(a, b);
    let (mut found, mut alike) = (Vec::new(), 0);
    for (number_a, number_b) in pairs {
        let in_a = number_a.and_then(|number| Some((number, *frames_a.get(number)?)));
        let in_b = number_b.and_then(|number| Some((number, *frames_b.get(number)?)));
        let shown_a = in_a.map(|(number, frame)| stack_frame(a, &mut lines_a, number, frame, false));
        let shown_b = in_b.map(|(number, frame)| stack_frame(b, &mut lines_b, number, frame, false));
        let (changes, locals) = match (in_a, in_b) {
            (Some((_, in_a)), Some((_, in_b))) => (place(in_a, in_b), locals(in_a, in_b, &mut walk)),
            _ => (Vec::new(), Vec::new()),
        };
        if in_a.is_some() && in_b.is_some() && changes.is_empty() && locals.is_empty() {
            alike += 1;
        } else {
            found.push(FrameChange { a: shown_a, b: shown_b, changes, locals });
        }
    }
    not_compared.extend(walk.not_compared());
    (found, alike)
}

/// The frames of the crashed (or current) thread, innermost first.
fn crashed(dump: &Dump) -> Vec<&Frame> {
    let indexes = dump.threads.first().map(|thread| &thread.frames);
    let indexes = indexes.or_else(|| dump.exceptions.first().map(|raised| &raised.frames));
    indexes.into_iter().flatten().filter_map(|index| dump.frames.get(*index)).collect()
}

/// A number for each frame, the same for the same function of the same file: its name, wherever it lay on that machine.
fn keys<'a>(a: &[&'a Frame], b: &[&'a Frame]) -> (Vec<usize>, Vec<usize>) {
    let mut numbers: HashMap<(&'a str, &'a str), usize> = HashMap::new();
    let mut number = |frame: &&'a Frame| {
        let file = frame.file.rsplit(['/', '\\']).next().unwrap_or_default();
        let next = numbers.len();
        *numbers.entry((&frame.function, file)).or_insert(next)
    };
    let keys_a = a.iter().map(&mut number).collect();
    (keys_a, b.iter().map(&mut number).collect())
}

/// What differs of the place. Columns are compared where both dumps have them: older Pythons do not tell them.
fn place(a: &Frame, b: &Frame) -> Vec<Change> {
    let number = |number: Option<u64>| number.map(|number| number.to_string().into());
    let columns = a.line == b.line && a.column.is_some() && b.column.is_some();
    let column = |frame: &Frame| number(frame.column.filter(|_| columns).map(|column| column.saturating_add(1)));
    let pairs = [
        ("file", Some(a.file.clone()), Some(b.file.clone())),
        ("line", number(a.line), number(b.line)),
        ("column", column(a), column(b)),
    ];
    pairs.into_iter().filter_map(|(what, a, b)| change(what, a.as_ref(), b.as_ref())).collect()
}

fn locals(a: &Frame, b: &Frame, walk: &mut Walk<'_>) -> Vec<LocalChange> {
    let mut others: HashMap<&str, &Local> = b.locals.iter().rev().map(|local| (&*local.name, local)).collect();
    let mut found = Vec::new();
    for local in &a.locals {
        match others.remove(&*local.name) {
            Some(other) => found.extend(values(local, other, walk)),
            None => found.push(only(How::OnlyA, local, Some(Value::of_local(walk.a, local)), None)),
        }
    }
    for local in b.locals.iter().filter(|local| others.contains_key(&*local.name)) {
        found.push(only(How::OnlyB, local, None, Some(Value::of_local(walk.b, local))));
    }
    found
}

fn only(how: How, local: &Local, a: Option<Value>, b: Option<Value>) -> LocalChange {
    LocalChange { path: local.name.to_string(), how, a, b }
}

/// What differs between the values of one variable: object by object where both heaps hold them, else by the previews.
fn values(a: &Local, b: &Local, walk: &mut Walk<'_>) -> Vec<LocalChange> {
    let walked = match (a.object, b.object) {
        (Some(object_a), Some(object_b)) => walk.compare(&a.name, object_a, object_b),
        _ => None,
    };
    let by_text_alone = walked.is_none();
    if let Some(found) = walked
        && (found.complete || !found.changes.is_empty())
    {
        return found.changes;
    }
    let (value_a, value_b) = (Value::of_local(walk.a, a), Value::of_local(walk.b, b));
    let how = if (&value_a.type_name, &value_a.module) != (&value_b.type_name, &value_b.module) {
        How::Type
    } else if without_addresses(&value_a.repr) != without_addresses(&value_b.repr) {
        How::Value
    } else {
        let tells_all = !value_a.repr.contains('…') && !value_a.repr.contains("0x");
        walk.shortened += usize::from(by_text_alone && !tells_all);
        return Vec::new();
    };
    vec![only(how, a, Some(value_a), Some(value_b))]
}
