//! How far long work is: one line on stderr while it lasts, where stderr is a terminal and it lasts long enough to wonder.

use std::io::{self, IsTerminal as _, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// When the line appears.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often it is written anew.
const STEP: Duration = Duration::from_millis(100);

/// The line, while the work goes on.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// Whether it stands on the terminal.
    written: Mutex<bool>,
}

impl Line {
    /// Writes something else: the line makes room for it.
    pub(crate) fn above<T>(&self, write: impl FnOnce() -> T) -> T {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if *written {
            erase(&mut io::stderr());
            *written = false;
        }
        write()
    }
}

/// Does the work. `so_far` tells how much of how much is done, from another thread, while it is going on.
pub(crate) fn shown<T>(what: &str, so_far: impl Fn() -> (u64, u64) + Sync, work: impl FnOnce(&Line) -> T) -> T {
    let line = Line::default();
    if !io::stderr().is_terminal() {
        return work(&line);
    }
    thread::scope(|scope| {
        // Dropped at the end of the work, also by a panic: the other thread erases its line and ends.
        let (_end, ended) = mpsc::channel::<()>();
        scope.spawn(|| watch(what, &so_far, ended, &line));
        work(&line)
    })
}

fn watch(what: &str, so_far: &dyn Fn() -> (u64, u64), ended: mpsc::Receiver<()>, line: &Line) {
    let mut wait = PATIENCE;
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        let (done, all) = so_far();
        let mut written = line.written.lock().unwrap_or_else(PoisonError::into_inner);
        let mut terminal = io::stderr();
        // Nobody may be looking any more; the work goes on.
        let _ = write!(terminal, "\r\x1b[K{what}: {done} of {all}").and_then(|()| terminal.flush());
        *written = true;
        wait = STEP;
    }
    line.above(|| ());
}

fn erase(terminal: &mut dyn Write) {
    let _ = write!(terminal, "\r\x1b[K").and_then(|()| terminal.flush());
}
