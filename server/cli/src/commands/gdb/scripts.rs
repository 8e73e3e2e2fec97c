//! The commands for gdb, as a file that it can read.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use crate::platform;

/// What `gdb-scripts/crashsite.py` is.
const TEXT: &str = include_str!("../../../../../gdb-scripts/crashsite.py");

/// Writes the file below the user's cache, unless it is there as it should be; says where it is.
pub(super) fn laid_ready() -> io::Result<PathBuf> {
    let directory = platform::cache_directory()?.join("gdb-scripts");
    let path = directory.join("crashsite.py");
    if fs::read(&path).is_ok_and(|there| there == TEXT.as_bytes()) {
        return Ok(path);
    }
    fs::create_dir_all(&directory)?;
    let new = directory.join(format!("crashsite.py.{}.new", std::process::id()));
    platform::create_private(&new)?.write_all(TEXT.as_bytes())?;
    fs::rename(&new, &path)?;
    Ok(path)
}
