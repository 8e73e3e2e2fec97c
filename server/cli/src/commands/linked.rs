//! `bt --linked`: the stacks of a dump, and those of the dumps that belong to it.
//!
//! Each is in a file of one folder. A file is opened to be asked whether it belongs to the dump, and then closed again: what is
//! held is one dump more than otherwise, however many there are.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crashsite_model::Dump;
use crashsite_view::backtrace::Backtrace;
use crashsite_view::linked::{Relation, relation};
use crashsite_view::text;
use serde::Serialize;

use super::bt;
use crate::arguments::Bt;
use crate::failure::Failure;
use crate::output::{Output, line, style};
use crate::reading::{Reading, looks_like_a_dump};
use crate::render::header;

/// Files of the folder that are looked at, where the command line says nothing else.
const MOST: usize = 1000;

/// The answer with those of the dumps that belong to it.
#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    own: Backtrace,
    linked: Vec<Other>,
    not_opened: Vec<NotOpened>,
}

#[derive(Serialize)]
struct Other {
    file: String,
    relation: &'static str,
    bt: Backtrace,
}

#[derive(Serialize)]
struct NotOpened {
    file: String,
    error: String,
}

/// A dump that belongs to another.
struct Found {
    path: PathBuf,
    file: String,
    relation: Relation,
    time: f64,
}

/// What is in a folder.
struct Folder {
    found: Vec<Found>,
    not_opened: Vec<NotOpened>,
    /// Files that were not looked at, because there are more than may be.
    left_out: usize,
    most: usize,
}

pub(super) fn run(
    dump: &Dump,
    question: &Bt,
    folder: &Path,
    reading: &Reading,
    output: &mut Output,
) -> Result<(), Failure> {
    let most = question.max_linked.map_or(MOST, |most| usize::try_from(most).unwrap_or(usize::MAX));
    let mut folder = Folder::look(folder, dump, &question.dump, most, reading)?;
    if question.form.json {
        let mut answer = Answer { own: bt::answer(dump, question)?, linked: Vec::new(), not_opened: Vec::new() };
        for Found { path, file, relation, .. } in folder.found {
            match reading.open(&path) {
                Ok(other) => {
                    answer.linked.push(Other { file, relation: relation.name(), bt: bt::answer(&other, question)? })
                }
                Err(failure) => folder.not_opened.push(NotOpened { file, error: failure.reason().to_owned() }),
            }
        }
        answer.not_opened = folder.not_opened;
        return output.json(&answer);
    }
    header::problems(dump, output);
    folder.notes(output);
    bt::show(dump, question, output)?;
    for found in folder.found {
        if !output.open() {
            break;
        }
        let (bold, dim, off) = (style::NAME, style::DIM, style::DIM.render_reset());
        let other = reading.open(&found.path);
        let what = other.as_ref().map_or_else(|failure| failure.reason().to_owned(), header::process);
        line!(
            output,
            "{bold}{}{off} {dim}({}){off}",
            text::escape(&found.file),
            text::escape(&format!("{}: {what}", found.relation.name()))
        );
        if let Ok(other) = other {
            bt::show(&other, question, output)?;
        }
    }
    Ok(())
}

impl Folder {
    /// Opens the files of a folder that were written at about the same time first, as many as there may be. Links are not
    /// followed, and what lies in folders within it is left alone.
    fn look(folder: &Path, dump: &Dump, own: &Path, most: usize, reading: &Reading) -> Result<Folder, Failure> {
        let entries = fs::read_dir(folder).map_err(|error| {
            Failure::no_answer(format!("{}: {error}", folder.display()), "Name the folder of the dumps: --linked=DIR")
        })?;
        let around = changed(own);
        let mut files: Vec<(Duration, PathBuf)> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                path.file_name() != own.file_name() && path.symlink_metadata().is_ok_and(|facts| facts.is_file())
            })
            .map(|path| (distance(changed(&path), around), path))
            .collect();
        files.sort();
        let left_out = files.len().saturating_sub(most);
        files.truncate(most);
        let mut here = Folder { found: Vec::new(), not_opened: Vec::new(), left_out, most };
        for (_, path) in files.into_iter().filter(|(_, path)| looks_like_a_dump(path)) {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match reading.open(&path) {
                Ok(other) => here.found.extend(relation(dump, &other, &file).map(|relation| Found {
                    path,
                    file,
                    relation,
                    time: other.process.time.unwrap_or(0.0),
                })),
                Err(failure) => here.not_opened.push(NotOpened { file, error: failure.reason().to_owned() }),
            }
        }
        here.found
            .sort_by(|a, b| a.relation.cmp(&b.relation).then(a.time.total_cmp(&b.time)).then(a.file.cmp(&b.file)));
        Ok(here)
    }

    /// What is not shown, and why.
    fn notes(&self, output: &mut Output) {
        let (warning, off) = (style::WARNING, style::WARNING.render_reset());
        let mut notes = Vec::new();
        if self.found.is_empty() {
            notes.push(
                "no dump in that folder is of a process that this one comes from, or that comes from it".to_owned(),
            );
        }
        if let Some(first) = self.not_opened.first() {
            let count = self.not_opened.len();
            notes.push(format!("{count} of the dumps in that folder could not be opened: {}", first.error));
        }
        if self.left_out > 0 {
            let most = self.most;
            notes.push(format!(
                "{} files of that folder were not looked at (limit {most}: --max-linked)",
                self.left_out
            ));
        }
        for note in &notes {
            line!(output, "{warning}note: {}{off}", text::escape(note));
        }
        if !notes.is_empty() {
            line!(output);
        }
    }
}

fn changed(path: &Path) -> SystemTime {
    path.symlink_metadata().and_then(|facts| facts.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

fn distance(a: SystemTime, b: SystemTime) -> Duration {
    a.duration_since(b).or_else(|_| b.duration_since(a)).unwrap_or_default()
}
