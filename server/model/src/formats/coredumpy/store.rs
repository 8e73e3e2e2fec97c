//! What a file says of objects, as it says it: types by name, references by `id()`.

use std::collections::HashMap;
use std::sync::Arc;

use crashsite_parse::{JsonNumber, Limits};

use crate::problem::Problems;
use crate::{Problem, scalar_text};

/// Objects of which something is kept, those included that are only referred to.
const MOST_OBJECTS: usize = 2_000_000;
/// References from objects to others that are kept.
const MOST_REFERENCES: usize = 10_000_000;
/// Bytes of all texts together.
const MOST_TEXT: usize = 64 << 20;
/// Bytes of one text. A longer one is cut.
pub(super) const LONGEST_TEXT: usize = 1 << 20;
/// Bytes of a name: of a type, of an attribute.
const LONGEST_NAME: usize = 10_000;

/// An object, by its place among those that were mentioned.
pub(super) type Id = u32;

/// A run in one of the store's lists.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Run {
    start: u32,
    count: u32,
}

/// What an object's `value` is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    /// There is none.
    Absent,
    /// A text, and its length in characters where it is cut.
    Text(Run, Option<u64>),
    Int(i64),
    /// In decimal.
    BigInt(Run),
    Float(f64),
    Bool(bool),
    /// Of a list: what is in it. References, in a run.
    Elements(Run),
    /// Of a dictionary: keys and values by turns.
    Pairs(Run),
}

/// An object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    /// Its type's name: an index into the names.
    pub(super) class: u32,
    pub(super) value: Value,
    /// Names and references, in a run.
    attributes: Run,
}

impl Entry {
    pub(super) fn new(class: u32) -> Self {
        Entry { class, value: Value::Absent, attributes: Run::default() }
    }
}

#[derive(Debug)]
pub(super) struct Store {
    /// The keys come from the file: a hash that can be foreseen would let it choose them all alike.
    places: HashMap<u64, Id>,
    ids: Vec<u64>,
    entries: Vec<Option<Entry>>,
    references: Vec<Id>,
    attributes: Vec<(u32, Id)>,
    text: Vec<u8>,
    names: Vec<Arc<str>>,
    known_names: HashMap<Arc<str>, u32>,
    most_objects: usize,
    most_references: usize,
    most_text: usize,
    /// Which budgets are spent: of objects, of references, of text.
    spent: [bool; 3],
}

/// A reference to an object that the store has no room for.
pub(super) const NO_ROOM: Id = u32::MAX;

impl Store {
    pub(super) fn new(limits: &Limits) -> Self {
        let of = |limit: u64, most: usize| usize::try_from(limit).unwrap_or(usize::MAX).min(most);
        Store {
            places: HashMap::new(),
            ids: Vec::new(),
            entries: Vec::new(),
            references: Vec::new(),
            attributes: Vec::new(),
            text: Vec::new(),
            names: Vec::new(),
            known_names: HashMap::new(),
            most_objects: of(limits.max_values, MOST_OBJECTS),
            most_references: of(limits.max_references, MOST_REFERENCES),
            most_text: of(limits.max_text, MOST_TEXT),
            spent: [false; 3],
        }
    }

    /// The object of an `id()`, as the file writes it: in decimal.
    pub(super) fn place(&mut self, id: &[u8]) -> Option<Id> {
        let id: u64 = std::str::from_utf8(id).ok()?.parse().ok()?;
        if let Some(&known) = self.places.get(&id) {
            return Some(known);
        }
        if self.ids.len() >= self.most_objects {
            self.spent[0] = true;
            return None;
        }
        let place = self.ids.len() as Id;
        self.ids.push(id);
        self.entries.push(None);
        self.places.insert(id, place);
        Some(place)
    }

    /// The same, without making room for it.
    pub(super) fn find(&self, id: &[u8]) -> Option<Id> {
        let id: u64 = std::str::from_utf8(id).ok()?.parse().ok()?;
        self.places.get(&id).copied()
    }

    /// Sets what an object is. Whether the file said so before.
    pub(super) fn set(&mut self, id: Id, entry: Entry) -> bool {
        self.entries.get_mut(id as usize).is_some_and(|place| place.replace(entry).is_some())
    }

    pub(super) fn name(&mut self, name: &[u8]) -> u32 {
        let name = scalar_text(name.get(..LONGEST_NAME).unwrap_or(name));
        if let Some(&known) = self.known_names.get(&*name) {
            return known;
        }
        let number = self.names.len() as u32;
        let name: Arc<str> = name.as_ref().into();
        self.names.push(name.clone());
        self.known_names.insert(name, number);
        number
    }

    /// Keeps a text; `length` is its length in characters where not all of it is here.
    pub(super) fn keep_text(&mut self, text: &[u8], length: Option<u64>) -> Value {
        let room = self.most_text.saturating_sub(self.text.len());
        let (kept, length) = match text.get(..room) {
            Some(start) if start.len() < text.len() => {
                self.spent[2] = true;
                (at_character(start), Some(length.unwrap_or_else(|| characters(text))))
            }
            _ => (text, length),
        };
        let start = self.text.len() as u32;
        self.text.extend_from_slice(kept);
        Value::Text(Run { start, count: kept.len() as u32 }, length)
    }

    pub(super) fn keep_number(&mut self, number: JsonNumber<'_>) -> Value {
        match number {
            JsonNumber::Int(value) => Value::Int(value),
            JsonNumber::Float(value) => Value::Float(value),
            JsonNumber::BigInt(text) => match self.keep_text(text.as_bytes(), None) {
                Value::Text(run, None) => Value::BigInt(run),
                _ => Value::Absent,
            },
        }
    }

    /// Where the references that follow begin.
    pub(super) fn references_begin(&self) -> usize {
        self.references.len()
    }

    pub(super) fn refer(&mut self, id: Option<Id>) {
        if self.references.len() < self.most_references {
            self.references.push(id.unwrap_or(NO_ROOM));
        } else {
            self.spent[1] = true;
        }
    }

    pub(super) fn references_end(&self, begin: usize) -> Run {
        Run { start: begin as u32, count: (self.references.len() - begin) as u32 }
    }

    pub(super) fn attributes_begin(&self) -> usize {
        self.attributes.len()
    }

    pub(super) fn attribute(&mut self, name: u32, id: Option<Id>) {
        if self.attributes.len() < self.most_references {
            self.attributes.push((name, id.unwrap_or(NO_ROOM)));
        } else {
            self.spent[1] = true;
        }
    }

    pub(super) fn attributes_end(&self, entry: &mut Entry, begin: usize) {
        entry.attributes = Run { start: begin as u32, count: (self.attributes.len() - begin) as u32 };
    }

    /// Says what there was no room for.
    pub(super) fn report(&self, problems: &mut Problems) {
        let most = [self.most_objects, self.most_references, self.most_text];
        let what = ["objects", "references", "bytes of text"];
        for ((spent, most), what) in self.spent.iter().zip(most).zip(what) {
            if *spent {
                problems.push(Problem::captured(format!("the file has more than {most} {what}: the rest is left out")));
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn address(&self, id: Id) -> u64 {
        self.ids.get(id as usize).copied().unwrap_or(0)
    }

    pub(super) fn entry(&self, id: Id) -> Option<&Entry> {
        self.entries.get(id as usize)?.as_ref()
    }

    /// The name of an object's type.
    pub(super) fn type_of(&self, id: Id) -> Option<&str> {
        self.name_of(self.entry(id)?.class)
    }

    pub(super) fn name_of(&self, name: u32) -> Option<&str> {
        self.names.get(name as usize).map(|name| &**name)
    }

    pub(super) fn text(&self, run: Run) -> &[u8] {
        within(&self.text, run)
    }

    pub(super) fn references(&self, run: Run) -> &[Id] {
        within(&self.references, run)
    }

    pub(super) fn attributes(&self, entry: &Entry) -> &[(u32, Id)] {
        within(&self.attributes, entry.attributes)
    }

    /// An attribute's value.
    pub(super) fn get(&self, id: Id, name: &str) -> Option<Id> {
        let attributes = self.attributes(self.entry(id)?);
        let name = *self.known_names.get(name)?;
        attributes.iter().rev().find(|attribute| attribute.0 == name).map(|attribute| attribute.1)
    }

    /// The text that an object is.
    pub(super) fn as_text(&self, id: Id) -> Option<std::borrow::Cow<'_, str>> {
        match self.entry(id)?.value {
            Value::Text(run, _) => Some(scalar_text(self.text(run))),
            _ => None,
        }
    }

    pub(super) fn as_int(&self, id: Id) -> Option<i64> {
        match self.entry(id)?.value {
            Value::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The elements of a list, a tuple or a set.
    pub(super) fn as_elements(&self, id: Id) -> Option<&[Id]> {
        match self.entry(id)?.value {
            Value::Elements(run) => Some(self.references(run)),
            _ => None,
        }
    }

    /// The keys and values of a dictionary.
    pub(super) fn pairs(&self, id: Id) -> impl Iterator<Item = (Id, Id)> + '_ {
        let run = match self.entry(id).map(|entry| entry.value) {
            Some(Value::Pairs(run)) => run,
            _ => Run::default(),
        };
        pairs(self.references(run))
    }

    /// The value of a dictionary under a text.
    pub(super) fn item(&self, id: Id, key: &str) -> Option<Id> {
        self.pairs(id).find(|pair| self.as_text(pair.0).as_deref() == Some(key)).map(|pair| pair.1)
    }
}

pub(super) fn pairs(references: &[Id]) -> impl Iterator<Item = (Id, Id)> + '_ {
    references.chunks_exact(2).filter_map(|pair| pair.first().copied().zip(pair.get(1).copied()))
}

fn within<T>(list: &[T], run: Run) -> &[T] {
    let start = run.start as usize;
    list.get(start..start.saturating_add(run.count as usize)).unwrap_or_default()
}

fn characters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64
}

/// Without the beginning of a character at its end.
pub(super) fn at_character(text: &[u8]) -> &[u8] {
    let tail = text.iter().rev().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
    let lead = text.len().checked_sub(tail + 1).and_then(|at| text.get(at)).copied().unwrap_or(0);
    let whole = match lead {
        0xC0..=0xDF => 1,
        0xE0..=0xEF => 2,
        0xF0..=0xFF => 3,
        _ => 0,
    };
    if tail == whole || lead < 0x80 { text } else { text.get(..text.len() - tail - 1).unwrap_or_default() }
}
