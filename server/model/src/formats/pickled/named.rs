//! What is known by its name only: classes, functions, modules, and the classes of instances.

use std::sync::Arc;

use crate::heap::{Kind, Record, TypeInfo};

use super::source_index::What;
use super::{ClassKey, Graph, NOTHING, names};

/// What a name stands for.
enum Meaning {
    Module,
    Class {
        old_style: bool,
    },
    Function {
        file: Arc<str>,
        line: u32,
    },
    Builtin,
    /// An object of a class, which prints so.
    Object {
        class: (&'static str, &'static str),
        repr: String,
    },
}

impl Graph<'_> {
    /// Describes a class, function or module of which there is the name only.
    pub(super) fn describe_named(&mut self, name: u32) {
        let (module, short) = self.full_name(name);
        let (module, short) = (module.to_owned(), short.to_owned());
        let meaning = self.meaning(name, &module, &short);
        let shown = if module == "builtins" { self.builtins() } else { &module };
        let note = format!("{shown}\0{short}");
        match meaning {
            Meaning::Module => {
                let class = self.known_class("builtins", "module");
                let note = format!("{module}\0\0<module '{module}'>");
                self.builder.push(&Record { note: note.as_bytes(), ..Record::new(Kind::Module, class) });
            }
            Meaning::Class { old_style } => {
                let class = self.known_class("builtins", if old_style { "classobj" } else { "type" });
                let number = self.builder.len() as u32;
                // What else it derives from is not known.
                let base = self.is_enumeration(name).then(|| self.name("enum", "Enum"));
                let base = base.map(|base| self.number_of_name(base));
                let elements: Vec<u32> = std::iter::once(number).chain(base).collect();
                let record = Record { note: note.as_bytes(), elements: &elements, ..Record::new(Kind::Class, class) };
                self.builder.push(&record);
            }
            Meaning::Function { file, line } => {
                let class = self.known_class("builtins", "function");
                let location = (self.builder.name(&file), line);
                let record = Record { note: note.as_bytes(), location, ..Record::new(Kind::Function, class) };
                self.builder.push(&record);
            }
            Meaning::Builtin => {
                let class = self.known_class("builtins", "builtin_function_or_method");
                let note = format!("<built-in function {short}>");
                self.builder.push(&Record { note: note.as_bytes(), ..Record::new(Kind::Builtin, class) });
            }
            Meaning::Object { class, repr } => {
                let class = self.known_class(class.0, class.1);
                self.builder.push(&Record { note: repr.as_bytes(), ..Record::new(Kind::Atom, class) });
            }
        }
    }

    fn meaning(&self, name: u32, module: &str, short: &str) -> Meaning {
        let uses = self.names.get(name as usize).map(|named| named.uses).unwrap_or_default();
        let nowhere = || Meaning::Function { file: "".into(), line: 0 };
        match (module, short) {
            (_, "") => return Meaning::Module,
            ("builtins", "Ellipsis") => {
                return Meaning::Object { class: ("builtins", "ellipsis"), repr: "Ellipsis".to_owned() };
            }
            ("builtins", "NotImplemented") => {
                let class = ("builtins", "NotImplementedType");
                return Meaning::Object { class, repr: "NotImplemented".to_owned() };
            }
            ("sys", "stdin" | "stdout" | "stderr" | "__stdin__" | "__stdout__" | "__stderr__") => {
                let stream = short.trim_matches('_');
                let mode = if stream == "stdin" { 'r' } else { 'w' };
                let class = if self.python2 { ("builtins", "file") } else { ("_io", "TextIOWrapper") };
                return Meaning::Object { class, repr: format!("<open file '<{stream}>', mode '{mode}'>") };
            }
            ("builtins", _) if names::is_method_of_builtin(short) => {
                let (class, method) = short.split_once('.').unwrap_or_default();
                let repr = format!("<method '{method}' of '{class}' objects>");
                return Meaning::Object { class: ("builtins", "method_descriptor"), repr };
            }
            // Before Python 3.11, members of some enumerations are pickled by the names that they have in their modules.
            ("signal" | "socket", _) if names::constant_of(module, short).is_some() => {
                let class = names::constant_of(module, short).unwrap_or_default();
                return Meaning::Object { class, repr: format!("<{}.{short}>", class.1) };
            }
            ("builtins", _) if names::is_builtin_class(short) => return Meaning::Class { old_style: false },
            ("builtins", _) => return Meaning::Builtin,
            ("exceptions", _) => return Meaning::Class { old_style: false },
            _ => {}
        }
        if uses.old_class {
            return Meaning::Class { old_style: true };
        }
        if uses.class {
            return Meaning::Class { old_style: false };
        }
        if let Some((what, file)) = self.sources.find(module, short) {
            return match what {
                What::Function { line } => Meaning::Function { file, line },
                What::Class { .. } => {
                    Meaning::Class { old_style: self.python2 && self.sources.is_old_style(module, short) }
                }
                What::NamedTuple { .. } => Meaning::Class { old_style: false },
            };
        }
        let last = short.rsplit('.').next().unwrap_or(short);
        if names::looks_like_a_class(last) {
            Meaning::Class { old_style: false }
        } else if names::is_written_in_c(module) && !short.contains('.') {
            Meaning::Builtin
        } else {
            nowhere()
        }
    }

    /// Whether instances of a class known by name are exceptions.
    pub(super) fn is_exception(&self, name: u32) -> bool {
        let (module, short) = self.full_name(name);
        let raised = self.names.get(name as usize).is_some_and(|named| named.uses.exception);
        raised || module == "exceptions" || self.sources.is_exception(module, short)
    }

    /// The entry of the type table for the instances of a class known by name.
    pub(super) fn class_of_name(&mut self, name: u32) -> u32 {
        let key = ClassKey::Named(name);
        if let Some(&known) = self.classes.get(&key) {
            return known;
        }
        let number = self.number_of_name(name);
        let (module, qualname) = self.full_name(name);
        let told = self.fields.get(&name).cloned();
        let (style, fields) = match self.sources.find(module, qualname) {
            Some((What::NamedTuple { fields }, _)) => ("namedtuple", fields),
            _ if told.is_some() => ("namedtuple", told.unwrap_or_default()),
            _ if self.is_enumeration(name) => ("enum", Vec::new()),
            _ if matches!(module, "builtins" | "exceptions") => (qualname, Vec::new()),
            // Whether it has a `__repr__` of its own is not known, and addresses are not either.
            _ => ("own", Vec::new()),
        };
        let shown = if module == "builtins" { self.builtins() } else { module };
        let info = TypeInfo {
            module: shown.into(),
            name: qualname.rsplit('.').next().unwrap_or(qualname).into(),
            qualname: qualname.into(),
            class: Some(number).filter(|number| *number != NOTHING),
            style: style.into(),
            fields,
            ..TypeInfo::default()
        };
        let class = self.builder.class(info);
        self.classes.insert(key, class);
        class
    }
}
