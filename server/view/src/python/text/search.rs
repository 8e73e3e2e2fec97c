//! Where a text stands in another.

use memchr::memmem;

use super::kind::{Kind, len};
use crate::python::Raised;

/// `find`: the number of the element at which the wanted text first begins between `start` and `end`.
pub fn find(kind: Kind, text: &[u8], wanted: &[u8], start: Option<i64>, end: Option<i64>) -> Option<usize> {
    let (window, before) = kind.window(text, start, end)?;
    let at = memmem::find(window, wanted)?;
    Some(before + len(kind, window.get(..at)?))
}

/// `rfind`: the number of the element at which the wanted text last begins between `start` and `end`.
pub fn rfind(kind: Kind, text: &[u8], wanted: &[u8], start: Option<i64>, end: Option<i64>) -> Option<usize> {
    let (window, before) = kind.window(text, start, end)?;
    let at = memmem::rfind(window, wanted)?;
    Some(before + len(kind, window.get(..at)?))
}

fn not_found(kind: Kind) -> Raised {
    Raised::new("ValueError", if kind == Kind::Str { "substring not found" } else { "subsection not found" })
}

/// `index`: as [`find`], but raises where there is none.
pub fn index(kind: Kind, text: &[u8], wanted: &[u8], start: Option<i64>, end: Option<i64>) -> Result<usize, Raised> {
    find(kind, text, wanted, start, end).ok_or_else(|| not_found(kind))
}

/// `rindex`: as [`rfind`], but raises where there is none.
pub fn rindex(kind: Kind, text: &[u8], wanted: &[u8], start: Option<i64>, end: Option<i64>) -> Result<usize, Raised> {
    rfind(kind, text, wanted, start, end).ok_or_else(|| not_found(kind))
}

/// `count`: how often the wanted text stands between `start` and `end`, not overlapping.
pub fn count(kind: Kind, text: &[u8], wanted: &[u8], start: Option<i64>, end: Option<i64>) -> usize {
    match kind.window(text, start, end) {
        None => 0,
        Some((window, _)) if wanted.is_empty() => len(kind, window) + 1,
        Some((window, _)) => memmem::find_iter(window, wanted).count(),
    }
}

/// `startswith` of one prefix, within `start` and `end`.
pub fn startswith(kind: Kind, text: &[u8], prefix: &[u8], start: Option<i64>, end: Option<i64>) -> bool {
    kind.window(text, start, end).is_some_and(|(window, _)| window.starts_with(prefix))
}

/// `endswith` of one suffix, within `start` and `end`.
pub fn endswith(kind: Kind, text: &[u8], suffix: &[u8], start: Option<i64>, end: Option<i64>) -> bool {
    kind.window(text, start, end).is_some_and(|(window, _)| window.ends_with(suffix))
}
