//! Threads and frames. #0 is the innermost frame, as debuggers count; it comes first.

use crashsite_model::{Dump, Frame, Kind, Local};
use crashsite_view::backtrace::variable;
use crashsite_view::relations::Relations;
use crashsite_view::source::{Context, Lines, around};
use crashsite_view::text;
use crashsite_view::thread::{Place, StackRef};
use crashsite_view::value::Value;
use unicode_width::UnicodeWidthChar as _;

use super::{place, value};
use crate::commands::escaped_line;
use crate::output::{Output, line, put, style};

/// How much of a frame is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    /// One line with its arguments, and its line of source.
    Calls,
    /// The place, its line of source, and every local variable.
    Locals,
    /// As `Locals`, but what tells little is left out: library frames, a module's imports.
    Story,
}

/// Local variables of a frame that a story shows.
const STORY_LOCALS: usize = 14;
/// Frames that a story shows: the innermost ones, and the outermost.
const STORY_FRAMES: (usize, usize) = (12, 3);
/// Characters of an argument in a call.
const ARGUMENT: usize = 40;

/// Writes stacks; splits each source file once.
pub(crate) struct Painter<'a> {
    dump: &'a Dump,
    relations: Relations<'a>,
    lines: Lines<'a>,
}

impl<'a> Painter<'a> {
    /// A painter of one dump.
    pub(crate) fn new(dump: &'a Dump) -> Self {
        Painter { dump, relations: Relations::of(dump), lines: Lines::new(dump) }
    }

    /// A thread: its heading, then its frames.
    pub(crate) fn thread(&mut self, position: usize, detail: Detail, output: &mut Output) {
        if let Some(stack) = StackRef::of_thread(self.dump, position) {
            self.stack(stack, detail, output);
        }
    }

    /// A stack: its heading, then its frames.
    pub(crate) fn stack(&mut self, stack: StackRef<'_>, detail: Detail, output: &mut Output) {
        let (bold, dim, off) = (style::NAME, style::DIM, style::DIM.render_reset());
        let name = stack.name.unwrap_or("unnamed");
        let mut facts = Vec::new();
        if let Some(thread) = stack.thread {
            facts.push(format!("{} {}", stack.kind, stack.position + 1));
            let is = [
                ("crashed", thread.crashed),
                ("current", thread.current && !thread.crashed),
                ("daemon", thread.daemon),
            ];
            facts.extend(is.iter().filter(|(_, is)| *is).map(|(fact, _)| (*fact).to_owned()));
            let more = self.relations.facts(stack.position);
            facts = vec![facts.join(", ")];
            facts.extend(more);
        } else {
            facts.push(format!("{}, thread {}", stack.kind, stack.position + 1));
        }
        line!(
            output,
            "{bold}{}{off} {dim}({}), most recent call first{off}",
            text::escape(name),
            text::escape(&facts.join("; "))
        );
        let frames: Vec<&Frame> = stack.frames.iter().filter_map(|index| self.dump.frames.get(*index)).collect();
        let mut number = 0;
        while let Some(frame) = frames.get(number).filter(|_| output.open()) {
            let skip = if detail == Detail::Story { unremarkable(&frames, number) } else { 0 };
            if skip > 0 {
                let last = number + skip - 1;
                let what = if frame.library { "of libraries" } else { "in between" };
                line!(output, "{dim}#{number} to #{last}: {skip} frames {what}{off}");
                number += skip;
            } else {
                self.frame(number, frame, detail, output);
                number += 1;
            }
        }
        if frames.is_empty() {
            line!(output, "  {dim}no frames{off}");
        }
        line!(output);
    }

    /// A place: which thread and frame it is, and its line of source.
    pub(crate) fn place(&mut self, at: Place<'_>, output: &mut Output) {
        let (bold, dim, off) = (style::NAME, style::DIM, style::DIM.render_reset());
        let function = at.frame.qualname.as_deref().unwrap_or(&at.frame.function);
        let name = place(at.stack.name, at.number, function);
        let file = file_and_line(at.frame);
        line!(output, "{bold}{name}{off}  {dim}{}{off}", text::escape(&file));
        self.source(at.frame, 0, 0, output);
    }

    /// The source around the line of a frame; whether the dump has any.
    pub(crate) fn surroundings(&mut self, frame: &Frame, output: &mut Output) -> bool {
        const LINES: u64 = 5;
        self.source(frame, LINES, LINES, output)
    }

    fn frame(&mut self, number: usize, frame: &Frame, detail: Detail, output: &mut Output) {
        let (bold, dim, off) = (style::NAME, style::DIM, style::DIM.render_reset());
        let name = text::escape(frame.qualname.as_deref().unwrap_or(&frame.function)).into_owned();
        let place = text::escape(&file_and_line(frame)).into_owned();
        let head = if frame.library { dim } else { bold };
        if detail == Detail::Calls {
            let arguments = self.arguments(frame);
            let at = if place.is_empty() { "" } else { " at " };
            line!(output, "{head}#{number:<2} {name}{off}({arguments}){dim}{at}{place}{off}");
        } else {
            line!(output, "{head}#{number:<2} {name}{off}  {dim}{place}{off}");
        }
        let (before, after) = if detail == Detail::Story && number == 0 { (2, 1) } else { (0, 0) };
        self.source(frame, before, after, output);
        if detail != Detail::Calls {
            self.locals(frame, detail, output);
        }
    }

    fn arguments(&self, frame: &Frame) -> String {
        let arguments = frame.locals.iter().filter(|local| local.scope == crashsite_model::Scope::Arg);
        let shown = arguments.map(|local| {
            let value = Value::of_local(self.dump, local);
            format!("{}={}", text::escape(&local.name), text::escape(&text::shorten(&value.repr, ARGUMENT)))
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    /// The lines of source around a frame's, blank ones left out; whether there are any.
    fn source(&mut self, frame: &Frame, before: u64, after: u64, output: &mut Output) -> bool {
        let blank = |text: &str| text.trim().is_empty();
        let lines = around(&mut self.lines, frame, before, after);
        for context in lines.iter().filter(|line| line.current || !blank(line.text)) {
            source_line(context, output);
        }
        !lines.is_empty()
    }

    fn locals(&mut self, frame: &Frame, detail: Detail, output: &mut Output) {
        let (dim, off) = (style::DIM, style::DIM.render_reset());
        if let Some(note) = &frame.locals_note {
            line!(output, "      {dim}locals {}{off}", text::escape(note));
        }
        let story = detail == Detail::Story;
        if story && frame.library {
            return;
        }
        let module = &*frame.function == "<module>";
        let shown: Vec<&Local> = frame.locals.iter().filter(|local| !story || !module || tells(local)).collect();
        let most = if story { STORY_LOCALS } else { usize::MAX };
        let widest = shown.iter().take(most).map(|local| local.name.chars().count()).max().unwrap_or(0).min(24);
        let room = output.width().map(|width| width.saturating_sub(widest + 9).max(30));
        for local in shown.iter().take(most) {
            let name = text::escape(&local.name).into_owned();
            put!(output, "      {}{name:widest$}{}", style::VARIABLE, style::VARIABLE.render_reset());
            let found = variable(self.dump, local).value;
            line!(output, " = {}", value::one_line(&found, room));
            if story && says_nothing(&found) {
                self.hint(local, widest, room, output);
            }
        }
        let left = frame.locals.len() - shown.len().min(most);
        if left > 0 {
            line!(output, "      {dim}… and {left} more{off}");
        }
    }

    /// The attributes of an object whose repr is but its address, as far as one line holds them.
    fn hint(&self, local: &Local, widest: usize, room: Option<usize>, output: &mut Output) {
        const MOST: usize = 8;
        let Some(object) = local.object.and_then(|number| self.dump.heap.object(number)) else { return };
        let children = crashsite_view::children::page(self.dump, &object, 0, MOST);
        let parts: Vec<String> = children
            .iter()
            .filter_map(|child| Some((child.name.as_deref()?, &child.value)))
            .map(|(name, value)| format!("{}={}", text::escape(name), text::escape(&text::shorten(&value.repr, 30))))
            .collect();
        if !parts.is_empty() {
            let (dim, off) = (style::DIM, style::DIM.render_reset());
            let text = parts.join(" ");
            let text = text::shorten(&text, room.unwrap_or(160));
            line!(output, "      {:widest$}   {dim}{text}{off}", "");
        }
    }
}

/// A line of source, with `^^^^` under the running expression where its columns are known.
pub(crate) fn source_line(context: &Context<'_>, output: &mut Output) {
    let (dim, mark, off) = (style::DIM, style::MARK, style::DIM.render_reset());
    let text = escaped_line(context.text);
    if context.current {
        line!(output, "    {:>5} {mark}>{off} {text}", context.number);
    } else {
        line!(output, "    {dim}{:>5}   {text}{off}", context.number);
    }
    let whole = context.text.trim().chars().count();
    if !context.marked.is_empty() && context.marked.len() < whole {
        let (space, carets) = underline(context.text, &context.marked);
        line!(output, "            {space}{mark}{carets}{off}");
    }
}

/// `shop.py:7`; nothing where the frame is of no file.
fn file_and_line(frame: &Frame) -> String {
    if frame.file.is_empty() { String::new() } else { format!("{}:{}", frame.file, frame.line.unwrap_or(0)) }
}

/// How many frames from `number` on a story passes over: a run of library frames, or the middle of a deep stack.
fn unremarkable(frames: &[&Frame], number: usize) -> usize {
    let (inner, outer) = STORY_FRAMES;
    let run = frames.iter().skip(number).take_while(|frame| frame.library).count();
    if run > 1 {
        return run;
    }
    let end = frames.len().saturating_sub(outer);
    if number >= inner && number < end { end - number } else { 0 }
}

/// Whether a variable of a module says something about its state: not an import, a function, a class, a dunder name.
fn tells(local: &Local) -> bool {
    !matches!(local.kind, Kind::Module | Kind::Function | Kind::Builtin | Kind::Class) && !local.name.starts_with("__")
}

/// Whether a repr is but a type and an address.
fn says_nothing(value: &Value) -> bool {
    let words = value.repr.strip_prefix('<').and_then(|rest| rest.split_once(" object at 0x"));
    value.children_count > 0 && words.is_some_and(|(class, address)| !class.contains(' ') && !address.contains(' '))
}

/// The space before the marked characters, and as many `^` as they are wide.
fn underline(line: &str, marked: &std::ops::Range<usize>) -> (String, String) {
    let (mut space, mut carets) = (String::new(), String::new());
    for (index, c) in line.chars().enumerate().take(marked.end) {
        let wide = match c {
            '\t' => 1,
            _ => text::escape(c.encode_utf8(&mut [0; 4])).chars().map(|shown| shown.width().unwrap_or(0)).sum(),
        };
        if index < marked.start {
            if c == '\t' {
                space.push('\t');
            } else {
                space.extend(std::iter::repeat_n(' ', wide));
            }
        } else {
            carets.extend(std::iter::repeat_n('^', wide));
        }
    }
    (space, carets)
}
