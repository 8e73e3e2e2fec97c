//! `info --check`: whether the file is whole, and one digest over all objects.

use std::sync::atomic::{AtomicU64, Ordering};

use crashsite_model::{Digest, Dump, Object};
use serde::Serialize;

use crate::backtrace::At;

/// The number that stands for an object that was never given one.
const NEVER_NUMBERED: u32 = u32::MAX;

/// Bytes of names that are digested at most, of all objects together: so many, and as many more for each byte of the heap.
/// Honest names are some dozens of bytes.
const ROOM: u64 = 64 << 20;
const PER_BYTE: u64 = 64;

/// What a check found.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// Whether nothing is wrong: every part is there and undamaged, every section can be read.
    pub whole: bool,
    /// Objects read.
    pub objects: u64,
    /// References to objects that the file does not hold: a budget was spent, or the file is cut.
    pub missing_references: u64,
    /// SHA-256 over all objects, hexadecimal; docs/dump-format.md section 8.
    pub digest: Option<String>,
    /// What is wrong.
    pub problems: Vec<At>,
}

/// Reads everything, follows every reference once. `checked` tells, to whoever else looks at it, how many objects are done.
pub fn run(dump: &Dump, checked: &AtomicU64) -> Check {
    let (mut objects, mut missing) = (0, 0);
    let inflated: usize = dump.heap.sections().map(|section| section.bytes()).sum();
    let mut digest = Digest::with_room(ROOM.saturating_add(PER_BYTE.saturating_mul(inflated as u64)));
    for object in dump.heap.objects() {
        objects += 1;
        digest.add(&object);
        checked.store(objects, Ordering::Relaxed);
        missing +=
            references(&object).filter(|number| *number == NEVER_NUMBERED || !dump.heap.contains(*number)).count();
    }
    let damaged = dump.problems.iter().filter(|problem| problem.offset.is_some());
    let mut problems: Vec<At> = damaged.chain(&dump.heap.problems()).map(At::from).collect();
    let digest = digest.finish();
    if digest.is_none() {
        let message = "there is no digest: the names of classes and attributes are too long for the number of objects";
        problems.push(At { offset: None, message: message.to_owned() });
    }
    Check {
        whole: problems.is_empty() && dump.complete,
        objects,
        missing_references: missing as u64,
        digest: digest.map(|digest| format!("sha256={digest}")),
        problems,
    }
}

fn references<'a>(object: &Object<'a>) -> impl Iterator<Item = u32> + use<'a> {
    let attributes = object.raw_attributes().map(|(_, value)| value);
    let pairs = object.pairs().flat_map(|(key, value)| [key, value]);
    attributes.chain(object.elements()).chain(pairs)
}
