//! Patterns as Python has them, for the engine here, which takes time in proportion to a text whatever the text is.

use regex::{Regex, RegexBuilder};

/// Bytes of a compiled pattern: counted repetitions take much.
const LARGEST: usize = 64 << 20;

/// What `\w`, `\d` and `\s` stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    /// Python's `re.ASCII`.
    Ascii,
    /// Those of Unicode.
    All,
}

/// Compiles a pattern of this engine.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(LARGEST).build()
}

/// The pattern with each thing as it is called here.
pub(crate) fn translated(pattern: &str, letters: Letters) -> String {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut inside = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '[' if inside => out.push_str("\\["),
            '[' => {
                inside = true;
                out.push(c);
            }
            ']' => {
                inside = false;
                out.push(c);
            }
            '\\' => match (chars.next(), letters) {
                (Some('0'), _) => out.push_str("\\x00"),
                (Some('Z'), _) => out.push_str("\\z"),
                (Some('w'), Letters::Ascii) => set(&mut out, inside, "0-9A-Za-z_"),
                (Some('w'), Letters::All) => set(&mut out, inside, "\\p{L}\\p{N}_"),
                (Some('d'), Letters::Ascii) => set(&mut out, inside, "0-9"),
                (Some('s'), Letters::Ascii) => set(&mut out, inside, " \\t\\n\\r\\x0b\\x0c"),
                (Some('s'), Letters::All) => set(&mut out, inside, "\\s\\x1c-\\x1f"),
                (Some(other), _) => out.extend(['\\', other]),
                (None, _) => out.push('\\'),
            },
            _ => out.push(c),
        }
    }
    out
}

fn set(out: &mut String, inside: bool, members: &str) {
    if inside {
        out.push_str(members);
    } else {
        out.push('[');
        out.push_str(members);
        out.push(']');
    }
}

/// A pattern for the whole of a text.
pub(crate) fn whole(pattern: &str) -> Result<Regex, regex::Error> {
    compile(&format!(r"\A(?:{})\z", translated(pattern, Letters::All)))
}
