//! `crashsite DUMP`: the answer, as far as it can be seen without a question.

use std::path::Path;

use crashsite_model::Dump;
use crashsite_view::thread;

use super::locals;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::reading::Reading;
use crate::render::stack::{Detail, Painter};
use crate::render::{exception, header, quoted};

pub(crate) fn run(path: &Path, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let dump = reading.open(path)?;
    header::about(&dump, output);
    header::problems(&dump, output);
    exception::chain(&dump, output);
    if !dump.threads.is_empty() {
        Painter::new(&dump).thread(0, Detail::Story, output);
    } else if let Some(place) = dump.outside.and_then(|_| thread::place(&dump, None, 0).ok()) {
        locals::show(&dump, place, output);
        line!(output);
    }
    header::others(&dump, path, output);
    next(&dump, path, output);
    Ok(())
}

/// What to try next: questions about this very dump.
fn next(dump: &Dump, path: &Path, output: &mut Output) {
    let file = quoted(&path.display().to_string());
    let (dim, off) = (style::DIM, style::DIM.render_reset());
    let mut questions = Vec::new();
    if !dump.exceptions.is_empty() {
        questions.push((format!("crashsite explain {file}"), "what it tells of the cause"));
    }
    if dump.outside.is_some() && dump.threads.is_empty() {
        questions.push((format!("crashsite print {file} root"), "what it holds"));
        questions.push((format!("crashsite repl {file}"), "one question after the other"));
    } else if let Some((frame, name)) = something_to_ask(dump) {
        let place = if frame == 0 { String::new() } else { format!(" --frame {frame}") };
        questions.push((format!("crashsite print {file} {}{place}", quoted(&name)), "what it holds"));
    }
    if dump.threads.first().is_some_and(|thread| !thread.frames.is_empty()) {
        questions.push((format!("crashsite repl {file}"), "one question after the other"));
    }
    if !dump.threads.is_empty() {
        questions.push((format!("crashsite bt {file} --locals"), "every frame with all its values"));
    }
    if dump.threads.len() > 1 {
        let others = dump.threads.len() - 1;
        let what = if others == 1 { "the other thread" } else { "the other threads" };
        questions.push((format!("crashsite bt {file} --all"), what));
    }
    if !dump.sources.is_empty() {
        questions.push((format!("crashsite source {file}"), "the source as it ran"));
    }
    questions.push((format!("crashsite info {file}"), "the program, the time, what is in the file"));
    let widest = questions.iter().map(|(question, _)| question.chars().count()).max().unwrap_or(0);
    line!(output, "Next:");
    for (question, what) in questions {
        line!(output, "  {question:widest$}  {dim}{what}{off}");
    }
}

/// The first local, from the innermost frame of the program's own, that holds something.
fn something_to_ask(dump: &Dump) -> Option<(usize, String)> {
    let thread = dump.threads.first()?;
    let frames =
        thread.frames.iter().enumerate().filter_map(|(number, index)| Some((number, dump.frames.get(*index)?)));
    let own = frames.filter(|(_, frame)| !frame.library && &*frame.function != "<module>");
    own.flat_map(|(number, frame)| frame.locals.iter().map(move |local| (number, local)))
        .find(|(_, local)| {
            local.children_count > 0
                && local.object.is_some_and(|object| dump.heap.contains(object))
                && local.name.chars().all(|c| c.is_alphanumeric() || c == '_')
                && &*local.name != "self"
        })
        .map(|(number, local)| (number, local.name.to_string()))
}
