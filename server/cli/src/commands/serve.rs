//! `serve`: one loaded dump by every protocol at once.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use crashsite_lsp::{Files, LARGEST_MESSAGE};
use crashsite_model::{Dump, Limits};

use super::gdb::Monitor;
use super::{gdb, lsp, open};
use crate::arguments::Serve;
use crate::clients;
use crate::failure::Failure;
use crate::output::{Output, line};
use crate::say::say;

/// Dumps and files of this machine, of which one is loaded already.
struct Loaded {
    path: PathBuf,
    dump: Arc<Dump>,
    machine: lsp::Machine,
}

impl Files for Loaded {
    fn open(&self, path: &Path) -> Result<Arc<Dump>, String> {
        if path == self.path { Ok(self.dump.clone()) } else { self.machine.open(path) }
    }

    fn served(&self) -> Vec<PathBuf> {
        vec![self.path.clone()]
    }

    fn write(&self, directory: &Path, path: &str, text: &str) -> io::Result<()> {
        self.machine.write(directory, path, text)
    }
}

pub(crate) fn run(question: &Serve, limits: Limits, output: &mut Output) -> Result<(), Failure> {
    let dump = Arc::new(open(&question.dump, limits.clone())?);
    let image = gdb::image(&dump, &question.sources, &question.image)?;
    let monitor = Monitor { dump: &dump, image: &image };
    let path = std::path::absolute(&question.dump).unwrap_or_else(|_| question.dump.clone());
    let files: Arc<dyn Files> = Arc::new(Loaded { path, dump: dump.clone(), machine: lsp::Machine { limits } });

    let (for_gdb, for_editors) = (listener(question.gdb_port)?, listener(question.lsp_port)?);
    let port = |listener: &TcpListener| listener.local_addr().map_or(0, |address| address.port());
    let (gdb_port, lsp_port) = (port(&for_gdb), port(&for_editors));
    line!(output, "gdb      gdb -ex 'target remote 127.0.0.1:{gdb_port}'");
    line!(output, "editors  the Language Server Protocol at 127.0.0.1:{lsp_port}");
    line!(
        output,
        "         Neovim: vim.lsp.start({{name = 'crashsite', cmd = vim.lsp.rpc.connect('127.0.0.1', {lsp_port})}})"
    );
    line!(output, "For this machine only, until Ctrl-C. docs/gdb.md and docs/editors.md have more.");
    output.finish()?;

    let most = question.max_clients.unwrap_or(MOST_CLIENTS);
    thread::scope(|scope| {
        scope.spawn(|| {
            ended("gdb", clients::serve(&for_gdb, most, &|client, from| gdb::one(&client, from, &image, monitor)))
        });
        scope.spawn(|| {
            let session = |client, from| {
                // What an editor says at its end is of no use to a person.
                if let Err(error) = crashsite_lsp::connected(client, files.clone(), LARGEST_MESSAGE) {
                    say(&format!("{from}: {error}"));
                }
            };
            ended("editors", clients::serve(&for_editors, most, &session));
        });
    });
    Err(Failure::no_answer("nobody can connect any more", "Start it again."))
}

/// Clients of one protocol that are served at once.
const MOST_CLIENTS: u64 = 16;

fn listener(port: u16) -> Result<TcpListener, Failure> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        Failure::no_answer(
            format!("127.0.0.1:{port}: {error}"),
            "Give the number of a port that is free, or 0 for any.",
        )
    })
}

/// Only one protocol's clients are kept out: the others' are served.
fn ended(whose: &str, how: io::Result<Infallible>) {
    let Err(error) = how;
    say(&format!("clients for {whose} are not taken in any more: {error}"));
}
