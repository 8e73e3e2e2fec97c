//! `monitor`: the questions of the command line, asked from within gdb. gdb tells no server which frame is selected: it is
//! known which thread gdb looked at last, and `--frame` or `--pc` says the rest.

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use clap::FromArgMatches as _;
use crashsite_gdb::Answers;
use crashsite_image::{Image, Level};
use crashsite_model::Dump;
use crashsite_view::thread;

use super::list;
use crate::arguments::{Arguments, Command};
use crate::commands::{bt, info, locals, print, threads};
use crate::failure::Failure;
use crate::output::{Captured, Output};
use crate::render::exception;

const HELP: &str = "\
monitor bt [--all|--locals]     the stacks, as Python has them
monitor list [START[, END]]     the source around a frame, or lines of its file
monitor locals                  the variables of a frame, with their types
monitor print EXPR              an expression of Python: monitor print sum(line.price for line in order.lines)
monitor threads                 the threads
monitor exception               the exception, and what it came from
monitor info                    the program, the time, what is in the dump
list, locals and print speak of the innermost frame of the thread that gdb looked at last. Another one:
  monitor print --frame 2 EXPR      counted as gdb's bt does
  monitor print --thread 1 EXPR     as `monitor threads` counts
  eval \"monitor locals --pc %lu\", $pc      the frame that is selected in gdb
";

/// Answers from a dump.
#[derive(Clone, Copy)]
pub(in crate::commands) struct Monitor<'a> {
    pub(in crate::commands) dump: &'a Dump,
    pub(in crate::commands) image: &'a Image<'a>,
}

impl Answers for Monitor<'_> {
    fn answer(&mut self, command: &str, stack: usize) -> String {
        let captured = Captured::default();
        let mut output = Output::captured(&captured);
        let done = catch_unwind(AssertUnwindSafe(|| {
            self.run(command, stack, &mut output)?;
            output.finish()
        }));
        drop(output);
        let failure = match done {
            Ok(done) => done.err(),
            Err(_) => Some(Failure::internal()),
        };
        let mut text = captured.text();
        for line in failure.iter().flat_map(Failure::lines) {
            text += &line;
            text.push('\n');
        }
        text
    }
}

impl Monitor<'_> {
    fn run(&self, command: &str, stack: usize, output: &mut Output) -> Result<(), Failure> {
        let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        let (options, expression) = match word {
            "" | "help" => {
                output.write(format_args!("{HELP}"));
                return Ok(());
            }
            "exception" => {
                exception::chain(self.dump, output);
                return Ok(());
            }
            "list" => {
                let (place, asked) = self.placed(rest, stack)?;
                let frame = thread::place(self.dump, Some(&place.thread), place.frame)?.frame;
                return list::lines(self.dump, frame, asked, output);
            }
            "locals" | "print" => {
                let (place, expression) = self.placed(rest, stack)?;
                (vec!["--thread".to_owned(), place.thread, "--frame".to_owned(), place.frame.to_string()], expression)
            }
            "bt" if rest.trim_start().starts_with("--pc") => {
                let (place, rest) = self.placed(rest, stack)?;
                (["--thread".to_owned(), place.thread].into_iter().chain(words(rest)).collect(), "")
            }
            "bt" | "threads" | "info" => (words(rest).collect(), ""),
            _ => return Err(Failure::no_answer(format!("no monitor command {word}"), "monitor help lists them.")),
        };
        let line = ["crashsite".into(), word.into()].into_iter().chain(options.into_iter().map(OsString::from));
        let line =
            line.chain(["--".into(), "DUMP".into()]).chain(Some(expression.into()).filter(|_| !expression.is_empty()));
        let parsed = Arguments::clap().try_get_matches_from(line).and_then(|found| Arguments::from_arg_matches(&found));
        let arguments = parsed.map_err(|error| {
            let text = error.to_string();
            let first: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
            Failure::no_answer(first.join(" ").trim_start_matches("error: "), "monitor help shows what is understood.")
        })?;
        match &arguments.command {
            Some(Command::Bt(question)) if question.linked.is_some() => Err(Failure::no_answer(
                "there is one dump here",
                "Others that belong to it are shown by a shell's: crashsite bt DUMP --linked",
            )),
            Some(Command::Bt(question)) => bt::alone(self.dump, question, output),
            Some(Command::Locals(question)) => locals::run(self.dump, question, output),
            Some(Command::Print(question)) => print::run(self.dump, question, output),
            Some(Command::Threads(question)) => threads::run(self.dump, question, output),
            Some(Command::Info(question)) => info::run(self.dump, question, Instant::now(), output),
            _ => Err(Failure::internal()),
        }
    }

    /// The frame that options name, and what is left of the line, as it is.
    fn placed<'t>(&self, rest: &'t str, stack: usize) -> Result<(Place, &'t str), Failure> {
        let mut rest = rest.trim_start();
        let mut level = Level { stack, number: 0 };
        let mut thread = None;
        while let Some((flag, after)) = rest.strip_prefix("--").and_then(|flag| flag.split_once(char::is_whitespace)) {
            let (value, after) = after.trim_start().split_once(char::is_whitespace).unwrap_or((after.trim_start(), ""));
            let number =
                value.strip_prefix("0x").map_or_else(|| value.parse().ok(), |hex| u64::from_str_radix(hex, 16).ok());
            let unclear = || {
                Failure::no_answer(format!("--{flag} {value} names no frame"), "monitor help shows how one is named.")
            };
            match flag {
                "frame" => level.number = number.and_then(|number| number.try_into().ok()).ok_or_else(unclear)?,
                "pc" => level = number.and_then(|pc| self.image.level(pc)).ok_or_else(unclear)?,
                "thread" => thread = Some(value.to_owned()),
                _ => return Err(unclear()),
            }
            rest = after.trim_start();
        }
        let thread = thread.unwrap_or_else(|| (level.stack + 1).to_string());
        Ok((Place { thread, frame: level.number }, rest))
    }
}

/// A frame, as the command line names it.
struct Place {
    thread: String,
    frame: usize,
}

fn words(line: &str) -> impl Iterator<Item = String> {
    line.split_whitespace().map(str::to_owned)
}
