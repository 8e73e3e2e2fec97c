//! The messages of the Debug Adapter Protocol as Rust types are those of the protocol's own JSON schema. With `CRASHSITE_UPDATE=1`
//! they are made anew.
//!
//! The schema is cut first to what the adapter reads and writes: whole, it gives 14,000 lines, of which the compiler would see
//! most for nothing.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use typify::{TypeSpace, TypeSpacePatch, TypeSpaceSettings};

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
//! Made by tests/types.rs from protocol/debugProtocol.json; not to be edited.

#![allow(clippy::all, missing_docs, unreachable_pub, dead_code, reason = \"generated\")]

";

#[test]
fn types_are_those_of_the_schema() {
    let place = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = fs::read_to_string(place.join("protocol/debugProtocol.json")).unwrap();
    let (file, made) = (place.join("src/types.rs"), made(&serde_json::from_str(&schema).unwrap()));
    if std::env::var_os("CRASHSITE_UPDATE").is_some() {
        fs::write(&file, &made).unwrap();
    }
    assert!(
        fs::read_to_string(&file).unwrap() == made,
        "src/types.rs is not what the schema gives: CRASHSITE_UPDATE=1"
    );
}

fn made(schema: &Value) -> String {
    let mut settings = TypeSpaceSettings::default();
    for name in DEFAULTED {
        settings.with_patch(name, TypeSpacePatch::default().with_derive("Default"));
    }
    let mut space = TypeSpace::new(&settings);
    space.add_root_schema(serde_json::from_value(cut(schema)).unwrap()).unwrap();
    HEAD.to_owned() + &prettyplease::unparse(&syn::parse2(space.to_stream()).unwrap())
}

/// The schema, with nothing in it but what is wanted, and what that refers to.
fn cut(schema: &Value) -> Value {
    let all = schema["definitions"].as_object().unwrap();
    let mut kept = Map::new();
    let mut wanted: Vec<String> = READ.iter().chain(&BESIDE).map(|name| (*name).to_owned()).collect();
    for name in WRITTEN {
        let body = all[name].pointer("/allOf/1/properties/body").unwrap().clone();
        wanted.extend(referred(&body));
        kept.insert(name.replace("Response", "Body").replace("Event", "EventBody"), body);
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        if seen.insert(name.clone()) {
            let definition = all[&name].clone();
            wanted.extend(referred(&definition));
            kept.insert(name, definition);
        }
    }
    json!({ "$schema": schema["$schema"], "definitions": kept })
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
