//! A pickle that ends in the middle: what was being built is closed, from the innermost to the outermost.
//!
//! Picklers write a container, then what is in it, then that it belongs there. So what was being built is on the stack, each
//! thing above the one that it was meant for, and mostly it can be told what for. What cannot be told is left out: a last
//! number or text may have been the value of its key, or the first element of a tuple that would have been.

use super::super::NodeId;
use super::super::node::{Chunk, ChunkKind, NO_CHUNK, Node};
use super::Machine;

/// Elements or pairs that picklers put into a container at a time.
const BATCH: u32 = 1000;

impl Machine<'_> {
    /// The outermost value, as far as it goes; `None` where there is nothing in it.
    pub(super) fn close(&mut self) -> Option<NodeId> {
        // What is made from here on was made by no opcode.
        self.at = self.reader.input().len();
        while let Some(&mark) = self.marks.last() {
            self.fold(mark as usize, false);
            self.pop_mark().ok()?;
            self.leave(mark as usize)?;
        }
        self.fold(0, true);
        self.stack.first().copied().filter(|root| self.holds(*root))
    }

    /// Whether loading would have called something by a name, or imported something in what says that it is a pickle.
    pub(super) fn acts(&self) -> bool {
        let is_named = |id: NodeId| matches!(self.kind(id), Some(Node::Global(..) | Node::Ext(_)));
        self.arena.nodes.iter().any(|node| match *node {
            Node::Reduce(called, _) | Node::NewObj(called, _) | Node::NewObjEx(called, ..) | Node::Obj(called, _) => {
                is_named(called)
            }
            Node::Global(..) => self.protocol >= 2,
            _ => false,
        })
    }

    /// What the top of the stack, down to `floor`, was meant for, as often as that is plain. `alone`: no container waits for
    /// several of them, so that what follows a container belongs to it.
    fn fold(&mut self, floor: usize, alone: bool) {
        loop {
            let open = self.stack.get(floor..).unwrap_or_default();
            let kind = |back: usize| open.len().checked_sub(back).and_then(|at| self.kind(*open.get(at)?));
            let (below, top) = (kind(2), kind(1));
            let step = match (below, top) {
                (Some(Node::Global(..)), Some(Node::Tuple(_))) => self.two(Node::Reduce),
                (Some(made), Some(Node::Dict | Node::Tuple(_))) if is_made(made) && self.is_without_state(2) => {
                    self.update(self.stack.len().saturating_sub(1), ChunkKind::Build)
                }
                _ if !alone => return,
                // What could be the first part of anything, and a key without a value.
                (Some(_), Some(last)) if is_plain(last) => self.pop().map(drop),
                (Some(Node::Dict), Some(_)) => self.pop().map(drop),
                (Some(Node::List), Some(_)) if self.may_go_on(2) => {
                    self.update(self.stack.len().saturating_sub(1), ChunkKind::Append)
                }
                (Some(Node::List | Node::Set), Some(_)) => self.short_tuple(2),
                (Some(_), Some(_)) if kind(3) == Some(Node::Dict) => {
                    self.update(self.stack.len().saturating_sub(2), ChunkKind::Set)
                }
                (Some(_), Some(_)) => self.short_tuple(2),
                _ => return,
            };
            if step.is_err() {
                return;
            }
        }
    }

    /// Gives what is above a mark to the container that it was set for, or makes a tuple of it.
    fn leave(&mut self, mark: usize) -> Option<()> {
        let items = self.stack.get(mark..)?;
        let back = items.len().saturating_add(1);
        let target = mark.checked_sub(1).filter(|place| *place >= self.fence && self.may_go_on(back));
        let target = target.and_then(|place| self.kind(*self.stack.get(place)?));
        let filled = match target {
            Some(Node::Dict) => ChunkKind::Set,
            Some(Node::List) => ChunkKind::Append,
            Some(Node::Set) => ChunkKind::Add,
            // Subclasses of these are filled like them.
            Some(made) if is_made(made) && items.iter().step_by(2).all(|key| self.is_text(*key)) => ChunkKind::Set,
            Some(made) if is_made(made) => ChunkKind::Append,
            _ => {
                let items = self.take(mark).ok()?;
                return self.push(Node::Tuple(items)).ok();
            }
        };
        let last_is_plain = self.stack.last().and_then(|last| self.kind(*last)).is_some_and(is_plain);
        let whole = match filled {
            ChunkKind::Set => self.pairs(mark),
            _ => items.len().saturating_sub(usize::from(last_is_plain)),
        };
        self.stack.truncate(mark.saturating_add(whole));
        self.update(mark, filled).ok()
    }

    /// How many of the values above a mark are whole pairs. Where the first key is a text, so are the others.
    fn pairs(&self, mark: usize) -> usize {
        let items = self.stack.get(mark..).unwrap_or_default();
        let of_texts = items.first().is_some_and(|key| self.is_text(*key));
        let astray = |key: &NodeId| of_texts && !self.is_text(*key);
        // What is no key was part of the value before.
        let mut count = match items.iter().step_by(2).position(astray) {
            Some(pair) => pair.saturating_sub(1).saturating_mul(2),
            None => items.len() & !1,
        };
        let value = |count: usize| items.get(count.checked_sub(1)?).copied();
        let is_plain = |id: NodeId| self.kind(id).is_some_and(is_plain);
        let is_bare = |id: NodeId| self.kind(id) == Some(Node::Dict) && self.is_empty(id);
        // The last value may be the first part of another, and what follows an empty dictionary may be in it.
        if value(count).is_some_and(is_plain) || count.checked_sub(2).and_then(value).is_some_and(is_bare) {
            count = count.saturating_sub(2);
        }
        count
    }

    fn kind(&self, id: NodeId) -> Option<Node> {
        self.arena.nodes.get(id.index()).copied()
    }

    fn is_empty(&self, id: NodeId) -> bool {
        self.arena.chains.get(id.index()).is_none_or(|chain| chain.first == NO_CHUNK)
    }

    /// What last happened to what is `back` from the top.
    fn last_update(&self, back: usize) -> Option<&Chunk> {
        let id = self.stack.len().checked_sub(back).and_then(|at| self.stack.get(at));
        let chain = id.and_then(|id| self.arena.chains.get(id.index()));
        chain.and_then(|chain| self.arena.chunks.get(chain.last as usize))
    }

    /// Whether a state may follow: it is the last that is set.
    fn is_without_state(&self, back: usize) -> bool {
        self.last_update(back).is_none_or(|last| last.kind != ChunkKind::Build)
    }

    /// Whether more may be put into a container. Picklers do so a thousand elements at a time; but for protocol 0, one.
    fn may_go_on(&self, back: usize) -> bool {
        let full = |last: &Chunk| self.protocol < 2 || last.slice.len.is_multiple_of(BATCH);
        self.is_without_state(back) && self.last_update(back).is_none_or(full)
    }

    /// Whether there is anything to look at in a value.
    fn holds(&self, root: NodeId) -> bool {
        match self.kind(root) {
            Some(Node::List | Node::Dict | Node::Set) => !self.is_empty(root),
            Some(Node::Tuple(items)) => items.len > 0,
            Some(made) => is_made(made),
            None => false,
        }
    }
}

/// What was made by a call, so that a state may follow.
fn is_made(node: Node) -> bool {
    matches!(node, Node::Reduce(..) | Node::NewObj(..) | Node::NewObjEx(..) | Node::Obj(..))
}

/// What has nothing in it, and so may be the first part of something else.
fn is_plain(node: Node) -> bool {
    match node {
        Node::Tuple(items) | Node::FrozenSet(items) => items.len == 0,
        Node::List | Node::Dict | Node::Set => false,
        other => !is_made(other),
    }
}
