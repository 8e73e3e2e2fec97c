//! `REDUCE`: what calling the callable would have given.

use crashsite_parse::{NodeId, View};

use crate::heap::{Kind, Payload, Record};

use super::{Graph, Ref, dates};

impl Graph<'_> {
    /// Describes the result of a call.
    pub(super) fn call(&mut self, node: NodeId, callable: NodeId, args: &[NodeId]) {
        match self.resolve(callable) {
            Ref::Named(name) => self.call_named(node, name, args),
            Ref::Node(function) => match self.function_name(function) {
                Some(name) => self.call_helper(node, &name, args),
                None if self.is_class(function) => self.call_class(node, function, args),
                None => self.unknown_call(node, "<call of an unknown object>".to_owned(), args),
            },
            Ref::Lost => self.unknown_call(node, "<call of an unknown object>".to_owned(), args),
        }
    }

    fn call_named(&mut self, node: NodeId, name: u32, args: &[NodeId]) {
        if self.tblib_call(node, args)
            || self.call_by_value(node, name, args)
            || self.numpy(node, name, args)
            || self.of_library(node, name, args)
            || self.made_by_function(node, name, args)
        {
            return;
        }
        let (module, short) = self.full_name(name);
        match (module, short, args) {
            ("builtins", "set" | "frozenset" | "list" | "tuple", _) | ("collections", "deque", _) => {
                let (class, kind) = match short {
                    "set" => (self.known_class("builtins", "set"), Kind::Set),
                    "frozenset" => (self.known_class("builtins", "frozenset"), Kind::FrozenSet),
                    "list" => (self.known_class("builtins", "list"), Kind::List),
                    "tuple" => (self.known_class("builtins", "tuple"), Kind::Tuple),
                    _ => (self.known_class("collections", "deque"), Kind::Deque),
                };
                self.collection(node, kind, class, args);
            }
            ("builtins", "dict", _) => self.mapping(node, ("builtins", "dict"), args),
            ("collections", "OrderedDict", _) => self.mapping(node, ("collections", "OrderedDict"), args),
            ("collections", "Counter", _) => self.mapping(node, ("collections", "Counter"), args),
            ("collections", "defaultdict", _) => {
                let class = self.known_class("collections", "defaultdict");
                self.filled(node, Kind::Dict, class, |graph, scratch| {
                    if let Some(&factory) = args.first() {
                        graph.attribute(scratch, "default_factory", factory);
                    }
                });
            }
            ("builtins", "complex", &[real, imaginary]) => {
                let part = |node| self.pickle.as_f64(node).unwrap_or(f64::NAN);
                let payload = Payload::Complex(part(real), part(imaginary));
                let class = self.known_class("builtins", "complex");
                self.builder.push(&Record { payload, ..Record::new(Kind::Complex, class) });
            }
            ("builtins", "bytearray" | "bytes", _) => self.byte_string(short == "bytearray", args),
            ("_codecs", "encode", _) => self.byte_string(false, args),
            ("builtins", "slice" | "xrange" | "range", _) => {
                let class = if short == "slice" { "slice" } else { self.range_name() };
                let words: Vec<String> = args.iter().map(|arg| self.word(*arg)).collect();
                let repr = format!("{class}({})", words.join(", "));
                let class = self.known_class("builtins", class);
                self.with_arguments(node, Kind::Wrapper, class, &repr, &["start", "stop", "step"], args);
            }
            ("datetime", "datetime" | "date" | "time" | "timedelta", _) => self.date(node, name, args),
            ("decimal", "Decimal", &[text]) => {
                let text = self.pickle.as_text(text).unwrap_or_default();
                let repr = format!("Decimal('{}')", text.get(..1000).unwrap_or(&text));
                let class = self.known_class("decimal", "Decimal");
                self.builder.push(&Record { note: repr.as_bytes(), ..Record::new(Kind::Atom, class) });
            }
            ("builtins", "function", _) => self.function(node, args),
            ("builtins", "code", _) => self.code_object(node),
            ("builtins", "instancemethod" | "method", _) => self.method(node, args),
            ("builtins", "property", _) => {
                let class = self.known_class("builtins", "property");
                let names = ["fget", "fset", "fdel", "__doc__"];
                self.with_arguments(node, Kind::Wrapper, class, "<property object>", &names, args);
            }
            ("builtins", "staticmethod" | "classmethod", _) => {
                let word = if short == "staticmethod" { "staticmethod" } else { "classmethod" };
                let class = self.known_class("builtins", word);
                let repr = format!("<{word} object>");
                self.with_arguments(node, Kind::Wrapper, class, &repr, &["__func__"], args);
            }
            ("array", "array", &[code, items]) => self.array(node, code, items),
            ("array", "_array_reconstructor", &[_, code, format, bytes]) => self.array_of_bytes(code, format, bytes),
            ("builtins", "iter", &[items, ..]) => self.iterator(node, items),
            ("fractions", "Fraction", _) => self.fraction(node, args),
            ("types", "SimpleNamespace", _) => {
                let class = self.class_of_name(name);
                self.filled(node, Kind::Instance, class, |graph, scratch| {
                    args.iter().for_each(|dict| graph.attributes_of_dict(*dict, &mut scratch.attributes));
                });
            }
            ("builtins", "mappingproxy", &[mapping]) => {
                let class = self.known_class("builtins", "mappingproxy");
                self.with_arguments(node, Kind::Wrapper, class, "<mappingproxy>", &["mapping"], &[mapping]);
            }
            ("pydumpling.fake_types", "FakeDict" | "FakeList" | "FakeTuple" | "FakeSet" | "FakeFrozenSet", _) => {
                self.fake_container(node, name, args);
            }
            ("functools", "partial", _) => self.partial(node, args),
            ("re", "_compile", _) => {
                let class = if self.python2 { ("_sre", "SRE_Pattern") } else { ("re", "Pattern") };
                let repr = format!("<{}.{} object>", class.0, class.1);
                let class = self.known_class(class.0, class.1);
                self.with_arguments(node, Kind::Wrapper, class, &repr, &["pattern", "flags"], args);
            }
            ("time", "struct_time", &[first, ..]) => self.structure(node, ("time", "struct_time"), first),
            ("os" | "posix" | "nt", "_make_stat_result" | "stat_result", &[first, ..]) => {
                let module = if self.python2 { "posix" } else { "os" };
                self.structure(node, (module, "stat_result"), first);
            }
            ("pyheapdump._pyheapdump", "_dumppickler_create_weakref", &[referent, ..]) => {
                let class = self.known_class("builtins", "weakref");
                let repr = match self.pickle.node(referent) {
                    View::NewObj { class, .. } | View::Obj { class, .. } => {
                        format!("<weakref; to '{}'>", self.name_of_class(class).1)
                    }
                    _ => "<weakref>".to_owned(),
                };
                self.with_arguments(node, Kind::WeakRef, class, &repr, &["referent"], &[referent]);
            }
            ("builtins", "weakref", _) => {
                // pyheapdump writes a new OrderedDict for what is gone.
                let class = self.known_class("builtins", "weakref");
                self.builder.push(&Record { note: b"<weakref; dead>", ..Record::new(Kind::WeakRef, class) });
            }
            ("builtins", "type" | "classobj", &[_, _, _]) => self.class(node),
            ("builtins", "getattr", &[object, attribute, ..])
            | ("dill._dill", "_get_attr" | "_getattr", &[object, attribute, ..]) => {
                self.attribute_value(node, object, attribute)
            }
            ("copy_reg" | "copyreg", "_reconstructor", &[class, base, state]) => {
                self.reconstructed(node, class, base, state);
            }
            ("copy_reg" | "copyreg", "__newobj__", &[class, ref rest @ ..]) => self.made(node, class, rest),
            _ if self.is_exception(name) => self.exception(node, name, args),
            (_, _, &[value]) if self.is_enumeration(name) => self.member(node, name, value),
            _ => self.made_by_call(node, name, args),
        }
    }

    fn range_name(&self) -> &'static str {
        if self.python2 { "xrange" } else { "range" }
    }

    /// An int, `None`, or another constant, as it prints; anything else is not looked into.
    fn word(&self, node: NodeId) -> String {
        match self.pickle.node(node) {
            View::Int(value) => value.to_string(),
            View::None => "None".to_owned(),
            View::Bool(value) => (if value { "True" } else { "False" }).to_owned(),
            _ => "…".to_owned(),
        }
    }

    /// A class known by name or by value, as an entry of the type table.
    pub(super) fn class_of(&mut self, class: NodeId) -> u32 {
        match self.resolve(class) {
            Ref::Named(name) => self.class_of_name(name),
            Ref::Node(node) => self.class_of_node(node),
            Ref::Lost => self.known_class("builtins", "object"),
        }
    }

    /// A collection made of the elements of its first argument.
    pub(super) fn collection(&mut self, node: NodeId, kind: Kind, class: u32, args: &[NodeId]) {
        let pickle = self.pickle;
        let mut scratch = self.take_scratch();
        let first = args.first().map(|first| pickle.items(*first));
        for item in first.into_iter().flatten().chain(pickle.items(node)) {
            scratch.elements.push(self.number(item));
        }
        if let (Kind::Deque, Some(&most)) = (kind, args.get(1)) {
            self.attribute(&mut scratch, "maxlen", most);
        }
        self.attributes_of_state(node, &mut scratch.attributes);
        self.push(kind, class, &[], scratch);
    }

    /// A mapping made of pairs, as a list or as a dict, and what was set on it later.
    fn mapping(&mut self, node: NodeId, class: (&'static str, &'static str), args: &[NodeId]) {
        let class = self.known_class(class.0, class.1);
        let pickle = self.pickle;
        let mut scratch = self.take_scratch();
        if let Some(&first) = args.first() {
            self.pairs_of(first, &mut scratch.pairs);
            for pair in pickle.items(first) {
                if let Some(&[key, value]) = pickle.as_slice(pair) {
                    let key = self.number(key);
                    scratch.pairs.push((key, self.number(value)));
                }
            }
        }
        self.pairs_of(node, &mut scratch.pairs);
        self.push(Kind::Dict, class, &[], scratch);
    }

    /// `bytearray(text, 'latin-1')`, `bytes(text, 'latin-1')`, or of bytes.
    fn byte_string(&mut self, array: bool, args: &[NodeId]) {
        let class = if array {
            "bytearray"
        } else if self.python2 {
            "str"
        } else {
            "bytes"
        };
        let first = args.first().map(|first| self.pickle.node(*first));
        match first {
            Some(View::Str(text)) => {
                let text = String::from_utf8_lossy(text);
                let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
                self.bytes(class, &bytes);
            }
            Some(View::Py2Str(bytes) | View::Bytes(bytes) | View::ByteArray(bytes)) => self.bytes(class, bytes),
            _ => self.bytes(class, &[]),
        }
    }

    /// An object whose arguments are named parts of it.
    pub(super) fn with_arguments(
        &mut self,
        node: NodeId,
        kind: Kind,
        class: u32,
        repr: &str,
        names: &[&str],
        args: &[NodeId],
    ) {
        let mut scratch = self.take_scratch();
        for (name, &arg) in names.iter().zip(args) {
            self.attribute(&mut scratch, name, arg);
        }
        self.attributes_of_state(node, &mut scratch.attributes);
        self.push(kind, class, repr.as_bytes(), scratch);
    }

    /// `datetime.timezone(offset, name)` or `zoneinfo.ZoneInfo` as it prints; other zones are not looked into.
    pub(super) fn zone(&mut self, zone: NodeId) -> String {
        let pickle = self.pickle;
        if let View::Reduce { callable, args } = pickle.node(zone)
            && let Some(&[key, _]) = pickle.as_slice(args)
            && self.is_named(callable, ("zoneinfo", "ZoneInfo._unpickle"))
        {
            let key = self.text_at(Some(key));
            return format!("zoneinfo.ZoneInfo(key='{}')", key.chars().take(100).collect::<String>());
        }
        let mut call = |node: NodeId, wanted: &str| match pickle.node(node) {
            View::Reduce { callable, args } => match self.resolve(callable) {
                Ref::Named(name) if self.full_name(name) == ("datetime", wanted) => pickle.as_slice(args),
                _ => None,
            },
            _ => None,
        };
        let args = call(zone, "timezone").unwrap_or_default();
        let Some(&[days, seconds, micros]) = args.first().and_then(|offset| call(*offset, "timedelta")) else {
            return "…".to_owned();
        };
        let number = |node| pickle.as_int(node).unwrap_or(0);
        let offset = (number(days), number(seconds), number(micros));
        let words = dates::timedelta(offset.0, offset.1, offset.2, true);
        match args.get(1).and_then(|name| pickle.as_text(*name)) {
            Some(name) => format!("datetime.timezone({words}, '{}')", name.chars().take(100).collect::<String>()),
            None if offset == (0, 0, 0) => "datetime.timezone.utc".to_owned(),
            None => format!("datetime.timezone({words})"),
        }
    }

    fn date(&mut self, node: NodeId, name: u32, args: &[NodeId]) {
        let short = match self.full_name(name).1 {
            "datetime" => "datetime",
            "date" => "date",
            "time" => "time",
            _ => "timedelta",
        };
        let repr = match *args {
            [days, seconds, micros] if short == "timedelta" => {
                let number = |node| self.pickle.as_int(node).unwrap_or(0);
                Some(dates::timedelta(number(days), number(seconds), number(micros), !self.python2))
            }
            [state, ref rest @ ..] => {
                let zone = rest.first().map(|zone| self.zone(*zone));
                let zone = zone.as_deref();
                // Protocols before 3 have no bytes: `_codecs.encode(text, 'latin1')`.
                let state = match self.pickle.node(state) {
                    View::Reduce { args, .. } => self.pickle.as_slice(args).and_then(<[_]>::first).copied(),
                    _ => None,
                }
                .unwrap_or(state);
                match self.pickle.node(state) {
                    View::Py2Str(bytes) | View::Bytes(bytes) => dates::repr(short, bytes, zone),
                    View::Str(text) => {
                        let text = String::from_utf8_lossy(text);
                        let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
                        bytes.and_then(|bytes| dates::repr(short, &bytes, zone))
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        let Some(repr) = repr else { return self.made_by_call(node, name, args) };
        let class = self.known_class("datetime", short);
        let names: &[&str] = if short == "timedelta" { &[] } else { &["", "tzinfo"] };
        let mut scratch = self.take_scratch();
        if let (Some(&zone), Some(name)) = (args.get(1), names.get(1)) {
            self.attribute(&mut scratch, name, zone);
        }
        self.push(Kind::Atom, class, repr.as_bytes(), scratch);
    }

    /// `functools.partial(func)`, whose state is `(func, args, keywords, __dict__)`.
    pub(super) fn partial(&mut self, node: NodeId, args: &[NodeId]) {
        let class = self.known_class("functools", "partial");
        let mut scratch = self.take_scratch();
        let state = self.pickle.states(node).next().and_then(|state| self.pickle.as_slice(state));
        for (name, &part) in ["func", "args", "keywords"].iter().zip(state.unwrap_or(args)) {
            self.attribute(&mut scratch, name, part);
        }
        self.push(Kind::Wrapper, class, b"<functools.partial object>", scratch);
    }

    /// `array.array(typecode, items)`
    fn array(&mut self, node: NodeId, code: NodeId, items: NodeId) {
        const MOST: usize = 100;
        let code = self.pickle.as_text(code).unwrap_or_default().chars().take(1).collect::<String>();
        let number = |item: NodeId| match self.pickle.node(item) {
            View::Int(value) => value.to_string(),
            View::Float(value) => format!("{value:?}"),
            _ => "…".to_owned(),
        };
        let words: Vec<String> = self.pickle.items(items).take(MOST).map(number).collect();
        let rest = if self.pickle.item_count(items) > MOST { ", …" } else { "" };
        let letters: Option<String> =
            self.pickle.items(items).take(MOST).map(|item| self.pickle.as_text(item)).collect();
        let repr = match letters {
            _ if words.is_empty() => format!("array('{code}')"),
            Some(text) => format!("array('{code}', '{}')", text.escape_default()),
            None => format!("array('{code}', [{}{rest}])", words.join(", ")),
        };
        let class = self.known_class("array", "array");
        let mut scratch = self.take_scratch();
        for item in self.pickle.items(items) {
            scratch.elements.push(self.number(item));
        }
        self.attributes_of_state(node, &mut scratch.attributes);
        self.push(Kind::Opaque, class, repr.as_bytes(), scratch);
    }

    /// `array._array_reconstructor(class, typecode, machine format, bytes)`, where the format is that of little machines.
    fn array_of_bytes(&mut self, code: NodeId, format: NodeId, bytes: NodeId) {
        const MOST: usize = 100;
        let code = self.text_at(Some(code)).chars().take(1).collect::<String>();
        let format = self.pickle.as_int(format).unwrap_or(-1);
        let bytes = self.pickle.as_bytes(bytes).unwrap_or_default();
        // CPython: Modules/arraymodule.c, `enum machine_format_code`; the odd ones are of the other byte order.
        let number = |item: &[u8]| -> Option<String> {
            Some(match (format, item) {
                (0, &[byte]) => byte.to_string(),
                (1, &[byte]) => byte.cast_signed().to_string(),
                (2, &[a, b]) => u16::from_le_bytes([a, b]).to_string(),
                (4, &[a, b]) => i16::from_le_bytes([a, b]).to_string(),
                (6, &[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]).to_string(),
                (8, &[a, b, c, d]) => i32::from_le_bytes([a, b, c, d]).to_string(),
                (10, item) => u64::from_le_bytes(item.try_into().ok()?).to_string(),
                (12, item) => i64::from_le_bytes(item.try_into().ok()?).to_string(),
                (14, item) => format!("{:?}", f32::from_le_bytes(item.try_into().ok()?)),
                (16, item) => format!("{:?}", f64::from_le_bytes(item.try_into().ok()?)),
                _ => return None,
            })
        };
        let size = match format {
            0 | 1 => 1,
            2 | 4 => 2,
            6 | 8 | 14 => 4,
            _ => 8,
        };
        let words: Option<Vec<String>> = bytes.chunks(size).take(MOST).map(number).collect();
        let rest = if bytes.len() > size * MOST { ", …" } else { "" };
        let repr = match words {
            Some(words) if words.is_empty() => format!("array('{code}')"),
            Some(words) => format!("array('{code}', [{}{rest}])", words.join(", ")),
            None => format!("array('{code}', …)"),
        };
        let class = self.known_class("array", "array");
        self.note(Kind::Opaque, class, &repr);
    }

    /// `iter(items)`: which class it has follows from what it goes through.
    fn iterator(&mut self, node: NodeId, items: NodeId) {
        let class = match self.pickle.node(items) {
            View::List => "list_iterator",
            View::Tuple(_) => "tuple_iterator",
            View::Str(_) | View::Py2Str(_) => "str_iterator",
            View::Set | View::FrozenSet(_) => "set_iterator",
            _ => "iterator",
        };
        let repr = format!("<{class} object>");
        let class = self.known_class("builtins", class);
        self.with_arguments(node, Kind::Wrapper, class, &repr, &["items"], &[items]);
    }

    /// `Fraction('3/7')`, `Fraction(3, 7)`
    fn fraction(&mut self, node: NodeId, args: &[NodeId]) {
        let words: Option<Vec<String>> = match args {
            &[text] => self.pickle.as_text(text).map(|text| {
                let mut words: Vec<String> = text.split('/').take(2).map(str::to_owned).collect();
                if words.len() == 1 {
                    words.push("1".to_owned());
                }
                words
            }),
            args => args.iter().map(|arg| self.pickle.as_i128(*arg).map(|number| number.to_string())).collect(),
        };
        let plain = |word: &String| word.len() <= 1000 && word.chars().all(|c| c.is_ascii_digit() || c == '-');
        let class = self.known_class("fractions", "Fraction");
        match words.filter(|words| words.len() == 2 && words.iter().all(plain)) {
            Some(words) => self.note(Kind::Atom, class, &format!("Fraction({})", words.join(", "))),
            None => self.instance(node, class, args),
        }
    }

    /// A C structure that prints like a named tuple.
    fn structure(&mut self, node: NodeId, class: (&'static str, &'static str), fields: NodeId) {
        let class = self.known_class(class.0, class.1);
        self.filled(node, Kind::Tuple, class, |graph, scratch| {
            for item in graph.pickle.items(fields) {
                scratch.elements.push(graph.number(item));
            }
        });
    }

    fn exception(&mut self, node: NodeId, name: u32, args: &[NodeId]) {
        let class = self.class_of_name(name);
        self.exception_of(node, class, args);
    }

    /// A member of an enumeration, told by its value; its name is in the sources, where these are there.
    fn member(&mut self, node: NodeId, name: u32, value: NodeId) {
        let class = self.class_of_name(name);
        let literals = self.literals(value);
        let (module, short) = self.full_name(name);
        let told = self.sources.member(module, short, &literals);
        self.filled(node, Kind::Instance, class, |graph, scratch| {
            if let Some(told) = told {
                let (name, text) = (graph.builder.name("_name_"), graph.text(told));
                scratch.attributes.push((name, text));
            }
            graph.attribute(scratch, "_value_", value);
        });
    }

    /// How a source may write a value that is an int or a text.
    fn literals(&self, value: NodeId) -> Vec<String> {
        match self.pickle.node(value) {
            View::Int(value) => vec![value.to_string()],
            View::Str(text) => {
                let text = String::from_utf8_lossy(text);
                vec![format!("'{text}'"), format!("\"{text}\"")]
            }
            _ => Vec::new(),
        }
    }

    /// An exception of any class.
    pub(super) fn exception_of(&mut self, node: NodeId, class: u32, args: &[NodeId]) {
        // The arguments are a tuple of the pickle.
        let View::Reduce { args: tuple, .. } = self.pickle.node(node) else { return self.instance(node, class, args) };
        self.filled(node, Kind::Exception, class, |graph, scratch| graph.attribute(scratch, "args", tuple));
    }

    /// What a callable gives that is not known: an instance, where it is a class; else something that it made.
    fn made_by_call(&mut self, node: NodeId, name: u32, args: &[NodeId]) {
        let (module, short) = self.full_name(name);
        let last = short.rsplit('.').next().unwrap_or(short);
        // What is written in C names its classes like functions, and pickles by them.
        let of_c = super::names::is_written_in_c(module) && !last.starts_with('_');
        let capital = last.trim_start_matches('_').starts_with(char::is_uppercase);
        if !(capital || of_c || self.sources.find(module, short).is_some()) {
            let repr = format!("<made by {module}.{short}>");
            return self.unknown_call(node, repr, args);
        }
        let class = self.class_of_name(name);
        let View::Reduce { args: tuple, .. } = self.pickle.node(node) else { return self.instance(node, class, args) };
        if args.is_empty()
            || !matches!(self.pickle.updates(node).next(), None | Some(crashsite_parse::Update::Build(_)))
        {
            return self.instance(node, class, &[]);
        }
        self.filled(node, Kind::Instance, class, |graph, scratch| graph.attribute(scratch, "__reduce__", tuple));
    }

    fn unknown_call(&mut self, node: NodeId, repr: String, args: &[NodeId]) {
        let class = self.known_class("builtins", "object");
        let mut scratch = self.take_scratch();
        for item in args.iter().copied().chain(self.pickle.items(node)) {
            scratch.elements.push(self.number(item));
        }
        self.attributes_of_state(node, &mut scratch.attributes);
        self.push(Kind::Opaque, class, repr.as_bytes(), scratch);
    }

    /// `getattr(object, name)`: an object's own dictionary, or a method of a builtin type.
    fn attribute_value(&mut self, node: NodeId, object: NodeId, attribute: NodeId) {
        if self.is_dict_of(node) {
            return self.container(node, Kind::Dict, "dict");
        }
        let attribute = self.pickle.as_text(attribute).unwrap_or_default().into_owned();
        let owner = match self.pickle.node(object) {
            View::List => "list",
            View::Dict => "dict",
            View::Tuple(_) => "tuple",
            View::Py2Str(_) | View::Str(_) => "str",
            _ => "",
        };
        if owner.is_empty()
            && let Some(class) = self.class_of_instance(object)
        {
            let (_, name) = self.name_of_class(class);
            let repr = format!("<bound method {name}.{attribute}>");
            let class = self.known_class("builtins", if self.python2 { "instancemethod" } else { "method" });
            return self.with_arguments(node, Kind::Method, class, &repr, &["__self__"], &[object]);
        }
        let repr = match owner {
            "" => format!("<attribute {attribute}>"),
            owner => format!("<built-in method {attribute} of {owner} object>"),
        };
        let class = self.known_class("builtins", "builtin_function_or_method");
        self.with_arguments(node, Kind::Builtin, class, &repr, &["__self__"], &[object]);
    }

    /// The class of an instance that is not of C, as far as that is known by its module.
    fn class_of_instance(&mut self, object: NodeId) -> Option<NodeId> {
        let class = match self.pickle.node(object) {
            View::NewObj { class, .. } | View::NewObjEx { class, .. } | View::Obj { class, .. } => class,
            View::Reduce { callable, args }
                if ["copyreg", "copy_reg"].iter().any(|module| self.is_named(callable, (module, "_reconstructor"))) =>
            {
                *self.pickle.as_slice(args)?.first()?
            }
            _ => return None,
        };
        match self.resolve(class) {
            Ref::Named(name) => {
                let module = self.full_name(name).0;
                Some(class).filter(|_| module != "builtins" && !super::names::is_written_in_c(module))
            }
            Ref::Node(_) => Some(class),
            Ref::Lost => None,
        }
    }

    /// `copy_reg._reconstructor(class, base, state)`: an instance of a class that derives from a builtin type.
    fn reconstructed(&mut self, node: NodeId, class: NodeId, base: NodeId, state: NodeId) {
        let base = match self.resolve(base) {
            Ref::Named(name) => self.full_name(name).1.to_owned(),
            _ => "object".to_owned(),
        };
        if base == "object" {
            return self.made(node, class, &[]);
        }
        let class = self.class_of(class);
        match base.as_str() {
            "dict" => self.filled(node, Kind::Dict, class, |graph, scratch| graph.pairs_of(state, &mut scratch.pairs)),
            "list" => self.filled(node, Kind::List, class, |graph, scratch| {
                for item in graph.pickle.items(state) {
                    scratch.elements.push(graph.number(item));
                }
            }),
            _ => self.instance(node, class, &[state]),
        }
    }

    /// The functions that sPickle writes by value and calls, to make what cannot be pickled.
    fn call_helper(&mut self, node: NodeId, helper: &str, args: &[NodeId]) {
        let lock = if self.python2 { "thread" } else { "_thread" };
        match helper.trim_end_matches('_') {
            "create_thread_lock" => {
                let class = self.known_class(lock, "lock");
                let note = format!("<{lock}.lock object>");
                self.builder.push(&Record { note: note.as_bytes(), ..Record::new(Kind::Atom, class) });
            }
            "create_null_file" => {
                let class = self.known_class("builtins", "file");
                let mode = args.first().and_then(|mode| self.pickle.as_text(*mode)).unwrap_or_default();
                let mode: String = mode.chars().take(10).collect();
                let note = format!("<file, mode '{mode}', its name was not kept>");
                self.builder.push(&Record { note: note.as_bytes(), ..Record::new(Kind::Atom, class) });
            }
            "create_closed_socket" | "create_closed_socketpair_socket" => {
                let class = self.known_class("socket", "_socketobject");
                let note = b"<socket._socketobject object>";
                self.builder.push(&Record { note, ..Record::new(Kind::Atom, class) });
            }
            "create_cell" => {
                let class = self.known_class("builtins", "cell");
                self.with_arguments(node, Kind::Cell, class, "<cell>", &["cell_contents"], args);
            }
            "create_module" => {
                let class = self.known_class("builtins", "module");
                let name = args.iter().find_map(|arg| self.pickle.as_text(*arg)).unwrap_or_default();
                let note = format!("{name}\0\0<module '{name}' (built-in)>");
                let mut scratch = self.take_scratch();
                self.attributes_of_state(node, &mut scratch.attributes);
                self.push(Kind::Module, class, note.as_bytes(), scratch);
            }
            other => self.unknown_call(node, format!("<made by {other}>"), args),
        }
    }
}
