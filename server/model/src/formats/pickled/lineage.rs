//! What instances of a class are, by what the class derives from: as far as its bases are in the pickle, or in the sources.

use crashsite_parse::NodeId;

use super::{Graph, Ref, names};
use crate::heap::Kind;

/// What instances of a class are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lineage {
    Exception,
    /// Members, each made of its value.
    Enumeration,
    /// They hold the elements of the first argument that they are made of.
    Collection(Kind),
}

/// Classes that are looked at.
const MOST: usize = 100;

impl Graph<'_> {
    /// What calling a class that is in the pickle by value makes; `None` where its bases do not tell.
    pub(super) fn lineage(&mut self, class: NodeId) -> Option<Lineage> {
        if let Some(&known) = self.lineages.get(&class) {
            return known;
        }
        let mut open = vec![class];
        let mut found = None;
        let mut count = 0;
        while let Some(class) = open.pop().filter(|_| found.is_none() && count < MOST) {
            count += 1;
            match self.resolve(class) {
                Ref::Named(name) if self.is_exception(name) => found = Some(Lineage::Exception),
                Ref::Named(name) => found = of_name(self.full_name(name)),
                Ref::Node(class) => open.extend(self.bases(class).iter().take(MOST)),
                Ref::Lost => {}
            }
        }
        self.lineages.insert(class, found);
        found
    }

    /// Whether a class that is known by its name is an enumeration.
    pub(super) fn is_enumeration(&self, name: u32) -> bool {
        let (module, short) = self.full_name(name);
        names::is_enumeration(module, short) || self.sources.derives(module, short, names::makes_enumerations)
    }
}

fn of_name(name: (&str, &str)) -> Option<Lineage> {
    match name {
        ("enum", name) if names::makes_enumerations(name) => Some(Lineage::Enumeration),
        ("builtins", "set") => Some(Lineage::Collection(Kind::Set)),
        ("builtins", "frozenset") => Some(Lineage::Collection(Kind::FrozenSet)),
        ("builtins", "list") => Some(Lineage::Collection(Kind::List)),
        ("builtins", "tuple") => Some(Lineage::Collection(Kind::Tuple)),
        ("collections", "deque") => Some(Lineage::Collection(Kind::Deque)),
        _ => None,
    }
}
