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
    /// Made when the first file is.
    folder: Mutex<Option<TempDir>>,
}

impl Extracted {
    pub(crate) fn new(files: Arc<dyn Files>) -> Extracted {
        Extracted { files, folder: Mutex::default() }
    }

    /// Writes a source as a file, where it is not there yet.
    fn write(&self, slot: &Slot, place: &str, text: &str) -> io::Result<Uri> {
        let folder = {
            let mut folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
            let made = match folder.take() {
                Some(made) => made,
                None => tempfile::Builder::new().prefix("crashsite-").tempdir()?,
            };
            folder.insert(made).path().join(&slot.id)
        };
        let path = folder.join(place);
        if !path.exists() {
            self.files.write(&folder, place, text)?;
        }
        Ok(uri::of_path(&path.to_string_lossy()))
    }

    /// Dump and place of a file that was written here.
    pub(crate) fn source(&self, path: &str) -> Option<(String, String)> {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = PathBuf::from(path);
        let rest = rest.strip_prefix(folder.as_ref()?.path()).ok()?;
        let rest = rest.to_string_lossy().replace('\\', "/");
        let (dump, place) = rest.split_once('/')?;
        Some((dump.to_owned(), place.to_owned()))
    }

    /// Removes the files.
    pub(crate) fn remove(&self) {
        self.folder.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// The document that a source of a dump is.
pub(crate) fn uri(slot: &Slot, opened: &Opened, index: usize, extracted: Option<&Extracted>) -> Option<Uri> {
    let place = opened.place(index)?;
    match extracted {
        None => Some(uri::of_source(&slot.id, place)),
        Some(extracted) => extracted.write(slot, place, opened.crashed(index)?.text.as_str()).ok(),
    }
}
