//! What an intruder would try fails in every command, from the first byte of a dump that is read.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::place;

/// A command line for each command that reads a dump, and what its client says. DAP and LSP frames are made of the lines.
const COMMANDS: &[(&str, &[&str], &[&str])] = &[
    ("", &["DUMP"], &[]),
    ("bt", &["bt", "DUMP", "--all", "--locals"], &[]),
    ("bt", &["bt", "DUMP", "--linked"], &[]),
    ("locals", &["locals", "DUMP"], &[]),
    ("print", &["print", "DUMP", "order"], &[]),
    ("explain", &["explain", "DUMP"], &[]),
    ("find", &["find", "DUMP", "True"], &[]),
    ("repl", &["repl", "DUMP"], &["order\n"]),
    ("threads", &["threads", "DUMP"], &[]),
    ("source", &["source", "DUMP", "--extract", "out"], &[]),
    ("info", &["info", "DUMP", "--check"], &[]),
    ("headers", &["headers", "DUMP"], &[]),
    ("diff", &["diff", "DUMP", "OTHER"], &[]),
    ("convert", &["convert", "DUMP", "out/new.dump"], &[]),
    ("redact", &["redact", "DUMP", "out/new.dump"], &[]),
    ("gdb", &["gdb", "DUMP", "--stdio"], &["+$?#3f"]),
    ("elf", &["elf", "DUMP", "--output", "out/program"], &[]),
    (
        "dap",
        &["dap"],
        &[
            r#"{"seq":1,"type":"request","command":"launch","arguments":{"dump":"DUMP"}}"#,
            r#"{"seq":2,"type":"request","command":"configurationDone"}"#,
            r#"{"seq":3,"type":"request","command":"evaluate","arguments":{"expression":"order","frameId":2}}"#,
            r#"{"seq":4,"type":"request","command":"disconnect"}"#,
        ],
    ),
    (
        "lsp",
        &["lsp"],
        &[
            r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"rootUri":"file://HERE"}}"#,
            r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#,
            r#"{"jsonrpc":"2.0","id":2,"method":"workspace/executeCommand","params":{"command":"crashsite.openDump","arguments":[{"path":"HERE/DUMP"}]}}"#,
            r#"{"jsonrpc":"2.0","id":3,"method":"shutdown"}"#,
        ],
    ),
    ("serve", &["serve", "DUMP"], &[]),
];

/// Commands that read no dump.
const OTHERS: &[&str] = &["help", "seal", "keygen"];

fn run(here: &Path, name: &str, arguments: &[&str], said: &[&str], attempts: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_crashsite"));
    command.args(arguments).current_dir(here).env("CRASHSITE_PLANTED", attempts).env("HOME", here.join("home"));
    command.env_remove("XDG_CACHE_HOME").env_remove("XDG_STATE_HOME");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for message in said {
        let message = message.replace("HERE", here.to_str().unwrap());
        let header = match name {
            "dap" | "lsp" => format!("Content-Length: {}\r\n\r\n", message.len()),
            _ => String::new(),
        };
        write!(stdin, "{header}{message}").unwrap();
    }
    if name == "serve" {
        // It never ends by itself: until it has said where it listens, it has read the dump.
        let mut first = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut first).unwrap();
        child.kill().unwrap();
    }
    if name == "lsp" {
        // The dump is opened beside the messages: the answer tells that it is.
        let mut stdout = child.stdout.take().unwrap();
        let (mut said, mut some) = (Vec::new(), [0; 4096]);
        while !String::from_utf8_lossy(&said).contains(r#""id":2"#) {
            let read = stdout.read(&mut some).unwrap();
            assert!(read > 0, "it ended before it answered");
            said.extend_from_slice(&some[..read]);
        }
    }
    drop(stdin);
    child.wait_with_output().unwrap()
}

#[test]
fn attempts_fail_in_every_command() {
    let dump = (common::FIXTURES.iter().find(|fixture| fixture.name == "server").unwrap().make)();
    let outside = tempfile::tempdir().unwrap();
    let victim = outside.path().join("victim");
    std::fs::write(&victim, "a secret").unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let new = outside.path().join("new");
    let attempts = format!(
        "read:{} write:{} run:/bin/true connect:127.0.0.1:{port} listen:127.0.0.1:0",
        victim.display(),
        new.display()
    );
    for (name, arguments, said) in COMMANDS {
        let here = place(&[("DUMP", &dump), ("OTHER", &dump)]);
        std::fs::create_dir(here.path().join("out")).unwrap();
        let done = run(here.path(), name, arguments, said, &attempts);
        let told = String::from_utf8(done.stderr).unwrap();
        let refused = told.lines().filter(|line| line.starts_with("planted")).collect::<Vec<_>>();
        assert!(refused.len() >= 5, "{name}: nothing was tried: {told}");
        for line in &refused {
            // A debugger's client names the dump: until it is open, any file may be read.
            let early = *name == "dap" && *line == "planted read: done";
            assert!(line.ends_with("PermissionDenied") || early, "{name}: {line}");
        }
        assert!(refused.contains(&"planted read: PermissionDenied"), "{name}: {refused:?}");
        assert!(!new.exists(), "{name}");
    }
}

#[test]
fn without_a_sandbox_they_succeed() {
    let dump = (common::FIXTURES.iter().find(|fixture| fixture.name == "server").unwrap().make)();
    let here = place(&[("DUMP", &dump)]);
    let done = run(here.path(), "bt", &["bt", "DUMP", "--sandbox", "off"], &[], "read:DUMP run:/bin/true");
    let told = String::from_utf8(done.stderr).unwrap();
    assert_eq!(told, "planted read: done\nplanted run: done\n");
}

#[test]
fn no_command_is_left_out() {
    let here = place(&[]);
    let help = common::run(here.path(), &["--help"]);
    let commands = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let names =
        commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).filter(|name| !name.is_empty());
    for name in names {
        assert!(COMMANDS.iter().any(|(known, ..)| *known == name) || OTHERS.contains(&name), "{name} is not tried");
    }
}
