//! What dill and cloudpickle write by value, and what they call to make it: modules, types, functions, cells, locks, files.

use crashsite_parse::{NodeId, View};

use crate::heap::{Kind, Record};

use super::{Graph, Ref, names};

/// How dill marks a cell that is filled later, or never. (Newer versions write `None` for one that is filled later.)
const EMPTY_CELLS: [&str; 2] = ["_CELL_REF", "_CELL_EMPTY"];

impl Graph<'_> {
    /// The name behind a call that only looks something up: a module, a builtin type, a class that is importable.
    pub(super) fn named_by_call(&self, callable: NodeId, args: NodeId) -> Option<(String, String)> {
        let View::Global { module, name } = self.pickle.node(callable) else { return None };
        let (module, name) = (String::from_utf8_lossy(module), String::from_utf8_lossy(name));
        let (module, name) = names::canonical(&module, &name, self.python2);
        let args = self.pickle.as_slice(args)?;
        let text = |place: usize| args.get(place).and_then(|arg| self.pickle.as_text(*arg));
        Some(match (module, name) {
            ("dill._dill", "_load_type") | ("cloudpickle", "_builtin_type") => {
                let text = text(0)?;
                let (module, name) = names::type_of_library(&text, self.python2);
                (module.to_owned(), name.to_owned())
            }
            ("dill._dill", "_import_module") | ("cloudpickle", "subimport") => (text(0)?.into_owned(), String::new()),
            ("dill._dill", "_create_namedtuple") => (text(2)?.into_owned(), text(0)?.into_owned()),
            // Of a module, which may be told by its name.
            ("dill._dill", "_get_attr") => {
                let (module, name) = (text(0)?, text(1)?);
                let (module, name) = names::canonical(&module, &name, self.python2);
                (module.to_owned(), name.to_owned())
            }
            _ => return None,
        })
    }

    /// A named tuple that dill describes beside its name.
    pub(super) fn look_at_named_tuple(&mut self, args: &[NodeId], fields: NodeId) {
        let text = |place: usize| args.get(place).and_then(|arg| self.pickle.as_text(*arg));
        let (Some(name), Some(module)) = (text(0), text(2)) else { return };
        let name = self.name(&module, &name);
        self.mark(name, |uses| uses.class = true);
        let fields = self.pickle.items(fields).take(1000).filter_map(|field| self.pickle.as_text(field));
        let fields = fields.map(|field| field.as_ref().into()).collect();
        self.fields.insert(name, fields);
    }

    /// cloudpickle's `_function_setstate(target, (attributes, slots))`, and that of classes.
    pub(super) fn set_by_state(&mut self, target: NodeId, state: NodeId) {
        const UNSHOWN: [&[u8]; 3] = [b"__globals__", b"_cloudpickle_submodules", b"__builtins__"];
        let pickle = self.pickle;
        for &part in pickle.as_slice(state).unwrap_or_default().iter().take(2) {
            for (name, value) in pickle.pairs(part) {
                let shown = pickle.as_text_bytes(name).is_some_and(|name| !UNSHOWN.contains(&name));
                if shown && !pickle.is_none(value) {
                    self.set_attributes.entry(target).or_default().push((name, value));
                }
            }
        }
    }

    /// Describes what a function of dill or cloudpickle gives; `false` where it is not known.
    pub(super) fn call_by_value(&mut self, node: NodeId, name: u32, args: &[NodeId]) -> bool {
        let thread = if self.python2 { "thread" } else { "_thread" };
        match (self.full_name(name), args) {
            (("dill._dill", "_create_function") | ("cloudpickle", "_make_function"), _) => self.function(node, args),
            (("dill._dill", "_create_code"), _) => self.code_object(node),
            (("dill._dill", "_create_type"), &[_, _, _, _])
            | (("cloudpickle", "_make_skeleton_class" | "_make_skeleton_enum"), &[_, _, _, _, ..]) => self.class(node),
            (("dill._dill", "_create_cell") | ("cloudpickle", "_make_cell" | "_make_empty_cell"), _) => {
                let class = self.known_class("builtins", "cell");
                let filled_later = self.set_attributes.contains_key(&node);
                let empty = filled_later || args.first().is_some_and(|contents| self.is_empty_cell(*contents));
                let contents = if empty { &[] } else { args };
                self.with_arguments(node, Kind::Cell, class, "<cell>", &["cell_contents"], contents);
            }
            (("dill._dill", "_create_lock"), _) => {
                let class = self.known_class(thread, "lock");
                let locked = args.first().and_then(|locked| self.pickle.as_bool(*locked));
                let word = if locked == Some(true) { "locked" } else { "unlocked" };
                self.note(Kind::Atom, class, &format!("<{word} {thread}.lock object>"));
            }
            (("dill._dill", "_create_rlock"), _) => {
                let (module, name) = if self.python2 { ("threading", "_RLock") } else { (thread, "RLock") };
                let class = self.known_class(module, name);
                self.note(Kind::Atom, class, &format!("<{module}.{name} object>"));
            }
            (("dill._dill", "_create_ftype"), [_, parts @ ..]) => self.partial(node, parts),
            (("dill._dill", "_create_filehandle"), &[file, mode, ..]) => self.file(file, mode),
            (("dill._dill", "_create_weakref"), _) => self.weak_reference(node, "weakref", args),
            (("dill._dill", "_create_weakproxy"), _) => self.weak_reference(node, "weakproxy", args),
            (("dill._dill", "_eval_repr"), &[repr]) => {
                let repr = self.text_at(Some(repr));
                let class = match repr.split('(').next().unwrap_or_default() {
                    "range" => "range",
                    "xrange" => "xrange",
                    "slice" => "slice",
                    "Ellipsis" => "ellipsis",
                    "NotImplemented" => "NotImplementedType",
                    "None" => "NoneType",
                    _ => "object",
                };
                let kind = if matches!(class, "range" | "xrange" | "slice") { Kind::Wrapper } else { Kind::Atom };
                let class = self.known_class("builtins", class);
                self.note(kind, class, repr.get(..1000).unwrap_or(&repr));
            }
            (("cloudpickle", "dynamic_subimport"), &[name, ref variables @ ..]) => {
                let name = self.text_at(Some(name));
                let class = self.known_class("builtins", "module");
                let mut scratch = self.take_scratch();
                if let Some(&variables) = variables.first() {
                    self.attributes_of_dict(variables, &mut scratch.attributes);
                }
                let note = format!("{name}\0\0<module '{name}'>");
                self.push(Kind::Module, class, note.as_bytes(), scratch);
            }
            _ => return false,
        }
        true
    }

    fn is_empty_cell(&mut self, contents: NodeId) -> bool {
        match self.resolve(contents) {
            Ref::Named(name) => EMPTY_CELLS.contains(&self.full_name(name).1),
            _ => false,
        }
    }

    /// An object that is nothing but words.
    pub(super) fn note(&mut self, kind: Kind, class: u32, note: &str) {
        self.builder.push(&Record { note: note.as_bytes(), ..Record::new(kind, class) });
    }

    fn file(&mut self, name: NodeId, mode: NodeId) {
        let mode = self.text_at(Some(mode));
        let mode: String = mode.chars().take(10).collect();
        let class = match mode.as_str() {
            _ if self.python2 => ("builtins", "file"),
            mode if !mode.contains('b') => ("_io", "TextIOWrapper"),
            mode if mode.contains('+') => ("_io", "BufferedRandom"),
            mode if mode.contains('r') => ("_io", "BufferedReader"),
            _ => ("_io", "BufferedWriter"),
        };
        let name: String = match self.pickle.node(name) {
            View::Int(number) => number.to_string(),
            _ => format!("'{}'", self.text_at(Some(name)).chars().take(1000).collect::<String>()),
        };
        let repr = match class {
            ("builtins", _) => format!("<open file {name}, mode '{mode}'>"),
            ("_io", "TextIOWrapper") => format!("<_io.TextIOWrapper name={name} mode='{mode}'>"),
            (_, short) => format!("<_io.{short} name={name}>"),
        };
        let class = self.known_class(class.0, class.1);
        self.note(Kind::Opaque, class, &repr);
    }

    fn weak_reference(&mut self, node: NodeId, class: &'static str, args: &[NodeId]) {
        let dead = args.first().is_none_or(|referent| self.pickle.is_none(*referent));
        let class_name = match (class, self.python2) {
            ("weakref", true) => "weakref",
            ("weakref", false) => "ReferenceType",
            _ => "ProxyType",
        };
        let module = if class_name == "weakref" { "builtins" } else { "weakref" };
        let class_number = self.known_class(module, class_name);
        match args.first() {
            Some(&referent) if !dead => {
                let repr = format!("<{class}>");
                self.with_arguments(node, Kind::WeakRef, class_number, &repr, &["referent"], &[referent]);
            }
            _ => self.note(Kind::WeakRef, class_number, &format!("<{class}; dead>")),
        }
    }
}
