//! A [`Dump`] of any format becomes one without its secrets; `crashsite-write` makes a file of it.
//!
//! The rules are those of the capture, of the same file (python/crashsite/_rules.py). What differs is that here the whole dump
//! can be looked through first: [`redact`] learns what is secret (`learn`), from names (`names`, `values`) and from texts
//! (`forms`, `tokens`, `pairs`), and only then takes it out of the heap (`heap`) and of the rest (`summary`), wherever it stands
//! (`needles`).

mod dialect;
mod forms;
mod heap;
mod learn;
mod literals;
mod names;
mod needles;
mod pairs;
mod rules;
mod secrets;
mod summary;
mod text;
mod tokens;
mod values;

use std::sync::Arc;

use crashsite_model::{Dump, Exception, Local, Problem, Redaction};
use rustc_hash::FxHashMap;

use secrets::{Secrets, Words};
use summary::Cleaner;

/// What is left of a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything but the secrets.
    On,
    /// Types, sizes and structure, no values and no sources.
    ShapeOnly,
}

impl Mode {
    /// As the file names it.
    pub fn name(self) -> &'static str {
        match self {
            Mode::On => "on",
            Mode::ShapeOnly => "shape-only",
        }
    }
}

/// What is a secret.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What is left.
    pub mode: Mode,
    /// Further names that promise one, in any style.
    pub names: Vec<String>,
    /// Further forms of secrets: regular expressions, of which the last group that took part is the secret.
    pub patterns: Vec<String>,
    /// Names that promise none after all, and texts that are none.
    pub allow: Vec<String>,
    /// Known values that are looked for in every text.
    pub max_known: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { mode: Mode::On, names: Vec::new(), patterns: Vec::new(), allow: Vec::new(), max_known: 100_000 }
    }
}

/// How values look, which is not known in this crate.
pub trait Looks {
    /// An object on one line.
    fn value(&self, dump: &Dump, number: u32) -> Arc<str>;
    /// A local variable with a preview of its value by the heap.
    fn local(&self, dump: &Dump, local: &Local) -> Local;
    /// What `str()` gives of an exception, by its arguments.
    fn message(&self, dump: &Dump, exception: &Exception) -> Option<Arc<str>>;
}

/// Why there is no such dump.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A pattern of the user.
    #[error("{pattern:?} is no regular expression for secrets: {why}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
    /// The names of the user, all together.
    #[error("the names make too large a search: {0}")]
    Names(#[from] regex::Error),
    /// The system.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
    /// The rules that are compiled in.
    #[error("the rules cannot be read")]
    Rules,
}

/// The dump without its secrets.
///
/// # Errors
/// Where a pattern is none.
pub fn redact(dump: &Arc<Dump>, settings: &Settings, looks: &dyn Looks) -> Result<Dump, Error> {
    let mut secrets = Secrets::new(Words::new(settings)?, settings)?;
    let hidden = learn::learn(dump, &mut secrets);
    let dropped = secrets.needles.dropped();
    let secrets = Arc::new(secrets);
    let (rules, numbers) = rule_numbers(&dump.redaction, &secrets.words.rule_names);
    let (heap, counts) = heap::redacted(dump, &secrets, hidden.clone(), numbers);
    let mut cleaner = Cleaner { secrets: &secrets, counts };
    let process = cleaner.process(&dump.process);
    let headers = cleaner.headers(&dump.headers, [&dump.process.argv, &process.argv]);
    let found = dump.problems.iter().cloned().chain(dump.heap.problems());
    let mut problems: Vec<Problem> = found.map(|problem| cleaner.problem(&problem)).collect();
    if dropped > 0 {
        problems.push(Problem::captured(format!(
            "redaction: {dropped} known values were too many to be looked for in every text (--max-known)"
        )));
    }
    let mut new = Dump {
        format: dump.format,
        file_size: dump.file_size,
        headers,
        process,
        exceptions: Vec::new(),
        threads: dump.threads.iter().map(|thread| cleaner.thread(thread)).collect(),
        frames: Vec::new(),
        outside: dump.outside,
        // Nothing is loaded of what is written.
        loading: None,
        sources: cleaner.sources(&dump.sources),
        capture_limits: dump.capture_limits.clone(),
        redaction: Redaction::default(),
        problems,
        complete: dump.complete,
        // Numbers that were hidden are of another kind now.
        end: dump.end.clone().map(|end| crashsite_model::End { counts: Vec::new(), ..end }),
        heap,
        limits: dump.limits.clone(),
    };
    new.frames = dump.frames.iter().map(|frame| cleaner.frame(frame, [dump, &new], &hidden, looks)).collect();
    new.exceptions = dump.exceptions.iter().map(|one| cleaner.exception(one, [dump, &new], looks)).collect();
    let mut counts = cleaner.counts;
    for (rule, count) in &dump.redaction.counts {
        *counts.entry(rule.to_string()).or_default() += count;
    }
    new.redaction = Redaction {
        mode: Some(settings.mode.name().into()),
        rules,
        counts: counts.into_iter().map(|(rule, count)| (rule.into(), count)).collect(),
    };
    Ok(new)
}

/// The rules of the dump, to which its flags refer, then those that are new; and the number of each.
fn rule_numbers(before: &Redaction, names: &[String]) -> (Vec<Arc<str>>, FxHashMap<String, u64>) {
    let mut rules = before.rules.clone();
    for name in names {
        if !rules.iter().any(|rule| **rule == **name) {
            rules.push(name.as_str().into());
        }
    }
    let numbers = rules.iter().enumerate().map(|(number, name)| (name.to_string(), number as u64)).collect();
    (rules, numbers)
}
