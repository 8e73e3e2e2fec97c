//! Crashsite's model: the bytes of a dump become one [`Dump`].
//!
//! [`Dump::open`] reads the container's headers, the summary and the closing part. The heap is an index of sections;
//! each is decompressed and decoded when something in it is first asked for (see [`Heap`]). A file that parses never
//! fails here: what is wrong with it becomes a [`Problem`] beside the data that could be had.
//!
//! One module under [`formats`] reads each file format; all of them make the same `Dump`.

mod digest;
mod dump;
mod end;
pub mod formats;
pub mod heap;
mod loading;
pub mod numpy;
pub mod pandas;
mod problem;
mod process;
mod redaction;
mod sources;
mod stack;
mod text;

pub use crashsite_parse::{Error, Limit, LimitKind, Limits, Source, Stage};
pub use digest::{Digest, digest};
pub use dump::{Dump, Header};
pub use end::End;
pub use formats::is_dump;
pub use heap::{Heap, Kind, Object, Payload, TypeInfo};
pub use loading::{Callable, Loading, Use, Verdict};
pub use problem::Problem;
pub use process::{Ancestor, Lineage, Process, Python};
pub use redaction::Redaction;
pub use sources::{Piece, SourceFile};
pub use stack::{Dumped, Exception, Frame, Local, Scope, Thread, ThreadKind};
pub use text::scalar_text;
