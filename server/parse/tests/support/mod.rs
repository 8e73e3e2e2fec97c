//! What several tests need. The builder of containers shares no code with the parser.
#![allow(dead_code, reason = "each test uses some of it")]

use std::io::Write;
use std::process::{Command, Stdio};

use crashsite_parse::{Container, Error, Limits, Part, Pickle, read_pickle};
use sha2::{Digest, Sha256};

/// Runs `python3 tests/support/SCRIPT ARGUMENT` with this input, and gives its output.
pub(crate) fn python(script: &str, argument: &str, input: &[u8]) -> Vec<u8> {
    let path = format!("{}/tests/support/{script}", env!("CARGO_MANIFEST_DIR"));
    let mut child = Command::new("python3")
        .args(["-B", &path, argument])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("these tests need python3 (3.8 or later) on the PATH, as the judge of pickles");
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("python3 ends");
    writer.join().expect("the writer ends").expect("python3 reads");
    assert!(output.status.success(), "python3 {path} {argument} failed");
    output.stdout
}

/// As pickles.py writes them: u32 length, bytes.
pub(crate) fn split_records(mut data: &[u8]) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    while !data.is_empty() {
        let length = u32::from_le_bytes(data[..4].try_into().unwrap()) as usize;
        records.push(data[4..4 + length].to_vec());
        data = &data[4 + length..];
    }
    records
}

pub(crate) fn join_records(records: &[Vec<u8>]) -> Vec<u8> {
    let mut data = Vec::new();
    for record in records {
        data.extend((record.len() as u32).to_le_bytes());
        data.extend(record);
    }
    data
}

pub(crate) fn load(bytes: &[u8]) -> Pickle {
    match read_pickle(bytes.to_vec(), &Limits::default()) {
        Ok(pickle) => pickle,
        Err(error) => panic!("{bytes:?}: {error}"),
    }
}

pub(crate) fn refuse(bytes: &[u8]) -> Error {
    read_pickle(bytes.to_vec(), &Limits::default()).expect_err("this is no pickle")
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// One part to build.
#[derive(Clone)]
pub(crate) struct Piece {
    pub(crate) name: &'static str,
    pub(crate) raw: Vec<u8>,
    pub(crate) stored: Vec<u8>,
    pub(crate) content_length: Option<String>,
    pub(crate) raw_length: Option<String>,
    pub(crate) digest: Option<String>,
    pub(crate) extra: String,
}

impl Piece {
    /// An honest one.
    pub(crate) fn new(name: &'static str, raw: &[u8]) -> Self {
        let stored = gzip(raw);
        let extra = match name {
            "heap" => "X-Crashsite-Objects: 0 1000\r\n",
            _ => "",
        };
        Self {
            name,
            raw: raw.to_vec(),
            content_length: Some(stored.len().to_string()),
            raw_length: Some(raw.len().to_string()),
            digest: Some(format!("sha256={:x}", Sha256::digest(&stored))),
            stored,
            extra: extra.to_owned(),
        }
    }
}

pub(crate) const BOUNDARY: &str = "=-crash-7f3a=";

pub(crate) fn head() -> String {
    format!(
        "MIME-Version: 1.0\r\n\
         Content-Type: multipart/related; type=\"application/x.python-heapdump\";\r\n boundary=\"{BOUNDARY}\"\r\n\
         Subject: =?utf-8?q?ValueError=3A_=C3=A4?=\r\n\
         X-python-heapdump-version: 3\r\n\
         X-Mine: one\r\n\
         \r\n\
         This is a dump.\r\n"
    )
}

/// The message, and where in it each body begins.
pub(crate) fn message(pieces: &[Piece], closing: bool) -> (Vec<u8>, Vec<usize>) {
    let mut out = head().into_bytes();
    let mut offsets = Vec::new();
    for piece in pieces {
        out.extend(format!("\r\n--{BOUNDARY}\r\n").bytes());
        out.extend(format!("Content-Type: application/x.python-heapdump; part={}\r\n", piece.name).bytes());
        out.extend(b"Content-Transfer-Encoding: binary\r\nContent-Encoding: gzip\r\n");
        for (name, value) in [
            ("Content-Length", &piece.content_length),
            ("X-Crashsite-Raw-Length", &piece.raw_length),
            ("X-Crashsite-Digest", &piece.digest),
        ] {
            if let Some(value) = value {
                out.extend(format!("{name}: {value}\r\n").bytes());
            }
        }
        out.extend(piece.extra.bytes());
        out.extend(b"\r\n");
        offsets.push(out.len());
        out.extend(&piece.stored);
    }
    if closing {
        out.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    }
    (out, offsets)
}

pub(crate) fn open(bytes: &[u8]) -> Container {
    match Container::read(&bytes, &Limits::default()) {
        Ok(container) => container,
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn body(bytes: &[u8], container: &Container, part: &Part) -> crashsite_parse::Body {
    match container.body(&bytes, part, &Limits::default()) {
        Ok(body) => body,
        Err(error) => panic!("{error}"),
    }
}

/// Bytes that do not compress, always the same.
pub(crate) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        })
        .collect()
}
