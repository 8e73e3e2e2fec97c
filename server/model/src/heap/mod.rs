//! The objects of a dump: an index of sections, each decoded when something in it is first asked for.

mod build;
mod column;
mod contents;
mod kind;
mod object;
mod section;
mod state;

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

pub use build::{Builder, Record};
pub use column::{Code, Column};
pub use contents::Contents;
pub use kind::Kind;
pub use object::{Flag, Object, Payload};
pub use section::{Backing, Layout, Name, RawNames, Section, TypeInfo};
pub use state::State;

use crate::Problem;

/// Decodes a section; how depends on the file's format.
pub trait LoadSection: Send + Sync + fmt::Debug {
    /// Decodes the section of that index, `None` where nothing of it can be had. Says what is wrong in `problems`.
    fn load(&self, index: usize, problems: &mut Vec<Problem>) -> Option<Section>;
}

/// Where a section's objects begin and end.
#[derive(Debug)]
struct Slot {
    first: u32,
    end: u32,
    /// Index for [`LoadSection::load`].
    index: usize,
    section: OnceLock<Option<Section>>,
}

/// For a heap all of whose sections are decoded.
#[derive(Debug)]
struct NothingToLoad;

impl LoadSection for NothingToLoad {
    fn load(&self, _: usize, _: &mut Vec<Problem>) -> Option<Section> {
        None
    }
}

/// What the closing part knows about objects.
#[derive(Debug, Default)]
pub struct Known {
    /// True lengths of objects that were cut.
    pub cut: FxHashMap<u32, u64>,
    /// Objects that changed while they were read.
    pub changed: rustc_hash::FxHashSet<u32>,
    /// Rest objects of large containers, in order; `None` where the file has no such list.
    pub rests: Option<FxHashMap<u32, Vec<u32>>>,
}

/// The objects.
#[derive(Debug)]
pub struct Heap {
    slots: Vec<Slot>,
    loader: Box<dyn LoadSection>,
    known: Known,
    found_rests: OnceLock<FxHashMap<u32, Vec<u32>>>,
    problems: Mutex<Vec<Problem>>,
}

/// Keeps the problems of sections from growing without end.
const MOST_PROBLEMS: usize = 1000;

impl Heap {
    /// A heap of sections: `(first, one past last, index for the loader)`. Returns what overlaps beside it.
    pub fn new(
        mut index: Vec<(u32, u32, usize)>,
        loader: Box<dyn LoadSection>,
        known: Known,
    ) -> (Heap, Vec<(u32, u32, usize)>) {
        index.sort_by_key(|&(first, ..)| first);
        let mut slots: Vec<Slot> = Vec::with_capacity(index.len());
        let mut dropped = Vec::new();
        for (first, end, index) in index {
            if first >= end || slots.last().is_some_and(|last| last.end > first) {
                dropped.push((first, end, index));
            } else {
                slots.push(Slot { first, end, index, section: OnceLock::new() });
            }
        }
        let heap = Heap { slots, loader, known, found_rests: OnceLock::new(), problems: Mutex::new(Vec::new()) };
        (heap, dropped)
    }

    /// A heap of one section that is already decoded.
    pub fn of_section(section: Section) -> Heap {
        let slot = Slot { first: section.first, end: section.end(), index: 0, section: OnceLock::from(Some(section)) };
        let slots = if slot.first < slot.end { vec![slot] } else { Vec::new() };
        Heap {
            slots,
            loader: Box::new(NothingToLoad),
            known: Known { rests: Some(FxHashMap::default()), ..Known::default() },
            found_rests: OnceLock::new(),
            problems: Mutex::new(Vec::new()),
        }
    }

    /// A heap without objects.
    pub fn empty() -> Heap {
        Heap::of_section(Builder::default().finish())
    }

    /// How many objects the index has.
    pub fn len(&self) -> u64 {
        self.slots.iter().map(|slot| u64::from(slot.end - slot.first)).sum()
    }

    /// Whether there are no objects.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// How many sections the index has.
    pub fn section_count(&self) -> usize {
        self.slots.len()
    }

    /// How many of them are decoded: while [`Heap::load_all`] is at work, another thread may ask.
    pub fn decoded_count(&self) -> usize {
        self.slots.iter().filter(|slot| slot.section.get().is_some()).count()
    }

    /// First number, and one past the last, of each section.
    pub fn ranges(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.slots.iter().map(|slot| (slot.first, slot.end))
    }

    /// Whether the index has the object. Decodes nothing.
    pub fn contains(&self, number: u32) -> bool {
        self.slot_of(number).is_some()
    }

    /// The object of that number; `None` where it is missing.
    pub fn object(&self, number: u32) -> Option<Object<'_>> {
        let section = self.decode(self.slot_of(number)?)?;
        let index = number.checked_sub(section.first)?;
        (index < section.count).then(|| Object::new(section, index as usize))
    }

    /// All objects in the order of their numbers. Decodes every section, several at once.
    pub fn objects(&self) -> impl Iterator<Item = Object<'_>> {
        self.sections().flat_map(objects_of)
    }

    /// All sections that can be had, decoded several at once.
    pub fn sections(&self) -> impl Iterator<Item = &Section> {
        self.load_all();
        self.slots.iter().filter_map(|slot| self.decode(slot))
    }

    /// The section of that index in [`Heap::ranges`]; `None` where it cannot be had.
    pub fn section(&self, index: usize) -> Option<&Section> {
        self.decode(self.slots.get(index)?)
    }

    /// Decodes every section, several at once.
    pub fn load_all(&self) {
        self.slots.par_iter().for_each(|slot| {
            self.decode(slot);
        });
    }

    /// What was found wrong with the sections decoded so far, in the order of the file.
    pub fn problems(&self) -> Vec<Problem> {
        let mut list = self.problems.lock().unwrap_or_else(PoisonError::into_inner).clone();
        list.sort_by_key(|problem| problem.offset);
        list
    }

    /// What the closing part knows about objects.
    pub fn known(&self) -> &Known {
        &self.known
    }

    fn slot_of(&self, number: u32) -> Option<&Slot> {
        let after = self.slots.partition_point(|slot| slot.first <= number);
        let slot = self.slots.get(after.checked_sub(1)?)?;
        (number < slot.end).then_some(slot)
    }

    fn decode<'a>(&'a self, slot: &'a Slot) -> Option<&'a Section> {
        slot.section
            .get_or_init(|| {
                let mut found = Vec::new();
                let section = self.loader.load(slot.index, &mut found);
                if !found.is_empty() {
                    let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
                    let room = MOST_PROBLEMS.saturating_sub(problems.len());
                    problems.extend(found.into_iter().take(room));
                }
                section.filter(|section| section.first == slot.first && section.end() <= slot.end)
            })
            .as_ref()
    }

    /// The rest objects of a container, as the closing part lists them, or found by going through all sections.
    fn rests_of(&self, owner: u32) -> &[u32] {
        let rests = match &self.known.rests {
            Some(rests) => rests,
            None => self.found_rests.get_or_init(|| self.find_rests()),
        };
        rests.get(&owner).map_or(&[], Vec::as_slice)
    }

    fn find_rests(&self) -> FxHashMap<u32, Vec<u32>> {
        let mut rests: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
        for section in self.sections() {
            for &index in &section.rests {
                if let Some((owner, _)) = section.rest(index as usize) {
                    rests.entry(owner).or_default().push(section.first + index);
                }
            }
        }
        rests
    }
}

fn objects_of(section: &Section) -> impl Iterator<Item = Object<'_>> {
    (0..section.count as usize).map(move |index| Object::new(section, index))
}
