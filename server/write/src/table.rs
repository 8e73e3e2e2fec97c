//! The tables of a section: each class and each name once.

use std::collections::HashMap;
use std::hash::Hash;

use rustc_hash::FxHashMap;

/// A table of things that the heap holds. The heap has one copy for each section that it read; here they are one again.
pub(crate) struct Table<'a, T> {
    items: Vec<&'a T>,
    /// By where the heap has it: most look-ups end here.
    places: FxHashMap<*const T, u32>,
    /// By what it is. The names are the program's own, so the hash is one that cannot be aimed at.
    contents: HashMap<&'a T, u32>,
}

impl<'a, T: Hash + Eq> Table<'a, T> {
    pub(crate) fn new() -> Self {
        Table { items: Vec::new(), places: FxHashMap::default(), contents: HashMap::new() }
    }

    /// The index of a thing, which is added where it is new.
    pub(crate) fn index(&mut self, item: &'a T) -> u32 {
        let Table { items, places, contents } = self;
        *places.entry(std::ptr::from_ref(item)).or_insert_with(|| {
            *contents.entry(item).or_insert_with(|| {
                items.push(item);
                items.len() as u32 - 1
            })
        })
    }

    pub(crate) fn items(&self) -> &[&'a T] {
        &self.items
    }
}
