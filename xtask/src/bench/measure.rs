//! The processes that are measured, each a fresh one.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::tools::{self, Python};

/// The other tools, of PyPI. pydumpling brings dill, which debuglater then uses too.
const PEERS: [&str; 3] = ["coredumpy==0.5.0", "pydumpling==0.2.0", "debuglater==1.4.4"];
const PEERS_27: [&str; 2] = ["pyheapdump==0.2.8", "sPickle==0.1.11"];
const LIMIT: Duration = Duration::from_secs(600);

/// Seconds and, where it was measured, bytes of memory.
pub(super) type Numbers = (f64, Option<f64>);

pub(super) struct Bench {
    pub(super) orders: usize,
    python: PathBuf,
    /// CPython 2.7 and the folder of its packages, or why there is none.
    pub(super) python27: Result<(Python, PathBuf), String>,
    binary: PathBuf,
    xtask: PathBuf,
    folder: PathBuf,
}

impl Bench {
    /// Builds and installs what is measured.
    pub(super) fn new(orders: usize, python: &Python) -> Result<Self> {
        let executable = tools::venv("bench-venv", python, &PEERS)?;
        let binary = tools::build_binary(true)?;
        let mut build = tools::cargo();
        build.args(["build", "--quiet", "--release", "--package", "xtask"]);
        if !tools::run(&mut build, Duration::from_secs(1200))?.success() {
            bail!("xtask does not build");
        }
        let folder = tools::target().join("bench");
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        let python27 = match tools::python27() {
            None => Err("there is no CPython 2.7 on this machine".to_owned()),
            Some(python) => match tools::packages27("bench-2.7", &python, &PEERS_27) {
                Ok(packages) => Ok((python, packages)),
                Err(error) => Err(format!("{error:#}")),
            },
        };
        let xtask = tools::target().join("release/xtask");
        Ok(Self { orders, python: executable, python27, binary, xtask, folder })
    }

    /// Where and with what it runs.
    pub(super) fn setting(&self, python: &Python) -> String {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let old = self.python27.as_ref().map_or_else(|_| String::new(), |(old, _)| format!(" and {}", old.full));
        let (machine, rustc, commit) = (machine(), rustc(), tools::commit());
        format!("{machine}, {cores} cores; {rustc}; Python {}{old}; commit {commit}", python.full)
    }

    /// Whether a tool can run here.
    pub(super) fn has(&self, tool: &str) -> bool {
        !tool.starts_with("pyheapdump") || self.python27.is_ok()
    }

    /// `heap.py save TOOL`, into the file of that name.
    pub(super) fn save(&self, tool: &str) -> Result<Numbers> {
        // save_dump never writes over a file.
        let _ = std::fs::remove_file(self.file(tool));
        numbers(&self.heap("save", tool, tool)?)
    }

    /// `heap.py load TOOL FILE`
    pub(super) fn load(&self, tool: &str, file: &str) -> Result<Numbers> {
        numbers(&self.heap("load", tool, file)?)
    }

    /// The objects in the dump of crashsite.
    pub(super) fn objects(&self) -> Result<f64> {
        number(&self.heap("count", "crashsite", "crashsite")?, "objects")
    }

    pub(super) fn bytes(&self, file: &str) -> Result<f64> {
        Ok(std::fs::metadata(self.file(file))?.len() as f64)
    }

    /// The binary's answer; none where it exits with another status than 0. The file follows the first argument.
    pub(super) fn answer(&self, arguments: &[&str], file: &str) -> Result<Option<String>> {
        let mut command = Command::new(&self.binary);
        command.args(self.with_file(arguments, file));
        let (status, output) = tools::capture(&mut command, LIMIT)?;
        Ok(status.success().then_some(output))
    }

    /// A whole run of the binary, its start included.
    pub(super) fn binary(&self, arguments: &[&str], file: &str) -> Result<Numbers> {
        let mut command = Command::new(&self.python);
        command.args(["-S", "-E", "-B"]).arg(script("run.py")).arg(&self.binary).args(self.with_file(arguments, file));
        let answer = json(&mut command)?;
        if answer.get("status").and_then(Value::as_i64) != Some(0) {
            bail!("`{}`: {answer}", tools::shown(&command));
        }
        numbers(&answer)
    }

    /// Nothing but the decompression of a dump.
    pub(super) fn inflate(&self, file: &str) -> Result<Numbers> {
        let mut command = Command::new(&self.xtask);
        command.arg("inflate").arg(self.file(file));
        let (_, output) = tools::capture(&mut command, LIMIT)?;
        Ok((output.trim().parse().context("inflate")?, None))
    }

    fn heap(&self, what: &str, tool: &str, file: &str) -> Result<Value> {
        let (python, path) = match &self.python27 {
            Ok((python, packages)) if tool.starts_with("pyheapdump") => (&python.path, packages.clone()),
            _ => (&self.python, tools::root().join("python")),
        };
        let mut command = Command::new(python);
        command
            .arg("-B")
            .arg(script("heap.py"))
            .args([what, tool, &self.orders.to_string()])
            .arg(self.file(file))
            .env("PYTHONPATH", path)
            .env_remove("CRASHSITE_DIR");
        json(&mut command)
    }

    fn with_file(&self, arguments: &[&str], file: &str) -> Vec<std::ffi::OsString> {
        let (command, rest) = arguments.split_at(1.min(arguments.len()));
        let file = self.file(file).into_os_string();
        command.iter().map(Into::into).chain([file]).chain(rest.iter().map(Into::into)).collect()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn script(name: &str) -> PathBuf {
    tools::root().join("xtask/bench").join(name)
}

fn json(command: &mut Command) -> Result<Value> {
    let (status, output) = tools::capture(command, LIMIT)?;
    serde_json::from_str(&output).with_context(|| format!("`{}`: {status}", tools::shown(command)))
}

fn numbers(answer: &Value) -> Result<Numbers> {
    Ok((number(answer, "seconds")?, Some(number(answer, "memory")?)))
}

fn number(answer: &Value, key: &str) -> Result<f64> {
    answer.get(key).and_then(Value::as_f64).with_context(|| format!("no number `{key}` in {answer}"))
}

/// The processor, as the system names it.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find(|line| line.starts_with("model name"));
    model
        .and_then(|line| line.split_once(": "))
        .map_or_else(|| std::env::consts::ARCH.to_owned(), |pair| pair.1.to_owned())
}

fn rustc() -> String {
    let output = tools::capture(Command::new("rustc").arg("--version"), Duration::from_secs(20));
    output.map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
}
