//! `bt`: the stacks.

use crashsite_model::Dump;
use crashsite_view::{backtrace, thread};

use crate::arguments::Bt;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::stack::{Detail, Painter};
use crate::render::{exception, header};

pub(super) fn run(dump: &Dump, question: &Bt, output: &mut Output) -> Result<(), Failure> {
    let chosen = match &question.thread {
        Some(name) => Some(thread::find(dump, Some(name))?),
        None => None,
    };
    if question.form.json {
        let options = backtrace::Options { locals: question.locals, all: question.all, stack: chosen };
        return output.json(&backtrace::answer(dump, options));
    }
    header::problems(dump, output);
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
