//! `cargo xtask fuzz`: coverage-guided fuzzing of the reader and of what is asked of a dump, by libFuzzer.

use std::fs::{self, File};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::tools;

/// The targets, in `fuzz/targets`, and the dictionary of each.
const TARGETS: [(&str, &str); 7] = [
    ("container", "dumps.txt"),
    ("pickle", "dumps.txt"),
    ("formats", "dumps.txt"),
    ("open", "dumps.txt"),
    ("views", "dumps.txt"),
    ("image", "dumps.txt"),
    ("evaluate", "expressions.txt"),
];
/// Bytes of the largest input; no seed is larger.
const LARGEST: u64 = 128 << 10;
/// MiB that one input may take, and seconds.
const MEMORY: u32 = 1024;
const SECONDS: u32 = 10;

/// Fuzzes the targets named, or all, `--minutes N` each (default 1). Corpora stay in `target/fuzz`, so that the next run goes
/// on; false where an input was found that a target does not survive.
pub(crate) fn run(words: &[&str]) -> Result<bool> {
    let (minutes, named) = match words {
        ["--minutes", number, rest @ ..] => (number.parse::<u64>().context("--minutes N: want a number")?, rest),
        rest => (1, rest),
    };
    if let Some(unknown) = named.iter().find(|name| TARGETS.iter().all(|(target, _)| target != *name)) {
        bail!("no target {unknown}; there are {}", TARGETS.map(|(target, _)| target).join(", "));
    }
    let named: Vec<&str> = TARGETS
        .map(|(target, _)| target)
        .into_iter()
        .filter(|target| named.is_empty() || named.contains(target))
        .collect();
    fuzz(&named, minutes * 60)
}

/// Every target, for so many seconds.
pub(crate) fn all(seconds: u64) -> Result<()> {
    if !fuzz(&TARGETS.map(|(target, _)| target), seconds)? {
        bail!("a target does not survive an input: see target/fuzz/TARGET/found");
    }
    Ok(())
}

fn fuzz(named: &[&str], seconds: u64) -> Result<bool> {
    let started = Instant::now();
    tools::finished(command("build")?.args(["--sanitizer", "none"]), 3600)?;
    println!("   built in {:.0} s", started.elapsed().as_secs_f64());
    let mut whole = true;
    for (target, dictionary) in TARGETS {
        if named.contains(&target) {
            whole &= one(target, dictionary, seconds)?;
        }
    }
    Ok(whole)
}

/// A command of cargo-fuzz, quiet about how it builds.
fn command(what: &str) -> Result<Command> {
    let mut command = tools::cargo_fuzz()?;
    // libFuzzer's instrumentation is behind a flag of unstable compilers; nothing else of one is used.
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", tools::target().join("fuzz/build"));
    command.env("CARGO_TERM_QUIET", "true").arg(what);
    Ok(command)
}

fn one(target: &str, dictionary: &str, seconds: u64) -> Result<bool> {
    let place = tools::target().join("fuzz").join(target);
    let (corpus, found) = (place.join("corpus"), place.join("found"));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&found)?;
    if target != "evaluate" {
        let mut seeds = Command::new(tools::python3()?.path);
        seeds.arg(tools::root().join("fuzz/seeds.py")).arg(target).arg(&corpus);
        tools::finished(&mut seeds, 60)?;
    }
    println!("── {target}: {} s", seconds);
    let log = place.join("log.txt");
    let mut command = command("run")?;
    command.args(["--sanitizer", "none", target]).arg(&corpus).arg("--");
    command.arg(format!("-dict={}", tools::root().join("fuzz/dictionaries").join(dictionary).display()));
    command.arg(format!("-artifact_prefix={}/", found.display()));
    command.args([format!("-max_total_time={seconds}"), format!("-max_len={LARGEST}")]);
    command.args([format!("-rss_limit_mb={MEMORY}"), format!("-timeout={SECONDS}")]);
    command.arg("-print_final_stats=1").stdout(File::create(&log)?).stderr(File::options().append(true).open(&log)?);
    let status = tools::run(&mut command, Duration::from_secs(seconds + 600))?;
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let last =
        |mark: &str| text.lines().rev().find_map(|line| line.split_once(mark)).map(|(_, rest)| rest.trim().to_owned());
    println!(
        "   {} executions, coverage {}; {}",
        last("stat::number_of_executed_units:").unwrap_or_else(|| "no".to_owned()),
        last("cov:")
            .map_or_else(|| "unknown".to_owned(), |rest| rest.split_whitespace().take(3).collect::<Vec<_>>().join(" ")),
        if status.success() {
            "nothing found".to_owned()
        } else {
            format!("FAILED: see {} and {}", log.display(), found.display())
        },
    );
    Ok(status.success())
}
