//! Reading the fields of a part's pickle: what is missing is missing, what has the wrong type is a problem.

use std::sync::Arc;

use crashsite_parse::{NodeId, Pickle};
use rustc_hash::FxHashMap;

use crate::problem::Problems;
use crate::text::scalar_text;

/// A pickle, and where its problems go.
pub(super) struct Fields<'a> {
    pub(super) pickle: &'a Pickle,
    offset: u64,
    part: &'a str,
    problems: &'a mut Problems,
    texts: FxHashMap<NodeId, Arc<str>>,
    /// How many more things may be taken out. A writer writes each thing once, so that there cannot be more of them
    /// than nodes; a pickle that refers to the same list a million times is a bomb.
    budget: usize,
    /// How many bytes of text may still be taken out again, beyond the first time.
    again: usize,
    /// How much may still be shown beyond what there is, by frames that stand in several stacks.
    shared: usize,
    /// Whether that was already said.
    told: bool,
}

/// Honest dumps name a file or a class often, and share frames between exceptions, but not without end.
const TEXT_AGAIN: usize = 16 << 20;
const SHARED_FRAMES: usize = 500_000;

/// A dictionary with text keys; of a key that comes twice the last one counts.
pub(super) struct Dict<'a> {
    entries: Vec<(&'a [u8], NodeId)>,
}

impl Dict<'_> {
    pub(super) fn get(&self, key: &str) -> Option<NodeId> {
        self.entries.iter().rev().find(|(name, _)| *name == key.as_bytes()).map(|entry| entry.1)
    }
}

impl<'a> Fields<'a> {
    pub(super) fn new(pickle: &'a Pickle, offset: u64, part: &'a str, problems: &'a mut Problems) -> Self {
        let budget = pickle.len().saturating_mul(2).saturating_add(1000);
        let again = pickle.input().len().saturating_mul(8).saturating_add(TEXT_AGAIN);
        let texts = FxHashMap::default();
        Fields { pickle, offset, part, problems, texts, budget, again, shared: SHARED_FRAMES, told: false }
    }

    pub(super) fn complain(&mut self, message: &str) {
        self.problems.at(self.offset, format!("{}: {message}", self.part));
    }

    /// Takes from the budget; `false` where nothing is left.
    pub(super) fn spend(&mut self, count: usize) -> bool {
        let was = self.budget;
        self.budget = was.saturating_sub(count);
        if was > 0 && self.budget == 0 {
            self.complain("it refers to the same values again and again; the rest is left out");
        }
        self.budget > 0
    }

    /// Keeps the frames that may still be shown, of which `weights` says how much each would write.
    pub(super) fn bounded(&mut self, frames: Vec<usize>, weights: &[usize]) -> Vec<usize> {
        let mut kept = frames;
        let fitting = kept
            .iter()
            .take_while(|frame| {
                let weight = weights.get(**frame).copied().unwrap_or(0);
                let fits = weight <= self.shared;
                self.shared = self.shared.saturating_sub(weight);
                fits
            })
            .count();
        if fitting < kept.len() {
            if !self.told {
                self.told = true;
                self.complain("the same frames stand in too many stacks; the rest is left out");
            }
            self.shared = 0;
            kept.truncate(fitting);
        }
        kept
    }

    /// Room for what is shown once.
    pub(super) fn make_room(&mut self, weights: &[usize]) {
        self.shared = weights.iter().fold(self.shared, |sum, weight| sum.saturating_add(weight.saturating_mul(4)));
    }

    /// The dictionary at a node. A dictionary of this format has a few dozen keys; more are not looked at.
    pub(super) fn dict(&mut self, node: NodeId, what: &str) -> Option<Dict<'a>> {
        if !self.pickle.is_dict(node) {
            self.complain(&format!("{what} is no dictionary"));
            return None;
        }
        let pickle = self.pickle;
        let entries: Vec<_> =
            pickle.pairs(node).take(200).filter_map(|(key, value)| Some((pickle.as_str_bytes(key)?, value))).collect();
        self.spend(entries.len() / 16 + 1).then_some(Dict { entries })
    }

    /// A dictionary without keys.
    pub(super) fn empty(&self) -> Dict<'a> {
        Dict { entries: Vec::new() }
    }

    /// Elements of a list or tuple.
    pub(super) fn list(&mut self, dict: &Dict<'_>, key: &str) -> Vec<NodeId> {
        match self.value(dict, key) {
            Some(node) => self.items(node, key),
            None => Vec::new(),
        }
    }

    pub(super) fn items(&mut self, node: NodeId, what: &str) -> Vec<NodeId> {
        if !self.pickle.is_list(node) && !self.pickle.is_tuple(node) {
            self.complain(&format!("{what} is no list"));
            return Vec::new();
        }
        if !self.spend(self.pickle.item_count(node)) {
            return Vec::new();
        }
        self.pickle.items(node).collect()
    }

    /// The value of a key, unless it is `None`.
    pub(super) fn value(&self, dict: &Dict<'_>, key: &str) -> Option<NodeId> {
        dict.get(key).filter(|node| !self.pickle.is_none(*node))
    }

    fn of<T>(
        &mut self,
        dict: &Dict<'_>,
        key: &str,
        kind: &str,
        read: impl FnOnce(&mut Self, NodeId) -> Option<T>,
    ) -> Option<T> {
        let node = self.value(dict, key)?;
        let value = read(self, node);
        if value.is_none() {
            self.complain(&format!("{key} is no {kind}"));
        }
        value
    }

    pub(super) fn text(&mut self, dict: &Dict<'_>, key: &str) -> Option<Arc<str>> {
        self.of(dict, key, "text", Self::text_of)
    }

    /// The text of a node, one copy of it however often the node is referred to.
    pub(super) fn text_of(&mut self, node: NodeId) -> Option<Arc<str>> {
        if let Some(text) = self.texts.get(&node).cloned() {
            if text.len() > self.again {
                if self.again > 0 {
                    self.again = 0;
                    self.complain("it refers to the same text again and again; there it is left out");
                }
                return Some(Arc::from(""));
            }
            self.again -= text.len();
            return Some(text);
        }
        let text: Arc<str> = scalar_text(self.pickle.as_str_bytes(node)?).into();
        self.texts.insert(node, text.clone());
        Some(text)
    }

    pub(super) fn texts(&mut self, dict: &Dict<'_>, key: &str) -> Vec<Arc<str>> {
        let nodes = self.list(dict, key);
        let mut texts = Vec::with_capacity(nodes.len());
        for node in nodes {
            match self.text_of(node) {
                Some(text) => texts.push(text),
                None => self.complain(&format!("something in {key} is no text")),
            }
        }
        texts
    }

    /// Numbers by names, at most as many as there are of anything that is counted.
    pub(super) fn counts(&mut self, dict: &Dict<'_>, key: &str) -> Vec<(Arc<str>, u64)> {
        let Some(node) = self.value(dict, key) else { return Vec::new() };
        let pairs = self.pickle.pairs(node).take(200);
        pairs.filter_map(|(name, count)| Some((self.text_of(name)?, self.count_of(count)?))).collect()
    }

    pub(super) fn int(&mut self, dict: &Dict<'_>, key: &str) -> Option<i64> {
        self.of(dict, key, "int of 64 bits", |fields, node| fields.pickle.as_int(node))
    }

    pub(super) fn wide_int(&mut self, dict: &Dict<'_>, key: &str) -> Option<i128> {
        self.of(dict, key, "int", |fields, node| fields.pickle.as_i128(node))
    }

    pub(super) fn count(&mut self, dict: &Dict<'_>, key: &str) -> Option<u64> {
        self.of(dict, key, "number from 0 on", Self::count_of)
    }

    pub(super) fn count_of(&mut self, node: NodeId) -> Option<u64> {
        u64::try_from(self.pickle.as_i128(node)?).ok()
    }

    pub(super) fn float(&mut self, dict: &Dict<'_>, key: &str) -> Option<f64> {
        self.of(dict, key, "number", |fields, node| fields.pickle.as_f64(node))
    }

    pub(super) fn flag(&mut self, dict: &Dict<'_>, key: &str) -> Option<bool> {
        self.of(dict, key, "bool", |fields, node| fields.pickle.as_bool(node))
    }

    /// An object number. 0xFFFFFFFF is that of no object.
    pub(super) fn number(&mut self, dict: &Dict<'_>, key: &str) -> Option<u32> {
        self.of(dict, key, "object number", Self::number_of).filter(|number| *number != u32::MAX)
    }

    pub(super) fn number_of(&mut self, node: NodeId) -> Option<u32> {
        u32::try_from(self.pickle.as_int(node)?).ok()
    }

    pub(super) fn index(&mut self, dict: &Dict<'_>, key: &str) -> Option<usize> {
        self.of(dict, key, "index", |fields, node| usize::try_from(fields.pickle.as_int(node)?).ok())
    }

    /// A list of indexes below `most`.
    pub(super) fn indexes(&mut self, dict: &Dict<'_>, key: &str, most: usize) -> Vec<usize> {
        let nodes = self.list(dict, key);
        let mut indexes = Vec::with_capacity(nodes.len());
        for node in nodes {
            match self.pickle.as_int(node).and_then(|value| usize::try_from(value).ok()) {
                Some(index) if index < most => indexes.push(index),
                _ => self.complain(&format!("{key} names something that is not there")),
            }
        }
        indexes
    }
}
