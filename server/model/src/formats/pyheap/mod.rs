//! The reader of PyHeap's heap files: a heap of a running process, taken from outside by way of gdb.
//!
//! Big-endian numbers and texts: a header, the threads with their frames and locals, and every object with its address,
//! type, size, contents (of lists, tuples, sets and dictionaries), other references, attributes, and `str()`.

mod file;
mod input;
mod object;
mod objects;

use std::collections::HashMap;
use std::sync::Arc;

use crashsite_parse::{Error, Limits, Source, Stage};

use super::bare::{is_library, local};
use crate::heap::Heap;
use crate::problem::Problems;
use crate::{Dump, Frame, Local, Process, Python, Redaction, Scope, Thread};
use file::Head;
use input::Input;
use object::Graph;
use objects::Objects;

/// Whether a file begins as PyHeap's do.
pub(super) fn is_ours(head: &[u8]) -> bool {
    head.starts_with(&file::MAGIC.to_be_bytes())
}

/// Opens a heap file.
pub(super) fn open(source: &Arc<dyn Source>, limits: Limits) -> Result<Dump, Error> {
    if !Head::is_known(source) {
        return Err(Error::new(
            Stage::Container,
            8,
            "this is a heap file of PyHeap, but of a layout without the contents of containers, or of a later one",
            "Take another with the PyHeap of 2022-11 or later, or write a dump with the Python package `crashsite`.",
        ));
    }
    let mut problems = Problems::default();
    let mut input = Input::new(source.clone(), 0);
    let mut head = Head::default();
    if head.read(&mut input).is_err() {
        problems.at(source.len(), "the file is incomplete: it ends before its objects");
        if head.threads.is_empty() {
            return Err(Error::new(
                Stage::Container,
                source.len(),
                "this heap file of PyHeap ends before its threads",
                "The file is cut: look for another copy.",
            ));
        }
    }
    let objects = Objects::read(source, &head, &limits, &mut problems);
    let mut input = Input::new(source.clone(), objects.end);
    let (types, end) = if objects.whole { file::types(&mut input) } else { (HashMap::new(), Ok(())) };
    let complete = objects.whole && head.objects > 0 && end.is_ok();
    if objects.whole && head.objects > 0 && end.is_err() {
        problems.at(source.len(), "the file is incomplete: it ends within its table of types");
    }
    let mut graph = Graph::new(&objects, &head, &types);
    let (threads, mut frames) = stacks(&head, &mut graph);
    let heap = graph.into_objects();
    drop((objects, types));
    let heap = Heap::of_section(heap.finish());
    fill_in(&mut frames, &heap);
    Ok(Dump {
        format: "pyheap",
        loading: None,
        outside: None,
        file_size: source.len(),
        headers: Vec::new(),
        process: Process {
            writer: Some("PyHeap".into()),
            time: seconds(&head.created),
            // It is written for no other.
            python: Python { implementation: Some("cpython".into()), ..Python::default() },
            ..Process::default()
        },
        exceptions: Vec::new(),
        threads,
        frames,
        sources: Vec::new(),
        capture_limits: Vec::new(),
        redaction: Redaction::default(),
        problems: problems.into_list(),
        complete,
        end: None,
        heap,
        limits,
    })
}

fn stacks(head: &Head, graph: &mut Graph<'_>) -> (Vec<Thread>, Vec<Frame>) {
    let (mut threads, mut frames) = (Vec::new(), Vec::new());
    for thread in &head.threads {
        let first = frames.len();
        for frame in &thread.frames {
            let locals = frame.locals.iter().map(|(name, address)| Local {
                address: Some(*address),
                ..local(name.clone(), Scope::Local, graph.number(*address))
            });
            frames.push(Frame {
                function: frame.function.clone(),
                library: is_library(&frame.file),
                file: frame.file.clone(),
                line: Some(u64::from(frame.line)).filter(|line| *line > 0),
                locals: locals.collect(),
                ..Frame::default()
            });
        }
        threads.push(Thread {
            name: Some(thread.name.clone()),
            daemon: thread.daemon,
            main: &*thread.name == "MainThread",
            frames: (first..frames.len()).collect(),
            ..Thread::default()
        });
    }
    threads.sort_by_key(|thread| !thread.main);
    (threads, frames)
}

/// What only the heap knows: the classes of values.
fn fill_in(frames: &mut [Frame], heap: &Heap) {
    for local in frames.iter_mut().flat_map(|frame| &mut frame.locals) {
        let Some(object) = local.object.and_then(|number| heap.object(number)) else { continue };
        local.kind = object.kind();
        local.children_count = object.attribute_count() as u64 + heap.contents(&object).len();
        if let Some(class) = object.class() {
            local.type_name = class.name.clone();
            local.module = class.module.clone();
        }
    }
}

/// `2022-08-28T11:49:04.183000+02:00` as seconds since 1970.
fn seconds(text: &str) -> Option<f64> {
    let (moment, zone) = text.get(..text.len().checked_sub(6)?).zip(text.get(text.len().checked_sub(6)?..))?;
    let sign = match zone.as_bytes().first()? {
        b'+' => 1.0,
        b'-' => -1.0,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let zone = hours.parse::<f64>().ok()? * 3600.0 + minutes.parse::<f64>().ok()? * 60.0;
    Some(super::pyheapdump2::facts::seconds(moment)? - sign * zone)
}
