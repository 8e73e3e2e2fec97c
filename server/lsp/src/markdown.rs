//! Answers as markdown. What comes from a dump stands in code only, behind a fence that is longer than any it holds itself.

use std::fmt::Write as _;

use crashsite_view::children::Child;
use crashsite_view::editor::hover::{Call, Hover};
use crashsite_view::explain::Finding as Cause;
use crashsite_view::text::{escape, shorten};
use crashsite_view::value::{Status, Value};
use tower_lsp_server::gen_lsp_types::{MarkupContent, MarkupKind};

/// Characters of a child's value.
const SHORT: usize = 80;
/// Characters of a sentence about a cause, and lines that support it.
const LONGEST_SENTENCE: usize = 300;
const MOST_LINES: usize = 12;
/// Characters of a name.
const LONGEST_NAME: usize = 60;

/// What an expression held, in which frame, and in the others. `dump` is told where several are open.
pub(crate) fn hover(hover: &Hover, dump: Option<&str>, markdown: bool) -> MarkupContent {
    let mut code = String::new();
    let name = short(&hover.expression, SHORT);
    match &hover.outcome {
        Ok(held) => {
            let _ = write!(code, "{name}: {} = {}", type_name(&held.value), escape(&held.value.repr));
            for child in &held.children {
                let _ = write!(code, "\n    {}", one_child(child));
            }
            let left = held.value.children_count.saturating_sub(held.children.len() as u64);
            if left > 0 {
                let _ = write!(code, "\n    … {left} more");
            }
        }
        Err(failure) => {
            let _ = write!(code, "{name}: {}: {}", failure.kind, escape(&failure.message));
        }
    }
    let mut others = String::new();
    for (at, value) in &hover.others {
        let _ = writeln!(others, "{}: {}", frame(at), short(value, SHORT));
    }
    if hover.more > 0 {
        let _ = writeln!(others, "… {} more calls", hover.more);
    }
    let mut facts = vec![frame(&hover.at)];
    facts.extend(dump.map(|dump| short(dump, SHORT)));
    if let Ok(held) = &hover.outcome {
        facts.extend(held.value.size.map(|size| format!("{size} bytes")));
        facts.extend(remark(&held.value));
    }
    let facts = facts.join(", ");
    if !markdown {
        let others = if others.is_empty() { String::new() } else { format!("\n\n{}", others.trim_end()) };
        return MarkupContent { kind: MarkupKind::PlainText, value: format!("{code}\n\n{facts}{others}") };
    }
    let mut text = format!("{}\n\n{}", block("python", &code), inline(&facts));
    if !others.is_empty() {
        let _ = write!(text, "\n\n{}", block("text", others.trim_end()));
    }
    MarkupContent { kind: MarkupKind::Markdown, value: text }
}

/// A cause, and what supports it.
pub(crate) fn cause(cause: &Cause, markdown: bool) -> MarkupContent {
    let says = short(&cause.says, LONGEST_SENTENCE);
    let lines: Vec<String> =
        cause.lines().iter().take(MOST_LINES).map(|(line, _)| short(line, LONGEST_SENTENCE)).collect();
    let lines = lines.join("\n");
    match (markdown, lines.is_empty()) {
        (false, true) => MarkupContent { kind: MarkupKind::PlainText, value: says },
        (false, false) => MarkupContent { kind: MarkupKind::PlainText, value: format!("{says}\n\n{lines}") },
        (true, true) => MarkupContent { kind: MarkupKind::Markdown, value: inline(&says) },
        (true, false) => {
            let value = format!("{}\n\n{}", inline(&says), block("text", &lines));
            MarkupContent { kind: MarkupKind::Markdown, value }
        }
    }
}

/// What there is of two parts, one below the other.
pub(crate) fn both(first: Option<MarkupContent>, second: Option<MarkupContent>) -> Option<MarkupContent> {
    match (first, second) {
        (Some(first), Some(second)) => {
            Some(MarkupContent { kind: first.kind, value: format!("{}\n\n{}", first.value, second.value) })
        }
        (first, second) => first.or(second),
    }
}

/// Values beside a line, longer.
pub(crate) fn values(values: &[(std::sync::Arc<str>, Value)], markdown: bool) -> MarkupContent {
    let line = |(name, value): &(std::sync::Arc<str>, Value)| {
        format!("{}: {} = {}", short(name, LONGEST_NAME), type_name(value), escape(&value.repr))
    };
    let code = values.iter().map(line).collect::<Vec<_>>().join("\n");
    if markdown {
        MarkupContent { kind: MarkupKind::Markdown, value: block("python", &code) }
    } else {
        MarkupContent { kind: MarkupKind::PlainText, value: code }
    }
}

fn block(language: &str, code: &str) -> String {
    let fence = "`".repeat((longest_run(code) + 1).max(3));
    format!("{fence}{language}\n{code}\n{fence}")
}

fn inline(code: &str) -> String {
    let fence = "`".repeat(longest_run(code) + 1);
    format!("{fence} {code} {fence}")
}

/// The longest row of backticks.
fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn short(text: &str, most: usize) -> String {
    escape(&shorten(text, most)).into_owned()
}

fn frame(call: &Call) -> String {
    format!("frame {} of {}, {}", call.frame, call.thread_name, short(&call.function, LONGEST_NAME))
}

fn type_name(value: &Value) -> String {
    let name = short(&value.type_name, LONGEST_NAME);
    match &*value.module {
        "" | "builtins" | "__builtin__" | "exceptions" => name,
        module => format!("{}.{name}", short(module, LONGEST_NAME)),
    }
}

fn one_child(child: &Child) -> String {
    let value = short(&child.value.repr, SHORT);
    match (&child.name, child.index, &child.key) {
        (Some(name), ..) => format!("{} = {value}", short(name, LONGEST_NAME)),
        (_, Some(index), _) => format!("[{index}] = {value}"),
        (_, _, Some(key)) => format!("{}: {value}", short(&key.repr, LONGEST_NAME)),
        _ => value,
    }
}

/// What is not as it should be with a value.
fn remark(value: &Value) -> Option<String> {
    match (value.status, value.full_length) {
        (Status::Ok, _) => None,
        (Status::Cut, Some(length)) => Some(format!("cut: {length} long")),
        (Status::Cut, None) => Some("cut".to_owned()),
        (Status::Redacted, _) => Some("left out by a rule".to_owned()),
        (Status::Missing, _) => Some("not in the dump".to_owned()),
        (Status::Changed, _) => Some("changed while it was read".to_owned()),
        (Status::Brief, _) => Some("of the library: name and place only".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{block, inline};

    #[test]
    fn nothing_gets_out_of_code() {
        assert_eq!(block("python", "a = '```'"), "````python\na = '```'\n````");
        assert_eq!(inline("a `b`` c"), "``` a `b`` c ```");
        assert_eq!(inline("a"), "` a `");
    }
}
