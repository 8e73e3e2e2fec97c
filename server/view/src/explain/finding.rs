//! What is found, as plain data.

use std::sync::Arc;

use serde::Serialize;

use crate::text::shorten;
use crate::value::Value;

/// Characters of a value in a line.
const LONGEST_VALUE: usize = 100;

/// The answer to `explain`.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    /// Version of the answer.
    pub schema: u32,
    /// What is known of the cause, best first.
    pub findings: Vec<Finding>,
    /// Whether all was looked at: `false` where a limit ended it.
    pub complete: bool,
}

/// A cause that the dump shows.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// What kind of cause it is: `none`, `key`, `index`, …
    pub cause: &'static str,
    /// The exception that it explains; `None` where it tells why threads stand still.
    pub exception: Option<Raised>,
    /// The cause in one sentence.
    pub says: String,
    /// Where it shows.
    pub at: Option<Spot>,
    /// The object to look at.
    pub object: Option<Subject>,
    /// What else tells, in the order in which to read it.
    pub evidence: Vec<Evidence>,
    /// Questions to go on with: the command and its words; the dump's path belongs behind the first.
    pub look: Vec<Vec<String>>,
}

/// An exception of the dump.
#[derive(Debug, Clone, Serialize)]
pub struct Raised {
    /// Which of the dump's it is; `None` where it has ended a task, which the crash did not come from.
    #[serde(skip)]
    pub index: Option<usize>,
    /// The class's own name.
    #[serde(rename = "type")]
    pub type_name: Arc<str>,
    /// What `str()` gives.
    pub message: Arc<str>,
    /// `crash`, `cause`, `context`, `member`, `task`.
    pub relation: &'static str,
}

/// A line of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spot {
    /// What `--thread` takes; `None` where no frame is there.
    pub thread: Option<usize>,
    /// The frame, 0 the innermost; `None` where the code is not on the stack.
    pub frame: Option<usize>,
    /// The function's name, qualified where that is known.
    pub function: Arc<str>,
    /// The file.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: Option<u64>,
    /// The line's text, without its indentation.
    pub code: Option<String>,
}

/// A value, and the expression that gives it.
#[derive(Debug, Clone, Serialize)]
pub struct Subject {
    /// The expression, in the frame that [`Spot`] names.
    pub expression: String,
    /// The value.
    #[serde(flatten)]
    pub value: Value,
}

impl Subject {
    /// `rows = [1, 2, 3]`
    fn line(&self) -> String {
        format!("{} = {}", self.expression, shorten(&self.value.repr, LONGEST_VALUE))
    }
}

/// Something that supports a finding.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// In one sentence.
    pub says: String,
    /// Where.
    pub at: Option<Spot>,
    /// The value.
    pub object: Option<Subject>,
}

impl Explanation {
    /// The finding that a view of an exception begins with: the best, or, for one that came before the crash, its own.
    pub fn leading(&self, exception: usize) -> Option<&Finding> {
        match exception {
            0 => self.findings.first(),
            _ => {
                let explains =
                    |finding: &&Finding| finding.exception.as_ref().is_some_and(|own| own.index == Some(exception));
                self.findings.iter().find(explains)
            }
        }
    }
}

impl Finding {
    /// What supports it, a line for each, the object to look at first.
    pub fn lines(&self) -> Vec<(String, Option<&Spot>)> {
        let object = self.object.iter().map(|object| (object.line(), self.at.as_ref()));
        object.chain(self.evidence.iter().map(|evidence| (evidence.line(), evidence.at.as_ref()))).collect()
    }
}

impl Evidence {
    /// All of it in a line.
    fn line(&self) -> String {
        match &self.object {
            Some(object) if self.says.is_empty() => object.line(),
            Some(object) => format!("{}: {}", self.says, object.line()),
            None => self.says.clone(),
        }
    }
}
