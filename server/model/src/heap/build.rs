//! A heap made object by object, for formats that have no columns of their own: the columns are filled here.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::column::{Code, Column};
use super::kind::Kind;
use super::object::Payload;
use super::section::{Backing, Layout, Name, Section, TypeInfo};

/// One object for a [`Builder`]. What its kind has no place for is not kept.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its class, as [`Builder::class`] numbered it.
    pub class: u32,
    /// Shallow size in bytes; 0 where it is not known.
    pub size: u64,
    /// `id()`; 0 where it is not known.
    pub address: u64,
    /// Names, as [`Builder::name`] numbered them, and object numbers.
    pub attributes: &'a [(u32, u32)],
    /// Object numbers.
    pub elements: &'a [u32],
    /// Object numbers of keys and values.
    pub pairs: &'a [(u32, u32)],
    /// Number or text.
    pub payload: Payload<'a>,
    /// UTF-8 text, by the kind's meaning.
    pub note: &'a [u8],
    /// File, as [`Builder::name`] numbered it (`u32::MAX`: unknown), and line.
    pub location: (u32, u32),
    /// Its true length, where only its beginning is there.
    pub cut: Option<u64>,
    /// Of a rest: whose it is, and the index it starts at.
    pub rest: (u32, u64),
    /// Further flags, and their values.
    pub flags: &'a [(u8, u64)],
}

impl Record<'_> {
    /// An object of that kind and class that holds nothing.
    pub fn new(kind: Kind, class: u32) -> Self {
        Record {
            kind,
            class,
            size: 0,
            address: 0,
            attributes: &[],
            elements: &[],
            pairs: &[],
            payload: Payload::None,
            note: &[],
            location: (u32::MAX, 0),
            cut: None,
            rest: (u32::MAX, 0),
            flags: &[],
        }
    }
}

/// Collects objects in the order of their numbers, from 0 or another one.
#[derive(Debug, Default)]
pub struct Builder {
    first: u32,
    types: Vec<TypeInfo>,
    names: Vec<Name>,
    known_names: FxHashMap<Arc<str>, u32>,
    kind: Vec<u8>,
    class: Vec<u32>,
    /// Empty as long as none is known.
    size: Vec<u64>,
    /// Differences, as the column has them; empty as long as none is known.
    address: Vec<u64>,
    last_address: u64,
    attribute_count: Vec<u32>,
    attribute_name: Vec<u32>,
    attribute_value: Vec<u32>,
    element_count: Vec<u32>,
    element: Vec<u32>,
    pair_count: Vec<u32>,
    pair: Vec<u32>,
    int: Vec<i64>,
    float: Vec<f64>,
    complex: Vec<f64>,
    text: Texts,
    bytes: Texts,
    note: Texts,
    location_file: Vec<u32>,
    location_line: Vec<u32>,
    rest_owner: Vec<u32>,
    rest_start: Vec<u64>,
    flag_object: Vec<u32>,
    flag: Vec<u8>,
    flag_value: Vec<u64>,
}

#[derive(Debug, Default)]
struct Texts {
    lengths: Vec<u32>,
    bytes: Vec<u8>,
}

impl Texts {
    fn push(&mut self, text: &[u8]) {
        self.lengths.push(count(text.len()));
        self.bytes.extend_from_slice(text);
    }
}

/// A count that the file's limits keep far below 2³².
fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Builder {
    /// One whose objects have numbers from `first`.
    pub fn starting_at(first: u32) -> Builder {
        Builder { first, ..Builder::default() }
    }

    /// How many objects it has.
    pub fn len(&self) -> usize {
        self.kind.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.kind.is_empty()
    }

    /// A new class.
    pub fn class(&mut self, class: TypeInfo) -> u32 {
        self.types.push(class);
        count(self.types.len() - 1)
    }

    /// The number of a name; the same for the same name.
    pub fn name(&mut self, name: &str) -> u32 {
        if let Some(&known) = self.known_names.get(name) {
            return known;
        }
        let text: Arc<str> = name.into();
        let number = count(self.names.len());
        self.names.push(Name { text: text.clone(), raw: None });
        self.known_names.insert(text, number);
        number
    }

    /// A name of another section, as that has it; not for [`Builder::name`] to find.
    pub fn name_as_it_is(&mut self, name: Name) -> u32 {
        self.names.push(name);
        count(self.names.len() - 1)
    }

    /// Adds the next object.
    pub fn push(&mut self, record: &Record<'_>) {
        let Record { kind, .. } = *record;
        let number = count(self.kind.len());
        let with_attributes = if record.attributes.is_empty() { 0 } else { 0x80 };
        self.kind.push(kind.number() | with_attributes);
        self.class.push(record.class);
        if record.size != 0 || !self.size.is_empty() {
            self.size.resize(self.class.len() - 1, 0);
            self.size.push(record.size);
        }
        // Formats that know no addresses need no room for them.
        if record.address != 0 || !self.address.is_empty() {
            self.address.resize(self.class.len() - 1, 0);
            self.address.push(record.address.wrapping_sub(self.last_address));
            self.last_address = record.address;
        }
        if !record.attributes.is_empty() {
            self.attribute_count.push(count(record.attributes.len()));
            self.attribute_name.extend(record.attributes.iter().map(|attribute| attribute.0));
            self.attribute_value.extend(record.attributes.iter().map(|attribute| attribute.1));
        }
        if kind.has_elements() {
            self.element_count.push(count(record.elements.len()));
            self.element.extend_from_slice(record.elements);
        }
        if kind.has_pairs() {
            self.pair_count.push(count(record.pairs.len()));
            self.pair.extend(record.pairs.iter().flat_map(|&(key, value)| [key, value]));
        }
        match (kind, record.payload) {
            (Kind::Int, Payload::Int(value)) => self.int.push(value),
            (Kind::Int, _) => self.int.push(0),
            (Kind::Float, Payload::Float(value)) => self.float.push(value),
            (Kind::Float, _) => self.float.push(0.0),
            (Kind::Complex, Payload::Complex(real, imaginary)) => self.complex.extend([real, imaginary]),
            (Kind::Complex, _) => self.complex.extend([0.0, 0.0]),
            (Kind::Str, Payload::Text(text)) => self.text.push(text),
            (Kind::Str, _) => self.text.push(&[]),
            (Kind::Bytes | Kind::BigInt, Payload::Bytes(bytes) | Payload::BigInt(bytes)) => self.bytes.push(bytes),
            (Kind::Bytes | Kind::BigInt, _) => self.bytes.push(&[]),
            _ => {}
        }
        if kind.has_note() {
            self.note.push(record.note);
        }
        if kind.has_location() {
            let nowhere = record.location.0 == u32::MAX;
            let file = if nowhere { self.name("") } else { record.location.0 };
            self.location_file.push(file);
            self.location_line.push(record.location.1);
        }
        if kind.is_rest() {
            self.rest_owner.push(record.rest.0);
            self.rest_start.push(record.rest.1);
        }
        for &(flag, value) in record.cut.map(|length| (1, length)).iter().chain(record.flags) {
            self.flag_object.push(number);
            self.flag.push(flag);
            self.flag_value.push(value);
        }
    }

    /// All objects as one section. Each column is freed as soon as it is copied.
    pub fn finish(self) -> Section {
        let mut out = Columns { raw: Vec::with_capacity(self.bytes_of_columns()), layout: Layout::default() };
        out.layout.first = self.first;
        out.layout.count = count(self.kind.len());
        out.add("kind", Code::U8, self.kind, |item| [item]);
        let numbers = [
            ("type", self.class),
            ("attribute_count", self.attribute_count),
            ("attribute_name", self.attribute_name),
            ("attribute_value", self.attribute_value),
            ("element_count", self.element_count),
            ("element", self.element),
            ("pair_count", self.pair_count),
            ("pair", self.pair),
            ("text_length", self.text.lengths),
            ("bytes_length", self.bytes.lengths),
            ("note_length", self.note.lengths),
            ("location_file", self.location_file),
            ("location_line", self.location_line),
            ("rest_owner", self.rest_owner),
            ("flag_object", self.flag_object),
        ];
        for (name, column) in numbers {
            out.add(name, Code::U32, column, u32::to_le_bytes);
        }
        out.add("size", Code::U64, self.size, u64::to_le_bytes);
        out.add("rest_start", Code::U64, self.rest_start, u64::to_le_bytes);
        out.add("address", Code::U64, self.address, u64::to_le_bytes);
        out.add("int", Code::I64, self.int, i64::to_le_bytes);
        out.add("float", Code::F64, self.float, f64::to_le_bytes);
        out.add("complex", Code::F64, self.complex, f64::to_le_bytes);
        out.add("flag", Code::U8, self.flag, |item| [item]);
        out.add("flag_value", Code::U64, self.flag_value, u64::to_le_bytes);
        for (name, texts) in [("text", self.text.bytes), ("bytes", self.bytes.bytes), ("note", self.note.bytes)] {
            out.layout.blobs.push((name.to_owned(), out.raw.len(), texts.len()));
            out.raw.extend_from_slice(&texts);
        }
        let Columns { raw, mut layout } = out;
        layout.types = self.types;
        layout.names = self.names;
        layout.raw = Backing::Bytes(raw);
        // What was filled in step cannot disagree.
        Section::build(layout, &mut |_| ())
    }

    fn bytes_of_columns(&self) -> usize {
        let per_object = [&self.class, &self.attribute_count, &self.attribute_name, &self.attribute_value];
        let more = [&self.element_count, &self.element, &self.pair_count, &self.pair];
        let lengths = [&self.text.lengths, &self.bytes.lengths, &self.note.lengths, &self.location_file];
        let four: usize = [per_object, more, lengths].iter().flatten().map(|column| column.len() * 4).sum();
        let eight = self.size.len()
            + self.rest_start.len()
            + self.rest_owner.len()
            + self.address.len()
            + self.int.len()
            + self.float.len()
            + self.complex.len()
            + self.flag_value.len();
        let bytes = self.text.bytes.len() + self.bytes.bytes.len() + self.note.bytes.len();
        self.kind.len() + four + self.location_line.len() * 4 + eight * 8 + bytes + self.flag.len() * 5
    }
}

/// Columns on their way into one piece of memory.
struct Columns {
    raw: Vec<u8>,
    layout: Layout,
}

impl Columns {
    fn add<T: Copy, const N: usize>(&mut self, name: &str, code: Code, items: Vec<T>, bytes: fn(T) -> [u8; N]) {
        let start = self.raw.len();
        self.raw.extend(items.iter().flat_map(|item| bytes(*item)));
        self.layout.columns.push((name.to_owned(), Column::new(code, start, self.raw.len() - start)));
    }
}
