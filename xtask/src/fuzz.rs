//! `cargo xtask fuzz`: coverage-guided fuzzing of the reader and of what is asked of a dump, by libFuzzer.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::tools;

/// The targets, in `fuzz/targets`, and the dictionary of each.
const TARGETS: [(&str, &str); 4] =
    [("open", "dumps.txt"), ("views", "dumps.txt"), ("image", "dumps.txt"), ("evaluate", "expressions.txt")];
/// Bytes of the largest seed, and so of the inputs that are made of them.
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
    let mut whole = true;
    for (target, dictionary) in TARGETS {
        if named.is_empty() || named.contains(&target) {
            whole &= fuzz(target, dictionary, minutes * 60)?;
        }
    }
    Ok(whole)
}

fn fuzz(target: &str, dictionary: &str, seconds: u64) -> Result<bool> {
    let place = tools::target().join("fuzz").join(target);
    let (corpus, found) = (place.join("corpus"), place.join("found"));
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&found)?;
    if target != "evaluate" {
        seed(&tools::root().join("tests/fixtures"), &corpus)?;
    }
    println!("── {target}: {} s", seconds);
    let log = place.join("log.txt");
    let mut command = tools::cargo_fuzz()?;
    // libFuzzer's instrumentation is behind a flag of unstable compilers; nothing else of one is used.
    command.env("RUSTC_BOOTSTRAP", "1").env("CARGO_TARGET_DIR", tools::target().join("fuzz/build"));
    command.args(["run", "--sanitizer", "none", target]).arg(&corpus).arg("--");
    command.arg(format!("-dict={}", tools::root().join("fuzz/dictionaries").join(dictionary).display()));
    command.arg(format!("-artifact_prefix={}/", found.display()));
    command.args([format!("-max_total_time={seconds}"), format!("-max_len={LARGEST}")]);
    command.args([format!("-rss_limit_mb={MEMORY}"), format!("-timeout={SECONDS}")]);
    command.arg("-print_final_stats=1").stdout(File::create(&log)?).stderr(File::options().append(true).open(&log)?);
    let started = Instant::now();
    let status = tools::run(&mut command, Duration::from_secs(seconds + 1800))?;
    let text = String::from_utf8_lossy(&fs::read(&log)?).into_owned();
    let last =
        |mark: &str| text.lines().rev().find_map(|line| line.split_once(mark)).map(|(_, rest)| rest.trim().to_owned());
    println!(
        "   {} executions, coverage {}, {:.0} s with the build; {}",
        last("stat::number_of_executed_units:").unwrap_or_else(|| "no".to_owned()),
        last("cov:")
            .map_or_else(|| "unknown".to_owned(), |rest| rest.split_whitespace().take(3).collect::<Vec<_>>().join(" ")),
        started.elapsed().as_secs_f64(),
        if status.success() {
            "nothing found".to_owned()
        } else {
            format!("FAILED: see {} and {}", log.display(), found.display())
        },
    );
    Ok(status.success())
}

/// Copies the dumps among the fixtures into a corpus; what is compressed as a whole also as it is within, where bytes mean
/// something.
fn seed(fixtures: &Path, corpus: &Path) -> Result<()> {
    for file in files(fixtures)? {
        let name = file.to_string_lossy();
        if name.ends_with(".truth.json") || name.ends_with(".md") || fs::metadata(&file)?.len() > LARGEST {
            continue;
        }
        let data = fs::read(&file)?;
        let place = corpus.join(name.replace(|char: char| !char.is_ascii_alphanumeric(), "-"));
        if data.starts_with(&[0x1f, 0x8b]) {
            let mut plain = Vec::new();
            let inflated = std::io::Read::take(flate2::read::GzDecoder::new(&data[..]), LARGEST);
            if std::io::copy(&mut { inflated }, &mut plain).is_ok() {
                fs::write(place.with_extension("plain"), plain)?;
            }
        }
        fs::write(place, data)?;
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            out.append(&mut files(&path)?);
        } else {
            out.push(path);
        }
    }
    Ok(out)
}
