//! The beginning of a session, up to where a dump is open.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use crashsite_view::editor::paths::Mapping;
use serde::Deserialize;
use serde_json::Value;

use crate::types::{Capabilities, InitializeRequestArguments};
use crate::wire::{Answer, Refusal, Request, Wire, body};
use crate::{End, Machine, Opened, refused};

/// The arguments of `launch` and `attach`, which mean the same.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Launch {
    dump: Option<PathBuf>,
    /// Another name for it.
    program: Option<PathBuf>,
    pub(crate) path_mappings: Vec<Mapping>,
    pub(crate) just_my_code: bool,
    /// URIs of documents that the client has of the dump's sources, by the sources' names.
    pub(crate) documents: HashMap<String, String>,
    limits: BTreeMap<String, Value>,
}

impl Default for Launch {
    fn default() -> Self {
        Launch {
            dump: None,
            program: None,
            path_mappings: Vec::new(),
            just_my_code: true,
            documents: HashMap::new(),
            limits: BTreeMap::new(),
        }
    }
}

impl Launch {
    pub(crate) fn open(&self, machine: &dyn Machine) -> Result<Opened, Refusal> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let limits = self.limits.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        let path = self.dump.as_deref().or(self.program.as_deref());
        machine.open(path, &limits).map_err(Refusal::shown)
    }
}

/// How a client counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    /// The number of the first line.
    pub(crate) first_line: i64,
    /// The number of the first column.
    pub(crate) first_column: i64,
}

/// A dump, and how it is to be looked at.
pub(crate) struct Looking {
    pub(crate) opened: Opened,
    pub(crate) launch: Launch,
    pub(crate) client: Client,
    /// It was open before: nothing is waited for.
    pub(crate) again: bool,
}

/// What comes next.
pub(crate) enum Next {
    Look(Box<Looking>),
    End(End),
}

/// Waits until a dump is open, or the client leaves.
pub(crate) fn wait(wire: &mut Wire<'_>, machine: &dyn Machine) -> Next {
    let mut client = Client { first_line: 1, first_column: 1 };
    let mut told = false;
    while let Some(request) = wire.request() {
        match request.command.as_str() {
            "initialize" => {
                let answer = initialize(&request, &mut client);
                wire.respond(&request, answer);
            }
            "launch" | "attach" => match open(&request, machine) {
                Ok((launch, opened)) => {
                    wire.respond(&request, Ok(None));
                    wire.event("initialized", None);
                    return Next::Look(Box::new(Looking { opened, launch, client, again: false }));
                }
                Err(refusal) => {
                    wire.respond(&request, Err(refusal));
                    if !std::mem::replace(&mut told, true) {
                        wire.event("terminated", None);
                    }
                }
            },
            "disconnect" => {
                wire.respond(&request, Ok(None));
                return Next::End(End::Disconnected);
            }
            "terminate" => wire.respond(&request, Ok(None)),
            _ => {
                let refusal = refused::unknown(&request.command)
                    .unwrap_or_else(|| Refusal::quiet("no dump is open yet: `launch` opens one"));
                wire.respond(&request, Err(refusal));
            }
        }
    }
    Next::End(End::Gone)
}

fn open(request: &Request, machine: &dyn Machine) -> Result<(Launch, Opened), Refusal> {
    let launch: Launch = request.arguments().map_err(|refusal| {
        Refusal::shown(format!("{}\nWhat may stand in a launch configuration is told in docs/dap.md.", refusal.message))
    })?;
    let opened = launch.open(machine)?;
    Ok((launch, opened))
}

fn initialize(request: &Request, client: &mut Client) -> Answer {
    let arguments: InitializeRequestArguments = request.arguments()?;
    let first = |from_one: Option<bool>| i64::from(from_one.unwrap_or(true));
    *client = Client { first_line: first(arguments.lines_start_at1), first_column: first(arguments.columns_start_at1) };
    body(capabilities())
}

fn capabilities() -> Capabilities {
    let letters = [".", "[", "$", "'", "\""].map(str::to_owned);
    Capabilities {
        completion_trigger_characters: letters.into(),
        supports_clipboard_context: Some(true),
        supports_completions_request: Some(true),
        supports_configuration_done_request: Some(true),
        supports_delayed_stack_trace_loading: Some(true),
        supports_evaluate_for_hovers: Some(true),
        supports_exception_info_request: Some(true),
        supports_loaded_sources_request: Some(true),
        supports_modules_request: Some(true),
        supports_read_memory_request: Some(true),
        supports_restart_request: Some(true),
        supports_terminate_request: Some(true),
        ..Capabilities::default()
    }
}
