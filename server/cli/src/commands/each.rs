//! `print --each`: an expression in many frames, one line for each.

use crashsite_model::Dump;
use crashsite_view::eval::{self, Each, Outcome, Over, Row};
use crashsite_view::text;

use super::print::{NAMES, refuse};
use crate::arguments::{self, Print};
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::render::{padded, place, value, width};

/// Columns of a place, from which on it pushes its value to the right.
const WIDEST: usize = 40;
/// Characters of an error.
const LONGEST_ERROR: usize = 60;

pub(crate) fn run(dump: &Dump, question: &Print, each: arguments::Each, output: &mut Output) -> Result<(), Failure> {
    let (thread, frame, expression) = (question.place.thread.as_deref(), question.place.frame, &question.expression);
    let over = match each {
        arguments::Each::Thread => Over::Threads(frame),
        arguments::Each::Frame => Over::Frames(thread, frame),
    };
    let found = eval::each(dump, over, expression, question.effort.limits());
    let answer = match found {
        Ok(answer) => answer,
        Err(failure) if question.form.json => return refuse(&failure, output),
        Err(failure) => return Err(Failure::of_expression(expression, &failure, NAMES)),
    };
    if question.form.json {
        output.json(&answer)?;
    } else {
        show(&answer, output);
    }
    if answer.answers.iter().any(|row| matches!(row.outcome, Outcome::Value(_))) {
        return Ok(());
    }
    output.finish()?;
    Err(Failure::said())
}

fn show(answer: &Each, output: &mut Output) {
    let places: Vec<String> = answer.answers.iter().map(place_of).collect();
    let columns = places.iter().map(|place| width(place)).max().unwrap_or(0).min(WIDEST);
    let room = output.width().map(|width| width.saturating_sub(columns + 2).max(30));
    let (bold, dim, off) = (style::NAME, style::DIM, style::DIM.render_reset());
    for (place, row) in places.iter().zip(&answer.answers) {
        let place = padded(place, columns);
        match &row.outcome {
            Outcome::Value(found) => line!(output, "{bold}{place}{off}  {}", value::one_line(found, room)),
            Outcome::Error(failure) => {
                let why = format!("{}: {}", failure.kind, failure.message);
                let why = text::escape(&text::shorten(&why, LONGEST_ERROR)).into_owned();
                line!(output, "{dim}{place}  {why}{off}");
            }
        }
    }
}

fn place_of(row: &Row) -> String {
    let function = row.qualname.as_deref().or(row.function.as_deref());
    place(row.thread.name.as_deref(), row.frame, function.unwrap_or_default())
}
