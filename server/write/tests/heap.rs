//! Heaps written and read back: nothing differs.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use crashsite_model::heap::Known;
use crashsite_model::{Limits, Payload, digest};
use crashsite_parse::{Container, Source, read_pickle};
use proptest::prelude::*;
use support::{NAMES, Obj, all, dump, heap, open, write};

const KINDS: [u8; 30] =
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 30, 31, 27, 127];

fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<String>().prop_map(String::into_bytes),
        Just(b"\xed\xa0\x80lone\xed\xbf\xbf".to_vec()),
        proptest::collection::vec(proptest::sample::select(NAMES.to_vec()), 0..4).prop_map(|words| words.concat()),
    ]
}

fn object() -> impl Strategy<Value = Obj> {
    let name = 0..NAMES.len() as u32;
    let numbers = || proptest::collection::vec(prop_oneof![0..50u32, any::<u32>()], 0..6);
    let wide = || prop_oneof![Just(0), 0..300u64, any::<u64>()];
    (
        (proptest::sample::select(KINDS.to_vec()), any::<bool>(), 0..3u32, wide(), wide()),
        (proptest::collection::vec((name.clone(), any::<u32>()), 0..5), numbers(), numbers()),
        (prop_oneof![-200..200i64, any::<i64>()], any::<u64>(), any::<f64>(), text(), text()),
        ((name, any::<u32>()), (any::<u32>(), wide()), proptest::collection::vec((1..6u8, wide()), 0..3)),
    )
        .prop_map(|((kind, more, class, size, address), (attributes, elements, keys), payload, others)| {
            let (int, bits, imaginary, bytes, note) = payload;
            let (location, rest, flags) = others;
            let kind = if more { kind | 0x80 } else { kind };
            let pairs = keys.iter().map(|&key| (key, key ^ 1)).collect();
            let float = (f64::from_bits(bits), imaginary);
            Obj {
                kind,
                class,
                size,
                address,
                attributes,
                elements,
                pairs,
                int,
                float,
                bytes,
                note,
                location,
                rest,
                flags,
            }
        })
}

fn known() -> impl Strategy<Value = Known> {
    let rests = proptest::collection::btree_map(0..40u32, proptest::collection::vec(any::<u32>(), 1..4), 0..4);
    let cut = proptest::collection::btree_map(any::<u32>(), any::<u64>(), 0..4);
    (cut, proptest::collection::btree_set(any::<u32>(), 0..4), proptest::option::of(rests)).prop_map(
        |(cut, changed, rests)| Known {
            cut: cut.into_iter().collect(),
            changed: changed.into_iter().collect(),
            rests: rests.map(|rests| rests.into_iter().collect()),
        },
    )
}

/// Every pickle of the file has only the opcodes that the format allows.
fn only_data(bytes: &[u8]) {
    let source: Arc<dyn Source> = Arc::new(bytes.to_vec());
    let container = Container::read(&source, &Limits::default()).unwrap();
    assert!(container.problems.is_empty() && container.closed);
    for part in &container.parts {
        let body = container.body(&source, part, &Limits::default()).unwrap();
        assert!(body.problems.is_empty());
        let pickle = read_pickle(body.bytes, &Limits::default()).unwrap();
        assert_eq!((pickle.only_data(), pickle.protocol()), (Ok(()), 4));
    }
}

proptest! {
    #[test]
    fn nothing_differs(
        objects in proptest::collection::vec(object(), 0..40),
        more in proptest::collection::vec(object(), 0..5),
        first in 0..3u32,
        gap in 0..3u32,
        known in known(),
    ) {
        let second = first + objects.len() as u32 + gap;
        let source = dump(heap(vec![(first, objects), (second, more)], known));
        let (bytes, written) = write(&source);
        prop_assert!(written.lost.is_empty() && written.problems == 0);
        only_data(&bytes);
        let read = open(&bytes);
        prop_assert_eq!(&read.problems, &[]);
        prop_assert_eq!(all(&read.heap), all(&source.heap));
        prop_assert_eq!(read.heap.problems(), []);
        prop_assert_eq!(digest(&read.heap), digest(&source.heap));
        prop_assert_eq!(&read.heap.known().cut, &source.heap.known().cut);
        prop_assert_eq!(&read.heap.known().changed, &source.heap.known().changed);
        prop_assert_eq!(&read.heap.known().rests, &source.heap.known().rests);
        prop_assert_eq!(write(&source).0, bytes);
    }
}

#[test]
fn numbers_at_the_edges_of_every_width() {
    let edges = [0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 1 << 16, 1 << 31, (1 << 31) - 1, 1 << 32, 1 << 63];
    for edge in edges.into_iter().flat_map(|edge: u64| [edge, edge.wrapping_neg(), edge.wrapping_neg() - 1]) {
        let object = Obj { kind: 2, int: edge as i64, size: edge, address: edge, ..Obj::default() };
        let source = dump(heap(vec![(0, vec![object])], Known::default()));
        let read = open(&write(&source).0);
        let object = read.heap.object(0).unwrap();
        assert_eq!(object.payload(), Payload::Int(edge as i64));
        assert_eq!((object.size(), object.address()), (edge, edge));
    }
}

#[test]
fn sections_grow_and_end_at_gaps() {
    let many = |count: usize| vec![Obj { kind: 2, ..Obj::default() }; count];
    let source = dump(heap(vec![(0, many(3000)), (3000, many(9000)), (13_000, many(10))], Known::default()));
    let read = open(&write(&source).0);
    assert_eq!(read.heap.ranges().collect::<Vec<_>>(), [(0, 1000), (1000, 9000), (9000, 12_000), (13_000, 13_010)]);
    assert_eq!(digest(&read.heap), digest(&source.heap));
}

#[test]
fn a_section_ends_where_it_grows_too_large_to_be_read() {
    let large = Obj { kind: 7, bytes: vec![0; 5 << 20], ..Obj::default() };
    let source = dump(heap(vec![(0, vec![large; 3])], Known::default()));
    let read = open(&write(&source).0);
    assert_eq!(read.heap.ranges().collect::<Vec<_>>(), [(0, 2), (2, 3)]);
    assert_eq!(digest(&read.heap), digest(&source.heap));
}

#[test]
fn what_the_source_does_not_say_is_not_invented() {
    let objects = vec![
        Obj { kind: 14, class: 99, ..Obj::default() },
        Obj { kind: 18, location: (99, 3), ..Obj::default() },
        Obj { kind: 6, bytes: b"a\xffb".to_vec(), ..Obj::default() },
    ];
    let (bytes, written) = write(&dump(heap(vec![(0, objects)], Known::default())));
    only_data(&bytes);
    assert_eq!((written.lost.len(), written.problems), (3, 3));
    assert!(["addresses", "sizes", "sources", "pid"].iter().all(|what| written.absent.contains(what)));
    let read = open(&bytes);
    assert_eq!(read.heap.object(0).unwrap().class_name(), "");
    assert_eq!(read.heap.object(1).unwrap().location().map(|(file, line)| (&*file.text, line)), Some(("", 0)));
    assert_eq!(read.heap.object(2).unwrap().payload(), Payload::Text("a\u{fffd}b".as_bytes()));
    assert!(read.problems.iter().all(|problem| problem.message.starts_with("when converted from old-1: 1 ")));
}
