//! What a pickle says, as nodes of an arena.

use std::borrow::Cow;

/// A value of one [`crate::Pickle`]. Two references to the same object are the same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// Position in the arena, from 0 to [`crate::Pickle::len`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// An integer that does not fit in 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BigInt<'a> {
    /// `LONG1`, `LONG4`: two's complement, little-endian, without superfluous sign bytes.
    Bytes(&'a [u8]),
    /// `INT`, `LONG`: decimal digits, perhaps after `-` or `+`. Converting them takes quadratic time: look at
    /// their number first.
    Decimal(&'a str),
}

/// One node, as it was made. Elements and pairs of containers, and what was set on an object later, are read
/// with [`crate::Pickle::items`], [`crate::Pickle::pairs`], [`crate::Pickle::states`],
/// [`crate::Pickle::updates`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum View<'a> {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An integer of at most 64 bits.
    Int(i64),
    /// A larger one.
    BigInt(BigInt<'a>),
    /// A float.
    Float(f64),
    /// `str` (Python 2: `unicode`): UTF-8, lone surrogates encoded as if they were characters
    /// (`surrogatepass`). Not validated: anything may be in a hostile file.
    Str(&'a [u8]),
    /// A `str` of Python 2 (`STRING`, `BINSTRING`, `SHORT_BINSTRING`): bytes, used as text or not.
    Py2Str(&'a [u8]),
    /// `bytes`
    Bytes(&'a [u8]),
    /// `bytearray`
    ByteArray(&'a [u8]),
    /// `tuple`
    Tuple(&'a [NodeId]),
    /// `list`: see [`crate::Pickle::items`].
    List,
    /// `dict`: see [`crate::Pickle::pairs`].
    Dict,
    /// `set`: see [`crate::Pickle::items`].
    Set,
    /// `frozenset`
    FrozenSet(&'a [NodeId]),
    /// `GLOBAL`, `STACK_GLOBAL`, and the class of an `INST`: a name, not resolved. UTF-8 if all is well.
    Global {
        /// Module.
        module: &'a [u8],
        /// Name; from protocol 4 on perhaps dotted.
        name: &'a [u8],
    },
    /// `REDUCE`: `callable(*args)`, not called.
    Reduce {
        /// What would be called.
        callable: NodeId,
        /// Its arguments, a tuple in any honest pickle.
        args: NodeId,
    },
    /// `NEWOBJ`: `class.__new__(class, *args)`, not called.
    NewObj {
        /// The class.
        class: NodeId,
        /// Its arguments, a tuple in any honest pickle.
        args: NodeId,
    },
    /// `NEWOBJ_EX`: `class.__new__(class, *args, **kwargs)`, not called.
    NewObjEx {
        /// The class.
        class: NodeId,
        /// Its arguments, a tuple in any honest pickle.
        args: NodeId,
        /// Its keyword arguments, a dict in any honest pickle.
        kwargs: NodeId,
    },
    /// `OBJ`, `INST`: an instance of a class, made with these arguments (Python 2: an old-style one).
    Obj {
        /// The class.
        class: NodeId,
        /// Its arguments.
        args: &'a [NodeId],
    },
    /// `EXT1`, `EXT2`, `EXT4`: a code of the extension registry, which only the writer has.
    Ext(u32),
    /// `PERSID`: a persistent id, as text.
    PersId(&'a [u8]),
    /// `BINPERSID`: a persistent id, any value.
    BinPersId(NodeId),
    /// `NEXT_BUFFER`: the n-th buffer (from 0) that was kept out of the pickle.
    NextBuffer(u32),
    /// `READONLY_BUFFER`: a read-only view of a buffer.
    ReadonlyBuffer(NodeId),
}

/// What was done to a node after it was made, piece by piece in the order of the pickle. Nodes that are not
/// `list`, `set` or `dict` have updates too: subclasses of these are filled in the same way, and
/// `__setstate__` is an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update<'a> {
    /// `APPEND`, `APPENDS`, `LIST`: elements of a list.
    Append(&'a [NodeId]),
    /// `ADDITEMS`: elements of a set.
    Add(&'a [NodeId]),
    /// `SETITEM`, `SETITEMS`, `DICT`: key, value, key, value, …
    Set(&'a [NodeId]),
    /// `BUILD`: the state for `__setstate__`, or for `__dict__` and slots.
    Build(NodeId),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Node {
    None,
    Bool(bool),
    Int(i64),
    BigBytes(Span),
    BigDecimal(Span),
    Float(f64),
    Str(Span),
    Py2Str(Span),
    Bytes(Span),
    ByteArray(Span),
    Tuple(Slice),
    List,
    Dict,
    Set,
    FrozenSet(Slice),
    /// Both are nodes with text.
    Global(NodeId, NodeId),
    Reduce(NodeId, NodeId),
    NewObj(NodeId, NodeId),
    NewObjEx(NodeId, NodeId, NodeId),
    Obj(NodeId, Slice),
    Ext(u32),
    PersId(Span),
    BinPersId(NodeId),
    NextBuffer(u32),
    ReadonlyBuffer(NodeId),
}

// A million objects make ten million nodes.
const _: () = assert!(size_of::<Node>() == 16 && size_of::<Chunk>() == 16);

/// Bytes of the input, or of the side arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) len: u32,
    pub(super) side: bool,
}

/// A run of edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) start: u32,
    pub(super) len: u32,
}

pub(super) const NO_CHUNK: u32 = u32::MAX;

/// The updates of one node: a list of chunks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chain {
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Chain {
    pub(super) const EMPTY: Self = Self { first: NO_CHUNK, last: NO_CHUNK };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChunkKind {
    Append,
    Add,
    Set,
    Build,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    pub(super) kind: ChunkKind,
    pub(super) slice: Slice,
    pub(super) next: u32,
}

/// Text for a person: valid UTF-8 as it is; surrogate pairs joined (narrow builds of Python 2 write them);
/// what is left, lone surrogates included, replaced by U+FFFD.
pub(super) fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(super::text::lossy_wtf8(bytes)),
    }
}

impl Span {
    pub(super) fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start.saturating_add(self.len as usize)
    }
}
