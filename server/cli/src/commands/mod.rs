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
mod keygen;
mod linked;
mod locals;
mod lsp;
mod print;
mod redact;
mod repl;
mod rewriting;
mod seal;
mod serve;
mod setup;
mod show;
mod source;
mod threads;

pub(crate) use source::escaped_line;

use std::time::Instant;

use crate::arguments::{Arguments, Command};
use crate::doors;
use crate::failure::Failure;
use crate::output::Output;
use crate::reading::Reading;
use crate::sandbox;

/// Runs what was asked for.
pub(crate) fn run(arguments: &Arguments, output: &mut Output) -> Result<(), Failure> {
    let started = Instant::now();
    let reading = &Reading::new(arguments.limits.limits(), &arguments.identities);
    let (doors, sandbox) = (doors::open(arguments.command.as_ref())?, arguments.sandbox);
    if let Some(policy) = sandbox::policy(arguments, reading) {
        sandbox.enter(&policy)?;
    }
    let open = |path| reading.open(path);
    match (&arguments.command, &arguments.dump) {
        (Some(Command::Bt(question)), _) => bt::run(question, reading, output),
        (Some(Command::Locals(question)), _) => locals::run(&open(&question.dump)?, question, output),
        (Some(Command::Print(question)), _) => print::run(&open(&question.dump)?, question, output),
        (Some(Command::Explain(question)), _) => explain::run(&open(&question.dump)?, question, output),
        (Some(Command::Find(question)), _) => find::run(question, reading, output),
        (Some(Command::Repl(question)), _) => repl::run(question, reading, output),
        (Some(Command::Threads(question)), _) => threads::run(&open(&question.dump)?, question, output),
        (Some(Command::Source(question)), _) => source::run(question, reading, output),
        (Some(Command::Info(question)), _) => info::run(&open(&question.dump)?, question, started, output),
        (Some(Command::Headers(question)), _) => headers::run(question, reading, output),
        (Some(Command::Diff(question)), _) => diff::run(question, reading, output),
        (Some(Command::Lsp(question)), _) => lsp::run(question, reading, doors, sandbox),
        (Some(Command::Serve(question)), _) => serve::run(question, reading, doors, sandbox, output),
        (Some(Command::Dap(question)), _) => dap::run(question, reading, &doors, sandbox),
        (Some(Command::Help(question)), _) => help::run(question, output),
        (Some(Command::Completions(question)), _) => setup::completions(question, output),
        (Some(Command::Man(question)), _) => setup::man(question, output),
        (Some(Command::Convert(question)), _) => convert::run(question, reading, output),
        (Some(Command::Redact(question)), _) => redact::run(question, reading, output),
        (Some(Command::Seal(question)), _) => seal::run(question),
        (Some(Command::Keygen(question)), _) => keygen::run(question, output),
        (Some(Command::Gdb(question)), _) => gdb::run(question, reading, &doors),
        (Some(Command::Elf(question)), _) => elf::run(question, reading, output),
        (None, Some(dump)) => show::run(dump, reading, output),
        (None, None) => Err(Failure::no_answer("no dump was given", "Try: crashsite --help")),
    }
}
