//! Sources of dumps as documents: of the scheme `crashsite`, or, for clients that cannot show those, as files in a folder that
//! goes away with the server.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tempfile::TempDir;
use tower_lsp_server::gen_lsp_types::Uri;

use crate::dumps::{Opened, Slot};
use crate::{Files, uri};

/// The folder of the files.
pub(crate) struct Extracted {
    files: Arc<dyn Files>,
    folder: Mutex<Folder>,
}

/// Where the files are.
#[derive(Debug, Default)]
enum Folder {
    /// Made when the first file is.
    #[default]
    Unmade,
    Made(TempDir),
    /// The session is over, and whoever still works for it writes nothing.
    Removed,
}

impl Extracted {
    pub(crate) fn new(files: Arc<dyn Files>) -> Extracted {
        Extracted { files, folder: Mutex::default() }
    }

    /// Writes a source as a file, where it is not there yet.
    fn write(&self, slot: &Slot, place: &str, text: &str) -> io::Result<Uri> {
        // Held until it is written: what is removed stays so.
        let mut at = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*at, Folder::Unmade) {
            *at = Folder::Made(tempfile::Builder::new().prefix("crashsite-").tempdir_in(self.files.scratch())?);
        }
        let Folder::Made(made) = &*at else { return Err(io::Error::other("the session is over")) };
        let folder = made.path().join(&slot.id);
        let path = folder.join(place);
        if !path.exists() {
            self.files.write(&folder, place, text)?;
        }
        Ok(uri::of_path(&path.to_string_lossy()))
    }

    /// Dump and place of a file that was written here.
    pub(crate) fn source(&self, path: &str) -> Option<(String, String)> {
        let at = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        let Folder::Made(folder) = &*at else { return None };
        let rest = PathBuf::from(path);
        let rest = rest.strip_prefix(folder.path()).ok()?;
        let rest = rest.to_string_lossy().replace('\\', "/");
        let (dump, place) = rest.split_once('/')?;
        Some((dump.to_owned(), place.to_owned()))
    }

    /// Removes the files.
    pub(crate) fn remove(&self) {
        *self.folder.lock().unwrap_or_else(PoisonError::into_inner) = Folder::Removed;
    }
}

/// The document that a source of a dump is. A source of a sealed dump becomes no file.
pub(crate) fn uri(slot: &Slot, opened: &Opened, index: usize, extracted: Option<&Extracted>) -> Option<Uri> {
    let place = opened.place(index)?;
    match extracted {
        None => Some(uri::of_source(&slot.id, place)),
        Some(_) if opened.sealed => None,
        Some(extracted) => extracted.write(slot, place, opened.crashed(index)?.text.as_str()).ok(),
    }
}
