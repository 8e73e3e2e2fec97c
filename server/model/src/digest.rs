//! The digest of section 8 of the format: one SHA-256 over every object.

use sha2::{Digest as _, Sha256};

use crate::heap::{Heap, Object, Payload};

/// The digest over all objects of the heap, hexadecimal.
pub fn digest(heap: &Heap) -> String {
    let mut digest = Digest::default();
    heap.objects().for_each(|object| digest.add(&object));
    digest.finish().unwrap_or_default()
}

/// The digest while it is being made: one object after the other, in the order of their numbers.
#[derive(Debug)]
pub struct Digest {
    hasher: Sha256,
    record: Vec<u8>,
    /// Bytes that may still be digested.
    room: u64,
    over: bool,
}

impl Default for Digest {
    fn default() -> Self {
        Digest::with_room(u64::MAX)
    }
}

impl Digest {
    /// A digest of at most that many bytes of records. A small file may stand for very many: each object has the names of its
    /// class and its attributes in its record.
    pub fn with_room(room: u64) -> Self {
        Digest { hasher: Sha256::new(), record: Vec::new(), room, over: false }
    }

    /// Takes an object in.
    pub fn add(&mut self, object: &Object<'_>) {
        match self.room.checked_sub(names(object)).filter(|_| !self.over) {
            Some(room) => self.room = room,
            None => {
                self.over = true;
                return;
            }
        }
        self.record.clear();
        write_record(object, &mut self.record);
        self.hasher.update(&self.record);
    }

    /// The digest, hexadecimal; `None` where there was no room for all records.
    pub fn finish(self) -> Option<String> {
        (!self.over).then(|| self.hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Bytes of an object's record that are names; all others stand in the file once.
fn names(object: &Object<'_>) -> u64 {
    let class = object.class().map_or(0, |class| class.bytes().0.len() + class.bytes().1.len());
    let file = object.location().map_or(0, |(file, _)| file.bytes().len());
    object.raw_attributes().fold((class + file) as u64, |sum, (name, _)| sum.saturating_add(name.bytes().len() as u64))
}

fn write_record(object: &Object<'_>, out: &mut Vec<u8>) {
    out.extend(object.number.to_le_bytes());
    out.push(object.kind_byte());
    out.extend(object.size().to_le_bytes());
    out.extend(object.address().to_le_bytes());
    with_count(out, |out| {
        let (module, qualname) = object.class().map_or((&[][..], &[][..]), |class| class.bytes());
        out.extend(module);
        out.push(b'.');
        out.extend(qualname);
        module.len() + qualname.len() + 1
    });
    with_count(out, |out| {
        object
            .raw_attributes()
            .map(|(name, value)| {
                counted(out, name.bytes());
                out.extend(value.to_le_bytes());
            })
            .count()
    });
    with_count(out, |out| object.elements().map(|value| out.extend(value.to_le_bytes())).count());
    with_count(out, |out| {
        object
            .pairs()
            .map(|(key, value)| {
                out.extend(key.to_le_bytes());
                out.extend(value.to_le_bytes());
            })
            .count()
    });
    with_count(out, |out| {
        let start = out.len();
        write_payload(object, out);
        out.len() - start
    });
    let flags = object.raw_flags();
    with_count(out, |out| {
        flags
            .iter()
            .map(|(_, flag, value)| {
                out.push(*flag);
                out.extend(value.to_le_bytes());
            })
            .count()
    });
}

fn write_payload(object: &Object<'_>, out: &mut Vec<u8>) {
    match object.payload() {
        Payload::None => {}
        Payload::Int(value) => out.extend(value.to_le_bytes()),
        Payload::Float(value) => out.extend(value.to_le_bytes()),
        Payload::Complex(real, imaginary) => {
            out.extend(real.to_le_bytes());
            out.extend(imaginary.to_le_bytes());
        }
        Payload::Text(bytes) | Payload::Bytes(bytes) | Payload::BigInt(bytes) => out.extend(bytes),
    }
    out.extend(object.note().unwrap_or_default());
    if let Some((file, line)) = object.location() {
        out.extend(file.bytes());
        out.push(0);
        out.extend(line.to_le_bytes());
    }
    if let Some((owner, start)) = object.rest() {
        out.extend(owner.to_le_bytes());
        out.extend(start.to_le_bytes());
    }
}

fn counted(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend((bytes.len() as u32).to_le_bytes());
    out.extend(bytes);
}

/// Writes a count, which is known only after what is counted was written.
fn with_count(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> usize) {
    let at = out.len();
    out.extend([0; 4]);
    let count = write(out) as u32;
    if let Some(place) = out.get_mut(at..at + 4) {
        place.copy_from_slice(&count.to_le_bytes());
    }
}
