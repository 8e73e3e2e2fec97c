//! Code, functions and methods by value.

use crashsite_parse::{NodeId, View};

use crate::heap::{Kind, Record};

use super::{Graph, Ref};

/// Where a code object is from.
#[derive(Debug, Default)]
pub(in crate::formats) struct Code {
    pub(in crate::formats) name: String,
    pub(in crate::formats) file: String,
    pub(in crate::formats) line: u32,
}

impl Graph<'_> {
    /// The code object at a node: `types.CodeType(argcount, nlocals, stacksize, flags, code, consts, names, varnames,
    /// filename, name, firstlineno, lnotab, freevars, cellvars)` of Python 2.
    pub(in crate::formats) fn code_arguments(&mut self, node: NodeId) -> Option<&[NodeId; 14]> {
        let View::Reduce { callable, args } = self.pickle.node(node) else { return None };
        let Ref::Named(name) = self.resolve(callable) else { return None };
        if self.full_name(name) != ("builtins", "code") {
            return None;
        }
        self.pickle.as_slice(args)?.first_chunk::<14>()
    }

    pub(in crate::formats) fn code(&mut self, node: NodeId) -> Option<Code> {
        let &[.., file, name, line, _, _, _] = self.code_arguments(node)?;
        let text = |node| self.pickle.as_text(node).unwrap_or_default().into_owned();
        let line = self.pickle.as_int(line).and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
        Some(Code { name: text(name), file: text(file), line })
    }

    pub(super) fn code_object(&mut self, node: NodeId) {
        let code = self.code(node).unwrap_or_default();
        let class = self.known_class("builtins", "code");
        let location = (self.builder.name(&code.file), code.line);
        self.builder.push(&Record { note: code.name.as_bytes(), location, ..Record::new(Kind::Code, class) });
    }

    /// `types.FunctionType(code, globals, name, defaults, closure)`
    pub(super) fn function(&mut self, node: NodeId, args: &[NodeId]) {
        let code = args.first().and_then(|code| self.code(*code)).unwrap_or_default();
        let mut scratch = self.take_scratch();
        for (place, name) in [(0, "__code__"), (3, "__defaults__"), (4, "__closure__")] {
            if let Some(&arg) = args.get(place).filter(|arg| !self.pickle.is_none(**arg)) {
                self.attribute(&mut scratch, name, arg);
            }
        }
        self.attributes_of_state(node, &mut scratch.attributes);
        let name = args.get(2).and_then(|name| self.pickle.as_text(*name)).unwrap_or_default();
        let module = self.set_text(node, "__module__").unwrap_or_default();
        let note = format!("{module}\0{name}");
        let class = self.known_class("builtins", "function");
        let location = (self.builder.name(&code.file), code.line);
        self.builder.push(&Record {
            attributes: &scratch.attributes,
            note: note.as_bytes(),
            location,
            ..Record::new(Kind::Function, class)
        });
        self.scratch = scratch;
    }

    /// The text that `setattr` put on a node under a name.
    pub(super) fn set_text(&self, node: NodeId, name: &str) -> Option<String> {
        let set = self.set_attributes.get(&node)?;
        let found = set.iter().rev().find(|(key, _)| self.pickle.as_text_bytes(*key) == Some(name.as_bytes()))?;
        Some(self.pickle.as_text(found.1)?.into_owned())
    }

    /// The name of a function that is in the pickle by value.
    pub(super) fn function_name(&mut self, node: NodeId) -> Option<String> {
        let View::Reduce { callable, args } = self.pickle.node(node) else { return None };
        let Ref::Named(name) = self.resolve(callable) else { return None };
        if self.full_name(name) != ("builtins", "function") {
            return None;
        }
        let name = self.pickle.as_slice(args)?.get(2)?;
        Some(self.pickle.as_text(*name)?.into_owned())
    }

    pub(super) fn method(&mut self, node: NodeId, args: &[NodeId]) {
        let bound = args.get(1).is_some_and(|owner| !self.pickle.is_none(*owner));
        let function = args.first().map(|function| match self.resolve(*function) {
            Ref::Named(name) => self.full_name(name).1.to_owned(),
            _ => self.function_name(*function).unwrap_or_default(),
        });
        let class = args.get(2).map(|class| match self.resolve(*class) {
            Ref::Named(name) => self.full_name(name).1.to_owned(),
            Ref::Node(class) => self.name_of_class(class).1,
            Ref::Lost => String::new(),
        });
        let (function, class) = (function.unwrap_or_default(), class.unwrap_or_default());
        let function = function.rsplit('.').next().unwrap_or_default();
        let word = if bound { "bound" } else { "unbound" };
        let repr = format!("<{word} method {class}.{function}>");
        let class = self.known_class("builtins", if self.python2 { "instancemethod" } else { "method" });
        let names = ["__func__", "__self__", "im_class"];
        self.with_arguments(node, Kind::Method, class, &repr, &names, args);
    }
}
