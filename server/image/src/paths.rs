//! The names of source files as a debugger is told them: relative, so that it finds the text below whatever directory the
//! sources of the dump were extracted to, and shows the rest of the path as it was.

use crashsite_model::Dump;
use crashsite_view::extract::{Names, content, extract};
use rustc_hash::FxHashMap;

use crate::name::clean;

/// Bytes of a text that is given away: no program has a longer file, and each client has a copy.
const LONGEST_TEXT: usize = 16 << 20;

/// A text as gdb may print it: it lets the escapes of colours through.
pub fn printable(text: String) -> String {
    if text.contains('\x1b') { text.replace('\x1b', "\u{241b}") } else { text }
}

/// A name for each file of the dump.
#[derive(Debug)]
pub(crate) struct Paths<'a> {
    extracted: FxHashMap<&'a str, String>,
}

impl<'a> Paths<'a> {
    /// The names under which `crashsite source --extract` writes the sources of the dump.
    pub(crate) fn of(dump: &'a Dump) -> Self {
        let written = extract(&dump.sources, String::new(), &mut |_, _, _| Ok(())).written;
        let paths: FxHashMap<&str, &str> = written.iter().rev().map(|file| (&*file.file, &*file.path)).collect();
        let found =
            dump.sources.iter().filter_map(|source| Some((&*source.name, (*paths.get(&*source.name)?).to_owned())));
        Paths { extracted: found.collect() }
    }

    /// The name of a file; one that the dump has no text of is named in the same way, `<stdin>` as it is.
    pub(crate) fn name(&self, file: &str) -> String {
        if let Some(path) = self.extracted.get(file) {
            return path.clone();
        }
        if file.starts_with('<') {
            return clean(file);
        }
        Names::default().path(file).unwrap_or_else(|_| clean(file))
    }
    /// The text of the file that is named so: that of a file of the dump.
    pub(crate) fn text(&self, dump: &Dump, path: &str) -> Option<String> {
        let (name, _) = self.extracted.iter().find(|(_, extracted)| *extracted == path)?;
        content(dump.source(name)?, LONGEST_TEXT).ok().map(printable)
    }
}
