//! The reader of coredumpy's dumps, 0.1 to 0.5: JSON, compressed by gzip or not.
//!
//! `objects` has every object by its `id()`: its type's name, and as `value` a number, a text, or the `id()`s of what it
//! holds, or as `attrs` what `inspect.getmembers` gave. Frames are objects among them. The file is read a token at a time
//! into a [`store::Store`], which is what there is of it; a file that ends in the middle is what came before.

mod described;
mod file;
mod object;
mod stacks;
mod store;

use std::collections::HashSet;
use std::sync::Arc;

use crashsite_parse::{Error, JsonInput, JsonReader, Limits, Source, Stage};

use super::packed::whole_file;
use crate::heap::Heap;
use crate::problem::Problems;
use crate::{Dump, Piece, Process, Python, Redaction, SourceFile};
use file::File;
use object::Graph;
use store::{LONGEST_TEXT, Store, Value};

/// Opens a file that is JSON, or gzip with JSON inside.
pub(super) fn open(source: &Arc<dyn Source>, limits: Limits, gzip: bool) -> Result<Dump, Error> {
    let compressed = if gzip { whole_file(source, &limits)? } else { Vec::new() };
    let input = if gzip { JsonInput::gzip(&compressed, &limits) } else { JsonInput::plain(source.clone(), &limits) };
    let mut json = JsonReader::new(input, &limits, LONGEST_TEXT);
    let mut file = File::new(Store::new(&limits));
    let end = file.read(&mut json);
    let mut problems = Problems::default();
    for problem in json.problems() {
        problems.at(problem.offset, problem.message);
    }
    if !file.has_objects || file.store.len() == 0 {
        // What is wrong with it comes before what it is not.
        end?;
        return Err(Error::new(
            Stage::Json,
            None,
            "this is JSON, but not a dump of coredumpy",
            "Give a file that `coredumpy.dump()` or crashsite wrote.",
        ));
    }
    let complete = end.is_ok();
    if let Err(error) = end {
        problems.push(crate::Problem::captured(format!("the file is incomplete: {error}")));
    }
    file.report(&mut problems);
    drop(json);
    drop(compressed);
    Ok(read(file, source.len(), limits, problems, complete))
}

/// Whether JSON that begins so is what coredumpy writes: its first key, and an object's `id()` as the next.
pub(super) fn is_ours(head: &[u8]) -> bool {
    head.strip_prefix(br#"{"objects": {""#).and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit)
}

fn read(file: File, file_size: u64, limits: Limits, mut problems: Problems, complete: bool) -> Dump {
    let mut graph = Graph::new(&file.store, modules(&file));
    let mut stacks = stacks::read(&file, &mut graph, &mut problems);
    let objects = graph.into_objects();
    let process = process(&file, &stacks);
    let sources = file.sources.into_iter().map(|(name, text)| source_file(name, text)).collect();
    // The store and the columns need not be in memory together.
    drop(file.store);
    let heap = Heap::of_section(objects.finish());
    stacks.fill_in(&heap);
    Dump {
        format: "coredumpy",
        loading: None,
        outside: None,
        file_size,
        headers: Vec::new(),
        process,
        exceptions: stacks.exceptions,
        threads: stacks.threads,
        frames: stacks.frames,
        sources,
        capture_limits: Vec::new(),
        redaction: Redaction::default(),
        problems: problems.into_list(),
        complete,
        end: None,
        heap,
        limits,
    }
}

/// Modules that the file knows by name: those that are objects in it.
fn modules(file: &File) -> HashSet<&str> {
    let store = &file.store;
    let ids = (0..store.len() as u32).filter(|id| store.type_of(*id) == Some("module"));
    let text = |id| match store.entry(id)?.value {
        Value::Text(run, _) => std::str::from_utf8(store.text(run)).ok(),
        _ => None,
    };
    ids.filter_map(text).collect()
}

fn process(file: &File, stacks: &stacks::Stacks) -> Process {
    let version = file.fact("python_version").cloned();
    let mut numbers = version.as_deref().unwrap_or_default().split('.').map(str::parse::<u32>);
    let major_minor = match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Some((major, minor)),
        _ => None,
    };
    let platform = file.fact("system.system").map(|system| match &**system {
        "Linux" => Arc::from("linux"),
        "Darwin" => Arc::from("darwin"),
        "Windows" => Arc::from("win32"),
        _ => system.clone(),
    });
    let crashed = stacks.threads.first().is_some_and(|thread| thread.crashed);
    Process {
        writer: Some(file.fact("version").map_or("coredumpy".into(), |version| format!("coredumpy {version}").into())),
        python: Python { version, major_minor, platform, ..Python::default() },
        message: file.description.clone(),
        main_thread_id: stacks.main,
        current_thread_id: stacks.current,
        crashed_thread_id: stacks.current.filter(|_| crashed),
        ..Process::default()
    }
}

/// The text of a source: of its bytes nothing is known, but most are UTF-8 with these line ends.
fn source_file(name: Arc<str>, text: String) -> SourceFile {
    use sha2::{Digest, Sha256};
    let digest: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let lines = text.split('\n').count() - usize::from(text.ends_with('\n') || text.is_empty());
    SourceFile {
        name,
        sha256: Some(digest.into()),
        lines: Some(lines as u64),
        encoding: Some("utf-8".into()),
        pieces: vec![Piece { first: 1, text: text.into() }],
        error: None,
    }
}
