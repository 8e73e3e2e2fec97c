//! What `str()` of an exception gives.

mod arguments;

use std::collections::VecDeque;
use std::sync::Arc;

use crashsite_model::{Dump, Exception};

use crate::repr;
use crate::value::LONGEST_REPR;

/// The message of an exception: as the capture found it, or else by its arguments, as the builtin exceptions make it.
/// Its `repr` where that would have run the program's code.
pub fn message(dump: &Dump, exception: &Exception) -> Arc<str> {
    if let Some(text) = exception.message.as_ref().or(exception.preview.as_ref()) {
        return text.clone();
    }
    by_arguments(dump, exception)
        .unwrap_or_else(|| repr::of_number(dump, exception.object.unwrap_or(u32::MAX), LONGEST_REPR).into())
}

/// What `str()` gives, by the arguments of the exception in the heap; `None` where they are not there.
pub fn by_arguments(dump: &Dump, exception: &Exception) -> Option<Arc<str>> {
    let object = dump.heap.object(exception.object?)?;
    arguments::message(dump, &object, !exception.group.is_empty()).map(Arc::from)
}

/// The name of an exception's class. (The type of a raised instance of an old-style class is `instance`.)
pub fn class_name(exception: &Exception) -> &str {
    let last = exception.qualname.rsplit('.').next().unwrap_or_default();
    if last.is_empty() { &exception.type_name } else { last }
}

/// An exception of a dump, and how it belongs to the crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Its index in [`Dump::exceptions`].
    pub index: usize,
    /// `crash`, `cause`, `context`, `member`: what it is to the one that it was found at.
    pub relation: &'static str,
    /// The expression that gives it: `$exc.__cause__`; of a very long chain the later ones have none.
    pub expression: Option<String>,
}

/// The exceptions, each once: the crash first, then those from which it came, nearest first.
pub fn origins(dump: &Dump) -> Vec<Origin> {
    /// Characters of an expression.
    const LONGEST_EXPRESSION: usize = 500;
    let mut seen = vec![false; dump.exceptions.len()];
    let mut found = Vec::new();
    let mut next = VecDeque::from([Origin { index: 0, relation: "crash", expression: Some("$exc".to_owned()) }]);
    while let Some(origin) = next.pop_front() {
        let (Some(raised), Some(mark)) = (dump.exceptions.get(origin.index), seen.get_mut(origin.index)) else {
            continue;
        };
        if std::mem::replace(mark, true) {
            continue;
        }
        let mut follow = |relation, index, attribute: &str| {
            let expression = origin.expression.as_ref().map(|before| format!("{before}.{attribute}"));
            let expression = expression.filter(|text| text.len() <= LONGEST_EXPRESSION);
            next.push_back(Origin { index, relation, expression });
        };
        for (number, member) in raised.group.iter().enumerate() {
            follow("member", *member, &format!("exceptions[{number}]"));
        }
        if let Some(cause) = raised.cause {
            follow("cause", cause, "__cause__");
        }
        if let Some(context) = raised.context {
            follow("context", context, "__context__");
        }
        found.push(origin);
    }
    found
}
