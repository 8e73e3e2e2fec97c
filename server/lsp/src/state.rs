//! The state of a session. It changes in the order of the messages; who answers a question works on it as it was when the
//! question came.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use crashsite_view::editor::activation::Selected;
use crashsite_view::editor::annotate;
use crashsite_view::editor::paths::Mapping;
use crashsite_view::editor::text::Units;
use tokio::sync::watch;

use crate::document::Document;
use crate::dumps::{Opened, Slot};
use crate::settings::Settings;
use crate::workspace::Workspace;

/// What the client can do.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Abilities {
    pub(crate) units: Units,
    pub(crate) markdown: bool,
    pub(crate) text_document_content: bool,
    pub(crate) show_document: bool,
    pub(crate) refresh_hints: bool,
    pub(crate) refresh_lenses: bool,
    pub(crate) refresh_inline_values: bool,
    pub(crate) watch: bool,
    pub(crate) related_information: bool,
}

/// How another frame is chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Move {
    /// This one.
    To(Selected),
    /// The innermost one of a thread that is the program's own.
    Thread(usize),
    /// So many frames outwards.
    Out(isize),
}

impl Move {
    /// The frame that is chosen, where there is such a one.
    pub(crate) fn from(self, opened: &Opened, at: Selected) -> Option<Selected> {
        let chosen = match self {
            Move::To(selected) => selected,
            Move::Thread(thread) => {
                let frames = &opened.dump.threads.get(thread)?.frames;
                let own = |index: &usize| opened.dump.frames.get(*index).is_some_and(|frame| !frame.library);
                Selected { thread, frame: frames.iter().position(own).unwrap_or(0) }
            }
            Move::Out(frames) => Selected { frame: at.frame.checked_add_signed(frames)?, ..at },
        };
        annotate::exists(&opened.dump, chosen).then_some(chosen)
    }
}

/// Choices that are kept of a dump that is being opened.
const MOST_MOVES: usize = 100;

/// All that changes. A copy costs little: it shares what it holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) abilities: Abilities,
    pub(crate) settings: Arc<Settings>,
    pub(crate) mappings: Arc<Vec<Mapping>>,
    /// How often what texts are matched by has changed.
    pub(crate) epoch: u64,
    pub(crate) workspace: Arc<Workspace>,
    /// Dumps are being looked for in it as long as this has a sender.
    pub(crate) discovery: Option<watch::Receiver<()>>,
    /// By their keys.
    pub(crate) documents: HashMap<String, Arc<Document>>,
    /// In the order they were opened.
    pub(crate) dumps: Vec<Arc<Slot>>,
    /// How the frames that are looked at were chosen, by the dumps' ids: one may be chosen before its dump is open.
    moves: HashMap<String, Vec<Move>>,
}

impl State {
    /// The dump of that id; without one, the first.
    pub(crate) fn dump(&self, id: Option<&str>) -> Option<&Arc<Slot>> {
        self.dumps.iter().find(|slot| id.is_none_or(|id| slot.id == id))
    }

    /// The frame of a dump that is looked at.
    pub(crate) fn selected(&self, slot: &Slot, opened: &Opened) -> Selected {
        let moves = self.moves.get(&slot.id).map_or(&[][..], Vec::as_slice);
        moves.iter().fold(opened.first_look(), |at, by| by.from(opened, at).unwrap_or(at))
    }

    /// Another frame of a dump is looked at.
    pub(crate) fn select(&mut self, id: &str, by: Move) {
        let at = self.dump(Some(id)).and_then(|slot| Some(self.selected(slot, slot.peek()?)));
        let moves = self.moves.entry(id.to_owned()).or_default();
        if let Some(at) = at {
            *moves = vec![Move::To(at)];
        }
        if moves.len() < MOST_MOVES {
            moves.push(by);
        }
    }

    /// The frame that the latest choice was made from, and the choice.
    pub(crate) fn latest_move(&self, slot: &Slot, opened: &Opened) -> Option<(Selected, Move)> {
        let (last, before) = self.moves.get(&slot.id)?.split_last()?;
        let at = before.iter().fold(opened.first_look(), |at, by| by.from(opened, at).unwrap_or(at));
        Some((at, *last))
    }

    /// Looks for files in these folders.
    pub(crate) fn look_in(&mut self, folders: Vec<PathBuf>) {
        self.workspace = Arc::new(Workspace::new(folders));
    }

    /// Takes a dump in, in the place of the one that had its path. Files may be others by it.
    pub(crate) fn add(&mut self, slot: Arc<Slot>) {
        self.remove(&slot.id);
        self.dumps.push(slot);
    }

    /// Forgets a dump.
    pub(crate) fn remove(&mut self, id: &str) {
        self.dumps.retain(|slot| slot.id != id);
        self.moves.remove(id);
        self.epoch += 1;
    }

    /// Forgets a dump, unless another has been taken in in its place.
    pub(crate) fn remove_slot(&mut self, slot: &Arc<Slot>) {
        if self.dumps.iter().any(|other| Arc::ptr_eq(other, slot)) {
            self.remove(&slot.id);
        }
    }

    /// Takes settings in.
    pub(crate) fn set(&mut self, settings: Settings) {
        self.mappings = Arc::new(settings.path_mappings.clone());
        self.settings = Arc::new(settings);
        self.epoch += 1;
    }

    /// Whether the client shows documents of the scheme `crashsite`.
    pub(crate) fn has_virtual_documents(&self) -> bool {
        self.settings.virtual_documents.unwrap_or(self.abilities.text_document_content)
    }
}
