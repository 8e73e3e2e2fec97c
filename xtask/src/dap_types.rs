//! `cargo xtask dap-types`: the messages of the Debug Adapter Protocol as Rust types, from the protocol's own JSON schema.
//!
//! The schema is cut first to what the adapter reads and writes: whole, it gives 14,000 lines, of which the compiler would see
//! most for nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};
use typify::{TypeSpace, TypeSpacePatch, TypeSpaceSettings};

use crate::tools;

/// What clients send: definitions of the schema.
const READ: [&str; 11] = [
    "InitializeRequestArguments",
    "SetBreakpointsArguments",
    "StackTraceArguments",
    "ScopesArguments",
    "VariablesArguments",
    "EvaluateArguments",
    "CompletionsArguments",
    "ExceptionInfoArguments",
    "SourceArguments",
    "ModulesArguments",
    "ReadMemoryArguments",
];
/// What is answered or told: messages, of which the `body` is wanted.
const WRITTEN: [&str; 15] = [
    "SetBreakpointsResponse",
    "ThreadsResponse",
    "StackTraceResponse",
    "ScopesResponse",
    "VariablesResponse",
    "EvaluateResponse",
    "CompletionsResponse",
    "ExceptionInfoResponse",
    "SourceResponse",
    "ModulesResponse",
    "LoadedSourcesResponse",
    "ReadMemoryResponse",
    "StoppedEvent",
    "ExitedEvent",
    "OutputEvent",
];
/// What stands in those without being named there: that of the answer to `initialize` is a reference.
const BESIDE: [&str; 2] = ["Capabilities", "Message"];

/// What is made with most of its fields left out, and has a required one, for which typify makes no default.
const DEFAULTED: [&str; 8] = [
    "Breakpoint",
    "CompletionItem",
    "EvaluateBody",
    "OutputEventBody",
    "Scope",
    "StackFrame",
    "StoppedEventBody",
    "Variable",
];

const HEAD: &str = "\
//! The messages of the Debug Adapter Protocol that are read or written here.
//!
//! Made by `cargo xtask dap-types` from protocol/debugProtocol.json; not to be edited.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code, reason = \"generated\")]

";

/// Writes the types.
pub(crate) fn run() -> Result<bool> {
    std::fs::write(place(), generated()?)?;
    Ok(true)
}

/// The types that are committed are those of the schema.
pub(crate) fn check() -> Result<()> {
    if std::fs::read_to_string(place())? != generated()? {
        bail!("{} is not what the schema gives: cargo xtask dap-types", place().display());
    }
    Ok(())
}

fn place() -> PathBuf {
    tools::root().join("server/dap/src/types.rs")
}

fn generated() -> Result<String> {
    let path = tools::root().join("server/dap/protocol/debugProtocol.json");
    let mut settings = TypeSpaceSettings::default();
    for name in DEFAULTED {
        settings.with_patch(name, TypeSpacePatch::default().with_derive("Default"));
    }
    let mut space = TypeSpace::new(&settings);
    space.add_root_schema(serde_json::from_value(cut(&path)?)?)?;
    let file = syn::parse2(space.to_stream())?;
    Ok(HEAD.to_owned() + &prettyplease::unparse(&file))
}

/// The schema, with nothing in it but what is wanted, and what that refers to.
fn cut(path: &Path) -> Result<Value> {
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let all = schema.get("definitions").and_then(Value::as_object).context("a schema without definitions")?;
    let mut kept = Map::new();
    let mut wanted: Vec<String> = READ.iter().chain(&BESIDE).map(|name| (*name).to_owned()).collect();
    for name in WRITTEN {
        let body = all.get(name).and_then(|message| message.pointer("/allOf/1/properties/body"));
        let body = body.with_context(|| format!("{name} has no body"))?.clone();
        wanted.extend(referred(&body));
        kept.insert(name.replace("Response", "Body").replace("Event", "EventBody"), body);
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        if seen.insert(name.clone()) {
            let definition = all.get(&name).with_context(|| format!("there is no {name}"))?.clone();
            wanted.extend(referred(&definition));
            kept.insert(name, definition);
        }
    }
    Ok(json!({ "$schema": schema.get("$schema"), "definitions": kept }))
}

/// The definitions that a part of the schema refers to.
fn referred(part: &Value) -> Vec<String> {
    match part {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/definitions/"));
            own.map(str::to_owned).into_iter().chain(fields.values().flat_map(referred)).collect()
        }
        Value::Array(items) => items.iter().flat_map(referred).collect(),
        _ => Vec::new(),
    }
}
