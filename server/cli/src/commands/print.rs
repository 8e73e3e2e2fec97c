//! `print`: the value of an expression.

use crashsite_model::Dump;
use crashsite_view::eval;

use super::each;
use crate::arguments::Print;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::answer;

/// What to do about an expression that has no value, where nothing better is known.
pub(super) const NAMES: &str =
    "Names are those of the frame: `crashsite locals` shows them; --frame N and --thread T choose another.";

pub(super) fn run(dump: &Dump, question: &Print, output: &mut Output) -> Result<(), Failure> {
    if let Some(over) = question.each {
        return each::run(dump, question, over, output);
    }
    let (place, expression) = (&question.place, &question.expression);
    let found = eval::print(dump, place.thread.as_deref(), place.frame, expression, question.effort.limits());
    if question.form.json {
        return match found {
            Ok(printed) => output.json(&printed),
            Err(failure) => refuse(&failure, output),
        };
    }
    let printed = found.map_err(|failure| Failure::of_expression(expression, &failure, NAMES))?;
    answer::show(dump, "", &printed, output);
    Ok(())
}

/// Writes a failure as JSON.
pub(super) fn refuse(failure: &eval::Failure, output: &mut Output) -> Result<(), Failure> {
    output.json(failure)?;
    output.finish()?;
    Err(Failure::said())
}
