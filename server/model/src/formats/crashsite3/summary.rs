//! The summary (section 4 of the format).

use std::sync::Arc;

use crashsite_parse::{Limits, NodeId};

use super::fields::{Dict, Fields};
use crate::heap::{Heap, Kind};
use crate::{
    Ancestor, Dump, Dumped, Exception, Frame, Lineage, Local, Piece, Problem, Process, Python, Redaction, Scope,
    SourceFile, Thread, ThreadKind,
};

/// Everything the summary says. The heap is empty yet.
pub(super) fn read(fields: &mut Fields<'_>) -> Dump {
    let summary = fields.dict(fields.pickle.root(), "the summary").unwrap_or_else(|| fields.empty());
    let frame_nodes = fields.list(&summary, "frames");
    let exception_nodes = fields.list(&summary, "exceptions");
    let mut frames: Vec<Frame> = frame_nodes.into_iter().map(|node| frame(fields, node)).collect();
    let weights: Vec<usize> = frames.iter().map(weight).collect();
    fields.make_room(&weights);
    let thread_nodes = fields.list(&summary, "threads");
    let count = thread_nodes.len();
    let threads = thread_nodes.into_iter().map(|node| thread(fields, node, count, &weights)).collect();
    let exceptions = exception_nodes.len();
    let exceptions = exception_nodes.into_iter().map(|node| exception(fields, node, exceptions, &weights)).collect();
    // No stack has it: the others' numbers end before it.
    let outside = fields.value(&summary, "outside").map(|node| {
        frames.push(frame(fields, node));
        frames.len() - 1
    });
    let problems = fields.texts(&summary, "problems").iter().map(|text| Problem::captured(text.to_string())).collect();
    Dump {
        format: "crashsite-3",
        file_size: 0,
        headers: Vec::new(),
        process: process(fields, &summary),
        exceptions,
        threads,
        frames,
        outside,
        sources: sources(fields, &summary),
        capture_limits: capture_limits(fields, &summary),
        redaction: redaction(fields, &summary),
        loading: None,
        problems,
        complete: false,
        end: None,
        heap: Heap::empty(),
        limits: Limits::default(),
    }
}

fn process(fields: &mut Fields<'_>, summary: &Dict<'_>) -> Process {
    let python = match fields.value(summary, "python") {
        Some(node) => fields.dict(node, "python"),
        None => None,
    };
    Process {
        writer: fields.text(summary, "writer"),
        pid: fields.int(summary, "pid"),
        lineage: lineage(fields, summary),
        sequence_number: fields.int(summary, "sequence_number"),
        time: fields.float(summary, "time"),
        python: python.map(|dict| self::python(fields, &dict)).unwrap_or_default(),
        argv: fields.texts(summary, "argv"),
        path: fields.texts(summary, "path"),
        cwd: fields.text(summary, "cwd"),
        pathmodule: fields.text(summary, "pathmodule"),
        message: fields.text(summary, "message"),
        main_thread_id: fields.wide_int(summary, "main_thread_id"),
        current_thread_id: fields.wide_int(summary, "current_thread_id"),
        crashed_thread_id: fields.wide_int(summary, "crashed_thread_id"),
    }
}

fn lineage(fields: &mut Fields<'_>, summary: &Dict<'_>) -> Lineage {
    /// Ancestors that are read; a writer has fewer.
    const MOST: usize = 100;
    let Some(dict) = fields.value(summary, "process").and_then(|node| fields.dict(node, "process")) else {
        return Lineage::default();
    };
    let ancestors = fields.list(&dict, "ancestors");
    Lineage {
        identity: fields.text(&dict, "identity"),
        name: fields.text(&dict, "name"),
        ancestors: ancestors.into_iter().take(MOST).filter_map(|node| ancestor(fields, node)).collect(),
    }
}

fn ancestor(fields: &mut Fields<'_>, node: NodeId) -> Option<Ancestor> {
    let Some(&[pid, identity]) = fields.pickle.as_slice(node).and_then(|items| items.first_chunk::<2>()) else {
        fields.complain("an ancestor is no pair");
        return None;
    };
    Some(Ancestor { pid: fields.pickle.as_int(pid), identity: fields.text_of(identity) })
}

fn python(fields: &mut Fields<'_>, dict: &Dict<'_>) -> Python {
    let version_info = fields.list(dict, "version_info");
    let part = |index: usize| {
        let value = fields.pickle.as_int(*version_info.get(index)?)?;
        u32::try_from(value).ok()
    };
    let major_minor = part(0).zip(part(1));
    Python {
        version: fields.text(dict, "version"),
        major_minor,
        implementation: fields.text(dict, "implementation"),
        platform: fields.text(dict, "platform"),
        byteorder: fields.text(dict, "byteorder"),
        maxsize: fields.wide_int(dict, "maxsize"),
        executable: fields.text(dict, "executable"),
        prefix: fields.text(dict, "prefix"),
        free_threaded: fields.flag(dict, "free_threaded"),
    }
}

/// How much a frame writes: one for itself and each local, and one for every 256 bytes of their text. A frame may stand in
/// several stacks, so that a small file could stand for a very long answer.
fn weight(frame: &Frame) -> usize {
    let preview = |local: &Local| local.preview.as_ref().map_or(0, |preview| preview.len());
    let text = |local: &Local| local.name.len() + local.type_name.len() + local.module.len() + preview(local);
    let own = frame.function.len() + frame.file.len() + frame.qualname.as_ref().map_or(0, |name| name.len());
    frame.locals.iter().map(|local| 1 + text(local) / 256).fold(1 + own / 256, usize::saturating_add)
}

fn exception(fields: &mut Fields<'_>, node: NodeId, exceptions: usize, weights: &[usize]) -> Exception {
    let Some(dict) = fields.dict(node, "an exception") else {
        return Exception::default();
    };
    let mut other = |key: &str| {
        let index = fields.index(&dict, key)?;
        if index >= exceptions {
            fields.complain(&format!("{key} names an exception that is not there"));
        }
        Some(index).filter(|index| *index < exceptions)
    };
    let (cause, context) = (other("cause"), other("context"));
    let frames = fields.indexes(&dict, "frames", weights.len());
    Exception {
        object: fields.number(&dict, "object"),
        type_name: fields.text(&dict, "type").unwrap_or_default(),
        module: fields.text(&dict, "module").unwrap_or_default(),
        qualname: fields.text(&dict, "qualname").unwrap_or_default(),
        message: fields.text(&dict, "message"),
        preview: fields.text(&dict, "preview"),
        cause,
        context,
        suppress_context: fields.flag(&dict, "suppress_context").unwrap_or(false),
        group: fields.indexes(&dict, "group", exceptions),
        notes: fields.texts(&dict, "notes"),
        frames: fields.bounded(frames, weights),
        dumped: dumped(fields, &dict),
    }
}

fn dumped(fields: &mut Fields<'_>, exception: &Dict<'_>) -> Option<Dumped> {
    let dict = fields.value(exception, "dumped").and_then(|node| fields.dict(node, "dumped"))?;
    Some(Dumped { process: fields.text(&dict, "process"), file: fields.text(&dict, "file")? })
}

fn thread(fields: &mut Fields<'_>, node: NodeId, threads: usize, weights: &[usize]) -> Thread {
    let Some(dict) = fields.dict(node, "a thread") else {
        return Thread::default();
    };
    let kind = match fields.text(&dict, "kind") {
        Some(kind) if &*kind != "thread" => ThreadKind::Other(kind),
        _ => ThreadKind::Thread,
    };
    let frames = fields.indexes(&dict, "frames", weights.len());
    let mut other = |key: &str| {
        let index = fields.index(&dict, key)?;
        if index >= threads {
            fields.complain(&format!("{key} names a thread that is not there"));
        }
        Some(index).filter(|index| *index < threads)
    };
    let (on, parent) = (other("thread"), other("parent"));
    Thread {
        id: fields.wide_int(&dict, "id"),
        name: fields.text(&dict, "name"),
        native_id: fields.int(&dict, "native_id"),
        kind,
        daemon: fields.flag(&dict, "daemon").unwrap_or(false),
        crashed: fields.flag(&dict, "crashed").unwrap_or(false),
        current: fields.flag(&dict, "current").unwrap_or(false),
        main: fields.flag(&dict, "main").unwrap_or(false),
        frames: fields.bounded(frames, weights),
        object: fields.number(&dict, "object"),
        state: fields.text(&dict, "state"),
        runner: fields.text(&dict, "runner"),
        thread: on,
        parent,
        awaits: fields.indexes(&dict, "awaits", threads),
        raised: fields.text(&dict, "raised"),
        held: fields.text(&dict, "held"),
        wait_for: fields.text(&dict, "wait_for"),
    }
}

fn frame(fields: &mut Fields<'_>, node: NodeId) -> Frame {
    let Some(dict) = fields.dict(node, "a frame") else {
        return Frame::default();
    };
    let locals = fields.list(&dict, "locals");
    Frame {
        function: fields.text(&dict, "function").unwrap_or_default(),
        qualname: fields.text(&dict, "qualname"),
        file: fields.text(&dict, "file").unwrap_or_default(),
        line: fields.count(&dict, "line"),
        end_line: fields.count(&dict, "end_line"),
        column: fields.count(&dict, "column"),
        end_column: fields.count(&dict, "end_column"),
        firstlineno: fields.count(&dict, "firstlineno"),
        module: fields.text(&dict, "module"),
        library: fields.flag(&dict, "library").unwrap_or(false),
        globals: fields.number(&dict, "globals"),
        locals: locals.into_iter().filter_map(|node| local(fields, node)).collect(),
        locals_note: fields.text(&dict, "locals_note"),
    }
}

fn local(fields: &mut Fields<'_>, node: NodeId) -> Option<Local> {
    let pickle = fields.pickle;
    let Some(&[name, scope, object, class, module, kind, size, address, preview, status, full, children]) =
        pickle.as_slice(node).and_then(|items| items.first_chunk::<12>())
    else {
        fields.complain("a local is no tuple of 12");
        return None;
    };
    let Some(name) = fields.text_of(name) else {
        fields.complain("the name of a local is no text");
        return None;
    };
    let scope = match pickle.as_str_bytes(scope) {
        Some(b"arg") => Scope::Arg,
        Some(b"cell") => Scope::Cell,
        Some(b"free") => Scope::Free,
        _ => Scope::Local,
    };
    let kind = pickle.as_int(kind).and_then(|number| u8::try_from(number).ok()).unwrap_or(0);
    Some(Local {
        name,
        scope,
        object: fields.number_of(object).filter(|number| *number != u32::MAX),
        type_name: fields.text_of(class).unwrap_or_default(),
        module: fields.text_of(module).unwrap_or_default(),
        kind: Kind::from_number(kind & 0x7F),
        size: fields.count_of(size),
        address: fields.count_of(address),
        preview: Some(fields.text_of(preview).unwrap_or_default()),
        cut: pickle.as_str_bytes(status) == Some(b"cut"),
        redacted: pickle.as_str_bytes(status) == Some(b"redacted"),
        full_length: fields.count_of(full),
        children_count: fields.count_of(children).unwrap_or(0),
    })
}

fn sources(fields: &mut Fields<'_>, summary: &Dict<'_>) -> Vec<SourceFile> {
    let Some(node) = fields.value(summary, "sources") else {
        return Vec::new();
    };
    if !fields.pickle.is_dict(node) || !fields.spend(fields.pickle.pair_count(node)) {
        fields.complain("sources is no dictionary");
        return Vec::new();
    }
    let mut list = Vec::new();
    for (name, value) in fields.pickle.pairs(node) {
        let Some(name) = fields.text_of(name) else {
            fields.complain("the name of a source file is no text");
            continue;
        };
        let Some(dict) = fields.dict(value, "a source") else {
            continue;
        };
        let pieces = fields.list(&dict, "pieces");
        let mut pieces: Vec<Piece> = pieces.into_iter().filter_map(|node| piece(fields, node)).collect();
        pieces.sort_by_key(|piece| piece.first);
        list.push(SourceFile {
            name,
            sha256: fields.text(&dict, "sha256"),
            lines: fields.count(&dict, "lines"),
            encoding: fields.text(&dict, "encoding"),
            pieces,
            error: fields.text(&dict, "error"),
        });
    }
    list
}

fn piece(fields: &mut Fields<'_>, node: NodeId) -> Option<Piece> {
    let Some(&[first, text]) = fields.pickle.as_slice(node).and_then(|items| items.first_chunk::<2>()) else {
        fields.complain("a piece of a source is no pair");
        return None;
    };
    let (first, text) = (fields.count_of(first)?, fields.text_of(text)?);
    Some(Piece { first, text })
}

fn redaction(fields: &mut Fields<'_>, summary: &Dict<'_>) -> Redaction {
    let Some(dict) = fields.value(summary, "redaction").and_then(|node| fields.dict(node, "redaction")) else {
        return Redaction::default();
    };
    Redaction {
        mode: fields.text(&dict, "mode"),
        rules: fields.texts(&dict, "rules"),
        counts: fields.counts(&dict, "counts"),
    }
}

fn capture_limits(fields: &mut Fields<'_>, summary: &Dict<'_>) -> Vec<(Arc<str>, f64)> {
    let Some(node) = fields.value(summary, "limits") else {
        return Vec::new();
    };
    if !fields.spend(fields.pickle.pair_count(node)) {
        return Vec::new();
    }
    let pairs: Vec<_> = fields.pickle.pairs(node).collect();
    pairs.into_iter().filter_map(|(name, value)| Some((fields.text_of(name)?, fields.pickle.as_f64(value)?))).collect()
}
