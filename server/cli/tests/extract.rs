//! `source --extract` of dumps with names that want out.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::support::{V, file, part, pickle, summary, text};
use common::{place, run};

/// A dump whose sources have these names and pieces.
fn dump(sources: &[(&str, i64, &str)]) -> Vec<u8> {
    let source = |(name, first, content): &(&str, i64, &str)| {
        let piece = V::Tuple(vec![V::Int(*first), text(content)]);
        ((*name).to_owned(), V::Dict(vec![("lines", V::Int(1)), ("pieces", V::List(vec![piece]))]))
    };
    let mut all = summary(vec![]);
    all.retain(|(key, _)| *key != "sources");
    all.push(("sources", V::Map(sources.iter().map(source).collect())));
    file(&[part("summary", &pickle(&V::Dict(all)), None), part("end", &pickle(&V::Dict(vec![])), None)])
}

/// Every file and link below a directory, with its text.
fn tree(top: &Path) -> Vec<(PathBuf, String)> {
    let (mut found, mut left) = (Vec::new(), vec![top.to_owned()]);
    while let Some(directory) = left.pop() {
        for entry in fs::read_dir(directory).unwrap() {
            let entry = entry.unwrap();
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                left.push(path);
            } else {
                found.push((path.strip_prefix(top).unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn nothing_leaves_the_directory() {
    let names = [
        ("../../out.py", 1, "1"),
        ("/etc/passwd", 1, "2"),
        ("C:\\Windows\\..\\..\\boot.ini", 1, "3"),
        ("a\0b\u{202e}.py", 1, "4"),
        ("CON", 1, "5"),
        ("same.py", 1, "6"),
        ("./SAME.py", 1, "7"),
        ("same.py/inner.py", 1, "8"),
        ("window.py", 3, "9"),
        ("far.py", 1 << 60, "10"),
        ("..", 1, "11"),
    ];
    let place = place(&[("DUMP", &dump(&names))]);
    let said = run(place.path(), &["source", "DUMP", "--extract", "deep/out"]);
    insta::assert_snapshot!("hostile_names", said);
    fs::remove_file(place.path().join("DUMP")).unwrap();
    let found: Vec<(String, String)> =
        tree(place.path()).into_iter().map(|(path, text)| (path.to_str().unwrap().to_owned(), text)).collect();
    let expected = [
        ("deep/out/SAME~2.py", "7"),
        ("deep/out/Windows/boot.ini", "3"),
        ("deep/out/_CON", "5"),
        ("deep/out/a_b_.py", "4"),
        ("deep/out/etc/passwd", "2"),
        ("deep/out/out.py", "1"),
        ("deep/out/same.py", "6"),
        ("deep/out/same~3.py/inner.py", "8"),
        ("deep/out/window.py", "\n\n9"),
    ];
    assert_eq!(found, expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let names =
        [("link/a.py", 1, "evil"), ("file.py", 1, "evil"), ("dangling.py", 1, "evil"), ("kept/k.py", 1, "evil")];
    let place = place(&[("DUMP", &dump(&names)), ("victim", b"good")]);
    let here = place.path();
    fs::create_dir_all(here.join("outside")).unwrap();
    fs::create_dir_all(here.join("out/kept")).unwrap();
    fs::write(here.join("out/kept/k.py"), "good").unwrap();
    symlink(here.join("outside"), here.join("out/link")).unwrap();
    symlink(here.join("victim"), here.join("out/file.py")).unwrap();
    symlink(here.join("nowhere"), here.join("out/dangling.py")).unwrap();
    insta::assert_snapshot!("links", run(here, &["source", "DUMP", "--extract", "out"]));
    assert_eq!(fs::read_to_string(here.join("victim")).unwrap(), "good");
    assert_eq!(fs::read_to_string(here.join("out/kept/k.py")).unwrap(), "good");
    assert!(!here.join("nowhere").exists());
    assert_eq!(fs::read_dir(here.join("outside")).unwrap().count(), 0);
}

#[test]
fn a_directory_that_cannot_be() {
    let place = place(&[("DUMP", &dump(&[("a.py", 1, "1")])), ("none", &dump(&[]))]);
    let all = [
        run(place.path(), &["source", "DUMP", "--extract", "DUMP"]),
        run(place.path(), &["source", "DUMP", "b.py", "--extract", "out"]),
        run(place.path(), &["source", "none", "--extract", "out"]),
    ];
    insta::assert_snapshot!("no_directory", all.concat());
    // It was made before the dump was read: what does not exist then cannot be written to.
    assert_eq!(fs::read_dir(place.path().join("out")).unwrap().count(), 0);
}
