//! What an object of the file is: by its type, and by the `str()` that stands there for what has no contents.

use std::collections::HashMap;
use std::sync::Arc;

use num_bigint::BigInt;

use super::file::Head;
use super::objects::{Entry, Id, Objects};
use crate::formats::bare::NOTHING;
use crate::formats::type_names;
use crate::heap::{Builder, Kind, Payload, Record, TypeInfo};
use crate::scalar_text;

/// Gives objects their numbers, breadth first from those that are asked for in the beginning, and describes them.
pub(super) struct Graph<'o> {
    objects: &'o Objects,
    head: &'o Head,
    types: &'o HashMap<u64, Arc<str>>,
    builder: Builder,
    numbers: Vec<u32>,
    order: Vec<Id>,
    names: HashMap<u32, u32>,
    classes: HashMap<(u64, bool), u32>,
    /// Bytes of a text of ASCII beside its characters, which depends on the Python.
    overhead: Option<u64>,
}

impl<'o> Graph<'o> {
    pub(super) fn new(objects: &'o Objects, head: &'o Head, types: &'o HashMap<u64, Arc<str>>) -> Self {
        let text = head.known("str");
        let short = |entry: &&Entry| {
            let text_bytes = objects.text(entry);
            Some(entry.class) == text && text_bytes.len() < objects.longest && text_bytes.is_ascii()
        };
        let overhead = objects.entries.iter().find(short);
        let overhead = overhead.and_then(|entry| u64::from(entry.size).checked_sub(objects.text(entry).len() as u64));
        Graph {
            objects,
            head,
            types,
            builder: Builder::default(),
            numbers: vec![NOTHING; objects.entries.len()],
            order: Vec::new(),
            names: HashMap::new(),
            classes: HashMap::new(),
            overhead,
        }
    }

    /// The number of the object at an address; it is described when its turn comes.
    pub(super) fn number(&mut self, address: u64) -> u32 {
        self.objects.find(address).map_or(NOTHING, |id| self.number_of(id))
    }

    fn number_of(&mut self, id: Id) -> u32 {
        let Some(number) = self.numbers.get_mut(id as usize) else { return NOTHING };
        if *number == NOTHING {
            *number = self.order.len() as u32;
            self.order.push(id);
        }
        *number
    }

    /// Describes everything that has a number, what that refers to, and then what nothing refers to.
    pub(super) fn into_objects(mut self) -> Builder {
        let mut rest = 0..self.objects.entries.len() as Id;
        loop {
            while let Some(&id) = self.order.get(self.builder.len()) {
                let objects = self.objects;
                match objects.entry(id) {
                    Some(entry) => self.describe(entry),
                    None => return self.builder,
                }
            }
            if !rest.by_ref().any(|id| self.number_of(id) as usize == self.builder.len()) {
                return self.builder;
            }
        }
    }

    /// Module and qualified name of a type: its object's `str()` has both, the table of types the name alone.
    fn type_name(&self, address: u64) -> (String, String) {
        let objects = self.objects;
        let text = objects.find(address).and_then(|id| objects.entry(id)).map(|entry| scalar_text(objects.text(entry)));
        let full = text.as_deref().and_then(|text| between(text, "<class '", "'>"));
        match (full, self.types.get(&address)) {
            // Outside of the builtins there is always a module.
            (Some(full), _) if full.contains('.') => {
                let (module, qualname) = type_names::split(full, &Default::default());
                (module.to_owned(), qualname.to_owned())
            }
            (Some(full), _) => ("builtins".to_owned(), full.to_owned()),
            (None, Some(name)) => (String::new(), name.to_string()),
            (None, None) => {
                let known = self.head.known.iter().find(|known| known.1 == address).map(|known| known.0.clone());
                known.map_or(Default::default(), |name| ("builtins".to_owned(), name))
            }
        }
    }

    fn class(&mut self, entry: &Entry, with_attributes: bool) -> u32 {
        let key = (entry.class, with_attributes);
        if let Some(&known) = self.classes.get(&key) {
            return known;
        }
        let (module, qualname) = self.type_name(entry.class);
        let name = qualname.rsplit('.').next().unwrap_or(&qualname);
        let style = if module == "builtins" || !with_attributes { name } else { "own" };
        let object = self.number(entry.class);
        let class = self.builder.class(TypeInfo {
            module: module.as_str().into(),
            name: name.into(),
            qualname: qualname.as_str().into(),
            class: Some(object).filter(|object| *object != NOTHING),
            style: style.into(),
            ..TypeInfo::default()
        });
        self.classes.insert(key, class);
        class
    }

    fn describe(&mut self, entry: &Entry) {
        let objects = self.objects;
        let (module, name) = self.type_name(entry.class);
        let text = objects.text(entry);
        let shown = scalar_text(text);
        let builtin = module == "builtins" || module.is_empty();
        let missing = !self.head.with_text;
        let class_object = objects.classes.contains(&entry.address) || builtin && name == "type";
        match name.as_str() {
            _ if class_object => {
                let (module, name) = self.type_name(entry.address);
                let own = self.builder.len() as u32;
                let note = format!("{module}\0{name}");
                self.push(Kind::Class, entry, &[own], &[], note.as_bytes(), (u32::MAX, 0));
            }
            "list" | "tuple" | "set" if builtin => {
                let kind = match name.as_str() {
                    "list" => Kind::List,
                    "tuple" => Kind::Tuple,
                    _ => Kind::Set,
                };
                let elements: Vec<u32> = objects.content(entry).iter().map(|address| self.number(*address)).collect();
                self.push(kind, entry, &elements, &[], b"", (u32::MAX, 0));
            }
            "dict" if builtin => {
                let content = objects.content(entry).chunks_exact(2);
                let pairs: Vec<(u32, u32)> = content
                    .filter_map(|pair| match pair {
                        [key, value] => Some((self.number(*key), self.number(*value))),
                        _ => None,
                    })
                    .collect();
                self.push(Kind::Dict, entry, &[], &pairs, b"", (u32::MAX, 0));
            }
            "NoneType" if builtin => self.note(Kind::Atom, entry, "None"),
            "ellipsis" if builtin => self.note(Kind::Atom, entry, "Ellipsis"),
            "str" if builtin && !missing => {
                let characters = shown.chars().count();
                let cut = (characters == objects.longest).then(|| self.full_length(entry, &shown)).flatten();
                self.payload(Kind::Str, entry, Payload::Text(text), cut.filter(|cut| *cut > characters as u64));
            }
            _ if missing => self.instance(entry, &name, ""),
            "bool" | "NotImplementedType" if builtin => self.note(Kind::Atom, entry, &shown),
            "int" if builtin => match (shown.parse::<i64>(), shown.parse::<BigInt>()) {
                (Ok(value), _) => self.payload(Kind::Int, entry, Payload::Int(value), None),
                (_, Ok(value)) if shown.len() < objects.longest => {
                    let bytes = value.to_signed_bytes_le();
                    self.payload(Kind::BigInt, entry, Payload::BigInt(&bytes), None);
                }
                // 30 bits in 4 bytes, after 24.
                _ => {
                    let bits = u64::from(entry.size.saturating_sub(24)) / 4 * 30;
                    self.payload(Kind::BigInt, entry, Payload::None, Some(bits));
                }
            },
            "float" if builtin => match shown.parse::<f64>() {
                Ok(value) => self.payload(Kind::Float, entry, Payload::Float(value), None),
                Err(_) => self.instance(entry, &name, &shown),
            },
            "bytes" | "bytearray" if builtin => match bytes_literal(text) {
                Some((bytes, true)) => self.payload(Kind::Bytes, entry, Payload::Bytes(&bytes), None),
                // 33 bytes beside them.
                Some((bytes, false)) => {
                    let length = u64::from(entry.size).saturating_sub(33);
                    self.payload(Kind::Bytes, entry, Payload::Bytes(&bytes), Some(length.max(bytes.len() as u64 + 1)));
                }
                None => self.instance(entry, &name, &shown),
            },
            "function" if builtin => {
                let qualname = between(&shown, "<function ", " at 0x").unwrap_or_default();
                self.push(Kind::Function, entry, &[], &[], format!("\0{qualname}").as_bytes(), (u32::MAX, 0));
            }
            "builtin_function_or_method" if builtin => self.note(Kind::Builtin, entry, &shown),
            "method" if builtin => self.note(Kind::Method, entry, &shown),
            "cell" if builtin => self.note(Kind::Cell, entry, &shown),
            "module" if builtin => {
                let name = between(&shown, "<module '", "'").unwrap_or_default();
                let file = between(&shown, " from '", "'>").unwrap_or_default();
                let note = format!("{name}\0{file}\0{shown}");
                self.push(Kind::Module, entry, &[], &[], note.as_bytes(), (u32::MAX, 0));
            }
            "code" | "frame" if builtin => {
                let frame = name == "frame";
                let file = between(&shown, "file \"", "\", line").or_else(|| between(&shown, "file '", "', line"));
                let line = shown.rsplit_once(", line ").map_or("", |(_, rest)| rest);
                let line = line.split_once([',', '>']).and_then(|(line, _)| line.parse().ok()).unwrap_or(0);
                let word = if frame { ", code " } else { "<code object " };
                let function = shown.split_once(word).map_or("", |(_, rest)| rest);
                let function = function.split([',', '>', ' ']).next().unwrap_or_default();
                let location = (self.builder.name(file.unwrap_or_default()), line);
                let kind = if frame { Kind::Frame } else { Kind::Code };
                self.push(kind, entry, &[], &[], function.as_bytes(), location);
            }
            _ if objects.exceptions.contains(&entry.class) => self.exception(entry),
            _ => self.instance(entry, &name, &shown),
        }
    }

    /// How long a text was that is cut, by the size of the object.
    fn full_length(&self, entry: &Entry, shown: &str) -> Option<u64> {
        let beyond = u64::from(entry.size).checked_sub(self.overhead?)?;
        Some(match shown.chars().max()? {
            '\0'..='\x7f' => beyond,
            // One with other characters has some bytes more beside them, which does not matter here.
            '\u{80}'..='\u{ff}' => beyond.saturating_sub(24),
            '\u{100}'..='\u{ffff}' => beyond.saturating_sub(24) / 2,
            _ => beyond.saturating_sub(24) / 4,
        })
    }

    fn exception(&mut self, entry: &Entry) {
        let objects = self.objects;
        let tuple = self.head.known("tuple");
        let is_tuple = |address: &&u64| {
            let found = objects.find(**address).and_then(|id| objects.entry(id));
            found.is_some() && found.map(|entry| entry.class) == tuple
        };
        let mut attributes = self.own_attributes(entry);
        if let Some(args) = objects.content(entry).iter().find(is_tuple) {
            attributes.push((self.builder.name("args"), self.number(*args)));
        }
        let class = self.class(entry, true);
        let record = self.record(entry, Kind::Exception, class);
        self.builder.push(&Record { attributes: &attributes, ..record });
    }

    /// An object of which there are its attributes, or else what `str()` gave.
    fn instance(&mut self, entry: &Entry, name: &str, shown: &str) {
        if !self.objects.attributes(entry).is_empty() {
            return self.push(Kind::Instance, entry, &[], &[], b"", (u32::MAX, 0));
        }
        let note = match shown {
            "" if self.head.with_text => format!("<{name} object at {:#x}>", entry.address),
            "" => format!("<{name} at {:#x}: its value is not in the file>", entry.address),
            _ if shown.starts_with('<') => shown.to_owned(),
            _ => format!("<{name}: {shown}>"),
        };
        self.note(Kind::Opaque, entry, &note);
    }

    fn note(&mut self, kind: Kind, entry: &Entry, note: &str) {
        self.push(kind, entry, &[], &[], note.as_bytes(), (u32::MAX, 0));
    }

    fn payload(&mut self, kind: Kind, entry: &Entry, payload: Payload<'_>, cut: Option<u64>) {
        let class = self.class(entry, false);
        let record = self.record(entry, kind, class);
        self.builder.push(&Record { payload, cut, ..record });
    }

    fn push(
        &mut self,
        kind: Kind,
        entry: &Entry,
        elements: &[u32],
        pairs: &[(u32, u32)],
        note: &[u8],
        location: (u32, u32),
    ) {
        let attributes = self.own_attributes(entry);
        let class = self.class(entry, !attributes.is_empty());
        let record = self.record(entry, kind, class);
        self.builder.push(&Record { attributes: &attributes, elements, pairs, note, location, ..record });
    }

    fn record<'r>(&self, entry: &Entry, kind: Kind, class: u32) -> Record<'r> {
        Record { address: entry.address, ..Record::new(kind, class) }
    }

    fn own_attributes(&mut self, entry: &Entry) -> Vec<(u32, u32)> {
        let objects = self.objects;
        let mut found = Vec::new();
        for &(name, value) in objects.attributes(entry) {
            let name = match self.names.get(&name) {
                Some(&known) => known,
                None => {
                    let number = self.builder.name(objects.name_of(name));
                    self.names.insert(name, number);
                    number
                }
            };
            found.push((name, self.number(value)));
        }
        found
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let start = text.find(before)? + before.len();
    let rest = text.get(start..)?;
    rest.get(..rest.find(after)?)
}

/// `b'…'`, or `bytearray(b'…')`, and whether its end is there.
fn bytes_literal(text: &[u8]) -> Option<(Vec<u8>, bool)> {
    let text = text.strip_prefix(b"bytearray(").unwrap_or(text);
    let (&quote, mut rest) = text.strip_prefix(b"b")?.split_first()?;
    if !matches!(quote, b'\'' | b'"') {
        return None;
    }
    let mut bytes = Vec::new();
    loop {
        rest = match rest {
            [] | [b'\\'] | [b'\\', b'x'] | [b'\\', b'x', _] => return Some((bytes, false)),
            [byte, ..] if *byte == quote => return Some((bytes, true)),
            [b'\\', b'x', high, low, after @ ..] => {
                let digit = |byte: &u8| char::from(*byte).to_digit(16);
                bytes.push((digit(high)? << 4 | digit(low)?) as u8);
                after
            }
            [b'\\', byte, after @ ..] => {
                bytes.push(match byte {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    other => *other,
                });
                after
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                after
            }
        };
    }
}
