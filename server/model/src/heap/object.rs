//! One object, as a view into its section.

use std::ops::Range;

use super::kind::Kind;
use super::section::{Name, Section, TypeInfo};

/// An object. Copying it costs nothing: it says where its section has it.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    /// Its number.
    pub number: u32,
    section: &'a Section,
    index: usize,
}

/// What an object holds besides references.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Payload<'a> {
    /// Nothing.
    None,
    /// An int of 64 bits.
    Int(i64),
    /// A larger int: two's complement, little-endian.
    BigInt(&'a [u8]),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(f64, f64),
    /// A str: UTF-8 in which lone surrogates may stand.
    Text(&'a [u8]),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// Something the capture says about an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// Only its beginning was kept; its true length (bits of a bigint).
    Cut(u64),
    /// It changed while it was read.
    Changed,
    /// Left out by a rule.
    Redacted(u64),
    /// It could not be read.
    Unreadable,
    /// It is of the library, and so many attributes of it were left out.
    Brief(u64),
    /// A flag of a later version.
    Unknown(u8, u64),
}

impl<'a> Object<'a> {
    pub(crate) fn new(section: &'a Section, index: usize) -> Self {
        Object { number: section.first + index as u32, section, index }
    }

    /// Its kind as the file has it: 0x80 where it has attributes.
    pub fn kind_byte(&self) -> u8 {
        self.section.kind_byte(self.index)
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        Kind::from_number(self.kind_byte() & 0x7F)
    }

    /// Its class; `None` where the file's type table lacks it.
    pub fn class(&self) -> Option<&'a TypeInfo> {
        self.section.types.get(self.section.type_index(self.index)?)
    }

    /// The name of its class, or an empty text.
    pub fn class_name(&self) -> &'a str {
        self.class().map_or("", |class| &class.name)
    }

    /// Which line of its section's type table its class is; classes compare fast by it within one section.
    pub fn class_index(&self) -> Option<usize> {
        self.section.type_index(self.index)
    }

    /// Shallow size in bytes; 0 where unknown.
    pub fn size(&self) -> u64 {
        self.section.size(self.index)
    }

    /// Its `id()`.
    pub fn address(&self) -> u64 {
        self.section.address(self.index)
    }

    /// Number of its attributes.
    pub fn attribute_count(&self) -> usize {
        self.section.attribute_run(self.index).len()
    }

    /// Its attributes: names and object numbers.
    pub fn attributes(&self) -> impl Iterator<Item = (&'a str, u32)> + use<'a> {
        self.raw_attributes().map(|(name, value)| (&*name.text, value))
    }

    /// Its attributes, with names as the file has them.
    pub fn raw_attributes(&self) -> impl Iterator<Item = (&'a Name, u32)> + use<'a> {
        let section = self.section;
        section.attribute_run(self.index).filter_map(move |at| section.attribute(at))
    }

    /// An attribute by its name.
    pub fn attribute(&self, name: &str) -> Option<u32> {
        self.attributes().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Number of the elements in its own record.
    pub fn element_count(&self) -> usize {
        self.section.element_run(self.index).len()
    }

    /// The elements in its own record; see [`super::Heap::contents`] for all of them.
    pub fn elements(&self) -> impl Iterator<Item = u32> + use<'a> {
        let section = self.section;
        section.element_run(self.index).map(move |at| section.element(at).unwrap_or(u32::MAX))
    }

    /// An element of its own record.
    pub fn element(&self, index: usize) -> Option<u32> {
        let run = self.section.element_run(self.index);
        within(&run, index).and_then(|at| self.section.element(at))
    }

    /// Number of the key/value pairs in its own record.
    pub fn pair_count(&self) -> usize {
        self.section.pair_run(self.index).len()
    }

    /// The key/value pairs in its own record.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        let section = self.section;
        section.pair_run(self.index).map(move |at| section.pair(at).unwrap_or((u32::MAX, u32::MAX)))
    }

    /// A key/value pair of its own record.
    pub fn pair(&self, index: usize) -> Option<(u32, u32)> {
        let run = self.section.pair_run(self.index);
        within(&run, index).and_then(|at| self.section.pair(at))
    }

    /// What it holds besides references.
    pub fn payload(&self) -> Payload<'a> {
        match self.kind() {
            Kind::Int => Payload::Int(self.section.int(self.index)),
            Kind::BigInt => Payload::BigInt(self.section.bytes_of(self.index)),
            Kind::Float => Payload::Float(self.section.float(self.index)),
            Kind::Complex => {
                let (real, imaginary) = self.section.complex(self.index);
                Payload::Complex(real, imaginary)
            }
            Kind::Str => Payload::Text(self.section.text(self.index)),
            Kind::Bytes => Payload::Bytes(self.section.bytes_of(self.index)),
            _ => Payload::None,
        }
    }

    /// The note's text as the file has it; `None` for kinds that have no note.
    pub fn note(&self) -> Option<&'a [u8]> {
        if self.kind().has_note() { self.section.note(self.index) } else { None }
    }

    /// File and line; the line is 0 where it is unknown.
    pub fn location(&self) -> Option<(&'a Name, u32)> {
        if self.kind().has_location() { self.section.location(self.index) } else { None }
    }

    /// Of a rest object: whose rest it is, and the index it starts at.
    pub fn rest(&self) -> Option<(u32, u64)> {
        if self.kind().is_rest() { self.section.rest(self.index) } else { None }
    }

    /// What its section says about it; see [`super::Heap::state`] for all that is known.
    pub fn flags(&self) -> impl Iterator<Item = Flag> + use<'a> {
        self.section.flags(self.index).iter().map(|&(_, flag, value)| match flag {
            1 => Flag::Cut(value),
            2 => Flag::Changed,
            3 => Flag::Redacted(value),
            4 => Flag::Unreadable,
            5 => Flag::Brief(value),
            _ => Flag::Unknown(flag, value),
        })
    }

    /// Its flags as the file has them: index in the section, flag, value.
    pub fn raw_flags(&self) -> &'a [(u32, u8, u64)] {
        self.section.flags(self.index)
    }
}

fn within(run: &Range<usize>, index: usize) -> Option<usize> {
    if index < run.len() { Some(run.start + index) } else { None }
}
