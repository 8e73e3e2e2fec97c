//! Answers to questions about a text, as messages.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crashsite_model::Frame;
use crashsite_view::editor::activation::{self, Selected};
use crashsite_view::editor::text::Span;
use crashsite_view::editor::{annotate, calls, definition, finding, hover, links};
use crashsite_view::explain::Finding as Cause;
use crashsite_view::text::{escape, shorten};
use serde_json::json;
use tower_lsp_server::gen_lsp_types::*;

use crate::commands::{self, Named};
use crate::dumps::{Opened, Slot};
use crate::server::Question;
use crate::sight::Sight;
use crate::{convert, markdown, uri};

/// Characters of a function's name.
const MOST_NAME: usize = 60;

impl Question {
    /// What the expression under the cursor held, and where the exception or its cause shows, the cause; of several dumps the first that
    /// knows.
    pub(crate) fn hover(&self, at: &TextDocumentPositionParams, interrupt: &Arc<AtomicBool>) -> Option<Hover> {
        let units = self.state.abilities.units;
        self.sights(&at.text_document.uri).into_iter().find_map(|sight| {
            let opened = sight.slot.opened()?;
            let spot = convert::spot(&sight.document.text, at.position, units)?;
            let found = hover::answer(sight.beside(opened), spot, interrupt.clone());
            let cause = self.cause_at(&sight, opened, spot.line);
            let several = self.state.dumps.len() > 1;
            let name = sight.slot.path.file_name().map(|name| name.to_string_lossy()).filter(|_| several);
            let is_markdown = self.state.abilities.markdown;
            let held = found.as_ref().map(|found| markdown::hover(found, name.as_deref(), is_markdown));
            let cause = cause.map(|cause| markdown::cause(cause, is_markdown));
            let contents = markdown::both(held, cause)?;
            let span = found.map_or_else(|| sight.document.text.line_span(spot.line), |found| found.span);
            let range = convert::range(&sight.document.text, span, units);
            Some(Hover { contents: Contents::MarkupContent(contents), range: Some(range) })
        })
    }

    /// The leading cause, where the exception is shown at a line, or the cause itself.
    fn cause_at<'a>(&self, sight: &Sight, opened: &'a Opened, line: u64) -> Option<&'a Cause> {
        let beside = sight.beside(opened);
        if finding::is_at(beside, line) {
            return opened.explained()?.leading(0);
        }
        opened.explained_so_far()?.leading(0).filter(|cause| finding::cause_is_at(beside, cause, line))
    }

    /// Values beside the lines of a part of a text.
    pub(crate) fn hints(&self, uri: &Uri, part: Range) -> Vec<InlayHint> {
        if !self.state.settings.hints {
            return Vec::new();
        }
        let lines = u64::from(part.start.line) + 1..=u64::from(part.end.line) + 1;
        let mut hints = Vec::new();
        for sight in self.sights(uri) {
            let Some(opened) = sight.slot.opened() else { continue };
            for hint in annotate::hints(sight.beside(opened), lines.clone()) {
                let values = markdown::values(&hint.values, self.state.abilities.markdown);
                hints.push(InlayHint {
                    position: convert::position(&sight.document.text, hint.at, self.state.abilities.units),
                    label: Label::String(hint.label),
                    kind: None,
                    text_edits: None,
                    tooltip: Some(Tooltip::MarkupContent(values)),
                    padding_left: Some(true),
                    padding_right: None,
                    data: None,
                });
            }
        }
        hints
    }

    /// What stands above the lines of a text.
    pub(crate) fn lenses(&self, uri: &Uri) -> Vec<CodeLens> {
        if !self.state.settings.lenses {
            return Vec::new();
        }
        let mut lenses = Vec::new();
        for sight in self.sights(uri) {
            let Some(opened) = sight.slot.opened() else { continue };
            for lens in annotate::lenses(sight.beside(opened)) {
                let range = convert::line(&sight.document.text, lens.line, self.state.abilities.units);
                let arguments = lens.select.map(|select| vec![Named::new(&sight.slot.id, select).json()]);
                let command = arguments.as_ref().map_or("", |_| commands::SELECT_FRAME).to_owned();
                let command = Command { title: lens.title, tooltip: None, command, arguments };
                lenses.push(CodeLens { range, command: Some(command), data: None });
                if let Some(command) = self.state.settings.debug_command.clone().filter(|_| lens.is_exception) {
                    let arguments = Some(vec![json!({"dump": sight.slot.id})]);
                    let command = Command { title: "debug".to_owned(), tooltip: None, command, arguments };
                    lenses.push(CodeLens { range, command: Some(command), data: None });
                }
            }
        }
        lenses
    }

    /// Variables that a debugger is to show the values of.
    pub(crate) fn inline_values(&self, params: &InlineValueParams) -> Vec<InlineValue> {
        let lines = u64::from(params.range.start.line) + 1..=u64::from(params.range.end.line) + 1;
        let stopped = u64::from(params.context.stopped_location.end.line) + 1;
        let Some(sight) = self.sights(&params.text_document.uri).into_iter().next() else { return Vec::new() };
        let Some(opened) = sight.slot.opened() else { return Vec::new() };
        let lookup = |(span, name): (Span, String)| {
            InlineValue::VariableLookup(InlineValueVariableLookup {
                range: convert::range(&sight.document.text, span, self.state.abilities.units),
                variable_name: Some(name),
                case_sensitive_lookup: true,
            })
        };
        annotate::inline(sight.beside(opened), lines, stopped).into_iter().map(lookup).collect()
    }

    /// Where the class of the value under the cursor is, or the function or class that it is.
    pub(crate) fn definition(&self, at: &TextDocumentPositionParams, interrupt: &Arc<AtomicBool>) -> Option<Location> {
        self.sights(&at.text_document.uri).into_iter().find_map(|sight| {
            let opened = sight.slot.opened()?;
            let spot = convert::spot(&sight.document.text, at.position, self.state.abilities.units)?;
            let found = definition::answer(sight.beside(opened), spot, interrupt.clone())?;
            let crashed = opened.index(&found.file).and_then(|index| opened.crashed(index));
            let line = crashed.map_or(found.line, |crashed| found.line_in(&crashed));
            self.line(&sight.slot, opened, &found.file, line)
        })
    }

    /// Places that a text names, as tracebacks do. In Python they are not looked for.
    pub(crate) fn links(&self, uri: &Uri) -> Vec<DocumentLink> {
        let Some(document) = self.state.documents.get(&uri::key(uri)) else { return Vec::new() };
        if document.language == "python" {
            return Vec::new();
        }
        let link = |link: links::Link| {
            let target = self.state.dumps.iter().find_map(|slot| {
                let opened = slot.opened()?;
                let file = crashsite_view::source::find(&opened.dump, &link.path).first()?.name.clone();
                self.line(slot, opened, &file, link.line)
            })?;
            let line = target.range.start.line + 1;
            Some(DocumentLink {
                range: convert::range(&document.text, link.span, self.state.abilities.units),
                target: Some(Uri(format!("{}#L{line}", target.uri.0))),
                tooltip: None,
                data: None,
            })
        };
        links::of(&document.text).into_iter().filter_map(link).collect()
    }

    /// The text of a source in a dump.
    pub(crate) fn source(&self, uri: &Uri) -> Option<String> {
        let (dump, place) = uri::source(uri)?;
        let opened = self.state.dump(Some(&dump))?.opened()?;
        Some(opened.crashed(opened.at_place(&place)?)?.text.as_str().to_owned())
    }

    /// The calls that a place is in, one of each dump.
    pub(crate) fn calls_at(&self, at: &TextDocumentPositionParams) -> Vec<CallHierarchyItem> {
        let item = |sight: Sight| {
            let opened = sight.slot.opened()?;
            let spot = convert::spot(&sight.document.text, at.position, self.state.abilities.units)?;
            let call = calls::at(sight.beside(opened), spot)?;
            self.item(&sight.slot, opened, call).map(|found| found.0)
        };
        self.sights(&at.text_document.uri).into_iter().filter_map(item).collect()
    }

    /// Who called a call.
    pub(crate) fn incoming(&self, item: &CallHierarchyItem) -> Vec<CallHierarchyIncomingCall> {
        let found = self.of_item(item).and_then(|(slot, opened, of)| {
            let (from, running) = self.item(slot, opened, calls::caller(&opened.dump, of)?)?;
            Some(CallHierarchyIncomingCall { from, from_ranges: vec![running] })
        });
        found.into_iter().collect()
    }

    /// Whom a call called.
    pub(crate) fn outgoing(&self, item: &CallHierarchyItem) -> Vec<CallHierarchyOutgoingCall> {
        let found = self.of_item(item).and_then(|(slot, opened, of)| {
            let (_, running) = self.item(slot, opened, of)?;
            let (to, _) = self.item(slot, opened, calls::callee(&opened.dump, of)?)?;
            Some(CallHierarchyOutgoingCall { to, from_ranges: vec![running] })
        });
        found.into_iter().collect()
    }

    fn of_item(&self, item: &CallHierarchyItem) -> Option<(&Slot, &Opened, Selected)> {
        let named: Named = serde_json::from_value(item.data.clone()?).ok()?;
        let slot = self.state.dump(named.dump.as_deref())?;
        let opened = slot.opened()?;
        let selected = named.selected()?;
        annotate::exists(&opened.dump, selected).then_some((slot, opened, selected))
    }

    /// A frame as an item of a hierarchy, and the part of its text that it is at.
    fn item(&self, slot: &Slot, opened: &Opened, call: Selected) -> Option<(CallHierarchyItem, Range)> {
        let thread = opened.dump.threads.get(call.thread)?;
        let frame = opened.dump.frames.get(*thread.frames.get(call.frame)?)?;
        let running = self.frame(slot, opened, frame)?;
        let function = self.function(slot, opened, call, frame).filter(|(whole, _)| whole.uri == running.uri);
        let (range, selection_range) = match function {
            Some((whole, head)) => (whole.range, head.range),
            None => (running.range, running.range),
        };
        let name = escape(&shorten(finding::function(frame), MOST_NAME)).into_owned();
        let name_of_thread = activation::thread_name(thread.name.as_deref(), call.thread);
        let item = CallHierarchyItem {
            name,
            kind: SymbolKind::Function,
            tags: None,
            detail: Some(format!("frame {} of {name_of_thread}", call.frame)),
            uri: running.uri,
            range,
            selection_range,
            data: Some(Named::new(&slot.id, call).json()),
        };
        Some((item, running.range))
    }

    /// The function of a frame, and its name.
    fn function(&self, slot: &Slot, opened: &Opened, call: Selected, frame: &Frame) -> Option<(Location, Location)> {
        let crashed = opened.crashed(opened.index(&frame.file)?)?;
        let mut activations = crashed.activations.iter();
        let own = activations.find(|own| own.thread == call.thread && own.number == call.frame)?;
        let scope = crashed.names.scopes.get(own.scope?).filter(|scope| !scope.name.starts_with('<'))?;
        let whole = self.span(slot, opened, &frame.file, crashed.text.span(scope.whole.clone()))?;
        let head = self.span(slot, opened, &frame.file, crashed.text.span(scope.head.clone()))?;
        (whole.uri == head.uri).then_some((whole, head))
    }

    /// A frame for a client: what it is, and where.
    pub(crate) fn told(&self, slot: &Slot, opened: &Opened, call: Selected) -> Option<LspAny> {
        let thread = opened.dump.threads.get(call.thread)?;
        let frame = opened.dump.frames.get(*thread.frames.get(call.frame)?)?;
        Some(json!({
            "dump": slot.id,
            "thread": call.thread + 1,
            "frame": call.frame,
            "function": finding::function(frame),
            "location": self.frame(slot, opened, frame),
        }))
    }
}
