//! Sources: the local file where it is still the one that crashed, else the text in the dump, as a document of the client's
//! own where it has one.

use std::collections::HashMap;
use std::path::Path;

use crashsite_model::Dump;
use crashsite_view::editor::paths::file_name;
use crashsite_view::extract;
use crashsite_view::same_file::same_file;

use crate::Machine;
use crate::launch::Launch;
use crate::session::clean;
use crate::types::{
    Checksum, ChecksumAlgorithm, LoadedSourcesBody, Source, SourceArguments, SourceBody, SourcePresentationHint,
};
use crate::wire::{Answer, Refusal, body};

/// Bytes of a text that is shown.
const LONGEST: usize = 16 << 20;
/// Sources that are listed.
const MOST: usize = 10_000;
/// Bytes of files of this machine that are compared with the dump's.
const MOST_COMPARED: usize = 256 << 20;

/// The sources of a dump.
pub(crate) struct Sources<'a> {
    dump: &'a Dump,
    launch: &'a Launch,
    machine: &'a dyn Machine,
    /// Their indexes, by name.
    indexes: HashMap<&'a str, usize>,
    /// What is known of those that were asked for, by name.
    known: HashMap<String, Source>,
    /// Bytes that have been compared.
    compared: usize,
}

impl<'a> Sources<'a> {
    pub(crate) fn new(dump: &'a Dump, launch: &'a Launch, machine: &'a dyn Machine) -> Self {
        let mut indexes = HashMap::new();
        for (index, source) in dump.sources.iter().enumerate() {
            indexes.entry(&*source.name).or_insert(index);
        }
        Sources { dump, launch, machine, indexes, known: HashMap::new(), compared: 0 }
    }

    /// The source of a name of the dump.
    pub(crate) fn of(&mut self, name: &str) -> Source {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let source = self.look(name);
        self.known.insert(name.to_owned(), source.clone());
        source
    }

    fn look(&mut self, name: &str) -> Source {
        let mut source = Source { name: Some(clean(file_name(name))), ..Source::default() };
        let index = self.indexes.get(name);
        let found = index.and_then(|index| self.dump.sources.get(*index));
        let digest = found.and_then(|found| found.sha256.as_deref());
        if let Some(checksum) = digest {
            let checksum = clean(checksum);
            source.checksums.push(Checksum { algorithm: ChecksumAlgorithm::Sha256, checksum });
        }
        // The same file only: another version of it would show the wrong lines.
        let directory = self.dump.process.cwd.as_deref();
        let (machine, compared) = (self.machine, &mut self.compared);
        let mut read = |path: &str| {
            if *compared >= MOST_COMPARED {
                return None;
            }
            let content = machine.read(Path::new(path))?;
            *compared += content.len();
            Some(content)
        };
        let local = found.and_then(|found| same_file(found, directory, &self.launch.path_mappings, &mut read));
        if local.is_some() {
            source.path = local;
        } else if let Some(document) = self.launch.documents.get(name) {
            source.path = Some(document.clone());
        } else if let (Some(index), Some(_)) = (index, found.filter(|found| !found.pieces.is_empty())) {
            source.path = Some(clean(name));
            source.source_reference = Some(*index as i64 + 1);
        } else {
            source.origin = Some(format!("{}: its text is not in the dump", clean(name)));
            source.presentation_hint = Some(SourcePresentationHint::Deemphasize);
        }
        source
    }

    /// The text of a source that is in the dump.
    pub(crate) fn text(&self, arguments: &SourceArguments) -> Answer {
        let of_source = arguments.source.as_ref().and_then(|source| source.source_reference);
        let reference = of_source.filter(|reference| *reference > 0).unwrap_or(arguments.source_reference);
        if reference <= 0 {
            let name = arguments.source.as_ref().and_then(|source| source.name.as_deref()).unwrap_or("this file");
            return Err(Refusal::quiet(format!("the text of {} is not in the dump", clean(name))));
        }
        let index = reference.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        let Some(source) = index.and_then(|index| self.dump.sources.get(index)) else {
            return Err(Refusal::quiet(format!("there is no source of the number {reference}")));
        };
        let content = extract::content(source, LONGEST)
            .map_err(|error| Refusal::quiet(format!("{}: {}", clean(&source.name), clean(&error))))?;
        body(SourceBody { content, mime_type: Some("text/x-python".to_owned()) })
    }

    /// All sources whose text can be had.
    pub(crate) fn all(&mut self) -> Answer {
        let names: Vec<&'a str> = self.dump.sources.iter().take(MOST).map(|source| &*source.name).collect();
        let sources = names.into_iter().map(|name| self.of(name));
        let shown = sources.filter(|source| source.path.is_some());
        body(LoadedSourcesBody { sources: shown.collect() })
    }
}
