//! What there is in the heap, what is absent, and what cannot be taken over: known before the first byte is written.

use std::collections::BTreeMap;

use crashsite_model::heap::Section;
use crashsite_model::{Dump, Object, Payload};

use crate::text::is_readable;

/// What a look through the dump has found.
#[derive(Default)]
pub(crate) struct Survey {
    counts: BTreeMap<&'static str, u64>,
    objects: u64,
    addresses: bool,
    sizes: bool,
    classless: usize,
    nameless: usize,
    placeless: usize,
    ownerless: usize,
    unreadable: usize,
    headers: usize,
}

impl Survey {
    /// Looks through the dump; decodes all of its heap.
    pub(crate) fn of(dump: &Dump) -> Survey {
        let mut survey = Survey::default();
        dump.heap.objects().for_each(|object| survey.object(&object));
        dump.heap.sections().for_each(|section| survey.tables(section));
        survey
    }

    /// The names in a section's tables. Objects may share one that is long, so it is looked at once.
    fn tables(&mut self, section: &Section) {
        let classes = section.types.iter().filter_map(|class| class.raw.as_deref()).flat_map(|raw| [&raw.0, &raw.1]);
        let names = section.names.iter().filter_map(|name| name.raw.as_ref());
        self.unreadable += classes.chain(names).filter(|text| !is_readable(text)).count();
    }

    fn object(&mut self, object: &Object<'_>) {
        let kind = object.kind();
        *self.counts.entry(kind.name()).or_default() += 1;
        self.objects += 1;
        self.addresses |= object.address() != 0;
        self.sizes |= object.size() != 0;
        self.classless += usize::from(object.class().is_none());
        self.placeless += usize::from(kind.has_location() && object.location().is_none());
        self.ownerless += usize::from(kind.is_rest() && object.rest().is_none());
        let text = match object.payload() {
            Payload::Text(text) => text,
            _ => object.note().unwrap_or_default(),
        };
        self.unreadable += usize::from(!is_readable(text));
        self.nameless += object.attribute_count() - object.raw_attributes().count();
    }

    /// So many headers could not be kept.
    pub(crate) fn headers_left_out(&mut self, count: usize) {
        self.headers = count;
    }

    pub(crate) fn objects(&self) -> u64 {
        self.objects
    }

    /// Objects by the names of their kinds.
    pub(crate) fn counts(&self) -> &BTreeMap<&'static str, u64> {
        &self.counts
    }

    /// What could not be taken over.
    pub(crate) fn lost(&self) -> Vec<String> {
        [
            (self.classless, "objects have no class in the source; they are of a class without a name"),
            (self.nameless, "attributes have no name in the source, and are left out"),
            (self.placeless, "functions, classes or frames have no place in the source; their file is unknown"),
            (self.ownerless, "rests of containers do not say whose they are"),
            (self.unreadable, "texts are no UTF-8; U+FFFD stands for what is none"),
            (self.headers, "headers could not be kept"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect()
    }

    /// The problems that the file lists: what was found here and when the source was read, then what the capture said.
    pub(crate) fn problems(&self, dump: &Dump) -> Vec<String> {
        let (read, captured): (Vec<_>, Vec<_>) = dump.problems.iter().partition(|problem| problem.offset.is_some());
        let of_heap = dump.heap.problems();
        let found = read.into_iter().chain(&of_heap).map(ToString::to_string).chain(self.lost());
        found
            .map(|text| format!("when converted from {}: {text}", dump.format))
            .chain(captured.into_iter().map(|problem| problem.message.clone()))
            .collect()
    }

    /// What the source does not have.
    pub(crate) fn absent(&self, dump: &Dump) -> Vec<&'static str> {
        let process = &dump.process;
        let locals = || dump.frames.iter().flat_map(|frame| &frame.locals);
        [
            (process.pid.is_none(), "pid"),
            (process.time.is_none(), "time"),
            (process.python.version.is_none(), "version of Python"),
            (dump.threads.is_empty(), "threads"),
            (!dump.frames.is_empty() && dump.frames.iter().all(|frame| frame.column.is_none()), "columns"),
            (locals().any(|local| local.preview.is_none()), "previews (made from the heap)"),
            (dump.sources.is_empty(), "sources"),
            (dump.heap.is_empty(), "heap"),
            (self.objects > 0 && !self.addresses, "addresses"),
            (self.objects > 0 && !self.sizes, "sizes"),
            (!dump.complete, "closing part"),
        ]
        .into_iter()
        .filter_map(|(absent, what)| absent.then_some(what))
        .collect()
    }
}
