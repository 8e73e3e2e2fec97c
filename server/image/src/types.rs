//! The types of the objects that are laid out.

use std::sync::Arc;

use crashsite_model::Dump;
use rustc_hash::FxHashMap;

use crate::Limits;
use crate::encode::text;
use crate::name::clean;
use crate::reach::{Content, INLINE, Reach};
use crate::shape::{Scalar, Shape};
use crate::slot::{COUNT, Slot};

/// The type of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    None,
    Bool,
    /// An integer of so many bytes.
    Int(u8),
    Float,
    /// So many bytes, the NUL at the end included.
    Text(u64),
    Bytes(u64),
    /// Index of a [`Struct`].
    Struct(usize),
    Array(Elements, u64),
    /// One line.
    Line,
}

/// What a pointer is to: the beginning of an object. That of a list is its first element, so that it can be indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    Struct(usize),
    Elements(Elements),
    Text,
    Bytes,
}

impl Type {
    /// The type of a scalar; that of a text has so many bytes, with the NUL.
    pub(crate) fn of_scalar(scalar: Scalar, count: u64) -> Type {
        match scalar {
            Scalar::None => Type::None,
            Scalar::Bool => Type::Bool,
            Scalar::Int(bytes) => Type::Int(bytes),
            Scalar::Float => Type::Float,
            Scalar::Text(_) => Type::Text(count),
            Scalar::Bytes(_) => Type::Bytes(count),
        }
    }

    /// Whether a variable's slot holds the value, and not its address.
    pub(crate) fn is_in_slot(self) -> bool {
        matches!(self, Type::None | Type::Bool | Type::Int(8) | Type::Float | Type::Line)
    }

    /// What a pointer to such an object is to; `None` where nothing points to it.
    fn target(self) -> Option<Target> {
        match self {
            Type::Struct(index) => Some(Target::Struct(index)),
            Type::Array(elements, _) => Some(Target::Elements(elements)),
            Type::Text(_) => Some(Target::Text),
            Type::Bytes(_) => Some(Target::Bytes),
            _ => None,
        }
    }
}

/// What the elements of a list are: the index of their slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Elements(usize);

/// A member of a [`Struct`].
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: Arc<str>,
    pub(crate) slot: Slot,
    pub(crate) offset: u64,
}

/// The type of the objects of a record.
#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) members: Vec<Member>,
    pub(crate) size: u64,
}

/// The types of all nodes.
#[derive(Debug)]
pub(crate) struct Types {
    pub(crate) structs: Vec<Struct>,
    /// Of [`Elements`].
    slots: Vec<Slot>,
    /// Of each node.
    nodes: Vec<Type>,
}

/// Lists within lists whose types are told.
const DEEPEST: usize = 6;
/// Bytes of an object from which on nothing longer than an address stands in it: gdb shows no value of more than 64 KiB.
const LARGEST: u64 = 16 << 10;

impl Types {
    /// The types of what is within reach.
    pub(crate) fn of(dump: &Dump, reach: &Reach, limits: &Limits) -> Self {
        let mut typing = Typing {
            dump,
            reach,
            limits,
            slots: Vec::new(),
            known_slots: FxHashMap::default(),
            nodes: vec![State::Unknown; reach.nodes.len()],
        };
        for index in 0..reach.nodes.len() {
            typing.node(index, 0);
        }
        let structs = typing.structs();
        let known = |state: &State| if let State::Known(found) = state { *found } else { Type::Line };
        Types { structs, nodes: typing.nodes.iter().map(known).collect(), slots: typing.slots }
    }

    /// The type of a node.
    pub(crate) fn node(&self, index: usize) -> Type {
        self.nodes.get(index).copied().unwrap_or(Type::Line)
    }

    /// What holds an element.
    pub(crate) fn element(&self, elements: Elements) -> Slot {
        self.slots.get(elements.0).copied().unwrap_or(Slot::Line)
    }
}

#[derive(Debug, Clone, Copy)]
enum State {
    Unknown,
    /// Its elements are being looked at.
    Open,
    Known(Type),
}

struct Typing<'a> {
    dump: &'a Dump,
    reach: &'a Reach,
    limits: &'a Limits,
    slots: Vec<Slot>,
    known_slots: FxHashMap<Slot, Elements>,
    nodes: Vec<State>,
}

impl Typing<'_> {
    /// The type of a node; `None` for a list within itself, or too deep in others. At most [`DEEPEST`] calls deep.
    fn node(&mut self, index: usize, depth: usize) -> Option<Type> {
        match self.nodes.get(index)? {
            State::Known(found) => return Some(*found),
            State::Open => return None,
            State::Unknown if depth > DEEPEST => return None,
            State::Unknown => {}
        }
        let found = match &self.reach.nodes.get(index)?.content {
            Content::Scalar(scalar) => Type::of_scalar(*scalar, self.count(index)),
            Content::Members { record, .. } => Type::Struct(*record),
            Content::Elements(values) => {
                *self.nodes.get_mut(index)? = State::Open;
                let mut element = None;
                for value in values {
                    let slot = self.slot(*value, depth + 1).of_element();
                    element = Some(element.map_or(slot, |known: Slot| known.join(slot)));
                }
                let mut element = element.unwrap_or(Slot::Line).settled();
                if element.size() * values.len() as u64 > LARGEST {
                    element = element.in_a_word();
                }
                Type::Array(self.elements(element), values.len() as u64)
            }
        };
        *self.nodes.get_mut(index)? = State::Known(found);
        Some(found)
    }

    fn elements(&mut self, slot: Slot) -> Elements {
        *self.known_slots.entry(slot).or_insert_with(|| {
            self.slots.push(slot);
            Elements(self.slots.len() - 1)
        })
    }

    /// Bytes of a node that is a text, with its NUL.
    fn count(&self, index: usize) -> u64 {
        let object = self.reach.nodes.get(index).and_then(|node| self.dump.heap.object(node.number));
        object.map_or(1, |object| text(self.dump, &object, self.limits).len() as u64)
    }

    /// What holds a value.
    fn slot(&mut self, number: u32, depth: usize) -> Slot {
        if let Some(node) = self.reach.node(number)
            && let Some(found @ (Type::Struct(_) | Type::Array(..))) = self.node(node, depth)
            && let Some(target) = found.target()
        {
            return Slot::Pointer(target);
        }
        let Some(object) = self.dump.heap.object(number) else { return Slot::Line };
        match Shape::of(self.dump, &object) {
            Shape::Scalar(Scalar::None) => Slot::None,
            Shape::Scalar(Scalar::Bool) => Slot::Bool,
            Shape::Scalar(Scalar::Int(bytes)) => Slot::Int(bytes),
            Shape::Scalar(Scalar::Float) => Slot::Float,
            Shape::Scalar(Scalar::Text(bytes)) if bytes <= INLINE => {
                let count = text(self.dump, &object, self.limits).len() as u64;
                Slot::Text { count: Some(count), room: count }
            }
            Shape::Scalar(Scalar::Bytes(bytes)) if bytes <= INLINE => {
                let count = text(self.dump, &object, self.limits).len() as u64;
                Slot::Bytes { count: Some(count), room: count }
            }
            Shape::Scalar(Scalar::Text(_) | Scalar::Bytes(_)) => match self.reach.node(number) {
                Some(node) => self.node(node, depth).and_then(Type::target).map_or(Slot::Line, Slot::Pointer),
                None => Slot::Elsewhere,
            },
            // A list too deep in others, or in itself, is a node all the same: its type is not told here.
            Shape::Members | Shape::Elements if self.reach.node(number).is_some() => Slot::Line,
            Shape::Members | Shape::Elements | Shape::Empty => Slot::Elsewhere,
            Shape::Line => Slot::Line,
        }
    }

    fn structs(&mut self) -> Vec<Struct> {
        let mut slots: Vec<Vec<Option<Slot>>> =
            self.reach.records.iter().map(|record| vec![None; record.names.len()]).collect();
        for node in &self.reach.nodes {
            let Content::Members { record, values } = &node.content else { continue };
            let Some(known) = slots.get_mut(*record) else { continue };
            for (known, value) in known.iter_mut().zip(values) {
                let slot = self.slot(*value, 0);
                *known = Some(known.map_or(slot, |known| known.join(slot)));
            }
        }
        self.reach
            .records
            .iter()
            .zip(slots)
            .map(|(record, slots)| {
                let mut size = 0;
                let members = record.names.iter().zip(slots).map(|(name, slot)| {
                    let mut slot = slot.unwrap_or(Slot::Line).settled();
                    if size + slot.size() > LARGEST {
                        slot = slot.in_a_word();
                    }
                    let in_place = matches!(slot, Slot::Text { .. } | Slot::Bytes { .. });
                    let member = Member { name: name.clone(), slot, offset: size + if in_place { COUNT } else { 0 } };
                    size += slot.size();
                    member
                });
                let members = members.collect();
                Struct { name: clean(&record.qualname), members, size }
            })
            .collect()
    }
}
