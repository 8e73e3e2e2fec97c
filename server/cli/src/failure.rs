//! Why there is no answer: one line of what and where, one of what to do, and the exit status.

use std::io::{self, Write as _};
use std::process::ExitCode;

use crashsite_model::Error;
use crashsite_view::text;
use crashsite_view::thread::NoSuch;

/// The question has no answer.
const NO_ANSWER: u8 = 1;
/// The file is no dump, or nothing of it could be read.
const NO_DUMP: u8 = 3;

/// What ends a command.
#[derive(Debug)]
pub(crate) struct Failure {
    status: u8,
    what: String,
    remedy: String,
}

impl Failure {
    /// The question has no answer.
    pub(crate) fn no_answer(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Failure { status: NO_ANSWER, what: what.into(), remedy: remedy.into() }
    }

    /// The file cannot be used.
    pub(crate) fn no_dump(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Failure { status: NO_DUMP, what: what.into(), remedy: remedy.into() }
    }

    /// The answer is already written, and says itself that there is none.
    pub(crate) fn said() -> Self {
        Failure { status: NO_ANSWER, what: String::new(), remedy: String::new() }
    }

    /// A bug.
    pub(crate) fn internal() -> Self {
        Failure::no_dump(
            "an internal error: this file brought crashsite into a state it should never be in",
            "Please report it, with the file if you may share it.",
        )
    }

    /// Writes the two lines to stderr.
    pub(crate) fn report(self) -> ExitCode {
        if !self.what.is_empty() {
            let mut stderr = io::stderr().lock();
            // Nobody may be listening, and there is no other place to say it.
            let _ = writeln!(stderr, "crashsite: {}", text::escape(&self.what));
            let _ = writeln!(stderr, "{}", text::escape(&self.remedy));
        }
        ExitCode::from(self.status)
    }
}

impl From<NoSuch> for Failure {
    fn from(found: NoSuch) -> Self {
        Failure::no_answer(found.message, found.remedy)
    }
}

/// An error of a reader, told of a file.
pub(crate) fn of_reader(path: &str, error: &Error) -> Failure {
    Failure::no_dump(format!("{path}: {error}"), error.remedy.clone())
}
