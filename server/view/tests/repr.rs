//! What `repr` gives, against what CPython 3.12 printed.
#![allow(clippy::unwrap_used)]

#[path = "../../model/tests/support/mod.rs"]
mod support;

use std::sync::Arc;

use crashsite_model::{Dump, Limits};
use crashsite_view::repr::{bytes_repr, complex_repr, float_repr, int_of_bytes, of_number, text_repr};
use support::{Obj, whole};

#[test]
fn floats() {
    for (value, text) in [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1e16, "1e+16"),
        (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
        (9_999_999_999_999_998.0, "9999999999999998.0"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (5e-324, "5e-324"),
        (0.1 + 0.2, "0.30000000000000004"),
        (f64::INFINITY, "inf"),
        (f64::NEG_INFINITY, "-inf"),
        (f64::NAN, "nan"),
        (1e100, "1e+100"),
    ] {
        assert_eq!(float_repr(value), text);
    }
}

#[test]
fn complex_numbers_and_large_ints() {
    assert_eq!(complex_repr(1.0, -2.5), "(1-2.5j)");
    assert_eq!(complex_repr(0.0, 2.0), "2j");
    assert_eq!(complex_repr(-0.0, 2.0), "(-0+2j)");
    assert_eq!(complex_repr(f64::NAN, f64::INFINITY), "(nan+infj)");
    assert_eq!(int_of_bytes(&[0, 0, 0, 0, 0, 0, 0, 0, 1]), "18446744073709551616");
    assert_eq!(int_of_bytes(&[0, 0, 0, 0, 0, 0, 0, 0, 0xff]), "-18446744073709551616");
    assert_eq!(int_of_bytes(&[1; 9000]), "<int of 9000 bytes>");
}

#[test]
fn text_and_bytes() {
    for (value, text) in [
        ("it's", r#""it's""#),
        (r#"it's "x""#, r#"'it\'s "x"'"#),
        ("tab\tnew\n\\", r"'tab\tnew\n\\'"),
        ("\u{1b}\u{7f}\u{a0}\u{ad}", r"'\x1b\x7f\xa0\xad'"),
        ("é漢😀", "'é漢😀'"),
        ("\u{202e}\u{2028}\u{e000}\u{e0001}", r"'\u202e\u2028\ue000\U000e0001'"),
    ] {
        assert_eq!(text_repr(value.as_bytes(), 100), text);
    }
    assert_eq!(text_repr(b"\xed\xb2\x80x", 100), r"'\udc80x'");
    assert_eq!(bytes_repr(b"a'\x00\xff\"", 100), r#"b'a\'\x00\xff"'"#);
}

fn reprs(objects: &[Obj], classes: &[support::Class], names: &[&str]) -> Vec<String> {
    let dump = Dump::open(Arc::new(whole(vec![], objects, classes, names)), Limits::default()).unwrap();
    (0..objects.len() as u32).map(|number| of_number(&dump, number, 200)).collect()
}

#[test]
fn containers() {
    let classes: &[support::Class] = &[
        ("builtins", "int", "int", &[]),
        ("builtins", "list", "list", &[]),
        ("builtins", "tuple", "tuple", &[]),
        ("builtins", "set", "set", &[]),
        ("builtins", "frozenset", "frozenset", &[]),
        ("builtins", "dict", "dict", &[]),
        ("collections", "OrderedDict", "OrderedDict", &[]),
        ("m", "Point", "namedtuple", &["x", "y"]),
        ("collections", "deque", "deque", &[]),
    ];
    let of = |kind, class, elements: &[u32]| Obj { kind, class, elements: elements.to_vec(), ..Obj::default() };
    let int = Obj { kind: 2, int: 7, ..Obj::default() };
    let dict = |class, pairs: &[(u32, u32)]| Obj { kind: 13, class, pairs: pairs.to_vec(), ..Obj::default() };
    let cut = Obj { cut: Some(9), ..of(8, 1, &[0]) };
    let objects = [
        int,
        of(8, 1, &[0, 1, 99]),
        of(9, 2, &[0]),
        of(9, 2, &[]),
        of(10, 3, &[]),
        of(10, 3, &[0]),
        of(11, 4, &[0]),
        dict(5, &[(0, 7)]),
        dict(6, &[(0, 0)]),
        of(9, 7, &[0, 3]),
        of(12, 8, &[0]),
        cut,
    ];
    let expected = [
        "7",
        "[7, [...], <not captured>]",
        "(7,)",
        "()",
        "set()",
        "{7}",
        "frozenset({7})",
        "{7: {...}}",
        "OrderedDict({7: 7})",
        "Point(x=7, y=())",
        "deque([7])",
        "[7, …]",
    ];
    assert_eq!(reprs(&objects, classes, &[]), expected);
}

#[test]
fn instances() {
    let classes: &[support::Class] = &[
        ("builtins", "str", "str", &[]),
        ("shop", "Store", "object", &[]),
        ("shop", "Request", "own", &[]),
        ("shop", "Item", "dataclass", &["sku"]),
        ("shop", "Color", "enum", &[]),
        ("builtins", "ValueError", "BaseException", &[]),
        ("builtins", "tuple", "tuple", &[]),
        ("builtins", "type", "type", &[]),
        ("shop", "Parcel", "attrs", &["sku"]),
        ("shop", "Model", "pydantic", &["sku", "left_out"]),
        ("builtins", "dict", "dict", &[]),
        ("uuid", "UUID", "library", &[]),
    ];
    let names = ["path", "sku", "_name_", "_value_", "args", "me", "__pydantic_extra__"];
    let with =
        |kind, class, attributes: &[(u32, u32)]| Obj { kind, class, attributes: attributes.to_vec(), ..Obj::default() };
    let objects = [
        Obj { kind: 6, text: "RED".to_owned(), ..Obj::default() },
        with(14, 1, &[(0, 0)]),
        with(14, 2, &[(0, 0), (5, 2)]),
        with(14, 3, &[(1, 0)]),
        with(14, 4, &[(2, 0), (3, 0)]),
        with(15, 5, &[(4, 6)]),
        Obj { kind: 9, class: 6, elements: vec![0], ..Obj::default() },
        Obj { kind: 16, class: 7, note: "shop\0Store".to_owned(), ..Obj::default() },
        Obj { kind: 18, class: 7, note: "shop\0Store.add".to_owned(), ..Obj::default() },
        with(14, 8, &[(1, 9), (0, 0)]),
        with(14, 9, &[(6, 11), (1, 0)]),
        Obj { kind: 13, class: 10, pairs: vec![(0, 10)], ..Obj::default() },
        with(14, 8, &[(0, 0)]),
        Obj { note: "UUID('5')".to_owned(), ..with(23, 11, &[(1, 0)]) },
    ];
    let expected = [
        "'RED'",
        "<shop.Store object at 0x1010>",
        "<Request path='RED' me=<Request …>>",
        "Item(sku='RED')",
        "<Color.RED: 'RED'>",
        "ValueError('RED')",
        "('RED',)",
        "<class 'shop.Store'>",
        "<function Store.add at 0x1080>",
        "Parcel(sku=...)",
        "Model(sku='RED', RED=...)",
        "{'RED': Model(sku='RED', RED=...)}",
        "<Parcel path='RED'>",
        "UUID('5')",
    ];
    assert_eq!(reprs(&objects, classes, &names), expected);
}

#[test]
fn depth_and_breadth_are_bounded() {
    let classes: &[support::Class] = &[("builtins", "list", "list", &[])];
    let mut deep: Vec<Obj> = (1..50_000).map(|next| Obj { kind: 8, elements: vec![next], ..Obj::default() }).collect();
    deep.push(Obj { kind: 8, elements: vec![0; 100_000], ..Obj::default() });
    let dump = Dump::open(Arc::new(whole(vec![], &deep, classes, &[])), Limits::default()).unwrap();
    assert_eq!(of_number(&dump, 0, 200), "[".repeat(200) + "…");
    assert_eq!(of_number(&dump, 49_999, 200).chars().count(), 201);
}
