//! What stands before an answer: which program this was, and what is wrong with the file.

use crashsite_model::Dump;
use crashsite_view::{text, time};

use crate::output::{Output, line, style};

/// One line about the process.
pub(crate) fn about(dump: &Dump, output: &mut Output) {
    let process = &dump.process;
    let mut facts = Vec::new();
    if let Some(version) = &process.python.version {
        facts.push(format!("{} {version}", process.python.implementation.as_deref().unwrap_or("Python")));
    }
    if let Some(pid) = process.pid {
        facts.push(format!("process {pid}"));
    }
    if let Some(time) = process.time.and_then(time::iso8601) {
        facts.push(time);
    }
    if let Some(program) = process.argv.first() {
        facts.push(program.to_string());
    }
    let (dim, off) = (style::DIM, style::DIM.render_reset());
    line!(output, "{dim}{}{off}", text::escape(&facts.join(", ")));
    if let Some(message) = &process.message {
        for row in message.lines() {
            line!(output, "{}", text::escape(row));
        }
    }
    line!(output);
}

/// What could not be captured or read: the first few, one line each.
pub(crate) fn problems(dump: &Dump, output: &mut Output) {
    const MOST: usize = 5;
    let (warning, off) = (style::WARNING, style::WARNING.render_reset());
    for problem in dump.problems.iter().take(MOST) {
        line!(output, "{warning}note: {}{off}", text::escape(&problem.to_string()));
    }
    if dump.problems.len() > MOST {
        line!(output, "{warning}note: {} more: crashsite info{off}", dump.problems.len() - MOST);
    }
    if !dump.problems.is_empty() {
        line!(output);
    }
}
