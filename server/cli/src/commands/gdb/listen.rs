//! Serving gdb at a TCP port, one client after the other.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crashsite_gdb::{End, serve};
use crashsite_image::Image;

use super::monitor::Monitor;
use super::say;
use crate::failure::Failure;

/// Serves clients at `[ADDR:]PORT`, for ever.
pub(super) fn at(address: &str, image: &Image<'_>, monitor: &mut Monitor<'_>) -> Result<(), Failure> {
    let full = if address.contains(':') { address.to_owned() } else { format!("127.0.0.1:{address}") };
    let refused = |error: io::Error| {
        Failure::no_answer(
            format!("{full}: {error}"),
            "Give the number of a port that is free, or 0 for any: --listen 0. Without an address it is 127.0.0.1.",
        )
    };
    let listener = TcpListener::bind(&full).map_err(refused)?;
    let opened = listener.local_addr().map_err(refused)?;
    say(&format!("listening at {opened}; in gdb: target remote {opened}"));
    if !opened.ip().is_loopback() {
        say("whoever reaches this port can read the dump");
    }
    loop {
        let (client, from) = listener.accept().map_err(refused)?;
        match one(&client, image, monitor) {
            Ok(End::Left) => say(&format!("{from} has left")),
            Ok(End::Gone) => say(&format!("{from} is gone")),
            Ok(End::Rubbish) => say(&format!("{from} does not speak gdb's protocol, and was sent away")),
            Err(error) => say(&format!("{from}: {error}")),
        }
    }
}

/// Serves a client. Nothing it sends ends the server.
fn one(client: &TcpStream, image: &Image<'_>, monitor: &mut Monitor<'_>) -> io::Result<End> {
    client.set_nodelay(true)?;
    let (mut input, mut output) = (client.try_clone()?, client.try_clone()?);
    let served = catch_unwind(AssertUnwindSafe(|| serve(image, monitor, &mut input, &mut output)));
    served.unwrap_or(Ok(End::Rubbish))
}
