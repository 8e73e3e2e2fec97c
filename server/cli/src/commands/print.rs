//! `print`: the value of an expression.

use crashsite_model::{Dump, Limits};
use crashsite_view::children::Child;
use crashsite_view::{eval, repr, text};

use super::open;
use crate::arguments::Print;
use crate::failure::Failure;
use crate::output::{Output, line, put, style};
use crate::render::value;

/// Characters of the value itself, on the screen; children are shorter.
const LONGEST: usize = 4000;

pub(crate) fn run(question: &Print, limits: Limits, output: &mut Output) -> Result<(), Failure> {
    let dump = open(&question.dump, limits)?;
    let (place, expression) = (&question.place, &question.expression);
    let answer = eval::print(&dump, place.thread.as_deref(), place.frame, expression, question.effort.limits());
    if question.form.json {
        return match answer {
            Ok(printed) => output.json(&printed),
            Err(failure) => {
                output.json(&failure)?;
                output.finish()?;
                Err(Failure::said())
            }
        };
    }
    let printed = answer.map_err(|failure| Failure::of_expression(expression, failure))?;
    line!(output, "{}", whole(&dump, &printed.value));
    value::remark(&printed.value, output);
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
        let (dim, off) = (style::DIM, style::DIM.render_reset());
        line!(output, "  {dim}… {left} more: ask for an element or a slice, or --json{off}");
    }
    Ok(())
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
