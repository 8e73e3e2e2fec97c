//! `convert`: a dump of any format, written as one of version 3.

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

use crate::arguments::Convert;
use crate::failure::Failure;
use crate::output::{Output, line};
use crate::platform;
use crate::reading::Reading;

pub(super) const FORMAT: &str = "crashsite-3";

/// The answer.
#[derive(Serialize)]
struct Converted<'a> {
    schema: u32,
    from: &'a str,
    to: &'a str,
    path: String,
    objects: u64,
    bytes: u64,
    absent: &'a [&'a str],
    lost: &'a [String],
    problems: usize,
}

pub(crate) fn run(question: &Convert, reading: &Reading, output: &mut Output) -> Result<(), Failure> {
    let dump = reading.open(&question.dump)?;
    if question.out.as_os_str() == "-" {
        return to_stdout(&dump);
    }
    refuse_itself(&question.dump, &question.out)?;
    let written = save(&dump, &question.out, question.force)?;
    let answer = Converted {
        schema: crashsite_view::SCHEMA,
        from: dump.format,
        to: FORMAT,
        path: question.out.display().to_string(),
        objects: written.objects,
        bytes: written.bytes,
        absent: &written.absent,
        lost: &written.lost,
        problems: written.problems,
    };
    if question.form.json {
        return output.json(&answer);
    }
    line!(output, "{}", text::escape(&sentence(&answer)));
    Ok(())
}

/// Refuses to write a dump where it is itself.
pub(super) fn refuse_itself(from: &Path, to: &Path) -> Result<(), Failure> {
    match (from.canonicalize(), to.canonicalize()) {
        (Ok(from), Ok(same)) if from == same => {
            Err(refused(to, "it is the dump itself", "Give the new file another name."))
        }
        _ => Ok(()),
    }
}

/// Writes it for another program to read; the answer is the file itself.
pub(super) fn to_stdout(dump: &Dump) -> Result<(), Failure> {
    let refused = |why: &str, remedy| refused(Path::new("stdout"), why, remedy);
    if io::stdout().is_terminal() {
        return Err(refused("a dump is not written to a terminal", "Give the name of a file."));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let written = crashsite_write::write(dump, &FromHeap { dump }, &mut out).and_then(|_| out.flush());
    written.map_err(|error| refused(&error.to_string(), "Does the program that reads it still run?"))
}

/// Writes a dump to a new file. One that exists is replaced only by force, and when the new one is whole.
pub(super) fn save(dump: &Dump, to: &Path, force: bool) -> Result<Written, Failure> {
    write(dump, to, force).map_err(|error| {
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
fn sentence(answer: &Converted<'_>) -> String {
    let Converted { from, to, path, objects, bytes, .. } = answer;
    let text = format!("{path}: {to}, converted from {from}; {objects} objects, {bytes} bytes");
    text + &shortcomings(answer.absent, answer.lost, answer.problems)
}

/// What the new file does not have.
pub(super) fn shortcomings(absent: &[&str], lost: &[String], problems: usize) -> String {
    let mut text = String::new();
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

fn write(dump: &Dump, path: &Path, force: bool) -> io::Result<Written> {
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
