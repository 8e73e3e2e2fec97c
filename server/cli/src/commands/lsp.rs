//! `lsp`: a crash in an editor.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crashsite_lsp::{End, Files, LARGEST_MESSAGE};
use crashsite_model::Dump;

use crate::arguments::Lsp;
use crate::failure::Failure;
use crate::platform::Directory;
use crate::reading::{Reading, is_sealed_file};
use crate::say::say;

/// Dumps and files of this machine.
pub(super) struct Machine {
    pub(super) reading: Reading,
}

impl Files for Machine {
    fn open(&self, path: &Path, identities: &[PathBuf]) -> Result<Arc<Dump>, String> {
        self.reading.with(identities).open(path).map(Arc::new).map_err(|failure| failure.to_string())
    }

    fn is_sealed(&self, path: &Path) -> bool {
        is_sealed_file(path)
    }

    fn write(&self, directory: &Path, path: &str, text: &str) -> io::Result<()> {
        Directory::make(directory)?.write_new(path, text.as_bytes())?;
        let written = directory.join(path);
        let mut permissions = std::fs::metadata(&written)?.permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&written, permissions)
    }
}

pub(crate) fn run(question: &Lsp, reading: &Reading) -> Result<(), Failure> {
    let machine = Arc::new(Machine { reading: reading.clone() });
    let largest = question.max_message.and_then(|most| usize::try_from(most).ok()).unwrap_or(LARGEST_MESSAGE);
    let ended = match question.listen {
        None => crashsite_lsp::stdio(machine, largest),
        Some(address) => crashsite_lsp::listen(
            address,
            |address| say(&format!("listening on {address}, for one client of this machine")),
            machine,
            largest,
        ),
    };
    match ended {
        Ok(End::Asked) => Ok(()),
        // As the protocol has it: an end that was not announced is status 1. There is nobody left to tell why.
        Ok(End::Left) => Err(Failure::said()),
        Err(error) => Err(Failure::no_answer(
            format!("the editor cannot be served: {error}"),
            "Is the port taken? Port 0 is any that is free.",
        )),
    }
}
