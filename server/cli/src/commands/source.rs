//! `source`: the program's text, as it stands in the dump.

use crashsite_model::{Dump, SourceFile};
use crashsite_view::{source, text};

use super::extract;
use crate::arguments::SourceQuestion;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::reading::Reading;

pub(crate) fn run(question: &SourceQuestion, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let dump = reading.open(&question.dump)?;
    if let Some(directory) = &question.extract {
        return extract::run(&dump, question.path.as_deref(), directory, question.form.json, output);
    }
    let Some(path) = &question.path else {
        return list(&dump, question.form.json, output);
    };
    let found = source::find(&dump, path);
    let file = match found.as_slice() {
        [file] => *file,
        [] => {
            return Err(no_such(path));
        }
        several => {
            let names: Vec<&str> = several.iter().take(5).map(|file| &*file.name).collect();
            return Err(Failure::no_answer(
                format!("{path} may be {} files of the dump: {}", several.len(), names.join(", ")),
                "Give more of the path.",
            ));
        }
    };
    if question.form.json {
        return output.json(&source::text(file));
    }
    show(&dump, file, output)
}

/// No file is meant by a path.
pub(super) fn no_such(path: &str) -> Failure {
    Failure::no_answer(format!("the dump has no source file {path}"), "`crashsite source DUMP` lists those it has.")
}

fn list(dump: &Dump, json: bool, output: &mut Output) -> Result<(), Failure> {
    let answer = source::list(dump);
    if json {
        return output.json(&answer);
    }
    let (dim, off) = (style::DIM, style::DIM.render_reset());
    for file in &answer.files {
        let name = text::escape(&file.file);
        match (&file.error, file.lines) {
            (Some(error), _) => line!(output, "{name}  {dim}{}{off}", text::escape(error)),
            (None, Some(lines)) if lines != file.lines_here => {
                line!(output, "{name}  {dim}{} of {lines} lines{off}", file.lines_here);
            }
            _ => line!(output, "{name}  {dim}{} lines{off}", file.lines_here),
        }
    }
    if answer.files.is_empty() {
        line!(output, "The dump holds no source.");
    }
    Ok(())
}

/// The text with its line numbers; lines where a frame stands are marked.
fn show(dump: &Dump, file: &SourceFile, output: &mut Output) -> Result<(), Failure> {
    if let Some(error) = &file.error {
        return Err(Failure::no_answer(
            format!("{}: {error}", file.name),
            "The text could not be read where the program ran.",
        ));
    }
    let here = |number: u64| dump.frames.iter().any(|frame| *frame.file == *file.name && frame.line == Some(number));
    let (dim, off) = (style::DIM, style::DIM.render_reset());
    for (index, piece) in file.pieces.iter().enumerate() {
        if index > 0 || piece.first > 1 {
            line!(output, "{dim}       ⋮{off}");
        }
        for (number, line) in (piece.first..).zip(source::lines(&piece.text)) {
            let mark = if here(number) { '>' } else { ' ' };
            line!(output, "{mark}{dim}{number:>6}{off}  {}", escaped_line(line));
        }
    }
    Ok(())
}

/// A line of source for the terminal: tabs stay, other control characters do not.
pub(crate) fn escaped_line(line: &str) -> String {
    line.split('\t').map(text::escape).collect::<Vec<_>>().join("\t")
}
