//! The sections of the heap: section 5 of the format.

use std::io;

use crashsite_model::heap::Name;
use crashsite_model::{Heap, Object, Payload, TypeInfo};

use crate::column::{blob, floats, signed, unsigned};
use crate::message::Message;
use crate::pickle::{Pickle, Value as _};
use crate::table::Table;
use crate::text::readable;

/// Objects of the first sections, and of all that follow: what is near the crash is found without reading much.
const SIZES: [u32; 4] = [1_000, 8_000, 32_000, 64_000];
/// A section ends with the object that takes it beyond so many bytes, roughly.
const MOST_BYTES: usize = 8 << 20;

const HAS_ATTRIBUTES: u8 = 0x80;
/// Whose rest a rest is, where the source does not say.
const NO_OBJECT: u32 = u32::MAX;

/// Writes all objects, with the numbers they have: where numbers are missing, a section ends. Returns the first number
/// of each section, and one past the last.
pub(crate) fn write_all(heap: &Heap, message: &mut Message<'_>) -> io::Result<Vec<(u32, u32)>> {
    let unknown = Unknown::default();
    let mut written = Vec::new();
    let mut columns = Columns::new(&unknown, 0);
    let mut put = |columns: &Columns<'_>| -> io::Result<usize> {
        if columns.kind.is_empty() {
            return Ok(written.len());
        }
        let range = (columns.first, columns.end());
        message.part("heap", Some(range), &columns.pickle())?;
        written.push(range);
        Ok(written.len())
    };
    let mut most = SIZES[0];
    for object in heap.objects() {
        let full = columns.kind.len() >= most as usize || columns.bytes > MOST_BYTES;
        if full || columns.end() != object.number {
            let sections = put(&columns)?;
            most = SIZES[sections.min(SIZES.len() - 1)];
            columns = Columns::new(&unknown, object.number);
        }
        columns.push(&object);
    }
    put(&columns)?;
    Ok(written)
}

/// What stands for a class or a file that the source does not have.
#[derive(Default)]
struct Unknown {
    class: TypeInfo,
    file: Name,
}

/// A section in the making.
struct Columns<'a> {
    unknown: &'a Unknown,
    first: u32,
    bytes: usize,
    classes: Table<'a, TypeInfo>,
    names: Table<'a, Name>,
    kind: Vec<u8>,
    class: Vec<u32>,
    size: Vec<u64>,
    address: Vec<i64>,
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
    text: Blob,
    raw: Blob,
    note: Blob,
    location_file: Vec<u32>,
    location_line: Vec<u32>,
    rest_owner: Vec<u32>,
    rest_start: Vec<u64>,
    flag_object: Vec<u32>,
    flag: Vec<u8>,
    flag_value: Vec<u64>,
}

impl<'a> Columns<'a> {
    fn new(unknown: &'a Unknown, first: u32) -> Self {
        Columns {
            unknown,
            first,
            bytes: 0,
            classes: Table::new(),
            names: Table::new(),
            kind: Vec::new(),
            class: Vec::new(),
            size: Vec::new(),
            address: Vec::new(),
            last_address: 0,
            attribute_count: Vec::new(),
            attribute_name: Vec::new(),
            attribute_value: Vec::new(),
            element_count: Vec::new(),
            element: Vec::new(),
            pair_count: Vec::new(),
            pair: Vec::new(),
            int: Vec::new(),
            float: Vec::new(),
            complex: Vec::new(),
            text: Blob::default(),
            raw: Blob::default(),
            note: Blob::default(),
            location_file: Vec::new(),
            location_line: Vec::new(),
            rest_owner: Vec::new(),
            rest_start: Vec::new(),
            flag_object: Vec::new(),
            flag: Vec::new(),
            flag_value: Vec::new(),
        }
    }

    /// One past the number of the last object.
    fn end(&self) -> u32 {
        self.first + self.kind.len() as u32
    }

    fn push(&mut self, object: &Object<'a>) {
        let kind = object.kind();
        let payload = object.payload();
        for (_, flag, value) in object.raw_flags() {
            self.flag_object.push(self.kind.len() as u32);
            self.flag.push(*flag);
            self.flag_value.push(*value);
        }
        self.kind.push(object.kind_byte());
        self.class.push(self.classes.index(object.class().unwrap_or(&self.unknown.class)));
        self.size.push(object.size());
        self.address.push(object.address().wrapping_sub(self.last_address) as i64);
        self.last_address = object.address();
        if object.kind_byte() & HAS_ATTRIBUTES != 0 {
            let before = self.attribute_name.len();
            for (name, value) in object.raw_attributes() {
                self.attribute_name.push(self.names.index(name));
                self.attribute_value.push(value);
            }
            self.attribute_count.push((self.attribute_name.len() - before) as u32);
        }
        if kind.has_elements() {
            self.element.extend(object.elements());
            self.element_count.push(object.element_count() as u32);
        }
        if kind.has_pairs() {
            self.pair.extend(object.pairs().flat_map(|(key, value)| [key, value]));
            self.pair_count.push(object.pair_count() as u32);
        }
        match payload {
            Payload::None => {}
            Payload::Int(value) => self.int.push(value),
            Payload::Float(value) => self.float.push(value),
            Payload::Complex(real, imaginary) => self.complex.extend([real, imaginary]),
            Payload::Text(text) => self.text.push(&readable(text)),
            Payload::Bytes(bytes) | Payload::BigInt(bytes) => self.raw.push(bytes),
        }
        if kind.has_note() {
            self.note.push(&readable(object.note().unwrap_or_default()));
        }
        if kind.has_location() {
            let (file, line) = object.location().unwrap_or((&self.unknown.file, 0));
            self.location_file.push(self.names.index(file));
            self.location_line.push(line);
        }
        if kind.is_rest() {
            let (owner, start) = object.rest().unwrap_or((NO_OBJECT, 0));
            self.rest_owner.push(owner);
            self.rest_start.push(start);
        }
        let held = match payload {
            Payload::Text(bytes) | Payload::Bytes(bytes) | Payload::BigInt(bytes) => bytes.len(),
            _ => object.note().unwrap_or_default().len(),
        };
        let references = object.attribute_count() + object.element_count() + object.pair_count();
        self.bytes += 32 + held + 8 * references;
    }

    fn pickle(&self) -> Vec<u8> {
        let mut pickle = Pickle::new();
        pickle.dict(|pickle| {
            pickle.entry("first", &self.first);
            pickle.entry("count", &self.kind.len());
            pickle.key("types");
            pickle.list(self.classes.items(), |pickle, class| put_class(pickle, class));
            pickle.key("names");
            pickle.texts(self.names.items().iter().map(|name| name.bytes()));
            unsigned(pickle, "kind", &self.kind);
            unsigned(pickle, "type", &self.class);
            unsigned(pickle, "size", &self.size);
            signed(pickle, "address", &self.address);
            unsigned(pickle, "attribute_count", &self.attribute_count);
            unsigned(pickle, "attribute_name", &self.attribute_name);
            unsigned(pickle, "attribute_value", &self.attribute_value);
            unsigned(pickle, "element_count", &self.element_count);
            unsigned(pickle, "element", &self.element);
            unsigned(pickle, "pair_count", &self.pair_count);
            unsigned(pickle, "pair", &self.pair);
            signed(pickle, "int", &self.int);
            floats(pickle, "float", &self.float);
            floats(pickle, "complex", &self.complex);
            self.text.put(pickle, "text_length", "text");
            self.raw.put(pickle, "bytes_length", "bytes");
            self.note.put(pickle, "note_length", "note");
            unsigned(pickle, "location_file", &self.location_file);
            unsigned(pickle, "location_line", &self.location_line);
            unsigned(pickle, "rest_owner", &self.rest_owner);
            unsigned(pickle, "rest_start", &self.rest_start);
            unsigned(pickle, "flag_object", &self.flag_object);
            unsigned(pickle, "flag", &self.flag);
            unsigned(pickle, "flag_value", &self.flag_value);
        });
        pickle.finish()
    }
}

fn put_class(pickle: &mut Pickle, class: &TypeInfo) {
    let (module, qualname) = class.bytes();
    pickle.tuple(|pickle| {
        pickle.text(module);
        class.name.put(pickle);
        pickle.text(qualname);
        class.class.map_or(-1, i64::from).put(pickle);
        class.style.put(pickle);
        class.fields.put(pickle);
    });
}

/// Byte strings one after the other, and their lengths.
#[derive(Default)]
struct Blob {
    lengths: Vec<u32>,
    bytes: Vec<u8>,
}

impl Blob {
    fn push(&mut self, bytes: &[u8]) {
        self.lengths.push(bytes.len() as u32);
        self.bytes.extend(bytes);
    }

    fn put(&self, pickle: &mut Pickle, lengths: &str, bytes: &str) {
        unsigned(pickle, lengths, &self.lengths);
        blob(pickle, bytes, &self.bytes);
    }
}
