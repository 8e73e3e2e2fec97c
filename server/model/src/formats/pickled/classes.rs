//! Classes by value: made by `type(name, bases, namespace)`, or by a metaclass.

use crashsite_parse::{NodeId, View};

use crate::heap::{Kind, TypeInfo};

use super::{ClassKey, Graph, Ref};

impl Graph<'_> {
    /// Whether a node is a class by value: `type(name, bases, namespace)`, or the same by a metaclass.
    pub(super) fn is_class(&mut self, node: NodeId) -> bool {
        let View::Reduce { callable, args } = self.pickle.node(node) else { return false };
        let Some(&[name, bases, namespace]) = self.pickle.as_slice(args) else { return false };
        let shape =
            self.pickle.as_text_bytes(name).is_some() && self.pickle.is_tuple(bases) && self.pickle.is_dict(namespace);
        match self.resolve(callable) {
            Ref::Named(callable) => shape && matches!(self.full_name(callable), ("builtins", "type" | "classobj")),
            // A metaclass that is itself in the pickle. It is not followed further: shape tells enough.
            Ref::Node(_) => shape,
            Ref::Lost => false,
        }
    }

    /// A class by value is called: a metaclass makes a class, any other an instance.
    pub(super) fn call_class(&mut self, node: NodeId, class: NodeId, args: &[NodeId]) {
        if self.is_class(node) {
            return self.class_object(node, args, Some(class), false);
        }
        let class = self.class_of_node(class);
        self.instance(node, class, args);
    }

    pub(super) fn class(&mut self, node: NodeId, args: &[NodeId], old_style: bool) {
        self.class_object(node, args, None, old_style);
    }

    fn class_object(&mut self, node: NodeId, args: &[NodeId], metaclass: Option<NodeId>, old_style: bool) {
        let class = match metaclass {
            Some(metaclass) => self.class_of_node(metaclass),
            None => self.known_class("builtins", if old_style { "classobj" } else { "type" }),
        };
        let (module, name) = self.name_of_class(node);
        let mut scratch = self.take_scratch();
        if let Some(&namespace) = args.get(2) {
            self.attributes_of_dict(namespace, &mut scratch.attributes);
        }
        self.attributes_of_state(node, &mut scratch.attributes);
        scratch.elements = self.mro(node);
        let note = format!("{module}\0{name}");
        self.push(Kind::Class, class, note.as_bytes(), scratch);
    }

    /// The class and what it derives from, depth first, each once, at its last place, which is the MRO wherever there
    /// is no diamond of three levels.
    fn mro(&mut self, class: NodeId) -> Vec<u32> {
        const MOST: usize = 100;
        let mut found: Vec<u32> = Vec::new();
        let mut open = vec![class];
        while let Some(class) = open.pop() {
            let number = self.number(class);
            found.retain(|other| *other != number);
            found.push(number);
            if found.len() >= MOST || open.len() >= MOST {
                break;
            }
            if self.is_class(class)
                && let View::Reduce { args, .. } = self.pickle.node(class)
                && let Some(&[_, bases, _]) = self.pickle.as_slice(args)
            {
                let bases = self.pickle.as_slice(bases).unwrap_or_default();
                open.extend(bases.iter().rev().take(MOST).filter(|base| **base != class));
            }
        }
        found
    }

    /// Module and name of a class by value.
    pub(super) fn name_of_class(&mut self, class: NodeId) -> (String, String) {
        if let Ref::Named(name) = self.resolve(class) {
            let (module, name) = self.full_name(name);
            return (module.to_owned(), name.to_owned());
        }
        let View::Reduce { args, .. } = self.pickle.node(class) else { return Default::default() };
        let args = self.pickle.as_slice(args).unwrap_or_default();
        let text = |node: Option<&NodeId>| node.and_then(|node| self.pickle.as_text(*node)).unwrap_or_default();
        let in_namespace = args.get(2).and_then(|namespace| self.pickle.get(*namespace, "__module__"));
        let module = match in_namespace {
            Some(module) => text(Some(&module)).into_owned(),
            None => self.set_text(class, "__module__").unwrap_or_default(),
        };
        (module, text(args.first()).into_owned())
    }

    /// The entry of the type table for the instances of a class that is itself in the pickle.
    pub(super) fn class_of_node(&mut self, class: NodeId) -> u32 {
        let key = ClassKey::Node(class);
        if let Some(&known) = self.classes.get(&key) {
            return known;
        }
        let number = self.number(class);
        let (module, name) = self.name_of_class(class);
        let entry = self.builder.class(TypeInfo {
            module: module.as_str().into(),
            name: name.as_str().into(),
            qualname: name.as_str().into(),
            class: Some(number),
            style: "own".into(),
            ..Default::default()
        });
        self.classes.insert(key, entry);
        entry
    }
}
