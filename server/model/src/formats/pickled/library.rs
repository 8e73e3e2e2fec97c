//! Values of Python's library that are told by what they are made of: paths, UUIDs, time zones, patterns.

use crashsite_parse::{BigInt, NodeId, View};

use super::Graph;
use crate::heap::Kind;

/// Characters of what such a value shows.
const LONGEST: usize = 1000;
/// What makes them, and their classes.
const MADE: [(&str, &str, &str); 9] = [
    ("pathlib", "PurePath", "PurePath"),
    ("pathlib", "PurePosixPath", "PurePosixPath"),
    ("pathlib", "PureWindowsPath", "PureWindowsPath"),
    ("pathlib", "PosixPath", "PosixPath"),
    ("pathlib", "WindowsPath", "WindowsPath"),
    ("pathlib", "Path", "Path"),
    ("uuid", "UUID", "UUID"),
    ("datetime", "timezone", "timezone"),
    ("re", "_compile", "Pattern"),
];
/// Flags of a pattern, in the order in which they are printed. `re.UNICODE` is not, because it goes without saying.
const FLAGS: [(i64, &str); 7] = [
    (2, "re.IGNORECASE"),
    (4, "re.LOCALE"),
    (8, "re.MULTILINE"),
    (16, "re.DOTALL"),
    (64, "re.VERBOSE"),
    (128, "re.DEBUG"),
    (256, "re.ASCII"),
];

impl Graph<'_> {
    /// Describes such a value; `false` where it is another, or not made as usual.
    pub(super) fn of_library(&mut self, node: NodeId, name: u32, args: &[NodeId]) -> bool {
        let full = self.full_name(name);
        let Some(&(module, made_by, class)) = MADE.iter().find(|made| (made.0, made.1) == full) else { return false };
        let (repr, names): (_, &[&str]) = match (module, class, args) {
            ("pathlib", class, _) => (self.path(class, args), &[]),
            ("uuid", _, []) => (self.uuid(node), &[]),
            ("datetime", _, _) => (Some(self.zone(node)).filter(|told| !told.contains('…')), &["offset", "name"]),
            ("re", _, &[pattern, flags]) if !self.python2 => (self.pattern(pattern, flags), &["pattern", "flags"]),
            _ => return false,
        };
        let Some(repr) = repr.filter(|repr| repr.len() <= LONGEST) else { return false };
        let kind = if made_by == class { Kind::Atom } else { Kind::Wrapper };
        let class = self.known_class(module, class);
        self.with_arguments(node, kind, class, &repr, names, args);
        true
    }

    /// A path of its parts, which Python joins as it makes it.
    fn path(&self, class: &str, parts: &[NodeId]) -> Option<String> {
        let windows = class.contains("Windows");
        let mut path = String::new();
        for part in parts {
            let part = self.pickle.as_text(*part)?;
            let part = if windows { part.replace('\\', "/") } else { part.into_owned() };
            if part.starts_with('/') {
                path.clear();
            }
            if !path.is_empty() && !path.ends_with('/') {
                path.push('/');
            }
            path.push_str(&part);
        }
        let plain = path.get(1..).is_none_or(|rest| !rest.contains("//") && !rest.ends_with('/') || windows);
        let plain = plain && !path.split('/').any(|part| part == ".");
        let path = if path.is_empty() { "." } else { &path };
        quoted(path).filter(|_| plain).map(|path| format!("{class}({path})"))
    }

    fn uuid(&self, node: NodeId) -> Option<String> {
        let number = self.slot(node, "int")?;
        let digits = match self.pickle.node(number) {
            View::BigInt(BigInt::Bytes(bytes)) => {
                let mut wide = [0; 16];
                let unsigned = bytes.strip_suffix(&[0]).filter(|_| bytes.len() == 17).unwrap_or(bytes);
                wide.get_mut(..unsigned.len())?.copy_from_slice(unsigned);
                u128::from_le_bytes(wide)
            }
            _ => u128::try_from(self.pickle.as_i128(number)?).ok()?,
        };
        let digits = format!("{digits:032x}");
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| digits.get(range).unwrap_or_default());
        Some(format!("UUID('{}')", parts.join("-")))
    }

    fn pattern(&self, pattern: NodeId, flags: NodeId) -> Option<String> {
        let pattern = quoted(&self.pickle.as_text(pattern)?)?;
        let flags = self.pickle.as_int(flags)?;
        let words: Vec<&str> = FLAGS.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, word)| *word).collect();
        let words = if words.is_empty() { String::new() } else { format!(", {}", words.join("|")) };
        Some(format!("re.compile({pattern}{words})"))
    }
}

/// A text as Python prints it, where nothing in it has to be told by a code.
fn quoted(text: &str) -> Option<String> {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c == quote => out.extend(['\\', c]),
            c if c.is_control() => return None,
            c => out.push(c),
        }
    }
    out.push(quote);
    Some(out)
}
