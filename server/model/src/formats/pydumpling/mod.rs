//! The reader of pydumpling 0.1 and 0.2.
//!
//! A gzip file with one pickle: a dictionary of `traceback`, `version`, `dump_type`, and where there was an exception,
//! `exc_extra`. Version 0.1 has values as dill writes them. Version 0.2 is another program (`format_version`, `snapshot_meta`):
//! it copies values within limits into stand-ins, and says which limits it met.

mod formatted;
mod raised;

use std::sync::Arc;

use crashsite_parse::{NodeId, Pickle};

use super::pickled::{Frames, Graph, Opened, Told, is_of_python2, thread};
use super::pydump::{module_of_class, python};
use crate::problem::Problems;
use crate::{Dump, Exception, Problem, Process, Thread, ThreadKind};

/// Whether a pickle is such a dump; one that is cut is one by the class of its traceback.
pub(super) fn is_one(pickle: &Pickle) -> bool {
    let has = |key| pickle.get(pickle.root(), key);
    let whole = has("version").is_some() && has("dump_type").is_some();
    let module = has("traceback").and_then(|node| module_of_class(pickle, node));
    let ours = |module: &str| module.split('.').next() == Some("pydumpling");
    module.is_some_and(|module| whole || pickle.fault().is_some() && ours(&module))
}

/// The dump.
pub(super) fn read(opened: Opened) -> Dump {
    let pickle = &opened.pickle;
    let python2 = is_of_python2(pickle);
    let text = |node: Option<NodeId>| node.and_then(|node| pickle.as_text(node)).map(|text| Arc::from(text.as_ref()));
    let (traceback, extra, meta) = (opened.top("traceback"), opened.top("exc_extra"), opened.top("snapshot_meta"));
    let format = if opened.top("format_version").is_some() { "pydumpling-0.2" } else { "pydumpling-0.1" };
    let version: Option<Arc<str>> = text(opened.top("version"));
    let process = Process {
        writer: Some(version.map_or_else(|| "pydumpling".into(), |version| format!("pydumpling {version}").into())),
        python: python(python2, text(meta.and_then(|meta| pickle.get(meta, "python_version")))),
        ..Process::default()
    };
    opened.into_dump(format, python2, Vec::new(), |graph, problems| {
        // Version 0.2 has stand-ins for them.
        graph.reprs_of = (format == "pydumpling-0.1").then_some("pydumpling");
        let mut frames = Frames::new(graph);
        let stack = traceback.map(|traceback| frames.traceback(traceback)).unwrap_or_default();
        let raised = extra.filter(|extra| frames.graph.pickle.is_dict(*extra));
        let mut exceptions = raised.map(|extra| exceptions(frames.graph, extra, &stack)).unwrap_or_default();
        let with_a_cause = traceback
            .is_some_and(|traceback| raised::with_a_cause(frames.graph, traceback, process.python.major_minor));
        if let Some(first) = exceptions.first_mut().filter(|_| with_a_cause) {
            // It is the context as well, as a rule; what else could be is not in the file.
            first.cause = first.context;
            first.suppress_context = true;
        }
        let frames = frames.finish(problems);
        if let Some(meta) = meta {
            limits_met(graph.pickle, meta, problems);
        }
        let threads =
            vec![Thread { crashed: raised.is_some(), current: true, ..thread(None, ThreadKind::Thread, stack) }];
        Told { process, exceptions, threads, frames }
    })
}

/// The exception: its value, where that could be kept, else its class and its message in words, and what those say of the
/// exceptions that it came from and holds.
fn exceptions(graph: &mut Graph<'_>, extra: NodeId, stack: &[usize]) -> Vec<Exception> {
    let pickle = graph.pickle;
    let get = |key| pickle.get(extra, key).filter(|node| !pickle.is_none(*node));
    let text = |key| get(key).and_then(|node| pickle.as_text(node)).map(|text| Arc::<str>::from(text.as_ref()));
    let value = get("exc_value");
    let object = value.or_else(|| get("exc_type")).map(|value| graph.number(value));
    let lines = get("formatted").into_iter().flat_map(|lines| pickle.items(lines)).take(formatted::MOST);
    let lines: Vec<_> = lines.filter_map(|line| pickle.as_text(line)).collect();
    let mut found = formatted::read(&lines);
    let mut of_value = value.map(|value| graph.exceptions(value)).unwrap_or_default();
    let message = of_value.first().and_then(|first| first.message.clone());
    if found.is_empty() {
        found.append(&mut of_value);
    }
    if found.is_empty() {
        found.push(formatted::exception(
            &text("type_name").unwrap_or_default(),
            text("message").as_deref().unwrap_or(""),
        ));
    }
    if let Some(first) = found.first_mut() {
        first.object = object;
        first.frames = stack.to_vec();
        if object.is_some() {
            first.preview = None;
            first.message = message.or_else(|| text("message"));
        }
    }
    found
}

/// What the tool says that it left out.
fn limits_met(pickle: &Pickle, meta: NodeId, problems: &mut Problems) {
    let truncation = pickle.get(meta, "truncation");
    for (reason, count) in truncation.into_iter().flat_map(|dict| pickle.pairs(dict)).take(100) {
        if let (Some(reason), Some(count)) = (pickle.as_text(reason), pickle.as_int(count)) {
            problems.push(Problem::captured(format!("pydumpling left something out: {reason}, {count} times")));
        }
    }
}
