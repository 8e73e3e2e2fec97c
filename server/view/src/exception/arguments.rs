//! What `str()` of an exception gives by its arguments, as the builtin exceptions make it.

use crashsite_model::{Dump, Kind, Object, Payload, scalar_text};

use crate::python::text::{Kind as TextKind, ord};
use crate::repr;
use crate::text::push_escape;

/// Characters of a message that is put together here.
const LONGEST: usize = 10_000;

/// By the arguments of an exception; `None` where there are none to go by.
pub(super) fn message(dump: &Dump, object: &Object<'_>, is_group: bool) -> Option<String> {
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
        (class, &[message, members])
            if (is_group || class.ends_with("ExceptionGroup")) && text(dump, message).is_some() =>
        {
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
        ("SyntaxError" | "IndentationError" | "TabError", &[message, place]) => {
            let place = dump.heap.object(place)?;
            let message = text(dump, message).unwrap_or_else(|| shown(message));
            syntax_error(dump, &message, &place).unwrap_or_else(|| repr::of_object(dump, &args, LONGEST))
        }
        ("UnicodeDecodeError" | "UnicodeEncodeError" | "UnicodeTranslateError", numbers) => {
            unicode_error(dump, numbers).unwrap_or_else(|| repr::of_object(dump, &args, LONGEST))
        }
        _ => repr::of_object(dump, &args, LONGEST),
    })
}

/// `message (file, line 3)`, where there is a file and a line. (CPython: `SyntaxError_str`.)
fn syntax_error(dump: &Dump, message: &str, place: &Object<'_>) -> Option<String> {
    let mut parts = place.elements();
    let file = text(dump, parts.next()?);
    let line = int(dump, parts.next()?);
    let file = file.as_deref().map(|file| file.rsplit('/').next().unwrap_or(file));
    Some(match (file, line) {
        (Some(file), Some(line)) => format!("{message} ({file}, line {line})"),
        (Some(file), None) => format!("{message} ({file})"),
        (None, Some(line)) => format!("{message} (line {line})"),
        (None, None) => message.to_owned(),
    })
}

/// Which part of what could not be encoded or decoded, and why. (CPython: `UnicodeDecodeError_str` and its like.)
fn unicode_error(dump: &Dump, args: &[u32]) -> Option<String> {
    let (codec, [what, start, end, reason]) = match *args {
        [codec, what, start, end, reason] => (Some(text(dump, codec)?), [what, start, end, reason]),
        [what, start, end, reason] => (None, [what, start, end, reason]),
        _ => return None,
    };
    let (start, end, reason) = (int(dump, start)?, int(dump, end)?, text(dump, reason)?);
    let does = match (&codec, dump.heap.object(what)?.payload()) {
        (Some(codec), Payload::Text(_)) => format!("'{codec}' codec can't encode"),
        (Some(codec), _) => format!("'{codec}' codec can't decode"),
        (None, _) => "can't translate".to_owned(),
    };
    let prefix = if dump.process.python.major_minor.is_some_and(|version| version.0 == 2) { "u" } else { "" };
    let at = usize::try_from(start).ok().filter(|_| start.checked_add(1) == Some(end));
    let one = at.and_then(|at| match dump.heap.object(what)?.payload() {
        Payload::Text(text) => {
            let code = ord(TextKind::Str, repr::characters(text).get(at)?)?;
            let mut character = String::new();
            push_escape(&mut character, code);
            Some(format!("character {prefix}'{character}'"))
        }
        Payload::Bytes(bytes) => bytes.get(at).map(|byte| format!("byte 0x{byte:02x}")),
        _ => None,
    });
    let many = if matches!(dump.heap.object(what)?.payload(), Payload::Text(_)) { "characters" } else { "bytes" };
    Some(match one {
        Some(one) => format!("{does} {one} in position {start}: {reason}"),
        None => format!("{does} {many} in position {start}-{}: {reason}", end.saturating_sub(1)),
    })
}

/// An int that is not large.
fn int(dump: &Dump, number: u32) -> Option<i64> {
    match dump.heap.object(number)?.payload() {
        Payload::Int(value) => Some(value),
        _ => None,
    }
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
