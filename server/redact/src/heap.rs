//! The heap without its secrets: section by section, made anew.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crashsite_model::heap::{Builder, Heap, Known, LoadSection, Name, Record, Section};
use crashsite_model::{Dump, Kind, Object, Payload, Problem, scalar_text};
use rustc_hash::FxHashMap;

use crate::Mode;
use crate::learn::Hidden;
use crate::secrets::{Cleaned, Counts, SHAPELESS, Secrets};

/// The flag of an object that was redacted.
const REDACTED: u8 = 3;
/// The flag of one that was cut.
const CUT: u8 = 1;

/// The heap with every section made anew, and in how many places which rule hid something. `rules` are the numbers of the rules.
pub(crate) fn redacted(
    dump: &Arc<Dump>,
    secrets: &Arc<Secrets>,
    hidden: Hidden,
    rules: FxHashMap<String, u64>,
) -> (Heap, Counts) {
    let ranges: Vec<(u32, u32)> = dump.heap.ranges().collect();
    let index = ranges.iter().enumerate().map(|(index, (first, end))| (*first, *end, index)).collect();
    let counts = Arc::new(Mutex::new(Counts::new()));
    let loader =
        Redacted { dump: dump.clone(), secrets: secrets.clone(), hidden, rules, ranges, counts: counts.clone() };
    let of = dump.heap.known();
    let known = Known { cut: of.cut.clone(), changed: of.changed.clone(), rests: of.rests.clone() };
    // The sections do not overlap, as they did not before.
    let (heap, _) = Heap::new(index, Box::new(loader), known);
    heap.load_all();
    let counts = counts.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (heap, counts)
}

/// Makes the sections.
struct Redacted {
    dump: Arc<Dump>,
    secrets: Arc<Secrets>,
    hidden: Hidden,
    rules: FxHashMap<String, u64>,
    ranges: Vec<(u32, u32)>,
    counts: Arc<Mutex<Counts>>,
}

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redacted").field("sections", &self.ranges.len()).finish_non_exhaustive()
    }
}

impl LoadSection for Redacted {
    fn load(&self, index: usize, _: &mut Vec<Problem>) -> Option<Section> {
        let (first, end) = *self.ranges.get(index)?;
        let section = self.dump.heap.section(index)?;
        let mut maker = Maker { plan: self, builder: Builder::starting_at(first), counts: Counts::new() };
        let names = maker.tables(section);
        for number in first..end {
            let Some(object) = self.dump.heap.object(number) else { break };
            maker.object(&object, &names);
        }
        let Maker { builder, counts: found, .. } = maker;
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        found.into_iter().for_each(|(rule, count)| *counts.entry(rule).or_default() += count);
        Some(builder.finish())
    }
}

/// What stands instead of a value.
enum Shown<'a> {
    /// What stood there before.
    Same,
    Text(Cow<'a, [u8]>),
    /// In place of a number.
    Word(String),
}

/// A section in the making.
struct Maker<'a> {
    plan: &'a Redacted,
    builder: Builder,
    counts: Counts,
}

impl Maker<'_> {
    /// The classes, and the names without secrets: where each of them is now.
    fn tables(&mut self, section: &Section) -> FxHashMap<*const Name, u32> {
        for class in &section.types {
            self.builder.class(class.clone());
        }
        let mut places = FxHashMap::default();
        for name in &section.names {
            let clean = match self.clean(name.bytes()) {
                Some(bytes) => Name {
                    text: scalar_text(&bytes).into(),
                    raw: std::str::from_utf8(&bytes).is_err().then(|| bytes.into()),
                },
                None => name.clone(),
            };
            places.insert(std::ptr::from_ref(name), self.builder.name_as_it_is(clean));
        }
        places
    }

    fn object(&mut self, object: &Object<'_>, names: &FxHashMap<*const Name, u32>) {
        let place = |name: &Name| names.get(&std::ptr::from_ref(name)).copied().unwrap_or(u32::MAX);
        let attributes: Vec<(u32, u32)> = object.raw_attributes().map(|(name, value)| (place(name), value)).collect();
        let elements: Vec<u32> = object.elements().collect();
        let pairs: Vec<(u32, u32)> = object.pairs().collect();
        let (shown, rule) = self.shown(object);
        let note = self.note(object);
        let mut flags: Vec<(u8, u64)> = object.raw_flags().iter().map(|(_, flag, value)| (*flag, *value)).collect();
        if let Some(rule) = rule
            && flags.iter().all(|(flag, _)| *flag != REDACTED)
        {
            flags.retain(|(flag, _)| *flag != CUT || object.kind() != Kind::BigInt);
            flags.push((REDACTED, self.plan.rules.get(&rule).copied().unwrap_or(0)));
        }
        let class = object.class_index().and_then(|index| u32::try_from(index).ok()).unwrap_or(u32::MAX);
        let mut record = Record::new(object.kind(), class);
        match &shown {
            Shown::Same => record.payload = object.payload(),
            Shown::Text(text) => {
                record.payload = match object.payload() {
                    Payload::Bytes(_) => Payload::Bytes(text),
                    _ => Payload::Text(text),
                };
            }
            Shown::Word(_) => record.kind = Kind::Atom,
        }
        record.note = match &shown {
            Shown::Word(word) => word.as_bytes(),
            _ => &note,
        };
        record.size = object.size();
        record.address = object.address();
        record.attributes = &attributes;
        record.elements = &elements;
        record.pairs = &pairs;
        record.location = object.location().map_or((u32::MAX, 0), |(file, line)| (place(file), line));
        record.rest = object.rest().unwrap_or((u32::MAX, 0));
        record.flags = &flags;
        self.builder.push(&record);
    }

    /// What is shown of a text, bytes or a number, and the rule that hid it.
    fn shown<'a>(&mut self, object: &Object<'a>) -> (Shown<'a>, Option<String>) {
        let secrets = &self.plan.secrets;
        let payload = object.payload();
        if let Some(secret) = self.plan.hidden.get(&object.number) {
            *self.counts.entry("name".to_owned()).or_default() += 1;
            let marker = secrets.marker(secret);
            let shown = match payload {
                Payload::Text(_) | Payload::Bytes(_) => Shown::Text(Cow::Owned(marker.into_bytes())),
                _ => Shown::Word(marker),
            };
            return (shown, Some("name".to_owned()));
        }
        if secrets.mode == Mode::ShapeOnly {
            return self.shapeless(object);
        }
        let cleaned = match payload {
            Payload::Text(text) => secrets.clean_raw(text),
            Payload::Bytes(bytes) => secrets.clean_bytes(bytes),
            _ => None,
        };
        let Some(cleaned) = cleaned else { return (Shown::Same, None) };
        // An object is one place, however much of it is hidden.
        *self.counts.entry(cleaned.rule.clone()).or_default() += 1;
        (Shown::Text(Cow::Owned(cleaned.text)), Some(cleaned.rule))
    }

    fn shapeless<'a>(&mut self, object: &Object<'a>) -> (Shown<'a>, Option<String>) {
        let shown = match object.kind() {
            Kind::Str | Kind::Bytes => Shown::Text(Cow::Borrowed(SHAPELESS.as_bytes())),
            Kind::Int | Kind::BigInt | Kind::Float | Kind::Complex => Shown::Word(SHAPELESS.to_owned()),
            Kind::Atom if object.class_name() != "NoneType" => Shown::Word(SHAPELESS.to_owned()),
            _ => return (Shown::Same, None),
        };
        *self.counts.entry("shape only".to_owned()).or_default() += 1;
        (shown, Some("shape only".to_owned()))
    }

    /// The note: of what is made of the program's values, without these where only shapes are kept.
    fn note<'a>(&mut self, object: &Object<'a>) -> Cow<'a, [u8]> {
        let note = object.note().unwrap_or_default();
        let of_values = matches!(
            object.kind(),
            Kind::Builtin | Kind::Method | Kind::Cell | Kind::WeakRef | Kind::Wrapper | Kind::Opaque
        );
        if of_values && self.plan.secrets.mode == Mode::ShapeOnly {
            let class = object.class().map_or_else(String::new, |class| format!("{}.{}", class.module, class.qualname));
            return Cow::Owned(format!("<{class} object at 0x{:x}>", object.address()).into_bytes());
        }
        self.clean(note).map_or(Cow::Borrowed(note), Cow::Owned)
    }

    fn clean(&mut self, raw: &[u8]) -> Option<Vec<u8>> {
        let Cleaned { text, counts, .. } = self.plan.secrets.clean_raw(raw)?;
        counts.into_iter().for_each(|(rule, count)| *self.counts.entry(rule).or_default() += count);
        Some(text)
    }
}
