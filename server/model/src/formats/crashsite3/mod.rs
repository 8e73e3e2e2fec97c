//! The reader of format version 3 (docs/dump-format.md).

mod end;
mod fields;
mod section;
mod summary;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crashsite_parse::{Container, Error, LimitKind, Limits, Part, PartKind, Pickle, Source, Stage, read_pickle};

use crate::heap::{Heap, LoadSection, Section};
use crate::problem::Problems;
use crate::{Dump, Header, Problem};
use fields::Fields;

/// Opens a dump of version 3.
pub(super) fn open(source: Arc<dyn Source>, limits: Limits) -> Result<Dump, Error> {
    let container = Container::read(&source, &limits)?;
    let mut problems = Problems::default();
    let mut parts = Parts { source, container, limits: limits.clone(), inflated: AtomicU64::new(0) };
    for problem in std::mem::take(&mut parts.container.problems) {
        problems.at(problem.offset, problem.message);
    }
    let summary = open_summary(&parts, &mut problems)?;
    let end = open_end(&parts, &mut problems);
    let complete = end.is_some();
    if !complete || !parts.container.closed {
        problems.at(parts.source.len(), "the file is incomplete: its closing part is missing");
    }
    let mut dump = summary;
    let (end, known, reported) = match end {
        Some(end) => {
            // What was left out of the heap is known at the end only.
            dump.redaction.counts = end.redacted.unwrap_or(dump.redaction.counts);
            (Some(end.end), end.known, end.problems)
        }
        None => (None, crate::heap::Known::default(), Vec::new()),
    };
    dump.problems.extend(reported.iter().map(|text| Problem::captured(text.to_string())));
    dump.file_size = parts.source.len();
    dump.headers =
        std::mem::take(&mut parts.container.headers).into_iter().map(|(name, value)| Header { name, value }).collect();
    let index = index_of(&parts.container.parts, &mut problems);
    let offsets: Vec<u64> = parts.container.parts.iter().map(|part| part.offset).collect();
    let (heap, dropped) = Heap::new(index, Box::new(parts), known);
    for (first, last, part) in dropped {
        let offset = offsets.get(part).copied().unwrap_or(0);
        problems.at(offset, format!("objects {first} to {last} overlap another section, and are left out"));
    }
    dump.heap = heap;
    // What the reader found stands first, then what the capture said.
    let mut list = problems.into_list();
    list.append(&mut dump.problems);
    dump.problems = list;
    dump.complete = complete;
    dump.end = end;
    dump.limits = limits;
    Ok(dump)
}

fn open_summary(parts: &Parts, problems: &mut Problems) -> Result<Dump, Error> {
    let Some(part) = parts.of_kind(&PartKind::Summary) else {
        return Err(Error::new(
            Stage::Container,
            parts.source.len(),
            "the file has no summary",
            "The process was killed while it wrote the beginning: nothing in the file can be shown.",
        ));
    };
    let mut found = Vec::new();
    let pickle = parts.pickle(part, &mut found)?;
    found.into_iter().for_each(|problem| problems.push(problem));
    if !pickle.is_dict(pickle.root()) {
        return Err(Error::new(
            Stage::Pickle,
            part.offset,
            "the summary is no dictionary",
            "The file is damaged: nothing in it can be shown.",
        ));
    }
    Ok(summary::read(&mut Fields::new(&pickle, part.offset, "summary", problems)))
}

fn open_end(parts: &Parts, problems: &mut Problems) -> Option<end::Ending> {
    let part = parts.of_kind(&PartKind::End)?;
    let mut found = Vec::new();
    let read = parts.pickle(part, &mut found);
    found.into_iter().for_each(|problem| problems.push(problem));
    match read {
        Ok(pickle) if pickle.is_dict(pickle.root()) => {
            Some(end::read(&mut Fields::new(&pickle, part.offset, "end", problems)))
        }
        Ok(_) => {
            problems.at(part.offset, "the closing part is no dictionary");
            None
        }
        Err(error) => {
            problems.at(part.offset, format!("the closing part cannot be read: {error}"));
            None
        }
    }
}

/// Which objects lie in which part. A part that the file's end cuts holds none: half a pickle is no use.
fn index_of(parts: &[Part], problems: &mut Problems) -> Vec<(u32, u32, usize)> {
    let mut index = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        if let PartKind::Heap { first, end } = part.kind {
            if part.truncated {
                problems.at(part.offset, format!("the file ends within the section of objects {first} to {end}"));
            } else if first < end {
                index.push((first, end, number));
            }
        }
    }
    index
}

/// The parts of the file, to be inflated when wanted, all together under one limit.
struct Parts {
    source: Arc<dyn Source>,
    container: Container,
    limits: Limits,
    inflated: AtomicU64,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").field("parts", &self.container.parts.len()).finish_non_exhaustive()
    }
}

impl Parts {
    fn of_kind(&self, kind: &PartKind) -> Option<&Part> {
        self.container.parts.iter().find(|part| part.kind == *kind)
    }

    fn pickle(&self, part: &Part, problems: &mut Vec<Problem>) -> Result<Pickle, Error> {
        let used = self.inflated.load(Ordering::Relaxed);
        let room = self.limits.max_total.saturating_sub(used);
        let total = || {
            let limit = self.limits.limit(LimitKind::Total);
            Error::limit(Stage::Inflate, part.offset, "too much to decompress", limit)
        };
        let mut limits = self.limits.clone();
        limits.max_inflated = limits.max_inflated.min(room);
        let body = self.container.body(&self.source, part, &limits).map_err(|error| match error.limit {
            Some(limit) if limit.kind == LimitKind::Inflated && room < self.limits.max_inflated => total(),
            _ => error,
        })?;
        self.inflated.fetch_add(body.bytes.len() as u64, Ordering::Relaxed);
        problems.extend(body.problems.into_iter().map(|problem| Problem::at(problem.offset, problem.message)));
        let pickle = read_pickle(body.bytes, &self.limits)?;
        if let Err((opcode, offset)) = pickle.only_data() {
            problems.push(Problem::at(
                part.offset,
                format!("the part's pickle has {opcode:?} at its byte {offset}, which no writer of this format writes"),
            ));
        }
        Ok(pickle)
    }
}

impl LoadSection for Parts {
    fn load(&self, index: usize, problems: &mut Vec<Problem>) -> Option<Section> {
        let part = self.container.parts.get(index)?;
        let PartKind::Heap { first, end } = part.kind else {
            return None;
        };
        let name = format!("section of objects {first} to {end}");
        let pickle = match self.pickle(part, problems) {
            Ok(pickle) => pickle,
            Err(error) => {
                problems.push(Problem::at(part.offset, format!("{name}: {error}")));
                return None;
            }
        };
        let mut found = Problems::default();
        let section = section::read(pickle, (first, end), part.offset, &name, &mut found);
        problems.append(&mut found.into_list());
        section
    }
}
