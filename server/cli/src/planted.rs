//! What an intruder would try, tried whenever a dump is read: for tests, in builds for development only.
//!
//! `CRASHSITE_PLANTED` names attempts, separated by spaces: `read:/etc/passwd`, `write:/tmp/x`, `run:/bin/true`,
//! `connect:127.0.0.1:80`, `listen:127.0.0.1:0`. What came of each is written to stderr, the same only once.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// What was written.
static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Makes the attempts.
pub(crate) fn attempt() {
    let Some(attempts) = std::env::var_os("CRASHSITE_PLANTED") else { return };
    for attempt in attempts.to_string_lossy().split_whitespace() {
        let (what, on) = attempt.split_once(':').unwrap_or((attempt, ""));
        let done = match what {
            "read" => fs::read(on).map(|_| ()),
            "write" => File::create(on).map(|_| ()),
            "run" => Command::new(on).status().map(|_| ()),
            "connect" => TcpStream::connect(on).map(|_| ()),
            "listen" => TcpListener::bind(on).map(|_| ()),
            _ => Err(io::Error::other("no such attempt")),
        };
        let told = match done {
            Ok(()) => "done".to_owned(),
            Err(error) => format!("{:?}", error.kind()),
        };
        let line = format!("planted {what}: {told}");
        if TOLD.lock().unwrap_or_else(PoisonError::into_inner).insert(line.clone()) {
            let _ = writeln!(io::stderr().lock(), "{line}");
        }
    }
}
