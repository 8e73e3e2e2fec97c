//! `source --extract`: which files the sources of a dump become, and what stands in them. Names come from a hostile file: each
//! becomes a path that stays below its directory on every system, or is refused.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crashsite_model::SourceFile;
use serde::Serialize;

use crate::source::lines;
use crate::text;

/// Bytes of one component of a path.
const LONGEST_COMPONENT: usize = 200;
/// Bytes of a path.
const LONGEST_PATH: usize = 4000;
/// Components of a path: a file of a few bytes must not make thousands of directories.
const DEEPEST: usize = 64;
/// Files of one extraction.
const MOST_FILES: usize = 10_000;
/// Lines of one file that the dump lacks and that are filled.
const MOST_FILLED: u64 = 1_000_000;
/// Bytes of all files: one text may stand under many names.
const MOST_BYTES: usize = 256 << 20;

/// The answer to `source --extract`.
#[derive(Debug, Clone, Serialize)]
pub struct Extracted {
    /// Version of the answer.
    pub schema: u32,
    /// Where they were written.
    pub directory: String,
    /// The files that were written.
    pub written: Vec<Written>,
    /// The files that were not.
    pub not_written: Vec<NotWritten>,
}

/// A file that was written.
#[derive(Debug, Clone, Serialize)]
pub struct Written {
    /// Its name in the dump.
    pub file: Arc<str>,
    /// Where it is, below the directory; components are separated by `/`.
    pub path: String,
    /// Whether it is the whole file; lines that the dump lacks are empty.
    pub whole: bool,
}

/// A file that was not written.
#[derive(Debug, Clone, Serialize)]
pub struct NotWritten {
    /// Its name in the dump.
    pub file: Arc<str>,
    /// Why.
    pub error: String,
}

/// Has every source written by `write`, which is given it, a path below the directory, and the text.
pub fn extract<'a>(
    sources: impl IntoIterator<Item = &'a SourceFile>,
    directory: String,
    write: &mut dyn FnMut(&SourceFile, &str, &str) -> Result<(), String>,
) -> Extracted {
    let mut names = Names::default();
    let mut room = MOST_BYTES;
    let mut answer = Extracted { schema: crate::SCHEMA, directory, written: Vec::new(), not_written: Vec::new() };
    for source in sources {
        let done = if answer.written.len() < MOST_FILES {
            one(source, &mut names, &mut room, write)
        } else {
            Err(format!("{MOST_FILES} files are written already"))
        };
        match done {
            Ok(path) => {
                let whole = crate::source::text(source).whole;
                answer.written.push(Written { file: source.name.clone(), path, whole });
            }
            Err(error) => answer.not_written.push(NotWritten { file: source.name.clone(), error }),
        }
    }
    answer
}

fn one(
    source: &SourceFile,
    names: &mut Names,
    room: &mut usize,
    write: &mut dyn FnMut(&SourceFile, &str, &str) -> Result<(), String>,
) -> Result<String, String> {
    let content = content(source, *room)?;
    let path = names.path(&source.name)?;
    write(source, &path, &content)?;
    *room = room.saturating_sub(content.len());
    Ok(path)
}

/// The text of a file, at most `room` bytes; each line has the number it had, lines that the dump lacks are empty.
pub fn content(source: &SourceFile, room: usize) -> Result<String, String> {
    if let Some(error) = &source.error {
        return Err(error.to_string());
    }
    if source.pieces.is_empty() {
        return Err("the dump has no text of it".to_owned());
    }
    let mut out = String::new();
    let (mut next, mut filled) = (1_u64, 0_u64);
    for piece in &source.pieces {
        let first = piece.first.max(1);
        let gap = first.checked_sub(next).ok_or("its pieces overlap")?;
        filled = filled.saturating_add(gap);
        if filled > MOST_FILLED {
            return Err(format!(
                "the dump has its lines from {first} on; at most {MOST_FILLED} missing lines are filled"
            ));
        }
        if !out.is_empty() && !out.ends_with(['\n', '\r']) {
            out.push('\n');
        }
        if out.len() as u64 + gap + piece.text.len() as u64 > room as u64 {
            return Err(format!("{} MiB are written already", MOST_BYTES >> 20));
        }
        out.extend(std::iter::repeat_n('\n', gap as usize));
        out.push_str(&piece.text);
        next = first.saturating_add(lines(&piece.text).len() as u64);
    }
    Ok(out)
}

/// Paths for names, no two the same, also where upper and lower case are one, and none in the place of another's directory.
#[derive(Debug, Default)]
pub struct Names {
    files: HashSet<String>,
    directories: HashSet<String>,
    /// The suffix to try first, by the path that is taken.
    suffixes: HashMap<String, u32>,
}

impl Names {
    /// The path of a name: relative, of plain components with `/` between them.
    ///
    /// # Errors
    /// Where the name gives no path; the text says why.
    pub fn path(&mut self, name: &str) -> Result<String, String> {
        let components = components(name)?;
        let Some((last, parents)) = components.split_last() else { return Err("its name names no file".to_owned()) };
        let mut path = String::new();
        for parent in parents {
            path = self.free(&path, parent, |names, key| names.files.contains(key));
            self.directories.insert(key(&path));
            path.push('/');
        }
        let path = self.free(&path, last, |names, key| names.files.contains(key) || names.directories.contains(key));
        self.files.insert(key(&path));
        Ok(path)
    }

    /// The component at the end of a path, with the first `~N` with which it is not taken.
    fn free(&mut self, path: &str, component: &str, taken: impl Fn(&Names, &str) -> bool) -> String {
        let wanted = format!("{path}{component}");
        if !taken(self, &key(&wanted)) {
            return wanted;
        }
        let (stem, extension) = match component.rfind('.') {
            Some(dot) if dot > 0 => component.split_at(dot),
            _ => (component, ""),
        };
        let mut number = self.suffixes.get(&key(&wanted)).copied().unwrap_or(2);
        loop {
            let candidate = format!("{path}{stem}~{number}{extension}");
            if !taken(self, &key(&candidate)) {
                self.suffixes.insert(key(&wanted), number);
                return candidate;
            }
            number += 1;
        }
    }
}

/// What is the same where upper and lower case are one.
fn key(path: &str) -> String {
    path.to_lowercase()
}

/// The components of a name, without its root, each fit for every file system.
fn components(name: &str) -> Result<Vec<String>, String> {
    let name = ["\\\\?\\", "\\\\.\\", "//?/", "//./"].iter().find_map(|root| name.strip_prefix(root)).unwrap_or(name);
    let name = match name.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => name.get(2..).unwrap_or_default(),
        _ => name,
    };
    let mut found = Vec::new();
    let mut length = 0;
    for component in name.split(['/', '\\']).filter(|component| !matches!(*component, "" | "." | "..")) {
        let component = harmless(component);
        if component.len() > LONGEST_COMPONENT {
            return Err(format!("a part of its name is longer than {LONGEST_COMPONENT} bytes"));
        }
        length += component.len() + 1;
        found.push(component);
        if length > LONGEST_PATH {
            return Err(format!("its name is longer than {LONGEST_PATH} bytes"));
        }
        if found.len() > DEEPEST {
            return Err(format!("its name is deeper than {DEEPEST} directories"));
        }
    }
    if found.is_empty() { Err("its name names no file".to_owned()) } else { Ok(found) }
}

/// A component with `_` for whatever some system takes for more than a letter of a name: control, bidi and invisible
/// characters, those Windows reserves, a dot or space at the end; and before the name of a Windows device.
fn harmless(component: &str) -> String {
    let reserved = |c: char| "<>:\"|?*".contains(c) || !text::is_printable(c);
    let mut out: String = component.chars().map(|c| if reserved(c) { '_' } else { c }).collect();
    if out.ends_with(['.', ' ']) {
        out.pop();
        out.push('_');
    }
    if is_device(&out) {
        out.insert(0, '_');
    }
    out
}

/// Whether Windows takes a name for a device, whatever follows its first dot.
fn is_device(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let numbered = |rest: &str| {
        let mut digits = rest.chars();
        matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || ["COM", "LPT"].iter().any(|port| stem.strip_prefix(port).is_some_and(numbered))
}
