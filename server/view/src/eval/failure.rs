//! Why an expression has no value.

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::expr::Refusal;
use crate::python::Raised;
use crate::thread::NoSuch;

/// Why an expression has no value. As JSON: `{"schema": 1, "error": {"type": …, "message": …, "column": …}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exception that Python would raise, or `NotSupported`, `NotCaptured`, `NeedsCode`, `Limit`, `NoSuchFrame`; where
    /// the evaluation was interrupted, `KeyboardInterrupt`.
    pub kind: &'static str,
    /// What is wrong, in one line.
    pub message: String,
    /// Where in the expression: characters from 1.
    pub column: Option<u64>,
    /// One past the last of these characters, where it is known.
    pub end: Option<u64>,
    /// What to do, where there is something better than to look at the names of the frame.
    pub remedy: Option<String>,
}

impl Failure {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Failure { kind, message: message.into(), column: None, end: None, remedy: None }
    }

    /// A `TypeError`.
    pub(super) fn wrong_type(message: impl Into<String>) -> Self {
        Failure::new("TypeError", message)
    }

    /// A method that exists, and of which nothing is built here.
    pub(super) fn unknown_method(name: &str) -> Self {
        Failure::new("NotSupported", format!("the method {name} is not understood"))
    }

    /// What only the program's own code could tell.
    pub(super) fn needs_code(what: impl Into<String>) -> Self {
        Failure::new("NeedsCode", what).remedy(
            "Code of the program is not run. Its source is in the dump where the file is: `crashsite source`. Ask for the \
             attributes it reads, or for raw(…).",
        )
    }

    /// What the capture has left out on purpose.
    pub(super) fn redacted() -> Self {
        Failure::new("Redacted", "the value was left out by a rule of the capture")
            .remedy("`crashsite info` counts what was left out. The program's settings say what is: docs/privacy.md.")
    }

    /// What the dump does not hold.
    pub(super) fn not_captured(what: impl Into<String>) -> Self {
        Failure::new("NotCaptured", what)
            .remedy("A budget of the capture was spent, or the file is cut: see `crashsite info`.")
    }

    /// What the dump does not tell of the library.
    pub(super) fn brief(what: impl Into<String>) -> Self {
        Failure::new("NotCaptured", what).remedy(
            "Of the library a dump has what a reader needs who has it, too. A capture with library='full' has all of it.",
        )
    }

    pub(super) fn remedy(mut self, remedy: &str) -> Self {
        self.remedy = Some(remedy.to_owned());
        self
    }

    /// At a place, unless one closer to the cause is known.
    pub(super) fn at(mut self, column: u64, end: u64) -> Self {
        if self.column.is_none() {
            self.column = Some(column);
            self.end = Some(end);
        }
        self
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let failure = Failure { column: Some(refusal.column), ..Failure::new(refusal.kind, refusal.message) };
        match failure.kind {
            "SyntaxError" => {
                failure.remedy("Give one expression of Python; a statement is none. (name := …) binds a name in it.")
            }
            _ => failure,
        }
    }
}

impl From<Raised> for Failure {
    fn from(raised: Raised) -> Self {
        let failure = Failure::new(raised.kind, raised.message);
        match raised.kind {
            "Limit" => failure.remedy("Ask for less, or raise --max-memory and --max-milliseconds."),
            _ => failure,
        }
    }
}

impl From<NoSuch> for Failure {
    fn from(found: NoSuch) -> Self {
        Failure { remedy: Some(found.remedy), ..Failure::new("NoSuchFrame", found.message) }
    }
}

/// A failure within an answer.
#[derive(Serialize)]
pub(super) struct Error<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    message: &'a str,
    column: Option<u64>,
}

impl Failure {
    pub(super) fn error(&self) -> Error<'_> {
        Error { kind: self.kind, message: &self.message, column: self.column }
    }
}

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = serializer.serialize_struct("Failure", 2)?;
        answer.serialize_field("schema", &crate::SCHEMA)?;
        answer.serialize_field("error", &self.error())?;
        answer.end()
    }
}
