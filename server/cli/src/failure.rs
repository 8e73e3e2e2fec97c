//! Why there is no answer: one line of what and where, one of what to do, and the exit status.

use std::fmt;
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
    /// The expression with the place underlined.
    marked: Option<[String; 2]>,
    remedy: String,
}

impl Failure {
    /// The question has no answer.
    pub(crate) fn no_answer(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Failure { status: NO_ANSWER, what: what.into(), marked: None, remedy: remedy.into() }
    }

    /// Shows a place in an expression, where the expression is short enough: characters from 1, the end exclusive.
    pub(crate) fn marked(mut self, expression: &str, column: u64, end: u64) -> Self {
        /// Characters of an expression that are shown.
        const MOST: usize = 200;
        let length = expression.chars().count();
        let from = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
        // Of other characters nobody knows here how wide the terminal shows them.
        let plain = expression.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
        if plain && length <= MOST && from <= length {
            let to = usize::try_from(end.saturating_sub(1)).unwrap_or(usize::MAX).min(length);
            let line = format!("{}{}", " ".repeat(from), "^".repeat(to.saturating_sub(from).max(1)));
            self.marked = Some([expression.to_owned(), line]);
        }
        self
    }

    /// The file cannot be used.
    pub(crate) fn no_dump(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Failure { status: NO_DUMP, what: what.into(), marked: None, remedy: remedy.into() }
    }

    /// The answer is already written, and says itself that there is none.
    pub(crate) fn said() -> Self {
        Failure { status: NO_ANSWER, what: String::new(), marked: None, remedy: String::new() }
    }

    /// A bug.
    pub(crate) fn internal() -> Self {
        Failure::no_dump(
            "an internal error: this file brought crashsite into a state it should never be in",
            "Please report it, with the file if you may share it.",
        )
    }

    /// Writes the two lines to stderr, and between them the place in an expression.
    pub(crate) fn report(self) -> ExitCode {
        if !self.what.is_empty() {
            let mut stderr = io::stderr().lock();
            // Nobody may be listening, and there is no other place to say it.
            let _ = writeln!(stderr, "crashsite: {}", text::escape(&self.what));
            for line in self.marked.iter().flatten() {
                let _ = writeln!(stderr, "    {}", text::escape(line));
            }
            let _ = writeln!(stderr, "{}", text::escape(&self.remedy));
        }
        ExitCode::from(self.status)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", text::escape(&self.what), text::escape(&self.remedy))
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
