//! Whatever the bytes, nothing panics, and what is read hangs together.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use crashsite_parse::{Container, Limits, Opcode, read_pickle, sniff};
use proptest::collection::vec;
use proptest::prelude::*;
use support::{Piece, message, noise};

fn limits() -> Limits {
    Limits { max_inflated: 1 << 20, ..Limits::default() }
}

fn try_container(bytes: &[u8]) {
    let _ = sniff(bytes);
    if let Ok(container) = Container::read(&bytes, &limits()) {
        for part in &container.parts {
            assert!(part.offset + part.stored_len <= bytes.len() as u64);
            if let Ok(body) = container.body(&bytes, part, &limits()) {
                assert!(body.complete || !body.problems.is_empty());
                try_pickle(&body.bytes);
            }
        }
    }
}

fn try_pickle(bytes: &[u8]) {
    match read_pickle(bytes.to_vec(), &limits()) {
        Ok(pickle) => {
            assert!(pickle.end() <= bytes.len() as u64);
            for id in pickle.ids() {
                assert!(pickle.offset(id) < pickle.end());
                let _ = (pickle.node(id), pickle.as_text(id), pickle.as_i128(id), pickle.as_global(id));
                assert_eq!(pickle.items(id).count(), pickle.item_count(id));
                assert_eq!(pickle.pairs(id).count(), pickle.pair_count(id));
                pickle.for_each_child(id, |child| assert!(child.index() < pickle.len()));
                let _ = pickle.text_keys(id);
            }
            let _ = pickle.expanded_size(pickle.root(), 1 << 40);
        }
        Err(error) => assert!(error.offset.is_some_and(|at| at <= bytes.len() as u64), "{error}"),
    }
}

/// Opcodes with small arguments: most are pickles for a while at least.
fn opcodes() -> impl Strategy<Value = Vec<u8>> {
    let operand = prop_oneof![
        3 => Just(vec![]),
        2 => vec(0u8..4, 1..9),
        1 => Just(b"1\n".to_vec()),
        1 => Just(b"'a'\n".to_vec()),
        1 => Just(b"a\nb\n".to_vec()),
        1 => vec(any::<u8>(), 0..9),
    ];
    let opcode =
        (prop::sample::select(Opcode::ALL), operand).prop_map(|(opcode, operand)| [vec![opcode.0], operand].concat());
    let simple = prop::sample::select(b"NNN]}()012at\x85\x86\x87\x88\x89\x8f\x94eusldR\x81bQ".to_vec())
        .prop_map(|byte| vec![byte]);
    vec(prop_oneof![1 => opcode, 4 => simple], 0..60).prop_map(|mut all| {
        all.push(b".".to_vec());
        all.concat()
    })
}

/// Lines out of which headers and boundaries might be made.
fn lines() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        Just("--b"),
        Just("--b--"),
        Just("--b "),
        Just("--bb"),
        Just("--b-"),
        Just(""),
        Just(""),
        Just(" folded"),
        Just("\t"),
        Just("Content-Length: 3"),
        Just("Content-Length: 0"),
        Just("Content-Length: 40"),
        Just("Content-Encoding: gzip"),
        Just("Content-Transfer-Encoding: base64"),
        Just("Content-Type: x/y; part=heap"),
        Just("abc"),
        Just(": x"),
        Just("X: =?utf-8?q?=C3?= =?utf-8?b?pA==?="),
        Just("=?"),
        Just("\r"),
        Just("X-Crashsite-Objects: 1 2"),
        Just("é: é"),
    ];
    let end = prop_oneof![3 => Just("\r\n"), 1 => Just("\n"), 1 => Just("")];
    vec((line, end), 0..40).prop_map(|lines| {
        let mut text = "Content-Type: multipart/mixed; boundary=b\r\n\r\n".to_owned();
        for (line, end) in lines {
            text.push_str(line);
            text.push_str(end);
        }
        text.into_bytes()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn bytes_as_a_file(bytes in vec(any::<u8>(), 0..300)) {
        try_container(&bytes);
        try_pickle(&bytes);
    }

    #[test]
    fn opcodes_as_a_pickle(bytes in opcodes()) {
        try_pickle(&bytes);
    }

    #[test]
    fn lines_as_a_message(bytes in lines()) {
        try_container(&bytes);
    }

    #[test]
    fn header_values(value in "\\PC{0,80}", raw in vec(any::<u8>(), 0..80)) {
        for value in [value.as_bytes(), &raw] {
            let mut bytes = b"X-python-heapdump-version: 3\r\nSubject: ".to_vec();
            bytes.extend(value);
            bytes.extend(b"\r\nContent-Type: multipart/mixed; boundary=b; ");
            bytes.extend(value);
            bytes.extend(b"\r\n\r\n--b\r\nContent-Type: ");
            bytes.extend(value);
            bytes.extend(b"\r\n\r\nx\r\n--b--");
            try_container(&bytes);
        }
    }

    #[test]
    fn a_message_with_changes(
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let pieces = [
            Piece::new("summary", b"\x80\x04}\x94\x8c\x01aK\x01s."),
            Piece::new("heap", &noise(200)),
            Piece::new("end", b"\x80\x04}\x94."),
        ];
        let (mut bytes, _) = message(&pieces, true);
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        try_container(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        try_container(&bytes);
    }
}
