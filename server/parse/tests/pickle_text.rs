//! Text opcodes, where pickletools and CPython's C code do not agree, or pickletools gives up: as the C code.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use crashsite_parse::View;
use support::{load, refuse};

fn py2str(line: &[u8]) -> Vec<u8> {
    let pickle = load(&[b"S", line, b"\n."].concat());
    match pickle.node(pickle.root()) {
        View::Py2Str(bytes) => bytes.to_vec(),
        other => panic!("{other:?}"),
    }
}

fn unicode(line: &[u8]) -> (Vec<u8>, String) {
    let pickle = load(&[b"V", line, b"\n."].concat());
    let root = pickle.root();
    (pickle.as_str_bytes(root).unwrap().to_vec(), pickle.as_str(root).unwrap().into_owned())
}

#[test]
fn string_escapes() {
    assert_eq!(py2str(b"''"), b"");
    assert_eq!(py2str(br"'\x00\xff\xAb'"), b"\x00\xff\xab");
    assert_eq!(py2str(br"'\0\12\1234\777\8'"), b"\0\n\x534\xff\\8");
    assert_eq!(py2str(br#"'\a\b\f\n\r\t\v\\\'\"'"#), b"\x07\x08\x0c\n\r\t\x0b\\'\"");
    assert_eq!(py2str(br"'\q\u0041'"), br"\q\u0041");
    assert_eq!(py2str(b"'caf\xe9'"), b"caf\xe9");
    assert_eq!(py2str(br#""it's""#), b"it's");
    // A quote within is an error nowhere: only the outermost two count.
    assert_eq!(py2str(b"'it's'"), b"it's");
    for line in [&b"abc"[..], b"'abc", b"'abc\"", b"'", b"", br"'\x4'", br"'\xzz'", br"'abc\'"] {
        let error = refuse(&[b"S", line, b"\n."].concat());
        assert!(error.message.starts_with("STRING cannot be read"), "{error}");
        assert_eq!(error.offset, Some(0));
    }
}

#[test]
fn unicode_escapes() {
    assert_eq!(unicode(b"caf\xe9").1, "café");
    assert_eq!(unicode(br"\u00e9\U0001F600").1, "é😀");
    // A backslash before anything else stays, and so does what follows: two do not make one.
    assert_eq!(unicode(br"\\u0041 \n \").1, r"\\u0041 \n \");
    // Lone surrogates pass; a person sees U+FFFD.
    assert_eq!(unicode(br"a\ud800b"), (b"a\xed\xa0\x80b".to_vec(), "a\u{fffd}b".to_owned()));
    // Narrow builds of Python 2 write a pair: it is one character.
    let (bytes, text) = unicode(br"\ud83d\ude00");
    assert_eq!((bytes.as_slice(), text.as_str()), (&b"\xed\xa0\xbd\xed\xb8\x80"[..], "😀"));
    assert_eq!(unicode(br"\ude00\ud83d").1, "\u{fffd}\u{fffd}");
    for line in [&br"\u004"[..], br"\u00g1", br"\U0011ffff", br"\U0001"] {
        let error = refuse(&[b"V", line, b"\n."].concat());
        assert!(error.message.starts_with("UNICODE cannot be read"), "{error}");
    }
}

#[test]
fn invalid_utf8_is_shown_as_far_as_it_goes() {
    let pickle = load(b"X\x06\0\0\0a\xffb\xe2\x82c.");
    assert_eq!(pickle.as_str(pickle.root()).unwrap(), "a\u{fffd}b\u{fffd}c");
    assert_eq!(pickle.as_str_bytes(pickle.root()).unwrap(), b"a\xffb\xe2\x82c");
}

#[test]
fn integers() {
    let int = |line: &str| {
        let pickle = load(format!("I{line}\n.").as_bytes());
        match pickle.node(pickle.root()) {
            View::Int(value) => value.to_string(),
            View::Bool(value) => value.to_string(),
            View::BigInt(value) => format!("{value:?}"),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(int("01"), "true");
    assert_eq!(int("00"), "false");
    assert_eq!(int("1"), "1");
    assert_eq!(int("0"), "0");
    assert_eq!(int("000"), "0");
    assert_eq!(int("-7"), "-7");
    assert_eq!(int(" +7 "), "7");
    assert_eq!(int("7\r"), "7");
    // strtol with base 0.
    assert_eq!(int("010"), "8");
    assert_eq!(int("0x1F"), "31");
    assert_eq!(int("9223372036854775807"), "9223372036854775807");
    assert_eq!(int("-9223372036854775808"), "-9223372036854775808");
    assert_eq!(int("9223372036854775808"), "Decimal(\"9223372036854775808\")");
    assert_eq!(int("-9223372036854775809"), "Decimal(\"-9223372036854775809\")");
    for line in ["", "-", "abc", "1.5", "09", "1 2", "0x", "--1"] {
        let error = refuse(format!("I{line}\n.").as_bytes());
        assert!(error.message.starts_with("INT cannot be read"), "{line}: {error}");
    }
    let pickle = load(b"L12L\n.");
    assert_eq!(pickle.as_int(pickle.root()), Some(12));
    let pickle = load(b"L12\n.");
    assert_eq!(pickle.as_int(pickle.root()), Some(12));
    assert!(refuse(b"L12LL\n.").message.starts_with("LONG"));
}

#[test]
fn floats() {
    let float = |line: &str| {
        let pickle = load(format!("F{line}\n.").as_bytes());
        pickle.as_f64(pickle.root()).unwrap()
    };
    assert_eq!(float("1.5"), 1.5);
    assert_eq!(float("1"), 1.0);
    assert_eq!(float("-1e-5"), -1e-5);
    assert_eq!(float("-inf"), f64::NEG_INFINITY);
    assert!(float("nan").is_nan());
    assert!(refuse(b"Fx\n.").message.starts_with("FLOAT"));
    assert!(refuse(b"F\n.").message.starts_with("FLOAT"));
}

#[test]
fn memo_indexes() {
    assert!(refuse(b"]p-1\n.").message.starts_with("PUT"));
    assert!(refuse(b"]px\n.").message.starts_with("PUT"));
    assert!(refuse(b"g0\n.").message.contains("memo entry 0, which was never put"));
    let pickle = load(b"]p99999999999\n0g99999999999\n.");
    assert!(pickle.is_list(pickle.root()));
}
