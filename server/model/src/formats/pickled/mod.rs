//! The graph of a pickle as objects: what the formats that are one large pickle have in common.
//!
//! Nothing is called. A callable that is known by its name is given the meaning that calling it would have had
//! (`collections.deque`, `datetime.date`, a class made by `type(name, bases, namespace)`); an unknown one is shown as
//! what it is: its name, its arguments, the state it was given.
//!
//! Objects get their numbers breadth first, from what [`Graph::number`] is asked for in the beginning (the locals of the
//! frames), so that near objects stand before far ones, and described in that order, each once.

mod by_value;
mod call;
mod classes;
mod dates;
mod exceptions;
pub(super) mod files;
mod frames;
mod functions;
mod functions_of_library;
mod library;
mod lineage;
mod loading;
mod named;
mod names;
mod numpy;
mod object;
mod opened;
mod resolve;
mod source_index;
mod standin;

use std::sync::Arc;

use crashsite_parse::{NodeId, Pickle, View};
use rustc_hash::FxHashMap;

use crate::Frame;
use crate::heap::{Builder, Kind, Payload, Record, TypeInfo};

pub(super) use frames::{Frames, thread};
pub(super) use functions::Code;
pub(super) use opened::{Opened, Told, is_of_python2};
use source_index::SourceIndex;

use super::bare::NOTHING;

/// A node that has no number yet.
const UNNUMBERED: u32 = u32::MAX - 1;

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ref {
    /// An object whose contents are in the pickle.
    Node(NodeId),
    /// A class, function or module known by name only: an index into the graph's names.
    Named(u32),
    /// Something that the pickle only refers to: the namespace of a module.
    Lost,
}

/// What has been given a number.
#[derive(Debug, Clone, Copy)]
enum Item {
    Node(NodeId),
    Named(u32),
    /// A text that is not in the pickle: an index into the graph's.
    Text(usize),
}

/// A name of the pickle: `module` and `name`; the name is empty where it is the module itself.
#[derive(Debug)]
struct Named {
    module: Arc<str>,
    name: Arc<str>,
    uses: Uses,
    number: u32,
}

/// How the pickle uses a name, which tells what it must be.
#[derive(Debug, Clone, Copy, Default)]
struct Uses {
    /// Instances are made of it as new-style classes' are, or classes derive from it.
    class: bool,
    /// Instances are made of it as old-style classes' are.
    old_class: bool,
    /// An instance of it was raised.
    exception: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum ClassKey {
    /// Module and name of a class that this reader knows.
    Known(&'static str, &'static str),
    Named(u32),
    Node(NodeId),
}

/// A pickle on its way to a heap.
pub(super) struct Graph<'p> {
    pub(super) pickle: &'p Pickle,
    /// Written by Python 2.
    python2: bool,
    /// The tool, where it writes the repr of what it cannot pickle in the object's place.
    pub(super) reprs_of: Option<&'static str>,
    sources: SourceIndex<'p>,
    builder: Builder,
    names: Vec<Named>,
    known_names: FxHashMap<(Arc<str>, Arc<str>), u32>,
    globals: FxHashMap<NodeId, u32>,
    classes: FxHashMap<ClassKey, u32>,
    /// Fields of named tuples that the pickle makes.
    fields: FxHashMap<u32, Vec<Arc<str>>>,
    /// What instances are of classes that are in the pickle by value.
    lineages: FxHashMap<NodeId, Option<lineage::Lineage>>,
    /// Classes that are known by the words of a stand-in.
    classes_in_words: FxHashMap<(String, String), u32>,
    /// `setattr(target, name, value)` that the pickle calls and whose result it throws away, and what else does the same.
    set_attributes: FxHashMap<NodeId, Vec<(NodeId, NodeId)>>,
    attribute_names: FxHashMap<NodeId, u32>,
    numbers: Vec<u32>,
    small_ints: FxHashMap<i64, u32>,
    items: Vec<Item>,
    texts: Vec<Arc<str>>,
    scratch: Scratch,
}

/// Room that is used again for each object.
#[derive(Default)]
struct Scratch {
    attributes: Vec<(u32, u32)>,
    elements: Vec<u32>,
    pairs: Vec<(u32, u32)>,
}

impl<'p> Graph<'p> {
    pub(super) fn new(pickle: &'p Pickle, python2: bool, sources: SourceIndex<'p>) -> Self {
        let mut graph = Graph {
            pickle,
            python2,
            reprs_of: None,
            sources,
            builder: Builder::default(),
            names: Vec::new(),
            known_names: FxHashMap::default(),
            globals: FxHashMap::default(),
            classes: FxHashMap::default(),
            fields: FxHashMap::default(),
            lineages: FxHashMap::default(),
            classes_in_words: FxHashMap::default(),
            set_attributes: FxHashMap::default(),
            attribute_names: FxHashMap::default(),
            numbers: vec![UNNUMBERED; pickle.len()],
            small_ints: FxHashMap::default(),
            items: Vec::new(),
            texts: Vec::new(),
            scratch: Scratch::default(),
        };
        graph.look_through();
        graph
    }

    /// One pass over all nodes, reachable or not: how names are used, and what was set on whom.
    fn look_through(&mut self) {
        let python2 = self.python2;
        for node in self.pickle.ids() {
            match self.pickle.node(node) {
                View::NewObj { class, .. } | View::NewObjEx { class, .. } => {
                    if let Ref::Named(name) = self.resolve(class) {
                        self.mark(name, |uses| uses.class = true);
                    }
                }
                View::Obj { class, .. } => {
                    if let Ref::Named(name) = self.resolve(class) {
                        self.mark(name, |uses| if python2 { uses.old_class = true } else { uses.class = true });
                    }
                }
                View::Reduce { callable, args } => self.look_at_call(callable, args),
                _ => {}
            }
        }
    }

    fn look_at_call(&mut self, callable: NodeId, args: NodeId) {
        let Ref::Named(name) = self.resolve(callable) else { return };
        let args = self.pickle.as_slice(args).unwrap_or_default();
        match (self.full_name(name), args) {
            (("builtins", "setattr") | ("dill", "_dill._setattr"), &[target, name, value]) => {
                self.set_attributes.entry(target).or_default().push((name, value));
            }
            (("builtins", "type"), &[_, bases, _]) | (("dill._dill", "_create_type"), &[_, _, bases, _]) => {
                for &base in self.pickle.as_slice(bases).unwrap_or_default() {
                    if let Ref::Named(base) = self.resolve(base) {
                        self.mark(base, |uses| uses.class = true);
                    }
                }
            }
            (("cloudpickle", "_function_setstate" | "_class_setstate"), &[target, state]) => {
                self.set_by_state(target, state);
            }
            (("dill._dill", "_create_namedtuple"), &[_, fields, ..]) => self.look_at_named_tuple(args, fields),
            _ => {}
        }
    }

    fn mark(&mut self, name: u32, mark: impl FnOnce(&mut Uses)) {
        if let Some(named) = self.names.get_mut(name as usize) {
            mark(&mut named.uses);
        }
    }

    /// Says that instances of a class are exceptions, of which the pickle does not tell.
    pub(super) fn is_raised(&mut self, class: NodeId) {
        if let Ref::Named(name) = self.resolve(class) {
            self.mark(name, |uses| (uses.class, uses.exception) = (true, true));
        }
    }

    /// Says of which file the source is that of the module `__main__`: of the outermost of the frames that run a module.
    pub(super) fn look_for_main(&self, frames: &[Frame]) {
        let is_main = |frame: &&Frame| {
            &*frame.function == "<module>" && frame.module.as_deref().is_none_or(|module| module == "__main__")
        };
        if let Some(frame) = frames.iter().rev().find(is_main) {
            self.sources.main_is(&frame.file);
        }
    }

    /// The number of what a node stands for; it is described when its turn comes.
    pub(super) fn number(&mut self, node: NodeId) -> u32 {
        match self.numbers.get(node.index()) {
            None => return NOTHING,
            Some(&UNNUMBERED) => {}
            Some(&known) => return known,
        }
        let number = match self.pickle.node(node) {
            View::Int(value @ -5..=256) if !self.is_long(node) => match self.small_ints.get(&value) {
                Some(&known) => known,
                None => {
                    let number = self.enqueue(Item::Node(node));
                    self.small_ints.insert(value, number);
                    number
                }
            },
            View::Global { .. } | View::Reduce { .. } => match self.resolve(node) {
                Ref::Named(name) => self.number_of_name(name),
                Ref::Lost => NOTHING,
                Ref::Node(_) => self.enqueue(Item::Node(node)),
            },
            _ => self.enqueue(Item::Node(node)),
        };
        if let Some(place) = self.numbers.get_mut(node.index()) {
            *place = number;
        }
        number
    }

    fn number_of_name(&mut self, name: u32) -> u32 {
        match self.names.get(name as usize).map(|named| named.number) {
            None => NOTHING,
            Some(UNNUMBERED) => {
                let number = self.enqueue(Item::Named(name));
                if let Some(named) = self.names.get_mut(name as usize) {
                    named.number = number;
                }
                number
            }
            Some(known) => known,
        }
    }

    fn enqueue(&mut self, item: Item) -> u32 {
        let number = u32::try_from(self.items.len()).unwrap_or(NOTHING);
        self.items.push(item);
        number
    }

    /// The number of a text that is not in the pickle.
    fn text(&mut self, text: Arc<str>) -> u32 {
        self.texts.push(text);
        self.enqueue(Item::Text(self.texts.len() - 1))
    }

    /// Describes everything that has a number, and what that refers to. The pickle is not needed any more then.
    pub(super) fn into_objects(mut self) -> Builder {
        while let Some(&item) = self.items.get(self.builder.len()) {
            match item {
                Item::Node(node) => self.describe(node),
                Item::Named(name) => self.describe_named(name),
                Item::Text(place) => {
                    let text = self.texts.get(place).cloned().unwrap_or_default();
                    let class = self.known_class("builtins", "str");
                    let payload = Payload::Text(text.as_bytes());
                    self.builder.push(&Record { payload, ..Record::new(Kind::Str, class) });
                }
            }
        }
        self.builder
    }

    /// The state that `BUILD` gave a node: the attributes dictionary, and the one of its slots.
    pub(super) fn state(&self, node: NodeId) -> (Option<NodeId>, Option<NodeId>) {
        let mut states = self.pickle.states(node);
        match states.next() {
            Some(state) => match self.pickle.as_slice(state) {
                Some(&[dict, slots]) if self.pickle.is_tuple(state) => {
                    let some = |node| (!self.pickle.is_none(node)).then_some(node);
                    (some(dict), some(slots))
                }
                _ => (Some(state), None),
            },
            None => (None, None),
        }
    }

    /// An entry of the type table that this reader knows by name. Its `style` is its name: it prints as itself.
    fn known_class(&mut self, module: &'static str, name: &'static str) -> u32 {
        let key = ClassKey::Known(module, name);
        if let Some(&known) = self.classes.get(&key) {
            return known;
        }
        let style = match (module, name) {
            ("time", "struct_time") | ("os" | "posix", "stat_result") => "structseq",
            _ => name,
        };
        let shown = if module == "builtins" { self.builtins() } else { module };
        let class = self.builder.class(TypeInfo {
            module: shown.into(),
            name: name.into(),
            qualname: name.into(),
            style: style.into(),
            fields: names::structseq_fields(name).iter().map(|field| (*field).into()).collect(),
            ..TypeInfo::default()
        });
        self.classes.insert(key, class);
        class
    }

    /// The name of the module of the builtins, as the dump's Python has it.
    fn builtins(&self) -> &'static str {
        if self.python2 { "__builtin__" } else { "builtins" }
    }
}
