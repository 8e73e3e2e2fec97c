//! `gdb`: the dump, as a process that gdb looks at.

mod launch;
mod list;
mod listen;
mod monitor;
mod scripts;
mod sources;

use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crashsite_gdb::{End, serve};
use crashsite_image::{Image, Options};
use crashsite_model::Dump;

use crate::arguments::{Gdb, SourceFlags};
use crate::failure::Failure;
use crate::limits::ImageFlags;
use crate::reading::{Reading, is_sealed_file};
use crate::say::say;
pub(super) use listen::one;
pub(super) use monitor::Monitor;

pub(crate) fn run(question: &Gdb, reading: &Reading, doors: &[TcpListener]) -> Result<(), Failure> {
    if !question.stdio && question.listen.is_none() && !question.check {
        launch::check()?;
        let scripts = if question.no_scripts { None } else { scripts() };
        return launch::gdb(scripts.as_deref(), &question.arguments);
    }
    let dump = reading.open(&question.dump)?;
    if question.check {
        return Ok(());
    }
    let image = image(&dump, &question.dump, &question.sources, &question.limits)?;
    let mut monitor = Monitor { dump: &dump, image: &image };
    match doors.first() {
        Some(listener) => listen::at(listener, question.server.clients(), &image, monitor),
        None => {
            let ended = serve(&image, &mut monitor, &mut io::stdin().lock(), &mut io::stdout().lock());
            match ended {
                Ok(End::Left | End::Gone) => Ok(()),
                Ok(End::Rubbish) => Err(Failure::no_answer(
                    "stdin does not speak gdb's protocol",
                    "gdb starts this itself: target remote | crashsite gdb --stdio DUMP. By hand it is: crashsite gdb DUMP",
                )),
                Err(error) => Err(Failure::no_answer(format!("the connection failed: {error}"), "Connect again.")),
            }
        }
    }
}

/// The image; the sources of the dump are laid ready for the debugger. Of a dump that is sealed only those are that are files
/// of this machine anyway.
pub(super) fn image<'a>(
    dump: &'a Dump,
    path: &Path,
    files: &SourceFlags,
    flags: &ImageFlags,
) -> Result<Image<'a>, Failure> {
    let linked_only = is_sealed_file(path);
    let source_directory = sources::laid_ready(dump, &files.mappings, linked_only).unwrap_or_else(|error| {
        say(&format!("gdb will not find the sources, they could not be written: {error}"));
        String::new()
    });
    let image = Image::of(dump, &Options { limits: flags.limits(), source_directory })
        .map_err(|error| Failure::no_answer(error.message, error.remedy))?;
    if let Some(left_out) = image.left_out() {
        say(&left_out);
    }
    Ok(image)
}

/// The commands for gdb, which does without them where they cannot be written.
fn scripts() -> Option<PathBuf> {
    let failed = |error| say(&format!("gdb will not have the py- commands, they could not be written: {error}"));
    scripts::laid_ready().map_err(failed).ok()
}
