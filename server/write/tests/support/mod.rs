//! Dumps made in memory, as a reader of any format makes them; and a comparison object by object.
#![allow(dead_code, clippy::unwrap_used)] // each test uses a part of it

use std::sync::Arc;

use crashsite_model::heap::{Backing, Code, Column, Heap, Known, Layout, LoadSection, Name, Section};
use crashsite_model::{Dump, Exception, Limits, Local, Object, Payload, Problem, Process, Redaction, TypeInfo};
use crashsite_write::{Preview, Previews, Written};

/// An object; what its kind does not have is not looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Obj {
    pub(crate) kind: u8,
    pub(crate) class: u32,
    pub(crate) size: u64,
    pub(crate) address: u64,
    pub(crate) attributes: Vec<(u32, u32)>,
    pub(crate) elements: Vec<u32>,
    pub(crate) pairs: Vec<(u32, u32)>,
    pub(crate) int: i64,
    pub(crate) float: (f64, f64),
    pub(crate) bytes: Vec<u8>,
    pub(crate) note: Vec<u8>,
    pub(crate) location: (u32, u32),
    pub(crate) rest: (u32, u64),
    pub(crate) flags: Vec<(u8, u64)>,
}

pub(crate) const NAMES: [&[u8]; 6] =
    [b"", b"x", b"_name_", "\u{e4}\u{6f22}".as_bytes(), b"\xed\xa0\x80y", b"/srv/app.py"];

fn names() -> Vec<Name> {
    let name = |bytes: &&[u8]| Name {
        text: crashsite_model::scalar_text(bytes).into(),
        raw: std::str::from_utf8(bytes).is_err().then(|| Arc::from(*bytes)),
    };
    NAMES.iter().map(name).collect()
}

fn classes() -> Vec<TypeInfo> {
    let class = |module: &str, name: &str, style: &str| TypeInfo {
        module: module.into(),
        name: name.into(),
        qualname: name.into(),
        style: style.into(),
        ..TypeInfo::default()
    };
    let odd = TypeInfo {
        qualname: "f.<locals>.C\u{fffd}".into(),
        raw: Some(Box::new((Arc::from(&b"m\xed\xa0\x80"[..]), Arc::from(&b"f.<locals>.C\xed\xbf\xbf"[..])))),
        class: Some(7),
        fields: vec!["x".into(), "x".into(), "\u{e4}".into()],
        ..class("m\u{fffd}", "C\u{fffd}", "dataclass")
    };
    vec![class("builtins", "int", "int"), class("builtins", "str", "str"), odd]
}

/// Sections that are made of objects when they are asked for.
#[derive(Debug)]
struct Sections(Vec<(u32, Vec<Obj>)>);

impl LoadSection for Sections {
    fn load(&self, index: usize, problems: &mut Vec<Problem>) -> Option<Section> {
        let (first, objects) = &self.0[index];
        Some(Section::build(layout(*first, objects), &mut |message| problems.push(Problem::at(0, message))))
    }
}

/// All columns, in the widest form.
fn layout(first: u32, objects: &[Obj]) -> Layout {
    let of = |kinds: &[u8]| -> Vec<&Obj> { objects.iter().filter(|o| kinds.contains(&(o.kind & 0x7F))).collect() };
    let attributed: Vec<&Obj> = objects.iter().filter(|o| o.kind & 0x80 != 0).collect();
    let with_elements = of(&[8, 9, 10, 11, 12, 16, 17, 24, 30]);
    let (with_pairs, rests) = (of(&[13, 31]), of(&[30, 31]));
    let noted = of(&[1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26]);
    let (placed, texts, raws) = (of(&[16, 18, 25, 26]), of(&[6]), of(&[3, 7]));
    let flags = || objects.iter().zip(0u64..).flat_map(|(o, at)| o.flags.iter().map(move |flag| (at, *flag)));
    let count = objects.len() as u32;
    let mut layout = Layout { first, count, types: classes(), names: names(), ..Layout::default() };
    let mut raw = Vec::new();
    let mut column = |name: &str, code: Code, items: Vec<u64>| {
        let start = raw.len();
        raw.extend(items.iter().flat_map(|item| item.to_le_bytes()));
        layout.columns.push((name.to_owned(), Column::new(code, start, raw.len() - start)));
    };
    let addresses = objects.iter().scan(0u64, |last, o| {
        let step = o.address.wrapping_sub(*last);
        *last = o.address;
        Some(step)
    });
    column("kind", Code::U64, objects.iter().map(|o| o.kind.into()).collect());
    column("type", Code::U64, objects.iter().map(|o| o.class.into()).collect());
    column("size", Code::U64, objects.iter().map(|o| o.size).collect());
    column("address", Code::U64, addresses.collect());
    column("attribute_count", Code::U64, attributed.iter().map(|o| o.attributes.len() as u64).collect());
    let attributes = || attributed.iter().flat_map(|o| &o.attributes);
    column("attribute_name", Code::U64, attributes().map(|a| a.0.into()).collect());
    column("attribute_value", Code::U64, attributes().map(|a| a.1.into()).collect());
    column("element_count", Code::U64, with_elements.iter().map(|o| o.elements.len() as u64).collect());
    column("element", Code::U64, with_elements.iter().flat_map(|o| &o.elements).map(|e| (*e).into()).collect());
    column("pair_count", Code::U64, with_pairs.iter().map(|o| o.pairs.len() as u64).collect());
    let pairs = with_pairs.iter().flat_map(|o| &o.pairs);
    column("pair", Code::U64, pairs.flat_map(|p| [p.0.into(), p.1.into()]).collect());
    column("int", Code::I64, of(&[2]).iter().map(|o| o.int as u64).collect());
    column("float", Code::F64, of(&[4]).iter().map(|o| o.float.0.to_bits()).collect());
    column("complex", Code::F64, of(&[5]).iter().flat_map(|o| [o.float.0.to_bits(), o.float.1.to_bits()]).collect());
    column("text_length", Code::U64, texts.iter().map(|o| o.bytes.len() as u64).collect());
    column("bytes_length", Code::U64, raws.iter().map(|o| o.bytes.len() as u64).collect());
    column("note_length", Code::U64, noted.iter().map(|o| o.note.len() as u64).collect());
    column("location_file", Code::U64, placed.iter().map(|o| o.location.0.into()).collect());
    column("location_line", Code::U64, placed.iter().map(|o| o.location.1.into()).collect());
    column("rest_owner", Code::U64, rests.iter().map(|o| o.rest.0.into()).collect());
    column("rest_start", Code::U64, rests.iter().map(|o| o.rest.1).collect());
    column("flag_object", Code::U64, flags().map(|flag| flag.0).collect());
    column("flag", Code::U64, flags().map(|flag| flag.1.0.into()).collect());
    column("flag_value", Code::U64, flags().map(|flag| flag.1.1).collect());
    for (name, bytes) in [
        ("text", texts.iter().flat_map(|o| o.bytes.clone()).collect::<Vec<u8>>()),
        ("bytes", raws.iter().flat_map(|o| o.bytes.clone()).collect()),
        ("note", noted.iter().flat_map(|o| o.note.clone()).collect()),
    ] {
        layout.blobs.push((name.to_owned(), raw.len(), bytes.len()));
        raw.extend(bytes);
    }
    layout.raw = Backing::Bytes(raw);
    layout
}

/// A heap of these sections: the first number of each, and its objects.
pub(crate) fn heap(sections: Vec<(u32, Vec<Obj>)>, known: Known) -> Heap {
    let ranges = sections.iter().zip(0..).map(|((first, objects), at)| (*first, *first + objects.len() as u32, at));
    Heap::new(ranges.collect(), Box::new(Sections(sections)), known).0
}

/// A dump of some old format, with nothing but a heap.
pub(crate) fn dump(heap: Heap) -> Dump {
    Dump {
        format: "old-1",
        file_size: 0,
        headers: Vec::new(),
        process: Process::default(),
        exceptions: Vec::new(),
        threads: Vec::new(),
        frames: Vec::new(),
        sources: Vec::new(),
        capture_limits: Vec::new(),
        redaction: Redaction::default(),
        outside: None,
        loading: None,
        problems: Vec::new(),
        complete: true,
        end: None,
        heap,
        limits: Limits::default(),
    }
}

/// Previews that say what they were made of.
struct Named;

impl Previews for Named {
    fn local(&self, local: &Local) -> Preview {
        Preview {
            type_name: "T".into(),
            module: "m".into(),
            size: None,
            address: Some(5),
            text: format!("<{}>", local.name).into(),
            full_length: local.full_length,
            children_count: 3,
        }
    }

    fn exception(&self, exception: &Exception) -> Arc<str> {
        format!("<{}>", exception.type_name).into()
    }

    fn message(&self, _: &crashsite_model::Exception) -> Option<Arc<str>> {
        Some("m".into())
    }
}

pub(crate) fn write(dump: &Dump) -> (Vec<u8>, Written) {
    let mut out = Vec::new();
    let written = crashsite_write::write(dump, &Named, &mut out).unwrap();
    assert_eq!(written.bytes, out.len() as u64);
    (out, written)
}

pub(crate) fn open(bytes: &[u8]) -> Dump {
    Dump::open(Arc::new(bytes.to_vec()), Limits::default()).unwrap()
}

/// Everything that the objects have, a line each.
pub(crate) fn all(heap: &Heap) -> Vec<String> {
    heap.objects().map(|object| shown(&object)).collect()
}

fn shown(object: &Object<'_>) -> String {
    let payload = match object.payload() {
        Payload::Float(value) => format!("float {:x}", value.to_bits()),
        Payload::Complex(real, imaginary) => format!("complex {:x} {:x}", real.to_bits(), imaginary.to_bits()),
        other => format!("{other:?}"),
    };
    let attributes: Vec<_> = object.raw_attributes().map(|(name, value)| (name.bytes(), value)).collect();
    let flags: Vec<_> = object.raw_flags().iter().map(|(_, flag, value)| (flag, value)).collect();
    format!(
        "{} {:#x} {:?} {} {} {attributes:?} {:?} {:?} {payload} {:?} {:?} {:?} {flags:?}",
        object.number,
        object.kind_byte(),
        object.class(),
        object.size(),
        object.address(),
        object.elements().collect::<Vec<_>>(),
        object.pairs().collect::<Vec<_>>(),
        object.note(),
        object.location().map(|(file, line)| (file.bytes(), line)),
        object.rest(),
    )
}
