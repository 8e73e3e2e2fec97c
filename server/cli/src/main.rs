//! `crashsite`: post-mortem debugging for Python, on the command line.
//!
//! Thin: arguments are decoded here, `crashsite-view` is asked, its answer is written as text or as JSON. Exit status: 0 an
//! answer, 1 the question has none, 2 usage, 3 the file is no dump or nothing of it could be read.

mod arguments;
mod clients;
mod commands;
mod doors;
mod failure;
mod limits;
mod output;
#[cfg(debug_assertions)]
mod planted;
mod platform;
mod progress;
mod reading;
mod render;
mod sandbox;
mod say;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use arguments::Arguments;
use failure::Failure;
use output::Output;

fn main() -> ExitCode {
    let arguments = Arguments::of_process();
    let mut output = Output::new(arguments.color);
    // A panic is a bug here, never an answer; the file's text must not reach the terminal by its message.
    panic::set_hook(Box::new(|_| ()));
    let done = panic::catch_unwind(AssertUnwindSafe(|| {
        commands::run(&arguments, &mut output)?;
        output.finish()
    }));
    match done {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => failure.report(),
        Err(_) => Failure::internal().report(),
    }
}
