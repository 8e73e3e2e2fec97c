//! What a server tells a person, on stderr: stdout belongs to its protocol.

use std::io::{self, Write as _};

use crashsite_view::text;

/// Writes a line.
pub(crate) fn say(line: &str) {
    // Nobody may be listening.
    let _ = writeln!(io::stderr().lock(), "crashsite: {}", text::escape(line));
}
