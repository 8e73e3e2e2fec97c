//! Serving at a TCP port: each client has a thread, and one that is silent keeps no other waiting.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::say::say;

/// Bytes of a thread's stack: expressions are as deep here as on the command line.
const STACK: usize = 8 << 20;
/// How long a client waits for one of those before it to leave.
const WAIT: Duration = Duration::from_secs(1);

/// Serves who connects, for ever, `most` at once; more are sent away, and that is said. Nothing a client does ends it.
///
/// # Errors
/// Where nobody can connect any more.
pub(crate) fn serve(
    listener: &TcpListener,
    most: u64,
    session: &(dyn Fn(TcpStream, SocketAddr) + Sync),
) -> io::Result<Infallible> {
    let places = Places { free: Mutex::new(most), given_back: Condvar::new() };
    thread::scope(|scope| {
        loop {
            let (client, from) = match listener.accept() {
                Ok(accepted) => accepted,
                // It was gone before its turn.
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
                Err(error) => return Err(error),
            };
            let Some(place) = places.take() else {
                say(&format!("{from} was sent away: {most} clients are served already (--max-clients)"));
                continue;
            };
            let serving = move || {
                if catch_unwind(AssertUnwindSafe(|| session(client, from))).is_err() {
                    say(&format!("{from} brought crashsite into a state it should never be in: please report it"));
                }
                drop(place);
            };
            if let Err(error) = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, serving) {
                say(&format!("{from} was sent away: {error}"));
            }
        }
    })
}

/// Room for so many clients.
struct Places {
    free: Mutex<u64>,
    given_back: Condvar,
}

impl Places {
    /// A place; `None` where none becomes free within [`WAIT`].
    fn take(&self) -> Option<Place<'_>> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.given_back.wait_timeout_while(free, WAIT, |free| *free == 0);
        let mut free = waited.unwrap_or_else(PoisonError::into_inner).0;
        *free = free.checked_sub(1)?;
        Some(Place(self))
    }
}

/// The room of a client.
struct Place<'a>(&'a Places);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.given_back.notify_one();
    }
}
