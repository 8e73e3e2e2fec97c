//! Pickles made to hurt: each is refused or read in little time and memory, and a refusal names its limit.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::time::{Duration, Instant};

use crashsite_parse::{Error, LimitKind, Limits, Stage, read_pickle};
use support::{load, refuse};

const LONG: Duration = Duration::from_secs(10);

fn refused_with(bytes: &[u8], limits: &Limits, kind: LimitKind) -> Error {
    let error = read_pickle(bytes.to_vec(), limits).expect_err("beyond the limit");
    assert_eq!(error.limit.map(|limit| limit.kind), Some(kind), "{error}");
    assert_eq!(error.stage, Stage::Pickle);
    assert!(error.message.contains(kind.flag()), "{error}");
    assert!(error.message.contains(kind.name()), "{error}");
    assert!(error.remedy.contains(kind.flag()), "{}", error.remedy);
    error
}

#[test]
fn every_limit_is_named() {
    let limits = || Limits::default();
    let opcodes = Limits { max_opcodes: 3, ..limits() };
    let error = refused_with(b"NNNNN.", &opcodes, LimitKind::Opcodes);
    assert_eq!(error.to_string(), "pickle, at byte 3: NONE: the limit on opcodes in a pickle is 3 (--max-opcodes)");
    let values = Limits { max_values: 3, ..limits() };
    refused_with(b"]]]].", &values, LimitKind::Values);
    // Pieces of containers count too: two lists filled by turns.
    refused_with(b"]q\0]q\x01h\0Nah\x01Nah\0Nah\x01Na.", &values, LimitKind::Values);
    let references = Limits { max_references: 3, ..limits() };
    refused_with(b"(NNNNt.", &references, LimitKind::References);
    let memo = Limits { max_memo: 2, ..limits() };
    refused_with(b"N\x94\x94\x94.", &memo, LimitKind::Memo);
    refused_with(b"Nq\0q\x01q\x02.", &memo, LimitKind::Memo);
    assert!(read_pickle(b"Nq\0q\x01q\x01q\0.".to_vec(), &memo).is_ok());
    let stack = Limits { max_stack: 2, ..limits() };
    refused_with(b"N222.", &stack, LimitKind::Stack);
    let depth = Limits { max_depth: 2, ..limits() };
    refused_with(b"(((.", &depth, LimitKind::Depth);
    let text = Limits { max_text: 4, ..limits() };
    refused_with(b"V\\u0041bcde\n.", &text, LimitKind::Text);
    refused_with(b"S'\\x41bcde'\n.", &text, LimitKind::Text);
}

#[test]
fn lengths_beyond_the_input() {
    for (head, name) in [
        (&b"\x8a\xff"[..], "LONG1"),
        (b"\x8b\xff\xff\xff\x7f", "LONG4"),
        (b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff", "BINUNICODE8"),
        (b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7f", "BINUNICODE8"),
        (b"\x8e\xff\xff\xff\xff\xff\xff\xff\xff", "BINBYTES8"),
        (b"\x96\0\0\0\0\0\0\0\x80", "BYTEARRAY8"),
        (b"X\xff\xff\xff\xff", "BINUNICODE"),
        (b"B\xff\xff\xff\xff", "BINBYTES"),
        (b"T\xff\xff\xff\x7f", "BINSTRING"),
        (b"\x95\xff\xff\xff\xff\xff\xff\xff\xff", "FRAME"),
        (b"\x95\x02\0\0\0\0\0\0\0", "FRAME"),
        (b"G\0\0", "BINFLOAT"),
        (b"J\0", "BININT"),
    ] {
        let error = refuse(&[head, b"."].concat());
        assert!(error.message.starts_with(&format!("{name} needs ")), "{error}");
        assert!(error.message.ends_with("remain"), "{error}");
        assert_eq!(error.offset, Some(0));
    }
}

#[test]
fn negative_numbers() {
    for (bytes, name) in [
        (&b"\x8b\xff\xff\xff\xff."[..], "LONG4"),
        (b"T\xff\xff\xff\xff.", "BINSTRING"),
        (b"\x84\xff\xff\xff\xff.", "EXT4"),
        (b"\x82\0.", "EXT1"),
    ] {
        let error = refuse(bytes);
        assert!(error.message.starts_with(name), "{error}");
        assert!(error.message.contains("must not be"), "{error}");
    }
}

#[test]
fn the_stack_is_not_what_the_opcode_needs() {
    for bytes in [
        &b"."[..],
        b"0.",
        b"2.",
        b"a.",
        b"Na.",
        b"s.",
        b"]Ns.",
        b"e.",
        b"(e.",
        b"(Ne.",
        b"t.",
        b"l.",
        b"d.",
        b"1.",
        b"\x85.",
        b"N\x86.",
        b"NN\x87.",
        b"u.",
        b"(u.",
        b"\x90.",
        b"(\x90.",
        b"\x91.",
        b"R.",
        b"NR.",
        b"b.",
        b"Nb.",
        b"o.",
        b"(o.",
        b"ia\nb\n.",
        b"\x81.",
        b"NN\x92.",
        b"\x93.",
        b"Q.",
        b"\x98.",
        b"q\0.",
        b"\x94.",
        b"](a.",
        b"](.",
        b"N(R.",
        b"](Na.",
        b"N(2.",
        b"N(q\0.",
    ] {
        let error = refuse(bytes);
        assert!(
            error.message.contains("too little on the stack") || error.message.contains("no mark"),
            "{bytes:?}: {error}"
        );
    }
}

#[test]
fn plain_values_cannot_be_filled() {
    for bytes in [
        &b"NNa."[..],
        b"K\x01Na.",
        b")Na.",
        b"N(NNu.",
        b"](NNu.",
        b"}Na.",
        b"\x8f(Ne.",
        b"](N\x90.",
        b"N}b.",
        b"K\x01}b.",
        b"NN\x93.",
        b"}(Nu.",
        b"(Nd.",
    ] {
        let error = refuse(bytes);
        assert!(error.message.contains(" cannot ") || error.message.contains("no value"), "{bytes:?}: {error}");
    }
}

#[test]
fn unknown_things() {
    assert_eq!(refuse(b"\xff.").to_string(), "pickle, at byte 0: opcode 0xff is not known");
    assert!(refuse(b"\x80\x06N.").message.contains("protocol 6"));
    assert_eq!(refuse(b"NN").to_string(), "pickle, at byte 2: the pickle ends without STOP");
    assert_eq!(refuse(b"").offset, Some(0));
    assert!(refuse(b"I1").message.contains("does not end"));
    assert!(refuse(b"c\nx\n.").message.contains("names nothing"));
}

#[test]
fn memo_bomb() {
    // Twice the same, twice of that, and so on: 2 to the 100 values in 100 nodes.
    let mut bytes = b"K\x01".to_vec();
    bytes.extend(b"2\x86".repeat(100));
    bytes.push(b'.');
    let pickle = load(&bytes);
    assert_eq!(pickle.len(), 101);
    assert_eq!(pickle.expanded_size(pickle.root(), u64::MAX / 4), u64::MAX / 4);
    assert_eq!(pickle.expanded_size(pickle.root(), 1000), 1000);
}

#[test]
fn deep_nesting() {
    let started = Instant::now();
    let depth = 1_000_000;
    for (open, close) in
        [(&b"]"[..], &b"a"[..]), (b"(", b"l"), (b"(", b"t"), (b"", b"\x85"), (b"](", b"e"), (b"}N", b"s"), (b"", b"Q")]
    {
        let mut bytes = open.repeat(depth);
        bytes.extend(b"N");
        bytes.extend(close.repeat(depth));
        bytes.extend(b".");
        let pickle = load(&bytes);
        assert!(pickle.len() >= depth);
        let size = pickle.expanded_size(pickle.root(), u64::MAX / 2);
        assert!((depth..=2 * depth + 1).contains(&(size as usize)), "{size}");
        drop(pickle);
    }
    assert!(started.elapsed() < 4 * LONG, "{:?}", started.elapsed());
}

#[test]
fn linked_list() {
    // node = {'next': node}, a million times, as an object with state.
    let mut bytes = b"\x80\x04N".to_vec();
    for _ in 0..1_000_000 {
        bytes.extend(b"cm\nNode\n)\x81}X\x04\0\0\0nextNsb\x86");
    }
    bytes.push(b'.');
    let started = Instant::now();
    let pickle = load(&bytes);
    assert!(pickle.len() > 1_000_000);
    assert!(started.elapsed() < LONG, "{:?}", started.elapsed());
}

#[test]
fn memo_numbers_far_apart() {
    let started = Instant::now();
    let mut bytes = b"N".to_vec();
    for number in 0..100_000u32 {
        bytes.push(b'r');
        bytes.extend(number.wrapping_mul(0x9e37_79b1).to_le_bytes());
    }
    // Each just beyond what the vector holds.
    for number in 0..30u32 {
        bytes.push(b'r');
        bytes.extend((1u32 << number).to_le_bytes());
    }
    bytes.extend(b"j\xb1\x79\x37\x9e.");
    let pickle = load(&bytes);
    assert!(pickle.is_none(pickle.root()));
    assert!(started.elapsed() < LONG, "{:?}", started.elapsed());
}

#[test]
fn a_memo_entry_put_again() {
    for bytes in [&b"Nr\x10\x27\0\0K\x01r\x10\x27\0\0j\x10\x27\0\0."[..], b"Nq\0K\x01q\0h\0."] {
        let pickle = load(bytes);
        assert_eq!(pickle.as_int(pickle.root()), Some(1));
    }
    // First far off, then within the vector.
    let mut bytes = b"Nr\xd0\x07\0\0".to_vec();
    bytes.extend(b"\x94".repeat(1500));
    bytes.extend(b"K\x05r\xd0\x07\0\0j\xd0\x07\0\0.");
    let pickle = load(&bytes);
    assert_eq!(pickle.as_int(pickle.root()), Some(5));
}
