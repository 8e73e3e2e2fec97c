//! What a client may have done by `workspace/executeCommand`: docs/lsp.md has the names and arguments.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crashsite_model::SourceFile;
use crashsite_view::editor::activation::Selected;
use crashsite_view::editor::finding;
use crashsite_view::thread::{Place, StackRef};
use crashsite_view::{backtrace, children, eval, locals};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower_lsp_server::gen_lsp_types::ShowDocumentParams;
use tower_lsp_server::jsonrpc::{Error, Result};

use crate::dumps::{Opened, Slot};
use crate::server::{self, Failing, Question, Shared};
use crate::state::Move;
use crate::workspace;

/// Threads and frames of one answer: a hundred thousand are 27 MB of JSON, which no tree of an editor shows.
const MOST_THREADS: usize = 11_000;
const MOST_FRAMES: usize = 20_000;

/// What a lens does.
pub(crate) const SELECT_FRAME: &str = "crashsite.selectFrame";

/// All commands.
pub(crate) const NAMES: &[&str] = &[
    "crashsite.openDump",
    "crashsite.closeDump",
    "crashsite.dumps",
    "crashsite.isDump",
    SELECT_FRAME,
    "crashsite.nextFrame",
    "crashsite.previousFrame",
    "crashsite.selectThread",
    "crashsite.frames",
    "crashsite.locals",
    "crashsite.print",
    "crashsite.children",
    "crashsite.sources",
    "crashsite.explain",
];

/// The argument of a command; each takes a part of it.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Named {
    /// Id of a dump; without it the first that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dump: Option<String>,
    /// Position of the thread, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<usize>,
    /// Number of the frame, 0 the innermost.
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<String>,
    /// Number of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<u32>,
    /// The first child.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    /// Whether the editor is to go there; it is, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    show: Option<bool>,
    /// Whether frames come with their locals; they do not, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    locals: Option<bool>,
}

impl Named {
    /// The argument that names a frame.
    pub(crate) fn new(dump: &str, selected: Selected) -> Named {
        let (thread, frame) = (Some(selected.thread + 1), Some(selected.frame));
        Named { dump: Some(dump.to_owned()), thread, frame, ..Named::default() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The frame, where both its thread and its number are given.
    pub(crate) fn selected(&self) -> Option<Selected> {
        Some(Selected { thread: self.thread?.checked_sub(1)?, frame: self.frame? })
    }
}

/// A command with its argument.
pub(crate) struct Asked {
    name: &'static str,
    argument: Named,
    /// The dump that it opens.
    opening: Option<Arc<Slot>>,
}

impl Asked {
    /// Reads the name and the argument.
    pub(crate) fn of(name: &str, arguments: Option<Vec<Value>>) -> Result<Asked> {
        let known = NAMES.iter().find(|known| **known == name);
        let name = *known.ok_or_else(|| Error::invalid_params(format!("no command {name:?}: docs/lsp.md has them")))?;
        let argument = match arguments.and_then(|list| list.into_iter().next()) {
            None | Some(Value::Null) => Named::default(),
            Some(argument) => serde_json::from_value(argument)
                .map_err(|error| Error::invalid_params(format!("the argument of {name}: {error}")))?,
        };
        Ok(Asked { name, argument, opening: None })
    }

    /// The dump that is meant.
    fn slot<'q>(&self, question: &'q Question) -> Result<&'q Arc<Slot>> {
        let found = question.state.dump(self.argument.dump.as_deref());
        found.ok_or_else(|| Error::invalid_params("no such dump is open: crashsite.openDump opens one"))
    }

    fn path(&self) -> Result<PathBuf> {
        let path =
            self.argument.path.clone().ok_or_else(|| Error::invalid_params("which dump? The argument needs a path"))?;
        Ok(std::path::absolute(&path).unwrap_or(path))
    }

    /// Does what the command changes.
    pub(crate) fn change(&mut self, shared: &Arc<Shared>) -> Result<()> {
        let id = || self.slot(&shared.question()).map(|slot| slot.id.clone());
        let by = match self.name {
            "crashsite.openDump" => {
                self.opening = Some(shared.open(self.path()?, Failing::Silently));
                return Ok(());
            }
            "crashsite.closeDump" => {
                let id = id()?;
                shared.change(|state| state.remove(&id));
                shared.refresh();
                return Ok(());
            }
            SELECT_FRAME => Move::To(
                self.argument
                    .selected()
                    .ok_or_else(|| Error::invalid_params("which frame? The argument needs thread and frame"))?,
            ),
            "crashsite.selectThread" => {
                let thread = self.argument.thread.and_then(|thread| thread.checked_sub(1));
                Move::Thread(thread.ok_or_else(|| Error::invalid_params("which thread? Positions count from 1"))?)
            }
            "crashsite.nextFrame" => Move::Out(1),
            "crashsite.previousFrame" => Move::Out(-1),
            _ => return Ok(()),
        };
        server::select(shared, &id()?, by);
        Ok(())
    }

    /// The answer, after the change.
    pub(crate) fn answer(
        &self,
        question: &Question,
        interrupt: Arc<AtomicBool>,
        shared: &Arc<Shared>,
    ) -> Result<Value> {
        match self.name {
            "crashsite.dumps" => return Ok(question.state.dumps.iter().map(|slot| told(question, slot)).collect()),
            "crashsite.closeDump" => return Ok(Value::Null),
            "crashsite.isDump" => return Ok(workspace::is_dump(&self.path()?).into()),
            "crashsite.openDump" => {
                let slot = self.opening.as_ref().ok_or_else(Error::internal_error)?;
                slot.result().map_err(|error| Error::invalid_params(error.clone()))?;
                return Ok(told(question, slot));
            }
            _ => {}
        }
        let slot = self.slot(question)?;
        let opened = slot.result().map_err(|error| Error::invalid_params(error.clone()))?;
        match self.name {
            "crashsite.frames" => data(&backtrace::answer(
                &opened.dump,
                backtrace::Options {
                    threads: MOST_THREADS,
                    frames: MOST_FRAMES,
                    locals: self.argument.locals == Some(true),
                    stack: None,
                },
            )),
            "crashsite.locals" => data(&locals::answer(&opened.dump, self.place(question, slot, opened)?)),
            "crashsite.print" => self.print(question, interrupt, slot, opened),
            "crashsite.children" => self.children(opened),
            "crashsite.explain" => data(opened.explained().ok_or_else(Error::internal_error)?),
            "crashsite.sources" => Ok(sources(question, slot, opened)),
            _ => self.moved(question, slot, opened, shared),
        }
    }

    /// Where the frame is that was chosen; the editor is sent there.
    fn moved(&self, question: &Question, slot: &Slot, opened: &Opened, shared: &Arc<Shared>) -> Result<Value> {
        let (at, by) = question.state.latest_move(slot, opened).ok_or_else(Error::internal_error)?;
        let Some(chosen) = by.from(opened, at) else {
            return Err(Error::invalid_params("there is no such frame: crashsite.frames has them"));
        };
        let told = question.told(slot, opened, chosen).unwrap_or_default();
        let location = serde_json::from_value(told.get("location").cloned().unwrap_or_default());
        if question.state.abilities.show_document
            && self.argument.show != Some(false)
            && let Ok(Some(location)) = location
        {
            let tower_lsp_server::gen_lsp_types::Location { uri, range } = location;
            let shared = shared.clone();
            let show = ShowDocumentParams { uri, external: None, take_focus: Some(true), selection: Some(range) };
            // It is not waited for: the client may want this command's answer first.
            tokio::spawn(async move { shared.client.show_document(show).await });
        }
        Ok(told)
    }

    fn place<'a>(&self, question: &Question, slot: &Slot, opened: &'a Opened) -> Result<Place<'a>> {
        let own = question.state.selected(slot, opened);
        let position = match self.argument.thread {
            Some(thread) => thread.checked_sub(1).ok_or_else(|| Error::invalid_params("threads count from 1"))?,
            None => own.thread,
        };
        let number = self.argument.frame.unwrap_or(if position == own.thread { own.frame } else { 0 });
        let stack =
            StackRef::of_thread(&opened.dump, position).ok_or_else(|| Error::invalid_params("no such thread"))?;
        stack
            .frame(&opened.dump, number)
            .map_err(|none| Error::invalid_params(format!("{}\n{}", none.message, none.remedy)))
    }

    fn print(&self, question: &Question, interrupt: Arc<AtomicBool>, slot: &Slot, opened: &Opened) -> Result<Value> {
        let place = self.place(question, slot, opened)?;
        let expression = self.argument.expression.as_deref().unwrap_or_default();
        let answer = eval::session(&opened.dump, place, eval::Limits::default(), interrupt, |session| {
            session.answer(expression).map(|answer| answer.printed)
        });
        match answer.and_then(|answer| answer) {
            Ok(printed) => data(&printed),
            Err(failure) => data(&failure),
        }
    }

    fn children(&self, opened: &Opened) -> Result<Value> {
        let object = self.argument.object.and_then(|number| opened.dump.heap.object(number));
        let object = object.ok_or_else(|| Error::invalid_params("the dump has no such object"))?;
        let offset = self.argument.offset.unwrap_or(0);
        data(&children::page(&opened.dump, &object, offset, children::PAGE))
    }
}

/// A dump for a client.
fn told(question: &Question, slot: &Slot) -> Value {
    match slot.result() {
        Ok(opened) => {
            let selected = question.state.selected(slot, opened);
            json!({
                "dump": slot.id,
                "path": slot.path,
                "exception": finding::title(&opened.dump),
                "selected": question.told(slot, opened, selected),
                "crash": question.told(slot, opened, opened.first_look()),
            })
        }
        Err(error) => json!({"dump": slot.id, "path": slot.path, "error": error}),
    }
}

/// The files whose text a dump has: their names, and the documents that show them.
fn sources(question: &Question, slot: &Slot, opened: &Opened) -> Value {
    let source = |(index, source): (usize, &SourceFile)| {
        let uri = question.document_of(slot, opened, index)?;
        Some(json!({"name": source.name, "uri": uri}))
    };
    opened.dump.sources.iter().enumerate().filter_map(source).collect()
}

fn data(answer: &impl Serialize) -> Result<Value> {
    serde_json::to_value(answer).map_err(|_| Error::internal_error())
}
