//! Containers in order.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use crashsite_parse::{Container, ContainerKind, ContentEncoding, Limits, PartKind, Source, TransferEncoding};
use support::{BOUNDARY, Piece, body, gzip, message, noise, open};

#[test]
fn what_was_written_is_read() {
    let pieces = [
        Piece::new("summary", b"the summary"),
        Piece::new("heap", &noise(100_000)),
        Piece::new("end", b""),
        Piece::new("later", b"something new"),
    ];
    let (bytes, offsets) = message(&pieces, true);
    let container = open(&bytes);
    assert_eq!(container.problems, []);
    assert_eq!(container.kind, ContainerKind::Crashsite);
    assert!(container.closed);
    assert_eq!(container.header("subject"), Some("ValueError: ä"));
    assert_eq!(container.header("X-Mine"), Some("one"));
    let names: Vec<_> = container.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["MIME-Version", "Content-Type", "Subject", "X-python-heapdump-version", "X-Mine"]);
    let kinds: Vec<_> = container.parts.iter().map(|part| part.kind.clone()).collect();
    assert_eq!(
        kinds,
        [PartKind::Summary, PartKind::Heap { first: 0, end: 1000 }, PartKind::End, PartKind::Other("later".to_owned())]
    );
    for ((part, piece), offset) in container.parts.iter().zip(&pieces).zip(offsets) {
        assert_eq!(part.offset, offset as u64);
        assert_eq!(part.stored_len, piece.stored.len() as u64);
        assert_eq!(part.raw_len, Some(piece.raw.len() as u64));
        assert!(part.digest.is_some() && !part.truncated);
        assert_eq!(part.encoding, ContentEncoding::Gzip);
        assert_eq!(part.transfer, TransferEncoding::Binary);
        let body = body(&bytes, &container, part);
        assert!(body.complete);
        assert_eq!(body.problems, []);
        assert_eq!(body.bytes, piece.raw);
    }
}

#[test]
fn bodies_that_hold_boundaries_or_line_ends() {
    let inner = format!("\r\n--{BOUNDARY}\r\n\r\n--{BOUNDARY}--\r\n");
    for raw in [inner.as_bytes(), b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"--", b""] {
        let (bytes, _) = message(
            &[
                Piece {
                    stored: raw.to_vec(),
                    content_length: Some(raw.len().to_string()),
                    digest: None,
                    ..Piece::new("summary", raw)
                },
                Piece::new("end", b"x"),
            ],
            true,
        );
        let container = open(&bytes);
        assert_eq!(container.parts.len(), 2, "{raw:?}");
        assert_eq!(container.problems, []);
        assert_eq!(container.parts[0].stored_len, raw.len() as u64);
        assert!(container.closed);
    }
}

/// Counts what is read.
struct Counting<'a>(&'a [u8], AtomicU64);

impl Source for Counting<'_> {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read_at(offset, buf)?;
        self.1.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[test]
fn bodies_are_not_read() {
    let mut pieces = vec![Piece::new("summary", &noise(50_000))];
    pieces.extend((0..40).map(|_| Piece::new("heap", &noise(300_000))));
    pieces.push(Piece::new("end", b"end"));
    let (bytes, _) = message(&pieces, true);
    let source = Counting(&bytes, AtomicU64::new(0));
    let container = Container::read(&source, &Limits::default()).unwrap();
    assert_eq!(container.parts.len(), 42);
    assert!(bytes.len() > 12_000_000);
    let read = source.1.load(Ordering::Relaxed);
    assert!(read < 42 * 10_000, "{read}");
}

#[test]
fn line_feeds_alone() {
    let text = "Content-Type: multipart/mixed; boundary=b\nX-python-heapdump-version: 3\n\nhello\n--b\n\
                Content-Type: application/x.python-heapdump; part=summary\nContent-Length: 4\n\nab\r\r\n--b \t\n\
                Content-Type: application/x.python-heapdump; part=end\n\nxy\r\n--b--";
    let bytes = text.as_bytes().to_vec();
    let container = open(&bytes);
    assert!(container.closed);
    let bodies: Vec<_> = container.parts.iter().map(|part| body(&bytes, &container, part).bytes).collect();
    // The CR before the LF is the body's, in a file that ends its lines with LF.
    assert_eq!(bodies, [b"ab\r\r".to_vec(), b"xy\r".to_vec()]);
    assert_eq!(container.problems.len(), 1, "{:?}", container.problems);
    assert!(container.problems[0].message.contains("no Content-Length"));
}

#[test]
fn pyheapdump() {
    let text = "From nobody Sun Nov 22 21:38:58 2026\n\
                Content-Type: multipart/related; type=\"application/x.python-heapdump\";\n boundary=\"==6==\"\n\
                MIME-Version: 1.0\n\nThis is a dump.\n\n--==6==\n\
                Content-Type: application/x.python-heapdump\nContent-Transfer-Encoding: base64\n\
                X-python-heapdump-version: 2\nX-python-heapdump-sys_argv: =?utf-8?b?w6Q=?=\n =?utf-8?b?w7Y=?=\n\n\
                gAJ9cQ\nAoWA==\n\n--==6==--\n";
    let bytes = text.as_bytes().to_vec();
    let container = open(&bytes);
    assert_eq!(container.kind, ContainerKind::Other);
    assert!(container.closed);
    assert_eq!(container.problems, []);
    let part = &container.parts[0];
    assert_eq!(part.kind, PartKind::Other("application/x.python-heapdump".to_owned()));
    assert_eq!(part.header("x-python-heapdump-version"), Some("2"));
    assert_eq!(part.header("x-python-heapdump-sys_argv"), Some("äö"));
    assert_eq!(part.transfer, TransferEncoding::Base64);
    let body = body(&bytes, &container, part);
    assert_eq!(body.bytes, b"\x80\x02}q\x00(X");
    assert!(body.complete);
}

#[test]
fn parameters_of_content_type() {
    for boundary in [
        "boundary=abc",
        "boundary=\"abc\"",
        "BOUNDARY = \"abc\" ; x=y",
        "type=\"a;boundary=no\"; boundary=abc",
        "flag; boundary=abc",
        "x=\"\\\"\"; boundary=\"a\\bc\"",
    ] {
        let bytes =
            format!("Content-Type: multipart/mixed; {boundary}\r\n\r\n--abc\r\n\r\nhello\r\n--abc--\r\n").into_bytes();
        let container = open(&bytes);
        assert_eq!(container.parts.len(), 1, "{boundary}");
        assert_eq!(container.parts[0].kind, PartKind::Other("text/plain".to_owned()));
        assert_eq!(body(&bytes, &container, &container.parts[0]).bytes, b"hello");
    }
}

#[test]
fn a_boundary_is_not_a_prefix() {
    let bytes = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--bc\r\n--b-\r\nx--b\r\n--b\r\n\r\none\r\n--bb\r\ntwo\r\n--b--x\r\n--b--\r\n"
        .to_vec();
    let container = open(&bytes);
    assert_eq!(container.parts.len(), 1);
    assert_eq!(body(&bytes, &container, &container.parts[0]).bytes, b"one\r\n--bb\r\ntwo\r\n--b--x");
    assert!(container.closed);
}

#[test]
fn several_gzip_members_and_what_follows() {
    let mut stored = gzip(b"one");
    stored.extend(gzip(b"two"));
    let mut piece = Piece::new("summary", b"onetwo");
    piece.content_length = Some(stored.len().to_string());
    piece.digest = None;
    piece.stored = stored;
    let (bytes, _) = message(&[piece.clone()], true);
    let container = open(&bytes);
    let whole = body(&bytes, &container, &container.parts[0]);
    assert_eq!(whole.bytes, b"onetwo");
    assert!(whole.complete && whole.problems.is_empty());

    piece.stored.extend(b"more");
    piece.content_length = Some(piece.stored.len().to_string());
    let (bytes, _) = message(&[piece], true);
    let container = open(&bytes);
    let more = body(&bytes, &container, &container.parts[0]);
    assert_eq!(more.bytes, b"onetwo");
    assert!(more.problems[0].message.contains("4 bytes after"));
}
