//! Serving gdb at a TCP port, and at the same port the sources by HTTP.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crashsite_gdb::{End, fetch, is_http, serve};
use crashsite_image::Image;

use super::monitor::Monitor;
use crate::clients;
use crate::doors;
use crate::failure::Failure;
use crate::say::say;

/// How long the next bytes of a request by HTTP may take, or of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves clients, for ever, `most` at once.
pub(super) fn at(listener: &TcpListener, most: u64, image: &Image<'_>, monitor: Monitor<'_>) -> Result<(), Failure> {
    let refused = |error: io::Error| doors::refused("the port", &error);
    let opened = listener.local_addr().map_err(refused)?;
    say(&format!("listening at {opened}; in gdb: target remote {opened}"));
    say(&format!(
        "with sources, from another machine: gdb -ex 'set debuginfod enabled on' -ex 'set debuginfod urls http://{opened}' \
         -ex 'target remote {opened}'"
    ));
    if !opened.ip().is_loopback() {
        say("whoever reaches this port can read the dump");
    }
    clients::serve(listener, most, &|client, from| one(&client, from, image, monitor))
        .map_err(refused)
        .map(|never| match never {})
}

/// Serves a client.
pub(in crate::commands) fn one(client: &TcpStream, from: SocketAddr, image: &Image<'_>, mut monitor: Monitor<'_>) {
    let mut session = || {
        client.set_nodelay(true)?;
        let (mut input, mut output) = (client, client);
        let mut first = [0];
        match client.peek(&mut first) {
            Ok(1..) if is_http(first) => {
                client.set_read_timeout(Some(PATIENCE))?;
                client.set_write_timeout(Some(PATIENCE))?;
                // Who fetches a file sees whether it came.
                let _ = fetch(image, &mut input, &mut output);
                Ok(None)
            }
            // What was wrong is so still, where the session reads.
            _ => serve(image, &mut monitor, &mut input, &mut output).map(Some),
        }
    };
    match session() {
        Ok(None) => {}
        Ok(Some(End::Left)) => say(&format!("{from} has left")),
        Ok(Some(End::Gone)) => say(&format!("{from} is gone")),
        Ok(Some(End::Rubbish)) => say(&format!("{from} does not speak gdb's protocol, and was sent away")),
        Err(error) => say(&format!("{from}: {error}")),
    }
}
