//! A dump that is looked at: which request is answered where.

use std::cell::OnceCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crashsite_model::Dump;
use crashsite_view::editor::finding;
use crashsite_view::eval;
use crashsite_view::explain::Explanation;
use crashsite_view::stacks::{self, Stack};
use crashsite_view::text::{escape, shorten};
use crashsite_view::thread::Place;
use crashsite_view::traceback;
use serde::Deserialize;

use crate::handles::Handles;
use crate::launch::{Client, Fields, Launch, Looking, Next};
use crate::source::Sources;
use crate::types::{
    Breakpoint, ExitedEventBody, OutputEventBody, SetBreakpointsArguments, SetBreakpointsBody, StoppedEventBody,
    Thread, ThreadsBody,
};
use crate::wire::{Answer, Refusal, Request, Wire, body};
use crate::{End, Limits, Machine, refused};

/// Problems of a dump that are told, and characters of one.
const MOST_PROBLEMS: usize = 20;
const LONGEST_PROBLEM: usize = 1000;
/// Characters of a name.
pub(crate) const LONGEST_NAME: usize = 250;

/// A client that looks at a dump.
pub(crate) struct Session<'s, 'a> {
    pub(crate) dump: &'a Dump,
    /// Where expressions are evaluated; `None` where the dump has no frame.
    eval: Option<&'s eval::Session<'a>>,
    /// Where that is, if nothing is said.
    first: Option<Place<'a>>,
    pub(crate) stacks: &'a [Stack<'a>],
    /// The number of the first frame of each stack, for the client.
    firsts: Vec<i64>,
    pub(crate) launch: &'a Launch,
    pub(crate) client: Client,
    pub(crate) sources: Sources<'a>,
    pub(crate) handles: Handles<'a>,
    /// What the dump tells of the cause, once that was asked for.
    pub(crate) explained: OnceCell<Option<Explanation>>,
}

/// Serves a client that looks at a dump.
///
/// # Errors
/// Where the system gives no thread to evaluate in.
pub(crate) fn serve(looking: Looking, wire: &mut Wire<'_>, machine: &dyn Machine, limits: Limits) -> io::Result<Next> {
    let dump = &*looking.opened.dump;
    let stacks = stacks::answer(dump);
    let place = stacks.iter().find_map(|stack| stack.of.frame(dump, 0).ok());
    let Some(place) = place else { return Ok(talk(&looking, dump, &stacks, None, wire, machine, limits)) };
    eval::session(dump, place, looking.opened.limits, Arc::default(), |eval| {
        talk(&looking, dump, &stacks, Some(eval), wire, machine, limits)
    })
    .map_err(|failure| io::Error::other(failure.message))
}

fn talk<'a>(
    looking: &'a Looking,
    dump: &'a Dump,
    stacks: &'a [Stack<'a>],
    eval: Option<&eval::Session<'a>>,
    wire: &mut Wire<'_>,
    machine: &'a dyn Machine,
    limits: Limits,
) -> Next {
    let crash = finding::place(dump).or_else(|| eval.map(eval::Session::place));
    let mut first = 1;
    let firsts = stacks
        .iter()
        .map(|stack| {
            first += stack.of.frames.len() as i64;
            first - stack.of.frames.len() as i64
        })
        .collect();
    let session = Session {
        dump,
        eval,
        first: crash,
        stacks,
        firsts,
        launch: &looking.launch,
        client: looking.client,
        sources: Sources::new(dump, &looking.launch, machine),
        handles: Handles::new(limits.expandable, looking.opened.limits.memory),
        explained: OnceCell::new(),
    };
    session.talk(wire, machine, looking.again)
}

/// The launch configuration may have changed since.
#[derive(Deserialize)]
struct RestartArguments<'d> {
    #[serde(borrow, default)]
    arguments: Option<Fields<'d>>,
}

impl<'s, 'a> Session<'s, 'a> {
    fn talk(mut self, wire: &mut Wire<'_>, machine: &dyn Machine, again: bool) -> Next {
        if again {
            self.begun(wire);
        }
        let mut ended = false;
        while let Some(request) = wire.request() {
            match request.command.as_str() {
                "configurationDone" => {
                    wire.respond(&request, Ok(None));
                    self.begun(wire);
                }
                "restart" => match self.restarted(&request, machine) {
                    Ok(looking) => {
                        wire.respond(&request, Ok(None));
                        return Next::Look(Box::new(looking));
                    }
                    Err(refusal) => wire.respond(&request, Err(refusal)),
                },
                "terminate" => {
                    wire.respond(&request, Ok(None));
                    self.ended(wire, &mut ended);
                }
                "disconnect" => {
                    self.ended(wire, &mut ended);
                    wire.respond(&request, Ok(None));
                    return Next::End(End::Disconnected);
                }
                command if refused::would_run(command) => {
                    wire.respond(&request, Err(refused::dead()));
                    self.stopped(wire, true);
                }
                _ => {
                    // A panic is a bug, and must not cost the person the session.
                    let answer = catch_unwind(AssertUnwindSafe(|| self.answer(&request)));
                    let internal = "an internal error: please report it, with the dump if you may share it";
                    wire.respond(&request, answer.unwrap_or_else(|_| Err(Refusal::quiet(internal))));
                }
            }
        }
        Next::End(End::Gone)
    }

    fn answer(&mut self, request: &Request) -> Answer {
        match request.command.as_str() {
            "setBreakpoints" => unverified(&request.arguments()?),
            "setFunctionBreakpoints" | "setExceptionBreakpoints" => Ok(Some(serde_json::json!({ "breakpoints": [] }))),
            "threads" => self.threads(),
            "stackTrace" => self.stack_trace(&request.arguments()?),
            "modules" => self.modules(&request.arguments()?),
            "scopes" => self.scopes(&request.arguments()?),
            "variables" => self.variables(&request.arguments()?),
            "evaluate" => self.evaluate(&request.arguments()?),
            "completions" => self.completions(&request.arguments()?),
            "exceptionInfo" => self.exception_info(&request.arguments()?),
            "source" => self.sources.text(&request.arguments()?),
            "loadedSources" => self.sources.all(),
            "crashsite/explain" => self.explain(),
            "crashsite/place" => self.told_place(&request.arguments()?),
            "readMemory" => self.read_memory(&request.arguments()?),
            command => Err(refused::unknown(command).unwrap_or_else(|| Refusal::quiet("a dump is open already"))),
        }
    }

    /// Tells in the console what Python would have, and what is wrong with the dump; then that the program stands.
    fn begun(&self, wire: &mut Wire<'_>) {
        self.say(wire, "stderr", &traceback::of_crash(self.dump));
        let problems = &self.dump.problems;
        for problem in problems.iter().take(MOST_PROBLEMS) {
            self.say(wire, "console", &format!("crashsite: {}\n", escape(&shorten(&problem.message, LONGEST_PROBLEM))));
        }
        if let Some(left @ 1..) = problems.len().checked_sub(MOST_PROBLEMS) {
            self.say(wire, "console", &format!("crashsite: … and {left} more: crashsite info\n"));
        }
        self.stopped(wire, false);
    }

    fn say(&self, wire: &mut Wire<'_>, category: &str, output: &str) {
        if !output.is_empty() {
            let (category, output) = (Some(category.to_owned()), output.to_owned());
            let event = OutputEventBody { category, output, ..OutputEventBody::default() };
            wire.event("output", serde_json::to_value(event).ok());
        }
    }

    /// Tells that the program stands, and why. `still`: it has stood before.
    fn stopped(&self, wire: &mut Wire<'_>, still: bool) {
        let crashed = self.stacks.iter().position(|stack| stack.raised.is_some());
        let title = finding::title(self.dump).filter(|_| crashed.is_some());
        let event = StoppedEventBody {
            reason: if title.is_some() { "exception" } else { "pause" }.to_owned(),
            description: Some("Post mortem".to_owned()),
            text: title,
            thread_id: Some(crashed.unwrap_or(0) as i64 + 1),
            all_threads_stopped: Some(true),
            preserve_focus_hint: still.then_some(true),
            ..StoppedEventBody::default()
        };
        wire.event("stopped", serde_json::to_value(event).ok());
    }

    fn ended(&self, wire: &mut Wire<'_>, ended: &mut bool) {
        if std::mem::replace(ended, true) {
            return;
        }
        // What Python's own status is after an exception that nobody handles.
        let exited = ExitedEventBody { exit_code: i64::from(!self.dump.exceptions.is_empty()) };
        wire.event("exited", serde_json::to_value(exited).ok());
        wire.event("terminated", None);
    }

    /// The dump, opened anew: it may be another by now.
    fn restarted(&self, request: &Request, machine: &dyn Machine) -> Result<Looking, Refusal> {
        let arguments: RestartArguments<'_> = request.arguments()?;
        let launch = match arguments.arguments {
            Some(fields) => Launch::of(&fields)?,
            None => self.launch.clone(),
        };
        let opened = launch.open(machine)?;
        Ok(Looking { opened, launch, client: self.client, again: true })
    }

    fn threads(&self) -> Answer {
        let thread = |(stack, id): (&Stack<'_>, i64)| Thread { id, name: clean(&stack.name) };
        body(ThreadsBody { threads: self.stacks.iter().zip(1..).map(thread).collect() })
    }

    /// The stack of a thread, as the client numbers it, and the number of its first frame.
    pub(crate) fn stack(&self, thread: i64) -> Result<(&'a Stack<'a>, i64), Refusal> {
        let index = thread.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        let found = index.and_then(|index| Some((self.stacks.get(index)?, *self.firsts.get(index)?)));
        found.ok_or_else(|| Refusal::quiet(format!("there is no thread {thread}")))
    }

    /// A frame, as the client numbers it.
    pub(crate) fn place(&self, frame: i64) -> Result<(&'a Stack<'a>, Place<'a>), Refusal> {
        let index = self.firsts.partition_point(|first| *first <= frame).checked_sub(1);
        let found = index.and_then(|index| {
            let (stack, first) = (self.stacks.get(index)?, *self.firsts.get(index)?);
            let number = usize::try_from(frame.checked_sub(first)?).ok()?;
            Some((stack, stack.of.frame(self.dump, number).ok()?))
        });
        found.ok_or_else(|| Refusal::quiet(format!("there is no frame of the number {frame}")))
    }

    /// Where expressions are evaluated, in a frame; without one, where the exception is shown.
    pub(crate) fn eval(&self, frame: Option<i64>) -> Result<&'s eval::Session<'a>, Refusal> {
        let eval = self.eval.ok_or_else(|| Refusal::quiet("the dump has no frame to evaluate in"))?;
        let place = match frame {
            Some(frame) => Some(self.place(frame)?.1),
            None => self.first,
        };
        if let Some(place) = place {
            eval.go(place);
        }
        Ok(eval)
    }

    /// The number of the frame where expressions are evaluated.
    pub(crate) fn frame_of(&self, eval: &eval::Session<'a>) -> i64 {
        let place = eval.place();
        let first = self.firsts.get(place.stack.position).copied().unwrap_or(1);
        first + place.number as i64
    }

    /// A line as the client counts.
    pub(crate) fn line(&self, line: u64) -> i64 {
        i64::try_from(line).unwrap_or(i64::MAX).saturating_sub(1 - self.client.first_line)
    }
}

/// No breakpoint will be met.
fn unverified(arguments: &SetBreakpointsArguments) -> Answer {
    let breakpoint = |line| Breakpoint {
        line: Some(line),
        message: Some("This is a post-mortem: the program is dead, and no breakpoint will be met.".to_owned()),
        verified: false,
        ..Breakpoint::default()
    };
    let lines = arguments.breakpoints.iter().map(|point| point.line);
    body(SetBreakpointsBody { breakpoints: lines.map(breakpoint).collect() })
}

/// A name from the dump, as a client may show it.
pub(crate) fn clean(name: &str) -> String {
    escape(&shorten(name, LONGEST_NAME)).into_owned()
}
