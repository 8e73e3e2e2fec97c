//! Containers that are cut, lie, or were damaged.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::time::{Duration, Instant};

use crashsite_parse::{Container, Limits, PartKind, Stage};
use support::{BOUNDARY, Piece, body, head, message, noise, open};

fn three() -> Vec<Piece> {
    vec![
        Piece::new("summary", b"the summary of it all"),
        Piece::new("heap", &noise(500)),
        Piece::new("end", b"the end"),
    ]
}

#[test]
fn cut_at_every_byte() {
    let pieces = three();
    let (whole, offsets) = message(&pieces, true);
    let head = head().find("\r\n\r\n").unwrap() + 4;
    for length in 0..=whole.len() {
        let bytes = whole[..length].to_vec();
        let result = Container::read(&bytes, &Limits::default());
        if length < head {
            let error = result.expect_err("no headers");
            assert_eq!(error.stage, Stage::Container, "{length}");
            continue;
        }
        let container = result.unwrap();
        let bodies = offsets.iter().filter(|&&offset| offset <= length).count();
        assert_eq!(container.parts.len(), bodies, "{length}");
        // The closing boundary counts as such when its dashes are there.
        assert_eq!(container.closed, length + 2 >= whole.len(), "{length}");
        for ((part, piece), &offset) in container.parts.iter().zip(&pieces).zip(&offsets) {
            let there = (length - offset).min(piece.stored.len());
            assert_eq!(part.stored_len, there as u64, "{length}");
            assert_eq!(part.truncated, there < piece.stored.len(), "{length}");
            let body = body(&bytes, &container, part);
            assert_eq!(body.complete, !part.truncated);
            assert_eq!(body.problems.is_empty(), body.complete, "{:?}", body.problems);
            assert!(piece.raw.starts_with(&body.bytes));
            if body.complete {
                assert_eq!(body.bytes, piece.raw);
            }
        }
    }
}

#[test]
fn a_cut_stream_is_decompressed_as_far_as_it_goes() {
    let raw = noise(1_000_000);
    let (bytes, offsets) = message(&[Piece::new("summary", &raw)], true);
    let bytes = bytes[..offsets[0] + 500_000].to_vec();
    let container = open(&bytes);
    let body = body(&bytes, &container, &container.parts[0]);
    assert!(!body.complete);
    assert!(body.bytes.len() > 400_000, "{}", body.bytes.len());
    assert!(raw.starts_with(&body.bytes));
    let texts: Vec<_> = body.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].starts_with("the part is cut: 500000 bytes"), "{texts:?}");
    assert!(texts[1].starts_with("the compressed data is cut short"), "{texts:?}");
}

#[test]
fn a_content_length_that_lies() {
    let (honest, _) = message(&three(), true);
    let far = honest.len().to_string();
    for lie in [
        "0",
        "1",
        "30",
        "500",
        far.as_str(),
        "999999999999",
        "18446744073709551615",
        "18446744073709551616",
        "-1",
        "abc",
        "",
        "1 2",
        "0x10",
    ] {
        let mut pieces = three();
        pieces[1].content_length = Some(lie.to_owned());
        let (bytes, offsets) = message(&pieces, true);
        let container = open(&bytes);
        assert_eq!(container.parts.len(), 3, "{lie}");
        assert!(container.closed, "{lie}");
        assert_eq!(container.problems.len(), 1, "{lie}: {:?}", container.problems);
        let problem = &container.problems[0];
        assert_eq!(problem.offset, offsets[1] as u64);
        assert!(problem.message.starts_with(&format!("Content-Length of a part is {lie}")), "{problem}");
        for (part, piece) in container.parts.iter().zip(&pieces) {
            let body = body(&bytes, &container, part);
            assert!(body.complete, "{lie}: {:?}", body.problems);
            assert_eq!(body.bytes, piece.raw);
        }
    }
}

#[test]
fn a_content_length_that_jumps_over_parts() {
    // A boundary follows, but that of a later part: nobody can tell that it lies, but the digest.
    let mut pieces = three();
    let (bytes, offsets) = message(&pieces, true);
    let closing = format!("\r\n--{BOUNDARY}--\r\n");
    let jump = bytes.len() - closing.len() - offsets[1];
    pieces[1].content_length = Some(jump.to_string());
    let (bytes, _) = message(&pieces, true);
    let container = open(&bytes);
    assert_eq!(container.parts.len(), 2);
    let body = body(&bytes, &container, &container.parts[1]);
    assert!(!body.complete);
    assert!(body.problems.iter().any(|problem| problem.message.contains("digest")));
    assert_eq!(body.bytes, pieces[1].raw);
}

#[test]
fn without_a_content_length() {
    let mut pieces = three();
    for piece in &mut pieces {
        piece.content_length = None;
    }
    let (bytes, _) = message(&pieces, true);
    let container = open(&bytes);
    assert_eq!(container.problems.len(), 3);
    for (part, piece) in container.parts.iter().zip(&pieces) {
        let body = body(&bytes, &container, part);
        assert!(body.complete);
        assert_eq!(body.bytes, piece.raw);
    }
}

#[test]
fn a_damaged_boundary() {
    let (mut bytes, offsets) = message(&three(), true);
    // The one before the end part: the heap part's length is right, and then comes something else.
    let heap = offsets[1] + three()[1].stored.len();
    bytes[heap + 4] ^= 1;
    let container = open(&bytes);
    assert_eq!(container.parts.len(), 2);
    assert!(container.closed);
    assert!(container.problems[0].message.starts_with("Content-Length"));
    let damaged = body(&bytes, &container, &container.parts[1]);
    assert_eq!(damaged.bytes, three()[1].raw);

    // The closing one: all parts are there, the file is not closed.
    let (mut bytes, _) = message(&three(), true);
    let last = bytes.len() - 8;
    bytes[last] ^= 1;
    let container = open(&bytes);
    assert_eq!(container.parts.len(), 3);
    assert!(!container.closed);
    assert!(container.problems[0].message.contains("no boundary"));
    assert!(body(&bytes, &container, &container.parts[2]).complete);
}

#[test]
fn headers_that_are_none() {
    let mut pieces = three();
    pieces[1].extra = "X-Crashsite-Objects: 5 3\r\n".to_owned();
    pieces[1].digest = Some("md5=00".to_owned());
    pieces[1].raw_length = Some("many".to_owned());
    pieces[2].extra = "\tno header\r\n: nothing\r\nno colon\r\nX: =?utf-8?b?###?=\r\n".to_owned();
    let (bytes, _) = message(&pieces, true);
    let container = open(&bytes);
    assert_eq!(container.parts.len(), 3);
    assert_eq!(container.parts[1].kind, PartKind::Heap { first: 0, end: 0 });
    assert_eq!(container.parts[1].digest, None);
    assert_eq!(container.parts[1].raw_len, None);
    let texts = format!("{:?}", container.problems);
    for text in ["X-Crashsite-Objects", "X-Crashsite-Digest", "X-Crashsite-Raw-Length"] {
        assert!(texts.contains(text), "{texts}");
    }
}

#[test]
fn parts_that_are_left_out() {
    let (mut bytes, _) = message(&three(), false);
    bytes.extend(format!("\r\n--{BOUNDARY}\r\nContent-Type: x/y; part=cut").bytes());
    bytes.extend(format!("\r\n--{BOUNDARY}\r\n").bytes());
    bytes.extend("X: y\r\n".repeat(20_000).bytes());
    bytes.extend(format!("\r\n--{BOUNDARY}\r\nContent-Type: x/y; part=last\r\n\r\nlast").bytes());
    bytes.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    let container = open(&bytes);
    assert!(container.closed);
    let kinds: Vec<_> = container.parts.iter().map(|part| part.kind.clone()).collect();
    assert_eq!(kinds[3..], [PartKind::Other("last".to_owned())]);
    let texts: Vec<_> = container.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert!(texts[0].contains("without a body"), "{texts:?}");
    assert!(texts[1].contains("--max-headers"), "{texts:?}");
}

#[test]
fn limits_of_the_container() {
    let pieces: Vec<_> = (0..20).map(|_| Piece::new("heap", b"x")).collect();
    let (bytes, _) = message(&pieces, true);
    let limits = Limits { max_parts: 7, ..Limits::default() };
    let container = Container::read(&bytes, &limits).unwrap();
    assert_eq!(container.parts.len(), 7);
    assert!(!container.closed);
    assert!(container.problems[0].message.contains("the limit on parts in a file is 7 (--max-parts)"));

    let limits = Limits { max_headers: 100, ..Limits::default() };
    let error = Container::read(&bytes, &limits).expect_err("longer headers");
    assert!(error.message.contains("is 100 bytes (--max-headers)"), "{error}");
    assert!(error.remedy.contains("--max-headers"));

    let limits = Limits { max_part: 10, ..Limits::default() };
    let error = open(&bytes).body(&bytes, &open(&bytes).parts[0], &limits).expect_err("a larger part");
    assert!(error.message.contains("--max-part"), "{error}");
}

#[test]
fn not_a_dump() {
    for (bytes, what) in [
        (&b""[..], "an empty file"),
        (b"\x1f\x8b\x08\0", "a gzip file"),
        (b"BZh91AY", "a bzip2 file"),
        (b"\x80\x04}.", "a pickle"),
        (b"(dp0\n.", "a pickle"),
        (b"\x7fELF\x02", "an ELF file"),
        (b"{\"a\": 1}", "a JSON file"),
        (b"PK\x03\x04", "a zip archive"),
        (b"\0\0\0\0", "a file of an unknown kind"),
    ] {
        let error = Container::read(&bytes.to_vec(), &Limits::default()).expect_err(what);
        assert!(error.message.contains(what), "{error}");
        assert!(!error.remedy.is_empty());
    }
    let plain = b"Content-Type: text/plain\r\nMIME-Version: 1.0\r\n\r\nhello".to_vec();
    let error = Container::read(&plain, &Limits::default()).expect_err("not multipart");
    assert!(error.message.contains("not multipart"));
    let nameless = b"Content-Type: multipart/mixed\r\n\r\nhello".to_vec();
    let error = Container::read(&nameless, &Limits::default()).expect_err("no boundary");
    assert!(error.message.contains("no boundary"));
}

#[test]
fn time_is_linear() {
    let started = Instant::now();
    let many = |line: &str, count: usize| {
        let mut bytes = head().into_bytes();
        bytes.extend(line.repeat(count).bytes());
        bytes
    };
    // Only look like boundaries.
    for line in [format!("\r\n--{BOUNDARY}x"), format!("--{BOUNDARY}"), format!("\r\n--{BOUNDARY}{}", " ".repeat(70))] {
        let container = open(&many(&line, 500_000));
        assert!(container.parts.len() <= 1);
    }
    // Parts of nothing but a boundary; parts without a body; empty parts; parts whose lengths all lie.
    for line in [
        format!("\r\n--{BOUNDARY}\r\n"),
        format!("\r\n--{BOUNDARY}\r\nX: y\r\n"),
        format!("\r\n--{BOUNDARY}\r\n\r\n"),
        format!("\r\n--{BOUNDARY}\r\nContent-Length: 10000000\r\n\r\n"),
        format!("\r\n--{BOUNDARY}\r\nContent-Length: 77\r\n\r\n"),
        format!("\r\n--{BOUNDARY}\r\nContent-Length: 999999999999\r\n\r\n"),
    ] {
        let container = open(&many(&line, 500_000));
        assert!(container.parts.len() <= 100_000);
        assert!(container.problems.len() <= 1001);
    }
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
}

#[test]
fn encoded_words_that_take_long_to_decode() {
    let started = Instant::now();
    for word in ["=? ", " =?", "=?utf-8?q?a?= ", "?=x =?", " =?utf-8?b?w6Q=?=", "=?a?b?c?=x"] {
        let mut bytes =
            b"X-python-heapdump-version: 3\r\nContent-Type: multipart/mixed; boundary=b\r\nSubject: ".to_vec();
        bytes.extend(word.repeat(60_000 / word.len()).bytes());
        bytes.extend(b"\r\n\r\n");
        open(&bytes);
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}
