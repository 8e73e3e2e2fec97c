//! Everything but the heap: the summary, the closing part, the headers.
#![allow(clippy::unwrap_used)]

mod support;

use crashsite_model::heap::Known;
use crashsite_model::{
    Ancestor, Dump, Dumped, End, Exception, Frame, Header, Kind, Lineage, Local, Piece, Problem, Process, Python,
    Redaction, Scope, SourceFile, Thread, ThreadKind,
};
use support::{Obj, dump, heap, open, write};

fn local(name: &str, preview: Option<&str>) -> Local {
    Local {
        name: name.into(),
        scope: Scope::Free,
        object: Some(0),
        type_name: "int".into(),
        module: "builtins".into(),
        kind: Kind::Int,
        size: Some(28),
        address: Some(u64::MAX),
        preview: preview.map(Into::into),
        cut: true,
        redacted: false,
        full_length: Some(1 << 40),
        children_count: 300,
    }
}

fn full() -> Dump {
    let int = Obj { kind: 2, ..Obj::default() };
    let mut dump = dump(heap(vec![(0, vec![int])], Known::default()));
    let python = Python {
        version: Some("3.11.7".into()),
        major_minor: Some((3, 11)),
        implementation: Some("CPython".into()),
        platform: Some("linux".into()),
        byteorder: Some("little".into()),
        maxsize: Some(i64::MAX.into()),
        executable: Some("/usr/bin/python".into()),
        prefix: Some("/usr".into()),
        free_threaded: Some(true),
    };
    dump.process = Process {
        writer: None,
        pid: Some(-4),
        lineage: Lineage {
            identity: Some("abcdefghijklmnop".into()),
            name: Some("Worker-1".into()),
            ancestors: vec![
                Ancestor { pid: Some(1), identity: Some("b".into()) },
                Ancestor { pid: Some(2), identity: None },
            ],
        },
        sequence_number: Some(70_000),
        time: Some(1.5e9),
        python,
        argv: vec!["a".into(), "a".into(), "\u{6f22}".repeat(100).into()],
        path: vec!["".into()],
        cwd: Some("/".into()),
        pathmodule: Some("posixpath".into()),
        message: Some("two\nlines".into()),
        main_thread_id: Some(i128::from(u64::MAX)),
        current_thread_id: Some(-1),
        crashed_thread_id: Some(1 << 100),
    };
    let exception = Exception {
        object: Some(0),
        type_name: "E".into(),
        module: "m".into(),
        qualname: "C.E".into(),
        message: Some("".into()),
        preview: Some("E()".into()),
        cause: Some(1),
        context: Some(0),
        suppress_context: true,
        group: vec![1, 1],
        notes: vec!["n".into(), "n".into()],
        frames: vec![0],
        dumped: Some(Dumped { process: Some("b".into()), file: "other.dump".into() }),
    };
    dump.exceptions = vec![exception, Exception { preview: Some("E()".into()), ..Exception::default() }];
    let ids =
        [0, 255, 256, 65_535, 65_536, -1, i128::from(i32::MIN), 1 << 31, 1 << 63, -(1 << 63) - 1, i128::MAX, i128::MIN];
    let thread = |id| Thread {
        id: Some(id),
        name: Some("worker".into()),
        native_id: Some(-7),
        kind: if id > 9 { ThreadKind::Other("greenlet".into()) } else { ThreadKind::Thread },
        daemon: id > 0,
        crashed: id == 0,
        current: id == 255,
        main: id == 256,
        frames: vec![0, 1],
        object: (id > 9).then_some(0),
        state: (id > 9).then(|| "suspended".into()),
        runner: (id > 9).then(|| "gevent".into()),
        thread: (id > 9).then_some(0),
        parent: (id > 9).then_some(1),
        awaits: if id > 9 { vec![2, 3] } else { vec![] },
        raised: (id > 9).then(|| "KeyError(1)".into()),
        held: (id > 9).then(|| "rows in load".into()),
        wait_for: Some("a lock".into()),
    };
    dump.threads = ids.into_iter().map(thread).collect();
    let frame = Frame {
        function: "f".into(),
        qualname: Some("C.f".into()),
        file: "/srv/app.py".into(),
        line: Some(7),
        end_line: Some(8),
        column: Some(0),
        end_column: Some(300),
        firstlineno: Some(1),
        module: Some("app".into()),
        library: true,
        globals: Some(0),
        locals: vec![local("a", Some("1")), local("b", Some(""))],
        locals_note: Some("why".into()),
    };
    dump.frames = vec![frame, Frame::default()];
    let piece = |first, text: &str| Piece { first, text: text.into() };
    dump.sources = vec![
        SourceFile {
            name: "/srv/app.py".into(),
            sha256: Some("00".into()),
            lines: Some(9),
            encoding: Some("utf-8".into()),
            pieces: vec![piece(1, "x\n"), piece(5, "y\n")],
            error: None,
        },
        SourceFile { name: "/gone.py".into(), error: Some("it is gone".into()), ..SourceFile::default() },
    ];
    dump.capture_limits =
        vec![("max_objects".into(), 1e6), ("max_seconds".into(), 0.5), ("max_x".into(), f64::INFINITY)];
    dump.redaction = Redaction {
        mode: Some("on".into()),
        rules: vec!["name".into(), "card number".into()],
        counts: vec![("name".into(), 3)],
    };
    dump.problems = vec![Problem::captured("one"), Problem::captured("two")];
    dump.end = Some(End {
        objects_seen: Some(9),
        objects_written: Some(1),
        bytes_written: None,
        seconds: Some(0.25),
        stopped: Some("max_objects".into()),
        counts: vec![("int".into(), 1)],
        brief: vec![("functions".into(), 2)],
        cut: 0,
        changed: 0,
    });
    dump
}

#[test]
fn everything_comes_back() {
    let source = full();
    let (bytes, written) = write(&source);
    assert_eq!((written.objects, written.problems), (1, 2));
    let mut read = open(&bytes);
    assert_eq!(read.process.writer.take().unwrap().to_string(), "crashsite 0.1.0 (converted from old-1)");
    assert_eq!(format!("{:#?}", read.process), format!("{:#?}", source.process));
    assert_eq!(format!("{:#?}", read.exceptions), format!("{:#?}", source.exceptions));
    assert_eq!(format!("{:#?}", read.threads), format!("{:#?}", source.threads));
    assert_eq!(format!("{:#?}", read.frames), format!("{:#?}", source.frames));
    assert_eq!(format!("{:#?}", read.sources), format!("{:#?}", source.sources));
    assert_eq!(read.capture_limits, source.capture_limits);
    assert_eq!(read.problems, source.problems);
    assert_eq!(read.redaction, source.redaction);
    let end = End { bytes_written: None, ..read.end.unwrap() };
    assert_eq!(format!("{end:#?}"), format!("{:#?}", source.end.unwrap()));
}

#[test]
fn what_is_absent_stays_absent() {
    let read = open(&write(&dump(heap(vec![], Known::default()))).0);
    let empty = Process { writer: read.process.writer.clone(), ..Process::default() };
    assert_eq!(format!("{:?}", read.process), format!("{empty:?}"));
    assert!(read.exceptions.is_empty() && read.threads.is_empty() && read.frames.is_empty() && read.heap.is_empty());
    let end = read.end.unwrap();
    assert_eq!((read.complete, end.objects_seen, end.seconds), (true, None, None));
}

#[test]
fn previews_that_the_source_lacks_are_made() {
    let mut source = full();
    source.frames[0].locals = vec![local("a", None)];
    source.exceptions[0].preview = None;
    source.exceptions[0].message = None;
    let (bytes, written) = write(&source);
    assert!(written.absent.contains(&"previews (made from the heap)"));
    let read = open(&bytes);
    let local = &read.frames[0].locals[0];
    assert_eq!((local.preview.as_deref(), &*local.type_name, local.kind), (Some("<a>"), "T", Kind::Int));
    assert_eq!((local.size, local.address, local.children_count), (None, Some(5), 3));
    assert_eq!((local.cut, local.full_length), (true, Some(1 << 40)));
    assert_eq!(read.exceptions[0].preview.as_deref(), Some("<E>"));
    assert_eq!(read.exceptions[0].message.as_deref(), Some("m"));
}

#[test]
fn an_incomplete_dump_stays_incomplete_and_says_so() {
    let mut source = full();
    source.complete = false;
    source.problems = vec![Problem::at(99, "the file is incomplete"), Problem::captured("one")];
    let (bytes, written) = write(&source);
    assert_eq!(written.problems, 2);
    let read = open(&bytes);
    assert!(!read.complete && read.end.is_none());
    let messages: Vec<&str> = read.problems.iter().skip(1).map(|problem| &*problem.message).collect();
    assert_eq!(messages, ["when converted from old-1: at byte 99: the file is incomplete", "one"]);
}

#[test]
fn texts_that_repeat_are_written_once_and_read_whole() {
    let mut source = full();
    let text = "x".repeat(900);
    source.frames[0].locals = (0..2000).map(|_| local("a", Some(&text))).collect();
    source.frames = vec![source.frames[0].clone(); 100];
    let (bytes, _) = write(&source);
    let read = open(&bytes);
    assert_eq!(read.problems, source.problems);
    assert!(read.frames.iter().flat_map(|frame| &frame.locals).all(|local| local.preview.as_deref() == Some(&*text)));
    assert!(bytes.len() < 2 << 20, "{}", bytes.len());
}

#[test]
fn headers_are_kept_but_cannot_break_out() {
    let long = format!("{} end", "word ".repeat(400).trim());
    let kept = [
        ("Subject", "ZeroDivisionError: \u{6f22}\u{5b57} \u{1f600}"),
        ("X-Plain", "a=1; b='two'"),
        ("X-Looks-Encoded", "=?utf-8?q?no?="),
        ("X-Long", &*long),
        ("X-Empty", ""),
    ];
    let hostile = [
        ("X-Lines", "a\r\nX-Evil: 1\r\n\r\n--b\n\u{85}\u{2028}c"),
        ("X-Name\r\nX-Evil", "1"),
        ("X Evil", "1"),
        ("", "1"),
        ("X-Evil:", "1"),
        ("X-\u{e4}", "1"),
        ("Content-Type", "multipart/related; boundary=evil"),
        ("content-length", "3"),
        ("MIME-version", "2"),
        ("x-python-heapdump-version", "2"),
        ("X-crashsite-Converted-From", "evil"),
    ];
    let mut source = full();
    source.headers = kept
        .iter()
        .chain(&hostile)
        .map(|(name, value)| Header { name: (*name).to_owned(), value: (*value).to_owned() })
        .collect();
    let (bytes, written) = write(&source);
    assert_eq!(written.lost, ["5 headers could not be kept"]);
    let read = open(&bytes);
    let of = |name: &str| -> Vec<&str> {
        let named = read.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        named.map(|header| &*header.value).collect()
    };
    for (name, value) in kept {
        assert_eq!(of(name), [value]);
    }
    assert_eq!(of("X-Lines"), ["a  X-Evil: 1    --b   c"]);
    assert_eq!(of("X-python-heapdump-version"), ["3"]);
    assert_eq!(of("X-Crashsite-Converted-From"), ["old-1"]);
    assert_eq!((of("Content-Type").len(), of("MIME-Version").len(), of("X-Evil").len()), (1, 1, 0));
    assert_eq!(read.headers.len(), 4 + kept.len() + 1);
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    assert!(bytes[..head].split(|byte| *byte == b'\n').all(|line| line.len() < 998 && line.is_ascii()));
}

#[test]
fn more_headers_than_a_reader_takes_are_left_out() {
    let mut source = full();
    source.headers = (0..2000).map(|at| Header { name: format!("X-{at}"), value: "\u{6f22}".repeat(20) }).collect();
    let (bytes, written) = write(&source);
    assert_eq!(written.lost.len(), 1);
    assert!(open(&bytes).headers.len() > 100);
}
