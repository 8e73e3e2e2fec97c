//! Builds files of format version 3 from docs/dump-format.md alone: it shares no code with the readers.
#![allow(dead_code, clippy::unwrap_used)] // each test uses a part of it

use std::io::Write as _;

/// A value of a pickle.
#[derive(Clone)]
pub(crate) enum V {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<V>),
    Tuple(Vec<V>),
    Dict(Vec<(&'static str, V)>),
    /// A dictionary with keys that are made.
    Map(Vec<(String, V)>),
}

pub(crate) fn text(text: &str) -> V {
    V::Text(text.to_owned())
}

/// The pickle of a value, protocol 4.
pub(crate) fn pickle(value: &V) -> Vec<u8> {
    let mut out = vec![0x80, 4];
    put(value, &mut out);
    out.push(b'.');
    out
}

fn put(value: &V, out: &mut Vec<u8>) {
    match value {
        V::None => out.push(b'N'),
        V::Bool(value) => out.push(if *value { 0x88 } else { 0x89 }),
        V::Int(value) => {
            out.extend([0x8a, 8]);
            out.extend(value.to_le_bytes());
        }
        V::Float(value) => {
            out.push(b'G');
            out.extend(value.to_be_bytes());
        }
        V::Text(text) => {
            out.push(b'X');
            out.extend((text.len() as u32).to_le_bytes());
            out.extend(text.as_bytes());
        }
        V::Bytes(bytes) => {
            out.push(b'B');
            out.extend((bytes.len() as u32).to_le_bytes());
            out.extend(bytes);
        }
        V::List(items) => {
            out.extend(b"](");
            items.iter().for_each(|item| put(item, out));
            out.push(b'e');
        }
        V::Tuple(items) => {
            out.push(b'(');
            items.iter().for_each(|item| put(item, out));
            out.push(b't');
        }
        V::Dict(items) => put_pairs(items.iter().map(|(key, value)| (*key, value)), out),
        V::Map(items) => put_pairs(items.iter().map(|(key, value)| (key.as_str(), value)), out),
    }
}

fn put_pairs<'a>(items: impl Iterator<Item = (&'a str, &'a V)>, out: &mut Vec<u8>) {
    out.extend(b"}(");
    for (key, value) in items {
        put(&text(key), out);
        put(value, out);
    }
    out.push(b'u');
}

/// A part of the message.
pub(crate) fn part(kind: &str, raw: &[u8], objects: Option<(u32, u32)>) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(raw).unwrap();
    let body = packer.finish().unwrap();
    let objects = objects.map_or_else(String::new, |(first, end)| format!("X-Crashsite-Objects: {first} {end}\r\n"));
    let head = format!(
        "\r\n--b\r\nContent-Type: application/x.python-heapdump; part={kind}\r\nContent-Transfer-Encoding: binary\r\n\
         Content-Encoding: gzip\r\nContent-Length: {}\r\n{objects}\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}

/// The file of these parts.
pub(crate) fn file(parts: &[Vec<u8>]) -> Vec<u8> {
    let head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\
                X-python-heapdump-version: 3\r\n\r\nA dump.\r\n";
    [head.as_bytes().to_vec(), parts.concat(), b"\r\n--b--\r\n".to_vec()].concat()
}

/// An object of a section.
#[derive(Clone, Debug, Default)]
pub(crate) struct Obj {
    pub(crate) kind: u8,
    pub(crate) class: u32,
    pub(crate) attributes: Vec<(u32, u32)>,
    pub(crate) elements: Vec<u32>,
    pub(crate) pairs: Vec<(u32, u32)>,
    pub(crate) int: i64,
    pub(crate) float: f64,
    pub(crate) text: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) note: String,
    pub(crate) rest: (u32, u64),
    pub(crate) cut: Option<u64>,
}

/// A class of the type table: module, name, style, fields.
pub(crate) type Class = (&'static str, &'static str, &'static str, &'static [&'static str]);

/// The dictionary of a section. Object `i` has the address `0x1000 + 16 i` and the size 10.
pub(crate) fn section(first: u32, objects: &[Obj], classes: &[Class], names: &[&str]) -> Vec<(&'static str, V)> {
    let wide = |items: Vec<u32>| column("I", items.iter().flat_map(|item| item.to_le_bytes()).collect());
    let of = |kinds: &[u8]| -> Vec<&Obj> { objects.iter().filter(|object| kinds.contains(&object.kind)).collect() };
    let elements = of(&[8, 9, 10, 11, 12, 16, 17, 24, 30]);
    let pairs = of(&[13, 31]);
    let noted = of(&[1, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26]);
    let rests = of(&[30, 31]);
    let attributes: Vec<&Obj> = objects.iter().filter(|object| !object.attributes.is_empty()).collect();
    let kind = |object: &Obj| object.kind | if object.attributes.is_empty() { 0 } else { 0x80 };
    let step = |index: usize| if index == 0 { 0x1000 + 16 * first } else { 16 };
    let class = |class: &Class| {
        let fields = class.3.iter().map(|field| text(field)).collect();
        V::Tuple(vec![text(class.0), text(class.1), text(class.1), V::Int(-1), text(class.2), V::List(fields)])
    };
    let cut: Vec<(u32, u64)> =
        objects.iter().zip(0..).filter_map(|(object, index)| Some((index, object.cut?))).collect();
    let lengths = |of: Vec<usize>| wide(of.into_iter().map(|length| length as u32).collect());
    vec![
        ("first", V::Int(first.into())),
        ("count", V::Int(objects.len() as i64)),
        ("types", V::List(classes.iter().map(class).collect())),
        ("names", V::List(names.iter().map(|name| text(name)).collect())),
        ("kind", column("B", objects.iter().map(kind).collect())),
        ("type", wide(objects.iter().map(|object| object.class).collect())),
        ("size", column("B", vec![10; objects.len()])),
        ("address", wide((0..objects.len()).map(step).collect())),
        ("attribute_count", lengths(attributes.iter().map(|object| object.attributes.len()).collect())),
        ("attribute_name", wide(attributes.iter().flat_map(|o| o.attributes.iter().map(|a| a.0)).collect())),
        ("attribute_value", wide(attributes.iter().flat_map(|o| o.attributes.iter().map(|a| a.1)).collect())),
        ("element_count", lengths(elements.iter().map(|object| object.elements.len()).collect())),
        ("element", wide(elements.iter().flat_map(|object| object.elements.clone()).collect())),
        ("pair_count", lengths(pairs.iter().map(|object| object.pairs.len()).collect())),
        ("pair", wide(pairs.iter().flat_map(|o| o.pairs.iter().flat_map(|pair| [pair.0, pair.1])).collect())),
        ("int", column("q", of(&[2]).iter().flat_map(|object| object.int.to_le_bytes()).collect())),
        ("float", column("d", of(&[4]).iter().flat_map(|object| object.float.to_le_bytes()).collect())),
        ("text_length", lengths(of(&[6]).iter().map(|object| object.text.len()).collect())),
        ("text", V::Bytes(of(&[6]).iter().flat_map(|object| object.text.bytes()).collect())),
        ("bytes_length", lengths(of(&[3, 7]).iter().map(|object| object.bytes.len()).collect())),
        ("bytes", V::Bytes(of(&[3, 7]).iter().flat_map(|object| object.bytes.clone()).collect())),
        ("note_length", lengths(noted.iter().map(|object| object.note.len()).collect())),
        ("note", V::Bytes(noted.iter().flat_map(|object| object.note.bytes()).collect())),
        ("rest_owner", wide(rests.iter().map(|object| object.rest.0).collect())),
        ("rest_start", column("Q", rests.iter().flat_map(|object| object.rest.1.to_le_bytes()).collect())),
        ("flag_object", wide(cut.iter().map(|cut| cut.0).collect())),
        ("flag", column("B", vec![1; cut.len()])),
        ("flag_value", column("Q", cut.iter().flat_map(|cut| cut.1.to_le_bytes()).collect())),
    ]
}

pub(crate) fn column(code: &str, data: Vec<u8>) -> V {
    V::Tuple(vec![text(code), V::Bytes(data)])
}

/// A local tuple.
pub(crate) fn local(name: &str, object: u32, class: &str, preview: &str) -> V {
    let numbers = [V::Int(2), V::Int(28), V::Int(0x1000)];
    let mut items = vec![text(name), text("local"), V::Int(object.into()), text(class), text("builtins")];
    items.extend(numbers);
    items.extend([text(preview), text("ok"), V::None, V::Int(0)]);
    V::Tuple(items)
}

/// A summary: one exception in `f`, line 2 of `m.py`, with these locals.
pub(crate) fn summary(locals: Vec<V>) -> Vec<(&'static str, V)> {
    let python = vec![
        ("version", text("3.12.1")),
        ("version_info", V::Tuple([3, 12, 1].map(V::Int).to_vec())),
        ("implementation", text("CPython")),
    ];
    let frame = vec![
        ("function", text("f")),
        ("qualname", text("C.f")),
        ("file", text("/srv/m.py")),
        ("line", V::Int(2)),
        ("end_line", V::Int(2)),
        ("column", V::Int(15)),
        ("end_column", V::Int(20)),
        ("module", text("m")),
        ("library", V::Bool(false)),
        ("locals", V::List(locals)),
    ];
    let exception = vec![
        ("object", V::Int(0)),
        ("type", text("ZeroDivisionError")),
        ("module", text("builtins")),
        ("message", text("division by zero")),
        ("preview", text("ZeroDivisionError('division by zero')")),
        ("frames", V::List(vec![V::Int(0)])),
        ("dumped", V::Dict(vec![("process", text("bcdefghijklmnopa")), ("file", text("worker.dump"))])),
    ];
    let thread = vec![
        ("id", V::Int(77)),
        ("name", text("MainThread")),
        ("kind", text("thread")),
        ("crashed", V::Bool(true)),
        ("main", V::Bool(true)),
        ("current", V::Bool(true)),
        ("frames", V::List(vec![V::Int(0)])),
    ];
    let piece = V::Tuple(vec![V::Int(1), text("def f(self):\n    é = 漢 + 1 / x\n")]);
    let source = V::Dict(vec![("lines", V::Int(2)), ("pieces", V::List(vec![piece]))]);
    vec![
        ("dump_version", V::Int(3)),
        ("pid", V::Int(4711)),
        (
            "process",
            V::Dict(vec![
                ("identity", text("abcdefghijklmnop")),
                ("name", text("Worker-1")),
                ("ancestors", V::List(vec![V::Tuple(vec![V::Int(4700), text("bcdefghijklmnopa")])])),
            ]),
        ),
        ("time", V::Float(1_795_377_600.5)),
        ("python", V::Dict(python)),
        ("exceptions", V::List(vec![V::Dict(exception)])),
        ("threads", V::List(vec![V::Dict(thread)])),
        ("frames", V::List(vec![V::Dict(frame)])),
        ("sources", V::Dict(vec![("/srv/m.py", source)])),
        ("problems", V::List(vec![text("a thread could not be read")])),
    ]
}

/// A complete file: the summary, one section, an end without anything special.
pub(crate) fn whole(locals: Vec<V>, objects: &[Obj], classes: &[Class], names: &[&str]) -> Vec<u8> {
    let section = V::Dict(section(0, objects, classes, names));
    file(&[
        part("summary", &pickle(&V::Dict(summary(locals))), None),
        part("heap", &pickle(&section), Some((0, objects.len() as u32))),
        part("end", &pickle(&V::Dict(vec![("objects_seen", V::Int(objects.len() as i64))])), None),
    ])
}
