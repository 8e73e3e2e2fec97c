//! `bt` and `print` on a small file.
#![allow(clippy::unwrap_used)]

#[path = "../../model/tests/support/mod.rs"]
mod support;

use std::sync::Arc;

use crashsite_model::{Dump, Limits};
use crashsite_view::backtrace::{self, Options};
use crashsite_view::{eval, text};
use support::{Obj, V, local, whole};

fn dump() -> Dump {
    let classes: &[support::Class] = &[
        ("builtins", "int", "int", &[]),
        ("builtins", "str", "str", &[]),
        ("builtins", "list", "list", &[]),
        ("builtins", "dict", "dict", &[]),
        ("m", "C", "object", &[]),
    ];
    let int = |int| Obj { kind: 2, int, ..Obj::default() };
    let objects = [
        int(0),
        Obj { kind: 6, class: 1, text: "ключ".to_owned(), ..Obj::default() },
        Obj { kind: 8, class: 2, elements: vec![0, 1, 5], ..Obj::default() },
        Obj { kind: 13, class: 3, pairs: vec![(1, 2), (0, 4)], ..Obj::default() },
        Obj { kind: 14, class: 4, attributes: vec![(0, 3)], ..Obj::default() },
        int(42),
    ];
    let locals = vec![local("self", 4, "C", "<m.C object at 0x1040>"), local("gone", 99, "int", "5")];
    Dump::open(Arc::new(whole(locals, &objects, classes, &["orders"])), Limits::default()).unwrap()
}

#[test]
fn stacks() {
    let options = Options { locals: true, threads: usize::MAX, frames: usize::MAX, stack: None };
    insta::assert_snapshot!(serde_json::to_string_pretty(&backtrace::answer(&dump(), options)).unwrap());
}

#[test]
fn expressions() {
    let dump = dump();
    let mut table = String::new();
    for expression in [
        "self",
        "self.orders",
        "self.orders['ключ'][-1]",
        "self.orders['ключ'][1:]",
        "self.orders['ключ'][1][2]",
        "gone",
        "self.oders",
        "self.orders['x']",
        "self.orders['ключ'][3]",
        "slef",
        "self.orders[",
        "1 + 1",
        "f(x)",
        "",
    ] {
        let answer = match eval::print(&dump, None, 0, expression, eval::Limits::default()) {
            Ok(printed) => format!("{} ({} children)", printed.value.repr, printed.children.len()),
            Err(failure) => format!("{} at {:?}: {}", failure.kind, failure.column, failure.message),
        };
        table += &format!("{expression}  =>  {answer}\n");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn long_expressions_are_refused_before_they_are_parsed() {
    let dump = dump();
    for expression in ["-".repeat(200_000) + "1", "(".repeat(200_000), "self".to_owned() + &".a".repeat(100_000)] {
        assert!(eval::print(&dump, None, 0, &expression, eval::Limits::default()).is_err());
    }
    let nested = "[".repeat(4000);
    assert!(eval::print(&dump, None, 0, &nested, eval::Limits::default()).is_err());
}

#[test]
fn exceptions_that_come_from_each_other() {
    let exception =
        |cause: i64| V::Dict(vec![("type", support::text("E")), ("cause", V::Int(cause)), ("context", V::Int(cause))]);
    let mut chain = support::summary(vec![]);
    let list: Vec<V> = (1..1000).map(exception).chain([exception(0)]).collect();
    chain.iter_mut().filter(|(key, _)| *key == "exceptions").for_each(|(_, value)| *value = V::List(list.clone()));
    let bytes = support::file(&[support::part("summary", &support::pickle(&V::Dict(chain)), None)]);
    let dump = Dump::open(Arc::new(bytes), Limits::default()).unwrap();
    let answer = backtrace::answer(&dump, Options { locals: false, threads: 1, frames: usize::MAX, stack: None });
    let text = serde_json::to_string(&answer).unwrap();
    assert_eq!(text.matches("\"type\":\"E\"").count(), backtrace::DEEPEST_CHAIN);
    assert!(answer.dump.problems.iter().any(|problem| problem.message.contains("nest deeper")));
}

#[test]
fn what_a_terminal_must_not_get_is_escaped() {
    assert_eq!(text::escape("a\u{1b}[31m\u{202e}\u{200b}\n\u{9b}é漢"), "a\\x1b[31m\\u202e\\u200b\\n\\x9bé漢");
}
