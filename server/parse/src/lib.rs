//! Bytes to values: the lowest floor of Crashsite.
//!
//! A dump is an immutable, hostile, possibly truncated file. This crate reads it through a [`Source`],
//! splits the MIME [`Container`] into parts, inflates them under a cap, and turns a pickle into an inert
//! [`Pickle`]: an arena of nodes in which a class is a symbol, a call is a record, and nothing is ever
//! resolved or executed.
//!
//! It does no input or output of its own, never panics, and never allocates from a number that the file
//! merely claims. Every refusal is an [`Error`] that says where and what to do; every oddity that leaves a
//! usable result is a [`Problem`] beside it.
#![forbid(unsafe_code)]
#![deny(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod bunzip;
pub mod container;
mod error;
mod inflate;
pub mod json;
mod limits;
pub mod pickle;
mod sniff;
mod source;

pub use bunzip::inflate_bzip2;
pub use container::{Body, Container, ContainerKind, ContentEncoding, Part, PartKind, TransferEncoding};
pub use error::{Error, Problem, Stage};
pub use inflate::{Inflated, gzip_head, inflate_gzip};
pub use json::{JsonInput, JsonNumber, JsonReader, JsonToken};
pub use limits::{Limit, LimitKind, Limits};
pub use pickle::{
    BigInt, NodeId, Opcode, OpcodeSet, Pickle, Update, View, read_pickle, read_pickle_at, salvage_pickle,
};
pub use sniff::{Magic, is_crashsite, sniff};
pub use source::Source;
