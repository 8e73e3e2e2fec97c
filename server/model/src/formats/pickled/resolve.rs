//! Nodes that stand for something else: names, modules, attributes of named things.

use crashsite_parse::{NodeId, View};

use super::{Graph, Named, Ref, UNNUMBERED, Uses, names};

/// `getattr(getattr(…))`: more than a pickler ever nests.
const DEEPEST: usize = 16;

impl Graph<'_> {
    /// What a node stands for.
    pub(in crate::formats) fn resolve(&mut self, node: NodeId) -> Ref {
        self.resolve_at(node, 0)
    }

    fn resolve_at(&mut self, node: NodeId, depth: usize) -> Ref {
        match self.pickle.node(node) {
            View::Global { module, name } => {
                if let Some(&known) = self.globals.get(&node) {
                    return Ref::Named(known);
                }
                if name == b"__dict__" {
                    return Ref::Lost;
                }
                let (module, name) = (String::from_utf8_lossy(module), String::from_utf8_lossy(name));
                let (module, name) = names::canonical(&module, &name, self.python2);
                let name = self.name(module, name);
                self.globals.insert(node, name);
                Ref::Named(name)
            }
            // What is registered under a number is not in the file.
            View::Ext(code) => Ref::Named(self.name("copyreg", &format!("extension {code}"))),
            View::Reduce { callable, args } if depth < DEEPEST => {
                if let Some((module, name)) = self.named_by_call(callable, args) {
                    return Ref::Named(self.name(&module, &name));
                }
                let Some(&[object, attribute] | &[object, attribute, _]) = self.pickle.as_slice(args) else {
                    return Ref::Node(node);
                };
                match self.pickle.node(callable) {
                    View::Global { module: b"operator", name: b"getitem" } => self.module_of(node, object, attribute),
                    View::Global { module: b"__builtin__" | b"builtins", name: b"getattr" }
                    | View::Global { module: b"dill._dill" | b"dill.dill", name: b"_get_attr" | b"_getattr" } => {
                        self.attribute_of(node, object, attribute, depth)
                    }
                    // dill itself may look `getattr` up.
                    View::Reduce { callable, args }
                        if self.named_by_call(callable, args).is_some_and(|(module, name)| {
                            names::canonical(&module, &name, self.python2) == ("builtins", "getattr")
                        }) =>
                    {
                        self.attribute_of(node, object, attribute, depth)
                    }
                    _ => Ref::Node(node),
                }
            }
            _ => Ref::Node(node),
        }
    }

    /// `sys.modules[name]`
    fn module_of(&mut self, node: NodeId, object: NodeId, key: NodeId) -> Ref {
        let modules = matches!(self.pickle.node(object), View::Global { module: b"sys", name: b"modules" });
        match self.pickle.as_text(key) {
            Some(module) if modules => Ref::Named(self.name(&module, "")),
            _ => Ref::Node(node),
        }
    }

    /// `getattr(object, name)`, where the object is known by its name.
    fn attribute_of(&mut self, node: NodeId, object: NodeId, name: NodeId, depth: usize) -> Ref {
        // A node is resolved once for each reference to it; that its chain is short keeps this cheap.
        let Ref::Named(owner) = self.resolve_at(object, depth + 1) else { return Ref::Node(node) };
        let Some(attribute) = self.pickle.as_text(name) else { return Ref::Node(node) };
        let (module, name) = match self.names.get(owner as usize) {
            Some(named) => (named.module.clone(), named.name.clone()),
            None => return Ref::Node(node),
        };
        match &*attribute {
            "__dict__" => Ref::Lost,
            "im_func" | "__func__" => Ref::Named(owner),
            _ if name.is_empty() => Ref::Named(self.name(&module, &attribute)),
            _ => Ref::Named(self.name(&module, &format!("{name}.{attribute}"))),
        }
    }

    /// The index of a name; the same for the same name.
    pub(super) fn name(&mut self, module: &str, name: &str) -> u32 {
        let key = (module.into(), name.into());
        if let Some(&known) = self.known_names.get(&key) {
            return known;
        }
        let index = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let (module, name) = key.clone();
        self.names.push(Named { module, name, uses: Uses::default(), number: UNNUMBERED });
        self.known_names.insert(key, index);
        index
    }

    /// Module and name behind an index. The module of the builtins is `builtins`, whatever the dump's Python calls it.
    pub(super) fn full_name(&self, name: u32) -> (&str, &str) {
        self.names.get(name as usize).map_or(("", ""), |named| (&named.module, &named.name))
    }
}
