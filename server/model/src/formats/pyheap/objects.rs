//! The objects of a file, as far as they are kept: what belongs to an object itself, not to its class.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crashsite_parse::{Limits, Source};

use super::file::{Head, Name, Raw, Shapes};
use super::input::{Ended, Input};
use crate::problem::Problems;
use crate::{Problem, scalar_text};

/// Objects that are kept.
const MOST_OBJECTS: usize = 2_000_000;
/// References of all of them to others.
const MOST_REFERENCES: usize = 20_000_000;
/// References of one object.
const MOST_OF_ONE: usize = 10_000_000;
/// Bytes of all texts together.
const MOST_TEXT: usize = 128 << 20;

/// Place of an object in the file.
pub(super) type Id = u32;

#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) address: u64,
    pub(super) class: u64,
    pub(super) size: u32,
    content: (u32, u32),
    attributes: (u32, u32),
    text: (u32, u32),
}

#[derive(Debug, Default)]
pub(super) struct Objects {
    pub(super) entries: Vec<Entry>,
    /// The keys come from the file: a hash that can be foreseen would let it choose them all alike.
    places: HashMap<u64, Id>,
    content: Vec<u64>,
    attributes: Vec<(u32, u64)>,
    text: Vec<u8>,
    names: Vec<Arc<str>>,
    known_names: HashMap<Arc<str>, u32>,
    /// Types whose objects are exceptions.
    pub(super) exceptions: HashSet<u64>,
    /// Addresses of all types that an object has.
    pub(super) classes: HashSet<u64>,
    /// Characters of the longest text: where others were cut.
    pub(super) longest: usize,
    /// Where the objects end.
    pub(super) end: u64,
    /// Whether all are there that the file says it has.
    pub(super) whole: bool,
}

impl Objects {
    /// Reads the objects three times: which types there are, what these have, and then what objects have beyond that.
    pub(super) fn read(source: &Arc<dyn Source>, head: &Head, limits: &Limits, problems: &mut Problems) -> Objects {
        let most = usize::try_from(limits.max_references).unwrap_or(usize::MAX).min(MOST_OF_ONE);
        let pass = Pass { source, head, shapes: Shapes::new(head), most };
        let mut objects = Objects::default();
        let mut count = 0u32;
        let end = pass.each(|raw| {
            count += 1;
            if objects.classes.len() < MOST_OBJECTS / 10 {
                objects.classes.insert(raw.class);
            }
            objects.longest = objects.longest.max(scalar_text(&raw.text).chars().count());
        });
        (objects.end, objects.whole) = end;
        let of_types = objects.attributes_of_types(&pass);
        let most_objects = usize::try_from(limits.max_values).unwrap_or(usize::MAX).min(MOST_OBJECTS);
        let mut spent = false;
        pass.each(|raw| spent |= !objects.keep(raw, head, &of_types, most_objects));
        if spent {
            let what = format!(
                "more than {most_objects} objects, {MOST_REFERENCES} references or {MOST_TEXT} bytes of text: the rest is left out"
            );
            problems.push(Problem::captured(what));
        }
        if !objects.whole {
            let what = format!("the file is incomplete: it ends after {count} of {} objects", head.count);
            problems.at(objects.end, what);
        }
        objects
    }

    /// What each type has, which its objects are written with as if it were their own.
    fn attributes_of_types(&mut self, pass: &Pass<'_>) -> HashMap<u64, HashSet<(u32, u64)>> {
        let mut found: HashMap<u64, HashSet<(u32, u64)>> = HashMap::new();
        let mut left = MOST_REFERENCES;
        pass.each(|raw| {
            if !self.classes.contains(&raw.address) {
                return;
            }
            let mut own = HashSet::new();
            let (mut args, mut traceback) = (false, false);
            for (name, value) in raw.attributes.iter().take(left) {
                let name = self.name(name, pass.head);
                match self.names.get(name as usize).map(|name| &**name) {
                    Some("args") => args = true,
                    Some("with_traceback") => traceback = true,
                    _ => {}
                }
                own.insert((name, *value));
            }
            left = left.saturating_sub(own.len());
            if args && traceback {
                self.exceptions.insert(raw.address);
            }
            found.insert(raw.address, own);
        });
        found
    }

    fn name(&mut self, name: &Name, head: &Head) -> u32 {
        let text: Arc<str> = match name {
            Name::Numbered(number) => head.names.get(usize::from(*number)).cloned().unwrap_or_default(),
            Name::Written(bytes) => scalar_text(bytes).as_ref().into(),
        };
        if let Some(&known) = self.known_names.get(&text) {
            return known;
        }
        let number = self.names.len() as u32;
        self.names.push(text.clone());
        self.known_names.insert(text, number);
        number
    }

    /// Keeps an object. Whether there is room for all of it.
    fn keep(&mut self, raw: &Raw, head: &Head, of_types: &HashMap<u64, HashSet<(u32, u64)>>, most: usize) -> bool {
        if self.entries.len() >= most {
            return false;
        }
        let Ok(id) = Id::try_from(self.entries.len()) else { return false };
        let mut room = MOST_REFERENCES.saturating_sub(self.content.len() + self.attributes.len());
        let content = raw.content.get(..room).unwrap_or(&raw.content);
        room -= content.len();
        let content_run = (self.content.len() as u32, content.len() as u32);
        self.content.extend_from_slice(content);
        let of_type = of_types.get(&raw.class);
        let begin = self.attributes.len();
        for (name, value) in raw.attributes.iter().take(room) {
            let name = self.name(name, head);
            let dunder =
                self.names.get(name as usize).is_some_and(|name| name.starts_with("__") && name.ends_with("__"));
            if !dunder && !of_type.is_some_and(|own| own.contains(&(name, *value))) {
                self.attributes.push((name, *value));
            }
        }
        let space = MOST_TEXT.saturating_sub(self.text.len());
        let text = raw.text.get(..space).unwrap_or(&raw.text);
        let text_run = (self.text.len() as u32, text.len() as u32);
        self.text.extend_from_slice(text);
        let entry = Entry {
            address: raw.address,
            class: raw.class,
            size: raw.size,
            content: content_run,
            attributes: (begin as u32, (self.attributes.len() - begin) as u32),
            text: text_run,
        };
        // What an exception refers to is a dictionary, a traceback, other exceptions, and one tuple.
        let args = self.exceptions.contains(&raw.class).then(|| raw.referents.clone());
        self.entries.push(entry);
        self.places.insert(raw.address, id);
        if let Some(args) = args {
            self.content.extend(args.iter().take(8));
            let run = (self.content.len() - args.len().min(8)) as u32;
            if let Some(entry) = self.entries.last_mut() {
                entry.content = (run, args.len().min(8) as u32);
            }
        }
        content.len() == raw.content.len() && text.len() == raw.text.len() && raw.attributes.len() <= room
    }

    pub(super) fn find(&self, address: u64) -> Option<Id> {
        self.places.get(&address).copied()
    }

    pub(super) fn entry(&self, id: Id) -> Option<&Entry> {
        self.entries.get(id as usize)
    }

    pub(super) fn content(&self, entry: &Entry) -> &[u64] {
        within(&self.content, entry.content)
    }

    pub(super) fn attributes(&self, entry: &Entry) -> &[(u32, u64)] {
        within(&self.attributes, entry.attributes)
    }

    pub(super) fn text(&self, entry: &Entry) -> &[u8] {
        within(&self.text, entry.text)
    }

    pub(super) fn name_of(&self, name: u32) -> &str {
        self.names.get(name as usize).map_or("", |name| name)
    }
}

fn within<T>(list: &[T], run: (u32, u32)) -> &[T] {
    let start = run.0 as usize;
    list.get(start..start + run.1 as usize).unwrap_or_default()
}

/// A way through all objects.
struct Pass<'p> {
    source: &'p Arc<dyn Source>,
    head: &'p Head,
    shapes: Shapes,
    most: usize,
}

impl Pass<'_> {
    /// Shows each object; where they end, and whether all are there.
    fn each(&self, mut show: impl FnMut(&Raw)) -> (u64, bool) {
        let mut input = Input::new(self.source.clone(), self.head.objects);
        let mut raw = Raw::default();
        let mut end = input.offset();
        for _ in 0..self.head.count {
            match self.shapes.read(&mut input, &mut raw, self.most) {
                Ok(()) => show(&raw),
                Err(Ended) => return (end, false),
            }
            end = input.offset();
        }
        (end, true)
    }
}
