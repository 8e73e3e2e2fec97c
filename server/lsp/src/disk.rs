//! Files that are not open in the editor, as texts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use crate::document::Document;

/// Files that are kept.
const MOST: usize = 200;

/// When a file changed last, and its length: by that it is known to be another.
type Stamp = (SystemTime, u64);

/// Texts of files, as long as they do not change.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    kept: Mutex<HashMap<PathBuf, (Stamp, Arc<Document>)>>,
}

impl Disk {
    /// The text of a file, read where it is not known or has changed.
    pub(crate) fn get(
        &self,
        path: &Path,
        stamp: Stamp,
        read: impl FnOnce() -> Option<Arc<Document>>,
    ) -> Option<Arc<Document>> {
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, document)) = lock().get(path).filter(|kept| kept.0 == stamp) {
            return Some(document.clone());
        }
        let document = read()?;
        let mut kept = lock();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(path.to_owned(), (stamp, document.clone()));
        Some(document)
    }
}
