//! Where a session's lines come from: a terminal, with editing, completion and a history; or a pipe.

use std::io::{self, BufRead as _};
use std::path::PathBuf;

use crashsite_view::eval::Session;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::line::{COMMANDS, expression};
use crate::platform;

/// Lines that are kept.
const HISTORY: usize = 1000;

/// A line, or what came instead.
pub(super) enum Line {
    Text(String),
    /// Ctrl-C: what was typed is gone.
    Interrupted,
    /// Ctrl-D, or the end of the input.
    End,
}

/// Where lines come from.
pub(super) enum Reader<'s, 'a> {
    /// A person: the editor, and the file that keeps the lines.
    Terminal(Box<Editor<Words<'s, 'a>, FileHistory>>, Option<PathBuf>),
    /// A program.
    Pipe(io::StdinLock<'static>),
}

impl<'s, 'a> Reader<'s, 'a> {
    /// A person's lines. Where those of earlier sessions cannot be had, there are none.
    pub(super) fn of_terminal(session: &'s Session<'a>, keep: bool) -> Result<Self, ReadlineError> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .history_ignore_space(true)
            .max_history_size(HISTORY)?;
        let mut editor = Editor::with_config(config.build())?;
        editor.set_helper(Some(Words { session }));
        let file = keep.then(|| platform::state_directory().ok().map(|directory| directory.join("history"))).flatten();
        if let Some(file) = &file {
            // The first session finds none.
            let _ = editor.load_history(file);
        }
        Ok(Reader::Terminal(Box::new(editor), file))
    }

    pub(super) fn of_pipe() -> Self {
        Reader::Pipe(io::stdin().lock())
    }

    /// The next line.
    pub(super) fn next(&mut self, prompt: &str) -> Result<Line, ReadlineError> {
        match self {
            Reader::Terminal(editor, file) => match editor.readline(prompt) {
                Ok(line) => {
                    editor.add_history_entry(line.as_str())?;
                    if let Some(file) = file {
                        // At once, so that a session that is killed leaves its lines. One that cannot be kept is no loss
                        // that would be worth a word after each question.
                        let _ = editor.append_history(file);
                    }
                    Ok(Line::Text(line))
                }
                Err(ReadlineError::Interrupted) => Ok(Line::Interrupted),
                Err(ReadlineError::Eof) => Ok(Line::End),
                Err(error) => Err(error),
            },
            Reader::Pipe(stdin) => {
                let mut line = Vec::new();
                let read = stdin.read_until(b'\n', &mut line)?;
                Ok(if read == 0 { Line::End } else { Line::Text(String::from_utf8_lossy(&line).into_owned()) })
            }
        }
    }
}

/// What completes a word.
pub(super) struct Words<'s, 'a> {
    session: &'s Session<'a>,
}

impl Completer for Words<'_, '_> {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> Result<(usize, Vec<String>), ReadlineError> {
        let typed = line.get(..at).unwrap_or_default();
        let mut words = Vec::new();
        if !typed.contains(char::is_whitespace) {
            words.extend(COMMANDS.iter().filter(|command| command.starts_with(typed)).map(|&word| word.to_owned()));
        }
        // A word that is a command so far may become a longer name.
        let text = expression(typed).or_else(|| (!typed.contains(char::is_whitespace)).then_some(typed));
        let Some(text) = text else { return Ok((at, words)) };
        let found = self.session.complete(text);
        words.extend(found.candidates.into_iter().map(|candidate| candidate.text));
        words.sort();
        words.dedup();
        Ok((at - found.replaced, words))
    }
}

impl Hinter for Words<'_, '_> {
    type Hint = String;
}

impl Highlighter for Words<'_, '_> {}

impl Validator for Words<'_, '_> {}

impl Helper for Words<'_, '_> {}
