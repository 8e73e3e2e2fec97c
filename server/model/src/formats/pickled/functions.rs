//! Code, functions and methods by value.

use crashsite_parse::{NodeId, View};

use crate::formats::bare::file_name;
use crate::heap::{Kind, Record};

use super::{Graph, Ref, names};

/// What a code object says.
#[derive(Debug, Default)]
pub(in crate::formats) struct Code {
    pub(in crate::formats) name: String,
    pub(in crate::formats) qualname: Option<String>,
    pub(in crate::formats) file: String,
    pub(in crate::formats) line: u32,
    /// How many of the names are arguments.
    pub(super) arguments: usize,
    /// Tuples of names: of arguments and local variables, of those that inner functions use, of those of outer ones.
    pub(super) names: Option<NodeId>,
    pub(super) cells: Option<NodeId>,
    pub(super) free: Option<NodeId>,
    pub(super) constants: Option<NodeId>,
    /// Where in the source its instructions are: as a list, and of single ones.
    pub(super) positions: [Option<NodeId>; 2],
}

const VARARGS: i64 = 4;
const VARKEYWORDS: i64 = 8;

impl<'p> Graph<'p> {
    /// The arguments of the call that makes a code object.
    fn code_arguments(&mut self, node: NodeId) -> Option<&'p [NodeId]> {
        let pickle = self.pickle;
        let View::Reduce { callable, args } = pickle.node(node) else { return None };
        let Ref::Named(name) = self.resolve(callable) else { return None };
        let args = pickle.as_slice(args)?;
        match self.full_name(name) {
            ("builtins", "code") => Some(args),
            // dill puts the old table of line numbers in front.
            ("dill._dill", "_create_code") => match args {
                [first, rest @ ..] if pickle.as_int(*first).is_none() => Some(rest),
                _ => Some(args),
            },
            _ => None,
        }
    }

    /// What the code object at a node says: one that is made by a call, or a stand-in for one.
    pub(in crate::formats) fn code(&mut self, node: NodeId) -> Option<Code> {
        match self.code_arguments(node) {
            Some(args) => self.code_of_call(args),
            None => self.code_of_stand_in(node),
        }
    }

    /// `types.CodeType(…)`, whose arguments grew in number: 14 in Python 2, 15 from 3.0, 16 from 3.8, 18 from 3.11 on, and 20 in
    /// a pre-release of that.
    fn code_of_call(&self, args: &[NodeId]) -> Option<Code> {
        // Places of `flags`, `varnames` and `qualname`; what follows the names is at the end.
        let (flags, names, qualname) = match args.len() {
            14 => (3, 7, None),
            15 => (4, 8, None),
            16 => (5, 9, None),
            18 | 20 => (5, 9, Some(12)),
            _ => return None,
        };
        let at = |place: usize| args.get(place).copied();
        let int = |place: usize| at(place).and_then(|node| self.pickle.as_int(node)).unwrap_or(0);
        let keyword_only = if flags == 3 { 0 } else { int(flags - 3) };
        Some(Code {
            name: self.text_at(at(names + 2)),
            qualname: qualname.map(|place| self.text_at(at(place))).filter(|name| !name.is_empty()),
            file: self.text_at(at(names + 1)),
            line: u32::try_from(int(names + 3 + usize::from(qualname.is_some()))).unwrap_or(0),
            arguments: count_of_arguments(int(0), keyword_only, int(flags)),
            names: at(names),
            constants: at(names - 2),
            free: at(args.len() - 2),
            cells: at(args.len() - 1),
            positions: [None; 2],
        })
    }

    /// A stand-in, whose slots are named as the attributes of the real one.
    fn code_of_stand_in(&self, node: NodeId) -> Option<Code> {
        let name = self.slot(node, "co_name")?;
        let int = |name| self.slot(node, name).and_then(|node| self.pickle.as_int(node)).unwrap_or(0);
        Some(Code {
            name: self.text_at(Some(name)),
            qualname: self.slot(node, "co_qualname").map(|name| self.text_at(Some(name))),
            file: file_name(&self.text_at(self.slot(node, "co_filename"))).to_owned(),
            line: u32::try_from(int("co_firstlineno")).unwrap_or(0),
            arguments: count_of_arguments(int("co_argcount"), int("co_kwonlyargcount"), int("co_flags")),
            names: self.slot(node, "co_varnames"),
            constants: self.slot(node, "co_consts"),
            cells: self.slot(node, "co_cellvars"),
            free: self.slot(node, "co_freevars"),
            positions: ["_co_positions", "_co_positions_sparse"].map(|name| self.slot(node, name)),
        })
    }

    pub(super) fn text_at(&self, node: Option<NodeId>) -> String {
        node.and_then(|node| self.pickle.as_text(node)).unwrap_or_default().into_owned()
    }

    pub(super) fn code_object(&mut self, node: NodeId) {
        let code = self.code(node).unwrap_or_default();
        let class = self.known_class("builtins", "code");
        let mut scratch = self.take_scratch();
        let parts = [("co_consts", code.constants), ("co_varnames", code.names)];
        for (name, part) in parts.into_iter().filter_map(|(name, part)| Some((name, part?))) {
            self.attribute(&mut scratch, name, part);
        }
        let location = (self.builder.name(&code.file), code.line);
        self.builder.push(&Record {
            attributes: &scratch.attributes,
            note: code.name.as_bytes(),
            location,
            ..Record::new(Kind::Code, class)
        });
        self.scratch = scratch;
    }

    /// `types.FunctionType(code, globals, name, defaults, closure)`; dill's and cloudpickle's are called in the same way, and
    /// dill's has the function's own attributes, and the defaults of keywords, after these.
    pub(super) fn function(&mut self, node: NodeId, args: &[NodeId]) {
        let code = args.first().and_then(|code| self.code(*code)).unwrap_or_default();
        let mut scratch = self.take_scratch();
        for (place, name) in [(0, "__code__"), (3, "__defaults__"), (4, "__closure__"), (6, "__kwdefaults__")] {
            if let Some(&arg) = args.get(place).filter(|arg| !self.pickle.is_none(**arg)) {
                self.attribute(&mut scratch, name, arg);
            }
        }
        if let Some(&dict) = args.get(5) {
            self.attributes_of_dict(dict, &mut scratch.attributes);
        }
        self.attributes_of_state(node, &mut scratch.attributes);
        let name = match self.set_text(node, "__qualname__").or(code.qualname) {
            Some(qualname) => qualname,
            None => self.function_name(node).unwrap_or(code.name),
        };
        let module = self.set_text(node, "__module__").or_else(|| self.text_in_state(node, "__module__"));
        let note = format!("{}\0{name}", module.unwrap_or_default());
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

    /// A text of a node's state.
    fn text_in_state(&self, node: NodeId, name: &str) -> Option<String> {
        Some(self.pickle.as_text(self.slot(node, name)?)?.into_owned())
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
        if !names::makes_a_function(self.full_name(name)) {
            return None;
        }
        let args = self.pickle.as_slice(args)?;
        let name = args.get(2).and_then(|name| self.pickle.as_text(*name));
        // One that is not given is the code's.
        name.map(|name| name.into_owned()).or_else(|| Some(self.code(*args.first()?)?.name))
    }

    pub(super) fn method(&mut self, node: NodeId, args: &[NodeId]) {
        let bound = args.get(1).is_some_and(|owner| !self.pickle.is_none(*owner));
        let function = args.first().map(|function| match self.resolve(*function) {
            Ref::Named(name) => self.full_name(name).1.to_owned(),
            _ => self.function_name(*function).unwrap_or_default(),
        });
        let owner = args.get(1).and_then(|owner| match self.pickle.node(*owner) {
            View::NewObj { class, .. } | View::NewObjEx { class, .. } | View::Obj { class, .. } => Some(class),
            View::Reduce { callable, .. } => Some(callable),
            _ => None,
        });
        let class = args.get(2).copied().or(owner).as_ref().map(|class| match self.resolve(*class) {
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

/// How many of a function's names are arguments, with `*args` and `**kwargs`.
fn count_of_arguments(positional: i64, keyword_only: i64, flags: i64) -> usize {
    let stars = [VARARGS, VARKEYWORDS].iter().filter(|flag| flags & **flag != 0).count();
    let count = |number| usize::try_from(number).unwrap_or(0);
    count(positional).saturating_add(count(keyword_only)).saturating_add(stars)
}
