//! What people read: the help, the answer, the errors.
#![allow(clippy::unwrap_used)]

#[path = "../../model/tests/support/mod.rs"]
mod support;

use std::path::PathBuf;
use std::process::Command;

use support::{Obj, local, whole};

fn run(arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_crashsite")).args(arguments).env("NO_COLOR", "1").output().unwrap();
    let place = std::env::temp_dir();
    let text = format!(
        "{}--- stderr\n{}--- exit {}\n",
        String::from_utf8(done.stdout).unwrap(),
        String::from_utf8(done.stderr).unwrap(),
        done.status.code().unwrap()
    );
    text.replace(&*place.to_string_lossy(), "TMP")
}

fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("crashsite-text-{name}"));
    std::fs::write(&path, bytes).unwrap();
    path
}

fn dump(name: &str) -> PathBuf {
    let zero = Obj { kind: 2, ..Obj::default() };
    let evil = Obj { kind: 6, class: 1, text: "\u{1b}[31m\u{202e}".to_owned(), ..Obj::default() };
    let locals = vec![local("x", 0, "int", "0"), local("evil\u{1b}", 1, "str", r"'\x1b[31m\u202e'")];
    let classes = [("builtins", "int", "int", &[] as &[&str]), ("builtins", "str", "str", &[])];
    file(name, &whole(locals, &[zero, evil], &classes, &[]))
}

#[test]
fn help() {
    for command in ["", "bt", "print", "source", "info", "convert"] {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        insta::assert_snapshot!(format!("help_{command}"), run(&arguments));
    }
}

#[test]
fn answer() {
    let path = dump("answer");
    insta::assert_snapshot!(run(&[path.to_str().unwrap()]));
}

#[test]
fn stack_with_locals() {
    let path = dump("stack");
    let text = run(&["bt", path.to_str().unwrap(), "--locals"]);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    insta::assert_snapshot!(text);
}

#[test]
fn json_of_control_characters() {
    let locals = vec![local("x", 0, "int", "a\u{7f}b\u{9b}c")];
    let path = file("control", &whole(locals, &[Obj { kind: 2, ..Obj::default() }], &[("m", "C", "object", &[])], &[]));
    let text = run(&["bt", path.to_str().unwrap(), "--json", "--locals"]);
    assert!(text.contains(r#""repr":"a\u007fb\u009bc""#), "{text}");
}

#[test]
fn values() {
    let path = dump("values");
    let path = path.to_str().unwrap();
    let all = [run(&["print", path, "x"]), run(&["print", path, "nope"]), run(&["print", path, "x", "--frame", "7"])];
    insta::assert_snapshot!(all.concat());
}

#[test]
fn converted() {
    let (path, new) = (dump("convert"), std::env::temp_dir().join("crashsite-text-converted"));
    let _ = std::fs::remove_file(&new);
    let (path, new) = (path.to_str().unwrap(), new.to_str().unwrap());
    let all = [run(&["convert", path, new]), run(&["convert", path, new]), run(&["convert", path, path])];
    let text = all.concat();
    // how many bytes it takes is up to the compression
    insta::with_settings!({filters => [(r"\d+ bytes", "N bytes")]}, { insta::assert_snapshot!(text) });
}

#[test]
fn no_dump() {
    let (text, empty) = (file("hello", b"hello\n"), file("empty", b""));
    let absent = std::env::temp_dir().join("crashsite-text-absent");
    let directory = std::env::temp_dir();
    let all: String = [&text, &empty, &absent, &directory].map(|path| run(&[path.to_str().unwrap()])).concat();
    insta::assert_snapshot!(all);
}
