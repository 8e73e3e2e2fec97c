//! `explain`: what the dump tells of the cause.

use std::path::Path;

use crashsite_model::Dump;
use crashsite_view::explain::{self, Evidence, Finding, Spot};
use crashsite_view::text;

use crate::arguments::Explain;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::render::{quoted, value};

pub(super) fn run(dump: &Dump, question: &Explain, output: &mut Output) -> Result<(), Failure> {
    let found = explain::answer(dump, question.max_milliseconds.unwrap_or(explain::MILLISECONDS));
    let found = found.map_err(|failure| Failure::no_answer(failure.message, failure.remedy.unwrap_or_default()))?;
    if question.form.json {
        return output.json(&found);
    }
    let mut of = None;
    for (number, finding) in found.findings.iter().enumerate() {
        let (error, off) = (style::ERROR, style::ERROR.render_reset());
        let heading = finding.exception.as_ref().map(|raised| (&raised.type_name, &raised.message));
        if let Some(raised) = finding.exception.as_ref().filter(|_| of != heading) {
            let relation = if raised.relation == "crash" { String::new() } else { format!("{}: ", raised.relation) };
            let message = text::shorten(&raised.message, 300);
            let name = text::escape(&raised.type_name);
            line!(output, "{}{error}{name}{off}: {}", text::escape(&relation), text::escape(&message));
        }
        of = heading;
        show(number + 1, finding, &question.dump, output);
    }
    if found.findings.is_empty() {
        line!(output, "Nothing is known of the cause beyond the traceback: crashsite {}", file(&question.dump));
    }
    if !found.complete {
        let (warning, off) = (style::WARNING, style::WARNING.render_reset());
        line!(output, "{warning}not everything was looked at: the time is spent (--max-milliseconds){off}");
    }
    Ok(())
}

fn file(dump: &Path) -> String {
    quoted(&dump.display().to_string())
}

fn show(number: usize, finding: &Finding, dump: &Path, output: &mut Output) {
    let (bold, dim, off) = (style::NAME, style::DIM, style::DIM.render_reset());
    line!(output, "{number}. {bold}{}{off}", text::escape(&finding.says));
    let mut here = None;
    place(finding.at.as_ref(), &mut here, output);
    if let Some(object) = &finding.object {
        subject(&object.expression, &object.value, output);
    }
    for evidence in &finding.evidence {
        tell(evidence, &mut here, output);
    }
    for words in &finding.look {
        let Some((command, rest)) = words.split_first() else { continue };
        let rest: Vec<String> = rest.iter().map(|word| quoted(word)).collect();
        let question = format!("crashsite {command} {} {}", file(dump), rest.join(" "));
        line!(output, "   {dim}→{off} {}", question.trim_end());
    }
    line!(output);
}

/// A place, unless it is that of the line before.
fn place<'f>(at: Option<&'f Spot>, here: &mut Option<&'f Spot>, output: &mut Output) {
    let Some(spot) = at.filter(|spot| Some(*spot) != *here) else { return };
    *here = at;
    let (dim, off) = (style::DIM, style::DIM.render_reset());
    let frame = spot.frame.map(|frame| format!("#{frame} ")).unwrap_or_default();
    let line = spot.line.map(|line| format!(":{line}")).unwrap_or_default();
    let function = text::escape(&spot.function);
    line!(output, "   {frame}{function}  {dim}{}{line}{off}", text::escape(&spot.file));
    if let Some(code) = &spot.code {
        line!(output, "      {dim}{:>5}{off} {}", spot.line.unwrap_or(0), text::escape(&text::shorten(code, 160)));
    }
}

fn subject(expression: &str, found: &crashsite_view::value::Value, output: &mut Output) {
    let name = text::escape(expression).into_owned();
    let room = output.width().map(|width| width.saturating_sub(name.chars().count() + 10).max(30));
    let (variable, off) = (style::VARIABLE, style::VARIABLE.render_reset());
    line!(output, "      {variable}{name}{off} = {}", value::one_line(found, room));
}

fn tell<'f>(evidence: &'f Evidence, here: &mut Option<&'f Spot>, output: &mut Output) {
    if !evidence.says.is_empty() {
        line!(output, "   - {}", text::escape(&evidence.says));
    }
    place(evidence.at.as_ref(), here, output);
    if let Some(object) = &evidence.object {
        subject(&object.expression, &object.value, output);
    }
}
