//! Exceptions that are calls of their classes.

use std::sync::Arc;

use crashsite_parse::{NodeId, View};
use rustc_hash::FxHashMap;

use super::{Graph, Ref};
use crate::Exception;

/// Exceptions of one group and its groups that are looked at.
const MOST: usize = 10_000;

impl Graph<'_> {
    /// Whether a node is a call of a class that is named as exceptions are, or whose base in the sources is.
    pub(in crate::formats) fn is_an_exception(&mut self, node: NodeId) -> bool {
        let View::Reduce { callable, .. } = self.pickle.node(node) else { return false };
        matches!(self.resolve(callable), Ref::Named(name) if self.is_exception(name))
    }

    /// An exception, and after it the members of its groups. Those that it came from are not in a pickle.
    pub(in crate::formats) fn exceptions(&mut self, first: NodeId) -> Vec<Exception> {
        let mut found: Vec<Exception> = Vec::new();
        let mut known: FxHashMap<NodeId, usize> = FxHashMap::default();
        let mut open = vec![(first, None)];
        while let Some((node, group)) = open.pop() {
            let index = known.get(&node).copied().unwrap_or(found.len());
            if index >= MOST {
                break;
            }
            if let Some(group) = group.and_then(|group: usize| found.get_mut(group)) {
                group.group.push(index);
            }
            if known.insert(node, index).is_none() {
                found.push(self.raised(node));
                // The one that is pushed last is read first.
                open.extend(self.members(node).into_iter().rev().map(|member| (member, Some(index))));
            }
        }
        found
    }

    fn raised(&mut self, node: NodeId) -> Exception {
        let pickle = self.pickle;
        let message = match pickle.node(node) {
            View::Reduce { callable, args } => {
                self.is_raised(callable);
                self.message_for_constructor(callable, args, pickle.states(node).next().is_some())
            }
            _ => None,
        };
        let notes = self.slot(node, "__notes__").into_iter().flat_map(|notes| pickle.items(notes)).take(1000);
        Exception {
            object: Some(self.number(node)),
            message,
            notes: notes.filter_map(|note| pickle.as_text(note)).map(|note| note.as_ref().into()).collect(),
            ..Exception::default()
        }
    }

    /// Members of an exception group, whose arguments are a text and the members.
    fn members(&mut self, node: NodeId) -> Vec<NodeId> {
        let pickle = self.pickle;
        let View::Reduce { callable, args } = pickle.node(node) else { return Vec::new() };
        match pickle.as_slice(args) {
            Some(&[_, members]) if self.is_group(callable) => {
                let members = pickle.items(members).take(MOST);
                members.filter(|member| matches!(pickle.node(*member), View::Reduce { .. })).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a class is that of exception groups: by its name, or by that of a base which is in the pickle with it. Others
    /// have lists of exceptions among their arguments, too.
    pub(in crate::formats) fn is_group(&mut self, class: NodeId) -> bool {
        let bases = self.bases(class).iter().take(100);
        std::iter::once(&class).chain(bases).any(|class| self.name_of_class(*class).1.ends_with("Group"))
    }

    /// The message of an exception that is made by a call of its class with several arguments. A class of the program's own
    /// that has no state beside these has told pickle itself how it is made (`__reduce__`), with what its constructor takes,
    /// and the message comes first there.
    pub(in crate::formats) fn message_for_constructor(
        &mut self,
        class: NodeId,
        args: NodeId,
        state: bool,
    ) -> Option<Arc<str>> {
        let own = match self.resolve(class) {
            Ref::Named(name) => !matches!(self.full_name(name).0, "builtins" | "exceptions"),
            Ref::Node(_) => true,
            Ref::Lost => false,
        };
        match self.pickle.as_slice(args)? {
            &[first, _, ..] if own && !state => Some(self.pickle.as_text(first)?.as_ref().into()),
            _ => None,
        }
    }
}
