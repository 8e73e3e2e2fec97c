//! The MIME container: which parts a dump has and where they lie (docs/dump-format.md, section 1).

mod body;
mod boundary;
mod headers;
mod part;
mod scan;
mod transfer;
mod window;
mod words;

pub use body::Body;

use crate::error::Problem;

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContainerKind {
    /// `X-python-heapdump-version: 3` in the message headers, or a version that is not known: a Crashsite dump.
    Crashsite,
    /// Any other multipart message. That of pyheapdump (version 2) has its version in the headers of its
    /// first part.
    Other,
}

/// What a part is, by `Content-Type: application/x.python-heapdump; part=…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PartKind {
    /// `part=summary`
    Summary,
    /// `part=heap`, its objects by `X-Crashsite-Objects`. Where that header is absent or wrong (a problem says
    /// so), both numbers are 0, and only the pickle itself knows.
    Heap {
        /// Number of its first object.
        first: u32,
        /// One past the number of its last object.
        end: u32,
    },
    /// `part=end`
    End,
    /// The value of any other `part=`; the content type where there is none.
    Other(String),
}

/// How the body was made fit for mail (RFC 2045, section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferEncoding {
    /// `binary`, `8bit`, `7bit`, or no such header: as it is.
    Binary,
    /// `base64`
    Base64,
    /// Something else: [`Container::body`] refuses.
    Unknown,
}

/// How the body is compressed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ContentEncoding {
    /// Not at all, as far as the headers know. (pyheapdump uses bzip2 and does not say so.)
    Identity,
    /// `gzip`
    Gzip,
    /// Something else: [`Container::body`] refuses.
    Other(String),
}

/// One part of the message: where it lies and what its headers claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Its headers, RFC 2047 words decoded, in their order.
    pub headers: Vec<(String, String)>,
    /// Where its body starts: bytes from the start of the file.
    pub offset: u64,
    /// How many bytes of the body there are in the file.
    pub stored_len: u64,
    /// How many bytes there should be after decompression (`X-Crashsite-Raw-Length`). A claim only.
    pub raw_len: Option<u64>,
    /// SHA-256 of the body as it stands in the file (`X-Crashsite-Digest`). A claim only.
    pub digest: Option<[u8; 32]>,
    /// How the body was made fit for mail.
    pub transfer: TransferEncoding,
    /// How it is compressed.
    pub encoding: ContentEncoding,
    /// The file ends within this part.
    pub truncated: bool,
}

impl Part {
    /// The value of the first header of that name (in any case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        headers::get(&self.headers, name)
    }
}

/// A MIME message, its parts found but not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Headers of the message, RFC 2047 words decoded, in their order.
    pub headers: Vec<(String, String)>,
    /// What kind of message it is.
    pub kind: ContainerKind,
    /// Its parts, in their order.
    pub parts: Vec<Part>,
    /// The closing boundary is there: the file is complete.
    pub closed: bool,
    /// What was wrong and could be read nevertheless.
    pub problems: Vec<Problem>,
}

impl Container {
    /// The value of the first header of that name (in any case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        headers::get(&self.headers, name)
    }
}
