//! `diff`: two dumps of the same crash.

use crashsite_view::backtrace::StackFrame;
use crashsite_view::diff::{self, Change, FrameChange, How, LocalChange};
use crashsite_view::text;

use crate::arguments::Diff;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::reading::Reading;
use crate::render::{self, value};

pub(crate) fn run(question: &Diff, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let (a, b) = (reading.open(&question.a)?, reading.open(&question.b)?);
    let answer = diff::answer(&a, &b);
    if question.form.json {
        return output.json(&answer);
    }
    let (bold, off) = (style::NAME, style::NAME.render_reset());
    if !answer.same {
        minus(&format!("-- {}", question.a.display()), output);
        plus(&format!("++ {}", question.b.display()), output);
        line!(output);
    }
    if !answer.process.is_empty() {
        line!(output, "{bold}process{off}");
        changes(&answer.process, output);
        line!(output);
    }
    for exception in &answer.exceptions {
        line!(output, "{bold}{}{off}", text::escape(&exception.at));
        changes(&exception.changes, output);
        line!(output);
    }
    for frame in &answer.frames {
        show(frame, output);
        line!(output);
    }
    let (dim, warning) = (style::DIM, style::WARNING);
    match (answer.same, answer.frames_alike) {
        (true, _) if answer.not_compared.is_empty() => line!(output, "nothing differs"),
        (true, _) => line!(output, "nothing differs in what was compared"),
        (false, 0) => {}
        (false, 1) => line!(output, "{dim}1 frame does not differ{off}"),
        (false, alike) => line!(output, "{dim}{alike} frames do not differ{off}"),
    }
    for part in &answer.not_compared {
        line!(output, "{warning}not compared: {}{off}", text::escape(part));
    }
    Ok(())
}

/// What was there before.
fn minus(text: &str, output: &mut Output) {
    line!(output, "{}-{}{}", style::REMOVED, text::escape(text), style::REMOVED.render_reset());
}

/// What is there now.
fn plus(text: &str, output: &mut Output) {
    line!(output, "{}+{}{}", style::ADDED, text::escape(text), style::ADDED.render_reset());
}

fn changes(changes: &[Change], output: &mut Output) {
    for change in changes {
        if let Some(a) = &change.a {
            minus(&format!(" {} {a}", change.what), output);
        }
        if let Some(b) = &change.b {
            plus(&format!(" {} {b}", change.what), output);
        }
    }
}

fn show(frame: &FrameChange, output: &mut Output) {
    match (&frame.a, &frame.b) {
        (Some(a), Some(b)) => {
            let (bold, off) = (style::NAME, style::NAME.render_reset());
            let number = if a.index == b.index { String::new() } else { format!(" (#{} of the second)", b.index) };
            line!(output, "{bold}{}{off}{number}", text::escape(&heading(a)));
        }
        (Some(a), None) => minus(&format!(" {}", heading(a)), output),
        (None, Some(b)) => plus(&format!(" {}", heading(b)), output),
        (None, None) => {}
    }
    changes(&frame.changes, output);
    for local in &frame.locals {
        values(local, output);
    }
}

fn heading(frame: &StackFrame) -> String {
    let name = frame.qualname.as_deref().unwrap_or(&frame.function);
    format!("#{} {name}  {}:{}", frame.index, frame.file, frame.line.unwrap_or(0))
}

/// A value that differs. Where the texts of both are the same, what is not stands behind.
fn values(local: &LocalChange, output: &mut Output) {
    let room = output.width().map(|width| width.saturating_sub(render::width(&local.path) + 6).max(30));
    let alike = local.a.as_ref().map(|a| &a.repr) == local.b.as_ref().map(|b| &b.repr);
    for (found, style, sign) in [(&local.a, style::REMOVED, '-'), (&local.b, style::ADDED, '+')] {
        let Some(found) = found else { continue };
        let more = match local.how {
            How::Length if alike => format!("  ({} long)", found.full_length.unwrap_or(found.children_count)),
            _ if alike => format!("  ({}.{})", found.module, found.type_name),
            _ => String::new(),
        };
        let (path, shown) = (text::escape(&local.path), value::one_line(found, room));
        line!(output, "{style}{sign} {path} = {shown}{}{}", text::escape(&more), style.render_reset());
    }
}
