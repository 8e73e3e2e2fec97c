//! A text that is open in the editor.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crashsite_view::editor::crashed::Crashed;
use crashsite_view::editor::follow::Follow;
use crashsite_view::editor::text::{Text, Units};
use tower_lsp_server::gen_lsp_types::{Position, TextDocumentContentChangeEvent, Uri};

/// What a text is of a dump: a file as it crashed, and the way between the two.
#[derive(Debug, Clone)]
pub(crate) struct Match {
    pub(crate) crashed: Arc<Crashed>,
    pub(crate) follow: Arc<Follow>,
}

/// One version of a text.
#[derive(Debug)]
pub(crate) struct Document {
    /// As the client names it.
    pub(crate) uri: Uri,
    pub(crate) language: String,
    pub(crate) text: Text,
    /// By the dump's id and its settings' number, what was found out.
    matches: Mutex<HashMap<(String, u64), Option<Match>>>,
}

impl Document {
    pub(crate) fn new(uri: Uri, language: String, text: impl Into<Arc<str>>) -> Document {
        Document { uri, language, text: Text::new(text), matches: Mutex::default() }
    }

    /// The text after edits, which follow each other. One that makes no sense leaves it as it is.
    pub(crate) fn edited(&self, changes: Vec<TextDocumentContentChangeEvent>, units: Units) -> Document {
        let mut text = self.text.clone();
        for change in changes {
            text = match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => Text::new(whole.text),
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => {
                    let (start, end) = (offset(&text, part.range.start, units), offset(&text, part.range.end, units));
                    let mut edited = text.as_str().to_owned();
                    if start <= end && edited.is_char_boundary(start) && edited.is_char_boundary(end) {
                        edited.replace_range(start..end, &part.text);
                    }
                    Text::new(edited)
                }
            };
        }
        Document { uri: self.uri.clone(), language: self.language.clone(), text, matches: Mutex::default() }
    }

    /// What the text is of a dump: looked for once.
    pub(crate) fn matching(&self, key: (String, u64), look: impl FnOnce() -> Option<Match>) -> Option<Match> {
        let known = |document: &Document| {
            let matches = document.matches.lock().unwrap_or_else(PoisonError::into_inner);
            matches.get(&key).cloned()
        };
        if let Some(known) = known(self) {
            return known;
        }
        let found = look();
        self.matches.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found.clone());
        found
    }
}

/// The byte of a position; behind the last line is the end.
fn offset(text: &Text, position: Position, units: Units) -> usize {
    let found = text.offset_of_units(u64::from(position.line) + 1, position.character as usize, units);
    found.unwrap_or(text.as_str().len())
}
