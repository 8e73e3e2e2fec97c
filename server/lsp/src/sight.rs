//! Which text is which file of which dump.

use std::sync::Arc;

use crashsite_view::editor::Beside;
use crashsite_view::editor::activation::Selected;
use crashsite_view::editor::crashed::Crashed;
use crashsite_view::editor::follow::Follow;
use crashsite_view::editor::paths::{self, Likeness};
use sha2::{Digest as _, Sha256};
use tower_lsp_server::gen_lsp_types::Uri;

use crate::document::{Document, Match};
use crate::dumps::{Opened, Slot};
use crate::server::Question;
use crate::uri;

/// A text seen with a dump.
pub(crate) struct Sight {
    pub(crate) document: Arc<Document>,
    pub(crate) slot: Arc<Slot>,
    matched: Match,
    selected: Selected,
}

impl Sight {
    /// What is asked about, with the dump.
    pub(crate) fn beside<'a>(&'a self, opened: &'a Opened) -> Beside<'a> {
        Beside {
            dump: &opened.dump,
            crashed: &self.matched.crashed,
            text: &self.document.text,
            follow: &self.matched.follow,
            selected: self.selected,
        }
    }
}

impl Question {
    /// An open text with each of the dumps that it is a file of.
    pub(crate) fn sights(&self, uri: &Uri) -> Vec<Sight> {
        let Some(document) = self.state.documents.get(&uri::key(uri)) else { return Vec::new() };
        let sight = |slot: &Arc<Slot>| {
            let opened = slot.opened()?;
            let matched = self.matched(slot, opened, document)?;
            let selected = self.state.selected(slot, opened);
            Some(Sight { document: document.clone(), slot: slot.clone(), matched, selected })
        };
        self.state.dumps.iter().filter_map(sight).collect()
    }

    /// What a text is of a dump.
    pub(crate) fn matched(&self, slot: &Slot, opened: &Opened, document: &Document) -> Option<Match> {
        document.matching((slot.id.clone(), self.state.epoch), || self.look(slot, opened, document))
    }

    fn look(&self, slot: &Slot, opened: &Opened, document: &Document) -> Option<Match> {
        let path = uri::path(&document.uri);
        let own = uri::source(&document.uri).or_else(|| self.extracted.source(path.as_deref()?));
        if let Some((dump, place)) = own {
            return (dump == slot.id).then(|| matching(opened, opened.at_place(&place)?, document))?;
        }
        let path = path?;
        let directory = opened.dump.process.cwd.as_deref();
        let like = |name: &str| paths::likeness(name, directory, &path, &self.state.mappings);
        let sources = opened.dump.sources.iter().enumerate();
        let mut alike: Vec<(Likeness, usize)> =
            sources.filter_map(|(index, source)| Some((like(&source.name)?, index))).collect();
        alike.sort_by(|one, other| other.cmp(one));
        let best = alike.first().map(|(likeness, _)| *likeness);
        let mut found: Option<Match> = None;
        for (likeness, index) in alike {
            if Some(likeness) != best {
                break;
            }
            let Some(one) = matching(opened, index, document) else { continue };
            if likeness >= Likeness::Mapped {
                return Some(one);
            }
            // By the end of its path alone a file may be another.
            let better = found.as_ref().is_none_or(|other| one.follow.counts().1 > other.follow.counts().1);
            if better && one.follow.is_alike() {
                found = Some(one);
            }
        }
        found.or_else(|| matching(opened, same_content(opened, document)?, document))
    }
}

/// A source whose text is the same to the byte, under another name.
fn same_content(opened: &Opened, document: &Document) -> Option<usize> {
    let digest = digest(document);
    opened.dump.sources.iter().position(|source| source.sha256.as_deref() == Some(&*digest))
}

fn matching(opened: &Opened, index: usize, document: &Document) -> Option<Match> {
    let (dump, text) = (&opened.dump, &document.text);
    let source = dump.sources.get(index)?;
    let crashed = opened.crashed(index);
    if source.sha256.as_deref() != Some(&*digest(document)) {
        let crashed = crashed?;
        let follow = Follow::new(&crashed.text, &crashed.known, text);
        return Some(Match { crashed, follow: Arc::new(follow) });
    }
    // The file itself, of which the dump may have parts only.
    let whole = crashed.filter(|crashed| crashed.text.as_str() == text.as_str());
    let crashed = whole.or_else(|| Crashed::of_text(dump, source, text).ok().map(Arc::new))?;
    Some(Match { crashed, follow: Arc::new(Follow::same(text)) })
}

/// SHA-256 of a text, as dumps have it of files.
fn digest(document: &Document) -> String {
    let digest = Sha256::digest(document.text.as_str().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
