//! Tasks and the like: who awaits whom, from a file and back, and what a damaged one does.
#![allow(clippy::unwrap_used)]

#[path = "../../model/tests/support/mod.rs"]
mod support;

use std::sync::Arc;

use crashsite_model::{Dump, Limits};
use crashsite_view::relations::Relations;
use crashsite_view::{stacks, threads};
use support::{V, file, part, pickle, summary, text};

fn dump(threads: Vec<V>) -> Dump {
    let mut summary = summary(vec![]);
    summary.retain(|(key, _)| *key != "threads");
    summary.push(("threads", V::List(threads)));
    let bytes =
        file(&[part("summary", &pickle(&V::Dict(summary)), None), part("end", &pickle(&V::Dict(vec![])), None)]);
    Dump::open(Arc::new(bytes), Limits::default()).unwrap()
}

fn thread(name: &str, kind: &str, further: Vec<(&'static str, V)>) -> V {
    let mut fields = vec![("name", text(name)), ("kind", text(kind))];
    fields.extend(further);
    V::Dict(fields)
}

fn indexes(of: &[i64]) -> V {
    V::List(of.iter().map(|index| V::Int(*index)).collect())
}

#[test]
fn who_awaits_whom() {
    let dump = dump(vec![
        thread("main", "thread", vec![]),
        thread(
            "a",
            "task",
            vec![("state", text("pending")), ("thread", V::Int(0)), ("awaits", indexes(&[2, 3, 4, 5]))],
        ),
        thread("b", "task", vec![("state", text("failed")), ("raised", text("KeyError(1)"))]),
        thread("c", "task", vec![("runner", text("trio")), ("parent", V::Int(1)), ("wait_for", text("sleep(5)"))]),
        thread("d", "generator", vec![("held", text("rows in load"))]),
        thread("w", "thread", vec![("wait_for", text("the end of main")), ("awaits", indexes(&[0]))]),
    ]);
    assert!(dump.problems.iter().all(|problem| problem.offset.is_none()), "{:?}", dump.problems);
    let relations = Relations::of(&dump);
    let facts: Vec<String> = (0..6).map(|position| relations.facts(position).join("; ")).collect();
    assert_eq!(
        facts,
        [
            "awaited by w",
            "in main; pending; awaits b, c, d and 1 more",
            "failed with KeyError(1); awaited by a",
            "of trio; started by a; waits for sleep(5); awaited by a",
            "held by rows in load; awaited by a",
            "waits for the end of main; awaited by a",
        ]
    );
    let answer = threads::answer(&dump);
    let of = |position: usize| serde_json::to_value(&answer.threads[position].relatives).unwrap();
    assert_eq!(of(0), serde_json::json!({"awaited_by": [6]}));
    assert_eq!(of(1), serde_json::json!({"state": "pending", "thread": 1, "awaits": [3, 4, 5, 6]}));
    let names: Vec<String> = stacks::answer(&dump).into_iter().map(|stack| stack.name).collect();
    assert!(names.starts_with(&["main".into(), "task a".into(), "task b".into()]), "{names:?}");
}

#[test]
fn indexes_that_lead_nowhere_are_problems() {
    let dump = dump(vec![
        thread("a", "task", vec![("thread", V::Int(9)), ("parent", V::Int(-1)), ("awaits", indexes(&[0, 7, -3]))]),
        V::Int(3),
        thread("b", "task", vec![("awaits", V::Int(3)), ("state", V::Int(1))]),
    ]);
    assert_eq!((dump.threads[0].thread, dump.threads[0].parent, &dump.threads[0].awaits), (None, None, &vec![0]));
    assert_eq!((dump.threads.len(), &dump.threads[2].awaits), (3, &vec![]));
    assert!(dump.problems.len() >= 6, "{:?}", dump.problems);
    let relations = Relations::of(&dump);
    assert_eq!(relations.awaited_by(0), [0]);
    assert!(relations.awaited_by(99).is_empty() && relations.facts(99).is_empty());
}
