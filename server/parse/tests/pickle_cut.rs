//! Pickles that end in the middle: what is told of them is what the whole would have said, or nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::fmt::Write;

use crashsite_parse::{Limits, NodeId, Pickle, View, read_pickle, salvage_pickle};
use support::{python, split_records};

/// The values of a salvaged pickle, as Python would write them.
fn told(bytes: &[u8]) -> String {
    let pickle = salvage_pickle(bytes.to_vec(), &Limits::default()).unwrap();
    let mut out = String::new();
    tell(&pickle, pickle.root(), &mut out);
    out
}

fn tell(pickle: &Pickle, node: NodeId, out: &mut String) {
    let list = |out: &mut String, items: Vec<NodeId>| {
        for (place, item) in items.into_iter().enumerate() {
            out.push_str(if place == 0 { "" } else { " " });
            tell(pickle, item, out);
        }
    };
    match pickle.node(node) {
        View::Int(value) => write!(out, "{value}").unwrap(),
        View::Str(text) | View::Py2Str(text) => write!(out, "'{}'", String::from_utf8_lossy(text)).unwrap(),
        View::Global { name, .. } => write!(out, "{}", String::from_utf8_lossy(name)).unwrap(),
        View::Reduce { callable, args } => {
            tell(pickle, callable, out);
            tell(pickle, args, out);
        }
        View::NewObj { class, .. } => tell(pickle, class, out),
        View::Tuple(items) => {
            out.push('(');
            list(out, items.to_vec());
            out.push(')');
        }
        View::List => {
            out.push('[');
            list(out, pickle.items(node).collect());
            out.push(']');
        }
        _ => {}
    }
    pickle.states(node).for_each(|state| tell(pickle, state, out));
    let pairs: Vec<_> = pickle.pairs(node).collect();
    if matches!(pickle.node(node), View::Dict) || !pairs.is_empty() {
        out.push('{');
        for (place, (key, value)) in pairs.into_iter().enumerate() {
            out.push_str(if place == 0 { "" } else { " " });
            tell(pickle, key, out);
            out.push(':');
            tell(pickle, value, out);
        }
        out.push('}');
    }
}

#[test]
fn what_was_being_built_is_shown() {
    for (bytes, whole) in [
        // {'a': 1, 'b': 2, …: 2 may have been the first of a tuple
        (&b"\x80\x02}(U\x01aK\x01U\x01bK\x02"[..], "{'a':1}"),
        // {'a': 1, 'b': [7, 8, …
        (b"\x80\x02}(U\x01aK\x01U\x01b](K\x07K\x08", "{'a':1 'b':[7]}"),
        // {'a': {'b': 1, 'c': (2, 3, 4, …
        (b"\x80\x02}U\x01a}(U\x01bK\x01U\x01c(K\x02K\x03K\x04", "{'a':{'b':1 'c':(2 3 4)}}"),
        // {'z': 9, 'y': 8, 'a': (1, 2, …, which has no mark: 2 is no key, and 8 may have been the first of a tuple
        (b"\x80\x02}(U\x01zK\x09U\x01yK\x08U\x01aK\x01K\x02", "{'z':9}"),
        // an object whose attributes are being set, as the value of the only key
        (b"\x80\x02}U\x01acshop\nOrder\n)\x81}(U\x01nK\x01U\x01m]", "{'a':Order{'n':1 'm':[]}}"),
        // a call whose arguments are not all there
        (b"\x80\x02cshop\nmake\n(K\x01K\x02K\x03", "make(1 2 3)"),
        // a list of protocol 0, element by element
        (b"(lp0\nI1\naI2\naI3\n", "[1 2]"),
        (b"(dp0\nS'a'\nI1\nsS'b'\n(lI7\naI8", "{'a':1 'b':[7]}"),
        // what comes after a list that is full is not put into it
        (b"\x80\x02](](K\x01K\x02e(K\x03K\x04K\x05K\x06", "[[1 2] (3 4 5 6)]"),
        // a frame that is longer than the file
        (b"\x80\x04\x95\xff\0\0\0\0\0\0\0}(\x8c\x01aK\x01\x8c\x01bK\x02\x8c", "{'a':1}"),
    ] {
        let pickle = salvage_pickle(bytes.to_vec(), &Limits::default()).unwrap();
        assert!(pickle.fault().is_some(), "{bytes:?}");
        assert_eq!(told(bytes), whole, "{bytes:?}");
        assert!(read_pickle(bytes.to_vec(), &Limits::default()).is_err(), "{bytes:?}");
    }
}

#[test]
fn nothing_to_show_is_refused() {
    for bytes in
        [&b""[..], b"\x80\x02", b"\x80\x02}", b"\x80\x02](", b"(", b"(d", b"I1", b"cos\nsystem\n", b"\x80\x02K\x01"]
    {
        let error = salvage_pickle(bytes.to_vec(), &Limits::default()).unwrap_err();
        assert_eq!(error, read_pickle(bytes.to_vec(), &Limits::default()).unwrap_err(), "{bytes:?}");
    }
    // What begins with no PROTO and goes on with what is no opcode is no pickle.
    assert!(salvage_pickle(b"(lp0\nI1\na\xff".to_vec(), &Limits::default()).is_err());
    assert_eq!(told(b"\x80\x02](K\x01K\x02e\xff"), "[1 2]");
    // A limit is no damage.
    let limits = Limits { max_opcodes: 4, ..Limits::default() };
    assert!(salvage_pickle(b"\x80\x02](K\x01K\x02e.".to_vec(), &limits).unwrap_err().limit.is_some());
}

#[test]
fn cut_at_every_byte() {
    let mut salvaged = 0;
    for bytes in split_records(&python("pickles.py", "make", b"")) {
        for end in 0..bytes.len().min(2000) {
            let Ok(pickle) = salvage_pickle(bytes.get(..end).unwrap().to_vec(), &Limits::default()) else { continue };
            salvaged += 1;
            assert!(pickle.fault().is_some() && pickle.end() <= end as u64);
            assert!(pickle.ids().all(|id| pickle.offset(id) < pickle.end() || pickle.opcode(id).is_none()));
            assert!(pickle.expanded_size(pickle.root(), 1000) > 0);
        }
    }
    assert!(salvaged > 1000, "{salvaged}");
}
