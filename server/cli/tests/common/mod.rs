//! Dumps in directories of their own, and the binary run there.
#![allow(dead_code, clippy::unwrap_used)] // each test uses a part of it

#[path = "../../../model/tests/support/mod.rs"]
pub(crate) mod support;

use std::path::Path;
use std::process::Command;

use support::{Class, Obj, V, file, local, part, pickle, section, summary, text, whole};
use tempfile::TempDir;

/// Runs the binary where the dumps are: stdout, stderr, and the exit status.
pub(crate) fn run(place: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crashsite"));
    let done = command.args(arguments).current_dir(place).env("NO_COLOR", "1").output().unwrap();
    format!(
        "{}--- stderr\n{}--- exit {}\n",
        String::from_utf8(done.stdout).unwrap(),
        String::from_utf8(done.stderr).unwrap(),
        done.status.code().unwrap()
    )
}

/// A directory with these files.
pub(crate) fn place(files: &[(&str, &[u8])]) -> TempDir {
    let place = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(place.path().join(name), bytes).unwrap();
    }
    place
}

/// A dump that the texts are tried on.
pub(crate) struct Fixture {
    pub(crate) name: &'static str,
    pub(crate) make: fn() -> Vec<u8>,
}

/// All of them; more may be added.
pub(crate) const FIXTURES: &[Fixture] = &[
    Fixture { name: "evil", make: evil },
    Fixture { name: "server", make: server },
    Fixture { name: "cut", make: cut },
    Fixture { name: "pyheapdump2", make: pyheapdump2 },
];

/// What an object or a name may hold to disturb a terminal.
fn evil() -> Vec<u8> {
    let zero = Obj { kind: 2, ..Obj::default() };
    let evil = Obj { kind: 6, class: 1, text: "\u{1b}[31m\u{202e}".to_owned(), ..Obj::default() };
    let locals = vec![local("x", 0, "int", "0"), local("evil\u{1b}", 1, "str", r"'\x1b[31m\u202e'")];
    let classes: &[Class] = &[("builtins", "int", "int", &[]), ("builtins", "str", "str", &[])];
    whole(locals, &[zero, evil], classes, &[])
}

/// Two threads, frames of libraries, an exception with its cause, source in windows, objects in objects.
fn server() -> Vec<u8> {
    file(&[
        part("summary", &pickle(&V::Dict(server_summary(0))), None),
        part("heap", &pickle(&V::Dict(server_section(0))), Some((0, 9))),
        part("end", &pickle(&V::Dict(vec![("objects_seen", V::Int(9)), ("seconds", V::Float(0.25))])), None),
    ])
}

/// The same, without its end.
fn cut() -> Vec<u8> {
    let mut bytes = server();
    bytes.truncate(bytes.len() * 2 / 3);
    bytes
}

/// A real one of version 2: an old-style exception of Python 2.7 (tests/fixtures/README.md).
fn pyheapdump2() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/captured/pyheapdump-2.7");
    std::fs::read(folder.join("oldstyle-exc.dump")).unwrap()
}

/// The summary of `server`. What `run` says differs from one run to the next.
pub(crate) fn server_summary(run: i64) -> Vec<(&'static str, V)> {
    let frame = |function: &str, file: &str, line: i64, library: bool, locals: Vec<V>| {
        V::Dict(vec![
            ("function", text(function)),
            ("file", text(file)),
            ("line", V::Int(line)),
            ("library", V::Bool(library)),
            ("locals", V::List(locals)),
        ])
    };
    let indexes = |range: std::ops::Range<i64>| V::List(range.map(V::Int).collect());
    let order = || local("order", 0, "Order", &format!("<shop.Order object at 0x{:x}>", 0x7f00_0000 + run));
    let frames = vec![
        frame("quote", "/usr/lib/python3.12/decimal.py", 90, true, vec![]),
        frame("price", "/srv/shop.py", 12, false, vec![order(), local("count", 4, "int", "3")]),
        frame("serve", "/srv/shop.py", 40, false, vec![local("orders", 6, "list", "[<shop.Order…")]),
        frame("wait", "/usr/lib/python3.12/threading.py", 355, true, vec![]),
    ];
    let raised = |class: &str, message: &str, cause: V, frames: V| {
        V::Dict(vec![
            ("type", text(class)),
            ("module", text("shop")),
            ("message", text(message)),
            ("cause", cause),
            ("notes", V::List(vec![text("while pricing order 7")])),
            ("frames", frames),
        ])
    };
    let thread = |id: i64, name: &str, crashed: bool, frames: V| {
        V::Dict(vec![
            ("id", V::Int(id)),
            ("name", text(name)),
            ("kind", text("thread")),
            ("crashed", V::Bool(crashed)),
            ("current", V::Bool(crashed)),
            ("main", V::Bool(crashed)),
            ("daemon", V::Bool(!crashed)),
            ("frames", frames),
        ])
    };
    let pieces = vec![
        V::Tuple(vec![V::Int(11), text("def price(order):\n    return order.total / order.count\n")]),
        V::Tuple(vec![V::Int(40), text("    serve(orders)\n")]),
    ];
    let sources = vec![
        ("/srv/shop.py", V::Dict(vec![("lines", V::Int(60)), ("pieces", V::List(pieces))])),
        ("/srv/gone.py", V::Dict(vec![("error", text("it was not there any more"))])),
    ];
    let mut summary = summary(vec![]);
    summary.retain(|(key, _)| !["exceptions", "threads", "frames", "sources", "problems"].contains(key));
    summary.extend([
        ("argv", V::List(vec![text("shop.py"), text("--port=80")])),
        ("cwd", text("/srv")),
        ("message", text("the shop's server")),
        (
            "exceptions",
            V::List(vec![
                raised("PriceError", "no price", V::Int(1), indexes(0..3)),
                raised("Broken", "division by zero", V::None, indexes(0..1)),
            ]),
        ),
        (
            "threads",
            V::List(vec![thread(77, "MainThread", true, indexes(0..3)), thread(78, "worker", false, indexes(3..4))]),
        ),
        ("frames", V::List(frames)),
        ("sources", V::Dict(sources)),
    ]);
    summary
}

/// The objects of `server`: an order with a name, a number, a set, itself, and a dictionary of a list.
pub(crate) fn server_section(count: i64) -> Vec<(&'static str, V)> {
    let classes: &[Class] = &[
        ("shop", "Order", "object", &[]),
        ("builtins", "str", "str", &[]),
        ("builtins", "int", "int", &[]),
        ("builtins", "set", "set", &[]),
        ("builtins", "list", "list", &[]),
        ("builtins", "dict", "dict", &[]),
    ];
    let name = "a long name ".repeat(30) + &count.to_string();
    let word = |word: &str| Obj { kind: 6, class: 1, text: word.to_owned(), ..Obj::default() };
    let int = |int| Obj { kind: 2, class: 2, int, ..Obj::default() };
    let objects = [
        Obj { kind: 14, attributes: vec![(0, 1), (1, 4), (2, 5), (3, 0), (4, 7)], ..Obj::default() },
        word(&name),
        word("gift"),
        word("fragile"),
        int(3 + count),
        Obj { kind: 10, class: 3, elements: if count == 0 { vec![2, 3] } else { vec![3, 2] }, ..Obj::default() },
        Obj { kind: 8, class: 4, elements: vec![0, 99], cut: Some(1000), ..Obj::default() },
        Obj { kind: 13, class: 5, pairs: vec![(2, 8)], ..Obj::default() },
        Obj { kind: 8, class: 4, elements: vec![4; 3], ..Obj::default() },
    ];
    section(0, &objects, classes, &["name", "count", "tags", "me", "lines"])
}
