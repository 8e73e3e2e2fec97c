//! `locals`: the variables of one frame.

use crashsite_model::Dump;
use crashsite_view::thread::{self, Place};
use crashsite_view::{locals, text};

use crate::arguments::Locals;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::render::{padded, value, width};

/// Columns of a name or type, from which on it pushes what follows to the right.
const WIDEST: usize = 24;

pub(super) fn run(dump: &Dump, question: &Locals, output: &mut Output) -> Result<(), Failure> {
    let place = thread::place(dump, question.place.thread.as_deref(), question.place.frame)?;
    if question.form.json {
        return output.json(&locals::answer(dump, place));
    }
    show(dump, place, output);
    Ok(())
}

/// The variables of a frame: name, type, value.
pub(super) fn show(dump: &Dump, place: Place<'_>, output: &mut Output) {
    let answer = locals::answer(dump, place);
    let (bold, dim, off) = (style::NAME, style::DIM, style::DIM.render_reset());
    let frame = &answer.frame;
    let name = text::escape(frame.qualname.as_deref().unwrap_or(&frame.function)).into_owned();
    if place.stack.kind == "file" {
        line!(output, "{bold}outside of all frames{off}");
    } else {
        let line = format!("{}:{}", frame.file, frame.line.unwrap_or(0));
        line!(output, "{bold}#{} {name}{off}  {dim}{}{off}", frame.index, text::escape(&line));
    }
    let rows: Vec<(String, String, &crashsite_view::value::Value)> = frame
        .locals
        .iter()
        .flatten()
        .map(|local| {
            let (name, class) = (text::escape(&local.name), text::escape(&local.value.type_name));
            (name.into_owned(), class.into_owned(), &local.value)
        })
        .collect();
    let names = rows.iter().map(|row| width(&row.0)).max().unwrap_or(0).min(WIDEST);
    let classes = rows.iter().map(|row| width(&row.1)).max().unwrap_or(0).min(WIDEST);
    let room = output.width().map(|width| width.saturating_sub(names + classes + 6).max(30));
    for (name, class, found) in &rows {
        let (name, class) = (padded(name, names), padded(class, classes));
        let (variable, off) = (style::VARIABLE, style::VARIABLE.render_reset());
        line!(output, "  {variable}{name}{off}  {dim}{class}{off}  {}", value::one_line(found, room));
    }
    if rows.is_empty() {
        let note = place.frame.locals_note.as_deref();
        let note = note.map_or_else(|| "no locals".to_owned(), |note| format!("locals {note}"));
        line!(output, "  {dim}{}{off}", text::escape(&note));
    }
}
