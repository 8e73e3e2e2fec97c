//! The beginning of a session, up to where a dump is open.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use crashsite_view::editor::paths::Mapping;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::types::{Capabilities, InitializeRequestArguments};
use crate::wire::{Answer, Refusal, Request, Wire, body};
use crate::{End, Machine, Opened, refused};

/// The arguments of `launch` and `attach`, which mean the same; others are somebody else's.
#[derive(Debug, Clone)]
pub(crate) struct Launch {
    dump: Option<PathBuf>,
    /// Files with the reader's keys.
    identities: Vec<PathBuf>,
    pub(crate) path_mappings: Vec<Mapping>,
    pub(crate) just_my_code: bool,
    /// URIs of documents that the client has of the dump's sources, by the sources' names.
    pub(crate) documents: HashMap<String, String>,
    limits: BTreeMap<String, String>,
}

/// Arguments by their names, not looked into yet.
pub(crate) type Fields<'d> = HashMap<String, &'d RawValue>;

impl Launch {
    /// # Errors
    /// Where an argument is not what it should be; the text says which.
    pub(crate) fn of(fields: &Fields<'_>) -> Result<Launch, Refusal> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let limits: Option<BTreeMap<String, Value>> = field(fields, "limits")?;
        let limits = limits.unwrap_or_default();
        let dump: Option<PathBuf> = field(fields, "dump")?;
        Ok(Launch {
            dump: dump.map_or_else(|| field(fields, "program"), |dump| Ok(Some(dump)))?,
            identities: identities(field(fields, "identity")?),
            path_mappings: field(fields, "pathMappings")?.unwrap_or_default(),
            documents: field(fields, "documents")?.unwrap_or_default(),
            just_my_code: field(fields, "justMyCode")?.unwrap_or(true),
            limits: limits.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        })
    }

    pub(crate) fn open(&self, machine: &dyn Machine) -> Result<Opened, Refusal> {
        machine.open(self.dump.as_deref(), &self.identities, &self.limits, &self.path_mappings).map_err(Refusal::shown)
    }
}

/// The names of files in `identity`: one, or a list; an empty one is none.
fn identities(given: Option<OneOrMany>) -> Vec<PathBuf> {
    let mut paths = match given {
        None => Vec::new(),
        Some(OneOrMany::One(path)) => vec![path],
        Some(OneOrMany::Many(paths)) => paths,
    };
    paths.retain(|path| !path.as_os_str().is_empty());
    paths
}

/// A path, or several.
#[derive(Deserialize)]
#[serde(untagged, expecting = "want the path of a file, or a list of paths")]
enum OneOrMany {
    One(PathBuf),
    Many(Vec<PathBuf>),
}

fn field<T: for<'d> Deserialize<'d>>(fields: &Fields<'_>, name: &str) -> Result<Option<T>, Refusal> {
    let Some(raw) = fields.get(name) else { return Ok(None) };
    serde_json::from_str(raw.get()).map_err(|error| {
        let error = error.to_string();
        let what = error.rsplit_once(" at line").map_or(&*error, |(what, _)| what);
        let remedy = "docs/dap.md tells what may stand in a launch configuration.";
        Refusal::shown(format!("`{name}` in the launch configuration is not understood: {what}\n{remedy}"))
    })
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
    let launch = Launch::of(&request.arguments()?)?;
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
