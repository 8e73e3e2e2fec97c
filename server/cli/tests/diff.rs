//! `diff` of two dumps of the same crash.
#![allow(clippy::unwrap_used)]

mod common;

use common::support::{V, file, part, pickle, text};
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
