//! `repl`: questions to one dump, one after the other.

mod line;
mod reader;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crashsite_model::Dump;
use crashsite_view::eval::{self, Session};
use crashsite_view::thread;

use self::line::Question;
use self::reader::{Line, Reader};
use super::help::TOPICS;
use super::{locals, threads};
use crate::arguments::Repl;
use crate::failure::Failure;
use crate::output::{Output, line, put};
use crate::platform;
use crate::reading::Reading;
use crate::render::stack::{Detail, Painter};
use crate::render::{answer, exception, header, place};

/// What to do about an expression that has no value, where nothing better is known.
const NAMES: &str = "Names are those of the frame: `locals` shows them; up, down, frame N and thread T choose another.";

pub(crate) fn run(question: &Repl, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let dump = reading.open(&question.dump)?;
    let start = thread::place(&dump, question.place.thread.as_deref(), question.place.frame)?;
    let interrupt = Arc::new(AtomicBool::new(false));
    let person = platform::is_interactive();
    if person {
        platform::on_interrupt(&interrupt).map_err(|error| {
            Failure::no_answer(format!("Ctrl-C cannot be handled: {error}"), "Questions can be piped in, too.")
        })?;
    }
    let done = eval::session(&dump, start, question.effort.limits(), interrupt.clone(), |session| {
        let reader = if person { Reader::of_terminal(session, !question.no_history) } else { Ok(Reader::of_pipe()) };
        let reader = reader.map_err(unreadable)?;
        Conversation { dump: &dump, session, interrupt: &interrupt, painter: Painter::new(&dump), person, output }
            .hold(reader)
    });
    done.map_err(|failure| Failure::of_expression("", &failure, NAMES))?
}

fn unreadable(error: rustyline::error::ReadlineError) -> Failure {
    Failure::no_answer(format!("no line could be read: {error}"), "Is stdin open?")
}

/// A session under way.
struct Conversation<'s, 'a, 'o> {
    dump: &'a Dump,
    session: &'s Session<'a>,
    interrupt: &'s AtomicBool,
    painter: Painter<'a>,
    /// A person sits at the terminal.
    person: bool,
    output: &'o mut Output,
}

impl<'a> Conversation<'_, 'a, '_> {
    /// Question and answer, until there are no more. Who pipes them in is told by the exit status whether all had an
    /// answer.
    fn hold(mut self, mut reader: Reader<'_, 'a>) -> Result<(), Failure> {
        if self.person {
            self.greet();
        }
        let mut unanswered = false;
        loop {
            self.output.finish()?;
            if !self.output.open() {
                break;
            }
            // What was pressed during an answer is no interrupt of the next; from the line's end on, it is.
            self.interrupt.store(false, Ordering::Relaxed);
            match reader.next(&self.prompt()).map_err(unreadable)? {
                Line::End => break,
                Line::Interrupted => {}
                Line::Text(text) => match line::read(&text).and_then(|question| self.answer(question)) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(failure) => {
                        unanswered = true;
                        self.tell(failure)?;
                    }
                },
            }
        }
        if unanswered && !self.person { Err(Failure::said()) } else { Ok(()) }
    }

    /// What happened, and where one is.
    fn greet(&mut self) {
        header::problems(self.dump, self.output);
        exception::chain(self.dump, self.output);
        self.painter.place(self.session.place(), self.output);
        line!(self.output, "\nAn expression is evaluated here; `help` shows the commands, Ctrl-D ends.");
    }

    fn prompt(&self) -> String {
        let at = self.session.place();
        let function = at.frame.qualname.as_deref().unwrap_or(&at.frame.function);
        format!("{}> ", place(at.stack.name, at.number, function))
    }

    /// A failure goes where it is seen: a person sees the terminal, a program has stderr for it.
    fn tell(&mut self, failure: Failure) -> Result<(), Failure> {
        if self.person {
            for told in failure.lines() {
                line!(self.output, "{told}");
            }
        } else {
            self.output.finish()?;
            failure.report();
        }
        Ok(())
    }

    /// Answers a question; whether there may be more.
    fn answer(&mut self, question: Question<'_>) -> Result<bool, Failure> {
        let here = self.session.place();
        match question {
            Question::Nothing => {}
            Question::Value(expression) => self.value(expression)?,
            Question::Backtrace => {
                exception::chain(self.dump, self.output);
                self.painter.stack(here.stack, Detail::Calls, self.output);
            }
            Question::Up(calls) => self.go_to_frame(here.number.saturating_add(calls))?,
            Question::Down(calls) => {
                let inner = here.number.checked_sub(calls).ok_or_else(|| {
                    let what = format!("no frame is {calls} further in than #{}", here.number);
                    Failure::no_answer(what, "#0 is the innermost; `bt` shows all.")
                })?;
                self.go_to_frame(inner)?;
            }
            Question::Frame(number) => self.go_to_frame(number.unwrap_or(here.number))?,
            Question::Thread(None) => self.painter.place(here, self.output),
            Question::Thread(name) => self.go(thread::place(self.dump, name, 0)?),
            Question::Threads => threads::show(self.dump, self.output),
            Question::Locals => locals::show(self.dump, here, self.output),
            Question::List => {
                if !self.painter.surroundings(here.frame, self.output) {
                    let what = format!("the dump has no source of {} around that line", here.frame.file);
                    return Err(Failure::no_answer(what, "`crashsite source DUMP` lists what it has."));
                }
            }
            Question::Help(topic) => self.help(topic)?,
            Question::Quit => return Ok(false),
        }
        Ok(true)
    }

    fn value(&mut self, expression: &str) -> Result<(), Failure> {
        let answer = self.session.answer(expression).map_err(|failure| {
            if self.person && failure.kind == eval::INTERRUPTED {
                // The terminal has written ^C where the cursor was.
                line!(self.output);
            }
            Failure::of_expression(expression, &failure, NAMES)
        })?;
        answer::show(self.dump, &format!("${} = ", answer.number), &answer.printed, self.output);
        Ok(())
    }

    fn go_to_frame(&mut self, number: usize) -> Result<(), Failure> {
        self.go(self.session.place().stack.frame(self.dump, number)?);
        Ok(())
    }

    fn go(&mut self, place: thread::Place<'a>) {
        self.session.go(place);
        self.painter.place(place, self.output);
    }

    fn help(&mut self, topic: Option<&str>) -> Result<(), Failure> {
        let name = topic.unwrap_or("session");
        match TOPICS.iter().find(|topic| topic.name == name) {
            Some(topic) => put!(self.output, "{}", topic.text),
            None => {
                let names: Vec<&str> = TOPICS.iter().map(|topic| topic.name).collect();
                let remedy = format!("`help` alone shows the commands; topics are {}.", names.join(", "));
                return Err(Failure::no_answer(format!("there is no topic {name}"), remedy));
            }
        }
        Ok(())
    }
}
