//! Every opcode of every protocol, against `pickletools.genops` and the machine in support/pickles.py.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod support;

use std::collections::HashMap;
use std::fmt::Write;

use crashsite_parse::{BigInt, NodeId, Opcode, OpcodeSet, Pickle, Update, View};
use support::{join_records, load, python, split_records};

#[test]
fn graphs_are_those_of_genops() {
    let made = python("pickles.py", "make", b"");
    let pickles = split_records(&made);
    assert!(pickles.len() > 300, "{}", pickles.len());
    let judged = python("pickles.py", "judge", &join_records(&pickles));
    let judged = String::from_utf8(judged).unwrap();
    let judged: Vec<&str> = judged.split_terminator("\n\n").collect();
    assert_eq!(judged.len(), pickles.len());

    let mut used = Vec::new();
    for (bytes, expected) in pickles.iter().zip(judged) {
        let pickle = load(bytes);
        assert_eq!(graph(&pickle), format!("{expected}\n"), "{bytes:?}");
        assert_eq!(pickle.end(), bytes.len() as u64);
        used.extend(pickle.opcodes_used().iter());
    }
    let used = OpcodeSet::of(&used);
    let all = OpcodeSet::of(Opcode::ALL);
    assert!(all.without(&used).is_empty(), "not met: {:?}", all.without(&used));
}

/// Breadth first; a node's number is when it was met. As `lines` in pickles.py.
fn graph(pickle: &Pickle) -> String {
    let mut numbers = HashMap::from([(pickle.root(), 0)]);
    let mut queue = vec![pickle.root()];
    let mut out = String::new();
    let mut next = 0;
    while let Some(&id) = queue.get(next) {
        next += 1;
        let (kind, payload, children) = describe(pickle, id);
        let mut words = vec![kind.to_owned()];
        words.push(match kind {
            "none" | "true" | "false" => String::new(),
            _ => pickle.offset(id).to_string(),
        });
        words.push(payload);
        let mut number = |id: NodeId| {
            let number = *numbers.entry(id).or_insert_with(|| {
                queue.push(id);
                queue.len() - 1
            });
            number.to_string()
        };
        words.extend(children.into_iter().map(&mut number));
        let mut last = "";
        for update in pickle.updates(id) {
            let (kind, items) = match update {
                Update::Append(items) => ("append", items),
                Update::Add(items) => ("add", items),
                Update::Set(items) => ("set", items),
                Update::Build(ref state) => ("build", std::slice::from_ref(state)),
            };
            if kind != last || kind == "build" {
                words.push(kind.to_owned());
            }
            last = kind;
            words.extend(items.iter().copied().map(&mut number));
        }
        writeln!(out, "{}", words.join(" ")).unwrap();
    }
    out
}

fn describe(pickle: &Pickle, id: NodeId) -> (&'static str, String, Vec<NodeId>) {
    let plain = |kind, payload| (kind, payload, vec![]);
    let list = |kind, children: &[NodeId]| (kind, String::new(), children.to_vec());
    match pickle.node(id) {
        View::None => plain("none", String::new()),
        View::Bool(true) => plain("true", String::new()),
        View::Bool(false) => plain("false", String::new()),
        View::Int(value) => plain("int", value.to_string()),
        View::BigInt(BigInt::Bytes(bytes)) => plain("int", format!("bytes:{}", hex(bytes))),
        View::BigInt(BigInt::Decimal(text)) => plain("int", format!("decimal:{text}")),
        View::Float(value) => plain("float", hex(&value.to_be_bytes())),
        View::Str(text) => plain("str", hex(text)),
        View::Py2Str(bytes) => plain("py2str", hex(bytes)),
        View::Bytes(bytes) => plain("bytes", hex(bytes)),
        View::ByteArray(bytes) => plain("bytearray", hex(bytes)),
        View::Tuple(items) => list("tuple", items),
        View::List => list("list", &[]),
        View::Dict => list("dict", &[]),
        View::Set => list("set", &[]),
        View::FrozenSet(items) => list("frozenset", items),
        View::Global { module, name } => plain("global", format!("{} {}", hex(module), hex(name))),
        View::Reduce { callable, args } => list("reduce", &[callable, args]),
        View::NewObj { class, args } => list("newobj", &[class, args]),
        View::NewObjEx { class, args, kwargs } => list("newobj_ex", &[class, args, kwargs]),
        View::Obj { class, args } => list("obj", &[&[class], args].concat()),
        View::Ext(code) => plain("ext", code.to_string()),
        View::PersId(text) => plain("persid", hex(text)),
        View::BinPersId(id) => list("binpersid", &[id]),
        View::NextBuffer(number) => plain("buffer", number.to_string()),
        View::ReadonlyBuffer(buffer) => list("readonly", &[buffer]),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
