//! Classes by value: made by `type(name, bases, namespace)`, or by a metaclass.

use crashsite_parse::{NodeId, View};

use crate::heap::{Kind, TypeInfo};

use super::lineage::Lineage;
use super::{ClassKey, Graph, Ref};

/// What a class by value is made of.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    /// What made it, where that is not `type` itself.
    metaclass: Option<NodeId>,
    /// Of Python 2's old style.
    old_style: bool,
    name: Option<NodeId>,
    module: Option<NodeId>,
    bases: Option<NodeId>,
    namespace: Option<NodeId>,
    /// Members of an enumeration.
    members: Option<NodeId>,
}

impl<'p> Graph<'p> {
    /// What a node is made of, where it is a class by value: `type(name, bases, namespace)`, the same by a metaclass, or by a
    /// function of dill or cloudpickle.
    fn parts_of_class(&mut self, node: NodeId) -> Option<Parts> {
        let View::Reduce { callable, args } = self.pickle.node(node) else { return None };
        let args = self.pickle.as_slice(args)?;
        let name = match self.resolve(callable) {
            Ref::Named(name) => Some(self.full_name(name)),
            // A metaclass that is itself in the pickle. It is not followed further: shape tells enough.
            Ref::Node(_) => None,
            Ref::Lost => return None,
        };
        let parts = match (name, args) {
            (Some(("builtins", made @ ("type" | "classobj"))), &[name, bases, namespace]) => Parts {
                old_style: made == "classobj",
                name: Some(name),
                bases: Some(bases),
                namespace: Some(namespace),
                ..Parts::default()
            },
            (None, &[name, bases, namespace]) => Parts {
                metaclass: Some(callable),
                name: Some(name),
                bases: Some(bases),
                namespace: Some(namespace),
                ..Parts::default()
            },
            (Some(("dill._dill", "_create_type")), &[metaclass, name, bases, namespace])
            | (Some(("cloudpickle", "_make_skeleton_class")), &[metaclass, name, bases, namespace, ..]) => Parts {
                metaclass: Some(metaclass),
                name: Some(name),
                bases: Some(bases),
                namespace: Some(namespace),
                ..Parts::default()
            },
            (Some(("cloudpickle", "_make_skeleton_enum")), &[bases, name, _, members, module, ..]) => Parts {
                name: Some(name),
                module: Some(module),
                bases: Some(bases),
                members: Some(members),
                ..Parts::default()
            },
            _ => return None,
        };
        let named = parts.name.is_some_and(|name| self.pickle.as_text_bytes(name).is_some());
        let shape = parts.bases.is_some_and(|bases| self.pickle.is_tuple(bases));
        let filled = parts.namespace.is_none_or(|namespace| self.pickle.is_dict(namespace));
        (named && shape && filled).then_some(parts)
    }

    /// What a class by value derives from.
    pub(super) fn bases(&mut self, class: NodeId) -> &'p [NodeId] {
        let bases = self.parts_of_class(class).and_then(|parts| self.pickle.as_slice(parts.bases?));
        bases.unwrap_or_default()
    }

    /// Whether a node is a class by value.
    pub(super) fn is_class(&mut self, node: NodeId) -> bool {
        self.parts_of_class(node).is_some()
    }

    /// A class by value is called: a metaclass makes a class, any other an instance.
    pub(super) fn call_class(&mut self, node: NodeId, class: NodeId, args: &[NodeId]) {
        if self.is_class(node) {
            return self.class(node);
        }
        let entry = self.class_of_node(class);
        match self.lineage(class) {
            Some(Lineage::Enumeration) if args.len() == 1 => {
                self.filled(node, Kind::Instance, entry, |graph, scratch| {
                    args.iter().for_each(|value| graph.attribute(scratch, "_value_", *value));
                });
            }
            Some(Lineage::Enumeration) => self.instance(node, entry, args),
            Some(Lineage::Exception) => self.exception_of(node, entry, args),
            Some(Lineage::Collection(kind)) => self.collection(node, kind, entry, args),
            None => self.instance(node, entry, args),
        }
    }

    /// Describes a class by value.
    pub(super) fn class(&mut self, node: NodeId) {
        let Some(parts) = self.parts_of_class(node) else {
            return self.strange("<a class that cannot be read>".to_owned());
        };
        let class = match parts.metaclass {
            Some(metaclass) => self.class_of(metaclass),
            None if parts.members.is_some() => self.known_class("enum", "EnumType"),
            None => self.known_class("builtins", if parts.old_style { "classobj" } else { "type" }),
        };
        let (module, name) = self.name_of_class(node);
        let mut scratch = self.take_scratch();
        for namespace in [parts.namespace, parts.members].into_iter().flatten() {
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
            open.extend(self.bases(class).iter().rev().take(MOST).filter(|base| **base != class));
        }
        found
    }

    /// Module and name of a class by value.
    pub(super) fn name_of_class(&mut self, class: NodeId) -> (String, String) {
        if let Ref::Named(name) = self.resolve(class) {
            let (module, name) = self.full_name(name);
            return (module.to_owned(), name.to_owned());
        }
        let Some(parts) = self.parts_of_class(class) else { return Default::default() };
        let in_namespace = parts.namespace.and_then(|namespace| self.pickle.get(namespace, "__module__"));
        let module = match in_namespace.or(parts.module) {
            Some(module) => self.text_at(Some(module)),
            None => self.set_text(class, "__module__").unwrap_or_default(),
        };
        let qualname = parts.namespace.and_then(|namespace| self.pickle.get(namespace, "__qualname__"));
        let qualname = qualname.map(|name| self.text_at(Some(name))).or_else(|| self.set_text(class, "__qualname__"));
        (module, qualname.filter(|name| !name.is_empty()).unwrap_or_else(|| self.text_at(parts.name)))
    }

    /// The entry of the type table for the instances of a class that is itself in the pickle.
    pub(super) fn class_of_node(&mut self, class: NodeId) -> u32 {
        let key = ClassKey::Node(class);
        if let Some(&known) = self.classes.get(&key) {
            return known;
        }
        let number = self.number(class);
        let (module, name) = self.name_of_class(class);
        let style = if self.lineage(class) == Some(Lineage::Enumeration) { "enum" } else { "own" };
        let entry = self.builder.class(TypeInfo {
            module: module.as_str().into(),
            name: name.rsplit('.').next().unwrap_or(&name).into(),
            qualname: name.as_str().into(),
            class: Some(number),
            style: style.into(),
            ..Default::default()
        });
        self.classes.insert(key, entry);
        entry
    }
}
