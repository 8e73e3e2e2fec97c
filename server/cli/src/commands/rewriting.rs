//! A dump that becomes a new one of version 3: to a file, or to another program.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crashsite_model::{Dump, Exception, Local};
use crashsite_view::exception::by_arguments;
use crashsite_view::text;
use crashsite_view::value::Value;
use crashsite_write::{Preview, Previews, Written};
use serde::Serialize;

use crate::arguments::Rewrite;
use crate::failure::Failure;
use crate::output::{Output, line};
use crate::platform;

const FORMAT: &str = "crashsite-3";

/// The answer.
#[derive(Serialize)]
struct Rewritten<'a> {
    schema: u32,
    from: &'a str,
    to: &'a str,
    path: String,
    objects: u64,
    bytes: u64,
    #[serde(flatten)]
    redaction: Option<Redacted<'a>>,
    absent: &'a [&'a str],
    lost: &'a [String],
    problems: usize,
}

/// What was left out on purpose.
#[derive(Serialize)]
pub(super) struct Redacted<'a> {
    pub(super) mode: &'a str,
    /// In how many places, by the rules' names; what the capture had hidden is counted, too.
    pub(super) redacted: BTreeMap<&'a str, u64>,
}

/// Writes `dump` where it was told to, and says so.
pub(super) fn write(
    dump: &Dump,
    redaction: Option<Redacted<'_>>,
    files: &Rewrite,
    output: &mut Output,
) -> Result<(), Failure> {
    if files.out.as_os_str() == "-" {
        return to_stdout(dump);
    }
    refuse_itself(&files.dump, &files.out)?;
    let written = save(dump, &files.out, files.force)?;
    let answer = Rewritten {
        schema: crashsite_view::SCHEMA,
        from: dump.format,
        to: FORMAT,
        path: files.out.display().to_string(),
        objects: written.objects,
        bytes: written.bytes,
        redaction,
        absent: &written.absent,
        lost: &written.lost,
        problems: written.problems,
    };
    if files.form.json {
        return output.json(&answer);
    }
    line!(output, "{}", text::escape(&sentence(&answer)));
    Ok(())
}

/// Refuses to write a dump where it is itself.
fn refuse_itself(from: &Path, to: &Path) -> Result<(), Failure> {
    match (from.canonicalize(), to.canonicalize()) {
        (Ok(from), Ok(same)) if from == same => {
            Err(refused(to, "it is the dump itself", "Give the new file another name."))
        }
        _ => Ok(()),
    }
}

/// Writes it for another program to read; the answer is the file itself.
fn to_stdout(dump: &Dump) -> Result<(), Failure> {
    let refused = |why: &str, remedy| refused(Path::new("stdout"), why, remedy);
    if io::stdout().is_terminal() {
        return Err(refused("a dump is not written to a terminal", "Give the name of a file."));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let written = crashsite_write::write(dump, &FromHeap { dump }, &mut out).and_then(|_| out.flush());
    written.map_err(|error| refused(&error.to_string(), "Does the program that reads it still run?"))
}

/// Writes a dump to a new file. One that exists is replaced only by force, and when the new one is whole.
fn save(dump: &Dump, to: &Path, force: bool) -> Result<Written, Failure> {
    to_file(dump, to, force).map_err(|error| {
        let (why, remedy) = match error.kind() {
            io::ErrorKind::AlreadyExists => ("it exists", "Give another name, or --force to replace it."),
            io::ErrorKind::NotFound => ("there is no such folder", "Make it, or give another name."),
            io::ErrorKind::FileTooLarge => (&*error.to_string(), "Raise the limit, to convert and to open it."),
            _ => (&*error.to_string(), "Is the disk full, or the folder not yours? Nothing was left behind."),
        };
        refused(to, why, remedy)
    })
}

fn refused(path: &Path, why: &str, remedy: &str) -> Failure {
    Failure::no_answer(format!("{}: {why}", path.display()), remedy)
}

/// The answer in one line.
fn sentence(answer: &Rewritten<'_>) -> String {
    let Rewritten { from, to, path, objects, bytes, redaction, absent, lost, problems, .. } = answer;
    let mut text = match redaction {
        None => format!("{path}: {to}, converted from {from}; {objects} objects, {bytes} bytes"),
        Some(Redacted { mode, redacted }) => {
            let (hidden, rules) = (redacted.values().sum::<u64>(), redacted.len());
            format!(
                "{path}: {to}, redacted ({mode}) from {from}; {hidden} places by {rules} rules; {objects} objects, {bytes} bytes"
            )
        }
    };
    if !absent.is_empty() {
        text += &format!("; absent: {}", absent.join(", "));
    }
    if !lost.is_empty() {
        text += &format!("; lost: {}", lost.join(", "));
    }
    match problems {
        0 => {}
        1 => text += "; it lists 1 problem",
        many => text += &format!("; it lists {many} problems"),
    }
    text
}

fn to_file(dump: &Dump, path: &Path, force: bool) -> io::Result<Written> {
    let mut new = New::create(if force { beside(path)? } else { path.to_owned() })?;
    let written = crashsite_write::write(dump, &FromHeap { dump }, &mut new.file)?;
    if force {
        new.file.sync_all()?;
        fs::rename(&new.path, path)?;
    }
    new.whole = true;
    Ok(written)
}

/// A name for a file that is to take the place of another.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
    let mut name = name.to_owned();
    name.push(format!(".{}.new", std::process::id()));
    Ok(path.with_file_name(name))
}

/// A new file, which goes away again unless it becomes whole.
struct New {
    path: PathBuf,
    file: File,
    whole: bool,
}

impl New {
    fn create(path: PathBuf) -> io::Result<New> {
        let file = platform::create_private(&path)?;
        Ok(New { path, file, whole: false })
    }
}

impl Drop for New {
    fn drop(&mut self) {
        if !self.whole {
            // Nothing can be done where this fails, too: what is left is an incomplete dump.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Previews as every other answer would show the values.
struct FromHeap<'a> {
    dump: &'a Dump,
}

impl Previews for FromHeap<'_> {
    fn local(&self, local: &Local) -> Preview {
        let value = Value::of_local(self.dump, local);
        Preview {
            type_name: value.type_name,
            module: value.module,
            size: value.size,
            address: value.address,
            text: value.repr,
            full_length: value.full_length,
            children_count: value.children_count,
        }
    }

    fn exception(&self, exception: &Exception) -> Arc<str> {
        Value::of_number(self.dump, exception.object.unwrap_or(u32::MAX)).repr
    }

    fn message(&self, exception: &Exception) -> Option<Arc<str>> {
        by_arguments(self.dump, exception)
    }
}
