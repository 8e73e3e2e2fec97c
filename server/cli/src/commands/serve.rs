//! `serve`: one loaded dump by every protocol at once.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use crashsite_lsp::{Files, LARGEST_MESSAGE};
use crashsite_model::Dump;

use super::gdb::Monitor;
use super::{dap, gdb, lsp};
use crate::arguments::Serve;
use crate::clients;
use crate::failure::Failure;
use crate::output::{Output, line};
use crate::reading::Reading;
use crate::sandbox::Sandbox;
use crate::say::say;

/// Clients of one protocol that are served at once.
const MOST_CLIENTS: u64 = 16;

/// What serves a client.
type Session<'s> = dyn Fn(TcpStream, SocketAddr) + Sync + 's;

/// Dumps and files of this machine, of which one is loaded already.
struct Loaded {
    path: PathBuf,
    dump: Arc<Dump>,
    machine: lsp::Machine,
}

impl Files for Loaded {
    fn open(&self, path: &Path, identities: &[PathBuf]) -> Result<Arc<Dump>, String> {
        if path == self.path { Ok(self.dump.clone()) } else { self.machine.open(path, identities) }
    }

    fn is_sealed(&self, path: &Path) -> bool {
        self.machine.is_sealed(path)
    }

    fn served(&self) -> Vec<PathBuf> {
        vec![self.path.clone()]
    }

    /// Everything was given up when the server was started, for all clients alike.
    fn begin(&self, _named: &[PathBuf]) -> io::Result<()> {
        Ok(())
    }

    fn scratch(&self) -> PathBuf {
        self.machine.scratch()
    }

    fn write(&self, directory: &Path, path: &str, text: &str) -> io::Result<()> {
        self.machine.write(directory, path, text)
    }
}

pub(crate) fn run(
    question: &Serve,
    reading: &Reading,
    doors: Vec<TcpListener>,
    sandbox: Sandbox,
    output: &mut Output,
) -> Result<(), Failure> {
    let dump = Arc::new(reading.open(&question.dump)?);
    let image = gdb::image(&dump, &question.dump, &question.sources, &question.image)?;
    let monitor = Monitor { dump: &dump, image: &image };
    let debuggee = dap::Local {
        dump: Some(dump.clone()),
        reading: reading.clone(),
        effort: question.effort.limits(),
        sandbox,
        read: question.sources.read.clone(),
    };
    let path = std::path::absolute(&question.dump).unwrap_or_else(|_| question.dump.clone());
    let machine = lsp::Machine::new(reading.clone(), sandbox, Vec::new());
    let files: Arc<dyn Files> = Arc::new(Loaded { path, dump: dump.clone(), machine });

    let for_gdb = |client: TcpStream, from| gdb::one(&client, from, &image, monitor);
    let for_debuggers = |client: TcpStream, from| dap::one(&client, from, &debuggee, crashsite_dap::Limits::default());
    let for_editors = |client, from| match crashsite_lsp::connected(client, files.clone(), LARGEST_MESSAGE) {
        Ok(_) => say(&format!("{from} has left")),
        Err(error) => say(&format!("{from}: {error}")),
    };
    let sessions: [(&str, &Session<'_>); 3] = [("gdb", &for_gdb), ("DAP", &for_debuggers), ("LSP", &for_editors)];
    let doors: [TcpListener; 3] = doors.try_into().map_err(|_| Failure::internal())?;

    let [gdb, dap, lsp] = doors.each_ref().map(|listener| listener.local_addr().map_or(0, |at| at.port()));
    line!(output, "gdb   gdb -ex 'target remote 127.0.0.1:{gdb}'");
    line!(
        output,
        "DAP   VS Code, in launch.json: {{\"type\": \"crashsite\", \"request\": \"attach\", \"debugServer\": {dap}}}"
    );
    line!(output, "LSP   Neovim: vim.lsp.start({{name = 'crashsite', cmd = vim.lsp.rpc.connect('127.0.0.1', {lsp})}})");
    line!(output, "Others connect to 127.0.0.1, ports {gdb}, {dap} and {lsp}: from this machine only, until Ctrl-C.");
    output.finish()?;

    let most = question.max_clients.unwrap_or(MOST_CLIENTS);
    thread::scope(|scope| {
        for (listener, (name, session)) in doors.iter().zip(sessions) {
            scope.spawn(move || {
                // Only the clients of one protocol are kept out: the others' are served.
                let Err(error) = clients::serve(listener, most, session);
                say(&format!("clients for {name} are not taken in any more: {error}"));
            });
        }
    });
    Err(Failure::no_answer("nobody can connect any more", "Start it again."))
}
