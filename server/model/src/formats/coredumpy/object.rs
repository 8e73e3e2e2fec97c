//! What the file says of an object, as an object.

use std::collections::HashSet;
use std::sync::Arc;

use num_bigint::BigInt;
use rustc_hash::FxHashMap;

use super::file::kind_of_shape;
use super::store::{Entry, Id, NO_ROOM, Store, Value, pairs};
use crate::formats::bare::NOTHING;
use crate::formats::type_names as types;
use crate::heap::{Builder, Kind, Payload, Record, TypeInfo};

/// Digits of an int in decimal: reading them takes quadratic time. Python itself writes 4,300.
const MOST_DIGITS: usize = 20_000;

/// Gives objects their numbers, breadth first from those that are asked for in the beginning, and describes them.
pub(super) struct Graph<'s> {
    pub(super) store: &'s Store,
    modules: HashSet<&'s str>,
    builder: Builder,
    /// Of each object, its number.
    numbers: Vec<u32>,
    order: Vec<Id>,
    /// Of each name of the store, that in the heap.
    names: FxHashMap<u32, u32>,
    /// The classes of instances: by the type's name, and for named tuples by the object that has their fields.
    classes: FxHashMap<(u32, Option<Id>), u32>,
}

impl<'s> Graph<'s> {
    pub(super) fn new(store: &'s Store, modules: HashSet<&'s str>) -> Self {
        Graph {
            store,
            modules,
            builder: Builder::default(),
            numbers: vec![NOTHING; store.len()],
            order: Vec::new(),
            names: FxHashMap::default(),
            classes: FxHashMap::default(),
        }
    }

    /// The number of an object; it is described when its turn comes.
    pub(super) fn number(&mut self, id: Id) -> u32 {
        if self.store.entry(id).is_none() {
            return NOTHING;
        }
        let Some(number) = self.numbers.get_mut(id as usize) else { return NOTHING };
        if *number == NOTHING {
            *number = self.order.len() as u32;
            self.order.push(id);
        }
        *number
    }

    /// Describes everything that has a number, what that refers to, and then what nothing refers to.
    pub(super) fn into_objects(mut self) -> Builder {
        let mut rest = 0..self.store.len() as Id;
        loop {
            while let Some(&id) = self.order.get(self.builder.len()) {
                self.describe(id);
            }
            if !rest.by_ref().any(|id| self.number(id) as usize == self.builder.len()) {
                return self.builder;
            }
        }
    }

    /// The class of an object: its module and its qualified name.
    pub(super) fn class_of(&self, id: Id) -> Option<(&'s str, &'s str)> {
        self.store.type_of(id).map(|name| types::split(name, &self.modules))
    }

    /// Whether it is an exception, as far as that can be told.
    pub(super) fn is_exception(&self, id: Id) -> bool {
        let named = self.class_of(id).is_some_and(|(_, qualname)| types::looks_like_an_exception(qualname));
        named && self.store.get(id, "args").is_some()
    }

    fn describe(&mut self, id: Id) {
        let store = self.store;
        let Some(&entry) = store.entry(id) else {
            return self.push(id, Kind::Atom, &entry_of_nothing(), b"None");
        };
        let name = store.name_of(entry.class).unwrap_or_default();
        match (name, entry.value) {
            ("NoneType" | "None", _) => self.push(id, Kind::Atom, &entry, b"None"),
            ("ellipsis", Value::Absent) => self.push(id, Kind::Atom, &entry, b"Ellipsis"),
            ("NotImplementedType", Value::Absent) => self.push(id, Kind::Atom, &entry, b"NotImplemented"),
            ("bool", Value::Bool(value)) => {
                self.push(id, Kind::Atom, &entry, if value { b"True" } else { b"False" });
            }
            ("float", Value::Int(value)) => self.with(id, Kind::Float, &entry, Payload::Float(value as f64)),
            ("bytes", Value::Text(run, length)) => match bytes_of_hex(store.text(run)) {
                Some(bytes) => {
                    let class = self.class(id, &entry);
                    let cut = length.map(|length| length / 2);
                    let record = self.record(id, Kind::Bytes, class);
                    self.builder.push(&Record { payload: Payload::Bytes(&bytes), cut, ..record });
                }
                None => self.strange(id, &entry),
            },
            ("tuple", Value::Elements(_)) => self.container(id, Kind::Tuple, &entry),
            ("set", Value::Elements(_)) => self.container(id, Kind::Set, &entry),
            ("frozenset", Value::Elements(_)) => self.container(id, Kind::FrozenSet, &entry),
            ("module", Value::Text(run, _)) => {
                let module = String::from_utf8_lossy(store.text(run));
                let note = format!("{module}\0\0<module '{module}'>");
                self.push(id, Kind::Module, &entry, note.as_bytes());
            }
            ("builtin_function", Value::Text(run, _)) => {
                let note = format!("<built-in function {}>", String::from_utf8_lossy(store.text(run)));
                self.push(id, Kind::Builtin, &entry, note.as_bytes());
            }
            ("type", Value::Text(run, _)) => {
                let note = [b"builtins\0", store.text(run)].concat();
                self.class_object(id, &entry, &note);
            }
            ("decimal.Decimal", Value::Text(run, _)) => {
                let note = format!("Decimal('{}')", String::from_utf8_lossy(store.text(run)));
                self.push(id, Kind::Atom, &entry, note.as_bytes());
            }
            (_, Value::Absent) => self.by_attributes(id, &entry, name),
            (_, value) => match expected(name, &value) {
                Some(kind) => self.by_value(id, kind, &entry),
                None => self.strange(id, &entry),
            },
        }
    }

    /// An object that is its attributes, or of which not even these were kept.
    fn by_attributes(&mut self, id: Id, entry: &Entry, name: &str) {
        let store = self.store;
        let at = format!(" at {:#x}", store.address(id));
        match name {
            // Python's name of a function is a dunder, which coredumpy leaves out, and so it is for classes.
            "type" | "abc.ABCMeta" | "enum.EnumMeta" | "enum.EnumType" => self.class_object(id, entry, b"\0?"),
            "function" => self.push(id, Kind::Function, entry, b"\0?"),
            "method" => self.push(id, Kind::Method, entry, format!("<bound method ?{at}>").as_bytes()),
            "builtin_function_or_method" => {
                self.push(id, Kind::Builtin, entry, format!("<built-in function ?{at}>").as_bytes());
            }
            "code" => {
                let text = |name| store.get(id, name).and_then(|id| store.as_text(id)).unwrap_or_default();
                let named = store.get(id, "co_qualname").and_then(|id| store.as_text(id));
                let line = store.get(id, "co_firstlineno").and_then(|id| store.as_int(id)).unwrap_or(0);
                let location = (self.builder.name(&text("co_filename")), u32::try_from(line).unwrap_or(0));
                let note = named.unwrap_or_else(|| text("co_name"));
                self.at(id, Kind::Code, entry, note.as_bytes(), location);
            }
            "frame" => {
                let code = store.get(id, "f_code");
                let text = |name| {
                    code.and_then(|code| store.get(code, name)).and_then(|id| store.as_text(id)).unwrap_or_default()
                };
                let line = store.get(id, "f_lineno").and_then(|id| store.as_int(id)).unwrap_or(0);
                let location = (self.builder.name(&text("co_filename")), u32::try_from(line).unwrap_or(0));
                self.at(id, Kind::Frame, entry, text("co_name").as_bytes(), location);
            }
            "traceback" => self.push(id, Kind::Wrapper, entry, format!("<traceback object{at}>").as_bytes()),
            // Its attributes are a chain of new objects, each the `real` of the one before.
            "decimal.Decimal" => self.strange(id, &Entry::new(entry.class)),
            "complex" => {
                let part = |name| match store.get(id, name).and_then(|id| store.entry(id)).map(|entry| entry.value) {
                    Some(Value::Float(value)) => Some(value),
                    _ => None,
                };
                match part("real").zip(part("imag")) {
                    Some((real, imaginary)) => self.with(id, Kind::Complex, entry, Payload::Complex(real, imaginary)),
                    None => self.strange(id, entry),
                }
            }
            "datetime.date" | "datetime.datetime" | "datetime.time" | "datetime.timedelta" => {
                match self.moment(id, name) {
                    // Its attributes are what it prints, and limits of the type.
                    Some(note) => self.push(id, Kind::Atom, &Entry::new(entry.class), note.as_bytes()),
                    None => self.strange(id, entry),
                }
            }
            _ if self.is_exception(id) => self.push(id, Kind::Exception, entry, b""),
            _ => match self.fields(id) {
                Some(_) => self.container(id, Kind::Tuple, entry),
                None => self.push(id, Kind::Instance, entry, b""),
            },
        }
    }

    /// The values of a named tuple, in the order of its fields.
    fn fields(&self, id: Id) -> Option<Vec<(Id, Id)>> {
        let fields = self.store.as_elements(self.store.get(id, "_fields")?)?;
        self.store.get(id, "_field_defaults")?;
        let value = |field: &Id| {
            let name = self.store.as_text(*field)?;
            Some((*field, self.store.get(id, &name)?))
        };
        fields.iter().take(1000).map(value).collect()
    }

    /// A value of the module `datetime` as Python prints it.
    fn moment(&self, id: Id, class: &str) -> Option<String> {
        let part = |name: &&str| self.store.get(id, name).and_then(|id| self.store.as_int(id));
        let parts = |names: &[&str]| names.iter().map(part).collect::<Option<Vec<i64>>>();
        let shown = |parts: &[i64]| parts.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        const DATE: [&str; 3] = ["year", "month", "day"];
        const TIME: [&str; 4] = ["hour", "minute", "second", "microsecond"];
        let least = match class {
            "datetime.date" => return Some(format!("datetime.date({})", shown(&parts(&DATE)?))),
            "datetime.timedelta" => {
                let names = ["days", "seconds", "microseconds"];
                let parts = parts(&names)?;
                let named = names.iter().zip(parts).filter(|part| part.1 != 0);
                let named: Vec<String> = named.map(|(name, value)| format!("{name}={value}")).collect();
                let shown = if named.is_empty() { "0".to_owned() } else { named.join(", ") };
                return Some(format!("datetime.timedelta({shown})"));
            }
            "datetime.datetime" => 5,
            _ => 2,
        };
        let mut numbers = if least == 5 { parts(&DATE)? } else { Vec::new() };
        numbers.extend(parts(&TIME)?);
        while numbers.len() > least && numbers.last() == Some(&0) {
            numbers.pop();
        }
        let mut words = shown(&numbers);
        if part(&"fold").is_some_and(|fold| fold != 0) {
            words.push_str(", fold=1");
        }
        let zone = self.store.get(id, "tzinfo").and_then(|zone| self.store.type_of(zone));
        if let Some(zone) = zone.filter(|zone| !matches!(*zone, "NoneType" | "None")) {
            words = format!("{words}, tzinfo=<{zone}>");
        }
        Some(format!("{class}({words})"))
    }

    fn by_value(&mut self, id: Id, kind: Kind, entry: &Entry) {
        let store = self.store;
        match entry.value {
            Value::Text(run, length) => {
                let class = self.class(id, entry);
                let record = self.record(id, kind, class);
                self.builder.push(&Record { payload: Payload::Text(store.text(run)), cut: length, ..record });
            }
            Value::Int(value) => self.with(id, kind, entry, Payload::Int(value)),
            Value::Float(value) => self.with(id, kind, entry, Payload::Float(value)),
            Value::BigInt(run) => {
                let digits = store.text(run);
                let number = (digits.len() <= MOST_DIGITS).then(|| BigInt::parse_bytes(digits, 10)).flatten();
                let class = self.class(id, entry);
                let record = self.record(id, kind, class);
                match number {
                    Some(number) => {
                        let bytes = number.to_signed_bytes_le();
                        self.builder.push(&Record { payload: Payload::BigInt(&bytes), ..record });
                    }
                    // About 3.32 bits in a digit.
                    None => self.builder.push(&Record { cut: Some(digits.len() as u64 * 332 / 100), ..record }),
                }
            }
            Value::Elements(_) | Value::Pairs(_) => self.container(id, kind, entry),
            Value::Bool(_) | Value::Absent => self.strange(id, entry),
        }
    }

    fn container(&mut self, id: Id, kind: Kind, entry: &Entry) {
        let store = self.store;
        let class = self.class(id, entry);
        let attributes = self.attributes(entry);
        let mut elements = Vec::new();
        let mut found = Vec::new();
        match entry.value {
            Value::Elements(run) => elements.extend(store.references(run).iter().map(|id| self.number(*id))),
            Value::Pairs(run) => {
                found.extend(pairs(store.references(run)).map(|(key, value)| (self.number(key), self.number(value))));
            }
            _ => {
                let fields = self.fields(id).unwrap_or_default();
                elements.extend(fields.iter().map(|field| self.number(field.1)));
            }
        }
        let record = self.record(id, kind, class);
        self.builder.push(&Record { attributes: &attributes, elements: &elements, pairs: &found, ..record });
    }

    fn class_object(&mut self, id: Id, entry: &Entry, note: &[u8]) {
        let class = self.class(id, entry);
        let attributes = self.attributes(entry);
        // First of its MRO is the class itself; the others are a dunder.
        let own = self.builder.len() as u32;
        let record = self.record(id, Kind::Class, class);
        self.builder.push(&Record { attributes: &attributes, elements: &[own], note, ..record });
    }

    fn at(&mut self, id: Id, kind: Kind, entry: &Entry, note: &[u8], location: (u32, u32)) {
        let class = self.class(id, entry);
        let attributes = self.attributes(entry);
        let record = self.record(id, kind, class);
        self.builder.push(&Record { attributes: &attributes, note, location, ..record });
    }

    fn push(&mut self, id: Id, kind: Kind, entry: &Entry, note: &[u8]) {
        self.at(id, kind, entry, note, (u32::MAX, 0));
    }

    fn with(&mut self, id: Id, kind: Kind, entry: &Entry, payload: Payload<'_>) {
        let class = self.class(id, entry);
        let record = self.record(id, kind, class);
        self.builder.push(&Record { payload, ..record });
    }

    /// What is not as its type would have it.
    fn strange(&mut self, id: Id, entry: &Entry) {
        let name = self.store.name_of(entry.class).unwrap_or_default();
        let note = format!("<{name}: its value is not in the file>");
        let class = self.class(id, entry);
        let attributes = self.attributes(entry);
        let record = self.record(id, Kind::Opaque, class);
        self.builder.push(&Record { attributes: &attributes, note: note.as_bytes(), ..record });
    }

    fn record<'r>(&self, id: Id, kind: Kind, class: u32) -> Record<'r> {
        Record { address: self.store.address(id), ..Record::new(kind, class) }
    }

    fn attributes(&mut self, entry: &Entry) -> Vec<(u32, u32)> {
        let store = self.store;
        let mut found = Vec::new();
        for &(name, value) in store.attributes(entry) {
            let name = self.attribute_name(name);
            let value = if value == NO_ROOM { NOTHING } else { self.number(value) };
            found.push((name, value));
        }
        found
    }

    fn attribute_name(&mut self, name: u32) -> u32 {
        if let Some(&known) = self.names.get(&name) {
            return known;
        }
        let number = self.builder.name(self.store.name_of(name).unwrap_or_default());
        self.names.insert(name, number);
        number
    }

    /// The entry of the type table for an object.
    fn class(&mut self, id: Id, entry: &Entry) -> u32 {
        let store = self.store;
        let fields = self.fields(id);
        let of_fields = fields.as_ref().and(store.get(id, "_fields"));
        let with_attributes = of_fields.is_none() && !store.attributes(entry).is_empty();
        // An instance without attributes prints as Python prints an object; the two do not share an entry.
        let key = (entry.class, if with_attributes { Some(NO_ROOM) } else { of_fields });
        if let Some(&known) = self.classes.get(&key) {
            return known;
        }
        let name = match store.name_of(entry.class).unwrap_or_default() {
            "None" => "NoneType",
            "builtin_function" => "builtin_function_or_method",
            name => name,
        };
        let (module, qualname) = types::split(name, &self.modules);
        let short = qualname.rsplit('.').next().unwrap_or(qualname);
        let text = |id: Id| store.as_text(id).map(|text| Arc::from(&*text));
        let fields: Vec<Arc<str>> = fields.iter().flatten().filter_map(|field| text(field.0)).collect();
        let style = if of_fields.is_some() {
            "namedtuple"
        } else if module == "builtins" || !with_attributes {
            short
        } else if store.get(id, "_name_").is_some() && store.get(id, "_value_").is_some() {
            "enum"
        } else {
            "own"
        };
        let class = self.builder.class(TypeInfo {
            module: module.into(),
            name: short.into(),
            qualname: qualname.into(),
            style: style.into(),
            fields,
            ..TypeInfo::default()
        });
        self.classes.insert(key, class);
        class
    }
}

/// The kind that a value of the type has, where the shape of the value is that of the type. A type that is not known
/// derives from one that is: before version 0.2 its values were written like those.
fn expected(name: &str, value: &Value) -> Option<Kind> {
    let shape = kind_of_shape(value)?;
    let right = match name {
        "int" | "bool" => matches!(shape, Kind::Int | Kind::BigInt) && name == "int",
        "float" => shape == Kind::Float,
        "str" => shape == Kind::Str,
        "list" => shape == Kind::List,
        "dict" | "FrameLocalsProxy" => shape == Kind::Dict,
        "bytes" | "tuple" | "set" | "frozenset" | "module" | "type" | "builtin_function" | "function" | "method"
        | "frame" | "code" | "traceback" | "complex" | "ellipsis" | "torch.Tensor" | "decimal.Decimal" => false,
        _ => true,
    };
    right.then_some(shape)
}

fn entry_of_nothing() -> Entry {
    Entry::new(u32::MAX)
}

fn bytes_of_hex(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let pairs = text.chunks_exact(2);
    let whole = pairs.remainder().is_empty();
    let bytes = pairs.map(|pair| match pair {
        [high, low] => Some((digit(high)? << 4 | digit(low)?) as u8),
        _ => None,
    });
    bytes.collect::<Option<Vec<u8>>>().filter(|_| whole)
}
