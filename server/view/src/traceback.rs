//! A traceback as text, in Python's own words.

use crashsite_model::{Dump, Exception};

use crate::exception::{class_name, message};
use crate::source::Lines;
use crate::text::{escape, shorten};

/// Frames of one traceback, innermost.
const MOST_FRAMES: usize = 50;
/// Exceptions of a chain, and members of a group.
const MOST: usize = 20;
/// Characters of a line.
const LONGEST: usize = 500;

/// How Python tells an exception, without those that it came from; nothing where there is no such exception.
pub fn of_exception(dump: &Dump, index: usize) -> String {
    let Some(raised) = dump.exceptions.get(index) else { return String::new() };
    let mut out = String::new();
    let crashed = || dump.threads.iter().find(|thread| thread.crashed && index == 0);
    let frames = match crashed() {
        Some(thread) if raised.frames.is_empty() => &thread.frames,
        _ => &raised.frames,
    };
    if !frames.is_empty() {
        out.push_str("Traceback (most recent call last):\n");
    }
    if let Some(left @ 1..) = frames.len().checked_sub(MOST_FRAMES) {
        out.push_str(&format!("  … {left} frames further out\n"));
    }
    let mut lines = Lines::new(dump);
    for frame in frames.iter().take(MOST_FRAMES).rev().filter_map(|index| dump.frames.get(*index)) {
        let (line, name) = (frame.line.unwrap_or(0), frame.qualname.as_ref().unwrap_or(&frame.function));
        out.push_str(&format!("  File \"{}\", line {line}, in {}\n", clean(&frame.file), clean(name)));
        if let Some(text) = lines.line(&frame.file, line) {
            out.push_str(&format!("    {}\n", clean(text.trim())));
        }
    }
    told(dump, raised, &mut out);
    for (shown, member) in raised.group.iter().enumerate() {
        if shown == MOST {
            out.push_str(&format!("  … {} more\n", raised.group.len() - shown));
            break;
        }
        let mut inner = String::new();
        dump.exceptions.get(*member).inspect(|member| told(dump, member, &mut inner));
        inner.lines().for_each(|line| out.push_str(&format!("  | {line}\n")));
    }
    out
}

/// How Python tells the crash: what it came from first.
pub fn of_crash(dump: &Dump) -> String {
    let mut chain = Vec::new();
    let mut next = dump.exceptions.first().map(|_| (0, ""));
    while let Some((index, before)) = next {
        let Some(raised) = dump.exceptions.get(index).filter(|_| chain.len() < MOST) else { break };
        if chain.iter().any(|(seen, _)| *seen == index) {
            break;
        }
        chain.push((index, before));
        let context = raised.context.filter(|_| !raised.suppress_context);
        next = match (raised.cause, context) {
            (Some(cause), _) => {
                Some((cause, "\nThe above exception was the direct cause of the following exception:\n\n"))
            }
            (None, context) => context
                .map(|context| (context, "\nDuring handling of the above exception, another exception occurred:\n\n")),
        };
    }
    chain.iter().rev().map(|(index, before)| of_exception(dump, *index) + before).collect()
}

/// Its last line, with the notes.
fn told(dump: &Dump, raised: &Exception, out: &mut String) {
    let said = message(dump, raised);
    let mut rows = said.lines().map(clean);
    let first = rows.next().filter(|row| !row.is_empty());
    out.push_str(&clean(class_name(raised)));
    out.push_str(&first.map_or_else(String::new, |row| format!(": {row}")));
    out.push('\n');
    let notes = raised.notes.iter().flat_map(|note| note.lines()).map(clean);
    for row in rows.chain(notes).take(MOST) {
        out.push_str(&row);
        out.push('\n');
    }
}

fn clean(text: &str) -> String {
    escape(&shorten(text, LONGEST)).into_owned()
}
