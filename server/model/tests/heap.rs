//! The heap: columns, rests, lies.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use crashsite_model::{Dump, Kind, Limits, Payload};
use support::{Obj, V, column, file, part, pickle, section, summary, whole};

const CLASSES: &[support::Class] =
    &[("builtins", "int", "int", &[]), ("builtins", "list", "list", &[]), ("m", "C", "object", &[])];

fn open(bytes: Vec<u8>) -> Dump {
    Dump::open(Arc::new(bytes), Limits::default()).unwrap()
}

fn int(value: i64) -> Obj {
    Obj { kind: 2, int: value, ..Obj::default() }
}

#[test]
fn objects_come_out_of_their_columns() {
    let list = Obj { kind: 8, class: 1, elements: vec![0, 2, 9], ..Obj::default() };
    let instance = Obj { kind: 14, class: 2, attributes: vec![(1, 0), (0, 1)], ..Obj::default() };
    let text = Obj { kind: 6, text: "häß".to_owned(), ..Obj::default() };
    let dump = open(whole(vec![], &[int(-5), list, int(1 << 40), instance, text], CLASSES, &["b", "a"]));
    assert!(dump.complete);
    let heap = &dump.heap;
    assert_eq!(heap.len(), 5);
    assert_eq!(heap.object(0).unwrap().payload(), Payload::Int(-5));
    assert_eq!(heap.object(2).unwrap().payload(), Payload::Int(1 << 40));
    assert_eq!(heap.object(1).unwrap().elements().collect::<Vec<_>>(), [0, 2, 9]);
    let instance = heap.object(3).unwrap();
    assert_eq!((instance.kind(), instance.address(), instance.size()), (Kind::Instance, 0x1030, 10));
    assert_eq!(instance.attributes().collect::<Vec<_>>(), [("a", 0), ("b", 1)]);
    assert_eq!(&*instance.class().unwrap().name, "C");
    assert_eq!(heap.object(4).unwrap().payload(), Payload::Text("häß".as_bytes()));
    assert!(heap.object(5).is_none() && heap.object(u32::MAX).is_none());
    assert_eq!(heap.problems(), []);
}

#[test]
fn a_large_container_goes_on_in_its_rests() {
    let owner = Obj { kind: 8, class: 1, elements: vec![1, 1], cut: Some(6), ..Obj::default() };
    let rest = |start, elements| Obj { kind: 30, class: 1, elements, rest: (0, start), ..Obj::default() };
    // the rest that begins at 4 is before the one at 2; there is no list of them at the end of the file
    let dump = open(whole(vec![], &[owner, int(7), rest(4, vec![1]), rest(2, vec![2, 3])], CLASSES, &[]));
    let owner = dump.heap.object(0).unwrap();
    let contents = dump.heap.contents(&owner);
    assert_eq!(contents.elements(0).collect::<Vec<_>>(), [(0, 1), (1, 1), (2, 2), (3, 3), (4, 1)]);
    assert_eq!(contents.elements(3).collect::<Vec<_>>(), [(3, 3), (4, 1)]);
    assert_eq!((contents.element(4), contents.element(5)), (Some(1), None));
    assert_eq!(dump.heap.state(&owner).full_length, Some(6));
}

#[test]
fn columns_that_lie_are_shortened_and_said_so() {
    let honest = section(0, &[int(1), Obj { kind: 8, class: 1, elements: vec![0, 1], ..Obj::default() }], CLASSES, &[]);
    let lies: Vec<(&str, V)> = vec![
        ("element_count", column("Q", u64::MAX.to_le_bytes().to_vec())),
        ("element_count", column("I", vec![])),
        ("element", column("B", vec![])),
        ("kind", column("B", vec![2])),
        ("kind", column("B", vec![0xff, 0xff])),
        ("kind", V::Int(3)),
        ("kind", column("Z", vec![1, 2])),
        ("type", column("Q", vec![0xff; 16])),
        ("int", column("q", vec![1, 2, 3])),
        ("count", V::Int(1 << 40)),
        ("first", V::Int(-1)),
        ("types", V::None),
        ("address", column("d", vec![0xff; 16])),
    ];
    for (name, lie) in lies {
        let mut columns = honest.clone();
        columns.iter_mut().filter(|(key, _)| *key == name).for_each(|(_, value)| *value = lie.clone());
        let dump = open(file(&[
            part("summary", &pickle(&V::Dict(summary(vec![]))), None),
            part("heap", &pickle(&V::Dict(columns)), Some((0, 2))),
        ]));
        for object in dump.heap.objects() {
            let _ = (object.payload(), object.class(), object.note(), object.location(), object.rest());
            assert!(dump.heap.contents(&object).len() <= 2);
        }
        assert!(name == "types" || name == "type" || name == "address" || !dump.heap.problems().is_empty(), "{name}");
        assert_eq!(crashsite_model::digest(&dump.heap).len(), 64);
    }
}

#[test]
fn sections_that_overlap_are_left_out() {
    let raw = pickle(&V::Dict(section(0, &[int(1), int(2)], CLASSES, &[])));
    let head = part("summary", &pickle(&V::Dict(summary(vec![]))), None);
    let dump = open(file(&[head, part("heap", &raw, Some((0, 2))), part("heap", &raw, Some((1, 3)))]));
    assert_eq!(dump.heap.len(), 2);
    assert!(dump.problems.iter().any(|problem| problem.message.contains("overlap")));
    assert!(!dump.complete);
}
