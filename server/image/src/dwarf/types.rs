//! The entries of types, each made when it is first asked for.

use gimli::constants as dw;
use gimli::write::{AttributeValue, Expression, UnitEntryId};
use rustc_hash::FxHashMap;

use super::Building;
use crate::slot::{COUNT, Slot};
use crate::types::{Target, Type, Types};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Object(Type),
    Pointer(Target),
    /// As many of an element as stand there, at most so many.
    Room(UnitEntryId, u64),
    Char,
    Byte,
}

/// The entries so far.
pub(super) struct TypeEntries<'a> {
    types: &'a Types,
    known: FxHashMap<Key, UnitEntryId>,
    /// Structs whose members are still to be made: types refer to each other in circles.
    bare: Vec<(UnitEntryId, usize)>,
}

impl<'a> TypeEntries<'a> {
    /// Makes the type of values that show as one line, whose enumerators are these lines.
    pub(super) fn new(types: &'a Types, lines: &[(u64, String)], out: &mut Building<'_>) -> Self {
        let mut entries = TypeEntries { types, known: FxHashMap::default(), bare: Vec::new() };
        let lines = lines.iter().map(|(address, line)| (line.as_str(), *address));
        let line = entries.enumeration("object", lines, out);
        entries.known.insert(Key::Object(Type::Line), line);
        entries
    }

    /// Makes the members of all structs.
    pub(super) fn finish(mut self, out: &mut Building<'_>) {
        while let Some((entry, index)) = self.bare.pop() {
            let Some(found) = self.types.structs.get(index) else { continue };
            for member in &found.members {
                let of = self.slot(member.slot, out);
                let entry = Some(out.add(Some(entry), dw::DW_TAG_member));
                out.name(entry, &member.name);
                out.set(entry, dw::DW_AT_type, AttributeValue::UnitRef(of));
                out.set(entry, dw::DW_AT_data_member_location, AttributeValue::Udata(member.offset));
            }
        }
    }

    /// The entry of an object's type. Arrays lie within each other no deeper than their types tell.
    pub(super) fn entry(&mut self, of: Type, out: &mut Building<'_>) -> UnitEntryId {
        if let Some(known) = self.known.get(&Key::Object(of)) {
            return *known;
        }
        let entry = match of {
            Type::None => self.enumeration("NoneType", [("None", 0)], out),
            Type::Bool => self.enumeration("bool", [("False", 0), ("True", 1)], out),
            Type::Int(bytes) => {
                let name = match bytes {
                    8 => "int".to_owned(),
                    _ => format!("int{}", u32::from(bytes) * 8),
                };
                base(&name, dw::DW_ATE_signed, bytes.into(), out)
            }
            Type::Float => base("float", dw::DW_ATE_float, 8, out),
            Type::Text(count) => array(self.char(out), count, None, out),
            Type::Bytes(count) => array(self.byte(out), count, None, out),
            Type::Struct(index) => self.structure(index, out),
            Type::Array(elements, count) => array(self.slot(self.types.element(elements), out), count, None, out),
            Type::Line => self.enumeration("object", [], out),
        };
        self.known.insert(Key::Object(of), entry);
        entry
    }

    fn slot(&mut self, slot: Slot, out: &mut Building<'_>) -> UnitEntryId {
        let of = match slot {
            Slot::None => Type::None,
            Slot::Bool => Type::Bool,
            Slot::Int(bytes) => Type::Int(bytes),
            Slot::Float => Type::Float,
            Slot::Text { count: Some(count), .. } => Type::Text(count),
            Slot::Bytes { count: Some(count), .. } => Type::Bytes(count),
            Slot::Text { count: None, room } | Slot::Bytes { count: None, room } => {
                let element = if matches!(slot, Slot::Text { .. }) { self.char(out) } else { self.byte(out) };
                return *self
                    .known
                    .entry(Key::Room(element, room))
                    .or_insert_with(|| array(element, room, Some(last_before()), out));
            }
            Slot::Elsewhere | Slot::Line => Type::Line,
            Slot::Pointer(to) => return self.pointer(to, out),
        };
        self.entry(of, out)
    }

    /// Lists point to lists as deep as their types tell, so this goes no deeper.
    fn pointer(&mut self, to: Target, out: &mut Building<'_>) -> UnitEntryId {
        if let Some(known) = self.known.get(&Key::Pointer(to)) {
            return *known;
        }
        let target = match to {
            Target::Struct(index) => self.entry(Type::Struct(index), out),
            Target::Elements(elements) => self.slot(self.types.element(elements), out),
            Target::Text => self.char(out),
            Target::Bytes => self.byte(out),
        };
        let entry = out.add(None, dw::DW_TAG_pointer_type);
        out.set(Some(entry), dw::DW_AT_type, AttributeValue::UnitRef(target));
        out.set(Some(entry), dw::DW_AT_byte_size, AttributeValue::Udata(8));
        self.known.insert(Key::Pointer(to), entry);
        entry
    }

    fn char(&mut self, out: &mut Building<'_>) -> UnitEntryId {
        *self.known.entry(Key::Char).or_insert_with(|| base("char", dw::DW_ATE_signed_char, 1, out))
    }

    fn byte(&mut self, out: &mut Building<'_>) -> UnitEntryId {
        *self.known.entry(Key::Byte).or_insert_with(|| base("byte", dw::DW_ATE_unsigned_char, 1, out))
    }

    fn structure(&mut self, index: usize, out: &mut Building<'_>) -> UnitEntryId {
        let entry = out.add(None, dw::DW_TAG_structure_type);
        if let Some(found) = self.types.structs.get(index) {
            out.name(Some(entry), &found.name);
            out.set(Some(entry), dw::DW_AT_byte_size, AttributeValue::Udata(found.size));
        }
        self.bare.push((entry, index));
        entry
    }

    fn enumeration<'n>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = (&'n str, u64)>,
        out: &mut Building<'_>,
    ) -> UnitEntryId {
        let entry = out.add(None, dw::DW_TAG_enumeration_type);
        out.name(Some(entry), name);
        out.set(Some(entry), dw::DW_AT_byte_size, AttributeValue::Udata(8));
        for (name, value) in values {
            let enumerator = Some(out.add(Some(entry), dw::DW_TAG_enumerator));
            out.name(enumerator, name);
            out.set(enumerator, dw::DW_AT_const_value, AttributeValue::Udata(value));
        }
        entry
    }
}

fn base(name: &str, encoding: gimli::DwAte, bytes: u64, out: &mut Building<'_>) -> UnitEntryId {
    let entry = out.add(None, dw::DW_TAG_base_type);
    out.name(Some(entry), name);
    out.set(Some(entry), dw::DW_AT_encoding, AttributeValue::Encoding(encoding));
    out.set(Some(entry), dw::DW_AT_byte_size, AttributeValue::Udata(bytes));
    entry
}

/// An array. Where the index of its last element is computed, debuggers go by that if they can: lldb goes by the count.
fn array(element: UnitEntryId, count: u64, last: Option<Expression>, out: &mut Building<'_>) -> UnitEntryId {
    let entry = out.add(None, dw::DW_TAG_array_type);
    out.set(Some(entry), dw::DW_AT_type, AttributeValue::UnitRef(element));
    let range = Some(out.add(Some(entry), dw::DW_TAG_subrange_type));
    out.set(range, dw::DW_AT_count, AttributeValue::Udata(count));
    if let Some(last) = last {
        out.set(range, dw::DW_AT_upper_bound, AttributeValue::Exprloc(last));
    }
    entry
}

/// One less than the count that stands before the object.
fn last_before() -> Expression {
    let mut expression = Expression::new();
    expression.op(dw::DW_OP_push_object_address);
    expression.op_constu(COUNT);
    expression.op(dw::DW_OP_minus);
    expression.op_deref();
    expression.op_constu(1);
    expression.op(dw::DW_OP_minus);
    expression
}
