//! Names of sources as paths, and what stands in the files.
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::path::{Component, Path};

use crashsite_model::{Piece, SourceFile};
use crashsite_view::extract::{Names, content, extract};
use proptest::prelude::*;

fn source(name: &str, pieces: &[(u64, &str)]) -> SourceFile {
    let pieces = pieces.iter().map(|(first, text)| Piece { first: *first, text: (*text).into() }).collect();
    SourceFile { name: name.into(), pieces, ..SourceFile::default() }
}

#[test]
fn names() {
    let mut names = Names::default();
    let mut table = String::new();
    for name in [
        "/srv/app/main.py",
        "main.py",
        "./main.py",
        "MAIN.py",
        "/srv/app",
        "/srv/app/main.py/inner.py",
        "C:\\Users\\me\\a.py",
        "c:a.py",
        "\\\\?\\C:\\b.py",
        "\\\\server\\share\\b.py",
        "../../../etc/passwd",
        "/a/..//../b/./c.py",
        "a/.../b. ./c.py.",
        "<stdin>",
        "<frozen importlib._bootstrap>",
        "nul.py",
        "COM1",
        "lpt9 .txt",
        "com¹.x",
        "console.py",
        "x\0y\n\u{1b}[31m\u{202e}\u{200b}.py",
        "a:b?*|\"",
        "ключ/漢.py",
        ".hidden",
        "",
        "/",
        "C:",
        "..",
        &"n".repeat(201),
        &"n/".repeat(65),
        &format!("{}/", "n".repeat(190)).repeat(30),
    ] {
        let found = match names.path(name) {
            Ok(path) => path,
            Err(error) => format!("refused: {error}"),
        };
        let name = crashsite_view::text::shorten(name, 40);
        table.push_str(&format!("{}  =>  {found}\n", crashsite_view::text::escape(&name)));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn lines_keep_their_numbers() {
    let text = |pieces: &[(u64, &str)]| content(&source("a.py", pieces), 1 << 20);
    assert_eq!(text(&[(1, "a\nb\n")]).unwrap(), "a\nb\n");
    assert_eq!(text(&[(3, "c\n")]).unwrap(), "\n\nc\n");
    assert_eq!(text(&[(1, "a"), (4, "d\r\ne"), (6, "f")]).unwrap(), "a\n\n\nd\r\ne\nf");
    assert_eq!(text(&[(0, "a\n")]).unwrap(), "a\n");
    assert!(text(&[(1, "a\nb\n"), (2, "b\n")]).unwrap_err().contains("overlap"));
    assert!(text(&[(1 << 60, "x\n")]).unwrap_err().contains("1152921504606846976"));
    assert!(text(&[(u64::MAX, "x\n"), (u64::MAX, "y\n")]).is_err());
    assert!(text(&[]).is_err());
    assert_eq!(text(&[(1_000_001, "x")]).unwrap().len(), 1_000_001);
    assert!(text(&[(1_000_002, "x")]).is_err());
}

#[test]
fn one_text_under_many_names_is_bounded() {
    let text = "x".repeat(64 << 20);
    let sources: Vec<SourceFile> = (0..6).map(|number| source(&format!("{number}.py"), &[(1, &text)])).collect();
    let mut bytes = 0;
    let answer = extract(&sources, "out".to_owned(), &mut |_, _, text| {
        bytes += text.len();
        Ok(())
    });
    assert_eq!((answer.written.len(), answer.not_written.len(), bytes), (4, 2, 256 << 20));
    let many: Vec<SourceFile> = (0..10_100).map(|_| source("same.py", &[(1, "x")])).collect();
    let answer = extract(&many, "out".to_owned(), &mut |_, _, _| Ok(()));
    assert_eq!((answer.written.len(), answer.not_written.len()), (10_000, 100));
    assert_eq!(answer.written[9_999].path, "same~10000.py");
}

/// Names of what makes trouble, and of anything.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "..", ".", "/", "\\", "//", "C:", ":", "\0", "CON", "nul", "com1", ".", " ", "a", "A", "b.py", "~2",
            "\u{202e}", "\u{1b}", "\\\\?\\", "<", "é",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn paths_stay_below_and_apart(list in prop::collection::vec(hostile(), 1..20)) {
        let mut names = Names::default();
        let (mut files, mut directories) = (HashSet::new(), HashSet::new());
        for name in &list {
            let Ok(path) = names.path(name) else { continue };
            prop_assert!(path.len() < 4500 && !path.is_empty());
            prop_assert!(Path::new(&path).components().all(|part| matches!(part, Component::Normal(_))), "{path:?}");
            for component in path.split('/') {
                prop_assert!(!component.is_empty() && component.len() < 255 && !component.ends_with(['.', ' ']));
                prop_assert!(!component.contains(['\\', ':', '\0', '<', '>', '"', '|', '?', '*']));
                let plain = |c: char| !c.is_control() && c != '\u{202e}' && c != '\u{200b}';
                prop_assert!(component.chars().all(plain), "{component:?}");
                let stem = component.split('.').next().unwrap().trim().to_ascii_uppercase();
                prop_assert!(!matches!(&*stem, "CON" | "NUL" | "COM1"), "{path:?}");
            }
            let key = path.to_lowercase();
            for (at, _) in key.match_indices('/') {
                directories.insert(key[..at].to_owned());
            }
            prop_assert!(files.insert(key), "{path:?} twice");
        }
        prop_assert!(files.is_disjoint(&directories));
    }
}
