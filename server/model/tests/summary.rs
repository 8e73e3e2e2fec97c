//! The summary: what is missing is missing, what has the wrong type is a problem, what repeats without end is cut.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::Arc;

use crashsite_model::{Dump, Error, Limits};
use support::{V, file, local, part, pickle, summary, text};

fn open(summary: Vec<(&'static str, V)>) -> Result<Dump, Error> {
    let bytes = file(&[part("summary", &pickle(&V::Dict(summary)), None)]);
    Dump::open(Arc::new(bytes), Limits::default())
}

#[test]
fn everything_in_its_place() {
    let dump = open(summary(vec![local("x", 3, "int", "0")])).unwrap();
    assert_eq!((dump.format, dump.process.pid), ("crashsite-3", Some(4711)));
    assert_eq!(dump.process.python.major_minor, Some((3, 12)));
    assert_eq!(&*dump.exceptions[0].type_name, "ZeroDivisionError");
    assert_eq!(dump.threads[0].frames, [0]);
    let local = &dump.frames[0].locals[0];
    assert_eq!((&*local.name, local.object, local.preview.as_deref()), ("x", Some(3), Some("0")));
    assert_eq!(dump.source("/srv/m.py").unwrap().pieces.len(), 1);
    let messages: Vec<&str> = dump.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["the file is incomplete: its closing part is missing", "a thread could not be read"]);
}

#[test]
fn which_process_it_was() {
    let dump = open(summary(vec![])).unwrap();
    let lineage = &dump.process.lineage;
    let ancestors: Vec<_> = lineage.ancestors.iter().map(|one| (one.pid, one.identity.as_deref())).collect();
    assert_eq!((lineage.identity.as_deref(), lineage.name.as_deref()), (Some("abcdefghijklmnop"), Some("Worker-1")));
    assert_eq!(ancestors, [(Some(4700), Some("bcdefghijklmnopa"))]);
    assert_eq!(&*dump.exceptions[0].dumped.as_ref().unwrap().file, "worker.dump");

    let pair = |pid, identity| V::Tuple(vec![pid, identity]);
    let mut wrong = vec![V::None, V::Tuple(vec![V::Int(1)]), pair(V::None, text("x")), pair(V::Int(1), V::Int(2))];
    wrong.extend((0..1000).map(|pid| pair(V::Int(pid), V::None)));
    let mut changed = summary(vec![]);
    changed.iter_mut().filter(|(key, _)| *key == "process").for_each(|(_, value)| {
        *value = V::Dict(vec![("identity", V::Int(1)), ("ancestors", V::List(wrong.clone()))]);
    });
    let dump = open(changed).unwrap();
    assert_eq!(dump.process.lineage.ancestors.len(), 98);
    assert!(dump.process.lineage.identity.is_none());
}

#[test]
fn every_key_may_be_absent_or_wrong() {
    let names: Vec<&str> = summary(vec![]).iter().map(|(name, _)| *name).collect();
    for name in names {
        let absent: Vec<_> = summary(vec![]).into_iter().filter(|(key, _)| *key != name).collect();
        open(absent).unwrap();
        for wrong in [V::None, V::Int(-1), text("x"), V::List(vec![V::Int(9), V::None]), V::Dict(vec![("x", V::None)])]
        {
            let mut changed = summary(vec![local("x", 3, "int", "0"), V::None]);
            changed.iter_mut().filter(|(key, _)| *key == name).for_each(|(_, value)| *value = wrong.clone());
            open(changed).unwrap();
        }
    }
}

#[test]
fn a_frame_in_many_stacks_is_not_shown_without_end() {
    let locals = (0..1000).map(|index| local("x", index, "int", "0")).collect();
    let mut bomb = summary(locals);
    let thread = V::Dict(vec![("id", V::Int(1)), ("frames", V::List(vec![V::Int(0); 1000]))]);
    bomb.iter_mut()
        .filter(|(key, _)| *key == "threads")
        .for_each(|(_, value)| *value = V::List(vec![thread.clone(); 20]));
    let dump = open(bomb).unwrap();
    let shown: usize = dump.threads.iter().map(|thread| thread.frames.len()).sum();
    assert!((500..600).contains(&shown), "{shown}");
    assert_eq!(dump.problems.iter().filter(|problem| problem.message.contains("too many stacks")).count(), 1);
}

#[test]
fn what_is_no_dump_is_refused_with_a_remedy() {
    for bytes in [&b""[..], b"hello", b"\x1f\x8b\x08", b"\x80\x04N", &file(&[])] {
        let error = Dump::open(Arc::new(bytes.to_vec()), Limits::default()).unwrap_err();
        assert!(!error.message.is_empty() && !error.remedy.is_empty());
    }
}
