//! Bodies that lie about themselves.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::io;

use crashsite_parse::{Container, LimitKind, Limits, Source, Stage, inflate_gzip};
use support::{Piece, body, gzip, message, noise, open};

#[test]
fn gzip_bomb() {
    let bomb = gzip(&vec![0; 20 << 20]);
    assert!(bomb.len() < 1 << 20);
    let mut piece = Piece::new("summary", b"");
    piece.content_length = Some(bomb.len().to_string());
    piece.raw_length = Some("10".to_owned());
    piece.digest = None;
    piece.stored = bomb;
    let (bytes, _) = message(&[piece], true);
    let container = open(&bytes);
    let limits = Limits { max_inflated: 16 << 20, ..Limits::default() };
    let error = container.body(&bytes, &container.parts[0], &limits).expect_err("a bomb");
    assert_eq!(error.stage, Stage::Inflate);
    assert_eq!(error.limit.map(|limit| limit.kind), Some(LimitKind::Inflated));
    assert!(error.message.contains("16777216 bytes (--max-inflated)"), "{error}");
    assert!(error.remedy.contains("--max-inflated"));
}

#[test]
fn exactly_the_limit() {
    let raw = noise(200_000);
    let stored = gzip(&raw);
    let limits = |max_inflated| Limits { max_inflated, ..Limits::default() };
    assert_eq!(inflate_gzip(&stored, &limits(200_000)).unwrap().bytes, raw);
    assert!(inflate_gzip(&stored, &limits(199_999)).is_err());
    assert!(inflate_gzip(&gzip(b"x"), &limits(0)).is_err());
    assert_eq!(inflate_gzip(&gzip(b""), &limits(0)).unwrap().bytes, b"");
}

#[test]
fn raw_length_and_digest_that_lie() {
    for lie in ["0", "1", "1000000000000", "18446744073709551615"] {
        let mut piece = Piece::new("summary", b"honest");
        piece.raw_length = Some(lie.to_owned());
        let (bytes, _) = message(&[piece], true);
        let container = open(&bytes);
        let body = body(&bytes, &container, &container.parts[0]);
        assert_eq!(body.bytes, b"honest");
        assert!(!body.complete);
        assert_eq!(body.problems.len(), 1);
        assert!(body.problems[0].message.contains("but it has 6 bytes"), "{:?}", body.problems);
    }
    let mut piece = Piece::new("summary", b"honest");
    piece.digest = Some(format!("sha256={}", "0".repeat(64)));
    let (bytes, offsets) = message(&[piece], true);
    let container = open(&bytes);
    let body = body(&bytes, &container, &container.parts[0]);
    assert_eq!(body.bytes, b"honest");
    assert!(!body.complete);
    assert!(body.problems[0].message.contains("digest"));
    assert_eq!(body.problems[0].offset, offsets[0] as u64);
}

#[test]
fn every_byte_of_the_body_changed() {
    let raw = b"The quick brown fox jumps over the lazy dog, again and again and again.";
    let (honest, offsets) = message(&[Piece::new("summary", raw)], true);
    let length = Piece::new("summary", raw).stored.len();
    for place in offsets[0]..offsets[0] + length {
        let mut bytes = honest.clone();
        bytes[place] ^= 0x55;
        let container = open(&bytes);
        match container.body(&bytes, &container.parts[0], &Limits::default()) {
            Ok(body) => {
                assert!(!body.complete, "{place}");
                assert!(body.problems[0].message.contains("digest"));
            }
            Err(error) => assert!(error.message.contains("no gzip data"), "{error}"),
        }
    }
}

#[test]
fn gzip_headers() {
    let plain = gzip(b"hello");
    // All that RFC 1952 allows: a checksum of the header, extra field, name, comment.
    let mut full = vec![0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 0, 3, 0, 1, 2, 3];
    full.extend(b"name\0comment\0\x12\x34");
    let header = full.len();
    full.extend(&plain[10..]);
    assert_eq!(inflate_gzip(&full, &Limits::default()).unwrap().bytes, b"hello");
    for length in 0..full.len() {
        match inflate_gzip(&full[..length], &Limits::default()) {
            Ok(inflated) => {
                assert!(!inflated.complete, "{length}");
                assert_eq!(inflated.problems.len(), 1);
                assert!(length >= header || inflated.bytes.is_empty());
            }
            Err(error) => panic!("{length}: {error}"),
        }
    }
    assert!(inflate_gzip(b"no gzip", &Limits::default()).is_err());
}

#[test]
fn millions_of_empty_members() {
    let bytes = gzip(b"").repeat(1_000_000);
    let inflated = inflate_gzip(&bytes, &Limits::default()).unwrap();
    assert!(!inflated.complete);
    assert!(inflated.problems[0].message.contains("more than 1000 gzip members"));
}

#[test]
fn unknown_encodings() {
    let text = |headers: &str| {
        format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{headers}\r\n\r\nbody\r\n--b--\r\n")
            .into_bytes()
    };
    for headers in ["Content-Encoding: br", "Content-Transfer-Encoding: x-uuencode"] {
        let bytes = text(headers);
        let container = open(&bytes);
        let error = container.body(&bytes, &container.parts[0], &Limits::default()).expect_err("unknown");
        assert!(error.message.contains("is not known"), "{error}");
    }
    let bytes = text("Content-Encoding: identity");
    let container = open(&bytes);
    assert_eq!(body(&bytes, &container, &container.parts[0]).bytes, b"body");
    let limits = Limits { max_inflated: 3, ..Limits::default() };
    assert!(container.body(&bytes, &container.parts[0], &limits).is_err());
}

/// Claims to be longer than it is, and gives a byte at a time.
struct Shrinking<'a>(&'a [u8], u64);

impl Source for Shrinking<'_> {
    fn len(&self) -> u64 {
        self.1
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let end = buf.len().min(7);
        self.0.read_at(offset, &mut buf[..end])
    }
}

#[test]
fn a_file_that_shrinks_while_it_is_read() {
    let raw = noise(10_000);
    let (bytes, offsets) = message(&[Piece::new("summary", &raw), Piece::new("end", b"x")], true);
    for length in (0..bytes.len()).step_by(97) {
        let source = Shrinking(&bytes[..length], bytes.len() as u64);
        if let Ok(container) = Container::read(&source, &Limits::default()) {
            for part in &container.parts {
                container.body(&source, part, &Limits::default()).unwrap();
            }
        }
    }
    // Known whole, then cut.
    let container = open(&bytes);
    let source = Shrinking(&bytes[..offsets[0] + 5000], bytes.len() as u64);
    let body = container.body(&source, &container.parts[0], &Limits::default()).unwrap();
    assert!(!body.complete && raw.starts_with(&body.bytes) && !body.bytes.is_empty());
    assert!(body.problems[0].message.contains("shortened meanwhile"));
}

struct Failing;

impl Source for Failing {
    fn len(&self) -> u64 {
        1000
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}

#[test]
fn a_file_that_cannot_be_read() {
    let error = Container::read(&Failing, &Limits::default()).expect_err("no disk");
    assert_eq!(error.stage, Stage::Read);
    assert!(error.message.contains("the disk is gone"));
}
