//! A section of the heap: up to 64 Ki objects in columns.

use std::sync::Arc;

use crashsite_parse::Pickle;

use super::column::{Blob, Code, Column, Runs};
use super::kind::Kind;

/// Module and qualified name as the file has them, where they are no UTF-8.
pub type RawNames = (Arc<[u8]>, Arc<[u8]>);

/// A class as a section's type table has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TypeInfo {
    /// The module it lives in.
    pub module: Arc<str>,
    /// Its own name.
    pub name: Arc<str>,
    /// Its qualified name.
    pub qualname: Arc<str>,
    /// Module and qualified name as the file has them, where they are not plain Unicode.
    pub raw: Option<Box<RawNames>>,
    /// The number of the class as an object.
    pub class: Option<u32>,
    /// Who makes the `repr`: `dict`, `object`, `own`, `namedtuple`, …
    pub style: Arc<str>,
    /// Field names of a namedtuple, structseq or dataclass.
    pub fields: Vec<Arc<str>>,
}

impl TypeInfo {
    /// Module and qualified name as the file has them, lone surrogates included.
    pub fn bytes(&self) -> (&[u8], &[u8]) {
        match &self.raw {
            Some(raw) => (&raw.0, &raw.1),
            None => (self.module.as_bytes(), self.qualname.as_bytes()),
        }
    }
}

/// An attribute or file name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Name {
    /// Lone surrogates replaced.
    pub text: Arc<str>,
    /// As the file has it, where that differs.
    pub raw: Option<Arc<[u8]>>,
}

impl Name {
    /// As the file has it.
    pub fn bytes(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.text.as_bytes())
    }
}

/// What the columns of a section lie in.
#[derive(Debug)]
pub enum Backing {
    /// The bytes that a pickle was read from.
    Pickle(Box<Pickle>),
    /// Bytes made for it.
    Bytes(Vec<u8>),
}

impl Default for Backing {
    fn default() -> Self {
        Backing::Bytes(Vec::new())
    }
}

impl std::ops::Deref for Backing {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Backing::Pickle(pickle) => pickle.input(),
            Backing::Bytes(bytes) => bytes,
        }
    }
}

/// What a format's reader found of a section: its tables, and where its columns and blobs lie in its bytes.
#[derive(Debug, Default)]
pub struct Layout {
    /// The bytes the columns lie in.
    pub raw: Backing,
    /// Number of the first object.
    pub first: u32,
    /// How many objects it says it has.
    pub count: u32,
    /// Type table.
    pub types: Vec<TypeInfo>,
    /// Name table.
    pub names: Vec<Name>,
    /// Columns by name.
    pub columns: Vec<(String, Column)>,
    /// Blobs by name: start and length.
    pub blobs: Vec<(String, usize, usize)>,
}

impl Layout {
    fn column(&self, name: &str) -> Column {
        self.columns.iter().find(|(key, _)| key == name).map_or(Column::EMPTY, |(_, column)| *column)
    }

    fn blob(&self, name: &str) -> (usize, usize) {
        self.blobs.iter().find(|(key, ..)| key == name).map_or((0, 0), |&(_, start, bytes)| (start, bytes))
    }
}

/// A section, decoded: where each object's things lie in the columns.
#[derive(Debug)]
pub struct Section {
    /// Number of its first object.
    pub first: u32,
    /// How many objects it has.
    pub count: u32,
    raw: Backing,
    /// Its type table.
    pub types: Vec<TypeInfo>,
    /// Its name table: of attributes and files.
    pub names: Vec<Name>,
    kind: Column,
    class: Column,
    size: Column,
    addresses: Vec<u64>,
    /// Per object, its place among those that have the same payload.
    slots: Vec<u32>,
    attributes: Runs,
    attribute_name: Column,
    attribute_value: Column,
    elements: Runs,
    element: Column,
    pairs: Runs,
    pair: Column,
    int: Column,
    float: Column,
    complex: Column,
    text: Blob,
    bytes: Blob,
    note: Blob,
    noted: Vec<u32>,
    located: Vec<u32>,
    location_file: Column,
    location_line: Column,
    pub(crate) rests: Vec<u32>,
    rest_owner: Column,
    rest_start: Column,
    /// Sorted by object.
    flags: Vec<(u32, u8, u64)>,
}

impl Section {
    /// Decodes a section: one pass over the kinds, sums over the lengths, everything checked against what is there.
    ///
    /// What does not fit is said in `complain` and left out.
    pub fn build(layout: Layout, complain: &mut dyn FnMut(String)) -> Section {
        let kind = layout.column("kind");
        if kind.len() != layout.count as usize {
            complain(format!("{} kinds for {} objects", kind.len(), layout.count));
        }
        let room = u32::MAX - layout.first;
        let count = u32::try_from(kind.len()).unwrap_or(u32::MAX).min(layout.count).min(room);
        let kinds = kinds_of(&layout, &kind, count as usize);

        let address = layout.column("address");
        let mut addresses = Vec::with_capacity(if address.is_empty() { 0 } else { kinds.len() });
        let mut at = 0u64;
        let mut attribute_lengths = AttributeLengths::new(&layout);
        let mut slots = Vec::with_capacity(kinds.len());
        let mut next = [0u32; 8];
        let (mut noted, mut located, mut rests) = (Vec::new(), Vec::new(), Vec::new());
        for (index, &byte) in kinds.iter().enumerate() {
            if !address.is_empty() {
                at = at.wrapping_add(address.get(&layout.raw, index).unwrap_or(0));
                addresses.push(at);
            }
            attribute_lengths.push(byte & 0x80 != 0);
            let number = index as u32;
            let traits = TRAITS[usize::from(byte & 0x7F)];
            let slot = &mut next[usize::from(traits & PAYLOAD)];
            slots.push(*slot);
            *slot += 1;
            if traits & (NOTE | LOCATION | REST) != 0 {
                if traits & NOTE != 0 {
                    noted.push(number);
                }
                if traits & LOCATION != 0 {
                    located.push(number);
                }
                if traits & REST != 0 {
                    rests.push(number);
                }
            }
        }
        let raw = &layout.raw;
        let attribute_name = layout.column("attribute_name");
        let attribute_value = layout.column("attribute_value");
        let (attributes, fits) = attribute_lengths.into_runs(attribute_name.len().min(attribute_value.len()));
        let mut check = |fits: bool, what: &str| {
            if !fits {
                complain(format!("the column {what} does not fit the others"));
            }
        };
        check(fits && attribute_name.len() == attribute_value.len(), "attribute_count");
        let element = layout.column("element");
        let element_count = layout.column("element_count");
        let (elements, fits) = Runs::new(raw, &element_count, element.len());
        check(fits && element_count.len() == next[usize::from(ELEMENTS)] as usize, "element_count");
        let pair = layout.column("pair");
        let pair_count = layout.column("pair_count");
        let (pairs, fits) = Runs::new(raw, &pair_count, pair.len() / 2);
        check(fits && pair_count.len() == next[usize::from(PAIRS)] as usize, "pair_count");
        let int = layout.column("int");
        check(int.len() == next[usize::from(INT)] as usize, "int");
        let float = layout.column("float");
        check(float.len() == next[usize::from(FLOAT)] as usize, "float");
        let complex = layout.column("complex");
        check(complex.len() == 2 * next[usize::from(COMPLEX)] as usize, "complex");
        let mut blob = |name: &str, objects: usize| {
            let (start, bytes) = layout.blob(name);
            let lengths = layout.column(&format!("{name}_length"));
            let (runs, fits) = Runs::new(raw, &lengths, bytes);
            check(fits && lengths.len() == objects, name);
            Blob { runs, start, bytes }
        };
        let text = blob("text", next[usize::from(TEXT)] as usize);
        let bytes = blob("bytes", next[usize::from(BYTES)] as usize);
        let note = blob("note", noted.len());
        let location_file = layout.column("location_file");
        let location_line = layout.column("location_line");
        check(location_file.len() == located.len() && location_line.len() == located.len(), "location_file");
        let rest_owner = layout.column("rest_owner");
        let rest_start = layout.column("rest_start");
        check(rest_owner.len() == rests.len() && rest_start.len() == rests.len(), "rest_owner");
        let class = layout.column("type");
        check(class.len() == count as usize, "type");
        let size = layout.column("size");
        check(size.len() == count as usize || size.is_empty(), "size");
        check(address.len() == count as usize || address.is_empty(), "address");
        let flags = flags_of(&layout);
        Section {
            first: layout.first,
            count,
            kind,
            class,
            size,
            addresses,
            slots,
            attributes,
            attribute_name,
            attribute_value,
            elements,
            element,
            pairs,
            pair,
            int,
            float,
            complex,
            text,
            bytes,
            note,
            noted,
            located,
            location_file,
            location_line,
            rests,
            rest_owner,
            rest_start,
            flags,
            types: layout.types,
            names: layout.names,
            raw: layout.raw,
        }
    }

    /// One past the number of its last object.
    pub fn end(&self) -> u32 {
        self.first + self.count
    }

    /// Bytes it holds in memory, roughly.
    pub fn bytes(&self) -> usize {
        self.raw.len() + self.slots.len() * 16
    }

    pub(crate) fn kind_byte(&self, index: usize) -> u8 {
        self.kind.get(&self.raw, index).unwrap_or(0) as u8
    }

    pub(crate) fn type_index(&self, index: usize) -> Option<usize> {
        self.class.get(&self.raw, index).and_then(|index| usize::try_from(index).ok())
    }

    pub(crate) fn size(&self, index: usize) -> u64 {
        self.size.get(&self.raw, index).unwrap_or(0)
    }

    pub(crate) fn address(&self, index: usize) -> u64 {
        self.addresses.get(index).copied().unwrap_or(0)
    }

    pub(crate) fn attribute_run(&self, index: usize) -> std::ops::Range<usize> {
        self.attributes.get(index)
    }

    pub(crate) fn attribute(&self, at: usize) -> Option<(&Name, u32)> {
        let name = usize::try_from(self.attribute_name.get(&self.raw, at)?).ok()?;
        Some((self.names.get(name)?, self.attribute_value.get_number(&self.raw, at)?))
    }

    fn slot(&self, index: usize) -> usize {
        self.slots.get(index).copied().unwrap_or(u32::MAX) as usize
    }

    pub(crate) fn element_run(&self, index: usize) -> std::ops::Range<usize> {
        if Kind::from_number(self.kind_byte(index) & 0x7F).has_elements() {
            self.elements.get(self.slot(index))
        } else {
            0..0
        }
    }

    pub(crate) fn element(&self, at: usize) -> Option<u32> {
        self.element.get_number(&self.raw, at)
    }

    pub(crate) fn pair_run(&self, index: usize) -> std::ops::Range<usize> {
        if Kind::from_number(self.kind_byte(index) & 0x7F).has_pairs() {
            self.pairs.get(self.slot(index))
        } else {
            0..0
        }
    }

    pub(crate) fn pair(&self, at: usize) -> Option<(u32, u32)> {
        let key = self.pair.get_number(&self.raw, 2 * at)?;
        Some((key, self.pair.get_number(&self.raw, 2 * at + 1)?))
    }

    pub(crate) fn int(&self, index: usize) -> i64 {
        self.int.get(&self.raw, self.slot(index)).unwrap_or(0) as i64
    }

    pub(crate) fn float(&self, index: usize) -> f64 {
        self.float.get_f64(&self.raw, self.slot(index)).unwrap_or(0.0)
    }

    pub(crate) fn complex(&self, index: usize) -> (f64, f64) {
        let slot = self.slot(index).saturating_mul(2);
        let part = |at| self.complex.get_f64(&self.raw, at).unwrap_or(0.0);
        (part(slot), part(slot.saturating_add(1)))
    }

    pub(crate) fn text(&self, index: usize) -> &[u8] {
        self.text.get(&self.raw, self.slot(index))
    }

    pub(crate) fn bytes_of(&self, index: usize) -> &[u8] {
        self.bytes.get(&self.raw, self.slot(index))
    }

    pub(crate) fn note(&self, index: usize) -> Option<&[u8]> {
        let slot = self.noted.binary_search(&u32::try_from(index).ok()?).ok()?;
        Some(self.note.get(&self.raw, slot))
    }

    pub(crate) fn location(&self, index: usize) -> Option<(&Name, u32)> {
        let slot = self.located.binary_search(&u32::try_from(index).ok()?).ok()?;
        let name = usize::try_from(self.location_file.get(&self.raw, slot)?).ok()?;
        let line = self.location_line.get(&self.raw, slot)? as u32;
        Some((self.names.get(name)?, line))
    }

    pub(crate) fn rest(&self, index: usize) -> Option<(u32, u64)> {
        let slot = self.rests.binary_search(&u32::try_from(index).ok()?).ok()?;
        Some((self.rest_owner.get_number(&self.raw, slot)?, self.rest_start.get(&self.raw, slot)?))
    }

    pub(crate) fn flags(&self, index: usize) -> &[(u32, u8, u64)] {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let start = self.flags.partition_point(|flag| flag.0 < index);
        let end = self.flags.partition_point(|flag| flag.0 <= index);
        self.flags.get(start..end).unwrap_or_default()
    }
}

// Which payload column an object of a kind draws from; the order is that of `next` in `Section::build`.
const INT: u8 = 1;
const FLOAT: u8 = 2;
const COMPLEX: u8 = 3;
const TEXT: u8 = 4;
const BYTES: u8 = 5;
const ELEMENTS: u8 = 6;
const PAIRS: u8 = 7;
const PAYLOAD: u8 = 7;
const NOTE: u8 = 8;
const LOCATION: u8 = 16;
const REST: u8 = 32;

static TRAITS: [u8; 128] = traits();

const fn traits() -> [u8; 128] {
    let mut table = [0u8; 128];
    table[1] = NOTE;
    table[2] = INT;
    table[3] = BYTES;
    table[4] = FLOAT;
    table[5] = COMPLEX;
    table[6] = TEXT;
    table[7] = BYTES;
    table[8] = ELEMENTS;
    table[9] = ELEMENTS;
    table[10] = ELEMENTS;
    table[11] = ELEMENTS;
    table[12] = ELEMENTS;
    table[13] = PAIRS;
    table[16] = ELEMENTS | NOTE | LOCATION;
    table[17] = ELEMENTS | NOTE;
    table[18] = NOTE | LOCATION;
    table[19] = NOTE;
    table[20] = NOTE;
    table[21] = NOTE;
    table[22] = NOTE;
    table[23] = NOTE;
    table[24] = ELEMENTS | NOTE;
    table[25] = NOTE | LOCATION;
    table[26] = NOTE | LOCATION;
    table[30] = ELEMENTS | REST;
    table[31] = PAIRS | REST;
    table
}

fn kinds_of<'a>(layout: &'a Layout, kind: &Column, count: usize) -> std::borrow::Cow<'a, [u8]> {
    if kind.code() == Code::U8 {
        return std::borrow::Cow::Borrowed(kind.bytes(&layout.raw).get(..count).unwrap_or_default());
    }
    (0..count).map(|index| kind.get(&layout.raw, index).unwrap_or(0) as u8).collect()
}

fn flags_of(layout: &Layout) -> Vec<(u32, u8, u64)> {
    let (object, flag, value) = (layout.column("flag_object"), layout.column("flag"), layout.column("flag_value"));
    let mut flags: Vec<(u32, u8, u64)> = (0..object.len().min(flag.len()))
        .filter_map(|at| {
            let index = object.get_number(&layout.raw, at)?;
            let flag = flag.get(&layout.raw, at)? as u8;
            Some((index, flag, value.get(&layout.raw, at).unwrap_or(0)))
        })
        .collect();
    flags.sort_by_key(|flag| flag.0);
    flags
}

/// Spreads the attribute counts, which only objects with attributes have, over all objects.
struct AttributeLengths<'a> {
    layout: &'a Layout,
    counts: Column,
    used: usize,
    at: u64,
    starts: Vec<u32>,
}

impl<'a> AttributeLengths<'a> {
    fn new(layout: &'a Layout) -> Self {
        AttributeLengths { layout, counts: layout.column("attribute_count"), used: 0, at: 0, starts: vec![0] }
    }

    fn push(&mut self, has: bool) {
        if has {
            let count = self.counts.get(&self.layout.raw, self.used).unwrap_or(0);
            self.used += 1;
            self.at = self.at.saturating_add(count);
        }
        self.starts.push(u32::try_from(self.at).unwrap_or(u32::MAX));
    }

    fn into_runs(mut self, most: usize) -> (Runs, bool) {
        let fits = self.at == most as u64 && self.used == self.counts.len();
        if self.at > most as u64 {
            let most = u32::try_from(most).unwrap_or(u32::MAX);
            self.starts.iter_mut().for_each(|start| *start = (*start).min(most));
        }
        (Runs::from_starts(self.starts), fits)
    }
}
