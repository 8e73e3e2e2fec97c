//! `lsp`: a crash in an editor.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf, absolute};
use std::sync::{Arc, OnceLock};

use crashsite_lsp::{End, Files, LARGEST_MESSAGE};
use crashsite_model::Dump;
use crashsite_sandbox::Policy;

use crate::arguments::Lsp;
use crate::failure::Failure;
use crate::platform::Directory;
use crate::reading::{Reading, is_sealed_file};
use crate::sandbox::{self, Sandbox};
use crate::say::say;

/// Dumps and files of this machine.
pub(super) struct Machine {
    reading: Reading,
    sandbox: Sandbox,
    /// What may be read besides what the client names.
    read: Vec<PathBuf>,
    /// All that may be read, where that is not everything.
    readable: OnceLock<Vec<PathBuf>>,
}

impl Machine {
    pub(super) fn new(reading: Reading, sandbox: Sandbox, read: Vec<PathBuf>) -> Machine {
        Machine { reading, sandbox, read, readable: OnceLock::new() }
    }
}

impl Files for Machine {
    fn open(&self, path: &Path, identities: &[PathBuf]) -> Result<Arc<Dump>, String> {
        if let Some(readable) = self.readable.get()
            && !readable.iter().any(|folder| path.starts_with(folder))
            && path.exists()
        {
            return Err(sandbox::unreadable(path).to_string());
        }
        self.reading.with(identities).open(path).map(Arc::new).map_err(|failure| failure.to_string())
    }

    fn is_sealed(&self, path: &Path) -> bool {
        is_sealed_file(path)
    }

    fn begin(&self, named: &[PathBuf]) -> io::Result<()> {
        let read: Vec<PathBuf> = named.iter().chain(&self.read).filter_map(|path| absolute(path).ok()).collect();
        let policy = Policy { read: read.clone(), write: sandbox::scratch().into_iter().collect(), serve: true };
        if self.sandbox.enter(&policy).map_err(|failure| io::Error::other(failure.to_string()))? {
            // It is told once.
            let _ = self.readable.set(read);
        }
        Ok(())
    }

    fn scratch(&self) -> PathBuf {
        sandbox::scratch().unwrap_or_else(std::env::temp_dir)
    }

    fn write(&self, directory: &Path, path: &str, text: &str) -> io::Result<()> {
        Directory::make(directory)?.write_new(path, text.as_bytes())?;
        let written = directory.join(path);
        let mut permissions = std::fs::metadata(&written)?.permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&written, permissions)
    }
}

pub(crate) fn run(question: &Lsp, reading: &Reading, doors: Vec<TcpListener>, sandbox: Sandbox) -> Result<(), Failure> {
    let read = question.read.read.iter().chain(reading.identities()).cloned().collect();
    let machine = Arc::new(Machine::new(reading.clone(), sandbox, read));
    let largest = question.max_message.and_then(|most| usize::try_from(most).ok()).unwrap_or(LARGEST_MESSAGE);
    let ended = match doors.into_iter().next() {
        None => crashsite_lsp::stdio(machine, largest),
        Some(listener) => first_client(listener).and_then(|client| crashsite_lsp::connected(client, machine, largest)),
    };
    match ended {
        Ok(End::Asked) => Ok(()),
        // As the protocol has it: an end that was not announced is status 1. There is nobody left to tell why.
        Ok(End::Left) => Err(Failure::said()),
        Err(error) => Err(Failure::no_answer(format!("the editor cannot be served: {error}"), "Start it again.")),
    }
}

/// Waits for a client; there is no other.
fn first_client(listener: TcpListener) -> io::Result<TcpStream> {
    say(&format!("listening on {}, for one client of this machine", listener.local_addr()?));
    listener.accept().map(|(client, _)| client)
}
