//! The machine: opcodes in, arena out. Stack discipline as in CPython's `Modules/_pickle.c`.

use super::memo::Memo;
use super::node::{Chain, Chunk, ChunkKind, NO_CHUNK, Node, Slice, Span};
use super::number::{self, TextInt};
use super::reader::Reader;
use super::{NodeId, Opcode, OpcodeSet, Pickle, text};
use crate::error::{Error, Stage};
use crate::limits::{LimitKind, Limits};

/// Reads the pickle that `bytes` start with. Nothing in it is executed.
///
/// # Errors
/// The pickle is cut or broken (stage [`Stage::Pickle`], the offset of the opcode, its name in the message),
/// or exceeds one of the limits on opcodes, values, references, memo, stack, marks or text.
pub fn read_pickle(bytes: Vec<u8>, limits: &Limits) -> Result<Pickle, Error> {
    read_pickle_at(bytes, 0, limits)
}

/// Reads the pickle that starts at byte `start`; several may stand one after the other, the next at
/// [`Pickle::end`]. All offsets count from the start of `bytes`.
///
/// # Errors
/// As [`read_pickle`].
pub fn read_pickle_at(bytes: Vec<u8>, start: usize, limits: &Limits) -> Result<Pickle, Error> {
    // Spans and offsets have 32 bits, and an arena never has more entries than the input has bytes.
    if bytes.len() >= u32::MAX as usize {
        return Err(Error::new(
            Stage::Pickle,
            None,
            format!("{} bytes of pickle, and 4 GiB are the most", bytes.len()),
            "Nothing can be done: write a smaller dump.",
        ));
    }
    let mut machine = Machine::new(&bytes, start, limits);
    let root = machine.run()?;
    let Machine {
        reader,
        arena,
        protocol,
        count,
        opcodes,
        beyond_data,
        ..
    } = machine;
    let end = reader.pos() as u64;
    Ok(Pickle {
        side: arena.side,
        nodes: arena.nodes,
        offsets: arena.offsets,
        chains: arena.chains,
        chunks: arena.chunks,
        edges: arena.edges,
        root,
        end,
        protocol,
        count,
        opcodes,
        beyond_data,
        input: bytes,
    })
}

/// What an opcode can meet.
#[derive(Debug)]
pub(super) enum Fault {
    Short { need: u64, have: u64 },
    NoNewline,
    Negative(i64),
    Underflow,
    NoMark,
    OddItems,
    NoMemo(u64),
    Cannot(&'static str),
    Text(&'static str),
    Protocol(u8),
    Unknown,
    Limit(LimitKind),
}

type Step<T = ()> = Result<T, Fault>;

#[derive(Default)]
struct Arena {
    side: Vec<u8>,
    nodes: Vec<Node>,
    offsets: Vec<u32>,
    chains: Vec<Chain>,
    chunks: Vec<Chunk>,
    edges: Vec<NodeId>,
}

struct Machine<'a> {
    reader: Reader<'a>,
    limits: &'a Limits,
    arena: Arena,
    stack: Vec<NodeId>,
    /// Heights of the stack where marks were set; the last one is the fence below which no opcode reaches.
    marks: Vec<u32>,
    fence: usize,
    memo: Memo,
    /// `None`, `False` and `True` are one node each.
    constants: [Option<NodeId>; 3],
    buffers: u32,
    at: usize,
    protocol: u8,
    count: u64,
    opcodes: OpcodeSet,
    beyond_data: Option<(Opcode, u64)>,
}

impl<'a> Machine<'a> {
    fn new(input: &'a [u8], start: usize, limits: &'a Limits) -> Self {
        Self {
            reader: Reader::new(input, start),
            limits,
            arena: Arena::default(),
            stack: Vec::new(),
            marks: Vec::new(),
            fence: 0,
            memo: Memo::default(),
            constants: [None; 3],
            buffers: 0,
            at: start,
            protocol: 0,
            count: 0,
            opcodes: OpcodeSet::default(),
            beyond_data: None,
        }
    }

    fn run(&mut self) -> Result<NodeId, Error> {
        loop {
            self.at = self.reader.pos();
            let Some(code) = self.reader.byte() else {
                return Err(Error::new(
                    Stage::Pickle,
                    self.at as u64,
                    "the pickle ends without STOP",
                    CUT,
                ));
            };
            let opcode = Opcode(code);
            self.opcodes.insert(opcode);
            if !OpcodeSet::DATA.contains(opcode) && self.beyond_data.is_none() {
                self.beyond_data = Some((opcode, self.at as u64));
            }
            let step = if self.count >= self.limits.max_opcodes {
                Err(Fault::Limit(LimitKind::Opcodes))
            } else {
                self.count = self.count.saturating_add(1);
                if opcode == Opcode::STOP {
                    match self.pop() {
                        Ok(root) => return Ok(root),
                        Err(fault) => Err(fault),
                    }
                } else {
                    self.step(opcode)
                }
            };
            if let Err(fault) = step {
                return Err(self.explain(opcode, &fault));
            }
        }
    }

    fn step(&mut self, opcode: Opcode) -> Step {
        match opcode {
            // Integers
            Opcode::BININT1 => {
                let value = self.reader.u8()?;
                self.push(Node::Int(i64::from(value)))
            }
            Opcode::BININT2 => {
                let value = self.reader.u16()?;
                self.push(Node::Int(i64::from(value)))
            }
            Opcode::BININT => {
                let value = self.reader.i32()?;
                self.push(Node::Int(i64::from(value)))
            }
            Opcode::LONG1 => {
                let len = self.reader.u8()?;
                self.long(u64::from(len))
            }
            Opcode::LONG4 => {
                let len = self.reader.length_i32()?;
                self.long(len)
            }
            Opcode::INT => {
                let (start, line) = self.reader.line()?;
                self.text_int(start, number::int_line(line))
            }
            Opcode::LONG => {
                let (start, line) = self.reader.line()?;
                self.text_int(start, number::long_line(line))
            }
            // Floats
            Opcode::BINFLOAT => {
                let bytes = self.reader.array()?;
                self.push(Node::Float(f64::from_be_bytes(bytes)))
            }
            Opcode::FLOAT => {
                let (_, line) = self.reader.line()?;
                let value = number::float_line(line).ok_or(Fault::Text("it is not a number"))?;
                self.push(Node::Float(value))
            }
            // Constants
            Opcode::NONE => self.constant(0, Node::None),
            Opcode::NEWFALSE => self.constant(1, Node::Bool(false)),
            Opcode::NEWTRUE => self.constant(2, Node::Bool(true)),
            // Text and bytes
            Opcode::SHORT_BINUNICODE => {
                let len = self.reader.u8()?;
                self.blob(u64::from(len), Node::Str)
            }
            Opcode::BINUNICODE => {
                let len = self.reader.u32()?;
                self.blob(u64::from(len), Node::Str)
            }
            Opcode::BINUNICODE8 => {
                let len = self.reader.u64()?;
                self.blob(len, Node::Str)
            }
            Opcode::UNICODE => self.unicode_line(),
            Opcode::SHORT_BINBYTES => {
                let len = self.reader.u8()?;
                self.blob(u64::from(len), Node::Bytes)
            }
            Opcode::BINBYTES => {
                let len = self.reader.u32()?;
                self.blob(u64::from(len), Node::Bytes)
            }
            Opcode::BINBYTES8 => {
                let len = self.reader.u64()?;
                self.blob(len, Node::Bytes)
            }
            Opcode::BYTEARRAY8 => {
                let len = self.reader.u64()?;
                self.blob(len, Node::ByteArray)
            }
            Opcode::SHORT_BINSTRING => {
                let len = self.reader.u8()?;
                self.blob(u64::from(len), Node::Py2Str)
            }
            Opcode::BINSTRING => {
                let len = self.reader.length_i32()?;
                self.blob(len, Node::Py2Str)
            }
            Opcode::STRING => self.string_line(),
            // Tuples
            Opcode::EMPTY_TUPLE => self.push(Node::Tuple(Slice { start: 0, len: 0 })),
            Opcode::TUPLE => {
                let from = self.pop_mark()?;
                let slice = self.take(from)?;
                self.push(Node::Tuple(slice))
            }
            Opcode::TUPLE1 => self.short_tuple(1),
            Opcode::TUPLE2 => self.short_tuple(2),
            Opcode::TUPLE3 => self.short_tuple(3),
            // Lists
            Opcode::EMPTY_LIST => self.push(Node::List),
            Opcode::LIST => self.filled(Node::List, ChunkKind::Append),
            Opcode::APPEND => {
                let from = self.below(1)?;
                self.update(from, ChunkKind::Append)
            }
            Opcode::APPENDS => {
                let from = self.pop_mark()?;
                self.update(from, ChunkKind::Append)
            }
            // Dicts
            Opcode::EMPTY_DICT => self.push(Node::Dict),
            Opcode::DICT => self.filled(Node::Dict, ChunkKind::Set),
            Opcode::SETITEM => {
                let from = self.below(2)?;
                self.update(from, ChunkKind::Set)
            }
            Opcode::SETITEMS => {
                let from = self.pop_mark()?;
                self.update(from, ChunkKind::Set)
            }
            // Sets
            Opcode::EMPTY_SET => self.push(Node::Set),
            Opcode::ADDITEMS => {
                let from = self.pop_mark()?;
                self.update(from, ChunkKind::Add)
            }
            Opcode::FROZENSET => {
                let from = self.pop_mark()?;
                let slice = self.take(from)?;
                self.push(Node::FrozenSet(slice))
            }
            // The stack
            Opcode::MARK => self.mark(),
            Opcode::POP => {
                // A mark that was just set is popped as if it were an object.
                if !self.marks.is_empty() && self.fence == self.stack.len() {
                    self.pop_mark().map(drop)
                } else {
                    self.pop().map(drop)
                }
            }
            Opcode::POP_MARK => {
                let from = self.pop_mark()?;
                self.stack.truncate(from);
                Ok(())
            }
            Opcode::DUP => {
                let top = self.top()?;
                self.push_id(top)
            }
            // The memo
            Opcode::MEMOIZE => self.put(self.memo.entries()),
            Opcode::BINPUT => {
                let index = self.reader.u8()?;
                self.put(u64::from(index))
            }
            Opcode::LONG_BINPUT => {
                let index = self.reader.u32()?;
                self.put(u64::from(index))
            }
            Opcode::PUT => {
                let (_, line) = self.reader.line()?;
                self.put(number::index_line(line).ok_or(NOT_AN_INDEX)?)
            }
            Opcode::BINGET => {
                let index = self.reader.u8()?;
                self.get(u64::from(index))
            }
            Opcode::LONG_BINGET => {
                let index = self.reader.u32()?;
                self.get(u64::from(index))
            }
            Opcode::GET => {
                let (_, line) = self.reader.line()?;
                self.get(number::index_line(line).ok_or(NOT_AN_INDEX)?)
            }
            // Names
            Opcode::GLOBAL => {
                let global = self.global_lines()?;
                self.push_id(global)
            }
            Opcode::STACK_GLOBAL => {
                let name = self.pop()?;
                let module = self.pop()?;
                if !self.is_text(name) || !self.is_text(module) {
                    return Err(Fault::Cannot("name a class with what is not text"));
                }
                self.push(Node::Global(module, name))
            }
            Opcode::EXT1 => {
                let code = self.reader.u8()?;
                self.extension(i64::from(code))
            }
            Opcode::EXT2 => {
                let code = self.reader.u16()?;
                self.extension(i64::from(code))
            }
            Opcode::EXT4 => {
                let code = self.reader.i32()?;
                self.extension(i64::from(code))
            }
            // Objects
            Opcode::REDUCE => self.two(Node::Reduce),
            Opcode::NEWOBJ => self.two(Node::NewObj),
            Opcode::NEWOBJ_EX => {
                let kwargs = self.pop()?;
                let args = self.pop()?;
                let class = self.pop()?;
                self.push(Node::NewObjEx(class, args, kwargs))
            }
            Opcode::OBJ => {
                let from = self.pop_mark()?;
                let &class = self.stack.get(from).ok_or(Fault::Underflow)?;
                let args = self.take(from.saturating_add(1))?;
                self.stack.truncate(from);
                self.push(Node::Obj(class, args))
            }
            Opcode::INST => {
                let class = self.global_lines()?;
                let from = self.pop_mark()?;
                let args = self.take(from)?;
                self.push(Node::Obj(class, args))
            }
            Opcode::BUILD => {
                let from = self.below(1)?;
                self.update(from, ChunkKind::Build)
            }
            // Persistent ids and buffers
            Opcode::PERSID => {
                let (start, line) = self.reader.line()?;
                let span = self.span(start, line.len());
                self.push(Node::PersId(span))
            }
            Opcode::BINPERSID => {
                let id = self.pop()?;
                self.push(Node::BinPersId(id))
            }
            Opcode::NEXT_BUFFER => {
                let number = self.buffers;
                self.buffers = number.saturating_add(1);
                self.push(Node::NextBuffer(number))
            }
            Opcode::READONLY_BUFFER => {
                let buffer = self.pop()?;
                self.push(Node::ReadonlyBuffer(buffer))
            }
            // Framing
            Opcode::PROTO => {
                let protocol = self.reader.u8()?;
                if protocol > 5 {
                    return Err(Fault::Protocol(protocol));
                }
                self.protocol = self.protocol.max(protocol);
                Ok(())
            }
            Opcode::FRAME => {
                let need = self.reader.u64()?;
                let have = self.reader.remaining() as u64;
                if need > have {
                    return Err(Fault::Short { need, have });
                }
                Ok(())
            }
            _ => Err(Fault::Unknown),
        }
    }

    // --- the arena

    #[inline]
    fn node(&mut self, node: Node) -> Step<NodeId> {
        let index = self.arena.nodes.len();
        if self.values() >= self.limits.max_values {
            return Err(Fault::Limit(LimitKind::Values));
        }
        // There are at most two nodes per opcode of at least two bytes, so 32 bits are enough; see read_pickle_at.
        let id = NodeId(u32::try_from(index).map_err(|_| Fault::Limit(LimitKind::Values))?);
        self.arena.nodes.push(node);
        self.arena.offsets.push(self.at as u32);
        self.arena.chains.push(Chain::EMPTY);
        Ok(id)
    }

    #[inline]
    fn values(&self) -> u64 {
        let Arena { nodes, chunks, .. } = &self.arena;
        nodes.len().saturating_add(chunks.len()) as u64
    }

    #[inline]
    fn push(&mut self, node: Node) -> Step {
        let id = self.node(node)?;
        self.push_id(id)
    }

    fn constant(&mut self, which: usize, node: Node) -> Step {
        let id = match self.constants.get(which).copied().flatten() {
            Some(id) => id,
            None => self.node(node)?,
        };
        if let Some(slot) = self.constants.get_mut(which) {
            *slot = Some(id);
        }
        self.push_id(id)
    }

    fn span(&self, start: usize, len: usize) -> Span {
        // Both within the input, whose length fits in 32 bits.
        Span {
            start: start as u32,
            len: len as u32,
            side: false,
        }
    }

    #[inline]
    fn blob(&mut self, len: u64, make: fn(Span) -> Node) -> Step {
        let start = self.reader.skip(len)?;
        let span = self.span(start, len as usize);
        self.push(make(span))
    }

    /// Text that is not in the input as such: `fill` appends it to the side arena.
    fn side(&mut self, fill: impl FnOnce(&mut Vec<u8>) -> Result<(), text::Reason>) -> Step<Span> {
        let start = self.arena.side.len();
        fill(&mut self.arena.side).map_err(Fault::Text)?;
        let end = self.arena.side.len();
        if end as u64 > self.limits.max_text {
            return Err(Fault::Limit(LimitKind::Text));
        }
        let narrow = |n: usize| u32::try_from(n).map_err(|_| Fault::Limit(LimitKind::Text));
        Ok(Span {
            start: narrow(start)?,
            len: narrow(end.saturating_sub(start))?,
            side: true,
        })
    }

    fn unicode_line(&mut self) -> Step {
        let (start, line) = self.reader.line()?;
        let span = if text::is_plain(line) {
            self.span(start, line.len())
        } else {
            self.side(|out| text::raw_unicode_escape(line, out))?
        };
        self.push(Node::Str(span))
    }

    fn string_line(&mut self) -> Step {
        let (start, line) = self.reader.line()?;
        let quoted = text::unquote(line).map_err(Fault::Text)?;
        let span = if memchr::memchr(b'\\', quoted).is_none() {
            self.span(start.saturating_add(1), quoted.len())
        } else {
            self.side(|out| text::string_escape(quoted, out))?
        };
        self.push(Node::Py2Str(span))
    }

    fn long(&mut self, len: u64) -> Step {
        let start = self.reader.skip(len)?;
        let bytes = self
            .reader
            .input()
            .get(start..self.reader.pos())
            .unwrap_or_default();
        let len = number::significant(bytes);
        let short = bytes
            .get(..len)
            .and_then(number::little_endian)
            .and_then(|value| i64::try_from(value).ok());
        match short {
            Some(value) => self.push(Node::Int(value)),
            None => {
                let span = self.span(start, len);
                self.push(Node::BigBytes(span))
            }
        }
    }

    fn text_int(&mut self, line_start: usize, value: Option<TextInt>) -> Step {
        match value {
            Some(TextInt::Int(value)) => self.push(Node::Int(value)),
            Some(TextInt::Bool(false)) => self.constant(1, Node::Bool(false)),
            Some(TextInt::Bool(true)) => self.constant(2, Node::Bool(true)),
            Some(TextInt::Decimal { start, len }) => {
                let span = self.span(line_start.saturating_add(start), len);
                self.push(Node::BigDecimal(span))
            }
            None => Err(Fault::Text("it is not an integer")),
        }
    }

    fn global_lines(&mut self) -> Step<NodeId> {
        let (module_start, module) = self.reader.line()?;
        let (name_start, name) = self.reader.line()?;
        if module.is_empty() || name.is_empty() {
            return Err(Fault::Text("it names nothing"));
        }
        let module = self.span(module_start, module.len());
        let module = self.node(Node::Str(module))?;
        let name = self.span(name_start, name.len());
        let name = self.node(Node::Str(name))?;
        self.node(Node::Global(module, name))
    }

    fn is_text(&self, id: NodeId) -> bool {
        matches!(
            self.arena.nodes.get(id.index()),
            Some(Node::Str(_) | Node::Py2Str(_))
        )
    }

    fn extension(&mut self, code: i64) -> Step {
        match u32::try_from(code) {
            Ok(code) if code > 0 => self.push(Node::Ext(code)),
            _ => Err(Fault::Negative(code)),
        }
    }

    fn two(&mut self, make: fn(NodeId, NodeId) -> Node) -> Step {
        let args = self.pop()?;
        let callable = self.pop()?;
        self.push(make(callable, args))
    }

    // --- the stack

    #[inline]
    fn push_id(&mut self, id: NodeId) -> Step {
        if self.stack.len() as u64 >= self.limits.max_stack {
            return Err(Fault::Limit(LimitKind::Stack));
        }
        self.stack.push(id);
        Ok(())
    }

    #[inline]
    fn pop(&mut self) -> Step<NodeId> {
        if self.stack.len() <= self.fence {
            return Err(Fault::Underflow);
        }
        self.stack.pop().ok_or(Fault::Underflow)
    }

    #[inline]
    fn top(&self) -> Step<NodeId> {
        if self.stack.len() <= self.fence {
            return Err(Fault::Underflow);
        }
        self.stack.last().copied().ok_or(Fault::Underflow)
    }

    fn mark(&mut self) -> Step {
        if self.marks.len() as u64 >= u64::from(self.limits.max_depth) {
            return Err(Fault::Limit(LimitKind::Depth));
        }
        self.fence = self.stack.len();
        self.marks.push(self.fence as u32);
        Ok(())
    }

    /// Removes the last mark: the height of the stack where it was set.
    #[inline]
    fn pop_mark(&mut self) -> Step<usize> {
        let mark = self.marks.pop().ok_or(Fault::NoMark)?;
        self.fence = self.marks.last().map_or(0, |&mark| mark as usize);
        Ok(mark as usize)
    }

    /// The height of the stack without its `count` topmost entries.
    #[inline]
    fn below(&self, count: usize) -> Step<usize> {
        match self.stack.len().checked_sub(count) {
            Some(height) if height >= self.fence => Ok(height),
            _ => Err(Fault::Underflow),
        }
    }

    /// Moves the stack from `from` on to the edges.
    #[inline]
    fn take(&mut self, from: usize) -> Step<Slice> {
        let items = self.stack.get(from..).ok_or(Fault::Underflow)?;
        let edges = &mut self.arena.edges;
        let start = edges.len();
        let end = start.saturating_add(items.len());
        if end as u64 > self.limits.max_references.min(u64::from(u32::MAX)) {
            return Err(Fault::Limit(LimitKind::References));
        }
        edges.extend_from_slice(items);
        let slice = Slice {
            start: start as u32,
            len: items.len() as u32,
        };
        self.stack.truncate(from);
        Ok(slice)
    }

    fn short_tuple(&mut self, count: usize) -> Step {
        let from = self.below(count)?;
        let slice = self.take(from)?;
        self.push(Node::Tuple(slice))
    }

    fn filled(&mut self, node: Node, kind: ChunkKind) -> Step {
        let from = self.pop_mark()?;
        let id = self.node(node)?;
        self.extend(id, from, kind)?;
        self.push_id(id)
    }

    /// The stack from `from` on goes to the object right below.
    #[inline]
    fn update(&mut self, from: usize, kind: ChunkKind) -> Step {
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
    fn accepts(&self, target: NodeId, kind: ChunkKind) -> Step {
        let &node = self
            .arena
            .nodes
            .get(target.index())
            .ok_or(Fault::Underflow)?;
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

    fn extend(&mut self, target: NodeId, from: usize, kind: ChunkKind) -> Step {
        let count = self.stack.len().saturating_sub(from);
        if kind == ChunkKind::Set && count & 1 == 1 {
            return Err(Fault::OddItems);
        }
        if count == 0 {
            return Ok(());
        }
        let slice = self.take(from)?;
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
        chunks.push(Chunk {
            kind,
            slice,
            next: NO_CHUNK,
        });
        Ok(())
    }

    // --- the memo

    fn put(&mut self, index: u64) -> Step {
        let top = self.top()?;
        if self.memo.entries() >= self.limits.max_memo && self.memo.get(index).is_none() {
            return Err(Fault::Limit(LimitKind::Memo));
        }
        self.memo.put(index, top);
        Ok(())
    }

    fn get(&mut self, index: u64) -> Step {
        let id = self.memo.get(index).ok_or(Fault::NoMemo(index))?;
        self.push_id(id)
    }

    // --- errors

    #[cold]
    fn explain(&self, opcode: Opcode, fault: &Fault) -> Error {
        let message = match fault {
            Fault::Limit(kind) => {
                return Error::limit(
                    Stage::Pickle,
                    self.at as u64,
                    opcode,
                    self.limits.limit(*kind),
                );
            }
            Fault::Short { need, have } => format!("{opcode} needs {need} bytes, {have} remain"),
            Fault::NoNewline => format!("the line of {opcode} does not end"),
            Fault::Negative(value) => format!("{opcode} with {value}, which must not be negative"),
            Fault::Underflow => format!("{opcode} finds too little on the stack"),
            Fault::NoMark => format!("{opcode} finds no mark"),
            Fault::OddItems => format!("{opcode} with a key that has no value"),
            Fault::NoMemo(index) => format!("{opcode} of memo entry {index}, which was never put"),
            Fault::Cannot(what) => format!("{opcode} cannot {what}"),
            Fault::Text(reason) => format!("{opcode} cannot be read: {reason}"),
            Fault::Protocol(protocol) => {
                format!("{opcode} of protocol {protocol}: 5 is the highest that is known")
            }
            Fault::Unknown => format!("{opcode} is not known"),
        };
        let remedy = match fault {
            Fault::Short { .. } | Fault::NoNewline => CUT,
            Fault::Protocol(_) => "Look for a newer version of Crashsite.",
            _ => {
                "The file is damaged, or no pickle: write it again, or see what `crashsite info` says."
            }
        };
        Error::new(Stage::Pickle, self.at as u64, message, remedy)
    }
}

const NOT_AN_INDEX: Fault = Fault::Text("it is not a memo index");
const CUT: &str = "The file was cut: look for a complete copy.";
