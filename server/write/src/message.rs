//! The container: a MIME message whose parts are written as they are made. Section 1 of the format.

use std::io::{self, Write};

use crashsite_model::{Limit, LimitKind, Limits};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// What zlib itself does at level 1. zlib-rs at level 1 is quicker, and leaves the file a fifth larger.
const LEVEL: u32 = 2;

const PREAMBLE: &str = "\
This file is a dump of the internal state of a Python program that failed.\r\n\
It is written in MIME format, but it is not an e-mail message. To look into it:\r\n\
\r\n    crashsite FILE\r\n\r\n\
Nothing in this file is ever executed by that. It may hold private data of the program.\r\n";

/// A boundary for a message with this content: a digest, so that it is as good as any that is drawn by lot, and still
/// the same every time. Bodies are taken by their length; a reader looks for boundaries only in a damaged file.
pub(crate) fn boundary(content: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    content.iter().for_each(|piece| hasher.update(Sha256::digest(piece)));
    format!("crashsite-{}", &hexadecimal(&hasher.finalize())[..32])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A message on its way out.
pub(crate) struct Message<'a> {
    out: &'a mut dyn Write,
    boundary: String,
    size: u64,
    /// Bytes before compression that may still come. A class with a name of many megabytes stands in every section's
    /// table: a small file must not become an endless one.
    room: u64,
    limit: Limit,
}

impl<'a> Message<'a> {
    pub(crate) fn new(out: &'a mut dyn Write, boundary: String, limits: &Limits) -> Self {
        Message { out, boundary, size: 0, room: limits.max_total, limit: limits.limit(LimitKind::Total) }
    }

    /// Bytes written.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The message's own headers, those kept from the source, and a preamble for people.
    pub(crate) fn head(&mut self, from: &str, kept: &str) -> io::Result<()> {
        let boundary = &self.boundary;
        let head = format!(
            "MIME-Version: 1.0\r\n\
             Content-Type: multipart/related; type=\"application/x.python-heapdump\";\r\n boundary=\"{boundary}\"\r\n\
             X-python-heapdump-version: 3\r\n\
             X-Crashsite-Converted-From: {from}\r\n\
             {kept}\r\n{PREAMBLE}"
        );
        self.put(head.as_bytes())
    }

    /// A part; of a heap part also the first object's number, and one past the last one's.
    pub(crate) fn part(&mut self, kind: &str, objects: Option<(u32, u32)>, raw: &[u8]) -> io::Result<()> {
        self.room = self.room.checked_sub(raw.len() as u64).ok_or_else(|| {
            io::Error::new(io::ErrorKind::FileTooLarge, format!("it would be too large to be read: {}", self.limit))
        })?;
        let mut packer = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
        packer.write_all(raw)?;
        let body = packer.finish()?;
        let objects =
            objects.map_or_else(String::new, |(first, end)| format!("X-Crashsite-Objects: {first} {end}\r\n"));
        let head = format!(
            "\r\n--{}\r\n\
             Content-Type: application/x.python-heapdump; part={kind}\r\n\
             Content-Transfer-Encoding: binary\r\n\
             Content-Encoding: gzip\r\n\
             Content-Length: {}\r\n\
             X-Crashsite-Raw-Length: {}\r\n\
             X-Crashsite-Digest: sha256={}\r\n\
             {objects}\r\n",
            self.boundary,
            body.len(),
            raw.len(),
            hexadecimal(&Sha256::digest(&body)),
        );
        self.put(head.as_bytes())?;
        self.put(&body)
    }

    /// The last boundary.
    pub(crate) fn close(&mut self) -> io::Result<()> {
        let close = format!("\r\n--{}--\r\n", self.boundary);
        self.put(close.as_bytes())?;
        self.out.flush()
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}
