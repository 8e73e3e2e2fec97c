//! Dumps that are open.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crashsite_model::Dump;
use crashsite_view::editor::activation::Selected;
use crashsite_view::editor::crashed::Crashed;
use crashsite_view::editor::finding;
use crashsite_view::explain::{self, Explanation};
use crashsite_view::extract::Names;
use sha2::{Digest as _, Sha256};

use crate::Files;

/// A dump that was asked for. Whoever needs it first opens it.
pub(crate) struct Slot {
    /// What clients name it by: the same for the same path, in every session.
    pub(crate) id: String,
    pub(crate) path: PathBuf,
    /// Files with the reader's keys.
    identities: Vec<PathBuf>,
    files: Arc<dyn Files>,
    opened: OnceLock<Result<Opened, String>>,
}

/// An open dump.
pub(crate) struct Opened {
    pub(crate) dump: Arc<Dump>,
    /// Whether nothing of it may be written to a file.
    pub(crate) sealed: bool,
    /// The sources by their index in the dump; each is read when it is first asked for.
    crashed: Vec<OnceLock<Option<Arc<Crashed>>>>,
    /// Where each is as a document of its own: a path that is safe.
    places: Vec<Option<String>>,
    by_name: HashMap<Arc<str>, usize>,
    /// What it tells of the cause, once that was looked for.
    explained: OnceLock<Option<Explanation>>,
}

impl Slot {
    pub(crate) fn new(path: PathBuf, identities: Vec<PathBuf>, files: Arc<dyn Files>) -> Slot {
        Slot { id: id(&path), path, identities, files, opened: OnceLock::new() }
    }

    /// The dump, or why there is none. It may take a while.
    pub(crate) fn result(&self) -> Result<&Opened, &String> {
        let open = || {
            let dump = self.files.open(&self.path, &self.identities)?;
            Ok(Opened::new(dump, self.files.is_sealed(&self.path)))
        };
        self.opened.get_or_init(open).as_ref()
    }

    /// The dump, if it is open already.
    pub(crate) fn peek(&self) -> Option<&Opened> {
        self.opened.get()?.as_ref().ok()
    }

    /// The dump. It may take a while.
    pub(crate) fn opened(&self) -> Option<&Opened> {
        self.result().ok()
    }
}

/// The id of the dump at a path.
pub(crate) fn id(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("id", &self.id).field("path", &self.path).finish_non_exhaustive()
    }
}

impl Opened {
    fn new(dump: Arc<Dump>, sealed: bool) -> Opened {
        let mut names = Names::default();
        let places = dump.sources.iter().map(|source| names.path(&source.name).ok()).collect();
        let mut by_name = HashMap::new();
        for (index, source) in dump.sources.iter().enumerate() {
            by_name.entry(source.name.clone()).or_insert(index);
        }
        let crashed = dump.sources.iter().map(|_| OnceLock::new()).collect();
        Opened { dump, sealed, crashed, places, by_name, explained: OnceLock::new() }
    }

    /// The index of a source by its name in the dump.
    pub(crate) fn index(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// A source as it crashed, where the dump has its text.
    pub(crate) fn crashed(&self, index: usize) -> Option<Arc<Crashed>> {
        let read = || Crashed::new(&self.dump, self.dump.sources.get(index)?).ok().map(Arc::new);
        self.crashed.get(index)?.get_or_init(read).clone()
    }

    /// What the dump tells of the cause. To look for it may take some seconds.
    pub(crate) fn explained(&self) -> Option<&Explanation> {
        let look = || explain::answer(&self.dump, explain::MILLISECONDS).ok();
        self.explained.get_or_init(look).as_ref()
    }

    /// The same, if it was looked for already.
    pub(crate) fn explained_so_far(&self) -> Option<&Explanation> {
        self.explained.get()?.as_ref()
    }

    /// Where a source is as a document of its own.
    pub(crate) fn place(&self, index: usize) -> Option<&str> {
        self.places.get(index)?.as_deref()
    }

    /// The source that is there.
    pub(crate) fn at_place(&self, place: &str) -> Option<usize> {
        self.places.iter().position(|own| own.as_deref() == Some(place))
    }

    /// The frame to look at first: where the exception is shown.
    pub(crate) fn first_look(&self) -> Selected {
        let place = finding::place(&self.dump);
        place.map_or_else(Selected::default, |place| Selected { thread: place.stack.position, frame: place.number })
    }
}
