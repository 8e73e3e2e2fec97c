//! The exception and what it came from.

use crashsite_model::{Dump, Exception};
use crashsite_view::exception::{class_name, message};
use crashsite_view::text;

use crate::output::{Output, line, put, style};

/// Exceptions of a chain that are shown.
const MOST: usize = 20;

/// The crash, then where it came from, one after the other; members of a group are indented.
pub(crate) fn chain(dump: &Dump, output: &mut Output) {
    if dump.exceptions.is_empty() {
        return;
    }
    let mut seen = vec![false; dump.exceptions.len()];
    // (index, depth, what it is to the one before)
    let mut tasks = vec![(0_usize, 0_usize, "")];
    let mut shown = 0;
    while let Some((index, depth, relation)) = tasks.pop() {
        let Some(exception) = dump.exceptions.get(index) else { continue };
        let Some(mark) = seen.get_mut(index) else { continue };
        if std::mem::replace(mark, true) {
            continue;
        }
        if shown == MOST {
            let (dim, off) = (style::DIM, style::DIM.render_reset());
            line!(output, "{dim}… more: crashsite bt --json{off}");
            break;
        }
        shown += 1;
        one(dump, exception, index, depth.min(10), relation, output);
        if let Some(context) = exception.context.filter(|_| exception.cause.is_none() && !exception.suppress_context) {
            tasks.push((context, depth, "while handling"));
        }
        if let Some(cause) = exception.cause {
            tasks.push((cause, depth, "caused by"));
        }
        for (number, member) in exception.group.iter().enumerate().rev() {
            tasks.push((*member, depth + 1, if number == 0 { "group of" } else { "and" }));
        }
    }
    line!(output);
}

fn one(dump: &Dump, exception: &Exception, index: usize, depth: usize, relation: &str, output: &mut Output) {
    let indent = depth * 2;
    let (dim, error, off) = (style::DIM, style::ERROR, style::DIM.render_reset());
    put!(output, "{:indent$}", "");
    if !relation.is_empty() {
        put!(output, "{dim}{relation}{off} ");
    }
    put!(output, "{error}{}{off}", text::escape(class_name(exception)));
    let said = message(dump, exception);
    let mut rows = said.lines();
    if let Some(first) = rows.next().filter(|row| !row.is_empty()) {
        put!(output, ": {}", text::escape(&text::shorten(first, 500)));
    }
    let frames = || exception.frames.iter().filter_map(|frame| dump.frames.get(*frame));
    if index != 0
        && let Some(frame) = frames().find(|frame| !frame.library).or_else(|| frames().next())
    {
        let place = format!("in {} at {}:{}", frame.function, frame.file, frame.line.unwrap_or(0));
        put!(output, "  {dim}{}{off}", text::escape(&place));
    }
    line!(output);
    for row in rows.take(30).chain(exception.notes.iter().flat_map(|note| note.lines()).take(20)) {
        line!(output, "{:indent$}  {}", "", text::escape(&text::shorten(row, 500)));
    }
}
