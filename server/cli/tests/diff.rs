//! `diff` of two dumps of the same crash.
#![allow(clippy::unwrap_used)]

mod common;

use common::support::{Class, Obj, V, file, local, part, pickle, summary, text, whole};
use common::{place, run, server_section, server_summary};

type Fields = Vec<(&'static str, V)>;

fn dump(summary: Fields, section: Fields) -> Vec<u8> {
    file(&[
        part("summary", &pickle(&V::Dict(summary)), None),
        part("heap", &pickle(&V::Dict(section)), Some((0, 9))),
        part("end", &pickle(&V::Dict(vec![])), None),
    ])
}

fn set(fields: &mut Fields, key: &str, value: V) {
    fields.iter_mut().find(|(name, _)| *name == key).unwrap().1 = value;
}

fn compare(a: &[u8], b: &[u8], more: &[&str]) -> String {
    let place = place(&[("a", a), ("b", b)]);
    run(place.path(), &[&["diff", "a", "b"], more].concat())
}

#[test]
fn addresses_process_and_time_do_not_count() {
    let mut later = server_summary(9);
    set(&mut later, "pid", V::Int(4712));
    set(&mut later, "time", V::Float(1_795_377_999.0));
    let (a, b) = (dump(server_summary(0), server_section(0)), dump(later, server_section(0)));
    let said = compare(&a, &b, &[]);
    // One object of a list is in neither dump; nothing else is in doubt.
    assert_eq!(said, "nothing differs\n--- stderr\n--- exit 0\n");
    assert!(compare(&a, &b, &["--json"]).contains("\"same\":true"));
}

/// The name differs after 200 characters, the number in two places, the set in its order only.
#[test]
fn values_are_compared_in_depth() {
    let (a, b) = (dump(server_summary(0), server_section(0)), dump(server_summary(1), server_section(1)));
    insta::assert_snapshot!("values", compare(&a, &b, &[]));
    insta::assert_snapshot!("values_json", compare(&a, &b, &["--json"]));
}

#[test]
fn places_and_facts() {
    let V::List(mut frames) = server_summary(0).into_iter().find(|(name, _)| *name == "frames").unwrap().1 else {
        panic!("no list")
    };
    if let Some(V::Dict(frame)) = frames.get_mut(1) {
        set(frame, "line", V::Int(13));
        set(frame, "file", text("/opt/new/shop.py"));
    }
    if let Some(V::Dict(frame)) = frames.get_mut(2) {
        set(frame, "function", text("serve_all"));
    }
    let mut other = server_summary(0);
    set(&mut other, "frames", V::List(frames));
    set(&mut other, "argv", V::List(vec![text("shop.py")]));
    set(
        &mut other,
        "exceptions",
        V::List(vec![V::Dict(vec![
            ("type", text("Other\u{1b}")),
            ("module", text("shop")),
            ("message", text("no price\nat all")),
            ("frames", V::List((0..3).map(V::Int).collect())),
        ])]),
    );
    let (a, b) = (dump(server_summary(0), server_section(0)), dump(other, server_section(0)));
    insta::assert_snapshot!("places", compare(&a, &b, &[]));
}

#[test]
fn colour_where_it_is_asked_for_only() {
    let (a, b) = (dump(server_summary(0), server_section(0)), dump(server_summary(1), server_section(1)));
    assert!(!compare(&a, &b, &[]).contains('\u{1b}'));
    assert!(compare(&a, &b, &["--color", "always"]).contains("\u{1b}[31m- order.count = 3"));
}

/// A variable `x` with an attribute for each object but the first.
fn holding(names: &'static [&'static str], objects: Vec<Obj>) -> Vec<u8> {
    let classes: &[Class] = &[
        ("m", "C", "object", &[]),
        ("builtins", "int", "int", &[]),
        ("builtins", "str", "str", &[]),
        ("builtins", "list", "list", &[]),
        ("builtins", "dict", "dict", &[]),
        ("builtins", "set", "set", &[]),
        ("builtins", "lock", "own", &[]),
    ];
    let attributes = (0..names.len() as u32).map(|index| (index, index + 1)).collect();
    let all = [vec![Obj { kind: 14, attributes, ..Obj::default() }], objects].concat();
    whole(vec![local("x", 0, "C", "<m.C object at 0x1>")], &all, classes, names)
}

fn of(kind: u8, class: u32) -> Obj {
    Obj { kind, class, ..Obj::default() }
}

#[test]
fn every_way_to_differ() {
    let (int, list, dict, set) = (|int| Obj { int, ..of(2, 1) }, of(8, 3), of(13, 4), of(10, 5));
    let str = |word: &str| Obj { text: word.to_owned(), ..of(6, 2) };
    let a = [
        str("k"),
        int(1),
        Obj { elements: vec![1, 2], ..list.clone() },
        Obj { pairs: vec![(1, 2), (2, 1)], ..dict.clone() },
        Obj { elements: vec![1], ..set.clone() },
        Obj { note: "<lock at 0x10>".to_owned(), ..of(1, 6) },
    ];
    let b = [
        str("k"),
        str("1"),
        Obj { elements: vec![1], ..list.clone() },
        Obj { pairs: vec![(1, 3)], ..dict.clone() },
        Obj { elements: vec![3], ..set.clone() },
        Obj { note: "<lock at 0x20>".to_owned(), ..of(1, 6) },
    ];
    let names = &["word", "number", "list", "dict", "set", "lock"];
    let some = compare(&holding(names, a.to_vec()), &holding(names, b.to_vec()), &[]);
    insta::assert_snapshot!("ways", some);
    let without_set = |mut objects: [Obj; 6]| {
        objects[4] = of(10, 5);
        holding(names, objects.to_vec())
    };
    insta::assert_snapshot!("ways_but_the_set", compare(&without_set(a.clone()), &without_set(b), &[]));
    let fewer = &["word", "digit"];
    let (a, b) = (holding(&["word", "number"], a[..2].to_vec()), holding(fewer, a[..2].to_vec()));
    insta::assert_snapshot!("attributes", compare(&a, &b, &[]));
}

#[test]
fn what_is_not_compared_is_said() {
    let long = |last: u32| {
        let mut elements = vec![2; 30_000];
        elements.push(last);
        holding(&["long", "number", "other"], vec![Obj { elements, ..of(8, 3) }, of(2, 1), Obj { int: 5, ..of(2, 1) }])
    };
    // A list longer than what is compared, and one cut by the capture in one of the dumps.
    let cut = |cut: Option<u64>, elements: Vec<u32>| {
        holding(&["cut", "number"], vec![Obj { elements, cut, ..of(8, 3) }, of(2, 1)])
    };
    let summary_only = || {
        let locals = vec![local("x", 0, "str", "'begin…"), local("y", 1, "int", "1")];
        file(&[part("summary", &pickle(&V::Dict(summary(locals))), None)])
    };
    let all = [
        compare(&long(2), &long(3), &[]),
        compare(&cut(None, vec![2; 4]), &cut(Some(4), vec![2; 2]), &[]),
        compare(&summary_only(), &summary_only(), &[]),
    ];
    insta::assert_snapshot!("not_compared", all.concat());
}
