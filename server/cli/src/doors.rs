//! The listeners that a command line asks for, bound before anything of a dump is read: afterwards none can be.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};

use crate::arguments::{Command, Dap, Gdb, Lsp};
use crate::failure::Failure;

/// Binds them, in the order in which the command has them.
pub(crate) fn open(command: Option<&Command>) -> Result<Vec<TcpListener>, Failure> {
    match command {
        Some(Command::Serve(serve)) => [serve.gdb_port, serve.dap_port, serve.lsp_port]
            .into_iter()
            .map(|port| at(&local(port).to_string()))
            .collect(),
        Some(Command::Gdb(Gdb { listen: Some(address), .. })) => {
            let full =
                if address.contains(':') { address.clone() } else { format!("{}:{address}", Ipv4Addr::LOCALHOST) };
            Ok(vec![at(&full)?])
        }
        Some(Command::Dap(Dap { listen: Some(address), .. }) | Command::Lsp(Lsp { listen: Some(address), .. })) => {
            Ok(vec![at(&address.to_string())?])
        }
        _ => Ok(Vec::new()),
    }
}

fn at(address: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| refused(address, &error))
}

/// Nobody can be waited for there.
pub(crate) fn refused(address: &str, error: &io::Error) -> Failure {
    Failure::no_answer(
        format!("{address}: {error}"),
        "Give the number of a port that is free, or 0 for any. Without an address it is 127.0.0.1.",
    )
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}
