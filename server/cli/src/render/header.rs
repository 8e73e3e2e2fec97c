//! What stands before an answer: which program this was, and what is wrong with the file.

use std::path::Path;

use crashsite_model::Dump;
use crashsite_view::{text, time};

use super::quoted;
use crate::output::{Output, line, style};

/// One line about the process.
pub(crate) fn about(dump: &Dump, output: &mut Output) {
    let (dim, off) = (style::DIM, style::DIM.render_reset());
    line!(output, "{dim}{}{off}", text::escape(&process(dump)));
    if let Some(message) = &dump.process.message {
        for row in message.lines() {
            line!(output, "{}", text::escape(row));
        }
    }
    line!(output);
}

/// Which process it was, in a few words.
pub(crate) fn process(dump: &Dump) -> String {
    let process = &dump.process;
    let mut facts = Vec::new();
    if let Some(version) = &process.python.version {
        facts.push(format!("{} {version}", process.python.implementation.as_deref().unwrap_or("Python")));
    }
    if let Some(pid) = process.pid {
        let name = process.lineage.name.as_ref().map_or_else(String::new, |name| format!(" ({name})"));
        facts.push(format!("process {pid}{name}"));
    }
    if let Some(time) = process.time.and_then(time::iso8601) {
        facts.push(time);
    }
    if let Some(program) = process.argv.first() {
        facts.push(program.to_string());
    }
    facts.join(", ")
}

/// One line about the processes that it comes from, and that its exceptions come from, and how to see their dumps.
pub(crate) fn others(dump: &Dump, path: &Path, output: &mut Output) {
    let mut facts = Vec::new();
    if let Some(pid) = dump.process.lineage.ancestors.first().and_then(|parent| parent.pid) {
        facts.push(format!("a child of process {pid}"));
    }
    let mut dumped = dump.exceptions.iter().filter_map(|raised| raised.dumped.as_ref());
    if let Some(first) = dumped.next() {
        let more = dumped.count();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let where_from = if first.process == dump.process.lineage.identity { "earlier" } else { "where it was raised" };
        facts.push(format!("its exception was dumped {where_from}, too, in {}{more}", first.file));
    }
    if !facts.is_empty() {
        let (dim, off) = (style::DIM, style::DIM.render_reset());
        let file = quoted(&path.display().to_string());
        line!(output, "{dim}{}; together: crashsite bt {file} --linked{off}", text::escape(&facts.join("; ")));
        line!(output);
    }
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
