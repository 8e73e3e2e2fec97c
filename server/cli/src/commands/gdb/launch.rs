//! Starting gdb.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::platform;

/// What makes values print whole. gdb is good without it; a user's own settings come before, further arguments after.
const SETTINGS: [&str; 5] = [
    "set print elements 1000",
    "set print repeats unlimited",
    "set max-value-size unlimited",
    "set remotetimeout 60",
    "set debuginfod enabled off",
];

/// gdbs that know x86-64, best first.
const GDBS: [&str; 2] = if cfg!(target_arch = "x86_64") { ["gdb", "gdb-multiarch"] } else { ["gdb-multiarch", "gdb"] };

/// Sees whether the dump opens, so that what is wrong is said here and not by gdb. A process of its own does, which gives up
/// all that this one still needs.
pub(super) fn check() -> Result<(), Failure> {
    let mut child = Command::new(program()?);
    child.args(own_words()).arg("--check").stdin(Stdio::null()).stdout(Stdio::null());
    let ended = child.status().map_err(|error| {
        Failure::no_answer(format!("crashsite cannot be started by itself: {error}"), "Start it by its whole path.")
    })?;
    if ended.success() { Ok(()) } else { Err(Failure::said_by(ended)) }
}

/// Becomes gdb, which reads the scripts, and starts this program again, to be served by it.
pub(super) fn gdb(scripts: Option<&Path>, arguments: &[OsString]) -> Result<(), Failure> {
    let target = format!("target remote | {}", server()?);
    for name in GDBS {
        let mut gdb = Command::new(name);
        gdb.arg("-q");
        if let Some(scripts) = scripts {
            gdb.arg("-x").arg(scripts);
        }
        for setting in SETTINGS.into_iter().chain([target.as_str()]) {
            gdb.arg("-ex").arg(setting);
        }
        match platform::become_program(gdb.args(arguments)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::no_answer(format!("{name}: {error}"), "Is gdb installed rightly?")),
            Ok(()) => return Ok(()),
        }
    }
    Err(Failure::no_answer(
        format!("no {} was found", GDBS.join(", and no ")),
        "Install gdb (apt install gdb), or serve one on another machine: crashsite gdb --listen PORT DUMP",
    ))
}

/// The command line of the server: that of this process, for a shell.
fn server() -> Result<String, Failure> {
    let mut words = vec![program()?];
    words.extend(own_words());
    words.push("--stdio".into());
    let words: Option<Vec<String>> = words.iter().map(|word| shell_word(word)).collect();
    let refused = "gdb cannot be given a name with a line break, or one that is not Unicode";
    words.map(|words| words.join(" ")).ok_or_else(|| Failure::no_answer(refused, "Rename the dump, or link to it."))
}

/// This program.
fn program() -> Result<OsString, Failure> {
    std::env::current_exe().map(PathBuf::into_os_string).map_err(|_| Failure::internal())
}

/// What it was started with, up to what is gdb's.
fn own_words() -> impl Iterator<Item = OsString> {
    std::env::args_os().skip(1).take_while(|word| word != "--")
}

/// A word that the shell takes as it is, and that gdb takes for part of a line.
fn shell_word(word: &OsStr) -> Option<String> {
    let word = word.to_str().filter(|word| !word.contains(['\n', '\r', '\0']))?;
    Some(format!("'{}'", word.replace('\'', "'\\''")))
}
