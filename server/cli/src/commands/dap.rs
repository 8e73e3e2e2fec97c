//! `dap`: a crash in the debugger of an editor.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Parser as _;
use crashsite_dap::{End, Machine, Opened, serve};
use crashsite_model::Dump;
use crashsite_sandbox::Policy;
use crashsite_view::editor::paths::Mapping;
use crashsite_view::eval;

use crate::arguments::{Dap, GivenLimits, ReadFlags};
use crate::clients;
use crate::doors;
use crate::failure::Failure;
use crate::platform;
use crate::reading::Reading;
use crate::sandbox::{self, Sandbox};
use crate::say::say;

/// Dumps and files of this machine.
pub(super) struct Local {
    /// The dump that is served, where it is one.
    pub(super) dump: Option<Arc<Dump>>,
    pub(super) reading: Reading,
    pub(super) effort: eval::Limits,
    /// What is done once the dump is open.
    pub(super) sandbox: Sandbox,
    pub(super) read: ReadFlags,
}

impl Machine for Local {
    fn open(
        &self,
        path: Option<&Path>,
        identities: &[PathBuf],
        limits: &BTreeMap<String, String>,
        mappings: &[Mapping],
    ) -> Result<Opened, String> {
        let given = given(limits)?;
        let effort = given.effort.over(self.effort);
        let dump = match (&self.dump, path) {
            (Some(dump), None) => dump.clone(),
            (None, Some(path)) => {
                let mut reading = self.reading.with(identities);
                reading.limits = given.limits.over(reading.limits);
                Arc::new(reading.open(path).map_err(|failure| failure.to_string())?)
            }
            (Some(_), Some(path)) => {
                let path = path.display();
                return Err(Failure::no_answer(
                    format!("{path} cannot be opened here: this server was started with a dump, and serves that one"),
                    "Leave `dump` out of the launch configuration, or start a server without a dump: crashsite dap",
                )
                .to_string());
            }
            (None, None) => {
                return Err(Failure::no_answer(
                    "no dump was given",
                    "Give its path in the launch configuration: \"dump\": \"/path/of/crash.dump\"",
                )
                .to_string());
            }
        };
        // The path again, since a client may have the session begin anew.
        let mut read = sandbox::own_sources(mappings, &self.read);
        read.extend(path.map(Path::to_owned));
        read.extend(self.reading.with(identities).identities().iter().cloned());
        let policy = Policy { read, serve: true, ..Policy::default() };
        self.sandbox.enter(&policy).map_err(|failure| failure.to_string())?;
        Ok(Opened { dump, limits: effort })
    }

    fn read(&self, path: &Path) -> Option<Vec<u8>> {
        platform::read_source(path)
    }
}

/// The limits that a launch configuration has.
fn given(limits: &BTreeMap<String, String>) -> Result<GivenLimits, String> {
    let flags = limits.iter().map(|(name, value)| format!("--{name}={value}"));
    GivenLimits::try_parse_from(flags).map_err(|error| {
        let text = error.to_string();
        let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let remedy = "`limits` in the launch configuration takes what `crashsite dap --help` lists: {\"max-inflated\": \"512M\"}";
        Failure::no_answer(first, remedy).to_string()
    })
}

pub(crate) fn run(question: &Dap, reading: &Reading, doors: &[TcpListener], sandbox: Sandbox) -> Result<(), Failure> {
    let dump = question.dump.as_deref().map(|path| reading.open(path)).transpose()?.map(Arc::new);
    let effort = question.effort.limits();
    let machine = Local { dump, reading: reading.clone(), effort, sandbox, read: question.read.clone() };
    let default = crashsite_dap::Limits::default();
    let or = |given: Option<u64>, default: usize| given.and_then(|given| given.try_into().ok()).unwrap_or(default);
    let limits = crashsite_dap::Limits {
        message: or(question.max_message, default.message),
        expandable: or(question.max_expandable, default.expandable),
    };
    match doors.first() {
        None => serve(io::stdin(), io::stdout(), &machine, limits)
            .map(|_| ())
            .map_err(|error| Failure::no_answer(format!("the debugger cannot be served: {error}"), "Try again.")),
        Some(listener) => listen(listener, question.server.clients(), &machine, limits),
    }
}

fn listen(listener: &TcpListener, most: u64, machine: &Local, limits: crashsite_dap::Limits) -> Result<(), Failure> {
    let refused = |error: io::Error| doors::refused("the port", &error);
    let opened = listener.local_addr().map_err(refused)?;
    say(&format!("listening at {opened}; in a launch configuration of VS Code: \"debugServer\": {}", opened.port()));
    clients::serve(listener, most, &|client, from| one(&client, from, machine, limits))
        .map_err(refused)
        .map(|never| match never {})
}

/// Serves a client.
pub(super) fn one(client: &TcpStream, from: SocketAddr, machine: &Local, limits: crashsite_dap::Limits) {
    let session = || {
        client.set_nodelay(true)?;
        serve(client, client, machine, limits)
    };
    match session() {
        Ok(End::Disconnected) => say(&format!("{from} has left")),
        Ok(End::Gone) => say(&format!("{from} is gone")),
        Err(error) => say(&format!("{from}: {error}")),
    }
}
