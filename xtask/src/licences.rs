//! What is in the binary that others wrote: the crates, whether their licences may be passed on, and their texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::tools;

/// What may be passed on with the binary, as long as the text goes with it.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

/// How the files begin, in capitals, that hold a licence.
const FILES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];

/// Something of others that is in the binary.
struct Part {
    name: String,
    version: String,
    licence: String,
    repository: String,
    authors: String,
    texts: Vec<String>,
}

/// The text of THIRD-PARTY-LICENSES for a binary of this target.
pub(crate) fn third_party(target: &str) -> Result<String> {
    let mut parts = vec![standard_library()?];
    parts.extend(crates(target)?);
    let mut refused = Vec::new();
    for part in &mut parts {
        match allowed(&part.licence, &ALLOWED) {
            Some(true) => {}
            Some(false) => refused.push(format!("{} {}: {}", part.name, part.version, part.licence)),
            None => refused.push(format!("{} {}: not understood: {:?}", part.name, part.version, part.licence)),
        }
        if part.texts.is_empty() {
            part.texts.push(standard_text(part)?);
        }
    }
    if !refused.is_empty() {
        bail!("not among the licences that may be passed on (xtask/src/licences.rs):\n  {}", refused.join("\n  "));
    }
    Ok(written(target, &parts))
}

/// The crates that `cargo tree` has in the binary, without our own.
fn crates(target: &str) -> Result<Vec<Part>> {
    let mut tree = tools::cargo();
    tree.args(["tree", "--quiet", "--locked", "--package", "crashsite", "--edges", "normal"]);
    let tree = printed(tree.args(["--prefix", "none", "--format", "{p}", "--target", target]))?;
    let wanted: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, rest)| (name, rest.split(' ').next().unwrap_or_default().trim_start_matches('v')))
        .collect();
    let metadata = printed(tools::cargo().args(["metadata", "--quiet", "--locked", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).context("what cargo metadata printed")?;
    let mut found = Vec::new();
    for package in metadata["packages"].as_array().context("cargo metadata names no packages")? {
        let text = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
        let (name, version) = (text("name"), text("version"));
        // A crate without a source is of this workspace.
        if package["source"].is_null() || !wanted.contains(&(name.as_str(), version.as_str())) {
            continue;
        }
        let authors = package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let manifest = PathBuf::from(text("manifest_path"));
        let folder = manifest.parent().context("a manifest without a folder")?;
        found.push(Part {
            texts: texts(folder, package["license_file"].as_str())?,
            licence: text("license"),
            repository: text("repository"),
            authors: authors.collect::<Vec<_>>().join(", "),
            name,
            version,
        });
    }
    found.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    let own = wanted.iter().filter(|one| one.0.starts_with("crashsite")).count();
    if found.len() + own != wanted.len() {
        bail!("cargo tree has {} crates of others in the binary, cargo metadata {}", wanted.len() - own, found.len());
    }
    Ok(found)
}

fn standard_library() -> Result<Part> {
    let version = printed(Command::new("rustc").arg("-V"))?;
    Ok(Part {
        name: "Rust's standard library".to_owned(),
        version: version.split(' ').nth(1).unwrap_or_default().to_owned(),
        licence: "MIT OR Apache-2.0".to_owned(),
        repository: "https://github.com/rust-lang/rust (its own parts: COPYRIGHT-library.html of a Rust installation)"
            .to_owned(),
        authors: "The Rust Project contributors".to_owned(),
        texts: Vec::new(),
    })
}

/// The files at the top of a crate that hold its licence, and the one its manifest names.
fn texts(folder: &Path, named: Option<&str>) -> Result<Vec<String>> {
    let mut paths: BTreeSet<PathBuf> = named.map(|name| folder.join(name)).into_iter().collect();
    for entry in std::fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if FILES.iter().any(|start| name.starts_with(start)) && entry.path().is_file() {
            paths.insert(entry.path());
        }
    }
    paths.iter().map(|path| Ok(String::from_utf8_lossy(&std::fs::read(path)?).into_owned())).collect()
}

/// For a crate whose package has no text: that of the licence itself, with the authors that its manifest names.
fn standard_text(part: &Part) -> Result<String> {
    let Part { name, version, licence, authors, .. } = part;
    if allowed(licence, &["MIT"]) == Some(true) {
        let ours = std::fs::read_to_string(tools::root().join("LICENSE-MIT"))?;
        let (head, body) = ours.split_once("Copyright (c)").context("LICENSE-MIT has lost its copyright")?;
        let body = body.split_once('\n').map_or("", |lines| lines.1);
        let holders = if authors.is_empty() { format!("The {name} authors") } else { authors.clone() };
        return Ok(format!("{head}Copyright (c) {holders}\n{body}"));
    }
    if allowed(licence, &["Apache-2.0"]) == Some(true) {
        return Ok(std::fs::read_to_string(tools::root().join("LICENSE-APACHE"))?);
    }
    bail!("{name} {version} ({licence}) comes without the text of its licence")
}

/// Whether these licences are enough for an SPDX expression; None where it is not one. An exception (`WITH`) only adds
/// to what a licence allows; `/` is an older way to write `OR`.
fn allowed(expression: &str, licences: &[&str]) -> Option<bool> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    let answer = either(&mut words, licences)?;
    words.is_empty().then_some(answer)
}

fn either(words: &mut Vec<&str>, licences: &[&str]) -> Option<bool> {
    let mut answer = all(words, licences)?;
    while words.pop_if(|word| *word == "OR").is_some() {
        answer |= all(words, licences)?;
    }
    Some(answer)
}

fn all(words: &mut Vec<&str>, licences: &[&str]) -> Option<bool> {
    let mut answer = one(words, licences)?;
    while words.pop_if(|word| *word == "AND").is_some() {
        answer &= one(words, licences)?;
    }
    Some(answer)
}

fn one(words: &mut Vec<&str>, licences: &[&str]) -> Option<bool> {
    let word = words.pop()?;
    if word == "(" {
        let answer = either(words, licences)?;
        return (words.pop()? == ")").then_some(answer);
    }
    if matches!(word, ")" | "AND" | "OR" | "WITH") {
        return None;
    }
    if words.pop_if(|word| *word == "WITH").is_some() {
        words.pop()?;
    }
    Some(licences.contains(&word))
}

/// A list of the parts, then every text once.
fn written(target: &str, parts: &[Part]) -> String {
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut texts: Vec<&str> = Vec::new();
    let mut list = String::new();
    for part in parts {
        let mut of: Vec<usize> = Vec::new();
        for text in &part.texts {
            // The same words, however the lines are broken.
            let number = *numbers.entry(text.split_whitespace().collect::<Vec<_>>().join(" ")).or_insert_with(|| {
                texts.push(text);
                texts.len()
            });
            if !of.contains(&number) {
                of.push(number);
            }
        }
        let of = of.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let Part { name, version, licence, repository, .. } = part;
        let _ = writeln!(list, "{name} {version}\n    {licence}\n    {repository}\n    texts: {of}");
    }
    let mut file = format!(
        "What is in the program `crashsite` for {target} besides its own code:\n\
         {} parts, each with its licence, where it comes from, and the numbers of its texts.\n\
         The {} texts follow the list.\n\n{list}",
        parts.len(),
        texts.len(),
    );
    for (index, text) in texts.iter().enumerate() {
        let text: Vec<&str> = text.lines().map(str::trim_end).collect();
        let _ = write!(file, "\n\n======== text {} ========\n\n{}\n", index + 1, text.join("\n").trim_matches('\n'));
    }
    file
}

fn printed(command: &mut Command) -> Result<String> {
    let (status, output) = tools::capture(command, Duration::from_secs(120))?;
    if !status.success() {
        bail!("`{}`: {status}", tools::shown(command));
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::{ALLOWED, allowed, third_party};

    fn check(expression: &str, expected: Option<bool>) {
        assert_eq!(allowed(expression, &ALLOWED), expected, "{expression}");
    }

    #[test]
    fn expressions() {
        check("MIT", Some(true));
        check("GPL-3.0-only", Some(false));
        check("WTFPL", Some(false));
        check("MIT OR GPL-3.0-only", Some(true));
        check("GPL-2.0-or-later OR LGPL-2.1-or-later", Some(false));
        check("MIT AND GPL-3.0-only", Some(false));
        check("GPL-3.0-only OR MIT AND ISC", Some(true));
        check("(MIT OR Apache-2.0) AND Unicode-3.0", Some(true));
        check("(MIT OR Apache-2.0) AND (GPL-3.0-only)", Some(false));
        check("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", Some(true));
        check("GPL-3.0-only WITH GCC-exception-3.1", Some(false));
        check("MIT/Apache-2.0", Some(true));
        check("Apache-2.0 / MIT", Some(true));
    }

    #[test]
    fn what_is_no_expression_is_not_allowed() {
        for expression in ["", "MIT Apache-2.0", "(MIT", "MIT)", "MIT OR", "AND MIT", "MIT WITH", "()", "mit OR OR MIT"]
        {
            check(expression, None);
        }
    }

    #[test]
    fn every_crate_is_named_with_a_text() {
        let text = third_party("x86_64-unknown-linux-gnu").expect("a licence for everything");
        for name in ["\nclap 4.", "\nruff_python_parser 0.0.10\n    MIT\n", "\nzlib-rs ", "Rust's standard library 1."]
        {
            assert!(text.contains(name), "{name}");
        }
        assert!(!text.contains("texts: \n"), "a part without a text");
        assert!(text.contains("Copyright (c) Charlie Marsh"), "the holder where the package has no text");
    }
}
