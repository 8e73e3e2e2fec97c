//! `source --extract`: the sources of a dump as files.

use std::path::Path;

use crashsite_model::{Dump, SourceFile};
use crashsite_view::{extract, source, text};

use super::source::no_such;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::platform::Directory;

pub(crate) fn run(
    dump: &Dump,
    path: Option<&str>,
    directory: &Path,
    json: bool,
    output: &mut Output,
) -> Result<(), Failure> {
    let sources: Vec<&SourceFile> = match path {
        Some(path) => source::find(dump, path),
        None => dump.sources.iter().collect(),
    };
    let shown = directory.display().to_string();
    if sources.is_empty() {
        return Err(match path {
            Some(path) => no_such(path),
            None => Failure::no_answer(
                "the dump holds no source",
                "The capture left it out (CRASHSITE_WITH_FILES), or the beginning of the file is damaged.",
            ),
        });
    }
    let target = Directory::make(directory).map_err(|error| {
        Failure::no_answer(
            format!("{shown}: {error}"),
            "Give a directory that may be written to, or the name of a new one.",
        )
    })?;
    let answer = extract::extract(sources, shown, &mut |_, path, text| {
        target.write_new(path, text.as_bytes()).map_err(|error| error.to_string())
    });
    if json {
        output.json(&answer)?;
    } else {
        show(&answer, output);
    }
    if !answer.written.is_empty() {
        return Ok(());
    }
    output.finish()?;
    Err(Failure::said())
}

fn show(answer: &extract::Extracted, output: &mut Output) {
    let (warning, dim, off) = (style::WARNING, style::DIM, style::DIM.render_reset());
    for file in &answer.written {
        let path = Path::new(&answer.directory).join(&file.path).display().to_string();
        let part = if file.whole { "" } else { "  (in part: lines that the dump lacks are empty)" };
        line!(output, "{} -> {}{dim}{part}{off}", text::escape(&file.file), text::escape(&path));
    }
    for file in &answer.not_written {
        line!(output, "{}  {warning}not written: {}{off}", text::escape(&file.file), text::escape(&file.error));
    }
}
