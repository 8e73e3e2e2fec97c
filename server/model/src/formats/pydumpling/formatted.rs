//! The exceptions of a crash, from the lines in which pydumpling 0.2 tells of them.
//!
//! An exception is a line `class: message`. The one that it came from follows at the same indentation, then the members of a
//! group at the next; other lines are notes. Of the members of a group, its line has the classes, by which they are told from
//! those that another member came from. Whether another was the cause or the context is not told.

use std::borrow::Cow;

use crate::Exception;

/// Lines that are read.
pub(super) const MOST: usize = 10_000;

/// A member of a group whose line is to come.
struct Member<'l> {
    depth: usize,
    class: &'l str,
    group: usize,
}

/// All that the lines tell of, the crash first.
pub(super) fn read(lines: &[Cow<'_, str>]) -> Vec<Exception> {
    let mut found: Vec<Exception> = Vec::new();
    let mut to_come: Vec<Member<'_>> = Vec::new();
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
        // Members of groups that are left.
        while to_come.pop_if(|member| member.depth > depth).is_some() {}
        let before = open.get(depth).copied();
        let of_last = depth + 1 == open.len() && before.is_some();
        let member = to_come.pop_if(|member| member.depth == depth && (member.class == class || !of_last));
        open.truncate(depth);
        let group = member.map(|member| member.group).or_else(|| open.last().copied().filter(|_| !of_last));
        if let Some(group) = group.and_then(|group| found.get_mut(group)) {
            group.group.push(index);
        } else if let Some(later) = before.and_then(|before| found.get_mut(before)) {
            later.context = Some(index);
        }
        open.push(index);
        let group = group_of(message);
        let message = group.as_ref().map_or(message.into(), |(message, _)| message.clone());
        found.push(exception(class, &message));
        let classes = group.into_iter().flat_map(|(_, classes)| classes);
        let members = classes.map(|class| Member { depth: depth + 1, class, group: index });
        let first = to_come.len();
        to_come.extend(members);
        if let Some(members) = to_come.get_mut(first..) {
            members.reverse();
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

/// What a group prints of itself, and the classes of its members, from the repr of its arguments:
/// `('text', [<A snapshot>, …])`.
fn group_of(arguments: &str) -> Option<(String, Vec<&str>)> {
    let rest = arguments.strip_prefix('(')?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
    let (text, members) = rest.get(1..)?.split_once(&format!("{quote}, [<"))?;
    let classes: Vec<&str> =
        members.split(", <").map_while(|member| member.split_once(" snapshot>").map(|(class, _)| class)).collect();
    let text = text.replace("\\'", "'").replace("\\n", "\n").replace("\\\\", "\\");
    let plural = if classes.len() == 1 { "" } else { "s" };
    (!classes.is_empty()).then(|| (format!("{text} ({} sub-exception{plural})", classes.len()), classes))
}
