//! A [`Dump`] of any format becomes a file of version 3 (docs/dump-format.md).
//!
//! [`write`] looks through the whole heap first, so that the summary, which stands at the beginning, can say everything
//! that could not be read. Then it writes part by part: a part is made, compressed and gone before the next. The same
//! dump always gives the same bytes.
//!
//! Nothing here knows the format that the dump was read from: what it lacks is absent.

mod column;
mod end;
mod headers;
mod message;
mod pickle;
mod preview;
mod section;
mod summary;
mod survey;
mod table;
mod text;

use std::io::{self, Write};

use crashsite_model::Dump;

pub use preview::{Preview, Previews};

use message::Message;
use survey::Survey;

/// What was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// Bytes of the file.
    pub bytes: u64,
    /// Objects in it.
    pub objects: u64,
    /// What the source does not have, as far as somebody may look for it.
    pub absent: Vec<&'static str>,
    /// What could not be taken over, in sentences.
    pub lost: Vec<String>,
    /// How many problems the file lists: those of the capture, of reading the source, and of `lost`.
    pub problems: usize,
}

/// Writes the dump.
///
/// Where the source has no closing part, neither has the file: it stays incomplete.
///
/// # Errors
/// What `out` says; [`io::ErrorKind::FileTooLarge`] where the file would hold more than the limits under which the source
/// was read allow.
pub fn write(dump: &Dump, previews: &dyn Previews, out: &mut dyn Write) -> io::Result<Written> {
    let mut survey = Survey::of(dump);
    let (kept, left_out) = headers::kept(&dump.headers);
    survey.headers_left_out(left_out);
    let problems = survey.problems(dump);
    let summary = summary::pickle(dump, previews, &problems);
    let mut message = Message::new(out, message::boundary(&[kept.as_bytes(), &summary]), &dump.limits);
    message.head(dump.format, &kept)?;
    message.part("summary", None, &summary)?;
    drop(summary);
    let sections = section::write_all(&dump.heap, &mut message)?;
    if dump.complete {
        let end = end::pickle(dump, &survey, &sections, message.size());
        message.part("end", None, &end)?;
    }
    message.close()?;
    Ok(Written {
        bytes: message.size(),
        objects: survey.objects(),
        absent: survey.absent(dump),
        lost: survey.lost(),
        problems: problems.len(),
    })
}
