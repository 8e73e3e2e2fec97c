//! The summary: section 4 of the format.

use std::sync::Arc;

use crashsite_model::{Dump, Exception, Frame, Lineage, Local, Process, Redaction, SourceFile, Thread, ThreadKind};

use crate::pickle::{Pickle, Value};
use crate::preview::{Preview, Previews};

/// The number of an object that has none.
const NO_OBJECT: u32 = u32::MAX;

pub(crate) fn pickle(dump: &Dump, previews: &dyn Previews, problems: &[String]) -> Vec<u8> {
    let mut pickle = Pickle::new();
    pickle.dict(|pickle| {
        pickle.entry("dump_version", &3u32);
        process(pickle, dump);
        pickle.key("exceptions");
        pickle.list(&dump.exceptions, |pickle, raised| exception(pickle, raised, previews));
        pickle.key("threads");
        pickle.list(&dump.threads, thread);
        pickle.key("frames");
        let (frames, outside) = dump.frames.split_at(dump.outside.unwrap_or(dump.frames.len()));
        pickle.list(frames, |pickle, one| frame(pickle, one, dump, previews));
        if let Some(outside) = outside.first() {
            pickle.key("outside");
            frame(pickle, outside, dump, previews);
        }
        pickle.key("sources");
        pickle.dict(|pickle| dump.sources.iter().for_each(|file| source(pickle, file)));
        pickle.key("limits");
        pickle.dict(|pickle| dump.capture_limits.iter().for_each(|(name, limit)| number(pickle, name, *limit)));
        if dump.redaction != Redaction::default() {
            pickle.key("redaction");
            pickle.dict(|pickle| redaction(pickle, &dump.redaction));
        }
        pickle.entry("problems", problems);
    });
    pickle.finish()
}

fn redaction(pickle: &mut Pickle, redaction: &Redaction) {
    pickle.entry("mode", &redaction.mode);
    pickle.entry("rules", &redaction.rules);
    pickle.key("counts");
    pickle.dict(|pickle| redaction.counts.iter().for_each(|(name, count)| pickle.entry(name, count)));
}

/// Who wrote the file, of what, and who had written that.
fn writer(dump: &Dump) -> String {
    let before = dump.process.writer.as_ref().map_or_else(String::new, |writer| format!(", written by {writer}"));
    format!("crashsite {} (converted from {}{before})", env!("CARGO_PKG_VERSION"), dump.format)
}

fn process(pickle: &mut Pickle, dump: &Dump) {
    let Process { pid, lineage, sequence_number, time, python, argv, path, cwd, pathmodule, message, .. } =
        &dump.process;
    pickle.entry("writer", &writer(dump));
    pickle.entry("pid", pid);
    if lineage.identity.is_some() || !lineage.ancestors.is_empty() {
        pickle.key("process");
        pickle.dict(|pickle| self::lineage(pickle, lineage));
    }
    pickle.entry("sequence_number", sequence_number);
    pickle.entry("time", time);
    pickle.key("python");
    pickle.dict(|pickle| {
        pickle.entry("version", &python.version);
        if let Some((major, minor)) = python.major_minor {
            pickle.key("version_info");
            pickle.tuple(|pickle| [major, minor].iter().for_each(|part| part.put(pickle)));
        }
        pickle.entry("implementation", &python.implementation);
        pickle.entry("platform", &python.platform);
        pickle.entry("byteorder", &python.byteorder);
        pickle.entry("maxsize", &python.maxsize);
        pickle.entry("executable", &python.executable);
        pickle.entry("prefix", &python.prefix);
        pickle.entry("free_threaded", &python.free_threaded);
    });
    pickle.entry("argv", argv);
    pickle.entry("path", path);
    pickle.entry("cwd", cwd);
    pickle.entry("pathmodule", pathmodule);
    pickle.entry("message", message);
    pickle.entry("main_thread_id", &dump.process.main_thread_id);
    pickle.entry("current_thread_id", &dump.process.current_thread_id);
    pickle.entry("crashed_thread_id", &dump.process.crashed_thread_id);
}

fn lineage(pickle: &mut Pickle, lineage: &Lineage) {
    pickle.entry("identity", &lineage.identity);
    pickle.entry("name", &lineage.name);
    pickle.key("ancestors");
    pickle.list(&lineage.ancestors, |pickle, ancestor| {
        pickle.tuple(|pickle| {
            ancestor.pid.put(pickle);
            ancestor.identity.put(pickle);
        });
    });
}

fn exception(pickle: &mut Pickle, raised: &Exception, previews: &dyn Previews) {
    pickle.dict(|pickle| {
        pickle.entry("object", &raised.object);
        pickle.entry("type", &raised.type_name);
        pickle.entry("module", &raised.module);
        pickle.entry("qualname", &raised.qualname);
        match &raised.preview {
            Some(preview) => {
                pickle.entry("message", &raised.message);
                pickle.entry("preview", preview);
            }
            None => {
                pickle.entry("message", &raised.message.clone().or_else(|| previews.message(raised)));
                pickle.entry("preview", &previews.exception(raised));
            }
        }
        pickle.entry("cause", &raised.cause);
        pickle.entry("context", &raised.context);
        pickle.entry("suppress_context", &raised.suppress_context);
        pickle.entry("group", &raised.group);
        pickle.entry("notes", &raised.notes);
        pickle.entry("frames", &raised.frames);
        if let Some(dumped) = &raised.dumped {
            pickle.key("dumped");
            pickle.dict(|pickle| {
                pickle.entry("process", &dumped.process);
                pickle.entry("file", &dumped.file);
            });
        }
    });
}

fn thread(pickle: &mut Pickle, thread: &Thread) {
    pickle.dict(|pickle| {
        pickle.entry("id", &thread.id);
        pickle.entry("name", &thread.name);
        pickle.entry("native_id", &thread.native_id);
        pickle.entry("kind", thread.kind.name());
        pickle.entry("daemon", &thread.daemon);
        pickle.entry("crashed", &thread.crashed);
        pickle.entry("current", &thread.current);
        pickle.entry("main", &thread.main);
        pickle.entry("frames", &thread.frames);
        if thread.kind != ThreadKind::Thread {
            pickle.entry("object", &thread.object);
            pickle.entry("state", &thread.state);
            pickle.entry("runner", &thread.runner);
            pickle.entry("thread", &thread.thread);
            pickle.entry("parent", &thread.parent);
            pickle.entry("raised", &thread.raised);
            pickle.entry("held", &thread.held);
        }
        if !thread.awaits.is_empty() {
            pickle.entry("awaits", &thread.awaits);
        }
        if thread.wait_for.is_some() {
            pickle.entry("wait_for", &thread.wait_for);
        }
    });
}

fn frame(pickle: &mut Pickle, frame: &Frame, dump: &Dump, previews: &dyn Previews) {
    pickle.dict(|pickle| {
        pickle.entry("function", &frame.function);
        pickle.entry("qualname", &frame.qualname);
        pickle.entry("file", &frame.file);
        pickle.entry("line", &frame.line);
        pickle.entry("end_line", &frame.end_line);
        pickle.entry("column", &frame.column);
        pickle.entry("end_column", &frame.end_column);
        pickle.entry("firstlineno", &frame.firstlineno);
        pickle.entry("module", &frame.module);
        pickle.entry("library", &frame.library);
        pickle.entry("globals", &frame.globals);
        pickle.key("locals");
        pickle.list(&frame.locals, |pickle, one| local(pickle, one, dump, previews));
        pickle.entry("locals_note", &frame.locals_note);
    });
}

/// A local: as its preview in the dump says, or as the heap does.
fn local(pickle: &mut Pickle, local: &Local, dump: &Dump, previews: &dyn Previews) {
    let (kind, status, shown) = match &local.preview {
        Some(text) => {
            let shown = Preview {
                type_name: local.type_name.clone(),
                module: local.module.clone(),
                size: local.size,
                address: local.address,
                text: text.clone(),
                full_length: local.full_length,
                children_count: local.children_count,
            };
            let status = match (local.redacted, local.cut) {
                (true, _) => "redacted",
                (false, true) => "cut",
                (false, false) => "ok",
            };
            (local.kind, status, shown)
        }
        None => {
            let object = local.object.and_then(|number| dump.heap.object(number));
            let shown = previews.local(local);
            let redacted = object.is_some_and(|object| dump.heap.state(&object).redacted);
            let status = match (redacted, &shown.full_length) {
                (true, _) => "redacted",
                (false, Some(_)) => "cut",
                (false, None) => "ok",
            };
            (object.map_or(local.kind, |object| object.kind()), status, shown)
        }
    };
    pickle.tuple(|pickle| {
        local.name.put(pickle);
        local.scope.name().put(pickle);
        local.object.unwrap_or(NO_OBJECT).put(pickle);
        shown.type_name.put(pickle);
        shown.module.put(pickle);
        kind.number().put(pickle);
        shown.size.put(pickle);
        shown.address.put(pickle);
        shown.text.put(pickle);
        status.put(pickle);
        shown.full_length.put(pickle);
        shown.children_count.put(pickle);
    });
}

fn source(pickle: &mut Pickle, file: &SourceFile) {
    pickle.key(&file.name);
    pickle.dict(|pickle| {
        pickle.entry("sha256", &file.sha256);
        pickle.entry("lines", &file.lines);
        pickle.entry("encoding", &file.encoding);
        if !file.pieces.is_empty() {
            pickle.key("pieces");
            pickle.list(&file.pieces, |pickle, piece| {
                pickle.tuple(|pickle| {
                    piece.first.put(pickle);
                    piece.text.put(pickle);
                });
            });
        }
        pickle.entry("error", &file.error);
    });
}

/// A budget: an int wherever it is one.
fn number(pickle: &mut Pickle, name: &Arc<str>, value: f64) {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        pickle.entry(name, &(value as i64));
    } else {
        pickle.entry(name, &value);
    }
}
