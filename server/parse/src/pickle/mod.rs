//! Pickles, read without ever running them.
//!
//! The machine knows every opcode of the protocols 0 to 5 (CPython: `Lib/pickletools.py`,
//! `Modules/_pickle.c`) and resolves none of their names. A class is a [`View::Global`], a call a
//! [`View::Reduce`] or a [`View::NewObj`]; what was later added to an object, in the order of the pickle, are
//! its [`Update`]s. Shared and cyclic references are shared and cyclic [`NodeId`]s.
//!
//! Nothing here recurses, so depth is no danger. Size is bounded by the [`crate::Limits`]; but an arena of n
//! nodes may *stand for* 2ⁿ values (a tuple of twice the same tuple of twice …). Whoever expands nodes into
//! text must bound it; [`Pickle::expanded_size`] says beforehand.

mod access;
mod machine;
mod memo;
mod node;
mod number;
mod opcode;
mod reader;
mod text;

pub use access::{Items, Pairs, Updates};
pub use machine::{read_pickle, read_pickle_at, salvage_pickle};
pub use node::{BigInt, NodeId, Update, View};
pub use opcode::{Opcode, OpcodeSet};

use crate::error::Error;
use node::{Chain, Chunk, Node};

/// A pickle that was read: its bytes and the arena of what they say.
#[derive(Debug)]
pub struct Pickle {
    /// The input, and text that had to be unescaped.
    input: Vec<u8>,
    side: Vec<u8>,
    /// One entry per node in each of the three.
    nodes: Vec<Node>,
    offsets: Vec<u32>,
    chains: Vec<Chain>,
    /// Pieces of containers, linked per node, and the elements they point to.
    chunks: Vec<Chunk>,
    edges: Vec<NodeId>,
    /// Each change that is a call: of which node, and where.
    changes: Vec<(NodeId, u32)>,
    root: NodeId,
    end: u64,
    fault: Option<Error>,
    protocol: u8,
    count: u64,
    opcodes: OpcodeSet,
    beyond_data: Option<(Opcode, u64)>,
}
