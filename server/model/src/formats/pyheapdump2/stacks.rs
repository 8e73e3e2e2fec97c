//! Threads, tasklets and the traceback, from the stand-ins for frames.

use std::sync::Arc;

use crashsite_parse::{NodeId, Pickle, View};
use rustc_hash::FxHashMap;

use crate::formats::pickled::{Code, Frames, Graph, Told, thread};
use crate::problem::Problems;
use crate::{Exception, Process, Thread, ThreadKind};

/// Stacks that are looked for.
const MOST: usize = 1_000_000;

/// Reads the stacks and gives their values numbers, the innermost frame of the crashed thread first.
pub(super) fn read(graph: &mut Graph<'_>, process: Process, problems: &mut Problems) -> Told {
    let top = Top(graph.pickle);
    let mut reader = Frames::new(graph);
    let crash = top.get("traceback").map(|traceback| reader.traceback(traceback)).unwrap_or_default();
    let mut exceptions = Vec::new();
    if let Some(value) = top.get("exception").or_else(|| top.get("exception_class")) {
        exceptions.push(Exception {
            object: Some(reader.graph.number(value)),
            frames: crash.clone(),
            ..Exception::default()
        });
    }
    let threads = all(&top, &mut reader, &process, crash);
    Told { process, exceptions, threads, frames: reader.finish(problems) }
}

fn all(top: &Top<'_>, reader: &mut Frames<'_, '_>, process: &Process, crash: Vec<usize>) -> Vec<Thread> {
    let names = thread_names(top);
    let mut threads = Vec::new();
    let mut crash = Some(crash).filter(|frames| !frames.is_empty());
    for (id, frame, kind, name) in stacks_of(top, reader.graph) {
        let current = kind == ThreadKind::Thread && id == process.current_thread_id;
        let frames = match crash.take_if(|_| current) {
            Some(frames) => frames,
            None => reader.stack(frame, is_dumper),
        };
        threads.push(Thread {
            name: name.or_else(|| id.and_then(|id| names.get(&id).cloned())),
            main: kind == ThreadKind::Thread && id.is_some() && id == process.main_thread_id,
            crashed: current && process.crashed_thread_id.is_some(),
            current,
            ..thread(id, kind, frames)
        });
    }
    // The dump was taken without threads, or not of the one that failed.
    if let Some(frames) = crash {
        let id = process.current_thread_id;
        threads.push(Thread {
            name: id.and_then(|id| names.get(&id).cloned()),
            main: id.is_some() && id == process.main_thread_id,
            crashed: true,
            current: true,
            ..thread(id, ThreadKind::Thread, frames)
        });
    }
    for thread in threads.iter_mut().filter(|thread| thread.main && thread.name.is_none()) {
        thread.name = Some("MainThread".into());
    }
    threads.sort_by_key(|thread| (!thread.crashed, !thread.current, !thread.main, thread.id));
    place_tasklets(&mut threads);
    threads
}

/// Which thread runs each tasklet.
fn place_tasklets(threads: &mut [Thread]) {
    let of_system = |thread: &Thread| thread.kind == ThreadKind::Thread;
    let numbered = threads.iter().enumerate().filter(|(_, thread)| of_system(thread));
    let places: FxHashMap<_, usize> = numbered.map(|(place, thread)| (thread.id, place)).collect();
    for tasklet in threads.iter_mut().filter(|thread| !of_system(thread)) {
        tasklet.thread = places.get(&tasklet.id).copied();
        tasklet.runner = Some("stackless".into());
        tasklet.state = Some("suspended".into());
    }
}

/// The innermost frames may be those of pyheapdump itself.
fn is_dumper(code: &Code) -> bool {
    let file = code.file.replace('\\', "/");
    file.contains("/pyheapdump/_pyheapdump.py") || file.contains("/sPickle/_sPickle.py")
}

/// The top-level dictionary.
struct Top<'p>(&'p Pickle);

impl Top<'_> {
    /// A value; one that is `None` is as if it were not there.
    fn get(&self, key: &str) -> Option<NodeId> {
        self.0.get(self.0.root(), key).filter(|node| !self.0.is_none(*node))
    }
}

/// Every stack of the dump: thread id, innermost frame, what runs it, its name where it has one of its own.
type Stack = (Option<i128>, NodeId, ThreadKind, Option<Arc<str>>);

/// `thread_frames`: thread id → frame; of Stackless `tasklets`: thread id → (main, current, {id: other}).
fn stacks_of(top: &Top<'_>, graph: &Graph<'_>) -> Vec<Stack> {
    let pickle = top.0;
    let mut found: Vec<Stack> = Vec::new();
    if let Some(threads) = top.get("thread_frames") {
        let pairs = pickle.pairs(threads).take(MOST);
        found.extend(pairs.map(|(id, frame)| (pickle.as_i128(id), frame, ThreadKind::Thread, None)));
    }
    let tasklet_kind = || ThreadKind::Other("tasklet".into());
    for (id, value) in top.get("tasklets").into_iter().flat_map(|tasklets| pickle.pairs(tasklets)).take(MOST) {
        let id = pickle.as_i128(id);
        let Some(&[main, current, others]) = pickle.as_slice(value) else { continue };
        let frame = |tasklet: NodeId| graph.slot(tasklet, "frame").filter(|frame| !pickle.is_none(*frame));
        // The tasklet that runs is what its thread does.
        found.extend(frame(current).map(|frame| (id, frame, ThreadKind::Thread, None)));
        if main != current {
            found.extend(frame(main).map(|frame| (id, frame, tasklet_kind(), Some("main tasklet".into()))));
        }
        for (number, (_, other)) in pickle.pairs(others).take(MOST).enumerate() {
            if other != main && other != current {
                let name = format!("tasklet {}", number + 1).into();
                found.extend(frame(other).map(|frame| (id, frame, tasklet_kind(), Some(name))));
            }
        }
    }
    found.truncate(MOST);
    found
}

/// The names of threads, from the `threading.Thread` objects that the pickle happens to have: version 2 keeps no others.
fn thread_names(top: &Top<'_>) -> FxHashMap<i128, Arc<str>> {
    let pickle = top.0;
    let mut names = FxHashMap::default();
    for node in pickle.ids() {
        let View::Reduce { .. } = pickle.node(node) else { continue };
        let (mut id, mut name) = (None, None);
        for (key, value) in pickle.pairs(node) {
            match pickle.as_text_bytes(key) {
                Some(b"_Thread__ident") => id = pickle.as_i128(value),
                Some(b"_Thread__name") => name = pickle.as_text(value),
                _ => {}
            }
        }
        if let (Some(id), Some(name)) = (id, name) {
            names.insert(id, name.as_ref().into());
        }
    }
    names
}
