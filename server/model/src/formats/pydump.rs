//! The reader of pydump 1.x and of debuglater 1.x, which grew out of it.
//!
//! A gzip file with one pickle: a dictionary of `traceback`, `files` and `dump_version`, where the traceback, its frames and
//! their code are instances of stand-ins. Written by dill where that is installed, and by `pickle` otherwise, in which case
//! values other than the simplest are text: their repr. There are no other threads, and the exception is not kept.

use std::sync::Arc;

use crashsite_parse::{NodeId, Pickle, View};

use super::pickled::{Frames, Opened, Told, files, is_of_python2, thread};
use crate::{Dump, Process, Python, Thread, ThreadKind};

/// Whether a pickle is such a dump. The traceback comes first, so one that is cut is one by the class of that.
pub(super) fn is_one(pickle: &Pickle) -> bool {
    let has = |key| pickle.get(pickle.root(), key);
    let whole = has("files").is_some() && has("dump_version").is_some();
    let module = has("traceback").and_then(|node| module_of_class(pickle, node));
    let ours = |module: &str| matches!(module.split('.').next(), Some("pydump" | "debuglater"));
    module.is_some_and(|module| whole || pickle.fault().is_some() && ours(&module))
}

/// The module of the class `FakeTraceback` of which a node is an instance.
pub(super) fn module_of_class(pickle: &Pickle, node: NodeId) -> Option<String> {
    let class = match pickle.node(node) {
        View::NewObj { class, .. } | View::NewObjEx { class, .. } | View::Obj { class, .. } => class,
        // Protocols 0 and 1: copyreg._reconstructor(class, object, None)
        View::Reduce { args, .. } => *pickle.as_slice(args)?.first()?,
        _ => return None,
    };
    let (module, name) = pickle.as_global(class)?;
    (name == "FakeTraceback").then(|| module.into_owned())
}

/// The dump.
pub(super) fn read(opened: Opened) -> Dump {
    let python2 = is_of_python2(&opened.pickle);
    let traceback = opened.top("traceback");
    let module = traceback.and_then(|node| module_of_class(&opened.pickle, node)).unwrap_or_default();
    let (format, writer) =
        if module.starts_with("debuglater") { ("debuglater-1", "debuglater") } else { ("pydump-1", "pydump") };
    let sources = opened.top("files").map(|files| files::read(&opened.pickle, files)).unwrap_or_default();
    let process = Process { writer: Some(writer.into()), python: python(python2, None), ..Process::default() };
    opened.into_dump(format, python2, sources, |graph, problems| {
        graph.reprs_of = Some(writer);
        let mut frames = Frames::new(graph);
        let stack = traceback.map(|traceback| frames.traceback(traceback)).unwrap_or_default();
        let threads = vec![Thread { crashed: true, current: true, ..thread(None, ThreadKind::Thread, stack) }];
        let frames = frames.finish(problems);
        graph.look_for_main(&frames);
        Told { process, threads, frames, ..Told::default() }
    })
}

/// What is known of the interpreter: its version where the tool kept it, else which Python it must have been.
pub(super) fn python(python2: bool, version: Option<Arc<str>>) -> Python {
    let part = |at: usize| version.as_deref()?.split('.').nth(at)?.parse::<u32>().ok();
    Python { major_minor: part(0).zip(part(1)).or_else(|| python2.then_some((2, 7))), version, ..Python::default() }
}
