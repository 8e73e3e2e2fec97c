//! The memo: numbers to nodes. Picklers count from 0, with gaps at most; a hostile pickle may choose any
//! number, and must not make us allocate up to it.

use std::collections::HashMap;

use super::NodeId;

const VACANT: NodeId = NodeId(u32::MAX);

#[derive(Default)]
pub(super) struct Memo {
    /// Small numbers. What stands here counts before `sparse`: it was put later.
    dense: Vec<NodeId>,
    sparse: HashMap<u64, NodeId>,
    entries: u64,
}

impl Memo {
    pub(super) fn entries(&self) -> u64 {
        self.entries
    }

    #[inline]
    pub(super) fn get(&self, index: u64) -> Option<NodeId> {
        match self.dense.get(usize::try_from(index).ok()?) {
            Some(&id) if id != VACANT => Some(id),
            _ if self.sparse.is_empty() => None,
            _ => self.sparse.get(&index).copied(),
        }
    }

    #[inline]
    pub(super) fn put(&mut self, index: u64, id: NodeId) {
        // Four places per entry at most are worth a vector.
        let near = self.entries.saturating_mul(4).saturating_add(1024);
        if let Ok(place) = usize::try_from(index)
            && (place < self.dense.len() || index < near)
        {
            if place >= self.dense.len() {
                self.dense.resize(place.saturating_add(1), VACANT);
            }
            if let Some(slot) = self.dense.get_mut(place) {
                if *slot == VACANT && !self.sparse.contains_key(&index) {
                    self.entries = self.entries.saturating_add(1);
                }
                *slot = id;
            }
        } else if self.sparse.insert(index, id).is_none() {
            self.entries = self.entries.saturating_add(1);
        }
    }
}
