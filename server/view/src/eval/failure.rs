//! Why an expression has no value.

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::expr::Refusal;
use crate::thread::NoSuch;

/// Why an expression has no value. As JSON: `{"schema": 1, "error": {"type": …, "message": …, "column": …}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exception that Python would raise, or `NotSupported`, `NotCaptured`, `NeedsCode`, `NoSuchFrame`.
    pub kind: &'static str,
    /// What is wrong, in one line.
    pub message: String,
    /// Where in the expression: characters from 1.
    pub column: Option<u64>,
    /// What to do, where there is something better than to look at the names of the frame.
    pub remedy: Option<String>,
}

impl Failure {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Failure { kind, message: message.into(), column: None, remedy: None }
    }

    pub(super) fn remedy(mut self, remedy: &str) -> Self {
        self.remedy = Some(remedy.to_owned());
        self
    }

    pub(super) fn at(mut self, column: u64) -> Self {
        self.column = Some(column);
        self
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::new(refusal.kind, refusal.message).at(refusal.column)
    }
}

impl From<NoSuch> for Failure {
    fn from(found: NoSuch) -> Self {
        Failure { kind: "NoSuchFrame", message: found.message, column: None, remedy: Some(found.remedy) }
    }
}

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Error<'a> {
            #[serde(rename = "type")]
            kind: &'a str,
            message: &'a str,
            column: Option<u64>,
        }
        let mut answer = serializer.serialize_struct("Failure", 2)?;
        answer.serialize_field("schema", &crate::SCHEMA)?;
        answer.serialize_field("error", &Error { kind: self.kind, message: &self.message, column: self.column })?;
        answer.end()
    }
}
