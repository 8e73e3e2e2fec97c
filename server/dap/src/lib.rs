//! `crashsite dap`: a crash in a debugger, over the Debug Adapter Protocol.
//!
//! A client first has a dump opened ([`launch`]), and from then on asks about it ([`session`]); one request is answered before
//! the next is read. What is in a dump, and how it shows, is `crashsite-view`'s to know. The program is dead: what would make
//! it run is refused ([`refused`]).

mod evaluate;
mod exception;
mod handles;
mod launch;
mod memory;
mod refused;
mod session;
mod source;
mod stack;
// Generated, and compared with what would be.
#[rustfmt::skip]
mod types;
mod variables;
mod wire;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crashsite_model::Dump;
use crashsite_view::editor::paths::Mapping;
use crashsite_view::eval;

use wire::Wire;

/// What differs between machines, and between servers, given by the caller.
pub trait Machine: Sync {
    /// Opens a dump: at a path, or else the one that the server has. The identities are files with keys, beside those that the
    /// server has, for dumps that are sealed. The limits are those of the command line, by their flags' names without the
    /// dashes. What is read from then on are sources, which may be where the mappings say.
    ///
    /// # Errors
    /// In two lines: what is wrong, and what to do.
    fn open(
        &self,
        path: Option<&Path>,
        identities: &[PathBuf],
        limits: &BTreeMap<String, String>,
        mappings: &[Mapping],
    ) -> Result<Opened, String>;

    /// The content of a file of this machine, which may be a program's source.
    fn read(&self, path: &Path) -> Option<Vec<u8>>;
}

/// A dump that is open.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The dump.
    pub dump: Arc<Dump>,
    /// What an evaluation may take.
    pub limits: eval::Limits,
}

/// What a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one message.
    pub message: usize,
    /// Values that are kept so that they can be looked into.
    pub expandable: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { message: 4 << 20, expandable: 200_000 }
    }
}

/// How a client came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It said so.
    Disconnected,
    /// It went away without a word.
    Gone,
}

/// Serves one client, to its end.
///
/// # Errors
/// Where the system gives no thread to evaluate in.
pub fn serve<'c>(
    input: impl io::Read + Send + 'c,
    output: impl io::Write + Send + 'c,
    machine: &dyn Machine,
    limits: Limits,
) -> io::Result<End> {
    let mut wire = Wire::new(Box::new(input), Box::new(output), limits.message);
    let mut next = launch::wait(&mut wire, machine);
    loop {
        match next {
            launch::Next::End(end) => return Ok(end),
            launch::Next::Look(looking) => next = session::serve(*looking, &mut wire, machine, limits)?,
        }
    }
}
