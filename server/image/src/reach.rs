//! Which objects are laid out: breadth first from the frames' locals, as far as the limits allow. The heap is read no further.

use std::collections::VecDeque;
use std::sync::Arc;

use crashsite_model::{Dump, Object, TypeInfo};
use crashsite_view::children;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Limits;
use crate::shape::{Scalar, Shape, elements, members};

/// Bytes of a text that still stands inside the object that has it; longer ones are pointed to.
pub(crate) const INLINE: usize = 256;

/// An object that is laid out.
#[derive(Debug)]
pub(crate) struct Node {
    /// Its number in the heap.
    pub(crate) number: u32,
    pub(crate) content: Content,
}

/// What is laid out of an object; numbers are those of objects in the heap.
#[derive(Debug)]
pub(crate) enum Content {
    Scalar(Scalar),
    /// Values in the order of the record's names.
    Members {
        record: usize,
        values: Vec<u32>,
    },
    Elements(Vec<u32>),
}

/// What objects of one class with the same names have in common.
#[derive(Debug, PartialEq, Eq, Hash, Clone)]
pub(crate) struct Record {
    pub(crate) module: Arc<str>,
    pub(crate) qualname: Arc<str>,
    pub(crate) names: Vec<Arc<str>>,
}

/// Which of the limits have left something out.
#[derive(Debug, Default)]
pub(crate) struct Cut {
    pub(crate) distance: bool,
    pub(crate) members: bool,
    pub(crate) elements: bool,
}

/// The objects that are laid out.
#[derive(Debug, Default)]
pub(crate) struct Reach {
    /// Nearest to the frames first.
    pub(crate) nodes: Vec<Node>,
    pub(crate) records: Vec<Record>,
    nodes_by_number: FxHashMap<u32, usize>,
    /// What the limits have left out.
    pub(crate) cut: Cut,
}

impl Reach {
    /// What is within reach of the roots. A scalar becomes a node only where it has to have an address.
    pub(crate) fn of(dump: &Dump, roots: impl Iterator<Item = u32>, limits: &Limits) -> Self {
        let mut reach = Reach::default();
        let mut records = FxHashMap::default();
        let mut seen = FxHashSet::default();
        let mut next: VecDeque<(u32, usize)> = roots.map(|root| (root, 0)).collect();
        let mut room = limits.members;
        while let Some((number, distance)) = next.pop_front() {
            if !seen.insert(number) {
                continue;
            }
            let Some(object) = dump.heap.object(number) else { continue };
            let shape = Shape::of(dump, &object);
            if matches!(shape, Shape::Members | Shape::Elements) {
                let count = children::count(dump, &object);
                let taken = count.min(limits.elements as u64);
                reach.cut.distance |= distance > limits.distance;
                reach.cut.members |= taken > room as u64;
                reach.cut.elements |= taken < count;
                if distance > limits.distance || taken > room as u64 || taken == 0 {
                    continue;
                }
            }
            let content = match shape {
                Shape::Scalar(scalar) if is_long(scalar) || distance == 0 && !scalar.is_word() => {
                    Content::Scalar(scalar)
                }
                Shape::Members => {
                    let (names, values) = members(dump, &object, limits.elements).into_iter().unzip();
                    Content::Members { record: reach.record(&mut records, &object, names), values }
                }
                Shape::Elements => Content::Elements(elements(dump, &object, limits.elements)),
                _ => continue,
            };
            let values = content.values();
            room = room.saturating_sub(values.len());
            next.extend(values.iter().map(|value| (*value, distance + 1)));
            reach.nodes_by_number.insert(number, reach.nodes.len());
            reach.nodes.push(Node { number, content });
        }
        reach
    }

    /// The index of the node that an object became.
    pub(crate) fn node(&self, number: u32) -> Option<usize> {
        self.nodes_by_number.get(&number).copied()
    }

    fn record(&mut self, known: &mut FxHashMap<Record, usize>, object: &Object<'_>, names: Vec<Arc<str>>) -> usize {
        let class = object.class();
        let record = Record {
            module: class.map_or_else(|| "".into(), |class| class.module.clone()),
            qualname: class.map_or_else(|| "object".into(), |class| class_name(class).clone()),
            names,
        };
        *known.entry(record).or_insert_with_key(|record| {
            self.records.push(record.clone());
            self.records.len() - 1
        })
    }
}

impl Content {
    /// The objects it refers to.
    pub(crate) fn values(&self) -> &[u32] {
        match self {
            Content::Scalar(_) => &[],
            Content::Members { values, .. } | Content::Elements(values) => values,
        }
    }
}

/// The qualified name of a class, or the name where the format has no other.
pub(crate) fn class_name(class: &TypeInfo) -> &Arc<str> {
    if class.qualname.is_empty() { &class.name } else { &class.qualname }
}

fn is_long(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Text(bytes) | Scalar::Bytes(bytes) if bytes > INLINE)
}
