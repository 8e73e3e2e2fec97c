//! The folders of the workspace: which Python files are there, and which dumps.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::SystemTime;

/// Entries that are looked at.
const MOST_ENTRIES: usize = 200_000;
/// Files whose beginning is read, to see whether they are dumps.
const MOST_SNIFFED: usize = 5_000;
/// Folders within each other.
const DEEPEST: usize = 32;
/// Bytes of a file's beginning.
const HEAD: u64 = 8192;
/// Folders in which no program of one's own lies.
const SKIPPED: &[&str] = &["node_modules", "__pycache__", "target", "site-packages"];

/// The folders, and what was found in them when it was first asked for.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) folders: Vec<PathBuf>,
    found: OnceLock<Found>,
}

/// What is in the folders.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Python files by their names.
    sources: HashMap<String, Vec<PathBuf>>,
    /// Dumps, the newest first.
    pub(crate) dumps: Vec<PathBuf>,
}

impl Workspace {
    pub(crate) fn new(folders: Vec<PathBuf>) -> Workspace {
        Workspace { folders, found: OnceLock::new() }
    }

    /// What is in the folders. It may take a while.
    pub(crate) fn found(&self) -> &Found {
        self.found.get_or_init(|| look(&self.folders))
    }

    /// Python files of that name.
    pub(crate) fn sources(&self, name: &str) -> &[PathBuf] {
        self.found().sources.get(name).map_or(&[], Vec::as_slice)
    }
}

fn look(folders: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let mut dumps: Vec<(SystemTime, PathBuf)> = Vec::new();
    let mut open: Vec<(PathBuf, usize)> = folders.iter().rev().map(|folder| (folder.clone(), 0)).collect();
    let (mut entries, mut sniffed) = (0, 0);
    while let Some((folder, depth)) = open.pop() {
        let Ok(list) = fs::read_dir(&folder) else { continue };
        for entry in list.flatten() {
            entries += 1;
            if entries > MOST_ENTRIES {
                break;
            }
            // Links are not followed: they may lead out of the workspace, or around in it.
            let (Ok(kind), name) = (entry.file_type(), entry.file_name()) else { continue };
            let name = name.to_string_lossy();
            let path = entry.path();
            if kind.is_dir() {
                let own = !name.starts_with('.') && !SKIPPED.contains(&&*name) && !path.join("pyvenv.cfg").exists();
                if own && depth < DEEPEST {
                    open.push((path, depth + 1));
                }
            } else if kind.is_file() && name.ends_with(".py") {
                found.sources.entry(name.into_owned()).or_default().push(path);
            } else if kind.is_file() && sniffed < MOST_SNIFFED {
                sniffed += 1;
                dumps.extend(is_dump(&path).then(|| (changed(&path), path)));
            }
        }
    }
    dumps.sort_by(|one, other| other.cmp(one));
    found.dumps = dumps.into_iter().map(|(_, path)| path).collect();
    found
}

/// Whether a file is named as the dumps are that are sealed. What is in it, only its readers can tell.
pub(crate) fn is_named_sealed(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(".dump.age"))
}

/// Whether a file begins as a dump does, or as a sealed file and is named as a dump.
pub(crate) fn is_dump(path: &Path) -> bool {
    let mut head = Vec::new();
    let regular = fs::metadata(path).is_ok_and(|facts| facts.is_file());
    regular
        && File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head)).is_ok()
        && (crashsite_model::is_dump(&head) || head.starts_with(b"age-encryption.org/") && is_named_sealed(path))
}

/// When a file changed last.
pub(crate) fn changed(path: &Path) -> SystemTime {
    fs::metadata(path).and_then(|facts| facts.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}
