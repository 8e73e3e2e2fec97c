//! What an object looks like in memory: a scalar, members by name, elements, or no more than its line of text.

use std::sync::Arc;

use crashsite_model::numpy::Array;
use crashsite_model::pandas::{Frame, Named};
use crashsite_model::{Dump, Kind, Object, Payload, scalar_text};
use crashsite_view::repr;

use crate::name::{clean, is_identifier};

/// A value that is held in place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    None,
    Bool,
    /// Of so many bytes.
    Int(u8),
    Float,
    /// Of so many bytes, as the dump has them.
    Text(usize),
    Bytes(usize),
}

impl Scalar {
    /// Whether it is no longer than an address.
    pub(crate) fn is_word(self) -> bool {
        matches!(self, Scalar::None | Scalar::Bool | Scalar::Int(8) | Scalar::Float)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Scalar(Scalar),
    /// Attributes, fields, or the pairs of a dictionary.
    Members,
    Elements,
    /// A container without contents.
    Empty,
    /// Nothing but its `repr`: functions, classes, modules, dates, …
    Line,
}

/// Characters of a member's name that is made of a key.
const LONGEST_KEY: usize = 60;

impl Shape {
    /// The shape of an object.
    pub(crate) fn of(dump: &Dump, object: &Object<'_>) -> Shape {
        let state = dump.heap.state(object);
        let style = object.class().map_or("", |class| &*class.style);
        if state.redacted || state.unreadable || style == "enum" || is_of_library(dump, object) {
            return Shape::Line;
        }
        match (object.kind(), object.payload()) {
            (Kind::Atom, _) => match object.note() {
                Some(b"None") => Shape::Scalar(Scalar::None),
                Some(b"True" | b"False") => Shape::Scalar(Scalar::Bool),
                _ => Shape::Line,
            },
            (_, Payload::Int(_)) => Shape::Scalar(Scalar::Int(8)),
            (_, Payload::BigInt(bytes)) => match bytes.len() {
                1..=8 => Shape::Scalar(Scalar::Int(8)),
                9..=16 => Shape::Scalar(Scalar::Int(16)),
                17..=32 => Shape::Scalar(Scalar::Int(32)),
                33..=64 => Shape::Scalar(Scalar::Int(64)),
                _ => Shape::Line,
            },
            (_, Payload::Float(_)) => Shape::Scalar(Scalar::Float),
            (_, Payload::Text(text)) => Shape::Scalar(Scalar::Text(text.len())),
            (_, Payload::Bytes(bytes)) => Shape::Scalar(Scalar::Bytes(bytes.len())),
            (Kind::Tuple, _) if has_fields(object) && object.element_count() > 0 => Shape::Members,
            (Kind::List | Kind::Tuple | Kind::Set | Kind::FrozenSet | Kind::Deque, _) => {
                if object.element_count() > 0 {
                    Shape::Elements
                } else {
                    Shape::Empty
                }
            }
            (Kind::Dict, _) if object.pair_count() > 0 => Shape::Members,
            (Kind::Dict, _) => Shape::Empty,
            (Kind::Instance | Kind::Exception, _) if object.attribute_count() > 0 => Shape::Members,
            _ => Shape::Line,
        }
    }
}

/// Whether it has a line of its own by what it is to numpy or pandas.
fn is_of_library(dump: &Dump, object: &Object<'_>) -> bool {
    let heap = &dump.heap;
    Array::of(heap, object).is_some() || Frame::of(heap, object).is_some() || Named::of(heap, object).is_some()
}

/// Whether it is a tuple whose elements have names.
fn has_fields(object: &Object<'_>) -> bool {
    let class = object.class();
    class.is_some_and(|class| matches!(&*class.style, "namedtuple" | "structseq") && !class.fields.is_empty())
}

/// The first elements of an object, in order.
pub(crate) fn elements(dump: &Dump, object: &Object<'_>, most: usize) -> Vec<u32> {
    if object.element_count() >= most {
        return object.elements().take(most).collect();
    }
    dump.heap.contents(object).elements(0).take(most).map(|(_, number)| number).collect()
}

/// The first members of an object: names, and the objects of those numbers.
pub(crate) fn members(dump: &Dump, object: &Object<'_>, most: usize) -> Vec<(Arc<str>, u32)> {
    match (object.kind(), object.class()) {
        (Kind::Dict, _) => {
            let named = |(key, value): (u32, u32)| (key_name(dump, key), value);
            if object.pair_count() >= most {
                return object.pairs().take(most).map(named).collect();
            }
            dump.heap.contents(object).pairs(0).take(most).map(named).collect()
        }
        (Kind::Tuple, Some(class)) => {
            class.fields.iter().map(|field| clean(field).into()).zip(object.elements()).take(most).collect()
        }
        _ => object.attributes().take(most).map(|(name, value)| (clean(name).into(), value)).collect(),
    }
}

/// A key as a member's name: text that is a name as it is, everything else as its `repr`.
fn key_name(dump: &Dump, key: u32) -> Arc<str> {
    let Some(object) = dump.heap.object(key) else { return repr::NOT_CAPTURED.into() };
    if let Payload::Text(bytes) | Payload::Bytes(bytes) = object.payload() {
        let text = scalar_text(bytes);
        if is_identifier(&text) && (object.kind() == Kind::Str || repr::is_python2(dump)) {
            return clean(&text).into();
        }
    }
    clean(&repr::of_object(dump, &object, LONGEST_KEY)).into()
}
