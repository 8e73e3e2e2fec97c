//! What each command may still do while it reads a dump: docs/security.md has it as a table.

use std::env::current_dir;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use crashsite_sandbox::{Enforced, Policy, enter};
use crashsite_view::editor::paths::Mapping;

use crate::arguments::{Arguments, Command, ReadFlags, Redact, SourceFlags};
use crate::failure::Failure;
use crate::platform;
use crate::reading::Reading;

/// Whether a command gives up what it does not need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sandbox {
    /// As far as the system has the means
    Auto,
    /// Entirely, or there is no answer
    On,
    /// Nothing is given up
    Off,
}

impl Sandbox {
    /// Gives up what the policy does not name; whether that is so now, at least in part.
    pub(crate) fn enter(self, policy: &Policy) -> Result<bool, Failure> {
        if self == Sandbox::Off {
            return Ok(false);
        }
        let why = match (enter(policy), self) {
            (Ok(Enforced::Whole), _) => return Ok(true),
            (Ok(enforced), Sandbox::Auto | Sandbox::Off) => return Ok(enforced == Enforced::Part),
            (Err(_), Sandbox::Auto | Sandbox::Off) => return Ok(false),
            (Ok(Enforced::Part), _) => "this kernel does not have all that it takes (Linux 6.12 does)".to_owned(),
            (Ok(Enforced::Nothing), _) => "this system has nothing of the kind".to_owned(),
            (Err(error), _) => error.to_string(),
        };
        Err(Failure::no_answer(
            format!("no sandbox could be made: {why}"),
            "Take it away where you trust the dump: --sandbox auto makes what there is, --sandbox off none.",
        ))
    }
}

/// A file lies where nothing is read.
pub(crate) fn unreadable(path: &Path) -> Failure {
    Failure::no_answer(
        format!("{}: this server reads what lies in the folders it was started for, and that does not", path.display()),
        "Open its folder in the editor, or start the server with --read FOLDER.",
    )
}

/// What the command may do from before the first byte of a dump is read; `None` where it reads none itself.
pub(crate) fn policy(arguments: &Arguments, reading: &Reading) -> Option<Policy> {
    let mut policy = of_command(arguments)?;
    policy.read.extend(reading.identities().iter().cloned());
    Some(policy)
}

fn of_command(arguments: &Arguments) -> Option<Policy> {
    let reads = |dump: &Path| Policy { read: vec![dump.to_owned()], ..Policy::default() };
    let Some(command) = &arguments.command else { return arguments.dump.as_deref().map(reads) };
    Some(match command {
        Command::Bt(question) => {
            Policy { read: question.folder().into_iter().chain([question.dump.clone()]).collect(), ..Policy::default() }
        }
        Command::Locals(question) => reads(&question.dump),
        Command::Print(question) => reads(&question.dump),
        Command::Explain(question) => reads(&question.dump),
        Command::Find(question) => reads(&question.dump),
        Command::Threads(question) | Command::Headers(question) => reads(&question.dump),
        Command::Info(question) => reads(&question.dump),
        Command::Diff(question) => Policy { read: vec![question.a.clone(), question.b.clone()], ..Policy::default() },
        Command::Repl(question) => {
            let keeps = platform::is_interactive() && !question.no_history;
            let history = keeps.then(platform::state_directory).and_then(Result::ok);
            Policy { write: history.into_iter().collect(), ..reads(&question.dump) }
        }
        Command::Source(question) => Policy {
            write: question.extract.iter().filter_map(|folder| made(folder)).collect(),
            ..reads(&question.dump)
        },
        Command::Convert(files) | Command::Redact(Redact { files, .. }) => {
            Policy { write: vec![folder(&files.out)], ..reads(&files.dump) }
        }
        Command::Elf(question) => {
            let mut policy = native(&question.dump, &question.sources);
            policy.write.push(folder(&question.output));
            policy
        }
        Command::Gdb(question) => {
            if !question.stdio && question.listen.is_none() && !question.check {
                return None;
            }
            Policy { serve: question.listen.is_some(), ..native(&question.dump, &question.sources) }
        }
        Command::Serve(question) => Policy { serve: true, ..native(&question.dump, &question.sources) },
        // Whom it serves names the dump, and is waited for: what may be read is narrowed down then.
        Command::Dap(question) => {
            Policy { read: vec!["/".into()], serve: question.listen.is_some(), ..Policy::default() }
        }
        Command::Lsp(question) => {
            Policy { read: vec!["/".into()], write: scratch().into_iter().collect(), serve: question.listen.is_some() }
        }
        // They look into no dump.
        Command::Seal(_) | Command::Keygen(_) | Command::Help(_) | Command::Completions(_) | Command::Man(_) => {
            return None;
        }
    })
}

/// The sources are laid ready for a native debugger, from here where they are here.
fn native(dump: &Path, sources: &SourceFlags) -> Policy {
    let mut read = vec![dump.to_owned()];
    read.extend(own_sources(&sources.mappings, &sources.read));
    Policy { read, write: platform::cache_directory().into_iter().collect(), serve: false }
}

/// Where the user's own files may be that are the sources of a dump.
pub(crate) fn own_sources(mappings: &[Mapping], further: &ReadFlags) -> Vec<PathBuf> {
    let mapped = mappings.iter().map(|mapping| PathBuf::from(&mapping.to));
    current_dir().into_iter().chain(mapped).chain(further.read.iter().cloned()).collect()
}

/// Where files are made for an editor that can show nothing else.
pub(crate) fn scratch() -> Option<PathBuf> {
    made(&platform::cache_directory().ok()?.join("editor"))
}

/// A folder, which is made where it is not there: nothing is allowed in what does not exist. Where it cannot be made, the
/// command says so that wants to write there.
fn made(folder: &Path) -> Option<PathBuf> {
    std::fs::create_dir_all(folder).ok()?;
    Some(folder.to_owned())
}

/// The folder that a new file is made in.
fn folder(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => ".".into(),
    }
}
