//! The value of an expression, and what it holds.

use crashsite_model::Dump;
use crashsite_view::children::Child;
use crashsite_view::eval::Printed;
use crashsite_view::{repr, text};

use super::value;
use crate::output::{Output, line, put, style};

/// Characters of the value itself, on the screen; children are shorter.
const LONGEST: usize = 4000;

/// The value, after what is in front of it in its line, and its children.
pub(crate) fn show(dump: &Dump, before: &str, printed: &Printed, output: &mut Output) {
    let (dim, off) = (style::DIM, style::DIM.render_reset());
    line!(output, "{dim}{before}{off}{}", whole(dump, &printed.value));
    value::remark(&printed.value, output);
    if let Some(table) = &printed.table {
        table.iter().for_each(|row| line!(output, "  {}", text::escape(row)));
        return;
    }
    let width = output.width();
    for child in &printed.children {
        put!(output, "  ");
        let name = name(child);
        put!(output, "{}{name}{}", style::VARIABLE, style::VARIABLE.render_reset());
        let equals = if child.key.is_some() { ": " } else { " = " };
        let room = width.map(|width| width.saturating_sub(name.chars().count() + 6).max(30));
        line!(output, "{equals}{}", value::one_line(&child.value, room));
    }
    let left = printed.value.children_count.saturating_sub(printed.children.len() as u64);
    if left > 0 {
        line!(output, "  {dim}… {left} more: ask for an element or a slice, or --json{off}");
    }
}

/// The value's own text: longer than in a list of values.
fn whole(dump: &Dump, value: &crashsite_view::value::Value) -> String {
    let object = value.id.and_then(|id| dump.heap.object(id));
    let text = match &object {
        Some(object) if value.repr.ends_with('…') => repr::of_object(dump, object, LONGEST),
        _ => value.repr.to_string(),
    };
    text::escape(&text).into_owned()
}

fn name(child: &Child) -> String {
    let found = match (&child.name, &child.index, &child.key) {
        (Some(name), ..) => name.to_string(),
        (_, Some(index), _) => format!("[{index}]"),
        (_, _, Some(key)) => key.repr.to_string(),
        _ => "?".to_owned(),
    };
    text::escape(&text::shorten(&found, 60)).into_owned()
}
