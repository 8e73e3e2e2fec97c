//! Reading values out of a pickle.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use crashsite_parse::{BigInt, Opcode, Update, View};
use support::load;

#[test]
fn values() {
    let pickle = load(b"\x80\x04(K\x05G\x3f\xf8\0\0\0\0\0\0\x8c\x01x\x8e\x03\0\0\0\0\0\0\0abcN\x88\x89t.");
    let root = pickle.root();
    let items: Vec<_> = pickle.items(root).collect();
    assert_eq!(pickle.as_slice(root), Some(items.as_slice()));
    assert_eq!(pickle.item_count(root), 7);
    assert_eq!(pickle.as_int(items[0]), Some(5));
    assert_eq!(pickle.as_f64(items[0]), Some(5.0));
    assert_eq!(pickle.as_f64(items[1]), Some(1.5));
    assert_eq!(pickle.as_str(items[2]).as_deref(), Some("x"));
    assert_eq!(pickle.as_bytes(items[3]), Some(&b"abc"[..]));
    let range = pickle.input_range(items[3]).unwrap();
    assert_eq!(&pickle.input()[range], b"abc");
    assert!(pickle.is_none(items[4]));
    assert_eq!(pickle.as_bool(items[5]), Some(true));
    assert_eq!(pickle.as_bool(items[6]), Some(false));
    assert_eq!(pickle.as_int(items[5]), None);
    assert_eq!(pickle.offset(items[3]), 17);
    assert_eq!(pickle.protocol(), 4);
    assert_eq!(pickle.only_data(), Ok(()));
}

#[test]
fn the_last_of_equal_keys_counts() {
    let pickle = load(b"}(U\x01aK\x01X\x01\0\0\0bK\x02u\x8c\x01aK\x03s.");
    let root = pickle.root();
    assert_eq!(pickle.pair_count(root), 3);
    assert_eq!(pickle.get(root, "a").and_then(|id| pickle.as_int(id)), Some(3));
    assert_eq!(pickle.get(root, "b").and_then(|id| pickle.as_int(id)), Some(2));
    assert_eq!(pickle.get(root, "c"), None);
    let keys = pickle.text_keys(root);
    assert_eq!(keys.len(), 2);
    assert_eq!(pickle.as_int(keys[&b"a"[..]]), Some(3));
}

#[test]
fn what_is_set_on_an_object_stays_in_order() {
    let pickle = load(b"cmodule\nmake\n)RK\x01a(K\x02K\x03e}bK\x04K\x05sK\x06a.");
    let root = pickle.root();
    assert!(matches!(pickle.node(root), View::Reduce { .. }));
    let kinds: Vec<_> = pickle
        .updates(root)
        .map(|update| match update {
            Update::Append(items) => format!("append {}", items.len()),
            Update::Add(items) => format!("add {}", items.len()),
            Update::Set(items) => format!("set {}", items.len()),
            Update::Build(_) => "build".to_owned(),
        })
        .collect();
    assert_eq!(kinds, ["append 3", "build", "set 2", "append 1"]);
    let items: Vec<_> = pickle.items(root).filter_map(|id| pickle.as_int(id)).collect();
    assert_eq!(items, [1, 2, 3, 6]);
    assert_eq!(pickle.states(root).count(), 1);
    let View::Reduce { callable, .. } = pickle.node(root) else { unreachable!() };
    assert_eq!(pickle.as_global(callable), Some(("module".into(), "make".into())));
}

#[test]
fn only_data_names_the_first_that_is_not() {
    assert_eq!(load(b"\x80\x04]\x94.").only_data(), Ok(()));
    let pickle = load(b"\x80\x04(K\x01cos\nsystem\n)Rt.");
    assert_eq!(pickle.only_data(), Err((Opcode::GLOBAL, 5)));
    assert_eq!(Opcode::GLOBAL.to_string(), "GLOBAL");
    // The old text opcodes, sets and bytearrays are beyond version 3 too.
    for bytes in [&b"I1\n."[..], b"\x8f.", b"K\x012.", b"U\x01a.", b"\x96\0\0\0\0\0\0\0\0."] {
        assert!(load(bytes).only_data().is_err());
    }
}

#[test]
fn large_integers() {
    let pickle = load(b"\x8a\x09\xff\xff\xff\xff\xff\xff\xff\xff\x00.");
    assert_eq!(pickle.as_int(pickle.root()), None);
    assert_eq!(pickle.as_i128(pickle.root()), Some(i128::from(u64::MAX)));
    // Superfluous sign bytes do not make it large.
    let pickle = load(b"\x8a\x0c\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff.");
    assert_eq!(pickle.as_int(pickle.root()), Some(-2));
    let pickle = load(b"\x8a\x0a\0\0\0\0\0\0\0\x80\0\0.");
    assert_eq!(pickle.node(pickle.root()), View::BigInt(BigInt::Bytes(b"\0\0\0\0\0\0\0\x80\0")));
    let pickle = load(b"L-99999999999999999999L\n.");
    assert_eq!(pickle.as_i128(pickle.root()), Some(-99_999_999_999_999_999_999));
}

#[test]
fn sharing_and_cycles() {
    let pickle = load(b"]\x94(h\0h\0e.");
    let root = pickle.root();
    assert!(pickle.items(root).all(|id| id == root));
    assert_eq!(pickle.expanded_size(root, 1000), 1000);
    let pickle = load(b"(K\x01K\x02t.");
    assert_eq!(pickle.expanded_size(pickle.root(), 1000), 3);
}

#[test]
fn several_pickles_in_a_row() {
    let bytes = b"K\x01.K\x02.rest".to_vec();
    let limits = crashsite_parse::Limits::default();
    let first = crashsite_parse::read_pickle(bytes.clone(), &limits).unwrap();
    assert_eq!(first.end(), 3);
    let second = crashsite_parse::read_pickle_at(bytes, 3, &limits).unwrap();
    assert_eq!(second.as_int(second.root()), Some(2));
    assert_eq!(second.end(), 6);
}
