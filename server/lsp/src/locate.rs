//! From a place in a dump to one in the editor.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crashsite_model::Frame;
use crashsite_view::editor::text::{Span, Spot};
use crashsite_view::editor::{Beside, annotate, paths};
use tower_lsp_server::gen_lsp_types::{Location, Uri};

use crate::document::{Document, Match};
use crate::dumps::{Opened, Slot};
use crate::server::Question;
use crate::{convert, uri, virtual_files, workspace};

/// Bytes of a file that is read to know where its lines went.
const LARGEST: u64 = 16 << 20;
/// Files of a name that are compared.
const MOST_ALIKE: usize = 20;

impl Question {
    /// Where a frame is: the file in the workspace, if its line is still there, else the source in the dump.
    pub(crate) fn frame(&self, slot: &Slot, opened: &Opened, frame: &Frame) -> Option<Location> {
        let line = frame.line?;
        self.place(slot, opened, &frame.file, line, &|beside| annotate::running(beside, frame))
    }

    /// Where a line of a source is.
    pub(crate) fn line(&self, slot: &Slot, opened: &Opened, file: &str, line: u64) -> Option<Location> {
        self.place(slot, opened, file, line, &|beside| {
            let spot = beside.follow.spot(Spot { line, column: 1 })?;
            Some(beside.text.line_span(spot.line))
        })
    }

    /// Where a part of a source is.
    pub(crate) fn span(&self, slot: &Slot, opened: &Opened, file: &str, span: Span) -> Option<Location> {
        self.place(slot, opened, file, span.start.line, &|beside| beside.follow.span(span))
    }

    fn place(
        &self,
        slot: &Slot,
        opened: &Opened,
        file: &str,
        line: u64,
        find: &dyn Fn(Beside<'_>) -> Option<Span>,
    ) -> Option<Location> {
        let units = self.state.abilities.units;
        let Some(index) = opened.index(file).filter(|index| opened.crashed(*index).is_some()) else {
            // Without its text nobody knows what became of a line; where the file itself is, that is better than nothing.
            let document = self.named(opened, file).find_map(|path| self.read(&path))?;
            let span = document.text.line(line).map(|_| document.text.line_span(line))?;
            return Some(Location { uri: document.uri.clone(), range: convert::range(&document.text, span, units) });
        };
        let selected = self.state.selected(slot, opened);
        let locate = |document: &Document, matched: &Match| {
            let (crashed, follow) = (&matched.crashed, &matched.follow);
            let beside = Beside { dump: &opened.dump, crashed, text: &document.text, follow, selected };
            Some(Location { uri: document.uri.clone(), range: convert::range(&document.text, find(beside)?, units) })
        };
        let here = self.document(slot, opened, file);
        if let Some(found) = here.and_then(|(document, matched)| locate(&document, &matched)) {
            return Some(found);
        }
        let crashed = opened.crashed(index)?;
        let uri = self.document_of(slot, opened, index)?;
        let document = Document::new(uri, String::new(), crashed.text.as_str());
        locate(&document, &self.matched(slot, opened, &document)?)
    }

    /// The document that a source of a dump is, where the dump has its text.
    pub(crate) fn document_of(&self, slot: &Slot, opened: &Opened, index: usize) -> Option<Uri> {
        opened.crashed(index)?;
        let extracted = (!self.state.has_virtual_documents()).then_some(&*self.extracted);
        virtual_files::uri(slot, opened, index, extracted)
    }

    /// The text in the workspace that a file of a dump is: one that is open, or else a file.
    fn document(&self, slot: &Slot, opened: &Opened, file: &str) -> Option<(Arc<Document>, Match)> {
        let matched = |document: Arc<Document>| {
            let matched = self.matched(slot, opened, &document)?;
            (*matched.crashed.name == *file).then_some((document, matched))
        };
        let in_dump = |document: &&Arc<Document>| {
            uri::path(&document.uri).is_none_or(|path| self.extracted.source(&path).is_some())
        };
        let open = self.state.documents.values().filter(|document| !in_dump(document)).cloned();
        let mut open: Vec<_> = open.collect();
        open.sort_by(|one, other| one.uri.0.cmp(&other.uri.0));
        open.into_iter()
            .find_map(matched)
            .or_else(|| self.named(opened, file).find_map(|path| matched(self.read(&path)?)))
            .or_else(|| self.alike(opened, file).find_map(|path| matched(self.read(&path)?)))
    }

    /// Files that have the path of a dump's file, or one that the mappings make of it.
    fn named(&self, opened: &Opened, file: &str) -> impl Iterator<Item = PathBuf> + use<> {
        let directory = opened.dump.process.cwd.as_deref();
        paths::candidates(file, directory, &self.state.mappings).into_iter().map(PathBuf::from)
    }

    /// Files of the workspace whose paths end alike, the best first.
    fn alike(&self, opened: &Opened, file: &str) -> impl Iterator<Item = PathBuf> + use<> {
        let directory = opened.dump.process.cwd.as_deref();
        let sources = self.state.workspace.sources(paths::file_name(file)).iter();
        let like = |path: &PathBuf| paths::likeness(file, directory, &path.to_string_lossy(), &self.state.mappings);
        let mut alike: Vec<_> = sources.filter_map(|path| Some((like(path)?, path.clone()))).collect();
        alike.sort_by(|one, other| other.cmp(one));
        alike.into_iter().take(MOST_ALIKE).map(|(_, path)| path)
    }

    /// A file that is not open, as a text; read anew when it has changed.
    fn read(&self, path: &Path) -> Option<Arc<Document>> {
        let facts = fs::metadata(path).ok().filter(|facts| facts.is_file() && facts.len() <= LARGEST)?;
        if let Some(open) = self.state.documents.get(path.to_string_lossy().as_ref()) {
            return Some(open.clone());
        }
        self.disk.get(path, (workspace::changed(path), facts.len()), || {
            let text = fs::read_to_string(path).ok()?;
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            Some(Arc::new(Document::new(uri::of_path(&path.to_string_lossy()), String::new(), text)))
        })
    }
}
