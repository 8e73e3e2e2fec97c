//! Who waits for whom: tasks for tasks, threads for what they say.

use std::sync::Arc;

use crashsite_model::{Dump, Thread};
use serde::Serialize;

use crate::text;

/// Names in one line.
const NAMED: usize = 3;
/// Characters of what is waited for.
const LONGEST_TEXT: usize = 200;
/// Characters of a name.
const LONGEST_NAME: usize = 40;

/// What a task, greenlet or generator is and to whom it belongs, in an answer. Others are named by their positions, from 1.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Relatives {
    /// `running`, `pending`, `failed`, `cancelled`, `suspended`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<Arc<str>>,
    /// What runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner: Option<Arc<str>>,
    /// The thread that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<usize>,
    /// What has started it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// The exception that has ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raised: Option<Arc<str>>,
    /// What holds a generator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<Arc<str>>,
    /// Those that have to end before it goes on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awaits: Vec<usize>,
    /// Those that go on when it ends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub awaited_by: Vec<usize>,
}

/// Who awaits each thread, task or greenlet.
#[derive(Debug, Clone)]
pub struct Relations<'a> {
    dump: &'a Dump,
    awaited_by: Vec<Vec<usize>>,
}

impl<'a> Relations<'a> {
    /// Those of a dump.
    pub fn of(dump: &'a Dump) -> Self {
        let mut awaited_by = vec![Vec::new(); dump.threads.len()];
        for (position, thread) in dump.threads.iter().enumerate() {
            for other in &thread.awaits {
                if let Some(list) = awaited_by.get_mut(*other) {
                    list.push(position);
                }
            }
        }
        Relations { dump, awaited_by }
    }

    /// The positions, from 0, of those that await the one in this position.
    pub fn awaited_by(&self, position: usize) -> &[usize] {
        self.awaited_by.get(position).map_or(&[], Vec::as_slice)
    }

    /// What an answer says of the one in this position.
    pub fn relatives(&self, position: usize) -> Relatives {
        let Some(thread) = self.dump.threads.get(position) else { return Relatives::default() };
        let from_one = |positions: &[usize]| positions.iter().map(|position| position + 1).collect();
        Relatives {
            state: thread.state.clone(),
            runner: thread.runner.clone(),
            thread: thread.thread.map(|on| on + 1),
            parent: thread.parent.map(|parent| parent + 1),
            raised: thread.raised.clone(),
            held: thread.held.clone(),
            awaits: from_one(&thread.awaits),
            awaited_by: from_one(self.awaited_by(position)),
        }
    }

    /// What is said of the one in this position: its state, its thread, for what it waits, who awaits it.
    pub fn facts(&self, position: usize) -> Vec<String> {
        let Some(thread) = self.dump.threads.get(position) else { return Vec::new() };
        let mut facts = Vec::new();
        let runner = thread.runner.iter().map(|runner| format!("of {runner}"));
        let on = thread.thread.iter().map(|on| format!("in {}", self.names(&[*on])));
        let place: Vec<String> = runner.chain(on).collect();
        if !place.is_empty() {
            facts.push(place.join(" "));
        }
        match (&thread.state, &thread.raised) {
            (Some(state), Some(raised)) => facts.push(format!("{state} with {raised}")),
            (Some(state), None) => facts.push(state.to_string()),
            (None, _) => {}
        }
        match (&thread.held, thread.parent) {
            (Some(held), _) => facts.push(format!("held by {held}")),
            (None, Some(parent)) => facts.push(format!("started by {}", self.names(&[parent]))),
            (None, None) => {}
        }
        facts.extend(self.waiting(thread));
        let by = self.awaited_by(position);
        if !by.is_empty() {
            facts.push(format!("awaited by {}", self.names(by)));
        }
        facts
    }

    /// For what a thread or task waits, where that is known, and for whom.
    pub fn waiting(&self, thread: &Thread) -> Option<String> {
        let what = thread.wait_for.as_deref().map(|what| text::shorten(what, LONGEST_TEXT));
        let named = |position: &usize| what.as_deref().is_some_and(|what| what.contains(&self.name(*position)));
        let more = !thread.awaits.is_empty() && !thread.awaits.iter().take(NAMED).any(named);
        let parts = [
            what.as_deref().map(|what| format!("waits for {what}")),
            more.then(|| format!("awaits {}", self.names(&thread.awaits))),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    fn name(&self, position: usize) -> String {
        let name = self.dump.threads.get(position).and_then(|thread| thread.name.as_deref());
        name.map_or_else(|| format!("#{}", position + 1), |name| text::shorten(name, LONGEST_NAME).into_owned())
    }

    /// The names of a few threads, and how many more there are.
    fn names(&self, positions: &[usize]) -> String {
        let names = positions.iter().take(NAMED).map(|position| self.name(*position)).collect::<Vec<_>>().join(", ");
        match positions.len().saturating_sub(NAMED) {
            0 => names,
            more => format!("{names} and {more} more"),
        }
    }
}
