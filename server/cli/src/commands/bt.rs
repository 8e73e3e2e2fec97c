//! `bt`: the stacks.

use crashsite_model::Dump;
use crashsite_view::{backtrace, thread};

use super::linked;
use crate::arguments::Bt;
use crate::failure::Failure;
use crate::output::Output;
use crate::reading::Reading;
use crate::render::stack::{Detail, Painter};
use crate::render::{exception, header};

pub(super) fn run(question: &Bt, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let dump = reading.open(&question.dump)?;
    if let Some(folder) = question.folder() {
        return linked::run(&dump, question, &folder, reading, output);
    }
    alone(&dump, question, output)?;
    if !question.form.json {
        header::others(&dump, &question.dump, output);
    }
    Ok(())
}

/// Of this dump, whatever others there are.
pub(super) fn alone(dump: &Dump, question: &Bt, output: &mut Output) -> Result<(), Failure> {
    if question.form.json {
        return output.json(&answer(dump, question)?);
    }
    header::problems(dump, output);
    show(dump, question, output)
}

/// The answer as data.
pub(super) fn answer(dump: &Dump, question: &Bt) -> Result<backtrace::Backtrace, Failure> {
    let stack = question.thread.as_ref().map(|name| thread::find(dump, Some(name))).transpose()?;
    let threads = if question.all { usize::MAX } else { 1 };
    Ok(backtrace::answer(dump, backtrace::Options { locals: question.locals, threads, frames: usize::MAX, stack }))
}

/// The exception and the stacks.
pub(super) fn show(dump: &Dump, question: &Bt, output: &mut Output) -> Result<(), Failure> {
    let chosen = question.thread.as_ref().map(|name| thread::find(dump, Some(name))).transpose()?;
    exception::chain(dump, output);
    let mut painter = Painter::new(dump);
    let detail = if question.locals { Detail::Locals } else { Detail::Calls };
    if let Some(stack) = chosen {
        painter.stack(stack, detail, output);
        return Ok(());
    }
    for position in 0..if question.all { dump.threads.len() } else { 1 } {
        if output.open() {
            painter.thread(position, detail, output);
        }
    }
    Ok(())
}
