//! What is known of a frame before there is a heap, and no format of another tool says better.

use std::sync::Arc;

use crate::heap::Kind;
use crate::{Local, Scope};

/// In the place of the number of an object that there is not.
pub(super) const NOTHING: u32 = u32::MAX;

/// A local variable. What its value is, is known when the heap is made.
pub(super) fn local(name: Arc<str>, scope: Scope, object: u32) -> Local {
    Local {
        name,
        scope,
        object: Some(object).filter(|object| *object != NOTHING),
        type_name: "".into(),
        module: "".into(),
        kind: Kind::Unknown(0),
        size: None,
        address: None,
        preview: None,
        cut: false,
        redacted: false,
        full_length: None,
        children_count: 0,
    }
}

/// The name of a file as the code had it. Tools make paths absolute, which `<string>` and its like are not.
pub(super) fn file_name(path: &str) -> &str {
    match path.rfind(['/', '\\']).and_then(|at| path.get(at + 1..)) {
        Some(name) if name.starts_with('<') && name.ends_with('>') => name,
        _ => path,
    }
}

/// Whether a file belongs to Python or to an installed package, by its path.
pub(super) fn is_library(file: &str) -> bool {
    let file = file.replace('\\', "/").to_ascii_lowercase();
    let parts =
        ["/site-packages/", "/dist-packages/", "/lib/python2.", "/lib/python3.", "/lib/pypy3.", "/python27/lib/"];
    // `C:/Python311/Lib/…`
    let windows = || file.split_once("/python3").map(|(_, rest)| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    file.starts_with("<frozen ")
        || parts.iter().any(|part| file.contains(part))
        || windows().is_some_and(|rest| rest.starts_with("/lib/"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_no_path_is_not_made_one() {
        for (path, name) in [
            ("/srv/app/<string>", "<string>"),
            ("C:\\app\\<stdin>", "<stdin>"),
            ("/srv/<frozen importlib._bootstrap>", "<frozen importlib._bootstrap>"),
            ("/srv/<tmp>/main.py", "/srv/<tmp>/main.py"),
            ("<string>", "<string>"),
            ("main.py", "main.py"),
            ("", ""),
        ] {
            assert_eq!(super::file_name(path), name, "{path}");
        }
    }
}
