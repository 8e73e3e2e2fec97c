//! How far long work is: one line on stderr while it lasts, where stderr is a terminal and it lasts long enough to wonder.

use std::io::{self, IsTerminal as _, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// When the line appears.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often it is written anew.
const STEP: Duration = Duration::from_millis(100);

/// Does the work. `so_far` tells how much of how much is done, from another thread, while it is going on.
pub(crate) fn shown<T>(what: &str, so_far: impl Fn() -> (u64, u64) + Sync, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    thread::scope(|scope| {
        // Dropped at the end of the work, also by a panic: the other thread erases its line and ends.
        let (_end, ended) = mpsc::channel::<()>();
        scope.spawn(|| watch(what, &so_far, ended, &mut io::stderr()));
        work()
    })
}

fn watch(what: &str, so_far: &dyn Fn() -> (u64, u64), ended: mpsc::Receiver<()>, terminal: &mut dyn Write) {
    let mut wait = PATIENCE;
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        let (done, all) = so_far();
        // Nobody may be looking any more; the work goes on.
        let _ = write!(terminal, "\r\x1b[K{what}: {done} of {all}").and_then(|()| terminal.flush());
        wait = STEP;
    }
    if wait == STEP {
        let _ = write!(terminal, "\r\x1b[K").and_then(|()| terminal.flush());
    }
}
