//! Why there is no answer: one line of what and where, one of what to do, and the exit status.

use std::fmt;
use std::io::{self, Write as _};
use std::process::{ExitCode, ExitStatus};

use crashsite_model::Error;
use crashsite_view::thread::NoSuch;
use crashsite_view::{eval, text};

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

    /// An expression has no value. `otherwise` is what to do, where the failure itself does not say.
    pub(crate) fn of_expression(expression: &str, failure: &eval::Failure, otherwise: &str) -> Self {
        let place = failure.column.map_or_else(String::new, |column| format!(" (column {column} of the expression)"));
        let remedy = failure.remedy.as_deref().unwrap_or(otherwise);
        let told = Failure::no_answer(format!("{}: {}{place}", failure.kind, failure.message), remedy);
        match failure.column {
            Some(column) => told.marked(expression, column, failure.end.unwrap_or(column + 1)),
            None => told,
        }
    }

    /// Shows a place in an expression, where the expression is short enough: characters from 1, the end exclusive.
    fn marked(mut self, expression: &str, column: u64, end: u64) -> Self {
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

    /// A process of our own has said it, and its exit status is this one's.
    pub(crate) fn said_by(process: ExitStatus) -> Self {
        let status = process.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(NO_DUMP);
        Failure { status, ..Failure::said() }
    }

    /// A bug.
    pub(crate) fn internal() -> Self {
        Failure::no_dump(
            "an internal error: this file brought crashsite into a state it should never be in",
            "Please report it, with the file if you may share it.",
        )
    }

    /// The lines that tell it, fit for a terminal: what and where, the place in an expression, what to do.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        let marked = self.marked.iter().flatten().map(|line| format!("    {line}"));
        let all = std::iter::once(self.what.clone()).chain(marked).chain([self.remedy.clone()]);
        all.filter(|line| !line.is_empty()).map(|line| text::escape(&line).into_owned())
    }

    /// What and where, in one line.
    pub(crate) fn reason(&self) -> &str {
        &self.what
    }

    /// Writes the lines to stderr.
    pub(crate) fn report(self) -> ExitCode {
        let mut stderr = io::stderr().lock();
        for (index, line) in self.lines().enumerate() {
            // Nobody may be listening, and there is no other place to say it.
            let _ = writeln!(stderr, "{}{line}", if index == 0 { "crashsite: " } else { "" });
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
