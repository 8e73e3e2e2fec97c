//! What tools put in place of objects that cannot be pickled: frames, tracebacks, code, and anything else as `FakeClass`.

use std::collections::HashSet;
use std::sync::Arc;

use crashsite_parse::{NodeId, View};

use crate::heap::{Kind, Record, TypeInfo};

use super::Graph;
use crate::formats::type_names;

/// Where in the state of a `FakeClass` the object's own repr is.
const REPR: &str = "_FakeClass__repr";

/// The tool that a module with stand-ins belongs to.
fn tool(module: &str) -> Option<&'static str> {
    let tools = ["pyheapdump", "pydumpling", "pydump", "debuglater", "tblib"];
    let first = module.split('.').next().unwrap_or(module);
    tools.into_iter().find(|tool| *tool == first)
}

impl Graph<'_> {
    /// Describes the node as what it stands for, where its class is one of the stand-ins.
    pub(super) fn stand_in(&mut self, node: NodeId, class: u32) -> bool {
        let (module, name) = self.full_name(class);
        let Some(tool) = tool(module) else { return false };
        match name {
            "FakeFrame" | "Frame" => self.frame(node),
            "FakeTraceback" | "Traceback" => self.traceback(node),
            "FakeCode" | "Code" => self.code_object(node),
            "FakeClass" => self.replaced(node, tool),
            "TruncatedValue" => self.truncated(node),
            _ => return false,
        }
        true
    }

    /// A part of a traceback: a slot of a stand-in, or an argument of the call of tblib that makes a real one.
    pub(in crate::formats) fn part_of_traceback(&self, node: NodeId, name: &str) -> Option<NodeId> {
        let place = ["tb_frame", "tb_lineno", "tb_next"].iter().position(|known| *known == name);
        match (self.pickle.node(node), place) {
            (View::Reduce { callable, args }, Some(place)) if self.is_of_tblib(callable, b"unpickle_traceback") => {
                self.pickle.as_slice(args)?.get(place).copied()
            }
            _ => self.slot(node, name),
        }
    }

    /// Whether a callable is that one of tblib.
    pub(in crate::formats) fn is_of_tblib(&self, callable: NodeId, name: &[u8]) -> bool {
        matches!(self.pickle.node(callable), View::Global { module: b"tblib.pickling_support", name: found } if found == name)
    }

    /// An exception or a traceback that tblib makes; `false` where it is something else.
    pub(super) fn tblib_call(&mut self, node: NodeId, args: &[NodeId]) -> bool {
        let View::Reduce { callable, .. } = self.pickle.node(node) else { return false };
        if self.is_of_tblib(callable, b"unpickle_traceback") {
            self.traceback(node);
            return true;
        }
        let with_attributes = self.is_of_tblib(callable, b"unpickle_exception_with_attrs");
        let (Some(&class), Some(&given)) = (args.first(), args.get(1)) else { return false };
        if !with_attributes && !self.is_of_tblib(callable, b"unpickle_exception") {
            return false;
        }
        let class = self.class_of(class);
        self.filled(node, Kind::Exception, class, |graph, scratch| {
            if with_attributes {
                for (name, value) in graph.pickle.pairs(given) {
                    if graph.pickle.as_text_bytes(name) == Some(b"__dict__") {
                        // The state has it, too.
                        if graph.pickle.states(node).next().is_none() {
                            graph.attributes_of_dict(value, &mut scratch.attributes);
                        }
                    } else if let Some(name) = graph.pickle.as_text(name) {
                        graph.attribute(scratch, &name, value);
                    }
                }
            } else {
                graph.attribute(scratch, "args", given);
            }
            for (place, name) in [(2, "__cause__"), (4, "__context__"), (5, "__suppress_context__"), (6, "__notes__")] {
                // Notes are in the dictionary, too.
                let key = graph.builder.name(name);
                let told = scratch.attributes.iter().any(|(other, _)| *other == key);
                if let Some(&value) = args.get(place).filter(|value| !told && !graph.pickle.is_none(**value)) {
                    graph.attribute(scratch, name, value);
                }
            }
        });
        true
    }

    /// A value of one of the stand-ins' slots.
    pub(in crate::formats) fn slot(&self, node: NodeId, name: &str) -> Option<NodeId> {
        let (dict, slots) = self.state(node);
        [slots, dict].into_iter().flatten().find_map(|state| self.pickle.get(state, name))
    }

    /// Whether a text is what a tool wrote in place of an object: a repr with an address in it or the like, which hardly anybody
    /// keeps.
    pub(super) fn is_repr(&self, text: &[u8]) -> bool {
        const LONGEST: usize = 1 << 20;
        self.reprs_of.is_some()
            && text.len() <= LONGEST
            && matches!((text.first(), text.last()), (Some(_), Some(b'>' | b')' | b']' | b'}')))
            && std::str::from_utf8(text).is_ok_and(|text| {
                let words = [" at 0x", " object; ", " fd=", " coro=<"];
                let names = ["<class '", "<module '", "<enum '", "<flag '"].iter().any(|start| text.starts_with(start));
                let made =
                    first_name(text).is_some_and(|name| library_class(name).is_some()) || member_in(text).is_some();
                (names || made || words.iter().any(|word| text.contains(word))) && class_in(text).is_some()
            })
    }

    /// An object of which there is the repr only.
    pub(super) fn repr_of_object(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text);
        let class = match class_in(&text) {
            Some(Told { module, name, .. }) => self.class_in_words(&module, &name),
            None => self.known_class("builtins", "object"),
        };
        let shown: String = text.chars().take(1000).collect();
        let note = format!("{shown} (replaced by {})", self.reprs_of.unwrap_or_default());
        self.note(Kind::Opaque, class, &note);
    }

    fn frame(&mut self, node: NodeId) {
        let class = self.known_class("builtins", "frame");
        let code = self.slot(node, "f_code").and_then(|code| self.code(code)).unwrap_or_default();
        let line = self.slot(node, "f_lineno").and_then(|line| self.pickle.as_int(line)).unwrap_or(0);
        let mut scratch = self.take_scratch();
        if let Some(locals) = self.slot(node, "f_locals").filter(|locals| self.pickle.is_dict(*locals)) {
            self.attributes_of_dict(locals, &mut scratch.attributes);
        }
        let location = (self.builder.name(&code.file), u32::try_from(line).unwrap_or(0));
        self.builder.push(&Record {
            attributes: &scratch.attributes,
            note: code.name.as_bytes(),
            location,
            ..Record::new(Kind::Frame, class)
        });
        self.scratch = scratch;
    }

    fn traceback(&mut self, node: NodeId) {
        let class = self.known_class("builtins", "traceback");
        let mut scratch = self.take_scratch();
        for name in ["tb_frame", "tb_lineno", "tb_next"] {
            if let Some(part) = self.part_of_traceback(node, name) {
                self.attribute(&mut scratch, name, part);
            }
        }
        self.push(Kind::Opaque, class, b"<traceback object>", scratch);
    }

    /// An object that could not be pickled, or was not to be: its repr, and its attributes as far as they could. pyheapdump
    /// writes names that begin and end with two underscores with one more in front.
    fn replaced(&mut self, node: NodeId, tool: &'static str) {
        let repr = self.slot(node, REPR).and_then(|repr| self.pickle.as_text(repr)).unwrap_or_default().into_owned();
        let told = class_in(&repr);
        let mut scratch = self.take_scratch();
        let (dict, _) = self.state(node);
        for (key, value) in dict.into_iter().flat_map(|dict| self.pickle.pairs(dict)) {
            let Some(name) = self.pickle.as_text(key).filter(|name| name != REPR) else { continue };
            let dunder = name.strip_prefix('_').filter(|rest| rest.starts_with("__") && rest.ends_with("__"));
            let name = self.builder.name(dunder.filter(|_| tool == "pyheapdump").unwrap_or(&name));
            scratch.attributes.push((name, self.number(value)));
        }
        let has = |name: &[u8]| {
            dict.into_iter()
                .flat_map(|dict| self.pickle.pairs(dict))
                .any(|(key, _)| self.pickle.as_text_bytes(key) == Some(name))
        };
        let is_member = told.is_some() && has(b"_name_") && has(b"_value_");
        let class = match &told {
            Some(Told { module, name, .. }) if is_member => self.class_in_full(module, name, "enum", Vec::new()),
            Some(Told { module, name, .. }) => self.class_in_words(module, name),
            None => match first_name(&repr) {
                Some(name) => self.class_in_words(NOWHERE, name),
                None => self.known_class(tool, "FakeClass"),
            },
        };
        // Of an instance that prints as any does, nothing but its identity is lost.
        if tool != "pyheapdump" && told.is_some_and(|told| told.is_instance) && !scratch.attributes.is_empty() {
            return self.push(Kind::Instance, class, &[], scratch);
        }
        let shown: String = repr.chars().take(1000).collect();
        let note = if tool == "pydumpling" { shown } else { format!("{shown} (replaced by {tool})") };
        self.push(Kind::Opaque, class, note.as_bytes(), scratch);
    }

    /// What pydumpling left out, because of a limit.
    fn truncated(&mut self, node: NodeId) {
        let class = self.text_at(self.slot(node, "type_name"));
        let reason: String = self.text_at(self.slot(node, "reason")).chars().take(100).collect();
        let (module, name) = split(&class);
        let number = self.class_in_words(module, name);
        self.note(Kind::Opaque, number, &format!("<{class} omitted: {reason}>"));
    }

    /// pydumpling's copies of instances of subclasses of builtin containers: `(entries)` or nothing, then a state of the
    /// attributes and the entries. The class is one of the attributes.
    pub(super) fn fake_container(&mut self, node: NodeId, name: u32, args: &[NodeId]) {
        const CLASS: &[u8] = b"_FakeContainer__type";
        let pickle = self.pickle;
        let (kind, base) = match self.full_name(name).1 {
            "FakeDict" => (Kind::Dict, "dict"),
            "FakeList" => (Kind::List, "list"),
            "FakeTuple" => (Kind::Tuple, "tuple"),
            "FakeSet" => (Kind::Set, "set"),
            _ => (Kind::FrozenSet, "frozenset"),
        };
        let state = pickle.states(node).next().and_then(|state| pickle.as_slice(state)).unwrap_or_default();
        let attributes: Vec<_> = state.first().into_iter().flat_map(|dict| pickle.pairs(*dict)).collect();
        let items: Vec<NodeId> =
            args.first().or(state.get(1)).into_iter().flat_map(|entries| pickle.items(*entries)).collect();
        let class = attributes.iter().find(|(name, _)| pickle.as_text_bytes(*name) == Some(CLASS));
        let class = self.text_at(class.map(|found| found.1));
        let mut scratch = self.take_scratch();
        let mut fields = Vec::new();
        for (name, value) in attributes {
            if pickle.as_text_bytes(name) == Some(CLASS) {
                continue;
            }
            // The fields of a named tuple stand among the attributes, in their order.
            let same = |item: &NodeId| *item == value || pickle.node(*item) == pickle.node(value);
            if kind == Kind::Tuple && items.get(fields.len()).is_some_and(same) {
                fields.push(pickle.as_text(name).unwrap_or_default().as_ref().into());
            } else {
                self.attributes_of_pair(name, value, &mut scratch.attributes);
            }
        }
        for item in items.iter().copied() {
            match pickle.as_slice(item) {
                Some(&[key, value]) if kind == Kind::Dict => {
                    let key = self.number(key);
                    scratch.pairs.push((key, self.number(value)));
                }
                _ if kind == Kind::Dict => {}
                _ => scratch.elements.push(self.number(item)),
            }
        }
        let class = match class.as_str() {
            "" => self.known_class("builtins", base),
            "collections.OrderedDict" => self.known_class("collections", "OrderedDict"),
            "collections.Counter" => self.known_class("collections", "Counter"),
            "collections.defaultdict" => self.known_class("collections", "defaultdict"),
            class => {
                let (module, name) = split(class);
                let fields = if fields.len() == items.len() { fields } else { Vec::new() };
                self.class_with_fields(module, name, fields)
            }
        };
        self.push(kind, class, &[], scratch);
    }

    fn class_in_words(&mut self, module: &str, name: &str) -> u32 {
        self.class_with_fields(module, name, Vec::new())
    }

    fn class_with_fields(&mut self, module: &str, name: &str, fields: Vec<Arc<str>>) -> u32 {
        let style = match module {
            _ if !fields.is_empty() => "namedtuple",
            "" => name,
            _ => "own",
        };
        self.class_in_full(module, name, style, fields)
    }

    fn class_in_full(&mut self, module: &str, name: &str, style: &str, fields: Vec<Arc<str>>) -> u32 {
        let key = (module.to_owned(), name.to_owned());
        if let Some(&known) = self.classes_in_words.get(&key) {
            return known;
        }
        let class = self.builder.class(TypeInfo {
            module: match module {
                "" => self.builtins(),
                NOWHERE => "",
                module => module,
            }
            .into(),
            name: name.rsplit('.').next().unwrap_or(name).into(),
            qualname: name.into(),
            style: style.into(),
            fields,
            ..TypeInfo::default()
        });
        self.classes_in_words.insert(key, class);
        class
    }
}

/// In the place of a module of which the words do not tell.
const NOWHERE: &str = "?";

/// A class as words tell of it.
struct Told {
    module: String,
    name: String,
    /// The words are those that any instance prints.
    is_instance: bool,
}

/// Module and name of a class in full: the name begins where the modules' lower case ends.
fn split(class: &str) -> (&str, &str) {
    let upper = class.split('.').scan(0, |at, part| {
        let begin = *at;
        *at += part.len() + 1;
        Some((begin, part))
    });
    let begin = upper
        .filter(|(begin, part)| *begin > 0 && part.trim_start_matches('_').starts_with(char::is_uppercase))
        .map(|found| found.0)
        .next()
        .or_else(|| class.rfind('.').map(|dot| dot + 1))
        .unwrap_or(0);
    (class.get(..begin.saturating_sub(1)).unwrap_or_default(), class.get(begin..).unwrap_or(class))
}

/// The class that a repr tells of: `<generator object …>`, `<shop.Store object at 0x…>`, `<module 'os' …>`, pydumpling's
/// `<shop.Store snapshot>`; that of a container by its brackets, and what looks like a call is of what is called.
fn class_in(repr: &str) -> Option<Told> {
    let told = |module: &str, name: &str, is_instance| {
        Some(Told { module: module.to_owned(), name: name.to_owned(), is_instance })
    };
    let in_full = |class: &str, is_instance| {
        let (module, name) = if class.contains('.') { type_names::split(class, &HashSet::new()) } else { ("", class) };
        told(module, name, is_instance)
    };
    let Some(words) = repr.strip_prefix('<') else {
        return match (repr.chars().next()?, repr.chars().next_back()?) {
            ('[', ']') => told("", "list", false),
            ('(', ')') => told("", "tuple", false),
            ('{', '}') => told("", if is_mapping(repr) { "dict" } else { "set" }, false),
            (_, ')') => first_name(repr).and_then(|class| match class {
                class if library_class(class).is_some() => {
                    library_class(class).and_then(|(module, name)| told(module, name, false))
                }
                class if class.contains('.') => in_full(class, false),
                class if type_names::is_builtin(class) => told("", class, false),
                class => told(NOWHERE, class, false),
            }),
            _ => None,
        };
    };
    if !repr.ends_with('>') {
        return None;
    }
    if let Some(class) = member_in(repr) {
        return told(NOWHERE, class, false);
    }
    if let Some(class) = words.strip_suffix(" snapshot>") {
        let (module, name) = split(class);
        return told(module, name, !module.is_empty());
    }
    let (first, rest) = words.split_once(' ').unwrap_or((words, ""));
    let plain = first.replace(".<locals>", "").chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    if !plain || first.is_empty() {
        return None;
    }
    let known = match first {
        "module" => Some("module"),
        "function" => Some("function"),
        "open" | "closed" if rest.starts_with("file") => Some("file"),
        "generator" | "coroutine" | "async_generator" => Some(first),
        "type" | "class" => Some("type"),
        "built-in" => Some("builtin_function_or_method"),
        "frame" => Some("frame"),
        "bound" | "unbound" if rest.starts_with("method") => Some("method"),
        "code" => Some("code"),
        "cell" => Some("cell"),
        "memory" => Some("memoryview"),
        _ => None,
    };
    if let Some(known) = known {
        return told("", known, false);
    }
    if matches!(first, "Task" | "Future") {
        return told("_asyncio", first, false);
    }
    // `<unlocked _thread.lock object at 0x…>`
    let (first, rest) = match first {
        "locked" | "unlocked" => rest.split_once(' ').unwrap_or((first, rest)),
        first => (first, rest),
    };
    let instance =
        ["object at", "instance at", "object,", "object;", "object>", "fd="].iter().any(|word| rest.starts_with(word));
    if instance { in_full(first, true) } else { None }
}

/// The class of a member of an enumeration: `<Colour.RED: 1>`.
fn member_in(repr: &str) -> Option<&str> {
    let (name, _) = repr.strip_prefix('<')?.strip_suffix('>')?.split_once(": ")?;
    let (class, member) = name.split_once('.')?;
    let plain = |name: &str| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '|'));
    let starts = class.starts_with(|c: char| c.is_uppercase() || c == '_');
    (starts && plain(class) && !member.is_empty() && plain(member)).then_some(class)
}

/// Classes of Python's library whose reprs are calls, as hardly a text looks.
fn library_class(name: &str) -> Option<(&'static str, &'static str)> {
    const KNOWN: [(&str, &str); 17] = [
        ("collections", "ChainMap"),
        ("collections", "Counter"),
        ("collections", "OrderedDict"),
        ("collections", "defaultdict"),
        ("collections", "deque"),
        ("decimal", "Decimal"),
        ("fractions", "Fraction"),
        ("ipaddress", "IPv4Address"),
        ("ipaddress", "IPv4Network"),
        ("ipaddress", "IPv6Address"),
        ("ipaddress", "IPv6Network"),
        ("pathlib", "PosixPath"),
        ("pathlib", "PurePosixPath"),
        ("pathlib", "PureWindowsPath"),
        ("pathlib", "WindowsPath"),
        ("uuid", "UUID"),
        ("functools", "functools.partial"),
    ];
    let &(module, known) = KNOWN.iter().find(|(_, known)| *known == name)?;
    Some((module, known.rsplit('.').next().unwrap_or(known)))
}

/// The name that a repr begins with: `Order(id=7)`, `<Order 7>`.
fn first_name(repr: &str) -> Option<&str> {
    let words = repr.strip_prefix('<').unwrap_or(repr);
    let end = words.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'))?;
    let (name, rest) = words.split_at_checked(end)?;
    let called = repr.starts_with('<') || rest.starts_with('(');
    Some(name).filter(|name| called && name.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

/// Whether what is in braces has a key: a colon outside of all brackets and texts.
fn is_mapping(repr: &str) -> bool {
    let (mut depth, mut quote, mut escaped) = (0_i64, None, false);
    for byte in repr.bytes() {
        match (quote, byte) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(' | b'[' | b'{' | b'<') => depth += 1,
            (None, b')' | b']' | b'}' | b'>') => depth -= 1,
            (None, b':') if depth == 1 => return true,
            _ => {}
        }
    }
    false
}
