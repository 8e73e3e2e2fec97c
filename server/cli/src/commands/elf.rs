//! `elf`: the executable, as a file.

use std::io::Write as _;

use crashsite_view::text;

use super::gdb;
use crate::arguments::Elf;
use crate::failure::Failure;
use crate::output::{Output, line};
use crate::platform;
use crate::reading::Reading;

pub(crate) fn run(question: &Elf, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let dump = reading.open(&question.dump)?;
    let image = gdb::image(&dump, &question.dump, &question.sources, &question.limits)?;
    let shown = question.output.display().to_string();
    let written = platform::create_private(&question.output).and_then(|mut file| file.write_all(image.elf()));
    written.map_err(|error| {
        Failure::no_answer(
            format!("{shown}: {error}"),
            "Give the name of a new file, in a folder that may be written to.",
        )
    })?;
    line!(output, "{}: {} bytes", text::escape(&shown), image.elf().len());
    Ok(())
}
