//! Gives up what a process that reads a hostile file does not need: other files, other programs, the network.
//!
//! Should a dump ever find a way to make this program do what it wants, it finds itself here: it can read what the person
//! asked to have read, write where the person asked to have written, and answer whom it serves already. There is no way
//! back. Linux has two means for this, and both are used: Landlock decides about files and ports, seccomp about the calls
//! of the system. Other systems have none that a program can apply to itself, unprivileged, by a kept crate.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
use linux as system;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(not(target_os = "linux"))]
use other as system;

use std::path::PathBuf;

/// What may still be done afterwards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Files, and directories with all that is below them, that may be read. What is not there yet cannot be read later.
    pub read: Vec<PathBuf>,
    /// Directories in which files may be made, read, changed, renamed and removed.
    pub write: Vec<PathBuf>,
    /// Clients may be taken in, by listeners that exist already.
    pub serve: bool,
}

/// How much of a policy the system enforces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enforced {
    /// All of it.
    Whole,
    /// The kernel does not know everything that was asked of it.
    Part,
    /// The system has nothing of the kind.
    Nothing,
}

/// Why a process is as free as before, or not as confined as it was meant to be.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The kernel knows how to confine files, and did not.
    #[error("files: {0}")]
    Files(String),
    /// The kernel knows how to confine system calls, and did not.
    #[error("system calls: {0}")]
    Calls(String),
}

/// Gives up everything that the policy does not name: for this thread, and those that it starts from now on. Doing so again
/// can only take more away.
///
/// What is refused fails as any call may: `EACCES` for files and ports, `EPERM` for all else.
///
/// # Errors
/// Where the system has the means, and they failed. Part of it may be in force then.
pub fn enter(policy: &Policy) -> Result<Enforced, Error> {
    system::enter(policy)
}
