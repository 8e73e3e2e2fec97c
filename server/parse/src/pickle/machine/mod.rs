//! The machine: opcodes in, arena out.

mod close;
mod fault;
mod stack;
mod values;

pub(super) use fault::Fault;

use super::memo::Memo;
use super::node::{Chain, Chunk, ChunkKind, Node, Slice};
use super::number;
use super::reader::Reader;
use super::{NodeId, Opcode, OpcodeSet, Pickle};
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
    read(bytes, start, limits, false)
}

/// Reads a pickle as far as it goes. Of one that is cut or broken the root is what was being built, where there is something
/// in it, and [`Pickle::fault`] says what is wrong. What begins with no `PROTO` and calls nothing may be no pickle: it may be
/// cut, not broken.
///
/// # Errors
/// As [`read_pickle`], where there is nothing to show, or a limit was met.
pub fn salvage_pickle(bytes: Vec<u8>, limits: &Limits) -> Result<Pickle, Error> {
    read(bytes, 0, limits, true)
}

fn read(bytes: Vec<u8>, start: usize, limits: &Limits, salvage: bool) -> Result<Pickle, Error> {
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
    machine.salvage = salvage;
    let (root, end, fault) = match machine.run() {
        Ok(root) => (root, machine.reader.pos(), machine.short_frame.take()),
        Err((opcode, fault)) => {
            let (at, error) = (machine.at, machine.explain(opcode, &fault));
            let salvage = salvage && error.limit.is_none();
            let acts = salvage && machine.acts();
            let readable = acts || salvage && (fault.is_cut() || machine.protocol >= 2);
            let root = if readable { machine.close() } else { None };
            // What it would have done by then is told, also where it leaves nothing.
            let root = root.or_else(|| machine.node(Node::None).ok().filter(|_| acts));
            match root {
                Some(root) => (root, at, Some(error)),
                None => return Err(machine.short_frame.take().unwrap_or(error)),
            }
        }
    };
    let end = end as u64;
    let Machine { arena, protocol, count, opcodes, beyond_data, .. } = machine;
    Ok(Pickle {
        side: arena.side,
        nodes: arena.nodes,
        offsets: arena.offsets,
        chains: arena.chains,
        chunks: arena.chunks,
        edges: arena.edges,
        changes: arena.changes,
        root,
        end,
        fault,
        protocol,
        count,
        opcodes,
        beyond_data,
        input: bytes,
    })
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
    changes: Vec<(NodeId, u32)>,
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
    /// Whether to go on as far as the bytes do, and the frame that should have been longer.
    salvage: bool,
    short_frame: Option<Error>,
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
            salvage: false,
            short_frame: None,
            protocol: 0,
            count: 0,
            opcodes: OpcodeSet::default(),
            beyond_data: None,
        }
    }

    fn run(&mut self) -> Result<NodeId, (Opcode, Fault)> {
        loop {
            self.at = self.reader.pos();
            let Some(code) = self.reader.byte() else {
                return Err((Opcode::STOP, Fault::End));
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
                return Err((opcode, fault));
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
                let short = Fault::Short { need, have };
                if need > have && !self.salvage {
                    return Err(short);
                }
                // What there is of the frame can be read.
                if need > have && self.short_frame.is_none() {
                    self.short_frame = Some(self.explain(opcode, &short));
                }
                Ok(())
            }
            _ => Err(Fault::Unknown),
        }
    }
}

const NOT_AN_INDEX: Fault = Fault::Text("it is not a memo index");
