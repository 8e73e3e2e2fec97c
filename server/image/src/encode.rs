//! Objects as bytes of memory.

use crashsite_model::{Dump, Object, Payload};

use crate::Limits;
use crate::layout::Layout;
use crate::reach::{Content, Node, Reach};
use crate::slot::{COUNT, Slot};
use crate::types::{Type, Types};

/// Where values stand.
#[derive(Clone, Copy)]
pub(crate) struct Encoder<'a> {
    pub(crate) dump: &'a Dump,
    pub(crate) limits: &'a Limits,
    pub(crate) reach: &'a Reach,
    pub(crate) types: &'a Types,
    pub(crate) layout: &'a Layout,
}

impl Encoder<'_> {
    /// The bytes of a node: its count, then itself.
    pub(crate) fn node(&self, index: usize, node: &Node) -> Vec<u8> {
        let mut out = vec![0; COUNT as usize];
        match (&node.content, self.types.node(index)) {
            (Content::Members { values, .. }, Type::Struct(record)) => {
                let members = self.types.structs.get(record).map_or(&[][..], |found| &found.members);
                for (member, value) in members.iter().zip(values) {
                    let start = COUNT + member.offset;
                    out.resize(start as usize, 0);
                    self.slot(member.slot, *value, &mut out);
                }
            }
            (Content::Elements(values), Type::Array(elements, _)) => {
                let element = self.types.element(elements);
                for value in values {
                    self.slot(element, *value, &mut out);
                }
            }
            (_, of) => {
                let slot = match of {
                    Type::None => Slot::None,
                    Type::Bool => Slot::Bool,
                    Type::Int(bytes) => Slot::Int(bytes),
                    Type::Float => Slot::Float,
                    Type::Text(_) => Slot::Text { count: None, room: 0 },
                    Type::Bytes(_) => Slot::Bytes { count: None, room: 0 },
                    Type::Struct(_) | Type::Array(..) | Type::Line => Slot::Line,
                };
                self.slot(slot, node.number, &mut out);
            }
        }
        out
    }

    /// Appends a value; that of a text goes after its count, for which there is room.
    fn slot(&self, slot: Slot, number: u32, out: &mut Vec<u8>) {
        let object = self.dump.heap.object(number);
        match slot {
            Slot::Int(bytes) => {
                let payload = object.map_or(Payload::None, |object| object.payload());
                out.extend(int(payload, usize::from(bytes)));
            }
            Slot::None | Slot::Bool | Slot::Float => out.extend(object.map_or(0, |object| word(&object)).to_le_bytes()),
            Slot::Text { .. } | Slot::Bytes { .. } => {
                let content = object.map_or_else(|| vec![0], |object| text(self.dump, &object, self.limits));
                if let Some(count) = out.len().checked_sub(COUNT as usize).and_then(|start| out.get_mut(start..)) {
                    count.copy_from_slice(&(content.len() as u64).to_le_bytes());
                }
                out.extend(content);
            }
            Slot::Pointer(_) | Slot::Elsewhere | Slot::Line => {
                out.extend(self.layout.address(self.reach, number).to_le_bytes());
            }
        }
    }
}

/// A scalar that is no longer than an address.
pub(crate) fn word(object: &Object<'_>) -> u64 {
    match object.payload() {
        Payload::Float(value) => value.to_bits(),
        payload @ (Payload::Int(_) | Payload::BigInt(_)) => int(payload, 8).try_into().map_or(0, u64::from_le_bytes),
        _ => u64::from(object.note() == Some(b"True")),
    }
}

/// The bytes of a text with a NUL after it. `…` stands where the dump has no more, or the limit is.
pub(crate) fn text(dump: &Dump, object: &Object<'_>, limits: &Limits) -> Vec<u8> {
    let (bytes, is_text) = match object.payload() {
        Payload::Text(bytes) => (bytes, true),
        Payload::Bytes(bytes) => (bytes, false),
        _ => (&[][..], true),
    };
    let mut end = bytes.len().min(limits.value_bytes);
    while is_text && bytes.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) && end > 0 {
        end -= 1;
    }
    let mut out = bytes.get(..end).unwrap_or_default().to_vec();
    if is_text && (end < bytes.len() || dump.heap.state(object).full_length.is_some()) {
        out.extend("…".as_bytes());
    }
    out.push(0);
    out
}

/// An integer of so many bytes.
fn int(payload: Payload<'_>, size: usize) -> Vec<u8> {
    let mut bytes = match payload {
        Payload::Int(value) => value.to_le_bytes().to_vec(),
        Payload::BigInt(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    };
    let fill = if bytes.last().is_some_and(|last| last & 0x80 != 0) { 0xFF } else { 0 };
    bytes.resize(size, fill);
    bytes
}
