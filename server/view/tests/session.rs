//! Expressions one after the other: answers by number, frames changed in between, interrupts, completion; and one
//! expression in many frames.
#![allow(clippy::unwrap_used)]

#[path = "../../model/tests/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crashsite_model::{Dump, Limits};
use crashsite_view::eval::{self, Over, Session, each};
use crashsite_view::thread;
use support::{Class, Obj, V, file, local, part, pickle, section, summary, text};

/// Two threads; `n` is another number in each of their frames, `orders` is a dict in two of the three.
fn dump() -> Dump {
    let classes: &[Class] = &[
        ("builtins", "int", "int", &[]),
        ("builtins", "str", "str", &[]),
        ("builtins", "dict", "dict", &[]),
        ("builtins", "list", "list", &[]),
        ("m", "Order", "object", &[]),
        ("builtins", "dict_keys", "dict_keys", &[]),
        ("builtins", "list_iterator", "object", &[]),
    ];
    let int = |int| Obj { kind: 2, int, ..Obj::default() };
    let word = |word: &str| Obj { kind: 6, class: 1, text: word.to_owned(), ..Obj::default() };
    let objects = [
        int(1),
        int(2),
        int(3),
        word("tea's"),
        word("toast\u{1b}"),
        Obj { kind: 13, class: 2, pairs: vec![(3, 6), (4, 0), (0, 1)], ..Obj::default() },
        Obj { kind: 14, class: 4, attributes: vec![(0, 0), (1, 1), (2, 2), (3, 1)], ..Obj::default() },
        Obj { kind: 24, class: 5, attributes: vec![(4, 5)], ..Obj::default() },
        Obj { kind: 24, class: 5, attributes: vec![(4, 8)], ..Obj::default() },
        Obj { kind: 24, class: 6, ..Obj::default() },
    ];
    let frame = |function: &str, locals: Vec<V>| {
        V::Dict(vec![("function", text(function)), ("file", text("m.py")), ("locals", V::List(locals))])
    };
    let frames = vec![
        frame("inner", vec![local("n", 0, "int", "1"), local("orders", 5, "dict", "{…}")]),
        frame("outer", vec![local("n", 1, "int", "2"), local("gone", 99, "int", "5")]),
        frame("wait", vec![local("n", 2, "int", "3"), local("orders", 5, "dict", "{…}")]),
    ];
    let thread = |id: i64, name: &str, frames: Vec<i64>| {
        let frames = frames.into_iter().map(V::Int).collect();
        V::Dict(vec![("id", V::Int(id)), ("name", text(name)), ("frames", V::List(frames))])
    };
    let mut summary = summary(vec![]);
    summary.retain(|(key, _)| !["threads", "frames"].contains(key));
    summary.push(("threads", V::List(vec![thread(7, "main", vec![0, 1]), thread(8, "worker", vec![2])])));
    summary.push(("frames", V::List(frames)));
    let heap = section(0, &objects, classes, &["price", "pages", "_hidden", "od\u{202e}d", "mapping"]);
    let count = u32::try_from(objects.len()).unwrap();
    let bytes = file(&[
        part("summary", &pickle(&V::Dict(summary)), None),
        part("heap", &pickle(&V::Dict(heap)), Some((0, count))),
        part("end", &pickle(&V::Dict(vec![])), None),
    ]);
    Dump::open(Arc::new(bytes), Limits::default()).unwrap()
}

const GENEROUS: eval::Limits = eval::Limits { steps: u64::MAX, memory: 64 << 20, milliseconds: 3_600_000 };

/// A session in the innermost frame, with limits.
fn with<'a, T: Send>(dump: &'a Dump, limits: eval::Limits, work: impl FnOnce(&Session<'a>) -> T + Send) -> T {
    let place = thread::place(dump, None, 0).unwrap();
    eval::session(dump, place, limits, Arc::default(), work).unwrap()
}

/// `$0 = 5`, or the error.
fn asked(session: &Session<'_>, expression: &str) -> String {
    match session.answer(expression) {
        Ok(answer) => format!("${} = {}", answer.number, answer.printed.value.repr),
        Err(failure) => format!("{}: {}", failure.kind, failure.message),
    }
}

#[test]
fn answers_are_numbered() {
    with(&dump(), GENEROUS, |session| {
        for (expression, expected) in [
            ("$0", "NameError: there is no answer $0 yet"),
            ("n + 1", "$0 = 2"),
            ("nobody", "NameError: name 'nobody' is not defined"),
            ("$nobody", "NameError: name '$nobody' is not defined"),
            ("[$0, n]", "$1 = [2, 1]"),
            ("$1.append($0) or $1", "$2 = [2, 1, 2]"),
            ("orders[\"tea's\"]", "$3 = <m.Order object at 0x1060>"),
            ("$3.price + $1[0]", "$4 = 3"),
            ("(x := 5)", "$5 = 5"),
            ("x", "NameError: name 'x' is not defined"),
            ("$6", "NameError: there is no answer $6 yet"),
        ] {
            assert_eq!(asked(session, expression), expected, "{expression}");
        }
        let failure = session.answer("$0 + $1.price").unwrap_err();
        assert_eq!((failure.column, failure.end), (Some(9), Some(14)));
    });
}

/// A captured view of a dictionary can be asked, one that says it is of itself not; a captured iterator stays where it is.
#[test]
fn captured_views() {
    with(&dump(), GENEROUS, |session| {
        for (expression, expected) in [
            ("list(obj(0x1070))[:2]", "$0 = [\"tea's\", 'toast\\x1b']"),
            ("len(obj(0x1070)), 1 in obj(0x1070)", "$1 = (3, True)"),
            ("len(obj(0x1080))", "TypeError: object of type 'dict_keys' has no len()"),
            ("list(obj(0x1080))", "TypeError: 'dict_keys' object is not iterable"),
            ("list(obj(0x1090))", "NotSupported: going on with a captured list_iterator"),
            ("next(obj(0x1090))", "NotSupported: going on with a captured list_iterator"),
        ] {
            assert_eq!(asked(session, expression), expected, "{expression}");
        }
    });
}

/// What an expression left to be computed keeps to the frame that it was asked in.
#[test]
fn frames_change_in_between() {
    let dump = dump();
    with(&dump, GENEROUS, |session| {
        assert!(asked(session, "lambda: n").starts_with("$0 = <function"));
        assert!(asked(session, "(n + i for i in [0, 10])").starts_with("$1 = <generator"));
        assert_eq!(asked(session, "map(lambda i: [n, i, locals()['n']], [4])").split('=').next(), Some("$2 "));
        session.go(session.place().stack.frame(&dump, 1).unwrap());
        assert_eq!(asked(session, "n"), "$3 = 2");
        assert_eq!(asked(session, "[$0(), list($1), list($2), n]"), "$4 = [1, [1, 11], [[1, 4, 1]], 2]");
        assert_eq!(asked(session, "frame(0)['n'], n, frame(0)['n']"), "$5 = (1, 2, 1)");
        session.go(thread::place(&dump, Some("worker"), 0).unwrap());
        assert_eq!(asked(session, "n, $0(), $3"), "$6 = (3, 1, 2)");
    });
}

#[test]
fn old_answers_make_room_for_new_ones() {
    let limits = eval::Limits { memory: 100_000, ..GENEROUS };
    with(&dump(), limits, |session| {
        assert_eq!(asked(session, "len([0] * 1000)"), "$0 = 1000");
        for number in 1..5 {
            assert!(asked(session, "[0] * 900").starts_with(&format!("${number} = [0, 0")));
        }
        assert_eq!(
            asked(session, "$0"),
            "Limit: the answer $0 is not kept: the latest ones may take 100000 bytes together (--max-memory)"
        );
        assert_eq!(asked(session, "len($4)"), "$5 = 900");
    });
}

/// An evaluation that is interrupted ends; the next has its answer.
#[test]
fn interrupts() {
    let dump = dump();
    let interrupt = Arc::new(AtomicBool::new(true));
    let place = thread::place(&dump, None, 0).unwrap();
    let endless = "sum(n for n in range(10**18))";
    let interrupted = "KeyboardInterrupt: the evaluation was interrupted";
    let (start, started) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let flag = interrupt.clone();
        scope.spawn(move || {
            started.recv().unwrap();
            flag.store(true, Ordering::Relaxed);
        });
        eval::session(&dump, place, GENEROUS, interrupt.clone(), move |session| {
            assert_eq!(asked(session, endless), interrupted, "by what was set before");
            assert_eq!(asked(session, "sum(range(100000)) + n"), "$0 = 4999950001");
            start.send(()).unwrap();
            assert_eq!(asked(session, endless), interrupted, "by another thread");
            assert_eq!(asked(session, "$0 + n"), "$1 = 4999950002");
        })
        .unwrap();
    });
    assert!(!interrupt.load(Ordering::Relaxed));
}

#[test]
fn limits_are_those_of_each_question() {
    let limits = eval::Limits { steps: 50_000, ..GENEROUS };
    with(&dump(), limits, |session| {
        for number in 0..5 {
            assert_eq!(asked(session, "sum(i for i in range(5000))"), format!("${number} = 12497500"));
        }
        assert!(asked(session, "sum(i for i in range(50000))").starts_with("Limit: "));
        assert_eq!(session.complete("sum(i for i in range(50000)).").candidates, []);
        assert_eq!(asked(session, "sum(i for i in range(5000))"), "$5 = 12497500");
    });
}

#[test]
fn completion() {
    let dump = dump();
    with(&dump, GENEROUS, |session| {
        asked(session, "{'a': 1}");
        asked(session, "[orders]");
        let words = |text: &str| {
            let found = session.complete(text);
            let words: Vec<String> = found.candidates.into_iter().map(|candidate| candidate.text).collect();
            (text[text.len() - found.replaced..].to_owned(), words.join(" "))
        };
        let mut table = String::new();
        for text in [
            "",
            "o",
            "1 + orde",
            "[n for n in $",
            "orders[\"tea's\"].",
            "orders[\"tea's\"].p",
            "orders[\"tea's\"]._",
            "len(orders).bit_",
            "orders['",
            "orders[\"t",
            "orders['tea\\",
            "[orders][0]['to",
            "$0['",
            "$0.pop('a').",
            "$1[0]['te",
            "$1.pop().va",
            "sum(n for n in range(10**18)).",
            "nobody.",
            "gone.",
            "n[",
            "n['",
        ] {
            let (word, words) = words(text);
            table.push_str(&format!("{text:30} | {word:5} | {words}\n"));
        }
        assert_eq!(asked(session, "$0, len($1)"), "$2 = ({'a': 1}, 1)", "completion changed an answer");
        let long = format!("{}.", "(".repeat(5000));
        assert_eq!(session.complete(&long).candidates, []);
        session.go(session.place().stack.frame(&dump, 1).unwrap());
        table.push_str(&format!("in another frame: {}\n", words("").1));
        insta::assert_snapshot!(table);
    });
}

#[test]
fn one_expression_in_many_frames() {
    let dump = dump();
    let ask = |over, expression| {
        let answer = each(&dump, over, expression, eval::Limits::default());
        answer.map_or_else(serde_json::to_value, |answer| serde_json::to_value(&answer)).unwrap()
    };
    let brief = |answer: &serde_json::Value| {
        let row = |row: &serde_json::Value| {
            let value = row.get("value").map_or_else(|| &row["error"]["message"], |value| &value["repr"]);
            format!("{}#{} {} {}", row["thread"]["name"], row["frame"], row["function"], value)
        };
        answer["answers"].as_array().unwrap().iter().map(row).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(format!(
        "{}\n\n{}\n\n{}\n\n{}\n\n{}\n{}\n{}",
        brief(&ask(Over::Threads(0), "n, len(orders)")),
        brief(&ask(Over::Threads(1), "n")),
        brief(&ask(Over::Frames(None, 0), "n, len(orders)")),
        brief(&ask(Over::Frames(Some("main"), 1), "n")),
        serde_json::to_string(&ask(Over::Frames(Some("8"), 0), "n")).unwrap(),
        serde_json::to_string(&ask(Over::Frames(Some("id:8"), 1), "n")).unwrap(),
        serde_json::to_string(&ask(Over::Threads(0), "$exc +")).unwrap(),
    ));
    // The budget is that of all frames together.
    let limits = eval::Limits { steps: 60_000, ..eval::Limits::default() };
    let all = each(&dump, Over::Threads(0), "sum(i for i in range(8000)) if n else 0", limits).unwrap();
    let values = all.answers.iter().filter(|row| matches!(row.outcome, eval::Outcome::Value(_)));
    assert_eq!(values.count(), 1);
}
