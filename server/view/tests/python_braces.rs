//! How CPython 3.13 reads templates of `str.format`, and how we do: tests/data/python_braces.py wrote the table.

use crashsite_view::python::Raised;
use crashsite_view::python::braces::{self, First, Numbering, Piece, Step};
use serde_json::{Value, json};

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn read(template: &str, pieces: &mut Vec<Value>) -> Result<(), Raised> {
    for piece in braces::pieces(template.as_bytes(), 0)? {
        match piece? {
            Piece::Literal(literal) => pieces.push(json!(text(literal))),
            Piece::Field { name, conversion, spec } => {
                let (first, path) = braces::name(name)?;
                let first = match first {
                    First::Next => json!(""),
                    First::Index(index) => json!(index),
                    First::Key(key) => json!(text(key)),
                };
                let mut steps = Vec::new();
                for step in path {
                    steps.push(match step? {
                        Step::Attribute(name) => json!([true, text(name)]),
                        Step::Index(index) => json!([false, index]),
                        Step::Key(key) => json!([false, text(key)]),
                    });
                }
                pieces.push(json!([first, steps, conversion, text(spec)]));
            }
        }
    }
    Ok(())
}

/// CPython may give the text before a field, or before an error, in one piece more or fewer.
fn joined(pieces: &[Value]) -> Vec<Value> {
    let mut joined: Vec<Value> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Value::String(last)), Value::String(more)) if !more.starts_with("ValueError") => last.push_str(more),
            _ => joined.push(piece.clone()),
        }
    }
    joined
}

#[test]
fn templates_are_read_as_cpython_reads_them() {
    let mut wrong = Vec::new();
    for line in include_str!("data/python_braces.jsonl").lines() {
        let (template, mut expected): (String, Vec<Value>) = serde_json::from_str(line).expect("a row");
        let mut pieces = Vec::new();
        if let Err(raised) = read(&template, &mut pieces) {
            pieces.push(json!(raised.to_string()));
            // The text right before an error is given by us and not by CPython: nobody sees either.
            let is_text = |piece: Option<&Value>| piece.is_some_and(Value::is_string);
            for pieces in [&mut pieces, &mut expected] {
                while pieces.len() > 1 && is_text(pieces.get(pieces.len() - 2)) {
                    pieces.remove(pieces.len() - 2);
                }
            }
        }
        if joined(&pieces) != joined(&expected) {
            wrong.push(format!("{line}\n  {}", json!(pieces)));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn fields_are_numbered_all_or_none() {
    let mut numbering = Numbering::default();
    assert_eq!(numbering.number(First::Next), Ok(First::Index(0)));
    assert_eq!(numbering.number(First::Key(b"a")), Ok(First::Key(b"a")));
    assert_eq!(numbering.number(First::Next), Ok(First::Index(1)));
    let error = numbering.number(First::Index(0)).expect_err("an error");
    assert_eq!(error.message, "cannot switch from automatic field numbering to manual field specification");
    assert!(braces::pieces(b"", 2).is_err());
    assert_eq!(braces::unknown_conversion('é').message, "Unknown conversion specifier \\xe9");
}
