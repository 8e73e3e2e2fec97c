//! What people read: the help, the texts of every command on every fixture, the errors.
#![allow(clippy::unwrap_used)]

mod common;

use common::support::{Obj, local, whole};
use common::{FIXTURES, place, run};

/// What is asked of every fixture; `DUMP` is its file. The place is a directory of its own.
const QUESTIONS: &[&[&str]] = &[
    &["DUMP"],
    &["bt", "DUMP"],
    &["bt", "DUMP", "--locals", "--all"],
    &["locals", "DUMP"],
    &["locals", "DUMP", "--frame", "1"],
    &["locals", "DUMP", "--frame", "1", "--json"],
    &["locals", "DUMP", "--thread", "9"],
    &["print", "DUMP", "x"],
    &["print", "DUMP", "order", "--frame", "1"],
    &["print", "DUMP", "count", "--each", "frame"],
    &["print", "DUMP", "count", "--each", "thread", "--frame", "1"],
    &["print", "DUMP", "count", "--each", "frame", "--frame", "1", "--json"],
    &["print", "DUMP", "count", "--each", "thread", "--thread", "1"],
    &["print", "DUMP", "count +", "--each", "frame"],
    &["threads", "DUMP"],
    &["threads", "DUMP", "--json"],
    &["source", "DUMP"],
    &["source", "DUMP", "shop.py"],
    &["source", "DUMP", "--extract", "out"],
    &["source", "DUMP", "--extract", "out"],
    &["source", "DUMP", "m.py", "--extract", "new", "--json"],
    &["info", "DUMP", "--check"],
    &["headers", "DUMP"],
    &["headers", "DUMP", "--json"],
    &["diff", "DUMP", "DUMP"],
    &["diff", "DUMP", "DUMP", "--json"],
    &["convert", "DUMP", "new.dump"],
    &["convert", "DUMP", "new.dump"],
    &["convert", "DUMP", "DUMP"],
];

#[test]
fn every_command_on_every_fixture() {
    for fixture in FIXTURES {
        let place = place(&[("DUMP", &(fixture.make)())]);
        let mut all = String::new();
        for question in QUESTIONS {
            all.push_str(&format!("$ crashsite {}\n{}\n", question.join(" "), run(place.path(), question)));
        }
        assert!(!all.contains(['\u{1b}', '\u{202e}']), "{}", fixture.name);
        // How many bytes a new file takes is up to the compression.
        insta::with_settings!({filters => [(r"\d+ bytes", "N bytes")]}, { insta::assert_snapshot!(fixture.name, all) });
    }
}

/// The words of `crashsite help`: commands, then topics.
fn words(place: &std::path::Path) -> (Vec<String>, Vec<String>) {
    let help = run(place, &["help"]);
    let below = |heading: &str| {
        let lines = help.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
        let names = lines.take_while(|line| line.starts_with("  ")).filter_map(|line| line.split_whitespace().next());
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    (below("Commands:"), below("Topics"))
}

#[test]
fn help() {
    let place = place(&[]);
    let here = place.path();
    insta::assert_snapshot!("help", run(here, &["help"]));
    insta::assert_snapshot!("help_short", run(here, &["-h"]));
    assert_eq!(run(here, &["help"]), run(here, &["--help"]));
    let (commands, topics) = words(here);
    assert!(commands.len() >= 9 && topics.len() >= 7, "{commands:?} {topics:?}");
    for command in commands.iter().map(String::as_str).chain(["completions", "man"]) {
        let help = run(here, &["help", command]);
        assert_eq!(help, run(here, &[command, "--help"]));
        insta::assert_snapshot!(format!("help_{command}"), help);
    }
    for topic in &topics {
        let help = run(here, &["help", topic]);
        assert!(help.lines().count() <= 33, "{topic}");
        insta::assert_snapshot!(format!("topic_{topic}"), help);
    }
    insta::assert_snapshot!("help_nothing", run(here, &["help", "dump"]));
}

#[test]
fn manual() {
    let place = place(&[]);
    let here = place.path();
    let mut all = run(here, &["man"]);
    for command in words(here).0 {
        all.push_str(&run(here, &["man", &command]));
    }
    insta::assert_snapshot!("man", all);
    insta::assert_snapshot!("man_nothing", run(here, &["man", "nothing"]));
}

#[test]
fn completions() {
    let place = place(&[]);
    insta::assert_snapshot!("completions_bash", run(place.path(), &["completions", "bash"]));
    for shell in ["elvish", "fish", "powershell", "zsh"] {
        let script = run(place.path(), &["completions", shell]);
        assert!(script.contains("max-inflated") && script.contains("threads"), "{shell}: {script}");
    }
}

#[test]
fn json_of_control_characters() {
    let locals = vec![local("x", 0, "int", "a\u{7f}b\u{9b}c")];
    let dump = whole(locals, &[Obj { kind: 2, ..Obj::default() }], &[("m", "C", "object", &[])], &[]);
    let place = place(&[("DUMP", &dump)]);
    let text = run(place.path(), &["bt", "DUMP", "--json", "--locals"]);
    assert!(text.contains(r#""repr":"a\u007fb\u009bc""#), "{text}");
}

#[test]
fn no_dump() {
    let place = place(&[("hello", b"hello\n"), ("empty", b"")]);
    std::fs::create_dir(place.path().join("directory")).unwrap();
    let all: String = ["./hello", "./empty", "./absent", "./directory"].map(|path| run(place.path(), &[path])).concat();
    insta::assert_snapshot!(all);
}
