//! What `str()` of an exception gives.

use std::collections::VecDeque;
use std::sync::Arc;

use crashsite_model::{Dump, Exception, Kind, Object, Payload, scalar_text};

use crate::repr;
use crate::value::LONGEST_REPR;

/// Characters of a message that is put together here.
const LONGEST: usize = 10_000;

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
    of_object(dump, &object).map(Arc::from)
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

/// By the arguments of an exception; `None` where there are none to go by.
fn of_object(dump: &Dump, object: &Object<'_>) -> Option<String> {
    if object.kind() != Kind::Exception {
        return None;
    }
    let args = dump.heap.object(object.attribute("args")?)?;
    let numbers: Vec<u32> = args.elements().take(1000).collect();
    let shown = |number: u32| repr::of_number(dump, number, LONGEST);
    Some(match (object.class_name(), numbers.as_slice()) {
        (_, []) => String::new(),
        ("KeyError", &[key]) => shown(key),
        (_, &[only]) => text(dump, only).unwrap_or_else(|| shown(only)),
        (class, &[message, members]) if class.ends_with("ExceptionGroup") && text(dump, message).is_some() => {
            let count = dump.heap.object(members).map_or(0, |members| dump.heap.contents(&members).len());
            let plural = if count == 1 { "" } else { "s" };
            format!("{} ({count} sub-exception{plural})", text(dump, message).unwrap_or_default())
        }
        (class, &[code, what]) if is_of_system(class) => {
            let file = object.attribute("filename").map(|file| format!(": {}", shown(file))).unwrap_or_default();
            format!("[Errno {}] {}{file}", shown(code), text(dump, what).unwrap_or_else(|| shown(what)))
        }
        (class, &[code, what, file]) if is_of_system(class) => {
            let what = text(dump, what).unwrap_or_else(|| shown(what));
            format!("[Errno {}] {what}: {}", shown(code), shown(file))
        }
        _ => repr::of_object(dump, &args, LONGEST),
    })
}

/// Whether a class is `OSError`, or one of those that Python makes for certain numbers of errors.
fn is_of_system(class: &str) -> bool {
    matches!(
        class,
        "OSError"
            | "IOError"
            | "EnvironmentError"
            | "error"
            | "BlockingIOError"
            | "BrokenPipeError"
            | "ChildProcessError"
            | "ConnectionAbortedError"
            | "ConnectionError"
            | "ConnectionRefusedError"
            | "ConnectionResetError"
            | "FileExistsError"
            | "FileNotFoundError"
            | "InterruptedError"
            | "IsADirectoryError"
            | "NotADirectoryError"
            | "PermissionError"
            | "ProcessLookupError"
            | "TimeoutError"
    )
}

/// `str()` of a text.
fn text(dump: &Dump, number: u32) -> Option<String> {
    match dump.heap.object(number)?.payload() {
        Payload::Text(text) => Some(scalar_text(text).into_owned()),
        // A `str` of Python 2; `bytes` of Python 3 print as their repr.
        Payload::Bytes(bytes) if dump.process.python.major_minor?.0 == 2 => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        _ => None,
    }
}
