//! One file per command.

mod bt;
mod convert;
mod dap;
mod diff;
mod each;
mod elf;
mod explain;
mod extract;
mod find;
mod gdb;
mod headers;
pub(crate) mod help;
mod info;
mod locals;
mod lsp;
mod print;
mod repl;
mod serve;
mod setup;
mod show;
mod source;
mod threads;

pub(crate) use source::escaped_line;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crashsite_model::{Dump, Limits};

use crate::arguments::{Arguments, Command};
use crate::failure::{self, Failure};
use crate::output::Output;
use crate::platform::FileSource;

/// Runs what was asked for.
pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<(), Failure> {
    let started = Instant::now();
    let limits = arguments.limits.limits();
    let open = |path| open(path, limits.clone());
    match (&arguments.command, &arguments.dump) {
        (Some(Command::Bt(question)), _) => bt::run(&open(&question.dump)?, question, output),
        (Some(Command::Locals(question)), _) => locals::run(&open(&question.dump)?, question, output),
        (Some(Command::Print(question)), _) => print::run(&open(&question.dump)?, question, output),
        (Some(Command::Explain(question)), _) => explain::run(&open(&question.dump)?, question, output),
        (Some(Command::Find(question)), _) => find::run(question, limits, output),
        (Some(Command::Repl(question)), _) => repl::run(question, limits, output),
        (Some(Command::Threads(question)), _) => threads::run(&open(&question.dump)?, question, output),
        (Some(Command::Source(question)), _) => source::run(question, limits, output),
        (Some(Command::Info(question)), _) => info::run(&open(&question.dump)?, question, started, output),
        (Some(Command::Headers(question)), _) => headers::run(question, limits, output),
        (Some(Command::Diff(question)), _) => diff::run(question, limits, output),
        (Some(Command::Lsp(question)), _) => lsp::run(question, limits),
        (Some(Command::Serve(question)), _) => serve::run(question, limits, output),
        (Some(Command::Dap(question)), _) => dap::run(question, limits),
        (Some(Command::Help(question)), _) => help::run(question, output),
        (Some(Command::Completions(question)), _) => setup::completions(question, output),
        (Some(Command::Man(question)), _) => setup::man(question, output),
        (Some(Command::Convert(question)), _) => convert::run(question, limits, output),
        (Some(Command::Gdb(question)), _) => gdb::run(question, limits),
        (Some(Command::Elf(question)), _) => elf::run(question, limits, output),
        (None, Some(dump)) => show::run(dump, limits, output),
        (None, None) => Err(Failure::no_answer("no dump was given", "Try: crashsite --help")),
    }
}

/// Opens a dump.
fn open(path: &Path, limits: Limits) -> Result<Dump, Failure> {
    let shown = path.display().to_string();
    let source = FileSource::open(path).map_err(|error| {
        let remedy = match error.kind() {
            io::ErrorKind::NotFound => "Give the path of a file that a program's crashsite has written.",
            io::ErrorKind::PermissionDenied => {
                "A dump is readable by its owner only: ask for a copy, or for the right."
            }
            _ => "Give the path of a dump: a regular file.",
        };
        Failure::no_dump(format!("{shown}: {error}"), remedy)
    })?;
    Dump::open(Arc::new(source), limits).map_err(|error| failure::of_reader(&shown, &error))
}
