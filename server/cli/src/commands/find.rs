//! `find`: all objects of which an expression is true.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU64, Ordering};

use crashsite_view::find::{self, Found, Hit, Question};
use crashsite_view::text;
use serde::Serialize;

use super::print;
use crate::arguments::Find;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::progress;
use crate::reading::Reading;
use crate::render::value;

/// The answer.
#[derive(Serialize)]
struct Answer<'a> {
    schema: u32,
    hits: &'a [Hit],
    #[serde(flatten)]
    found: &'a Found,
    complete: bool,
}

pub(crate) fn run(question: &Find, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let dump = reading.open(&question.dump)?;
    let asked = Question {
        expression: &question.expression,
        thread: question.place.thread.as_deref(),
        frame: question.place.frame,
        limits: question.effort.limits(),
    };
    let searched = AtomicU64::new(0);
    let so_far = || (searched.load(Ordering::Relaxed), dump.heap.len());
    let most = question.effort.hits();
    let mut hits = Vec::new();
    let found = progress::shown("objects searched", so_far, |progress| {
        let mut told = 0;
        find::find(&dump, asked, &searched, &mut |hit| {
            told += 1;
            match (told <= most, question.form.json) {
                (false, _) => ControlFlow::Continue(()),
                (true, true) => {
                    hits.push(hit);
                    ControlFlow::Continue(())
                }
                // At once: the search may go on for a while.
                (true, false) => progress.above(|| match show(&hit, output).is_ok() && output.open() {
                    true => ControlFlow::Continue(()),
                    false => ControlFlow::Break(()),
                }),
            }
        })
    });
    let found = match found {
        Ok(found) => found,
        Err(failure) if question.form.json => return print::refuse(&failure, output),
        Err(failure) => return Err(Failure::of_expression(&question.expression, &failure, print::NAMES)),
    };
    if question.form.json {
        let answer =
            Answer { schema: crashsite_view::SCHEMA, hits: &hits, found: &found, complete: found.stopped.is_none() };
        output.json(&answer)?;
    } else {
        summary(&found, most, output);
    }
    match found.stopped {
        None => Ok(()),
        Some(failure) => {
            output.finish()?;
            let (done, all) = so_far();
            let what = format!("stopped after {done} of {all} objects: {}", failure.message);
            Err(Failure::no_answer(what, failure.remedy.unwrap_or_default()))
        }
    }
}

fn show(hit: &Hit, output: &mut Output) -> Result<(), Failure> {
    let path = text::escape(&hit.path).into_owned();
    let room = output.width().map(|width| width.saturating_sub(path.chars().count() + 3).max(30));
    let value = value::one_line(&hit.value, room);
    line!(output, "{}{path}{} = {value}", style::VARIABLE, style::VARIABLE.render_reset());
    output.finish()
}

/// What the hits do not say.
fn summary(found: &Found, most: u64, output: &mut Output) {
    let (dim, off) = (style::DIM, style::DIM.render_reset());
    let hits = match found.count {
        0 => "no object".to_owned(),
        1 => "1 object".to_owned(),
        count => format!("{count} objects"),
    };
    let shown = if found.count > most { format!("; {most} are shown (--max-hits)") } else { String::new() };
    line!(output, "{dim}{hits} of {}{shown}{off}", found.searched);
    for undecided in &found.undecided {
        let what = format!("{}: {}: ", undecided.kind, undecided.message);
        let objects = match undecided.count {
            1 => format!("1 object, {}", undecided.path),
            count => format!("{count} objects, the first {}", undecided.path),
        };
        let (warning, off) = (style::WARNING, style::WARNING.render_reset());
        line!(output, "{warning}cannot tell: {}{}{off}", text::escape(&what), text::escape(&objects));
    }
    if found.untold > 0 {
        let (warning, off) = (style::WARNING, style::WARNING.render_reset());
        line!(output, "{warning}cannot tell, for still other reasons: {} objects{off}", found.untold);
    }
    if !found.raised.is_empty() {
        let raised: Vec<String> =
            found.raised.iter().map(|raised| format!("{} {}", raised.count, raised.kind)).collect();
        line!(output, "{dim}the expression raised, which counts as no: {}{off}", raised.join(", "));
    }
}
