//! `threads`: one line for each.

use crashsite_model::Dump;
use crashsite_view::relations::Relations;
use crashsite_view::text;
use crashsite_view::threads::{self, Line, Place};

use crate::arguments::OfDump;
use crate::failure::Failure;
use crate::output::{Output, line, put, style};
use crate::render::{padded, width};

/// Characters of a thread's name.
const LONGEST_NAME: usize = 40;

pub(super) fn run(dump: &Dump, question: &OfDump, output: &mut Output) -> Result<(), Failure> {
    if question.form.json {
        return output.json(&threads::answer(dump));
    }
    show(dump, output);
    Ok(())
}

/// The threads, one line each.
pub(super) fn show(dump: &Dump, output: &mut Output) {
    let answer = threads::answer(dump);
    let relations = Relations::of(dump);
    let rows: Vec<[String; 5]> = answer.threads.iter().map(row).collect();
    let widths: Vec<usize> =
        (0..5).map(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0)).collect();
    let (bold, dim, error, off) = (style::NAME, style::DIM, style::ERROR, style::DIM.render_reset());
    for ((thread, row), of) in answer.threads.iter().zip(&rows).zip(&dump.threads) {
        let [position, name, id, what, frames] = std::array::from_fn(|column| padded(&row[column], widths[column]));
        let frames = if thread.own.is_some() || thread.exception.is_some() { &frames } else { &row[4] };
        put!(output, "{position}  {bold}{name}{off}  {dim}{id}{off}  {what}  {frames}");
        if let Some(own) = &thread.own {
            self::own(own, output);
        }
        if let Some(held) = &of.held {
            put!(output, "  held by {}", text::escape(held));
        }
        if let Some(waiting) = relations.waiting(of) {
            put!(output, "  {}", text::escape(&waiting));
        }
        if let Some(exception) = thread.exception.as_ref().or(thread.relatives.raised.as_ref()) {
            put!(output, "  {error}{}{off}", text::escape(exception));
        }
        line!(output);
    }
    if rows.is_empty() {
        line!(output, "The dump holds no threads.");
    }
    for raised in &answer.exceptions {
        let frames = frames(raised.frame_count);
        put!(output, "{}  {error}{}{off}  {frames}", raised.position, text::escape(&raised.name));
        if let Some(own) = &raised.own {
            self::own(own, output);
        }
        line!(output);
    }
}

fn own(own: &Place, output: &mut Output) {
    let (dim, off) = (style::DIM, style::DIM.render_reset());
    let function = text::escape(own.qualname.as_deref().unwrap_or(&own.function)).into_owned();
    let place = format!("{}:{}", own.file, own.line.unwrap_or(0));
    put!(output, "  #{} {function}  {dim}{}{off}", own.index, text::escape(&place));
}

fn frames(count: usize) -> String {
    if count == 1 { "1 frame".to_owned() } else { format!("{count} frames") }
}

/// Position, name, id, kind with flags, number of frames.
fn row(thread: &Line) -> [String; 5] {
    let name = text::shorten(thread.name.as_deref().unwrap_or("unnamed"), LONGEST_NAME).into_owned();
    let flags = [
        ("crashed", thread.crashed),
        ("current", thread.current && !thread.crashed),
        ("main", thread.main),
        ("daemon", thread.daemon),
    ];
    let mut what = vec![thread.kind.as_str()];
    what.extend(thread.relatives.state.as_deref());
    what.extend(flags.iter().filter(|(_, is)| *is).map(|(flag, _)| *flag));
    let frames = frames(thread.frame_count);
    [
        thread.position.to_string(),
        text::escape(&name).into_owned(),
        thread.id.map_or_else(String::new, |id| format!("id:{id}")),
        text::escape(&what.join(", ")).into_owned(),
        frames,
    ]
}
