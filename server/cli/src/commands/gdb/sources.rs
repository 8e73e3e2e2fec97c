//! The sources of a dump as files, where gdb finds them without being told. A file of this machine that has the same content
//! is linked to, so that it is the user's own that gdb shows and edits; all others are written.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crashsite_image::printable;
use crashsite_model::Dump;
use crashsite_view::editor::paths::Mapping;
use crashsite_view::extract::{content, extract};
use crashsite_view::same_file::same_file;
use sha2::{Digest as _, Sha256};

use crate::platform::{self, Directory};

/// The files of this machine that sources of the dump are, by these sources' names.
type Own<'a> = HashMap<&'a str, String>;

/// Lays them ready below the user's cache, once: the directory is named by what is in it. Says where it is; what was written
/// there cannot be written to. `linked_only`: nothing is written, own files are linked to.
pub(super) fn laid_ready(dump: &Dump, mappings: &[Mapping], linked_only: bool) -> io::Result<String> {
    let own = own(dump, mappings);
    let mut name = digest(dump, &own);
    if linked_only {
        name += "-linked";
    }
    let directory = platform::cache_directory()?.join("sources").join(name);
    let name =
        directory.to_str().ok_or_else(|| io::Error::other("the home directory's name is not Unicode"))?.to_owned();
    if !directory.is_dir() {
        write(dump, &own, linked_only, &directory)?;
    }
    Ok(name)
}

fn own<'a>(dump: &'a Dump, mappings: &[Mapping]) -> Own<'a> {
    let directory = dump.process.cwd.as_deref();
    let mut read = |path: &str| platform::read_source(Path::new(path));
    let mut same = |source| same_file(source, directory, mappings, &mut read);
    dump.sources.iter().filter_map(|source| Some((&*source.name, same(source)?))).collect()
}

/// What the files will be.
fn digest(dump: &Dump, own: &Own<'_>) -> String {
    let mut digest = Sha256::new();
    for source in &dump.sources {
        let text = content(source, usize::MAX).unwrap_or_default();
        let own = own.get(&*source.name).map_or("", String::as_str);
        for part in [source.name.as_bytes(), text.as_bytes(), own.as_bytes()] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes the files beside the directory, which they become when all are there.
fn write(dump: &Dump, own: &Own<'_>, linked_only: bool, directory: &Path) -> io::Result<()> {
    let mut new = directory.as_os_str().to_owned();
    new.push(format!(".{}.new", std::process::id()));
    let new = Unfinished(PathBuf::from(new));
    let target = Directory::make(&new.0)?;
    let mut failed = None;
    extract(&dump.sources, String::new(), &mut |source, path, text| {
        let linked = own.get(&*source.name).is_some_and(|own| target.link_new(path, Path::new(own)).is_ok());
        if linked || linked_only {
            return Ok(());
        }
        let written = target
            .write_new(path, printable(text.to_owned()).as_bytes())
            .and_then(|()| platform::set_read_only(&new.0.join(path)));
        written.map_err(|error| {
            let message = error.to_string();
            failed.get_or_insert(error);
            message
        })
    });
    if let Some(error) = failed {
        return Err(error);
    }
    match fs::rename(&new.0, directory) {
        // Another process was faster, with the same files.
        Err(_) if directory.is_dir() => Ok(()),
        renamed => renamed,
    }
}

/// A directory that goes away unless it was renamed.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // What is left in a cache does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}
