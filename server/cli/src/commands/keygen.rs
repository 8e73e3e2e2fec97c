//! `keygen`: a pair of keys for sealed dumps.

use std::io::{self, Write as _};

use crashsite_seal::Generated;

use crate::arguments::Keygen;
use crate::failure::Failure;
use crate::output::{Output, line};
use crate::platform;

pub(crate) fn run(question: &Keygen, output: &mut Output) -> Result<(), Failure> {
    let path = &question.output;
    let keys = Generated::new();
    let written = platform::create_private(path).and_then(|mut file| {
        file.write_all(keys.file().as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| {
        let remedy = match error.kind() {
            io::ErrorKind::AlreadyExists => "A key that is lost cannot be made again: give the name of a new file.",
            _ => "Give the name of a new file in a folder of yours.",
        };
        Failure::no_answer(format!("{}: {error}", path.display()), remedy)
    })?;
    line!(output, "{}", keys.public());
    Ok(())
}
