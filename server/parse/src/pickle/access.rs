//! Reading the arena.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use super::node::{Chunk, ChunkKind, NO_CHUNK, Node, Slice, Span, lossy};
use super::{BigInt, NodeId, Opcode, OpcodeSet, Pickle, Update, View};
use crate::error::Error;

impl Pickle {
    /// The value that the pickle stands for.
    #[must_use]
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// Number of nodes; node ids count up to it.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "there is always a root")]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// All nodes, in the order in which they were made. Some may not be reachable from the root.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// The bytes that the pickle was read from.
    #[must_use]
    pub fn input(&self) -> &[u8] {
        &self.input
    }

    /// What is wrong with a pickle that was salvaged.
    #[must_use]
    pub fn fault(&self) -> Option<&Error> {
        self.fault.as_ref()
    }

    /// Where the pickle ends in [`Self::input`]: one past its `STOP`, or where it could not be read on. Bytes after it were
    /// not looked at. Nodes from there on ([`Self::offset`]) were made by no opcode.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// The highest protocol that a `PROTO` declared; 0 where there was none.
    #[must_use]
    pub fn protocol(&self) -> u8 {
        self.protocol
    }

    /// How many opcodes it has.
    #[must_use]
    pub fn opcode_count(&self) -> u64 {
        self.count
    }

    /// Which opcodes it has.
    #[must_use]
    pub fn opcodes_used(&self) -> OpcodeSet {
        self.opcodes
    }

    /// Whether it has only the opcodes that a version 3 dump may have ([`OpcodeSet::DATA`]).
    ///
    /// # Errors
    /// The first opcode that is not among them, and its byte offset in the pickle.
    pub fn only_data(&self) -> Result<(), (Opcode, u64)> {
        match self.beyond_data {
            None => Ok(()),
            Some(found) => Err(found),
        }
    }

    /// Byte offset of the opcode that made the node. (`None`, `True` and `False` are one node each: where
    /// they were met first.)
    #[must_use]
    pub fn offset(&self, id: NodeId) -> u64 {
        self.offsets.get(id.index()).copied().map_or(0, u64::from)
    }

    /// The opcode that made the node.
    #[must_use]
    pub fn opcode(&self, id: NodeId) -> Option<Opcode> {
        usize::try_from(self.offset(id)).ok().and_then(|at| self.input.get(at)).map(|code| Opcode(*code))
    }

    /// Every opcode that changes an object by a call of its own methods: `BUILD`, and what puts elements into an object that is
    /// not simply a list, set or dictionary. In the order of the pickle, the node and the byte offset.
    pub fn changes(&self) -> impl ExactSizeIterator<Item = (NodeId, u64)> + '_ {
        self.changes.iter().map(|&(node, at)| (node, u64::from(at)))
    }

    fn raw(&self, id: NodeId) -> Node {
        // An id of another pickle may be out of range: it reads as None.
        self.nodes.get(id.index()).copied().unwrap_or(Node::None)
    }

    fn bytes_of(&self, span: Span) -> &[u8] {
        let Range { start, end } = span.range();
        let arena = if span.side { &self.side } else { &self.input };
        arena.get(start..end).unwrap_or_default()
    }

    fn edges_of(&self, slice: Slice) -> &[NodeId] {
        let start = slice.start as usize;
        let end = start.saturating_add(slice.len as usize);
        self.edges.get(start..end).unwrap_or_default()
    }

    fn text_of(&self, id: NodeId) -> &[u8] {
        self.as_text_bytes(id).unwrap_or_default()
    }

    /// What the node is.
    #[must_use]
    pub fn node(&self, id: NodeId) -> View<'_> {
        match self.raw(id) {
            Node::None => View::None,
            Node::Bool(value) => View::Bool(value),
            Node::Int(value) => View::Int(value),
            Node::BigBytes(span) => View::BigInt(BigInt::Bytes(self.bytes_of(span))),
            Node::BigDecimal(span) => {
                View::BigInt(BigInt::Decimal(std::str::from_utf8(self.bytes_of(span)).unwrap_or("0")))
            }
            Node::Float(value) => View::Float(value),
            Node::Str(span) => View::Str(self.bytes_of(span)),
            Node::Py2Str(span) => View::Py2Str(self.bytes_of(span)),
            Node::Bytes(span) => View::Bytes(self.bytes_of(span)),
            Node::ByteArray(span) => View::ByteArray(self.bytes_of(span)),
            Node::Tuple(slice) => View::Tuple(self.edges_of(slice)),
            Node::List => View::List,
            Node::Dict => View::Dict,
            Node::Set => View::Set,
            Node::FrozenSet(slice) => View::FrozenSet(self.edges_of(slice)),
            Node::Global(module, name) => View::Global { module: self.text_of(module), name: self.text_of(name) },
            Node::Reduce(callable, args) => View::Reduce { callable, args },
            Node::NewObj(class, args) => View::NewObj { class, args },
            Node::NewObjEx(class, args, kwargs) => View::NewObjEx { class, args, kwargs },
            Node::Obj(class, slice) => View::Obj { class, args: self.edges_of(slice) },
            Node::Ext(code) => View::Ext(code),
            Node::PersId(span) => View::PersId(self.bytes_of(span)),
            Node::BinPersId(id) => View::BinPersId(id),
            Node::NextBuffer(number) => View::NextBuffer(number),
            Node::ReadonlyBuffer(buffer) => View::ReadonlyBuffer(buffer),
        }
    }

    /// What was done to the node after it was made, in order.
    #[must_use]
    pub fn updates(&self, id: NodeId) -> Updates<'_> {
        Updates { pickle: self, next: self.chains.get(id.index()).map_or(NO_CHUNK, |chain| chain.first) }
    }

    /// Elements: of a tuple, list, set or frozenset; what was appended or added to any other node. Of a `Reduce`
    /// or `Obj` the arguments are not among them.
    #[must_use]
    pub fn items(&self, id: NodeId) -> Items<'_> {
        let fixed = match self.node(id) {
            View::Tuple(items) | View::FrozenSet(items) => items,
            _ => &[],
        };
        Items { slice: fixed.iter(), updates: self.updates(id) }
    }

    /// Key and value pairs of a dict, or of any other node that items were set on, in order. A key may come
    /// twice: the last one counts.
    #[must_use]
    pub fn pairs(&self, id: NodeId) -> Pairs<'_> {
        Pairs { slice: [].iter(), updates: self.updates(id) }
    }

    /// The states (`BUILD`) that were set on the node, in order. Usually there is one.
    pub fn states(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.updates(id).filter_map(|update| match update {
            Update::Build(state) => Some(state),
            _ => None,
        })
    }

    /// Number of [`Self::items`], without going through them.
    #[must_use]
    pub fn item_count(&self, id: NodeId) -> usize {
        let fixed = match self.raw(id) {
            Node::Tuple(slice) | Node::FrozenSet(slice) => slice.len as usize,
            _ => 0,
        };
        self.updates(id).fold(fixed, |sum, update| match update {
            Update::Append(items) | Update::Add(items) => sum.saturating_add(items.len()),
            _ => sum,
        })
    }

    /// Number of [`Self::pairs`], without going through them.
    #[must_use]
    pub fn pair_count(&self, id: NodeId) -> usize {
        self.updates(id).fold(0usize, |sum, update| match update {
            Update::Set(items) => sum.saturating_add(items.len() / 2),
            _ => sum,
        })
    }

    /// The elements of a tuple, or of a list that was filled in one piece, as a slice.
    #[must_use]
    pub fn as_slice(&self, id: NodeId) -> Option<&[NodeId]> {
        match self.raw(id) {
            Node::Tuple(slice) => Some(self.edges_of(slice)),
            Node::List => {
                let mut updates = self.updates(id);
                match (updates.next(), updates.next()) {
                    (None, None) => Some(&[]),
                    (Some(Update::Append(items)), None) => Some(items),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether it is `None`.
    #[must_use]
    pub fn is_none(&self, id: NodeId) -> bool {
        matches!(self.nodes.get(id.index()), Some(Node::None))
    }

    /// `True` or `False`.
    #[must_use]
    pub fn as_bool(&self, id: NodeId) -> Option<bool> {
        match self.raw(id) {
            Node::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// An int of at most 64 bits. Not a bool.
    #[must_use]
    pub fn as_int(&self, id: NodeId) -> Option<i64> {
        match self.raw(id) {
            Node::Int(value) => Some(value),
            _ => None,
        }
    }

    /// An int of at most 128 bits. Not a bool.
    #[must_use]
    pub fn as_i128(&self, id: NodeId) -> Option<i128> {
        match self.node(id) {
            View::Int(value) => Some(i128::from(value)),
            View::BigInt(BigInt::Bytes(bytes)) => super::number::little_endian(bytes),
            View::BigInt(BigInt::Decimal(text)) => text.parse().ok(),
            _ => None,
        }
    }

    /// A float; or an int as a float, if it has at most 64 bits.
    #[must_use]
    pub fn as_f64(&self, id: NodeId) -> Option<f64> {
        match self.raw(id) {
            Node::Float(value) => Some(value),
            Node::Int(value) => Some(value as f64),
            _ => None,
        }
    }

    /// A `str` (Python 2: `unicode`), UTF-8 with `surrogatepass`, as it stands there.
    #[must_use]
    pub fn as_str_bytes(&self, id: NodeId) -> Option<&[u8]> {
        match self.raw(id) {
            Node::Str(span) => Some(self.bytes_of(span)),
            _ => None,
        }
    }

    /// A `str` (Python 2: `unicode`) for a person: surrogate pairs joined, and what is not UTF-8, lone
    /// surrogates included, replaced by U+FFFD.
    #[must_use]
    pub fn as_str(&self, id: NodeId) -> Option<Cow<'_, str>> {
        self.as_str_bytes(id).map(lossy)
    }

    /// A `str` of any Python: [`View::Str`] or [`View::Py2Str`], as it stands there.
    #[must_use]
    pub fn as_text_bytes(&self, id: NodeId) -> Option<&[u8]> {
        match self.raw(id) {
            Node::Str(span) | Node::Py2Str(span) => Some(self.bytes_of(span)),
            _ => None,
        }
    }

    /// A `str` of any Python, for a person, as [`Self::as_str`] gives it. (Python 2 does not say in which
    /// encoding its `str` is: taken for UTF-8.)
    #[must_use]
    pub fn as_text(&self, id: NodeId) -> Option<Cow<'_, str>> {
        self.as_text_bytes(id).map(lossy)
    }

    /// `bytes`, `bytearray`, or a `str` of Python 2, as they stand there.
    #[must_use]
    pub fn as_bytes(&self, id: NodeId) -> Option<&[u8]> {
        match self.raw(id) {
            Node::Bytes(span) | Node::ByteArray(span) | Node::Py2Str(span) => Some(self.bytes_of(span)),
            _ => None,
        }
    }

    /// Where in [`Self::input`] the bytes of text or bytes lie; None where they are not there as such (they
    /// were unescaped) or the node is something else.
    #[must_use]
    pub fn input_range(&self, id: NodeId) -> Option<Range<usize>> {
        match self.raw(id) {
            Node::Str(span) | Node::Py2Str(span) | Node::Bytes(span) | Node::ByteArray(span) if !span.side => {
                Some(span.range())
            }
            _ => None,
        }
    }

    /// Module and name of a [`View::Global`], for a person.
    #[must_use]
    pub fn as_global(&self, id: NodeId) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
        match self.node(id) {
            View::Global { module, name } => Some((lossy(module), lossy(name))),
            _ => None,
        }
    }

    /// Whether it is exactly a dict.
    #[must_use]
    pub fn is_dict(&self, id: NodeId) -> bool {
        matches!(self.raw(id), Node::Dict)
    }

    /// Whether it is exactly a list.
    #[must_use]
    pub fn is_list(&self, id: NodeId) -> bool {
        matches!(self.raw(id), Node::List)
    }

    /// Whether it is exactly a tuple.
    #[must_use]
    pub fn is_tuple(&self, id: NodeId) -> bool {
        matches!(self.raw(id), Node::Tuple(_))
    }

    /// The value under a text key of a dict (or of any other node that items were set on). Goes through all
    /// pairs: for many look-ups in one large dict use [`Self::text_keys`].
    #[must_use]
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.pairs(id)
            .filter(|&(found, _)| self.as_text_bytes(found) == Some(key.as_bytes()))
            .last()
            .map(|(_, value)| value)
    }

    /// All text keys of a dict with their values.
    #[must_use]
    pub fn text_keys(&self, id: NodeId) -> HashMap<&[u8], NodeId> {
        self.pairs(id).filter_map(|(key, value)| Some((self.as_text_bytes(key)?, value))).collect()
    }

    /// Calls `visit` with every node that this one refers to directly: elements, keys and values, class and
    /// arguments, states.
    pub fn for_each_child(&self, id: NodeId, mut visit: impl FnMut(NodeId)) {
        match self.raw(id) {
            Node::Tuple(slice) | Node::FrozenSet(slice) => {
                self.edges_of(slice).iter().copied().for_each(&mut visit);
            }
            Node::Obj(class, slice) => {
                visit(class);
                self.edges_of(slice).iter().copied().for_each(&mut visit);
            }
            Node::Reduce(a, b) | Node::NewObj(a, b) => [a, b].into_iter().for_each(&mut visit),
            Node::NewObjEx(a, b, c) => [a, b, c].into_iter().for_each(&mut visit),
            Node::BinPersId(a) | Node::ReadonlyBuffer(a) => visit(a),
            _ => {}
        }
        for update in self.updates(id) {
            match update {
                Update::Append(items) | Update::Add(items) | Update::Set(items) => {
                    items.iter().copied().for_each(&mut visit);
                }
                Update::Build(state) => visit(state),
            }
        }
    }

    /// How many values one would write who wrote out the node with everything in it, as often as it is
    /// referred to; at most `cap`, which also stands for a cycle. Takes time and memory in proportion to the
    /// nodes reachable, not to the answer.
    #[must_use]
    pub fn expanded_size(&self, id: NodeId, cap: u64) -> u64 {
        const OPEN: u64 = u64::MAX;
        let mut sizes: HashMap<NodeId, u64> = HashMap::new();
        let mut stack = vec![(id, false)];
        while let Some((id, children_done)) = stack.pop() {
            if children_done {
                let mut sum = 1u64;
                self.for_each_child(id, |child| {
                    // A child that is still open is an ancestor: a cycle.
                    let size = sizes.get(&child).map_or(cap, |&size| size.min(cap));
                    sum = sum.saturating_add(size).min(cap);
                });
                sizes.insert(id, sum.min(cap));
            } else if let Entry::Vacant(vacant) = sizes.entry(id) {
                vacant.insert(OPEN);
                stack.push((id, true));
                self.for_each_child(id, |child| stack.push((child, false)));
            }
        }
        sizes.get(&id).copied().unwrap_or(0).min(cap)
    }
}

/// See [`Pickle::updates`].
#[derive(Clone, Debug)]
pub struct Updates<'a> {
    pickle: &'a Pickle,
    next: u32,
}

impl<'a> Iterator for Updates<'a> {
    type Item = Update<'a>;

    fn next(&mut self) -> Option<Update<'a>> {
        let &Chunk { kind, slice, next } = self.pickle.chunks.get(self.next as usize)?;
        self.next = next;
        let edges = self.pickle.edges_of(slice);
        Some(match kind {
            ChunkKind::Append => Update::Append(edges),
            ChunkKind::Add => Update::Add(edges),
            ChunkKind::Set => Update::Set(edges),
            ChunkKind::Build => Update::Build(*edges.first()?),
        })
    }
}

/// See [`Pickle::items`].
#[derive(Clone, Debug)]
pub struct Items<'a> {
    slice: std::slice::Iter<'a, NodeId>,
    updates: Updates<'a>,
}

impl Iterator for Items<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        loop {
            if let Some(&id) = self.slice.next() {
                return Some(id);
            }
            if let Update::Append(items) | Update::Add(items) = self.updates.next()? {
                self.slice = items.iter();
            }
        }
    }
}

/// See [`Pickle::pairs`].
#[derive(Clone, Debug)]
pub struct Pairs<'a> {
    slice: std::slice::Iter<'a, NodeId>,
    updates: Updates<'a>,
}

impl Iterator for Pairs<'_> {
    type Item = (NodeId, NodeId);

    fn next(&mut self) -> Option<(NodeId, NodeId)> {
        loop {
            if let (Some(&key), Some(&value)) = (self.slice.next(), self.slice.next()) {
                return Some((key, value));
            }
            if let Update::Set(items) = self.updates.next()? {
                self.slice = items.iter();
            }
        }
    }
}
