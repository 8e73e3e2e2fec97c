//! Nodes that are objects of builtin types, and instances.

use crashsite_parse::{BigInt, NodeId, Update, View};
use num_bigint::BigInt as Number;

use crate::heap::{Kind, Payload, Record};

use super::{Graph, Ref, Scratch};

/// Digits of an int in decimal: reading them takes quadratic time.
const MOST_DIGITS: usize = 20_000;

impl Graph<'_> {
    /// Describes a node. Exactly one object is pushed.
    pub(super) fn describe(&mut self, node: NodeId) {
        let python2 = self.python2;
        match self.pickle.node(node) {
            View::None => self.atom("NoneType", "None"),
            View::Bool(value) => self.atom("bool", if value { "True" } else { "False" }),
            View::Int(value) => {
                let class = self.known_class("builtins", if self.is_long(node) { "long" } else { "int" });
                self.builder.push(&Record { payload: Payload::Int(value), ..Record::new(Kind::Int, class) });
            }
            View::BigInt(value) => self.big_int(value),
            View::Float(value) => {
                let class = self.known_class("builtins", "float");
                self.builder.push(&Record { payload: Payload::Float(value), ..Record::new(Kind::Float, class) });
            }
            View::Str(text) | View::Py2Str(text) if self.is_repr(text) => self.repr_of_object(text),
            View::Str(text) => {
                let class = self.known_class("builtins", if python2 { "unicode" } else { "str" });
                self.builder.push(&Record { payload: Payload::Text(text), ..Record::new(Kind::Str, class) });
            }
            View::Py2Str(bytes) => self.bytes("str", bytes),
            View::Bytes(bytes) => self.bytes("bytes", bytes),
            View::ByteArray(bytes) => self.bytes("bytearray", bytes),
            View::Tuple(_) => self.container(node, Kind::Tuple, "tuple"),
            View::List => self.container(node, Kind::List, "list"),
            View::Dict => self.container(node, Kind::Dict, "dict"),
            View::Set => self.container(node, Kind::Set, "set"),
            View::FrozenSet(_) => self.container(node, Kind::FrozenSet, "frozenset"),
            View::NewObj { class, args } => {
                let args = self.pickle.as_slice(args).unwrap_or_default();
                self.made(node, class, args);
            }
            View::NewObjEx { class, args, .. } => {
                let args = self.pickle.as_slice(args).unwrap_or_default();
                self.made(node, class, args);
            }
            View::Obj { class, .. } => self.made(node, class, &[]),
            View::Reduce { callable, args } => {
                let args = self.pickle.as_slice(args).unwrap_or_default();
                self.call(node, callable, args);
            }
            // Numbered as what it names, or nothing at all: see `Graph::number`.
            View::Global { .. } => self.atom("object", "<unknown>"),
            View::Ext(code) => self.strange(format!("<extension {code} of copy_reg>")),
            View::PersId(id) => {
                let id = String::from_utf8_lossy(id.get(..100).unwrap_or(id)).into_owned();
                self.strange(format!("<persistent id {id}>"));
            }
            View::BinPersId(_) => self.strange("<persistent id>".to_owned()),
            View::NextBuffer(number) => self.strange(format!("<buffer {number}, not in the file>")),
            View::ReadonlyBuffer(_) => self.strange("<read-only buffer>".to_owned()),
        }
    }

    /// Whether an int was written as Python 2's `long`.
    pub(super) fn is_long(&self, node: NodeId) -> bool {
        const LONG: u8 = b'L';
        const LONG1: u8 = 0x8A;
        const LONG4: u8 = 0x8B;
        let opcode = usize::try_from(self.pickle.offset(node)).ok().and_then(|at| self.pickle.input().get(at));
        self.python2 && matches!(opcode, Some(&(LONG | LONG1 | LONG4)))
    }

    pub(super) fn atom(&mut self, class: &'static str, repr: &str) {
        let class = self.known_class("builtins", class);
        self.builder.push(&Record { note: repr.as_bytes(), ..Record::new(Kind::Atom, class) });
    }

    pub(super) fn bytes(&mut self, class: &'static str, bytes: &[u8]) {
        let class = self.known_class("builtins", class);
        self.builder.push(&Record { payload: Payload::Bytes(bytes), ..Record::new(Kind::Bytes, class) });
    }

    /// Something of which only words can be shown.
    pub(super) fn strange(&mut self, repr: String) {
        let class = self.known_class("builtins", "object");
        self.builder.push(&Record { note: repr.as_bytes(), ..Record::new(Kind::Opaque, class) });
    }

    fn big_int(&mut self, value: BigInt<'_>) {
        let class = self.known_class("builtins", if self.python2 { "long" } else { "int" });
        let bytes = match value {
            BigInt::Bytes(bytes) => Some(bytes.to_vec()),
            BigInt::Decimal(text) if text.len() <= MOST_DIGITS => {
                text.parse::<Number>().ok().map(|number| number.to_signed_bytes_le())
            }
            BigInt::Decimal(_) => None,
        };
        let record = Record::new(Kind::BigInt, class);
        match bytes {
            Some(bytes) => self.builder.push(&Record { payload: Payload::BigInt(&bytes), ..record }),
            None => self.builder.push(&Record { cut: Some(0), ..record }),
        }
    }

    pub(super) fn container(&mut self, node: NodeId, kind: Kind, class: &'static str) {
        let class = self.known_class("builtins", class);
        self.filled(node, kind, class, |_, _| ());
    }

    /// An object of that kind with what the pickle put into the node: elements, pairs, and attributes by its state.
    /// More may be added.
    pub(super) fn filled(&mut self, node: NodeId, kind: Kind, class: u32, more: impl FnOnce(&mut Self, &mut Scratch)) {
        let mut scratch = self.take_scratch();
        if kind.has_elements() {
            for item in self.pickle.items(node) {
                scratch.elements.push(self.number(item));
            }
        }
        if kind.has_pairs() {
            self.pairs_of(node, &mut scratch.pairs);
        }
        self.attributes_of_state(node, &mut scratch.attributes);
        more(self, &mut scratch);
        self.push(kind, class, &[], scratch);
    }

    /// Room for what the next object refers to.
    pub(super) fn take_scratch(&mut self) -> Scratch {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.attributes.clear();
        scratch.elements.clear();
        scratch.pairs.clear();
        scratch
    }

    /// Pushes an object that holds what was collected.
    pub(super) fn push(&mut self, kind: Kind, class: u32, note: &[u8], scratch: Scratch) {
        self.builder.push(&Record {
            attributes: &scratch.attributes,
            elements: &scratch.elements,
            pairs: &scratch.pairs,
            note,
            ..Record::new(kind, class)
        });
        self.scratch = scratch;
    }

    pub(super) fn pairs_of(&mut self, node: NodeId, pairs: &mut Vec<(u32, u32)>) {
        for (key, value) in self.pickle.pairs(node) {
            let key = self.number(key);
            pairs.push((key, self.number(value)));
        }
    }

    pub(super) fn attribute(&mut self, scratch: &mut Scratch, name: &str, value: NodeId) {
        let name = self.builder.name(name);
        scratch.attributes.push((name, self.number(value)));
    }

    /// The attributes that a node's state gives it: its `__dict__`, its slots; any other state under a name of its own.
    pub(super) fn attributes_of_state(&mut self, node: NodeId, attributes: &mut Vec<(u32, u32)>) {
        let (dict, slots) = self.state(node);
        for state in [dict, slots].into_iter().flatten() {
            let is_dict = match self.pickle.node(state) {
                View::Dict => true,
                View::Reduce { .. } => self.is_dict_of(state),
                _ => false,
            };
            if is_dict {
                self.attributes_of_dict(state, attributes);
            } else {
                let name = self.builder.name("__setstate__");
                attributes.push((name, self.number(state)));
            }
        }
        for place in 0..self.set_attributes.get(&node).map_or(0, Vec::len) {
            if let Some(&(name, value)) = self.set_attributes.get(&node).and_then(|set| set.get(place))
                && let Some(name) = self.attribute_name(name)
            {
                attributes.push((name, self.number(value)));
            }
        }
    }

    pub(super) fn attributes_of_dict(&mut self, dict: NodeId, attributes: &mut Vec<(u32, u32)>) {
        for (key, value) in self.pickle.pairs(dict) {
            self.attributes_of_pair(key, value, attributes);
        }
    }

    /// `getattr(object, '__dict__')` of an object of the pickle: the pairs set on it are the object's attributes.
    pub(super) fn is_dict_of(&self, node: NodeId) -> bool {
        let View::Reduce { callable, args } = self.pickle.node(node) else { return false };
        let getattr = matches!(
            self.pickle.node(callable),
            View::Global { module: b"__builtin__" | b"builtins", name: b"getattr" }
        );
        let args = self.pickle.as_slice(args).unwrap_or_default();
        getattr && args.get(1).is_some_and(|name| self.pickle.as_text_bytes(*name) == Some(b"__dict__"))
    }

    pub(super) fn attributes_of_pair(&mut self, name: NodeId, value: NodeId, attributes: &mut Vec<(u32, u32)>) {
        if let Some(name) = self.attribute_name(name) {
            attributes.push((name, self.number(value)));
        }
    }

    fn attribute_name(&mut self, key: NodeId) -> Option<u32> {
        if let Some(&known) = self.attribute_names.get(&key) {
            return Some(known);
        }
        let name = self.builder.name(&self.pickle.as_text(key)?);
        self.attribute_names.insert(key, name);
        Some(name)
    }

    /// `class.__new__(class, *args)`, then filled.
    pub(super) fn made(&mut self, node: NodeId, class: NodeId, args: &[NodeId]) {
        match self.resolve(class) {
            Ref::Named(name) => {
                if self.stand_in(node, name) || self.of_library(node, name, args) {
                    return;
                }
                if let ("builtins", "memoryview" | "buffer") = self.full_name(name) {
                    let class = self.class_of_name(name);
                    let note = format!("<{}: the writer kept nothing of it>", self.full_name(name).1);
                    self.builder.push(&Record { note: note.as_bytes(), ..Record::new(Kind::Opaque, class) });
                    return;
                }
                let class = self.class_of_name(name);
                self.instance(node, class, args);
            }
            Ref::Node(class) => {
                let class = self.class_of_node(class);
                self.instance(node, class, args);
            }
            Ref::Lost => self.strange("<instance of an unknown class>".to_owned()),
        }
    }

    /// An instance. That it derives from a builtin type shows in how it was filled, or in what it was made of.
    pub(super) fn instance(&mut self, node: NodeId, class: u32, args: &[NodeId]) {
        let mut kind = Kind::Instance;
        for update in self.pickle.updates(node) {
            kind = match update {
                Update::Append(_) => Kind::List,
                Update::Add(_) => Kind::Set,
                Update::Set(_) => Kind::Dict,
                Update::Build(_) => continue,
            };
        }
        if kind != Kind::Instance {
            return self.filled(node, kind, class, |_, _| ());
        }
        match args {
            [] => self.filled(node, kind, class, |_, _| ()),
            // A C structure that prints like a named tuple: its fields, and those that only have a name.
            &[fields, names] if self.pickle.is_tuple(fields) && self.pickle.is_dict(names) => {
                self.filled(node, Kind::Tuple, class, |graph, scratch| {
                    for item in graph.pickle.items(fields) {
                        scratch.elements.push(graph.number(item));
                    }
                });
            }
            &[value] => self.with_value(node, class, value),
            _ => self.filled(node, Kind::Tuple, class, |graph, scratch| {
                scratch.elements.extend(args.iter().map(|arg| graph.number(*arg)));
            }),
        }
    }

    /// An instance made of one value: a subclass of that value's type (`__getnewargs__`).
    fn with_value(&mut self, node: NodeId, class: u32, value: NodeId) {
        let (kind, payload) = match self.pickle.node(value) {
            View::Int(value) => (Kind::Int, Payload::Int(value)),
            View::Float(value) => (Kind::Float, Payload::Float(value)),
            View::Str(text) => (Kind::Str, Payload::Text(text)),
            View::Py2Str(bytes) | View::Bytes(bytes) => (Kind::Bytes, Payload::Bytes(bytes)),
            View::Tuple(_) => {
                return self.filled(node, Kind::Tuple, class, |graph, scratch| {
                    for item in graph.pickle.items(value) {
                        scratch.elements.push(graph.number(item));
                    }
                });
            }
            _ => {
                return self.filled(node, Kind::Tuple, class, |graph, scratch| {
                    scratch.elements.push(graph.number(value));
                });
            }
        };
        let mut scratch = self.take_scratch();
        self.attributes_of_state(node, &mut scratch.attributes);
        let record = Record { attributes: &scratch.attributes, payload, ..Record::new(kind, class) };
        self.builder.push(&record);
        self.scratch = scratch;
    }
}
