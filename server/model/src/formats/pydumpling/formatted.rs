//! The exceptions of a crash, from the lines in which pydumpling 0.2 tells of them.
//!
//! An exception is a line `class: message`; one that it came from follows at the same indentation, members of a group at the
//! next, and other lines are notes. Of an exception within a group, what follows at its indentation is taken for the next
//! member. Whether another was the cause or the context is not told; a cause is nearly always the context, too.

use std::borrow::Cow;

use crate::Exception;

/// Lines that are read.
pub(super) const MOST: usize = 10_000;

/// All that the lines tell of, the crash first.
pub(super) fn read(lines: &[Cow<'_, str>]) -> Vec<Exception> {
    let mut found: Vec<Exception> = Vec::new();
    // The last exception at each depth.
    let mut open: Vec<usize> = Vec::new();
    for line in lines {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let text = line.trim_start_matches(' ');
        let depth = (line.len() - text.len()) / 2;
        let Some((class, message)) = class_and_message(text).filter(|_| depth <= open.len()) else {
            if let Some(last) = found.last_mut() {
                last.notes.push(text.into());
            }
            continue;
        };
        let index = found.len();
        let before = open.get(depth).copied();
        open.truncate(depth);
        if let Some(group) = open.last().and_then(|group| found.get_mut(*group)) {
            group.group.push(index);
        } else if let Some(later) = before.and_then(|before| found.get_mut(before)) {
            later.context = Some(index);
        }
        open.push(index);
        found.push(exception(class, message));
    }
    let members: Vec<usize> = found.iter().map(|exception| exception.group.len()).collect();
    for (exception, count) in found.iter_mut().zip(members) {
        if let Some(message) = exception.message.as_deref().and_then(|message| message_of_group(message, count)) {
            exception.message = Some(message.into());
        }
    }
    found
}

/// An exception of which there are words only.
pub(super) fn exception(class: &str, message: &str) -> Exception {
    let (module, qualname) = class.rsplit_once('.').unwrap_or(("builtins", class));
    Exception {
        type_name: qualname.into(),
        module: module.into(),
        qualname: qualname.into(),
        message: Some(message.into()),
        preview: Some(format!("{qualname}({message})").into()),
        ..Exception::default()
    }
}

/// The two halves of a line that begins with a class's name.
fn class_and_message(line: &str) -> Option<(&str, &str)> {
    let (class, message) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
    let words = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '<' | '>');
    let last = class.rsplit('.').next().unwrap_or(class);
    (last.starts_with(|c: char| c.is_uppercase() || c == '_') && class.chars().all(words)).then_some((class, message))
}

/// What a group prints of itself, from the repr of its arguments: `('text', [<A snapshot>, …])`.
fn message_of_group(arguments: &str, members: usize) -> Option<String> {
    let rest = arguments.strip_prefix('(')?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let end = rest.find(&format!("{quote}, [<")).filter(|_| members > 0)?;
    let text = rest.get(1..end)?.replace("\\'", "'").replace("\\n", "\n").replace("\\\\", "\\");
    let plural = if members == 1 { "" } else { "s" };
    Some(format!("{text} ({members} sub-exception{plural})"))
}
