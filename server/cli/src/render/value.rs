//! A value in one line.

use crashsite_view::text;
use crashsite_view::value::Value;

use crate::output::{Output, line, style};

/// The repr, with the mark of what is not whole; at most `room` characters, where that is given.
pub(crate) fn one_line(value: &Value, room: Option<usize>) -> String {
    let repr = text::escape(&value.repr).into_owned();
    let shown = match room {
        Some(room) => text::shorten(&repr, room).into_owned(),
        None => repr,
    };
    match value.remark() {
        Some(note) => format!("{shown}  {}{note}{}", style::WARNING, style::WARNING.render_reset()),
        None => shown,
    }
}

/// A line of its own about a value that is not whole.
pub(crate) fn remark(value: &Value, output: &mut Output) {
    if let Some(note) = value.remark() {
        line!(output, "  {}{note}{}", style::WARNING, style::WARNING.render_reset());
    }
}
