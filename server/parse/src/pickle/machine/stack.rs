//! The stack, its marks, and the memo: what opcodes take from them and put on them. The discipline is that of
//! CPython's `Modules/_pickle.c`: no opcode reaches below the last mark.

use super::super::NodeId;
use super::super::node::{Chunk, ChunkKind, NO_CHUNK, Node, Slice};
use super::{Arena, Fault, Machine, Step};
use crate::limits::LimitKind;

impl Machine<'_> {
    #[inline]
    pub(super) fn push_id(&mut self, id: NodeId) -> Step {
        if self.stack.len() as u64 >= self.limits.max_stack {
            return Err(Fault::Limit(LimitKind::Stack));
        }
        self.stack.push(id);
        Ok(())
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Step<NodeId> {
        if self.stack.len() <= self.fence {
            return Err(Fault::Underflow);
        }
        self.stack.pop().ok_or(Fault::Underflow)
    }

    #[inline]
    pub(super) fn top(&self) -> Step<NodeId> {
        if self.stack.len() <= self.fence {
            return Err(Fault::Underflow);
        }
        self.stack.last().copied().ok_or(Fault::Underflow)
    }

    pub(super) fn mark(&mut self) -> Step {
        if self.marks.len() as u64 >= u64::from(self.limits.max_depth) {
            return Err(Fault::Limit(LimitKind::Depth));
        }
        self.fence = self.stack.len();
        self.marks.push(self.fence as u32);
        Ok(())
    }

    /// Removes the last mark: the height of the stack where it was set.
    #[inline]
    pub(super) fn pop_mark(&mut self) -> Step<usize> {
        let mark = self.marks.pop().ok_or(Fault::NoMark)?;
        self.fence = self.marks.last().map_or(0, |&mark| mark as usize);
        Ok(mark as usize)
    }

    /// The height of the stack without its `count` topmost entries.
    #[inline]
    pub(super) fn below(&self, count: usize) -> Step<usize> {
        match self.stack.len().checked_sub(count) {
            Some(height) if height >= self.fence => Ok(height),
            _ => Err(Fault::Underflow),
        }
    }

    /// Moves the stack from `from` on to the edges.
    #[inline]
    pub(super) fn take(&mut self, from: usize) -> Step<Slice> {
        let items = self.stack.get(from..).ok_or(Fault::Underflow)?;
        let edges = &mut self.arena.edges;
        let start = edges.len();
        let end = start.saturating_add(items.len());
        if end as u64 > self.limits.max_references.min(u64::from(u32::MAX)) {
            return Err(Fault::Limit(LimitKind::References));
        }
        edges.extend_from_slice(items);
        let slice = Slice { start: start as u32, len: items.len() as u32 };
        self.stack.truncate(from);
        Ok(slice)
    }

    pub(super) fn short_tuple(&mut self, count: usize) -> Step {
        let from = self.below(count)?;
        let slice = self.take(from)?;
        self.push(Node::Tuple(slice))
    }

    pub(super) fn filled(&mut self, node: Node, kind: ChunkKind) -> Step {
        let from = self.pop_mark()?;
        let id = self.node(node)?;
        self.extend(id, from, kind)?;
        self.push_id(id)
    }

    /// The stack from `from` on goes to the object right below.
    #[inline]
    pub(super) fn update(&mut self, from: usize, kind: ChunkKind) -> Step {
        let place = from.checked_sub(1).ok_or(Fault::Underflow)?;
        if place < self.fence {
            return Err(Fault::Underflow);
        }
        let &target = self.stack.get(place).ok_or(Fault::Underflow)?;
        self.accepts(target, kind)?;
        self.extend(target, from, kind)
    }

    /// Plain values cannot be filled. What an object of some class can take is not known here.
    #[inline]
    pub(super) fn accepts(&self, target: NodeId, kind: ChunkKind) -> Step {
        let &node = self.arena.nodes.get(target.index()).ok_or(Fault::Underflow)?;
        let ok = match node {
            Node::List => matches!(kind, ChunkKind::Append | ChunkKind::Build),
            Node::Dict => matches!(kind, ChunkKind::Set | ChunkKind::Build),
            Node::Set => matches!(kind, ChunkKind::Add | ChunkKind::Build),
            Node::Global(..)
            | Node::Reduce(..)
            | Node::NewObj(..)
            | Node::NewObjEx(..)
            | Node::Obj(..)
            | Node::Ext(_)
            | Node::PersId(_)
            | Node::BinPersId(_)
            | Node::NextBuffer(_)
            | Node::ReadonlyBuffer(_)
            | Node::ByteArray(_) => true,
            _ => false,
        };
        match (ok, kind) {
            (true, _) => Ok(()),
            (false, ChunkKind::Build) => Err(Fault::Cannot("set the state of a plain value")),
            (false, ChunkKind::Append) => Err(Fault::Cannot("append to what is no list")),
            (false, ChunkKind::Add) => Err(Fault::Cannot("add to what is no set")),
            (false, ChunkKind::Set) => Err(Fault::Cannot("set items of what is no dict")),
        }
    }

    pub(super) fn extend(&mut self, target: NodeId, from: usize, kind: ChunkKind) -> Step {
        let count = self.stack.len().saturating_sub(from);
        if kind == ChunkKind::Set && count & 1 == 1 {
            return Err(Fault::OddItems);
        }
        if count == 0 {
            return Ok(());
        }
        let slice = self.take(from)?;
        let plain = matches!(self.arena.nodes.get(target.index()), Some(Node::List | Node::Dict | Node::Set));
        if kind == ChunkKind::Build || !plain {
            self.arena.changes.push((target, self.at as u32));
        }
        let full = self.values() >= self.limits.max_values;
        let Arena { chains, chunks, .. } = &mut self.arena;
        let chain = chains.get_mut(target.index()).ok_or(Fault::Underflow)?;
        let last = chunks.get_mut(chain.last as usize);
        // Element after element without anything in between makes one chunk, not many.
        if let Some(last) = last
            && last.kind == kind
            && kind != ChunkKind::Build
            && last.slice.start.saturating_add(last.slice.len) == slice.start
        {
            last.slice.len = last.slice.len.saturating_add(slice.len);
            return Ok(());
        }
        if full {
            return Err(Fault::Limit(LimitKind::Values));
        }
        let id = u32::try_from(chunks.len()).map_err(|_| Fault::Limit(LimitKind::Values))?;
        match chunks.get_mut(chain.last as usize) {
            Some(last) => last.next = id,
            None => chain.first = id,
        }
        chain.last = id;
        chunks.push(Chunk { kind, slice, next: NO_CHUNK });
        Ok(())
    }

    pub(super) fn put(&mut self, index: u64) -> Step {
        let top = self.top()?;
        if self.memo.entries() >= self.limits.max_memo && self.memo.get(index).is_none() {
            return Err(Fault::Limit(LimitKind::Memo));
        }
        self.memo.put(index, top);
        Ok(())
    }

    pub(super) fn get(&mut self, index: u64) -> Step {
        let id = self.memo.get(index).ok_or(Fault::NoMemo(index))?;
        self.push_id(id)
    }
}
